/// Red–black Gauss–Seidel sweeps around a transform solve on a coarser grid.
///
/// The sweeps handle the contrast of the coefficients near the metal, the transform solve of
/// −ᾱ∇²e + β̄ e with constant coefficients carries the long range. Restriction sums residuals, prolongation is
/// constant per coarse cell, the sweeps after the solve run in the opposite order: the whole is symmetric.
/// Its constant mode is given the conductance of the true operator, 1ᵀA1.
public final class SweepPreconditioner: Preconditioner {
  private let matrix: DiffusionOperator
  private let pool: ThreadPool
  private let sweeps: Int
  private let factor: SIMD3<Int>
  private let coarse: Field
  private let solver: HelmholtzSolver
  private var alpha = 1.0
  private var beta = 0.0
  private var constantMode = 1.0

  /// - Parameter sweeps: red–black sweeps on each side of the coarse solve.
  public init(_ matrix: DiffusionOperator, pool: ThreadPool, sweeps: Int = 2) {
    self.matrix = matrix
    self.pool = pool
    self.sweeps = sweeps
    let n = matrix.grid.count
    factor = SIMD3(Self.coarsening(n.x), Self.coarsening(n.y), Self.coarsening(n.z))
    let grid = Grid(
      count: SIMD3(n.x / factor.x, n.y / factor.y, n.z / factor.z),
      spacing: matrix.grid.spacing * SIMD3(Double(factor.x), Double(factor.y), Double(factor.z)))
    coarse = Field(grid)
    solver = HelmholtzSolver(Transform(grid, ends: .noFlux, pool: pool), .finiteVolume)
  }

  /// Cells per coarse cell along an axis: four where that divides the count.
  private static func coarsening(_ count: Int) -> Int {
    [4, 3, 5, 2].first { count % $0 == 0 && count >= 4 * $0 } ?? 1
  }

  /// Follows a new assembly of the matrix.
  ///
  /// - Parameters: the coefficients ᾱ and β̄ of the bulk, and the mean over all cells of A·1.
  public func update(alpha: Double, beta: Double, constantMode: Double) {
    self.alpha = alpha
    self.beta = beta
    self.constantMode = constantMode
  }

  public func apply(_ r: Field, into z: Field) {
    relaxFromZero(r, z)
    halfSweep(1, r, z)
    for _ in 1..<sweeps {
      halfSweep(0, r, z)
      halfSweep(1, r, z)
    }
    restrictResidual(r, z)
    solver.solve(coarse, into: coarse, alpha: alpha, beta: beta, zeroMode: constantMode)
    prolongate(into: z)
    for _ in 0..<sweeps {
      halfSweep(1, r, z)
      halfSweep(0, r, z)
    }
  }

  private func forRows(_ body: @escaping (Int, Int) -> Void) {
    let n = matrix.grid.count
    pool.forPlanes(n.x) { planes in
      for x in planes { for y in 0..<n.y { body(x, y) } }
    }
  }

  /// First half sweep, from u = 0: red cells only, black ones zero.
  private func relaxFromZero(_ r: Field, _ u: Field) {
    let nz = matrix.grid.count.z
    let inverse = matrix.inverseDiagonal.base
    forRows { [grid = matrix.grid] x, y in
      let here = grid.index(x, y, 0)
      let mask = colourMask((x + y) & 1)
      for z in stride(from: 0, to: nz, by: 8) {
        let value = load(r.base + here, z) * load(inverse + here, z)
        store(Vector(repeating: 0).replacing(with: value, where: mask), u.base + here, z)
      }
    }
  }

  /// u_i = (r_i + Σ T u_j)/A_ii on the cells of one colour. They read only the other colour: the order in
  /// which rows are done does not matter. (The unchanged lanes of a vector are written back as they were.)
  private func halfSweep(_ colour: Int, _ r: Field, _ u: Field) {
    let nz = matrix.grid.count.z
    let inverse = matrix.inverseDiagonal.base
    forRows { [matrix] x, y in
      let row = Row(matrix, x, y)
      let mask = colourMask((x + y + colour) & 1)
      // A store is held back by one vector: a load that overlaps a store just made stalls the processor, and
      // what it would read is of the other colour anyway.
      let target = u.base + row.here
      var held = load(target, 0)
      var heldAt = 0
      for z in stride(from: 0, to: nz, by: 8) {
        let value = (load(r.base + row.here, z) + row.neighbours(u, z)) * load(inverse + row.here, z)
        let result = load(target, z).replacing(with: value, where: mask)
        store(held, target, heldAt)
        held = result
        heldAt = z
      }
      store(held, target, heldAt)
    }
  }

  /// Mean over each coarse cell of r − A u. The last half sweep left none on black cells.
  private func restrictResidual(_ r: Field, _ u: Field) {
    let n = coarse.grid.count
    let fine = matrix.grid
    let scale = 1 / Double(factor.x * factor.y * factor.z)
    pool.forPlanes(n.x) { [matrix, factor, coarse] planes in
      for x in planes {
        for y in 0..<n.y {
          let target = coarse.base + coarse.grid.index(x, y, 0)
          target.update(repeating: 0, count: n.z)
          for fineX in x * factor.x..<(x + 1) * factor.x {
            for fineY in y * factor.y..<(y + 1) * factor.y {
              let row = Row(matrix, fineX, fineY)
              let mask = colourMask((fineX + fineY) & 1)
              for z in stride(from: 0, to: fine.count.z, by: 8) {
                let all =
                  load(r.base + row.here, z) + row.neighbours(u, z)
                  - load(matrix.diagonal.base + row.here, z) * load(u.base + row.here, z)
                Self.gather(
                  Vector(repeating: 0).replacing(with: all, where: mask) * scale, z, factor.z, target)
              }
            }
          }
        }
      }
    }
  }

  /// Adds the lanes of a vector that starts at fine cell z to their coarse cells.
  @inline(__always)
  private static func gather(
    _ v: Vector, _ z: Int, _ factor: Int, _ target: UnsafeMutablePointer<Double>
  ) {
    if factor == 4 {
      target[z / 4] += v.lowHalf.sum()
      target[z / 4 + 1] += v.highHalf.sum()
    } else {
      for lane in 0..<8 { target[(z + lane) / factor] += v[lane] }
    }
  }

  private func prolongate(into u: Field) {
    let nz = matrix.grid.count.z
    let inverse = matrix.inverseDiagonal.base
    let zero = Vector(repeating: 0)
    forRows { [grid = matrix.grid, factor, coarse] x, y in
      let here = grid.index(x, y, 0)
      let source = coarse.base + coarse.grid.index(x / factor.x, y / factor.y, 0)
      for z in stride(from: 0, to: nz, by: 8) {
        var e = Vector(repeating: source[z / factor.z])
        if factor.z == 4 {
          e.highHalf = SIMD4(repeating: source[z / 4 + 1])
        } else {
          for lane in 1..<8 { e[lane] = source[(z + lane) / factor.z] }
        }
        let active = load(inverse + here, z) .!= 0
        store(load(u.base + here, z) + zero.replacing(with: e, where: active), u.base + here, z)
      }
    }
  }
}
