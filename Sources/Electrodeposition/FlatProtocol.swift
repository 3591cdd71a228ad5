#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A protocol carried through for a flat film that plates and strips steadily.
public struct FlatProtocol: Sendable {
  /// s
  public private(set) var duration = 0.0
  /// Metal plated plus metal stripped, m.
  public private(set) var moved = 0.0
  /// Whether every stage has its steady front. If not, what the others say is all that is counted.
  public private(set) var isKnown = true
  /// Largest thickness, m.
  public private(set) var thickest = 0.0
  /// Stages (from 0) of which no limit is ever reached, as one that strips until the film is thicker.
  public private(set) var endless: [Int] = []
  /// The first stage that strips more metal than there is.
  public private(set) var emptied: Int?

  init(_ setup: Case) {
    var thickness = setup.seedThickness
    thickest = thickness
    for (index, stage) in setup.stages.enumerated() {
      let current = setup.flatCurrent(under: stage.control)
      if current == nil { isKnown = false }
      let speed = (current ?? 0) * setup.volumePerCharge
      let times = Self.times(stage, speed: speed, from: thickness, perCharge: setup.volumePerCharge)
      // A given current may come to a voltage of its own sign, after a time of which a flat film says nothing.
      let mayReachVoltage =
        stage.limits.voltage.map { $0 * speed < 0 || speed == 0 } ?? false && !stage.control.isPotential
      if times.isEmpty && !mayReachVoltage && current != nil { endless.append(index) }
      var time = times.min() ?? 0
      if speed < 0 && thickness + speed * time < 0 {
        if !mayReachVoltage && emptied == nil { emptied = index }
        time = -thickness / speed
      }
      duration += time
      moved += abs(speed) * time
      thickness += speed * time
      thickest = max(thickest, thickness)
      if emptied != nil { break }
    }
  }

  /// Times after which the limits of a stage are reached, s.
  private static func times(
    _ stage: Stage, speed: Double, from thickness: Double, perCharge: Double
  ) -> [Double] {
    var times: [Double] = []
    if let time = stage.limits.time { times.append(time) }
    guard speed != 0 else { return times }
    if let charge = stage.limits.capacity { times.append(charge * perCharge / abs(speed)) }
    for target in [stage.limits.thickness, stage.limits.height] {
      guard let target, (target - thickness) / speed >= 0 else { continue }
      times.append((target - thickness) / speed)
    }
    return times
  }
}

extension Control {
  var isPotential: Bool { if case .potential = self { true } else { false } }
}

extension Case {
  /// Current of a flat film, A/m²; `nil` where a potential drives no steady one.
  fileprivate func flatCurrent(under control: Control) -> Double? {
    if case .current(let given) = control { return given }
    return flatFront(under: control)?.current
  }

  /// Metal of film and seeds per area of substrate, m, caps that overlap counted twice.
  public var seedThickness: Double {
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
