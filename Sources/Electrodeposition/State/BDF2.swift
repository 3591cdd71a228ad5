/// The variable-step BDF2 difference D_t y = (α0 y¹ + α1 y⁰ + α2 y⁻¹)/dt and the extrapolation to t¹ that
/// goes with it, (1+ω) y⁰ − ω y⁻¹, ω = dt/dt⁻. With ω = 0 it is the Euler step.
struct BDF2: Equatable {
  let dt: Double
  let ratio: Double
  let alpha0: Double
  let alpha1: Double
  let alpha2: Double

  /// - Parameter previous: the step before, or `nil` for an Euler step.
  init(dt: Double, previous: Double?) {
    self.dt = dt
    ratio = previous.map { dt / $0 } ?? 0
    alpha0 = (1 + 2 * ratio) / (1 + ratio)
    alpha1 = -(1 + ratio)
    alpha2 = ratio * ratio / (1 + ratio)
  }

  /// y* of the moments before, with D_t y = (y¹ − y*) α0/dt.
  func history(_ now: Double, _ before: Double) -> Double { -(alpha1 * now + alpha2 * before) / alpha0 }

  func extrapolate(_ now: Double, _ before: Double) -> Double { (1 + ratio) * now - ratio * before }
}

/// A quantity that follows its rate in the time scheme's own difference: α0 y¹ + α1 y⁰ + α2 y⁻¹ = dt·rate.
struct TimeIntegral: Equatable {
  var value = 0.0
  var before = 0.0

  /// What the value becomes after a step.
  func advanced(by bdf: BDF2, rate: Double) -> Double {
    (bdf.dt * rate - bdf.alpha1 * value - bdf.alpha2 * before) / bdf.alpha0
  }

  mutating func advance(by bdf: BDF2, rate: Double) {
    (value, before) = (advanced(by: bdf, rate: rate), value)
  }
}
