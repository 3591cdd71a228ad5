/// Red–black Gauss–Seidel sweeps around a transform solve on a coarser grid.
///
/// The sweeps handle the contrast of the coefficients near the metal, the transform solve of
/// −ᾱ∇²e + β̄ e with constant coefficients carries the long range. Restriction sums residuals, prolongation is
/// constant per coarse cell, the sweeps after the solve run in the opposite order: the whole is symmetric.
/// Its constant mode is given the conductance of the true operator, 1ᵀA1.
///
/// The sweeps work in single precision on D^−½ A D^−½, D the diagonal of A, whose own diagonal is one. The two
/// colours are stored apart (`ColouredField`), so that a half sweep reads and writes only what it needs, in
/// whole vectors.
public final class SweepPreconditioner: Preconditioner {
  private let grid: Grid
  private let pool: ThreadPool
  private let before: [Stage]
  private let after: [Stage]
  private let blockPlanes: Int
  private let factor: SIMD3<Int>
  private let coarse: Field
  private let solver: HelmholtzSolver
  /// Off-diagonal of D^−½ A D^−½, with the sign of a conductance, for the face towards the next cell.
  private let faceX, faceY: ColouredField
  /// The same along z, the faces above even cells and those above odd ones apart: the last of a column is zero.
  private let faceZ: ColouredField
  /// D^½, and its inverse: zero in inactive cells.
  private let root, inverseRoot: ColouredField
  /// D^−½ r, and D^½ times the correction.
  private let residual, correction: ColouredField
  /// rᵀz and the largest |z| of each plane.
  private let products, peaks: Scratch
  private var alpha = 1.0
  private var beta = 0.0
  private var constantMode = 1.0
  /// What a block of planes may take of the cache.
  private static let blockBytes = 1 << 20

  /// - Parameter sweeps: red–black sweeps on each side of the coarse solve.
  public init(_ grid: Grid, pool: ThreadPool, sweeps: Int = 2) {
    self.grid = grid
    self.pool = pool
    before = [.gather, .half(1)] + (1..<sweeps).flatMap { _ in [.half(0), .half(1)] }
    after = [.prolongation] + (0..<sweeps).flatMap { _ in [.half(1), .half(0)] } + [.scatter]
    faceX = ColouredField(grid)
    faceY = grid.isTwoDimensional ? faceX : ColouredField(grid)
    faceZ = ColouredField(grid)
    root = ColouredField(grid)
    inverseRoot = ColouredField(grid)
    residual = ColouredField(grid)
    correction = ColouredField(grid)
    products = Scratch(grid.count.x)
    peaks = Scratch(grid.count.x)
    // Enough planes for the stages to narrow.
    let planeBytes = 32 * grid.count.y * grid.count.z
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

  /// Takes over a matrix as it is assembled now.
  ///
  /// - Parameters: the coefficients ᾱ and β̄ of the bulk, and the mean over all cells of A·1.
  public func update(_ matrix: DiffusionOperator, alpha: Double, beta: Double, constantMode: Double) {
    self.alpha = alpha
    self.beta = beta
    self.constantMode = constantMode
    pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes { for y in 0..<grid.count.y { takeRoots(x, y, matrix) } }
    }
    pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes { for y in 0..<grid.count.y { takeFaces(x, y, matrix) } }
    }
  }

  public func apply(_ r: Field, into z: Field) -> (product: Double, largest: Double) {
    run(before, r, z)
    restrictResidual()
    solver.solve(coarse, into: coarse, alpha: alpha, beta: beta, zeroMode: constantMode)
    run(after, r, z)
    var (product, largest) = (0.0, 0.0)
    for x in 0..<grid.count.x {
      product += products.base[x]
      largest = max(largest, peaks.base[x])
    }
    return (product, largest)
  }

  // MARK: The scaled matrix

  private func takeRoots(_ x: Int, _ y: Int, _ matrix: DiffusionOperator) {
    let diagonal = matrix.diagonal.base + grid.index(x, y, 0)
    let (first, second) = root.pair(x, y)
    let (firstInverse, secondInverse) = inverseRoot.pair(x, y)
    for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
      let value = SIMD8<Float>(load(diagonal, 2 * k)).squareRoot()
      let inverse = (1 / value).replacing(with: 0, where: value .== 0)
      store(value.evenHalf, first, k)
      store(value.oddHalf, second, k)
      store(inverse.evenHalf, firstInverse, k)
      store(inverse.oddHalf, secondInverse, k)
    }
  }

  private func takeFaces(_ x: Int, _ y: Int, _ matrix: DiffusionOperator) {
    let here = grid.index(x, y, 0)
    let half = grid.count.z / 2
    let (even, odd) = inverseRoot.pair(x, y)
    let nextX = x + 1 == grid.count.x ? 0 : x + 1
    scale(matrix.faceX.base + here, even, odd, inverseRoot.pair(nextX, y), into: faceX.pair(x, y), half)
    if grid.count.y > 1 {
      let nextY = y + 1 == grid.count.y ? 0 : y + 1
      scale(matrix.faceY.base + here, even, odd, inverseRoot.pair(x, nextY), into: faceY.pair(x, y), half)
    }
    // Above an even cell is the odd one of its pair, above that the even one of the next.
    let faces = (faceZ.row(0, x, y), faceZ.row(1, x, y))
    scale(matrix.faceZ.base + here, even, odd, (odd, even + 1), into: faces, half)
  }

  /// T divided by the roots of the diagonal on both sides.
  private func scale(
    _ face: UnsafeMutablePointer<Double>, _ even: ColouredField.Cells, _ odd: ColouredField.Cells,
    _ other: (ColouredField.Cells, ColouredField.Cells),
    into result: (ColouredField.Cells, ColouredField.Cells),
    _ half: Int
  ) {
    for k in stride(from: 0, to: half, by: 4) {
      let value = load(face, 2 * k)
      let first = SIMD4<Float>(value.evenHalf) * loadFour(even, k) * loadFour(other.0, k)
      let second = SIMD4<Float>(value.oddHalf) * loadFour(odd, k) * loadFour(other.1, k)
      store(first, result.0, k)
      store(second, result.1, k)
    }
  }

  // MARK: Stages over planes

  /// What is done to all planes before the next thing may begin on their neighbours.
  private enum Stage {
    /// Takes r in, with the first half sweep from a correction of zero.
    case gather
    /// u_i = r_i + Σ T u_j on the cells of one colour, which read only the other.
    case half(Int)
    /// Adds the coarse correction to the red cells; the half sweep that follows sets the black ones.
    case prolongation
    /// Gives the correction out.
    case scatter
  }

  /// Runs stages one after the other, several at a time on a block of planes that stays in cache.
  ///
  /// A stage on a plane needs the stage before on its two neighbours. Each block first does what it can by
  /// itself, one plane less on either side with every stage; what is left around the blocks' borders follows.
  /// The result does not depend on the blocks.
  private func run(_ stages: [Stage], _ r: Field, _ z: Field) {
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

  private func apply(_ stage: Stage, _ x: Int, _ r: Field, _ z: Field) {
    switch stage {
    case .gather: for y in 0..<grid.count.y { gather(x, y, r) }
    case .half(let colour): for y in 0..<grid.count.y { relax(x, y, colour) }
    case .prolongation: for y in 0..<grid.count.y { prolongate(x, y) }
    case .scatter: scatter(x, r, into: z)
    }
  }

  private func gather(_ x: Int, _ y: Int, _ r: Field) {
    let source = r.base + grid.index(x, y, 0)
    let (evenScale, oddScale) = inverseRoot.pair(x, y)
    let (even, odd) = residual.pair(x, y)
    for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
      let value = load(source, 2 * k)
      store(SIMD4<Float>(value.evenHalf) * loadFour(evenScale, k), even, k)
      store(SIMD4<Float>(value.oddHalf) * loadFour(oddScale, k), odd, k)
    }
    let red = residual.row(0, x, y)
    correction.row(0, x, y).update(from: red, count: residual.stride)
  }

  private func scatter(_ x: Int, _ r: Field, into z: Field) {
    var product = Vector(repeating: 0)
    var peak = Vector(repeating: 0)
    for y in 0..<grid.count.y {
      let here = grid.index(x, y, 0)
      let (source, target) = (r.base + here, z.base + here)
      let (evenScale, oddScale) = inverseRoot.pair(x, y)
      let (even, odd) = correction.pair(x, y)
      for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
        var value = Vector()
        value.evenHalf = SIMD4<Double>(loadFour(even, k) * loadFour(evenScale, k))
        value.oddHalf = SIMD4<Double>(loadFour(odd, k) * loadFour(oddScale, k))
        store(value, target, 2 * k)
        product += value * load(source, 2 * k)
        peak = pointwiseMax(peak, pointwiseMax(value, -value))
      }
    }
    products.base[x] = product.sum()
    peaks.base[x] = peak.max()
  }

  private func relax(_ x: Int, _ y: Int, _ colour: Int) {
    let star = Star(self, x, y, colour)
    let source = residual.row(colour, x, y)
    let target = correction.row(colour, x, y)
    for k in stride(from: 0, to: residual.stride, by: 16) {
      store(loadSingles(source, k) + star.neighbours(k), target, k)
    }
  }

  /// Mean over each coarse cell of r − A u, which the last half sweep left on red cells only.
  private func restrictResidual() {
    let n = coarse.grid.count
    let scale = Float(1 / Double(factor.x * factor.y * factor.z))
    pool.forPlanes(n.x) { [self] planes in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * residual.stride) { scratch in
        let column = scratch.baseAddress!
        for x in planes {
          for y in 0..<n.y {
            column.update(repeating: 0, count: 2 * residual.stride)
            for fineX in x * factor.x..<(x + 1) * factor.x {
              for fineY in y * factor.y..<(y + 1) * factor.y {
                addResidual(fineX, fineY, scale, to: column + (fineX + fineY) % 2 * residual.stride)
              }
            }
            gatherCoarse(column, into: coarse.base + coarse.grid.index(x, y, 0))
          }
        }
      }
    }
  }

  /// Adds the red residuals of a column to the sums of columns of its parity.
  private func addResidual(_ x: Int, _ y: Int, _ scale: Float, to sum: UnsafeMutablePointer<Float>) {
    let star = Star(self, x, y, 0)
    let source = residual.row(0, x, y)
    let own = correction.row(0, x, y)
    let roots = root.row(0, x, y)
    for k in stride(from: 0, to: residual.stride, by: 16) {
      let rest = loadSingles(source, k) - loadSingles(own, k) + star.neighbours(k)
      store(loadSingles(sum, k) + scale * loadSingles(roots, k) * rest, sum, k)
    }
  }

  /// Sums the red cells of a coarse column along z: those of even columns are cells 0, 2, 4…, of odd ones 1, 3, 5….
  private func gatherCoarse(_ column: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Double>)
  {
    let stride = residual.stride
    for c in 0..<coarse.grid.count.z {
      var sum: Float = 0
      for z in c * factor.z..<(c + 1) * factor.z { sum += column[z % 2 * stride + z / 2] }
      target[c] = Double(sum)
    }
  }

  private func prolongate(_ x: Int, _ y: Int) {
    let source = coarse.base + coarse.grid.index(x / factor.x, y / factor.y, 0)
    let roots = root.row(0, x, y)
    let target = correction.row(0, x, y)
    let parity = (x + y) % 2
    if factor.z == 4 {
      for k in Swift.stride(from: 0, to: grid.count.z / 2, by: 4) {
        var e = SIMD4<Float>(repeating: Float(source[k / 2]))
        e.highHalf = SIMD2(repeating: Float(source[k / 2 + 1]))
        store(loadFour(target, k) + loadFour(roots, k) * e, target, k)
      }
    } else {
      for k in 0..<grid.count.z / 2 {
        target[k] += roots[k] * Float(source[(2 * k + parity) / factor.z])
      }
    }
  }

  /// A cell of one colour in a column and the cells around it, all of the other colour.
  private struct Star {
    private let nextX, previousX, nextY, previousY, above, below: ColouredField.Cells
    private let faceX, faceXBefore, faceY, faceYBefore, face, faceBefore: ColouredField.Cells
    private let isDeep: Bool

    @inline(__always)
    init(_ owner: SweepPreconditioner, _ x: Int, _ y: Int, _ colour: Int) {
      let n = owner.grid.count
      let other = 1 - colour
      let up = x + 1 == n.x ? 0 : x + 1
      let down = x == 0 ? n.x - 1 : x - 1
      let u = owner.correction
      isDeep = n.y > 1
      nextX = u.row(other, up, y)
      previousX = u.row(other, down, y)
      faceX = owner.faceX.row(colour, x, y)
      faceXBefore = owner.faceX.row(other, down, y)
      let right = y + 1 == n.y ? 0 : y + 1
      let left = y == 0 ? n.y - 1 : y - 1
      nextY = u.row(other, x, right)
      previousY = u.row(other, x, left)
      faceY = owner.faceY.row(colour, x, y)
      faceYBefore = owner.faceY.row(other, x, left)
      let offset = ColouredField.offset(colour, x, y)
      above = u.row(other, x, y) + offset
      below = above - 1
      face = owner.faceZ.row(offset, x, y)
      faceBefore = owner.faceZ.row(1 - offset, x, y) + offset - 1
    }

    /// Σ T u of the cells around sixteen cells.
    @inline(__always)
    func neighbours(_ k: Int) -> SIMD16<Float> {
      var sum =
        loadSingles(faceX, k) * loadSingles(nextX, k) + loadSingles(faceXBefore, k)
        * loadSingles(previousX, k)
        + (loadSingles(face, k) * loadSingles(above, k) + loadSingles(faceBefore, k) * loadSingles(below, k))
      if isDeep {
        sum +=
          loadSingles(faceY, k) * loadSingles(nextY, k)
          + loadSingles(faceYBefore, k) * loadSingles(previousY, k)
      }
      return sum
    }
  }
}
