import Spectral

/// The surface of the substrate, which is the bottom of the box: what it is made of, and how metal meets it.
///
/// The contact is sharp at the edge of an island; cosθ goes over from the island's to the matrix's like the normal
/// distribution, over the width σ of the edge. Where the substrate is converted first, the angle and the contact of what was
/// there before have the share that is not converted yet.
struct Wall {
  /// The kinds of surface: the matrix, the islands if there are any, and what is converted; empty without a substrate.
  let surfaces: [Surface]
  /// Where what is converted stands among them; `nil` for none.
  let pristineKind: Int?
  /// Extent of the conversion in each column, 0…1; 1 without one.
  let extent: ColumnValues
  /// Centres of the islands, m.
  let islandCentres: [SIMD2<Double>]
  private let islands: Islands?
  private let grid: Grid
  /// cosθ of the matrix and of the islands.
  private let matrixCosine, islandCosine, pristineCosine: Double

  init(_ substrate: Substrate?, _ grid: Grid) {
    let finished = substrate.map { [$0.matrix] + ($0.islands.map { [$0.surface] } ?? []) } ?? []
    let pristine = substrate?.conversion?.surface
    surfaces = finished + (pristine.map { [$0] } ?? [])
    pristineKind = pristine == nil ? nil : finished.count
    pristineCosine = cos(pristine?.contactAngle.value ?? 0)
    extent = ColumnValues(grid)
    extent.values = Array(repeating: pristine == nil ? 1 : 0, count: grid.columns)
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
    let finished = finishedCosine(place)
    guard pristineKind != nil else { return finished }
    return pristineCosine + extent.base[column(at: place)] * (finished - pristineCosine)
  }

  private func column(at place: SIMD2<Double>) -> Int {
    func index(_ x: Double, _ count: Int) -> Int {
      let i = Int(x.rounded(.down)) % count
      return i < 0 ? i + count : i
    }
    let x = index(place.x / grid.spacing.x, grid.count.x)
    return grid.isTwoDimensional ? x : x * grid.count.y + index(place.y / grid.spacing.y, grid.count.y)
  }

  /// cosθ of matrix and islands.
  private func finishedCosine(_ place: SIMD2<Double>) -> Double {
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
