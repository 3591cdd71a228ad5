import Electrodeposition
import Spectral

extension Problem {
  static let sharp: [Problem] = [
    Problem(
      number: "27a", name: "sharp cap: growing circle", source: "dR/dt = (V_m/F) i(phi_k + Gamma/R)",
      compares: "half circles on a wall of 90 degrees, held or fed, with the scalar equation of the radius",
      expectedOrder: nil, tolerance: 6e-8, meaning: "largest relative error", run: SharpLimits.growingCircle),
    Problem(
      number: "27b", name: "sharp cap: moving contact line",
      source: "Mullins, J. Appl. Phys. 28 (1957) 333, on a circle: erfi of the root of M t/R^2",
      compares: "way of the line of a half circle on a wall of 89.999 degrees with the linear solution",
      expectedOrder: 2, tolerance: 1e-4, meaning: "largest relative error of the way",
      run: SharpLimits.movingLine),
    Problem(
      number: "27c", name: "sharp cap: at rest", source: "circular segment, phi_k = -Gamma/R",
      compares: "potential, base, height and area of half circles that relaxed to 30, 60 and 120 degrees",
      expectedOrder: 2, tolerance: 3e-5, meaning: "largest relative error", run: SharpLimits.atRest),
    Problem(
      number: "27d", name: "sharp cap: pinned", source: "Gibbs: circular segment on the edges of an island",
      compares: "potential, angle and height of a slowly fed cap with those of the segment of its area",
      expectedOrder: 2, tolerance: 4e-5, meaning: "largest relative error", run: SharpLimits.pinned),
    Problem(
      number: "27e", name: "sharp cap: convergence", source: "self-convergence",
      compares: "a fed cap on an island, its potentials and when its line passes the edge, intervals doubled",
      expectedOrder: 2, tolerance: 5e-5, meaning: "largest relative change", run: SharpLimits.convergence),
    Problem(
      number: "27f", name: "sharp cap: start and steps", source: "self-convergence",
      compares: "the same cap when the foot it starts with is halved, and at a hundredth of the tolerance",
      expectedOrder: nil, tolerance: 2e-5, meaning: "largest relative change",
      run: SharpLimits.startAndSteps),
  ]
}

/// Exact limits that `SharpCap` is held to: sodium at 298.15 K, 10 nm, 100 A/m².
enum SharpLimits {
  private static let f = Constants.faraday / (Constants.gas * 298.15)
  private static let degree = Double.pi / 180
  private static let radius = 10e-9
  /// i0, A/m².
  private static let exchange = 100.0
  /// Half the width of the island, m.
  private static let edge = 15e-9

  private static func sodium(_ wall: SharpWall, _ condition: SharpCap.Condition) -> SharpCap.Parameters {
    let volumePerCharge = 22.99e-6 / 0.968 / Constants.faraday
    return SharpCap.Parameters(
      exchangeCurrentDensity: exchange, inverseThermalVoltage: f, volumePerCharge: volumePerCharge,
      capillaryConstant: 0.25 * volumePerCharge, wall: wall, condition: condition)
  }

  /// 30 degrees within 120, blurred in m, fed with a contact current in A/m².
  private static func island(blur: Double, feed: Double) -> SharpCap.Parameters {
    let wall = SharpWall.island(halfWidth: edge, inside: 30 * degree, outside: 120 * degree, blur: blur)
    return sodium(wall, .contactCurrent(feed))
  }

  /// Area of a circular segment over the square of half its base.
  private static func segment(_ angle: Double) -> Double {
    (angle - sin(angle) * cos(angle)) / (sin(angle) * sin(angle))
  }

  private static func relative(_ found: Double, _ expected: Double) -> Double { abs(found / expected - 1) }

  /// An error for each number of intervals, with the order of the last doubling.
  private static func doubled(
    _ effort: Effort, from first: Int = 60, _ error: (Int) throws -> Double
  ) rethrows -> Outcome {
    let errors = try (0...(effort == .full ? 3 : 2)).map { doublings in
      let intervals = first << doublings
      return (label: "\(intervals) intervals", error: try error(intervals))
    }
    return Outcome(
      resolutions: errors,
      observedOrder: log2(errors[errors.count - 2].error / errors[errors.count - 1].error))
  }

  private static func noted(_ outcome: Outcome, _ note: String) -> Outcome {
    Outcome(resolutions: outcome.resolutions, observedOrder: outcome.observedOrder, note: note)
  }

  // MARK: Exact solutions

  /// R(t) by the classical Runge–Kutta method in 20 000 steps, with unequal transfer coefficients.
  static func growingCircle(_ effort: Effort) throws -> Outcome {
    var errors: [(String, Double)] = []
    for potential in [-0.05, -0.002] {
      var parameters = sodium(.uniform(angle: .pi / 2), .held(potential))
      parameters.cathodicTransferCoefficient = 0.3
      func speed(_ radius: Double) -> Double {
        let x = f * (potential + parameters.capillaryConstant / radius)
        return parameters.volumePerCharge * exchange * (exp(-0.3 * x) - exp(0.7 * x))
      }
      // The first one grows to three times its size, the second one shrinks by a third.
      let time = potential < -0.01 ? 0.5 : 0.6
      let dt = time / 20_000
      var r = radius
      for _ in 0..<20_000 {
        let a = speed(r)
        let b = speed(r + dt / 2 * a)
        let c = speed(r + dt / 2 * b)
        r += dt / 6 * (a + 2 * b + 2 * c + speed(r + dt * c))
      }
      var cap = SharpCap(parameters, halfBase: radius)
      let end = try cap.advance(to: time)
      let error = [
        relative(end.height, r), relative(end.halfBase, r), relative(end.area, .pi / 2 * r * r),
      ].max()
      errors.append(("to R = \((r * 1e11).rounded() / 100) nm", error ?? .infinity))
    }
    errors.append(("fed", try fedCircle()))
    errors.append(("all", errors.map(\.1).max() ?? .infinity))
    return Outcome(resolutions: errors)
  }

  /// A contact current of j on the base is 2j/π on the surface: dR/dt = 2(V_m/F)j/π, and with equal transfer
  /// coefficients φ_k + Γ/R = −(2/f) arsinh(j/(π i0)).
  private static func fedCircle() throws -> Double {
    let density = 300.0
    let parameters = sodium(.uniform(angle: .pi / 2), .contactCurrent(density))
    var cap = SharpCap(parameters, halfBase: radius)
    let end = try cap.advance(to: 0.5)
    let r = radius + parameters.volumePerCharge * 2 * density / .pi * 0.5
    let potential = -parameters.capillaryConstant / r - 2 / f * asinh(density / (.pi * exchange))
    return max(relative(end.height, r), relative(end.halfBase, r), relative(end.potential, potential))
  }

  /// In balance with the circle, δ = ln(r/R) obeys ∂δ/∂τ = ∂²δ/∂φ² + δ with ∂δ/∂φ = −cotθ at the line, τ =
  /// Mt/R², M = (V_m/F) i0 f Γ, and so δ = cotθ erfi(√τ) there until the apex is felt.
  static func movingLine(_ effort: Effort) throws -> Outcome {
    let angle = 89.999 * degree
    var parameters = sodium(.uniform(angle: angle), .held(0))
    parameters.condition = .held(-parameters.capillaryConstant / radius)
    let mobility = parameters.volumePerCharge * exchange * f * parameters.capillaryConstant
    return try doubled(effort, from: 240) { intervals in
      var cap = SharpCap(
        parameters, halfBase: radius, intervals: intervals, foot: 1.44 / Double(intervals),
        tolerance: 1e-12)
      return try [0.02, 0.05, 0.1, 0.2].reduce(0) { largest, tau in
        let line = try cap.advance(to: tau * radius * radius / mobility).halfBase
        return max(largest, relative(log(line / radius), imaginaryError(tau.squareRoot()) / tan(angle)))
      }
    }
  }

  /// erfi x = 2/√π Σ x²ⁿ⁺¹/(n! (2n+1)).
  private static func imaginaryError(_ x: Double) -> Double {
    var (term, sum) = (x, x)
    for n in 1..<30 {
      term *= x * x / Double(n)
      sum += term / Double(2 * n + 1)
    }
    return 2 / Double.pi.squareRoot() * sum
  }

  static func atRest(_ effort: Effort) throws -> Outcome {
    var lost = 0.0
    let outcome = try doubled(effort) { intervals in
      try [30.0, 60, 120].reduce(0) { largest, angle in
        let parameters = sodium(.uniform(angle: angle * degree), .contactCurrent(0))
        var cap = SharpCap(parameters, halfBase: radius, intervals: intervals)
        let end = try cap.advance(to: 1000)
        let area = Double.pi / 2 * radius * radius
        let base = (area / segment(angle * degree)).squareRoot()
        lost = max(lost, relative(end.area, area))
        return max(
          largest, relative(end.halfBase, base), relative(end.height, base * tan(angle * degree / 2)),
          relative(end.potential, -parameters.capillaryConstant * sin(angle * degree) / base))
      }
    }
    guard lost < 1e-12 else { return Outcome(resolutions: [("area lost \(lost)", .infinity)]) }
    return noted(outcome, "area kept to \(lost)")
  }

  /// The edge is blurred by 0.5 nm; area and place of the line give the segment.
  ///
  /// The sums of K, 2θ, and of the current over the arc of length L give the linear answer to the current, to
  /// first order in it: φ_k = −(2θΓ + 2jr/(i0 f))/L.
  static func pinned(_ effort: Effort) throws -> Outcome {
    let feed = 1e-4
    let parameters = island(blur: 0.5e-9, feed: feed)
    var note = ""
    let outcome = try doubled(effort) { intervals in
      var cap = SharpCap(parameters, halfBase: radius, intervals: intervals)
      note = "angles"
      return try [1e3, 1e5, 2e5, 4e5, 6e5].reduce(0.0) { largest, time in
        let now = try cap.advance(to: time)
        var (low, high) = (0.01, 3.1)
        for _ in 0..<60 {
          let middle = (low + high) / 2
          let isLess = segment(middle) * now.halfBase * now.halfBase < now.area
          (low, high) = isLess ? (middle, high) : (low, middle)
        }
        let length = 2 * low * now.halfBase / sin(low)
        let potential =
          -(2 * low * parameters.capillaryConstant + 2 * feed * now.halfBase / (exchange * f)) / length
        note += " \((10 * now.angle / degree).rounded() / 10)"
        return max(
          largest, relative(now.angle, low), relative(now.potential, potential),
          relative(now.height, now.halfBase * tan(low / 2)))
      }
    }
    return noted(outcome, note + " degrees")
  }

  // MARK: Convergence

  /// Potentials at four times, and when the line passes the edge; the edge is blurred by 3 nm, the current
  /// the one that a barrier of 0.65 eV lets through.
  private static func figures(
    intervals: Int, foot: Double = 0.006, tolerance: Double = 1e-7
  ) throws -> [Double] {
    var cap = SharpCap(
      island(blur: 3e-9, feed: 1.0984), halfBase: radius, intervals: intervals, foot: foot,
      tolerance: tolerance)
    var figures = try [0.1, 0.5, 1.9, 10].map { try cap.advance(to: $0).potential }
    figures.append(try cap.advance(untilHalfBase: edge, before: 20)?.time ?? .nan)
    return figures
  }

  private static func change(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(relative).max() ?? .nan }

  static func convergence(_ effort: Effort) throws -> Outcome {
    var last = try figures(intervals: 30)
    return try doubled(effort) { intervals in
      let next = try figures(intervals: intervals)
      defer { last = next }
      return change(last, next)
    }
  }

  static func startAndSteps(_ effort: Effort) throws -> Outcome {
    let base = try figures(intervals: 480)
    let finer = change(base, try figures(intervals: 480, tolerance: 1e-9))
    let foot = change(base, try figures(intervals: 480, foot: 0.003))
    return Outcome(
      resolutions: [("tolerance 1e-9", finer), ("foot 0.003", foot), ("both", max(finer, foot))])
  }
}
