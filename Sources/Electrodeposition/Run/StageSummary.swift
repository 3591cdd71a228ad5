/// What a stage did, from its start to the present moment.
package struct StageSummary: Sendable, Equatable {
  /// Stage and cycle, from 1.
  package let stage, cycle: Int
  package let control: Control
  /// s
  package let start, end: Double
  /// Potential of the collector, V: at the start, the mean over time, and at the end.
  package let firstVoltage, meanVoltage, lastVoltage: Double
  /// Charge through the collector per projected area, and what of it became interphase, C/m², positive for plating.
  package let capacity, interphaseCharge: Double
  /// Charge of the metal that lost its electronic contact, C/m².
  package let deadCharge: Double
  /// Equivalent thickness, that of it without electronic contact, and roughness at the end, m.
  package let thickness, deadMetal, roughness: Double
  /// Whether the stage is the last of its cycle, or of the run.
  package let endsCycle: Bool
}

extension Simulation {
  /// The stage under way, where it or the run is over with the present moment.
  package var endedStage: StageSummary? {
    guard state.stageIsOver || endReason != nil else { return nil }
    let (duration, cycles) = (state.time - state.stageStartTime, schedule.cycles)
    let next = state.stage + 1
    return StageSummary(
      stage: next, cycle: cycles[state.stage], control: setup.stages[state.stage].control,
      start: state.stageStartTime, end: state.time, firstVoltage: state.stageStartVoltage,
      meanVoltage: duration > 0 ? state.voltageTime / duration : observables.voltage,
      lastVoltage: observables.voltage,
      capacity: (state.collectorCharge - state.stageStartCharge) / domain.grid.area,
      interphaseCharge: (state.interphase.value - state.stageStartInterphase) / domain.grid.area,
      deadCharge: (observables.deadMetal - state.stageStartDeadMetal) / setup.volumePerCharge,
      thickness: observables.equivalentThickness, deadMetal: observables.deadMetal,
      roughness: observables.roughness,
      endsCycle: endReason != nil || next == cycles.count || cycles[next] != cycles[state.stage])
  }
}
