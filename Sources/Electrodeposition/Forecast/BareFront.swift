import Spectral

/// A collector before there is metal on it, as a protocol is foreseen: a layer that is converted first, and seeds that wait
/// for their overpotential.
struct BareFront {
  /// Charge that the layer still takes, and all it can, C/m².
  private(set) var left: Double
  private let whole: Double
  private let conversion: Conversion?
  private let f: Double
  /// η at which the seeds appear, V; `nil` where they are there from the start.
  private let overpotential: Double?
  /// Whether there is no metal.
  var isBare: Bool
  /// Stages (from 0) in which the layer is converted.
  private(set) var converting: Set<Int> = []

  init(_ setup: Case) {
    conversion = setup.substrate?.conversion
    whole = conversion?.charge ?? 0
    left = whole
    f = setup.inverseThermalVoltage
    overpotential = setup.seeds.nucleationOverpotential?.value
    isBare = overpotential != nil
  }

  /// Whether seeds appear on a collector that has lost its metal.
  var seedsReturn: Bool { overpotential != nil }

  /// Takes a stage up to where metal appears, or to its end.
  ///
  /// - Returns: time that passes before there is metal, s, and whether there is some then.
  mutating func advance(_ stage: Stage, _ index: Int) -> (time: Double, plates: Bool) {
    let limits = stage.limits
    switch stage.control {
    case .current(let density) where density > 0:
      let ends = [limits.time, limits.capacity.map { $0 / density }].compactMap { $0 }
      let time = min(left / density, ends.min() ?? .infinity)
      if left > 0 && time > 0 { converting.insert(index) }
      left = max(0, left - density * time)
      let reachesCutoff = limits.voltage.map { $0 > -(overpotential ?? 0) } ?? false
      return (time, left == 0 && !reachesCutoff && time < ends.min() ?? .infinity)
    case .current(let density):
      let time = min(limits.time ?? .infinity, limits.capacity.map { $0 / -density } ?? .infinity)
      let back = min(whole - left, -density * time)
      left += back
      return (time.isFinite ? time : back / -density, false)
    case .rest: return (limits.time ?? 0, false)
    case .potential(let voltage):
      guard voltage > -(overpotential ?? 0) else {
        if left > 0 { converting.insert(index) }
        left = 0
        return (0, true)
      }
      if let conversion, voltage < conversion.potential.value, left > 0, let time = limits.time {
        converting.insert(index)
        let alpha = conversion.cathodicTransferCoefficient.value
        let rate =
          conversion.exchangeCurrentDensity.value * exp(-alpha * f * (voltage - conversion.potential.value))
        left *= exp(-min(500, time * rate / whole))
      }
      return (limits.time ?? 0, false)
    }
  }
}
