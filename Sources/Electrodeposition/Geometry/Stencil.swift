import Spectral

/// The signed distance in columns that go on beyond the ends of z: there no stencil has to look where it is.
///
/// Above the top they are mirrored. Below the wall they go on such that the surface meets it at Young's angle,
/// d(−z) = d(z) − 2 z s with s = cot θ |∇d| along the wall at the line: straight on for a straight surface at that angle.
final class PaddedDistance {
  private let grid: Grid
  private let columns: Field
  /// Smallest radius of a surface that is believed, m.
  fileprivate let smallestRadius: Double
  /// Sharpest K of the level sets that the profile is held by, 1/m.
  fileprivate let sharpestBend: Double
  /// Cells before the first and after the last of a column; what a vector needs to stay aligned.
  private static let padding = 8

  init(_ domain: Domain) {
    grid = domain.grid
    smallestRadius = domain.smallestRadius
    sharpestBend = 1.5 / domain.width
    let tall = SIMD3(grid.count.x, grid.count.y, grid.count.z + 2 * Self.padding)
    columns = Field(Grid(count: tall, spacing: grid.spacing))
  }

  /// The first cell of a column.
  @inline(__always)
  func column(_ x: Int, _ y: Int) -> UnsafeMutablePointer<Double> {
    columns.base + (x * grid.count.y + y) * (grid.count.z + 2 * Self.padding) + Self.padding
  }

  /// Continues a column beyond its ends, with the slope s at the wall.
  @inline(__always)
  func extend(_ d: UnsafeMutablePointer<Double>, slope: Double) {
    let (n, dz) = (grid.count.z, grid.spacing.z)
    for z in 0..<3 {
      d[-1 - z] = d[z] - Double(2 * z + 1) * dz * slope
      d[n + z] = d[n - 1 - z]
    }
  }

  /// Gradient of d along the wall in the lowest row of a column (x·ny + y).
  func lateralGradient(_ place: Int) -> SIMD2<Double> {
    let n = grid.count
    let (x, y) = (place / n.y, place % n.y)
    let alongX = column((x + 1) % n.x, y)[0] - column((x + n.x - 1) % n.x, y)[0]
    let alongY = column(x, (y + 1) % n.y)[0] - column(x, (y + n.y - 1) % n.y)[0]
    return SIMD2(alongX, alongY) / (2 * SIMD2(grid.spacing.x, grid.spacing.y))
  }
}

/// Sixth-order central differences of the distance for eight cells along z.
struct Stencil {
  private typealias Offsets = (Int, Int, Int, Int, Int, Int)
  private let values: UnsafeMutablePointer<Double>
  /// Offsets of the three cells before and the three after.
  private let x, y: Offsets
  private let z: Offsets = (-3, -2, -1, 1, 2, 3)
  private let scale: SIMD3<Double>
  private let isDeep: Bool
  private let cap, limit, sharpest: Vector

  init(_ grid: Grid, _ ix: Int, _ iy: Int, _ distance: PaddedDistance) {
    let n = grid.count
    let here = distance.column(ix, iy)
    values = here
    func alongX(_ step: Int) -> Int { distance.column((ix + step + n.x) % n.x, iy) - here }
    func alongY(_ step: Int) -> Int { distance.column(ix, (iy + step + 3 * n.y) % n.y) - here }
    x = (alongX(-3), alongX(-2), alongX(-1), alongX(1), alongX(2), alongX(3))
    y = (alongY(-3), alongY(-2), alongY(-1), alongY(1), alongY(2), alongY(3))
    scale = SIMD3<Double>(repeating: 1) / grid.spacing
    isDeep = n.y > 1
    let cell = min(grid.spacing.x, grid.spacing.z)
    cap = Vector(repeating: (isDeep ? 2 : 1) / cell)
    limit = Vector(repeating: 1 / distance.smallestRadius)
    sharpest = Vector(repeating: distance.sharpestBend)
  }

  @inline(__always)
  private func first(_ p: UnsafeMutablePointer<Double>, _ o: Offsets) -> Vector {
    func change(_ ahead: Int, _ behind: Int) -> Vector { loadUnaligned(p, ahead) - loadUnaligned(p, behind) }
    return (45 * change(o.3, o.2) - 9 * change(o.4, o.1) + change(o.5, o.0)) * (1.0 / 60)
  }

  @inline(__always)
  private func second(_ p: UnsafeMutablePointer<Double>, _ o: Offsets) -> Vector {
    func sum(_ ahead: Int, _ behind: Int) -> Vector { loadUnaligned(p, ahead) + loadUnaligned(p, behind) }
    let pairs = 270 * sum(o.3, o.2) - 27 * sum(o.4, o.1) + 2 * sum(o.5, o.0)
    return (pairs - 490 * load(p, 0)) * (1.0 / 180)
  }

  @inline(__always)
  private func mixed(_ p: UnsafeMutablePointer<Double>, _ a: Offsets, _ b: Offsets) -> Vector {
    let near = first(p + a.3, b) - first(p + a.2, b)
    let middle = first(p + a.4, b) - first(p + a.1, b)
    let far = first(p + a.5, b) - first(p + a.0, b)
    return (45 * near - 9 * middle + far) * (1.0 / 60)
  }

  /// The curvatures of the level sets of eight cells from `cell` on, n out of the metal. K is limited to what one cell
  /// can resolve; in what holds the profile to 1.5/ℓ, since along the rim where two fronts have met, which has no normal and
  /// lasts in three dimensions, more of it feeds waves.
  @inline(__always)
  func bend(_ cell: Int) -> Bend {
    let p = values + cell
    let gx = first(p, x) * scale.x
    let gz = first(p, z) * scale.z
    let xx = second(p, x) * (scale.x * scale.x)
    let zz = second(p, z) * (scale.z * scale.z)
    let xz = mixed(p, x, z) * (scale.x * scale.z)
    var square = gx * gx + gz * gz
    var sum = xx * gz * gz - 2 * gx * gz * xz + zz * gx * gx
    var product = Vector(repeating: 0)
    if isDeep {
      let gy = first(p, y) * scale.y
      let yy = second(p, y) * (scale.y * scale.y)
      let xy = mixed(p, x, y) * (scale.x * scale.y)
      let yz = mixed(p, y, z) * (scale.y * scale.z)
      sum += yy * square
      sum += (xx + zz) * gy * gy
      sum -= 2 * gy * (gx * xy + gz * yz)
      // gᵀ adj(H) g
      let (adjX, adjY, adjZ) = (yy * zz - yz * yz, xx * zz - xz * xz, xx * yy - xy * xy)
      let (adjXY, adjXZ, adjYZ) = (xz * yz - xy * zz, xy * yz - xz * yy, xy * xz - yz * xx)
      product = gx * gx * adjX + gy * gy * adjY
      product += gz * gz * adjZ
      product += 2 * gx * (gy * adjXY + gz * adjXZ)
      product += 2 * gy * gz * adjYZ
      square += gy * gy
    }
    let trust = Self.trust(square)
    let mean = smaller(cap, larger(-cap, trust * sum / (square * square.squareRoot() + 1e-30)))
    // Two equal radii make K²/4, the largest product there is.
    let gauss = smaller(0.25 * mean * mean, trust * trust * product / (square * square + 1e-30))
    let laplacian = isDeep ? xx + zz + second(p, y) * (scale.y * scale.y) : xx + zz
    return Bend(
      mean: mean, gauss: larger(-cap * cap, gauss), square: square,
      normalBend: laplacian - smaller(sharpest, larger(-sharpest, mean)), limit: limit)
  }

  /// 1 where |∇d| ≥ ½; falls smoothly to 0 on a ridge, where two fronts or the two sides of a thin piece meet
  /// and there is no normal. Two cells from the centre of a circle |∇d| is above ½.
  @inline(__always)
  private static func trust(_ square: Vector) -> Vector {
    let (zero, one) = (Vector(repeating: 0), Vector(repeating: 1))
    let t = larger(zero, smaller(one, (square - 0.05) * 5))
    return t * t * (3 - 2 * t)
  }
}

/// How the level sets of the distance are bent in eight cells: K = κ₁ + κ₂ (1/m) and κ₁κ₂ (1/m²).
struct Bend {
  let mean, gauss: Vector
  /// |∇d|², and the second derivative of d along the normal, 1/m: 1 and 0 for a distance. On ridges, where there is no
  /// normal, ∇²d.
  let square, normalBend: Vector
  /// Largest |K| that is believed, 1/m.
  fileprivate let limit: Vector

  /// K of the surface that lies at distance `d` (m) along the normal. Radii of parallel surfaces differ by their
  /// distance: κ₀ = κ/(1 − κd) for either curvature.
  ///
  /// The divisors are kept above ½, which they reach in front of a convex surface at d = R. Between two fronts the level
  /// sets belong to no surface: there the limit holds, the smallest radius.
  @inline(__always)
  func atSurface(from d: Vector) -> Vector {
    let half = 0.5 * mean
    let spread = larger(Vector(repeating: 0), half * half - gauss).squareRoot()
    let k = atSurface(half + spread, d) + atSurface(half - spread, d)
    return smaller(limit, larger(-limit, k))
  }

  @inline(__always)
  private func atSurface(_ curvature: Vector, _ d: Vector) -> Vector {
    curvature / larger(Vector(repeating: 0.5), 1 - curvature * d)
  }
}
