import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

@Suite("Contacts with the substrate")
struct ContactTraceTests {
  private static let cell = 2e-9

  /// A matrix, and below it perhaps islands of six cells in a pitch of eight.
  private func drawing(islands: Bool = false, depth: Int? = nil) throws -> Drawing {
    let surface = PlainCell.surface("surface", .pi / 2, PlainCell.ohmic)
    return try Drawing(
      depth: depth,
      substrate: Substrate(
        matrix: surface,
        islands: islands ? Islands(diameter: 6 * Self.cell, pitch: 8 * Self.cell, surface: surface) : nil))
  }

  /// Areas of the contacts of each piece, in cells.
  ///
  /// - Parameters:
  ///   - cores: identities of the pieces in the lowest rows, 1 and 2.
  ///   - distance: d on the wall below the middle of each column.
  private func areas(
    _ drawing: Drawing, cores: [[String]], distance: (_ x: Int, _ y: Int) -> Double
  ) -> [[Double]] {
    let (grid, level) = (drawing.grid, TimeLevel(drawing.grid))
    for (y, rows) in cores.enumerated() {
      for (z, row) in rows.reversed().enumerated() {
        for (x, letter) in row.enumerated() {
          level.core[grid.index(x, y, z)] = Int32(letter.wholeNumberValue ?? 0)
        }
      }
    }
    level.pieces = [Piece(identity: 1, potential: 0), Piece(identity: 2, potential: 0)]
    let wall = ColumnValues(grid)
    for column in 0..<grid.columns {
      wall.base[column] = Self.cell * distance(column / grid.count.y, column % grid.count.y)
    }
    ContactTrace(drawing.domain, wallDistance: wall).measure(level, [1: 0, 2: 1])
    let unit = grid.isTwoDimensional ? Self.cell : Self.cell * Self.cell
    return level.pieces.map { $0.contactArea.map { $0 / unit } }
  }

  private func close(_ found: [[Double]], _ wanted: [[Double]]) -> Bool {
    found.map(\.count) == wanted.map(\.count)
      && zip(found.joined(), wanted.joined()).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test("A contact ends where d is zero between two columns, and goes around the box")
  func ends() throws {
    let drawing = try drawing()
    let middle = [3, 3, -1, -1, 1, 3, 3, 3.0]
    #expect(close(areas(drawing, cores: [["..11...."]]) { x, _ in middle[x] }, [[0.25 + 1 + 0.5], [0]]))
    let sides = [-1, 3, 3, 3, 3, 3, 1, -3.0]
    #expect(close(areas(drawing, cores: [["1......1"]]) { x, _ in sides[x] }, [[0.25 + 1 + 0.75], [0]]))
  }

  @Test("Each piece has its own, and metal that is not in the lowest row, or beside it, has none")
  func pieces() throws {
    let drawing = try drawing()
    let distance = [-1, 1, 3, 3, -3, -1, 3, 3.0]
    let wanted = [[1.0 / 4 + 1.0 / 2], [0.5 + 1 + 0.25]]
    #expect(close(areas(drawing, cores: [["1...22.."]]) { x, _ in distance[x] }, wanted))
    #expect(close(areas(drawing, cores: [["1...22..", "........"]]) { x, _ in distance[x] }, wanted))
    let above = ["1...22..", "........", "........"]
    #expect(close(areas(drawing, cores: [above]) { x, _ in distance[x] }, [[0], [0]]))
    #expect(close(areas(drawing, cores: [["11112222"]]) { _, _ in 0 }, [[0], [0]]))
  }

  @Test("A contact is cut at the edges of an island")
  func islands() throws {
    let drawing = try drawing(islands: true)
    #expect(close(areas(drawing, cores: [["11111111"]]) { _, _ in -1 }, [[2, 6], [0, 0]]))
    // From 2.75 to 7.25 cells, of which the last quarter is beyond the edge at 7.
    let distance = [3, 3, 1, -3, -3, -3, -3, 1.0]
    #expect(close(areas(drawing, cores: [["...1111."]]) { x, _ in distance[x] }, [[0.25, 4.25], [0, 0]]))
  }

  @Test("In three dimensions straight lines enclose their area")
  func area() throws {
    let drawing = try drawing(depth: 8)
    let cores = Array(repeating: ["11111111"], count: 8)
    // A square on its tip, its corners on the lines between the middles of columns.
    let square = areas(drawing, cores: cores) { x, y in abs(Double(x) - 4) + abs(Double(y) - 4) - 2.3 }
    #expect(close(square, [[2 * 2.3 * 2.3], [0]]))
    #expect(close(areas(drawing, cores: cores) { _, y in abs(Double(y) - 4) - 1.25 }, [[20], [0]]))
  }

  @Test("Shares of a triangle in which one number, and both, are negative")
  func shares() {
    // x − 1/2 and y − 1/2 in the triangle below x + y = 1.
    let half = ContactTrace.shares([SIMD2(-0.5, -0.5), SIMD2(0.5, -0.5), SIMD2(-0.5, 0.5)])
    #expect(abs(half.first - 0.75) < 1e-15 && abs(half.both - 0.5) < 1e-15)
    #expect(ContactTrace.shares([SIMD2(-1, .infinity), SIMD2(-1, .infinity)]) == (1, 0))
    #expect(ContactTrace.shares([SIMD2(-1, -1), SIMD2(3, 1)]) == (0.25, 0.25))
    #expect(ContactTrace.shares([SIMD2(-1, 1), SIMD2(1, -3)]) == (0.5, 0.25))
  }

  @Test("The tail of a seed ten nanometres away does not touch the matrix")
  func tail() throws {
    var cell = PlainCell()
    (cell.width, cell.height) = (64, 48)
    let ohmic = Contact.ohmic(resistance: PlainCell.chosen(1e-7, "ohm m^2"))
    let angle = PlainCell.chosen(.pi / 2, "rad")
    cell.substrate = Substrate(
      matrix: Surface(name: "Ni", contactAngle: angle, contact: ohmic),
      islands: Islands(
        diameter: 40e-9, pitch: 128e-9,
        surface: Surface(name: "island", contactAngle: angle, contact: .insulating)))
    cell.seeds = Seeds(onIslands: .init(radius: 10e-9))
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 1))]
    let simulation = try Simulation(cell.setup, threads: 1)
    let piece = simulation.pieceViews[0]
    #expect(piece.contactArea[0] == 0)
    #expect(piece.contactArea[1] > 0)
    #expect(simulation.pieceViews.count == 1)
  }
}
