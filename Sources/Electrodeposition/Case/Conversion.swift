/// A layer that takes the metal up before any is plated, as NiSb + 3 M⁺ + 3 e⁻ → M₃Sb + Ni does.
///
/// Where the substrate is bare its extent χ, 0 before and 1 after, follows
///
///     q dχ/dt = i,   i = i_c [(1−χ)(c/c0) e^{−α f η} − χ e^{(1−α) f η}],   η = V − φ − E
///
/// with q the charge that the whole layer takes per area, and i > 0 in the direction of plating. Contact angle and contact
/// are (1−χ) times those of the layer before and χ times those of the substrate's matrix and islands.
public struct Conversion: Sendable, Equatable {
  /// What lies on the collector before.
  public var surface: Surface
  /// Thickness of the layer before, m.
  public var thickness: Double
  /// Volume of a mole of the compound that is converted, m³/mol, and electrons that it takes.
  public var molarVolume: Sourced
  public var electrons: Sourced
  /// Volume of what is left of the layer over its volume before.
  public var expansion: Sourced
  /// Equilibrium potential E at χ = ½ and c0 against the metal, V.
  public var potential: Sourced
  /// i_c, A/m².
  public var exchangeCurrentDensity: Sourced
  /// α.
  public var cathodicTransferCoefficient: Sourced

  public init(
    surface: Surface, thickness: Double, molarVolume: Sourced, electrons: Sourced, expansion: Sourced,
    potential: Sourced, exchangeCurrentDensity: Sourced,
    cathodicTransferCoefficient: Sourced = Sourced(0.5, "1", .estimated, "symmetric transfer")
  ) {
    self.surface = surface
    self.thickness = thickness
    self.molarVolume = molarVolume
    self.electrons = electrons
    self.expansion = expansion
    self.potential = potential
    self.exchangeCurrentDensity = exchangeCurrentDensity
    self.cathodicTransferCoefficient = cathodicTransferCoefficient
  }

  /// q, charge that the whole layer takes per area, C/m².
  public var charge: Double { electrons.value * Constants.faraday * thickness / molarVolume.value }

  /// Thickness of the layer at an extent, m.
  public func thickness(at extent: Double) -> Double { thickness * (1 + (expansion.value - 1) * extent) }
}

extension Conversion {
  /// What the molar volume of NiSb follows from.
  public static let nickelAntimonideCell =
    "NiSb: a 3.946 Å, c 5.148 Å, 2 formula units (breithauptite, Handbook of Mineralogy)"

  /// Volume of M₃Sb + Ni over that of NiSb, and E, for the metals that are tabulated; `nil` for others.
  public static func nickelAntimonide(_ metal: Metal) -> (expansion: Sourced, potential: Sourced)? {
    func values(
      _ expansion: Double, _ structure: String, _ potential: Double, _ range: String
    ) -> (Sourced, Sourced) {
      (
        Sourced(expansion, "1", .estimated, structure),
        Sourced(
          potential, "V", .estimated,
          "of Sb + 3 M⁺ + 3 e⁻ → M₃Sb less what NiSb is more stable by (0.23 V); range \(range) V")
      )
    }
    switch metal.symbol {
    case "Li": return values(2.4, "cubic Li₃Sb; hexagonal 2.6", 0.74, "0.7-0.8")
    case "Na": return values(3.7, "hexagonal Na₃Sb, 70-73 cm³/mol; range 3.6-3.8", 0.45, "0.4-0.5")
    case "K": return values(4.7, "cubic K₃Sb; hexagonal 5.2", 0.28, "0.2-0.35")
    default: return nil
    }
  }
}
