import CaseFiles
import Foundation
import Testing

@Suite("Cycles and their table", .serialized)
struct CycleTests {
  /// Two flat electrodes so close that the salt between them hardly changes.
  private let cell = """
    title: cycles
    metal: Na
    box: {width: 16 nm, height: 96 nm, cell: 2 nm}
    electrolyte:
      thickness: 1 um
      conductivity: 0.7 S/m
      end: counter electrode
    kinetics: {exchange_current_density: 10 A/m^2, double_layer_capacitance: 0 F/m^2}
    substrate: {name: Ni, contact_angle: 90 deg}
    seeds: {film: 30 nm}
    protocol:
      - repeat: 2
        stages:
          - plate: 1 mA/cm^2
            until: {time: 4 s}
          - rest:
            until: {time: 1 s}
          - strip: 1 mA/cm^2
            until: {time: 4 s}
    output: {fields: false, pictures: false}

    """

  private func inScratch(_ body: (_ file: String, _ folder: String) throws -> Void) throws {
    try Tool.inScratch { scratch in
      let file = scratch.appendingPathComponent("cycles.yaml").path
      try cell.write(toFile: file, atomically: true, encoding: .utf8)
      try body(file, scratch.appendingPathComponent("run").path)
    }
  }

  private func bytes(_ folder: String, _ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// The rows by their headers.
  private func table(_ folder: String) throws -> [[String: String]] {
    let lines = String(decoding: try bytes(folder, "cycles.csv"), as: UTF8.self).split(separator: "\n")
    let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return fields.dropFirst().map { Dictionary(zip(fields[0], $0)) { $1 } }
  }

  @Test(
    "Of a flat symmetric cell voltages are those of two electrodes and the electrolyte, and all metal comes back"
  )
  func closedForm() throws {
    try inScratch { file, folder in
      let run = try Tool.run("run", file, "--out", folder, "--quiet")
      #expect(run.exitCode == 0, "\(run.errors)")
      let rows = try table(folder)
      #expect(
        rows.map { $0["kind"] } == ["stage", "stage", "stage", "cycle", "stage", "stage", "stage", "cycle"])
      #expect(rows.map { $0["cycle"] } == ["1", "1", "1", "1", "2", "2", "2", "2"])
      #expect(rows.map { $0["stage"] } == ["1", "2", "3", "3", "4", "5", "6", "6"])
      #expect(
        rows.map { $0["control"] } == ["plate", "rest", "strip", "", "plate", "rest", "strip", ""])
      func number(_ row: Int, _ name: String) -> Double { rows[row][name].flatMap(Double.init) ?? .nan }
      let current = 10.0
      let voltage = 4 * 8.314462618 * 298.15 / 96485.33212 * asinh(current / 20) + current * 1e-6 / 0.7
      for (row, sign) in [(0, -1.0), (1, 0), (2, 1), (4, -1), (5, 0), (6, 1)] {
        for column in ["first_voltage_V", "mean_voltage_V", "last_voltage_V"] {
          #expect(abs(number(row, column) - sign * voltage) < 1e-3 * voltage, "\(row) \(column) \(rows[row])")
        }
        #expect(abs(number(row, "capacity_in_mAh_per_cm2") - (sign < 0 ? 4 / 3600.0 : 0)) < 1e-12)
        #expect(abs(number(row, "capacity_out_mAh_per_cm2") - (sign > 0 ? 4 / 3600.0 : 0)) < 1e-12)
      }
      for row in [3, 7] {
        #expect(abs(number(row, "efficiency_without_side_reactions") - 1) < 1e-9)
        #expect(abs(number(row, "overpotential_V") / voltage - 1) < 1e-3)
        #expect(abs(number(row, "capacity_in_mAh_per_cm2") * 3600 / 4 - 1) < 1e-9)
        #expect(abs(number(row, "end_time_s") - number(row, "start_time_s") - 9) < 1e-9)
        #expect(number(row, "plated_roughness_m") < 1e-12 && number(row, "stripped_roughness_m") < 1e-12)
        #expect(rows[row]["mean_voltage_V"] == "")
      }
    }
  }

  @Test("Killed anywhere and resumed, or given more repetitions, a run leaves the bytes of one that was not")
  func resumed() throws {
    try inScratch { file, folder in
      let more = ["--set", "protocol.0.repeat=3", "--set", "output.checkpoint_every=1 ms"]
      #expect(try Tool.Running(["run", file, "--out", folder, "--quiet"] + more).wait().exitCode == 0)
      func fresh(_ name: String) throws -> String {
        let other = "\(folder)-\(name)"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: folder + "/fftw-wisdom", toPath: other + "/fftw-wisdom")
        return other
      }
      let killed = try fresh("killed")
      let running = try Tool.Running(["run", file, "--out", killed, "--quiet"] + more)
      while running.isRunning, (try? table(killed).count) ?? 0 < 4 { usleep(500) }
      running.send(SIGKILL)
      _ = try running.wait()
      // What stands in the file beyond the checkpoint goes, even half a row.
      #expect(try !String(contentsOfFile: killed + "/run.json", encoding: .utf8).contains("protocolComplete"))
      if let handle = FileHandle(forWritingAtPath: killed + "/cycles.csv") {
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("stage,9,99,pla".utf8))
      }
      #expect(try Tool.run("run", killed, "--resume", "--quiet").exitCode == 0)
      let extended = try fresh("extended")
      #expect(try Tool.run("run", file, "--out", extended, "--quiet").exitCode == 0)
      let two = try table(extended).count
      let longer = try Tool.Running(["run", extended, "--resume", "--quiet"] + more).wait()
      #expect(longer.exitCode == 0, "\(longer.errors)")
      #expect(try table(extended).count == two + 4)
      for other in [killed, extended] {
        for name in ["cycles.csv", "history.csv"] {
          #expect(try bytes(other, name) == bytes(folder, name), "\(other) \(name)")
        }
      }
    }
  }

  @Test("What is over is refused by its key, also in groups")
  func refused() throws {
    try inScratch { file, folder in
      #expect(try Tool.run("run", file, "--out", folder, "--quiet").exitCode == 0)
      for (change, key) in [
        ("protocol.0.repeat=1", "protocol.0.repeat: 1 now, 2 in the run; that stage is over"),
        (
          "protocol.0.stages.2.until.time=5 s",
          "protocol.0.stages.2.until.time: 5 s now, 4 s in the run; that stage is over"
        ),
      ] {
        let result = try Tool.run("run", folder, "--resume", "--set", change)
        #expect(result.exitCode == 2 && result.errors.contains(key), "\(result.errors)")
      }
    }
  }

  @Test("Warnings name a stage of a group once, by its key")
  func warnings() throws {
    try inScratch { file, _ in
      let check = try Tool.run("check", file)
      let flat = check.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(flat.contains("until 1 s, 2 times"), "\(check.output)")
      let passed = try Tool.run(
        "check", file, "--set", "protocol.0.repeat=500", "--set",
        "protocol.0.stages.2.until={thickness: 90 nm}")
      let words = passed.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.matches(of: /Stage 3 at protocol\.0\.stages\.2 .*? is over as it begins/).count == 1)
    }
  }
}
