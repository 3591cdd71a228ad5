import Spectral

/// A protocol carried through for a flat film that plates and strips steadily, or as its salt piles up.
package struct FlatProtocol: Sendable {
  /// What a stage does.
  struct FlatStage: Sendable {
    /// Thickness before and after, m.
    var start, end: Double
    /// s
    var duration = 0.0
    /// The duration in units of the longest step that salt and potential allow where they are not solved together.
    var exchanges = 0.0
    /// The height that ends it, m, if one does.
    var limitingHeight: Double?
    /// Whether the substrate is converted in it.
    var converts = false
  }

  private(set) var stages: [FlatStage] = []
  /// V as the last stage ended, V; `nil` where a flat film does not tell: at a cut-off, after a rest, beside a layer that
  /// converts at a potential of its own.
  private var voltage: Double?
  /// Thickness as the last stage that plated ended, or at the start, m.
  private var plated: Double
  /// Stages (from 0) of which no limit is ever reached, as a rest until the film is thicker.
  package private(set) var endless: [Int] = []
  /// Stages that are over as they begin, as one that strips until the film is thicker.
  package private(set) var passed: [Int] = []
  /// Stages that strip all metal there is.
  package private(set) var overdrawn: [Int] = []
  /// The one of them that ends the run, as it has no end on a bare collector.
  package private(set) var emptied: Int?
  /// The stage that would plate on a collector that was stripped bare, and ends the run.
  package private(set) var unplatable: Int?

  /// s
  package var duration: Double { stages.reduce(0) { $0 + $1.duration } }
  /// Metal plated plus metal stripped, m.
  package var moved: Double { stages.reduce(0) { $0 + abs($1.end - $1.start) } }
  /// Largest thickness, m.
  package var thickest: Double { stages.reduce(stages.first?.start ?? 0) { max($0, $1.end) } }

  package init(_ setup: Case) {
    var bare = BareFront(setup)
    var thickness = bare.isBare ? 0 : setup.seedThickness
    plated = thickness
    voltage = setup.flatVoltage(of: nil)
    for (index, stage) in setup.stages.enumerated() {
      if emptied == nil && unplatable == nil {
        stages.append(course(of: stage, index, setup, from: thickness, &bare))
        thickness = stages[index].end
        if stage.control.plates { plated = thickness }
        voltage = setup.flatVoltage(of: stage)
      } else {
        stages.append(FlatStage(start: thickness, end: thickness))
      }
    }
  }

  /// A stage that may begin on a collector without metal.
  private mutating func course(
    of stage: Stage, _ index: Int, _ setup: Case, from thickness: Double, _ bare: inout BareFront
  ) -> FlatStage {
    guard bare.isBare else {
      let course = course(of: stage, index, setup, from: thickness)
      if bare.seedsReturn && overdrawn.last == index {
        bare.isBare = true
        overdrawn.removeLast()
      }
      return course
    }
    let (time, plates) = bare.advance(stage, index)
    bare.isBare = !plates
    var course = FlatStage(start: 0, end: 0, duration: time, converts: bare.converting.contains(index))
    guard plates else { return course }
    var rest = stage
    if let limit = stage.limits.time { rest.limits.time = limit - time }
    if case .current(let density) = stage.control, let limit = stage.limits.capacity {
      rest.limits.capacity = limit - density * time - setup.seedThickness / setup.volumePerCharge
    }
    let metal = self.course(of: rest, index, setup, from: setup.seedThickness)
    (course.end, course.exchanges, course.limitingHeight) = (metal.end, metal.exchanges, metal.limitingHeight)
    course.duration += metal.duration
    return course
  }

  private mutating func course(
    of stage: Stage, _ index: Int, _ setup: Case, from thickness: Double
  ) -> FlatStage {
    var course = FlatStage(start: thickness, end: thickness)
    if !overdrawn.isEmpty {
      if stage.control.plates { unplatable = index }
      course.duration = stage.limits.time ?? 0
      return course
    }
    let front = setup.flatFront(under: stage.control)
    if case .potential(let voltage) = stage.control, front == nil {
      var piling = PilingFront(setup, voltage: voltage, from: thickness)
      piling.advance(until: stage.limits)
      (course.end, course.duration, course.exchanges) = (piling.thickness, piling.time, piling.exchanges)
    } else {
      let speed = (setup.flatCurrent(under: stage.control) ?? 0) * setup.volumePerCharge
      let times = times(stage, speed: speed, from: thickness, perCharge: setup.volumePerCharge)
      // A given current may come to a voltage of its own sign, after a time of which a flat film says nothing.
      let mayReachVoltage =
        stage.control == .rest
        ? restMayEnd(by: stage.limits)
        : stage.limits.voltage.map { $0 * speed < 0 } ?? false && !stage.control.isPotential
      // A voltage of the other sign is passed as the stage begins.
      let isBeyond =
        stage.control == .rest
        ? voltage.map { stage.limits.isPassed(atRest: $0) } ?? false
        : !stage.control.isPotential && stage.limits.voltage.map { $0 * speed > 0 } ?? false
      if isBeyond {
        passed.append(index)
        return course
      }
      // So may a held potential to a current above the steady one.
      let mayReachCurrent = stage.limits.current.map { abs(speed) <= $0 * setup.volumePerCharge } ?? false
      if times.isEmpty && !mayReachVoltage && !mayReachCurrent { endless.append(index) }
      course.duration = times.min() ?? 0
      if course.duration == 0 && !times.isEmpty { passed.append(index) }
      // A cut-off above the voltage of the film is reached when it is gone.
      let cutoff = mayReachVoltage ? stage.limits.voltage : nil
      let endsBefore = cutoff.map { $0 <= front?.voltage ?? 0 } ?? false
      let stripsAll = thickness + speed * course.duration < 0 || cutoff != nil && times.isEmpty
      if speed < 0 && stripsAll && !endsBefore {
        overdrawn.append(index)
        let goesOn = stage.control.isPotential ? stage.limits.endsWithoutCurrent : cutoff != nil
        if !goesOn { emptied = index }
        course.duration = -thickness / speed
      }
      course.end = thickness + speed * course.duration
      if let front, !setup.solvesTogether {
        let slope = front.slope / (1 + setup.kinetics.firstFilmResistance * front.slope)
        let a = RateLaw(setup).exchangeSlope(front.current, slope, salt: front.surfaceSalt)
        course.exchanges = course.duration / setup.exchangeTime(steepest: a, middle: a)
      }
    }
    if let height = stage.limits.height, abs(height - course.end) <= 1e-9 * height {
      course.limitingHeight = height
    }
    return course
  }

  /// Whether V, which goes to 0 V at rest, comes to a limit on its way.
  private func restMayEnd(by limits: Limits) -> Bool {
    guard let voltage else { return limits.voltageAbove ?? limits.voltageBelow != nil }
    return limits.isPassed(atRest: voltage) || limits.voltageAbove.map { $0 < 0 } ?? false
      || limits.voltageBelow.map { $0 > 0 } ?? false
  }

  /// Times after which the limits of a stage are reached, s.
  private func times(
    _ stage: Stage, speed: Double, from thickness: Double, perCharge: Double
  ) -> [Double] {
    var times: [Double] = []
    if let time = stage.limits.time { times.append(time) }
    guard speed != 0 else { return times }
    if let charge = stage.limits.capacity { times.append(charge * perCharge / abs(speed)) }
    let left = stage.limits.strippedShare.map { (1 - $0) * plated }
    for target in [stage.limits.thickness, stage.limits.height, left] {
      guard let target else { continue }
      let time = (target - thickness) / speed
      if time >= 0 {
        times.append(time)
      } else if speed * Double(stage.control.direction) > 0 {
        times.append(0)
      }
    }
    return times
  }
}

extension Limits {
  /// Whether a rest is over at a voltage.
  fileprivate func isPassed(atRest voltage: Double) -> Bool {
    voltageAbove.map { voltage >= $0 } ?? false || voltageBelow.map { voltage <= $0 } ?? false
  }
}

extension Case {
  /// Current of a flat film, A/m²; `nil` where a potential drives no steady one.
  func flatCurrent(under control: Control) -> Double? {
    if case .current(let given) = control { return given }
    return flatFront(under: control)?.current
  }

  /// V of a flat film as a stage ends, or as nothing has been driven, V; see `FlatProtocol.voltage`.
  fileprivate func flatVoltage(of stage: Stage?) -> Double? {
    if substrate?.conversion != nil || stage?.limits.voltage != nil { return nil }
    return switch stage?.control {
    case nil: 0
    case .rest: nil
    case .potential(let voltage): voltage
    case .current(let density): flatFront(under: .current(density))?.voltage
    }
  }

  /// Metal of film and seeds per area of substrate, m, caps that overlap counted twice.
  package var seedThickness: Double {
    func volume(_ radius: Double, _ angle: Double) -> Double {
      let cosine = cos(angle)
      guard box.depth != nil else { return radius * radius * (angle - sin(angle) * cosine) }
      return .pi * radius * radius * radius * (2 + cosine) * (1 - cosine) * (1 - cosine) / 3
    }
    let area = box.width * (box.depth ?? 1)
    var sum = seeds.caps.reduce(0) { $0 + volume($1.radius, $1.angle) } / area
    if let on = seeds.onIslands, let pitch = substrate?.islands?.pitch {
      sum += volume(on.radius, on.angle) / (pitch * (box.depth == nil ? 1 : pitch) * Double(on.every))
    }
    return seeds.film + sum
  }
}
