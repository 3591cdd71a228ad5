/// Red–black Gauss–Seidel sweeps around a transform solve on a coarser grid.
///
/// The sweeps handle the contrast of the coefficients near the metal, the transform solve of
/// −ᾱ∇²e + β̄ e with constant coefficients carries the long range. Restriction sums residuals, prolongation is
/// constant per coarse cell, the sweeps after the solve run in the opposite order: the whole is symmetric.
/// Its constant mode is given the conductance of the true operator, 1ᵀA1.
///
/// The sweeps work on the scaled matrix, whose two colours are stored apart: a half sweep reads and writes only
/// what it needs, in whole vectors.
final class SweepPreconditioner {
  private let matrix: ScaledMatrix
  private let grid: Grid
  private let pool: ThreadPool
  private let before: [Stage]
  private let after: [Stage]
  private let blockPlanes: Int
  private let factor: SIMD3<Int>
  private let coarse: Field
  private let solver: HelmholtzSolver
  /// r̃ᵀz̃ and the largest |D^−½ z̃| of each plane.
  private let products, peaks: Scratch
  private var alpha = 1.0
  private var beta = 0.0
  private var constantMode = 1.0
  /// What a block of planes may take of the cache.
  private static let blockBytes = 1 << 20

  /// - Parameter sweeps: red–black sweeps on each side of the coarse solve, at least two.
  init(_ matrix: ScaledMatrix, sweeps: Int = 2) {
    precondition(sweeps >= 2)
    self.matrix = matrix
    grid = matrix.grid
    pool = matrix.pool
    before = [.first] + (1..<sweeps).flatMap { _ in [.half(0), .half(1)] }
    after = [.prolongation, .half(1)] + (1..<sweeps).flatMap { _ in [.half(0), .half(1)] } + [.last]
    products = Scratch(grid.count.x)
    peaks = Scratch(grid.count.x)
    // Enough planes for the stages to narrow.
    let planeBytes = 24 * grid.count.y * grid.count.z
    blockPlanes = max(2 * after.count + 2, Self.blockBytes / planeBytes)
    let n = grid.count
    factor = SIMD3(Self.coarsening(n.x), Self.coarsening(n.y), Self.coarsening(n.z))
    let coarser = Grid(
      count: SIMD3(n.x / factor.x, n.y / factor.y, n.z / factor.z),
      spacing: grid.spacing * SIMD3(Double(factor.x), Double(factor.y), Double(factor.z)))
    coarse = Field(coarser)
    solver = HelmholtzSolver(Transform(coarser, ends: .noFlux, pool: pool), .finiteVolume)
  }

  /// Cells per coarse cell along an axis: four where that divides the count.
  private static func coarsening(_ count: Int) -> Int {
    [4, 3, 5, 2].first { count % $0 == 0 && count >= 4 * $0 } ?? 1
  }

  /// - Parameters: the coefficients ᾱ and β̄ of the bulk, and the mean over all cells of A·1.
  func update(alpha: Double, beta: Double, constantMode: Double) {
    self.alpha = alpha
    self.beta = beta
    self.constantMode = constantMode
  }

  /// z̃ ≈ Ã⁻¹ r̃. Returns r̃ᵀz̃ and the largest |D^−½ z̃|, an estimate of the error in the unit of u.
  func apply(_ r: ColouredField, into z: ColouredField) -> (product: Double, largest: Double) {
    run(before, r, z)
    restrictResidual(r, z)
    solver.solve(coarse, into: coarse, alpha: alpha, beta: beta, zeroMode: constantMode)
    run(after, r, z)
    var (product, largest) = (0.0, 0.0)
    for x in 0..<grid.count.x {
      product += products.base[x]
      largest = max(largest, peaks.base[x])
    }
    return (product, largest)
  }

  // MARK: Stages over planes

  /// What is done to all planes before the next thing may begin on their neighbours.
  private enum Stage {
    /// The first sweep, from z = 0: red cells are r, so black ones can be set at once.
    case first
    /// z_i = r_i + Σ T z_j on the cells of one colour, which read only the other.
    case half(Int)
    /// Adds the coarse correction to the red cells; the half sweep that follows sets the black ones.
    case prolongation
    /// The last half sweep, on red cells, and what is measured of the result.
    case last
  }

  /// Runs stages one after the other, several at a time on a block of planes that stays in cache.
  ///
  /// A stage on a plane needs the stage before on its two neighbours. Each block first does what it can by
  /// itself, one plane less on either side with every stage; what is left around the blocks' borders follows.
  /// The result does not depend on the blocks.
  private func run(_ stages: [Stage], _ r: ColouredField, _ z: ColouredField) {
    let planes = grid.count.x
    let blocks = planes / blockPlanes
    guard blocks > 1 else {
      for stage in stages {
        pool.forPlanes(planes) { [self] range in for x in range { apply(stage, x, r, z) } }
      }
      return
    }
    pool.run(blocks) { [self] block in
      let range = ThreadPool.range(block, of: blocks, in: planes)
      for (s, stage) in stages.enumerated() {
        for x in range.lowerBound + s..<range.upperBound - s { apply(stage, x, r, z) }
      }
    }
    pool.run(blocks) { [self] block in
      let border = ThreadPool.range(block, of: blocks, in: planes).lowerBound
      for (s, stage) in stages.enumerated() {
        for x in border - s..<border + s { apply(stage, (x + planes) % planes, r, z) }
      }
    }
  }

  private func apply(_ stage: Stage, _ x: Int, _ r: ColouredField, _ z: ColouredField) {
    switch stage {
    case .first: for y in 0..<grid.count.y { relax(x, y, 1, from: r, r, z) }
    case .half(let colour): for y in 0..<grid.count.y { relax(x, y, colour, from: z, r, z) }
    case .prolongation: for y in 0..<grid.count.y { prolongate(x, y, z) }
    case .last:
      for y in 0..<grid.count.y { relax(x, y, 0, from: z, r, z) }
      measure(x, r, z)
    }
  }

  private func relax(
    _ x: Int, _ y: Int, _ colour: Int, from other: ColouredField, _ r: ColouredField, _ z: ColouredField
  ) {
    let star = ScaledMatrix.Star(matrix, other, x, y, colour)
    let (source, target) = (r.row(colour, x, y), z.row(colour, x, y))
    for k in stride(from: 0, to: r.stride, by: 16) {
      store(load16(source, k) + star.neighbours(k), target, k)
    }
  }

  private func measure(_ x: Int, _ r: ColouredField, _ z: ColouredField) {
    var sum = 0.0
    var peak = SIMD16<Float>(repeating: 0)
    for y in 0..<grid.count.y {
      for colour in 0..<2 {
        let (own, residual) = (z.row(colour, x, y), r.row(colour, x, y))
        let scale = matrix.inverseRoot.row(colour, x, y)
        var product = SIMD16<Float>(repeating: 0)
        for k in stride(from: 0, to: r.stride, by: 16) {
          let value = load16(own, k)
          product += value * load16(residual, k)
          let physical = value * load16(scale, k)
          let size = physical.replacing(with: -physical, where: physical .< 0)
          peak.replace(with: size, where: size .> peak)
        }
        sum += Double(product.sum())
      }
    }
    products.base[x] = sum
    peaks.base[x] = Double(peak.max())
  }

  // MARK: The coarse grid

  /// Mean over each coarse cell of r − A z, which the last half sweep left on red cells only.
  private func restrictResidual(_ r: ColouredField, _ z: ColouredField) {
    let n = coarse.grid.count
    let scale = Float(1 / Double(factor.x * factor.y * factor.z))
    pool.forPlanes(n.x) { [self] planes in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * r.stride) { scratch in
        let column = scratch.baseAddress!
        for x in planes {
          for y in 0..<n.y {
            column.update(repeating: 0, count: 2 * r.stride)
            for fineX in x * factor.x..<(x + 1) * factor.x {
              for fineY in y * factor.y..<(y + 1) * factor.y {
                addResidual(fineX, fineY, scale, r, z, to: column + (fineX + fineY) % 2 * r.stride)
              }
            }
            let target = coarse.base + coarse.grid.index(x, y, 0)
            for c in 0..<n.z { target[c] = redSum(column, c * factor.z..<(c + 1) * factor.z, r.stride) }
          }
        }
      }
    }
  }

  /// Adds the red residuals of a column to the sums over columns of its parity.
  private func addResidual(
    _ x: Int, _ y: Int, _ scale: Float, _ r: ColouredField, _ z: ColouredField, to sum: ColouredField.Cells
  ) {
    let star = ScaledMatrix.Star(matrix, z, x, y, 0)
    let (source, own, roots) = (r.row(0, x, y), z.row(0, x, y), matrix.root.row(0, x, y))
    for k in stride(from: 0, to: r.stride, by: 16) {
      let rest = load16(source, k) - load16(own, k) + star.neighbours(k)
      store(load16(sum, k) + scale * load16(roots, k) * rest, sum, k)
    }
  }

  /// Sum over some z: the red cells of even columns are 0, 2, 4…, those of odd columns, kept behind, 1, 3, 5….
  private func redSum(_ column: ColouredField.Cells, _ cells: Range<Int>, _ stride: Int) -> Double {
    var sum: Float = 0
    for z in cells { sum += column[(z & 1) * stride + z / 2] }
    return Double(sum)
  }

  private func prolongate(_ x: Int, _ y: Int, _ z: ColouredField) {
    let source = coarse.base + coarse.grid.index(x / factor.x, y / factor.y, 0)
    let (roots, target) = (matrix.root.row(0, x, y), z.row(0, x, y))
    if factor.z == 4 {
      for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
        var e = SIMD4<Float>(repeating: Float(source[k / 2]))
        e.highHalf = SIMD2(repeating: Float(source[k / 2 + 1]))
        store(load4(target, k) + load4(roots, k) * e, target, k)
      }
    } else {
      let offset = ColouredField.offset(0, x, y)
      for k in 0..<grid.count.z / 2 { target[k] += roots[k] * Float(source[(2 * k + offset) / factor.z]) }
    }
  }
}
