import Testing

@testable import Electrodeposition
@testable import Verification

/// A run that goes on with other limits, stages or output than it was started with.
@Suite("Runs that go on")
struct ContinuationTests {
  private func cell(_ stages: Stage..., output: OutputSchedule = OutputSchedule()) -> Case {
    var cell = PlainCell()
    cell.height = 32
    cell.seeds = Seeds(film: 20e-9)
    (cell.stages, cell.output) = (stages, output)
    return cell.setup
  }

  private func plate(_ thickness: Double) -> Stage {
    Stage(.current(10), until: Limits(thickness: thickness))
  }

  private func run(_ simulation: Simulation) throws -> Simulation {
    while simulation.endReason == nil { try simulation.step() }
    return simulation
  }

  @Test("a later limit changes nothing until the former one is near")
  func laterLimit() throws {
    let (former, present) = (cell(plate(24e-9)), cell(plate(28e-9)))
    let (short, long) = (try Simulation(former, threads: 1), try Simulation(present, threads: 1))
    for _ in 0..<8 {
      try short.step()
      try long.step()
    }
    let resumed = try Simulation(present, resuming: short.archive(), of: former, threads: 1)
    for _ in 0..<8 {
      try long.step()
      try resumed.step()
      #expect(resumed.observables.time == long.observables.time)
      #expect(resumed.observables.voltage == long.observables.voltage)
    }
    let end = try run(resumed).observables
    #expect(abs(end.equivalentThickness / 28e-9 - 1) < 1e-6)
  }

  @Test("a run that has ended goes on to a later limit and through new stages, and ends where none is left")
  func ended() throws {
    let former = cell(plate(22e-9))
    let ended = try run(Simulation(former, threads: 1))
    let time = ended.observables.time
    func resumed(_ stages: Stage...) throws -> Simulation {
      var setup = former
      setup.stages = stages
      return try Simulation(setup, resuming: ended.archive(), of: former, threads: 1)
    }
    #expect(try resumed(plate(22e-9)).endReason == .protocolComplete)
    #expect(throws: SolverFailure.invalidCase("the run is beyond the limit that stage 1 is given now")) {
      try resumed(self.plate(21e-9))
    }
    let longer = try resumed(plate(23e-9))
    #expect(longer.endReason == nil && longer.progress < 1)
    #expect(abs(try run(longer).observables.equivalentThickness / 23e-9 - 1) < 1e-6)
    let rest = Stage(.rest, until: Limits(time: 1e-3))
    let rested = try run(resumed(plate(22e-9), rest)).observables
    #expect(abs(rested.time - time - 1e-3) < 1e-9 && rested.currentDensity == 0)
    let both = try run(resumed(plate(23e-9), rest)).observables
    #expect(both.time > time + 1e-2 && both.currentDensity == 0)
    #expect(abs(both.equivalentThickness / 23e-9 - 1) < 1e-3)
  }

  @Test("a run that ended early goes on with another stage only")
  func endedEarly() throws {
    var former = cell(plate(24e-9))
    former.substrate = Substrate(matrix: PlainCell.surface("glass", .pi / 2, .insulating))
    let ended = try run(Simulation(former, threads: 1))
    #expect(ended.endReason == .voltageLimit)
    var present = former
    present.stages = [plate(23e-9)]
    #expect(throws: SolverFailure.self) {
      try Simulation(present, resuming: ended.archive(), of: former, threads: 1)
    }
    present.stages = [plate(24e-9), Stage(.potential(0), until: Limits(time: 1e-3))]
    let resumed = try run(Simulation(present, resuming: ended.archive(), of: former, threads: 1))
    #expect(resumed.endReason == .protocolComplete && resumed.observables.stage == 2)
  }

  @Test("output goes on by the new intervals")
  func output() throws {
    let former = cell(plate(22e-9), output: OutputSchedule(everyThickness: 11e-9, everyTime: 0.02))
    let ended = try run(Simulation(former, threads: 1))
    let start = ended.observables.time
    // 24 nm is the second multiple, as 22 nm was of the former interval.
    let present = cell(plate(25e-9), output: OutputSchedule(everyThickness: 12e-9, everyTime: 1))
    let resumed = try Simulation(present, resuming: ended.archive(), of: former, threads: 1)
    var found: [Double] = []
    while resumed.endReason == nil {
      try resumed.step()
      let now = resumed.observables
      if resumed.outputIsDue, resumed.endReason == nil {
        found.append(now.equivalentThickness)
        let isMark = abs(now.time - now.time.rounded()) < 1e-6
        #expect(isMark || abs(now.equivalentThickness / 24e-9 - 1) < 1e-5, "\(now.time)")
      }
    }
    #expect(found.contains { abs($0 / 24e-9 - 1) < 1e-5 }, "\(found)")
    #expect(
      found.count == 1 + Int(resumed.observables.time.rounded(.down)) - Int(start.rounded(.down)), "\(found)")
  }
}
