import Electrodeposition
import Spectral

extension Problem {
  static let blockedSeeds: [Problem] = [
    Problem(
      number: "28a", name: "blocked seed on a uniform wall, 30 degrees", source: "sharp cap (27a to 27f)",
      compares: "potential of a seed of 10 nm that a contact of 1.098 A/m^2 feeds, at 0.5, 1 and 1.9 s",
      expectedOrder: 1.3, tolerance: 0.02, meaning: "largest relative error (at most 6 % at 1 nm)",
      run: { try BlockedSeeds.uniform($0, angle: 30, coarser: 0.06) }),
    Problem(
      number: "28b", name: "blocked seed on a uniform wall, 90 degrees", source: "sharp cap (27a to 27f)",
      compares: "the same on a wall of 90 degrees", expectedOrder: nil, tolerance: 0.002,
      meaning: "largest relative error (at most 1 % at 1 nm)",
      run: { try BlockedSeeds.uniform($0, angle: 90, coarser: 0.01) }),
    Problem(
      number: "28c", name: "blocked seed on an island", source: "sharp cap (27a to 27f)",
      compares: "potential at 0.5, 1.9 and 10 s on an island of 30 nm and 30 in 120 degrees, edge width 3 nm",
      expectedOrder: nil, tolerance: 0.01, meaning: "largest relative error (at most 5 % at 1 nm)",
      run: BlockedSeeds.island),
    Problem(
      number: "28d", name: "contact line at the edge of an island", source: "sharp cap (27a to 27f)",
      compares: "moment at which the line of that seed passes the edge, and its seed is shorted",
      expectedOrder: nil, tolerance: 0.02, meaning: "relative error (at most 5 % at 1 nm)",
      run: { try BlockedSeeds.edge($0, \.time, coarser: 0.05) }),
    Problem(
      number: "28e", name: "metal of a seed at the edge of its island", source: "sharp cap (27a to 27f)",
      compares: "metal, as thickness per area of substrate, with which it passes the edge",
      expectedOrder: nil, tolerance: 0.01, meaning: "relative error (at most 2 % at 1 nm)",
      run: { try BlockedSeeds.edge($0, \.thickness, coarser: 0.02) }),
    Problem(
      number: "28f", name: "contact line at edges of several widths", source: "sharp cap (27a to 27f)",
      compares: "that moment for edges 1, 2 and 3 nm wide, four cells or more",
      expectedOrder: nil, tolerance: 0.02,
      meaning: "largest relative error", run: { _ in try BlockedSeeds.widths() }),
    Problem(
      number: "28g", name: "blocked seeds, cells extrapolated to none", source: "sharp cap (27a to 27f)",
      compares: "all these figures, extrapolated at first order from 0.5 and 0.25 nm cells",
      expectedOrder: nil, tolerance: 0.01, meaning: "largest relative error",
      run: { _ in try BlockedSeeds.extrapolated() }),
    Problem(
      number: "28h", name: "reaction at a pinned contact line", source: "a pinned line plates like the rest",
      compares: "what the lowest 2 l of that seed plate, less their share, with its contact current at 10 s",
      expectedOrder: 1, tolerance: 0.1, meaning: "difference over the contact current",
      run: { try BlockedSeeds.lineReaction($0) }),
    Problem(
      number: "28i", name: "what the closure puts back", source: "motion and charge agree",
      compares: "metal that the closure moves, from 1 s until the seed leaves its island, with what grows",
      expectedOrder: 1, tolerance: 0.02, meaning: "their ratio (at most 20 % at 1 nm)",
      run: { try BlockedSeeds.closure($0) }),
  ]
}

/// A seed that a blocking contact lets float: what the contact line does decides its potential.
enum BlockedSeeds {
  private static let radius = 10e-9
  private static let pitch = 60e-9
  private static let diameter = 30e-9
  private static let edgeWidth = 3e-9

  /// The box of one seed; −0.5 V saturates the contact. The sharp cap knows no electrolyte, so there is little of it: in
  /// 10 µm the few A/m² lose 0.02 mV, 0.5 % of the smallest potential here.
  private static func cell(_ size: Double, _ substrate: Substrate, until time: Double) -> PlainCell {
    var cell = PlainCell()
    cell.cell = size
    cell.width = pitch / size
    cell.height = 48e-9 / size
    cell.thickness = 100e-9
    cell.substrate = substrate
    cell.seeds = Seeds(caps: [.init(x: pitch / 2, radius: radius)])
    cell.stages = [Stage(.potential(-0.5), until: Limits(time: time))]
    return cell
  }

  private static func islandSubstrate(edgeWidth: Double = edgeWidth) -> Substrate {
    Substrate(
      matrix: PlainCell.surface("Ni", 2 * .pi / 3, PlainCell.ohmic),
      islands: Islands(
        diameter: diameter, pitch: pitch,
        surface: PlainCell.surface("island", .pi / 6, .schottky(PlainCell.barrier)),
        edgeWidth: PlainCell.chosen(edgeWidth, "m")))
  }

  private static func wall(edgeWidth: Double = edgeWidth) -> SharpWall {
    .island(halfWidth: diameter / 2, inside: .pi / 6, outside: 2 * .pi / 3, blur: edgeWidth, pitch: pitch)
  }

  private static func uniformSubstrate(_ angle: Double) -> Substrate {
    Substrate(matrix: PlainCell.surface("wall", angle, .schottky(PlainCell.barrier)))
  }

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

  /// Relative errors of the potential at some moments.
  private static func errors(
    _ size: Double, _ substrate: Substrate, _ wall: SharpWall, at moments: [Double]
  ) throws -> [Double] {
    let setup = cell(size, substrate, until: 1).setup
    var cap = sharp(setup, wall)
    let expected = try moments.map { try cap.advance(to: $0).potential }
    return zip(try potentials(setup, at: moments), expected).map { $0 / $1 - 1 }
  }

  /// The last cells decide; coarser ones must be within `coarser` at 1 nm.
  private static func collect(
    _ effort: Effort, coarser: Double, hasOrder: Bool = false, _ errors: (Double) throws -> [Double]
  ) rethrows -> Outcome {
    var results: [(label: String, error: Double)] = []
    var notes: [String] = []
    for size in effort == .full ? [2.0, 1, 0.5] : [1.0, 0.5] {
      let found = try errors(size * 1e-9)
      let worst = found.map { abs($0) }.max() ?? .infinity
      results.append(("\(size) nm cells", worst))
      notes.append("\(size) nm: " + found.map(percent).joined(separator: ", "))
    }
    let last = results.count - 1
    let order = hasOrder ? log2(results[last - 1].error / results[last].error) : nil
    if results[last - 1].error > coarser { results.append(("1 nm is too far off", .infinity)) }
    return Outcome(resolutions: results, observedOrder: order, note: notes.joined(separator: "; "))
  }

  private static let onWall = [0.5, 1, 1.9]
  private static let onIsland = [0.5, 1.9, 10]

  static func uniform(_ effort: Effort, angle: Double, coarser: Double) throws -> Outcome {
    let young = angle * .pi / 180
    return try collect(effort, coarser: coarser, hasOrder: angle < 90) {
      try errors($0, uniformSubstrate(young), .uniform(angle: young), at: onWall)
    }
  }

  static func island(_ effort: Effort) throws -> Outcome {
    try collect(effort, coarser: 0.05) { try errors($0, islandSubstrate(), wall(), at: onIsland) }
  }

  /// When a line passes the edge of its island, s, and with how much metal, m.
  struct Passing {
    var time: Double
    var thickness: Double
  }

  /// Relative errors of both.
  private static func passing(_ size: Double, edgeWidth: Double = edgeWidth) throws -> Passing {
    let setup = cell(size, islandSubstrate(edgeWidth: edgeWidth), until: 30).setup
    var cap = sharp(setup, wall(edgeWidth: edgeWidth))
    guard let expected = try cap.advance(untilHalfBase: diameter / 2, before: 30) else {
      return Passing(time: .infinity, thickness: .infinity)
    }
    let simulation = try Simulation(setup, threads: 1)
    var watch = ContactWatch(simulation)
    var share: Double?
    var last = simulation.observables
    while simulation.endReason == nil, share == nil {
      last = simulation.observables
      try simulation.step()
      share = watch.passed(simulation)
    }
    guard let share else { return Passing(time: .infinity, thickness: .infinity) }
    let now = simulation.observables
    return Passing(
      time: between(last, now, share, \.time) / expected.time - 1,
      thickness: between(last, now, share, \.equivalentThickness) / (expected.area / pitch) - 1)
  }

  static func edge(_ effort: Effort, _ figure: KeyPath<Passing, Double>, coarser: Double) throws -> Outcome {
    try collect(effort, coarser: coarser) { [try passing($0)[keyPath: figure]] }
  }

  static func widths() throws -> Outcome {
    let errors = try [(1e-9, 0.25e-9), (2e-9, 0.5e-9), (3e-9, 0.5e-9)].map { width, size in
      try passing(size, edgeWidth: width).time
    }
    let results = zip(["1 nm", "2 nm", "3 nm"], errors).map { ($0, abs($1)) }
    return Outcome(
      resolutions: results + [("all", results.map(\.1).max() ?? .infinity)],
      note: errors.map(percent).joined(separator: ", "))
  }

  static func lineReaction(_ effort: Effort) throws -> Outcome {
    try collect(effort, coarser: 1, hasOrder: true) { size in
      let simulation = try Simulation(cell(size, islandSubstrate(), until: 10).setup, threads: 1)
      while simulation.endReason == nil { try simulation.step() }
      func sum(_ cells: [Simulation.ReactingCell]) -> (area: Double, current: Double) {
        cells.reduce((0, 0)) { ($0.0 + $1.area, $0.1 + $1.area * $1.current) }
      }
      let all = sum(simulation.reactingCells)
      let low = sum(simulation.reactingCells.filter { $0.height < 2 * simulation.interfaceWidth })
      return [(low.current - all.current * low.area / all.area) / all.current]
    }
  }

  static func closure(_ effort: Effort) throws -> Outcome {
    try collect(effort, coarser: 0.2, hasOrder: true) { size in
      let simulation = try Simulation(cell(size, islandSubstrate(), until: 30).setup, threads: 1)
      var (moved, grown) = (0.0, 0.0)
      var last = simulation.observables
      while simulation.endReason == nil, simulation.contactAreas[0] == 0 {
        try simulation.step()
        let now = simulation.observables
        if now.time > 1 {
          let growth = now.equivalentThickness - last.equivalentThickness
          moved += now.closureDefect * growth
          grown += growth
        }
        last = now
      }
      return [moved / grown]
    }
  }

  static func extrapolated() throws -> Outcome {
    func figures(_ size: Double) throws -> [[Double]] {
      let edge = try passing(size)
      return [
        try errors(size, uniformSubstrate(.pi / 6), .uniform(angle: .pi / 6), at: onWall),
        try errors(size, uniformSubstrate(.pi / 2), .uniform(angle: .pi / 2), at: onWall),
        try errors(size, islandSubstrate(), wall(), at: onIsland), [edge.time, edge.thickness],
      ]
    }
    let (coarse, fine) = (try figures(0.5e-9), try figures(0.25e-9))
    let limits = zip(coarse, fine).map { zip($0, $1).map { 2 * $1 - $0 } }
    let results = zip(["30 degrees", "90 degrees", "island", "edge"], limits).map { name, errors in
      (name, errors.map { abs($0) }.max() ?? .infinity)
    }
    return Outcome(
      resolutions: results + [("all", results.map(\.1).max() ?? .infinity)],
      note: limits.map { $0.map(percent).joined(separator: ", ") }.joined(separator: "; "))
  }
}
