/// Holds a tree of keys and values against the schema and collects everything that is wrong with it.
///
/// Reading takes two passes. This one visits every value once and reports; `Section` then hands out values
/// without a word, NaN for those that were reported, so that one slip never hides another.
final class CaseReader {
  let file: String
  private(set) var problems: [CaseProblem] = []
  /// Where each key path stands: its value, or for sections and lists its key.
  private var places: [String: Place] = [:]

  init(file: String) { self.file = file }

  /// The file without its folder, for the source of a number.
  var fileName: String { file.split(separator: "/").last.map(String.init) ?? file }

  /// Reports against a key path that need not be there: its nearest section that is stands for it.
  func report(_ keyPath: String, _ found: String, expected: String) {
    var path = keyPath
    while places[path] == nil, let dot = path.lastIndex(of: ".") { path = String(path[..<dot]) }
    report(at: places[path] ?? .nowhere, keyPath, found, expected: expected)
  }

  /// What is told of one table's file: a column that is wrong is wrong in every row.
  private static let mostOfTable = 10

  func report(at place: Place, _ keyPath: String, _ found: String, expected: String) {
    if case .otherFile(let table, _, _) = place,
      problems.count(where: { $0.file == table }) == Self.mostOfTable
    {
      return
    }
    problems.append(CaseProblem(file: file, at: place, keyPath: keyPath, found: found, expected: expected))
  }

  /// Where a key stands, or `nil` when the case does not have it.
  func place(of keyPath: String) -> Place? { places[keyPath] }

  func add(_ problem: CaseProblem) { problems.append(problem) }

  /// Whether nothing was reported about a key, what is under it, or a section it is in.
  func isSound(_ keyPath: String) -> Bool {
    !problems.contains {
      ($0.keyPath + ".").hasPrefix(keyPath + ".") || (keyPath + ".").hasPrefix($0.keyPath + ".")
    }
  }

  // MARK: One pass over the tree

  func check(root item: Item) {
    guard case .mapping(let pairs) = item.content else {
      return report(
        at: item.place, "", "the file is \(item.words)", expected: "a section with \(known(Key.root))")
    }
    check(pairs, against: Key.root, path: "", place: .file(line: 1, column: 1))
  }

  private func check(_ pairs: [Item.Pair], against keys: [Key], path: String, place: Place) {
    for pair in pairs {
      let keyPath = join(path, pair.key)
      if let key = keys.first(where: { $0.name == pair.key }) {
        check(pair.value, as: key.form, path: keyPath, keyPlace: pair.place)
      } else {
        report(
          at: pair.place, keyPath, "unknown key\(guess(pair.key, among: keys, path))", expected: known(keys))
      }
    }
    // A key that runs into its value is there.
    let present = Set(pairs.map { Key.inFlow($0.key, among: keys) ?? $0.key })
    for key in keys where key.isRequired(beside: present) && !present.contains(key.name) {
      report(
        at: place, join(path, key.name), "the key is missing\(named(path))", expected: key.form.expectation)
    }
    checkGroups(keys, present, path, place)
    checkCompanions(keys, pairs, path, place)
  }

  /// What an unknown key was likely meant to be.
  private func guess(_ key: String, among keys: [Key], _ path: String) -> String {
    if let name = Key.inFlow(key, among: keys) {
      return ", did you mean \"\(name): \(key.dropFirst(name.count + 1))\"?"
    }
    let section = path.split(separator: ".").last { Int($0) == nil } ?? ""
    if let wish = Key.wishes["\(section).\(key)"] { return " (\(wish))" }
    if let near = nearest(to: key, in: keys.map(\.name)) { return ", did you mean \"\(near)\"?" }
    let home = Key.root.first {
      if case .section(let keys, _) = $0.form { keys.contains { $0.name == key } } else { false }
    }
    return home.map { ", it belongs in \($0.name)" } ?? ""
  }

  private func checkGroups(_ keys: [Key], _ present: Set<String>, _ path: String, _ place: Place) {
    let group = keys.filter(\.isInGroup)
    let given = group.filter { present.contains($0.name) }
    guard !group.isEmpty else { return }
    let names = listed(group.map(\.name))
    if given.isEmpty {
      report(at: place, path, "says none of \(names)", expected: "one of them")
    } else if given.count > 1, case .oneOfGroup = group[0].presence {
      report(at: place, path, "says \(listed(given.map(\.name), "and"))", expected: "only one of \(names)")
    }
  }

  private func checkCompanions(_ keys: [Key], _ pairs: [Item.Pair], _ path: String, _ place: Place) {
    let present = Set(pairs.map(\.key))
    for key in keys {
      guard case .beside(let others) = key.presence else { continue }
      let isWanted = !present.isDisjoint(with: others)
      if isWanted && !present.contains(key.name) {
        report(
          at: place, join(path, key.name), "the key is missing\(named(path))", expected: key.form.expectation)
      }
      let isAlone = present.isDisjoint(with: keys.filter(\.isInGroup).map(\.name))
      guard !isWanted, !isAlone, let pair = pairs.first(where: { $0.key == key.name }) else { continue }
      report(
        at: pair.place, join(path, key.name), "the key does not go with the others",
        expected: "it beside \(listed(others))")
    }
  }

  private func check(_ item: Item, as form: Key.Form, path: String, keyPlace: Place) {
    let place = if case .nothing = item.content { keyPlace } else { item.place }
    places[path] = place
    switch (form, item.content) {
    case (.quantity(let dimension, let bounds), .mapping(let pairs)):
      places[path] = keyPlace
      check(pairs, against: Key.sourced(dimension, bounds), path: path, place: keyPlace)
    case (.section(let keys, _), .mapping(let pairs)):
      places[path] = keyPlace
      check(pairs, against: keys, path: path, place: keyPlace)
    case (.section(_, let word?), .scalar(let text)) where text == word: break
    case (.list(let keys, let least), .list(let items)):
      places[path] = keyPlace
      check(items, against: keys, atLeast: least, path: path, keyPlace: keyPlace)
    case (.rows(let keys, let least), .list(let items)):
      places[path] = keyPlace
      check(rows: items, of: keys, atLeast: least, path: path, keyPlace: keyPlace)
    // The name of a file that could not be read: `readTables` has said why.
    case (.rows, .scalar): break
    case (.choice(let on, let alternatives), .mapping(let pairs)):
      places[path] = keyPlace
      check(choice: pairs, on, alternatives, path: path, keyPlace: keyPlace)
    case (.choice(_, let alternatives), .scalar(let text)):
      check(item, as: .word(alternatives.map(\.word)), text: text, path: path)
    case (.nothing, .nothing), (.nothing, .scalar("true")): break
    case (_, .nothing):
      report(at: place, path, "the key has no value", expected: form.expectation)
    case (_, .scalar(let text)):
      check(item, as: form, text: text, path: path)
    default:
      report(at: place, path, "\(item.words) is given", expected: form.expectation)
    }
  }

  private func check(_ items: [Item], against keys: [Key], atLeast least: Int, path: String, keyPlace: Place)
  {
    if items.count < least {
      report(at: keyPlace, path, "the list is empty", expected: "at least one item")
    }
    for (index, item) in items.enumerated() {
      let itemPath = join(path, String(index))
      check(item, as: .section(keys, orWord: nil), path: itemPath, keyPlace: item.place)
    }
  }

  private func check(rows: [Item], of keys: [Key], atLeast least: Int, path: String, keyPlace: Place) {
    if rows.count < least {
      report(at: keyPlace, path, "the list has too few rows", expected: "at least \(least)")
    }
    for (index, row) in rows.enumerated() {
      let rowPath = join(path, String(index))
      places[rowPath] = row.place
      guard case .list(let items) = row.content, items.count == keys.count else {
        report(at: row.place, rowPath, "\(row.words) is given", expected: Key.Form.row(keys))
        continue
      }
      for (key, item) in zip(keys, items) {
        check(item, as: key.form, path: join(rowPath, key.name), keyPlace: item.place)
      }
    }
  }

  private func check(
    choice pairs: [Item.Pair], _ on: String, _ alternatives: [Key.Alternative], path: String, keyPlace: Place
  ) {
    let words = alternatives.map(\.word)
    let law = Key(on, .word(words), .required, "")
    guard let pair = pairs.first(where: { $0.key == on }), case .scalar(let word) = pair.value.content,
      let alternative = alternatives.first(where: { $0.word == word })
    else {
      // Without a law, a key is unknown only if no law has it.
      let all = alternatives.flatMap { $0.keys.filter { !$0.isRequired } }
      return check(pairs, against: [law] + all, path: path, place: keyPlace)
    }
    check(pairs, against: [law] + alternative.keys, path: path, place: keyPlace)
  }

  private func check(_ item: Item, as form: Key.Form, text: String, path: String) {
    switch form {
    case .text where text.allSatisfy(\.isWhitespace), .name where text.allSatisfy(\.isWhitespace):
      report(at: item.place, path, "the text is empty", expected: form.expectation)
    case .text, .name: break
    case .word(let words) where !words.contains(text):
      let names = Key.otherNames.filter { words.contains($0.value) }
      let likely = nearest(to: text, in: words + names.keys.sorted()).map { names[$0] ?? $0 }
      let guess = likely.map { ", did you mean \"\($0)\"?" } ?? ""
      report(at: item.place, path, "\(item.words) is not known\(guess)", expected: form.expectation)
    case .word: break
    case .quantity(let dimension, let bounds):
      do throws(QuantityError) {
        _ = try Quantity.parse(text, as: dimension, within: bounds)
      } catch {
        report(at: item.place, path, error.found, expected: error.expected)
      }
    case .count(let least) where (UInt64(text) ?? 0) < least || UInt64(text) == nil:
      report(at: item.place, path, "\(item.words) is not such a number", expected: form.expectation)
    case .count: break
    case .flag where ["true", "false"].contains(text): break
    default:
      report(at: item.place, path, "\(item.words) is given", expected: form.expectation)
    }
  }

  // MARK: Words

  private func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private func named(_ path: String) -> String { path.isEmpty ? "" : " from \(path)" }

  private func known(_ keys: [Key]) -> String {
    keys.count == 1 ? "only the key \(keys[0].name)" : "the keys \(listed(keys.map(\.name)))"
  }
}

/// "a, b or c".
func listed(_ words: [String], _ conjunction: String = "or") -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
}

extension Key {
  /// The key that `radius:10 nm` or `radius 10 nm`, which stands for a key between braces, begins with.
  static func inFlow(_ text: String, among keys: [Key]) -> String? {
    keys.map(\.name).first { text.hasPrefix($0 + ":") || text.hasPrefix($0 + " ") }
  }

  var isRequired: Bool { if case .required = presence { true } else { false } }

  /// Whether a section with these keys must have this one.
  func isRequired(beside present: Set<String>) -> Bool {
    if case .requiredWith(let other) = presence { present.contains(other) } else { isRequired }
  }

  var isInGroup: Bool {
    switch presence {
    case .oneOfGroup, .someOfGroup: true
    default: false
    }
  }
}

extension Key.Form {
  /// What a value should be, for messages.
  var expectation: String {
    switch self {
    case .text: "a text"
    case .name(let words): "one of \(words.joined(separator: ", ")), or another name"
    case .word(let words): words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    case .quantity(let dimension, _): dimension.expectation
    case .count(let least): "a whole number of at least \(least)"
    case .flag: "true or false"
    case .nothing: "no value, or true"
    case .section(let keys, let word):
      (word.map { "\"\($0)\", or " } ?? "") + "a section with \(listed(keys.map(\.name), "and"))"
    case .list(let keys, _): "a list of items, each after a dash, with \(listed(keys.map(\.name), "and"))"
    case .rows(let keys, _): "a list of rows, each \(Key.Form.row(keys)), or the name of a file with them"
    case .choice(let on, let alternatives):
      "\(listed(alternatives.map(\.word))), or a section with the key \(on)"
    }
  }

  /// What a row should be, for messages.
  static func row(_ keys: [Key]) -> String { "a list [\(keys.map(\.name).joined(separator: ", "))]" }
}
