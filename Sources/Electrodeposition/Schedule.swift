#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The protocol at work: which stage, how far, what it must not step over.
struct Schedule {
  private let stages: [Stage]
  private let output: OutputSchedule
  private let area: Double
  private let volumePerCharge: Double
  let expected: ExpectedSteps
  /// Limits count as reached within this fraction of their scale.
  private static let slack = 1e-9

  init(_ setup: Case, area: Double) {
    stages = setup.stages
    output = setup.output
    self.area = area
    volumePerCharge = setup.volumePerCharge
    expected = ExpectedSteps(setup, FlatProtocol(setup))
  }

  func stage(_ state: State) -> Stage? { state.stage < stages.count ? stages[state.stage] : nil }

  /// Current that the stage drives, A; `nil` when it holds a potential.
  func drivenCurrent(_ state: State) -> Double? {
    switch stage(state)?.control {
    case .current(let density): density * area
    case .rest, nil: 0
    case .potential: nil
    }
  }

  func heldPotential(_ state: State) -> Double? {
    if case .potential(let voltage)? = stage(state)?.control { return voltage }
    return nil
  }

  /// Equivalent thickness for a charge passed, m.
  func thickness(_ state: State, charge: Double) -> Double {
    (state.initialMetal + volumePerCharge * charge) / area
  }

  // MARK: What a step may not step over

  /// The wanted step shortened so that the next time, charge or thickness of interest is hit, not passed. A
  /// step that would leave a small rest is halved instead.
  func clipped(_ wanted: Double, _ state: State) -> Double {
    var step = wanted
    for time in times(state) { step = approach(step, remaining: time - state.time) }
    // A book after a step follows from the extrapolated current alone.
    for target in passedCharges(state) {
      step = clipped(
        step, state, state.passed, target, state.now.collectorCurrent, state.before.collectorCurrent)
    }
    for target in depositedCharges(state) {
      step = clipped(
        step, state, state.charge, target, state.now.faradaicCurrent, state.before.faradaicCurrent)
    }
    return step
  }

  private func clipped(
    _ step: Double, _ state: State, _ book: Book, _ target: Double, _ now: Double, _ before: Double
  ) -> Double {
    func reaches(_ dt: Double) -> Bool {
      let difference = TimeDifference(dt: dt, previous: state.nextIsEuler ? nil : state.lastStep)
      let end = book.advanced(by: difference, rate: difference.extrapolate(now, before))
      return (end - target) * (book.value - target) <= 0
    }
    guard reaches(2 * step) else { return step }
    var (low, high) = (0.0, 2 * step)
    for _ in 0..<100 where high - low > 1e-16 * high {
      let middle = (low + high) / 2
      if reaches(middle) { high = middle } else { low = middle }
    }
    return approach(step, remaining: high)
  }

  private func approach(_ step: Double, remaining: Double) -> Double {
    guard remaining > 0, remaining < 2 * step else { return step }
    return remaining <= step ? remaining : remaining / 2
  }

  private func times(_ state: State) -> [Double] {
    var list: [Double] = []
    if let limit = stage(state)?.limits.time { list.append(state.stageStartTime + limit) }
    if let every = output.everyTime { list.append(Double(state.timeMarks + 1) * every) }
    return list
  }

  /// Charges through the collector, C, at which the stage ends.
  private func passedCharges(_ state: State) -> [Double] {
    guard let capacity = stage(state)?.limits.capacity else { return [] }
    return [state.stageStartCharge + capacity * area, state.stageStartCharge - capacity * area]
  }

  /// Charges deposited, C, at which something happens: a limit of thickness, output by thickness on either side.
  private func depositedCharges(_ state: State) -> [Double] {
    var list: [Double] = []
    if let limit = stage(state)?.limits.thickness { list.append(charge(forThickness: limit, state)) }
    if let every = output.everyThickness {
      let now = thickness(state, charge: state.charge.value) / every
      let near = now.rounded()
      let isThere = abs(now - near) < Self.nearby
      let marks = isThere ? [near - 1, near + 1] : [now.rounded(.down), now.rounded(.up)]
      list += marks.map { charge(forThickness: $0 * every, state) }
    }
    return list
  }

  /// A thickness counts as a multiple of the one between outputs within this fraction of it. A film of 13ℓ holds 10⁻⁶ less
  /// than its thickness, as the tail of its profile ends at the wall.
  private static let nearby = 1e-5

  private func charge(forThickness thickness: Double, _ state: State) -> Double {
    (thickness * area - state.initialMetal) / volumePerCharge
  }

  // MARK: What has been reached

  /// True when a limit of the stage is reached.
  func isStageOver(_ state: State, maximumHeight: Double, voltage: Double) -> Bool {
    guard let limits = stage(state)?.limits else { return true }
    let charge = state.passed.value - state.stageStartCharge
    if let time = limits.time, state.time - state.stageStartTime >= time * (1 - Self.slack) { return true }
    if let capacity = limits.capacity, abs(charge) >= capacity * area * (1 - Self.slack) { return true }
    if let height = limits.height {
      if state.stageStartHeight <= height ? maximumHeight >= height : maximumHeight <= height { return true }
    }
    if let limit = limits.voltage, (voltage - limit) * (state.stageStartVoltage - limit) <= 0 { return true }
    if let limit = limits.thickness {
      let start = state.stageStartThickness
      let now = thickness(state, charge: state.charge.value)
      let slack = Self.slack * max(limit, start)
      if start <= limit ? now >= limit - slack : now <= limit + slack { return true }
    }
    return false
  }

  /// Notes the moments of output that have been reached; true if there was one.
  func markOutput(_ state: State) -> Bool {
    var due = false
    if let every = output.everyTime {
      let marks = Int((state.time / every + Self.slack * 10).rounded(.down))
      if marks > state.timeMarks { due = true }
      state.timeMarks = max(state.timeMarks, marks)
    }
    if let every = output.everyThickness {
      let now = thickness(state, charge: state.charge.value) / every
      let mark = Int(now.rounded())
      if abs(now - now.rounded()) < Self.nearby && mark != state.thicknessMark {
        due = true
        state.thicknessMark = mark
      }
    }
    return due
  }

  // MARK: How far

  /// Steps done over these and the ones that are expected to be left; it never falls.
  func progress(_ state: State, maximumHeight: Double) -> Double {
    guard let stage = stage(state) else { return 1 }
    let done = Double(state.step)
    let left = stepsLeft(stage.limits, state, maximumHeight) + expected.after(state.stage)
    return max(state.progress, done / max(done + left, 1))
  }

  /// Steps that the present stage is expected to take still: to its nearest limit. A voltage says nothing beforehand.
  private func stepsLeft(_ limits: Limits, _ state: State, _ height: Double) -> Double {
    let now = thickness(state, charge: state.charge.value)
    var targets = limits.thickness.map { [$0] } ?? []
    if let capacity = limits.capacity {
      let rest = max(0, capacity - abs(state.passed.value - state.stageStartCharge) / area)
      targets.append(now + (state.now.faradaicCurrent < 0 ? -1 : 1) * rest * volumePerCharge)
    }
    var ways = targets.map { expected.way(from: now, height: height, to: $0, isOpen: state.isOpen) }
    if let limit = limits.height { ways.append(abs(limit - height)) }
    let way = ways.min().map { expected.steps(way: $0, state) }
    let whole = expected.stages[state.stage]
    guard let time = limits.time else { return way ?? whole }
    let rest = whole * max(0, 1 - (state.time - state.stageStartTime) / time)
    return min(way ?? rest, rest)
  }
}
