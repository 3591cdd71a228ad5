extension Simulation {
  /// Fits a restored state to what may have changed since `former`, the case of its run: limits of the stage that it is
  /// in (the last one, when its protocol was complete), stages after that, and the output.
  ///
  /// A run that ended early goes on with its next stage, if there is one now; one that got nowhere with other limits too.
  /// - Throws: `.invalidCase` when nothing is left to do, or a limit is passed already.
  func takeUp(_ former: Case) throws(SolverFailure) {
    if setup.output != former.output { schedule.countOutputAnew(state) }
    guard setup.stages != former.stages else { return }
    let (ended, wasOver) = (endReason, state.stageIsOver)
    let hasOtherLimits = setup.stages[state.stage].limits != former.stages[state.stage].limits
    state.progress = 0
    endReason = nil
    (state.watchedStep, state.watchedShare) = (state.step, 0)
    let isStopped = ended.map { $0.isEarly && $0 != .noProgress } ?? false
    if isStopped || wasOver && !hasOtherLimits {
      guard !schedule.isLast(state.stage) else {
        throw .invalidCase(
          "the run has ended (\(ended ?? .protocolComplete)): it can go on with another stage, not with this one"
        )
      }
      state.stageIsOver = true
      return
    }
    state.stageIsOver = false
    endOrGoOn()
    if hasOtherLimits && state.stageIsOver {
      throw .invalidCase("the run is beyond the limit that stage \(state.stage + 1) is given now")
    }
  }
}
