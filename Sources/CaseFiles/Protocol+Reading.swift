import Electrodeposition

extension Stage {
  /// The most stages that a protocol may come to.
  static let most = 100_000

  /// The stages of a list of the case file one after the other: groups as often as they repeat, tables row by row. Where
  /// they would be more than `most`, nothing repeats (`CaseChecks` says so).
  static func list(_ sections: [Section], path: String) -> [Stage] {
    list(sections, path: path, repeats: count(sections) <= Double(most))
  }

  private static func list(_ sections: [Section], path: String, repeats: Bool) -> [Stage] {
    sections.enumerated().flatMap { index, section -> [Stage] in
      let place = "\(path).\(index)"
      if section.has("table") { return table(section.rows("table"), place: "\(place).table") }
      guard section.repeats else { return [Stage(section, place: place)] }
      let group = list(section.list("stages"), path: "\(place).stages", repeats: repeats)
      let times = group.isEmpty ? 0 : repeats ? section.count("repeat") : 1
      return (0..<times).flatMap { _ in group }
    }
  }

  /// How many stages these are.
  static func count(_ sections: [Section]) -> Double {
    sections.reduce(0) { sum, section in
      if section.has("table") { return sum + Double(max(0, section.rows("table").count - 1)) }
      return sum + (section.repeats ? Double(section.count("repeat")) * count(section.list("stages")) : 1)
    }
  }

  private static func table(_ rows: [[Double]], place: String) -> [Stage] {
    zip(rows, rows.dropFirst()).enumerated().map { index, pair in
      let (row, next) = pair
      return Stage(
        row[1] == 0 ? .rest : .current(row[1]), until: Limits(time: next[0] - row[0]),
        place: "\(place).\(index)")
    }
  }

  fileprivate init(_ section: Section, place: String) {
    let limits = section.section("until")
    let control: Control =
      if let potential = section.quantity("hold") {
        .potential(potential.value)
      } else if let current = section.quantity("plate") {
        .current(current.value)
      } else if let current = section.quantity("strip") {
        .current(-current.value)
      } else {
        .rest
      }
    self.init(
      control,
      until: Limits(
        time: limits.quantity("time")?.value, capacity: limits.quantity("capacity")?.value,
        thickness: limits.quantity("thickness")?.value, height: limits.quantity("height")?.value,
        voltage: limits.quantity("voltage")?.value, voltageAbove: limits.quantity("voltage_above")?.value,
        voltageBelow: limits.quantity("voltage_below")?.value,
        strippedShare: limits.quantity("stripped_share")?.value,
        current: limits.quantity("current")?.value),
      place: place)
  }
}

extension Section {
  /// Whether it is a group of stages; in the deepest groups there are none.
  var repeats: Bool { hasKey("repeat") && has("repeat") }
}
