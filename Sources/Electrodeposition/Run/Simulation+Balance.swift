import Spectral

/// What a time level holds, against what the books say.
extension Simulation {
  /// Metal of a moment, and what the books say to it.
  struct Audit {
    /// m³.
    var metal = 0.0
    /// Relative errors of the balances.
    var chargeError = 0.0
    var saltError = 0.0
  }

  func audit(_ level: TimeLevel, charge: Double, bookedSalt: Double) -> Audit {
    let (metal, salt) = inventory(level)
    let plated = (metal - state.initialMetal) / setup.volumePerCharge
    let scale = max(metal / setup.volumePerCharge, abs(charge))
    let drift = salt - state.initialSalt - bookedSalt
    return Audit(
      metal: metal, chargeError: scale > 0 ? (plated - charge) / scale : 0,
      saltError: drift / state.initialSalt)
  }

  /// Metal, m³ (m² per metre of depth in two dimensions), that below the box included, and ∫ε c dV over box and far field,
  /// mol.
  func inventory(_ level: TimeLevel) -> (metal: Double, salt: Double) {
    let (xi, d, c) = (level.metal.base, level.distance.base, level.salt.base)
    let sums = domain.overPlanes(+) { cells in
      var (metal, salt) = (Vector(repeating: 0), Vector(repeating: 0))
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let value = load(xi, i)
        metal += domain.volume.share(value, distance: load(d, i))
        salt += (1 - value) * load(c, i)
      }
      return SIMD4(metal.sum(), salt.sum(), 0, 0)
    }
    let volume = domain.grid.cellVolume
    return (domain.metalBelow + sums[0] * volume, sums[1] * volume + farField.salt(level) * domain.grid.area)
  }

  /// Thickness of the interphase over the surface of the metal, m; 0 where there is none.
  private func interphaseThickness(_ level: TimeLevel) -> (mean: Double, largest: Double) {
    guard let thickness = level.interphase?.thickness.base else { return (0, 0) }
    let list = level.interface
    func combine(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
      SIMD4(a[0] + b[0], a[1] + b[1], max(a[2], b[2]), 0)
    }
    let sums = domain.overInterface(list, combine) { places in
      places.reduce(SIMD4(repeating: 0)) { sum, j in
        let (area, i) = (list.profileDensity[j], Int(list.cell[j]))
        guard area > 0, list.piece[j] >= 0, list.active[j] else { return sum }
        let largest = domain.isFront(level.metal.base[i]) ? max(sum[2], thickness[i]) : sum[2]
        return SIMD4(sum[0] + area, sum[1] + area * thickness[i], largest, 0)
      }
    }
    let mean = sums[0] > 0 ? sums[1] / sums[0] : 0
    return (mean, max(mean, sums[2]))
  }

  /// Measures the present moment.
  func observe(
    _ audit: Audit, saltIterations: Int, potentialIterations: Int, closureDefect: Double,
    smallestSalt: Double?, previous: Observables?
  ) {
    let now = state.now
    let heights = Heights(now.metal, domain)
    let area = domain.grid.area
    observables.step = state.step
    observables.time = state.time
    observables.dt = state.lastStep
    observables.stage = state.stage + 1
    observables.cycle = schedule.cycles[state.stage]
    observables.voltage = now.voltage
    observables.currentDensity = now.collectorCurrent / area
    observables.capacity = state.collectorCharge / area
    observables.metalCharge = state.reacted.value / area
    observables.interphaseCharge = state.interphase.value / area
    let layer = interphaseThickness(now)
    (observables.interphaseThickness, observables.largestInterphaseThickness) = (layer.mean, layer.largest)
    observables.conversionCharge = state.converted.value / area
    observables.layerCharge = state.layers.value / area
    observables.convertedFraction = now.extent.reduce(0, +) / Double(max(now.extent.count, 1))
    observables.equivalentThickness = audit.metal / area
    observables.meanHeight = heights.mean
    observables.maximumHeight = heights.maximum
    observables.roughness = heights.roughness
    observables.bareFraction = heights.bareFraction
    observables.tipSpeed = previous.map { (heights.maximum - $0.maximumHeight) / state.lastStep } ?? 0
    observables.minimumSalt = smallestSalt ?? setup.electrolyte.concentration.value
    observables.pieces = now.pieces.count
    observables.deadMetal = deadMetal / area
    let farthest = now.pieces.max { abs($0.potential - now.voltage) < abs($1.potential - now.voltage) }
    observables.piecePotential = farthest?.potential ?? now.voltage
    observables.chargeError = audit.chargeError
    observables.saltError = audit.saltError
    observables.closureDefect = closureDefect
    observables.saltIterations = saltIterations
    observables.potentialIterations = potentialIterations
  }
}
