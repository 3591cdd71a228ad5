import Spectral

/// What the reaction of the new moment takes from the salt, found together with the potentials.
///
/// In the salt's equation the reaction in a cell of the interface is intercept + slope · c. Once salt and potentials are
/// solved, one after the other, the rate law says what the intercept should have been; that is repeated until it was
/// right. The slope is that of a reaction whose potential follows its salt. Any slope leads to the same end: this one
/// gets there in a few rounds, and keeps c positive. What no cell can know by itself, as that a given current leaves the
/// sum of the reaction as it is, the rounds before tell (Anderson's acceleration).
final class ImplicitReaction {
  /// The cells that react.
  private let cells: [Int32]
  /// In these cells: mol/(m³ s), and 1/s.
  private(set) var intercept, slope: [Double]
  /// Differences from round to round of the intercept, and of what it was off by.
  private var ways: [[Double]] = []
  private var changes: [[Double]] = []
  private var last: (intercept: [Double], residual: [Double])?
  /// Rounds that are remembered.
  private static let memory = 6

  /// - Parameters: the reaction (mol/(m³ s)) as it stands at c (mol/m³), and its slope (1/s), in the cells that react.
  init(_ reaction: [Double], slope: [Double], salt: [Double], cells: [Int32]) {
    self.cells = cells
    self.slope = slope
    intercept = reaction.indices.map { reaction[$0] - slope[$0] * salt[$0] }
  }

  /// Adds the slope to the mass term and takes the intercept from the right-hand side.
  func add(to mass: Field, _ rightHandSide: Field) {
    for (j, cell) in cells.enumerated() where slope[j] > 0 || intercept[j] != 0 {
      mass.base[Int(cell)] += slope[j]
      rightHandSide.base[Int(cell)] -= intercept[j]
    }
  }

  /// What the salt was solved with in each place, mol/(m³ s).
  func taken(_ salt: [Double]) -> [Double] {
    salt.indices.map { intercept[$0] + slope[$0] * salt[$0] }
  }

  /// Corrects the intercept by what the salt and the potentials made of it.
  ///
  /// - Parameter residual: the reaction minus what was taken, mol/(m³ s).
  func correct(by residual: [Double]) {
    if let last {
      ways.append(difference(intercept, last.intercept))
      changes.append(difference(residual, last.residual))
      if ways.count > Self.memory {
        ways.removeFirst()
        changes.removeFirst()
      }
    }
    last = (intercept, residual)
    var step = residual
    for (k, weight) in weights(for: residual).enumerated() {
      for j in step.indices { step[j] -= weight * (ways[k][j] + changes[k][j]) }
    }
    for j in step.indices { intercept[j] += step[j] }
  }

  /// How much of each change before makes up for the residual best, by least squares.
  private func weights(for residual: [Double]) -> [Double] {
    var count = changes.count
    // Changes that are almost multiples of each other say nothing new; the oldest go first.
    while count > 0 {
      let kept = changes.suffix(count)
      let sizes = kept.map { product($0, $0).squareRoot() }
      var entries: [Double] = []
      for (a, sizeA) in zip(kept, sizes) {
        for (b, sizeB) in zip(kept, sizes) { entries.append(product(a, b) / max(sizeA * sizeB, 1e-300)) }
      }
      for k in 0..<count { entries[k * count + k] += 1e-12 }
      if let system = SymmetricSystem(entries, size: count) {
        var weights = zip(kept, sizes).map { product($0, residual) / max($1, 1e-300) }
        system.solve(&weights)
        return [Double](repeating: 0, count: changes.count - count)
          + zip(weights, sizes).map { $0 / max($1, 1e-300) }
      }
      count -= 1
    }
    return [Double](repeating: 0, count: changes.count)
  }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

  private func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
