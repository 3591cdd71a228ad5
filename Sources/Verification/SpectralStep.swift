import Spectral

extension Problem {
  static let spectralStep: [Problem] = [
    Problem(
      number: "12", name: "spectral step, order in time",
      source: "manufactured solution of the Allen-Cahn equation",
      compares:
        "BDF2 with implicit exact Laplacian and extrapolated rest, steps of 3 : 5 in turn, with a front in motion",
      expectedOrder: 2, tolerance: 1e-3, meaning: "largest error of the order parameter",
      run: SpectralStep.time),
    Problem(
      number: "12b", name: "spectral step, error in space",
      source: "manufactured solution of the Allen-Cahn equation, linear in time",
      compares: "the same step, which makes no error in time then, with the solution, cells halved",
      expectedOrder: nil, tolerance: 1e-12, meaning: "largest error of the order parameter",
      run: SpectralStep.space),
  ]
}

/// The step of the order parameter by itself, on a box of 1 × 1, periodic along x, no flux through the ends of z:
///
///     ∂u/∂t = b [ ∇²u − u(1−u)(1−2u)/ℓ² ] + S,   S such that the solution is the one that was made up
///
/// ∇²u is implicit, what remains is extrapolated to the new time, S as well.
enum SpectralStep {
  private static let mobility = 0.01
  private static let width = 0.1

  /// A function with its time derivative and its Laplacian.
  private struct Value {
    var u, rate, laplacian: Double
  }

  private typealias Solution = (_ x: Double, _ z: Double, _ t: Double) -> Value

  /// u = 1/(1+e^G), G = −(cos πz + a sin(2πx + p))/(πℓ): a front of width ℓ with a wave of height a/π on it, even
  /// about both ends of z. a(t) and its rate are given.
  private static func front(_ x: Double, _ z: Double, _ a: Double, _ rate: Double, _ p: Double) -> Value {
    let scale = -1 / (Double.pi * width)
    let (k, q) = (2 * Double.pi, Double.pi)
    let g = scale * (cos(q * z) + a * sin(k * x + p))
    let (gx, gz) = (scale * a * k * cos(k * x + p), -scale * q * sin(q * z))
    let laplacian = -scale * (q * q * cos(q * z) + a * k * k * sin(k * x + p))
    let u = 1 / (1 + exp(g))
    // u' = −u(1−u), u'' = u(1−u)(1−2u)
    let (first, second) = (-u * (1 - u), u * (1 - u) * (1 - 2 * u))
    return Value(
      u: u, rate: first * scale * rate * sin(k * x + p),
      laplacian: first * laplacian + second * (gx * gx + gz * gz))
  }

  /// The wave swings.
  private static func swinging(_ x: Double, _ z: Double, _ t: Double) -> Value {
    front(x, z, 0.6 * cos(3 * t), -1.8 * sin(3 * t), 0)
  }

  /// One front turns into another at a constant rate. Then the extrapolated part, ∂u/∂t − b∇²u, is linear in time
  /// too, and both the difference and the extrapolation are exact.
  private static func fading(_ x: Double, _ z: Double, _ t: Double) -> Value {
    let (a, b) = (front(x, z, 0.3, 0, 0), front(x, z, 0.6, 0, 1))
    return Value(
      u: a.u + t * (b.u - a.u), rate: b.u - a.u, laplacian: a.laplacian + t * (b.laplacian - a.laplacian))
  }

  // MARK: The step

  /// Largest error at t = 1.
  ///
  /// - Parameters: cells along either side; lengths of the steps, which follow each other in turn; whether the step
  ///   before the first is exact, else the first is an Euler step as in the solver.
  private static func error(
    cells: Int, steps: [Double], exactStart: Bool, _ solution: Solution
  ) -> Double {
    let n = Double(cells)
    let grid = Grid(count: SIMD3(cells, 1, cells), spacing: SIMD3(1 / n, 1, 1 / n))
    let transform = Transform(grid, ends: .noFlux, pool: ThreadPool(threads: 1))
    let laplacian = transform.table(.exact)
    var (time, last) = (0.0, exactStart ? steps[0] : Double.infinity)
    var now = values(grid, 0, solution)
    var before = values(grid, exactStart ? -last : 0, solution)
    var rest = explicitPart(grid, now, 0, solution)
    var restBefore = explicitPart(grid, before, exactStart ? -last : 0, solution)
    let next = Field(grid)
    var count = 0
    while time < 1 - 1e-9 {
      let dt = steps[count % steps.count]
      let w = dt / last
      // (1+2ω)/(1+ω) u¹ − (1+ω) u⁰ + ω²/(1+ω) u⁻¹ = dt [b∇²u¹ + (1+ω) r⁰ − ω r⁻¹]; ω = 0 is Euler's step.
      for i in 0..<grid.cells {
        let history = ((1 + w) * now[i] - w * w / (1 + w) * before[i]) / dt
        next[i] = history + (1 + w) * rest[i] - w * restBefore[i]
      }
      transform.solve(
        next, into: next, constant: (1 + 2 * w) / (1 + w) / dt, slope: mobility, laplacian)
      (time, last, count) = (time + dt, dt, count + 1)
      (before, now) = (now, next.values)
      (restBefore, rest) = (rest, explicitPart(grid, now, time, solution))
    }
    return zip(now, values(grid, time, solution)).map { abs($0 - $1) }.reduce(0, max)
  }

  private static func values(_ grid: Grid, _ t: Double, _ solution: Solution) -> [Double] {
    collect(grid) { x, z, _ in solution(x, z, t).u }
  }

  /// −b u(1−u)(1−2u)/ℓ² + S
  private static func explicitPart(
    _ grid: Grid, _ u: [Double], _ t: Double, _ solution: Solution
  ) -> [Double] {
    func well(_ u: Double) -> Double { -u * (1 - u) * (1 - 2 * u) / (width * width) }
    return collect(grid) { x, z, i in
      let exact = solution(x, z, t)
      let source = exact.rate - mobility * (exact.laplacian + well(exact.u))
      return mobility * well(u[i]) + source
    }
  }

  /// One value for each cell, in the order of memory.
  private static func collect(
    _ grid: Grid, _ value: (_ x: Double, _ z: Double, _ index: Int) -> Double
  ) -> [Double] {
    (0..<grid.cells).map { i in
      let (x, z) = (i / grid.count.z, i % grid.count.z)
      return value((Double(x) + 0.5) * grid.spacing.x, grid.height(z), i)
    }
  }

  // MARK: Convergence

  static func time(_ effort: Effort) -> Outcome {
    let results = (effort == .full ? [16, 32, 64, 128, 256] : [16, 32, 64, 128]).map { pairs in
      // Neighbouring steps of 3 : 5 and back, a growth as the solver allows.
      let steps = [0.75, 1.25].map { $0 / (2 * Double(pairs)) }
      return ("\(2 * pairs) steps", error(cells: 48, steps: steps, exactStart: false, swinging))
    }
    let last = results.suffix(2).map(\.1)
    return Outcome(resolutions: results, observedOrder: log2(last[0] / last[1]))
  }

  static func space(_ effort: Effort) -> Outcome {
    let results = (effort == .full ? [8, 16, 24, 32, 48, 64, 96] : [8, 16, 32, 64]).map { cells in
      ("\(cells) cells", error(cells: cells, steps: [0.01], exactStart: true, fading))
    }
    return Outcome(resolutions: results)
  }
}
