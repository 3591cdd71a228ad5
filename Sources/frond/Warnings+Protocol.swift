import CaseFiles
import Electrodeposition
import Foundation

/// Stages that do not go as they are meant.
extension Warnings {
  /// A stage at the start of a sentence.
  func name(_ index: Int) -> String { "S" + setup.name(ofStage: index).dropFirst() }

  /// Of stages that the case file has in one place, the first.
  private func once(_ stages: [Int]) -> [Int] {
    var places: Set<String> = []
    return stages.filter { setup.stages[$0].place.isEmpty || places.insert(setup.stages[$0].place).inserted }
  }

  mutating func checkProtocol() {
    for index in once(estimates.flat.endless) {
      let stage = setup.stages[index]
      warn(
        "\(name(index)) (\(describe(stage.control)) until \(describe(stage.limits))) does not come to its "
          + "limit for a flat film: it moves away from it or stands still. Add a limit of time.")
    }
    for index in once(estimates.flat.passed) {
      let stage = setup.stages[index]
      warn(
        "\(name(index)) (\(describe(stage.control)) until \(describe(stage.limits))) is over as it begins: a flat "
          + "film is beyond its limit already.")
    }
    checkRoom()
    if let index = estimates.flat.emptied {
      let cutoff =
        setup.stages[index].control.isPotential
        ? ""
        : " Let it end at a thickness, or give it a limit of voltage, to which the collector charges when none is left."
      warn("\(name(index)) strips more metal than there is: the run ends when none is left.\(cutoff)")
    }
    if let index = estimates.flat.unplatable, let last = estimates.flat.overdrawn.first {
      warn(
        "\(name(index)) would plate on the collector that \(setup.name(ofStage: last)) strips bare, and the run ends there. "
          + "Let \(setup.name(ofStage: last)) end at a thickness, or give seeds.nucleation_overpotential, at which the "
          + "seeds appear again.")
    }
  }

  /// Targets that plating cannot come to, as the run ends below the top of the box.
  private mutating func checkRoom() {
    guard !setup.box.movingWindow else { return }
    let top = setup.highestPlating
    for (index, _) in setup.writtenStages {
      let stage = setup.stages[index]
      guard let target = [stage.limits.thickness, stage.limits.height].compactMap(\.self).min(),
        target > top, stage.control.plates
      else { continue }
      warn(
        "\(name(index)) cannot reach \(human(target, "m")): metal that plates ends the run at "
          + "\(human(top, "m")), \(short(Case.headroom))ℓ below the top of the box. Make the box \(human(target + setup.box.height - top, "m")) "
          + "high or more.")
    }
  }
}
