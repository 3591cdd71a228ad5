import Electrodeposition
import Foundation
import Testing

@testable import Verification

extension Problem: CustomTestStringConvertible {
  public var testDescription: String { "\(number) \(name)" }
}

struct VerificationTests {
  @Test("The solver reaches the known answer", arguments: Problem.all)
  func problem(_ problem: Problem) throws {
    let outcome = try problem.run(.coarse)
    #expect(problem.verdict(outcome) == .passed, "\(outcome.resolutions), \(outcome.note)")
  }

  private static func page(_ path: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("docs/verification.md has a row for each problem, with its tolerance")
  func document() throws {
    let rows = try Self.page("docs/verification.md")
      .matches(of: #/\n\| (P?\d+[a-z]?) \| ([^|]+) \|[^\n]*\| ([^ ,|]+)[^|\n]*\|(?=\n)/#)
    #expect(rows.map { "\($0.1) \($0.2)" } == Problem.all.map { "\($0.number) \($0.name)" })
    for (row, problem) in zip(rows, Problem.all) {
      #expect(Double(row.3) == problem.tolerance, "\(problem.number)")
    }
  }

  @Test("What frond verify prints is kept for each problem", arguments: ["verify", "verify-full"])
  func printed(table: String) throws {
    let lines = try Self.page("docs/tables/\(table).txt").split(separator: "\n")
    let problems = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("FAIL ") }
      .map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
    #expect(problems == Problem.all.map { "\($0.number) \($0.name)" })
  }
}
