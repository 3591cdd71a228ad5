/// Numbers on a plane of cells, `across` to the right and `up` upwards, the upward index fastest.
struct Plane: Sendable {
  let across: Int
  let up: Int
  /// Cell sizes, m.
  let spacing: SIMD2<Double>
  var values: [Double]

  init(across: Int, up: Int, spacing: SIMD2<Double>, values: [Double]) {
    precondition(values.count == across * up, "a plane takes one value per cell")
    self.across = across
    self.up = up
    self.spacing = spacing
    self.values = values
  }

  subscript(i: Int, j: Int) -> Double {
    get { values[i * up + j] }
    set { values[i * up + j] = newValue }
  }

  /// Extents, m.
  var extent: SIMD2<Double> { SIMD2(Double(across), Double(up)) * spacing }

  /// Closed curves around where the values exceed `level`, by marching squares with linear interpolation.
  ///
  /// Coordinates are in cells: (0, 0) is the corner of the plane, (½, ½) the centre of its first cell. Where
  /// the values are high at the border the curve goes round outside of it, at most two cells away.
  func contours(at level: Double) -> [[SIMD2<Double>]] {
    var next: [Int: Int] = [:]
    let ends = MarchingSquares(plane: self, level: level)
    for i in -2...across { for j in -2...up { ends.segments(i, j) { next[$0] = $1 } } }
    var curves: [[SIMD2<Double>]] = []
    for first in next.keys.sorted() where next[first] != nil {
      var curve: [SIMD2<Double>] = []
      var edge = first
      while let following = next.removeValue(forKey: edge) {
        curve.append(ends.crossing(of: edge))
        edge = following
      }
      curves.append(curve)
    }
    return curves
  }

  /// Sampled `factor` times finer with cubic B-splines, which smooth over about a cell.
  func refined(_ factor: Int) -> Plane {
    let weights = (0..<factor).map { step in
      let t = (Double(step) + 0.5) / Double(factor) - 0.5
      return Plane.splineWeights(t)
    }
    var fine = Plane(
      across: across * factor, up: up * factor, spacing: spacing / Double(factor),
      values: [Double](repeating: 0, count: values.count * factor * factor))
    for i in 0..<fine.across {
      let (a, rowWeights) = (i / factor, weights[i % factor])
      for j in 0..<fine.up {
        let (b, columnWeights) = (j / factor, weights[j % factor])
        var sum = 0.0
        for di in -2...2 {
          let column = max(0, min(across - 1, a + di))
          for dj in -2...2 {
            sum += rowWeights[di + 2] * columnWeights[dj + 2] * self[column, max(0, min(up - 1, b + dj))]
          }
        }
        fine[i, j] = sum
      }
    }
    return fine
  }

  /// Weights of the five cells around a point that lies `t` cells (|t| ≤ ½) from the centre of the middle one.
  private static func splineWeights(_ t: Double) -> [Double] {
    (-2...2).map { cell in
      let distance = abs(t - Double(cell))
      if distance >= 2 { return 0 }
      if distance >= 1 { return (2 - distance) * (2 - distance) * (2 - distance) / 6 }
      return 2.0 / 3 - distance * distance + distance * distance * distance / 2
    }
  }

  /// Gives cells that `isKnown` leaves out the mean of their known neighbours, `rounds` cells deep.
  mutating func extend(rounds: Int, isKnown: [Bool]) {
    var known = isKnown
    for _ in 0..<rounds {
      var added: [(Int, Double)] = []
      for i in 0..<across {
        for j in 0..<up where !known[i * up + j] {
          var (sum, count) = (0.0, 0)
          for (di, dj) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
            let (ni, nj) = (i + di, j + dj)
            guard ni >= 0, ni < across, nj >= 0, nj < up, known[ni * up + nj] else { continue }
            sum += values[ni * up + nj]
            count += 1
          }
          if count > 0 { added.append((i * up + j, sum / Double(count))) }
        }
      }
      for (place, value) in added {
        values[place] = value
        known[place] = true
      }
    }
  }
}

/// The squares between four cell centres, over the plane and two cells around it: one that repeats the
/// border, one below the level, so that every curve closes.
private struct MarchingSquares {
  let plane: Plane
  let level: Double

  /// Value of a cell less the level.
  func value(_ i: Int, _ j: Int) -> Double {
    guard i >= -1, i <= plane.across, j >= -1, j <= plane.up else { return -abs(level) - 1e-300 }
    return plane[max(0, min(plane.across - 1, i)), max(0, min(plane.up - 1, j))] - level
  }

  /// Number of the edge from cell (i, j) to the right (upward: false) or up.
  private func edge(_ i: Int, _ j: Int, upward: Bool) -> Int {
    2 * ((i + 2) * (plane.up + 5) + j + 2) + (upward ? 1 : 0)
  }

  /// Pieces of curve in the square whose lower left corner is cell (i, j), as edges where they begin and end.
  /// What is above the level lies to the left.
  func segments(_ i: Int, _ j: Int, _ add: (Int, Int) -> Void) {
    let corners = (value(i, j), value(i + 1, j), value(i + 1, j + 1), value(i, j + 1))
    let high = (corners.0 > 0, corners.1 > 0, corners.2 > 0, corners.3 > 0)
    if high.0 == high.1 && high.1 == high.2 && high.2 == high.3 { return }
    let edges = [
      edge(i, j, upward: false), edge(i + 1, j, upward: true), edge(i, j + 1, upward: false),
      edge(i, j, upward: true),
    ]
    // Anticlockwise around the square a curve begins on an edge that leads down and ends on one that leads up.
    let leadsDown = [
      high.0 && !high.1, high.1 && !high.2, high.2 && !high.3, high.3 && !high.0,
    ]
    let leadsUp = [
      !high.0 && high.1, !high.1 && high.2, !high.2 && high.3, !high.3 && high.0,
    ]
    let starts = (0..<4).filter { leadsDown[$0] }
    if starts.count == 1 {
      add(edges[starts[0]], edges[leadsUp.firstIndex(of: true)!])
    } else {
      let joined = corners.0 + corners.1 + corners.2 + corners.3 > 0
      for start in starts { add(edges[start], edges[(start + (joined ? 1 : 3)) % 4]) }
    }
  }

  /// Where the level is crossed on an edge.
  func crossing(of edge: Int) -> SIMD2<Double> {
    let upward = edge % 2 == 1
    let i = edge / 2 / (plane.up + 5) - 2
    let j = edge / 2 % (plane.up + 5) - 2
    let first = value(i, j)
    let second = upward ? value(i, j + 1) : value(i + 1, j)
    let share = first / (first - second)
    return SIMD2(Double(i) + 0.5 + (upward ? 0 : share), Double(j) + 0.5 + (upward ? share : 0))
  }
}
