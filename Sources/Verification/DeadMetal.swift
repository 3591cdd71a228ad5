import Electrodeposition
import Spectral

extension Problem {
  static let deadMetal: [Problem] = [
    Problem(
      number: "33a", name: "ball on a stalk, in the plane",
      source: "uniform dissolution at v: the stalk parts at r_s/v, and ((R - r_s)/R)^2 of the disc are dead",
      compares:
        "the moment of parting and the dead metal of a disc on a strip, extrapolated from two cells, with it",
      expectedOrder: nil, tolerance: 0.03,
      meaning: "relative error of the moment, and of the dead share in units of the disc, the larger",
      run: { try Stalk.outcome($0, isBall: false) }),
    Problem(
      number: "33b", name: "ball on a stalk, in space",
      source: "the same of a ball: ((R - r_s)/R)^3 of it are dead",
      compares: "the same of a ball on a round stalk, from coarser cells", expectedOrder: nil,
      tolerance: 0.05,
      meaning: "relative error of the moment, and of the dead share in units of the ball, the larger",
      run: { try Stalk.outcome($0, isBall: true) }),
    Problem(
      number: "33c", name: "a film that dissolves whole leaves no dead metal",
      source: "no piece of a flat film is ever without contact",
      compares: "the dead metal at each step until none is left", expectedOrder: nil, tolerance: 0,
      meaning: "dead metal, m", run: Stalk.film),
    Problem(
      number: "33d", name: "a dead piece does not change", source: "no contact: no net current",
      compares: "metal and height of a disc that was cut off, over a thousand steps (10 000 with --full)",
      expectedOrder: nil, tolerance: 1e-6, meaning: "relative change, the larger",
      run: Stalk.floating),
  ]
}

/// Metal that is cut off from the collector as it dissolves.
enum Stalk {
  /// Radius of the disc or ball and of the stalk, m. The stalk is as long as the disc's radius.
  private static let (radius, stalk) = (48e-9, 16e-9)
  private static let voltage = 0.1

  /// A case whose metal dissolves everywhere at the same speed: so slowly that the electrolyte does not notice, and with
  /// next to no surface energy.
  private static func cell(_ size: Double, isBall: Bool, time: Double) -> PlainCell {
    var cell = PlainCell()
    cell.cell = size
    cell.width = (3 * radius / size).rounded()
    cell.depth = isBall ? cell.width : nil
    cell.height = (4 * radius / size).rounded()
    cell.seeds = Seeds(film: 10 * size)
    cell.exchange = 1e-2
    cell.metal.surfaceEnergy.value = 1e-6
    cell.substrate = Substrate(matrix: PlainCell.surface("wall", .pi / 2, PlainCell.ohmic))
    cell.stages = [Stage(.potential(voltage), until: Limits(time: time))]
    return cell
  }

  /// Speed of dissolution, m/s, by the rate law.
  private static var speed: Double {
    let setup = PlainCell().setup
    return setup.volumePerCharge * 1e-2 * 2 * sinh(setup.inverseThermalVoltage * voltage / 2)
  }

  private static func start(
    _ size: Double, isBall: Bool, time: Double, step: Double? = nil
  ) throws -> Simulation {
    var cell = cell(size, isBall: isBall, time: time)
    cell.numerics.fixedStep = step
    let setup = cell.setup
    let simulation = try Simulation(setup, threads: 1)
    let middle = SIMD2(setup.box.width, setup.box.depth ?? 0) / 2
    try simulation.begin(
      metal: { place in
        let x = place.x - middle.x
        let y = isBall ? place.y - middle.y : 0
        let height = place.z - 2 * radius
        let axis = (x * x + y * y).squareRoot()
        let disc = (axis * axis + height * height).squareRoot() - radius
        return height < 0 ? min(disc, axis - stalk) : disc
      }, salt: { _ in setup.electrolyte.concentration.value })
    return simulation
  }

  static func outcome(_ effort: Effort, isBall: Bool) throws -> Outcome {
    let expected = (time: stalk / speed, share: pow((radius - stalk) / radius, isBall ? 3 : 2))
    var found: [(time: Double, share: Double)] = []
    var results: [(String, Double)] = []
    for cells in isBall ? [16.0, 20] : effort == .full ? [24.0, 48, 96] : [24, 48] {
      let simulation = try start(radius / cells, isBall: isBall, time: 1.5 * expected.time)
      while simulation.endReason == nil && simulation.observables.deadMetal == 0 { try simulation.step() }
      let now = simulation.observables
      let disc = Double.pi * radius * radius * (isBall ? 4 / 3 * radius : 1) / simulation.grid.area
      found.append((now.time / expected.time - 1, now.deadMetal / disc - expected.share))
      let last = found[found.count - 1]
      results.append(("R = \(Int(cells)) cells", max(abs(last.time), abs(last.share))))
    }
    let (coarse, fine) = (found[found.count - 2], found[found.count - 1])
    // Linear in the cell.
    let weight = isBall ? 5.0 / 4 : 2
    func limit(_ path: KeyPath<(time: Double, share: Double), Double>) -> Double {
      (weight * fine[keyPath: path] - coarse[keyPath: path]) / (weight - 1)
    }
    results.append(("extrapolated", max(abs(limit(\.time)), abs(limit(\.share)))))
    return Outcome(
      resolutions: results,
      note: "time off by \(percent(limit(\.time))), dead share by \(limit(\.share)) of the whole")
  }

  static func film(_ effort: Effort) throws -> Outcome {
    var cell = cell(2e-9, isBall: false, time: 1)
    cell.exchange = 100
    cell.width = 32
    cell.stages = [Stage(.current(-100), until: Limits(voltage: 0.5))]
    let simulation = try Simulation(cell.setup, threads: 1)
    var most = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      most = max(most, simulation.observables.deadMetal)
    }
    return Outcome(
      resolutions: [("film of \(10 * 2) nm", simulation.observables.pieces == 0 ? most : .infinity)],
      note: "in \(simulation.observables.step) steps")
  }

  static func floating(_ effort: Effort) throws -> Outcome {
    let size = 2e-9
    let step = 0.05 * size / speed
    let simulation = try start(size, isBall: false, time: 2e4 * step, step: step)
    while simulation.observables.deadMetal == 0 { try simulation.step() }
    for _ in 0..<200 { try simulation.step() }
    let before = simulation.observables
    for _ in 0..<(effort == .full ? 10_000 : 1000) { try simulation.step() }
    let now = simulation.observables
    let change = max(
      abs(now.deadMetal / before.deadMetal - 1), abs(now.maximumHeight / before.maximumHeight - 1))
    return Outcome(
      resolutions: [("\(now.step - before.step) steps", now.deadMetal > 0 ? change : .infinity)])
  }
}
