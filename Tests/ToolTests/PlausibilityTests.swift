import Foundation
import Testing

@Suite("What is hardly meant")
struct PlausibilityTests {
  @Test(
    "is warned of",
    arguments: [
      ("electrolyte.concentration=15 mol/L", "at 15 mol/L it is taken in proportion"),
      ("electrolyte.concentration=15 mol/L", "Hardly any salt dissolves to 15 mol/L"),
      ("electrolyte.concentration=0.01 mol/L", "at 0.01 mol/L it is taken in proportion"),
      ("seeds.on_islands.radius=40 nm", "Seeds of 40 nm overlap by 20 nm"),
      (
        "seeds.on_islands.radius=20 nm",
        "Seeds are larger than their islands: they cover 40 nm of 30 nm and touch Ni"
      ),
      ("metal=Li", "Li is plated on Na3Sb, an alloy of Na"),
      ("substrate.name=NiSb", "NiSb reacts before metal is plated, NiSb + 3 M+ + 3 e- -> M3Sb + Ni"),
      ("temperature=573 K", "The table's numbers are those of 298.15 K"),
      ("temperature=573 K", "at 573 K give electrolyte.conductivity."),
      ("substrate.islands.edge_width=40 nm", "The edge of an island is 40 nm wide, the island 30 nm"),
      ("protocol.0.hold=-2 V", "At -2 V the current is too high until it has come down to the limiting one"),
      ("substrate.islands.contact.barrier=1.5 eV", "the run seems to stand still"),
    ])
  func warned(change: String, text: String) throws {
    #expect(try warnings("check", Tool.sodium, "--set", change).contains(text))
    #expect(!(try warnings("check", Tool.sodium)).contains(text))
  }

  @Test("A box that leaves the far end no room to follow metal that is stripped is warned of")
  func farEnd() throws {
    let needle = Tool.root.appendingPathComponent("configs/sodium-needle.yaml").path
    let text = "the electrolyte gets thicker by up to 25.13 nm. Make the box 9.975 µm high or less"
    #expect(try warnings("check", needle, "--set", "protocol.0.hold=0.1 V").contains(text))
    #expect(!(try warnings("check", needle)).contains("gets thicker"))
  }

  @Test("A window that moves has room for more metal than its height")
  func movingWindow() throws {
    let tall = "protocol.0.until.thickness=1 um"
    let text = try warnings("check", Tool.sodium, "--set", tall, "--set", "box.moving_window=true")
    #expect(!text.contains("too low") && !text.contains("cannot reach"))
    #expect(try Tool.run("check", Tool.sodium, "--set", tall).exitCode == 2)
    let low = "protocol.0.until.thickness=200 nm"
    #expect(try warnings("check", Tool.sodium, "--set", low).contains("too low"))
  }

  @Test("Waves that cells do not resolve are warned of, with the cell that would")
  func waves() throws {
    let text = try warnings(
      "check", Tool.sodium, "--set", "protocol.0.hold=-1 V", "--set",
      "kinetics.exchange_current_density=100 mA/cm^2")
    #expect(text.contains("below 16 capillarity is not resolved. Take a cell of"))
  }

  @Test(
    "is refused where nothing can come of it",
    arguments: [
      ("output.every_thickness=1e-30 m", "expected a length from 1 pm to 1 m"),
      ("output.every_time=1e-30 s", "expected a time from 0.001 ns to 36500 d"),
      ("output.checkpoint_every=1e30 s", "expected a time from 1 ms to 1e9 s"),
      ("surface_energy=1000 J/m^2", "expected a surface energy above zero, at most 10 J/m^2"),
      ("protocol.0.hold=-100 V", "expected a potential between -10 V and 10 V"),
    ])
  func refused(change: String, text: String) throws {
    let result = try Tool.run("check", Tool.sodium, "--set", change)
    #expect(result.exitCode == 2 && result.errors.hasPrefix("--set \(change): "), "\(result)")
    #expect(result.errors.contains(text), "\(result.errors)")
  }

  @Test("contacts of which none conducts, and only then")
  func insulating() throws {
    let contacts = ["substrate.contact=insulating", "substrate.islands.contact=insulating"]
    let text = "Every contact is insulating"
    #expect(try warnings("check", Tool.sodium, "--set", contacts[0], "--set", contacts[1]).contains(text))
    for contact in contacts {
      #expect(!(try warnings("check", Tool.sodium, "--set", contact)).contains(text))
    }
  }

  @Test("The table's numbers of a solid are warned of above its melting point; sodium has those of the melt")
  func molten() throws {
    let text = "is molten (above 453.65 K), and the table's numbers are those of the solid. Give"
    let hot = ["check", Tool.sodium, "--set", "metal=Li", "--set", "temperature=500 K"]
    #expect(try warnings(hot).contains("At 500 K lithium \(text) molar_volume and surface_energy."))
    let half = hot + ["--set", "molar_volume=13.5 cm^3/mol"]
    #expect(try warnings(half).contains("At 500 K lithium \(text) surface_energy."))
    #expect(!(try warnings(half + ["--set", "surface_energy=0.4 J/m^2"])).contains("is molten"))
    let sodium = ["check", Tool.sodium, "--set", "temperature=573 K"]
    #expect(!(try warnings(sodium)).contains("is molten"))
    let own = ["electrolyte.conductivity=1 S/cm", "electrolyte.transference_number=0.9"]
    #expect(try warnings(sodium + own.flatMap { ["--set", $0] }) == "No warnings.")
  }

  @Test("An antimonide of the table under another metal is warned of")
  func antimonide() throws {
    let potassium = Tool.root.appendingPathComponent("configs/potassium-on-nisb.yaml").path
    #expect(!(try warnings("check", potassium)).contains("an alloy of"))
    let sodium = try warnings("check", potassium, "--set", "substrate.islands.material=Na3Sb")
    #expect(sodium.contains("K is plated on Na3Sb, an alloy of Na"))
  }

  @Test("own numbers are not warned of as the table's")
  func own() throws {
    let own = try warnings(
      "check", Tool.sodium, "--set", "electrolyte.concentration=3 mol/L", "--set",
      "electrolyte.conductivity=5 mS/cm")
    #expect(own == "No warnings.")
  }

  @Test("a film beside an exchange current density that contains one, and beside no other")
  func film() throws {
    let film = ["--set", "kinetics.film_resistance=10 ohm cm^2"]
    let text = "The exchange current density already contains the film"
    #expect(!(try warnings(["check", Tool.sodium] + film)).contains(text))
    let tabulated = ["--set", "kinetics.exchange_current_density="]
    #expect(try warnings(["check", Tool.sodium] + film + tabulated).contains(text))
  }

  @Test("a run prints the warnings, unless it is to be quiet")
  func printedByRun() throws {
    try Tool.inScratch { scratch in
      let arguments = [
        "run", Tool.sodium, "--set", "box.cell=4 nm", "--set", "seeds.on_islands.radius=20 nm", "--set",
        "protocol.0.until={time: 1 us}", "--set", "output={fields: false, pictures: false}", "--out",
      ]
      let loud = try Tool.Running(arguments + [scratch.path + "/loud"]).wait()
      #expect(
        loud.exitCode == 0 && words(loud.output).contains("Seeds are larger than their islands"), "\(loud)")
      let quiet = try Tool.Running(arguments + [scratch.path + "/quiet", "--quiet"]).wait()
      #expect(quiet.exitCode == 0 && quiet.output.isEmpty)
    }
  }

  private func warnings(_ arguments: String...) throws -> String { try warnings(arguments) }

  private func warnings(_ arguments: [String]) throws -> String {
    let result = try Tool.Running(arguments).wait()
    #expect(result.exitCode == 0, "\(result.errors)")
    let text = words(result.output)
    return text.range(of: "No warnings.").map { String(text[$0]) }
      ?? text.range(of: "Warnings - ").map { String(text[$0.upperBound...]) } ?? ""
  }

  private func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
