import Spectral

extension Problem {
  static let pfhub: [Problem] = [
    Problem(
      number: "P7a", name: "PFHub benchmark 7a", source: PFHub.source,
      compares: "the spectral step with the manufactured solution at t = 8, kappa = 4e-4, cells refined",
      expectedOrder: nil, tolerance: 1e-6,
      meaning:
        "L2 error; published at cells of 0.01 and 0.005: 3.3e-3 and 6.8e-4 for second-order differences",
      run: { PFHub.refine(.a, $0 == .full ? [100, 200, 300, 400] : [100, 200, 300]) }),
    Problem(
      number: "P7b", name: "PFHub benchmark 7b", source: PFHub.source,
      compares: "the same with a front that is a sixteenth as wide, kappa = 1.5625e-6", expectedOrder: nil,
      tolerance: 1e-2, meaning: "L2 error; two cells of 0.0025 lie across the front",
      run: { PFHub.refine(.b, $0 == .full ? [200, 400, 800, 1600] : [200, 400]) }),
    Problem(
      number: "P7c", name: "PFHub benchmark 7c", source: PFHub.source,
      compares: "the same with kappa = 4e-4 and a wave that swings faster, steps halved", expectedOrder: 2,
      tolerance: 1e-5, meaning: "L2 change at the last halving", run: PFHub.halveSteps),
  ]
}

/// PFHub's benchmark 7: the manufactured Allen–Cahn solution on [0, 1] × [0, ½], periodic in x, 1 and 0 at the ends
/// of y, solved with the semi-implicit step of the order parameter (BDF2, implicit exact Laplacian).
///
///     ∂η/∂t = κ∇²η − 4η(η−1)(η−½) + S,    η = ½[1 − tanh((y−α)/√(2κ))]
///     α = ¼ + A₁ t sin(B₁x) + A₂ sin(B₂x + C₂t)
enum PFHub {
  static let source = "Wheeler et al., PFHub benchmark 7 (Allen-Cahn, method of manufactured solutions)"

  struct Setting {
    var kappa = 4e-4
    var c2 = 0.0625 * Double.pi
    static let a = Setting()
    static let b = Setting(kappa: 1.5625e-6)
    static let c = Setting(c2: 0.5)

    private static let (a1, b1, a2, b2) = (0.0075, 8 * Double.pi, 0.03, 22 * Double.pi)

    /// α, ∂α/∂t, ∂α/∂x, ∂²α/∂x².
    func front(_ x: Double, _ t: Double) -> SIMD4<Double> {
      let (s1, c1) = (sin(Self.b1 * x), cos(Self.b1 * x))
      let (s2, c2) = (sin(Self.b2 * x + self.c2 * t), cos(Self.b2 * x + self.c2 * t))
      return SIMD4(
        0.25 + Self.a1 * t * s1 + Self.a2 * s2, Self.a1 * s1 + Self.a2 * self.c2 * c2,
        Self.a1 * Self.b1 * t * c1 + Self.a2 * Self.b2 * c2,
        -Self.a1 * Self.b1 * Self.b1 * t * s1 - Self.a2 * Self.b2 * Self.b2 * s2)
    }

    /// η and S = ½ sech²ζ [(∂α/∂t − κ ∂²α/∂x²)/√(2κ) − tanhζ (∂α/∂x)²]: the well and κ∂²η/∂y² cancel.
    func solution(_ y: Double, _ front: SIMD4<Double>) -> (value: Double, source: Double) {
      let width = (2 * kappa).squareRoot()
      let tangent = tanh((y - front[0]) / width)
      let source =
        0.5 * (1 - tangent * tangent)
        * ((front[1] - kappa * front[3]) / width - tangent * front[2] * front[2])
      return (0.5 * (1 - tangent), source)
    }
  }

  /// η − (1 − 2y) at t = 8, with cells of 1/n and steps of `dt`.
  private static func solve(_ setting: Setting, cells n: Int, dt: Double) -> Field {
    let h = 1 / Double(n)
    let grid = grid(n)
    let transform = Transform(grid, ends: .fixed, pool: ThreadPool(threads: 1))
    let laplacian = transform.table(.exact)
    // Zero at both ends.
    let line = line(grid)
    let (now, before, next) = (Field(grid), Field(grid), Field(grid))
    fill(now, setting, grid, line, 0)
    let steps = Int((8 / dt).rounded())
    for step in 0..<steps {
      let first = step == 0
      let (now0, before0, w) = (now.base, before.base, first ? 0.0 : 1.0)
      for x in 0..<n {
        let front = setting.front((Double(x) + 0.5) * h, Double(step + 1) * dt)
        for z in 0..<grid.count.z {
          let i = grid.index(x, 0, z)
          let history = ((1 + w) * now0[i] - w / 2 * before0[i]) / dt
          let wells = (1 + w) * well(now0[i] + line[z]) - w * (first ? 0 : well(before0[i] + line[z]))
          next.base[i] = history - wells + setting.solution(grid.height(z), front).source
        }
      }
      before.copy(from: now)
      transform.solve(
        next, into: now, constant: (1 + 2 * w) / (1 + w) / dt, slope: setting.kappa, laplacian)
    }
    return now
  }

  private static func exact(_ setting: Setting, cells n: Int) -> Field {
    let grid = grid(n)
    let field = Field(grid)
    fill(field, setting, grid, line(grid), 8)
    return field
  }

  /// L2 norm of a difference.
  private static func distance(_ a: Field, _ b: Field) -> Double {
    let volume = a.grid.spacing.x * a.grid.spacing.z
    return (volume * zip(a.values, b.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }).squareRoot()
  }

  private static func grid(_ n: Int) -> Grid {
    Grid(count: SIMD3(n, 1, n / 2), spacing: SIMD3(1 / Double(n), 1, 1 / Double(n)))
  }

  private static func line(_ grid: Grid) -> [Double] { (0..<grid.count.z).map { 1 - 2 * grid.height($0) } }

  /// 4η(η−1)(η−½)
  private static func well(_ eta: Double) -> Double { 4 * eta * (eta - 1) * (eta - 0.5) }

  private static func fill(_ field: Field, _ setting: Setting, _ grid: Grid, _ line: [Double], _ t: Double) {
    for x in 0..<grid.count.x {
      let front = setting.front((Double(x) + 0.5) * grid.spacing.x, t)
      for z in 0..<grid.count.z {
        field[x, 0, z] = setting.solution(grid.height(z), front).value - line[z]
      }
    }
  }

  // MARK: Convergence

  /// The step is far below what cells leave as error.
  static func refine(_ setting: Setting, _ cells: [Int]) -> Outcome {
    Outcome(
      resolutions: cells.map { n in
        ("\(n) x \(n / 2) cells", distance(solve(setting, cells: n, dt: 0.01), exact(setting, cells: n)))
      })
  }

  static func halveSteps(_ effort: Effort) -> Outcome {
    let steps = effort == .full ? [0.08, 0.04, 0.02, 0.01, 0.005] : [0.08, 0.04, 0.02, 0.01]
    let solutions = steps.map { solve(.c, cells: 200, dt: $0) }
    let changes = zip(solutions, solutions.dropFirst()).map(distance)
    return Outcome(
      resolutions: Array(zip(steps.dropFirst().map { "step \($0)" }, changes)),
      observedOrder: log2(changes[changes.count - 2] / changes[changes.count - 1]),
      note: "error of the last \(distance(solutions[solutions.count - 1], exact(.c, cells: 200)))")
  }
}
