import Electrodeposition

/// A key of a case file: the one description that validation, suggestions, `docs/cases.md` and the tests share.
struct Key: Sendable {
  let name: String
  let form: Form
  let presence: Presence
  let meaning: String

  /// What a value looks like.
  indirect enum Form: Sendable {
    case text
    /// One of these, or another.
    case name([String])
    /// One of these words.
    case word([String])
    case quantity(PhysicalDimension, Bounds)
    /// A whole number of at least this.
    case count(from: Int)
    case flag
    /// No value.
    case nothing
    /// A section; or, if given, this word instead of it.
    case section([Key], orWord: String?)
    /// A list of sections, with at least so many.
    case list([Key], atLeast: Int)
    /// A list of rows, with at least so many, each a list with a value for every one of these keys; or the name of a file
    /// that holds them (`readTables`).
    case rows([Key], atLeast: Int)
    /// A section whose other keys depend on the word under the key `on`; that word alone stands for the section
    /// with every default.
    case choice(on: String, [Alternative])
  }

  struct Alternative: Sendable {
    let word: String
    let keys: [Key]
    let meaning: String
  }

  enum Presence: Sendable {
    case required
    /// Required in a section that has this key.
    case requiredWith(String)
    /// Exactly one of the section's keys with this mark must be there.
    case oneOfGroup
    /// At least one of them.
    case someOfGroup
    /// Must be there beside any of these keys of its section, and does not go without.
    case beside([String])
    /// The value used otherwise, as it would be written, and where it comes from.
    case otherwise(String, Provenance, String)
    /// Absent by default; in words what that means.
    case optional(String)
  }

  init(_ name: String, _ form: Form, _ presence: Presence, _ meaning: String) {
    self.name = name
    self.form = form
    self.presence = presence
    self.meaning = meaning
  }
}

extension Key {
  /// What a number carries where it is written as a section.
  static let ofSourced: Set = ["value", "kind", "source"]
  /// What people write for a word of the schema that is not like it.
  static let otherNames = Dictionary(
    uniqueKeysWithValues: Metal.all.map { ($0.name, $0.symbol) } + [("natrium", "Na"), ("kalium", "K")]
      + [("Ni", "nickel"), ("Cu", "copper"), ("Sb", "antimony")])

  /// What to say to keys that people expect in a section and that it does not have.
  static let wishes = [
    "protocol.current": "a current is plated or stripped: plate or strip",
    "protocol.voltage": "a voltage is held: hold", "protocol.potential": "a potential is held: hold",
    "protocol.cycles": "stages repeat with: repeat", "stages.cycles": "stages repeat with: repeat",
    "stages.repeat": "groups are nested \(deepestGroup) deep at most",
    ".valence": "every metal gives one electron an atom",
  ]

  /// The keys of a quantity that is written as a section with its source.
  static func sourced(_ dimension: PhysicalDimension, _ bounds: Bounds) -> [Key] {
    [
      Key("value", .quantity(dimension, bounds), .required, "the value with its unit"),
      Key(
        "kind", .word(Provenance.allCases.map(\.rawValue)), .otherwise("given", .given, ""),
        "what kind of number it is"),
      Key("source", .text, .required, "where the number comes from"),
    ]
  }

  static func length(_ name: String, _ presence: Presence, _ meaning: String) -> Key {
    Key(name, .quantity(.length, .positive), presence, meaning)
  }

  // MARK: The file

  static let root: [Key] = [
    Key("title", .text, .required, "what the case shows, in a line"),
    Key(
      "reference", .text, .optional("none"), "the publication that the case follows, shown by `frond check`"),
    Key(
      "metal", .name(Metal.all.map(\.symbol)), .required,
      "the metal that is plated, by its symbol; another one has valence 1, and its numbers are in the case"),
    Key(
      "molar_volume", .quantity(.molarVolume, .positive), .optional("the metal's"),
      "volume of a mole of the metal"),
    Key(
      "temperature", .quantity(.temperature, .from(150, to: 600, "between 150 K and 600 K")),
      .otherwise("298.15 K", .chosen, "room temperature"),
      "temperature of the cell; above its melting point sodium has the numbers of the melt at this temperature"
    ),
    Key("box", .section(box, orWord: nil), .required, "the near field that is resolved"),
    Key("electrolyte", .section(electrolyte, orWord: nil), .required, "the salt solution and its far end"),
    Key(
      "kinetics", .section(kinetics, orWord: nil), .optional("every default"), "charge transfer at the metal"),
    Key(
      "surface_energy", .quantity(.surfaceEnergy, .from(1e-9, to: 10, "above zero, at most 10 J/m^2")),
      .optional("the metal's"),
      "free energy of the interface between metal and electrolyte"),
    Key(
      "capillarity", .choice(on: "law", capillarities), .otherwise("gibbs-thomson", .chosen, ""),
      "how the surface energy acts; `variational` is for published models"),
    Key(
      "substrate", .section(substrate, orWord: "none"), .required,
      "the current collector; `none`: metal that touches the bottom of the box is the electrode"),
    Key("seeds", .section(seeds, orWord: nil), .required, "the metal that is there at the start"),
    Key("protocol", .list(stage(), atLeast: 1), .required, "what the cell is made to do, stage by stage"),
    Key("output", .section(output, orWord: nil), .optional("every default"), "what is written, and when"),
    Key(
      "numerics", .section(numerics, orWord: nil), .optional("every default"),
      "numerical choices, which no result may depend on"),
  ]

  private static let capillarities: [Alternative] = [
    Alternative(word: "gibbs-thomson", keys: [], meaning: "Through the rate law, sharp and physical"),
    Alternative(
      word: "variational", keys: variational,
      meaning:
        "Through the phase field, as in published models (docs/published.md): b = 6 L γ ℓ, so that ℓ, which is "
        + "`numerics.interface_width` cells, is physical"),
  ]

  private static let variational: [Key] = [
    Key(
      "interface_mobility", .quantity(.interfaceMobility, .positive),
      .otherwise("2.5e-6 m^3/J/s", .estimated, "of Chen et al. 2015 and Hong & Viswanathan 2018"), "L")
  ]

  private static let box: [Key] = [
    length("width", .required, "extent in x; the box is periodic sideways"),
    length("depth", .optional("two dimensions"), "extent in y"),
    length("height", .required, "height above the substrate's surface"),
    length("cell", .required, "wanted size of a cell; the grid takes the nearest size that it can use"),
    Key(
      "moving_window", .flag, .otherwise("false", .chosen, ""),
      "the box is raised with the front of a closed film, and comes down as it is stripped; `height` is then the height "
        + "of the window, and limits of height and thickness may lie above it"),
  ]

  private static let electrolyte: [Key] = [
    Key(
      "name", .name(ElectrolyteEntry.all.map(\.name)), .optional("the metal's"),
      "a tabulated electrolyte that carries the metal, or another, whose numbers are in the case"),
    Key(
      "concentration", .quantity(.concentration, .positive),
      .otherwise("1 mol/L", .chosen, "the usual one"),
      "salt at the start and in the reservoir"),
    length("thickness", .required, "from the substrate's surface to the far end; it stays so as metal grows"),
    Key(
      "end", .word(ends.map(\.word)), .otherwise("reservoir", .chosen, ""),
      "the far end: a `reservoir` at 0 V, or a `counter electrode` of the same metal"),
    Key(
      "conductivity", .quantity(.conductivity, .positive),
      .optional("the table's, proportional to the concentration"),
      "conductivity at that concentration"),
    Key(
      "salt_diffusivity", .quantity(.diffusivity, .positive),
      .optional("from conductivity and transference number (Nernst-Einstein)"),
      "ambipolar diffusion coefficient of the salt; with `transport: cation` that of the cation, and required"
    ),
    Key(
      "transference_number", .quantity(.number, .fraction), .optional("the table's"),
      "share of the current that the cation carries"),
    Key(
      "transport", .word(transports.map(\.word)), .otherwise("binary salt", .chosen, ""),
      "`cation`: the cation alone moves, at constant conductivity, as in published models (docs/published.md)"
    ),
  ]

  static let transports: [(word: String, transport: SaltModel)] = [
    ("binary salt", .binarySalt), ("cation", .cation),
  ]

  static let ends: [(word: String, end: Electrolyte.End)] = [
    ("reservoir", .reservoir), ("counter electrode", .counterElectrode),
  ]

  private static let kinetics: [Key] = [
    Key(
      "exchange_current_density", .quantity(.currentDensity, .positive),
      .optional("the metal's, an effective value that contains the film"),
      "Butler-Volmer exchange current density"),
    Key(
      "cathodic_transfer_coefficient", .quantity(.number, .fraction),
      .otherwise("0.5", .estimated, "symmetric transfer"),
      "cathodic transfer coefficient; the anodic one is the rest"),
    Key(
      "film_resistance", .quantity(.arealResistance, .zeroOrMore),
      .otherwise("0 ohm m^2", .chosen, Kinetics.noFilm.source),
      "surface film in series; use it only with an exchange current density without film"),
    Key(
      "sei", .section(interphase, orWord: "none"), .optional("none"),
      "a film that grows on the metal, is stretched with it and costs charge of its own, in place of `film_resistance`"
    ),
    Key(
      "double_layer_capacitance", .quantity(.arealCapacitance, .zeroOrMore),
      .otherwise("0.15 F/m^2", .estimated, "typical of metals, range 0.1-0.2"),
      "of the metal's surface, and of the collector but for what metal lies on in ohmic contact"),
    Key("noise", .section(noise, orWord: "none"), .optional("none"), "noise of the reaction rate"),
  ]

  private static let interphase: [Key] = [
    Key(
      "thickness", .quantity(.length, .zeroOrMore), .required,
      "of the film on the metal of the start, and on metal that appears"),
    Key(
      "conductivity", .quantity(.conductivity, .positive), .required,
      "of the metal's ions in the film: its resistance is the thickness over it"),
    Key(
      "molar_volume", .quantity(.molarVolume, .positive), .optional("of the metal's fluoride"),
      "volume of the film per mole of electrons"),
    Key(
      "growth_current_density", .quantity(.currentDensity, .zeroOrMore),
      .otherwise("0 A/m^2", .chosen, Interphase.noGrowth.source),
      "of the film's own reaction on metal without film, at its growth potential"),
    Key(
      "growth_potential", .quantity(.potential, .from(-5, to: 5, "between -5 V and 5 V")),
      .otherwise("0 V", .chosen, "that of the metal"),
      "at which that current flows; the film grows the faster the lower the metal is"),
    Key(
      "growth_transfer_coefficient", .quantity(.number, .fraction),
      .otherwise("0.5", .estimated, "symmetric transfer"), "of the film's reaction"),
    Key(
      "decay_thickness", .quantity(.length, .positive), .optional("the film does not slow its growth"),
      "thickness at which the film grows half as fast"),
    Key(
      "cracking", .section(cracking, orWord: "none"), .optional("none"),
      "the film breaks as the surface is stretched"),
  ]

  private static let cracking: [Key] = [
    Key(
      "strain", .quantity(.number, .positive), .required,
      "growth of the area in which the film breaks once, in the mean; 0.1 for 10 %"),
    Key("thickness", .quantity(.length, .zeroOrMore), .required, "what is left of the film where it breaks"),
  ]

  private static let noise: [Key] = [
    Key("amplitude", .quantity(.number, .fraction), .required, "largest relative change of the rate"),
    length("correlation_length", .required, "sideways; the nearest that divides the box"),
    Key("correlation_time", .quantity(.time, .positive), .required, "time over which it changes"),
  ]
}
