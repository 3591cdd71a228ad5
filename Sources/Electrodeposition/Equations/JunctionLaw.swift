import Spectral

/// The law J(u) of a contact at a temperature, with what a Newton step needs.
///
/// u = φ_k − V, V: positive while plating, as is J, A/m².
struct JunctionLaw {
  private enum Form {
    case insulating
    case ohmic(resistance: Double)
    /// With j_s (A/m²), f, and f/m (1/V).
    case schottky(Schottky, saturation: Double, f: Double, rate: Double)
  }

  private let form: Form

  /// - Parameter temperature: K.
  init(_ contact: Contact, temperature: Double) {
    switch contact {
    case .insulating: form = .insulating
    case .ohmic(let resistance): form = .ohmic(resistance: resistance.value)
    case .schottky(let schottky):
      let f = Constants.faraday / (Constants.gas * temperature)
      form = .schottky(
        schottky, saturation: schottky.saturationCurrent(temperature: temperature), f: f,
        rate: f / schottky.ideality.value)
    }
  }

  var isInsulating: Bool { if case .insulating = form { true } else { false } }

  /// R_c of an ohmic contact, Ω m²; `nil` for any other.
  var ohmicResistance: Double? { if case .ohmic(let resistance) = form { resistance } else { nil } }

  /// Whether J is proportional to u.
  var isLinear: Bool { if case .schottky = form { false } else { true } }

  /// J and dJ/du at u, in A/m² and A/(m² V).
  func current(_ u: Double) -> (value: Double, slope: Double) {
    switch form {
    case .insulating: (0, 0)
    case .ohmic(let resistance): (u / resistance, 1 / resistance)
    case .schottky(let contact, let saturation, let f, let rate):
      Self.inSeries(u, contact.bulkResistance.value) { Self.junction($0, contact, saturation, f, rate) }
    }
  }

  /// A junction with a resistance in series: its share y of u solves y + R_b law(y) = u.
  private static func inSeries(
    _ u: Double, _ resistance: Double, _ law: (Double) -> (value: Double, slope: Double)
  ) -> (value: Double, slope: Double) {
    guard resistance > 0 else { return law(u) }
    // The left side increases with y, so y lies between 0 and u; Newton, kept inside by bisection.
    var (low, high) = (min(0, u), max(0, u))
    var y = u
    for _ in 0..<200 {
      let (j, slope) = law(y)
      let residual = y + resistance * j - u
      if abs(residual) <= 1e-15 * max(1, abs(u)) || high - low <= 1e-16 * max(1, abs(u)) { break }
      if residual > 0 { high = y } else { low = y }
      let newton = y - residual / (1 + resistance * slope)
      y = newton > low && newton < high ? newton : (low + high) / 2
    }
    let (j, slope) = law(y)
    return (j, slope / (1 + resistance * slope))
  }

  private static func junction(
    _ u: Double, _ contact: Schottky, _ saturation: Double, _ f: Double, _ rate: Double
  ) -> (value: Double, slope: Double) {
    let x = f * u / contact.ideality.value
    switch contact.polarity {
    case .blocking:
      let (e, de) = cappedExponential(-x)
      let leak = contact.leakResistance.value
      return (saturation * (1 - e) + u / leak, saturation * de * rate + 1 / leak)
    case .conducting:
      let (e, de) = cappedExponential(x)
      return (saturation * (e - 1), saturation * de * rate)
    case .backToBack:
      let t = tanh(x / 2)
      return (saturation * t, saturation * (1 - t * t) * rate / 2)
    }
  }

  /// e^x and its derivative, continued linearly beyond x = 60 so that Newton steps stay finite.
  private static func cappedExponential(_ x: Double) -> (Double, Double) {
    if x <= 60 { return (exp(x), exp(x)) }
    return (exp(60) * (1 + x - 60), exp(60))
  }
}
