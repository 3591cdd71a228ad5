import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

/// Metal around electrolyte that no current reaches, with more metal in it. Lengths in cells; ℓ = 1.5 cells.
private struct Pockets {
  var radius = 12.0
  var top = 56.0
  var drop = 4.0
  /// Places of the middles: along x as a share of the width, and above the wall.
  var middles: [(x: Double, z: Double)] = [(0.5, 16)]
  /// Half width of a neck from each pocket to the surface of the film; 0 for none.
  var neck = 0.0
  var cell = PlainCell()

  init(_ stage: Stage, depth: Double? = nil, capacitance: Double = 0, angle: Double = .pi / 2) {
    (cell.width, cell.height, cell.depth) = (48, 120, depth)
    if let depth {
      (radius, top, drop, middles) = (9, 48, 3, [(0.5, 13)])
      (cell.width, cell.height) = (depth, 80)
    }
    cell.seeds = Seeds(film: 40 * cell.cell)
    cell.doubleLayer = capacitance
    cell.substrate = Substrate(matrix: PlainCell.surface("wall", angle, PlainCell.ohmic))
    cell.stages = [stage]
  }

  func begin() throws -> Simulation {
    let setup = cell.setup
    let simulation = try Simulation(setup, threads: 1)
    try simulation.begin(metal: { cell.cell * distance($0 / cell.cell) }, salt: { _ in 1000 })
    return simulation
  }

  private func distance(_ place: SIMD3<Double>) -> Double {
    var result = place.z - top
    for middle in middles {
      let (x, z) = (place.x - middle.x * cell.width, place.z - middle.z)
      let y = cell.depth.map { place.y - $0 / 2 } ?? 0
      let axis = (x * x + y * y).squareRoot()
      let r = (axis * axis + z * z).squareRoot()
      let hole = neck > 0 && z > 0 ? min(r - radius, axis - neck) : r - radius
      result = min(max(result, -hole), r - drop)
    }
    return result
  }
}

@Suite("Metal in enclosed electrolyte")
struct EnclosedMetalTests {
  /// Cells with enclosed electrolyte, and their ξ.
  private func pockets(_ simulation: Simulation) -> [Int: Double] {
    let now = simulation.state.now
    var found: [Int: Double] = [:]
    for i in 0..<simulation.grid.cells
    where now.electrolyteFraction[i] == 0 && 1 - now.metal[i] > Interface.activeFloor {
      found[i] = now.metal[i]
    }
    return found
  }

  private static let held = Stage(.potential(-0.1), until: Limits(time: 10))
  private static let driven = Stage(.current(300), until: Limits(time: 10))

  @Test(
    "A drop in a pocket floats: no current, no change, while the film above grows as charge has it",
    arguments: [(held, 15), (driven, 15), (Stage(.current(-100), until: Limits(time: 10)), 4)], [0, 0.15])
  func floats(stage: (Stage, cells: Double), capacitance: Double) throws {
    try run(Pockets(stage.0, capacitance: capacitance), cells: stage.cells)
  }

  @Test("The same in three dimensions", arguments: [held, driven])
  func floatsInSpace(stage: Stage) throws {
    try run(Pockets(stage, depth: 32), cells: 2)
  }

  @Test(
    "Several at once, one on the wall: it takes the collector's potential", arguments: [held, driven],
    [0, 0.15])
  func several(stage: Stage, capacitance: Double) throws {
    var shape = Pockets(stage, capacitance: capacitance)
    shape.cell.width = 96
    shape.middles = [(0.25, 16), (0.75, 0)]
    let simulation = try run(shape, cells: 6)
    #expect(simulation.observables.pieces == 3)
    let touching = simulation.state.now.pieces.filter { !$0.reacts && $0.contactArea[0] > 0 }
    #expect(touching.count == 1 && touching[0].potential == simulation.state.now.voltage)
    let resumed = try Simulation(simulation.setup, resuming: simulation.archive(), threads: 1)
    for _ in 0..<3 {
      try simulation.step()
      try resumed.step()
    }
    #expect(resumed.metalProfile == simulation.metalProfile)
  }

  /// Runs until the film has grown, or lost, so many cells.
  @discardableResult
  private func run(_ shape: Pockets, cells: Double) throws -> Simulation {
    let simulation = try shape.begin()
    let (before, start) = (pockets(simulation), simulation.observables)
    var grown: Double { simulation.observables.equivalentThickness - start.equivalentThickness }
    let floating = simulation.state.now.pieces.filter { !$0.reacts && $0.contactArea[0] == 0 }
    #expect(floating.count == 1 && before.count > 50)
    while abs(grown) < cells * shape.cell.cell, simulation.state.step < 1000 { try simulation.step() }
    let (after, now) = (pockets(simulation), simulation.observables)
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    for piece in simulation.state.now.pieces where !piece.reacts {
      #expect(piece.current == 0)
      if piece.contactArea[0] == 0 { #expect(piece == floating[0]) }
    }
    #expect(abs(grown) >= cells * shape.cell.cell)
    #expect(abs(grown / (simulation.setup.volumePerCharge * now.metalCharge) - 1) < 1e-9)
    #expect(abs(now.chargeError) < 1e-13 && abs(now.saltError) < 1e-12)
    return simulation
  }

  @Test("A flask whose neck closes goes on for hundreds of steps, with what it encloses at rest")
  func closes() throws {
    var shape = Pockets(Self.held, angle: 2 * .pi / 3)
    (shape.radius, shape.drop, shape.neck, shape.top, shape.middles) = (16, -100, 5, 60, [(0.5, 20)])
    shape.cell.height = 152
    let simulation = try shape.begin()
    #expect(pockets(simulation).isEmpty)
    while pockets(simulation).count < 50, simulation.state.step < 400 { try simulation.step() }
    let (closed, step) = (pockets(simulation), simulation.state.step)
    #expect(closed.values.contains { $0 < 0.5 })
    for _ in 0..<300 where simulation.endReason == nil { try simulation.step() }
    #expect(simulation.state.step > step + 250)
    let after = pockets(simulation)
    #expect(closed.allSatisfy { after[$0.key] == $0.value })
    #expect(simulation.observables.pieces == 1 && abs(simulation.observables.chargeError) < 1e-13)
  }

  @Test("A trace of electrolyte in a film on a wall that it wets stays a trace")
  func trace() throws {
    var shape = Pockets(Self.driven, angle: 2 * .pi / 3)
    shape.middles = []
    let simulation = try Simulation(shape.cell.setup, threads: 1)
    let size = shape.cell.cell
    try simulation.begin(
      metal: { place in
        let (x, z) = (place.x / size - 24, place.z / size)
        return size * max(z - 40, -4 - max(0, (x * x + z * z).squareRoot() - 4))
      }, salt: { _ in 1000 })
    let before = pockets(simulation)
    #expect(before.count > 30 && before.values.allSatisfy { $0 > 0.9 })
    for _ in 0..<200 { try simulation.step() }
    let after = pockets(simulation)
    #expect(before.allSatisfy { after[$0.key] == $0.value } && after.count == before.count)
  }

  @Test(
    "Where metal fills the width no current passes: held, nothing changes; driven, the run ends or V is at its limit",
    arguments: [0, 0.15])
  func lid(capacitance: Double) throws {
    func begin(_ stage: Stage) throws -> Simulation {
      let cell = Pockets(stage, capacitance: capacitance).cell
      let simulation = try Simulation(cell.setup, threads: 1)
      try simulation.begin(
        metal: { cell.cell * min($0.z / cell.cell - 12, abs($0.z / cell.cell - 48) - 12) },
        salt: { _ in 1000 })
      return simulation
    }
    let held = try begin(Stage(.potential(-0.1), until: Limits(time: 1e-2)))
    let metal = held.observables.equivalentThickness
    for _ in 0..<20 where held.endReason == nil { try held.step() }
    #expect(held.observables.currentDensity == 0 && held.observables.pieces == 2)
    if capacitance == 0 {
      #expect(abs(held.observables.equivalentThickness / metal - 1) < 1e-12)
    }
    #expect(try begin(Self.driven).endReason == .voltageLimit)
    let stripping = try begin(Stage(.current(-100), until: Limits(voltage: 0.5)))
    while stripping.endReason == nil { try stripping.step() }
    #expect(stripping.endReason == .protocolComplete && stripping.observables.voltage == 0.5)
    #expect(stripping.observables.capacity == 0)
  }

  @Test("Dead metal alone takes no given current", arguments: [0, 0.15])
  func dead(capacitance: Double) throws {
    var shape = Pockets(Self.driven, capacitance: capacitance)
    shape.cell.substrate = Substrate(matrix: PlainCell.surface("wall", .pi / 2, .insulating))
    shape.top = -30
    let simulation = try shape.begin()
    while simulation.endReason == nil { try simulation.step() }
    #expect(simulation.observables.pieces == 1)
    #expect(capacitance > 0 || simulation.observables.metalCharge == 0)
    #expect(simulation.endReason == .voltageLimit)
  }
}
