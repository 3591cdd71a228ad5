import Spectral

/// What is done to the salt once it is solved for, so that its books close.
struct SaltBudget {
  private let domain: Domain
  /// c0, mol/m³.
  private let concentration: Double

  init(_ domain: Domain, concentration: Double) {
    self.domain = domain
    self.concentration = concentration
  }

  /// Sets what came out below nothing, by the tolerance of the solve, to next to nothing. The budget is closed after it.
  func liftNegative(_ trial: TimeLevel) {
    let (salt, epsilon) = (trial.salt.base, trial.electrolyteFraction.base)
    let least = Vector(repeating: 1e-8 * concentration)
    domain.forPlanes { cells in
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let c = load(salt, i)
        store(c.replacing(with: least, where: (load(epsilon, i) .> 0) .& (c .< least)), salt, i)
      }
    }
  }

  /// The share of itself to add to c that closes the budget of the box to round-off: its salt changes by what passes
  /// the top and by what the reaction takes. It makes up for the tolerance of the solve, and for liquid that does not
  /// move at the mean speed between hills of metal. Where salt is all but used up hardly any is added or taken.
  ///
  /// - Parameters: the parts of D_t(εc) that were settled before the solve, mol/(m³ s); what the reaction takes, mol/s.
  func missingShare(
    _ trial: TimeLevel, settled: Double, _ bdf: BDF2, _ exchange: TopExchange, consumed: Double
  ) -> Double {
    let (salt, epsilon) = (trial.salt.base, trial.electrolyteFraction.base)
    let held = bdf.alpha0 / bdf.dt * domain.sum { load(epsilon, $0) * load(salt, $0) }
    var change = held + settled + consumed / domain.grid.cellVolume
    var response = held
    let dz = domain.grid.spacing.z
    domain.forTop(of: trial) { i in
      change -= (exchange.conductance * (exchange.outside - salt[i]) + exchange.flux) / dz
      response += exchange.conductance * salt[i] / dz
    }
    return response > 0 ? -change / response : 0
  }

  /// Takes salt from the active cells, mol/s, each giving the same share.
  func take(_ missing: Double, _ trial: TimeLevel, _ bdf: BDF2) {
    let (salt, epsilon) = (trial.salt.base, trial.electrolyteFraction.base)
    let sum = domain.sum { load(epsilon, $0) * load(salt, $0) }
    let held = bdf.alpha0 / bdf.dt * domain.grid.cellVolume * sum
    guard held > 0 else { return }
    let kept = 1 - missing / held
    domain.forPlanes { cells in
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let c = load(salt, i)
        store(c.replacing(with: kept * c, where: load(epsilon, i) .> 0), salt, i)
      }
    }
  }

  /// ε at |d| = 8ℓ, as far as the interface goes.
  private static let beyond = 1 / (1 + exp(-Interface.bandHalfWidth))

  /// Adds a share of itself to c in the active cells. Returns the smallest c of them and of those beyond the interface
  /// (ε > 0.9997) and, where ε > 10⁻², the largest change and departure from the extrapolation, mol/m³.
  func enlarge(
    by share: Double, _ trial: TimeLevel, _ state: State, _ bdf: BDF2
  ) -> (smallest: Double, outside: Double, change: Double, unforeseen: Double) {
    let (epsilon, ratio) = (trial.electrolyteFraction.base, bdf.ratio)
    let (salt, now, before) = (trial.salt.base, state.now.salt.base, state.before.salt.base)
    let extremes = domain.overPlanes(pointwiseMax) { cells in
      var (smallest, outside) = (Vector(repeating: .infinity), Vector(repeating: .infinity))
      var (largest, second) = (Vector(repeating: 0), Vector(repeating: 0))
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let room = load(epsilon, i)
        let isActive = room .> 0
        var c = load(salt, i)
        c += keep(share * c, where: isActive)
        store(c, salt, i)
        smallest.replace(with: c, where: isActive .& (c .< smallest))
        outside.replace(with: c, where: (room .> Self.beyond) .& (c .< outside))
        let change = keep(c - load(now, i), where: room .> 0.01)
        let foreseen = keep(ratio * (load(now, i) - load(before, i)), where: room .> 0.01)
        largest = larger(largest, magnitude(change))
        second = larger(second, magnitude(change - foreseen))
      }
      return SIMD4(-smallest.min(), -outside.min(), largest.max(), second.max())
    }
    // An Euler step extrapolates nothing: half the change is its error.
    return (-extremes[0], -extremes[1], extremes[2], ratio > 0 ? extremes[3] : extremes[2] / 2)
  }
}
