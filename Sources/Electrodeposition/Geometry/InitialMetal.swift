import Spectral

/// The metal a case starts with: the union of a flat film and caps, as a signed distance.
struct InitialMetal {
  private let domain: Domain
  private let film: Double
  private let caps: [Seeds.Cap]

  init(_ seeds: Seeds, _ domain: Domain) {
    self.domain = domain
    film = seeds.film
    var caps = seeds.caps
    if let onIslands = seeds.onIslands {
      for (n, centre) in domain.wall.islandCentres.enumerated() where n % onIslands.every == 0 {
        caps.append(
          Seeds.Cap(x: centre.x, y: centre.y, radius: onIslands.radius, angle: onIslands.angle))
      }
    }
    self.caps = caps
  }

  /// Sets ξ = 1/(1+e^{d/ℓ}).
  func fill(_ metal: Field) {
    let grid = domain.grid
    for x in 0..<grid.count.x {
      for y in 0..<grid.count.y {
        for z in 0..<grid.count.z {
          metal[x, y, z] = 1 / (1 + exp(min(700, distance(x, y, z) / domain.width)))
        }
      }
    }
  }

  /// Signed distance to the metal, m, negative inside.
  private func distance(_ x: Int, _ y: Int, _ z: Int) -> Double {
    let grid = domain.grid
    let height = grid.height(z)
    let here = SIMD2((Double(x) + 0.5) * grid.spacing.x, (Double(y) + 0.5) * grid.spacing.y)
    // Without a film nothing lies below the surface but the lower parts of the caps' spheres.
    var nearest = film > 0 ? height - film : Double.greatestFiniteMagnitude
    for cap in caps {
      let lateral = grid.lateralDistance(here, SIMD2(cap.x, cap.y))
      let vertical = height - cap.z + cap.radius * cos(cap.angle)
      nearest = min(nearest, (lateral * lateral + vertical * vertical).squareRoot() - cap.radius)
    }
    return nearest
  }
}
