import Spectral

/// The solid electrolyte interphase (SEI): a layer on the metal that resists the current and grows by a reaction of its own.
///
///     i_s = i_s0 e^{−α_s f (φ_k − φ − E_s)} / (1 + L/L_d),   dL/dt = (V_s/F) i_s − L (dA/dt)/A,   R = L/κ
///
/// The electrolyte is reduced on the outer side of the layer: i_s takes cations from the electrolyte and electrons from the
/// metal, makes no metal, never goes back, and knows nothing of the drop R i of the plating current. The layer moves with
/// the surface along its normal and gets thinner as its area A grows; where the area shrinks it regains
/// what stretching took from it, and beyond that folds and keeps its thickness. It is thin: it takes no space in the box.
///
/// A layer that cracks is broken once, in the mean, for each growth of the area by e_c, and what is left where it breaks is
/// L_c: dL/dt = … − (L − L_c) (dA/dt)/A / ln(1 + e_c) while the area grows and L > L_c. L is the mean over grains.
public struct Interphase: Sendable, Equatable {
  /// Thickness L of the layer on all metal of the start, and on metal that appears, m.
  public var thickness: Double
  /// Ionic conductivity κ, S/m.
  public var conductivity: Sourced
  /// Volume V_s per mole of electrons, m³/mol.
  public var molarVolume: Sourced
  /// Current density i_s0 of the growth at its potential on metal without a layer, A/m²; 0 for a layer that does not grow.
  public var growthCurrentDensity: Sourced
  /// Potential E_s at which that is so, V against the metal.
  public var growthPotential: Sourced
  /// α_s.
  public var growthTransferCoefficient: Sourced
  /// Thickness L_d at which the growth has fallen to half, m; `nil` where it does not fall.
  public var decayThickness: Double?
  /// `nil` of a layer that stretches without end.
  public var cracking: Cracking?

  /// How a layer breaks as its area grows.
  public struct Cracking: Sendable, Equatable {
    /// e_c, growth of the area in which the layer breaks once, relative.
    public var strain: Sourced
    /// L_c, what is left where it breaks, m.
    public var thickness: Double

    public init(strain: Sourced, thickness: Double) {
      self.strain = strain
      self.thickness = thickness
    }
  }

  public init(
    thickness: Double, conductivity: Sourced, molarVolume: Sourced,
    growthCurrentDensity: Sourced = Interphase.noGrowth,
    growthPotential: Sourced = Sourced(0, "V", .chosen, "that of the metal"),
    growthTransferCoefficient: Sourced = Sourced(0.5, "1", .estimated, "symmetric transfer"),
    decayThickness: Double? = nil, cracking: Cracking? = nil
  ) {
    self.thickness = thickness
    self.conductivity = conductivity
    self.molarVolume = molarVolume
    self.growthCurrentDensity = growthCurrentDensity
    self.growthPotential = growthPotential
    self.growthTransferCoefficient = growthTransferCoefficient
    self.decayThickness = decayThickness
    self.cracking = cracking
  }

  public static var noGrowth: Sourced { Sourced(0, "A/m^2", .chosen, "a layer that does not grow") }
}

extension Interphase {
  /// Volume of the metal's fluoride per mole of electrons, for the metals that are tabulated; `nil` for others.
  public static func fluorideVolume(_ metal: Metal) -> Sourced? {
    func volume(_ value: Double, _ lattice: String) -> Sourced {
      Sourced(value, "m^3/mol", .computed, "\(lattice), 4 formula units")
    }
    switch metal.symbol {
    case "Li": return volume(9.83e-6, "LiF: a 4.027 Å")
    case "Na": return volume(14.98e-6, "NaF: a 4.634 Å")
    case "K": return volume(23.0e-6, "KF: a 5.347 Å")
    default: return nil
    }
  }
}
