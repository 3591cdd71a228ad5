import CLAPACKE

/// Tridiagonal systems by LAPACK's elimination with partial pivoting (dgtsv).
package enum Tridiagonal {
  /// Solves for all right-hand sides, which the solutions replace; the three diagonals are used up.
  ///
  /// - Parameters:
  ///   - lower: n − 1 numbers below the diagonal.
  ///   - upper: n − 1 numbers above it.
  ///   - rightHandSides: n × m, one system after the other.
  /// - Returns: false if the matrix is singular.
  package static func solve(
    lower: inout [Double], diagonal: inout [Double], upper: inout [Double], rightHandSides: inout [Double]
  ) -> Bool {
    let n = diagonal.count
    guard n > 0 else { return rightHandSides.isEmpty }
    precondition(
      lower.count == n - 1 && upper.count == n - 1, "off-diagonals are one shorter than the diagonal")
    precondition(rightHandSides.count % n == 0, "right-hand sides are whole columns")
    return LAPACKE_dgtsv_work(
      LAPACK_COL_MAJOR, Int32(n), Int32(rightHandSides.count / n), &lower, &diagonal, &upper,
      &rightHandSides, Int32(n)) == 0
  }
}

/// A small dense symmetric positive-definite system, kept factored (Cholesky, LAPACK's dpotrf and dpotrs).
package struct SymmetricSystem {
  /// Number of unknowns.
  package let size: Int
  private var matrix: [Double]
  private let lower = CChar(UInt8(ascii: "L"))

  /// A matrix of zeros.
  package init(size: Int) {
    self.size = size
    matrix = Array(repeating: 0, count: size * size)
  }

  /// Factors a full matrix; `nil` if it is not positive definite.
  package init?(_ entries: [Double], size: Int) {
    precondition(entries.count == size * size, "a matrix takes one value per pair of unknowns")
    self.size = size
    matrix = entries
    guard factor() else { return nil }
  }

  /// The matrix, before `factor`; only the entries with row ≥ column are read.
  package subscript(row: Int, column: Int) -> Double {
    get { matrix[column * size + row] }
    set { matrix[column * size + row] = newValue }
  }

  /// Zeros, for the next matrix.
  package mutating func clear() {
    for index in matrix.indices { matrix[index] = 0 }
  }

  /// Replaces the matrix by its factor; false if it is not positive definite.
  package mutating func factor() -> Bool {
    guard size > 0 else { return true }
    let n = Int32(size)
    return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, lower, n, &matrix, n) == 0
  }

  /// Replaces the right-hand side by the solution, after `factor`. Allocates nothing.
  package func solve(_ rightHandSide: inout [Double]) {
    precondition(rightHandSide.count == size, "a right-hand side takes one value per unknown")
    guard size > 0 else { return }
    let n = Int32(size)
    // The only failure dpotrs reports is an illegal argument.
    _ = LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, lower, n, 1, matrix, n, &rightHandSide, n)
  }
}
