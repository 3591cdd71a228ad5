import Spectral

/// The motion v w of the front: v = V_m i/F of the surface, constant along its normal, and carried into the cells that
/// take no part in transport.
final class Front {
  private let domain: Domain
  private let volumePerCharge: Double
  /// The motion is v w·5ξ(1−ξ), with the v of each cell, as published.
  private let isVariational: Bool
  private let foot: Foot
  private let kinetics: ButlerVolmer
  private let electrolyte: Electrolyte
  /// At the front, per current density: ∂c/∂n without migration, mol/(A m²), and c ∂φ/∂n, V mol/(A m²).
  private let saltGradient, potentialGradient: Double
  /// What migration brings of a cation alone, per salt, m³/mol.
  private let migration: Double
  /// v on the cells that have one, `unset` elsewhere.
  private let speed: Field
  private static let unset = Double.greatestFiniteMagnitude
  private var waiting: [Int32] = []
  private var found: [(Int32, Double)] = []

  init(_ setup: Case, _ domain: Domain, _ foot: Foot, volumePerCharge: Double) {
    kinetics = ButlerVolmer(setup)
    electrolyte = setup.electrolyte
    isVariational = setup.isVariational
    saltGradient = electrolyte.saltPerCharge / electrolyte.saltDiffusivity.value
    migration = (setup.migrationRatio ?? 0) / electrolyte.concentration.value
    potentialGradient =
      electrolyte.concentration.value / electrolyte.conductivity.value
      - electrolyte.diffusionWeight / setup.inverseThermalVoltage * saltGradient
    self.domain = domain
    self.foot = foot
    self.volumePerCharge = volumePerCharge
    speed = Field(domain.grid, filledWith: Self.unset)
  }

  /// Fills `motion` and `largestSpeed` of a moment from the currents on its interface.
  func update(_ moment: Moment) {
    let list = moment.interface
    waiting.removeAll(keepingCapacity: true)
    moment.largestSpeed = 0
    moment.frontSpeed = 0
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      guard list.piece[j] >= 0, !list.enclosed[j] else {
        speed.base[i] = 0
        continue
      }
      guard list.active[j] else {
        waiting.append(Int32(j))
        continue
      }
      let v = volumePerCharge * list.current[j] * projection(moment, j)
      speed.base[i] = v
      moment.largestSpeed = max(moment.largestSpeed, abs(v))
      if domain.isFront(moment.metal.base[i], i) { moment.frontSpeed = max(moment.frontSpeed, abs(v)) }
    }
    extend(list)
    moment.motion.fill(0)
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      let xi = moment.metal.base[i]
      if speed.base[i] != Self.unset {
        moment.motion.base[i] = speed.base[i] * xi * (1 - xi) / domain.width
        if isVariational { moment.motion.base[i] *= Capillarity.interpolation(xi) }
      }
      speed.base[i] = Self.unset
    }
    foot.move(moment)
  }

  /// i at the surface over i in an interface cell at the distance d from it.
  ///
  /// c and φ run on linearly through the interface with the gradients that i demands, (1−t₊) i/(F D) and
  /// [i − diffusion current]/σ. Moved with the v of each cell, a front would follow the electrolyte at 0.4 ℓ (3vℓ/b)
  /// before it and a profile too steep: errors of first order in ℓ, which depend on b.
  private func projection(_ moment: Moment, _ j: Int) -> Double {
    let list = moment.interface
    let (current, slope) = (list.current[j], list.slope[j])
    let salt = moment.salt.base[Int(list.cell[j])]
    guard salt > 0, !isVariational else { return 1 }
    let relativeGradient =
      kinetics.saltSlope(current, slope, salt: salt) * saltGradient * (1 - migration * salt)
      + slope * potentialGradient / electrolyte.conductingSalt(salt)
    let x = max(-1, min(1, list.distance[j] * relativeGradient))
    return (2 - x) / (2 + x)
  }

  /// Layer by layer, each waiting cell takes the mean of its neighbours that have a speed.
  private func extend(_ list: Interface) {
    while !waiting.isEmpty {
      found.removeAll(keepingCapacity: true)
      waiting.removeAll { j in
        let i = Int(list.cell[Int(j)])
        var sum = 0.0
        var known = 0.0
        domain.grid.forNeighbours(of: i) { other in
          guard speed.base[other] != Self.unset else { return }
          sum += speed.base[other]
          known += 1
        }
        if known > 0 { found.append((Int32(i), sum / known)) }
        return known > 0
      }
      if found.isEmpty { return }
      for (i, value) in found { speed.base[Int(i)] = value }
    }
  }
}
