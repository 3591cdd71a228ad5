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
  /// Limits count as reached within this fraction of their scale.
  private static let slack = 1e-9

  init(_ setup: Case, area: Double) {
    stages = setup.stages
    output = setup.output
    self.area = area
    volumePerCharge = setup.volumePerCharge
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
  func clipped(_ wanted: Double, _ state: State, rate: (Double) -> Double) -> Double {
    var step = wanted
    for time in times(state) { step = approach(step, remaining: time - state.time) }
    // Charge after a step follows from the extrapolated current alone.
    for target in charges(state) {
      let start = state.charge.value
      func reaches(_ dt: Double) -> Bool {
        let difference = TimeDifference(dt: dt, previous: state.nextIsEuler ? nil : state.lastStep)
        let end = state.charge.advanced(by: difference, rate: rate(dt))
        return (end - target) * (start - target) <= 0
      }
      guard reaches(2 * step) else { continue }
      var (low, high) = (0.0, 2 * step)
      for _ in 0..<100 where high - low > 1e-16 * high {
        let middle = (low + high) / 2
        if reaches(middle) { high = middle } else { low = middle }
      }
      step = approach(step, remaining: high)
    }
    return step
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

  /// Charges, C, at which something happens: capacity and thickness limits, output by thickness.
  private func charges(_ state: State) -> [Double] {
    var list: [Double] = []
    if let capacity = stage(state)?.limits.capacity {
      list += [state.stageStartCharge + capacity * area, state.stageStartCharge - capacity * area]
    }
    if let limit = stage(state)?.limits.thickness { list.append(charge(forThickness: limit, state)) }
    if let every = output.everyThickness {
      list.append(charge(forThickness: Double(state.thicknessMarks + 1) * every, state))
    }
    return list
  }

  private func charge(forThickness thickness: Double, _ state: State) -> Double {
    (thickness * area - state.initialMetal) / volumePerCharge
  }

  // MARK: What has been reached

  /// True when a limit of the stage is reached.
  func isStageOver(_ state: State, maximumHeight: Double, voltage: Double) -> Bool {
    guard let limits = stage(state)?.limits else { return true }
    let charge = state.charge.value - state.stageStartCharge
    if let time = limits.time, state.time - state.stageStartTime >= time * (1 - Self.slack) { return true }
    if let capacity = limits.capacity, abs(charge) >= capacity * area * (1 - Self.slack) { return true }
    if let height = limits.height, maximumHeight >= height { return true }
    if let limit = limits.voltage, (voltage - limit) * (state.stageStartVoltage - limit) <= 0 { return true }
    if let limit = limits.thickness {
      let start = thickness(state, charge: state.stageStartCharge)
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
      let now = thickness(state, charge: state.charge.value)
      let marks = Int((now / every + Self.slack * 10).rounded(.down))
      if marks > state.thicknessMarks { due = true }
      state.thicknessMarks = max(state.thicknessMarks, marks)
    }
    return due
  }

  /// Fraction of the protocol done: stages count alike, a stage by its nearest limit.
  func progress(_ state: State, maximumHeight: Double) -> Double {
    guard let limits = stage(state)?.limits else { return 1 }
    var fraction = 0.0
    if let time = limits.time { fraction = max(fraction, (state.time - state.stageStartTime) / time) }
    if let capacity = limits.capacity {
      fraction = max(fraction, abs(state.charge.value - state.stageStartCharge) / (capacity * area))
    }
    if let limit = limits.thickness {
      let start = thickness(state, charge: state.stageStartCharge)
      if start != limit {
        fraction = max(fraction, (thickness(state, charge: state.charge.value) - start) / (limit - start))
      }
    }
    if let height = limits.height { fraction = max(fraction, maximumHeight / height) }
    return (Double(state.stage) + min(1, max(0, fraction))) / Double(stages.count)
  }
}
