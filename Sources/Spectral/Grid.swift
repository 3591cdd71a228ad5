/// A uniform, cell-centred box of cells.
///
/// x and y are periodic; z, the direction of growth, carries a field's `Ends`. z is fastest in memory. Two
/// dimensions are a box one cell deep in y.
public struct Grid: Sendable, Equatable {
  /// Cells along x, y, z.
  public let count: SIMD3<Int>
  /// Cell sizes along x, y, z, m.
  public let spacing: SIMD3<Double>

  public init(count: SIMD3<Int>, spacing: SIMD3<Double>) {
    precondition(count.x > 0 && count.y > 0 && count.z > 0, "a grid has at least one cell in each direction")
    self.count = count
    self.spacing = spacing
  }

  public var cells: Int { count.x * count.y * count.z }
  /// Lateral columns of cells.
  public var columns: Int { count.x * count.y }
  public var cellVolume: Double { spacing.x * spacing.y * spacing.z }
  /// Extents of the box, m.
  public var extent: SIMD3<Double> {
    SIMD3(Double(count.x), Double(count.y), Double(count.z)) * spacing
  }
  /// Lateral area of the box, m².
  public var area: Double { extent.x * extent.y }
  public var isTwoDimensional: Bool { count.y == 1 }

  /// Memory index of a cell.
  public func index(_ x: Int, _ y: Int, _ z: Int) -> Int { (x * count.y + y) * count.z + z }

  /// Middle of a column (x·ny + y) in x and y, m.
  public func place(ofColumn column: Int) -> SIMD2<Double> {
    (SIMD2(Double(column / count.y), Double(column % count.y)) + 0.5) * SIMD2(spacing.x, spacing.y)
  }

  /// The shortest of the ways that lead to the same place in the periodic box; y does not count in two dimensions.
  public func wrapped(_ way: SIMD2<Double>) -> SIMD2<Double> {
    let period = SIMD2(extent.x, extent.y)
    let short = way - period * (way / period).rounded(.toNearestOrAwayFromZero)
    return isTwoDimensional ? SIMD2(short.x, 0) : short
  }

  /// Shortest lateral distance in the periodic box, m; y does not count in two dimensions.
  public func lateralDistance(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double {
    let way = wrapped(a - b)
    return (way * way).sum().squareRoot()
  }

  /// Middle of a cell, m from the corner of the box.
  public func middle(of cell: Int) -> SIMD3<Double> {
    let index = SIMD3(cell / (count.y * count.z), cell / count.z % count.y, cell % count.z)
    return (SIMD3(Double(index.x), Double(index.y), Double(index.z)) + 0.5) * spacing
  }

  /// Position of the centre of cell `index` along z, m above the bottom of the box.
  public func height(_ z: Int) -> Double { (Double(z) + 0.5) * spacing.z }
}

/// What a field does at the two z faces of the box, lower end first.
package enum Ends: Sendable, CaseIterable {
  case noFlux, fixed, noFluxThenFixed, fixedThenNoFlux, periodic
}
