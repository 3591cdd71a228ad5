import Spectral

extension Simulation {
  /// Advances by one accepted step, or from a stage that is over to the start of the next one, at the same time.
  ///
  /// - Throws: `.stepTooSmall` when no step, however small, meets the tolerances. The state is then that of
  ///   the last accepted step.
  public func step() throws(SolverFailure) {
    guard endReason == nil else { return }
    if state.stageIsOver { return try beginNextStage() }
    var wanted = state.proposedStep
    let smallest = setup.numerics.minimumStep ?? min(wanted, stepSize.smallest(state.now))
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
  private struct StepOutcome {
    let bdf: BDF2
    let error: StepSize.StepError
    let piecesChanged: Bool
    let nextIdentity: Int32
    let closureDefect: Double
    let salt: SaltTransport.Outcome
    let potentialIterations: Int
    /// Faradaic current that made metal, and that which the salt was solved with, A.
    let current, reacted: Double
    let passedCurrent: Double
    let audit: Audit
  }

  /// b, and what is implicit: it keeps the explicit Gibbs–Thomson term, and what holds the profile, stable. Nothing may
  /// depend on either. A variational b is physical.
  func setMobility(_ level: TimeLevel) {
    if let physical = setup.variationalMobility {
      (level.mobility, level.levelling) = (physical, physical)
      return
    }
    let capillary = setup.volumePerCharge * setup.capillaryConstant * level.largestSlope
    level.mobility = mobilityFactor * (2 * level.frontSpeed * domain.width + 0.75 * capillary)
    level.levelling = max(2.25 * capillary, level.mobility)
  }

  /// Computes a step into `trial`: metal, its shape and pieces, salt, potentials, motion.
  private func attempt(_ bdf: BDF2) throws(SolverFailure) -> StepOutcome {
    var current = bdf.extrapolate(state.now.faradaicCurrent, state.before.faradaicCurrent)
    var charge = state.reacted.advanced(by: bdf, rate: current)
    orderParameter.advance(
      trial, from: state, by: bdf, mobility: state.now.mobility, levelling: state.now.levelling)
    pieceRegions.update(state.now)
    let defect = orderParameter.applyChargeClosure(
      trial, from: state, by: bdf, target: state.initialMetal + setup.volumePerCharge * charge,
      regions: pieceRegions, enabled: setup.numerics.closure && !setup.isVariational)
    if setup.isVariational {
      current = orderParameter.setReactionFromGrowth(trial, from: state, by: bdf)
      charge = state.reacted.advanced(by: bdf, rate: current)
    }
    partIsDone?(.metal)
    interfaceGeometry.update(trial)
    var nextIdentity = state.nextIdentity
    let changed = pieceFinder.update(trial, from: state.now, nextIdentity: &nextIdentity)
    let deposit = setup.volumePerCharge * charge / domain.grid.area
    trial.lastFarCell = (farField.initialCells.last ?? 0) + deposit
    partIsDone?(.shape)
    let transported = try solveTransport(bdf, foreseen: current)
    let salt = transported.salt
    trial.exchangeTime = stepSize.exchange(trial)
    partIsDone?(.potential)
    let audit = audit(
      trial, charge: charge, bookedSalt: state.saltBook.advanced(by: bdf, rate: salt.bookedRate))
    // With the closure off its defect is what one wants to see.
    guard abs(audit.saltError) < Self.largestError,
      abs(audit.chargeError) < Self.largestError || !setup.numerics.closure
    else { throw .unbalanced(charge: audit.chargeError, salt: audit.saltError) }
    interfaceVelocity.update(trial)
    let way = stepSize.motion(trial, from: state.now)
    trial.motionSpeed = max(way / bdf.dt, 0.02 * trial.frontSpeed)
    setMobility(trial)
    var error = stepSize.error(trial, from: state, by: bdf, way: way, salt)
    error.motion = max(error.motion, stepSize.error(ofShift: owedShift(bdf, current, transported)))
    partIsDone?(.motion)
    return StepOutcome(
      bdf: bdf, error: error,
      piecesChanged: changed, nextIdentity: nextIdentity, closureDefect: defect, salt: salt,
      potentialIterations: transported.potentialIterations, current: current,
      reacted: transported.current,
      passedCurrent: bdf.extrapolate(state.now.collectorCurrent, state.before.collectorCurrent),
      audit: audit)
  }

  /// How far the surface will be moved in the next step to make up for what has reacted beyond the extrapolated current, m.
  private func owedShift(
    _ bdf: BDF2, _ current: Double, _ transported: Transported
  ) -> Double {
    let surface = trial.pieces.reduce(0) { $0 + $1.area }
    guard surface > 0, !setup.isVariational else { return 0 }
    let charge = abs(transported.current - current) * bdf.dt / bdf.alpha0
    return setup.volumePerCharge * charge / surface
  }

  /// Errors of the books from which on a run makes no sense; sound ones stay below 10⁻⁹.
  private static let largestError = 1e-6

  /// A shorter step when the outcome is not good enough, else `nil`.
  private func rejection(of outcome: StepOutcome, _ wanted: Double) -> Double? {
    guard setup.numerics.fixedStep == nil, outcome.error.isTooLarge else { return nil }
    return stepSize.next(outcome.bdf, outcome.error, state.now)
  }

  private func accept(_ outcome: StepOutcome, _ wanted: Double) {
    let previous = observables
    swapMoments()
    surfaceSalt = SurfaceSalt(state.now, domain)
    state.time += outcome.bdf.dt
    state.step += 1
    state.lastStep = outcome.bdf.dt
    state.nextIdentity = outcome.nextIdentity
    state.charge = state.reacted.advanced(by: outcome.bdf, rate: outcome.current)
    state.reacted.advance(by: outcome.bdf, rate: outcome.reacted)
    state.collectorCharge.advance(by: outcome.bdf, rate: outcome.passedCurrent)
    state.saltBook.advance(by: outcome.bdf, rate: outcome.salt.bookedRate)
    state.nextIsEuler = outcome.piecesChanged
    // A step cut short to hit a moment says nothing against the size that was wanted.
    state.proposedStep = stepSize.next(
      outcome.bdf, outcome.error, state.now, atLeast: outcome.error.isTooLarge ? 0 : wanted)
    if let step = setup.numerics.fixedStep {
      state.proposedStep = step
    } else if outcome.piecesChanged {
      let first = max(stepSize.initial(state.now), setup.numerics.minimumStep ?? 0)
      state.proposedStep = min(state.proposedStep, first)
    }
    resolveCharging(after: outcome.bdf)
    observe(
      outcome.audit, saltIterations: outcome.salt.iterations,
      potentialIterations: outcome.potentialIterations,
      closureDefect: outcome.closureDefect, smallestSalt: smallestSalt(outcome.salt), previous: previous)
    outputIsDue = schedule.markOutput(state)
    state.startLeft = max(0, state.startLeft - 1)
    state.isOpen = isOpen
    state.meetingLeft = isOpen ? MeasuredCosts.meetingSteps : max(0, state.meetingLeft - 1)
    endOrGoOn()
  }

  /// The smallest c of the electrolyte, mol/m³: not that inside the interface, as long as the salt reaches the surface.
  private func smallestSalt(_ salt: SaltTransport.Outcome) -> Double {
    max(salt.smallest, min(salt.smallestOutside, surfaceSalt.smallest))
  }

  /// `trial` becomes the present, the present the past, the past the new trial.
  private func swapMoments() {
    let free = state.before
    state.before = state.now
    state.now = trial
    trial = free
  }

  /// Metal of a moment, and what the books say to it.
  struct Audit {
    /// m³.
    var metal: Double
    var chargeError: Double
    var saltError: Double
  }

  func audit(_ level: TimeLevel, charge: Double, bookedSalt: Double) -> Audit {
    let (metal, salt) = inventory(level)
    let plated = (metal - state.initialMetal) / setup.volumePerCharge
    let scale = max(metal / setup.volumePerCharge, abs(charge))
    let drift = salt - state.initialSalt - bookedSalt
    return Audit(
      metal: metal, chargeError: scale > 0 ? (plated - charge) / scale : 0,
      saltError: drift / state.initialSalt)
  }

  /// Metal, m³ (m² per metre of depth in two dimensions), and ∫ε c dV over box and far field, mol.
  func inventory(_ level: TimeLevel) -> (metal: Double, salt: Double) {
    let (xi, d, c) = (level.metal.base, level.distance.base, level.salt.base)
    let sums = domain.overPlanes(+) { cells in
      var (metal, salt) = (Vector(repeating: 0), Vector(repeating: 0))
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let value = load(xi, i)
        metal += domain.volume.share(value, distance: load(d, i))
        salt += (1 - value) * load(c, i)
      }
      return SIMD4(metal.sum(), salt.sum(), 0, 0)
    }
    let volume = domain.grid.cellVolume
    return (sums[0] * volume, sums[1] * volume + farField.salt(level) * domain.grid.area)
  }

  /// Measures the present moment.
  func observe(
    _ audit: Audit, saltIterations: Int, potentialIterations: Int, closureDefect: Double,
    smallestSalt: Double?, previous: Observables?
  ) {
    let now = state.now
    let heights = Heights(now.metal, domain)
    let area = domain.grid.area
    observables.step = state.step
    observables.time = state.time
    observables.dt = state.lastStep
    observables.stage = state.stage + 1
    observables.cycle = schedule.cycles[state.stage]
    observables.voltage = now.voltage
    observables.currentDensity = now.collectorCurrent / area
    observables.capacity = state.collectorCharge.value / area
    observables.equivalentThickness = audit.metal / area
    observables.meanHeight = heights.mean
    observables.maximumHeight = heights.maximum
    observables.roughness = heights.roughness
    observables.bareFraction = heights.bareFraction
    observables.tipSpeed = previous.map { (heights.maximum - $0.maximumHeight) / state.lastStep } ?? 0
    observables.minimumSalt = smallestSalt ?? setup.electrolyte.concentration.value
    observables.pieces = now.pieces.count
    let farthest = now.pieces.max { abs($0.potential - now.voltage) < abs($1.potential - now.voltage) }
    observables.piecePotential = farthest?.potential ?? now.voltage
    observables.chargeError = audit.chargeError
    observables.saltError = audit.saltError
    observables.closureDefect = closureDefect
    observables.saltIterations = saltIterations
    observables.potentialIterations = potentialIterations
  }
}
