import Foundation
import Yams

/// A value of a case file with its position: the part of YAML that case files use.
///
/// Scalars stay text (a metal called `No` is not `false`); what they mean is the schema's business.
struct Item: Sendable {
  indirect enum Content: Sendable {
    case nothing
    case scalar(String)
    case list([Item])
    case mapping([Pair])
  }

  struct Pair: Sendable {
    var key: String
    var place: Place
    var value: Item
  }

  var place: Place
  var content: Content

  /// For messages: `"60 nm"`, `a list`.
  var words: String {
    switch content {
    case .nothing: "nothing"
    case .scalar(let text): "\"\(Quantity.shortened(text))\""
    case .list: "a list"
    case .mapping: "a section"
    }
  }
}

extension Item {
  /// Whether two trees hold the same, wherever it stands.
  func isSame(as other: Item) -> Bool {
    switch (content, other.content) {
    case (.nothing, .nothing): true
    case (.scalar(let text), .scalar(let otherText)): text == otherText
    case (.list(let items), .list(let others)):
      items.count == others.count && zip(items, others).allSatisfy { $0.isSame(as: $1) }
    case (.mapping(let pairs), .mapping(let others)):
      pairs.count == others.count
        && pairs.allSatisfy { pair in
          others.first { $0.key == pair.key }.map { pair.value.isSame(as: $0.value) } ?? false
        }
    default: false
    }
  }
}

// MARK: - From YAML

extension Item {
  /// Parses a case file.
  ///
  /// - Throws: the one problem that keeps the text from being YAML that a case file may use.
  init(yaml: String, file: String) throws(CaseProblem) {
    let isEmpty = CaseProblem(
      file: file, at: .nowhere, found: "the file is empty", expected: "a case (see docs/cases.md)")
    guard let node = try Item.compose(yaml, file: file) else { throw isEmpty }
    var budget = 500_000
    do throws(TooComplex) {
      self = try Item(node, place: nil, depth: 0, budget: &budget)
    } catch {
      throw CaseProblem(
        file: file, at: .file(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1),
        found: "the file is nested too deeply or refers to itself too often", expected: "a plain case file")
    }
    if case .nothing = content { throw isEmpty }
  }

  /// Parses the value of an override, which has no position of its own.
  init(yaml: String, override: String, keyPath: String, file: String) throws(CaseProblem) {
    let place = Place.override(override)
    do throws(CaseProblem) {
      guard let node = try Item.compose(yaml, file: file) else {
        self.init(place: place, content: .nothing)
        return
      }
      var budget = 10_000
      do throws(TooComplex) {
        self = try Item(node, place: place, depth: 0, budget: &budget)
      } catch {
        throw CaseProblem(file: file, at: place, found: "the value is nested too deeply")
      }
    } catch {
      throw CaseProblem(
        file: file, at: place, keyPath: keyPath, found: error.found, expected: "a value as in a case file")
    }
  }

  /// The value of a node of a text that could be read before.
  init(_ node: Node) {
    var budget = Int.max
    self =
      (try? Item(node, place: nil, depth: 0, budget: &budget)) ?? Item(place: .nowhere, content: .nothing)
  }

  private struct TooComplex: Error {}

  /// Aliases (`*name`) arrive here as copies, so a short file can stand for an immense tree: hence the budget.
  private init(_ node: Node, place: Place?, depth: Int, budget: inout Int) throws(TooComplex) {
    budget -= 1
    guard depth < 64, budget > 0 else { throw TooComplex() }
    self.place = place ?? Item.place(of: node)
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      let isNothing = isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      content = isNothing ? .nothing : .scalar(scalar.string)
    case .sequence(let sequence):
      var items: [Item] = []
      for node in sequence { items.append(try Item(node, place: place, depth: depth + 1, budget: &budget)) }
      content = .list(items)
    case .mapping(let mapping):
      var pairs: [Pair] = []
      for (key, value) in mapping {
        let item = try Item(value, place: place, depth: depth + 1, budget: &budget)
        pairs.append(Pair(key: key.scalar?.string ?? "?", place: place ?? Item.place(of: key), value: item))
      }
      content = .mapping(pairs)
    case .alias:
      content = .nothing
    }
  }

  private static func place(of node: Node) -> Place {
    node.mark.map { .file(line: $0.line, column: $0.column) } ?? .nowhere
  }

  /// A text without a byte order mark, with the line ends of Unix, and without blanks at the end of lines (libyaml takes
  /// no tab on an empty line).
  static func tidied(_ text: String) -> String {
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { line in
      var line = line
      while let last = line.last, last == " " || last == "\t" { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  static func compose(_ yaml: String, file: String) throws(CaseProblem) -> Node? {
    // Yams hands libyaml a pointer into the string that outlives the call that made it; strings of fewer than
    // 16 bytes live on the stack, so they are made longer.
    var text = tidied(yaml)
    if text.utf8.count < 16 { text += String(repeating: "\n", count: 16) }
    text.makeContiguousUTF8()
    do {
      return try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw CaseProblem(error, in: text, file: file)
    } catch {
      throw CaseProblem(file: file, at: .nowhere, found: "the file cannot be read as YAML: \(error)")
    }
  }
}
