import CaseFiles
import Electrodeposition
import Foundation

/// The resolved case, one row per value. Numbers that decide the answer and are not well known are marked.
struct CaseTable {
  private(set) var rows: [[String]] = []
  private static let mark = "▸ "

  init(_ setup: Case) {
    addMaterials(setup)
    addSubstrate(setup.substrate)
    addSeeds(setup.seeds)
    addBox(setup)
    addStages(setup)
    addOutput(setup)
  }

  var text: String {
    table(rows) + "\n\n"
      + wrapped(
        Self.mark + "decides the answer and is not well known: vary it before you trust a conclusion.",
        to: Terminal.columns
      ).joined(separator: "\n")
  }

  private mutating func add(_ key: String, _ value: String, _ kind: String, _ source: String = "") {
    rows.append(["  " + key, value, kind, source])
  }

  private mutating func add(_ key: String, _ number: Sourced, decisive: Bool = false) {
    let marked = (decisive ? Self.mark : "  ") + key
    rows.append([marked, human(number.value, number.unit), number.kind.rawValue, number.source])
  }

  private mutating func addMaterials(_ setup: Case) {
    add("metal", setup.metal.name, "given")
    add("molar_volume", setup.metal.molarVolume)
    add("surface_energy", setup.surfaceEnergy, decisive: true)
    if case .variational(let mobility) = setup.capillarity {
      let b = setup.variationalMobility ?? 0
      add(
        "capillarity", "variational", "given",
        "in the phase field, as in published models; b = 6 L γ ℓ = \(human(b, "m^2/s"))")
      add("capillarity.interface_mobility", mobility)
    }
    add("temperature", setup.temperature)
    let electrolyte = setup.electrolyte
    let isUsual =
      electrolyte.name == setup.metal.defaultElectrolyte && ElectrolyteEntry.named(electrolyte.name) != nil
    let replaced = electrolyte.replacedNumbers.joined(separator: " and ")
    add(
      "electrolyte.name", electrolyte.name + (replaced.isEmpty ? "" : ", but for its \(replaced)"),
      isUsual ? "chosen" : "given", isUsual ? "the usual one of \(setup.metal.name)" : "")
    add("electrolyte.concentration", electrolyte.concentration)
    add("electrolyte.conductivity", electrolyte.conductivity)
    add("electrolyte.salt_diffusivity", electrolyte.saltDiffusivity)
    switch electrolyte.transport {
    case .binarySalt: add("electrolyte.transference_number", electrolyte.transferenceNumber)
    case .cation:
      add(
        "electrolyte.transport", "cation", "given", "the cation alone moves, at constant conductivity")
    }
    add("electrolyte.thickness", human(electrolyte.thickness, "m"), "given")
    let end = electrolyte.end == .reservoir ? "reservoir" : "counter electrode of the same metal"
    add("electrolyte.end", end, "chosen")
    add("kinetics.exchange_current_density", setup.kinetics.exchangeCurrentDensity, decisive: true)
    add("kinetics.cathodic_transfer_coefficient", setup.kinetics.cathodicTransferCoefficient)
    if setup.kinetics.interphase == nil { add("kinetics.film_resistance", setup.kinetics.filmResistance) }
    addInterphase(setup.kinetics.interphase)
    add("kinetics.double_layer_capacitance", setup.kinetics.doubleLayerCapacitance)
    if let noise = setup.kinetics.noise {
      let extent = "over \(human(noise.correlationLength, "m")) and \(human(noise.correlationTime, "s"))"
      add("kinetics.noise", short(noise.amplitude), "given", "of the reaction rate, \(extent)")
    }
  }

  private mutating func addInterphase(_ interphase: Interphase?) {
    guard let interphase else { return }
    let prefix = "kinetics.sei"
    add("\(prefix).thickness", human(interphase.thickness, "m"), "given", "of the film at the start")
    add("\(prefix).conductivity", interphase.conductivity, decisive: true)
    add("\(prefix).molar_volume", interphase.molarVolume)
    add("\(prefix).growth_current_density", interphase.growthCurrentDensity, decisive: true)
    add("\(prefix).growth_potential", interphase.growthPotential)
    add("\(prefix).growth_transfer_coefficient", interphase.growthTransferCoefficient)
    if let decay = interphase.decayThickness {
      add("\(prefix).decay_thickness", human(decay, "m"), "given", "at which it grows half as fast")
    }
    guard let cracking = interphase.cracking else { return }
    add("\(prefix).cracking.strain", cracking.strain)
    add("\(prefix).cracking.thickness", human(cracking.thickness, "m"), "given", "what is left")
  }

  private mutating func addSubstrate(_ substrate: Substrate?) {
    guard let substrate else {
      return add("substrate", "none", "given", "metal at the bottom is the electrode")
    }
    addSurface("substrate", substrate.matrix)
    addConversion(substrate.conversion)
    guard let islands = substrate.islands else { return }
    add("substrate.islands.diameter", human(islands.diameter, "m"), "given")
    add("substrate.islands.pitch", human(islands.pitch, "m"), "given")
    add("substrate.islands.edge_width", islands.edgeWidth, decisive: true)
    addSurface("substrate.islands", islands.surface)
  }

  private mutating func addConversion(_ conversion: Conversion?) {
    guard let conversion else { return }
    let prefix = "substrate.conversion"
    addSurface(prefix, conversion.surface)
    add("\(prefix).thickness", human(conversion.thickness, "m"), "given", "of the layer before")
    add("\(prefix).molar_volume", conversion.molarVolume)
    add("\(prefix).electrons", conversion.electrons)
    add("\(prefix).expansion", conversion.expansion)
    add("\(prefix).potential", conversion.potential, decisive: true)
    add("\(prefix).exchange_current_density", conversion.exchangeCurrentDensity, decisive: true)
    add("\(prefix).cathodic_transfer_coefficient", conversion.cathodicTransferCoefficient)
  }

  private mutating func addSurface(_ prefix: String, _ surface: Surface) {
    add("\(prefix).name", surface.name, "given")
    add("\(prefix).contact_angle", surface.contactAngle, decisive: true)
    let kind = (surface.tabulatedContact?.kind ?? .given).rawValue
    let source = surface.tabulatedContact?.source ?? ""
    switch surface.contact {
    case .insulating: add("\(prefix).contact", "insulating", kind, source)
    case .ohmic(let resistance): add("\(prefix).contact.resistance", resistance)
    case .schottky(let contact):
      add("\(prefix).contact", "Schottky, " + describe(contact.polarity), kind, source)
      add("\(prefix).contact.barrier", contact.barrier, decisive: true)
      add("\(prefix).contact.richardson_constant", contact.richardson)
      add("\(prefix).contact.ideality", contact.ideality)
      add("\(prefix).contact.leak_resistance", contact.leakResistance)
      add("\(prefix).contact.bulk_resistance", contact.bulkResistance)
    }
  }

  private mutating func addSeeds(_ seeds: Seeds) {
    if seeds.film > 0 { add("seeds.film", human(seeds.film, "m"), "given") }
    if let on = seeds.onIslands {
      let every = on.every == 1 ? "one on each island" : "one on every \(on.every)th island"
      add(
        "seeds.on_islands.radius", human(on.radius, "m"), "given",
        "\(every), angle \(human(on.angle, "rad"))")
    }
    if let overpotential = seeds.nucleationOverpotential {
      add("seeds.nucleation_overpotential", overpotential, decisive: true)
    }
    if !seeds.caps.isEmpty { add("seeds.caps", "\(seeds.caps.count)", "given", "at given places") }
  }

  private mutating func addBox(_ setup: Case) {
    let box = setup.box
    let depth = box.depth.map { human($0, "m") } ?? "two-dimensional"
    add("box.width", human(box.width, "m"), "given")
    add("box.depth", depth, "given")
    add("box.height", human(box.height, "m"), "given", "above the substrate's surface")
    if box.movingWindow {
      add("box.moving_window", "true", "given", "the box is raised with the front of a closed film")
    }
    let discretisation = setup.discretisation
    add(
      "box.cell", human(box.cell, "m"), "given",
      "\(discretisation.count.map(String.init).joined(separator: " × ")) cells")
    add(
      "numerics.interface_width", "\(short(setup.numerics.interfaceWidth)) cells", "chosen",
      "ℓ = \(human(discretisation.interfaceWidth, "m"))")
  }

  /// A row for each stage of the case file, and one for all of a table.
  private mutating func addStages(_ setup: Case) {
    var written = setup.writtenStages[...]
    while let (index, count) = written.first {
      let (stage, times) = (setup.stages[index], count > 1 ? ", \(count) times" : "")
      guard let table = stage.table else {
        add(stage.place, describe(stage.control), "given", "until " + describe(stage.limits) + times)
        written.removeFirst()
        continue
      }
      let rows = written.prefix { setup.stages[$0.index].table == table }
      addTable(table, rows.map { setup.stages[$0.index] }, times)
      written.removeFirst(rows.count)
    }
  }

  private mutating func addTable(_ key: String, _ stages: [Stage], _ times: String) {
    let currents = stages.map { if case .current(let density) = $0.control { density } else { 0.0 } }
    let time = stages.reduce(0) { $0 + ($1.limits.time ?? 0) }
    let range = "from \(current(currents.min() ?? 0)) to \(current(currents.max() ?? 0))"
    let count = stages.count == 1 ? "1 current" : "\(stages.count) currents"
    add(key, count, "given", "for \(duration(time)), \(range)\(times)")
  }

  private mutating func addOutput(_ setup: Case) {
    let output = setup.output
    var when: [String] = []
    if let thickness = output.everyThickness { when.append("every \(human(thickness, "m")) of metal") }
    if let time = output.everyTime { when.append("every \(human(time, "s"))") }
    if output.historyEvery > 1 { add("output.history_every", "\(output.historyEvery) steps", "chosen") }
    let what = [output.fields ? "fields" : nil, output.pictures ? "pictures" : nil].compactMap { $0 }
    add(
      "output", what.isEmpty ? "history only" : what.joined(separator: ", "), "chosen",
      (when + ["at start and end"]).joined(separator: ", "))
  }
}

func describe(_ limits: Limits) -> String {
  let parts = [
    limits.time.map { duration($0) },
    limits.capacity.map { human($0, "C/m^2") + " passed" },
    limits.thickness.map { "\(human($0, "m")) of metal" },
    limits.height.map { "a height of \(human($0, "m"))" },
    limits.strippedShare.map { "\(short(100 * $0)) % stripped" },
    limits.voltage.map { human($0, "V") },
    limits.voltageAbove.map { human($0, "V") + " and above" },
    limits.voltageBelow.map { human($0, "V") + " and below" },
    limits.current.map { current($0) },
  ].compactMap { $0 }
  return parts.joined(separator: " or ")
}

private func describe(_ polarity: Schottky.Polarity) -> String {
  switch polarity {
  case .blocking: "blocking while plating"
  case .conducting: "conducting while plating"
  case .backToBack: "back to back"
  }
}
