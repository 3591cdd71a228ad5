/// Which eigenvalues stand for −∇².
package enum Symbol: Sendable, Hashable {
  /// k², the derivative of the trigonometric interpolant.
  case exact
  /// (2 − 2 cos kh)/h², the three-point stencil.
  case finiteVolume

  /// The eigenvalue of wave number `wave`/`length`, 1/m², on cells of size `spacing`, m.
  func eigenvalue(wave: Double, count: Int, spacing: Double) -> Double {
    let kh = wave / Double(count)
    switch self {
    case .exact: return (kh / spacing) * (kh / spacing)
    case .finiteVolume:
      let s = 2 * sin(0.5 * kh) / spacing
      return s * s
    }
  }
}

/// Eigenvalues of −∇² in the order of a transform's coefficients: one per row of x, and the sum of those of
/// y and z for every column.
package final class SymbolTable: @unchecked Sendable {
  let rows: Scratch
  let columns: Scratch
  let columnCount: Int
  /// Whether the first coefficient is the mean of the field.
  let hasConstantMode: Bool

  init(rows: [Double], y: [Double], z: [Double], hasConstantMode: Bool) {
    self.rows = Scratch(rows)
    // A margin, because kernels read whole vectors.
    columns = Scratch(y.flatMap { y in z.map { y + $0 } } + Array(repeating: 0, count: 8))
    columnCount = y.count * z.count
    self.hasConstantMode = hasConstantMode
  }
}

/// A factor for each coefficient, scale/(constant + slope λ), with λ the eigenvalue of −∇².
struct Filter {
  var constant: Double
  var slope: Double
  var scale: Double
  /// The factor of the first coefficient where it is not what the formula says.
  var constantMode: Double?

  /// One row of coefficients; `symbol` is the row's part of λ.
  func multiply(
    _ row: UnsafeMutablePointer<Double>, _ symbol: Double, _ columns: UnsafePointer<Double>, _ count: Int
  ) {
    let base = constant + slope * symbol
    for j in 0..<count { row[j] *= scale / (base + slope * columns[j]) }
  }

  /// The same for two rows, k and n − k, of complex columns that hold two real columns each; works on whole
  /// vectors, beyond `count` too.
  ///
  /// With factors p, q for the real columns a, b of Z = a + ib: Z_k' = (p+q)/2 Z_k + (p−q)/2 conj Z_{n−k},
  /// for which the two need not be separated. With f = (p, q)/2 and f' the same swapped, that is (f + f')
  /// Z_k + (f − f') Z_{n−k} for Re and Im one by one.
  func multiplyPairs(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ symbol: Double,
    _ columns: UnsafePointer<Double>, _ count: Int
  ) {
    typealias Vector = SIMD8<Double>
    let base = Vector(repeating: constant + slope * symbol)
    let half = Vector(repeating: 0.5 * scale)
    let (rowA, rowB) = (UnsafeMutableRawPointer(a), UnsafeMutableRawPointer(b))
    let table = UnsafeRawPointer(columns)
    let stride = MemoryLayout<Double>.stride
    for j in Swift.stride(from: 0, to: count * stride, by: 8 * stride) {
      let f = half / (base + slope * table.loadUnaligned(fromByteOffset: j, as: Vector.self))
      let g = Vector(f[1], f[0], f[3], f[2], f[5], f[4], f[7], f[6])
      let (s, d) = (f + g, f - g)
      let x = rowA.loadUnaligned(fromByteOffset: j, as: Vector.self)
      let y = rowB.loadUnaligned(fromByteOffset: j, as: Vector.self)
      rowA.storeBytes(of: s * x + d * y, toByteOffset: j, as: Vector.self)
      rowB.storeBytes(of: s * y + d * x, toByteOffset: j, as: Vector.self)
    }
  }
}
