import Spectral

/// The parts of a step by themselves, on a box that is a third full of metal below a wavy front.
struct Kernels {
  private let grid: Grid
  private let pool: ThreadPool

  init(_ size: Size, threads: Int) {
    grid = size.grid
    pool = ThreadPool(threads: threads)
  }

  struct Kernel {
    let name: String
    let seconds: Double
    /// Bytes that have to pass between the cores and the memory, and floating-point operations, per cell; where they
    /// can be counted.
    var bytes: Double?
    var operations: Double?
  }

  /// Bytes and operations are those of two dimensions.
  func measure() -> [Kernel] {
    let (a, b, c) = (Field(grid, filledWith: 1), Field(grid, filledWith: 2), Field(grid))
    let matrix = DiffusionOperator(grid, pool: pool)
    let (coefficient, mass) = (Field(grid), Field(grid))
    for x in 0..<grid.count.x {
      let wave = 1 + 0.5 * Double((x * 7) % grid.count.x) / Double(grid.count.x)
      for y in 0..<grid.count.y {
        for z in 0..<grid.count.z {
          coefficient[x, y, z] = Double(z) > 0.25 * Double(grid.count.z) * wave ? 1 : 0
          mass[x, y, z] = 1e-4 * coefficient[x, y, z]
          a[x, y, z] = Double((x * 31 + y * 13 + z * 17) % 101) / 101 - 0.5
          if coefficient[x, y, z] == 0 { b[x, y, z] = 0 }
        }
      }
    }
    matrix.setCoefficient(coefficient)
    matrix.setReaction(mass, topConductance: 0)
    let system = ConjugateGradient.System(matrix, alpha: 1, beta: 1e-4, constantMode: 1e-4)
    let solver = ConjugateGradient(grid, pool: pool)
    let parts = SolveKernels(grid, system, pool: pool)
    let helmholtz = HelmholtzSolver(Transform(grid, ends: .noFlux, pool: pool), .exact)
    return [
      Kernel(name: "triad", seconds: time { triad(a, b, c) }, bytes: 24, operations: 2),
      // FFTW's own count for a pair, and two passes of reading and writing for each of its two directions.
      Kernel(name: "xi step", seconds: time { helmholtz.solve(a, into: c, alpha: 1, beta: 1) }),
      Kernel(
        name: "faces", seconds: time { matrix.setCoefficient(coefficient) }, bytes: 24, operations: 10),
      Kernel(name: "matrix copy", seconds: time { parts.copy(system) }, bytes: 40, operations: 9),
      Kernel(
        name: "operator, double", seconds: time { matrix.apply(a, into: c) }, bytes: 40, operations: 14),
      Kernel(name: "operator", seconds: time { parts.applyMatrix() }, bytes: 20, operations: 16),
      Kernel(name: "sweep", seconds: time { parts.sweep() }, bytes: 24, operations: 9),
      Kernel(name: "preconditioner", seconds: time { parts.precondition() }),
      Kernel(name: "CG iteration", seconds: time { iterate(solver, system, b, c) } / Double(Self.iterations)),
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
}

/// The yardstick: median seconds of a bare pair of FFTW's transforms (r2c + c2r, out of place, MEASURE).
func barePair(_ size: Size, threads: Int) -> Double {
  let pair = BareTransformPair(size.grid, pool: ThreadPool(threads: threads))
  return time { pair.run() }
}
