import Spectral

/// Charge transfer at the metal surface (Butler–Volmer).
///
/// i = i0 [ (c/c0) e^{−α_c f e} − e^{α_a f e} ],  e = φ_k − φ + Γ K + R_film i,  α_a + α_c = 1;
/// i > 0 deposits metal.
public struct Kinetics: Sendable, Equatable {
  /// Exchange current density i0 at c0, A/m².
  public var exchangeCurrentDensity: Sourced
  /// Cathodic transfer coefficient α_c; α_a = 1 − α_c.
  public var cathodicTransferCoefficient: Sourced
  /// Areal resistance of the surface film, Ω m². Zero with an effective i0 that already contains the film, and beside an
  /// interphase, which has its own.
  public var filmResistance: Sourced
  /// A film that grows and is stretched; `nil` for none but what `filmResistance` says.
  public var interphase: Interphase?
  /// Double-layer capacitance of metal pieces and of the collector, F/m².
  public var doubleLayerCapacitance: Sourced
  /// Noise of the rate; `nil` for none.
  public var noise: Noise?

  /// Areal resistance of film and interphase on metal of the start, Ω m².
  package var firstFilmResistance: Double {
    filmResistance.value + (interphase.map { $0.thickness / $0.conductivity.value } ?? 0)
  }

  public static var noFilm: Sourced {
    Sourced(0, "ohm m^2", .chosen, "no film but what the exchange current density contains")
  }

  public init(
    exchangeCurrentDensity: Sourced,
    cathodicTransferCoefficient: Sourced = Sourced(0.5, "1", .estimated, "symmetric transfer"),
    filmResistance: Sourced = Kinetics.noFilm,
    doubleLayerCapacitance: Sourced = Sourced(0.15, "F/m^2", .estimated, "typical of metals, range 0.1-0.2")
  ) {
    self.exchangeCurrentDensity = exchangeCurrentDensity
    self.cathodicTransferCoefficient = cathodicTransferCoefficient
    self.filmResistance = filmResistance
    self.doubleLayerCapacitance = doubleLayerCapacitance
  }
}

/// Noise of the reaction rate: i is multiplied by 1 + amplitude·χ, χ uniform in −1…1 at every node of a lattice
/// of lateral positions and times, and linear in between.
public struct Noise: Sendable, Equatable {
  /// Largest relative change of i.
  public var amplitude: Double
  /// Distance of the nodes along x (and y), m; the nearest that divides the box.
  public var correlationLength: Double
  /// Time between nodes, s.
  public var correlationTime: Double

  public init(amplitude: Double, correlationLength: Double, correlationTime: Double) {
    self.amplitude = amplitude
    self.correlationLength = correlationLength
    self.correlationTime = correlationTime
  }
}
