import Spectral

/// The noise of a case. Its numbers are keyed by (random seed, time, place), so that nothing depends on steps, cells
/// or threads, and a run that is continued goes on with the same ones.
struct ReactionNoise {
  private let noise: Noise
  private let seed: UInt64
  private let grid: Grid
  private let nodes: SIMD2<Int>

  /// `nil` for a case without noise.
  init?(_ setup: Case, _ grid: Grid) {
    guard let noise = setup.kinetics.noise else { return nil }
    self.noise = noise
    self.grid = grid
    seed = setup.numerics.randomSeed
    func count(_ extent: Double) -> Int { max(1, Int((extent / noise.correlationLength).rounded())) }
    nodes = SIMD2(count(grid.extent.x), grid.isTwoDimensional ? 1 : count(grid.extent.y))
  }

  /// 1 + amplitude·χ of every column at a time, s.
  func factors(at time: Double) -> [Double] {
    let t = time / noise.correlationTime
    let (late, early) = (t - t.rounded(.down), Int64(t.rounded(.down)))
    let values = (0..<nodes.x * nodes.y).map { node in
      (1 - late) * uniform(early, node) + late * uniform(early + 1, node)
    }
    let (x, y) = (places(grid.count.x, nodes.x), places(grid.count.y, nodes.y))
    return (0..<grid.columns).map { column in
      let (a, b) = (x[column / grid.count.y], y[column % grid.count.y])
      func row(_ node: Int) -> Double {
        (1 - b.part) * values[node * nodes.y + b.node] + b.part * values[node * nodes.y + b.next]
      }
      return 1 + noise.amplitude * ((1 - a.part) * row(a.node) + a.part * row(a.next))
    }
  }

  /// For each cell along an axis the node before and after its middle, and how far it is between them.
  private func places(_ cells: Int, _ nodes: Int) -> [(node: Int, next: Int, part: Double)] {
    (0..<cells).map { cell in
      let place = (Double(cell) + 0.5) / Double(cells) * Double(nodes)
      let node = min(Int(place), nodes - 1)
      return (node, (node + 1) % nodes, place - Double(node))
    }
  }

  /// Uniform in −1…1, by the mixing function of SplitMix64 (Steele, Lea & Flood 2014).
  private func uniform(_ interval: Int64, _ node: Int) -> Double {
    var key = Self.mixed(seed)
    key = Self.mixed(key ^ UInt64(bitPattern: interval))
    key = Self.mixed(key ^ UInt64(node))
    return Double(key >> 11) * 0x1p-52 - 1
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
