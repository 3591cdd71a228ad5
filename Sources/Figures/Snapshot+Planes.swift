import Electrodeposition
import Spectral

extension Snapshot {
  /// Row of cells of the x–z plane that is shown: through the middle of the box, or through the middle of
  /// the islands that are nearest to it.
  var sliceRow: Int {
    let (nx, ny) = (grid.count.x, grid.count.y)
    guard ny > 1, onIsland.count == nx * ny, onIsland.contains(true) else { return ny / 2 }
    let counts = (0..<ny).map { y in (0..<nx).count { onIsland[$0 * ny + y] } }
    let most = counts.max() ?? 0
    let rows = (0..<ny).filter { counts[$0] == most }
    return rows.min { abs(2 * $0 + 1 - ny) < abs(2 * $1 + 1 - ny) } ?? ny / 2
  }

  /// The x–z plane of a field along `sliceRow`.
  func slice(_ name: String) -> Plane? {
    guard let values = self[name], values.count == grid.cells else { return nil }
    let y = sliceRow
    var plane: [Double] = []
    plane.reserveCapacity(grid.count.x * grid.count.z)
    for x in 0..<grid.count.x {
      let start = grid.index(x, y, 0)
      plane.append(contentsOf: values[start..<start + grid.count.z])
    }
    return Plane(
      across: grid.count.x, up: grid.count.z, spacing: SIMD2(grid.spacing.x, grid.spacing.z), values: plane)
  }

  /// ξ of the pieces without electronic contact along `sliceRow`, 0 elsewhere; `nil` where there are none.
  func deadMetal() -> Plane? {
    guard var pieces = slice("piece"), let metal = slice("metal"), pieces.values.contains(where: { $0 < 0 })
    else { return nil }
    // What a piece is in the tail of its surface is what the nearest cell inside is.
    let isKnown = pieces.values.map { $0 != 0 }
    pieces.values = pieces.values.map { $0 < 0 ? -1 : 1 }
    pieces.extend(rounds: 8, isKnown: isKnown)
    return Plane(
      across: metal.across, up: metal.up, spacing: metal.spacing,
      values: zip(metal.values, pieces.values).map { $1 < 0 ? $0 : 0 })
  }

  /// Height of the highest ξ = ½ crossing of each column, m (0 where there is none), and
  /// the largest ξ of each column, whose contour at ½ is the outline of the metal seen from above.
  func heightMap() -> (heights: Plane, cover: Plane)? {
    guard let metal = self["metal"], metal.count == grid.cells else { return nil }
    let nz = grid.count.z
    var heights = [Double](repeating: 0, count: grid.columns)
    var cover = heights
    for column in 0..<grid.columns {
      let start = column * nz
      cover[column] = metal[start..<start + nz].max() ?? 0
      guard let top = (0..<nz).last(where: { metal[start + $0] >= 0.5 }) else { continue }
      var height = bottom + grid.height(top)
      if top + 1 < nz {
        let (below, above) = (metal[start + top], metal[start + top + 1])
        height += (below - 0.5) / (below - above) * grid.spacing.z
      }
      heights[column] = height
    }
    let spacing = SIMD2(grid.spacing.x, grid.spacing.y)
    let (nx, ny) = (grid.count.x, grid.count.y)
    return (
      Plane(across: nx, up: ny, spacing: spacing, values: heights),
      Plane(across: nx, up: ny, spacing: spacing, values: cover)
    )
  }

  /// Columns on islands along the middle plane; empty where there are no islands.
  func islandsOfSlice() -> [Bool] {
    guard onIsland.count == grid.columns, onIsland.contains(true) else { return [] }
    let y = sliceRow
    return (0..<grid.count.x).map { onIsland[$0 * grid.count.y + y] }
  }
}
