import Electrodeposition
import Spectral

extension Problem {
  /// Less the slack that is 1.5.
  private static let order = 1.8

  static let width: [Problem] = [
    Problem(
      number: "23", name: "interface width, growing seeds",
      source: "self-convergence of a second-order scheme, seeds fixed in metres",
      compares:
        "current, mean height and roughness at 6 to 14 nm of metal, before the seeds meet, at halved l",
      expectedOrder: order, tolerance: 2e-3,
      meaning: "largest relative change of a quantity, root mean square",
      run: { try Width.converge($0, .apart) }),
    Problem(
      number: "23b", name: "interface width, closed film",
      source: "the same", compares: "the same at 30, 40 and 50 nm, after the seeds have closed to a film",
      expectedOrder: order, tolerance: 1e-2,
      meaning: "largest relative change of a quantity, root mean square",
      run: { try Width.converge($0, .closed) }),
  ]
}

/// How results depend on the interface width ℓ, which is 1.5 cells throughout.
///
/// Sodium at −0.1 V from caps of 10 nm radius at 60 nm pitch on a surface of 90°; by symmetry one period is the whole
/// case. Where a contact line has to move against its angle, nothing converges as fast (docs/results.md).
enum Width {
  /// When the widths are compared.
  enum Moments {
    case apart, closed

    /// Equivalent thicknesses, nm.
    var thicknesses: [Int] {
      switch self {
      case .apart: [6, 8, 10, 12, 14]
      case .closed: [30, 40, 50]
      }
    }

    /// Height of the box, nm: its top stays some 30 nm above the metal.
    var height: Double { self == .apart ? 64 : 88 }

    /// Cells, nm, halved from one to the next.
    func cells(_ effort: Effort) -> [Double] {
      switch (self, effort) {
      case (.apart, .coarse): [2, 1, 0.5]
      case (.apart, .full): [2, 1, 0.5, 0.25]
      case (.closed, .coarse): [2, 1, 0.5]
      case (.closed, .full): [1.5, 0.75, 0.375]
      }
    }
  }

  private static let names = ["current", "mean height", "roughness"]
  /// Relative changes below say more about steps than about ℓ: a quarter of the step changes current and roughness of such
  /// a film by 7e-4 and 1.5e-3 (24e).
  private static let floor = 5e-4

  /// The order of each quantity follows from its changes at the last two halvings that are above the floor, root mean
  /// square over the thicknesses, so that no lucky change of sign decides.
  static func converge(_ effort: Effort, _ moments: Moments) throws -> Outcome {
    let cells = moments.cells(effort)
    let runs = try cells.map { try figures($0, moments) }
    guard runs.allSatisfy({ $0.count == moments.thicknesses.count }) else {
      return Outcome(resolutions: [("a thickness was missed", .infinity)])
    }
    let changes = zip(runs, runs.dropFirst()).map { coarse, fine in
      names.indices.map { q in
        let squares = zip(coarse, fine).map { ($0[q] / $1[q] - 1) * ($0[q] / $1[q] - 1) }
        return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
      }
    }
    let last = changes.count - 1
    let orders = names.indices.map { q -> Double? in
      let above = changes.map { $0[q] }.prefix { $0 > floor }.suffix(2)
      return above.count < 2 ? nil : log2(above[above.startIndex] / above[above.startIndex + 1])
    }
    return Outcome(
      resolutions: zip(cells.dropFirst(), changes).map {
        ("l = \(1.5 * $0) nm", $1.max() ?? .infinity)
      },
      observedOrder: orders.compactMap { $0 }.min(),
      note: zip(names, zip(changes[last], orders)).map { name, found in
        "\(name): \(rounded(found.0, 1e-5))" + (found.1.map { ", order \(rounded($0, 1e-2))" } ?? "")
      }.joined(separator: "; "))
  }

  private static func rounded(_ value: Double, _ unit: Double) -> String {
    "\((value / unit).rounded() / (1 / unit).rounded())"
  }

  /// Current density (A/m²), mean height and roughness (m) at each thickness, which steps meet exactly.
  private static func figures(_ size: Double, _ moments: Moments) throws -> [[Double]] {
    var cell = PlainCell()
    cell.cell = size * 1e-9
    cell.width = (60 / size).rounded()
    cell.height = (moments.height / size).rounded()
    cell.substrate = Substrate(
      matrix: PlainCell.surface("Ni", .pi / 2, PlainCell.ohmic), islands: nil)
    cell.seeds = Seeds(caps: [.init(x: 30e-9, radius: 10e-9)])
    cell.numerics.potentialTolerance = 1e-6
    cell.numerics.saltTolerance = 1e-8
    let thicknesses = moments.thicknesses
    cell.stages = [
      Stage(.potential(-0.1), until: Limits(thickness: Double(thicknesses[thicknesses.count - 1]) * 1e-9))
    ]
    cell.output.everyThickness = 2e-9
    let simulation = try Simulation(cell.setup, threads: 1)
    var figures: [[Double]] = []
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      guard simulation.outputIsDue, figures.count < thicknesses.count,
        abs(now.equivalentThickness * 1e9 - Double(thicknesses[figures.count])) < 1e-6
      else { continue }
      let (mean, roughness) = heights(simulation)
      figures.append([now.currentDensity, mean, roughness])
    }
    return figures
  }

  /// Mean and standard deviation of the height, m, on sixteen lines in each column.
  ///
  /// ln(ξ/(1−ξ)) is interpolated sideways: with one line a column the steep sides of a seed would make
  /// errors of a cell's width.
  private static func heights(_ simulation: Simulation) -> (mean: Double, roughness: Double) {
    let grid = simulation.grid
    let logits = (simulation.snapshot()["metal"] ?? []).map { p in
      let bounded = max(1e-8, min(1 - 1e-8, p))
      return log(bounded / (1 - bounded))
    }
    var heights: [Double] = []
    for x in 0..<grid.count.x {
      let (left, right) = (grid.index(x, 0, 0), grid.index((x + 1) % grid.count.x, 0, 0))
      for line in 0..<16 {
        let share = (Double(line) + 0.5) / 16
        func logit(_ z: Int) -> Double { (1 - share) * logits[left + z] + share * logits[right + z] }
        guard let top = (0..<grid.count.z - 1).last(where: { logit($0) >= 0 }) else {
          heights.append(0)
          continue
        }
        let (low, high) = (logit(top), logit(top + 1))
        heights.append(
          max(0, grid.height(top) + grid.spacing.z * low / (low - high)))
      }
    }
    let mean = heights.reduce(0, +) / Double(heights.count)
    let variance = heights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(heights.count)
    return (mean, variance.squareRoot())
  }
}
