import Electrodeposition
import Testing

@testable import CaseFiles

@Suite("Protocols of case files")
struct ProtocolTests {
  private func text(_ stages: String) -> String {
    smallCase.replacing("- hold: -0.1 V\n    until: {time: 1 s}", by: stages)
  }

  private func setup(_ stages: String, _ overrides: String...) throws -> Case {
    try CaseFile.read(text: text(stages), path: "my.yaml", overrides: overrides).setup
  }

  @Test("Groups repeat, one in the other, and tables go row by row; each stage keeps its key")
  func nested() throws {
    let setup = try setup(
      """
      - repeat: 2
          stages:
            - repeat: 3
              stages:
                - plate: 1 mA/cm^2
                  until: {time: 1 s}
                - strip: 1 mA/cm^2
                  until: {stripped_share: 0.25}
            - table: [[0 s, 2 mA/cm^2], [1 s, 0 A/m^2], [3 s, -1 mA/cm^2], [7 s, 9 A/m^2]]
        - rest: true
          until: {time: 5 s}
      """)
    let pair: [(Control, Limits, String)] = [
      (.current(10), Limits(time: 1), "protocol.0.stages.0.stages.0"),
      (.current(-10), Limits(strippedShare: 0.25), "protocol.0.stages.0.stages.1"),
    ]
    let table: [(Control, Limits, String)] = [
      (.current(20), Limits(time: 1), "protocol.0.stages.1.table.0"),
      (.rest, Limits(time: 2), "protocol.0.stages.1.table.1"),
      (.current(-10), Limits(time: 4), "protocol.0.stages.1.table.2"),
    ]
    let group = pair + pair + pair + table
    let expected = group + group + [(.rest, Limits(time: 5), "protocol.1")]
    #expect(setup.stages == expected.map { Stage($0.0, until: $0.1) })
    #expect(setup.stages.map(\.place) == expected.map(\.2))
    #expect(setup.cycles == [1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 8, 8])
    #expect(setup.writtenStages.map(\.index) == [0, 1, 6, 7, 8, 18])
    #expect(setup.writtenStages.map(\.count) == [6, 6, 2, 2, 2, 1])
    #expect(setup.name(ofStage: 9) == "stage 10 at protocol.0.stages.0.stages.0")
    #expect(try self.setup("- rest: true\n    until: {time: 1 s}").name(ofStage: 0) == "stage 1")
  }

  @Test("An override reaches into groups and tables")
  func overrides() throws {
    let group = "- repeat: 2\n    stages:\n      - table: [[0 s, 2 mA/cm^2], [1 s, 0 A/m^2]]"
    let setup = try setup(group, "protocol.0.repeat=5", "protocol.0.stages.0.table.1.0=4 s")
    #expect(setup.stages.count == 5 && setup.stages.allSatisfy { $0.limits.time == 4 })
  }

  @Test(
    "Each slip has one message",
    arguments: [
      (
        "- repeat: 0\n    stages: [{rest: true, until: {time: 1 s}}]",
        "my.yaml:21:13: protocol.0.repeat: \"0\" is not such a number; expected a whole number of at least 1"
      ),
      (
        "- repeat: 2",
        "my.yaml:21:5: protocol.0.stages: the key is missing from protocol.0; expected a list of items"
      ),
      (
        "- repeat: 2\n    stages: []",
        "my.yaml:22:5: protocol.0.stages: the list is empty; expected at least one item"
      ),
      (
        "- repeat: 2\n    stages: [{rest: true, until: {time: 1 s}}]\n    until: {time: 1 s}",
        "my.yaml:23:5: protocol.0.until: the key does not go with the others; expected it beside hold, plate, strip or rest"
      ),
      (
        "- rest: true\n    stages: [{rest: true, until: {time: 1 s}}]\n    until: {time: 1 s}",
        "my.yaml:22:5: protocol.0.stages: the key does not go with the others; expected it beside repeat"
      ),
      (
        "- repeat: 1000\n    stages: [{repeat: 1000, stages: [{rest: true, until: {time: 1 s}}]}]",
        "my.yaml:20:1: protocol: it comes to 1e6 stages; expected at most 100000 in all"
      ),
      (
        "- cycles: 3\n    rest: true\n    until: {time: 1 s}",
        "my.yaml:21:5: protocol.0.cycles: unknown key (stages repeat with: repeat); expected the keys hold"
      ),
      (
        "- repeat: 2\n    stages: [{plate: 1 mA/cm^2, until: {stripped_share: 0.5}}]",
        "my.yaml:22:57: protocol.0.stages.0.until.stripped_share: the stage does not strip; expected it with strip"
      ),
      (
        "- strip: 1 mA/cm^2\n    until: {stripped_share: 80 %}",
        "my.yaml:22:29: protocol.0.until.stripped_share: \"80 %\" "
      ),
      (
        "- table: [[1 s, 1 mA/cm^2], [2 s, 0 A/m^2]]",
        "my.yaml:21:14: protocol.0.table.0.time: the table begins at 1 s; expected 0 s"
      ),
      (
        "- table: [[0 s, 1 mA/cm^2], [2 s, 0 A/m^2], [2 s, 1 A/m^2]]",
        "my.yaml:21:48: protocol.0.table.2.time: 2 s does not come after the row above; expected a time above 2 s"
      ),
      (
        "- table: [[0 s, 1 mA/cm^2]]",
        "my.yaml:21:5: protocol.0.table: the list has too few rows; expected at least 2"
      ),
      (
        "- table: [[0 s, 1 mA/cm^2], [2 s]]",
        "my.yaml:21:31: protocol.0.table.1: a list is given; expected a list [time, current]"
      ),
      (
        "- table: [[0 s, 1 mA/cm^2], [2 s, 1 s]]",
        "my.yaml:21:37: protocol.0.table.1.current: \"1 s\" is a time; expected a current density"
      ),
      (
        "- repeat: 1000000000000\n    stages: []",
        "my.yaml:22:5: protocol.0.stages: the list is empty; expected at least one item"
      ),
      (
        "- table: drive.csv",
        "my.yaml:21:12: protocol.0.table: drive.csv: no such file; expected a table in a text file"
      ),
      (
        "- table: {file: drive.csv}",
        "my.yaml:21:12: protocol.0.table: a section is given; expected a list of rows, each a list [time, current], or the name"
      ),
    ])
  func slips(stages: String, message: String) {
    let found = messages(text(stages))
    #expect(found.count == 1 && found[0].hasPrefix(message), "\(found)")
  }

  @Test("Groups nest four deep, and a fifth is refused by its key")
  func depth() throws {
    func group(_ depth: Int) -> String {
      depth == 0 ? "{rest: true, until: {time: 1 s}}" : "{repeat: 2, stages: [\(group(depth - 1))]}"
    }
    #expect(try setup("- " + group(4)).stages.count == 16)
    let found = messages(text("- " + group(5)))
    #expect(
      found.contains { $0.contains("stages.0.repeat: unknown key (groups are nested 4 deep at most)") },
      "\(found)")
  }

  @Test("Tables and repetitions differ by what they hold, not by how they are written")
  func differences() throws {
    func file(_ stages: String) throws -> CaseFile { try CaseFile.read(text: text(stages), path: "my.yaml") }
    let old = try file("- repeat: 2\n    stages:\n      - table: [[0 s, 2 mA/cm^2], [60 s, 0 A/m^2]]")
    let same = try file("- repeat: 2\n    stages:\n      - table: [[0 ms, 20 A/m^2], [1 min, 0 mA/cm^2]]")
    let other = try file("- repeat: 3\n    stages:\n      - table: [[0 s, 2 mA/cm^2], [61 s, 0 A/m^2]]")
    #expect(same.differences(from: old).isEmpty)
    #expect(
      other.differences(from: old).map(\.keyPath) == ["protocol.0.repeat", "protocol.0.stages.0.table"])
  }
}
