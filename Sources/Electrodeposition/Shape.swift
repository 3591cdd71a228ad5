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
  private let distance: PaddedDistance
  /// K_ψ, with K of the nearest piece of surface, 1/m.
  private let capillarity: Field
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
    distance = PaddedDistance(domain.grid)
    capillarity = Field(domain.grid)
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
    domain.pool.forColumns(domain.grid) { x, y in
      let (d, xi) = (distance.column(x, y), metal.base + domain.grid.index(x, y, 0))
      for z in stride(from: 0, to: domain.grid.count.z, by: 8) { findDistance(xi + z, into: d + z) }
      distance.mirror(d)
    }
  }

  /// d of eight cells.
  @inline(__always)
  private func findDistance(_ xi: UnsafeMutablePointer<Double>, into d: UnsafeMutablePointer<Double>) {
    let edge = Interface.tail
    let metal = load(xi, 0)
    let (outside, inside) = (metal .<= edge, metal .>= 1 - edge)
    store(Vector(repeating: clip).replacing(with: -clip, where: inside), d, 0)
    if all(outside .| inside) { return }
    for k in 0..<8 where xi[k] > edge && xi[k] < 1 - edge {
      d[k] = domain.width * log((1 - xi[k]) / xi[k])
    }
  }

  /// Curvature where the interface is, and the bracket everywhere; returns interface cells per plane.
  private func findCurvature(_ moment: Moment) -> [Int] {
    let grid = domain.grid
    var counts = [Int](repeating: 0, count: grid.count.x)
    counts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let result = buffer
      domain.pool.forPlanes(grid.count.x) { planes in
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
    let inverse = 1 / (domain.width * domain.width)
    let here = grid.index(x, y, 0)
    let stencil = Stencil(grid, x, y, distance)
    let d = distance.column(x, y)
    let (xi, bracket) = (moment.metal.base + here, moment.restoring.base + here)
    let (force, fluid) = (capillarity.base + here, domain.fluid.base + here)
    let cosine = columnCosine[x * grid.count.y + y]
    var found = 0
    for block in stride(from: 0, to: grid.count.z, by: 8) {
      let metal = load(xi, block)
      let profile = metal * (1 - metal)
      let well = -inverse * profile * (1 - 2 * metal)
      let near = isNear(d, block)
      guard any(near) else {
        store(well, bracket, block)
        continue
      }
      let bend = stencil.bend(block)
      let flow = isVariational ? Vector(repeating: 0) : curvatureFactor / domain.width * bend.mean * profile
      store(well + keep(flow, where: near), bracket, block)
      let psi = load(fluid, block)
      var total = curvatureFactor * bend.atSurface(from: load(d, block))
      // Young's angle, acting in the substrate's diffuse surface.
      let solid = keep(1 - psi, where: psi .< 1 - 1e-9)
      if any(solid .> 0) { total += solid / domain.substrateWidth * (stencil.normalZ(block) - cosine) }
      store(total, force, block)
      let counts = near .& (psi .> Interface.fluidFloor)
      for k in 0..<8 where counts[k] { found += 1 }
    }
    return found
  }

  /// Which of eight cells are near enough to the surface to belong to the interface.
  @inline(__always)
  private func isNear(_ d: UnsafeMutablePointer<Double>, _ block: Int) -> SIMDMask<SIMD8<Int64>> {
    magnitude(load(d, block)) .< Interface.reach * domain.width
  }

  private func fillInterface(_ moment: Moment) {
    let grid = domain.grid
    domain.pool.forPlanes(grid.count.x) { planes in
      for x in planes {
        var next = moment.interface.planeStart[x]
        for y in 0..<grid.count.y { fillInterface(moment, x, y, &next) }
      }
    }
  }

  private func fillInterface(_ moment: Moment, _ x: Int, _ y: Int, _ next: inout Int) {
    let grid = domain.grid
    let (list, places) = (moment.interface, ColouredPlaces(grid))
    let here = grid.index(x, y, 0)
    let d = distance.column(x, y)
    for block in stride(from: 0, to: grid.count.z, by: 8) {
      let near = isNear(d, block)
      guard any(near) else { continue }
      for k in 0..<8 where near[k] {
        let (z, i) = (block + k, here + block + k)
        let fluid = domain.fluid.base[i]
        guard fluid > Interface.fluidFloor else { continue }
        let xi = moment.metal.base[i]
        list.cell[next] = Int32(i)
        list.place[next] = Int32(places.place(x, y, z))
        list.distance[next] = d[z]
        list.density[next] = fluid * xi * (1 - xi) / domain.width
        list.active[next] = moment.electrolyte.base[i] > 0
        list.enclosed[next] = !list.active[next] && fluid * (1 - xi) > Interface.activeFloor
        list.capillarity[next] = capillarity.base[i]
        next += 1
      }
    }
  }
}
