import Spectral

/// The rate law at one point, with what a Newton step needs.
struct RateLaw: Equatable {
  /// i0, A/m².
  var exchange: Double
  let cathodic: Double
  let anodic: Double
  let f: Double
  private(set) var filmResistance: Double
  /// c0, mol/m³.
  let reference: Double
  let inverseReference: Double

  init(_ setup: Case) {
    exchange = setup.kinetics.exchangeCurrentDensity.value
    cathodic = setup.kinetics.cathodicTransferCoefficient.value
    anodic = 1 - cathodic
    f = setup.inverseThermalVoltage
    filmResistance = setup.kinetics.firstFilmResistance
    reference = setup.electrolyte.concentration.value
    inverseReference = 1 / reference
  }

  /// The same law behind another film, Ω m².
  @inline(__always)
  func with(filmResistance: Double) -> RateLaw {
    var law = self
    law.filmResistance = filmResistance
    return law
  }

  /// i and −di/de of i0 [(c/c0) e^{−α_c f e} − e^{α_a f e}], e without the film's drop.
  ///
  /// With a film, e + R i stands in the exponents and i is the root of a monotone function, found by Newton.
  @inline(__always)
  func rate(_ e: Double, salt: Double) -> (current: Double, slope: Double) {
    guard filmResistance > 0 else { return bare(e, salt) }
    var i = first(
      Vector(repeating: e), Vector(repeating: salt), Vector(repeating: exchange),
      Vector(repeating: filmResistance))[0]
    for _ in 0..<50 {
      let (value, slope) = bare(e + filmResistance * i, salt)
      let step = (value - i) / (1 + filmResistance * slope)
      i += step
      if abs(step) <= 1e-13 * (abs(i) + exchange) { break }
    }
    let (value, slope) = bare(e + filmResistance * i, salt)
    return (value, slope / (1 + filmResistance * slope))
  }

  /// The same of eight points, with an i0 (A/m²) and a film (Ω m²) of their own.
  @inline(__always)
  func rates(
    _ e: Vector, salt: Vector, exchange: Vector, resistance: Vector
  ) -> (current: Vector, slope: Vector) {
    var i = first(e, salt, exchange, resistance)
    for _ in 0..<50 {
      let (value, slope) = bare(e + resistance * i, salt, exchange)
      let step = (value - i) / (1 + resistance * slope)
      i += step
      if all(magnitude(step) .<= 1e-13 * (magnitude(i) + exchange)) { break }
    }
    let (value, slope) = bare(e + resistance * i, salt, exchange)
    return (value, slope / (1 + resistance * slope))
  }

  /// Where Newton's method begins: at Tafel's law of the current that the film alone would let through, or without a drop
  /// where that is less. From i = 0 on it would go RT/αF in each round.
  @inline(__always)
  private func first(_ e: Vector, _ salt: Vector, _ exchange: Vector, _ resistance: Vector) -> Vector {
    let (zero, least) = (Vector(repeating: 0), Vector(repeating: 1e-200))
    let r = larger(resistance, least)
    let share = exchange * larger(salt * inverseReference, least)
    let isPlating = e .< zero
    let most = larger(magnitude(e) / r, least)
    let deposited = larger(zero, log(most / share)) / (-cathodic * f)
    let dissolved = larger(zero, log(most / exchange)) / (anodic * f)
    let x = smaller(dissolved, e).replacing(with: larger(deposited, e), where: isPlating)
    return (x - e) / r
  }

  /// The same without a film.
  @inline(__always)
  func bare(_ e: Vector, _ salt: Vector, _ exchange: Vector) -> (current: Vector, slope: Vector) {
    let x = larger(Vector(repeating: -200), smaller(Vector(repeating: 200), f * e))
    let share = (exchange * inverseReference) * larger(salt, Vector(repeating: 0))
    let deposited = share * exp(-cathodic * x)
    let dissolved = exchange * exp(anodic * x)
    return (deposited - dissolved, f * (cathodic * deposited + anodic * dissolved))
  }

  /// ∂i/∂c at fixed potentials, A m/mol, of a rate and its slope B = −∂i/∂e.
  @inline(__always)
  func saltSlope(_ current: Double, _ slope: Double, salt: Double) -> Double {
    // C of i = C − N and B = f (α_c C + α_a N), both of the bare law.
    let share = 1 - filmResistance * slope
    return (slope / (share * f) + anodic * current) * share / salt
  }

  /// A = ∂i/∂c with a potential that follows c, A m/mol, of a rate and its slope B.
  @inline(__always)
  func exchangeSlope(_ current: Double, _ slope: Double, salt: Double) -> Double {
    let share = 1 - filmResistance * slope
    let deposited = slope / (share * f) + anodic * current
    let dissolved = deposited - current
    return ((2 - anodic) * deposited + anodic * dissolved) * share / salt
  }

  /// c at which the bare law gives a current i > 0, mol/m³, however little it is.
  ///
  /// - Parameters:
  ///   - e: driving potential with the film's share, V, beside the salt `here`, mol/m³.
  ///   - diffusionPotential: P of dφ = P d ln c on the way from there, V.
  func salt(
    carrying current: Double, from here: Double, at e: Double, diffusionPotential: Double
  ) -> Double {
    // c is e^y of that here. Without the anodic part y is linear in what remains; with it a few rounds.
    var y = 0.0
    for _ in 0..<5 {
      let dissolved = exchange * exp(min(anodic * f * (e - diffusionPotential * y), 50))
      let wanted = log((current + dissolved) * reference / (exchange * here)) + cathodic * f * e
      y = wanted / (1 + cathodic * f * diffusionPotential)
    }
    return here * exp(y)
  }

  @inline(__always)
  private func bare(_ e: Double, _ salt: Double) -> (Double, Double) {
    let x = max(-200, min(200, f * e))
    let deposited = exchange * max(salt, 0) * inverseReference * exp(-cathodic * x)
    let dissolved = exchange * exp(anodic * x)
    return (deposited - dissolved, f * (cathodic * deposited + anodic * dissolved))
  }
}
