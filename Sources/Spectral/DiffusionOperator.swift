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
  let inverseDiagonal: Field
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
    inverseDiagonal = Field(grid)
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
    pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes {
        for y in 0..<grid.count.y {
          let row = Row(self, x, y)
          for z in stride(from: 0, to: grid.count.z, by: 8) {
            store(
              load(diagonal.base + row.here, z) * load(u.base + row.here, z) - row.neighbours(u, z),
              result.base + row.here, z)
          }
        }
      }
    }
  }

  /// result += scale · (Σ_faces T (u_j − u_i)), the divergence of the flux of u without B and G.
  public func addDivergence(of u: Field, scaledBy scale: Double, to result: Field) {
    pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes {
        for y in 0..<grid.count.y {
          let row = Row(self, x, y)
          for z in stride(from: 0, to: grid.count.z, by: 8) {
            let inner = row.neighbours(u, z) - row.faceSum(z) * load(u.base + row.here, z)
            store(load(result.base + row.here, z) + scale * inner, result.base + row.here, z)
          }
        }
      }
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
    for z in stride(from: 0, to: grid.count.z, by: 8) {
      store(row.faceSum(z) + load(reaction.base + row.here, z), diagonal.base + row.here, z)
    }
    if coefficient.base[last] > 0 { diagonal.base[last] += top }
    for z in stride(from: 0, to: grid.count.z, by: 8) {
      let d = load(diagonal.base + row.here, z)
      let inactive = load(coefficient.base + row.here, z) .<= 0 .| d .<= 0
      store((1 / d).replacing(with: 0, where: inactive), inverseDiagonal.base + row.here, z)
      store(d.replacing(with: 0, where: inactive), diagonal.base + row.here, z)
    }
  }
}

/// Harmonic mean, zero where either is zero.
@inline(__always)
private func harmonicMean(_ a: Vector, _ b: Vector) -> Vector {
  2 * a * b / (a + b + Vector(repeating: 1e-300))
}

/// One column of cells along z with its neighbours.
struct Row {
  let here, nextX, previousX, nextY, previousY: Int
  let faceX, faceY, faceZ: UnsafeMutablePointer<Double>
  let isDeep: Bool

  @inline(__always)
  init(_ matrix: DiffusionOperator, _ x: Int, _ y: Int) {
    let grid = matrix.grid
    let n = grid.count
    here = grid.index(x, y, 0)
    nextX = grid.index(x + 1 == n.x ? 0 : x + 1, y, 0)
    previousX = grid.index(x == 0 ? n.x - 1 : x - 1, y, 0)
    nextY = grid.index(x, y + 1 == n.y ? 0 : y + 1, 0)
    previousY = grid.index(x, y == 0 ? n.y - 1 : y - 1, 0)
    faceX = matrix.faceX.base
    faceY = matrix.faceY.base
    faceZ = matrix.faceZ.base
    isDeep = n.y > 1
  }

  /// Σ_faces T u_j. The faces at both ends of a column are zero, so what lies beyond has no weight.
  @inline(__always)
  func neighbours(_ u: Field, _ z: Int) -> Vector {
    let v = u.base + here
    return neighbours(u, z, own: load(v, z), before: v[z - 1], after: v[z + 8])
  }

  /// The same with the column's own cells and the two beyond them at hand.
  @inline(__always)
  func neighbours(_ u: Field, _ z: Int, own: Vector, before: Double, after: Double) -> Vector {
    let v = u.base
    var sum = load(faceX + here, z) * load(v + nextX, z)
    sum += load(faceX + previousX, z) * load(v + previousX, z)
    let face = load(faceZ + here, z)
    sum += face * shiftedUp(own, after)
    sum += shiftedDown(face, (faceZ + here)[z - 1]) * shiftedDown(own, before)
    if isDeep {
      sum += load(faceY + here, z) * load(v + nextY, z)
      sum += load(faceY + previousY, z) * load(v + previousY, z)
    }
    return sum
  }

  /// Σ_faces T.
  @inline(__always)
  func faceSum(_ z: Int) -> Vector {
    var sum = load(faceX + here, z) + load(faceX + previousX, z)
    let face = load(faceZ + here, z)
    sum += face + shiftedDown(face, (faceZ + here)[z - 1])
    if isDeep { sum += load(faceY + here, z) + load(faceY + previousY, z) }
    return sum
  }
}
