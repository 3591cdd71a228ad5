import CaseFiles
import Foundation
import Testing

@Suite("Archives and runs that go on", .serialized)
struct ResumeTests {
  private let base = """
    title: base
    metal: Na
    box: {width: 60 nm, height: 60 nm, cell: 2 nm}
    electrolyte:
      thickness: 1 um
    substrate: {name: Ni, contact_angle: 90 deg}
    seeds:
      film: 20 nm
    protocol:
      - plate: 1 mA/cm^2
        until: {thickness: 22 nm}

    """

  /// Runs the case in a folder of its own and hands over that, and the file of the case.
  private func inRun(_ changes: String..., body: (_ folder: String, _ file: String) throws -> Void) throws {
    try Tool.inScratch { scratch in
      let file = scratch.appendingPathComponent("base.yaml").path
      try base.write(toFile: file, atomically: true, encoding: .utf8)
      let folder = scratch.appendingPathComponent("run").path
      let result = try frond(["run", file, "--out", folder], changes)
      #expect(result.exitCode == 0, "\(result.errors)")
      try body(folder, file)
    }
  }

  private func frond(_ arguments: [String], _ changes: [String] = []) throws -> Tool.Result {
    try Tool.Running(arguments + changes.flatMap { ["--set", $0] }).wait()
  }

  private func history(_ folder: String) throws -> HistoryTable {
    try HistoryTable(reading: folder + "/history.csv")
  }

  @Test("The case in the folder is the one that ran, whatever an editor did to it, and runs again")
  func archive() throws {
    try inRun("temperature=320 K", "protocol.0.plate=5 mA/cm^2") { folder, _ in
      let kept = folder + "/case.yaml"
      let text = try String(contentsOfFile: kept, encoding: .utf8)
      let edited = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "  \r" }
      try edited.joined(separator: "\n").write(toFile: kept, atomically: true, encoding: .utf8)
      for name in [kept, folder] {
        let check = try frond(["check", name])
        #expect(check.exitCode == 0 && check.output.contains("320 K") && check.output.contains("5 mA/cm²"))
      }
      let again = folder + "-again"
      try FileManager.default.createDirectory(atPath: again, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: folder + "/fftw-wisdom", toPath: again + "/fftw-wisdom")
      #expect(try frond(["run", kept, "--out", again]).exitCode == 0)
      #expect(try history(again) == history(folder))
    }
  }

  @Test("A run that has ended goes on to a later limit, then through another stage, without repeated options")
  func extending() throws {
    try inRun("temperature=320 K") { folder, _ in
      let first = try history(folder)
      let ended = try frond(["run", folder + "/", "--resume"])
      #expect(
        ended.exitCode == 0 && ended.output.hasPrefix(folder + ": the run has ended already"), "\(ended)")
      let longer = try frond(
        ["run", folder, "--resume"], ["protocol.0.until.thickness=23 nm", "output.every_thickness=0.5 nm"])
      #expect(longer.exitCode == 0, "\(longer.errors)")
      let second = try history(folder)
      #expect(second.count > first.count)
      #expect(abs((second["equivalent_thickness_m"]?.last ?? 0) / 23e-9 - 1) < 1e-6)
      #expect(zip(first.columns, second.columns).allSatisfy { $1.starts(with: $0) })
      let fields = try FileManager.default.contentsOfDirectory(atPath: folder + "/fields")
      #expect(fields.count { $0.hasSuffix(".vtkhdf") } == 4, "\(fields)")

      // By an edit of the kept case, as well.
      let kept = folder + "/case.yaml"
      let text = try String(contentsOfFile: kept, encoding: .utf8)
      #expect(text.contains("320 K") && text.contains("23 nm"))
      let edited = text.replacingOccurrences(of: "23 nm}", with: "23 nm}\n  - rest:\n    until: {time: 1 ms}")
        .replacingOccurrences(of: "title: base", with: "title: plated, then at rest")
      try edited.write(toFile: kept, atomically: true, encoding: .utf8)
      let rested = try frond(["run", folder, "--resume"])
      #expect(rested.exitCode == 0 && rested.output.contains("plated, then at rest"), "\(rested)")
      let third = try history(folder)
      let times = try #require(third["time_s"])
      #expect(abs(times[times.count - 1] - times[second.count - 1] - 1e-3) < 1e-9)
      #expect(third["current_density_A_per_m2"]?.last == 0)
      #expect(
        try String(contentsOfFile: folder + "/run.json", encoding: .utf8).contains("plated, then at rest"))
    }
  }

  @Test(
    "What the state rests on is refused by its key",
    arguments: [
      ("metal=K", "metal: K now, Na in the run; the state of the run rests on it"),
      ("box.cell=3 nm", "box.cell: 3 nm now, 2 nm in the run; "),
      ("seeds.film=21 nm", "seeds.film: 21 nm now, 20 nm in the run; "),
      (
        "substrate.contact={law: ohmic, resistance: 1 ohm m^2}",
        "substrate.contact.resistance: 1 ohm m^2 now, 1e-7 ohm m^2 in the run; "
      ),
      ("numerics.random_seed=2", "numerics.random_seed: 2 now, 1 in the run; "),
      (
        "protocol.0.plate=2 mA/cm^2",
        "protocol.0.plate: 2 mA/cm^2 now, 1 mA/cm^2 in the run; that stage has begun"
      ),
    ])
  func refusing(change: String, message: String) throws {
    try inRun { folder, _ in
      let kept = try Data(contentsOf: URL(fileURLWithPath: folder + "/case.yaml"))
      let result = try frond(["run", folder, "--resume"], [change])
      #expect(result.exitCode == 2 && result.errors.contains("  " + message), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 2, "\(result.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/case.yaml")) == kept)
    }
  }

  @Test("A stage that is over keeps its limits")
  func pastStage() throws {
    try inRun("protocol.+={rest: true, until: {time: 1 ms}}") { folder, _ in
      let result = try frond(["run", folder, "--resume"], ["protocol.0.until.thickness=25 nm"])
      #expect(result.exitCode == 2)
      #expect(
        result.errors.contains("protocol.0.until.thickness: 25 nm now, 22 nm in the run; that stage is over"))
      #expect(try frond(["run", folder, "--resume"], ["protocol.1.until.time=2 ms"]).exitCode == 0)
    }
  }

  @Test("The folder of a run says how it goes on")
  func advice() throws {
    try inRun { folder, file in
      let plain = try frond(["run", folder])
      #expect(plain.exitCode == 2 && plain.errors.contains("frond run \(folder) --resume"), "\(plain.errors)")
      let twice = try frond(["run", file, "--out", folder])
      #expect(twice.exitCode == 2 && twice.errors.contains("frond run \(folder) --resume"), "\(twice.errors)")
      let apart = try frond(["run", folder, "--resume", "--out", folder + "-other"])
      #expect(apart.exitCode == 2 && apart.errors.contains("expected no --out"), "\(apart.errors)")
      // Results without a checkpoint are not lost to another run.
      try FileManager.default.removeItem(atPath: folder + "/checkpoint")
      let bare = try frond(["run", file, "--out", folder])
      #expect(bare.exitCode == 2 && bare.errors.contains("already holds a run"), "\(bare.errors)")
      #expect(try frond(["run", folder, "--resume"]).exitCode == 2)
    }
  }

  @Test("A folder whose run was stopped before its first checkpoint is started again")
  func beforeCheckpoint() throws {
    try inRun { folder, file in
      let whole = try history(folder)
      let rows = try String(contentsOfFile: folder + "/history.csv", encoding: .utf8).split(separator: "\n")
      for count in 0...2 {
        for name in ["checkpoint", "run.json"] {
          try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        let text = rows.prefix(count).map { $0 + "\n" }.joined()
        try text.write(toFile: folder + "/history.csv", atomically: true, encoding: .utf8)
        let resumed = try frond(["run", folder, "--resume"])
        #expect(resumed.exitCode == 2)
        #expect(resumed.errors.contains("frond run \(folder)/case.yaml --out \(folder)"), "\(resumed.errors)")
        #expect(try frond(["run", file, "--out", folder]).exitCode == 0)
        #expect(try history(folder) == whole)
      }
    }
  }

  @Test("A file that another program has locked is read all the same")
  func locks() throws {
    try inRun { folder, _ in
      let file = open(folder + "/checkpoint", O_RDWR)
      defer { close(file) }
      #expect(flock(file, LOCK_EX | LOCK_NB) == 0)
      let result = try frond(["run", folder, "--resume"])
      #expect(result.exitCode == 0 && result.output.contains("has ended already"), "\(result)")
    }
  }
}
