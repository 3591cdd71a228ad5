import Spectral

extension Simulation {
  /// Goes from a stage that is over to the start of the next, in which no time passes.
  ///
  /// - Throws: what the solve of the first moment meets. The state is then that of the end of the old stage.
  func beginNextStage() throws(SolverFailure) {
    let now = state.now
    let (potential, pieces) = (now.potential.values, now.pieces)
    let (voltage, counterPotential) = (now.voltage, now.counterPotential)
    state.stage += 1
    do throws(SolverFailure) {
      try beginStage()
    } catch {
      state.stage -= 1
      state.stageIsOver = true
      (now.potential.values, now.pieces) = (potential, pieces)
      (now.voltage, now.counterPotential) = (voltage, counterPotential)
      throw error
    }
  }

  /// Solves the present moment again under the control of the stage that begins, and measures it.
  func beginStage() throws(SolverFailure) {
    let now = state.now
    state.stageIsOver = false
    saltTransport.prepare(now)
    let passed = state.collectorCharge
    let iterations = try solveStart()
    state.stageStartTime = state.time
    state.stageStartCharge = passed
    state.stageStartInterphase = state.interphase.value
    state.stageStartDeadMetal = deadMetal / domain.grid.area
    state.stageStartHeight = Heights(now.metal, domain).maximum
    state.stageStartThickness = schedule.thickness(state, charge: state.charge)
    state.stageStartVoltage = now.voltage
    if schedule.followsPlating(state) { state.platedThickness = state.stageStartThickness }
    state.voltageTime = 0
    (state.watchedStep, state.watchedShare) = (state.step, 0)
    state.hadSalt = false
    startAnew(iterations)
  }

  /// The first step of a stage, or after metal has appeared, from the moment that is solved.
  func startAnew(_ iterations: Int) {
    let now = state.now
    now.exchangeTime = stepSize.exchange(now, counter: potentialSolver.counterElectrode?.response ?? 0)
    interfaceVelocity.update(now)
    now.motionSpeed = now.frontSpeed
    setMobility(now)
    state.startLeft = schedule.expected.starts[state.stage]
    state.nextIsEuler = true
    beginCharging()
    state.proposedStep = stepSize.initial(now)
    if setup.numerics.initialStep == nil { resolveCharging() }
    observe(
      audit(now, charge: state.charge, bookedSalt: state.saltBook.value), saltIterations: 0,
      potentialIterations: iterations, closureDefect: 0, smallestSalt: observables.minimumSalt, previous: nil)
    observables.dt = 0
    outputIsDue = true
    state.isOpen = isOpen
    endOrGoOn()
  }

  /// Solves the potentials of a stage's first moment. Double layers keep their charge; those that a held potential
  /// charges at once take theirs through the collector.
  func solveStart() throws(SolverFailure) -> Int {
    let (now, network) = (state.now, potentialSolver.network)
    let (pieces, voltage) = (now.pieces, now.voltage)
    let held = schedule.heldPotential(state)
    if let held { now.voltage = held }
    interphaseGrowth?.begin(now)
    let setting = ContactNetwork.Setting(
      dt: 0, oldPotentials: pieces.map(\.potential), oldVoltage: voltage,
      current: schedule.drivenCurrent(state), oldExtent: now.extent)
    let current = now.reactingCurrent
    let end = farField.endSalt(now, current: current / domain.grid.area)
    let iterations = try potentialSolver.solve(now, setting, at: state.time, end: end)
    if isBare(now) { leaveBare(now, setting, after: now) }
    network.restoreHeld(now, setting)
    if held != nil { state.book(layers: -network.charge(now, since: pieces, voltage)) }
    return iterations
  }

  // MARK: Charging

  /// Error of a double layer's voltage in a step, as a fraction of what it has to go, of RT/F at most.
  private static let chargingAccuracy = 5e-3
  /// Time constants in which a double layer is followed: half of them bring it from several RT/F to one, half from there
  /// to its accuracy.
  private static let chargingTimes = -2 * log(chargingAccuracy)

  /// Notes how closely the steps of the stage that begins have to follow double layers: not at all where nothing is seen
  /// to charge.
  private func beginCharging() {
    let thermal = 1 / setup.inverseThermalVoltage
    let way = charging().map(\.way).max() ?? 0
    state.chargingError = Self.chargingAccuracy * min(way, thermal)
    state.chargingLeft = way > setup.numerics.potentialTolerance * thermal ? Self.chargingTimes : 0
  }

  /// Shortens the next step while double layers charge. With d²V/dt² = (dV/dt)/τ a step must not miss the course of V; what
  /// V follows more slowly is told by how far it came to lie from where it was extrapolated to.
  ///
  /// - Parameter last: the step to the present moment, `nil` at the start of a stage.
  func resolveCharging(after last: BDF2? = nil) {
    guard state.chargingLeft > 0, setup.numerics.fixedStep == nil else { return }
    let layers = charging().filter { $0.way >= state.chargingError }
    guard var step = layers.map({ (state.chargingError * $0.time / abs($0.rate)).squareRoot() }).min() else {
      state.chargingLeft = 0
      return
    }
    if let last {
      state.chargingLeft -= last.dt / (layers.map(\.time).max() ?? .infinity)
      let missed = potentialMissed(by: last)
      if last.ratio > 0 { step = max(step, 0.9 * last.dt * (state.chargingError / missed).squareRoot()) }
    }
    shortenNextStep(to: step)
  }

  /// Largest distance of a potential of metal and collector from where the moments before it led to, V.
  private func potentialMissed(by last: BDF2) -> Double {
    // After a step the trial level is the one before the last two.
    let (now, before, oldest) = (state.now, state.before, trial)
    let missed = now.pieces.map { piece in
      guard let latest = before.potential(of: piece.identity), let old = oldest.potential(of: piece.identity)
      else { return 0.0 }
      return abs(piece.potential - last.extrapolate(latest, old))
    }
    return max(abs(now.voltage - last.extrapolate(before.voltage, oldest.voltage)), missed.max() ?? 0, 1e-12)
  }

  private func charging() -> [ContactNetwork.Charging] {
    potentialSolver.network.charging(
      state.now, current: schedule.drivenCurrent(state), slopes: potentialSolver.reaction.slopes(state.now),
      conversion: potentialSolver.reaction.converting)
  }

  // MARK: Ends

  /// Ends the run when it is over or cannot go on, the stage when a limit of it is reached.
  func endOrGoOn() {
    if let salt = saltThatIsPlated, salt > 0 { state.hadSalt = true }
    let isOver = schedule.isStageOver(
      state, maximumHeight: observables.maximumHeight, voltage: observables.voltage)
    if isBare(state.now) && !isOver && !seedsMayAppear && !schedule.goesOnBare(state) {
      return end(state.now.pieces.isEmpty ? .noMetal : .voltageLimit)
    }
    if let obstacle { return end(obstacle) }
    if isOver {
      state.stageIsOver = true
      outputIsDue = true
      if schedule.isLast(state.stage) { return end(.protocolComplete) }
    } else if isStuck() {
      return end(.noProgress)
    }
    state.progress = schedule.progress(state, maximumHeight: observables.maximumHeight)
  }

  /// Ends the run with the present moment as its last one.
  func end(_ reason: EndReason) {
    endReason = reason
    outputIsDue = true
  }

  /// Whether metal is in pieces, or leaves substrate bare, and too little for them to have met.
  var isOpen: Bool {
    (observables.pieces != 1 || observables.bareFraction >= 0.01)
      && observables.equivalentThickness < schedule.expected.closing
  }

  /// What keeps the protocol from going on.
  private var obstacle: EndReason? {
    if abs(observables.voltage) > EndReason.largestVoltage {
      return isDriven && isUsedUp ? .depleted : .voltageLimit
    }
    if isDepleted { return .depleted }
    let top = state.now.faradaicCurrent > 0 ? setup.highestPlating : setup.box.height - domain.width
    return observables.maximumHeight - domain.bottom > top ? .topReached : nil
  }
}

extension Simulation {
  /// Steps after which it is looked at how the stage gets on, and the most that it may take at that pace.
  private static let watch = 1000
  private static let mostSteps = 1e7

  /// Whether the stage would not come to an end within ten million steps at the pace of the last thousand. Looks, and notes
  /// how far it is, each thousand steps.
  private func isStuck() -> Bool {
    guard state.step >= state.watchedStep + Self.watch, setup.numerics.fixedStep == nil,
      let share = schedule.share(state, maximumHeight: observables.maximumHeight)
    else { return false }
    let gain = share - state.watchedShare
    (state.watchedStep, state.watchedShare) = (state.step, share)
    return gain * Self.mostSteps < (1 - share) * Double(Self.watch)
  }

  /// Whether no salt is left where a given current plates: Sand's time is over. Under a held potential the current falls
  /// instead.
  private var isDepleted: Bool {
    guard state.hadSalt, let salt = saltThatIsPlated else { return false }
    return salt <= 0
  }

  /// Goes half of the way to Sand's time with each step, to a thousandth of it.
  ///
  /// - Parameters: c at the electrode that a given current plates (mol/m³) before the last step, and that step, s.
  func resolveDepletion(from before: Double?, after dt: Double) {
    guard let before, let salt = saltThatIsPlated, salt > 0, salt < before, setup.numerics.fixedStep == nil
    else { return }
    let left = dt * salt / (before - salt)
    shortenNextStep(to: max(left / 2, 1e-3 * (state.time - state.stageStartTime)))
  }

  /// c at the electrode that a given current plates, mol/m³: the metal, or the counter electrode. `nil` of any other.
  var saltThatIsPlated: Double? {
    guard let current = schedule.drivenCurrent(state) else { return nil }
    if current > 0 { return surfaceSalt.plated }
    guard current < 0, setup.electrolyte.end == .counterElectrode else { return nil }
    return farField.endSalt(state.now, current: current / domain.grid.area).salt
  }

  /// Whether a given current plates.
  var isDriven: Bool { schedule.drivenCurrent(state).map { $0 > 0 } ?? false }

  /// Whether the salt at the metal is all but used up somewhere.
  var isUsedUp: Bool {
    observables.minimumSalt < 0.01 * setup.electrolyte.concentration.value
  }

  /// Where the salt is used up, of a run that ended because it is; `nil` of any other.
  public var depletion: Depletion? {
    guard endReason == .depleted else { return nil }
    return Depletion(
      place: isDriven ? surfaceSalt.place : nil, time: state.time, current: observables.currentDensity,
      limitingCurrent: setup.limitingCurrent)
  }
}

extension Case {
  /// Room that metal which plates needs below the top of the box, in ℓ: with 6 the current of a bump on a film is within
  /// 10⁻⁴ of that in a box twice as high, with 4 within 10⁻³, with 2 within 10⁻².
  package static let headroom = 6.0

  /// Height above the bottom of the box at which metal that plates ends the run, m. What rests or dissolves may rise above
  /// it as it rounds off.
  package var highestPlating: Double { box.height - Case.headroom * discretisation.interfaceWidth }
}
