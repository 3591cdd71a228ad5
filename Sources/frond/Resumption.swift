import CaseFiles
import Electrodeposition

/// What a run may be continued with: the case it was started with, but for what its state does not depend on.
struct Resumption {
  let checkpoint: Checkpoint
  let former: CaseFile
  private let present: CaseFile
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
    present = input
    changes = input.differences(from: former)
    stage = min(checkpoint.state.stage, former.setup.stages.count - 1)
  }

  /// What the state rests on and is another now, a line each.
  var refusals: [String] {
    changes.compactMap { change in
      guard let reason = objection(to: change) else {
        return nil
      }
      return "\(change.keyPath): \(change.present) now, \(change.former) in the run; \(reason)"
    }
  }

  private func objection(to change: CaseDifference) -> String? {
    let keys = change.keyPath.split(separator: ".").map(String.init)
    switch keys[0] {
    case "title", "reference", "output": return nil
    case "protocol":
      guard let index = firstStage(under: keys) else { return "the protocol has begun" }
      if index > stage || (index == stage && keys.dropLast().last == "until") { return nil }
      return index < stage ? "that stage is over" : "that stage has begun: change its limits, or add a stage"
    default: return "the state of the run rests on it"
    }
  }

  /// The first stage, from 0, that a changed key of the protocol is about: of a number of repetitions and of a table, the
  /// first that is another; of an item of a list, and of what is in it, the first that stands there.
  private func firstStage(under keys: [String]) -> Int? {
    let (old, new) = (former.setup.stages, present.setup.stages)
    if ["repeat", "table"].contains(keys.last) {
      return zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
    }
    guard let item = keys.lastIndex(where: { Int($0) != nil }) else { return nil }
    let place = keys[...item].joined(separator: ".") + "."
    return [old, new].compactMap { $0.firstIndex { ($0.place + ".").hasPrefix(place) } }.min()
  }
}
