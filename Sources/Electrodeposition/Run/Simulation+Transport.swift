import Spectral

extension Simulation {
  /// Salt and potentials of a trial step.
  struct Transported {
    var salt: Transport.Outcome
    var potentialIterations: Int
    /// Faradaic current that the salt was solved with, A.
    var current: Double
  }

  /// Solves salt and potentials of `spare`.
  ///
  /// In a step that is short beside the time in which they follow each other one after the other will do, the salt with
  /// the reaction extrapolated. In a longer one they are solved in turn until they agree.
  ///
  /// - Parameter current: faradaic current, extrapolated, A.
  func solveTransport(
    _ difference: TimeDifference, foreseen current: Double
  ) throws(SolverFailure) -> Transported {
    extrapolate(\.potential, difference)
    spare.voltage = state.now.voltage
    spare.counterPotential = state.now.counterPotential
    guard setup.solvesTogether, difference.dt > state.now.exchangeTime else {
      let salt = try transport.advance(
        spare, from: state, by: difference, current: current, smallest: observables.minimumSalt)
      partIsDone?(.salt)
      let iterations = try solvePotentials(difference, current: current)
      return Transported(salt: salt, potentialIterations: iterations, current: current)
    }
    return try solveTogether(difference, foreseen: current)
  }

  private func solvePotentials(_ difference: TimeDifference, current: Double) throws(SolverFailure) -> Int {
    try solvePotentials(
      spare, at: state.time + difference.dt, by: difference, from: state.now, state.before, current: current)
  }

  /// Rounds after which salt and potentials will not agree any more.
  private static let mostRounds = 30

  private func solveTogether(
    _ difference: TimeDifference, foreseen: Double
  ) throws(SolverFailure) -> Transported {
    extrapolate(\.salt, difference)
    let reaction = potentials.implicitReaction(spare)
    var current = foreseen
    var (saltIterations, potentialIterations) = (0, 0)
    var off = Double.infinity
    for _ in 0..<Self.mostRounds {
      var salt = try transport.advance(
        spare, from: state, by: difference, current: current, reaction: reaction,
        smallest: observables.minimumSalt)
      let taken = reaction.taken(potentials.atInterface(spare.salt, spare))
      partIsDone?(.salt)
      potentialIterations += try solvePotentials(difference, current: current)
      saltIterations += salt.iterations
      let residual = zip(potentials.consumption(spare), taken).map { $0 - $1 }
      let sum =
        abs(spare.faradaicCurrent - current) * setup.electrolyte.saltPerCharge / domain.grid.cellVolume
      off = max(residual.reduce(0) { $0 + abs($1) }, sum) / potentials.consumptionScale(spare)
      if off <= setup.numerics.potentialTolerance {
        salt.iterations = saltIterations
        return Transported(salt: salt, potentialIterations: potentialIterations, current: current)
      }
      reaction.correct(by: residual)
      current = spare.faradaicCurrent
    }
    throw .notConverged(what: "salt and potentials together", iterations: Self.mostRounds, residual: off)
  }

  /// Sets a field of `spare` to where the two moments before point.
  private func extrapolate(_ path: KeyPath<Moment, Field>, _ difference: TimeDifference) {
    let isSalt = path == \Moment.salt
    let (now, before) = (state.now[keyPath: path].base, state.before[keyPath: path].base)
    let (out, epsilon, ratio) = (spare[keyPath: path].base, state.now.electrolyte.base, difference.ratio)
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
