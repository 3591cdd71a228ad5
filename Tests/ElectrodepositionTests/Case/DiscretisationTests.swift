import Testing

@testable import Electrodeposition

@Suite("Grid of a case")
struct DiscretisationTests {
  private func grid(
    _ width: Double, _ height: Double, depth: Double? = nil, cell: Double = 1e-9
  ) -> Discretisation {
    Discretisation(Box(width: width, depth: depth, height: height, cell: cell), cellsPerWidth: 1.5)
  }

  @Test(
    "Cells are the nearest even number sideways and the nearest multiple of eight upwards",
    arguments: [
      (100.0, 96.0, 100, 96), (100.9, 99.9, 100, 96), (101.1, 100.1, 102, 104), (3, 5, 8, 16),
    ])
  func counts(width: Double, height: Double, nx: Int, nz: Int) {
    let flat = grid(width * 1e-9, height * 1e-9)
    #expect(flat.count == [nx, nz] && flat.grid.isTwoDimensional && flat.cells == nx * nz)
    #expect(flat.grid.spacing == SIMD3(width * 1e-9 / Double(nx), 1, height * 1e-9 / Double(nz)))
    let deep = grid(48e-9, height * 1e-9, depth: width * 1e-9)
    #expect(deep.count == [48, nx, nz] && deep.cells == 48 * nx * nz)
    #expect(deep.grid.spacing.y == width * 1e-9 / Double(nx))
  }

  @Test("The interface is as wide as the largest side of a cell says, the depth of two dimensions apart")
  func width() {
    let wide = grid(100.9e-9, 96e-9)
    #expect(wide.cell == 100.9e-9 / 100 && wide.interfaceWidth == 1.5 * wide.cell)
    #expect(grid(96e-9, 99.9e-9).cell == 99.9e-9 / 96)
    #expect(grid(96e-9, 96e-9, depth: 100.9e-9).cell == 100.9e-9 / 100)
  }

  @Test(
    "No solver is set up on a box without a sensible number of cells",
    arguments: [0, 1e-18, .nan, 1e-9] as [Double])
  func sense(cell: Double) {
    #expect(grid(1e-7, 1e-7, cell: cell).isSensible == (cell == 1e-9))
  }

  @Test("Without an extent there are no cells", arguments: [0, .nan, .infinity] as [Double])
  func extent(width: Double) {
    #expect(!grid(width, width).isSensible)
  }
}
