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
          for field in interphase.carried { field.base[i] = layer.thickness }
        }
        (interphase.history[j], interphase.perCurrent[j]) = (interphase.thickness.base[i], 0)
        (interphase.wholeHistory[j], interphase.wholePerCurrent[j]) = (interphase.whole.base[i], 0)
      }
    }
  }

  /// Carries the layer of the moments before to the surface of a new one, whose interface and pieces are known.
  func carry(to level: TimeLevel, from state: State, by bdf: BDF2) {
    guard let interphase = level.interphase, let now = state.now.interphase else { return }
    let list = level.interface
    interphase.resize(list.count)
    interphase.thickness.fill(InterphaseLevel.unset)
    domain.forInterface(list) { places in
      for j in places { takeOver(Int(list.cell[j]), level, interphase, from: state.now, now) }
    }
    extend(list, interphase)
    let time = bdf.dt / bdf.alpha0
    domain.forInterface(list) { places in
      for j in places {
        let i = Int(list.cell[j])
        let (thickness, former) = (interphase.thickness.base[i], interphase.formerThickness.base[i])
        // By how the surface moves, not by v: at rest that is in balance with what holds it.
        let old = bdf.history(state.now.distance.base[i], state.before.distance.base[i])
        let way = old - level.distance.base[i]
        let stretched = max(-0.5, way * list.capillarity[j])
        let history = max(0, bdf.history(thickness, former))
        // Broken for good as it is stretched: implicit, like the growth.
        let broken = history > crackedThickness ? max(0, stretched) * breaksPerStretch : 0
        let whole = max(0, bdf.history(interphase.whole.base[i], interphase.formerWhole.base[i]))
        let left = (history + broken * crackedThickness) / (1 + stretched + broken)
        let most = (whole + broken * crackedThickness) / (1 + broken)
        let grown = list.piece[j] >= 0 && !list.enclosed[j] ? volumePerCharge * time : 0
        (interphase.wholeHistory[j], interphase.wholePerCurrent[j]) = (most, grown / (1 + broken))
        interphase.history[j] = min(left, most)
        interphase.perCurrent[j] = grown / (left < most ? 1 + stretched + broken : 1 + broken)
        interphase.foreseen[j] = bdf.extrapolate(thickness, former)
        interphase.formerThickness.base[i] = thickness
        interphase.formerWhole.base[i] = interphase.whole.base[i]
      }
    }
  }

  /// L of the two moments before for a cell near the new surface, if a normal leads from it to one.
  private func takeOver(
    _ i: Int, _ level: TimeLevel, _ interphase: InterphaseLevel, from now: TimeLevel, _ old: InterphaseLevel
  ) {
    func isKnown(_ cell: Int) -> Bool { old.thickness.base[cell] >= 0 }
    guard let foot = foot(of: i, level) else { return }
    let isOld = isKnown(i)
    let share = isOld ? min(1, abs(level.distance.base[i] - now.distance.base[i]) / cell) : 1
    for (field, result) in zip(old.carried, interphase.carried) {
      let own = isOld ? field.base[i] : nil
      let found = foot.value(field, isKnown: isKnown)
      result.base[i] =
        own.map { own in found.map { own + share * ($0 - own) } ?? own } ?? found ?? layer.thickness
    }
  }

  /// Layer by layer, each cell without a normal, as between two fronts, takes the mean of its neighbours.
  private func extend(_ list: Interface, _ interphase: InterphaseLevel) {
    let thickness = interphase.thickness.base
    var waiting = (0..<list.count).map { Int(list.cell[$0]) }.filter { thickness[$0] < 0 }
    while !waiting.isEmpty {
      var found: [(cell: Int, values: [Double])] = []
      for i in waiting {
        var known: [Int] = []
        domain.grid.forNeighbours(of: i) { if thickness[$0] >= 0 { known.append($0) } }
        guard !known.isEmpty else { continue }
        let values = interphase.carried.map { field in
          known.reduce(0) { $0 + field.base[$1] } / Double(known.count)
        }
        found.append((i, values))
      }
      if found.isEmpty { found = waiting.map { ($0, interphase.carried.map { _ in layer.thickness }) } }
      for (cell, values) in found {
        for (field, value) in zip(interphase.carried, values) { field.base[cell] = value }
      }
      waiting.removeAll { thickness[$0] >= 0 }
    }
  }

  /// Where the normal through a cell meets the surface; `nil` where it has none.
  private func foot(of i: Int, _ level: TimeLevel) -> CubicPlace? {
    let gradient = level.distance.gradient(at: i)
    let square = (gradient * gradient).sum()
    guard square > 0.25 else { return nil }
    return CubicPlace(domain.grid.middle(of: i) - level.distance.base[i] * gradient / square, domain.grid)
  }

  /// L of a moment that is solved.
  func finish(_ level: TimeLevel) {
    guard let interphase = level.interphase else { return }
    let list = level.interface
    domain.forInterface(list) { places in
      for j in places {
        let (i, current) = (Int(list.cell[j]), interphase.current[j])
        interphase.thickness.base[i] = interphase.history[j] + interphase.perCurrent[j] * current
        interphase.whole.base[i] = interphase.wholeHistory[j] + interphase.wholePerCurrent[j] * current
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
