/// Solves (β − α∇²) u = f on a box with constant coefficients.
package final class HelmholtzSolver: @unchecked Sendable {
  package let transform: Transform
  package let symbol: Symbol
  private let table: SymbolTable

  package init(_ transform: Transform, _ symbol: Symbol) {
    self.transform = transform
    self.symbol = symbol
    table = transform.table(symbol)
  }

  /// u with (β − α∇²) u = f. `f` and `u` may be the same field; otherwise `f` stays as it is.
  ///
  /// ∇²u comes with it, as (β u − f)/α.
  ///
  /// - Parameters:
  ///   - alpha: α, m² in units of β; α ≥ 0 and β > 0 keep the operator positive.
  ///   - beta: β. With ends that allow a constant, β = 0 needs `zeroMode`.
  ///   - zeroMode: replaces β for the mean of the field; infinity removes the mean.
  package func solve(_ f: Field, into u: Field, alpha: Double, beta: Double, zeroMode: Double? = nil) {
    transform.solve(f, into: u, constant: beta, slope: alpha, zeroMode: zeroMode, table)
  }

  /// The same for coefficients, in place: `transform.inverse` of the result is u, normalised.
  package func divide(_ spectrum: Field, alpha: Double, beta: Double, zeroMode: Double? = nil) {
    transform.divide(spectrum, constant: beta, slope: alpha, zeroMode: zeroMode, table)
  }
}
