import Spectral

/// The geometry of the metal surface: signed distance, curvature, what holds the profile, and the interface cells.
///
/// d = ℓ ln((1−ξ)/ξ), clipped at ±11ℓ, is differenced with sixth-order central stencils over |d| < 8ℓ:
///
///     K = ∇·(∇d/|∇d|) = [Σ_i d_ii (|∇d|² − d_i²) − 2 Σ_{i<j} d_i d_j d_ij] / |∇d|³
///
/// Second-order differences, at ℓ = 1.5 cells, would leave a curvature flow of 3·10⁻³ b K at 32 cells a wavelength.
final class InterfaceGeometry {
  private let domain: Domain
  private let distance: PaddedDistance
  private let young: YoungsAngle
  /// K of the nearest piece of surface, 1/m.
  private let capillarity: Field
  private let profileFlows, profileReacts: Bool
  private let clip: Double
  private let curvatureFactor: Double
  private let reach: ConnectedElectrolyte
  /// d on the wall of each column (x·ny + y) in the moment that was updated last, m: where it is negative metal touches.
  let wallDistance: ColumnValues

  /// - Parameters:
  ///   - model: whether the profile flows by its curvature, and whether all of it reacts.
  ///   - curvatureFactor: 1, or the deliberate error of a test.
  init(_ domain: Domain, _ model: CapillarityModel, curvatureFactor: Double = 1) {
    self.domain = domain
    self.curvatureFactor = curvatureFactor
    profileFlows = model.profileFlows
    profileReacts = model.profileReacts
    reach = ConnectedElectrolyte(domain)
    distance = PaddedDistance(domain)
    young = YoungsAngle(domain, distance)
    capillarity = Field(domain.grid)
    wallDistance = ColumnValues(domain.grid)
    clip = Interface.distanceLimit * domain.width
  }

  /// Fills `profileTerm` and the interface list of a moment from its ξ (pieces and kinetics come later).
  func update(_ level: TimeLevel) {
    reach.fill(level)
    findDistance(level)
    let counts = findCurvature(level)
    level.interface.resize(counts: counts)
    fillInterface(level)
  }

  private func findDistance(_ level: TimeLevel) {
    let (n, metal) = (domain.grid.count, level.metal)
    domain.pool.forColumns(domain.grid) { x, y in
      let (d, xi) = (distance.column(x, y), metal.base + domain.grid.index(x, y, 0))
      for z in stride(from: 0, to: n.z, by: 8) { findDistance(xi + z, into: d + z) }
      (level.distance.base + domain.grid.index(x, y, 0)).update(from: d, count: n.z)
    }
    young.update()
    domain.pool.forColumns(domain.grid) { x, y in
      let slope = young.slope(x, y)
      wallDistance.base[x * n.y + y] = distance.column(x, y)[0] - domain.grid.spacing.z / 2 * slope
      distance.extend(distance.column(x, y), slope: slope)
    }
  }

  /// d of eight cells.
  @inline(__always)
  private func findDistance(_ xi: UnsafeMutablePointer<Double>, into d: UnsafeMutablePointer<Double>) {
    let edge = Interface.tail
    let metal = load(xi, 0)
    let (outside, inside) = (metal .<= edge, metal .>= 1 - edge)
    let far = Vector(repeating: clip).replacing(with: Vector(repeating: -clip), where: inside)
    if all(outside .| inside) { return store(far, d, 0) }
    let between = smaller(larger(metal, Vector(repeating: edge)), Vector(repeating: 1 - edge))
    let distance = domain.width * log((1 - between) / between)
    store(distance.replacing(with: far, where: outside .| inside), d, 0)
  }

  /// Curvature where the interface is, and the bracket everywhere; returns interface cells per plane.
  private func findCurvature(_ level: TimeLevel) -> [Int] {
    let grid = domain.grid
    var counts = [Int](repeating: 0, count: grid.count.x)
    counts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let result = buffer
      domain.pool.forPlanes(grid.count.x) { planes in
        for x in planes {
          var found = 0
          for y in 0..<grid.count.y { found += findCurvature(level, x, y) }
          result[x] = found
        }
      }
    }
    return counts
  }

  private func findCurvature(_ level: TimeLevel, _ x: Int, _ y: Int) -> Int {
    let grid = domain.grid
    let here = grid.index(x, y, 0)
    let stencil = Stencil(grid, x, y, distance)
    let d = distance.column(x, y)
    let tail = TailStencil(
      level.metal, grid, x, y,
      below: abs(d[-1]) < clip ? 1 / (1 + exp(d[-1] / domain.width)) : d[-1] > 0 ? 0 : 1)
    let (xi, bracket) = (level.metal.base + here, level.profileTerm.base + here)
    let curvature = capillarity.base + here
    let (inverse, core) = (1 / domain.width, Interface.coreReach * domain.width)
    var found = 0
    for block in stride(from: 0, to: grid.count.z, by: 8) {
      let metal = load(xi, block)
      let profile = metal * (1 - metal)
      let well = -inverse * inverse * profile * (1 - 2 * metal)
      let near = isNear(d, block)
      guard any(near) else {
        store(profileFlows ? well : well + tail.laplacian(block), bracket, block)
        continue
      }
      let bend = stencil.bend(block)
      if profileFlows {
        store(well, bracket, block)
      } else {
        let stretch = bend.square - 1
        let sign = side(metal, lean(stretch, domain.width * bend.normalBend))
        let hold = inverse * profile * (inverse * sign * stretch - bend.normalBend)
        let inside = magnitude(load(d, block)) .< core
        let outer = well + tail.laplacian(block)
        store(outer.replacing(with: hold, where: inside), bracket, block)
      }
      store(curvatureFactor * bend.atSurface(from: load(d, block)), curvature, block)
      for k in 0..<8 where near[k] { found += 1 }
    }
    return found
  }

  /// On which side of the surface a cell lies, −1 (metal) to 1: tanh(2d/ℓ), moved by a lean of ±1 to 1.1ℓ on its other side.
  ///
  /// Any odd function holds a straight front. The tail of another front pulls at this one with (1 − side) e^{2x/ℓ}, x
  /// towards it, where the front is held: the 1 − 2ξ = tanh(d/2ℓ) of Allen and Cahn pull six times as much as a steep
  /// side, and one that leans away from the other front hardly at all.
  @inline(__always)
  private func side(_ metal: Vector, _ lean: Vector) -> Vector {
    let straight = 1 - 2 * metal
    let half = (straight + 0.5 * lean) / (1 + 0.5 * straight * lean)
    let one = 2 * half / (1 + half * half)
    return 2 * one / (1 + one * one)
  }

  /// From which side the tail of another front reaches here: 1 from the electrolyte, −1 from the metal, 0 where there is
  /// none. Where two tails add up |∇d|² − 1 = ±ℓ ∂²d/∂n² < 0.
  @inline(__always)
  private func lean(_ stretch: Vector, _ bend: Vector) -> Vector {
    let (zero, one, square) = (Vector(repeating: 0), Vector(repeating: 1), stretch * stretch)
    let lean = square * stretch * bend / (square * square + Self.faintestTail)
    return larger(-one, smaller(one, lean)).replacing(with: zero, where: stretch .> 0)
  }

  /// |∇d|² − 1 of 0.02, to the fourth power: what is less may be an error of the step.
  private static let faintestTail = 1.6e-7

  /// Which of eight cells are near enough to the surface to belong to the interface.
  @inline(__always)
  private func isNear(_ d: UnsafeMutablePointer<Double>, _ block: Int) -> SIMDMask<SIMD8<Int64>> {
    magnitude(load(d, block)) .< Interface.bandHalfWidth * domain.width
  }

  private func fillInterface(_ level: TimeLevel) {
    let grid = domain.grid
    domain.pool.forPlanes(grid.count.x) { planes in
      for x in planes {
        var next = level.interface.planeStart[x]
        for y in 0..<grid.count.y { fillInterface(level, x, y, &next) }
      }
    }
  }

  private func fillInterface(_ level: TimeLevel, _ x: Int, _ y: Int, _ next: inout Int) {
    let grid = domain.grid
    let (list, places) = (level.interface, ColouredPlaces(grid))
    let here = grid.index(x, y, 0)
    let d = distance.column(x, y)
    for block in stride(from: 0, to: grid.count.z, by: 8) {
      let near = isNear(d, block)
      guard any(near) else { continue }
      for k in 0..<8 where near[k] {
        let (z, i) = (block + k, here + block + k)
        let xi = level.metal.base[i]
        list.cell[next] = Int32(i)
        list.place[next] = Int32(places.place(x, y, z))
        list.distance[next] = d[z]
        list.profileDensity[next] = areaDensity(d[z], xi)
        list.active[next] = level.electrolyteFraction.base[i] > 0
        list.enclosed[next] = !list.active[next] && 1 - xi > Interface.activeFloor
        list.capillarity[next] = capillarity.base[i]
        next += 1
      }
    }
  }

  /// Interface area per volume, 1/m: w, ended between the reaches of the reaction unless all of the profile reacts; its
  /// integral along a normal is one.
  private func areaDensity(_ d: Double, _ xi: Double) -> Double {
    let density = xi * (1 - xi) / domain.width
    if profileReacts { return density }
    return density * Interface.reacts(at: abs(d) / domain.width) / Interface.reactingShare
  }
}

/// ∇²ξ by second-order differences for eight cells along z: for the tails of the profile, which are exponentials.
private struct TailStencil {
  private let xi: UnsafeMutablePointer<Double>
  private let behind, ahead, left, right: Int
  private let scale: SIMD3<Double>
  private let last: Int
  private let isDeep: Bool
  /// ξ below the wall.
  private let below: Double

  init(_ metal: Field, _ grid: Grid, _ x: Int, _ y: Int, below: Double) {
    self.below = below
    let n = grid.count
    let here = grid.index(x, y, 0)
    xi = metal.base + here
    behind = grid.index((x + n.x - 1) % n.x, y, 0) - here
    ahead = grid.index((x + 1) % n.x, y, 0) - here
    left = grid.index(x, (y + n.y - 1) % n.y, 0) - here
    right = grid.index(x, (y + 1) % n.y, 0) - here
    scale = 1 / (grid.spacing * grid.spacing)
    last = n.z - 8
    isDeep = n.y > 1
  }

  @inline(__always)
  func laplacian(_ block: Int) -> Vector {
    let here = load(xi, block)
    var sum = scale.x * (load(xi, block + ahead) + load(xi, block + behind) - 2 * here)
    if isDeep { sum += scale.y * (load(xi, block + right) + load(xi, block + left) - 2 * here) }
    var (lower, above) = (loadUnaligned(xi, block - 1), loadUnaligned(xi, block + 1))
    if block == 0 { lower[0] = below }
    if block == last { above[7] = here[7] }
    return sum + scale.z * (above + lower - 2 * here)
  }
}
