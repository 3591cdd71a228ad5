import Electrodeposition

/// From the sections of a checked case file to a case.
extension Case {
  init(_ root: Section) {
    let temperature = root.required("temperature")
    let metal = Metal(root, temperature: temperature.value)
    self.init(
      title: root.text("title"), metal: metal, temperature: temperature,
      electrolyte: Electrolyte(root.section("electrolyte"), metal: metal, temperature: temperature.value),
      kinetics: Kinetics(root.section("kinetics"), metal: metal),
      surfaceEnergy: metal.surfaceEnergy,
      substrate: root.optional("substrate").map { Substrate($0, metal: metal) },
      seeds: Seeds(root.section("seeds")),
      box: Box(root.section("box")), stages: Stage.list(root.list("protocol"), path: "protocol"),
      output: OutputSchedule(root.section("output")), numerics: Numerics(root.section("numerics")))
    reference = root.has("reference") ? root.text("reference") : nil
    capillarity = CapillarityModel(root)
  }
}

extension Metal {
  /// The tabulated metal with the numbers that the case gives; one that is not tabulated with these alone.
  fileprivate init(_ root: Section, temperature: Double) {
    let symbol = root.text("metal")
    let missing = Sourced(.nan, "", .given, "")
    self =
      Metal.named(symbol, at: temperature)
      ?? Metal(
        symbol: symbol, name: symbol, molarVolume: missing, surfaceEnergy: missing,
        exchangeCurrentDensity: missing,
        defaultElectrolyte: Electrolyte.unnamed)
    if let own = root.quantity("molar_volume") { molarVolume = own }
    if let own = root.quantity("surface_energy") { surfaceEnergy = own }
  }
}

extension CapillarityModel {
  fileprivate init(_ root: Section) {
    let (law, keys) = root.choice("capillarity")
    self =
      law == "variational"
      ? .variational(interfaceMobility: keys.required("interface_mobility")) : .gibbsThomson
  }
}

extension Box {
  fileprivate init(_ section: Section) {
    self.init(
      width: section.value("width"), depth: section.quantity("depth")?.value, height: section.value("height"),
      cell: section.value("cell"), movingWindow: section.flag("moving_window"))
  }
}

extension Electrolyte {
  /// What an electrolyte is called whose numbers all come from the case, which gives it no name.
  static let unnamed = "that of the case"

  /// A tabulated electrolyte with the numbers that the case gives; one that is not tabulated with these alone.
  fileprivate init(_ section: Section, metal: Metal, temperature: Double) {
    let transport = Key.transports.first { $0.word == section.text("transport") }?.transport ?? .binarySalt
    let decisive = transport == .cation ? "salt_diffusivity" : "transference_number"
    let isOwn = section.has("conductivity") && section.has(decisive)
    let name =
      section.has("name") ? section.text("name") : isOwn ? Electrolyte.unnamed : metal.defaultElectrolyte
    let entry = ElectrolyteEntry.named(name)
    let concentration = section.required("concentration")
    let conductivity =
      section.quantity("conductivity")
      ?? entry?.conductivity(concentration: concentration.value, temperature: temperature)
      ?? section.required("conductivity")
    let transferenceNumber =
      section.quantity("transference_number") ?? entry?.transferenceNumber
      ?? (transport == .cation
        ? Sourced(0.5, "1", .chosen, "without meaning") : section.required("transference_number"))
    self.init(
      name: name, concentration: concentration, conductivity: conductivity,
      saltDiffusivity: section.quantity("salt_diffusivity")
        ?? Electrolyte.saltDiffusivity(
          conductivity: conductivity.value, transferenceNumber: transferenceNumber.value,
          concentration: concentration.value, temperature: temperature),
      transferenceNumber: transferenceNumber, thickness: section.value("thickness"),
      end: Key.ends.first { $0.word == section.text("end") }?.end ?? .reservoir)
    self.transport = transport
  }
}

extension Kinetics {
  fileprivate init(_ section: Section, metal: Metal) {
    self.init(
      exchangeCurrentDensity: section.quantity("exchange_current_density") ?? metal.exchangeCurrentDensity,
      cathodicTransferCoefficient: section.required("cathodic_transfer_coefficient"),
      filmResistance: section.required("film_resistance"),
      doubleLayerCapacitance: section.required("double_layer_capacitance"))
    interphase = section.optional("sei").map { Interphase($0, metal: metal) }
    noise = section.optional("noise").map {
      Noise(
        amplitude: $0.value("amplitude"), correlationLength: $0.value("correlation_length"),
        correlationTime: $0.value("correlation_time"))
    }
  }
}

extension Interphase {
  fileprivate init(_ section: Section, metal: Metal) {
    self.init(
      thickness: section.value("thickness"), conductivity: section.required("conductivity"),
      molarVolume: section.quantity("molar_volume") ?? Interphase.fluorideVolume(metal)
        ?? section.required("molar_volume"),
      growthCurrentDensity: section.required("growth_current_density"),
      growthPotential: section.required("growth_potential"),
      growthTransferCoefficient: section.required("growth_transfer_coefficient"),
      decayThickness: section.quantity("decay_thickness")?.value,
      cracking: section.optional("cracking").map {
        Cracking(strain: $0.required("strain"), thickness: $0.value("thickness"))
      })
  }
}

// MARK: - Substrate

extension Substrate {
  fileprivate init(_ section: Section, metal: Metal) {
    let islands = section.optional("islands").map {
      Islands(
        diameter: $0.value("diameter"), pitch: $0.value("pitch"), surface: Surface($0, metal: metal),
        edgeWidth: $0.required("edge_width"))
    }
    self.init(
      matrix: Surface(section, metal: metal), islands: islands,
      conversion: section.optional("conversion").map { Conversion($0, metal: metal) })
  }
}

extension Conversion {
  fileprivate init(_ section: Section, metal: Metal) {
    let own = Conversion.nickelAntimonide(metal)
    self.init(
      surface: Surface(section, metal: metal), thickness: section.value("thickness"),
      molarVolume: section.required("molar_volume"), electrons: section.required("electrons"),
      expansion: section.quantity("expansion") ?? own?.expansion ?? section.required("expansion"),
      potential: section.quantity("potential") ?? own?.potential ?? section.required("potential"),
      exchangeCurrentDensity: section.required("exchange_current_density"),
      cathodicTransferCoefficient: section.required("cathodic_transfer_coefficient"))
  }
}

extension Surface {
  /// A tabulated material with the numbers that the case gives; without one with these alone.
  fileprivate init(_ section: Section, metal: Metal) {
    let material = SubstrateMaterial.named(section.text("material"), under: metal.symbol)
    let stated = section.has("contact") ? nil : material?.contact
    let (law, keys) = section.choice("contact", otherwise: stated?.law.rawValue)
    self.init(
      name: material?.surfaceName ?? section.text("name"),
      contactAngle: section.quantity("contact_angle") ?? material?.contactAngle
        ?? section.required("contact_angle"),
      contact: Contact(law, keys), tabulatedContact: stated)
  }
}

extension Contact {
  fileprivate init(_ law: String, _ section: Section) {
    switch law {
    case "ohmic": self = .ohmic(resistance: section.required("resistance"))
    case "schottky": self = .schottky(Schottky(section))
    default: self = .insulating
    }
  }
}

extension Schottky {
  fileprivate init(_ section: Section) {
    let word = section.text("polarity")
    self.init(
      polarity: Key.polarities.first { $0.word == word }?.polarity ?? .blocking,
      barrier: section.required("barrier"), richardson: section.required("richardson_constant"),
      ideality: section.required("ideality"),
      leakResistance: section.quantity("leak_resistance")
        ?? Sourced(.infinity, "ohm m^2", .chosen, "no leak"),
      bulkResistance: section.required("bulk_resistance"))
  }
}

// MARK: - Run

extension Seeds {
  fileprivate init(_ section: Section) {
    let onIslands = section.optional("on_islands").map {
      OnIslands(
        radius: $0.value("radius"), angle: $0.value("angle"), every: Int(clamping: $0.count("every")))
    }
    let caps = section.list("caps").map {
      Cap(
        x: $0.value("x"), y: $0.value("y"), z: $0.value("z"), radius: $0.value("radius"),
        angle: $0.value("angle"))
    }
    self.init(film: section.quantity("film")?.value ?? 0, onIslands: onIslands, caps: caps)
    nucleationOverpotential = section.quantity("nucleation_overpotential")
  }
}

extension OutputSchedule {
  fileprivate init(_ section: Section) {
    self.init(
      everyThickness: section.quantity("every_thickness")?.value,
      everyTime: section.quantity("every_time")?.value,
      historyEvery: Int(clamping: section.count("history_every")),
      fields: section.flag("fields"), pictures: section.flag("pictures"),
      checkpointEvery: section.value("checkpoint_every"))
  }
}

extension Numerics {
  fileprivate init(_ section: Section) {
    self.init(
      interfaceWidth: section.value("interface_width"),
      mobilityFactor: section.value("mobility_factor"), maximumFrontStep: section.value("maximum_front_step"),
      frontTolerance: section.value("front_tolerance"),
      potentialTolerance: section.value("potential_tolerance"),
      saltTolerance: section.value("salt_tolerance"), maximumSaltChange: section.value("maximum_salt_change"),
      initialStep: section.quantity("initial_step")?.value,
      minimumStep: section.quantity("minimum_step")?.value,
      randomSeed: section.count("random_seed"))
  }
}
