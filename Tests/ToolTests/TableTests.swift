import Foundation
import Testing

@Suite("Tables in files, on the command line")
struct TableTests {
  private let cell = """
    title: a drive cycle
    metal: Na
    box: {width: 16 nm, height: 96 nm, cell: 2 nm}
    electrolyte: {thickness: 1 um}
    substrate: {name: Ni, contact_angle: 90 deg}
    seeds: {film: 30 nm}
    protocol:
      - repeat: 2
        stages:
          - table: tables/drive.csv
      - rest:
        until: {time: 10 ms}
    output: {fields: false, pictures: false}

    """

  private func inScratch(_ body: (_ file: String, _ table: String) throws -> Void) throws {
    try Tool.inScratch { scratch in
      let tables = scratch.appendingPathComponent("tables")
      try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
      let (file, table) = (
        scratch.appendingPathComponent("drive.yaml"), tables.appendingPathComponent("drive.csv")
      )
      try cell.write(to: file, atomically: true, encoding: .utf8)
      try "time (ms),current (mA/cm^2)\n0,2\n20,0\n30,-1\n50,0\n".write(
        to: table, atomically: true, encoding: .utf8)
      try body(file.path, table.path)
    }
  }

  private func history(_ folder: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder + "/history.csv"))
  }

  @Test("A run keeps its table, goes on without the file, and runs again from the kept case")
  func kept() throws {
    try inScratch { file, table in
      let folder = file.replacingOccurrences(of: "drive.yaml", with: "run")
      let check = try Tool.run("check", file)
      #expect(check.exitCode == 0 && check.output.contains("3 currents"), "\(check)")
      let run = try Tool.run("run", file, "--out", folder, "--quiet", "--set", "protocol.0.repeat=1")
      #expect(run.exitCode == 0, "\(run.errors)")
      try FileManager.default.removeItem(atPath: table)
      #expect(try Tool.run("check", folder).exitCode == 0)
      let resumed = try Tool.run(
        "run", folder, "--resume", "--quiet", "--set", "protocol.+={rest: true, until: {time: 5 ms}}")
      #expect(resumed.exitCode == 0, "\(resumed.errors)")
      let again = folder + "-again"
      try FileManager.default.createDirectory(atPath: again, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: folder + "/fftw-wisdom", toPath: again + "/fftw-wisdom")
      #expect(try Tool.run("run", folder + "/case.yaml", "--out", again, "--quiet").exitCode == 0)
      #expect(try history(again) == history(folder))
    }
  }

  @Test(
    "What is wrong in a table is told with its line and the key, exit code 2", arguments: ["check", "run"])
  func wrong(command: String) throws {
    try inScratch { file, table in
      try "time (ms),current (mA/cm^2)\n0,2\n20,much\n".write(
        toFile: table, atomically: true, encoding: .utf8)
      let key = "protocol.0.stages.0.table"
      let result = try Tool.run(command, file)
      #expect(result.exitCode == 2 && result.output.isEmpty)
      #expect(
        result.errors
          == "\(table):3:4: \(key).1.current: \"much\" is not a number; expected a plain number such as 0.5\n"
      )
      try FileManager.default.removeItem(atPath: table)
      let missing = try Tool.run(command, file)
      #expect(missing.exitCode == 2)
      #expect(
        missing.errors == "\(file):10:16: \(key): \(table): no such file; expected a table in a text file\n")
    }
  }
}
