/// Why a run could not go on. The state before the failing step is intact.
public enum SolverFailure: Error, Sendable, Equatable, CustomStringConvertible {
  case stepTooSmall(time: Double, dt: Double, reason: String)
  case notConverged(what: String, iterations: Int, residual: Double)
  case invalidCase(String)
  case depleted(time: Double)
  /// The same of the electrolyte's far end, at the counter electrode.
  case endDepleted(time: Double)
  /// Relative errors of the balances of charge and salt.
  case unbalanced(charge: Double, salt: Double)

  public var description: String {
    switch self {
    case .stepTooSmall(let time, let dt, let reason):
      "the time step fell to \(dt) s at t = \(time) s: \(reason)"
    case .notConverged(let what, let iterations, let residual):
      "\(what) did not converge in \(iterations) iterations (error estimate \(residual))"
    case .invalidCase(let reason): reason
    case .depleted(let time): "the salt at the electrode is used up at t = \(time) s"
    case .endDepleted(let time): "the salt at the counter electrode is used up at t = \(time) s"
    case .unbalanced(let charge, let salt):
      "the books do not balance (relative error of charge \(charge), of salt \(salt))"
    }
  }
}
