import Spectral

/// Where metal touches the substrate: the trace of its surface on the wall, the bottom of the box.
///
/// Metal touches where the signed distance d on the wall is negative. Between the middles of columns d is linear, and so
/// is the distance to the edge of an island: a stretch of the wall is cut at its zeros (in three dimensions each of the
/// four triangles around the middle of four columns), which makes areas exact for straight lines and of second order for
/// curved ones. Nothing above the wall counts, so metal that does not touch carries nothing, however near it is.
final class ContactTrace {
  private let domain: Domain
  /// d on the wall, of each column.
  private let wallDistance: ColumnValues
  /// Distance to the nearest edge of an island, negative on it, of each column, m.
  private let edgeDistance: [Double]
  /// Of each piece, the area of its contact with each kind of surface, m².
  private var areas: [SIMD4<Double>] = []

  init(_ domain: Domain, wallDistance: ColumnValues) {
    self.domain = domain
    self.wallDistance = wallDistance
    let grid = domain.grid
    edgeDistance = (0..<grid.columns).map { column in
      domain.wall.edgeDistance(grid.place(ofColumn: column))
    }
  }

  /// Gives each piece the areas of its contact, on the matrix and on islands.
  ///
  /// - Parameter pieceOf: position of a piece by its identity.
  func measure(_ level: TimeLevel, _ pieceOf: [Int32: Int32]) {
    let kinds = max(1, domain.wall.surfaces.count)
    let n = domain.grid.count
    domain.sumByRange(level.pieces.count, into: &areas) { planes, own in
      for x in planes {
        for y in 0..<n.y {
          let next = (x + 1) % n.x
          if n.y == 1 {
            guard wallDistance.base[x] < 0 || wallDistance.base[next] < 0 else { continue }
            add([x, next], level, pieceOf, own)
          } else {
            let beyond = (y + 1) % n.y
            let corners = [x * n.y + y, next * n.y + y, next * n.y + beyond, x * n.y + beyond]
            add(corners, level, pieceOf, own)
          }
        }
      }
    }
    for k in level.pieces.indices {
      level.pieces[k].contactArea = (0..<kinds).map { areas[k][$0] }
    }
  }

  /// Adds what touches of the stretch or square between the middles of some columns.
  private func add(
    _ columns: [Int], _ level: TimeLevel, _ pieceOf: [Int32: Int32],
    _ own: UnsafeMutablePointer<SIMD4<Double>>
  ) {
    guard columns.contains(where: { wallDistance.base[$0] < 0 }) else { return }
    guard let piece = piece(columns, level, pieceOf) else { return }
    let spacing = domain.grid.spacing
    let corners = columns.map { SIMD2(wallDistance.base[$0], edgeDistance[$0]) }
    let wall = domain.wall
    let converted = columns.reduce(0) { $0 + wall.extent.base[$1] } / Double(columns.count)
    func add(_ simplex: [SIMD2<Double>], size: Double) {
      let (touching, onIsland) = Self.shares(simplex)
      own[piece] += size * converted * SIMD4(touching - onIsland, onIsland, 0, 0)
      if let kind = wall.pristineKind { own[piece][kind] += size * (1 - converted) * touching }
    }
    // In two dimensions areas are per metre of depth.
    guard corners.count == 4 else { return add(corners, size: spacing.x) }
    let middle = corners.reduce(SIMD2(0, 0), +) / 4
    for k in 0..<4 { add([corners[k], corners[(k + 1) % 4], middle], size: spacing.x * spacing.y / 4) }
  }

  /// The piece whose metal the corners touch: that of a core in the lowest row, or beside it.
  private func piece(_ columns: [Int], _ level: TimeLevel, _ pieceOf: [Int32: Int32]) -> Int? {
    let height = domain.grid.count.z
    for column in columns {
      if let found = pieceOf[level.core[column * height]] { return Int(found) }
    }
    var found: Int?
    for column in columns where wallDistance.base[column] < 0 {
      domain.grid.forNeighbours(of: column * height) { other in
        if found == nil, let piece = pieceOf[level.core[other]] { found = Int(piece) }
      }
    }
    return found
  }

  /// Shares of a stretch (two corners) or triangle (three) in which the first number is negative, and in which both are.
  /// Both are linear in between.
  static func shares(_ corners: [SIMD2<Double>]) -> (first: Double, both: Double) {
    let simplex = corners.enumerated().map { index, value in
      Corner(place: [SIMD2(0.0, 0), SIMD2(1.0, 0), SIMD2(0.0, 1)][index], value: value)
    }
    let first = clip(simplex, 0)
    return (measure(first, of: corners.count), measure(clip(first, 1), of: corners.count))
  }

  /// A corner of a cut stretch or triangle: its place in the unit simplex, and the two distances there.
  private struct Corner {
    var place, value: SIMD2<Double>
  }

  /// The part of a polygon (or stretch) in which one of the numbers is negative.
  private static func clip(_ polygon: [Corner], _ number: Int) -> [Corner] {
    var result: [Corner] = []
    let sides = polygon.count == 2 ? 1 : polygon.count
    for k in 0..<sides {
      let (from, to) = (polygon[k], polygon[(k + 1) % polygon.count])
      let (a, b) = (from.value[number], to.value[number])
      if a < 0 { result.append(from) }
      if (a < 0) != (b < 0) {
        let t = a.isFinite && b.isFinite ? a / (a - b) : 0.5
        result.append(
          Corner(
            place: from.place + t * (to.place - from.place), value: from.value + t * (to.value - from.value)))
      }
      if polygon.count == 2 && b < 0 { result.append(to) }
    }
    return result
  }

  /// Share of the unit simplex of so many corners that a polygon covers.
  private static func measure(_ polygon: [Corner], of corners: Int) -> Double {
    guard polygon.count > 1 else { return 0 }
    if corners == 2 { return abs(polygon[1].place.x - polygon[0].place.x) }
    var sum = 0.0
    for k in polygon.indices {
      let (a, b) = (polygon[k].place, polygon[(k + 1) % polygon.count].place)
      sum += a.x * b.y - a.y * b.x
    }
    return abs(sum)
  }
}
