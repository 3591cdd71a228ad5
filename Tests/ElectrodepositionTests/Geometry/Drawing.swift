import Spectral

@testable import Electrodeposition
@testable import Verification

/// A small box of cells of 2 nm, with fields that are drawn by hand.
///
/// A picture is a list of rows of the box, the bottom row last; above them all is electrolyte. A dot is ξ = 0, a hash 1,
/// a digit n 0.n5. In three dimensions there is one for each y.
struct Drawing {
  let domain: Domain
  var grid: Grid { domain.grid }

  /// - Parameters: cells along x and y; without a depth in two dimensions.
  init(width: Int = 8, depth: Int? = nil, substrate: Substrate? = nil) throws {
    var cell = PlainCell()
    (cell.width, cell.depth, cell.height) = (Double(width), depth.map(Double.init), 16)
    cell.substrate = substrate
    domain = try Domain(cell.setup, threads: 2)
  }

  /// A moment with the ξ of pictures. Every cell stands in its interface list, and belongs to no piece.
  func level(_ pictures: [[String]]) -> TimeLevel {
    let level = TimeLevel(grid)
    for (y, rows) in pictures.enumerated() {
      for (z, row) in rows.reversed().enumerated() {
        for (x, letter) in row.enumerated() { level.metal[x, y, z] = Self.xi(letter) }
      }
    }
    let list = level.interface
    list.resize(counts: Array(repeating: grid.count.y * grid.count.z, count: grid.count.x))
    for i in 0..<grid.cells { (list.cell[i], list.piece[i]) = (Int32(i), -1) }
    return level
  }

  private static func xi(_ letter: Character) -> Double {
    letter == "#" ? 1 : letter.wholeNumberValue.map { (Double($0) + 0.5) / 10 } ?? 0
  }

  /// The lowest rows of a plane of one y as a picture, from the number of each cell by its memory index; a dot for `nil`.
  func picture(_ rows: Int, y: Int = 0, _ number: (Int) -> Int?) -> [String] {
    (0..<rows).reversed().map { z in
      (0..<grid.count.x).map { x in number(grid.index(x, y, z)).map(String.init) ?? "." }.joined()
    }
  }
}
