/// D^−½ A D^−½ of a diffusion operator A with the diagonal D, in single precision: its own diagonal is one.
///
/// Vectors are scaled like it: D^½ u and D^−½ r. Inactive cells have empty rows; they stay zero.
final class ScaledMatrix {
  let grid: Grid
  let pool: ThreadPool
  /// Off-diagonal of the row, with the sign of a conductance, for the face towards the next cell.
  private let faceX, faceY: ColouredCells
  /// The same along z, the faces above even cells and those above odd ones apart: the last of a column is zero.
  private let faceZ: ColouredCells
  /// D^½, and its inverse; both zero in inactive cells.
  let root, inverseRoot: ColouredCells
  private let storage: [ColouredField]

  init(_ grid: Grid, pool: ThreadPool) {
    self.grid = grid
    self.pool = pool
    storage = (0..<(grid.isTwoDimensional ? 4 : 5)).map { _ in ColouredField(grid) }
    faceX = storage[0].cells
    faceZ = storage[1].cells
    root = storage[2].cells
    inverseRoot = storage[3].cells
    faceY = storage[grid.isTwoDimensional ? 0 : 4].cells
  }

  /// Copies a matrix as it is assembled now.
  func copy(_ matrix: DiffusionOperator) {
    forColumns { [self] x, y in copyRoots(x, y, matrix) }
    forColumns { [self] x, y in copyFaces(x, y, matrix) }
  }

  /// q̃ = Ã p̃ on some planes; p̃ᵀq̃ of each into `products`.
  func apply(
    _ planes: Range<Int>, _ p: ColouredCells, into q: ColouredCells, products: UnsafeMutablePointer<Double>
  ) {
    for x in planes {
      var sum = 0.0
      for y in 0..<grid.count.y {
        for colour in 0..<2 {
          let star = Star(self, p, x, y, colour)
          let (own, out) = (p.row(colour, x, y), q.row(colour, x, y))
          var product = SIMD8<Float>(repeating: 0)
          star.forPieces(p.stride) { start, length, neighbours in
            let (own, out) = (own + start, out + start)
            for k in 0..<length { out[k] = own[k] - neighbours[k] }
            for k in stride(from: 0, to: length, by: 8) { product += load8(own, k) * load8(out, k) }
          }
          sum += Double(product.sum())
        }
      }
      products[x] = sum
    }
  }

  /// r̃ = D^−½ (b − q), or D^−½ b.
  func gather(_ b: Field, minus q: Field?, into r: ColouredCells) {
    forColumns { [self] x, y in
      let here = grid.index(x, y, 0)
      let source = b.base + here
      let taken = q.map { $0.base + here }
      let (evenScale, oddScale) = inverseRoot.pair(x, y)
      let (even, odd) = r.pair(x, y)
      for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
        let value = taken.map { load(source, 2 * k) - load($0, 2 * k) } ?? load(source, 2 * k)
        store(SIMD4<Float>(value.evenHalf) * load4(evenScale, k), even, k)
        store(SIMD4<Float>(value.oddHalf) * load4(oddScale, k), odd, k)
      }
    }
  }

  /// u += D^−½ ũ.
  func addScattered(_ correction: ColouredCells, to u: Field) {
    forColumns { [self] x, y in
      let target = u.base + grid.index(x, y, 0)
      let (evenScale, oddScale) = inverseRoot.pair(x, y)
      let (even, odd) = correction.pair(x, y)
      for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
        var value = Vector()
        value.evenHalf = SIMD4<Double>(load4(even, k) * load4(evenScale, k))
        value.oddHalf = SIMD4<Double>(load4(odd, k) * load4(oddScale, k))
        store(load(target, 2 * k) + value, target, 2 * k)
      }
    }
  }

  private func forColumns(_ body: @escaping (Int, Int) -> Void) {
    pool.forPlanes(grid.count.x) { [depth = grid.count.y] planes in
      for x in planes { for y in 0..<depth { body(x, y) } }
    }
  }

  // MARK: Copying

  private func copyRoots(_ x: Int, _ y: Int, _ matrix: DiffusionOperator) {
    let diagonal = matrix.diagonal.base + grid.index(x, y, 0)
    let (even, odd) = root.pair(x, y)
    let (evenInverse, oddInverse) = inverseRoot.pair(x, y)
    for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
      let value = SIMD8<Float>(load(diagonal, 2 * k)).squareRoot()
      let inverse = (1 / value).replacing(with: 0, where: value .== 0)
      store(value.evenHalf, even, k)
      store(value.oddHalf, odd, k)
      store(inverse.evenHalf, evenInverse, k)
      store(inverse.oddHalf, oddInverse, k)
    }
  }

  private func copyFaces(_ x: Int, _ y: Int, _ matrix: DiffusionOperator) {
    let here = grid.index(x, y, 0)
    let (even, odd) = inverseRoot.pair(x, y)
    let nextX = x + 1 == grid.count.x ? 0 : x + 1
    scale(matrix.faceX.base + here, even, odd, inverseRoot.pair(nextX, y), into: faceX.pair(x, y))
    if grid.count.y > 1 {
      let nextY = y + 1 == grid.count.y ? 0 : y + 1
      scale(matrix.faceY.base + here, even, odd, inverseRoot.pair(x, nextY), into: faceY.pair(x, y))
    }
    // Above an even cell is the odd one of its pair, above that the even one of the next.
    let faces = (faceZ.row(0, x, y), faceZ.row(1, x, y))
    scale(matrix.faceZ.base + here, even, odd, (odd, even + 1), into: faces)
  }

  /// T divided by the roots of the diagonal on both sides.
  private func scale(
    _ face: UnsafeMutablePointer<Double>, _ even: ColouredCells.Singles, _ odd: ColouredCells.Singles,
    _ other: (ColouredCells.Singles, ColouredCells.Singles),
    into result: (ColouredCells.Singles, ColouredCells.Singles)
  ) {
    for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
      let value = load(face, 2 * k)
      store(SIMD4<Float>(value.evenHalf) * load4(even, k) * load4(other.0, k), result.0, k)
      store(SIMD4<Float>(value.oddHalf) * load4(odd, k) * load4(other.1, k), result.1, k)
    }
  }

  /// The cells of one colour in a column and the cells around them, all of the other colour.
  struct Star {
    private let nextX, previousX, nextY, previousY, above, below: ColouredCells.Singles
    private let faceX, faceXBefore, faceY, faceYBefore, faceZ, faceZBefore: ColouredCells.Singles
    private let isDeep: Bool

    @inline(__always)
    init(_ matrix: ScaledMatrix, _ u: ColouredCells, _ x: Int, _ y: Int, _ colour: Int) {
      let n = matrix.grid.count
      let other = 1 - colour
      let (next, previous) = (x + 1 == n.x ? 0 : x + 1, x == 0 ? n.x - 1 : x - 1)
      let (right, left) = (y + 1 == n.y ? 0 : y + 1, y == 0 ? n.y - 1 : y - 1)
      isDeep = n.y > 1
      nextX = u.row(other, next, y)
      previousX = u.row(other, previous, y)
      faceX = matrix.faceX.row(colour, x, y)
      faceXBefore = matrix.faceX.row(other, previous, y)
      nextY = u.row(other, x, right)
      previousY = u.row(other, x, left)
      faceY = matrix.faceY.row(colour, x, y)
      faceYBefore = matrix.faceY.row(other, x, left)
      let offset = ColouredCells.offset(colour, x, y)
      above = u.row(other, x, y) + offset
      below = above - 1
      faceZ = matrix.faceZ.row(offset, x, y)
      faceZBefore = matrix.faceZ.row(1 - offset, x, y) + offset - 1
    }

    /// Σ T u of the cells around each cell of the column, a piece of it at a time: `body` takes where the piece
    /// starts, its length and the sums.
    ///
    /// Plain loops over few pointers: those the compiler turns into whole vectors.
    @inline(__always)
    func forPieces(_ count: Int, _ body: (Int, Int, ColouredCells.Singles) -> Void) {
      withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.piece) { scratch in
        let sum = scratch.baseAddress!
        for start in stride(from: 0, to: count, by: Self.piece) {
          let length = min(Self.piece, count - start)
          add(
            faceX + start, nextX + start, faceXBefore + start, previousX + start, to: sum, length,
            isFirst: true)
          if isDeep {
            add(faceY + start, nextY + start, faceYBefore + start, previousY + start, to: sum, length)
          }
          add(faceZ + start, above + start, faceZBefore + start, below + start, to: sum, length)
          body(start, length, sum)
        }
      }
    }

    /// sum += a b + c d.
    @inline(__always)
    private func add(
      _ a: ColouredCells.Singles, _ b: ColouredCells.Singles, _ c: ColouredCells.Singles,
      _ d: ColouredCells.Singles, to sum: ColouredCells.Singles, _ length: Int, isFirst: Bool = false
    ) {
      if isFirst {
        for k in 0..<length { sum[k] = a[k] * b[k] + c[k] * d[k] }
      } else {
        for k in 0..<length { sum[k] += a[k] * b[k] + c[k] * d[k] }
      }
    }

    /// A kilobyte, what a temporary may take of the stack.
    private static let piece = 256
  }
}
