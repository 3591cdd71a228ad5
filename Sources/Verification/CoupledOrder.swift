import Electrodeposition
import Spectral

extension Problem {
  static let coupledOrder: [Problem] = [
    Problem(
      number: "26", name: "coupled system, order in time",
      source: "self-convergence of a second-order scheme",
      compares: "current, height, roughness, smallest salt of a growing wave at halved steps",
      expectedOrder: 2,
      tolerance: 1e-4, meaning: "largest relative change at the last halving", run: CoupledOrder.time)
  ]
}

/// The whole solver on a smooth case: a wave on a film that plates at −0.1 V, from the steady salt of a flat one.
/// Everything moves: metal, salt, potentials, double layers, far field.
enum CoupledOrder {
  /// Current density, mean height above the start, roughness and smallest salt at the end.
  private static func figures(_ steps: Int) throws -> [Double] {
    var cell = PlainCell()
    cell.cell = 10e-9
    (cell.width, cell.height) = (48, 64)
    cell.exchange = 100
    cell.seeds = Seeds(film: 18 * cell.cell)
    let layer = 10e-6
    cell.thickness = layer + cell.seeds.film
    let time = 0.6
    cell.stages = [Stage(.potential(Growth.voltage), until: Limits(time: time))]
    cell.numerics.fixedStep = time / Double(steps)
    cell.numerics.potentialTolerance = 1e-9
    cell.numerics.saltTolerance = 1e-11
    let simulation = try Simulation(cell.setup, threads: 1)
    let size = cell.cell
    let k = 2 * Double.pi / (cell.width * size)
    let front = Growth.Front(cell.setup, layer: layer)
    try simulation.begin(
      metal: { $0.z - (18 + 3 * cos(k * $0.x)) * size },
      salt: { front.surfaceSalt + ($0.z - 18 * size) / layer * (front.salt - front.surfaceSalt) })
    while simulation.endReason == nil { try simulation.step() }
    let now = simulation.observables
    return [now.currentDensity, now.meanHeight - 18 * size, now.roughness, now.minimumSalt]
  }

  /// What changes less at the first halving follows no order any more.
  private static let floor = 1e-4

  static func time(_ effort: Effort) throws -> Outcome {
    // With 480 steps changes come down to 10⁻⁶, where the ends of the tails decide.
    let steps = effort == .full ? [15, 30, 60, 120, 240] : [15, 30, 60, 120]
    let runs = try steps.map { try figures($0) }
    let changes = zip(runs, runs.dropFirst()).map { coarse, fine in
      zip(coarse, fine).map { abs($0 / $1 - 1) }
    }
    // The slope of a straight line through all halvings: one alone scatters with the place of the front in its cell.
    let orders = runs[0].indices.map { q -> Double? in
      guard changes[0][q] > floor else { return nil }
      let middle = Double(changes.count - 1) / 2
      let (sum, squares) = changes.enumerated().reduce((0.0, 0.0)) { sums, change in
        let x = Double(change.offset) - middle
        return (sums.0 - x * log2(change.element[q]), sums.1 + x * x)
      }
      return sum / squares
    }
    return Outcome(
      resolutions: zip(steps.dropFirst(), changes).map { ("\($0) steps", $1.max() ?? 1) },
      observedOrder: orders.compactMap { $0 }.min(),
      note: "orders of current, height, roughness, salt: "
        + orders.map { $0.map { "\(($0 * 100).rounded() / 100)" } ?? "at the floor" }.joined(separator: ", "))
  }
}
