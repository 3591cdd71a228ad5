import Spectral

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The size of a step: bounds on motion and salt, and an error estimate from the extrapolated rates.
struct TimeStep {
  private let domain: Domain
  private let cell: Double
  private let width: Double
  private let numerics: Numerics
  private let electrolyte: Electrolyte
  private let kinetics: Kinetics
  private let f: Double
  /// Largest growth from one step to the next; BDF2 stays stable up to 2.4.
  private static let growth = 1.5
  /// A step is repeated when its error exceeds the tolerance by this.
  private static let rejection = 1.5

  init(_ setup: Case, _ domain: Domain) {
    self.domain = domain
    width = domain.width
    cell = domain.width / setup.numerics.interfaceWidth
    numerics = setup.numerics
    electrolyte = setup.electrolyte
    kinetics = setup.kinetics
    f = setup.inverseThermalVoltage
  }

  /// How much a trial step strains its tolerances: 1 is just accepted.
  struct Strain {
    var motion = 0.0
    var salt = 0.0
    var isTooLarge: Bool { max(motion, salt) > TimeStep.rejection }
  }

  /// Step after the start or a change of protocol, s: a fiftieth of a cell of motion.
  func initial(_ moment: Moment) -> Double {
    if let step = numerics.fixedStep ?? numerics.initialStep { return step }
    return min(0.02 * cell / max(moment.frontSpeed, 1e-30), bound(moment), 0.01 * diffusionTime)
  }

  /// Time of diffusion across the electrolyte, s.
  private var diffusionTime: Double {
    electrolyte.thickness * electrolyte.thickness / electrolyte.saltDiffusivity.value
  }

  /// Smallest step before the run gives up, s. However fast a front seems, it is not below 10⁻¹² of the diffusion time:
  /// a step that shrinks with a speed that grows would never end.
  func smallest(_ moment: Moment) -> Double {
    let crawling = 1e-7 * cell / max(moment.frontSpeed, 1e-30)
    return numerics.minimumStep ?? max(1e-12 * diffusionTime, min(1e-9 * diffusionTime, crawling))
  }

  /// What a moment allows whatever the error: motion; b dt/ℓ² ≤ ½, since the double well is explicit (stable up
  /// to ⅔) and the step would otherwise grow without bound at rest; and the time in which salt and potential, solved one
  /// after the other, follow each other: [F D/((1−t₊) A)]²/D with A = ∂i/∂c. For a cation alone, whose published
  /// reactions are so fast that this length is less than ℓ, it is the time in which the salt of a cell does, ε F/(a A).
  func bound(_ moment: Moment) -> Double {
    let list = moment.interface
    let anodic = 1 - kinetics.cathodicTransferCoefficient.value
    let steepest = domain.overInterface(list, pointwiseMax) { places in
      var (steepest, fastest) = (0.0, 0.0)
      for j in places where list.weight[j] > 0 {
        let deposited = list.slope[j] / f + anodic * list.current[j]
        let dissolved = deposited - list.current[j]
        let salt = max(moment.salt.base[Int(list.cell[j])], 1e-9 * electrolyte.concentration.value)
        let slope = ((2 - anodic) * deposited + anodic * dissolved) / salt
        steepest = max(steepest, slope)
        fastest = max(fastest, slope * list.weight[j] / moment.electrolyte.base[Int(list.cell[j])])
      }
      return SIMD4(steepest, fastest, 0, 0)
    }
    let d = electrolyte.saltDiffusivity.value
    let length = Constants.faraday * d / (electrolyte.saltShare * max(steepest[0], 1e-30))
    let profile = width * width / (2 * max(moment.mobility, 1e-300))
    var exchange = 0.5 * length * length / d
    if electrolyte.transport == .cation {
      exchange = max(exchange, 0.25 * Constants.faraday / max(steepest[1], 1e-300))
    }
    return min(numerics.maximumFrontStep * cell / max(moment.frontSpeed, 1e-30), exchange, profile)
  }

  /// Compares what a step found with what it had extrapolated.
  func strain(
    _ next: Moment, from state: State, by difference: TimeDifference, _ salt: Transport.Outcome
  ) -> Strain {
    var strain = Strain()
    strain.motion = motionError(next, state, difference) / (numerics.frontTolerance * cell)
    let allowed = numerics.maximumSaltChange * electrolyte.concentration.value
    strain.salt = max(salt.change, 5 * salt.unforeseen) / allowed
    return strain
  }

  /// Step after an accepted or rejected one of a given strain, s.
  ///
  /// - Parameter wanted: a size that nothing speaks against.
  func following(
    _ difference: TimeDifference, _ strain: Strain, _ moment: Moment, atLeast wanted: Double = 0
  ) -> Double {
    func factor(_ strain: Double, _ order: Double) -> Double {
      strain > 0 ? 0.9 * pow(strain, -1 / order) : Self.growth
    }
    let order = difference.ratio > 0 ? 3.0 : 2.0
    let change = min(Self.growth, max(0.2, min(factor(strain.motion, order), factor(strain.salt, 1))))
    return min(max(difference.dt * change, wanted), bound(moment))
  }

  /// Largest |v¹ − v extrapolated| dt in the middle of the interface, m.
  private func motionError(_ next: Moment, _ state: State, _ difference: TimeDifference) -> Double {
    @inline(__always)
    func speed(_ moment: Moment, _ i: Int) -> Double? {
      let xi = moment.metal.base[i]
      return domain.isFront(xi, i) ? moment.motion.base[i] / (xi * (1 - xi)) * domain.width : nil
    }
    let list = next.interface
    @inline(__always)
    func error(_ i: Int) -> Double {
      guard let v1 = speed(next, i), let v0 = speed(state.now, i) else { return 0 }
      guard difference.ratio > 0 else { return abs(v1 - v0) }
      return speed(state.before, i).map { abs(v1 - difference.extrapolate(v0, $0)) } ?? 0
    }
    let largest = domain.largest(list) { places in
      places.reduce(0) { list.weight[$1] > 0 ? max($0, error(Int(list.cell[$1]))) : $0 }
    }
    return largest * difference.dt
  }
}
