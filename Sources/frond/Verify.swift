import ArgumentParser
import CaseFiles
import Foundation
import Verification

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Solve problems with known answers and show how well they are met.",
    discussion: """
      Without names all problems run. Exit code 1 if any fails.

        frond verify --list
        frond verify 1 7 24b
      """)

  @Argument(help: "Numbers of problems; all if none is given.")
  var numbers: [String] = []

  @Flag(help: "List the problems and what they compare; run nothing.")
  var list = false

  @Flag(help: "Finer cells and more variants; minutes instead of half a minute.")
  var full = false

  func run() throws {
    let problems = try chosen()
    if list {
      print(table(problems.map { [$0.number, $0.name, $0.compares, $0.source] }))
      return
    }
    var failures = 0
    for problem in problems where !show(problem) { failures += 1 }
    print("\(problems.count - failures) of \(problems.count) problems met their known answer.")
    if failures > 0 { throw ExitCode.runFailed }
  }

  private func chosen() throws -> [Problem] {
    let known = Set(Problem.all.map(\.number))
    for number in numbers where !known.contains(number) {
      throw ValidationError("there is no problem \(number); frond verify --list shows them")
    }
    return numbers.isEmpty ? Problem.all : Problem.all.filter { numbers.contains($0.number) }
  }

  /// Runs one problem and prints its line; false if it failed.
  private func show(_ problem: Problem) -> Bool {
    let start = Date()
    let head = "\(problem.number)  \(problem.name)"
    do {
      let outcome = try problem.run(full ? .full : .coarse)
      let verdict = problem.verdict(outcome)
      let errors = outcome.resolutions.map { "\($0.label): \(short($0.error))" }.joined(separator: ", ")
      let order =
        outcome.observedOrder.map { ", order \(String(format: "%.2f", $0)) of \(problem.expectedOrder ?? 0)" }
        ?? ""
      print("\(verdict == .passed ? "ok  " : "FAIL")  \(head)")
      print("      \(errors)\(order); to reach \(short(problem.tolerance)) (\(problem.meaning))")
      if case .failed(let reason) = verdict { print("      \(reason)") }
      print("      \(String(format: "%.1f", Date().timeIntervalSince(start))) s")
      return verdict == .passed
    } catch {
      print("FAIL  \(head)\n      \(error)")
      return false
    }
  }

  private func short(_ value: Double) -> String { String(format: "%.2g", value) }
}
