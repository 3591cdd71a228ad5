/// Finite volumes for −∇·(A ∇u) + B u on the cells where A > 0; B is zero elsewhere.
///
/// Per unit volume, with T = (harmonic mean of A)/h² on every inner face and no flux through the bottom and
/// the top of the box, except for a conductance G (flux per area and per u) from the top cells to outside:
///
///     (A u)_i = Σ_faces T (u_i − u_j) + (B_i + [top] G/h_z) u_i
///
/// Cells with A = 0 are inactive: their row is zero, their value is never read with a weight.
/// Needs an even number of cells along x (and y, if deeper than one), a multiple of eight along z.
package final class DiffusionOperator {
  package let grid: Grid
  /// T of the face towards the next cell along each axis; `faceY` is `faceX` when the grid is one cell deep.
  let faceX: Field
  let faceY: Field
  let faceZ: Field
  /// Where it is positive the cells are active.
  private var coefficient: Field
  private var reaction: Field
  /// G/h_z
  private var top = 0.0
  private let pool: ThreadPool

  package init(_ grid: Grid, pool: ThreadPool) {
    precondition(
      grid.count.x % 2 == 0 && (grid.count.y == 1 || grid.count.y % 2 == 0) && grid.count.z % 8 == 0)
    self.grid = grid
    self.pool = pool
    faceX = Field(grid)
    faceY = grid.isTwoDimensional ? faceX : Field(grid)
    faceZ = Field(grid)
    (coefficient, reaction) = (faceX, faceX)
  }

  /// Sets A = scale · coefficient · factor: zero in inactive cells, positive elsewhere.
  ///
  /// `coefficient` is kept, not copied: where it is positive the cells are active.
  package func setCoefficient(_ coefficient: Field, times factor: Field? = nil, scaledBy scale: Double = 1) {
    self.coefficient = coefficient
    pool.forColumns(grid) { x, y in
      if let factor {
        let (a, b) = (coefficient.base, factor.base)
        assembleFaces(x, y, scale) { load(a, $0) * load(b, $0) }
      } else {
        let a = coefficient.base
        assembleFaces(x, y, scale) { load(a, $0) }
      }
    }
  }

  /// Sets B and G, keeping A. `reaction` is kept, not copied.
  package func setReaction(_ reaction: Field, topConductance: Double) {
    self.reaction = reaction
    top = topConductance / grid.spacing.z
  }

  /// `body` takes the places of eight cells in a column that starts at `here`, and B of them with what leaves the top.
  @inline(__always)
  func forHeld(_ here: Int, _ body: (Int, Vector) -> Void) {
    let (b, last) = (reaction.base + here, grid.count.z - 8)
    for z in stride(from: 0, to: last, by: 8) { body(z, load(b, z)) }
    let isOpen = coefficient.base[here + last + 7] > 0
    body(last, load(b, last) + Vector(0, 0, 0, 0, 0, 0, 0, isOpen ? top : 0))
  }

  /// result = A u.
  package func apply(_ u: Field, into result: Field) {
    pool.forColumns(grid) { x, y in
      let row = Row(self, x, y, u)
      let (own, out) = (u.base + row.here, result.base + row.here)
      forHeld(row.here) { z, held in store(held * load(own, z) - row.inflow(z), out, z) }
    }
  }

  /// r = (b − A u)/unit in single precision.
  func formResidual(_ b: Field, _ u: Field, unit: Double, into r: ColouredCells) {
    let scale = 1 / unit
    pool.forColumns(grid) { x, y in
      let row = Row(self, x, y, u)
      let (own, source, target) = (u.base + row.here, b.base + row.here, r.pair(x, y))
      forHeld(row.here) { z, held in
        let rest = load(source, z) - held * load(own, z) + row.inflow(z)
        store(single(scale * rest), to: target, z / 2)
      }
    }
  }

  /// result = Σ_faces T (u_j − u_i), the divergence of the flux of u without B and G, and the same of another matrix.
  package func setDivergence(
    of u: Field, plus second: (matrix: DiffusionOperator, of: Field, scale: Double)?, into result: Field
  ) {
    pool.forColumns(grid) { x, y in
      let row = Row(self, x, y, u)
      let out = result.base + row.here
      guard let second else {
        for z in stride(from: 0, to: grid.count.z, by: 8) { store(row.inflow(z), out, z) }
        return
      }
      let other = Row(second.matrix, x, y, second.of)
      for z in stride(from: 0, to: grid.count.z, by: 8) {
        store(row.inflow(z) + second.scale * other.inflow(z), out, z)
      }
    }
  }

  /// result += scale · (Σ_faces T (u_j − u_i)), the divergence of the flux of u without B and G.
  package func addDivergence(of u: Field, scaledBy scale: Double, to result: Field) {
    pool.forColumns(grid) { x, y in
      let row = Row(self, x, y, u)
      let out = result.base + row.here
      for z in stride(from: 0, to: grid.count.z, by: 8) {
        store(load(out, z) + scale * row.inflow(z), out, z)
      }
    }
  }

  // MARK: Assembly

  /// T of the faces of a column, from A = scale · `value` at the memory index of eight cells.
  @inline(__always)
  private func assembleFaces(_ x: Int, _ y: Int, _ scale: Double, _ value: (Int) -> Vector) {
    let n = grid.count
    let t = SIMD3<Double>(repeating: scale) / (grid.spacing * grid.spacing)
    let here = grid.index(x, y, 0)
    let nextX = grid.index(x + 1 == n.x ? 0 : x + 1, y, 0)
    let nextY = grid.index(x, y + 1 == n.y ? 0 : y + 1, 0)
    var own = value(here)
    for z in stride(from: 0, to: n.z, by: 8) {
      // What is read above the last cell of a column belongs to the next column; that face is closed below.
      let above = value(here + z + 8)
      let shifted = Vector(own[1], own[2], own[3], own[4], own[5], own[6], own[7], above[0])
      let (acrossX, acrossZ) = harmonicMeans(own, value(nextX + z), shifted)
      store(t.x * acrossX, faceX.base + here, z)
      store(t.z * acrossZ, faceZ.base + here, z)
      if n.y > 1 { store(t.y * harmonicMeans(own, value(nextY + z), own).0, faceY.base + here, z) }
      own = above
    }
    faceZ.base[here + n.z - 1] = 0
  }
}

/// Harmonic means of a with b and with c, zero where either is zero. One division for both: it is what takes the time.
@inline(__always)
private func harmonicMeans(_ a: Vector, _ b: Vector, _ c: Vector) -> (Vector, Vector) {
  let least = Vector(repeating: 1e-140)
  let (first, second) = (larger(a + b, least), larger(a + c, least))
  let share = 2 * a / (first * second)
  return (b * second * share, c * first * share)
}

/// The faces of one column of cells along z, and a field on the cells around.
///
/// The faces at both ends of a column are zero, so what is read beyond has no weight.
struct Row {
  /// Memory index of the first cell of the column.
  let here: Int
  private let own, nextX, previousX, nextY, previousY: UnsafeMutablePointer<Double>
  private let faceX, faceXBefore, faceY, faceYBefore, faceZ: UnsafeMutablePointer<Double>
  private let isDeep: Bool

  @inline(__always)
  init(_ matrix: DiffusionOperator, _ x: Int, _ y: Int, _ u: Field) {
    let grid = matrix.grid
    let n = grid.count
    here = grid.index(x, y, 0)
    let (before, left) = (
      grid.index(x == 0 ? n.x - 1 : x - 1, y, 0), grid.index(x, y == 0 ? n.y - 1 : y - 1, 0)
    )
    own = u.base + here
    nextX = u.base + grid.index(x + 1 == n.x ? 0 : x + 1, y, 0)
    previousX = u.base + before
    nextY = u.base + grid.index(x, y + 1 == n.y ? 0 : y + 1, 0)
    previousY = u.base + left
    faceX = matrix.faceX.base + here
    faceXBefore = matrix.faceX.base + before
    faceY = matrix.faceY.base + here
    faceYBefore = matrix.faceY.base + left
    faceZ = matrix.faceZ.base + here
    isDeep = n.y > 1
  }

  /// Σ_faces T (u_j − u_i) of eight cells.
  @inline(__always)
  func inflow(_ z: Int) -> Vector {
    let u = load(own, z)
    var sum =
      load(faceX, z) * (load(nextX, z) - u) + load(faceXBefore, z) * (load(previousX, z) - u)
      + (load(faceZ, z) * (loadUnaligned(own, z + 1) - u)
        + loadUnaligned(faceZ, z - 1) * (loadUnaligned(own, z - 1) - u))
    if isDeep {
      sum += load(faceY, z) * (load(nextY, z) - u) + load(faceYBefore, z) * (load(previousY, z) - u)
    }
    return sum
  }

  /// Σ_faces T of eight cells.
  @inline(__always)
  func faceSum(_ z: Int) -> Vector {
    let sum = load(faceX, z) + load(faceXBefore, z) + (load(faceZ, z) + loadUnaligned(faceZ, z - 1))
    return isDeep ? sum + load(faceY, z) + load(faceYBefore, z) : sum
  }
}
