import Spectral

/// The floating-point operations per second that the cores do at most, measured: fused multiply-adds whose operands
/// stay in registers, in chains that do not wait for each other.
struct Peak {
  /// 1/s
  let single, double: Double

  init(threads: Int) {
    let pool = ThreadPool(threads: threads)
    single = Self.rate(SIMD16<Float>.self, pool)
    double = Self.rate(SIMD8<Double>.self, pool)
  }

  /// An even number: some tenths of a millisecond of them make a chunk.
  private static let turns = 1 << 17
  /// The fastest counts: other programs only slow them down.
  private static let calls = 60

  /// Where eight chains find no registers, four may be faster; the better of the two.
  private static func rate<V: SIMD & Sendable>(_ vector: V.Type, _ pool: ThreadPool) -> Double
  where V.Scalar: BinaryFloatingPoint & LosslessStringConvertible {
    // Read, so that the compiler does not know it.
    let factor = V(repeating: V.Scalar("-1")!)
    let chunks = ThreadPool.ranges * pool.threads
    func rate(chains: Int, _ sum: @escaping (V, Int) -> V) -> Double {
      // The sum is used, and no operation was left out if after two turns all are what they were.
      let passed = (0..<calls).map { _ in
        seconds { pool.run(chunks) { _ in precondition(sum(factor, turns) == sum(factor, 0)) } }
      }
      return Double(2 * V.scalarCount * chains * turns * chunks) / (passed.min() ?? 0)
    }
    return max(rate(chains: 4, four), rate(chains: 8, eight))
  }

  /// The sum of four chains after some turns.
  @inline(never)
  private static func four<V: SIMD>(_ factor: V, _ turns: Int) -> V where V.Scalar: BinaryFloatingPoint {
    var a = Chains<V>(from: 3)
    for _ in 0..<turns { a.turn(factor) }
    return a.sum
  }

  @inline(never)
  private static func eight<V: SIMD>(_ factor: V, _ turns: Int) -> V where V.Scalar: BinaryFloatingPoint {
    var (a, b) = (Chains<V>(from: 3), Chains<V>(from: 7))
    for _ in 0..<turns {
      a.turn(factor)
      b.turn(factor)
    }
    return a.sum + b.sum
  }
}

/// Four numbers x that become x · factor + 2 in a turn: with a factor of −1 they alternate.
private struct Chains<V: SIMD> where V.Scalar: BinaryFloatingPoint {
  private var a, b, c, d: V
  private let two = V(repeating: 2)

  @inline(__always)
  init(from first: V.Scalar) {
    a = V(repeating: first)
    b = a + 1
    c = a + 2
    d = a + 3
  }

  @inline(__always)
  mutating func turn(_ factor: V) {
    a = two.addingProduct(a, factor)
    b = two.addingProduct(b, factor)
    c = two.addingProduct(c, factor)
    d = two.addingProduct(d, factor)
  }

  var sum: V { (a + b) + (c + d) }
}
