import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

/// A film (SEI) on the metal that grows, is stretched and cracks.
@Suite("Interphase")
struct InterphaseTests {
  private func layer(_ thickness: Double = 5e-9, growth: Double = 0.2, cracks: Bool = true) -> Interphase {
    Interphase(
      thickness: thickness, conductivity: PlainCell.chosen(1e-4, "S/m"),
      molarVolume: PlainCell.chosen(15e-6, "m^3/mol"),
      growthCurrentDensity: PlainCell.chosen(growth, "A/m^2"), decayThickness: 5e-9,
      cracking: cracks
        ? Interphase.Cracking(strain: PlainCell.chosen(0.2, "1"), thickness: 1e-9) : nil)
  }

  /// Two caps on a wall, which meet while they plate.
  private func caps(_ stages: [Stage], _ layer: Interphase) -> Case {
    var cell = PlainCell()
    (cell.width, cell.height) = (48, 64)
    cell.substrate = Substrate(matrix: PlainCell.surface("Ni", .pi / 2, PlainCell.ohmic))
    cell.seeds = Seeds(caps: [Seeds.Cap(x: 26e-9, radius: 18e-9), Seeds.Cap(x: 70e-9, radius: 18e-9)])
    cell.stages = stages
    var setup = cell.setup
    setup.kinetics.interphase = layer
    return setup
  }

  private let cycle = [
    Stage(.current(20), until: Limits(capacity: 30)), Stage(.rest, until: Limits(time: 1)),
    Stage(.current(-20), until: Limits(capacity: 20)),
  ]

  @Test("Charge and salt close through plating, rest and stripping, and metal feeds the film at rest")
  func books() throws {
    let simulation = try Simulation(caps(cycle, layer()), threads: 1)
    var (grown, metal) = (0.0, 0.0)
    while simulation.endReason == nil {
      let stage = simulation.stage
      let before = simulation.observables
      try simulation.step()
      let now = simulation.observables
      #expect(abs(now.chargeError) < 1e-12 && abs(now.saltError) < 1e-11)
      let sum = now.metalCharge + now.interphaseCharge + now.layerCharge
      #expect(abs(now.capacity - sum) < 1e-9 * 30, "\(now.step) \(now.capacity) \(sum)")
      #expect(now.interphaseCharge >= before.interphaseCharge)
      if stage == 1 {
        grown += now.interphaseCharge - before.interphaseCharge
        metal += now.metalCharge - before.metalCharge
      }
    }
    #expect(simulation.endReason == .protocolComplete && grown > 0.01)
    // At rest nothing passes the collector; double layers give next to nothing.
    #expect(abs(metal / grown + 1) < 1e-2, "\(metal) \(grown)")
  }

  @Test("Where surfaces meet and area is lost the film folds: it is nowhere thicker than on a plane")
  func folds() throws {
    let simulation = try Simulation(caps([cycle[0]], layer(growth: 0, cracks: false)), threads: 1)
    var thinnest = 1.0
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      #expect(now.largestInterphaseThickness < 5e-9 * (1 + 1e-9))
      thinnest = min(thinnest, now.interphaseThickness)
    }
    #expect(simulation.observables.pieces == 1 && thinnest < 4.5e-9)
  }

  @Test("A film on a cap at rest keeps its thickness")
  func rests() throws {
    var setup = caps([Stage(.rest, until: Limits(time: 1e4))], layer(growth: 0, cracks: false))
    setup.substrate?.matrix.contactAngle.value = .pi / 3
    setup.seeds = Seeds(caps: [Seeds.Cap(x: 48e-9, radius: 30e-9, angle: .pi / 3)])
    let simulation = try Simulation(setup, threads: 1)
    while simulation.endReason == nil { try simulation.step() }
    #expect(abs(simulation.observables.interphaseThickness / 5e-9 - 1) < 0.05)
  }

  @Test("Where surfaces meet the film does not come back at the thickness of the start")
  func meets() throws {
    let setup = caps([Stage(.current(20), until: Limits(thickness: 30e-9))], layer(20e-9, growth: 0))
    let simulation = try Simulation(setup, threads: 1)
    var thinnest = 1.0
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      if now.pieces == 1 { #expect(now.largestInterphaseThickness < 1.2 * thinnest) }
      thinnest = min(thinnest, now.largestInterphaseThickness)
    }
    #expect(simulation.observables.pieces == 1 && thinnest < 15e-9)
  }

  @Test("Charge closes in the step that takes the last metal, and no seeds appear as it goes")
  func lastMetal() throws {
    var setup = caps(
      [Stage(.current(20), until: Limits(capacity: 20)), Stage(.current(-20), until: Limits(voltage: 0.3))],
      layer())
    setup.kinetics.doubleLayerCapacitance.value = 0
    setup.seeds.nucleationOverpotential = PlainCell.chosen(0.02, "V")
    let simulation = try Simulation(setup, threads: 1)
    while simulation.endReason == nil && simulation.observables.step < 5000 {
      try simulation.step()
      let now = simulation.observables
      let sum = now.metalCharge + now.interphaseCharge + now.layerCharge
      #expect(abs(now.capacity - sum) < 1e-6 * 20, "\(now.step) \(now.capacity) \(sum)")
    }
    #expect(simulation.endReason == .protocolComplete && simulation.observables.pieces == 0)
  }

  @Test("A run goes on from an archive to the last bit, on any number of threads")
  func archive() throws {
    let setup = caps(cycle, layer())
    let simulation = try Simulation(setup, threads: 1)
    for _ in 0..<60 { try simulation.step() }
    let resumed = try Simulation(setup, resuming: simulation.archive(), threads: 2)
    for _ in 0..<40 {
      try simulation.step()
      try resumed.step()
    }
    #expect(simulation.archive() == resumed.archive())
    #expect(simulation.archive().doubles["now.interphase.thickness"]?.contains { $0 > 0 } == true)
  }

  @Test("A moving window carries the film with it")
  func window() throws {
    func final(movingWindow: Bool) throws -> Observables {
      var cell = PlainCell()
      (cell.height, cell.movingWindow) = (movingWindow ? 96 : 256, movingWindow)
      cell.seeds = Seeds(film: 60e-9)
      cell.substrate = Substrate(matrix: PlainCell.surface("Ni", .pi / 2, PlainCell.ohmic))
      cell.stages = [Stage(.current(10), until: Limits(thickness: 300e-9))]
      var setup = cell.setup
      setup.kinetics.interphase = layer()
      let simulation = try Simulation(setup, threads: 1)
      while simulation.endReason == nil { try simulation.step() }
      #expect(simulation.bottom > 0 || !movingWindow)
      return simulation.observables
    }
    let (tall, moving) = (try final(movingWindow: false), try final(movingWindow: true))
    #expect(tall.interphaseThickness > 5.5e-9)
    #expect(abs(moving.interphaseThickness / tall.interphaseThickness - 1) < 1e-6)
    #expect(abs(moving.interphaseCharge / tall.interphaseCharge - 1) < 1e-6)
  }

  @Test("Metal that appears has a film of its own, and dead metal keeps its own")
  func appears() throws {
    var setup = caps([cycle[0]], layer(7e-9, growth: 0))
    setup.seeds.nucleationOverpotential = PlainCell.chosen(0.02, "V")
    let simulation = try Simulation(setup, threads: 1)
    while simulation.observables.pieces == 0 { try simulation.step() }
    #expect(abs(simulation.observables.interphaseThickness / 7e-9 - 1) < 1e-12)
  }

  @Test("A film of constant resistance and one that neither grows nor is stretched are the same on a plane")
  func resistance() throws {
    func voltage(_ change: (inout Case) -> Void) throws -> Double {
      var cell = PlainCell()
      cell.seeds = Seeds(film: 40e-9)
      cell.stages = [Stage(.current(50), until: Limits(thickness: 60e-9))]
      var setup = cell.setup
      change(&setup)
      let simulation = try Simulation(setup, threads: 1)
      while simulation.endReason == nil { try simulation.step() }
      return simulation.observables.voltage
    }
    let constant = try voltage { $0.kinetics.filmResistance.value = 5e-5 }
    let film = try voltage { $0.kinetics.interphase = layer(growth: 0) }
    #expect(abs(film / constant - 1) < 1e-6)
    #expect(try voltage { _ in } - constant > 2e-3)
  }

  @Test("A case that has a film twice, or where none can be, is refused", arguments: [0, 1, 2])
  func contradictions(_ kind: Int) {
    var setup = caps(cycle, layer())
    switch kind {
    case 0: setup.kinetics.filmResistance.value = 1e-4
    case 1: setup.electrolyte.transport = .cation
    default: setup.capillarity = .variational(interfaceMobility: PlainCell.chosen(1e-6, "m^3/(J s)"))
    }
    #expect(setup.contradictions.contains { $0.key.hasPrefix("kinetics.") })
  }
}
