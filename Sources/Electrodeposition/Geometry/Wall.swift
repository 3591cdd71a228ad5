import Spectral

/// The surface of the substrate, which is the bottom of the box: what it is made of, and how metal meets it.
///
/// The contact is sharp at the edge of an island; cosθ goes over from the island's to the matrix's like the normal
/// distribution, over the width σ of the edge.
struct Wall {
  /// The kinds of surface: the matrix, and the islands if there are any; empty without a substrate.
  let surfaces: [Surface]
  /// Centres of the islands, m.
  let islandCentres: [SIMD2<Double>]
  private let islands: Islands?
  private let grid: Grid
  /// cosθ of the matrix and of the islands.
  private let matrixCosine, islandCosine: Double

  init(_ substrate: Substrate?, _ grid: Grid) {
    surfaces = substrate.map { [$0.matrix] + ($0.islands.map { [$0.surface] } ?? []) } ?? []
    islands = substrate?.islands
    self.grid = grid
    // Without a substrate metal meets its mirror image.
    matrixCosine = substrate.map { cos($0.matrix.contactAngle.value) } ?? 0
    islandCosine = islands.map { cos($0.surface.contactAngle.value) } ?? 0
    islandCentres = Self.lattice(substrate?.islands, grid)
  }

  private static func lattice(_ islands: Islands?, _ grid: Grid) -> [SIMD2<Double>] {
    guard let islands else { return [] }
    let alongX = max(1, Int((grid.extent.x / islands.pitch).rounded()))
    let alongY = grid.isTwoDimensional ? 1 : max(1, Int((grid.extent.y / islands.pitch).rounded()))
    let step = SIMD2(grid.extent.x / Double(alongX), grid.extent.y / Double(alongY))
    return (0..<alongX).flatMap { ix in
      (0..<alongY).map { iy in SIMD2(Double(ix) + 0.5, Double(iy) + 0.5) * step + islands.shift }
    }
  }

  /// Distance to the nearest island's edge, m, negative on the island; infinite without islands.
  func edgeDistance(_ place: SIMD2<Double>) -> Double {
    guard let islands else { return .infinity }
    let nearest = islandCentres.reduce(Double.infinity) { min($0, grid.lateralDistance(place, $1)) }
    return nearest - islands.diameter / 2
  }

  /// cosθ at a place of the surface.
  func cosine(_ place: SIMD2<Double>) -> Double {
    guard let islands else { return matrixCosine }
    let edge = edgeDistance(place)
    func share(_ distance: Double) -> Double {
      erfc(distance / (islands.edgeWidth.value * 2.squareRoot())) / 2
    }
    // Of a narrow island both edges count.
    let onIsland = share(edge) - share(edge + islands.diameter)
    return matrixCosine + (islandCosine - matrixCosine) * onIsland
  }
}
