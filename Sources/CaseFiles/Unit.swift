/// A unit: one of it is `multiplier`·10^`power` (+ `offset`) in SI.
///
/// The power of ten is kept apart so that `60 nm` is read as the decimal 60e-9, correctly rounded, instead of
/// as a product of two rounded numbers.
struct Unit: Sendable {
  let symbol: String
  let power: Int
  let multiplier: Double
  let offset: Double
  /// Other spellings that are read, where this dimension is expected.
  let also: [String]
  /// The magnitude in SI from which on values are printed in this unit; `nil`: never.
  let shownFrom: Double?

  init(
    _ symbol: String, _ power: Int = 0, times multiplier: Double = 1, plus offset: Double = 0,
    also: [String] = [], shownFrom: Double? = nil
  ) {
    self.symbol = symbol
    self.power = power
    self.multiplier = multiplier
    self.offset = offset
    self.also = also
    self.shownFrom = shownFrom
  }

  /// Powers of ten are exact up to 10²², so dividing by one keeps the rounding of a decimal literal.
  var scale: Double { power < 0 ? multiplier / tenTo(-power) : multiplier * tenTo(power) }

  private func tenTo(_ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { product, _ in product * 10 } }
}

extension PhysicalDimension {
  /// The units a value may be written in; the first is the SI unit. Spellings such as `µm`, `m²`, `A m^-2`
  /// are brought to these by `Quantity.normalised(unit:)`.
  var units: [Unit] { PhysicalDimension.unitTable[self] ?? [] }

  private static let unitTable: [PhysicalDimension: [Unit]] = [
    .number: [],
    .length: [
      Unit("m", shownFrom: 1), Unit("cm", -2), Unit("mm", -3, shownFrom: 1e-3),
      Unit("um", -6, shownFrom: 1e-6), Unit("nm", -9, shownFrom: 0), Unit("angstrom", -10),
    ],
    .time: [
      Unit("s", shownFrom: 1), Unit("ms", -3, shownFrom: 1e-3),
      // Nothing at all is 0 s.
      Unit("us", -6, shownFrom: 1e-6), Unit("ns", -9, shownFrom: .leastNonzeroMagnitude),
      Unit("min", times: 60, shownFrom: 120),
      Unit("h", times: 3600, shownFrom: 3600),
      Unit("d", times: 86400, shownFrom: 172_800),
    ],
    .temperature: [Unit("K", shownFrom: 0), Unit("degC", plus: 273.15, also: ["C", "deg C"])],
    .angle: [Unit("rad"), Unit("deg", times: .pi / 180, shownFrom: 0)],
    .potential: [Unit("V", shownFrom: 1), Unit("mV", -3, shownFrom: 0), Unit("uV", -6)],
    .barrier: [Unit("eV", shownFrom: 0), Unit("meV", -3)],
    .currentDensity: [
      Unit("A/m^2"), Unit("mA/cm^2", 1, shownFrom: 0), Unit("uA/cm^2", -2), Unit("nA/cm^2", -5),
      Unit("A/cm^2", 4), Unit("A/dm^2", 2), Unit("mA/dm^2", -1),
    ],
    .capacity: [
      Unit("C/m^2", also: ["As/m^2"]), Unit("mAh/cm^2", 3, times: 36, shownFrom: 0),
      Unit("uAh/cm^2", 0, times: 36),
      Unit("Ah/m^2", 2, times: 36), Unit("C/cm^2", 4, also: ["As/cm^2"]), Unit("mC/cm^2", 1),
    ],
    .surfaceEnergy: [
      Unit("J/m^2", shownFrom: 0), Unit("mJ/m^2", -3, also: ["erg/cm^2"]), Unit("N/m"),
      Unit("mN/m", -3, also: ["dyn/cm"]),
    ],
    .concentration: [
      Unit("mol/m^3"), Unit("mol/L", 3, also: ["mol/l", "mol/dm^3", "kmol/m^3"], shownFrom: 0), Unit("M", 3),
      Unit("mM", also: ["mmol/L", "mmol/l"]),
    ],
    .conductivity: [
      Unit("S/m"), Unit("mS/cm", -1, shownFrom: 0), Unit("S/cm", 2), Unit("uS/cm", -4), Unit("mS/m", -3),
    ],
    .diffusivity: [Unit("m^2/s", shownFrom: 0), Unit("cm^2/s", -4), Unit("um^2/s", -12)],
    .arealResistance: [
      Unit("ohm m^2"), Unit("ohm cm^2", -4, shownFrom: 0), Unit("mohm cm^2", -7), Unit("kohm cm^2", -1),
    ],
    .arealCapacitance: [
      Unit("F/m^2"), Unit("uF/cm^2", -2, shownFrom: 0), Unit("mF/cm^2", 1), Unit("F/cm^2", 4),
    ],
    .richardsonConstant: [Unit("A/m^2/K^2", shownFrom: 0), Unit("A/cm^2/K^2", 4)],
    .interfaceMobility: [Unit("m^3/J/s", shownFrom: 0)],
    .molarVolume: [Unit("m^3/mol"), Unit("cm^3/mol", -6, also: ["mL/mol", "cc/mol"], shownFrom: 0)],
    .specificCapacity: [Unit("C/kg"), Unit("mAh/g", 3, times: 3.6, also: ["Ah/kg"], shownFrom: 0)],
    .arealMass: [Unit("kg/m^2"), Unit("mg/cm^2", -2, shownFrom: 0), Unit("g/m^2", -3), Unit("g/cm^2", 1)],
    .massPerCharge: [Unit("kg/C"), Unit("mg/mAh", -6, times: 1 / 3.6, also: ["g/Ah"], shownFrom: 0)],
    .specificEnergy: [Unit("J/kg"), Unit("Wh/kg", times: 3600, shownFrom: 0)],
  ]

  /// Magnitudes that a case may ask for, in SI; beyond them no cell is and the solver has not been tried. `nil`: the
  /// bounds of a key say all.
  var range: ClosedRange<Double>? {
    switch self {
    case .number, .temperature, .angle: nil
    case .length: 1e-12...1
    case .time: 1e-12...3.1536e9
    case .potential: 0...10
    case .barrier: 0...2
    case .currentDensity: 1e-6...1e7
    case .capacity: 3.6e-6...3.6e9
    case .surfaceEnergy: 1e-4...10
    case .concentration: 1e-3...2e4
    case .conductivity: 1e-8...1e3
    case .diffusivity: 1e-20...1e-6
    case .arealResistance: 1e-14...1e10
    case .arealCapacitance: 1e-6...1e3
    case .richardsonConstant: 1...1e9
    case .interfaceMobility: 1e-15...1
    case .molarVolume: 1e-6...1e-3
    case .specificCapacity: 3.6e3...3.6e7
    case .arealMass: 1e-6...1e3
    case .massPerCharge: 1e-12...1e-3
    case .specificEnergy: nil
    }
  }

  /// The range in words, after the name of the dimension; of values of either sign, its larger end both ways.
  func rangeWords(signed: Bool) -> String? {
    range.map {
      if signed { return "between -\(formatted($0.upperBound)) and \(formatted($0.upperBound))" }
      return $0.lowerBound > 0
        ? "from \(formatted($0.lowerBound)) to \(formatted($0.upperBound))"
        : "up to \(formatted($0.upperBound))"
    }
  }

  /// The dimension that the unit of this spelling belongs to, or `nil`.
  static func owning(unit: String) -> PhysicalDimension? {
    allCases.first { $0.units.contains { $0.symbol == unit } }
  }

  /// The unit that an unknown one was likely meant to be: the same but for capitals, without its area or volume, with the
  /// electrode it is measured against, or, where it is long enough to tell, misspelt.
  func likelyUnit(_ spelling: String) -> String? {
    // The unit that people write first.
    let shown = units.filter { $0.shownFrom != nil } + units.filter { $0.shownFrom == nil }
    let known = shown.flatMap { [$0.symbol] + $0.also }
    // One letter more may be a thousand times as much.
    let slip = spelling.count > 3 ? nearest(to: spelling, in: known) : nil
    return known.first { $0.lowercased() == spelling.lowercased() }
      ?? known.first { $0.hasPrefix(spelling + "/") || $0.hasPrefix(spelling + " ") }
      ?? known.first { spelling.hasPrefix($0 + " vs") }
      ?? slip.flatMap {
        $0.filter(\.isNumber) == spelling.filter(\.isNumber) && $0.first == spelling.first ? $0 : nil
      }
  }
}
