import Spectral

/// The stages of a step, in their order.
extension Simulation {
  /// ξⁿ⁺¹, before the charge closure, and the charge that its metal is to have.
  func advanceOrderParameter(_ outcome: inout StepOutcome) {
    let bdf = outcome.bdf
    outcome.current = bdf.extrapolate(state.now.faradaicCurrent, state.before.faradaicCurrent)
    outcome.charge = state.reacted.advanced(by: bdf, rate: outcome.current)
    outcome.booked = Currents(extrapolated: state, by: bdf)
    outcome.collectorCharge = state.collected.advanced(by: bdf, rate: outcome.booked.collector)
    orderParameter.advance(
      trial, from: state, by: bdf, mobility: state.now.mobility, levelling: state.now.levelling)
  }

  /// The metal of each piece becomes that of its charge, unless its growth is what reacts.
  func closeVolumes(_ outcome: inout StepOutcome) {
    let bdf = outcome.bdf
    let growthReacts = setup.capillarity.growthReacts
    pieceRegions.update(state.now)
    outcome.closureDefect = orderParameter.applyChargeClosure(
      trial, from: state, by: bdf, target: state.initialMetal + setup.volumePerCharge * outcome.charge,
      regions: pieceRegions, enabled: setup.numerics.closure && !growthReacts)
    if growthReacts {
      outcome.current = orderParameter.setReactionFromGrowth(trial, from: state, by: bdf)
      outcome.charge = state.reacted.advanced(by: bdf, rate: outcome.current)
    }
    partIsDone?(.metal)
  }

  /// d, K and the interface cells of the new ξ, and the far field that recedes from the deposit.
  func updateGeometry(_ outcome: StepOutcome) {
    if potentialSolver.conversion != nil {
      domain.wall.extent.values = zip(state.now.extent, state.before.extent).map {
        min(1, max(0, outcome.bdf.extrapolate($0, $1)))
      }
    }
    interfaceGeometry.update(trial)
    let deposit = setup.volumePerCharge * outcome.charge / domain.grid.area
    trial.farThickness = farField.thickness(grown: deposit - domain.bottom)
  }

  func updatePieces(_ outcome: inout StepOutcome) {
    outcome.piecesChanged = pieceFinder.update(
      trial, from: state.now, nextIdentity: &outcome.nextIdentity)
    partIsDone?(.shape)
  }

  func solveSaltAndPotentials(_ outcome: inout StepOutcome) throws(SolverFailure) {
    interphaseGrowth?.carry(to: trial, from: state, by: outcome.bdf)
    outcome.booked.metal = outcome.current
    let transported = try solveTransport(outcome.bdf, foreseen: outcome.booked)
    outcome.salt = transported.salt
    if transported.isTogether {
      outcome.booked = Currents(trial)
      let last = lastCurrents(trial, outcome.bdf)
      outcome.booked.metal += last.metal
      outcome.booked.interphase += last.interphase
    }
    outcome.potentialIterations = transported.potentialIterations
    trial.exchangeTime = stepSize.exchange(trial, counter: potentialSolver.counterElectrode?.response ?? 0)
    partIsDone?(.potential)
  }

  /// - Throws: `.unbalanced` when charge or salt were lost.
  func checkBalance(_ outcome: inout StepOutcome) throws(SolverFailure) {
    let bookedSalt = state.saltBook.advanced(by: outcome.bdf, rate: outcome.salt.bookedRate)
    let audit = audit(trial, charge: outcome.charge, bookedSalt: bookedSalt)
    outcome.audit = audit
    // With the closure off its defect is what one wants to see.
    guard abs(audit.saltError) < Self.largestImbalance,
      abs(audit.chargeError) < Self.largestImbalance || !setup.numerics.closure
    else { throw .unbalanced(charge: audit.chargeError, salt: audit.saltError) }
  }

  /// Errors of the books from which on a run makes no sense; sound ones stay below 10⁻⁹.
  private static let largestImbalance = 1e-6

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

  /// How far a trial that is solved strains what a step may be wrong by; notes how fast its surface moved.
  func stepError(_ outcome: StepOutcome) -> StepSize.StepError {
    let way = stepSize.motion(trial, from: state.now)
    trial.motionSpeed = max(way / outcome.bdf.dt, 0.02 * trial.frontSpeed)
    var error = stepSize.error(trial, from: state, by: outcome.bdf, way: way, outcome.salt)
    error.motion = max(
      error.motion, stepSize.error(ofShift: owedShift(outcome)), conversionError(outcome),
      interphaseError(outcome))
    return error
  }

  /// How far extent and potential of the collector came to lie from where they were extrapolated to, in units of what is
  /// accepted where the substrate is converted: 10⁻³ of the extent, a twentieth of RT/F. V counts where there is no
  /// metal, but for the first step without: it jumps as the last of it goes.
  private func conversionError(_ outcome: StepOutcome) -> Double {
    guard potentialSolver.conversion != nil else { return 0 }
    let (now, before, bdf) = (state.now, state.before, outcome.bdf)
    func departure(_ found: Double, _ now: Double, _ before: Double) -> Double {
      bdf.ratio > 0 ? abs(found - bdf.extrapolate(now, before)) : abs(found - now) / 2
    }
    let extent = trial.extent.indices.reduce(0) {
      max($0, departure(trial.extent[$1], now.extent[$1], before.extent[$1]))
    }
    let isBare = now.pieces.isEmpty && trial.pieces.isEmpty && bdf.ratio > 0
    let voltage = isBare ? departure(trial.voltage, now.voltage, before.voltage) : 0
    return max(extent / 1e-3, voltage * setup.inverseThermalVoltage / 0.05)
  }

  /// How far the interphase came to lie from where it was extrapolated to, in units of what is accepted: 10⁻³ of
  /// L + L_d (or an atom of the metal), and a twentieth of RT/F in its drop.
  private func interphaseError(_ outcome: StepOutcome) -> Double {
    guard let layer = setup.kinetics.interphase, let interphase = trial.interphase else { return 0 }
    let list = trial.interface
    let least = max(layer.decayThickness ?? 0, setup.metal.atom)
    let perDrop = setup.inverseThermalVoltage / (0.05 * layer.conductivity.value)
    return domain.largest(list) { places in
      places.reduce(0) {
        guard list.areaDensity[$1] > 0 else { return $0 }
        let thickness = interphase.thickness.base[Int(list.cell[$1])]
        let missed = abs(thickness - interphase.foreseen[$1]) / (outcome.bdf.ratio > 0 ? 1 : 2)
        let drop = perDrop * abs(trial.metalRate($1).current)
        return max($0, missed * max(drop, 1e3 / (thickness + least)))
      }
    }
  }

  /// How far the surface will be moved in the next step to make up for what has reacted beyond the extrapolated current, m.
  private func owedShift(_ outcome: StepOutcome) -> Double {
    let surface = trial.pieces.reduce(0) { $0 + $1.area }
    guard surface > 0, !setup.capillarity.growthReacts else { return 0 }
    let charge = abs(outcome.booked.metal - outcome.current) * outcome.bdf.dt / outcome.bdf.alpha0
    return setup.volumePerCharge * charge / surface
  }
}
