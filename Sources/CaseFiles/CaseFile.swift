import Electrodeposition
import Foundation

/// A case as it was read: the text to archive with the results, and the case itself.
public struct CaseFile: Sendable {
  /// The file, to the byte; with overrides, the file changed so that it is the case without them.
  public let text: String
  public let path: String
  /// The `--set` texts that were applied.
  public let overrides: [String]
  public let setup: Case
  let root: Item

  /// Reads and checks a case file.
  ///
  /// - Parameters:
  ///   - path: the file, as messages shall name it; files that the case names are looked for beside it.
  ///   - overrides: `key.path=value` texts, applied in order; see `Item.apply`.
  /// - Throws: every problem that the file and the overrides have.
  public static func read(path: String, overrides: [String] = []) throws(CaseProblems) -> CaseFile {
    try read(text: text(path: path), path: path, overrides: overrides)
  }

  /// The text of a case file.
  ///
  /// - Throws: that there is no such file, or that it is no text.
  package static func text(path: String) throws(CaseProblems) -> String {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw CaseProblems([CaseProblem(file: path, at: .nowhere, found: reason(path), expected: "a case file")]
      )
    }
    return try text(bytes: Array(bytes), path: path)
  }

  /// Reads and checks a case that is already in memory; `path` names it in messages.
  public static func read(text: String, path: String, overrides: [String] = []) throws(CaseProblems)
    -> CaseFile
  {
    let given: Item
    do throws(CaseProblem) {
      given = try Item(yaml: text, file: path)
    } catch {
      throw CaseProblems([error])
    }
    do throws(CaseProblems) {
      let (root, setup) = try build(given, path, overrides[...])
      let text = root.isSame(as: given) ? text : CaseText.rewritten(text, as: root)
      return CaseFile(text: text, path: path, overrides: overrides, setup: setup, root: root)
    } catch {
      throw blaming(overrides, for: error, given, path)
    }
  }

  private static func build(_ given: Item, _ path: String, _ overrides: ArraySlice<String>)
    throws(CaseProblems)
    -> (Item, Case)
  {
    let reader = CaseReader(file: path)
    var root = given
    for override in overrides {
      do throws(CaseProblem) {
        try root.apply(override: override, file: path)
      } catch {
        reader.add(error)
      }
    }
    root.readTables(reader)
    return (root, try build(root, reader))
  }

  /// Problems that an override brought without being where they stand: a key it took out, a value that no longer fits.
  private static func blaming(
    _ overrides: [String], for problems: CaseProblems, _ given: Item, _ path: String
  )
    -> CaseProblems
  {
    let before = overrides.indices.map { count -> [CaseProblem] in
      do throws(CaseProblems) {
        _ = try build(given, path, overrides[..<count])
        return []
      } catch {
        return error.list
      }
    }
    let list = problems.list.map { problem in
      guard problem.override == nil, problem.file == path,
        let index = before.lastIndex(where: { !$0.contains { $0.isSame(as: problem) } })
      else { return problem }
      var problem = problem
      (problem.line, problem.column, problem.override) = (nil, nil, overrides[index])
      return problem
    }
    return CaseProblems(sorted(list, path))
  }

  /// The longest file that is taken for a case.
  static let mostBytes = 1 << 24

  static func text(bytes: [UInt8], path: String) throws(CaseProblems) -> String {
    guard bytes.count <= mostBytes else {
      throw CaseProblems([
        CaseProblem(file: path, at: .nowhere, found: "the file is larger than 16 MB", expected: "a case file")
      ])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CaseProblems([notText(bytes, path)])
    }
    return text
  }

  /// Checks a tree against the schema and its values against each other, and builds the case.
  static func build(_ root: Item, _ reader: CaseReader) throws(CaseProblems) -> Case {
    reader.check(root: root)
    let section = Section(root: root, fileName: reader.fileName)
    let setup = Case(section)
    if case .mapping = root.content { CaseChecks(setup: setup, root: section, reader: reader).run() }
    guard reader.problems.isEmpty else { throw CaseProblems(sorted(reader.problems, reader.file)) }
    return setup
  }

  private static func sorted(_ problems: [CaseProblem], _ path: String) -> [CaseProblem] {
    func rank(_ problem: CaseProblem) -> (Int, Int, Int) {
      (problem.file == path ? 0 : 1, problem.line ?? .max, problem.column ?? .max)
    }
    return problems.enumerated().sorted { a, b in
      let (p, q) = (rank(a.element), rank(b.element))
      return p == q ? a.offset < b.offset : p < q
    }.map(\.element)
  }

  private static func reason(_ path: String) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return "no such file" }
    return isFolder.boolValue ? "is a folder" : "the file cannot be read"
  }

  private static func notText(_ bytes: [UInt8], _ path: String) -> CaseProblem {
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { break }
      line += 1
    }
    return CaseProblem(
      file: path, at: .file(line: line, column: 1), found: "the line is not UTF-8 text",
      expected: "a text file in UTF-8")
  }
}
