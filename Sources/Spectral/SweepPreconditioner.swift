/// Red–black Gauss–Seidel sweeps around a transform solve on a coarser grid.
///
/// The sweeps handle the contrast of the coefficients near the metal, the transform solve of
/// −ᾱ∇²e + β̄ e with constant coefficients carries the long range. Restriction sums residuals, prolongation is
/// constant per coarse cell, the sweeps after the solve run in the opposite order: the whole is symmetric.
/// Its constant mode is given the conductance of the true operator, 1ᵀA1.
///
/// The sweeps work in single precision on cells whose two colours are stored apart: a half sweep reads and writes
/// only what it needs, in whole vectors.
final class SweepPreconditioner {
  private let matrix: SingleMatrix
  private let grid: Grid
  private let pool: ThreadPool
  private let factor: SIMD3<Int>
  private let coarse: Field
  private let solver: HelmholtzSolver
  /// What the stages work on, so that they can be made once: an application allocates nothing.
  private let r: ColouredCells
  private var z: ColouredCells
  private var before: [(Range<Int>) -> Void] = []
  private var after: [(Range<Int>) -> Void] = []
  private let strip: Int
  /// For each range of coarse planes, what is summed over the columns of a coarse one.
  private let residuals: UnsafeMutablePointer<Float>
  /// rᵀz and the largest |z| of each plane.
  private let products, peaks: Scratch
  private var alpha = 1.0
  private var beta = 0.0
  private var constantMode = 1.0

  /// - Parameters:
  ///   - residual: r, what it is applied to.
  ///   - prepare: done to planes of r before they are used.
  ///   - sweeps: red–black sweeps on each side of the coarse solve, at least one.
  init(
    _ matrix: SingleMatrix, residual: ColouredCells, prepare: ((Range<Int>) -> Void)? = nil, sweeps: Int = 2
  ) {
    precondition(sweeps >= 1)
    self.matrix = matrix
    grid = matrix.grid
    pool = matrix.pool
    r = residual
    z = residual
    residuals = .allocate(capacity: ThreadPool.ranges * residual.stride)
    products = Scratch(grid.count.x)
    peaks = Scratch(grid.count.x)
    let n = grid.count
    factor = SIMD3(Self.coarsening(n.x), Self.coarsening(n.y), Self.evenCoarsening(n.z))
    let coarser = Grid(
      count: SIMD3(n.x / factor.x, n.y / factor.y, n.z / factor.z),
      spacing: grid.spacing * SIMD3(Double(factor.x), Double(factor.y), Double(factor.z)))
    coarse = Field(coarser)
    solver = HelmholtzSolver(Transform(coarser, ends: .noFlux, pool: pool), .finiteVolume)
    strip = max(1, Self.stripBytes / (24 * n.y * n.z))
    let red = { [unowned self] (planes: Range<Int>) in matrix.relax(planes, 0, r, from: z, into: z) }
    let black = { [unowned self] (planes: Range<Int>) in matrix.relax(planes, 1, r, from: z, into: z) }
    before = prepare.map { [$0] } ?? []
    before.append { [unowned self] planes in relaxFromZero(planes) }
    before.append(black)
    for _ in 1..<sweeps { before += [red, black] }
    // The half sweep after the prolongation sets the black cells.
    after = [{ [unowned self] planes in prolongate(planes) }, black]
    for _ in 1..<sweeps { after += [red, black] }
    after.append { [unowned self] planes in
      matrix.relax(planes, 0, r, from: z, into: z)
      measure(planes)
    }
  }

  deinit { residuals.deallocate() }

  /// What the strips of planes under work may take of the cache.
  private static let stripBytes = 1 << 17

  /// Cells per coarse cell along an axis: four where that divides the count.
  private static func coarsening(_ count: Int) -> Int {
    [4, 3, 5, 2].first { count % $0 == 0 && count >= 4 * $0 } ?? 1
  }

  /// The same along z, where red and black cells of a coarse cell are as many.
  private static func evenCoarsening(_ count: Int) -> Int { count >= 16 ? 4 : 2 }

  /// - Parameters: the coefficients ᾱ and β̄ of the bulk, and the mean over all cells of A·1.
  func update(alpha: Double, beta: Double, constantMode: Double) {
    self.alpha = alpha
    self.beta = beta
    self.constantMode = constantMode
  }

  /// z ≈ (A/unit)⁻¹ r. Returns rᵀz and the largest |z|.
  func apply(into z: ColouredCells) -> (product: Double, largest: Double) {
    self.z = z
    pool.runStages(planes: grid.count.x, strip: strip, before)
    restrictResidual()
    let unit = matrix.unit
    solver.solve(coarse, into: coarse, alpha: alpha / unit, beta: beta / unit, zeroMode: constantMode / unit)
    pool.runStages(planes: grid.count.x, strip: strip, after)
    var (product, largest) = (0.0, 0.0)
    for x in 0..<grid.count.x {
      product += products.base[x]
      largest = max(largest, peaks.base[x])
    }
    return (product, largest)
  }

  // MARK: Stages on planes

  /// The first half sweep, from z = 0, on red cells.
  private func relaxFromZero(_ planes: Range<Int>) {
    let (r, z) = (r, z)
    for x in planes {
      for y in 0..<grid.count.y {
        let (source, target) = (r.row(0, x, y), z.row(0, x, y))
        let inverse = matrix.inverseDiagonal.row(0, x, y)
        for k in 0..<r.stride { target[k] = source[k] * inverse[k] }
      }
    }
  }

  private func measure(_ planes: Range<Int>) {
    let (r, z) = (r, z)
    for x in planes {
      var sum = 0.0
      var peak = SIMD8<Float>(repeating: 0)
      for y in 0..<grid.count.y {
        for colour in 0..<2 {
          let (own, residual) = (z.row(colour, x, y), r.row(colour, x, y))
          var product = SIMD8<Float>(repeating: 0)
          for k in stride(from: 0, to: r.stride, by: 8) {
            let value = load8(own, k)
            product += value * load8(residual, k)
            let size = value.replacing(with: -value, where: value .< 0)
            peak.replace(with: size, where: size .> peak)
          }
          sum += Double(product.sum())
        }
      }
      products.base[x] = sum
      peaks.base[x] = Double(peak.max())
    }
  }

  // MARK: The coarse grid

  /// Mean over each coarse cell of r − A z, which the last half sweep left on red cells only.
  private func restrictResidual() {
    let n = coarse.grid.count
    let half = factor.z / 2
    let scale = Float(1 / Double(factor.x * factor.y * factor.z))
    pool.run(ThreadPool.ranges) { part in
      let sum = residuals + part * r.stride
      for x in ThreadPool.range(part, of: ThreadPool.ranges, in: n.x) {
        for y in 0..<n.y {
          sum.update(repeating: 0, count: r.stride)
          for fineX in x * factor.x..<(x + 1) * factor.x {
            for fineY in y * factor.y..<(y + 1) * factor.y {
              matrix.addResidual(0, fineX, fineY, r, z, to: sum)
            }
          }
          // The red cells of a coarse cell, in whatever column, are two in a row.
          let target = coarse.base + coarse.grid.index(x, y, 0)
          if half == 2 {
            for c in 0..<n.z { target[c] = Double(scale * (sum[2 * c] + sum[2 * c + 1])) }
          } else {
            for c in 0..<n.z { target[c] = Double(scale * sum[c]) }
          }
        }
      }
    }
  }

  /// Adds the coarse correction to the red cells.
  private func prolongate(_ planes: Range<Int>) {
    let z = z
    for x in planes {
      for y in 0..<grid.count.y {
        let source = coarse.base + coarse.grid.index(x / factor.x, y / factor.y, 0)
        let target = z.row(0, x, y)
        if factor.z == 4 {
          for c in 0..<coarse.grid.count.z {
            let e = Float(source[c])
            target[2 * c] += e
            target[2 * c + 1] += e
          }
        } else {
          for k in 0..<coarse.grid.count.z { target[k] += Float(source[k]) }
        }
      }
    }
  }
}
