/// Red–black Gauss–Seidel sweeps around a transform solve on a coarser grid.
///
/// The sweeps handle the contrast of the coefficients near the metal, the transform solve of
/// −ᾱ∇²e + β̄ e with constant coefficients carries the long range. Restriction sums residuals, prolongation is
/// constant per coarse cell, the sweeps after the solve run in the opposite order: the whole is symmetric.
/// Its constant mode is given the conductance of the true operator, 1ᵀA1.
public final class SweepPreconditioner: Preconditioner {
  private let matrix: DiffusionOperator
  private let pool: ThreadPool
  private let before: [Stage]
  private let after: [Stage]
  private let masks = ColourMasks(length: SweepPreconditioner.piece)
  private let blockPlanes: Int
  private let factor: SIMD3<Int>
  private let coarse: Field
  private let solver: HelmholtzSolver
  private static let blockBytes = 1 << 19
  private var alpha = 1.0
  private var beta = 0.0
  private var constantMode = 1.0

  /// - Parameter sweeps: red–black sweeps on each side of the coarse solve.
  public init(_ matrix: DiffusionOperator, pool: ThreadPool, sweeps: Int = 2) {
    self.matrix = matrix
    self.pool = pool
    before = [.fromZero, .half(1)] + (1..<sweeps).flatMap { _ in [.half(0), .half(1)] }
    after = [.prolongation] + (0..<sweeps).flatMap { _ in [.half(1), .half(0)] }
    // Five fields of a block in about a megabyte, and enough planes for the stages to narrow.
    let planeBytes = 40 * matrix.grid.count.y * matrix.grid.count.z
    blockPlanes = max(2 * after.count + 2, Self.blockBytes / planeBytes)
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
    run(before, r, z)
    restrictResidual(r, z)
    solver.solve(coarse, into: coarse, alpha: alpha, beta: beta, zeroMode: constantMode)
    run(after, r, z)
  }

  // MARK: Stages over planes

  /// What is done to all planes before the next thing may begin on their neighbours.
  private enum Stage {
    /// The first half sweep, from u = 0: red cells r_i/A_ii, black ones zero.
    case fromZero
    /// u_i = (r_i + Σ T u_j)/A_ii on the cells of one colour, which read only the other.
    case half(Int)
    /// Adds the coarse correction.
    case prolongation
  }

  /// Runs stages one after the other, several at a time on a block of planes that stays in cache.
  ///
  /// A stage on a plane needs the stage before on its two neighbours. Each block first does what it can by
  /// itself, one plane less on either side with every stage; what is left around the blocks' borders follows.
  /// The result does not depend on the blocks.
  private func run(_ stages: [Stage], _ r: Field, _ u: Field) {
    let planes = matrix.grid.count.x
    let blocks = planes / blockPlanes
    guard blocks > 1 else {
      for stage in stages {
        pool.forPlanes(planes) { [self] range in for x in range { apply(stage, x, r, u) } }
      }
      return
    }
    pool.run(blocks) { [self] block in
      let range = ThreadPool.range(block, of: blocks, in: planes)
      for (s, stage) in stages.enumerated() {
        for x in range.lowerBound + s..<range.upperBound - s { apply(stage, x, r, u) }
      }
    }
    pool.run(blocks) { [self] block in
      let border = ThreadPool.range(block, of: blocks, in: planes).lowerBound
      for (s, stage) in stages.enumerated() {
        for x in border - s..<border + s { apply(stage, (x + planes) % planes, r, u) }
      }
    }
  }

  private func apply(_ stage: Stage, _ x: Int, _ r: Field, _ u: Field) {
    for y in 0..<matrix.grid.count.y {
      switch stage {
      case .fromZero: relaxFromZero(x, y, r, u)
      case .half(let colour): relax(x, y, colour, r, u)
      case .prolongation: prolongate(x, y, into: u)
      }
    }
  }

  private func relaxFromZero(_ x: Int, _ y: Int, _ r: Field, _ u: Field) {
    let here = matrix.grid.index(x, y, 0)
    let inverse = matrix.inverseDiagonal.base + here
    let (source, target) = (r.base + here, u.base + here)
    let mask = masks[x + y]
    for start in stride(from: 0, to: matrix.grid.count.z, by: Self.piece) {
      let (r, a, out) = (source + start, inverse + start, target + start)
      for z in 0..<min(Self.piece, matrix.grid.count.z - start) { out[z] = mask[z] * r[z] * a[z] }
    }
  }

  private func relax(_ x: Int, _ y: Int, _ colour: Int, _ r: Field, _ u: Field) {
    let row = Row(matrix, x, y)
    let inverse = matrix.inverseDiagonal.base + row.here
    let (source, target, values) = (r.base + row.here, u.base + row.here, u.base)
    let mask = masks[x + y + colour]
    // Both colours of a piece of the column are computed, in plain vector loops, and one is kept: what a piece
    // reads of the piece before is of the other colour where it counts.
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.piece) { scratch in
      let relaxed = scratch.baseAddress!
      for start in stride(from: 0, to: matrix.grid.count.z, by: Self.piece) {
        let length = min(Self.piece, matrix.grid.count.z - start)
        let (r, a, out) = (source + start, inverse + start, target + start)
        row.neighbours(values, from: start, count: length, into: relaxed)
        for z in 0..<length { relaxed[z] = (r[z] + relaxed[z]) * a[z] }
        for z in 0..<length { out[z] = mask[z] != 0 ? relaxed[z] : out[z] }
      }
    }
  }

  /// Cells of a column that are relaxed at a time.
  fileprivate static let piece = 64

  /// Mean over each coarse cell of r − A u. The last half sweep left none on black cells.
  private func restrictResidual(_ r: Field, _ u: Field) {
    let n = coarse.grid.count
    pool.forPlanes(n.x) { [self] planes in
      for x in planes {
        for y in 0..<n.y {
          let target = coarse.base + coarse.grid.index(x, y, 0)
          target.update(repeating: 0, count: n.z)
          for fineX in x * factor.x..<(x + 1) * factor.x {
            for fineY in y * factor.y..<(y + 1) * factor.y { addResidual(fineX, fineY, r, u, to: target) }
          }
        }
      }
    }
  }

  /// Adds the share of one fine column to its coarse column.
  private func addResidual(
    _ x: Int, _ y: Int, _ r: Field, _ u: Field, to target: UnsafeMutablePointer<Double>
  ) {
    let row = Row(matrix, x, y)
    let (source, own, values) = (r.base + row.here, u.base + row.here, u.base)
    let diagonal = matrix.diagonal.base + row.here
    let mask = masks[x + y]
    let scale = 1 / Double(factor.x * factor.y * factor.z)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.piece) { scratch in
      let residual = scratch.baseAddress!
      for start in stride(from: 0, to: matrix.grid.count.z, by: Self.piece) {
        let length = min(Self.piece, matrix.grid.count.z - start)
        let (r, a, u) = (source + start, diagonal + start, own + start)
        row.neighbours(values, from: start, count: length, into: residual)
        for z in 0..<length { residual[z] = mask[z] * scale * (r[z] + residual[z] - a[z] * u[z]) }
        for c in 0..<length / factor.z {
          var sum = 0.0
          for z in c * factor.z..<(c + 1) * factor.z { sum += residual[z] }
          target[start / factor.z + c] += sum
        }
      }
    }
  }

  private func prolongate(_ x: Int, _ y: Int, into u: Field) {
    let here = matrix.grid.index(x, y, 0)
    let inverse = matrix.inverseDiagonal.base + here
    let target = u.base + here
    let source = coarse.base + coarse.grid.index(x / factor.x, y / factor.y, 0)
    for z in stride(from: 0, to: matrix.grid.count.z, by: 8) {
      var e = Vector(repeating: source[z / factor.z])
      if factor.z == 4 {
        e.highHalf = SIMD4(repeating: source[z / 4 + 1])
      } else {
        for lane in 1..<8 { e[lane] = source[(z + lane) / factor.z] }
      }
      let active = load(inverse, z) .!= 0
      store(load(target, z) + Vector(repeating: 0).replacing(with: e, where: active), target, z)
    }
  }
}
