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

  @Test("docs/verification.md prints the problems of the list")
  func document() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/verification.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let printed = text.split(separator: "```")[1].split(separator: "\n").filter {
      $0.hasPrefix("ok ") || $0.hasPrefix("FAIL ")
    }
    let problems = printed.map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
    #expect(problems == Problem.all.map { "\($0.number) \($0.name)" })
  }
}
