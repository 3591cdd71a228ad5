import Electrodeposition
import Foundation
import Testing

@testable import CaseFiles

/// Names, kinds and sources go with the numbers they describe, and end with them.
@Suite("Provenance")
struct ProvenanceTests {
  private func setup(_ text: String, _ overrides: String...) throws -> Case {
    try CaseFile.read(text: text, path: "my.yaml", overrides: overrides).setup
  }

  private let sourced = smallCase.replacing(
    "contact_angle: 120 deg", by: "contact_angle: {value: 120 deg, kind: measured, source: \"Na on Ni\"}"
  ).replacing(
    "contact_angle: 30 deg", by: "contact_angle: {value: 30 deg, kind: estimated, source: \"soaks\"}")

  @Test("What the case gives is given in it, with no other source than the one it states")
  func given() throws {
    let plain = try setup(smallCase, "electrolyte.conductivity=5 mS/cm").electrolyte.conductivity
    #expect(plain == Sourced(0.5, "S/m", .given, "--set electrolyte.conductivity=5 mS/cm"))
    let stated = try setup(smallCase, "electrolyte.conductivity={value: 5 mS/cm, source: mine}").electrolyte
    #expect(stated.conductivity == Sourced(0.5, "S/m", .given, "mine"))
    let angle = try setup(sourced).substrate?.matrix.contactAngle
    #expect(angle?.kind == .measured && angle?.source == "Na on Ni")
  }

  @Test("A new value drops kind and source of the old one, and takes new ones")
  func newValue() throws {
    let key = "substrate.contact_angle"
    let angle = try setup(sourced, "\(key).value=100 deg").substrate?.matrix.contactAngle
    #expect(angle?.kind == .given && angle?.source == "--set \(key).value=100 deg")
    let both = try setup(sourced, "\(key).source=mine", "\(key).kind=computed", "\(key).value=100 deg")
    #expect(both.substrate?.matrix.contactAngle.source == "mine")
    #expect(both.substrate?.matrix.contactAngle.kind == .computed)
    let plain = try setup(smallCase, "\(key).source=mine", "\(key).kind=measured").substrate?.matrix
      .contactAngle
    #expect(plain?.source == "mine" && plain?.kind == .measured)
  }

  @Test("A new name or metal does not take over the sources of the old one")
  func newName() throws {
    let copper = try #require(try setup(sourced, "substrate.name=Cu").substrate)
    #expect(copper.matrix.contactAngle.kind == .given)
    #expect(copper.matrix.contactAngle.source == "given for Ni: Na on Ni")
    #expect(copper.islands?.surface.contactAngle.kind == .estimated)
    let potassium = try #require(try setup(sourced, "metal=K").substrate)
    #expect(potassium.matrix.contactAngle.source == "given for Na: Na on Ni")
    #expect(potassium.islands?.surface.contactAngle.source == "given for Na: soaks")
    let same = try #require(try setup(sourced, "metal=Na", "substrate.name=Ni").substrate)
    #expect(same.matrix.contactAngle.kind == .measured)
  }

  @Test("A number beside a material, or of another material, does not carry the old source")
  func material() throws {
    let nickel = "substrate={material: nickel}"
    let seeds = "seeds={film: 20 nm}"
    let table = try #require(SubstrateMaterial.named("nickel", under: "Na"))
    let whole = try setup(smallCase, nickel, seeds).substrate?.matrix
    #expect(whole?.contactAngle == table.contactAngle && whole?.tabulatedContact == table.contact)
    let own = try setup(smallCase, nickel, seeds, "substrate.contact_angle=100 deg").substrate?.matrix
    #expect(own?.contactAngle.source == "--set substrate.contact_angle=100 deg")
    #expect(own?.contactAngle.kind == .given && own?.tabulatedContact == table.contact)
    let contact = try setup(smallCase, nickel, seeds, "substrate.contact=insulating").substrate?.matrix
    #expect(contact?.contact == .insulating && contact?.tabulatedContact == nil)
    #expect(contact?.contactAngle == table.contactAngle)
    let sourced = "substrate={material: nickel, contact_angle: {value: 99 deg, kind: measured, source: mine}}"
    let renamed = try setup(smallCase, sourced, seeds, "substrate.material=copper").substrate?.matrix
    #expect(renamed?.name == "Cu" && renamed?.contactAngle.source == "given for nickel: mine")
    #expect(renamed?.contactAngle.kind == .given)
  }

  @Test("What the table knows of another metal alone is named so")
  func borrowed() throws {
    let borrowed = try #require(SubstrateMaterial.named("Na3Sb", under: "K"))
    let own = try #require(SubstrateMaterial.named("Na3Sb", under: "Na"))
    #expect(borrowed.contactAngle.source == "given for Na: " + own.contactAngle.source)
    #expect(borrowed.contact.source == "given for Na: " + own.contact.source)
    #expect(borrowed.contactAngle.value == own.contactAngle.value && borrowed.contact.law == own.contact.law)
  }

  @Test("The table's conductivity is measured where it was measured, and estimated elsewhere")
  func conductivity() throws {
    func found(_ overrides: String...) throws -> Sourced {
      try CaseFile.read(text: smallCase, path: "my.yaml", overrides: overrides).setup.electrolyte.conductivity
    }
    #expect(try found() == ElectrolyteEntry.named("NaClO4 in EC:DEC")?.conductivity)
    for change in ["electrolyte.concentration=10 mol/L", "temperature=320 K"] {
      let other = try found(change)
      #expect(other.kind == .estimated && other.source.hasPrefix("in proportion to the concentration"))
    }
  }

  @Test("An electrolyte goes by the table's name as far as its numbers are the table's")
  func electrolyteName() throws {
    let tabulated = "NaClO4 in EC:DEC"
    let usual = try setup(smallCase).electrolyte
    #expect(usual.name == tabulated && usual.replacedNumbers == [])
    let half = try setup(smallCase, "electrolyte.concentration=0.5 M").electrolyte
    #expect(half.name == tabulated && half.replacedNumbers == [])
    let changed = try setup(smallCase, "electrolyte.conductivity=5 mS/cm").electrolyte
    #expect(changed.name == tabulated && changed.replacedNumbers == ["conductivity"])
    let own = try setup(smallCase, "electrolyte.conductivity=5 mS/cm", "electrolyte.transference_number=0.3")
      .electrolyte
    #expect(own.name == Electrolyte.unnamed && own.replacedNumbers == [])
    let named = try setup(
      smallCase, "electrolyte.conductivity=5 mS/cm", "electrolyte.transference_number=0.3",
      "electrolyte.name=NaPF6 in diglyme"
    ).electrolyte
    #expect(named.name == "NaPF6 in diglyme" && named.replacedNumbers == [])
  }

  private let rubidium = smallCase.replacing(
    "metal: Na",
    by: """
      metal: Rb
      molar_volume: {value: 55.8 cm^3/mol, kind: computed, source: "85.47 g/mol / 1.532 g/cm^3"}
      surface_energy: 0.1 J/m^2
      kinetics: {exchange_current_density: 10 A/m^2}
      """
  ).replacing("thickness: 10 um", by: "{thickness: 10 um, conductivity: 1 S/m, transference_number: 0.4}")
    .replacing("electrolyte:\n  ", by: "electrolyte: ")

  @Test("A metal that is in no table takes its numbers from the case, and needs all of them")
  func ownMetal() throws {
    let metal = try setup(rubidium).metal
    #expect(metal.symbol == "Rb" && abs(metal.molarVolume.value / 55.8e-6 - 1) < 1e-12)
    #expect(metal.molarVolume.source == "85.47 g/mol / 1.532 g/cm^3" && metal.surfaceEnergy.value == 0.1)
    for (key, reason) in [
      ("molar_volume", "metal: \"Rb\" is not known; expected one of Li, Na, K, or a molar_volume beside it"),
      ("surface_energy", "surface_energy: \"Rb\" is in no table; expected a surface energy such as"),
      (
        "kinetics",
        "kinetics.exchange_current_density: \"Rb\" is in no table; expected a current density such as"
      ),
      ("electrolyte.conductivity", "electrolyte.conductivity: no electrolyte of Rb is in a table; expected"),
    ] {
      let found = messages(rubidium, overrides: [key + "="])
      #expect(found.count == 1 && found[0].hasPrefix("--set \(key)=: \(reason)"), "\(found)")
    }
    #expect(messages(smallCase, overrides: ["metal=sodium"]).first?.contains("did you mean \"Na\"?") == true)
    let misspelt = messages(smallCase, overrides: ["electrolyte.name=NaClO4 in EC:DMC"])
    #expect(
      misspelt.count == 2 && misspelt[0].contains("in no table, did you mean \"NaClO4 in EC:DEC\"?"),
      "\(misspelt)")
  }
}
