/// Finite volumes for −∇·(A ∇u) + B u on the cells where A > 0.
///
/// Per unit volume, with T = (harmonic mean of A)/h² on every inner face and no flux through the bottom and
/// the top of the box, except for a conductance G (flux per area and per u) from the top cells to outside:
///
///     (A u)_i = Σ_faces T (u_i − u_j) + (B_i + [top] G/h_z) u_i
///
/// Cells with A = 0 are inactive: their row is zero, their value is never read with a weight.
/// Needs an even number of cells along x (and y, if deeper than one), a multiple of eight along z.
public final class DiffusionOperator: LinearOperator {
  public let grid: Grid
  /// Diagonal of the matrix; zero in inactive cells.
  public let diagonal: Field
  /// T of the face towards the next cell along each axis; `faceY` is `faceX` when the grid is one cell deep.
  let faceX: Field
  let faceY: Field
  let faceZ: Field
  private var coefficient: Field
  private let pool: ThreadPool

  public init(_ grid: Grid, pool: ThreadPool) {
    precondition(
      grid.count.x % 2 == 0 && (grid.count.y == 1 || grid.count.y % 2 == 0) && grid.count.z % 8 == 0)
    self.grid = grid
    self.pool = pool
    diagonal = Field(grid)
    faceX = Field(grid)
    faceY = grid.isTwoDimensional ? faceX : Field(grid)
    faceZ = Field(grid)
    coefficient = faceX
  }

  /// Sets A: zero in inactive cells, positive elsewhere. The field is kept, not copied.
  public func setCoefficient(_ coefficient: Field) {
    self.coefficient = coefficient
    pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes { for y in 0..<grid.count.y { assembleFaces(x, y, coefficient) } }
    }
  }

  /// Sets B and G, keeping A.
  public func setReaction(_ reaction: Field, topConductance: Double) {
    let top = topConductance / grid.spacing.z
    pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes { for y in 0..<grid.count.y { assembleDiagonal(x, y, reaction, top) } }
    }
  }

  /// result = A u.
  public func apply(_ u: Field, into result: Field) {
    let nz = grid.count.z
    forRows { [self] row in
      let (own, a, out) = (u.base + row.here, diagonal.base + row.here, result.base + row.here)
      row.neighbours(u.base, from: 0, count: nz, into: out)
      for z in 0..<nz { out[z] = a[z] * own[z] - out[z] }
    }
  }

  /// result += scale · (Σ_faces T (u_j − u_i)), the divergence of the flux of u without B and G.
  public func addDivergence(of u: Field, scaledBy scale: Double, to result: Field) {
    let nz = grid.count.z
    forRows { row in
      let (own, out) = (u.base + row.here, result.base + row.here)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * nz) { scratch in
        let sum = scratch.baseAddress!
        let faces = sum + nz
        row.neighbours(u.base, from: 0, count: nz, into: sum)
        row.faceSum(count: nz, into: faces)
        for z in 0..<nz { out[z] += scale * (sum[z] - faces[z] * own[z]) }
      }
    }
  }

  private func forRows(_ body: @escaping (Row) -> Void) {
    pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes { for y in 0..<grid.count.y { body(Row(self, x, y)) } }
    }
  }

  // MARK: Assembly

  private func assembleFaces(_ x: Int, _ y: Int, _ coefficient: Field) {
    let n = grid.count
    let inverseSquare = SIMD3<Double>(repeating: 1) / (grid.spacing * grid.spacing)
    let here = grid.index(x, y, 0)
    let a = coefficient.base + here
    let nextX = coefficient.base + grid.index((x + 1) % n.x, y, 0)
    let nextY = coefficient.base + grid.index(x, (y + 1) % n.y, 0)
    for z in stride(from: 0, to: n.z, by: 8) {
      let own = load(a, z)
      store(harmonicMean(own, load(nextX, z)) * inverseSquare.x, faceX.base + here, z)
      if n.y > 1 { store(harmonicMean(own, load(nextY, z)) * inverseSquare.y, faceY.base + here, z) }
      store(harmonicMean(own, shiftedUp(own, a[z + 8])) * inverseSquare.z, faceZ.base + here, z)
    }
    faceZ.base[here + n.z - 1] = 0
  }

  private func assembleDiagonal(_ x: Int, _ y: Int, _ reaction: Field, _ top: Double) {
    let row = Row(self, x, y)
    let last = row.here + grid.count.z - 1
    let (mass, sum) = (reaction.base + row.here, diagonal.base + row.here)
    row.faceSum(count: grid.count.z, into: sum)
    for z in 0..<grid.count.z { sum[z] += mass[z] }
    if coefficient.base[last] > 0 { diagonal.base[last] += top }
    for z in stride(from: 0, to: grid.count.z, by: 8) {
      let d = load(diagonal.base + row.here, z)
      let inactive = load(coefficient.base + row.here, z) .<= 0 .| d .<= 0
      store(d.replacing(with: 0, where: inactive), diagonal.base + row.here, z)
    }
  }
}

/// Harmonic mean, zero where either is zero.
@inline(__always)
private func harmonicMean(_ a: Vector, _ b: Vector) -> Vector {
  2 * a * b / (a + b + Vector(repeating: 1e-300))
}

/// The faces of one column of cells along z. All pointers stand at the first cell of a column, so that a plain
/// loop over z becomes vectors.
struct Row {
  let here, nextX, previousX, nextY, previousY: Int
  private let x, xBefore, y, yBefore, z: UnsafeMutablePointer<Double>
  private let isDeep: Bool

  init(_ matrix: DiffusionOperator, _ ix: Int, _ iy: Int) {
    let grid = matrix.grid
    let n = grid.count
    here = grid.index(ix, iy, 0)
    nextX = grid.index(ix + 1 == n.x ? 0 : ix + 1, iy, 0)
    previousX = grid.index(ix == 0 ? n.x - 1 : ix - 1, iy, 0)
    nextY = grid.index(ix, iy + 1 == n.y ? 0 : iy + 1, 0)
    previousY = grid.index(ix, iy == 0 ? n.y - 1 : iy - 1, 0)
    x = matrix.faceX.base + here
    xBefore = matrix.faceX.base + previousX
    y = matrix.faceY.base + here
    yBefore = matrix.faceY.base + previousY
    z = matrix.faceZ.base + here
    isDeep = n.y > 1
  }

  /// Σ_faces T u_j into `result`, for `count` cells from `start` on. The faces at both ends of a column are
  /// zero, so what lies beyond has no weight.
  @inline(__always)
  func neighbours(
    _ u: UnsafeMutablePointer<Double>, from start: Int, count: Int, into result: UnsafeMutablePointer<Double>
  ) {
    let (t, tBefore, tz) = (x + start, xBefore + start, z + start)
    let tzBefore = tz - 1
    let (next, previous) = (u + nextX + start, u + previousX + start)
    let (above, below) = (u + here + start + 1, u + here + start - 1)
    for i in 0..<count {
      result[i] = t[i] * next[i] + tBefore[i] * previous[i] + (tz[i] * above[i] + tzBefore[i] * below[i])
    }
    guard isDeep else { return }
    let (ty, tyBefore) = (y + start, yBefore + start)
    let (nextRow, previousRow) = (u + nextY + start, u + previousY + start)
    for i in 0..<count { result[i] += ty[i] * nextRow[i] + tyBefore[i] * previousRow[i] }
  }

  /// Σ_faces T of the column into `result`.
  func faceSum(count: Int, into result: UnsafeMutablePointer<Double>) {
    let zBefore = z - 1
    for i in 0..<count { result[i] = x[i] + xBefore[i] + (z[i] + zBefore[i]) }
    guard isDeep else { return }
    for i in 0..<count { result[i] += y[i] + yBefore[i] }
  }
}
