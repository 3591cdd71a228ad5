/// What the cell is made to do during a stage.
public enum Control: Sendable, Equatable {
  /// Hold the collector at this potential against the reservoir or the counter electrode, V
  /// (negative plates).
  case potential(Double)
  /// Drive this current per projected area, A/m²: positive plates, negative strips.
  case current(Double)
  /// Open circuit: no net current.
  case rest

  package var plates: Bool { direction == 1 }
  package var strips: Bool { direction == -1 }

  /// 1 where it plates, −1 where it strips, 0 where it does neither.
  var direction: Int {
    switch self {
    case .potential(let voltage): voltage < 0 ? 1 : voltage > 0 ? -1 : 0
    case .current(let density): density > 0 ? 1 : density < 0 ? -1 : 0
    case .rest: 0
    }
  }

  package var isPotential: Bool { if case .potential = self { true } else { false } }
}

/// What ends a stage: the first limit that is reached. At least one must be set.
public struct Limits: Sendable, Equatable {
  /// Duration of the stage, s.
  public var time: Double?
  /// Charge passed in the stage per projected area, in magnitude, C/m².
  public var capacity: Double?
  /// Equivalent thickness of the metal, m: at least that while plating, at most that while stripping. This and what
  /// follows may be reached as the stage begins, and end it at once.
  public var thickness: Double?
  /// Largest height of the metal above the substrate, m: as for thickness.
  public var height: Double?
  /// Collector potential, V, of a given current: at most that while plating, at least that while stripping.
  public var voltage: Double?
  /// Collector potential at rest, V: at least the one, at most the other. A rest may come to a voltage from either side.
  public var voltageAbove, voltageBelow: Double?
  /// Share of the metal that the last stage which plated left behind (of that at the start, where none has plated) that is
  /// stripped, 0…1, of a stage that strips: at least that.
  public var strippedShare: Double?
  /// Current density in magnitude, A/m², of a stage that holds a potential: at most that.
  public var current: Double?

  public init(
    time: Double? = nil, capacity: Double? = nil, thickness: Double? = nil, height: Double? = nil,
    voltage: Double? = nil, voltageAbove: Double? = nil, voltageBelow: Double? = nil,
    strippedShare: Double? = nil, current: Double? = nil
  ) {
    self.time = time
    self.capacity = capacity
    self.thickness = thickness
    self.height = height
    self.voltage = voltage
    self.voltageAbove = voltageAbove
    self.voltageBelow = voltageBelow
    self.strippedShare = strippedShare
    self.current = current
  }

  /// Whether a held potential that drives no current comes to an end.
  var endsWithoutCurrent: Bool { (time ?? current) != nil }
}

/// One stage of a protocol.
public struct Stage: Sendable, Equatable {
  public var control: Control
  public var limits: Limits
  /// Its key in the case file, as `protocol.0.stages.1`, which all repetitions share; empty if it is from none.
  package var place = ""

  /// The key of the table that it is a row of; `nil` if it is of none.
  package var table: String? {
    let keys = place.split(separator: ".")
    return keys.dropLast().last == "table" ? keys.dropLast().joined(separator: ".") : nil
  }

  public init(_ control: Control, until limits: Limits) {
    self.control = control
    self.limits = limits
  }

  package init(_ control: Control, until limits: Limits, place: String) {
    self.init(control, until: limits)
    self.place = place
  }

  /// Stages that do the same are equal, wherever they stand.
  public static func == (a: Stage, b: Stage) -> Bool { a.control == b.control && a.limits == b.limits }
}

extension Case {
  /// The stages as they stand in the case file: the first of each place (from 0), and how often it is gone through.
  package var writtenStages: [(index: Int, count: Int)] {
    var (list, positions): ([(index: Int, count: Int)], [String: Int]) = ([], [:])
    for (index, stage) in stages.enumerated() {
      if !stage.place.isEmpty, let position = positions[stage.place] {
        list[position].count += 1
      } else {
        positions[stage.place] = list.count
        list.append((index, 1))
      }
    }
    return list
  }

  /// The cycle that each stage belongs to, from 1: the next begins with the first plating after a stripping, whatever rests
  /// lie between. Where there is no metal at the start nothing is stripped before the first plating.
  public var cycles: [Int] {
    var (cycle, last) = (1, 0)
    let hasMetal = seeds.nucleationOverpotential == nil
    return stages.map(\.control.direction).map { direction in
      if direction == 1 && last == -1 { cycle += 1 }
      if direction == 1 || direction == -1 && (hasMetal || last != 0) { last = direction }
      return cycle
    }
  }
}
