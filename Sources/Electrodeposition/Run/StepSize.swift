import Spectral

/// The size of a step: bounds on motion and salt, and an error estimate from the extrapolated rates.
struct StepSize {
  private let domain: Domain
  private let cell: Double
  private let width: Double
  private let numerics: Numerics
  private let electrolyte: Electrolyte
  private let rateLaw: RateLaw
  private let solvesTogether: Bool
  /// Largest growth from one step to the next; BDF2 stays stable up to 2.4.
  private static let growth = 1.5
  /// Share of a step's way that what holds the surface may take from it.
  private static let inertia = 0.1
  /// A step is repeated when its error exceeds the tolerance by this.
  private static let rejection = 1.5

  init(_ setup: Case, _ domain: Domain) {
    self.domain = domain
    width = domain.width
    cell = domain.width / setup.numerics.interfaceWidth
    numerics = setup.numerics
    solvesTogether = setup.solvesTogether
    electrolyte = setup.electrolyte
    rateLaw = RateLaw(setup)
  }

  /// How much a trial step strains its tolerances: 1 is just accepted.
  struct StepError {
    var motion = 0.0
    var salt = 0.0
    /// Keeps the next step from growing; the same step, shorter, would not be better by much.
    var inertia = 0.0
    var isTooLarge: Bool { max(motion, salt) > StepSize.rejection }
  }

  /// Step after the start or a change of protocol, s: a fiftieth of a cell of motion.
  func initial(_ level: TimeLevel) -> Double {
    allowed(
      numerics.fixedStep ?? numerics.initialStep
        ?? min(0.02 * cell / max(level.frontSpeed, 1e-30), stabilityLimit(level), 0.01 * diffusionTime))
  }

  /// A step, but no shorter than the case allows, s.
  func allowed(_ step: Double) -> Double { max(step, numerics.minimumStep ?? 0) }

  /// Time of diffusion across the electrolyte, s.
  private var diffusionTime: Double {
    electrolyte.thickness * electrolyte.thickness / electrolyte.saltDiffusivity.value
  }

  /// Smallest step before the run gives up, s, where one is wanted. However fast a front seems, it is not below 10⁻¹² of
  /// the diffusion time: a step that shrinks with a speed that grows would never end.
  func smallest(_ level: TimeLevel, wanted: Double) -> Double {
    let crawling = 1e-7 * cell / max(level.frontSpeed, 1e-30)
    return numerics.minimumStep
      ?? min(wanted, max(1e-12 * diffusionTime, min(1e-9 * diffusionTime, crawling)))
  }

  /// What a moment allows whatever the error: motion, and the exchange of salt and potential where they are not solved
  /// together.
  func stabilityLimit(_ level: TimeLevel) -> Double {
    let motion = numerics.maximumFrontStep * cell / max(level.motionSpeed, 1e-30)
    return solvesTogether ? motion : min(motion, level.exchangeTime)
  }

  /// The time in which salt and potential follow each other, s.
  ///
  /// - Parameter counter: A of the counter electrode.
  func exchange(_ level: TimeLevel, counter: Double) -> Double {
    let list = level.interface
    let steepest = domain.overInterface(list, pointwiseMax) { places in
      var (steepest, fastest) = (0.0, 0.0)
      for j in places where list.areaDensity[j] > 0 {
        let salt = max(level.salt.base[Int(list.cell[j])], 1e-9 * electrolyte.concentration.value)
        let metal = level.metalRate(j)
        let slope = level.law(rateLaw, j).exchangeSlope(metal.current, metal.slope, salt: salt)
        steepest = max(steepest, slope)
        fastest = max(
          fastest, slope * list.areaDensity[j] / level.electrolyteFraction.base[Int(list.cell[j])])
      }
      return SIMD4(steepest, fastest, 0, 0)
    }
    return electrolyte.exchangeTime(steepest: max(steepest[0], counter), fastest: steepest[1])
  }

  /// Compares what a step found with what it had extrapolated.
  ///
  /// The surface is held where it was extrapolated to by the m/ℓ² of the implicit operator, which is there for the profile:
  /// it came only 1/(1 + h) of the way to where the rates would have taken it, h = m dt/(α0 ℓ²). The rest is error too. It
  /// acts as inertia does, and where it outgrows a tenth of the way the surface would swing about its place of rest.
  ///
  /// - Parameter way: largest way of the surface in the step, m.
  func error(
    _ trial: TimeLevel, from state: State, by bdf: BDF2, way: Double, _ salt: SaltTransport.Outcome
  ) -> StepError {
    var error = StepError()
    let (tolerance, departure) = (numerics.frontTolerance * cell, motionError(trial, state, bdf))
    let hold = state.now.levelling * bdf.dt / (bdf.alpha0 * width * width)
    error.motion = (1 + hold) * departure / tolerance
    error.inertia = hold * departure / (Self.inertia * way + 0.005 * tolerance)
    let allowed = numerics.maximumSaltChange * electrolyte.concentration.value
    error.salt = max(salt.change, 5 * salt.unforeseen) / allowed
    return error
  }

  /// The same of a shift of the surface that comes on top in the next step, m: half the tolerance, as that step has its own
  /// error.
  func error(ofShift shift: Double) -> Double { 2 * shift / (numerics.frontTolerance * cell) }

  /// Step after an accepted or rejected one of a given strain, s.
  ///
  /// - Parameter wanted: a size that nothing speaks against.
  func next(
    _ bdf: BDF2, _ error: StepError, _ level: TimeLevel, atLeast wanted: Double = 0
  ) -> Double {
    func factor(_ strain: Double, _ order: Double) -> Double {
      strain > 0 ? 0.9 * pow(strain, -1 / order) : Self.growth
    }
    let order = 2.0
    let change = min(
      Self.growth, max(0.2, min(factor(max(error.motion, error.inertia), order), factor(error.salt, 1))))
    return min(max(bdf.dt * change, wanted), stabilityLimit(level))
  }

  /// How far the surface came to lie from where it was extrapolated to, m: |d¹ − d*| where the profile is steep. Whatever
  /// moves it is in it, at contact lines too. After an Euler step, which extrapolates nothing, half the way it went.
  private func motionError(_ trial: TimeLevel, _ state: State, _ bdf: BDF2) -> Double {
    largestChange(trial) {
      [now = state.now.metal.base, before = state.before.metal.base, ratio = bdf.ratio] in
      let change = $0 - distance(now[$1])
      guard ratio > 0 else { return 0.5 * change }
      return change - ratio * (distance(now[$1]) - distance(before[$1]))
    }
  }

  /// Largest way of the surface in a step, m.
  func motion(_ trial: TimeLevel, from now: TimeLevel) -> Double {
    largestChange(trial) { [xi = now.metal.base] in $0 - distance(xi[$1]) }
  }

  /// Largest |change| of the middle of the interface, from d of a cell and its place in memory.
  private func largestChange(_ level: TimeLevel, _ change: (Double, Int) -> Double) -> Double {
    let (list, xi) = (level.interface, level.metal.base)
    return domain.largest(list) { places in
      places.reduce(0) {
        let i = Int(list.cell[$1])
        guard list.areaDensity[$1] > 0, domain.isFront(xi[i]) else { return $0 }
        return max($0, abs(change(distance(xi[i]), i)))
      }
    }
  }

  /// d of a profile, m.
  @inline(__always)
  private func distance(_ xi: Double) -> Double {
    let inside = min(max(xi, 1e-6), 1 - 1e-6)
    return width * log((1 - inside) / inside)
  }
}
