/// What a number in a case file measures. Each dimension lists the units it may be written in.
package enum PhysicalDimension: String, Sendable, CaseIterable {
  case number, length, time, temperature, angle, potential, barrier, currentDensity, capacity, surfaceEnergy
  case concentration, conductivity, diffusivity, arealResistance, arealCapacitance, richardsonConstant
  case interfaceMobility, molarVolume
  case specificCapacity, arealMass, massPerCharge, specificEnergy

  /// What no case asks for, but `frond cell` does.
  static let ofWholeCells: Set = [specificCapacity, arealMass, massPerCharge, specificEnergy]
}

extension PhysicalDimension {
  /// With its article, as an error message needs it.
  package var name: String {
    switch self {
    case .number: "a plain number"
    case .length: "a length"
    case .time: "a time"
    case .temperature: "a temperature"
    case .angle: "an angle"
    case .potential: "a potential"
    case .barrier: "an energy barrier"
    case .currentDensity: "a current density"
    case .capacity: "a charge per area"
    case .surfaceEnergy: "a surface energy"
    case .concentration: "a concentration"
    case .conductivity: "a conductivity"
    case .diffusivity: "a diffusion coefficient"
    case .arealResistance: "an areal resistance"
    case .arealCapacitance: "an areal capacitance"
    case .richardsonConstant: "a Richardson constant"
    case .interfaceMobility: "an interface mobility"
    case .molarVolume: "a molar volume"
    case .specificCapacity: "a charge per mass"
    case .arealMass: "a mass per area"
    case .massPerCharge: "a mass per charge"
    case .specificEnergy: "an energy per mass"
    }
  }

  /// A value as a user would write it.
  package var example: String {
    switch self {
    case .number: "0.5"
    case .length: "60 nm"
    case .time: "30 s"
    case .temperature: "298.15 K"
    case .angle: "30 deg"
    case .potential: "-100 mV"
    case .barrier: "0.65 eV"
    case .currentDensity: "1 mA/cm^2"
    case .capacity: "1 mAh/cm^2"
    case .surfaceEnergy: "0.25 J/m^2"
    case .concentration: "1 mol/L"
    case .conductivity: "6.8 mS/cm"
    case .diffusivity: "1e-10 m^2/s"
    case .arealResistance: "20 ohm cm^2"
    case .arealCapacitance: "15 uF/cm^2"
    case .richardsonConstant: "1.2e6 A/m^2/K^2"
    case .interfaceMobility: "2.5e-6 m^3/J/s"
    case .molarVolume: "23.75 cm^3/mol"
    case .specificCapacity: "1166 mAh/g"
    case .arealMass: "25 mg/cm^2"
    case .massPerCharge: "3 mg/mAh"
    case .specificEnergy: "232 Wh/kg"
    }
  }

  /// The SI unit, in which every value is kept.
  package var siUnit: String { self == .number ? "1" : units[0].symbol }

  /// "a length such as 60 nm (m, cm, mm, um, nm, angstrom)".
  var expectation: String {
    guard self != .number else { return "a plain number such as \(example)" }
    return "\(name) such as \(example) (\(units.map(\.symbol).joined(separator: ", ")))"
  }
}
