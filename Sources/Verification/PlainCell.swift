import Electrodeposition

/// The cell that the problems vary: a metal in its default electrolyte, everything set by the problem.
struct PlainCell {
  var metal = Metal.sodium
  var cell = 2e-9
  /// Extents of the box in cells, and whether it moves with the front.
  var width = 8.0
  var depth: Double?
  var height = 128.0
  var movingWindow = false
  var seeds = Seeds()
  var substrate: Substrate?
  /// Thickness of the electrolyte from the bottom of the box (or the substrate's surface), m.
  var thickness = 10e-6
  var end = Electrolyte.End.reservoir
  /// i0, A/m².
  var exchange = 100.0
  /// Double-layer capacitance, F/m²; `nil` for the default.
  var doubleLayer: Double?
  /// The slow-front setting divides V_m by this and multiplies γ with it: Γ is unchanged, v is slower.
  var slowness = 1.0
  var numerics = Numerics()
  var stages: [Stage] = []
  var output = OutputSchedule()

  static func chosen(_ value: Double, _ unit: String) -> Sourced {
    Sourced(value, unit, .chosen, "verification")
  }

  /// A surface with Young's angle θ, rad.
  static func surface(_ name: String, _ angle: Double, _ contact: Contact) -> Surface {
    Surface(name: name, contactAngle: chosen(angle, "rad"), contact: contact)
  }

  static let ohmic = Contact.ohmic(resistance: chosen(1e-7, "ohm m^2"))

  /// A contact that blocks but for its saturation current.
  static let barrier = Schottky(
    polarity: .blocking, barrier: chosen(0.65, "V"),
    richardson: chosen(Constants.richardson, "A/(m^2 K^2)"), ideality: chosen(1, "1"),
    leakResistance: chosen(.infinity, "ohm m^2"), bulkResistance: chosen(0, "ohm m^2"))

  /// The case in SI units.
  var setup: Case {
    let temperature = Self.chosen(298.15, "K")
    var metal = metal
    metal.molarVolume.value /= slowness
    var energy = metal.surfaceEnergy
    energy.value *= slowness
    let entry = ElectrolyteEntry.named(metal.defaultElectrolyte) ?? ElectrolyteEntry.all[0]
    let electrolyte = entry.electrolyte(
      concentration: Self.chosen(1000, "mol/m^3"), temperature: temperature.value, thickness: thickness,
      end: end)
    var kinetics = Kinetics(exchangeCurrentDensity: Self.chosen(exchange, "A/m^2"))
    if let doubleLayer { kinetics.doubleLayerCapacitance.value = doubleLayer }
    return Case(
      title: "verification", metal: metal, temperature: temperature, electrolyte: electrolyte,
      kinetics: kinetics, surfaceEnergy: energy, substrate: substrate, seeds: seeds,
      box: Box(
        width: width * cell, depth: depth.map { $0 * cell }, height: height * cell, cell: cell,
        movingWindow: movingWindow),
      stages: stages, output: output, numerics: numerics)
  }
}

extension Case {
  /// M = (V_m/F) f i0 Γ, m²/s: a surface near equilibrium moves at −M K.
  var capillaryMobility: Double {
    volumePerCharge * inverseThermalVoltage * kinetics.exchangeCurrentDensity.value * capillaryConstant
  }
}

extension Simulation {
  /// c at a height above the bottom of the box in the first column, by linear interpolation, mol/m³.
  func salt(at height: Double) -> Double {
    let salt = snapshot()["salt"] ?? []
    let z = height / grid.spacing.z - 0.5
    let below = Int(z.rounded(.down))
    return salt[below] + (z - Double(below)) * (salt[below + 1] - salt[below])
  }
}

/// A relative error in print, to a hundredth of a per cent.
func percent(_ error: Double) -> String { "\((1e4 * error).rounded() / 100) %" }

/// Root of a function that changes sign between two arguments, by bisection to the last bit.
func bisect(_ low: Double, _ high: Double, _ f: (Double) throws -> Double) rethrows -> Double {
  var (a, b) = (low, high)
  let sign = try f(a)
  for _ in 0..<200 {
    let middle = (a + b) / 2
    if middle == a || middle == b { break }
    if try f(middle) * sign > 0 { a = middle } else { b = middle }
  }
  return (a + b) / 2
}
