import Electrodeposition
import Foundation
import Testing

@testable import Analysis
@testable import CaseFiles

@Suite("Case files")
struct CaseFileTests {
  @Test("Every case of configs/ reads", arguments: configNames)
  func configs(name: String) throws {
    let file = try CaseFile.read(path: configPath(name))
    #expect(file.text.hasPrefix("# "), "begins with what it shows")
    for word in ["# Shows:", "# Takes:", "# Estimates:"] { #expect(file.text.contains(word), "\(word)") }
    #expect(!file.setup.stages.isEmpty)
  }

  @Test("The reference case has its values in SI")
  func referenceValues() throws {
    let setup = try CaseFile.read(path: configPath("sodium-on-nisb.yaml")).setup
    #expect(setup.metal == .sodium)
    #expect(setup.box == Box(width: 300e-9, height: 256e-9, cell: 1e-9))
    #expect(setup.temperature.value == 298.15)
    #expect(setup.electrolyte.thickness == 10e-6)
    #expect(setup.electrolyte.end == .reservoir)
    #expect(setup.electrolyte.conductivity.value == 0.68)
    #expect(abs(setup.electrolyte.saltDiffusivity.value / 8.69e-11 - 1) < 1e-3)
    #expect(setup.kinetics.exchangeCurrentDensity.value == 100)
    #expect(setup.kinetics.exchangeCurrentDensity.kind == .estimated)
    #expect(setup.surfaceEnergy == Metal.sodium.surfaceEnergy)
    let islands = try #require(setup.substrate?.islands)
    #expect(islands.diameter == 30e-9)
    #expect(islands.pitch == 60e-9)
    #expect(abs(islands.surface.contactAngle.value - .pi / 6) < 1e-15)
    guard case .schottky(let contact) = islands.surface.contact else { throw Unexpected() }
    #expect(contact.barrier == Sourced(0.65, "eV", .estimated, "Schottky-Mott with pinning; scan 0.4-0.8 eV"))
    #expect(contact.polarity == .blocking)
    #expect(contact.richardson.value == 1.20e6)
    #expect(contact.leakResistance.value == .infinity)
    #expect(abs(contact.saturationCurrent(temperature: 298.15) / 1.10 - 1) < 0.01)
    guard case .ohmic(let resistance) = setup.substrate?.matrix.contact else { throw Unexpected() }
    #expect(resistance.value == 1e-7)
    #expect(resistance.kind == .estimated)
    #expect(setup.seeds == Seeds(onIslands: Seeds.OnIslands(radius: 10e-9)))
    #expect(setup.stages == [Stage(.potential(-0.1), until: Limits(thickness: 100e-9))])
    #expect(setup.output == OutputSchedule(everyThickness: 10e-9))
  }

  @Test("The other cases differ from the reference case by what their comments say")
  func variants() throws {
    func setup(_ name: String) throws -> Case { try CaseFile.read(path: configPath(name)).setup }
    var control = try setup("sodium-on-nisb.yaml")
    let free = try setup("sodium-on-nisb-no-barrier.yaml")
    guard case .ohmic = free.substrate?.islands?.surface.contact else { throw Unexpected() }
    #expect(free.seeds == control.seeds && free.box == control.box && free.stages == control.stages)
    control.stages = [Stage(.current(20), until: Limits(thickness: 100e-9))]
    #expect(try setup("sodium-on-nisb-2mA.yaml").stages == control.stages)
    #expect(try setup("sodium-on-nickel.yaml").substrate?.islands == nil)
    #expect(try setup("lithium-on-nisb.yaml").electrolyte.name == "LiTFSI in DOL:DME")
    #expect(try setup("potassium-on-nisb.yaml").metal == .potassium)
    #expect(try setup("sodium-needle.yaml").box.height == 10e-6)
    let published = try setup("reference/fig1h-counter.yaml")
    #expect(published.electrolyte.end == .counterElectrode && published.box == control.box)
    #expect(published.seeds == control.seeds && published.substrate?.islands?.pitch == 60e-9)
    for name in ["fig1-islands", "fig1g-foil", "fig1h-blocked-1mA"] {
      let given = try setup("reference/\(name).yaml")
      #expect(given.stages.map(\.control) == [.current(10)], "\(name)")
      #expect(given.box.cell == control.box.cell && given.seeds == control.seeds, "\(name)")
    }
  }

  @Test("Absent keys take the defaults of the physics module")
  func defaults() throws {
    let setup = try CaseFile.read(text: smallCase, path: "my.yaml").setup
    #expect(setup.numerics == Numerics())
    #expect(setup.output == OutputSchedule())
    #expect(setup.kinetics == Kinetics(exchangeCurrentDensity: Metal.sodium.exchangeCurrentDensity))
    #expect(setup.electrolyte.concentration.value == 1000)
    #expect(setup.electrolyte.name == Metal.sodium.defaultElectrolyte)
    #expect(setup.seeds.onIslands == Seeds.OnIslands(radius: 10e-9))
    #expect(setup.substrate?.islands?.surface.contact == .insulating)
  }

  @Test("A number knows the line or the override it came from")
  func sources() throws {
    let text = smallCase + "surface_energy: 0.2 J/m^2\n"
    let line = try CaseFile.read(text: text, path: "some/folder/my.yaml").setup.surfaceEnergy
    #expect(line == Sourced(0.2, "J/m^2", .given, "my.yaml, line 23"))
    let set = "surface_energy=300 mJ/m^2"
    let override = try CaseFile.read(text: text, path: "my.yaml", overrides: [set]).setup.surfaceEnergy
    #expect(override == Sourced(0.3, "J/m^2", .given, "--set surface_energy=300 mJ/m^2"))
  }

  @Test(
    "A new conductivity or transference number brings its diffusion coefficient, unless that is given too")
  func nernstEinstein() throws {
    func electrolyte(_ overrides: String...) throws -> Electrolyte {
      try CaseFile.read(text: smallCase, path: "my.yaml", overrides: overrides).setup.electrolyte
    }
    let standard = try electrolyte()
    let conducting = try electrolyte("electrolyte.conductivity=1.36 S/m")
    #expect(abs(conducting.saltDiffusivity.value / standard.saltDiffusivity.value - 2) < 1e-12)
    let even = try electrolyte("electrolyte.transference_number=0.5")
    #expect(abs(even.saltDiffusivity.value / standard.saltDiffusivity.value - 0.25 / 0.24) < 1e-12)
    let thin = try electrolyte("electrolyte.concentration=0.5 M")
    #expect(abs(thin.saltDiffusivity.value / standard.saltDiffusivity.value - 1) < 1e-12)
    let both = try electrolyte("electrolyte.conductivity=1 S/m", "electrolyte.salt_diffusivity=1e-10 m^2/s")
    #expect(both.saltDiffusivity.value == 1e-10)
    #expect(both.transferenceNumber == standard.transferenceNumber)
  }

  @Test("Overrides reach every kind of key, the last one counts, and the text is that of the changed case")
  func overrides() throws {
    let file = try CaseFile.read(
      text: smallCase, path: "my.yaml",
      overrides: [
        "box.cell=4 nm", "box.cell=3 nm", "protocol.0.hold=-50 mV", "protocol.0.until.time=2 min",
        "numerics.random_seed=7",
        "substrate.islands.contact={law: schottky, barrier: 0.5 eV, polarity: back-to-back}",
        "electrolyte.end=counter electrode", "output.fields=false",
        "seeds.caps=[{x: 30 nm, radius: 12 nm, angle: 60 deg}]", "title=Other",
      ])
    let setup = file.setup
    #expect(try CaseFile.read(text: file.text, path: "my.yaml").root.isSame(as: file.root))
    #expect(setup.box.cell == 3e-9)
    #expect(setup.stages == [Stage(.potential(-0.05), until: Limits(time: 120))])
    #expect(setup.numerics.randomSeed == 7)
    #expect(setup.electrolyte.end == .counterElectrode)
    #expect(!setup.output.fields)
    #expect(setup.seeds.caps == [Seeds.Cap(x: 30e-9, radius: 12e-9, angle: 60 * (.pi / 180))])
    #expect(setup.title == "Other")
    guard case .schottky(let contact) = setup.substrate?.islands?.surface.contact else { throw Unexpected() }
    #expect(contact.polarity == .backToBack && contact.barrier.value == 0.5)
  }

  @Test("All controls are read: strip is a negative current, rest needs no value")
  func controls() throws {
    let text = smallCase.replacing(
      "  - hold: -0.1 V\n    until: {time: 1 s}\n",
      by: """
          - plate: 1 mA/cm^2
            until: {capacity: 1 uAh/cm^2, height: 50 nm, voltage: -0.3 V}
          - strip: 1 mA/cm^2
            until: {thickness: 5 nm}
          - rest:
            until: {time: 1 min}
          - rest: true
            until: {voltage_above: 0 V, voltage_below: -1 V}

        """)
    #expect(
      try CaseFile.read(text: text, path: "my.yaml").setup.stages == [
        Stage(.current(10), until: Limits(capacity: 36, height: 50e-9, voltage: -0.3)),
        Stage(.current(-10), until: Limits(thickness: 5e-9)), Stage(.rest, until: Limits(time: 60)),
        Stage(.rest, until: Limits(voltageAbove: 0, voltageBelow: -1)),
      ])
  }

  @Test("A case may have no substrate, but has to say so")
  func noSubstrate() throws {
    let setup = try CaseFile.read(
      text: smallCase, path: "my.yaml", overrides: ["substrate=none", "seeds={film: 20 nm}"]
    ).setup
    #expect(setup.substrate == nil)
    #expect(setup.seeds == Seeds(film: 20e-9))
  }

  @Test("docs/cases.md is the reference that the schema prints")
  func reference() throws {
    let path = packageRoot.appendingPathComponent("docs/cases.md")
    if ProcessInfo.processInfo.environment["FROND_WRITE_DOCS"] != nil {
      try caseReference().write(to: path, atomically: true, encoding: .utf8)
    }
    #expect(
      try String(contentsOf: path, encoding: .utf8) == caseReference(),
      "write it again: FROND_WRITE_DOCS=1 swift test --filter CaseFileTests")
  }

  private struct Unexpected: Error {}
}
