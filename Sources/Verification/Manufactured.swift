import Electrodeposition
import Spectral

/// Elliptic problems with made-up solutions on a box of 1 × 1.
enum Manufactured {
  private static func box(_ n: Int) -> Grid {
    Grid(count: SIMD3(n, 1, n), spacing: SIMD3(1 / Double(n), 1, 1 / Double(n)))
  }

  private static func sizes(_ effort: Effort) -> [Int] {
    effort == .full ? [16, 32, 64, 128, 256] : [16, 32, 64]
  }

  private static func converge(_ effort: Effort, _ error: (Grid) throws -> Double) rethrows -> Outcome {
    let results = try sizes(effort).map { n in ("\(n) x \(n) cells", try error(box(n))) }
    let last = results.suffix(2).map(\.1)
    return Outcome(resolutions: results, observedOrder: log2(last[0] / last[1]))
  }

  private static func fill(_ field: Field, _ value: (Double, Double) -> Double) {
    let grid = field.grid
    for x in 0..<grid.count.x {
      for z in 0..<grid.count.z {
        field[x, 0, z] = value((Double(x) + 0.5) * grid.spacing.x, grid.height(z))
      }
    }
  }

  private static func largestError(_ u: Field, _ exact: (Double, Double) -> Double) -> Double {
    let reference = Field(u.grid)
    fill(reference, exact)
    let scale = reference.values.map { abs($0) }.max() ?? 1
    return zip(u.values, reference.values).map { abs($0 - $1) }.reduce(0, max) / scale
  }

  /// −∇·(A∇u) + B u = g with A = 1 + ½ sin(2πx) cos²(πz/2), u = cos(2πx) cos(kz), k = π or, with u fixed
  /// at the top, π/2; A is 1 on the top face and flat there.
  static func variableCoefficient(_ effort: Effort, fixedTop: Bool) throws -> Outcome {
    let (p, k) = (2 * Double.pi, fixedTop ? Double.pi / 2 : Double.pi)
    let reaction = 3.0
    func u(_ x: Double, _ z: Double) -> Double { cos(p * x) * cos(k * z) }
    func a(_ x: Double, _ z: Double) -> Double {
      let c = cos(Double.pi * z / 2)
      return 1 + 0.5 * sin(p * x) * c * c
    }
    func g(_ x: Double, _ z: Double) -> Double {
      let c = cos(Double.pi * z / 2)
      let ax = 0.5 * p * cos(p * x) * c * c
      let az = -0.25 * Double.pi * sin(p * x) * sin(Double.pi * z)
      let (ux, uz) = (-p * sin(p * x) * cos(k * z), -k * cos(p * x) * sin(k * z))
      return a(x, z) * (p * p + k * k) * u(x, z) - ax * ux - az * uz + reaction * u(x, z)
    }
    return try converge(effort) { grid in
      let pool = ThreadPool(threads: 1)
      let matrix = DiffusionOperator(grid, pool: pool)
      let (coefficient, source, side, solution) = (Field(grid), Field(grid), Field(grid), Field(grid))
      fill(coefficient, a)
      fill(side, g)
      source.fill(reaction)
      let top = fixedTop ? 2 / grid.spacing.z : 0
      matrix.setCoefficient(coefficient)
      matrix.setReaction(source, topConductance: top)
      let system = ConjugateGradient.System(matrix, alpha: 1, beta: reaction, constantMode: reaction + top)
      _ = try ConjugateGradient(grid, pool: pool).solve(
        system, rightHandSide: side, solution: solution, tolerance: 1e-10)
      return largestError(solution, u)
    }
  }

  /// βu − α∇²u = (β + αk²) u for the eigenfunctions of the five kinds of ends.
  static func helmholtz(_ effort: Effort, _ ends: Ends) -> Outcome {
    let (alpha, beta, p) = (0.7, 1.3, 2 * Double.pi)
    let (k, shape): (Double, (Double) -> Double) =
      switch ends {
      case .periodic: (p, { cos(p * $0) })
      case .noFlux: (Double.pi, { cos(Double.pi * $0) })
      case .fixed: (Double.pi, { sin(Double.pi * $0) })
      case .noFluxThenFixed: (Double.pi / 2, { cos(Double.pi / 2 * $0) })
      case .fixedThenNoFlux: (Double.pi / 2, { sin(Double.pi / 2 * $0) })
      }
    func u(_ x: Double, _ z: Double) -> Double { cos(p * x) * shape(z) }
    return converge(effort) { grid in
      let pool = ThreadPool(threads: 1)
      let solver = HelmholtzSolver(Transform(grid, ends: ends, pool: pool), .finiteVolume)
      let (side, solution) = (Field(grid), Field(grid))
      fill(side) { x, z in (beta + alpha * (p * p + k * k)) * u(x, z) }
      solver.solve(side, into: solution, alpha: alpha, beta: beta)
      return largestError(solution, u)
    }
  }
}
