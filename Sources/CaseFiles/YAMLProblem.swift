import Yams

/// What keeps a text from being YAML, in words for people who write case files.
extension CaseProblem {
  init(_ error: YamlError, in text: String, file: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let slip = YAMLSlip(problem, at: mark, opened: context?.mark, in: lines)
      self.init(
        file: file, at: .file(line: slip.line, column: slip.column), found: slip.found,
        expected: slip.expected)
    case .reader(let problem, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      let line = before.count { $0 == "\n" } + 1
      let column = before.reversed().prefix { $0 != "\n" }.count + 1
      self.init(
        file: file, at: offset == nil ? .nowhere : .file(line: line, column: column),
        found: problem, expected: "plain text")
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      self.init(
        file: file, at: Self.secondPlace(of: key, after: context.mark, in: lines), keyPath: key,
        found: "the key is given twice, first in line \(context.mark.line)", expected: "each key once")
    default:
      self.init(file: file, at: .nowhere, found: "the file cannot be read as YAML: \(error)")
    }
  }

  /// Where a key that first stands at `mark` stands again in the same section; Yams tells only the first place.
  private static func secondPlace(of key: String, after mark: Mark, in lines: [String]) -> Place {
    let indent = String(repeating: " ", count: max(mark.column - 1, 0))
    let second = lines.indices.dropFirst(mark.line).first { lines[$0].hasPrefix(indent + key + ":") }
    return .file(line: second.map { $0 + 1 } ?? mark.line, column: mark.column)
  }
}

/// libyaml says where it could not go on, in the words of a parser; the slip is often in the line before.
private struct YAMLSlip {
  private let lines: [String]
  private(set) var line: Int
  private(set) var column: Int
  private(set) var found: String
  private(set) var expected = "`key: value`, indented by spaces"

  /// - Parameter opened: where the part begins that libyaml could not finish.
  init(_ problem: String, at mark: Mark, opened: Mark?, in lines: [String]) {
    self.lines = lines
    (line, column, found) = (mark.line, mark.column, problem)
    let suspects = [mark.line, lastLine(before: mark.line)].compactMap(\.self)
    if let line = suspects.first(where: { text($0).prefix(while: \.isWhitespace).contains { $0 != " " } }) {
      column = text(line).prefix { $0 == " " }.count + 1
      tell(at: (line, column), "the line is indented by tabs or other blanks", "spaces instead of tabs")
      return
    }
    func first(_ shape: Regex<some Any>) -> Int? {
      suspects.first { text($0).wholeMatch(of: shape) != nil }
    }
    let isWholeLine = mark.column == start(mark.line).column
    switch problem {
    case "mapping values are not allowed in this context":
      if text(mark.line).prefix(max(mark.column - 1, 0)).contains(": ") {
        tell("the value has a colon in it", "one `key: value` a line; quotes around a text with a colon")
      } else if let line = first(#/ *-\w.*/#) {
        tell(at: start(line), "the dash has no blank after it", "`- key: value`")
      } else if let line = first(#/ *(- )?\w+:\S.*/#) {
        tell(at: start(line), "the colon has no blank after it", "`key: value`")
      } else {
        tell(at: start(mark.line), "the line is indented more than those of its section", Self.evenly)
      }
    case "could not find expected ':'":
      let line = (1...max(1, mark.line)).last {
        isText($0) && text($0).wholeMatch(of: #/ *(- )?\w+:( .*)?/#) == nil
      }
      tell(
        at: line.map(start), "the line is no key with a value", "`key: value`, with a blank after the colon")
    case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
      tell(
        at: opened.map { ($0.line, $0.column) },
        "a bracket that opens here is not closed, or a comma is missing in it", "`{key: value, key: value}`")
    case "did not find expected node content":
      tell("a value is missing, or a bracket is not closed", "`{key: value, key: value}`")
    case "found unexpected end of stream":
      tell(
        at: opened.map { ($0.line, $0.column) }, "a quote that opens here is not closed",
        "quotes at both ends")
    case "did not find expected key" where isWholeLine,
      "did not find expected '-' indicator" where isWholeLine:
      tell("the line is indented like no line above it", Self.evenly)
    case "did not find expected key":
      tell("there is more after the end of the value", "double quotes around a text with quotes in it")
    case "found character that cannot start any token", "found undefined alias",
      "did not find expected alphabetic or numeric character":
      let place = problem.hasPrefix("did not") ? opened ?? mark : mark
      let character = text(place.line).dropFirst(max(place.column - 1, 0)).prefix(1)
      tell(at: (place.line, place.column), "a text cannot begin with \(character)", "quotes around it")
    case "but found another document":
      tell("a second case begins", "one case a file, with no line of dashes in it")
    default: break
    }
  }

  private static let evenly = "the same number of spaces before all keys of a section"

  private mutating func tell(at place: (line: Int, column: Int)? = nil, _ found: String, _ expected: String) {
    if let place { (line, column) = place }
    (self.found, self.expected) = (found, expected)
  }

  // MARK: Lines, from 1

  private func text(_ line: Int) -> String { lines.indices.contains(line - 1) ? lines[line - 1] : "" }

  /// Where the first word of a line stands.
  private func start(_ line: Int) -> (line: Int, column: Int) {
    (line, text(line).prefix { $0 == " " }.count + 1)
  }

  /// Whether there is more in a line than a comment.
  private func isText(_ line: Int) -> Bool {
    text(line).first { !$0.isWhitespace }.map { $0 != "#" } ?? false
  }

  private func lastLine(before line: Int) -> Int? { (1..<max(line, 1)).last(where: isText) }
}
