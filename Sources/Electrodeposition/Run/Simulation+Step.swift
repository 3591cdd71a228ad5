import Spectral

extension Simulation {
  /// Advances by one accepted step, or from a stage that is over to the start of the next one, at the same time.
  ///
  /// - Throws: `.stepTooSmall` when no step, however small, meets the tolerances. The state is then that of
  ///   the last accepted step.
  public func step() throws(SolverFailure) {
    guard endReason == nil else { return }
    if state.stageIsOver { return try beginNextStage() }
    if seedsAreDue { try placeSeeds() }
    followFront()
    guard endReason == nil else { return }
    var wanted = state.proposedStep
    let smallest = stepSize.smallest(state.now, wanted: wanted)
    var reason = "no longer step is accurate"
    endIsUsedUp = false
    while true {
      guard wanted >= smallest else {
        if endIsUsedUp || isDriven && isUsedUp { return end(.depleted) }
        let limit =
          setup.numerics.minimumStep.map { ", and numerics.minimum_step allows none below \($0) s" } ?? ""
        throw .stepTooSmall(time: state.time, dt: wanted, reason: reason + limit)
      }
      let dt = schedule.clipped(wanted, state)
      do throws(SolverFailure) {
        let outcome = try attempt(bdf(dt))
        if let shorter = rejection(of: outcome, wanted) {
          wanted = min(shorter, 0.9 * dt)
          reason = "the error stays too large"
        } else {
          return accept(outcome, wanted)
        }
      } catch {
        wanted = dt / 4
        reason = error.description
        if case .endDepleted = error { endIsUsedUp = true } else { endIsUsedUp = false }
      }
      rejectedSteps += 1
    }
  }

  private func bdf(_ dt: Double) -> BDF2 {
    BDF2(dt: dt, previous: state.nextIsEuler ? nil : state.lastStep)
  }

  /// A computed step that is not yet accepted; its fields are in `trial`.
  struct StepOutcome {
    let bdf: BDF2
    /// Current that makes metal, extrapolated, A.
    var current = 0.0
    /// Currents by which the books advance, A.
    var booked = Currents()
    /// Charge of the metal at n+1, and through the collector, C.
    var charge = 0.0
    var collectorCharge = 0.0
    var closureDefect = 0.0
    var piecesChanged = false
    var nextIdentity: Int32
    var salt = SaltTransport.Outcome()
    var potentialIterations = 0
    var audit = Audit()
    var error = StepSize.StepError()
  }

  /// Computes a step into `trial`, stage by stage.
  ///
  /// Time levels: n+1 is the trial's, n is `state.now`, n−1 is `state.before`. D_t is the backward difference over the
  /// three, and what is extrapolated is taken from n and n−1. `docs/numerics.md` has the same list.
  private func attempt(_ bdf: BDF2) throws(SolverFailure) -> StepOutcome {
    var outcome = StepOutcome(bdf: bdf, nextIdentity: state.nextIdentity)
    advanceOrderParameter(&outcome)  // ξⁿ⁺¹: what levels it is implicit, v w and the bracket extrapolated
    closeVolumes(&outcome)  // the metal of each piece is that of its charge at n+1
    updateGeometry(outcome)  // d, K, interface and far field at n+1
    updatePieces(&outcome)  // labels and contacts of the pieces at n+1
    try solveSaltAndPotentials(&outcome)  // cⁿ⁺¹, φⁿ⁺¹, φ_k, V
    try checkBalance(&outcome)  // the books of charge and salt balance at n+1
    interfaceVelocity.update(trial)  // vⁿ⁺¹, for the next step
    setMobility(trial)  // b and m of the next step
    outcome.error = stepError(outcome)  // the error: n+1 against what was extrapolated
    partIsDone?(.motion)
    return outcome
  }

  /// A shorter step when the outcome is not good enough, else `nil`.
  private func rejection(of outcome: StepOutcome, _ wanted: Double) -> Double? {
    guard setup.numerics.fixedStep == nil, outcome.error.isTooLarge else { return nil }
    return stepSize.next(outcome.bdf, outcome.error, state.now)
  }

  private func accept(_ outcome: StepOutcome, _ wanted: Double) {
    let (previous, plated) = (observables, saltThatIsPlated)
    swapLevels()
    measureSurfaceSalt()
    state.time += outcome.bdf.dt
    state.step += 1
    state.lastStep = outcome.bdf.dt
    state.nextIdentity = outcome.nextIdentity
    (state.charge, state.collectorCharge) = (outcome.charge, outcome.collectorCharge)
    state.advanceBooks(outcome.booked, by: outcome.bdf)
    state.saltBook.advance(by: outcome.bdf, rate: outcome.salt.bookedRate)
    state.nextIsEuler = outcome.piecesChanged
    // A step cut short to hit a moment says nothing against the size that was wanted.
    state.proposedStep = stepSize.next(
      outcome.bdf, outcome.error, state.now, atLeast: outcome.error.isTooLarge ? 0 : wanted)
    if let step = setup.numerics.fixedStep {
      state.proposedStep = step
    } else if outcome.piecesChanged {
      shortenNextStep(to: stepSize.initial(state.now))
    }
    resolveCharging(after: outcome.bdf)
    resolveDepletion(from: plated, after: outcome.bdf.dt)
    approachSeeds(from: state.before.voltage, after: outcome.bdf.dt)
    observe(
      outcome.audit, saltIterations: outcome.salt.iterations,
      potentialIterations: outcome.potentialIterations,
      closureDefect: outcome.closureDefect, smallestSalt: smallestSalt(outcome.salt), previous: previous)
    state.voltageTime += outcome.bdf.dt * (previous.voltage + observables.voltage) / 2
    outputIsDue = schedule.markOutput(state)
    state.startLeft = max(0, state.startLeft - 1)
    state.isOpen = isOpen
    state.meetingLeft = isOpen ? MeasuredCosts.meetingSteps(setup) : max(0, state.meetingLeft - 1)
    endOrGoOn()
  }

  /// Makes the next step no longer than this, s, as far as the case allows.
  func shortenNextStep(to step: Double) {
    state.proposedStep = min(state.proposedStep, stepSize.allowed(step))
  }

  /// Measures the salt at the surface of the present level.
  func measureSurfaceSalt() {
    surfaceSalt = SurfaceSalt(state.now, domain, schedule.heldPotential(state) == nil ? nil : surfaceLaw)
  }

  /// The smallest c of the electrolyte, mol/m³: not that inside the interface, as long as the salt reaches the surface.
  private func smallestSalt(_ salt: SaltTransport.Outcome) -> Double {
    max(salt.smallest, min(salt.smallestOutside, surfaceSalt.smallestNear))
  }

  /// `trial` becomes the present, the present the past, the past the new trial.
  private func swapLevels() {
    let free = state.before
    state.before = state.now
    state.now = trial
    trial = free
  }
}
