import ArgumentParser
import CaseFiles
import Electrodeposition
import Foundation

/// A case as the command line gave it: the file and what `--set` changed in it.
struct CaseInput {
  let file: String
  let overrides: [String]
  let setup: Case
  /// The file, followed by the changes as comments. What a run keeps.
  let text: String

  private static let changes = "# Changed on the command line:"
  private static let change = "#   --set "

  /// - Throws: `CaseProblems`.
  init(file: String, overrides: [String]) throws {
    let read = try CaseFile.read(path: file, overrides: overrides)
    let lines = overrides.map { CaseInput.change + $0.replacing("\n", with: " ") }
    let changed = lines.isEmpty ? [] : ["", CaseInput.changes] + lines + [""]
    self.init(
      file: file, overrides: overrides, setup: read.setup,
      text: read.text + changed.joined(separator: "\n"))
  }

  /// From the `text` that a run kept.
  init(stored text: String, named name: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = lines.lastIndex(of: CaseInput.changes) ?? lines.count
    let overrides = lines[start...].compactMap {
      $0.hasPrefix(CaseInput.change) ? String($0.dropFirst(CaseInput.change.count)) : nil
    }
    let read = try CaseFile.read(text: text, path: name, overrides: overrides)
    self.init(file: name, overrides: overrides, setup: read.setup, text: text)
  }

  private init(file: String, overrides: [String], setup: Case, text: String) {
    self.file = file
    self.overrides = overrides
    self.setup = setup
    self.text = text
  }

  /// The file and its changes as one would type them.
  var commandLine: String {
    ([quoted(file)] + overrides.map { "--set " + quoted($0) }).joined(separator: " ")
  }
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
