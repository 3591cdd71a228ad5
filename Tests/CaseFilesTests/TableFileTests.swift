import Electrodeposition
import Foundation
import MadeUp
import Testing

@testable import CaseFiles

@Suite("Tables of currents in files of their own")
struct TableFileTests {
  private let folder = TemporaryFolder()

  private func write(_ table: String, _ name: String = "drive.csv") throws {
    try Data(table.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
  }

  private func read(_ stages: String, _ overrides: String...) throws -> CaseFile {
    let text = smallCase.replacing("- hold: -0.1 V\n    until: {time: 1 s}", by: stages)
    return try CaseFile.read(text: text, path: folder.path + "/my.yaml", overrides: overrides)
  }

  /// The messages without the folder.
  private func messages(_ stages: String, _ overrides: String...) -> [String] {
    let text = smallCase.replacing("- hold: -0.1 V\n    until: {time: 1 s}", by: stages)
    do throws(CaseProblems) {
      _ = try CaseFile.read(text: text, path: folder.path + "/my.yaml", overrides: overrides)
      return []
    } catch {
      return error.list.map { $0.description.replacing(folder.path + "/", by: "") }
    }
  }

  private let group = "- repeat: 2   # twice\n    stages:\n      - table: drive.csv"
  private let inline =
    "- repeat: 2\n    stages:\n      - table: [[0 s, 2 mA/cm^2], [1 s, 0 A/m^2], [3 s, -1 mA/cm^2], [7 s, 9 A/m^2]]"

  @Test(
    "Columns are found by their names, with the units of the header",
    arguments: [
      "time (s),current (mA/cm^2)\n0,2\n1,0\n3,-1\n7,0.9\n",
      "\u{FEFF}\"Time [ms]\", \"Current [A m⁻²]\"\r\n0, 20\r\n\r\n1e3, 0\r\n3e3, -10\r\n7e3, 9\r\n",
      "step,current (µA/cm²),voltage,time (min)\n1,2e3,,0\n2,0,x,0.016666666666666666\n3,-1e3,,0.05\n4,900,,0.11666666666666667",
    ])
  func columns(table: String) throws {
    try write(table)
    let (given, expected) = (try read(group).setup.stages, try read(inline).setup.stages)
    #expect(given.map(\.control) == expected.map(\.control) && given.map(\.place) == expected.map(\.place))
    for (a, b) in zip(given, expected) {
      #expect(abs((a.limits.time ?? 0) / (b.limits.time ?? 0) - 1) < 1e-14)
    }
  }

  @Test("The kept case has the rows written out, and is the same case without the file")
  func kept() throws {
    try write("time (s),current (mA/cm^2)\n0,2\n1.50,0\n3,-1e-1\n")
    let file = try read(group)
    #expect(
      file.text
        == smallCase.replacing(
          "- hold: -0.1 V\n    until: {time: 1 s}",
          by: "- repeat: 2   # twice\n    stages:\n      - table:\n          - [0 s, 2 mA/cm^2]\n"
            + "          - [1.50 s, 0 mA/cm^2]\n          - [3 s, -1e-1 mA/cm^2]"))
    let again = try CaseFile.read(text: file.text, path: "elsewhere/case.yaml")
    #expect(again.setup.stages == file.setup.stages && again.text == file.text)
    #expect(again.differences(from: file).isEmpty)
  }

  @Test("An override names another file, and rows instead of one")
  func overrides() throws {
    try write("time (s),current (mA/cm^2)\n0,2\n1,0\n")
    try write("time (s),current (mA/cm^2)\n0,-3\n2,0\n", "other.csv")
    let key = "protocol.0.stages.0.table"
    let other = try read(group, "\(key)=other.csv")
    #expect(other.setup.stages.map(\.control) == [.current(-30), .current(-30)])
    #expect(other.text.contains("[0 s, -3 mA/cm^2]"))
    #expect(try read(group, "\(key)=\(folder.path)/other.csv").setup.stages == other.setup.stages)
    #expect(try read(group, "\(key)=[[0 s, 1 A/m^2], [1 s, 0 A/m^2]]").setup.stages[0].control == .current(1))
    #expect(try read(inline, "\(key)=other.csv").setup.stages == other.setup.stages)
    #expect(
      messages(group, "\(key)=none.csv") == [
        "--set \(key)=none.csv: \(key): none.csv: no such file; expected a table in a text file"
      ])
    // The override is not to blame for what stands in the file.
    try write("time (s),current (mA/cm^2)\n0,x\n2,0\n", "wrong.csv")
    #expect(
      messages(group, "\(key)=wrong.csv") == [
        "wrong.csv:2:3: \(key).0.current: \"x\" is not a number; expected a plain number such as 0.5"
      ])
  }

  @Test(
    "Each fault has one message, with its place in the file",
    arguments: [
      ("", "1:1: KEY: the file is empty; expected a header such as time (s),current (mA/cm^2), and rows"),
      ("\n\n", "1:1: KEY: the file is empty; expected a header such as time (s),current (mA/cm^2), and rows"),
      ("time (s),current (mA/cm^2)\n", "1:1: KEY: the list has too few rows; expected at least 2"),
      ("time (s),current (mA/cm^2)\n0,1\n", "1:1: KEY: the list has too few rows; expected at least 2"),
      (
        "\ntime (s),I (mA/cm^2)\n0,1\n1,0\n",
        "2:1: KEY: there is no column current; expected a header such as time (s),current (mA/cm^2)"
      ),
      (
        "time (s),current (A/m^2),current (mA/cm^2)\n0,1,1\n1,0,0\n",
        "1:1: KEY: there are 2 columns current; expected a header such as time (s),current (mA/cm^2)"
      ),
      (
        "time,current (mA/cm^2)\n0,1\n1,0\n",
        "1:1: KEY: \"time\" has no unit; expected a time such as 30 s (s, ms, us, ns, min, h, d)"
      ),
      (
        "time (s), current (A)\n0,1\n1,0\n",
        "1:11: KEY: \"current (A)\" has the unknown unit \"A\", did you mean \"A/m^2\"?; expected a current density such as "
      ),
      (
        "time (nm),current (mA/cm^2)\n0,1\n1,0\n",
        "1:1: KEY: \"time (nm)\" is a length; expected a time such as 30 s"
      ),
      (
        "time (s),current (mA/cm^2)\n0,1\n1, none\n2,0\n",
        "3:4: KEY.1.current: \"none\" is not a number; expected a plain number such as 0.5"
      ),
      (
        "time (s),current (mA/cm^2)\n0,1\n1 s,2\n2,0\n",
        "3:1: KEY.1.time: \"1 s\" has a unit; expected a plain number such as 0.5"
      ),
      (
        "time (s),current (mA/cm^2)\n0,1\n1,\n2,0\n",
        "3:3: KEY.1.current: \"\" is not a number; expected a plain number such as 0.5"
      ),
      (
        "time (s),current (mA/cm^2)\n0,1\n1,0,5\n2,0\n",
        "3:1: KEY.1: the number of values is 3; expected 2, as in the header"
      ),
      (
        "time (s),current (mA/cm^2)\n0,1\n1,1e9\n2,0\n",
        "3:3: KEY.1.current: \"1e9 mA/cm^2\" is out of range; expected a current density between"
      ),
      (
        "time (s),current (mA/cm^2)\n0,1\n\n2,0\n2,1\n",
        "5:1: KEY.2.time: 2 s does not come after the row above; expected a time above 2 s"
      ),
      (
        "time (s),current (mA/cm^2)\n5,1\n6,0\n",
        "2:1: KEY.0.time: the table begins at 5 s; expected 0 s"
      ),
    ])
  func faults(table: String, message: String) throws {
    try write(table)
    let key = "protocol.0.stages.0.table"
    let found = messages(group)
    #expect(
      found.count == 1 && found[0].hasPrefix("drive.csv:" + message.replacing("KEY", by: key)), "\(found)")
  }

  @Test("A file that cannot be had is named where the case names it, and one that is no text by its line")
  func unreadable() throws {
    let key = "protocol.0.stages.0.table"
    let missing = "my.yaml:23:16: \(key): drive.csv: no such file; expected a table in a text file"
    #expect(messages(group) == [missing])
    #expect(
      messages(group.replacing("drive.csv", by: ".")) == [
        "my.yaml:23:16: \(key): .: is a folder; expected a table in a text file"
      ])
    let bytes = Data(Array("time (s),current (mA/cm^2)\n0,".utf8) + [0xE9, 0x0A])
    try bytes.write(to: URL(fileURLWithPath: folder.path + "/drive.csv"))
    #expect(
      messages(group) == [
        "drive.csv:2:1: \(key): the line is not UTF-8 text; expected a table in a text file"
      ])
  }

  @Test("Messages of a column that is wrong throughout are the first ten, after those of the case")
  func throughout() throws {
    try write("time (s),current (mA/cm^2)\n" + (0..<5000).map { "\($0),x\n" }.joined())
    let found = messages(group.replacing("repeat: 2", by: "repeat: 0"))
    #expect(found.count == 11)
    #expect(found[0].hasPrefix("my.yaml:21:13") && found[10].hasPrefix("drive.csv:11:3: "), "\(found)")
  }

  @Test("The longest protocol may come from a file, and be read from the kept case")
  func longest() throws {
    let rows = (0...Stage.most).map { "\($0),\($0 % 2)\n" }.joined()
    try write("time (s),current (A/m^2)\n" + rows)
    let file = try read("- table: drive.csv")
    #expect(file.setup.stages.count == Stage.most)
    #expect(try CaseFile.read(text: file.text, path: "my.yaml").setup.stages == file.setup.stages)
    try write("time (s),current (A/m^2)\n" + rows + "\(Stage.most + 1),0\n")
    #expect(
      messages("- table: drive.csv") == [
        "my.yaml:20:1: protocol: it comes to 100001 stages; expected at most 100000 in all"
      ])
  }
}
