import Spectral

/// The reaction on the interface of a level: currents by the rate law, their sums by piece, and what they take from the
/// salt, the conversion of the substrate included.
final class InterfaceReaction {
  private let domain: Domain
  private let electrolyte: Electrolyte
  private let rateLaw: RateLaw
  private let capillary: Double
  private let f: Double
  private let relaxation: Relaxation?
  private let noise: ReactionNoise?
  private let conversion: SubstrateConversion?
  private let growth: InterphaseGrowth?
  /// The current that converts the substrate, and its slope with V.
  private(set) var converting = Response.none
  /// Current of each piece that no potential changes, A.
  private var fixedCurrent: [Double] = []
  /// What is summed over the interface of each piece.
  private var sums: [SIMD4<Double>] = []
  /// Noise of the rate in each column; empty for none.
  private var factors: [Double] = []

  init(
    _ setup: Case, _ domain: Domain, _ relaxation: Relaxation?, _ conversion: SubstrateConversion?,
    _ growth: InterphaseGrowth?
  ) {
    self.domain = domain
    self.relaxation = relaxation
    self.conversion = conversion
    self.growth = growth
    electrolyte = setup.electrolyte
    rateLaw = RateLaw(setup)
    capillary = setup.capillaryShift ?? 0
    f = setup.inverseThermalVoltage
    noise = ReactionNoise(setup, domain.grid)
  }

  /// Before a solve: areas, noise at a time (s), and what no potential changes.
  func begin(_ level: TimeLevel, at time: Double) {
    measureAreas(level)
    domain.clear(level.reaction)
    fixedCurrent = relaxation?.fill(level) ?? level.pieces.map { _ in 0 }
    factors = noise?.factors(at: time) ?? []
  }

  // MARK: Currents

  /// i and B of every interface cell at the present potentials, their sums by piece, and how far from equilibrium they are.
  func evaluate(_ level: TimeLevel) -> [Response] {
    let list = level.interface
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      for first in stride(from: places.lowerBound, to: places.upperBound, by: 8) {
        findRates(level, first..<min(first + 8, places.upperBound))
      }
      for j in places where list.areaDensity[j] > 0 {
        own[Int(list.piece[j])] +=
          list.areaDensity[j] * SIMD4(list.current[j], list.conductance[j], abs(list.current[j]), 0)
      }
    }
    // Mean |i| over mean B in units of RT/F. Near equilibrium the current is a small difference, in which the errors of
    // φ and c weigh that much more.
    var all = sums.reduce(SIMD4(repeating: 0), +)
    if let conversion {
      converting = conversion.evaluate(level)
      all += SIMD4(0, conversion.slope.reduce(0, +), conversion.current.reduce(0) { $0 + abs($1) }, 0)
    }
    level.distanceFromEquilibrium = all[1] > 0 ? max(0.01, min(1, f * all[2] / all[1])) : 1
    return responses()
  }

  /// i and B of at most eight interface cells, active or not.
  private func findRates(_ level: TimeLevel, _ places: Range<Int>) {
    let list = level.interface
    var (e, salt) = (Vector(repeating: 0), Vector(repeating: 0))
    var exchange = Vector(repeating: rateLaw.exchange)
    for j in places {
      let (i, k) = (Int(list.cell[j]), j - places.lowerBound)
      e[k] = drivingPotential(level, j)
      salt[k] = level.salt.base[i]
      if !factors.isEmpty { exchange[k] *= factors[i / domain.grid.count.z] }
    }
    let (current, slope) = rates(level, places, e, salt, exchange)
    for j in places {
      list.current[j] = current[j - places.lowerBound]
      list.conductance[j] = slope[j - places.lowerBound]
    }
  }

  @inline(__always)
  private func rates(
    _ level: TimeLevel, _ places: Range<Int>, _ e: Vector, _ salt: Vector, _ exchange: Vector
  ) -> (current: Vector, slope: Vector) {
    if let growth, let interphase = level.interphase {
      let list = level.interface
      var shift = Vector(repeating: 0)
      for j in places where list.piece[j] >= 0 {
        shift[j - places.lowerBound] = capillary * list.capillarity[j]
      }
      return growth.rates(rateLaw, interphase, places, e: e, shift: shift, salt: salt, exchange: exchange)
    }
    if rateLaw.filmResistance == 0 { return rateLaw.bare(e, salt, exchange) }
    return rateLaw.rates(
      e, salt: salt, exchange: exchange, resistance: Vector(repeating: rateLaw.filmResistance))
  }

  /// e = φ_k − φ + Γ K, V; 0 where there is no piece.
  @inline(__always)
  private func drivingPotential(_ level: TimeLevel, _ j: Int) -> Double {
    let (list, k) = (level.interface, Int(level.interface.piece[j]))
    guard k >= 0 else { return 0 }
    let driven = level.pieces[k].potential - level.potential.base[Int(list.cell[j])]
    return driven + capillary * list.capillarity[j]
  }

  /// ∫ a B dV of each piece of a moment that is solved, A/V.
  func slopes(_ level: TimeLevel) -> [Double] {
    let list = level.interface
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      for j in places where list.areaDensity[j] > 0 {
        own[Int(list.piece[j])][0] += list.areaDensity[j] * list.conductance[j]
      }
    }
    return sums.map { $0[0] * domain.grid.cellVolume }
  }

  private func responses() -> [Response] {
    zip(fixedCurrent, sums).map {
      Response(current: $0 + $1[0] * domain.grid.cellVolume, slope: $1[1] * domain.grid.cellVolume)
    }
  }

  /// a: the area density, taken by the active cells alone. What faces
  /// enclosed electrolyte takes no part: its area must not be charged to the rest.
  private func measureAreas(_ level: TimeLevel) {
    let list = level.interface
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      for j in places where list.piece[j] >= 0 && !list.enclosed[j] {
        own[Int(list.piece[j])] += list.profileDensity[j] * SIMD4(1, list.active[j] ? 1 : 0, 0, 0)
      }
    }
    for k in level.pieces.indices {
      level.pieces[k].area = sums[k][1] > 0 ? sums[k][0] * domain.grid.cellVolume : 0
    }
    let isRelaxing = relaxation != nil
    domain.forInterface(list) { places in
      for j in places {
        let k = Int(list.piece[j])
        guard k >= 0, list.active[j] else {
          list.areaDensity[j] = 0
          continue
        }
        let (all, active) = (sums[k][0], sums[k][1])
        let share =
          isRelaxing
          ? CapillarityModel.interpolation(level.metal.base[Int(list.cell[j])])
          : active > 0 ? all / active : 0
        list.areaDensity[j] = share * list.profileDensity[j]
      }
    }
  }

  /// Sets the currents of a level that is solved.
  func finish(_ level: TimeLevel) {
    conversion?.finish(level)
    converting = conversion?.response ?? converting
    let list = level.interface
    growth?.finish(level)
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      for j in places where list.areaDensity[j] > 0 {
        let rate = list.areaDensity[j] * list.current[j]
        level.reaction.base[Int(list.cell[j])] += rate
        let grown = level.interphase.map { list.areaDensity[j] * $0.current[j] } ?? 0
        own[Int(list.piece[j])] += SIMD4(rate, 0, grown, 0)
      }
    }
    for (k, response) in responses().enumerated() {
      level.pieces[k].current = response.current
      level.pieces[k].interphaseCurrent = sums[k][2] * domain.grid.cellVolume
    }
    level.interphaseCurrent = level.pieces.reduce(0) { $0 + $1.interphaseCurrent }
    level.faradaicCurrent = level.pieces.reduce(0) { $0 + $1.metalCurrent }
    level.largestSlope = domain.largest(list) { places in
      places.reduce(0) {
        list.areaDensity[$1] > 0 && domain.isFront(level.metal.base[Int(list.cell[$1])])
          ? max($0, list.conductance[$1]) : $0
      }
    }
  }

  // MARK: The reaction and the salt

  /// The reaction at the present salt and potentials and a time, s, for the salt to be solved with.
  func implicit(_ level: TimeLevel, at time: Double) -> ImplicitReaction {
    begin(level, at: time)
    _ = evaluate(level)
    let list = level.interface
    let salt = whereItReacts(level.salt, level)
    let slope = (0..<list.count).map { j in
      let c = max(salt[j], 1e-9 * electrolyte.concentration.value)
      let metal = level.metalRate(j)
      let slope = level.law(rateLaw, j).exchangeSlope(metal.current, metal.slope, salt: c)
      let grown = level.interphase.map { $0.slope[j] / (f * c) } ?? 0
      return electrolyte.saltPerCharge * list.areaDensity[j] * (slope + grown)
    }
    let converting = conversion?.exchangeSlope.map { electrolyte.saltPerCharge * $0 } ?? []
    return ImplicitReaction(consumption(level), slope: slope + converting, salt: salt, cells: cells(level))
  }

  /// The cells that react: those of the interface by their places, and the lowest of each column if the substrate is
  /// converted.
  private func cells(_ level: TimeLevel) -> [Int32] {
    Array(UnsafeBufferPointer(start: level.interface.cell, count: level.interface.count))
      + (conversion?.cells ?? [])
  }

  /// A field in the cells that react.
  func whereItReacts(_ field: Field, _ level: TimeLevel) -> [Double] {
    cells(level).map { field.base[Int($0)] }
  }

  /// What the reaction takes from the salt in these cells, mol/(m³ s).
  func consumption(_ level: TimeLevel) -> [Double] {
    let list = level.interface
    let metal = (0..<list.count).map {
      list.areaDensity[$0] > 0 ? electrolyte.saltPerCharge * list.areaDensity[$0] * list.current[$0] : 0
    }
    return metal + (conversion?.current.map { electrolyte.saltPerCharge * $0 } ?? [])
  }

  /// The sum of that of a reaction as far from equilibrium as this one.
  func consumptionScale(_ level: TimeLevel) -> Double {
    let list = level.interface
    let slopes = (0..<list.count).reduce(0) {
      list.areaDensity[$1] > 0 ? $0 + list.areaDensity[$1] * list.conductance[$1] : $0
    }
    let converted = conversion?.slope.reduce(0, +) ?? 0
    return electrolyte.saltPerCharge * level.distanceFromEquilibrium * (slopes + converted) / f
  }
}
