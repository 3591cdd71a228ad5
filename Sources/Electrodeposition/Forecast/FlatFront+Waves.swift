import Spectral

extension FlatFront {
  /// Whether growth rates are known: of a binary salt.
  private var hasGrowthRates: Bool { cell.migration == nil }

  /// B Γ, A m/m²: what the current loses by curvature. Of a variational front (F/V_m) b, which no film eases; its
  /// lag (problem 6b) is left out.
  private var stiffness: Double {
    cell.variationalMobility.map { $0 / cell.volumePerCharge * (1 + slope * cell.filmResistance) }
      ?? slope * cell.capillarity
  }

  /// A/(F D_t), 1/m.
  private var saltDecay: Double { saltResponse / (Constants.faraday * cell.mobility) }

  /// Growth rate w(k) of a small wave of wave number k (1/m) on the front, 1/s, positive when it grows.
  ///
  /// w = (V_m/F) [A i/(F D_t) − B Γ k²] / [1 + B R + A/(F D_t q)], q = k coth kL below a reservoir and
  /// k tanh kL below a counter electrode. Quasi-steady; holds while V_m c ≪ 1. NaN of a cation alone.
  package func growthRate(waveNumber k: Double) -> Double {
    guard hasGrowthRates else { return .nan }
    let kL = k * cell.thickness
    let q = cell.end == .reservoir ? k / tanh(kL) : k * tanh(kL)
    return cell.volumePerCharge * (saltDecay * current - stiffness * k * k)
      / (1 + slope * cell.filmResistance + saltDecay / q)
  }

  /// w for k → 0, 1/s: what waves much longer than the electrolyte is thick come to.
  private var longWaveRate: Double {
    guard cell.end == .reservoir else { return 0 }
    return speed * saltDecay / (1 + slope * cell.filmResistance + saltDecay * cell.thickness)
  }

  /// w of 401 wavelengths (m) spread evenly in ln λ, 1/s.
  package func growthRates(from shortest: Double, to longest: Double) -> [(wavelength: Double, rate: Double)]
  {
    let points = 400
    return (0...points).map { index in
      let length = shortest * pow(longest / shortest, Double(index) / Double(points))
      return (length, growthRate(waveNumber: 2 * .pi / length))
    }
  }

  /// Neutral wavelength λ_c = 2π √(B Γ F D_t/(A i)), m: shorter waves decay. `nil` unless plating, and of a cation
  /// alone.
  package var neutralWavelength: Double? {
    guard current > 0, hasGrowthRates else { return nil }
    return 2 * .pi * (stiffness / (saltDecay * current)).squareRoot()
  }

  /// The waves that grow fastest.
  package struct FastestMode: Sendable {
    /// m; without a maximum that from which on rates are within 1 % of the one of long waves.
    package let wavelength: Double
    /// 1/s; without a maximum that of long waves.
    package let rate: Double
    /// Whether one wave stands out, by more than 1 % above long ones.
    package let isMaximum: Bool
  }

  /// The waves that grow fastest on the unbounded front. `nil` unless plating.
  package var fastestMode: FastestMode? {
    guard let neutral = neutralWavelength, neutral > 0, let highest else { return nil }
    if highest.rate > 1.01 * longWaveRate {
      return FastestMode(wavelength: highest.wavelength, rate: highest.rate, isMaximum: true)
    }
    let start = fallingRoot(from: log(neutral), to: log(highest.wavelength)) {
      0.99 * longWaveRate - growthRate(waveNumber: 2 * .pi / exp($0))
    }
    return FastestMode(wavelength: exp(start), rate: longWaveRate, isMaximum: false)
  }

  /// The wave with the largest rate, m and 1/s: a scan in ln λ from λ_c to a thousand times the larger of λ_c and L, then a
  /// golden-section search. The end of the scan where rates rise to that of long waves.
  private var highest: (wavelength: Double, rate: Double)? {
    guard let neutral = neutralWavelength, neutral > 0 else { return nil }
    let scan = growthRates(from: neutral, to: 1000 * max(neutral, cell.thickness))
    let best = scan.indices.max { scan[$0].rate < scan[$1].rate } ?? 0
    let peak = goldenMaximum(
      from: log(scan[max(0, best - 1)].wavelength), to: log(scan[min(scan.count - 1, best + 1)].wavelength)
    ) { growthRate(waveNumber: 2 * .pi / exp($0)) }
    let wavelength = exp(peak)
    return (wavelength, growthRate(waveNumber: 2 * .pi / wavelength))
  }

  /// Largest w/v of any wave, 1/m: amplitudes grow at most by e^{h w/v} while metal of thickness h is plated. `nil` unless
  /// plating.
  package var gain: Double? { highest.map { max($0.rate, longWaveRate) / speed } }
}

/// Currents at which no wave on a flat film grows by a factor e while some metal is plated.
package enum StableCurrents: Sendable, Equatable {
  /// At the weakest current already a wave does.
  case none
  /// All below this one, A/m².
  case below(Double)
  /// All up to the limiting one.
  case all
}

extension Case {
  /// The currents at which no wave on a steady flat film grows by a factor e within a thickness of metal (m), by
  /// bisection on the closed-form rates; the gain rises with the current. `nil` of a cation alone.
  package func stableCurrents(within thickness: Double) -> StableCurrents? {
    /// h w/v − 1 of the fastest wave.
    func excess(_ current: Double) -> Double? {
      flatFront(under: .current(current))?.gain.map { thickness * $0 - 1 }
    }
    let (weakest, strongest) = (1e-12 * limitingCurrent, limitingCurrent * (1 - 2e-12))
    guard let atWeakest = excess(weakest), let atStrongest = excess(strongest) else { return nil }
    if atWeakest > 0 { return StableCurrents.none }
    if atStrongest < 0 { return .all }
    let root = fallingRoot(from: log(weakest), to: log(strongest)) { -(excess(exp($0)) ?? 0) }
    return .below(exp(root))
  }
}
