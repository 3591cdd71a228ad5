import Spectral

/// The law J(u) of an electronic contact between metal and collector, A/m².
///
/// u = φ_k − V is the potential of the metal above the collector's, positive while plating; J is positive
/// when it lets the metal plate (conventional current from the metal into the collector).
public enum Contact: Sendable, Equatable {
  /// J = u/R_c, R_c in Ω m².
  case ohmic(resistance: Sourced)
  /// A Schottky contact (thermionic emission).
  case schottky(Schottky)
  /// No electrons pass.
  case insulating
}

/// A Schottky contact between metal and a semiconducting island.
///
/// Saturation current j_s = A* T² e^{−Φ_B f}, ideality m, leak u/R_leak, and the island's bulk resistance R_b
/// in series, solved implicitly: J = law(u − J R_b).
public struct Schottky: Sendable, Equatable {
  public enum Polarity: String, Sendable, Equatable, CaseIterable {
    /// Blocks while plating: J = j_s (1 − e^{−f u/m}) + u/R_leak.
    case blocking
    /// Conducts while plating: J = j_s (e^{f u/m} − 1).
    case conducting
    /// Two contacts back to back: J = j_s tanh(f u/(2m)).
    case backToBack
  }
  public var polarity: Polarity
  /// Barrier height Φ_B, V (numerically eV).
  public var barrier: Sourced
  /// Richardson constant A*, A/(m² K²).
  public var richardson: Sourced
  /// Ideality m ≥ 1.
  public var ideality: Sourced
  /// Leak resistance parallel to a blocking contact, Ω m²; infinite for none.
  public var leakResistance: Sourced
  /// Bulk resistance of the island in series, Ω m².
  public var bulkResistance: Sourced

  public init(
    polarity: Polarity, barrier: Sourced, richardson: Sourced, ideality: Sourced, leakResistance: Sourced,
    bulkResistance: Sourced
  ) {
    self.polarity = polarity
    self.barrier = barrier
    self.richardson = richardson
    self.ideality = ideality
    self.leakResistance = leakResistance
    self.bulkResistance = bulkResistance
  }

  /// j_s = A* T² e^{−Φ_B f}, A/m².
  public func saturationCurrent(temperature: Double) -> Double {
    let f = Constants.faraday / (Constants.gas * temperature)
    return richardson.value * temperature * temperature * exp(-barrier.value * f)
  }
}

extension Contact {
  /// J and dJ/du at u = φ_k − V, in A/m² and A/(m² V).
  ///
  /// - Parameter f: F/(R_g T), 1/V.
  func current(_ u: Double, temperature: Double, f: Double) -> (value: Double, slope: Double) {
    switch self {
    case .insulating: (0, 0)
    case .ohmic(let resistance): (u / resistance.value, 1 / resistance.value)
    case .schottky(let contact): contact.current(u, temperature: temperature, f: f)
    }
  }
}

extension Schottky {
  /// J(u) with the bulk resistance in series: the junction's share y of u solves y + R_b law(y) = u.
  func current(_ u: Double, temperature: Double, f: Double) -> (value: Double, slope: Double) {
    let saturation = saturationCurrent(temperature: temperature)
    let resistance = bulkResistance.value
    guard resistance > 0 else { return junction(u, saturation, f) }
    // The left side increases with y, so y lies between 0 and u; Newton, kept inside by bisection.
    var (low, high) = (min(0, u), max(0, u))
    var y = u
    for _ in 0..<200 {
      let (j, slope) = junction(y, saturation, f)
      let residual = y + resistance * j - u
      if abs(residual) <= 1e-15 * max(1, abs(u)) || high - low <= 1e-16 * max(1, abs(u)) { break }
      if residual > 0 { high = y } else { low = y }
      let newton = y - residual / (1 + resistance * slope)
      y = newton > low && newton < high ? newton : (low + high) / 2
    }
    let (j, slope) = junction(y, saturation, f)
    return (j, slope / (1 + resistance * slope))
  }

  /// The junction alone.
  private func junction(_ u: Double, _ saturation: Double, _ f: Double) -> (value: Double, slope: Double) {
    let x = f * u / ideality.value
    let rate = f / ideality.value
    switch polarity {
    case .blocking:
      let (e, de) = Self.cappedExponential(-x)
      return (
        saturation * (1 - e) + u / leakResistance.value, saturation * de * rate + 1 / leakResistance.value
      )
    case .conducting:
      let (e, de) = Self.cappedExponential(x)
      return (saturation * (e - 1), saturation * de * rate)
    case .backToBack:
      let t = tanh(x / 2)
      return (saturation * t, saturation * (1 - t * t) * rate / 2)
    }
  }

  /// e^x and its derivative, continued linearly beyond x = 60 so that Newton steps stay finite.
  private static func cappedExponential(_ x: Double) -> (Double, Double) {
    if x <= 60 { return (exp(x), exp(x)) }
    return (exp(60) * (1 + x - 60), exp(60))
  }
}
