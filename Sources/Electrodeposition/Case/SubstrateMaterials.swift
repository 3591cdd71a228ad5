/// A tabulated surface of a current collector.
///
/// Wetting and nucleation are two things: `contactAngle` gives metal its shape, `nucleationOverpotential` says when it
/// appears, and neither follows from the other. No substrate has a factor on the exchange current density: cells tell
/// the rate of a surface only together with its area and its film.
public struct SubstrateMaterial: Sendable, Equatable {
  /// As a case calls it.
  public let name: String
  /// What its surface is called in tables and pictures.
  public let surfaceName: String
  /// Symbol of the metal that its numbers hold for; `nil`: for every one that has no entry of its own.
  public let metal: String?
  /// Young's contact angle of the metal in the electrolyte, rad, measured inside the metal.
  public let contactAngle: Sourced
  public let contact: StatedContact
  /// How far below 0 V the collector has to be for metal to appear on it, V, above zero; `nil` where none is known.
  /// A case takes one of its own, `seeds.nucleation_overpotential`.
  public let nucleationOverpotential: Sourced?
  /// What takes charge before metal is plated; `nil` where nothing is known to. A case computes it where it gives
  /// `substrate.conversion`.
  public let reaction: SubstrateReaction?

  fileprivate init(
    _ name: String, surfaceName: String? = nil, under metal: String? = nil, contactAngle: Sourced,
    contact: StatedContact, nucleationOverpotential: Sourced? = nil, reaction: SubstrateReaction? = nil
  ) {
    self.name = name
    self.surfaceName = surfaceName ?? name
    self.metal = metal
    self.contactAngle = contactAngle
    self.contact = contact
    self.nucleationOverpotential = nucleationOverpotential
    self.reaction = reaction
  }

  /// The entry of that name for the metal of that symbol. What is known of another metal alone is named so.
  public static func named(_ name: String, under metal: String) -> SubstrateMaterial? {
    let entries = all.filter { $0.name == name }
    return entries.first { $0.metal == metal } ?? entries.first { $0.metal == nil } ?? entries.first?.borrowed
  }

  /// The names of all entries, each once.
  public static var names: [String] {
    var known: Set<String> = []
    return all.map(\.name).filter { known.insert($0).inserted }
  }

  private var borrowed: SubstrateMaterial {
    let origin = "given for \(metal ?? ""): "
    return SubstrateMaterial(
      name, surfaceName: surfaceName, under: metal,
      contactAngle: Sourced(contactAngle.value, "rad", .estimated, origin + contactAngle.source),
      contact: StatedContact(law: contact.law, kind: .estimated, source: origin + contact.source))
  }
}

/// A law by its name, with what is known of it; its numbers are the defaults of a case.
public struct StatedContact: Sendable, Equatable {
  public enum Law: String, Sendable, CaseIterable {
    case ohmic, schottky, insulating
  }
  public let law: Law
  public let kind: Provenance
  public let source: String
}

/// A conversion or an alloying of a substrate.
public struct SubstrateReaction: Sendable, Equatable {
  /// M is the metal.
  public let equation: String
  /// Charge that a layer of 1 µm takes, C/m².
  public let chargePerMicrometre: Sourced

  /// - Parameters:
  ///   - electrons: of the equation, for a formula unit.
  ///   - volume: of a mole of formula units, m³/mol.
  fileprivate init(_ equation: String, electrons: Double, volume: Double, _ source: String) {
    self.equation = equation
    chargePerMicrometre = Sourced(
      electrons * Constants.faraday / volume * 1e-6, "C/m^2", .computed, source)
  }
}

extension SubstrateMaterial {
  public static let all: [SubstrateMaterial] = [
    SubstrateMaterial(
      "nickel", surfaceName: "Ni", under: "Na",
      contactAngle: degrees(120, "molten Na hardly wets Ni; range 100-150"), contact: metallic,
      nucleationOverpotential: onNickel),
    SubstrateMaterial(
      "nickel", surfaceName: "Ni", contactAngle: degrees(120, "as for Na; range 100-150"), contact: metallic,
      nucleationOverpotential: onNickel),
    SubstrateMaterial(
      "amorphous nickel", surfaceName: "amorphous Ni",
      contactAngle: degrees(120, "as crystalline Ni, nothing else known; range 100-150"), contact: metallic,
      nucleationOverpotential: onNickel),
    SubstrateMaterial(
      "copper", surfaceName: "Cu", under: "Li",
      contactAngle: degrees(
        30, "molten Li wets Cu, advancing angle 0 up to 250 degC (Jordan & Lane 1966); range 20-60"),
      contact: metallic, nucleationOverpotential: onCopper),
    SubstrateMaterial(
      "copper", surfaceName: "Cu",
      contactAngle: degrees(
        120,
        "molten Na and K do not wet Cu up to 250 degC (Jordan & Lane 1966, whose abstract gives no angle); range 100-150"
      ),
      contact: metallic, nucleationOverpotential: onCopper),
    SubstrateMaterial(
      "antimony", surfaceName: "Sb",
      contactAngle: degrees(
        30, "it alloys, as do Zn and Au, which molten Na wets (Jordan & Lane 1966); range 15-60"),
      contact: metallic,
      nucleationOverpotential: Sourced(
        0.005, "V", .estimated,
        "the alloy forms first (Tang et al., Adv. Mater. 2019, 31, 1807495, whose abstract gives no number); range 0-0.02"
      ),
      reaction: SubstrateReaction(
        "Sb + 3 M+ + 3 e- -> M3Sb", electrons: 3, volume: 121.76e-3 / 6700,
        "3 F / (121.76 g/mol (IUPAC) / 6.70 g/cm^3 (CRC Handbook))")),
    SubstrateMaterial(
      "graphite", under: "Li", contactAngle: onCarbon, contact: metallic,
      nucleationOverpotential: carbonOnset,
      reaction: SubstrateReaction(
        "6 C + Li+ + e- -> LiC6", electrons: 1, volume: 6 * graphiteVolume,
        "F / 6 (12.011 g/mol (IUPAC) / 2.26 g/cm^3 (CRC Handbook))")),
    SubstrateMaterial(
      "graphite", under: "K", contactAngle: onCarbon, contact: metallic, nucleationOverpotential: carbonOnset,
      reaction: SubstrateReaction(
        "8 C + K+ + e- -> KC8", electrons: 1, volume: 8 * graphiteVolume,
        "F / 8 (12.011 g/mol (IUPAC) / 2.26 g/cm^3 (CRC Handbook))")),
    SubstrateMaterial(
      "graphite", contactAngle: onCarbon, contact: metallic, nucleationOverpotential: carbonOnset),
    SubstrateMaterial(
      "carbon cloth", contactAngle: onCarbon, contact: metallic, nucleationOverpotential: carbonOnset),
    SubstrateMaterial(
      "NiSb", contactAngle: degrees(30, "molten Na soaks into NiSb; range 15-60"), contact: metallic,
      reaction: SubstrateReaction(
        "NiSb + 3 M+ + 3 e- -> M3Sb + Ni", electrons: 3, volume: 20.90e-6,
        "3 F / 20.90 cm^3/mol, of the lattice a 3.946, c 5.148 angstrom, 2 NiSb to a cell")),
    SubstrateMaterial(
      "Li3Sb", under: "Li", contactAngle: degrees(30, "as for Na; range 15-60"), contact: semiconducting),
    SubstrateMaterial(
      "Na3Sb", under: "Na", contactAngle: degrees(30, "molten Na soaks into NiSb; range 15-60"),
      contact: semiconducting),
    SubstrateMaterial(
      "K3Sb", under: "K", contactAngle: degrees(30, "as for Na; range 15-60"), contact: semiconducting),
    SubstrateMaterial(
      "same metal",
      contactAngle: Sourced(
        radians(20), "rad", .chosen, "the metal wets itself; the smallest angle that the solver holds"),
      contact: metallic,
      nucleationOverpotential: Sourced(0, "V", .computed, "metal grows on itself, nothing has to nucleate")),
  ]

  private static func radians(_ degrees: Double) -> Double { degrees * (.pi / 180) }

  private static func degrees(_ value: Double, _ source: String) -> Sourced {
    Sourced(radians(value), "rad", .estimated, source)
  }

  private static let metallic = StatedContact(law: .ohmic, kind: .estimated, source: "metal on a conductor")
  private static let semiconducting = StatedContact(
    law: .schottky, kind: .estimated,
    source: "metal on a semiconductor; that it blocks while plating is the claim of Wang et al. 2021")

  private static func onset(_ volts: Double, _ range: String) -> Sourced {
    Sourced(
      volts, "V", .estimated,
      "of Li at 10 uA/cm^2, Yan et al., Nat. Energy 2016, 1, 16010, number not checked; range \(range)")
  }
  private static let onNickel = onset(0.030, "0.01-0.06")
  private static let onCopper = onset(0.040, "0.01-0.06")
  private static let carbonOnset = onset(0.014, "0.005-0.05")

  private static let onCarbon = degrees(
    120, "molten Na does not soak into carbon cloth (Wang et al. 2021); range 100-150")
  /// Of a mole of carbon, m³/mol.
  private static let graphiteVolume = 12.011e-3 / 2260
}
