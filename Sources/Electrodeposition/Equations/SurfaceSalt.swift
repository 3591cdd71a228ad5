import Spectral

/// Salt at the surface of the metal, read from the electrolyte before it.
///
/// Inside the interface c runs on below the value at the surface, as far down as nothing. A few ℓ outside, where there is
/// no metal and no reaction any more, it is what it seems: c and its slope along the normal there say what it
/// is at the surface. Under a held potential the reaction says it where little is left: the c at which the rate law gives
/// its current. (A given current fixes the slope and not φ, which is off as c comes down to what it changes by within ℓ.)
struct SurfaceSalt: Equatable {
  /// The smallest, mol/m³, and where, m from the corner of the substrate. Zero or less where the salt ends before the
  /// surface.
  var smallest = Double.infinity
  var place = SIMD3<Double>()
  /// The same, or less where cells of the interface hold less: of those between two surfaces none else tells it.
  var smallestNear = Double.infinity
  /// Mean over the surface where it plates, each part with its current, mol/m³; `nil` where none plates.
  var plated: Double?

  /// Distances from the surface between which it is read, in ℓ.
  private static let band = 4.0...5.5

  /// c at the surface over its change within ℓ, from which on the slope alone says it.
  private static let straight = 2.0...6.0
  /// The same up to which cells of the interface, whose reaction is farther out than the surface, are left out, and from
  /// which on they count.
  private static let scarce = 20.0...25.0
  /// Distance from the surface up to which a cell comes to count, in ℓ: one after the other the surface passes them.
  private static let passing = 0.0...2.0

  init() {}

  /// - Parameter law: that of a held potential.
  init(_ level: TimeLevel, _ domain: Domain, _ law: SurfaceLaw?) {
    func rise(_ value: Double, over range: ClosedRange<Double>) -> Double {
      smoothStep((value - range.lowerBound) / (range.upperBound - range.lowerBound))
    }
    let (list, grid) = (level.interface, domain.grid)
    let (near, far) = (Self.band.lowerBound * domain.width, Self.band.upperBound * domain.width)
    var (sum, weight, counts) = (0.0, 0.0, 1.0)
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
      let left = salt / (domain.width * abs(slope))
      let trust = rise(left, over: Self.straight)
      var found = salt
      let reacting = trust < 1 ? law?.salt(level, j) : nil
      if let reacting { found = reacting + trust * (salt - reacting) }
      if found < smallest {
        (smallest, counts) = (found, law == nil ? 1 : rise(left, over: Self.scarce))
        place = grid.middle(of: i) - list.distance[j] * outwards / length
        place.z += domain.bottom
      }
      let speed = max(0, level.advectionTerm.base[i])
      sum += speed * salt
      weight += speed
    }
    if weight > 0 { plated = sum / weight }
    smallestNear = smallest
    for j in 0..<list.count where list.active[j] && list.distance[j] > 0 {
      let salt = level.salt.base[Int(list.cell[j])]
      guard salt < smallest else { continue }
      let share = counts * rise(list.distance[j] / domain.width, over: Self.passing)
      smallestNear = min(smallestNear, smallest.isFinite ? smallest - share * (smallest - salt) : salt)
    }
  }
}
