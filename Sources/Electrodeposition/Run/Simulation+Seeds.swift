/// The metal that a case gives: there from the start, or where V has come to a nucleation overpotential.
extension Simulation {
  /// Puts the metal of the start in place.
  ///
  /// - Throws: `.invalidCase` when no seed is resolved.
  func placeFirstMetal() throws(SolverFailure) {
    let metal = state.now.metal
    InitialMetal(setup.seeds, domain).fill(metal)
    guard metal.values.contains(where: { $0 > 0.5 }) else {
      throw .invalidCase("no seed is large enough to be resolved: nothing can grow")
    }
    if setup.seeds.nucleationOverpotential != nil { metal.fill(0) }
  }

  /// Whether no metal is connected to the collector, and the seeds of the case wait for V.
  var seedsMayAppear: Bool {
    setup.seeds.nucleationOverpotential != nil
      && !state.now.pieces.contains(where: potentialSolver.network.isConnected)
  }

  /// Whether V has come to where the seeds appear.
  var seedsAreDue: Bool {
    guard seedsMayAppear, let overpotential = setup.seeds.nucleationOverpotential?.value else { return false }
    return state.now.voltage <= -overpotential + closeness
  }

  /// How near V has to come to where the seeds appear, V.
  private var closeness: Double { 1e-3 / setup.inverseThermalVoltage }

  /// Shortens the next step so that V comes to where the seeds appear, and not far beyond.
  ///
  /// - Parameters: V before the last step, and that step, s.
  func approachSeeds(from voltage: Double, after dt: Double) {
    guard seedsMayAppear, !seedsAreDue, let overpotential = setup.seeds.nucleationOverpotential?.value,
      setup.numerics.fixedStep == nil
    else { return }
    let fall = (voltage - state.now.voltage) / dt
    guard fall > 0 else { return }
    // Where the plateau of a conversion ends V falls faster and faster.
    let way = state.now.voltage + overpotential
    state.proposedStep = min(state.proposedStep, (way > 10 * closeness ? 0.7 * way : way) / fall)
  }

  /// Lets the seeds appear on a collector without metal, in no time, beside dead metal if there is any.
  ///
  /// Their charge passes the collector. Their salt comes from the far end of the electrolyte, and the liquid that they push
  /// away leaves through it: c stays what it is everywhere.
  /// - Throws: what the solve with the new metal meets.
  func placeSeeds() throws(SolverFailure) {
    let now = state.now
    let former = inventory(now)
    InitialMetal(setup.seeds, domain).fill(trial.metal)
    for i in 0..<domain.grid.cells where trial.metal.base[i] > now.metal.base[i] {
      now.metal.base[i] = trial.metal.base[i]
      // What was there before has gone with its metal.
      now.interphase?.thickness.base[i] = InterphaseLevel.unset
    }
    trial.core.update(from: now.core, count: domain.grid.cells)
    (trial.pieces, trial.voltage) = (now.pieces, now.voltage)
    interfaceGeometry.update(now)
    _ = pieceFinder.update(now, from: trial, nextIdentity: &state.nextIdentity)
    state.book(metal: (inventory(now).metal - former.metal) / setup.volumePerCharge)
    now.farThickness = farField.thickness(grown: setup.volumePerCharge * state.charge / domain.grid.area)
    state.saltBook.value += inventory(now).salt - former.salt
    copyNow(to: state.before)
    saltTransport.prepare(now)
    startAnew(try solveStart())
  }

  /// Makes the moment before the same as the present one, so that nothing is extrapolated over what has just appeared.
  private func copyNow(to before: TimeLevel) {
    let now = state.now
    for path in [\TimeLevel.metal, \.salt, \.potential, \.reaction] {
      before[keyPath: path].copy(from: now[keyPath: path])
    }
    (before.farSalt, before.farThickness) = (now.farSalt, now.farThickness)
    (before.extent, before.conversion) = (now.extent, now.conversion)
    (before.pieces, before.voltage) = (now.pieces, now.voltage)
  }
}
