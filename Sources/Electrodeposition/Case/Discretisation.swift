import Spectral

/// The grid that a case is solved on, and the lengths that follow from it.
///
/// A run and what is said of it beforehand read the same one. The number of cells is the nearest to the wanted size that
/// is even sideways and a multiple of eight upwards, so that the box keeps its width and height to the last bit.
package struct Discretisation: Sendable, Equatable {
  package let grid: Grid
  /// The largest side of a cell, m.
  package let cell: Double
  /// Width ℓ of the interface's profile ξ = 1/(1 + e^{d/ℓ}), m.
  package let interfaceWidth: Double

  /// Cells along one side from which on a box makes no sense.
  private static let mostCells = 1e5

  init(_ box: Box, cellsPerWidth: Double) {
    func cells(_ length: Double) -> Double {
      length / box.cell < Self.mostCells ? length / box.cell : Self.mostCells
    }
    func even(_ length: Double) -> Int { max(8, 2 * Int((cells(length) / 2).rounded())) }
    let nx = even(box.width)
    let ny = box.depth.map(even) ?? 1
    let nz = max(16, 8 * Int((cells(box.height) / 8).rounded()))
    grid = Grid(
      count: SIMD3(nx, ny, nz),
      spacing: SIMD3(box.width / Double(nx), (box.depth ?? 1) / Double(ny), box.height / Double(nz)))
    cell = max(grid.spacing.x, grid.spacing.z, grid.isTwoDimensional ? 0 : grid.spacing.y)
    interfaceWidth = cellsPerWidth * cell
  }

  /// Whether a solver can be set up on it.
  var isSensible: Bool {
    cell > 0 && cell.isFinite && Double(max(grid.count.x, grid.count.y, grid.count.z)) < Self.mostCells
  }

  /// Cells along each side: x, in three dimensions y, and z.
  package var count: [Int] {
    grid.isTwoDimensional ? [grid.count.x, grid.count.z] : [grid.count.x, grid.count.y, grid.count.z]
  }

  /// All cells of the box.
  package var cells: Int { grid.cells }
}

extension Case {
  /// The grid of the case.
  package var discretisation: Discretisation {
    Discretisation(box, cellsPerWidth: numerics.interfaceWidth)
  }
}
