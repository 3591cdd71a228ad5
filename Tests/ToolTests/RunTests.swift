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
      #expect(try Checkpoint(reading: RunFolder.checkpointPath(folder.path)).step == history.count - 1)
      let again = try Tool.Running(arguments(folder)).wait()
      #expect(again.exitCode == 2)
      #expect(again.errors.contains("already holds a run"))
    }
  }

  @Test("a run stopped by Ctrl-C and resumed writes the history of one that was not stopped")
  func interruptAndResume() throws {
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

      let other = try Tool.Running(arguments(folder, thickness: "41 nm") + ["--resume"]).wait()
      #expect(other.exitCode == 2)
      #expect(other.errors.contains("stages.1.limits.thickness"), "\(other.errors)")

      // The copy of the case in the folder is the case that ran, changes included.
      let copy = folder.appendingPathComponent("case.yaml").path
      let resumed = try Tool.Running(["run", copy, "--out", folder.path, "--resume"]).wait()
      #expect(resumed.exitCode == 0, "\(resumed.errors)")
      let expected = try Data(contentsOf: whole.appendingPathComponent("history.csv"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: history)) == expected)

      let record = folder.appendingPathComponent("run.json")
      let before = try Data(contentsOf: record)
      let again = try Tool.Running(["run", copy, "--out", folder.path, "--resume"]).wait()
      #expect(again.exitCode == 0 && again.output.contains("has ended already"), "\(again)")
      #expect(try Data(contentsOf: record) == before)
    }
  }
}
