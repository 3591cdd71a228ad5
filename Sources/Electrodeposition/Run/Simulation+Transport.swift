import Spectral

extension Simulation {
  /// Salt and potentials of a trial step.
  struct Transported {
    var salt: SaltTransport.Outcome
    var potentialIterations: Int
    /// Whether they were solved until they agree.
    var isTogether = true
  }

  /// Solves salt and potentials of `trial`.
  ///
  /// In a step that is short beside the time in which they follow each other one after the other will do, the salt with
  /// the reaction extrapolated. In a longer one they are solved in turn until they agree.
  ///
  /// - Parameter currents: extrapolated.
  func solveTransport(
    _ bdf: BDF2, foreseen currents: Currents
  ) throws(SolverFailure) -> Transported {
    extrapolate(\.potential, bdf)
    trial.voltage = state.now.voltage
    trial.counterPotential = state.now.counterPotential
    let current = currents.reacting
    // What is converted or grown is booked with the current that made it.
    let isBooked = potentialSolver.conversion != nil || interphaseGrowth != nil
    guard setup.solvesTogether, isBooked || bdf.dt > state.now.exchangeTime else {
      let salt = try saltTransport.advance(
        trial, from: state, by: bdf, current: current, smallest: observables.minimumSalt)
      partIsDone?(.salt)
      let iterations = try solvePotentials(bdf, current: current, isTogether: false)
      return Transported(salt: salt, potentialIterations: iterations, isTogether: false)
    }
    return try solveTogether(bdf, foreseen: current)
  }

  private func solvePotentials(
    _ bdf: BDF2, current: Double, isTogether: Bool
  ) throws(SolverFailure) -> Int {
    try solvePotentials(
      trial, at: state.time + bdf.dt, by: bdf, from: state.now, state.before, current: current,
      isTogether: isTogether)
  }

  /// Rounds after which salt and potentials will not agree any more.
  private static let mostRounds = 30

  private func solveTogether(
    _ bdf: BDF2, foreseen: Double
  ) throws(SolverFailure) -> Transported {
    extrapolate(\.salt, bdf)
    potentialSolver.conversion?.begin(
      trial, extent: zip(state.now.extent, state.before.extent).map(bdf.history), dt: bdf.dt / bdf.alpha0)
    let reaction = potentialSolver.reaction.implicit(trial, at: state.time + bdf.dt)
    var current = foreseen
    var (saltIterations, potentialIterations) = (0, 0)
    var off = Double.infinity
    for _ in 0..<Self.mostRounds {
      var salt = try saltTransport.advance(
        trial, from: state, by: bdf, current: current, reaction: reaction,
        smallest: observables.minimumSalt)
      let taken = reaction.taken(potentialSolver.reaction.whereItReacts(trial.salt, trial))
      partIsDone?(.salt)
      potentialIterations += try solvePotentials(bdf, current: current, isTogether: true)
      saltIterations += salt.iterations
      let residual = zip(potentialSolver.reaction.consumption(trial), taken).map { $0 - $1 }
      let found = trial.reactingCurrent + lastCurrents(trial, bdf).reacting
      let sum = abs(found - current) * setup.electrolyte.saltPerCharge / domain.grid.cellVolume
      let scale = max(potentialSolver.reaction.consumptionScale(trial), 1e-300)
      off = max(residual.reduce(0) { $0 + abs($1) }, sum) / scale
      if off <= setup.numerics.potentialTolerance {
        salt.iterations = saltIterations
        saltTransport.settle(trial, by: bdf, current: found - current, &salt)
        return Transported(salt: salt, potentialIterations: potentialIterations)
      }
      reaction.correct(by: residual)
      current = found
    }
    throw .notConverged(what: "salt and potentials together", iterations: Self.mostRounds, residual: off)
  }

  /// Sets a field of `trial` to where the two moments before point.
  private func extrapolate(_ path: KeyPath<TimeLevel, Field>, _ bdf: BDF2) {
    let isSalt = path == \TimeLevel.salt
    let (now, before) = (state.now[keyPath: path].base, state.before[keyPath: path].base)
    let (out, epsilon, ratio) = (trial[keyPath: path].base, state.now.electrolyteFraction.base, bdf.ratio)
    domain.forPlanes { cells in
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        // Where nothing was solved for there is no trend to follow.
        let change = keep(load(now, i) - load(before, i), where: load(epsilon, i) .> 0)
        var value = load(now, i) + ratio * change
        if isSalt { value.replace(with: load(now, i), where: value .<= 0) }
        store(value, out, i)
      }
    }
  }
}
