/// One thing that is wrong in a case: where, what was found, what was expected.
public struct CaseProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as it was named by the user: that of the case, or of a table in it.
  public var file: String
  /// Position of the offending key or value, from 1; `nil` when it is not in the file.
  public var line: Int?
  public var column: Int?
  /// The `--set` text that the value came from, if it did not come from the file.
  public var override: String?
  /// For example `substrate.islands.pitch` or `protocol.0.until`; empty for the file as a whole.
  public var keyPath: String
  public var found: String
  /// May be empty when there is nothing to add.
  public var expected: String

  /// `my.yaml:12:9: substrate.islands.pitch: "60" has no unit; expected a length such as 60 nm`
  public var description: String {
    var location = file
    if let override {
      location = "--set \(override)"
    } else if let line, let column {
      location += ":\(line):\(column)"
    }
    let key = keyPath.isEmpty ? "" : "\(keyPath): "
    return "\(location): \(key)\(found)" + (expected.isEmpty ? "" : "; expected \(expected)")
  }
}

extension CaseProblem {
  /// The same complaint about the same key.
  func isSame(as other: CaseProblem) -> Bool { keyPath == other.keyPath && found == other.found }
}

/// All problems of a case, in the order of the file; then those of overrides, and of tables in files of their own.
public struct CaseProblems: Error, Sendable, Equatable, CustomStringConvertible {
  public var list: [CaseProblem]

  package init(_ list: [CaseProblem]) { self.list = list }

  /// One line each.
  public var description: String { list.map(\.description).joined(separator: "\n") }
}

/// Where a key or a value stands.
enum Place: Sendable, Equatable {
  case file(line: Int, column: Int)
  /// In a file that the case names.
  case otherFile(String, line: Int, column: Int)
  case override(String)
  /// The file as a whole.
  case nowhere
}

extension CaseProblem {
  init(file: String, at place: Place, keyPath: String = "", found: String, expected: String = "") {
    self.init(file: file, keyPath: keyPath, found: found, expected: expected)
    switch place {
    case .file(let line, let column):
      self.line = line
      self.column = column
    case .otherFile(let other, let line, let column):
      self.file = other
      self.line = line
      self.column = column
    case .override(let text): override = text
    case .nowhere: break
    }
  }
}

/// The known word nearest to a misspelt one, if it is near enough to be a likely slip.
package func nearest(to word: String, in known: [String]) -> String? {
  let candidates = known.map { ($0, editDistance(word.lowercased(), $0.lowercased())) }
  // Of two that are as near, the one that begins alike.
  let rank = { (candidate: (String, Int)) in (candidate.1, candidate.0.first == word.first ? 0 : 1) }
  guard let best = candidates.min(by: { rank($0) < rank($1) }) else { return nil }
  return best.1 <= max(1, min(word.count, best.0.count) / 3) ? best.0 : nil
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first.prefix(64))
  let b = Array(second.prefix(64))
  var table = [[Int]](repeating: Array(0...b.count), count: a.count + 1)
  for i in 0..<a.count {
    table[i + 1][0] = i + 1
    for j in 0..<b.count {
      let replaced = table[i][j] + (a[i] == b[j] ? 0 : 1)
      table[i + 1][j + 1] = min(replaced, table[i][j + 1] + 1, table[i + 1][j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        table[i + 1][j + 1] = min(table[i + 1][j + 1], table[i - 1][j - 1] + 1)
      }
    }
  }
  return table[a.count][b.count]
}
