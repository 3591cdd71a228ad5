import Analysis
import ArgumentParser
import CaseFiles
import Electrodeposition
import Figures
import Foundation
import Spectral

/// Steps a simulation to its end and writes what a run leaves behind.
final class RunLoop {
  private let simulation: Simulation
  private let folder: RunFolder
  private let input: CaseFile
  private let isResumed: Bool
  private let quiet: Bool
  private let saltRange: ClosedRange<Double>
  private let interval: HistoryInterval
  private let started = ContinuousClock.now
  private let firstStep: Int
  private var progress: ProgressLine
  private var lastCheckpoint = ContinuousClock.now
  /// The last moment that was looked at, and that of the last fields and picture.
  private var lastSeen: Observables.Place?
  private var lastOutput: Observables.Place?

  init(_ simulation: Simulation, _ folder: RunFolder, input: CaseFile, isResumed: Bool, quiet: Bool) {
    self.simulation = simulation
    self.folder = folder
    self.input = input
    self.isResumed = isResumed
    self.quiet = quiet
    saltRange = RunLoop.saltRange(input.setup)
    interval = HistoryInterval(first: input.setup.output.historyEvery)
    firstStep = simulation.observables.step
    if isResumed { lastSeen = simulation.observables.place }
    progress = ProgressLine(input.setup, quiet: quiet, progress: simulation.progress)
  }

  /// - Throws: the exit code of the program, after saying what happened.
  func run() throws {
    do {
      if isResumed { try takeUp() } else { try begin() }
      try steps()
    } catch let failure as OutputFailure {
      progress.end()
      printError("\(failure)")
      printError("The run stopped at step \(simulation.observables.step).")
      printResume()
      throw ExitCode.runFailed
    }
  }

  private func begin() throws {
    try record()
    try recordStage()
    try writeCheckpoint()
  }

  private func takeUp() throws {
    try thinHistory()
    try recordStage()
  }

  private func steps() throws {
    while simulation.endReason == nil {
      if let signal = Interrupt.received { try interrupted(signal) }
      do throws(SolverFailure) {
        try simulation.step()
      } catch {
        try failed(error)
      }
      try record()
      try recordStage()
      let interval = Duration.seconds(input.setup.output.checkpointEvery)
      if Interrupt.wantsSave || ContinuousClock.now - lastCheckpoint >= interval { try writeCheckpoint() }
      progress.show(simulation.observables, progress: simulation.progress)
    }
    let reason = simulation.endReason ?? .protocolComplete
    let message = reason.description + (advice(simulation) ?? "")
    try end(reason.rawValue, message)
    printSummary(reason.description)
    guard reason.isEarly else { return }
    printError("The run ended before its protocol did: \(message) (\(reason.rawValue)).")
    throw ExitCode.endedEarly
  }

  private func interrupted(_ signal: Int32) throws {
    progress.end()
    try finish("interrupted", "interrupted")
    printSummary("interrupted")
    printResume()
    throw ExitCode(128 + signal)
  }

  private func failed(_ failure: SolverFailure) throws {
    if folder.history.last != simulation.observables.place {
      var row = simulation.observables
      row.isOutput = true
      try folder.record(row)
    }
    try end("failed", "failed: \(failure)")
    printError("The run failed: \(rounded("\(failure)"))")
    printError("Its last good state, step \(simulation.observables.step), is saved in \(folder.path).")
    printSummary("failed")
    throw ExitCode.runFailed
  }

  // MARK: Writing

  /// The row of the present moment, where it has one, and what goes with it. A run may end at a moment that was seen already.
  private func record() throws {
    guard lastSeen != simulation.observables.place else { return }
    lastSeen = simulation.observables.place
    var row = simulation.observables
    row.isOutput = simulation.outputIsDue
    if row.isOutput || interval.holds(row.step) { try folder.record(row) }
    if row.isOutput { try writeOutputs() }
    if interval.doubles(at: row.step) {
      // A run that goes on from an earlier checkpoint would miss the rows that go.
      try writeCheckpoint()
      try thinHistory()
    }
  }

  private func recordStage() throws {
    if let stage = simulation.endedStage { try folder.record(stage) }
  }

  /// Drops every second row between moments of output where the history has come to its bound.
  private func thinHistory() throws {
    let step = simulation.observables.step
    if interval.doubles(at: step) { try folder.history.thin(to: interval.interval(at: step)) }
  }

  /// Ends a run that will not go on: the last moment is on file, whatever `output` says.
  private func end(_ reason: String, _ message: String) throws {
    progress.end()
    if lastOutput != simulation.observables.place { try writeOutputs() }
    try finish(reason, message)
  }

  private func finish(_ reason: String, _ message: String) throws {
    try writeCheckpoint()
    try folder.finish(reason, message, at: simulation.observables)
  }

  private func writeOutputs() throws {
    lastOutput = simulation.observables.place
    let output = input.setup.output
    guard output.fields || output.pictures else { return }
    let snapshot = simulation.snapshot()
    if output.fields { try folder.writeFields(snapshot) }
    if output.pictures { try folder.writePicture(snapshot, of: input.setup, saltRange: saltRange) }
  }

  private func writeCheckpoint() throws {
    try folder.writeCheckpoint(
      simulation.archive(), caseText: input.text, wisdom: Wisdom.export(), at: simulation.observables)
    lastCheckpoint = ContinuousClock.now
  }

  /// Ends of the colour bar: from a quarter more depletion than below a flat film up to the salt at rest.
  private static func saltRange(_ setup: Case) -> ClosedRange<Double> {
    let salt = setup.electrolyte.concentration.value
    guard let front = Estimates(of: setup).front else {
      // Above the limiting current salt only falls; a cation alone piles up.
      return 0...(setup.migrationRatio == nil ? salt : 2 * salt)
    }
    let drop = max(1.25 * abs(salt - front.surfaceSalt), 1e-3 * salt)
    return front.current < 0 ? salt...(salt + drop) : max(0, salt - drop)...salt
  }

  // MARK: Telling

  /// What would have helped a run that ended early.
  private func advice(_ simulation: Simulation) -> String? {
    if let depletion = simulation.depletion { return ": " + details(of: depletion) }
    let now = simulation.observables
    let stage = input.setup.name(ofStage: now.stage - 1)
    if simulation.endReason == .noMetal {
      return input.setup.stages[now.stage - 1].control.plates
        ? " for \(stage) to plate on: there is no nucleation in this version. Let the stage that strips end at a "
          + "thickness"
        : ", and \(stage) does not end without. Let it end at a thickness, or strip to a voltage"
    }
    guard simulation.endReason == .noProgress else { return nil }
    return
      ": in \(stage) at \(human(now.equivalentThickness, "m")) and \(current(now.currentDensity)) its steps "
      + "are \(duration(now.dt)) long. Look whether a contact lets anything through, give the stage a limit of time, or "
      + "take larger cells"
  }

  /// Where, when and at which current the salt was used up, and what would help.
  private func details(of depletion: Depletion) -> String {
    let here =
      depletion.place.map { place in
        let y = input.setup.box.depth == nil ? "" : ", y = " + human(place.y, "m")
        return "at x = \(human(place.x, "m"))\(y), z = \(human(place.z, "m"))"
      } ?? "at the counter electrode"
    let steady =
      depletion.limitingCurrent < abs(depletion.current)
      ? "the largest steady current is \(current(depletion.limitingCurrent))"
      : "seen from the whole box this current is below the limiting one of \(current(depletion.limitingCurrent)), but "
        + "not where it goes"
    return
      "\(here) after \(duration(depletion.time)), under \(current(depletion.current)); \(steady). Take a smaller "
      + "current, hold a potential instead, or give the electrolyte more salt or less thickness"
  }

  private func printResume() {
    let advice = RunFolder.advice(folder.path)
    printError(advice.prefix(1).uppercased() + advice.dropFirst())
  }

  private func printSummary(_ reason: String) {
    if quiet { return }
    let now = simulation.observables
    let wall = seconds(ContinuousClock.now - started)
    let steps = max(1, now.step - firstStep)
    print(Terminal.bold("\(input.setup.title): \(reason)"))
    print(
      table(
        [
          ["time", human(now.time, "s") + ", \(now.step) steps"],
          ["capacity", human(now.capacity, "C/m^2")],
          account(now),
          ["thickness", human(now.equivalentThickness, "m") + " of metal per area of substrate"],
          ["height", "\(human(now.meanHeight, "m")) in the mean, \(human(now.maximumHeight, "m")) at most"],
          ["roughness", human(now.roughness, "m")],
          ["film", film()],
          input.setup.kinetics.interphase == nil
            ? []
            : [
              "SEI",
              "\(human(now.interphaseThickness, "m")) in the mean, \(human(now.largestInterphaseThickness, "m")) at most",
            ],
          now.deadMetal > 0 ? ["dead metal", human(now.deadMetal, "m") + " without electronic contact"] : [],
          ["charge error", imbalance(now.chargeError)],
          ["salt error", imbalance(now.saltError)],
          ["wall time", "\(duration(wall)), \(short(1000 * wall / Double(steps))) ms a step"],
          input.setup.output.pictures ? ["pictures", folder.path + "/pictures/"] : [],
          input.setup.output.fields ? ["fields", folder.path + "/fields/"] : [],
          ["history", folder.history.path],
        ].filter { !$0.isEmpty }))
  }

  /// Where the charge went, if not into metal alone.
  private func account(_ now: Observables) -> [String] {
    let others = [(now.interphaseCharge, "in SEI"), (now.conversionCharge, "in the substrate")]
      .filter { $0.0 != 0 }
    guard !others.isEmpty else { return [] }
    let parts = ([(now.metalCharge, "in metal")] + others).map { "\(human($0.0, "C/m^2")) \($0.1)" }
    return ["of it", parts.joined(separator: ", ")]
  }

  /// Whether the film is closed, and at which thickness it first was.
  private func film() -> String {
    let history = try? HistoryTable(reading: folder.history.path)
    let bare = history?["bare_fraction"] ?? []
    let first = bare.firstIndex { $0 < 0.01 }
    let state = simulation.observables.bareFraction
    let closing = first.flatMap { index in
      (history?["equivalent_thickness_m"]).map {
        index == 0 ? "from the start" : "at " + human($0[index], "m")
      }
    }
    if state < 0.01 { return "closed" + (closing.map { " " + $0 } ?? "") }
    return "not closed: \(short(100 * state)) % bare" + (closing.map { ", but was closed " + $0 } ?? "")
  }
}
