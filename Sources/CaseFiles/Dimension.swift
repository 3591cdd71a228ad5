/// What a number in a case file measures. Each dimension lists the units it may be written in.
public enum Dimension: String, Sendable, CaseIterable {
  case number, length, time, temperature, angle, potential, barrier, currentDensity, capacity, surfaceEnergy
  case concentration, conductivity, diffusivity, arealResistance, arealCapacitance, richardsonConstant
  case interfaceMobility, molarVolume
}

/// A unit: one of it is `multiplier`·10^`power` (+ `offset`) in SI.
///
/// The power of ten is kept apart so that `60 nm` is read as the decimal 60e-9, correctly rounded, instead of
/// as a product of two rounded numbers.
struct Unit: Sendable {
  let symbol: String
  let power: Int
  let multiplier: Double
  let offset: Double
  /// Offered when a value is printed with a handy unit.
  let isHandy: Bool

  init(
    _ symbol: String, _ power: Int = 0, times multiplier: Double = 1, plus offset: Double = 0,
    handy: Bool = false
  ) {
    self.symbol = symbol
    self.power = power
    self.multiplier = multiplier
    self.offset = offset
    self.isHandy = handy
  }

  /// Powers of ten are exact up to 10²², so dividing by one keeps the rounding of a decimal literal.
  var scale: Double { power < 0 ? multiplier / tenTo(-power) : multiplier * tenTo(power) }

  private func tenTo(_ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { product, _ in product * 10 } }
}

extension Dimension {
  /// With its article, as an error message needs it.
  public var name: String {
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
    }
  }

  /// A value as a user would write it.
  public var example: String {
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
    }
  }

  /// The SI unit, in which every value is kept.
  public var siUnit: String { self == .number ? "1" : units[0].symbol }

  /// The units a value may be written in; the first is the SI unit. Spellings such as `µm`, `m²`, `A m^-2`
  /// are brought to these by `normalised(unit:)`.
  var units: [Unit] { Dimension.unitTable[self] ?? [] }

  private static let unitTable: [Dimension: [Unit]] = [
    .number: [],
    .length: [
      Unit("m", handy: true), Unit("cm", -2), Unit("mm", -3, handy: true), Unit("um", -6, handy: true),
      Unit("nm", -9, handy: true),
    ],
    .time: [
      Unit("s", handy: true), Unit("ms", -3, handy: true), Unit("us", -6, handy: true),
      Unit("min", times: 60, handy: true), Unit("h", times: 3600, handy: true),
    ],
    .temperature: [Unit("K", handy: true), Unit("degC", plus: 273.15)],
    .angle: [Unit("rad"), Unit("deg", times: .pi / 180, handy: true)],
    .potential: [Unit("V", handy: true), Unit("mV", -3, handy: true), Unit("uV", -6, handy: true)],
    .barrier: [Unit("eV", handy: true), Unit("meV", -3, handy: true)],
    .currentDensity: [
      Unit("A/m^2"), Unit("mA/cm^2", 1, handy: true), Unit("uA/cm^2", -2, handy: true), Unit("A/cm^2", 4),
    ],
    .capacity: [
      Unit("C/m^2"), Unit("mAh/cm^2", 3, times: 36, handy: true), Unit("uAh/cm^2", 0, times: 36, handy: true),
      Unit("C/cm^2", 4),
    ],
    .surfaceEnergy: [Unit("J/m^2", handy: true), Unit("mJ/m^2", -3, handy: true), Unit("N/m")],
    .concentration: [Unit("mol/m^3", handy: true), Unit("mol/L", 3, handy: true), Unit("M", 3), Unit("mM")],
    .conductivity: [Unit("S/m"), Unit("mS/cm", -1, handy: true), Unit("S/cm", 2)],
    .diffusivity: [Unit("m^2/s", handy: true), Unit("cm^2/s", -4)],
    .arealResistance: [Unit("ohm m^2"), Unit("ohm cm^2", -4, handy: true)],
    .arealCapacitance: [Unit("F/m^2", handy: true), Unit("uF/cm^2", -2)],
    .richardsonConstant: [Unit("A/m^2/K^2", handy: true), Unit("A/cm^2/K^2", 4)],
    .interfaceMobility: [Unit("m^3/J/s", handy: true)],
    .molarVolume: [Unit("m^3/mol"), Unit("cm^3/mol", -6, handy: true)],
  ]

  /// The dimension that the unit of this spelling belongs to, or `nil`.
  static func owning(unit: String) -> Dimension? {
    allCases.first { $0.units.contains { $0.symbol == unit } }
  }
}
