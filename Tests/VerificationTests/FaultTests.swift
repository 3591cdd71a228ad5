import Foundation
import Testing

@testable import Electrodeposition
@testable import Verification

/// The problems are worth something: a solver that is wrong by ten percent in one thing does not pass them.
struct FaultTests {
  /// A quick problem for each error. Which other problems see it stands in docs/verification.md.
  private static let seenBy: [(Fault, String)] = [
    (.speed, "1"), (.curvature, "4a"), (.contactAngle, "7"), (.transferenceNumber, "2"),
    (.saltDiffusivity, "10"), (.conductivity, "2"), (.contactCurrent, "14"), (.molarVolume, "1"),
    (.conversionCharge, "32a"), (.interphaseVolume, "35a"),
  ]

  @Test("An error of ten percent turns its problem red", arguments: Fault.allCases)
  func error(_ fault: Fault) throws {
    let number = try #require(Self.seenBy.first { $0.0 == fault }?.1)
    let problem = try #require(Problem.all.first { $0.number == number })
    #expect(try Self.isRed(problem, fault))
  }

  /// A run that fails counts as red.
  private static func isRed(_ problem: Problem, _ fault: Fault?) throws -> Bool {
    try Fault.$current.withValue(fault) {
      do {
        return problem.verdict(try problem.run(.coarse)) != .passed
      } catch is SolverFailure {
        return true
      }
    }
  }

  /// FROND_FAULT_TABLE=file writes the table of the documentation: minutes.
  @Test("The table of errors", .enabled(if: ProcessInfo.processInfo.environment["FROND_FAULT_TABLE"] != nil))
  func table() throws {
    let path = try #require(ProcessInfo.processInfo.environment["FROND_FAULT_TABLE"])
    var rows: [Fault: [String]] = [:]
    for problem in Problem.all {
      guard try !Self.isRed(problem, nil) else { continue }
      for fault in Fault.allCases where try Self.isRed(problem, fault) {
        rows[fault, default: []].append(problem.number)
      }
      let lines = Fault.allCases.map { "| \($0.rawValue) | \((rows[$0] ?? []).joined(separator: ", ")) |\n" }
      try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
