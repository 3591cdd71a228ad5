import Spectral

/// A flat front of metal that plates (or strips) steadily across the whole cell, and its stability.
///
/// In one dimension the anion does not move: c is linear, D_t dc/dz = i/F with D_t = D/(1−t₊), and
/// φ = P ln c + const with P = F D_t c0/σ0 − (2t₊−1)/f, which for a dilute solution is 1/f. At the front
/// i = i0[(c_i/c0) e^{−α_c f e} − e^{α_a f e}], e = V − φ_i + R i. The layer of electrolyte is taken to keep
/// its thickness L (model.md, "Far field").
///
/// Of a cation alone F D dc/dz = i (1 − τ c/c0), τ = F D f c0/σ, and φ is linear; growth rates have no closed form.
package struct FlatFront: Sendable, Equatable {
  /// Plating current density i, A/m², positive when metal is deposited.
  package let current: Double
  /// Potential V of the metal against the far end (reservoir, or the metal of the counter electrode), V.
  package let voltage: Double
  /// Salt concentration c_i at the front, mol/m³.
  package let surfaceSalt: Double
  /// Potential φ_i of the electrolyte at the front, V.
  package let surfacePotential: Double
  /// e of the rate law, V, negative while plating.
  package let activation: Double

  let cell: PlanarCell

  init(_ cell: PlanarCell, current: Double) {
    self.cell = cell
    self.current = current
    surfaceSalt = cell.surfaceSalt(current)
    surfacePotential = cell.surfacePotential(current)
    activation = cell.activation(current, salt: surfaceSalt)
    voltage = current == 0 ? 0 : activation + surfacePotential - cell.filmResistance * current
  }

  /// Salt concentration, mol/m³, at a share of the way from the front to the far end.
  package func salt(at share: Double) -> Double {
    surfaceSalt + share * (cell.farSalt(current) - surfaceSalt)
  }

  /// B = −∂i/∂e, A/(m² V): the slope of the rate law.
  package var slope: Double { cell.law.rate(activation, salt: surfaceSalt).slope }

  /// A = ∂i/∂c + B P/c_i, A m/mol: how the current answers the salt at the front, its potential included.
  ///
  /// Of a binary salt.
  package var saltResponse: Double {
    cell.law.saltSlope(current, slope, salt: surfaceSalt) + slope * cell.diffusionPotential / surfaceSalt
  }

  /// v = V_m i/F, m/s, positive when the metal grows.
  package var speed: Double { cell.volumePerCharge * current }

  /// Driving force for a nucleus on this front: V − φ_i − (1/f) ln(c_i/c0), V, without the drop in the film.
  package var surfaceOverpotential: Double {
    voltage + cell.filmResistance * current - surfacePotential - log(surfaceSalt / cell.salt) / cell.law.f
  }
}

extension Case {
  /// The largest steady current, A/m²: F D_t c0/L below a reservoir, twice that in a sealed cell with a
  /// counter electrode (the salt piles up there). Of a cation alone −ln(1 − τ)/τ times F D c0/L, infinite from
  /// τ = 1 on, where it migrates as fast as it is plated.
  package var limitingCurrent: Double {
    let one =
      Constants.faraday * effectiveDiffusivity * electrolyte.concentration.value / electrolyte.thickness
    if let tau = migrationRatio { return tau < 1 ? -log1p(-tau) / tau * one : .infinity }
    return electrolyte.end == .reservoir ? one : 2 * one
  }

  /// Sand's time t_S = π D (F c0/(2 i (1−t₊)))², s: when a constant current i (A/m²) has used up the salt at
  /// a flat electrode in a deep electrolyte of binary salt.
  package func sandTime(current: Double) -> Double {
    let root =
      Constants.faraday * electrolyte.concentration.value
      / (2 * current * electrolyte.saltShare)
    return .pi * electrolyte.saltDiffusivity.value * root * root
  }

  /// The steady flat front under this control; `nil` when there is none (a current above the limiting one, or a
  /// potential at which a cation alone piles up without end).
  package func flatFront(under control: Control) -> FlatFront? {
    let cell = PlanarCell(self)
    switch control {
    case .rest: return FlatFront(cell, current: 0)
    case .current(let current):
      guard cell.range.contains(current) else { return nil }
      return FlatFront(cell, current: current)
    case .potential(let voltage):
      if voltage == 0 { return FlatFront(cell, current: 0) }
      let (lower, upper) = voltage < 0 ? (0, cell.strongest) : (cell.range.lowerBound, 0)
      if cell.migration != nil, voltage < 0, cell.voltage(upper) > voltage { return nil }
      let current = fallingRoot(from: lower, to: upper) { cell.voltage($0) - voltage }
      return FlatFront(cell, current: current)
    }
  }
}

/// The numbers of a one-dimensional cell.
struct PlanarCell: Sendable, Equatable {
  /// The rate law for an e that already holds the film's drop.
  let law: RateLaw
  let salt, mobility, diffusionPotential, thickness, filmResistance: Double
  let capillarity, volumePerCharge: Double
  let limiting: Double
  let end: Electrolyte.End
  /// τ of a cation alone.
  let migration: Double?
  /// f L/σ, m²/A: τ i L/(F D c0) is the exponent of its profile.
  let exponentPerCurrent: Double
  let conductivity: Double
  let variationalMobility: Double?

  init(_ setup: Case) {
    law = RateLaw(setup).with(filmResistance: 0)
    salt = setup.electrolyte.concentration.value
    mobility = setup.effectiveDiffusivity
    conductivity = setup.electrolyte.conductivity.value
    diffusionPotential = setup.steadyDiffusionPotential
    thickness = setup.electrolyte.thickness
    filmResistance = setup.kinetics.firstFilmResistance
    capillarity = setup.capillaryConstant
    volumePerCharge = setup.volumePerCharge
    limiting = setup.limitingCurrent
    end = setup.electrolyte.end
    migration = setup.migrationRatio
    exponentPerCurrent = law.f * thickness / conductivity
    variationalMobility = setup.variationalMobility
  }

  /// Currents with salt left at both ends. Stripping from a reservoir has no limit but the exponential's.
  var range: ClosedRange<Double> {
    if migration != nil {
      let largest = 200 / exponentPerCurrent
      return -largest...min(largest, limiting * (1 - 1e-12))
    }
    let largest = limiting * (1 - 1e-12)
    return (end == .reservoir ? -1e4 * (limiting + law.exchange) : -largest)...largest
  }

  /// The current up to which more of it takes more voltage. Of a cation alone that piles up, the salt makes the
  /// reaction easier from some current on than the current makes it harder.
  var strongest: Double {
    guard migration != nil else { return range.upperBound }
    return goldenMaximum(from: 0, to: range.upperBound) { -voltage($0) }
  }

  func surfaceSalt(_ current: Double) -> Double {
    guard let tau = migration else { return salt * (1 - current / limiting) }
    return salt * (1 + (1 - 1 / tau) * expm1(exponentPerCurrent * current))
  }

  func farSalt(_ current: Double) -> Double {
    end == .reservoir ? salt : salt * (1 + current / limiting)
  }

  /// The e at which the rate law gives this current.
  func activation(_ current: Double, salt local: Double) -> Double {
    let excess = { law.rate($0, salt: local).current - current }
    var reach = 1 / law.f
    while reach < 512 / law.f, excess(-reach) < 0 || excess(reach) > 0 { reach *= 2 }
    return fallingRoot(from: -reach, to: reach, of: excess)
  }

  func surfacePotential(_ current: Double) -> Double {
    if migration != nil { return -current * thickness / conductivity }
    let far = farSalt(current)
    var potential = -diffusionPotential * log(far / surfaceSalt(current))
    if end == .counterElectrode {
      potential -= activation(-current, salt: far) + filmResistance * current
    }
    return potential
  }

  func voltage(_ current: Double) -> Double {
    activation(current, salt: surfaceSalt(current)) + surfacePotential(current) - filmResistance * current
  }
}

/// Root of a falling function by bisection, to the last digits; the nearer end if there is none.
func fallingRoot(from lower: Double, to upper: Double, of f: (Double) -> Double) -> Double {
  var (low, high) = (lower, upper)
  for _ in 0..<200 {
    let middle = 0.5 * (low + high)
    if middle == low || middle == high { break }
    if f(middle) > 0 { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}

/// Place of the maximum of a function with one peak, by golden-section search.
func goldenMaximum(from lower: Double, to upper: Double, of f: (Double) -> Double) -> Double {
  let ratio = (5.0.squareRoot() - 1) / 2
  var (low, high) = (lower, upper)
  while high - low > 1e-10 * max(1, abs(high)) {
    let left = high - ratio * (high - low)
    let right = low + ratio * (high - low)
    if f(left) < f(right) { low = left } else { high = right }
  }
  return 0.5 * (low + high)
}
