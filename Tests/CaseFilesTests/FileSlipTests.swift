import Foundation
import Testing

@testable import CaseFiles

@Suite("Slips in a file")
struct FileSlipTests {
  @Test(
    "Texts that are no case are refused with the place",
    arguments: [
      ("", "my.yaml: the file is empty; expected a case (see docs/cases.md)"),
      ("# only a comment\n", "my.yaml: the file is empty; expected a case (see docs/cases.md)"),
      (
        "5\n",
        "my.yaml:1:1: the file is \"5\"; expected a section with the keys title, reference, metal, molar_volume, temperature, "
          + "box, electrolyte, kinetics, surface_energy, capillarity, substrate, seeds, protocol, output or numerics"
      ),
      (
        "title: x\nbox:\n\twidth: 5 nm\n",
        "my.yaml:3:1: the line is indented by tabs or other blanks; expected spaces instead of tabs"
      ),
      (
        "title: x\nbox: {width: 5 nm\n",
        "my.yaml:2:6: a bracket that opens here is not closed, or a comma is missing in it; expected `{key: value, key: value}`"
      ),
      (
        "title: x\nbox:\n  cell: 1 nm\n  width: 5 nm\n  cell: 2 nm\n",
        "my.yaml:5:3: cell: the key is given twice, first in line 3; expected each key once"
      ),
      (
        "title: *nobody\n",
        "my.yaml:1:8: a text cannot begin with *; expected quotes around it"
      ),
      ("title: @x\n", "my.yaml:1:8: a text cannot begin with @; expected quotes around it"),
      ("title: *small*\n", "my.yaml:1:8: a text cannot begin with *; expected quotes around it"),
      ("---\n", "my.yaml: the file is empty; expected a case (see docs/cases.md)"),
      (
        "title: \"x\nmetal: Na\n",
        "my.yaml:1:8: a quote that opens here is not closed; expected quotes at both ends"
      ),
      (
        "title: 'It's x'\n",
        "my.yaml:1:12: there is more after the end of the value; expected double quotes around a text with quotes in it"
      ),
      (
        "title: Sodium: x\n",
        "my.yaml:1:14: the value has a colon in it; expected one `key: value` a line; quotes around a text with a colon"
      ),
      ("title: a\u{0}b\n", "my.yaml:1:9: control characters are not allowed; expected plain text"),
    ])
  func notACase(text: String, message: String) {
    #expect(messages(text) == [message])
  }

  @Test(
    "A slip of the pen is named where it is",
    arguments: [
      ("  width: 120", "  width:120", "4:3: the colon has no blank after it; expected `key: value`"),
      (
        "metal: Na", "metal:Na",
        "2:1: the line is no key with a value; expected `key: value`, with a blank after the colon"
      ),
      (
        "metal: Na", "metal = Na",
        "2:1: the line is no key with a value; expected `key: value`, with a blank after the colon"
      ),
      (
        "box:", "box",
        "3:1: the line is no key with a value; expected `key: value`, with a blank after the colon"
      ),
      ("  - hold", "  -hold", "21:3: the dash has no blank after it; expected `- key: value`"),
      (
        "  width: 120", "\u{A0}\u{A0}width: 120",
        "4:1: the line is indented by tabs or other blanks; expected spaces instead of tabs"
      ),
      (
        "  height", "    height",
        "5:5: the line is indented more than those of its section; expected the same number of spaces before all keys of a section"
      ),
      (
        "  height", " height",
        "5:2: the line is indented like no line above it; expected the same number of spaces before all keys of a section"
      ),
      (
        "    until", "   until",
        "22:4: the line is indented like no line above it; expected the same number of spaces before all keys of a section"
      ),
      (
        "{time: 1 s}", "{time: 1 s",
        "22:12: a bracket that opens here is not closed, or a comma is missing in it; expected `{key: value, key: value}`"
      ),
      (
        "{radius: 10 nm}", "{radius: 10 nm angle: 90 deg}",
        "19:15: a bracket that opens here is not closed, or a comma is missing in it; expected `{key: value, key: value}`"
      ),
      (
        "{radius: 10 nm}", "radius: 10 nm",
        "19:21: the value has a colon in it; expected one `key: value` a line; quotes around a text with a colon"
      ),
      (
        "{radius: 10 nm}", "{radius:10 nm}",
        "19:16: seeds.on_islands.radius:10 nm: unknown key, did you mean \"radius: 10 nm\"?; expected the keys radius, angle "
          + "or every"
      ),
      (
        "{time: 1 s}", "{time 1 s}",
        "22:13: protocol.0.until.time 1 s: unknown key, did you mean \"time: 1 s\"?; expected the keys time, capacity, "
          + "thickness, height, voltage, voltage_above, voltage_below, stripped_share or current"
      ),
      (
        "  - hold: -0.1 V\n    until", "  hold: -0.1 V\n  until",
        "21:3: protocol: a section is given; expected a list of items, each after a dash, with hold, plate, strip, rest, "
          + "table, until, repeat and stages"
      ),
      (
        "until: {time: 1 s}", "until: 1 s",
        "22:12: protocol.0.until: \"1 s\" is given; expected a section with time, capacity, thickness, height, voltage, "
          + "voltage_above, voltage_below, stripped_share and current"
      ),
      (
        "    until: {time: 1 s}\n", "    until: {time: 1 s}\n---\ntitle: x\n",
        "23:1: a second case begins; expected one case a file, with no line of dashes in it"
      ),
    ])
  func slip(right: String, wrong: String, message: String) {
    let text = smallCase.replacing(right, by: wrong)
    #expect(text != smallCase)
    #expect(messages(text).joined(separator: "\n") == "my.yaml:" + message)
  }

  @Test("A key that slipped out of its section is told where it belongs")
  func slippedOut() {
    let found = messages(smallCase.replacing("  cell: 2 nm", by: "cell: 2 nm"))
    #expect(
      found.count == 2 && found[1].hasPrefix("my.yaml:6:1: cell: unknown key, it belongs in box; expected"))
  }

  @Test("Files that cannot be read say why")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("frond-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let latin = folder.appendingPathComponent("latin.yaml").path
    try Data(Array("title: x\nmetal: ".utf8) + [0xE9, 0x0A]).write(to: URL(fileURLWithPath: latin))
    func message(_ path: String) -> String {
      do throws(CaseProblems) {
        _ = try CaseFile.read(path: path)
        return "read"
      } catch { return error.description }
    }
    #expect(message(latin) == "\(latin):2:1: the line is not UTF-8 text; expected a text file in UTF-8")
    #expect(message(folder.path) == "\(folder.path): is a folder; expected a case file")
    #expect(message("no/such.yaml") == "no/such.yaml: no such file; expected a case file")
  }

  @Test("Line ends and a byte order mark as Windows writes them make no difference")
  func windows() {
    #expect(messages("\u{FEFF}" + smallCase.replacing("\n", by: "\r\n")) == [])
    #expect(
      messages(smallCase.replacing("2 nm", by: "2").replacing("\n", by: "\r\n")).map { $0.prefix(11) } == [
        "my.yaml:6:9"
      ])
  }

  @Test("A short file that stands for an immense one is refused")
  func aliases() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...7 {
      text +=
        "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
        + "]\n"
    }
    #expect(
      messages(text) == [
        "my.yaml:1:1: the file is nested too deeply or refers to itself too often; expected a plain case file"
      ])
    #expect(messages("a: " + String(repeating: "[", count: 5000)).count == 1)
  }
}
