import ArgumentParser
import CaseFiles
import Electrodeposition
import Foundation

/// A case as the command line gave it: the file and what `--set` changed in it.
///
/// The copy that a run keeps notes the changes at its end; where such a copy is read, they apply again, so that it is
/// the case that ran.
struct CaseInput {
  let file: String
  /// Changes, those that the file notes first.
  let overrides: [String]
  /// Changes given beside the file.
  private let given: [String]
  let setup: Case
  /// The file, followed by the changes. What a run keeps.
  let text: String

  private static let changes = "# Changed on the command line (frond applies the --set lines below):"
  private static let change = "#   --set "

  /// - Throws: `CaseProblems`.
  init(file: String, overrides: [String]) throws {
    try self.init(text: CaseFile.text(path: file), named: file, overrides: overrides)
  }

  /// From the `text` that a run kept.
  init(stored text: String, named name: String) throws {
    try self.init(text: text, named: name, overrides: [])
  }

  private init(text whole: String, named file: String, overrides given: [String]) throws {
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = lines.lastIndex(of: CaseInput.changes) ?? lines.count
    let noted = lines[start...].compactMap {
      $0.hasPrefix(CaseInput.change) ? String($0.dropFirst(CaseInput.change.count)) : nil
    }
    self.file = file
    self.given = given
    overrides = noted + given
    setup = try CaseFile.read(text: whole, path: file, overrides: overrides).setup
    let own = lines[..<start].joined(separator: "\n")
    let notes = overrides.map { CaseInput.change + $0.replacing("\n", with: " ") }
    text = notes.isEmpty ? whole : ([own, CaseInput.changes] + notes + [""]).joined(separator: "\n")
  }

  /// The file and its changes as one would type them.
  var commandLine: String { ([quoted(file)] + given.map { "--set " + quoted($0) }).joined(separator: " ") }
}

/// A text as a shell takes it for one word.
func quoted(_ text: String) -> String {
  let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-=:+,@%".contains($0)) }
  return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}

extension CaseOptions {
  /// Reads the case; says all that is wrong with it and throws the exit code if it cannot be read.
  func input() throws -> CaseInput {
    do {
      return try CaseInput(file: file, overrides: overrides)
    } catch let problems as CaseProblems {
      printError("\(problems)")
      throw ExitCode.badInput
    }
  }
}
