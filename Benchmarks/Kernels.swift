import Spectral

/// The parts of a step by themselves, on a half-filled box: metal below a wavy front.
struct Kernels {
  private let grid: Grid
  private let pool: ThreadPool

  init(_ size: Int, threads: Int) {
    grid = Grid(count: SIMD3(size, 1, size), spacing: SIMD3(1, 1, 1))
    pool = ThreadPool(threads: threads)
  }

  /// Name and median seconds of each.
  func measure() -> [(name: String, seconds: Double)] {
    let (a, b, c) = (Field(grid, filledWith: 1), Field(grid, filledWith: 2), Field(grid))
    let matrix = DiffusionOperator(grid, pool: pool)
    let solver = ConjugateGradient(grid, pool: pool)
    let coefficient = Field(grid)
    let mass = Field(grid, filledWith: 1e-4)
    for x in 0..<grid.count.x {
      for z in 0..<grid.count.z {
        let front =
          0.25 * Double(grid.count.z) * (1 + 0.5 * Double((x * 7) % grid.count.x) / Double(grid.count.x))
        coefficient[x, 0, z] = Double(z) > front ? 1 : 0
        a[x, 0, z] = Double((x * 31 + z * 17) % 101) / 101 - 0.5
      }
    }
    matrix.setCoefficient(coefficient)
    matrix.setReaction(mass, topConductance: 0)
    let system = ConjugateGradient.System(matrix, alpha: 1, beta: 1e-4, constantMode: 1e-4)
    let helmholtz = HelmholtzSolver(Transform(grid, ends: .noFlux, pool: pool), .exact)
    return [
      ("triad", time { triad(a, b, c) }),
      ("helmholtz", time { helmholtz.solve(a, into: c, alpha: 1, beta: 1) }),
      ("faces", time { matrix.setCoefficient(coefficient) }),
      ("operator", time { matrix.apply(a, into: c) }),
      ("CG iteration", time { iterate(solver, system, a, c) } / Double(Self.iterations)),
    ]
  }

  private static let iterations = 10

  private func iterate(
    _ solver: ConjugateGradient, _ system: ConjugateGradient.System, _ b: Field, _ u: Field
  ) {
    u.fill(0)
    _ = try? solver.solve(
      system, rightHandSide: b, solution: u, tolerance: 0, startsAtZero: true,
      maximumIterations: Self.iterations)
  }

  /// c = a + s b, the bandwidth of the level of memory that the fields lie in.
  private func triad(_ a: Field, _ b: Field, _ c: Field) {
    let plane = grid.count.y * grid.count.z
    pool.forPlanes(grid.count.x) { planes in
      let (a, b, c) = (a.base, b.base, c.base)
      for i in planes.lowerBound * plane..<planes.upperBound * plane { c[i] = a[i] + 3 * b[i] }
    }
  }

  private func time(_ body: () -> Void) -> Double {
    for _ in 0..<5 { body() }
    return median((0..<401).map { _ in seconds(body) })
  }
}
