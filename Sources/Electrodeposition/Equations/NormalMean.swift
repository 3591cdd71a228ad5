import Spectral

/// The reaction of a surface per area: what reacts along the normal through a cell.
///
/// Where the salt is all but used up it changes by more than itself across the interface, and what one cell reacts says
/// little of the surface. Its normal does, from 4ℓ inside to 4ℓ outside, where all of the reaction is.
struct NormalMean {
  private let grid: Grid
  private let width: Double
  /// Samples per cell.
  private static let density = 2.0

  init(_ domain: Domain) {
    grid = domain.grid
    width = domain.width
  }

  /// Current density of the surface, A/m², along the normal through a cell at the distance d (m) from it; `nil` where there
  /// is no normal, or nothing that reacts on it.
  func current(_ level: TimeLevel, through i: Int, distance: Double) -> Double? {
    let gradient = level.distance.gradient(at: i)
    let length = (gradient * gradient).sum().squareRoot()
    guard length > 0.5 else { return nil }
    let normal = gradient / length
    let cell = min(grid.spacing.x, grid.spacing.z)
    let (reach, step) = (Interface.reactionReach.upperBound * width, cell / Self.density)
    let start = grid.middle(of: i) / grid.spacing - 0.5
    var (reaction, area) = (0.0, 0.0)
    for direction in [-1.0, 1] {
      // From the surface both ways, as far as the distance goes on.
      var last = -Double.infinity
      var s = direction > 0 ? 0.5 * step : -0.5 * step
      while abs(s) < reach {
        let point = start + (s - distance) * normal / grid.spacing
        guard let place = place(point) else { break }
        let d = place.value(level.distance.base)
        guard direction * d > last else { break }
        last = direction * d
        reaction += place.value(level.reaction.base)
        area += Interface.density(at: d / width) / width
        s += direction * step
      }
    }
    return area * step > 0.1 ? reaction / area : nil
  }

  /// Cells around a point and their shares in it (linear).
  private struct Place {
    var cells: SIMD8<Int>
    var shares: SIMD8<Double>

    @inline(__always)
    func value(_ field: UnsafeMutablePointer<Double>) -> Double {
      var sum = 0.0
      for k in 0..<8 where shares[k] != 0 { sum += shares[k] * field[cells[k]] }
      return sum
    }
  }

  /// - Parameter point: in cells, 0 in the middle of the first. `nil` outside the box.
  private func place(_ point: SIMD3<Double>) -> Place? {
    let n = grid.count
    guard point.z >= 0, point.z <= Double(n.z - 1) else { return nil }
    let low = point.rounded(.down)
    let rest = point - low
    let (x, y, z) = (Int(low.x), Int(low.y), min(Int(low.z), n.z - 2))
    let up = point.z - Double(z)
    func wrapped(_ k: Int, _ count: Int) -> Int { ((k % count) + count) % count }
    var place = Place(cells: SIMD8(repeating: 0), shares: SIMD8(repeating: 0))
    for k in 0..<8 {
      let (a, b, c) = (k & 1, (k >> 1) & 1, k >> 2)
      guard n.y > 1 || b == 0 else { continue }
      place.cells[k] = grid.index(wrapped(x + a, n.x), wrapped(y + b, n.y), z + c)
      place.shares[k] =
        (a == 1 ? rest.x : 1 - rest.x) * (n.y == 1 ? 1 : b == 1 ? rest.y : 1 - rest.y)
        * (c == 1 ? up : 1 - up)
    }
    return place
  }
}
