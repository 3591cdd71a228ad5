import Foundation
import Testing

@testable import Electrodeposition
@testable import Verification

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
    let stages = [
      Stage(.potential(-0.01), until: Limits(time: 1e-3)), Stage(.current(10), until: Limits(time: 1)),
    ]
    let simulation = try film(stages)
    while !simulation.state.stageIsOver { try simulation.step() }
    let (end, archive) = (simulation.observables, simulation.archive())
    // With salt that is no number nothing converges.
    simulation.state.now.salt.fill(.nan)
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
      Stage(.rest, until: Limits(time: 1e-3, voltageBelow: -1)),
      Stage(.current(10), until: Limits(voltage: 0)),
    ])
    let all = try rows(simulation)
    let counts = (1...9).map { stage in all.count { $0.stage == stage } }
    #expect(counts[0] > 2 && counts[7] > 2, "\(counts)")
    #expect([1, 2, 3, 4, 5, 6, 8].allSatisfy { counts[$0] == 1 }, "\(counts)")
    #expect(simulation.endReason == .protocolComplete && simulation.progress == 1)
  }

  @Test(
    "A rest ends at or beyond its limit of voltage, at once where it begins there", arguments: [1.0, -1])
  func restUntilVoltage(sign: Double) throws {
    /// V of the rest after a film was plated (stripped), times the sign, until it is at least a value.
    func voltages(until voltage: Double?, time: Double? = nil) throws -> [Double] {
      let limit = voltage.map { sign * $0 }
      let limits = Limits(
        time: time, voltageAbove: sign > 0 ? limit : nil, voltageBelow: sign < 0 ? limit : nil)
      let stages = [Stage(.current(100 * sign), until: Limits(time: 0.05)), Stage(.rest, until: limits)]
      return try rows(film(stages)).filter { $0.stage == 2 }.map { sign * $0.voltage }
    }
    let start = try #require(try voltages(until: nil, time: 1e-3).first)
    #expect(start < -0.1)
    for voltage in [2 * start, start] { #expect(try voltages(until: voltage) == [start]) }
    let rest = try voltages(until: start / 2)
    #expect(rest.count > 2 && rest.dropLast().allSatisfy { $0 < start / 2 }, "\(rest)")
    #expect(try #require(rest.last) >= start / 2)
    #expect(try voltages(until: 0.01, time: 1e-3).count > 2)
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
}
