import Foundation
import Testing

@testable import Electrodeposition
@testable import Verification

/// A film of 40 nm below 10 µm of electrolyte, i0 = 10 A/m².
private func film(
  _ stages: [Stage], contact: Contact = PlainCell.ohmic, change: (inout PlainCell) -> Void = { _ in }
)
  throws -> Simulation
{
  var cell = PlainCell()
  (cell.width, cell.height, cell.exchange) = (16, 64, 10)
  cell.seeds = Seeds(film: 20 * cell.cell)
  cell.substrate = Substrate(matrix: PlainCell.surface("collector", .pi / 2, contact))
  cell.stages = stages
  change(&cell)
  return try Simulation(cell.setup, threads: 1)
}

/// Every row of a run to its end.
private func rows(_ simulation: Simulation) throws -> [Observables] {
  var list = [simulation.observables]
  while simulation.endReason == nil {
    try simulation.step()
    list.append(simulation.observables)
  }
  return list
}

@Suite("Stages")
struct StageTests {
  /// V of a film at a current: 2/f asinh(i/2i0) and the drop in the electrolyte.
  private func steadyVoltage(_ current: Double, _ setup: Case) -> Double {
    let f = setup.inverseThermalVoltage
    return -2 / f * asinh(current / (2 * setup.kinetics.exchangeCurrentDensity.value)) - current
      * resistance(setup)
  }

  private func resistance(_ setup: Case) -> Double {
    setup.electrolyte.thickness / setup.electrolyte.conductivity.value
  }

  @Test("The end of a stage is on file as it was, then the start of the next at the same time")
  func endAndStart() throws {
    let simulation = try film([
      Stage(.current(100), until: Limits(time: 0.05)), Stage(.potential(0.1), until: Limits(time: 0.01)),
      Stage(.rest, until: Limits(time: 0.01)),
    ])
    while !simulation.state.stageIsOver { try simulation.step() }
    let end = simulation.observables
    #expect(simulation.outputIsDue && end.stage == 1 && end.time == 0.05)
    #expect(abs(end.voltage / steadyVoltage(100, simulation.setup) - 1) < 0.02, "\(end.voltage)")
    let potential = try #require(simulation.snapshot()["potential"])
    #expect((potential.min() ?? 0) < -1e-3 && (potential.max() ?? 1) <= 0)
    try simulation.step()
    let start = simulation.observables
    #expect(simulation.outputIsDue && start.stage == 2 && start.step == end.step && start.time == end.time)
    #expect(start.dt == 0 && start.voltage == 0.1 && start.currentDensity < -30)
    #expect(start.equivalentThickness == end.equivalentThickness)
    let rest = try rows(simulation).first { $0.stage == 3 }
    #expect(rest?.voltage == 0.1 && rest?.currentDensity == 0)
  }

  @Test("The step after a change of stage is an Euler step, the next is not")
  func euler() throws {
    let stage = Stage(.current(100), until: Limits(time: 0.05))
    let simulation = try film([stage, stage])
    while !simulation.state.stageIsOver { try simulation.step() }
    #expect(!simulation.nextStepIsEuler)
    try simulation.step()
    #expect(simulation.nextStepIsEuler)
    try simulation.step()
    #expect(!simulation.nextStepIsEuler)
  }

  @Test("A run that stops between two stages goes on to the last bit")
  func restart() throws {
    let stages = [
      Stage(.current(100), until: Limits(time: 0.01)), Stage(.current(-50), until: Limits(time: 0.01)),
    ]
    let through = try film(stages)
    while !through.state.stageIsOver { try through.step() }
    let resumed = try Simulation(through.setup, resuming: through.archive(), threads: 1)
    for _ in 0..<12 {
      try through.step()
      try resumed.step()
      #expect(resumed.observables == through.observables)
    }
    #expect(through.archive() == resumed.archive() && through.observables.stage == 2)
  }

  @Test("A stage that cannot begin leaves the end of the last one in place")
  func failure() throws {
    // Without a double layer nothing takes the current.
    let stages = [
      Stage(.potential(-0.01), until: Limits(time: 1e-3)), Stage(.current(10), until: Limits(time: 1)),
    ]
    let simulation = try film(stages, contact: .insulating) { $0.doubleLayer = 0 }
    while !simulation.state.stageIsOver { try simulation.step() }
    let (end, archive) = (simulation.observables, simulation.archive())
    for _ in 0..<2 {
      #expect(throws: SolverFailure.self) { try simulation.step() }
      #expect(simulation.observables == end && simulation.endReason == nil)
      #expect(simulation.archive().doubles["now.potential"] == archive.doubles["now.potential"])
      #expect(simulation.archive().integers == archive.integers)
    }
  }

  @Test("Limits that are passed as a stage begins end it at once, with a row")
  func passed() throws {
    let (current, thickness) = (Control.current(10), 30e-9)
    let simulation = try film([
      Stage(.current(100), until: Limits(voltage: -0.05)), Stage(current, until: Limits(voltage: -0.01)),
      Stage(current, until: Limits(thickness: thickness)), Stage(current, until: Limits(height: thickness)),
      Stage(.potential(-0.1), until: Limits(thickness: thickness)),
      Stage(.current(-10), until: Limits(thickness: 50e-9)),
      Stage(.current(-10), until: Limits(voltage: -0.2)),
      Stage(.rest, until: Limits(time: 1e-3, voltage: -1)), Stage(.current(10), until: Limits(voltage: 0)),
    ])
    let all = try rows(simulation)
    let counts = (1...9).map { stage in all.count { $0.stage == stage } }
    #expect(counts[0] > 2 && counts[7] > 2, "\(counts)")
    #expect([1, 2, 3, 4, 5, 6, 8].allSatisfy { counts[$0] == 1 }, "\(counts)")
    #expect(simulation.endReason == .protocolComplete && simulation.progress == 1)
  }

  @Test("A cycle begins with the first plating after stripping")
  func cycles() {
    var setup = PlainCell().setup
    let controls: [Control] = [
      .rest, .current(1), .potential(-0.1), .rest, .current(-1), .rest, .current(1), .potential(0.1),
      .potential(0),
      .potential(-0.1), .current(1),
    ]
    setup.stages = controls.map { Stage($0, until: Limits(time: 1)) }
    #expect(Schedule(setup, area: 1).cycles == [1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3])
  }

  @Test("Early ends have their reasons, also after a restart")
  func reasons() throws {
    let blocked = try film([Stage(.current(1e4), until: Limits(time: 1))], contact: .insulating)
    _ = try rows(blocked)
    #expect(blocked.endReason == .voltageLimit && blocked.endReason?.isEarly == true)
    #expect(try Simulation(blocked.setup, resuming: blocked.archive(), threads: 1).endReason == .voltageLimit)
  }

  @Test("A held potential ends at a current: constant current, then constant voltage")
  func current() throws {
    let simulation = try film([
      Stage(.current(100), until: Limits(time: 0.01)),
      Stage(.potential(-0.1), until: Limits(time: 1, current: 66)),
      Stage(.potential(-0.1), until: Limits(time: 1, current: 66)),
    ])
    let list = try rows(simulation)
    let held = list.filter { $0.stage == 2 }
    #expect(simulation.endReason == .protocolComplete)
    #expect(held.dropLast().allSatisfy { $0.currentDensity > 66 })
    #expect(held.count > 5 && held.last.map { $0.currentDensity <= 66 && $0.time < 0.5 } == true)
    // What is passed as a stage begins ends it with its row.
    #expect(list.filter { $0.stage == 3 }.count == 1)
  }

  @Test("A stage that gets nowhere ends the run; with a limit of time it comes to that")
  func stuck() throws {
    let still = Limits(thickness: 60e-9)
    let stuck = try film([Stage(.potential(-0.1), until: still)], contact: .insulating)
    _ = try rows(stuck)
    #expect(stuck.endReason == .noProgress && stuck.observables.step == 1000 && stuck.outputIsDue)
    #expect(try Simulation(stuck.setup, resuming: stuck.archive(), threads: 1).endReason == .noProgress)
    let timed = try film(
      [Stage(.potential(-0.1), until: Limits(time: 1e5, thickness: 60e-9))], contact: .insulating)
    _ = try rows(timed)
    #expect(timed.endReason == .protocolComplete)
  }

  @Test(
    "A stage may begin in salt that the one before used up, and ends at the counter electrode where that runs dry"
  )
  func usedUp() throws {
    let after = try film(
      [Stage(.potential(-0.9), until: Limits(time: 0.05)), Stage(.current(1000), until: Limits(time: 0.02))]
    ) { $0.height = 256 }
    _ = try rows(after)
    #expect(after.endReason == .protocolComplete)
    let limiting = after.setup.limitingCurrent
    let stripped = try film([Stage(.current(-20 * limiting), until: Limits(time: 1))]) {
      $0.seeds = Seeds(film: 200e-9)
      $0.height = 256
      $0.end = .counterElectrode
    }
    _ = try rows(stripped)
    let depletion = try #require(stripped.depletion)
    let sandTime = stripped.setup.sandTime(current: 20 * limiting)
    #expect(depletion.place == nil && abs(depletion.time / sandTime - 1) < 0.05, "\(depletion)")
  }

  @Test("A given current above the limiting one ends at Sand's time, also after a restart")
  func depleted() throws {
    let limiting = try film([Stage(.rest, until: Limits(time: 1))]).setup.limitingCurrent
    func thin(_ control: Control) throws -> Simulation {
      try film([Stage(control, until: Limits(time: 2))]) {
        $0.thickness = 10e-6
        $0.height = 256
      }
    }
    let driven = try thin(.current(3 * limiting))
    // Where salt and potentials are solved together a restart changes no bit either.
    while driven.observables.minimumSalt > 300 { try driven.step() }
    let resumed = try Simulation(driven.setup, resuming: driven.archive(), threads: 1)
    for _ in 0..<5 {
      try driven.step()
      try resumed.step()
      #expect(resumed.observables.time == driven.observables.time)
      #expect(resumed.observables.voltage == driven.observables.voltage)
    }
    _ = try rows(driven)
    let depletion = try #require(driven.depletion)
    let sandTime = driven.setup.sandTime(current: 3 * limiting)
    #expect(driven.endReason == .depleted && abs(depletion.time / sandTime - 1) < 0.01, "\(depletion)")
    let place = try #require(depletion.place)
    #expect(abs(place.z - driven.observables.meanHeight) < 2e-9, "\(depletion)")
    #expect(driven.observables.step < 3000)
    #expect(try Simulation(driven.setup, resuming: driven.archive(), threads: 1).endReason == .depleted)
  }
}

@Suite("Double layers")
struct DoubleLayerTests {
  private static let capacitance = 0.15

  @Test("On a blocked collector V = −it/C and capacity = C V, from stage to stage and from zero")
  func blocked() throws {
    let stage = Stage(.current(10), until: Limits(time: 1e-6))
    let all = try rows(try film(Array(repeating: stage, count: 20), contact: .insulating))
    for row in all {
      #expect(abs(row.voltage + 10 * row.time / Self.capacitance) < 1e-9, "\(row.time)")
      #expect(abs(row.capacity + Self.capacitance * row.voltage) < 1e-15 + 1e-9 * row.capacity)
    }
    #expect(all.first?.voltage == 0 && all.last.map { abs($0.time / 20e-6 - 1) < 1e-9 } == true)
    #expect(all.count == 40)
  }

  @Test("Pulses of 0.1 ms charge and discharge a film as C dV/dt = i_F − i", arguments: [10.0, 100, 1000])
  func pulses(current: Double) throws {
    let pulse = [
      Stage(.current(current), until: Limits(time: 1e-4)), Stage(.rest, until: Limits(time: 1e-4)),
    ]
    let simulation = try film(Array(repeating: pulse, count: 3).flatMap(\.self))
    let (setup, all) = (simulation.setup, try rows(simulation))
    var (voltage, worst) = (0.0, 0.0)
    for (last, row) in zip(all, all.dropFirst()) {
      let steps = 40
      let dt = (row.time - last.time) / Double(steps)
      func rate(_ v: Double) -> Double { (faradaic(v, setup) - row.currentDensity) / Self.capacitance }
      for _ in 0..<steps { voltage += dt * rate(voltage + dt / 2 * rate(voltage)) }
      worst = max(worst, abs(voltage - row.voltage))
    }
    let largest = all.map { abs($0.voltage) }.max() ?? 0
    #expect(worst < 0.01 * largest, "\(worst / largest)")
    #expect(all[0].voltage == 0 && all.count < 600)
  }

  /// i_F of a film at V, the electrolyte's resistance in series.
  private func faradaic(_ voltage: Double, _ setup: Case) -> Double {
    let f = setup.inverseThermalVoltage
    let resistance = setup.electrolyte.thickness / setup.electrolyte.conductivity.value
    return bisect(-1e5, 1e5) { i in
      2 * setup.kinetics.exchangeCurrentDensity.value * sinh(-f / 2 * (voltage + resistance * i)) - i
    }
  }

  @Test("Without a double layer V jumps at once")
  func none() throws {
    let simulation = try film([Stage(.current(100), until: Limits(time: 1e-3))]) { $0.doubleLayer = 0 }
    let f = simulation.setup.inverseThermalVoltage
    #expect(abs(simulation.observables.voltage / (-2 / f * asinh(5)) - 1) < 0.02)
    #expect(simulation.observables.capacity == 0)
  }

  @Test("A held potential charges at once what is one with the collector, and the charge is counted")
  func heldFilm() throws {
    let simulation = try film([Stage(.potential(-0.1), until: Limits(time: 1e-3))])
    #expect(abs(simulation.observables.capacity / (Self.capacitance * 0.1) - 1) < 1e-3)
    #expect(simulation.observables.currentDensity > 30)
    let bare = try film([Stage(.potential(-0.1), until: Limits(time: 1e-3))], contact: .insulating)
    #expect(abs(bare.observables.capacity / (Self.capacitance * 0.1) - 1) < 1e-9)
    #expect(abs(bare.observables.currentDensity) < 1e-12 && bare.observables.piecePotential == 0)
  }

  @Test("A held potential charges metal through a resistance in its RC time, and all the charge is counted")
  func resistive() throws {
    // 15 µs; the reaction takes 390 µs.
    let contact = Contact.ohmic(resistance: PlainCell.chosen(1e-4, "ohm m^2"))
    let simulation = try film([Stage(.potential(-1e-3), until: Limits(time: 1e-4))], contact: contact)
    let f = simulation.setup.inverseThermalVoltage
    let (g, b) = (1e4, 10 * f)
    #expect(simulation.observables.piecePotential == 0)
    for row in try rows(simulation) {
      let expected = -1e-3 * g / (g + b) * (1 - exp(-(g + b) / Self.capacitance * row.time))
      #expect(abs(row.piecePotential - expected) < 1e-5, "\(row.time): \(row.piecePotential) for \(expected)")
    }
    let end = simulation.observables
    let deposited = simulation.state.charge / simulation.grid.area
    let charged = -Self.capacitance * end.piecePotential
    // The book follows the extrapolated current.
    #expect(abs(end.capacity / (deposited + charged) - 1) < 0.03)
  }

  @Test("A blocked seed keeps its potential as a held stage begins, and drifts to its own")
  func blockedSeed() throws {
    var cell = Conservation.islands(1, barrier: true, cell: 2e-9)
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 1e-3))]
    let simulation = try Simulation(cell.setup, threads: 1)
    #expect(simulation.observables.piecePotential == 0)
    let all = try rows(simulation)
    // The surface of a seed of 10 nm is ΓK of a few mV away from 0 V.
    #expect(all.last.map { abs($0.piecePotential) > 1e-3 } == true)
    let steps = zip(all, all.dropFirst()).map { abs($1.piecePotential - $0.piecePotential) }
    #expect((steps.max() ?? 1) < 0.1 * abs(all.last?.piecePotential ?? 0))
  }
}
