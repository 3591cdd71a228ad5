import Electrodeposition

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Problem {
  static let blockedSeeds: [Problem] = [
    Problem(
      number: "28a", name: "blocked seed on a uniform wall, 30 degrees", source: "sharp cap (27a to 27f)",
      compares: "potential of a seed of 10 nm that a contact of 1.098 A/m^2 feeds, at 0.5, 1 and 1.9 s",
      expectedOrder: nil, tolerance: 0.02, meaning: "largest relative error",
      run: { try BlockedSeeds.uniform($0, angle: 30) }),
    Problem(
      number: "28b", name: "blocked seed on a uniform wall, 90 degrees", source: "sharp cap (27a to 27f)",
      compares: "the same on a wall of 90 degrees", expectedOrder: nil, tolerance: 0.005,
      meaning: "largest relative error", run: { try BlockedSeeds.uniform($0, angle: 90) }),
    Problem(
      number: "28c", name: "blocked seed on an island", source: "sharp cap (27a to 27f)",
      compares: "potential at 0.5, 1.9 and 10 s on an island of 30 nm and 30 in 120 degrees, edge width 3 nm",
      expectedOrder: nil, tolerance: 0.05, meaning: "largest relative error", run: BlockedSeeds.island),
    Problem(
      number: "28d", name: "contact line at the edge of an island", source: "sharp cap (27a to 27f)",
      compares: "moment at which the line of that seed passes the edge, and its seed is shorted",
      expectedOrder: nil, tolerance: 0.05, meaning: "relative error", run: BlockedSeeds.edge),
  ]
}

/// A seed that a blocking contact lets float: what the contact line does decides its potential.
enum BlockedSeeds {
  private static let radius = 10e-9
  private static let pitch = 60e-9
  private static let diameter = 30e-9
  private static let edgeWidth = 3e-9

  /// The box of one seed; −0.5 V saturates the contact.
  private static func cell(_ size: Double, _ substrate: Substrate, until time: Double) -> PlainCell {
    var cell = PlainCell()
    cell.cell = size
    cell.width = pitch / size
    cell.height = 48e-9 / size
    cell.substrate = substrate
    cell.seeds = Seeds(caps: [.init(x: pitch / 2, radius: radius)])
    cell.stages = [Stage(.potential(-0.5), until: Limits(time: time))]
    return cell
  }

  private static let islandSubstrate = Substrate(
    matrix: PlainCell.surface("Ni", 2 * .pi / 3, PlainCell.ohmic),
    islands: Islands(
      diameter: diameter, pitch: pitch,
      surface: PlainCell.surface("island", .pi / 6, .schottky(PlainCell.barrier)),
      edgeWidth: PlainCell.chosen(edgeWidth, "m")))

  /// The sharp cap of the same seed.
  private static func sharp(_ setup: Case, _ wall: SharpWall) -> SharpCap {
    let feed = PlainCell.barrier.saturationCurrent(temperature: setup.temperature.value)
    return SharpCap(
      SharpCap.Parameters(
        exchangeCurrentDensity: setup.kinetics.exchangeCurrentDensity.value,
        inverseThermalVoltage: setup.inverseThermalVoltage, volumePerCharge: setup.volumePerCharge,
        capillaryConstant: setup.capillaryConstant,
        wall: wall, condition: .contactCurrent(feed)),
      halfBase: radius)
  }

  /// Potential of the seed at some moments, V.
  private static func potentials(_ setup: Case, at moments: [Double]) throws -> [Double] {
    var setup = setup
    setup.stages = moments.map { Stage(.potential(-0.5), until: Limits(time: $0)) }
    for k in moments.indices.dropFirst() { setup.stages[k].limits.time = moments[k] - moments[k - 1] }
    let simulation = try Simulation(setup, threads: 1)
    return try moments.map { moment in
      while simulation.endReason == nil && simulation.observables.time < moment * (1 - 1e-9) {
        try simulation.step()
      }
      return simulation.observables.piecePotential
    }
  }

  private static func compare(
    _ effort: Effort, _ substrate: Substrate, _ wall: SharpWall, at moments: [Double]
  ) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for size in effort == .full ? [2.0, 1, 0.5] : [1.0, 0.5] {
      let setup = cell(size * 1e-9, substrate, until: 1).setup
      var cap = sharp(setup, wall)
      let expected = try moments.map { try cap.advance(to: $0).potential }
      let found = try potentials(setup, at: moments)
      let errors = zip(found, expected).map { $0 / $1 - 1 }
      results.append(("\(size) nm cells", errors.map { abs($0) }.max() ?? .infinity))
      notes.append("\(size) nm: " + errors.map { "\((1e4 * $0).rounded() / 100) %" }.joined(separator: ", "))
    }
    return Outcome(resolutions: results, note: notes.joined(separator: "; "))
  }

  static func uniform(_ effort: Effort, angle: Double) throws -> Outcome {
    try compare(
      effort, Substrate(matrix: PlainCell.surface("wall", angle * .pi / 180, .schottky(PlainCell.barrier))),
      .uniform(angle: angle * .pi / 180), at: [0.5, 1, 1.9])
  }

  private static let wall = SharpWall.island(
    halfWidth: diameter / 2, inside: .pi / 6, outside: 2 * .pi / 3, blur: edgeWidth, pitch: pitch)

  static func island(_ effort: Effort) throws -> Outcome {
    try compare(effort, islandSubstrate, wall, at: [0.5, 1.9, 10])
  }

  static func edge(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for size in effort == .full ? [2.0, 1, 0.5] : [1.0, 0.5] {
      let setup = cell(size * 1e-9, islandSubstrate, until: 30).setup
      var cap = sharp(setup, wall)
      let expected = try cap.advance(untilHalfBase: diameter / 2, before: 30)?.time ?? .nan
      let simulation = try Simulation(setup, threads: 1)
      while simulation.endReason == nil, (simulation.pieceViews.first?.contactArea[0] ?? 0) == 0 {
        try simulation.step()
      }
      let found = simulation.observables.time
      results.append(("\(size) nm cells", abs(found / expected - 1)))
      notes.append(
        "\(size) nm: \((1000 * found).rounded() / 1000) s for \((1000 * expected).rounded() / 1000) s")
    }
    return Outcome(resolutions: results, note: notes.joined(separator: "; "))
  }
}
