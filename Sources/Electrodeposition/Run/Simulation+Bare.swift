extension Simulation {
  /// Sets potential and current of a collector that has lost its metal, or the metal that reacts.
  ///
  /// A given current charges nothing but its double layer: dV/dt = −i/C. Without one V is at the cut-off of the stage at
  /// once. The step that took the last metal had its current from that.
  ///
  /// - Parameter now: the moment before.
  func leaveBare(_ level: TimeLevel, _ setting: ContactNetwork.Setting, after now: TimeLevel) {
    guard setting.current != nil, let current = schedule.drivenCurrent(state) else { return }
    let network = potentialSolver.network
    let capacity = network.capacitance * network.bareArea(level)
    guard capacity > 0 else {
      (level.collectorCurrent, level.layerCurrent) = (0, 0)
      if current > 0, let overpotential = setup.seeds.nucleationOverpotential?.value {
        level.voltage = -overpotential
        return
      }
      level.voltage = schedule.cutoff(state).map { max($0, now.voltage) } ?? now.voltage
      return
    }
    let charging = now.pieces.isEmpty ? current : 0
    (level.collectorCurrent, level.layerCurrent) = (current, charging)
    level.voltage = charging == 0 ? now.voltage : setting.oldVoltage - charging * setting.dt / capacity
  }
}

extension Simulation {
  /// Currents of metal and interphase in the step that takes the last metal, A: it is gone by what was foreseen, and has none
  /// of its own at the end. 0 in any other step.
  func lastCurrents(_ level: TimeLevel, _ bdf: BDF2) -> Currents {
    guard level.pieces.isEmpty, !state.now.pieces.isEmpty else { return Currents() }
    var last = Currents()
    last.metal = bdf.extrapolate(state.now.faradaicCurrent, state.before.faradaicCurrent)
    last.interphase = bdf.extrapolate(state.now.interphaseCurrent, state.before.interphaseCurrent)
    return last
  }

  /// Whether nothing at the collector takes any current.
  func isBare(_ level: TimeLevel) -> Bool {
    guard potentialSolver.conversion == nil else { return false }
    return level.pieces.isEmpty
      || schedule.drivenCurrent(state) != nil && potentialSolver.network.isCutOff(level)
  }
}
