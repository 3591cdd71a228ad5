import Yams

/// The text of a case with other values in it: what differs is written anew, the rest stays as it was written.
struct CaseText {
  private var lines: [String]
  /// Lines to be replaced, and by what; they do not overlap.
  private var edits: [(range: Range<Int>, new: [String])] = []

  /// `text` changed so that it reads as `tree`.
  ///
  /// Comments and layout are kept but for the entries that change. A file that is written in a rare way (anchors, braces
  /// around the whole) is written anew as a whole.
  static func rewritten(_ text: String, as tree: Item) -> String {
    let text = Item.tidied(text)
    if let node = try? Item.compose(text, file: "") {
      var writer = CaseText(text)
      if writer.rewrite(node, as: tree, upTo: writer.lines.count) {
        let result = writer.result
        if let read = try? Item(yaml: result, file: ""), read.isSame(as: tree) { return result }
      }
    }
    return tree.lines(indent: 0).joined(separator: "\n") + "\n"
  }

  private init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
  }

  private var result: String {
    var lines = lines
    // From the end; of those at the same line the one noted first comes out first.
    let order = edits.indices.sorted { (edits[$0].range.lowerBound, $0) > (edits[$1].range.lowerBound, $1) }
    for index in order { lines.replaceSubrange(edits[index].range, with: edits[index].new) }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Edits

  /// Notes what to change so that a value, which ends before the line `end`, reads as `item`; false where it has to be
  /// written anew as a whole.
  private mutating func rewrite(_ node: Node, as item: Item, upTo end: Int) -> Bool {
    guard let mark = node.mark, !isFlow(mark) else { return false }
    switch (node, item.content) {
    case (.mapping(let mapping), .mapping(let pairs)) where !mapping.isEmpty:
      return rewrite(Array(mapping), as: pairs, upTo: end)
    case (.sequence(let sequence), .list(let items)) where !sequence.isEmpty:
      return rewrite(Array(sequence), as: items, upTo: end)
    default: return false
    }
  }

  /// Whether brackets or braces begin here.
  private func isFlow(_ mark: Mark) -> Bool {
    guard lines.indices.contains(mark.line - 1) else { return true }
    return lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first.map {
      "[{".unicodeScalars.contains($0)
    } ?? true
  }

  private mutating func rewrite(_ entries: [(key: Node, value: Node)], as pairs: [Item.Pair], upTo end: Int)
    -> Bool
  {
    let starts = entries.map { $0.key.mark?.line ?? 0 }
    guard let indent = entries[0].key.mark.map({ $0.column - 1 }), !starts.contains(0) else { return false }
    let keys = entries.map { $0.key.scalar?.string ?? "" }
    for (index, key) in keys.enumerated() {
      let start = starts[index] - 1
      let next = index + 1 < starts.count ? starts[index + 1] - 1 : end
      let lead = lead(start, indent)
      guard let pair = pairs.first(where: { $0.key == key }) else {
        // The dash of an item of a list stands before its first key.
        guard lead.allSatisfy(\.isWhitespace) else { return false }
        replace(start..<content(start, next), by: [])
        continue
      }
      let value = entries[index].value
      if Item(value).isSame(as: pair.value) || rewrite(value, as: pair.value, upTo: next) { continue }
      replace(start..<content(start, next), by: pair.lines(indent: indent), lead: lead)
    }
    let added = pairs.filter { !keys.contains($0.key) }.flatMap { $0.lines(indent: indent) }
    let last = content(starts[starts.count - 1] - 1, end)
    if !added.isEmpty { edits.append((last..<last, added)) }
    return true
  }

  private mutating func rewrite(_ nodes: [Node], as items: [Item], upTo end: Int) -> Bool {
    let marks = nodes.compactMap(\.mark)
    guard marks.count == nodes.count, items.count >= nodes.count else { return false }
    let first = lead(marks[0].line - 1, marks[0].column - 1)
    guard let dash = first.lastIndex(of: "-") else { return false }
    for (index, node) in nodes.enumerated() {
      let start = marks[index].line - 1
      let next = index + 1 < marks.count ? marks[index + 1].line - 1 : end
      if Item(node).isSame(as: items[index]) || rewrite(node, as: items[index], upTo: next) { continue }
      let indent = marks[index].column - 1
      replace(start..<content(start, next), by: items[index].lines(indent: indent), lead: lead(start, indent))
    }
    let indent = first.distance(from: first.startIndex, to: dash)
    let added = Item(place: .nowhere, content: .list(Array(items[nodes.count...]))).lines(indent: indent)
    let last = content(marks[marks.count - 1].line - 1, end)
    if items.count > nodes.count { edits.append((last..<last, added)) }
    return true
  }

  /// What stands before the content of an entry on its first line: blanks, or the dash of an item.
  private func lead(_ line: Int, _ column: Int) -> String {
    String(String.UnicodeScalarView(lines[line].unicodeScalars.prefix(column)))
  }

  /// The end of an entry's own lines: blank lines and comments before the next one belong to that.
  private func content(_ start: Int, _ next: Int) -> Int {
    var end = next
    while end > start + 1, lines[end - 1].drop(while: \.isWhitespace).first.map({ $0 == "#" }) ?? true {
      end -= 1
    }
    return end
  }

  private mutating func replace(_ range: Range<Int>, by new: [String], lead: String = "") {
    edits.removeAll {
      range.contains($0.range.lowerBound) || range.upperBound == $0.range.lowerBound && $0.range.isEmpty
    }
    var new = new
    if let first = new.first { new[0] = lead + first.drop(while: \.isWhitespace) }
    edits.append((range, new))
  }
}

// MARK: - Writing

extension Item.Pair {
  /// On one line where it fits, but for lists.
  fileprivate func lines(indent: Int) -> [String] {
    let start = String(repeating: " ", count: indent) + Item.written(key) + ":"
    let line = start + " " + value.flow
    switch value.content {
    case .list(let items) where !items.isEmpty: return [start] + value.lines(indent: indent + 2)
    case .mapping(let pairs) where !pairs.isEmpty && line.count > Item.width:
      return [start] + value.lines(indent: indent + 2)
    default: return [line]
    }
  }
}

extension Item {
  fileprivate static let width = 100

  /// In lines, every collection that does not fit into one laid out in several.
  fileprivate func lines(indent: Int) -> [String] {
    let blanks = String(repeating: " ", count: indent)
    switch content {
    case .mapping(let pairs) where !pairs.isEmpty: return pairs.flatMap { $0.lines(indent: indent) }
    case .list(let items) where !items.isEmpty:
      return items.flatMap { item in
        var lines = item.isRow ? [blanks + "  " + item.flow] : item.lines(indent: indent + 2)
        lines[0] = blanks + "- " + lines[0].dropFirst(indent + 2)
        return lines
      }
    default: return [blanks + flow]
    }
  }

  /// Whether it is a list of plain values.
  private var isRow: Bool {
    guard case .list(let items) = content else { return false }
    return items.allSatisfy { if case .scalar = $0.content { true } else { false } }
  }

  /// On one line.
  var flow: String {
    switch content {
    case .nothing: "~"
    case .scalar(let text): Item.written(text)
    case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { Item.written($0.key) + ": " + $0.value.flow }.joined(separator: ", ") + "}"
    }
  }

  /// A text as YAML writes it: plain where nothing in it can be taken for anything else.
  fileprivate static func written(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || "0123456789 ._+-/^()*%".unicodeScalars.contains($0)
    }
    let isWord =
      text.first.map { $0.isLetter || $0.isNumber || $0 == "-" && text.dropFirst().first?.isNumber == true }
      ?? false
    if isPlain, isWord, text.last != " ", !["null", "Null", "NULL"].contains(text) { return text }
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\t": "\\t"
      default:
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
          ? "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16) : String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
