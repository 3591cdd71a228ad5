import CLAPACKE

/// A x = λ B x for two real square matrices (LAPACK's dggev, the QZ method).
///
/// B may be singular: its infinite eigenvalues come out as infinite and harm nothing, which inverting B would not
/// give.
package enum Eigenproblem {
  /// Eigenvalues as real and imaginary parts; infinite where B takes a vector to nothing. `nil` if QZ fails.
  ///
  /// - Parameters: A and B, column by column, `size` × `size`.
  package static func generalised(_ a: [Double], _ b: [Double], size: Int) -> [SIMD2<Double>]? {
    precondition(a.count == size * size && b.count == size * size, "matrices are square")
    var (a, b) = (a, b)
    var real = [Double](repeating: 0, count: size)
    var imaginary = real
    var divisor = real
    var (left, right) = (0.0, 0.0)
    let none = CChar(UInt8(ascii: "N"))
    let n = Int32(size)
    let status = LAPACKE_dggev(
      LAPACK_COL_MAJOR, none, none, n, &a, n, &b, n, &real, &imaginary, &divisor, &left, 1, &right, 1)
    guard status == 0 else { return nil }
    return (0..<size).map { k in
      divisor[k] == 0
        ? SIMD2(.infinity, 0) : SIMD2(real[k] / divisor[k], imaginary[k] / divisor[k])
    }
  }
}
