import Spectral

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The geometry of the metal surface: signed distance, curvature, wall force, and the interface cells.
///
/// d = ℓ ln((1−ξ)/ξ), clipped at ±11ℓ, is differenced with sixth-order central stencils over |d| < 8ℓ:
///
///     K = ∇·(∇d/|∇d|) = [Σ_i d_ii (|∇d|² − d_i²) − 2 Σ_{i<j} d_i d_j d_ij] / |∇d|³
///
/// Second-order differences, at ℓ = 1.5 cells, would leave a curvature flow of 3·10⁻³ b K at 32 cells a wavelength.
final class Shape {
  private let domain: Domain
  private let distance: Field
  /// K of the nearest piece of surface, 1/m.
  private let surfaceCurvature: Field
  private let columnCosine: [Double]
  private let isVariational: Bool
  private let clip: Double
  private let curvatureFactor: Double
  private let reach: ElectrolyteReach

  /// - Parameters:
  ///   - isVariational: the bracket is without K w, and the profile has its curvature flow.
  ///   - curvatureFactor: 1, or the deliberate error of a test.
  init(_ domain: Domain, isVariational: Bool, curvatureFactor: Double = 1) {
    self.domain = domain
    self.curvatureFactor = curvatureFactor
    self.isVariational = isVariational
    reach = ElectrolyteReach(domain)
    distance = Field(domain.grid)
    surfaceCurvature = Field(domain.grid)
    columnCosine = domain.surfaceOfColumn.map {
      domain.surfaces.isEmpty ? 0 : cos(domain.surfaces[$0].contactAngle.value)
    }
    clip = Interface.clip * domain.width
  }

  /// Fills `restoring` and the interface list of a moment from its ξ (pieces and kinetics come later).
  func update(_ moment: Moment) {
    reach.fill(moment)
    findDistance(moment.metal)
    let counts = findCurvature(moment)
    moment.interface.resize(counts: counts)
    fillInterface(moment)
  }

  private func findDistance(_ metal: Field) {
    domain.forPlanes { [self, xi = metal.base] cells in
      for start in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) { findDistance(xi, start) }
    }
  }

  /// d of eight cells.
  @inline(__always)
  private func findDistance(_ xi: UnsafeMutablePointer<Double>, _ start: Int) {
    let edge = Interface.tail
    let metal = load(xi, start)
    let (outside, inside) = (metal .<= edge, metal .>= 1 - edge)
    let clipped = Vector(repeating: clip).replacing(with: -clip, where: inside)
    store(clipped, distance.base, start)
    if all(outside .| inside) { return }
    for i in start..<start + 8 where xi[i] > edge && xi[i] < 1 - edge {
      distance.base[i] = domain.width * log((1 - xi[i]) / xi[i])
    }
  }

  /// Curvature where the interface is, and the bracket everywhere; returns interface cells per plane.
  private func findCurvature(_ moment: Moment) -> [Int] {
    let grid = domain.grid
    var counts = [Int](repeating: 0, count: grid.count.x)
    counts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let result = buffer
      domain.pool.forPlanes(grid.count.x) { [self] planes in
        for x in planes {
          var found = 0
          for y in 0..<grid.count.y { found += findCurvature(moment, x, y) }
          result[x] = found
        }
      }
    }
    return counts
  }

  private func findCurvature(_ moment: Moment, _ x: Int, _ y: Int) -> Int {
    let grid = domain.grid
    let reach = Interface.reach * domain.width
    let inverse = 1 / (domain.width * domain.width)
    let here = grid.index(x, y, 0)
    let stencil = Stencil(grid, x, y, distance)
    let d = distance.base + here
    let xi = moment.metal.base + here
    let surface = surfaceCurvature.base + here
    let bracket = moment.restoring.base + here
    let fluid = domain.fluid.base + here
    var found = 0
    for block in stride(from: 0, to: grid.count.z, by: 8) {
      let metal = load(xi, block)
      store(-inverse * metal * (1 - metal) * (1 - 2 * metal), bracket, block)
      guard isWithin(reach, d, block) else { continue }
      for z in block..<block + 8 where abs(d[z]) < reach {
        let bend = stencil.bend(z)
        if !isVariational {
          bracket[z] += curvatureFactor * bend.mean * xi[z] * (1 - xi[z]) / domain.width
        }
        surface[z] = curvatureFactor * bend.atSurface(from: d[z])
        if fluid[z] > Interface.fluidFloor { found += 1 }
      }
    }
    return found
  }

  /// Whether any of eight cells is nearer to the surface than that.
  @inline(__always)
  private func isWithin(_ reach: Double, _ d: UnsafeMutablePointer<Double>, _ block: Int) -> Bool {
    any(magnitude(load(d, block)) .< reach)
  }

  private func fillInterface(_ moment: Moment) {
    let grid = domain.grid
    domain.pool.forPlanes(grid.count.x) { [self] planes in
      for x in planes {
        var next = moment.interface.planeStart[x]
        for y in 0..<grid.count.y { fillInterface(moment, x, y, &next) }
      }
    }
  }

  private func fillInterface(_ moment: Moment, _ x: Int, _ y: Int, _ next: inout Int) {
    let grid = domain.grid
    let (list, places) = (moment.interface, ColouredPlaces(grid))
    let reach = Interface.reach * domain.width
    let here = grid.index(x, y, 0)
    let stencil = Stencil(grid, x, y, distance)
    let d = distance.base + here
    for block in stride(from: 0, to: grid.count.z, by: 8) where isWithin(reach, d, block) {
      for z in block..<block + 8 where abs(d[z]) < reach {
        let i = here + z
        let fluid = domain.fluid.base[i]
        guard fluid > Interface.fluidFloor else { continue }
        let xi = moment.metal.base[i]
        list.cell[next] = Int32(i)
        list.place[next] = Int32(places.place(x, y, z))
        list.distance[next] = d[z]
        list.density[next] = fluid * xi * (1 - xi) / domain.width
        list.active[next] = moment.electrolyte.base[i] > 0
        list.enclosed[next] = !list.active[next] && fluid * (1 - xi) > Interface.activeFloor
        list.capillarity[next] =
          surfaceCurvature.base[i] + wallForce(1 - fluid, x * grid.count.y + y, stencil, z)
        next += 1
      }
    }
  }

  /// (s/ℓ_s)(n·n_s − cosθ): Young's angle, acting in the substrate's diffuse surface.
  private func wallForce(_ solid: Double, _ column: Int, _ stencil: Stencil, _ z: Int) -> Double {
    guard solid > 1e-9 else { return 0 }
    return solid / domain.substrateWidth * (stencil.normalZ(z) - columnCosine[column])
  }
}

/// How a level set of the distance is bent: K = κ₁ + κ₂ (1/m) and κ₁κ₂ (1/m²).
private struct Bend {
  var mean: Double
  var gauss: Double

  /// K of the surface that lies at distance `d` (m) along the normal. Radii of parallel surfaces differ by their
  /// distance: κ₀ = κ/(1 − κd).
  ///
  /// The divisor is kept above ½, which it reaches in front of a convex surface, on a sphere of R = 5ℓ at 2ℓ.
  @inline(__always)
  func atSurface(from d: Double) -> Double {
    (mean - 2 * gauss * d) / max(0.5, 1 - mean * d + gauss * d * d)
  }
}

/// Sixth-order central differences of a field along one column, mirrored at the ends of z.
private struct Stencil {
  /// Offsets of the three cells before and the three after.
  typealias Offsets = (Int, Int, Int, Int, Int, Int)
  private let values: UnsafeMutablePointer<Double>
  private let nz: Int
  private let x, y: Offsets
  private let scale: SIMD3<Double>
  private let isDeep: Bool
  private let cap: Double

  init(_ grid: Grid, _ ix: Int, _ iy: Int, _ field: Field) {
    let n = grid.count
    let here = grid.index(ix, iy, 0)
    values = field.base + here
    nz = n.z
    func alongX(_ step: Int) -> Int { grid.index((ix + step + n.x) % n.x, iy, 0) - here }
    func alongY(_ step: Int) -> Int { grid.index(ix, (iy + step + 3 * n.y) % n.y, 0) - here }
    x = (alongX(-3), alongX(-2), alongX(-1), alongX(1), alongX(2), alongX(3))
    y = (alongY(-3), alongY(-2), alongY(-1), alongY(1), alongY(2), alongY(3))
    scale = SIMD3<Double>(repeating: 1) / grid.spacing
    isDeep = n.y > 1
    cap = (isDeep ? 2 : 1) / min(grid.spacing.x, grid.spacing.z)
  }

  @inline(__always)
  private func alongZ(_ z: Int) -> Offsets {
    if z >= 3 && z < nz - 3 { return (-3, -2, -1, 1, 2, 3) }
    func mirrored(_ step: Int) -> Int {
      let target = z + step
      return (target < 0 ? -1 - target : target >= nz ? 2 * nz - 1 - target : target) - z
    }
    return (mirrored(-3), mirrored(-2), mirrored(-1), mirrored(1), mirrored(2), mirrored(3))
  }

  @inline(__always)
  private func first(_ p: UnsafeMutablePointer<Double>, _ o: Offsets) -> Double {
    (45 * (p[o.3] - p[o.2]) - 9 * (p[o.4] - p[o.1]) + (p[o.5] - p[o.0])) * (1.0 / 60)
  }

  @inline(__always)
  private func second(_ p: UnsafeMutablePointer<Double>, _ o: Offsets) -> Double {
    let pairs = 270 * (p[o.3] + p[o.2]) - 27 * (p[o.4] + p[o.1]) + 2 * (p[o.5] + p[o.0])
    return (pairs - 490 * p[0]) * (1.0 / 180)
  }

  @inline(__always)
  private func mixed(_ p: UnsafeMutablePointer<Double>, _ a: Offsets, _ b: Offsets) -> Double {
    let near = first(p + a.3, b) - first(p + a.2, b)
    let middle = first(p + a.4, b) - first(p + a.1, b)
    let far = first(p + a.5, b) - first(p + a.0, b)
    return (45 * near - 9 * middle + far) * (1.0 / 60)
  }

  /// The curvatures of a cell's level set, n out of the metal. K is limited to what one cell can resolve.
  @inline(__always)
  func bend(_ z: Int) -> Bend {
    let p = values + z
    let o = alongZ(z)
    let gx = first(p, x) * scale.x
    let gz = first(p, o) * scale.z
    let xx = second(p, x) * scale.x * scale.x
    let zz = second(p, o) * scale.z * scale.z
    let xz = mixed(p, x, o) * scale.x * scale.z
    var square = gx * gx + gz * gz
    var sum = xx * gz * gz - 2 * gx * gz * xz + zz * gx * gx
    var product = 0.0
    if isDeep {
      let gy = first(p, y) * scale.y
      let yy = second(p, y) * scale.y * scale.y
      let xy = mixed(p, x, y) * scale.x * scale.y
      let yz = mixed(p, y, o) * scale.y * scale.z
      sum += yy * (gx * gx + gz * gz) + (xx + zz) * gy * gy - 2 * gy * (gx * xy + gz * yz)
      // gᵀ adj(H) g
      product = gx * gx * (yy * zz - yz * yz) + gy * gy * (xx * zz - xz * xz) + gz * gz * (xx * yy - xy * xy)
      product += 2 * gx * gy * (xz * yz - xy * zz) + 2 * gx * gz * (xy * yz - xz * yy)
      product += 2 * gy * gz * (xy * xz - yz * xx)
      square += gy * gy
    }
    let trust = Self.trust(square)
    let mean = max(-cap, min(cap, trust * sum / (square * square.squareRoot() + 1e-30)))
    // Two equal radii make K²/4, the largest product there is.
    let gauss = min(mean * mean / 4, trust * trust * product / (square * square + 1e-30))
    return Bend(mean: mean, gauss: max(-cap * cap, gauss))
  }

  /// 1 where |∇d| ≥ ½; falls smoothly to 0 on a ridge, where two fronts or the two sides of a thin piece meet
  /// and there is no normal. Two cells from the centre of a circle |∇d| is above ½.
  @inline(__always)
  private static func trust(_ square: Double) -> Double {
    let t = max(0, min(1, (square - 0.05) * 5))
    return t * t * (3 - 2 * t)
  }

  /// n·n_s for a substrate that faces up.
  @inline(__always)
  func normalZ(_ z: Int) -> Double {
    let p = values + z
    let gx = first(p, x) * scale.x
    let gy = isDeep ? first(p, y) * scale.y : 0
    let gz = first(p, alongZ(z)) * scale.z
    let square = gx * gx + gy * gy + gz * gz
    return Self.trust(square) * gz / (square.squareRoot() + 1e-15)
  }
}
