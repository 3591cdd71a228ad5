/// A diffusion operator in single precision, divided by a unit of the size of its diagonal.
///
/// It is applied as Σ T (u_i − u_j) + B u_i, never as D u_i − Σ T u_j: where B is small the constant mode is a
/// hundred-millionth of the diagonal, and the second form would lose it to rounding.
final class SingleMatrix {
  let grid: Grid
  let pool: ThreadPool
  /// T of the face towards the next cell.
  private let faceX, faceY: ColouredCells
  /// The same along z, the faces above even cells and those above odd ones apart: the last of a column is zero.
  private let faceZ: ColouredCells
  /// B, and 1/D; both zero in inactive cells.
  private let reaction: ColouredCells
  let inverseDiagonal: ColouredCells
  /// What the entries are divided by.
  private(set) var unit = 1.0
  private let storage: [ColouredField]

  init(_ grid: Grid, pool: ThreadPool) {
    self.grid = grid
    self.pool = pool
    storage = (0..<(grid.isTwoDimensional ? 4 : 5)).map { _ in ColouredField(grid) }
    faceX = storage[0].cells
    faceZ = storage[1].cells
    reaction = storage[2].cells
    inverseDiagonal = storage[3].cells
    faceY = storage[grid.isTwoDimensional ? 0 : 4].cells
  }

  /// Takes over a matrix as it is assembled now, and r = (b − A u)/unit in double precision while its entries are at
  /// hand; r = b/unit without u. b is zero in inactive cells.
  ///
  /// - Parameter unit: the size of its largest diagonal entries.
  func copy(
    _ matrix: DiffusionOperator, unit: Double, residualOf u: Field?, _ b: Field, into r: ColouredCells
  ) {
    self.unit = unit
    let scale = 1 / unit
    pool.forColumns(grid) { x, y in
      let row = Row(matrix, x, y, u ?? matrix.faceX)
      let (source, target) = (b.base + row.here, r.pair(x, y))
      if let own = u.map({ $0.base + row.here }) {
        copy(row, matrix, x, y) { z, held in
          let rest = load(source, z) - held * load(own, z) + row.inflow(z)
          store(single(scale * rest), to: target, z / 2)
        }
      } else {
        copy(row, matrix, x, y) { z, _ in store(single(scale * load(source, z)), to: target, z / 2) }
      }
    }
  }

  /// One column; `body` takes the place of eight cells in it and what holds them, B and the conductance of the top.
  @inline(__always)
  private func copy(
    _ row: Row, _ matrix: DiffusionOperator, _ x: Int, _ y: Int, _ body: (Int, Vector) -> Void
  ) {
    let scale = Float(1 / unit)
    let (besideX, besideY) = (faceX.pair(x, y), faceY.pair(x, y))
    let above = (faceZ.row(0, x, y), faceZ.row(1, x, y))
    let (reactions, inverses) = (reaction.pair(x, y), inverseDiagonal.pair(x, y))
    matrix.forHeld(row.here) { z, held in
      store(scale * single(load(matrix.faceX.base + row.here, z)), to: besideX, z / 2)
      if grid.count.y > 1 { store(scale * single(load(matrix.faceY.base + row.here, z)), to: besideY, z / 2) }
      store(scale * single(load(matrix.faceZ.base + row.here, z)), to: above, z / 2)
      store(scale * single(held), to: reactions, z / 2)
      let own = scale * single(held + row.faceSum(z))
      store((1 / own).replacing(with: SIMD8(repeating: 0), where: own .== 0), to: inverses, z / 2)
      body(z, held)
    }
  }

  /// q = A p/unit on some planes; pᵀq of each into `products`.
  func apply(
    _ planes: Range<Int>, _ p: ColouredCells, into q: ColouredCells, products: UnsafeMutablePointer<Double>
  ) {
    for x in planes {
      var sum = 0.0
      for y in 0..<grid.count.y {
        for colour in 0..<2 {
          let (own, out) = (p.row(colour, x, y), q.row(colour, x, y))
          let b = reaction.row(colour, x, y)
          var product = SIMD8<Float>(repeating: 0)
          let star = Star(self, p, x, y, colour)
          for k in stride(from: 0, to: p.stride, by: 8) {
            let value = load8(own, k)
            let applied = load8(b, k) * value + star.outflow(value, k)
            store(applied, out, k)
            product += value * applied
          }
          sum += Double(product.sum())
        }
      }
      products[x] = sum
    }
  }

  /// u = correction + estimate, or u += correction + estimate; without a correction the estimate alone.
  func scatter(
    _ correction: ColouredCells?, _ estimate: ColouredCells, into u: Field, adding isAdded: Bool
  ) {
    pool.forColumns(grid) { x, y in
      let target = u.base + grid.index(x, y, 0)
      let (even, odd) = estimate.pair(x, y)
      let more = correction?.pair(x, y)
      for k in stride(from: 0, to: grid.count.z / 2, by: 4) {
        var value = double(SIMD8(evens: load4(even, k), odds: load4(odd, k)))
        if let more { value += double(SIMD8(evens: load4(more.0, k), odds: load4(more.1, k))) }
        store(isAdded ? load(target, 2 * k) + value : value, target, 2 * k)
      }
    }
  }

  /// r − A z/unit on the cells of one colour in a column, added to `sum`.
  func addResidual(
    _ colour: Int, _ x: Int, _ y: Int, _ r: ColouredCells, _ z: ColouredCells, to sum: ColouredCells.Singles
  ) {
    let (source, own) = (r.row(colour, x, y), z.row(colour, x, y))
    let b = reaction.row(colour, x, y)
    let star = Star(self, z, x, y, colour)
    for k in stride(from: 0, to: r.stride, by: 8) {
      let value = load8(own, k)
      store(load8(sum, k) + (load8(source, k) - load8(b, k) * value - star.outflow(value, k)), sum, k)
    }
  }

  /// z_i = (r_i + Σ T z_j)/D_i on the cells of one colour of some planes, with z_j of the other from `other`.
  func relax(
    _ planes: Range<Int>, _ colour: Int, _ r: ColouredCells, from other: ColouredCells, into z: ColouredCells
  ) {
    for x in planes {
      for y in 0..<grid.count.y {
        let (source, target) = (r.row(colour, x, y), z.row(colour, x, y))
        let inverse = inverseDiagonal.row(colour, x, y)
        let star = Star(self, other, x, y, colour)
        for k in stride(from: 0, to: r.stride, by: 8) {
          store((load8(source, k) + star.inflow(k)) * load8(inverse, k), target, k)
        }
      }
    }
  }

  /// The cells of one colour in a column and the cells around them, all of the other colour.
  private struct Star {
    private typealias Pair = (face: ColouredCells.Singles, cell: ColouredCells.Singles)
    private let nextX, previousX, nextY, previousY, above, below: Pair
    private let isDeep: Bool

    @inline(__always)
    init(_ matrix: SingleMatrix, _ u: ColouredCells, _ x: Int, _ y: Int, _ colour: Int) {
      let n = matrix.grid.count
      let other = 1 - colour
      let (next, previous) = (x + 1 == n.x ? 0 : x + 1, x == 0 ? n.x - 1 : x - 1)
      let (right, left) = (y + 1 == n.y ? 0 : y + 1, y == 0 ? n.y - 1 : y - 1)
      let offset = ColouredCells.offset(colour, x, y)
      isDeep = n.y > 1
      nextX = (matrix.faceX.row(colour, x, y), u.row(other, next, y))
      previousX = (matrix.faceX.row(other, previous, y), u.row(other, previous, y))
      nextY = (matrix.faceY.row(colour, x, y), u.row(other, x, right))
      previousY = (matrix.faceY.row(other, x, left), u.row(other, x, left))
      above = (matrix.faceZ.row(offset, x, y), u.row(other, x, y) + offset)
      below = (matrix.faceZ.row(1 - offset, x, y) + offset - 1, u.row(other, x, y) + offset - 1)
    }

    /// Σ T u_j of eight cells.
    @inline(__always)
    func inflow(_ k: Int) -> SIMD8<Float> {
      func part(_ a: Pair) -> SIMD8<Float> { load8(a.face, k) * load8(a.cell, k) }
      var sum = part(nextX) + part(previousX)
      if isDeep { sum += part(nextY) + part(previousY) }
      return sum + (part(above) + part(below))
    }

    /// Σ T (u_i − u_j) of eight cells, u_i of which is `own`.
    @inline(__always)
    func outflow(_ own: SIMD8<Float>, _ k: Int) -> SIMD8<Float> {
      func part(_ a: Pair) -> SIMD8<Float> { load8(a.face, k) * (own - load8(a.cell, k)) }
      var sum = part(nextX) + part(previousX)
      if isDeep { sum += part(nextY) + part(previousY) }
      return sum + (part(above) + part(below))
    }
  }
}
