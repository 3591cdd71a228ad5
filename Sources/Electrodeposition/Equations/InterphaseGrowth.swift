import Spectral

/// The interphase (SEI) of a run: how it is carried from moment to moment, and the law by which it grows (`Interphase`).
///
/// L is constant along normals. Where a normal of the new surface leads to another piece of it than before, a cell takes L
/// from there, by as much of it as the surface has moved in cells: a surface at rest hands nothing on, and what is
/// interpolated once for each cell of way is not smeared. Its own growth is implicit: L = L* + τ i_s, together with the
/// potentials, L* from the moments before and the growth of the area.
final class InterphaseGrowth {
  private let domain: Domain
  private let layer: Interphase
  private let f: Double
  /// V_s/F, m³/C.
  private let volumePerCharge: Double
  /// 1/L_d, 1/m.
  private let decay: Double
  private let cell: Double
  /// How often the layer breaks per ln of its area, and what is left of it then, m.
  private let breaksPerStretch, crackedThickness: Double

  /// `nil` where there is no layer.
  init?(_ setup: Case, _ domain: Domain) {
    guard let layer = setup.kinetics.interphase else { return nil }
    self.domain = domain
    self.layer = layer
    f = setup.inverseThermalVoltage
    volumePerCharge = layer.molarVolume.value / Constants.faraday
    decay = layer.decayThickness.map { 1 / $0 } ?? 0
    breaksPerStretch = layer.cracking.map { 1 / log(1 + $0.strain.value) } ?? 0
    crackedThickness = layer.cracking?.thickness ?? 0
    cell = min(domain.grid.spacing.x, domain.grid.spacing.z)
  }

  // MARK: From moment to moment

  /// Gives metal that has none its first layer. No time passes: what is there does not grow.
  func begin(_ level: TimeLevel) {
    guard let interphase = level.interphase else { return }
    let list = level.interface
    interphase.resize(list.count)
    domain.forInterface(list) { places in
      for j in places {
        let i = Int(list.cell[j])
        if interphase.thickness.base[i] < 0 {
          interphase.thickness.base[i] = layer.thickness
          interphase.formerThickness.base[i] = layer.thickness
        }
        (interphase.history[j], interphase.perCurrent[j]) = (interphase.thickness.base[i], 0)
      }
    }
  }

  /// Carries the layer of the moments before to the surface of a new one, whose interface and pieces are known.
  func carry(to level: TimeLevel, from state: State, by bdf: BDF2) {
    guard let interphase = level.interphase, let now = state.now.interphase,
      let before = state.before.interphase
    else { return }
    let list = level.interface
    interphase.resize(list.count)
    interphase.thickness.fill(InterphaseLevel.unset)
    interphase.formerThickness.fill(InterphaseLevel.unset)
    let time = bdf.dt / bdf.alpha0
    domain.forInterface(list) { places in
      for j in places {
        let i = Int(list.cell[j])
        let old = carried(to: i, of: level, from: state.now, now)
        let rate = bdf.extrapolate(now.stretching.base[i], before.stretching.base[i])
        let stretched = time * max(0, rate)
        let history = max(0, bdf.history(old.thickness, old.former))
        // Broken for good as it is stretched: implicit, like the growth.
        let broken = history > crackedThickness ? stretched * breaksPerStretch : 0
        let shrunk = 1 / (1 + stretched + broken)
        let grows = list.piece[j] >= 0 && !list.enclosed[j]
        interphase.history[j] = shrunk * (history + broken * crackedThickness)
        interphase.perCurrent[j] = grows ? shrunk * volumePerCharge * time : 0
        interphase.foreseen[j] = bdf.extrapolate(old.thickness, old.former)
        interphase.formerThickness.base[i] = old.thickness
      }
    }
  }

  /// L of the two moments before at a cell near the new surface, m.
  private func carried(
    to i: Int, of level: TimeLevel, from now: TimeLevel, _ old: InterphaseLevel
  ) -> (thickness: Double, former: Double) {
    func isKnown(_ cell: Int) -> Bool { old.thickness.base[cell] >= 0 }
    let isOld = isKnown(i)
    let share = isOld ? min(1, abs(level.distance.base[i] - now.distance.base[i]) / cell) : 1
    let foot = foot(of: i, level)
    func value(_ field: Field) -> Double? {
      let own = isOld ? field.base[i] : nil
      guard let found = foot?.value(field, isKnown: isKnown) else { return own }
      return own.map { $0 + share * (found - $0) } ?? found
    }
    return (
      value(old.thickness) ?? layer.thickness, value(old.formerThickness) ?? layer.thickness
    )
  }

  /// Where the normal through a cell meets the surface; `nil` where it has none.
  private func foot(of i: Int, _ level: TimeLevel) -> CubicPlace? {
    let gradient = level.distance.gradient(at: i)
    let square = (gradient * gradient).sum()
    guard square > 0.25 else { return nil }
    return CubicPlace(domain.grid.middle(of: i) - level.distance.base[i] * gradient / square, domain.grid)
  }

  /// The rate at which the area grows, of a moment whose v is known.
  func findStretching(_ level: TimeLevel) {
    guard let interphase = level.interphase else { return }
    domain.clear(interphase.stretching)
    let list = level.interface
    domain.forInterface(list) { places in
      for j in places {
        let i = Int(list.cell[j])
        interphase.stretching.base[i] = max(0, level.advectionTerm.base[i] * list.capillarity[j])
      }
    }
  }

  /// L of a moment that is solved.
  func finish(_ level: TimeLevel) {
    guard let interphase = level.interphase else { return }
    let list = level.interface
    domain.forInterface(list) { places in
      for j in places {
        interphase.thickness.base[Int(list.cell[j])] =
          interphase.history[j] + interphase.perCurrent[j] * interphase.current[j]
      }
    }
  }

  // MARK: The law

  /// i and −∂i/∂e of metal and layer together at up to eight places; notes those of each.
  ///
  /// - Parameters:
  ///   - law: that of the metal.
  ///   - e: φ_k − φ + Γ K, V.
  ///   - shift: Γ K of it, which the metal alone knows, V.
  ///   - exchange: i0, A/m².
  @inline(__always)
  func rates(
    _ law: RateLaw, _ interphase: InterphaseLevel, _ places: Range<Int>, e: Vector, shift: Vector,
    salt: Vector, exchange: Vector
  ) -> (current: Vector, slope: Vector) {
    var (history, perCurrent) = (Vector(repeating: 0), Vector(repeating: 0))
    for j in places {
      history[j - places.lowerBound] = interphase.history[j]
      perCurrent[j - places.lowerBound] = interphase.perCurrent[j]
    }
    let alpha = layer.growthTransferCoefficient.value * f
    let x = alpha * (e - shift - layer.growthPotential.value)
    let bounded = larger(Vector(repeating: -200), smaller(Vector(repeating: 200), x))
    let bare = layer.growthCurrentDensity.value * exp(-bounded)
    // i_s (1 + (L* + τ i_s)/L_d) is that of bare metal.
    let (hold, bend) = (1 + decay * history, 2 * decay * perCurrent)
    let root = (hold * hold + 2 * bend * bare).squareRoot()
    let grown = 2 * bare / (hold + root)
    let slope = alpha * bare / root
    let resistance = (history + perCurrent * grown) / layer.conductivity.value
    let metal = law.rates(e, salt: salt, exchange: exchange, resistance: resistance)
    for j in places {
      let k = j - places.lowerBound
      (interphase.current[j], interphase.slope[j]) = (grown[k], slope[k])
      (interphase.resistance[j], interphase.metalSlope[j]) = (resistance[k], metal.slope[k])
    }
    // A higher e lets the layer grow less, and what it resists with it.
    let eased = metal.slope * metal.current * perCurrent * slope / layer.conductivity.value
    let both = metal.slope + slope
    return (metal.current + grown, larger(0.1 * both, both - eased))
  }
}

extension TimeLevel {
  /// i of the metal alone at a place of the interface list, A/m², and its slope −∂i/∂e, A/(m² V).
  @inline(__always)
  func metalRate(_ j: Int) -> (current: Double, slope: Double) {
    guard let interphase else { return (interface.current[j], interface.conductance[j]) }
    return (interface.current[j] - interphase.current[j], interphase.metalSlope[j])
  }

  /// The rate law of the metal at a place, with the resistance of the interphase there.
  @inline(__always)
  func law(_ law: RateLaw, _ j: Int) -> RateLaw {
    interphase.map { law.with(filmResistance: $0.resistance[j]) } ?? law
  }
}
