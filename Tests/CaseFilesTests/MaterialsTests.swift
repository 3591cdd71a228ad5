import Electrodeposition
import Foundation
import Testing

@testable import CaseFiles

/// The tables of metals, electrolytes and substrates, and how a case takes from them.
@Suite("Materials")
struct MaterialsTests {
  /// What the numbers of tables and cases measure, by the names of their properties.
  private static let dimensions: [String: PhysicalDimension] = [
    "molarVolume": .molarVolume, "surfaceEnergy": .surfaceEnergy, "meltingPoint": .temperature,
    "exchangeCurrentDensity": .currentDensity, "cathodicTransferCoefficient": .number,
    "filmResistance": .arealResistance, "doubleLayerCapacitance": .arealCapacitance,
    "temperature": .temperature, "concentration": .concentration, "conductivity": .conductivity,
    "saltDiffusivity": .diffusivity, "transferenceNumber": .number, "contactAngle": .angle,
    "edgeWidth": .length, "resistance": .arealResistance, "barrier": .barrier,
    "richardson": .richardsonConstant, "ideality": .number, "leakResistance": .arealResistance,
    "bulkResistance": .arealResistance, "interfaceMobility": .interfaceMobility,
    "expansion": .number, "electrons": .number, "potential": .potential,
    "nucleationOverpotential": .potential, "chargePerMicrometre": .capacity,
    "growthCurrentDensity": .currentDensity, "growthPotential": .potential,
    "growthTransferCoefficient": .number, "strain": .number,
  ]

  /// Every number in a value, with the name of the property that holds it.
  private func numbers(in value: Any, _ name: String = "") -> [(name: String, number: Sourced)] {
    if let number = value as? Sourced { return [(name, number)] }
    return Mirror(reflecting: value).children.flatMap { child in
      let label = child.label.map { $0.first?.isLetter == true && $0 != "some" ? $0 : name }
      return numbers(in: child.value, label ?? name)
    }
  }

  private var tables: [(name: String, number: Sourced)] {
    numbers(in: Metal.all + [.moltenSodium(at: 573.15)]) + numbers(in: ElectrolyteEntry.all)
      + numbers(in: SubstrateMaterial.all)
  }

  @Test("Every number of the tables has a source, a kind that a table can have, and a finite value")
  func sources() {
    #expect(tables.count >= 16 + 6 + 30)
    for (name, number) in tables {
      #expect(!number.source.isEmpty && number.kind != .given && number.value.isFinite, "\(name) \(number)")
    }
    for contact in SubstrateMaterial.all.map(\.contact) {
      #expect(!contact.source.isEmpty && contact.kind != .given)
    }
    for metal in Metal.all { #expect(metal.meltingPoint != nil) }
  }

  @Test("Every number is in the SI unit of what it measures, in the tables and in cases")
  func units() throws {
    let published = try CaseFile.read(path: configPath("published/hong-2018.yaml")).setup
    let every = try CaseFile.read(text: everyKey, path: "my.yaml").setup
    let found = tables + numbers(in: every) + numbers(in: published)
    #expect(Set(found.map(\.name)) == Set(Self.dimensions.keys))
    for (name, number) in found {
      #expect(number.unit == Self.dimensions[name]?.siUnit, "\(name) \(number)")
    }
  }

  @Test("Every estimate of the tables says its range, and it holds the value")
  func ranges() throws {
    let estimates = tables.map(\.number).filter { $0.kind == .estimated }
    #expect(estimates.count >= 30)
    for number in estimates {
      let range = try #require(
        number.source.firstMatch(of: #/range ([0-9.]+)-([0-9.]+)( mS\/cm)?/#), "\(number.source)")
      let scale = number.unit == "rad" ? Double.pi / 180 : range.3 == nil ? 1 : 0.1
      let (low, high) = (try #require(Double(range.1)) * scale, try #require(Double(range.2)) * scale)
      #expect((low...high).contains(number.value), "\(number.source)")
    }
  }

  @Test("Each name stands once for a metal, and its angle and contact are such as a case may have")
  func names() {
    let keys = SubstrateMaterial.all.map { "\($0.name) \($0.metal ?? "")" }
    #expect(Set(keys).count == keys.count)
    for entry in SubstrateMaterial.all {
      #expect(Bounds.young.contains(entry.contactAngle.value), "\(entry.name)")
      #expect(entry.metal.map { Metal.named($0) != nil } ?? true, "\(entry.name)")
      #expect(SubstrateMaterial.named(entry.name, under: "Rb") != nil, "\(entry.name)")
    }
  }

  @Test("A mole of the metals' fluorides takes the volume of their cells", arguments: Metal.all)
  func fluorides(_ metal: Metal) throws {
    let edges = ["Li": 4.027e-10, "Na": 4.634e-10, "K": 5.347e-10]
    let edge = try #require(edges[metal.symbol])
    let volume = try #require(Interphase.fluorideVolume(metal))
    #expect(abs(volume.value / (edge * edge * edge / 4 * 6.02214076e23) - 1) < 1e-3)
    #expect(volume.unit == "m^3/mol" && volume.kind == .computed)
  }

  @Test("Charges of conversion and alloying are those of the capacities known by weight")
  func charges() throws {
    // mAh/g and g/cm³: Sb 660 (Na3Sb), graphite 372 (LiC6) and 279 (KC8), NiSb by its lattice.
    for (name, metal, capacity, density) in [
      ("antimony", "Na", 660.3, 6.70), ("graphite", "Li", 371.9, 2.26), ("graphite", "K", 278.9, 2.26),
      ("NiSb", "Na", 445.6, 180.453 / 20.90),
    ] {
      let reaction = try #require(SubstrateMaterial.named(name, under: metal)?.reaction)
      let known = capacity * density * 1e-4 * 36000
      #expect(abs(reaction.chargePerMicrometre.value / known - 1) < 1e-3, "\(name)")
    }
    #expect(SubstrateMaterial.named("graphite", under: "Na")?.reaction == nil)
  }

  @Test("Molten sodium has the density tabulated for it, and the surface tension that others measured")
  func moltenSodium() {
    // 896.99 kg/m³ at 500 K: Fink & Leibowitz 1995.
    #expect(abs(22.990e-3 / Metal.moltenSodium(at: 500).molarVolume.value / 896.9929544 - 1) < 1e-7)
    // Poindexter & Kernaghan 1929; Sodium-NaK Engineering Handbook.
    for (temperature, tension) in [(373.15, 0.2064), (523.15, 0.1995), (673.15, 0.161)] {
      let found = Metal.moltenSodium(at: temperature).surfaceEnergy.value
      #expect(abs(found / tension - 1) < 0.08, "\(temperature) K: \(found)")
    }
  }

  @Test("Sodium is solid below its melting point and molten above, in a case too")
  func melting() throws {
    func metal(_ temperature: String) throws -> Metal {
      try CaseFile.read(text: smallCase, path: "my.yaml", overrides: ["temperature=\(temperature)"]).setup
        .metal
    }
    #expect(try metal("370 K") == .sodium)
    #expect(try metal("573.15 K") == .moltenSodium(at: 573.15))
    #expect(try metal("573.15 K").symbol == "Na" && metal("600 K").isMolten)
    #expect(Metal.named("K", at: 573.15) == .potassium)
    #expect(
      messages(smallCase, overrides: ["temperature=601 K"]).first?.contains("between 150 K and 600 K") == true
    )
  }

  @Test("A material gives what the same numbers by hand give, to the last bit")
  func byHand() throws {
    func substrate(_ text: String) throws -> Substrate {
      let overrides = ["substrate=\(text)", "seeds={film: 20 nm}"]
      return try #require(
        try CaseFile.read(text: smallCase, path: "my.yaml", overrides: overrides).setup.substrate)
    }
    let islands = "diameter: 30 nm, pitch: 60 nm"
    let tabulated = try substrate("{material: nickel, islands: {material: Na3Sb, \(islands)}}")
    let given = try substrate(
      "{name: Ni, contact_angle: 120 deg, islands: {name: Na3Sb, contact_angle: 30 deg, contact: schottky, \(islands)}}"
    )
    for (a, b) in [
      (tabulated.matrix, given.matrix), (tabulated.islands!.surface, given.islands!.surface),
    ] {
      #expect(a.name == b.name && a.contactAngle.value == b.contactAngle.value && a.contact == b.contact)
    }
  }

  @Test("The table's contact laws are the words of the schema")
  func laws() throws {
    let contact = try #require(Key.surface(contact: .required).first { $0.name == "contact" })
    #expect(contact.form.expectation.hasPrefix(listed(StatedContact.Law.allCases.map(\.rawValue))))
  }

  @Test(
    "Slips in a substrate are named by their key",
    arguments: [
      (
        ["substrate.name=", "substrate.material=nickle"],
        "substrate.material: \"nickle\" is not known, did you mean \"nickel\"?; expected one of nickel, amorphous nickel, "
      ),
      (["substrate.name=", "substrate.material=Cu"], "\"Cu\" is not known, did you mean \"copper\"?"),
      (
        ["substrate.material=nickel"],
        "substrate: says material and name; expected only one of material or name"
      ),
      (["substrate.name="], "substrate: says none of material or name; expected one of them"),
      (
        ["substrate.contact_angle="],
        "substrate.contact_angle: the key is missing from substrate; expected an angle"
      ),
      (
        ["substrate.islands.contact="],
        "substrate.islands.contact: the key is missing from substrate.islands; expected ohmic, schottky or insulating"
      ),
      (["metal=Mg"], "metal: \"Mg\" gives 2 electrons an atom; expected a metal that gives one"),
      (["valence=2"], "valence: unknown key (every metal gives one electron an atom)"),
    ])
  func slips(changes: [String], text: String) {
    let found = messages(smallCase, overrides: changes)
    #expect(found.count == 1 && found[0].contains(text), "\(found)")
  }
}
