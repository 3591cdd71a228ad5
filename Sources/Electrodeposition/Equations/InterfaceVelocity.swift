import Spectral

/// The motion v of the front: v = V_m i/F of the surface, constant along its normal, and carried into the cells that
/// take no part in transport.
final class InterfaceVelocity {
  private let domain: Domain
  private let volumePerCharge: Double
  /// The motion is v w·5ξ(1−ξ), with the v of each cell, as published.
  private let profileReacts: Bool
  private let rateLaw: RateLaw
  private let electrolyte: Electrolyte
  /// At the front, per current density: ∂c/∂n without migration, mol/(A m²), and c ∂φ/∂n, V mol/(A m²).
  private let saltGradient, potentialGradient: Double
  /// What migration brings of a cation alone, per salt, m³/mol.
  private let migration: Double
  private let normalMean: NormalMean
  /// v on the cells that have one, `unset` elsewhere.
  private let speed: Field
  private static let unset = Double.greatestFiniteMagnitude
  private var waiting: [Int32] = []
  private var found: [(Int32, Double)] = []

  init(_ setup: Case, _ domain: Domain, volumePerCharge: Double) {
    rateLaw = RateLaw(setup)
    electrolyte = setup.electrolyte
    profileReacts = setup.capillarity.profileReacts
    saltGradient = electrolyte.saltPerCharge / electrolyte.saltDiffusivity.value
    migration = (setup.migrationRatio ?? 0) / electrolyte.concentration.value
    potentialGradient =
      electrolyte.concentration.value / electrolyte.conductivity.value
      - electrolyte.diffusionWeight / setup.inverseThermalVoltage * saltGradient
    self.domain = domain
    normalMean = NormalMean(domain)
    self.volumePerCharge = volumePerCharge
    speed = Field(domain.grid, filledWith: Self.unset)
  }

  /// Fills `advectionTerm` and `largestSpeed` of a moment from the currents on its interface.
  func update(_ level: TimeLevel) {
    let list = level.interface
    let largest = domain.overInterface(list, pointwiseMax) { findSpeed(level, $0) }
    (level.largestSpeed, level.frontSpeed) = (largest[0], largest[1])
    if largest[2] > 0 { extend(list) }
    domain.clear(level.advectionTerm)
    domain.forInterface(list) { places in
      for j in places {
        let i = Int(list.cell[j])
        let xi = level.metal.base[i]
        if speed.base[i] != Self.unset {
          level.advectionTerm.base[i] =
            profileReacts
            ? speed.base[i] * xi * (1 - xi) / domain.width * CapillarityModel.interpolation(xi)
            : speed.base[i]
        }
        speed.base[i] = Self.unset
      }
    }
  }

  /// v on some places of the interface that take part in transport, and zero on those that never will. Returns the
  /// largest |v|, that of the front, and 1 if there are other places.
  private func findSpeed(_ level: TimeLevel, _ places: Range<Int>) -> SIMD4<Double> {
    let list = level.interface
    var (largest, front, isWaiting) = (0.0, 0.0, false)
    for j in places {
      let i = Int(list.cell[j])
      if list.piece[j] < 0 || list.enclosed[j] {
        speed.base[i] = 0
      } else if list.active[j] {
        let v = volumePerCharge * surfaceCurrent(level, j)
        speed.base[i] = v
        largest = max(largest, abs(v))
        if domain.isFront(level.metal.base[i]) { front = max(front, abs(v)) }
      } else {
        isWaiting = true
      }
    }
    return SIMD4(largest, front, isWaiting ? 1 : 0, 0)
  }

  /// i of the surface at an interface cell at the distance d from it, A/m².
  ///
  /// c and φ run on linearly through the interface with the gradients that i demands, (1−t₊) i/(F D) and
  /// [i − diffusion current]/σ. Moved with the v of each cell, a front would follow the electrolyte at 0.4 ℓ (3vℓ/b)
  /// before it and a profile too steep: errors of first order in ℓ, which depend on b. Where i changes by more than a
  /// fraction of itself within ℓ that is no longer a straight line, and what reacts along the normal says it.
  private func surfaceCurrent(_ level: TimeLevel, _ j: Int) -> Double {
    let list = level.interface
    let (current, slope) = level.metalRate(j)
    let salt = level.salt.base[Int(list.cell[j])]
    guard salt > 0, !profileReacts else { return current }
    let relativeGradient =
      level.law(rateLaw, j).saltSlope(current, slope, salt: salt) * saltGradient * (1 - migration * salt)
      + slope * potentialGradient / electrolyte.conductingSalt(salt)
    let x = max(-1, min(1, list.distance[j] * relativeGradient))
    let straight = current * (2 - x) / (2 + x)
    let bend = smoothStep(
      (domain.width * abs(relativeGradient) - Self.straight.lowerBound)
        / (Self.straight.upperBound - Self.straight.lowerBound))
    guard bend > 0,
      let mean = normalMean.current(level, through: Int(list.cell[j]), distance: list.distance[j])
    else { return straight }
    let grown = level.interphase?.current[j] ?? 0
    return straight + bend * (mean - grown - straight)
  }

  /// Change of i within ℓ, relative, up to which it counts as linear, and from which on it does not.
  private static let straight = 0.1...0.3

  /// Layer by layer, each waiting cell takes the mean of its neighbours that have a speed.
  private func extend(_ list: Interface) {
    waiting.removeAll(keepingCapacity: true)
    for j in 0..<list.count where speed.base[Int(list.cell[j])] == Self.unset { waiting.append(Int32(j)) }
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
