import CaseFiles
import Electrodeposition

/// What a run may be continued with: the case it was started with, but for what its state does not depend on.
struct Resumption {
  let checkpoint: Checkpoint
  let former: CaseFile
  let changes: [CaseDifference]
  /// The stage that is under way, the last one of a run that has ended.
  private let stage: Int

  /// - Throws: `OutputFailure` or `CaseProblems` when there is no sound checkpoint.
  init(of path: String, with input: CaseFile) throws {
    guard RunFolder.holdsCheckpoint(path) else {
      throw OutputFailure("resume", path, "it holds no checkpoint; \(RunFolder.advice(path))")
    }
    checkpoint = try Checkpoint(reading: RunFolder.checkpointPath(path))
    former = try CaseFile.read(text: checkpoint.caseText, path: path + "/checkpoint")
    changes = input.differences(from: former)
    stage = min(checkpoint.state.stage, former.setup.stages.count - 1)
  }

  /// What the state rests on and is another now, a line each.
  var refusals: [String] {
    changes.compactMap { change in
      guard let reason = objection(to: change.keyPath.split(separator: ".").map(String.init)) else {
        return nil
      }
      return "\(change.keyPath): \(change.present) now, \(change.former) in the run; \(reason)"
    }
  }

  private func objection(to keys: [String]) -> String? {
    switch keys[0] {
    case "title", "reference", "output": return nil
    case "protocol":
      guard keys.count > 1, let index = Int(keys[1]) else { return "the protocol has begun" }
      if index > stage || (index == stage && keys.count > 3 && keys[2] == "until") { return nil }
      return index < stage ? "that stage is over" : "that stage has begun: change its limits, or add a stage"
    default: return "the state of the run rests on it"
    }
  }
}
