import Electrodeposition
import Spectral

/// Two equal caps at Young's angle on an insulating surface, so close that the tails of their profiles meet: nothing but the
/// method could move them.
///
/// At 20 degrees a cap of this radius is hardly higher than ℓ.
enum RestingCaps {
  /// Radius, in ℓ.
  private static let radius = 20.0
  /// Distance of the lines, in ℓ/sinθ.
  private static let distance = 5.0

  static func stay(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for angle in effort == .full ? [20.0, 30, 45, 60, 75, 90] : [30, 45, 60, 75] {
      let simulation = try Simulation(setup(angle * .pi / 180), threads: 1)
      let height = simulation.observables.maximumHeight
      while simulation.endReason == nil, simulation.observables.pieces == 2 { try simulation.step() }
      let isApart = simulation.observables.pieces == 2
      let change = abs(simulation.observables.maximumHeight / height - 1)
      results.append(("\(Int(angle)) degrees", isApart ? change : .infinity))
      notes.append("\(simulation.observables.step)")
    }
    results.append(("all", results.map(\.1).max() ?? .infinity))
    return Outcome(resolutions: results, note: "steps: " + notes.joined(separator: ", "))
  }

  private static func setup(_ young: Double) -> Case {
    var cell = PlainCell()
    let ell = cell.numerics.interfaceWidth
    let r = radius * ell
    let period = (r * sin(young) + distance * ell / (2 * sin(young))).rounded() * 2
    cell.width = 2 * period
    cell.height = (r * (1 - cos(young)) + 24).rounded(.up)
    cell.substrate = Substrate(matrix: PlainCell.surface("insulator", young, .insulating))
    cell.seeds = Seeds(
      caps: [0.5, 1.5].map { .init(x: $0 * period * cell.cell, radius: r * cell.cell, angle: young) })
    var setup = cell.setup
    let time = 10 * r * r * cell.cell * cell.cell / setup.capillaryMobility
    setup.stages = [Stage(.rest, until: Limits(time: time))]
    return setup
  }
}
