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
        frond verify 1 7 "contact angle"
        frond verify 28    all of 28a … 28i
        frond verify --full --json > verify.json
      """)

  @Argument(help: ArgumentHelp("Numbers or names of problems; all if none is given.", valueName: "problem"))
  var names: [String] = []

  @Flag(help: "List the problems and what they compare; run nothing.")
  var list = false

  @Flag(help: "Finer cells and more variants; ten minutes instead of one or two.")
  var full = false

  @Flag(help: "Print a JSON array of results instead of the table.")
  var json = false

  func run() throws {
    let problems = try chosen()
    if list {
      for problem in problems {
        print("\(problem.number)  \(Terminal.bold(problem.name))")
        print("      compares \(problem.compares)")
        print("      source: \(problem.source)")
      }
      return
    }
    var results: [Result] = []
    for problem in problems {
      let result = Result(problem, full ? .full : .coarse)
      results.append(result)
      if !json { print(result.text) }
    }
    let failures = results.count { $0.verdict != .passed }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(results), as: UTF8.self))
    } else {
      print("\(problems.count - failures) of \(problems.count) problems met their known answer.")
    }
    if failures > 0 { throw ExitCode.runFailed }
  }

  /// Problems whose number or name was given, in their order.
  private func chosen() throws -> [Problem] {
    if names.isEmpty { return Problem.all }
    let numbers = Set(try names.flatMap(Self.problems).map(\.number))
    return Problem.all.filter { numbers.contains($0.number) }
  }

  /// The problem of a number or name; of a number that only its parts have, all of those.
  private static func problems(_ name: String) throws -> [Problem] {
    let known = Problem.all
    let whole = known.filter { $0.number == name || $0.name.lowercased() == name.lowercased() }
    let parts = known.filter { $0.number.dropLast() == name && $0.number.last?.isLetter == true }
    guard whole.isEmpty, parts.isEmpty else { return whole.isEmpty ? parts : whole }
    let guess = nearest(to: name, in: known.map(\.name)).map { ", did you mean \"\($0)\"?" } ?? ""
    throw ValidationError("there is no problem \"\(name)\"\(guess); frond verify --list shows them")
  }
}

/// What a problem gave, for the table and as a JSON object.
private struct Result: Encodable {
  enum Verdict: String, Encodable { case passed, failed }

  struct Resolution: Encodable {
    let label: String
    let error: Double?
  }

  let number, name, source, compares, meaning: String
  let resolutions: [Resolution]
  /// `nil` if the problem stopped with an error.
  let error, order, expectedOrder: Double?
  let tolerance: Double
  let verdict: Verdict
  /// What stands beside the errors, and why a problem failed.
  let note, reason: String?
  let seconds: Double

  init(_ problem: Problem, _ effort: Effort) {
    let start = ContinuousClock.now
    let found = Swift.Result { try problem.run(effort) }
    let passed = (ContinuousClock.now - start).components
    seconds = Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    number = problem.number
    name = problem.name
    source = problem.source
    compares = problem.compares
    meaning = problem.meaning
    expectedOrder = problem.expectedOrder
    tolerance = problem.tolerance
    /// JSON knows no infinity.
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
    switch found {
    case .success(let outcome):
      resolutions = outcome.resolutions.map { Resolution(label: $0.label, error: finite($0.error)) }
      error = finite(outcome.error)
      order = finite(outcome.observedOrder)
      note = outcome.note.isEmpty ? nil : outcome.note
      switch problem.verdict(outcome) {
      case .passed: (verdict, reason) = (.passed, nil)
      case .failed(let why): (verdict, reason) = (.failed, why)
      }
    case .failure(let failure):
      (resolutions, error, order, note) = ([], nil, nil, nil)
      (verdict, reason) = (.failed, "\(failure)")
    }
  }

  /// The result as lines of the table.
  var text: String {
    var lines = ["\(verdict == .passed ? "ok  " : "FAIL")  \(number)  \(name)"]
    if !resolutions.isEmpty {
      let errors = resolutions.map { "\($0.label): \($0.error.map(short) ?? "none")" }.joined(separator: ", ")
      let least = (expectedOrder ?? 0) - Problem.orderSlack
      let orders = order.map { String(format: ", order %.2f (at least %.1f)", $0, least) } ?? ""
      lines.append("\(errors)\(orders); at most \(short(tolerance)) (\(meaning))")
    }
    for remark in [note, reason] { if let remark { lines.append(rounded(remark)) } }
    lines.append("\(String(format: "%.1f", seconds)) s")
    return lines.joined(separator: "\n      ")
  }

  private func short(_ value: Double) -> String { String(format: "%.2g", value) }
}
