import Electrodeposition

/// How much work a problem may do: `coarse` in the tests, `full` when a user asks for a verification.
package enum Effort: String, Sendable, CaseIterable {
  case coarse, full
}

/// What running a problem gave.
package struct Outcome: Sendable {
  /// One error for each resolution or variant, in the unit of the problem; the last one decides.
  package var resolutions: [(label: String, error: Double)]
  /// Order of convergence found, where the problem has one.
  package var observedOrder: Double?
  /// Anything a reader should know beside the numbers.
  package var note: String

  package init(resolutions: [(label: String, error: Double)], observedOrder: Double? = nil, note: String = "")
  {
    self.resolutions = resolutions
    self.observedOrder = observedOrder
    self.note = note
  }

  /// The error that is held against the tolerance.
  package var error: Double { resolutions.last?.error ?? .infinity }
}

/// One known answer that Frond is held to. Tests, `frond verify` and the documentation iterate over `all`.
///
/// The expected value is computed in the problem from its own formula, never by the solver's laws.
package struct Problem: Sendable {
  /// Number in the list of the documentation; a letter is added where one entry has several parts.
  package let number: String
  package let name: String
  /// Where the known answer comes from.
  package let source: String
  /// One sentence: what is compared with what.
  package let compares: String
  package let expectedOrder: Double?
  package let tolerance: Double
  /// What the error is, with its unit.
  package let meaning: String
  package let run: @Sendable (Effort) throws -> Outcome

  package enum Verdict: Sendable, Equatable {
    case passed
    case failed(String)
  }

  /// Accepted shortfall of an observed order.
  package static let orderSlack = 0.3

  /// Judges an outcome: the last error, and the order where one is expected.
  package func verdict(_ outcome: Outcome) -> Verdict {
    guard outcome.error <= tolerance else {
      return .failed("error \(outcome.error) exceeds \(tolerance)")
    }
    if let expectedOrder {
      guard let order = outcome.observedOrder else { return .failed("no order was observed") }
      guard order >= expectedOrder - Self.orderSlack else {
        return .failed("order \(order) instead of \(expectedOrder)")
      }
    }
    return .passed
  }

  /// The list.
  package static let all: [Problem] =
    fronts + diffusion + wetting + currents + growth + width + coupledOrder + pfhub + books + independence
    + sharp + blockedSeeds + symmetry + depletion + conversions + deadMetal + movingWindow + interphases
}
