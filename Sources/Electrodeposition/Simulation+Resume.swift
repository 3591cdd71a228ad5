extension Simulation {
  /// Fits a restored state to what may have changed since `former`, the case of its run: limits of the stage that it is
  /// in (the last one, when its protocol was complete), stages after that, and the output.
  func takeUp(_ former: Case) throws(SolverFailure) {
    if setup.output != former.output { schedule.countOutputAnew(state) }
    guard setup.stages != former.stages else { return }
    let limits = setup.stages[state.stage].limits
    state.progress = 0
    endReason = nil
    // A stage that was over stays so, unless it is its limits that are others.
    let isOver = state.stageIsOver && limits == former.stages[state.stage].limits
    if isOver && !schedule.isLast(state.stage) { return }
    state.stageIsOver = false
    endOrGoOn()
  }
}
