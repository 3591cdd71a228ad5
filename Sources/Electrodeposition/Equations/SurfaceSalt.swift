import Spectral

/// Salt at the surface of the metal, read from the electrolyte before it.
///
/// Inside the interface c runs on below the value at the surface, as far down as nothing. A few ℓ outside, where there is
/// no metal any more, it is what it seems: c and its slope along the normal there say what it is at the surface.
struct SurfaceSalt: Equatable {
  /// The smallest, mol/m³, and where, m from the corner of the box. Zero or less where the salt ends before the surface.
  var smallest = Double.infinity
  var place = SIMD3<Double>()
  /// Mean over the surface where it plates, each part with its current, mol/m³; `nil` where none plates.
  var plated: Double?

  /// Distances from the surface between which it is read, in ℓ.
  private static let band = 3.0...5.0

  init() {}

  init(_ level: TimeLevel, _ domain: Domain) {
    let (list, grid) = (level.interface, domain.grid)
    let (near, far) = (Self.band.lowerBound * domain.width, Self.band.upperBound * domain.width)
    var (sum, weight) = (0.0, 0.0)
    for j in 0..<list.count where list.active[j] && list.distance[j] > near && list.distance[j] < far {
      let i = Int(list.cell[j])
      var isOpen = true
      grid.forNeighbours(of: i) { isOpen = isOpen && level.electrolyteFraction.base[$0] > 0 }
      guard isOpen else { continue }
      let outwards = level.distance.gradient(at: i)
      let length = (outwards * outwards).sum()
      guard length > 0.25 else { continue }
      let slope = (outwards * level.salt.gradient(at: i)).sum() / length
      let salt = level.salt.base[i] - list.distance[j] * slope
      if salt < smallest {
        smallest = salt
        place = grid.middle(of: i) - list.distance[j] * outwards / length
      }
      let speed = max(0, level.advectionTerm.base[i])
      sum += speed * salt
      weight += speed
    }
    if weight > 0 { plated = sum / weight }
  }
}
