/// A point between the middles of cells, and the cells around it for cubic interpolation.
///
/// Sideways the box is periodic; at bottom and top it is mirrored.
package struct CubicPlace {
  private typealias Four = (offsets: SIMD4<Int>, shares: SIMD4<Double>)
  private let x, y, z: Four
  private let isDeep: Bool

  /// - Parameter point: m from the corner of the box.
  package init(_ point: SIMD3<Double>, _ grid: Grid) {
    let n = grid.count
    let place = point / grid.spacing - 0.5
    let low = place.rounded(.down)
    let rest = place - low
    func around(_ axis: Int, _ distance: Int, _ inside: (Int) -> Int) -> Four {
      var four: Four = (SIMD4(repeating: 0), Self.weights(rest[axis]))
      for k in 0..<4 { four.offsets[k] = distance * inside(Int(low[axis]) + k - 1) }
      return four
    }
    x = around(0, n.y * n.z) { ($0 % n.x + n.x) % n.x }
    y = around(1, n.z) { ($0 % n.y + n.y) % n.y }
    z = around(2, 1) { max(0, min(n.z - 1, $0 < 0 ? -1 - $0 : $0 < n.z ? $0 : 2 * n.z - 1 - $0)) }
    isDeep = n.y > 1
  }

  /// Lagrange's polynomial through −1, 0, 1, 2.
  private static func weights(_ t: Double) -> SIMD4<Double> {
    SIMD4(
      -t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2,
      (t + 1) * t * (t - 1) / 6)
  }

  /// A field at the point. Where not all cells around are known, the mean of those that are; `nil` where none is.
  package func value(_ field: Field, isKnown: (Int) -> Bool) -> Double? {
    var (sum, known, total, count) = (0.0, 0, 0.0, 0)
    for a in 0..<4 {
      for b in 0..<(isDeep ? 4 : 1) {
        for c in 0..<4 {
          let cell = x.offsets[a] + y.offsets[b] + z.offsets[c]
          count += 1
          guard isKnown(cell) else { continue }
          let value = field.base[cell]
          known += 1
          total += value
          sum += x.shares[a] * (isDeep ? y.shares[b] : 1) * z.shares[c] * value
        }
      }
    }
    guard known == count else { return known > 0 ? total / Double(known) : nil }
    return sum
  }
}
