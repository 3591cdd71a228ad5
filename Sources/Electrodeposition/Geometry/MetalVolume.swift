import Spectral

/// How much of a cell counts as metal.
///
/// The integral of ξ over a profile is the volume within the surface ξ = ½ only where that is flat: the outer side of a
/// curved one has more room than the inner, by K x dA, and ∫(ξ − H(−d)) d = π²ℓ²/6. A half circle of 10 nm at ℓ = 1.5 nm
/// has 7 % too much, and as much is left over when it spreads. What is counted instead is
///
///     ξ − ½ y ξ(1−ξ),   y = d/ℓ = ln((1−ξ)/ξ)
///
/// whose integral over a profile is the same and whose first moment is zero: it gives the volume to fourth order in ℓK.
/// (y up to ±11, as far as d is read.) Where the growth of ξ is what reacts, metal is ∫ξ.
struct MetalVolume {
  private let isCorrected: Bool
  private let perWidth: Double

  init(isCorrected: Bool, width: Double) {
    self.isCorrected = isCorrected
    perWidth = 1 / width
  }

  /// Share of eight cells that is metal, 0…1 (a little beyond next to the surface).
  @inline(__always)
  func share(_ xi: Vector) -> Vector {
    guard isCorrected, any((xi .> 0) .& (xi .< 1)) else { return xi }
    let tail = Interface.tail
    let between = smaller(larger(xi, Vector(repeating: tail)), Vector(repeating: 1 - tail))
    return share(xi, y: log((1 - between) / between))
  }

  /// The same of eight cells whose d is known.
  @inline(__always)
  func share(_ xi: Vector, distance d: Vector) -> Vector {
    isCorrected ? share(xi, y: perWidth * d) : xi
  }

  @inline(__always)
  private func share(_ xi: Vector, y: Vector) -> Vector { xi - 0.5 * y * xi * (1 - xi) }
}
