import Spectral

/// Young's angle, as the slope with which d goes on below the wall.
///
/// θ is that of the place where the line is, for the whole profile, so that the line feels the angle of its own place and
/// of no other.
final class YoungsAngle {
  private let domain: Domain
  private let distance: PaddedDistance
  /// Curvature of the surface above columns that may be next to a line, 1/m.
  private let curvature: ColumnValues

  /// Bounds of the cosine at the wall, 166 and 18 degrees: flatter than this the profile's own slope decides. A thin wedge
  /// of metal is held less well than one of electrolyte, in which the profile ends at ξ = 0 anyway.
  private static let bounds = -0.97...0.95
  /// Columns from the end of the profile to the line, at the flattest angle there is.
  private static let longestWalk = 64

  init(_ domain: Domain, _ distance: PaddedDistance) {
    self.domain = domain
    self.distance = distance
    curvature = ColumnValues(domain.grid)
  }

  /// Takes the curvatures that `slope` needs, from d in the box.
  func update() {
    let reach = 3 * max(domain.grid.spacing.x, domain.grid.spacing.z)
    domain.pool.forColumns(domain.grid) { x, y in
      let isNear = abs(distance.column(x, y)[0]) < reach
      curvature.base[x * domain.grid.count.y + y] = isNear ? curvatureAbove(x, y) : 0
    }
  }

  /// ∂d/∂z at the wall in a column; 0 beyond the profile.
  ///
  /// On a curved surface the level set at d meets the wall at cos θ/(1 + κd): the slope where |∇d| = 1. What |∇d| is instead
  /// scales it, so that the angle holds; it is that at the line, since a slope that followed the |∇d| of its own column would
  /// be a wave along the wall.
  func slope(_ x: Int, _ y: Int) -> Double {
    let d = distance.column(x, y)[0]
    guard abs(d) < Interface.distanceLimit * domain.width else { return 0 }
    let half = domain.grid.spacing.z / 2
    var slope = 0.0
    // On the wall d is zero where it is half a cell's slope in the lowest row.
    for _ in 0..<2 {
      guard let line = line(from: x, y, level: half * slope) else { return 0 }
      let bend = max(0.85, 1 + line.curvature * (d - half * slope))
      let young = bounded(domain.wall.cosine(line.place))
      let stretch = max(0.6, min(1.4, line.steepness / (1 - young * young).squareRoot()))
      slope = line.nearness * stretch * bounded(young / bend)
    }
    return slope
  }

  private func bounded(_ cosine: Double) -> Double {
    max(Self.bounds.lowerBound, min(Self.bounds.upperBound, cosine))
  }

  /// A contact line, seen from a column of the wall.
  private struct ContactLine {
    /// The nearest place on it, m.
    let place: SIMD2<Double>
    /// Curvature of the surface above it, 1/m.
    let curvature: Double
    /// |∇d| along the wall.
    let steepness: Double
    /// 1; where lines have just joined or parted, what is left of them, falling to 0 within ℓ of d.
    let nearness: Double
  }

  /// The line where d of the lowest row has a level: downhill in |d − level|, from column to column. Where there is none,
  /// the place where d comes closest to it; `nil` beyond the profile.
  private func line(from startX: Int, _ startY: Int, level: Double) -> ContactLine? {
    let n = domain.grid.count
    func value(_ x: Int, _ y: Int) -> Double { distance.column(x, y)[0] - level }
    var (x, y) = (startX, startY)
    var here = value(x, y)
    for _ in 0..<Self.longestWalk {
      var (best, bestX, bestY) = (abs(here), x, y)
      func look(_ nextX: Int, _ nextY: Int) {
        let next = value(nextX, nextY)
        let size = here * next < 0 ? -1 / abs(next - here) : abs(next)
        if size < best { (best, bestX, bestY) = (size, nextX, nextY) }
      }
      look((x + 1) % n.x, y)
      look((x + n.x - 1) % n.x, y)
      if n.y > 1 {
        look(x, (y + 1) % n.y)
        look(x, (y + n.y - 1) % n.y)
      }
      if (bestX, bestY) == (x, y) {
        let gradient = distance.lateralGradient(x * n.y + y)
        return ContactLine(
          place: domain.grid.place(ofColumn: x * n.y + y), curvature: curvature.base[x * n.y + y],
          steepness: (gradient * gradient).sum().squareRoot(),
          nearness: 1 - smoothStep(abs(here) / domain.width))
      }
      let next = value(bestX, bestY)
      if here * next <= 0 {
        return line(
          from: startX * n.y + startY, between: x * n.y + y, bestX * n.y + bestY, share: here / (here - next))
      }
      (x, y, here) = (bestX, bestY, next)
    }
    return nil
  }

  /// The line that passes between two neighbouring columns, and its place that is nearest to a third one.
  private func line(from start: Int, between a: Int, _ b: Int, share: Double) -> ContactLine {
    let grid = domain.grid
    func mixed(_ first: Double, _ second: Double) -> Double { first + share * (second - first) }
    let k = mixed(curvature.base[a], curvature.base[b])
    let place = grid.place(ofColumn: a)
    let crossing = place + share * grid.wrapped(grid.place(ofColumn: b) - place)
    let (from, to) = (distance.lateralGradient(a), distance.lateralGradient(b))
    let gradient = from + share * (to - from)
    let square = (gradient * gradient).sum()
    func line(at place: SIMD2<Double>) -> ContactLine {
      ContactLine(place: place, curvature: k, steepness: square.squareRoot(), nearness: 1)
    }
    guard !grid.isTwoDimensional, square > 0.01 else { return line(at: crossing) }
    // The line runs straight on from here, across the gradient.
    let way = grid.wrapped(crossing - grid.place(ofColumn: start))
    return line(at: grid.place(ofColumn: start) + (way * gradient).sum() / square * gradient)
  }

  /// Curvature of the surface across the line, 1/m, from the lowest cells whose differences do not reach below the wall.
  private func curvatureAbove(_ x: Int, _ y: Int) -> Double {
    let grid = domain.grid
    let bend = Stencil(grid, x, y, distance).bend(0)
    let k = bend.atSurface(from: load(distance.column(x, y), 0))[3]
    let across = grid.isTwoDimensional ? k : k / 2
    return max(-0.1 / domain.width, min(0.1 / domain.width, across))
  }
}
