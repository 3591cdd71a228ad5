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
    /// Of what is read, computed with and written.
    enum Precision { case single, double, both }

    let name: String
    let seconds: Double
    var precision = Precision.double
    /// Bytes that have to pass between the cores and the memory, and floating-point operations, per cell; where they
    /// can be counted.
    var bytes: Double?
    var operations: Double?
  }

  /// Bytes are those of fields that no cache holds, where it holds a few planes of cells: a pass reads and writes
  /// every field at most once, and what it overwrites is not read before, in the triad either. Operations are
  /// additions, multiplications and divisions, one each; comparisons and conversions are none.
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
          let phase = (x * 31 + y * 13 + z * 17) % 101
          a[x, y, z] = Double(phase) / 101 - 0.5
          if coefficient[x, y, z] == 0 { b[x, y, z] = 0 }
        }
      }
    }
    matrix.setCoefficient(coefficient)
    matrix.setReaction(mass, topConductance: 0)
    let system = ConjugateGradient.System(matrix, alpha: 1, beta: 1e-4, constantMode: 1e-4)
    let solver = ConjugateGradient(grid, pool: pool)
    let parts = SolveKernels(grid, system, b, a, pool: pool)
    let helmholtz = HelmholtzSolver(Transform(grid, ends: .noFlux, pool: pool), .exact)
    // FFTW's own count for a pair.
    let transforms: Double = 5 * log2(Double(grid.cells))
    return [
      measureTriad(),
      // Three passes that read and write the field.
      counted("xi step", bytes: 48, operations: transforms) {
        helmholtz.solve(a, into: c, alpha: 1, beta: 1)
      },
      // A; the faces.
      counted("faces", bytes: 24, operations: 11, deep: (8, 8)) { matrix.setCoefficient(coefficient) },
      // Faces, B, b and u; the matrix with 1/D, and r, in single precision.
      counted("start of a solve", .both, bytes: 60, operations: 24, deep: (12, 9)) {
        parts.begin(system, b, a)
      },
      // u, faces and B; A u.
      counted("operator in double", bytes: 40, operations: 13, deep: (8, 6)) { matrix.apply(a, into: c) },
      // The same, and pᵀA p.
      counted("operator", .single, bytes: 20, operations: 15, deep: (4, 6)) { parts.applyMatrix() },
      // r, faces, 1/D and the black half of z; z. The two colours could share a pass, as they do in the preconditioner;
      // here each makes its own and reads all faces.
      counted("sweep", .single, bytes: 22, operations: 9, deep: (4, 4)) { parts.sweep() },
      Kernel(name: "preconditioner", seconds: time { parts.precondition() }),
      Kernel(name: "CG iteration", seconds: time { iterate(solver, system, b, c) } / Double(Self.iterations)),
    ]
  }

  /// c = a + 3 b, the bandwidth of the level of memory that the fields lie in.
  func measureTriad() -> Kernel {
    let (a, b, c) = (Field(grid, filledWith: 1), Field(grid, filledWith: 2), Field(grid))
    let plane = grid.count.y * grid.count.z
    return counted("triad", bytes: 24, operations: 2) {
      pool.forPlanes(grid.count.x) { planes in
        let (a, b, c) = (a.base, b.base, c.base)
        for i in planes.lowerBound * plane..<planes.upperBound * plane { c[i] = a[i] + 3 * b[i] }
      }
    }
  }

  /// - Parameters: bytes and operations in two dimensions, and what the faces along y add in three.
  private func counted(
    _ name: String, _ precision: Kernel.Precision = .double, bytes: Double, operations: Double,
    deep: (bytes: Double, operations: Double) = (0, 0), _ body: () -> Void
  ) -> Kernel {
    let share = grid.isTwoDimensional ? 0.0 : 1
    return Kernel(
      name: name, seconds: time(body), precision: precision, bytes: bytes + share * deep.bytes,
      operations: operations + share * deep.operations)
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
}

/// The yardstick: median seconds of a bare pair of FFTW's transforms (r2c + c2r, out of place, MEASURE).
func barePair(_ size: Size, threads: Int) -> Double {
  let pair = BareTransformPair(size.grid, pool: ThreadPool(threads: threads))
  return time { pair.run() }
}
