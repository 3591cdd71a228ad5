import Spectral

/// The protocol at work: which stage, how far, what it must not step over.
struct Schedule {
  private let stages: [Stage]
  private let output: OutputSchedule
  private let area: Double
  private let volumePerCharge: Double
  /// Of the double layer, F/m².
  private let capacitance: Double
  /// V at which seeds appear on a collector without metal and conversion; `nil`: they do not.
  private let seedPotential: Double?
  /// The cycle that each stage belongs to, from 1.
  let cycles: [Int]
  let expected: ExpectedSteps
  /// Limits count as reached within this fraction of their scale.
  private static let slack = 1e-9

  init(_ setup: Case, area: Double) {
    stages = setup.stages
    output = setup.output
    self.area = area
    volumePerCharge = setup.volumePerCharge
    capacitance = setup.kinetics.doubleLayerCapacitance.value
    cycles = setup.cycles
    let appears = setup.substrate?.conversion == nil ? setup.seeds.nucleationOverpotential?.value : nil
    seedPotential = appears.map { -$0 }
    expected = ExpectedSteps(setup, FlatProtocol(setup))
  }

  func isLast(_ stage: Int) -> Bool { stage >= stages.count - 1 }

  func stage(_ state: State) -> Stage? { state.stage < stages.count ? stages[state.stage] : nil }

  /// Whether the stage begins with what a stage that plates left, or the run with what is there.
  func followsPlating(_ state: State) -> Bool { state.stage == 0 || stages[state.stage - 1].control.plates }

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
    var nearest = Double.infinity
    for time in times(state) where time > state.time { nearest = min(nearest, time - state.time) }
    // A book after a step follows from the extrapolated current alone.
    for target in passedCharges(state) {
      let (now, before) = (state.now.collectorCurrent, state.before.collectorCurrent)
      nearest = min(
        nearest,
        time(
          until: target, within: 2 * wanted, state, state.collected, from: state.collectorCharge,
          now, before))
    }
    for target in depositedCharges(state) {
      let (now, before) = (state.now.faradaicCurrent, state.before.faradaicCurrent)
      nearest = min(
        nearest,
        time(until: target, within: 2 * wanted, state, state.reacted, from: state.charge, now, before))
    }
    if nearest <= wanted * (1 + Self.slack) { return nearest }
    return nearest < 2 * wanted ? nearest / 2 : wanted
  }

  /// Time after which a book comes to a target; infinite if it does not within the time given.
  private func time(
    until target: Double, within longest: Double, _ state: State, _ book: TimeIntegral, from start: Double,
    _ now: Double, _ before: Double
  ) -> Double {
    func reaches(_ dt: Double) -> Bool {
      let bdf = BDF2(dt: dt, previous: state.nextIsEuler ? nil : state.lastStep)
      let end = book.advanced(by: bdf, rate: bdf.extrapolate(now, before))
      return (end - target) * (start - target) <= 0
    }
    guard reaches(longest) else { return .infinity }
    var (low, high) = (0.0, longest)
    for _ in 0..<100 where high - low > 1e-16 * high {
      let middle = (low + high) / 2
      if reaches(middle) { high = middle } else { low = middle }
    }
    return high
  }

  private func times(_ state: State) -> [Double] {
    var list: [Double] = []
    if let limit = stage(state)?.limits.time { list.append(state.stageStartTime + limit) }
    if let every = output.everyTime { list.append(Double(state.timeMarks + 1) * every) }
    if state.now.pieces.isEmpty, let current = drivenCurrent(state), current != 0 {
      // The collector alone charges, to a cut-off or to where seeds appear.
      for target in [cutoff(state), current > 0 ? seedPotential : nil].compactMap(\.self) {
        let time = capacitance * area * (state.now.voltage - target) / current
        if time > 0 { list.append(state.time + time) }
      }
    }
    return list
  }

  /// Charges through the collector, C, at which the stage ends.
  private func passedCharges(_ state: State) -> [Double] {
    guard let capacity = stage(state)?.limits.capacity else { return [] }
    return [state.stageStartCharge + capacity * area, state.stageStartCharge - capacity * area]
  }

  /// Equivalent thicknesses at which the stage ends, m.
  private func thicknessLimits(_ state: State) -> [Double] {
    let limits = stage(state)?.limits
    let left = limits?.strippedShare.map { (1 - $0) * state.platedThickness }
    return [limits?.thickness, left].compactMap(\.self)
  }

  /// Charges deposited, C, at which something happens: a limit of thickness, output by thickness on either side.
  private func depositedCharges(_ state: State) -> [Double] {
    var list: [Double] = []
    list += thicknessLimits(state).map { charge(forThickness: $0, state) }
    if let every = output.everyThickness {
      let now = thickness(state, charge: state.charge) / every
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

  /// True when a limit of the stage is reached, or was when it began.
  func isStageOver(_ state: State, maximumHeight: Double, voltage: Double) -> Bool {
    guard let (control, limits) = stage(state).map({ ($0.control, $0.limits) }) else { return true }
    let charge = state.collectorCharge - state.stageStartCharge
    if let time = limits.time, state.time - state.stageStartTime >= time * (1 - Self.slack) { return true }
    if let capacity = limits.capacity, abs(charge) >= capacity * area * (1 - Self.slack) { return true }
    if let limit = limits.height {
      if isReached(maximumHeight, limit, from: state.stageStartHeight, control.direction) { return true }
    }
    func slack(_ limit: Double) -> Double { Self.slack * max(abs(limit), abs(state.stageStartVoltage)) }
    let (below, above) =
      switch control {
      case .current(let density):
        density > 0 ? (limits.voltage, nil) : (nil, limits.voltage)
      case .rest: (limits.voltageBelow, limits.voltageAbove)
      case .potential: (nil, nil)
      }
    if let limit = below, voltage <= limit + slack(limit) { return true }
    if let limit = above, voltage >= limit - slack(limit) { return true }
    if let limit = limits.current, control.isPotential, abs(state.now.collectorCurrent) <= limit * area {
      return true
    }
    for limit in thicknessLimits(state) {
      let now = thickness(state, charge: state.charge)
      let slack = Self.slack * max(limit, state.stageStartThickness)
      if isReached(now, limit, from: state.stageStartThickness, control.direction, slack) { return true }
    }
    return false
  }

  /// Whether a value that grows while metal is plated has come to its limit, or is beyond it from the start; where
  /// nothing says which way it goes, whether it has come to it from either side.
  private func isReached(
    _ value: Double, _ limit: Double, from start: Double, _ direction: Int, _ slack: Double = 0
  ) -> Bool {
    switch direction {
    case 1: value >= limit - slack
    case -1: value <= limit + slack
    default: (value - limit) * (start - limit) <= 0 || abs(value - limit) <= slack
    }
  }

  /// The potential up to which a given current strips, V.
  func cutoff(_ state: State) -> Double? {
    guard let stage = stage(state), case .current(let density) = stage.control, density < 0 else {
      return nil
    }
    return stage.limits.voltage
  }

  /// Whether a stage comes to its end on a collector without metal: stripping at a given current to a voltage, and what
  /// passes no current for a time.
  func goesOnBare(_ state: State) -> Bool {
    guard let stage = stage(state) else { return true }
    return switch stage.control {
    case .current: cutoff(state) != nil
    case .rest: stage.limits.time != nil
    case .potential(let voltage): voltage >= 0 && stage.limits.endsWithoutCurrent
    }
  }

  /// How much of the stage is behind, 0…1, by the limit that is nearest; `nil` if only a voltage or a current ends it,
  /// which may stand still for long and then come at once.
  func share(_ state: State, maximumHeight: Double) -> Double? {
    guard let limits = stage(state)?.limits else { return nil }
    var shares: [Double] = []
    if let time = limits.time { shares.append((state.time - state.stageStartTime) / time) }
    if let capacity = limits.capacity {
      shares.append(abs(state.collectorCharge - state.stageStartCharge) / (capacity * area))
    }
    for limit in thicknessLimits(state) {
      let start = state.stageStartThickness
      shares.append((thickness(state, charge: state.charge) - start) / (limit - start))
    }
    if let limit = limits.height {
      shares.append((maximumHeight - state.stageStartHeight) / (limit - state.stageStartHeight))
    }
    return shares.max()
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
      let now = thickness(state, charge: state.charge) / every
      let mark = Int(now.rounded())
      if abs(now - now.rounded()) < Self.nearby && mark != state.thicknessMark {
        due = true
        state.thicknessMark = mark
      }
    }
    return due
  }

  /// Counts the moments of output in the present intervals; those until now are over.
  func countOutputAnew(_ state: State) {
    if let every = output.everyTime {
      state.timeMarks = Int((state.time / every + Self.slack * 10).rounded(.down))
    }
    if let every = output.everyThickness {
      let now = thickness(state, charge: state.charge) / every
      state.thicknessMark = abs(now - now.rounded()) < Self.nearby ? Int(now.rounded()) : .min
    }
  }

  // MARK: How far

  /// Steps done over these and the ones that are expected to be left; it never falls.
  func progress(_ state: State, maximumHeight: Double) -> Double {
    guard let stage = stage(state) else { return 1 }
    let done = Double(state.step)
    let left = stepsLeft(stage.limits, state, maximumHeight) + expected.after(state.stage)
    return max(state.progress, done / max(done + left, 1))
  }

  /// Steps that the present stage is expected to take still: to its nearest limit. A voltage or a current says nothing
  /// beforehand.
  private func stepsLeft(_ limits: Limits, _ state: State, _ height: Double) -> Double {
    let now = thickness(state, charge: state.charge)
    var targets = thicknessLimits(state)
    if let capacity = limits.capacity {
      let rest = max(0, capacity - abs(state.collectorCharge - state.stageStartCharge) / area)
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
