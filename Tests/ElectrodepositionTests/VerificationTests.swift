import Electrodeposition
import Testing

@testable import Verification

extension Problem: CustomTestStringConvertible {
  public var testDescription: String { "\(number) \(name)" }
}

/// Problems that the solver does not reach yet, or not in every run, with what stands in the way.
private let open: [String: Comment] = [
  "24a": "at rest the last tenths of a degree hang on steps that differ from run to run",
  "24b": "the moment of closing follows b by some percent at coarse cells",
]

struct VerificationTests {
  @Test("The solver reaches the known answer", arguments: Problem.all)
  func problem(_ problem: Problem) throws {
    if let reason = open[problem.number] {
      withKnownIssue(reason, isIntermittent: true) { try check(problem) }
    } else {
      try check(problem)
    }
  }

  private func check(_ problem: Problem) throws {
    let outcome = try problem.run(.coarse)
    #expect(problem.verdict(outcome) == .passed, "\(outcome.resolutions), \(outcome.note)")
  }
}
