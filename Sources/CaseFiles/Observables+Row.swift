import Electrodeposition

extension Observables {
  /// A row as it stands in `history.csv`: counts as integers, the rest with the fewest digits that give the
  /// number back exactly.
  var row: [String] {
    Observables.columns.map { column in
      let value = column.value(self)
      return column.isCount ? String(Int(value)) : value.description
    }
  }

  /// From values by the headers of `columns`; what is missing stays zero.
  package init(values: [String: Double]) {
    self.init()
    for (header, value) in values { set(header, to: value) }
  }

  private mutating func set(_ header: String, to value: Double) {
    switch header {
    case "step": step = Int(value)
    case "time_s": time = value
    case "dt_s": dt = value
    case "stage": stage = Int(value)
    case "cycle": cycle = Int(value)
    case "voltage_V": voltage = value
    case "current_density_A_per_m2": currentDensity = value
    case "capacity_mAh_per_cm2": capacity = value * 36_000
    case "metal_charge_mAh_per_cm2": metalCharge = value * 36_000
    case "sei_charge_mAh_per_cm2": interphaseCharge = value * 36_000
    case "sei_thickness_m": interphaseThickness = value
    case "max_sei_thickness_m": largestInterphaseThickness = value
    case "conversion_charge_mAh_per_cm2": conversionCharge = value * 36_000
    case "double_layer_charge_mAh_per_cm2": layerCharge = value * 36_000
    case "converted_fraction": convertedFraction = value
    case "equivalent_thickness_m": equivalentThickness = value
    case "mean_height_m": meanHeight = value
    case "max_height_m": maximumHeight = value
    case "roughness_rms_m": roughness = value
    case "tip_speed_m_per_s": tipSpeed = value
    case "min_salt_mol_per_m3": minimumSalt = value
    case "bare_fraction": bareFraction = value
    case "pieces": pieces = Int(value)
    case "dead_metal_m": deadMetal = value
    case "piece_potential_V": piecePotential = value
    case "charge_error": chargeError = value
    case "salt_error": saltError = value
    case "closure_defect": closureDefect = value
    case "potential_iterations": potentialIterations = Int(value)
    case "salt_iterations": saltIterations = Int(value)
    case "output": isOutput = value != 0
    default: break
    }
  }
}
