import Electrodeposition

/// What the stages of a protocol must be.
extension CaseChecks {
  func checkProtocol() {
    let count = Stage.count(root.list("protocol"))
    if count > Double(Stage.most) {
      reader.report(
        "protocol", "it comes to \(short(count)) stages", expected: "at most \(Stage.most) in all")
    }
    checkTables(root.list("protocol"), path: "protocol")
    for (index, _) in setup.writtenStages { check(setup.stages[index], isFirst: index == 0) }
  }

  private func checkTables(_ sections: [Section], path: String) {
    for (index, section) in sections.enumerated() {
      if section.repeats { checkTables(section.list("stages"), path: "\(path).\(index).stages") }
      guard section.has("table") else { continue }
      let times = section.rows("table").map { $0[0] }
      for (row, time) in times.enumerated() {
        let place = "\(path).\(index).table.\(row).time"
        if row == 0 && time > 0 {
          reader.report(
            place, "the table begins at \(PhysicalDimension.time.formatted(time))", expected: "0 s")
        } else if row > 0 && time <= times[row - 1] {
          reader.report(
            place, "\(PhysicalDimension.time.formatted(time)) does not come after the row above",
            expected: "a time above \(PhysicalDimension.time.formatted(times[row - 1]))")
        }
      }
    }
  }

  private func check(_ stage: Stage, isFirst: Bool) {
    let path = stage.place
    let limits = stage.limits
    for (name, limit) in [("height", limits.height ?? .nan), ("thickness", limits.thickness ?? .nan)]
    where limit >= setup.box.height && !setup.box.movingWindow {
      reader.report(
        "\(path).until.\(name)",
        "\(length(limit)) is not inside the box, which is \(length(setup.box.height)) high",
        expected: "a smaller limit or a higher box")
    }
    if isFirst, let limit = limits.thickness, limits == Limits(thickness: limit),
      stage.control.plates, limit <= setup.seedThickness
    {
      reader.report(
        "\(path).until.thickness",
        "\(length(limit)) is less than the seeds, which hold \(length(setup.seedThickness))",
        expected: "a larger limit")
    }
    if limits.strippedShare != nil, !stage.control.strips, reader.isSound(path) {
      reader.report(
        "\(path).until.stripped_share", "the stage does not strip",
        expected: "it with strip, or hold above 0 V")
    }
    for (name, limit) in [("voltage_above", limits.voltageAbove), ("voltage_below", limits.voltageBelow)]
    where limit != nil && stage.control != .rest && reader.isSound(path) {
      reader.report(
        "\(path).until.\(name)", "the stage does not rest",
        expected: "voltage, which ends plating at this or below, stripping at this or above")
    }
    switch stage.control {
    case .potential where limits.voltage != nil:
      reader.report(
        "\(path).until.voltage", "the stage holds the potential",
        expected: "another limit, such as time or capacity")
    case .current where limits.current != nil, .rest where limits.current != nil:
      reader.report(
        "\(path).until.current", "the stage does not hold a potential",
        expected: "another limit, such as time, capacity or voltage")
    case .rest where limits.voltage != nil:
      reader.report(
        "\(path).until.voltage", "a rest may come to it from either side",
        expected: "voltage_above or voltage_below, to say which ends it")
    case .rest
    where limits.time == nil && limits.voltageAbove ?? limits.voltageBelow == nil && reader.isSound(path):
      reader.report(
        "\(path).until", "a rest may never reach these limits",
        expected: "a limit of time, voltage_above or voltage_below")
    default: break
    }
  }
}
