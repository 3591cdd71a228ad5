import Testing

@testable import Electrodeposition
@testable import Verification

struct ScheduleTests {
  private func film(_ stages: [Stage], output: OutputSchedule = OutputSchedule()) -> Case {
    var cell = PlainCell()
    cell.height = 64
    cell.seeds = Seeds(film: 20 * cell.cell)
    cell.stages = stages
    cell.output = output
    return cell.setup
  }

  @Test("Limits of time, capacity and thickness are hit exactly")
  func limits() throws {
    let setup = film([
      Stage(.current(100), until: Limits(time: 0.1)), Stage(.current(200), until: Limits(capacity: 30)),
      Stage(.potential(-0.1), until: Limits(thickness: 60e-9)),
      Stage(.current(-100), until: Limits(capacity: 5)),
    ])
    let simulation = try Simulation(setup, threads: 1)
    var ends: [Observables] = []
    while simulation.endReason == nil {
      try simulation.step()
      if simulation.state.stageIsOver { ends.append(simulation.observables) }
    }
    #expect(simulation.endReason == .protocolComplete)
    try #require(ends.count == 4)
    #expect(abs(ends[0].time / 0.1 - 1) < 1e-9)
    #expect(abs((ends[1].capacity - ends[0].capacity) / 30 - 1) < 1e-8)
    #expect(abs(ends[2].equivalentThickness / 60e-9 - 1) < 1e-8)
    #expect(abs((ends[2].capacity - ends[3].capacity) / 5 - 1) < 1e-8)
  }

  @Test("Output by time and by thickness is hit exactly")
  func outputs() throws {
    let setup = film(
      [Stage(.current(150), until: Limits(time: 0.5))],
      output: OutputSchedule(everyThickness: 5e-9, everyTime: 0.15))
    let simulation = try Simulation(setup, threads: 1)
    var times = 0
    var thicknesses = 0
    while simulation.endReason == nil {
      try simulation.step()
      guard simulation.outputIsDue else { continue }
      let (time, thickness) = (
        simulation.observables.time / 0.15, simulation.observables.equivalentThickness / 5e-9
      )
      if abs(time - time.rounded()) < 1e-8 { times += 1 }
      if abs(thickness - thickness.rounded()) < 1e-6 { thicknesses += 1 }
    }
    #expect(times == 3)
    #expect(thicknesses == simulation.state.thicknessMark - Int(20 * 2e-9 / 5e-9))
  }

  @Test("Output by thickness goes on while stripping; a height is reached from either side")
  func stripping() throws {
    let setup = film(
      [
        Stage(.current(150), until: Limits(thickness: 47e-9)),
        Stage(.current(-150), until: Limits(height: 22e-9)),
      ], output: OutputSchedule(everyThickness: 5e-9))
    let simulation = try Simulation(setup, threads: 1)
    var marks: [Int] = []
    while simulation.endReason == nil {
      try simulation.step()
      let mark = simulation.observables.equivalentThickness / 5e-9
      if simulation.outputIsDue, abs(mark - mark.rounded()) < 1e-6 { marks.append(Int(mark.rounded())) }
    }
    #expect(marks == [9, 8, 7, 6, 5])
    #expect(abs(simulation.observables.maximumHeight / 22e-9 - 1) < 0.02)
  }

  @Test("Capacity is the charge through the collector")
  func capacity() throws {
    let simulation = try Simulation(
      film([Stage(.current(100), until: Limits(time: 0.1)), Stage(.rest, until: Limits(time: 0.1))]),
      threads: 1)
    while simulation.endReason == nil { try simulation.step() }
    #expect(abs(simulation.observables.capacity / 10 - 1) < 1e-9)
  }

  @Test("A contact that closes makes the step shorter")
  func rejection() throws {
    var cell = PlainCell()
    (cell.width, cell.height) = (32, 40)
    let ohmic = Contact.ohmic(resistance: PlainCell.chosen(1e-7, "ohm m^2"))
    let leaky = Contact.ohmic(resistance: PlainCell.chosen(1e-3, "ohm m^2"))
    let angle = PlainCell.chosen(.pi / 2, "rad")
    cell.substrate = Substrate(
      matrix: Surface(name: "Ni", contactAngle: angle, contact: ohmic),
      islands: Islands(
        diameter: 26e-9, pitch: 64e-9, surface: Surface(name: "island", contactAngle: angle, contact: leaky)))
    cell.seeds = Seeds(onIslands: .init(radius: 10e-9))
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 20))]
    let simulation = try Simulation(cell.setup, threads: 1)
    var before = 0.0
    while simulation.endReason == nil && simulation.pieceViews[0].contactArea[0] == 0 {
      before = simulation.observables.dt
      try simulation.step()
    }
    for _ in 0..<10 { try simulation.step() }
    #expect(simulation.rejectedSteps > 0)
    #expect(simulation.observables.dt < before)
  }

  @Test(
    "Stripping more than there is ends with the last metal",
    arguments: [Control.current(-200), .potential(0.1)])
  func noMetalLeft(control: Control) throws {
    var cell = PlainCell()
    (cell.width, cell.height) = (32, 32)
    // What is left has no cell above one half: a cap of 2ℓ.
    cell.seeds = Seeds(caps: [.init(x: 32e-9, radius: 26e-9)])
    cell.stages = [Stage(control, until: Limits(capacity: 1e4)), Stage(.current(10), until: Limits(time: 1))]
    let simulation = try Simulation(cell.setup, threads: 1)
    let start = simulation.observables.equivalentThickness
    while simulation.endReason == nil && simulation.observables.step < 2000 { try simulation.step() }
    #expect(simulation.endReason == .noMetal)
    #expect(simulation.observables.equivalentThickness < 0.1 * start)
    #expect(abs(simulation.observables.chargeError) < 1e-12)
    #expect(abs(simulation.observables.saltError) < 1e-12)
    let resumed = try Simulation(cell.setup, resuming: simulation.archive(), threads: 1)
    #expect(resumed.endReason == .noMetal)
  }

  @Test("Conservation that do not balance stop the run")
  func unbalanced() throws {
    let simulation = try Simulation(film([Stage(.current(100), until: Limits(time: 1))]), threads: 1)
    try simulation.step()
    simulation.state.saltBook.value += 1e-5 * simulation.state.initialSalt
    let failure = #expect(throws: SolverFailure.self) { try simulation.step() }
    #expect(failure?.description.contains("the books do not balance") == true, "\(failure as Any)")
  }

  @Test("Moments within rounding are one, and cost no tiny steps")
  func coincident() throws {
    // 3 × 0.1 is not 0.3 in binary.
    let simulation = try Simulation(
      film(
        [Stage(.current(10), until: Limits(time: 0.3))], output: OutputSchedule(everyTime: 0.1)), threads: 1)
    var outputs: [Double] = []
    while simulation.endReason == nil {
      try simulation.step()
      #expect(simulation.observables.dt > 1e-6)
      if simulation.outputIsDue { outputs.append(simulation.observables.time) }
    }
    #expect(
      outputs.count == 3 && zip(outputs, [0.1, 0.2, 0.3]).allSatisfy { abs($0 - $1) < 1e-9 }, "\(outputs)")
  }

  @Test("No step is below the minimum but for those cut to hit a moment; then the run fails")
  func minimum() throws {
    var setup = film(
      [Stage(.current(20), until: Limits(time: 0.05)), Stage(.current(2e4), until: Limits(time: 1))],
      output: OutputSchedule(everyTime: 7.3e-4))
    setup.numerics.minimumStep = 1e-3
    let simulation = try Simulation(setup, threads: 1)
    var failure: SolverFailure?
    while failure == nil && simulation.endReason == nil {
      do { try simulation.step() } catch { failure = error }
      let now = simulation.observables
      let isCut =
        simulation.outputIsDue || now.dt > 0.49 * (7.3e-4 - now.time.truncatingRemainder(dividingBy: 7.3e-4))
      #expect(now.dt == 0 || now.dt >= 1e-3 * (1 - 1e-9) || isCut, "\(now.time) \(now.dt)")
    }
    guard case .stepTooSmall(let time, let dt, _)? = failure else {
      Issue.record("\(failure as Any), \(simulation.endReason as Any)")
      return
    }
    #expect(dt < 1e-3 && abs(time - 0.05) < 2e-3 && simulation.observables.stage == 2)
  }

  @Test(
    "A share of the metal that the last plating left is stripped, whatever rests between, and what was there at first"
  )
  func strippedShare() throws {
    let rest = Stage(.rest, until: Limits(time: 0.01))
    let simulation = try Simulation(
      film([
        Stage(.current(-200), until: Limits(strippedShare: 0.25)), rest,
        Stage(.current(200), until: Limits(thickness: 50e-9)), rest,
        Stage(.current(-200), until: Limits(strippedShare: 0.2)), rest,
        Stage(.potential(0.1), until: Limits(strippedShare: 0.4)),
      ]), threads: 1)
    var ends: [Double] = []
    while simulation.endReason == nil {
      try simulation.step()
      // Rests move a little metal as double layers discharge.
      guard simulation.state.stageIsOver, simulation.observables.stage % 2 == 1 else { continue }
      ends.append(simulation.observables.equivalentThickness * 1e9)
    }
    let expected = [40 * (1 - 0.25), 50, 50 * (1 - 0.2), 50 * (1 - 0.4)]
    #expect(zip(ends, expected).allSatisfy { abs($0 / $1 - 1) < 1e-5 } && ends.count == 4, "\(ends)")
  }

  @Test(
    "A limit that is passed as its stage begins ends it at once",
    arguments: [
      Stage(.current(100), until: Limits(thickness: 30e-9)),
      Stage(.current(-100), until: Limits(thickness: 60e-9)),
      Stage(.current(100), until: Limits(height: 30e-9)), Stage(.current(-100), until: Limits(height: 60e-9)),
      Stage(.current(100), until: Limits(voltage: 0.1)), Stage(.current(-100), until: Limits(voltage: -0.1)),
      Stage(.potential(-0.01), until: Limits(current: 1e4)),
      Stage(.potential(-0.01), until: Limits(thickness: 30e-9)),
      Stage(.current(-100), until: Limits(strippedShare: 0.1)),
      Stage(.potential(0.01), until: Limits(strippedShare: 0.1)),
    ])
  func passedLimits(stage: Stage) throws {
    // Of the film that is stripped to less than nine tenths nothing is plated again.
    let before = Stage(.current(-200), until: Limits(thickness: 35e-9))
    let stages = stage.limits.strippedShare == nil ? [stage] : [before, stage]
    var setup = film(stages)
    setup.kinetics.doubleLayerCapacitance.value = 0
    let simulation = try Simulation(setup, threads: 1)
    while simulation.endReason == nil && !(simulation.stage == stages.count - 1) { try simulation.step() }
    #expect(simulation.endReason == .protocolComplete)
    #expect(simulation.observables.dt == 0)
  }

  @Test("Currents of a table pass their charge by its moments")
  func table() throws {
    let currents: [(Double, Double)] = [(150, 0.1), (0, 0.05), (-60, 0.07), (90, 0.03)]
    let stages = currents.map { Stage($0.0 == 0 ? .rest : .current($0.0), until: Limits(time: $0.1)) }
    let simulation = try Simulation(film(stages), threads: 1)
    var (time, charge, count) = (0.0, 0.0, 0)
    while simulation.endReason == nil {
      try simulation.step()
      guard simulation.state.stageIsOver else { continue }
      time += currents[count].1
      charge += currents[count].0 * currents[count].1
      count += 1
      #expect(abs(simulation.observables.time / time - 1) < 1e-12)
      #expect(abs(simulation.observables.capacity / charge - 1) < 1e-9)
    }
    #expect(count == 4)
  }
}
