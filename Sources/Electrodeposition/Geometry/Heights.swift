import Spectral

/// Heights of the metal surface: the highest ξ = ½ crossing of each column, sub-cell.
struct Heights {
  var mean = 0.0
  var maximum = 0.0
  var roughness = 0.0
  var bareFraction = 0.0

  init() {}

  /// Measures a moment. Bare columns have height zero and count.
  init(_ metal: Field, _ domain: Domain) {
    let depth = domain.grid.count.y
    // Deviations from one of the heights, whose squares do not cancel where the film is flat.
    let first = Self.height(0, metal, domain) ?? 0
    func combine(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
      SIMD4(a[0] + b[0], a[1] + b[1], max(a[2], b[2]), a[3] + b[3])
    }
    let sums = domain.overPlanes(combine) { cells in
      var sums = SIMD4<Double>(repeating: 0)
      let start = cells.lowerBound / domain.grid.count.z
      for column in start..<start + depth {
        let height = Self.height(column, metal, domain)
        let deviation = (height ?? 0) - first
        sums = SIMD4(
          sums[0] + deviation, sums[1] + deviation * deviation, max(sums[2], height ?? 0),
          sums[3] + (height == nil ? 1 : 0))
      }
      return sums
    }
    let n = Double(domain.grid.columns)
    mean = first + sums[0] / n
    maximum = sums[2]
    roughness = max(0, sums[1] / n - (sums[0] / n) * (sums[0] / n)).squareRoot()
    bareFraction = sums[3] / n
  }

  /// Height above the substrate's surface, m; `nil` where the column is bare. Between the two cells around the
  /// crossing ln(ξ/(1−ξ)) is interpolated: it is a straight line through a flat front.
  static func height(_ column: Int, _ metal: Field, _ domain: Domain) -> Double? {
    let n = domain.grid.count.z
    let xi = metal.base + column * n
    var top = n - 1
    while top > 0, all(load(xi, top - 7) .< 0.5) { top -= 8 }
    while top >= 0, xi[top] < 0.5 { top -= 1 }
    guard top >= 0 else { return nil }
    let dz = domain.grid.spacing.z
    let below = domain.height(top)
    guard top + 1 < n else { return below + dz / 2 }
    let low = logit(xi[top])
    let high = logit(xi[top + 1])
    return max(0, below + dz * low / (low - high))
  }

  private static func logit(_ p: Double) -> Double {
    let q = max(1e-15, min(1 - 1e-15, p))
    return log(q / (1 - q))
  }
}
