import Electrodeposition

/// A row of `cycles.csv`: a stage, or a cycle, which takes its numbers from the rows of its stages.
struct CycleRow: Equatable {
  /// From 1; of a cycle its last stage.
  private(set) var cycle, stage: Int
  let isCycle: Bool
  private var control = ""
  private var start, end, firstVoltage, meanVoltage, lastVoltage, overpotential: Double?
  private var capacityIn, capacityOut, interphaseCharge, deadCharge, coulombicEfficiency, efficiency,
    thickness, deadMetal, platedRoughness,
    strippedRoughness: Double?

  private typealias Number = (header: String, path: WritableKeyPath<CycleRow, Double?>)

  private static var numbers: [Number] {
    [
      ("start_time_s", \.start), ("end_time_s", \.end), ("first_voltage_V", \.firstVoltage),
      ("mean_voltage_V", \.meanVoltage), ("last_voltage_V", \.lastVoltage),
      ("overpotential_V", \.overpotential),
      ("capacity_in_mAh_per_cm2", \.capacityIn), ("capacity_out_mAh_per_cm2", \.capacityOut),
      ("sei_charge_mAh_per_cm2", \.interphaseCharge),
      ("dead_metal_charge_mAh_per_cm2", \.deadCharge), ("coulombic_efficiency", \.coulombicEfficiency),
      ("efficiency_without_side_reactions", \.efficiency), ("equivalent_thickness_m", \.thickness),
      ("dead_metal_m", \.deadMetal),
      ("plated_roughness_m", \.platedRoughness), ("stripped_roughness_m", \.strippedRoughness),
    ]
  }

  static var header: [String] { ["kind", "cycle", "stage", "control"] + numbers.map(\.header) }

  /// As it stands in the file; empty where a number has no meaning.
  var fields: [String] {
    [isCycle ? "cycle" : "stage", String(cycle), String(stage), control]
      + Self.numbers.map { self[keyPath: $0.path]?.description ?? "" }
  }

  /// From the fields of a line; `nil` when they are not those of a row.
  init?(_ fields: [String]) {
    guard fields.count == Self.header.count, ["stage", "cycle"].contains(fields[0]),
      let cycle = Int(fields[1]),
      let stage = Int(fields[2])
    else { return nil }
    (self.cycle, self.stage, isCycle, control) = (cycle, stage, fields[0] == "cycle", fields[3])
    for (number, text) in zip(Self.numbers, fields.dropFirst(4)) {
      self[keyPath: number.path] = Double(text)
      if !text.isEmpty && self[keyPath: number.path] == nil { return nil }
    }
  }

  init(_ stage: StageSummary) {
    (cycle, self.stage, isCycle) = (stage.cycle, stage.stage, false)
    switch stage.control {
    case .potential: control = "hold"
    case .current(let density): control = density > 0 ? "plate" : "strip"
    case .rest: control = "rest"
    }
    (start, end) = (stage.start, stage.end)
    (firstVoltage, meanVoltage, lastVoltage) = (stage.firstVoltage, stage.meanVoltage, stage.lastVoltage)
    (capacityIn, capacityOut) = (max(0, stage.capacity) / 36_000, max(0, -stage.capacity) / 36_000)
    (interphaseCharge, deadCharge) = (stage.interphaseCharge / 36_000, stage.deadCharge / 36_000)
    (thickness, deadMetal) = (stage.thickness, stage.deadMetal)
    if stage.control.plates { platedRoughness = stage.roughness }
    if stage.control.strips { strippedRoughness = stage.roughness }
  }

  /// The cycle of these stages, of which there is one at least.
  init(of stages: [CycleRow]) {
    let last = stages[stages.count - 1]
    (cycle, stage, isCycle) = (last.cycle, last.stage, true)
    (start, end, thickness) = (stages[0].start, last.end, last.thickness)
    deadMetal = last.deadMetal
    // A potential above zero on a collector without metal, before the first plating, strips nothing.
    let first = stages.firstIndex { $0.platedRoughness != nil } ?? 0
    let counted = Array(stages[first...])
    func sum(_ path: KeyPath<CycleRow, Double?>) -> Double {
      counted.reduce(0) { $0 + ($1[keyPath: path] ?? 0) }
    }
    let (plated, stripped) = (sum(\.capacityIn), sum(\.capacityOut))
    (capacityIn, capacityOut) = (plated, stripped)
    (interphaseCharge, deadCharge) = (sum(\.interphaseCharge), sum(\.deadCharge))
    // Of the metal: what was plated less its interphase, and what dissolved to make interphase besides what came out.
    let grown = counted.reduce(0) { $0 + ($1.platedRoughness == nil ? 0 : $1.interphaseCharge ?? 0) }
    let metal = (plated: plated - grown, dissolved: stripped + (interphaseCharge ?? 0) - grown)
    let hasStripped = counted.contains { $0.strippedRoughness != nil }
    if plated > 0, hasStripped { coulombicEfficiency = stripped / plated }
    if metal.plated > 0, hasStripped { efficiency = metal.dissolved / metal.plated }
    platedRoughness = stages.last { $0.platedRoughness != nil }?.platedRoughness
    strippedRoughness = counted.last { $0.strippedRoughness != nil }?.strippedRoughness
    let means = [\CycleRow.platedRoughness, \.strippedRoughness].map { path in
      Self.meanVoltage(counted.filter { $0[keyPath: path] != nil })
    }
    if let plating = means[0], let stripping = means[1] { overpotential = (stripping - plating) / 2 }
  }

  /// Over the time of the stages, V; `nil` when they take none.
  private static func meanVoltage(_ stages: [CycleRow]) -> Double? {
    let times = stages.map { ($0.end ?? 0) - ($0.start ?? 0) }
    let time = times.reduce(0, +)
    return time > 0 ? zip(stages, times).reduce(0) { $0 + ($1.0.meanVoltage ?? 0) * $1.1 } / time : nil
  }
}
