import Electrodeposition

/// The keys of a case file that say what the current collector is.
extension Key {
  static let substrate: [Key] =
    surface(contact: .otherwise("ohmic", .estimated, "with `name`")) + [
      Key("islands", .section(islands, orWord: nil), .optional("none"), "islands in the surface named above"),
      Key(
        "conversion", .section(conversion, orWord: "none"), .optional("none"),
        "a layer on the collector that takes the metal up first, and becomes surface and islands named above"),
    ]

  private static let conversion: [Key] =
    surface(contact: .otherwise("ohmic", .estimated, "with `name`")) + [
      length("thickness", .required, "of the layer before"),
      Key(
        "molar_volume", .quantity(.molarVolume, .positive),
        .otherwise("20.90 cm^3/mol", .computed, Conversion.nickelAntimonideCell),
        "volume of a mole of the compound"),
      Key(
        "electrons", .quantity(.number, .positive),
        .otherwise("3", .computed, "NiSb + 3 M⁺ + 3 e⁻ → M₃Sb + Ni"), "taken by each of its formula units"),
      Key(
        "expansion", .quantity(.number, .positive), .optional("of NiSb with the metal"),
        "volume of what it becomes over its volume before; `check` says how thick that is"),
      Key(
        "potential", .quantity(.potential, .from(-5, to: 5, "between -5 V and 5 V")),
        .optional("of NiSb with the metal, estimated"),
        "equilibrium potential against the metal when half is converted"),
      Key(
        "exchange_current_density", .quantity(.currentDensity, .positive),
        .otherwise("10 A/m^2", .estimated, "none is published; range 1-100 A/m^2"),
        "of the conversion, per area of collector"),
      Key(
        "cathodic_transfer_coefficient", .quantity(.number, .fraction),
        .otherwise("0.5", .estimated, "symmetric transfer"), "of the conversion"),
    ]

  private static let islands: [Key] =
    [
      length("diameter", .required, "of an island (in two dimensions the width of a stripe)"),
      length("pitch", .required, "between centres on a square lattice; the first island is at half a pitch"),
      Key(
        "edge_width", .quantity(.length, .positive),
        .otherwise("3 nm", .estimated, Islands.standardEdgeWidth.source),
        "width over which the contact angle goes over into the matrix's: σ of a normal distribution on its cosine; contacts stay sharp"
      ),
    ] + surface(contact: .requiredWith("name"))

  static func surface(contact: Presence) -> [Key] {
    [
      Key(
        "material", .word(SubstrateMaterial.names), .oneOfGroup,
        "what the surface is made of, from the table: its contact angle and contact, where they are not given"
      ),
      Key("name", .text, .oneOfGroup, "what the surface is made of, with numbers of its own"),
      Key(
        "contact_angle", .quantity(.angle, .young), .requiredWith("name"),
        "Young's contact angle of the metal in the electrolyte, inside the metal"),
      Key(
        "contact", .choice(on: "law", laws), contact,
        "how electrons pass from the collector into the metal: a law by name, or a section"),
    ]
  }

  private static let laws: [Alternative] = [
    Alternative(
      word: "ohmic", keys: ohmic, meaning: "J = u/R, u being the metal's potential above the collector's"),
    Alternative(word: "schottky", keys: schottky, meaning: "Thermionic emission over a barrier"),
    Alternative(word: "insulating", keys: [], meaning: "No electrons pass"),
  ]

  private static let ohmic: [Key] = [
    Key(
      "resistance", .quantity(.arealResistance, .positive),
      .otherwise("1e-7 ohm m^2", .estimated, "metal on metal; any value whose drop stays below 0.1 mV"),
      "R")
  ]

  static let polarities: [(word: String, polarity: Schottky.Polarity)] = [
    ("blocking", .blocking), ("conducting", .conducting), ("back-to-back", .backToBack),
  ]

  private static let schottky: [Key] = [
    Key(
      "polarity", .word(polarities.map(\.word)), .otherwise("blocking", .chosen, ""),
      "whether the contact blocks or conducts while plating"),
    Key(
      "barrier", .quantity(.barrier, .positive), .otherwise("0.65 eV", .estimated, "scan 0.4-0.8 eV"),
      "barrier height; 0.4 eV does nothing, 0.6 eV and more block mA/cm²"),
    Key(
      "ideality", .quantity(.number, .from(1, to: 10, "between 1 and 10")),
      .otherwise("1.1", .estimated, "range 1-1.2"), "ideality factor"),
    Key(
      "richardson_constant", .quantity(.richardsonConstant, .positive),
      .otherwise("1.20e6 A/m^2/K^2", .estimated, "free electrons, effective mass 1"), "Richardson constant"),
    Key(
      "leak_resistance", .quantity(.arealResistance, .positive), .optional("no leak"),
      "leak in parallel with a blocking contact"),
    Key(
      "bulk_resistance", .quantity(.arealResistance, .zeroOrMore),
      .otherwise("0 ohm m^2", .chosen, "bulk of the island neglected"), "bulk of the island, in series"),
  ]
}
