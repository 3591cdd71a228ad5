import Electrodeposition
import Foundation
import Testing

@testable import CaseFiles

/// What a run keeps of its case: a text that is the case with every change in it.
@Suite("Kept cases")
struct CaseTextTests {
  private func read(_ text: String, _ overrides: String...) throws -> CaseFile {
    try CaseFile.read(text: text, path: "my.yaml", overrides: overrides)
  }

  @Test("Without a change the text stays the file's, to the byte")
  func untouched() throws {
    let text = "\u{FEFF}" + smallCase.replacing("\n", by: "  \r\n")
    #expect(try read(text).text == text)
    #expect(try read(text, "box.cell=2 nm").text == text)
  }

  @Test("What changes is written in its place; comments and layout around it stay")
  func inPlace() throws {
    let text = """
      # A case.
      title: Base   # with a comment
      metal: Na

      box:
        width: 120 nm
        # Two cells are enough.
        height: 100 nm
        cell: 2 nm
      # What conducts.
      electrolyte: {thickness: 10 um}
      substrate: {name: Ni, contact_angle: 90 deg}
      seeds: {film: 20 nm}
      protocol:
        - plate: 1 mA/cm^2
          until: {thickness: 22 nm}
      # The end.

      """
    let changed = try read(
      text, "temperature=320 K", "protocol.0.plate=5 mA/cm^2", "protocol.+={rest: true, until: {time: 1 s}}",
      "box.depth=120 nm", "electrolyte.concentration=0.5 M", "title='Other: \"this\" # one'")
    let expected =
      text.replacing("title: Base   # with a comment", by: "title: \"Other: \\\"this\\\" # one\"")
      .replacing("  cell: 2 nm\n", by: "  cell: 2 nm\n  depth: 120 nm\n")
      .replacing("{thickness: 10 um}", by: "{thickness: 10 um, concentration: 0.5 M}")
      .replacing("1 mA/cm^2", by: "5 mA/cm^2")
      .replacing("22 nm}\n", by: "22 nm}\n  - rest: true\n    until: {time: 1 s}\ntemperature: 320 K\n")
    #expect(changed.text == expected)
    let without = try read(changed.text, "box.depth=", "protocol.1=", "temperature=")
    #expect(
      without.text
        == expected.replacing("  depth: 120 nm\n", by: "")
        .replacing("\n  - rest: true\n    until: {time: 1 s}\ntemperature: 320 K\n", by: "\n"))
  }

  @Test("Editors' habits do not change the kept case", arguments: configNames)
  func habits(name: String) throws {
    let kept = try CaseFile.read(path: configPath(name), overrides: ["temperature=320 K"])
    #expect(kept.setup.temperature.value == 320)
    let lines = kept.text.split(separator: "\n", omittingEmptySubsequences: false)
    let habits = [
      lines.joined(separator: "\r\n"), lines.joined(separator: "   \n"), lines.joined(separator: " \t\r\n"),
      lines.joined(separator: "\n\n"),
      lines.map { "  " + $0 }.joined(separator: "\n"),
      kept.text + "\n\n",
    ]
    for text in habits { #expect(try read(text).root.isSame(as: kept.root)) }
  }

  @Test(
    "However a file is written, the kept text is the changed case",
    arguments: [
      smallCase, everyKey, smallCase.replacing("\n", by: "\r\n"), "\u{FEFF}" + smallCase,
      "---\n" + smallCase + "...\n",
      "{title: A, metal: Na, box: {width: 120 nm, height: 100 nm, cell: 2 nm}, electrolyte: {thickness: 10 um}, "
        + "substrate: {name: Ni, contact_angle: 120 deg, islands: {name: X, diameter: 30 nm, pitch: 60 nm, "
        + "contact_angle: 30 deg, contact: ohmic}}, seeds: {on_islands: {radius: 10 nm}}, "
        + "protocol: [{hold: -0.1 V, until: {time: 1 s}}]}",
      smallCase.replacing("contact_angle: 30 deg", by: "contact_angle: *a").replacing(
        "120 deg", by: "&a 120 deg"),
      smallCase.replacing("title: A small case", by: "title: >\n  A folded\n  title  # no comment\n"),
      smallCase.replacing("protocol:\n  - ", by: "protocol:\n-\n    "),
      smallCase.replacing("title", by: "\"title\""),
    ])
  func everyStyle(text: String) throws {
    for overrides in [
      ["title=Ä \"b\" \\ 'c' #d: e\tf"], ["box.cell=1.5 nm", "temperature=310 K"],
      ["substrate.islands.edge_width=4 nm"],
      ["protocol.0.until={time: 2 s, capacity: 1 C/m^2}"], ["protocol.+={rest: , until: {time: 1 s}}"],
      ["protocol.0={hold: -50 mV, until: {time: 1 s}}"], ["seeds.caps.+={x: 30 nm, radius: 12 nm}"],
      ["substrate.contact_angle={value: 100 deg, kind: measured, source: 'my cell, 3: \"wet\"'}"],
      ["substrate=none", "seeds={film: 20 nm}"], ["seeds={film: 20 nm}", "substrate.islands="],
    ] {
      let given = try CaseFile.read(text: text, path: "my.yaml", overrides: overrides)
      let kept = try read(given.text)
      #expect(kept.root.isSame(as: given.root), "\(overrides): \(given.text)")
      #expect(!given.root.isSame(as: try read(text).root))
    }
  }

  @Test("Keys, items and sections are taken out, added and replaced")
  func takingOut() throws {
    let flat = try read(everyKey, "box.depth=", "seeds.caps.0.y=", "protocol.3=", "protocol.1=", "kinetics=")
    #expect(flat.setup.box.depth == nil)
    // The first stage, and the group that repeats three times, with four stages each.
    #expect(flat.setup.stages.count == 13)
    #expect(flat.setup.stages.prefix(2).map(\.control) == [.potential(-0.1), .current(-10)])
    #expect(flat.setup.kinetics.exchangeCurrentDensity == Metal.sodium.exchangeCurrentDensity)
    let added = try read(
      smallCase, "seeds.caps.+={x: 30 nm, radius: 12 nm}", "seeds.caps.+.x=90 nm",
      "seeds.caps.1.radius=13 nm",
      "seeds.on_islands=")
    #expect(
      added.setup.seeds == Seeds(caps: [.init(x: 30e-9, radius: 12e-9), .init(x: 90e-9, radius: 13e-9)]))
  }

  @Test(
    "A problem that a change brings points at that change, wherever it shows",
    arguments: [
      (
        ["box.cell="],
        "--set box.cell=: box.cell: the key is missing from box; expected a length such as 60 nm (m, cm, "
      ),
      (
        ["title=x", "electrolyte.thickness=50 nm"],
        "--set electrolyte.thickness=50 nm: box.height: 100 nm is above"
      ),
      (
        ["protocol.0.plate=1 mA/cm^2", "title=x"],
        "--set protocol.0.plate=1 mA/cm^2: protocol.0: says hold and plate"
      ),
      (["protocol.0.until.time="], "--set protocol.0.until.time=: protocol.0.until: says none of time, "),
      (["protocol.0="], "--set protocol.0=: protocol: the list is empty"),
      (
        ["metal=K", "metal=Li", "electrolyte.name=KFSI in DME"],
        "--set electrolyte.name=KFSI in DME: electrolyte.name: "
      ),
      (
        ["box.depth="],
        "--set box.depth=: box.depth: box has no key \"depth\" to take out; expected one of width, height, cell"
      ),
      (
        ["protocol.4="],
        "--set protocol.4=: protocol.4: protocol has no item \"4\"; expected a number from 0 to 0, or + "
      ),
    ])
  func blame(overrides: [String], message: String) {
    let found = messages(smallCase, overrides: overrides)
    #expect(found.count == 1 && found[0].hasPrefix(message), "\(found)")
  }

  @Test("A problem of the file itself stays with its line")
  func blameOfFile() {
    let spoilt = smallCase.replacing("height: 100 nm", by: "height: 20 um")
    #expect(
      messages(spoilt, overrides: ["title=x"]).first?.hasPrefix("my.yaml:5:11: box.height: 20 µm") == true)
  }

  @Test("Cases differ by the keys of the file, not by how they are written")
  func differences() throws {
    let former = try read(everyKey)
    let same = try read(
      everyKey, "temperature=298.15 K", "box.width=0.12 um", "surface_energy=250 mJ/m^2",
      "capillarity=gibbs-thomson",
      "seeds.caps.0.angle=", "protocol.3.rest=true", "substrate.contact=ohmic", "electrolyte.transport=")
    #expect(same.differences(from: former) == [])
    let other = try read(
      everyKey, "substrate.islands.contact.barrier=0.7 eV", "substrate.contact=insulating",
      "output.pictures=true",
      "protocol.1.until.height=", "protocol.+={rest: true, until: {time: 2 s}}", "kinetics.noise=none",
      "metal=Na")
    #expect(
      other.differences(from: former).map { "\($0.keyPath): \($0.former), \($0.present)" } == [
        "kinetics.noise: {amplitude: 0.04, correlation_length: 10 nm, correlation_time: 1 s}, none",
        "substrate.contact: {law: ohmic, resistance: 1e-7 ohm m^2}, insulating",
        "substrate.islands.contact.barrier: 0.6 eV, 0.7 eV", "protocol.1.until.height: 50 nm, none",
        "protocol.4: none, {rest: true, until: {time: 2 s}}", "output.pictures: false, true",
      ])
  }
}
