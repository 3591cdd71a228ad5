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
  package func saturationCurrent(temperature: Double) -> Double {
    let f = Constants.faraday / (Constants.gas * temperature)
    return richardson.value * temperature * temperature * exp(-barrier.value * f)
  }
}
