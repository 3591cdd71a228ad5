import CaseFiles
import Electrodeposition
import Foundation
import Testing

@Suite("Runs from the command line", .serialized)
struct RunTests {
  /// The sodium case, coarse and as short as asked for.
  private func arguments(_ folder: URL, thickness: String = "14 nm") -> [String] {
    let coarse = [
      "box.cell=4 nm", "box.width=120 nm", "seeds.on_islands.radius=16 nm", "box.height=160 nm",
      "protocol.0.until.thickness=\(thickness)",
    ]
    return ["run", Tool.sodium, "--out", folder.path] + coarse.flatMap { ["--set", $0] }
  }

  @Test("a short run ends by its protocol and leaves history, pictures, fields, checkpoint and record")
  func shortRun() throws {
    try Tool.inScratch { scratch in
      let folder = scratch.appendingPathComponent("run")
      let result = try Tool.Running(arguments(folder)).wait()
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(result.errors.isEmpty)
      for key in ["thickness", "roughness", "film", "charge error", "salt error", "wall time", "pictures"] {
        #expect(result.output.contains("  " + key), "\(key)")
      }
      let history = try HistoryTable(reading: folder.appendingPathComponent("history.csv").path)
      #expect(history.count > 10)
      #expect((history["charge_error"] ?? []).allSatisfy { abs($0) < 1e-9 })
      for kind in ["pictures", "fields"] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + kind)
        #expect(files.count >= 2, "\(kind)")
      }
      #expect(try Checkpoint(reading: RunFolder.checkpointPath(folder.path)).place.step == history.count - 1)
      let again = try Tool.Running(arguments(folder)).wait()
      #expect(again.exitCode == 2)
      #expect(again.errors.contains("already holds a run"))
    }
  }

  @Test("a run that fails has a row of its last state, once")
  func failure() throws {
    try Tool.inScratch { scratch in
      let folder = scratch.appendingPathComponent("run")
      let changes = [
        "box.cell=2 nm", "seeds.on_islands.radius=10 nm", "numerics.minimum_step=0.1 ms",
        "protocol.0.hold=-300 mV", "output.history_every=1000",
        "output.every_thickness=100 nm",
      ].flatMap { ["--set", $0] }
      for resume in [[], ["--resume"]] {
        let result = try Tool.Running(arguments(folder, thickness: "90 nm") + changes + resume).wait()
        #expect(result.exitCode == 1, "\(result)")
        #expect(result.errors.contains(/fell to [\d.e-]{3,11} s at t = [\d.]{3,8} s/), "\(result.errors)")
        let steps = try HistoryTable(reading: folder.path + "/history.csv")["step"] ?? []
        let last = try Checkpoint(reading: RunFolder.checkpointPath(folder.path)).place.step
        #expect(last > 1 && steps == [0, Double(last)], "\(steps)")
      }
    }
  }

  @Test("SIGUSR1 saves and goes on; a terminal that closes stops with everything saved")
  func signals() throws {
    try Tool.inScratch { scratch in
      let folder = scratch.appendingPathComponent("run")
      let checkpoint = RunFolder.checkpointPath(folder.path)
      func saved() -> Int { (try? Checkpoint(reading: checkpoint).place.step) ?? -1 }
      let running = try Tool.Running(arguments(folder, thickness: "60 nm"))
      let history = folder.path + "/history.csv"
      while running.isRunning, ((try? HistoryTable(reading: history))?.count ?? 0) < 5 { usleep(1000) }
      running.send(SIGUSR1)
      while running.isRunning, saved() <= 0 { usleep(1000) }
      #expect(running.isRunning && saved() > 0)
      running.send(SIGHUP)
      let result = try running.wait()
      #expect(result.exitCode == 128 + SIGHUP && result.errors.contains("--resume"), "\(result)")
      #expect(saved() + 2 == (try HistoryTable(reading: history)).count + 1)
    }
  }

  @Test(
    "a run stopped by Ctrl-C and resumed writes the history of one that was not stopped", arguments: [1, 7])
  func interruptAndResume(every: Int) throws {
    func arguments(_ folder: URL, thickness: String) -> [String] {
      self.arguments(folder, thickness: thickness) + ["--set", "output.history_every=\(every)"]
    }
    try Tool.inScratch { scratch in
      let whole = scratch.appendingPathComponent("whole")
      #expect(try Tool.Running(arguments(whole, thickness: "40 nm")).wait().exitCode == 0)

      // Another plan of a transform would round differently: both runs take the same.
      let folder = scratch.appendingPathComponent("stopped")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: whole.appendingPathComponent("fftw-wisdom"), to: folder.appendingPathComponent("fftw-wisdom"))
      let running = try Tool.Running(arguments(folder, thickness: "40 nm"))
      let history = folder.appendingPathComponent("history.csv").path
      while running.isRunning, ((try? HistoryTable(reading: history))?.count ?? 0) < 5 { usleep(1000) }
      running.interrupt()
      let stopped = try running.wait()
      #expect(stopped.exitCode == 130, "\(stopped.errors)")
      #expect(stopped.errors.contains("--resume"))

      let other = try Tool.Running(
        arguments(folder, thickness: "40 nm") + ["--resume", "--set", "box.height=200 nm"]
      ).wait()
      #expect(other.exitCode == 2)
      #expect(other.errors.contains("box.height: 200 nm now, 160 nm in the run"), "\(other.errors)")

      // The copy of the case in the folder is the case that ran, changes included.
      let copy = folder.appendingPathComponent("case.yaml").path
      let resumed = try Tool.Running(["run", copy, "--out", folder.path, "--resume"]).wait()
      #expect(resumed.exitCode == 0, "\(resumed.errors)")
      let expected = try Data(contentsOf: whole.appendingPathComponent("history.csv"))
      let table = try HistoryTable(reading: history)
      let steps = (table["step"] ?? []).map { Int($0) }
      // Moments of output (every 10 nm) and the end have rows in any case.
      let kept = steps.filter { !$0.isMultiple(of: every) }
      let marks = kept.compactMap { step in steps.firstIndex(of: step) }.map {
        table["equivalent_thickness_m"]![$0] / 1e-8
      }
      #expect(marks.allSatisfy { abs($0 - $0.rounded()) < 1e-3 }, "\(marks)")
      #expect(every == 1 ? kept.isEmpty : !kept.isEmpty && steps.count < steps.last! / 4)
      #expect(try Data(contentsOf: URL(fileURLWithPath: history)) == expected)

      let record = folder.appendingPathComponent("run.json")
      let before = try Data(contentsOf: record)
      let again = try Tool.Running(["run", copy, "--out", folder.path, "--resume"]).wait()
      #expect(again.exitCode == 0 && again.output.contains("has ended already"), "\(again)")
      #expect(try Data(contentsOf: record) == before)
    }
  }

  /// A film of 20 nm in a small box, as a file.
  private func film(_ protocolLines: [String], in scratch: URL, height: Int = 120, more: String = "") throws
    -> String
  {
    let text = """
      title: a film
      metal: Na
      box: {width: 60 nm, height: \(height) nm, cell: 2 nm}
      electrolyte: {thickness: 10 um}
      seeds: {film: 20 nm}
      \(more)
      protocol:
      """
    let path = scratch.appendingPathComponent("film.yaml").path
    let lines = [text] + protocolLines.map { "  - {\($0)}" }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private let nickel = "substrate: {name: Ni, contact_angle: 90 deg}"

  @Test("the end of a stage and the start of the next have rows, fields and pictures of their own, in order")
  func stages() throws {
    try Tool.inScratch { scratch in
      let path = try film(
        ["plate: 10 mA/cm^2, until: {time: 20 ms}", "hold: 0.1 V, until: {time: 1 ms}"], in: scratch,
        more: nickel)
      let folder = scratch.appendingPathComponent("run").path
      let result = try Tool.run("run", path, "--out", folder)
      #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
      let history = try HistoryTable(reading: folder + "/history.csv")
      let stage = try #require(history["stage"])
      let next = try #require(stage.firstIndex(of: 2))
      let (end, start) = (history.observables(at: next - 1), history.observables(at: next))
      #expect(end.step == start.step && end.time == 0.02 && start.time == 0.02)
      #expect(
        end.voltage < -0.1 && end.currentDensity == 100 && start.voltage == 0.1 && start.currentDensity < 0)
      #expect(history["cycle"]?.allSatisfy { $0 == 1 } == true)
      func name(_ row: Observables) -> String { String(format: "step-%08d-stage-%03d", row.step, row.stage) }
      let expected = [history.observables(at: 0), end, start, history.observables(at: history.count - 1)].map(
        name)
      let pictures = try FileManager.default.contentsOfDirectory(atPath: folder + "/pictures").sorted()
      #expect(pictures == expected.map { $0 + ".png" })
      let series = try FieldSeries(reading: folder + "/fields/fields.vtkhdf.series")
      #expect(series.files.map(\.name) == expected.map { $0 + ".vtkhdf" })
      #expect(series.files.map(\.time)[1...2] == [0.02, 0.02])
    }
  }

  @Test("an early end is told by exit code 3, on the terminal and in run.json, also when it is resumed")
  func earlyEnd() throws {
    try Tool.inScratch { scratch in
      for (lines, height, reason) in [
        ("strip: 10 mA/cm^2, until: {capacity: 1 mAh/cm^2}", 60, "noMetal"),
        ("plate: 10 mA/cm^2, until: {thickness: 59 nm}", 60, "topReached"),
      ] {
        let path = try film(
          [lines], in: scratch, height: height, more: nickel + "\noutput: {fields: false, pictures: false}")
        let warning = try Tool.run("check", path).output.split { $0.isWhitespace }.joined(separator: " ")
        #expect(
          warning.contains(
            reason == "noMetal" ? "strips more metal than there is" : "cannot reach 59 nm"))
        let folder = scratch.appendingPathComponent(reason).path
        let result = try Tool.run("run", path, "--out", folder, "--quiet")
        #expect(result.exitCode == 3 && result.errors.contains("(\(reason))"), "\(result)")
        let part = try RunRecord(reading: folder + "/run.json").parts.last
        #expect(part?.endReason == reason)
        let sentence = try #require(EndReason(rawValue: reason)?.description)
        #expect(part?.endMessage?.hasPrefix(sentence) == true)
        let again = try Tool.run("run", path, "--out", folder, "--resume")
        #expect(again.exitCode == 3 && again.output.contains("has ended already"), "\(again)")
      }
    }
  }

  @Test("stripping to a voltage goes on when the metal is gone; plating after it is foreseen to end the run")
  func bareCollector() throws {
    try Tool.inScratch { scratch in
      let strip = "strip: 10 mA/cm^2, until: {voltage: 1 V}"
      for (next, code) in [
        ("rest: true, until: {time: 1 ms}", 0), ("plate: 1 mA/cm^2, until: {time: 1 s}", 3),
      ] {
        let path = try film([strip, next], in: scratch, more: nickel)
        let check = try Tool.run("check", path).output.split { $0.isWhitespace }.joined(separator: " ")
        #expect(check.contains("bare collector from stage 1 on"))
        #expect(
          check.contains("Stage 2 would plate on the collector that stage 1 strips bare") == (code == 3))
        let folder = scratch.appendingPathComponent("run-\(code)").path
        let result = try Tool.run("run", path, "--out", folder, "--quiet")
        #expect(result.exitCode == code, "\(result)")
        #expect(
          result.errors.contains("no metal is left for stage 2 to plate on") == (code == 3), "\(result)")
      }
    }
  }

  @Test("a stage whose current nothing carries ends the run as it begins, with the last stage's end on file")
  func uncarriedStage() throws {
    try Tool.inScratch { scratch in
      let path = try film(
        ["hold: -1 mV, until: {time: 1 ms}", "plate: 1 mA/cm^2, until: {time: 1 s}"], in: scratch,
        more: "substrate: {name: glass, contact_angle: 90 deg, contact: insulating}\n"
          + "kinetics: {double_layer_capacitance: 0 F/m^2}")
      let folder = scratch.appendingPathComponent("run").path
      let result = try Tool.run("run", path, "--out", folder, "--quiet")
      #expect(result.exitCode == 3 && result.errors.contains("nothing carries the current"), "\(result)")
      let history = try HistoryTable(reading: folder + "/history.csv")
      let end = history.observables(at: history.count - 1)
      #expect(end.time == 1e-3 && end.stage == 2 && end.voltage == -1e-3)
      let name = String(format: "step-%08d-stage-001.png", end.step)
      #expect(FileManager.default.fileExists(atPath: folder + "/pictures/" + name))
      let record = try RunRecord(reading: folder + "/run.json")
      #expect(record.step == end.step && record.parts.last?.endReason == "voltageLimit")
    }
  }
}
