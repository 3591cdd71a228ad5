import Testing

@testable import Electrodeposition
@testable import Spectral

@Suite("Regions of pieces")
struct PieceRegionsTests {
  /// Steps from cell to cell between two cells, sideways around the box.
  private func steps(_ a: Int, _ b: Int, _ grid: Grid) -> Int {
    func place(_ i: Int) -> SIMD3<Int> {
      SIMD3(i / (grid.count.y * grid.count.z), i / grid.count.z % grid.count.y, i % grid.count.z)
    }
    func around(_ way: Int, _ count: Int) -> Int { min(abs(way), count - abs(way)) }
    let way = place(a) &- place(b)
    return around(way.x, grid.count.x) + around(way.y, grid.count.y) + abs(way.z)
  }

  @Test(
    "A cell belongs to the piece whose interface is fewest steps away, the first of equals",
    arguments: [(8, nil), (18, nil), (8, 8), (10, 12)] as [(Int, Int?)], [2, 3, 5])
  func nearest(shape: (Int, Int?), pieces: Int) throws {
    let drawing = try Drawing(width: shape.0, depth: shape.1)
    let (grid, level) = (drawing.grid, drawing.level([]))
    level.pieces = (1...pieces).map { Piece(identity: Int32($0), potential: 0) }
    // Two cells of interface for each, here and there.
    let seeds = (0..<2 * pieces).map { (cell: (7 + 389 * $0 * $0) % grid.cells, piece: $0 % pieces) }
    for seed in seeds { level.interface.piece[seed.cell] = Int32(seed.piece) }
    let regions = PieceRegions(drawing.domain)
    regions.update(level)
    let owners = (0..<grid.cells).map { i -> Int in
      seeds.map { (steps(i, $0.cell, grid), level.interface.piece[$0.cell]) }.min { $0 < $1 }.map {
        Int($0.1)
      }
        ?? -1
    }
    for i in 0..<grid.cells { #expect(regions[i] == owners[i], "cell \(i)") }
    for i in stride(from: 0, to: grid.cells, by: 8) {
      for piece in 0..<pieces {
        #expect(regions.isOne(i, piece) == owners[i..<i + 8].allSatisfy { $0 == piece })
      }
    }
  }

  @Test("One piece has all cells")
  func alone() throws {
    let drawing = try Drawing()
    let level = drawing.level([])
    level.pieces = [Piece(identity: 3, potential: 0)]
    level.interface.piece[5] = 0
    let regions = PieceRegions(drawing.domain)
    regions.update(level)
    #expect((0..<drawing.grid.cells).allSatisfy { regions[$0] == 0 })
  }
}
