import Electrodeposition

/// The values of one section, for building a case from a tree that `CaseReader` has checked.
///
/// Absent keys give their default; values that were reported give NaN or the like, since the case will not be
/// handed out. Asking for a key that the schema does not have is a mistake of the program.
struct Section {
  let fileName: String
  private let keys: [Key]
  private let items: [String: Item]

  init(_ pairs: [Item.Pair], keys: [Key], fileName: String) {
    self.fileName = fileName
    self.keys = keys
    items = Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  init(root: Item, fileName: String) {
    if case .mapping(let pairs) = root.content {
      self.init(pairs, keys: Key.root, fileName: fileName)
    } else {
      self.init([], keys: Key.root, fileName: fileName)
    }
  }

  private func key(_ name: String) -> Key {
    guard let key = keys.first(where: { $0.name == name }) else {
      preconditionFailure("no key \(name) in the schema")
    }
    return key
  }

  // MARK: Values

  func text(_ name: String) -> String {
    if case .scalar(let text) = items[name]?.content { return text }
    if case .otherwise(let text, _, _) = key(name).presence { return text }
    return ""
  }

  func has(_ name: String) -> Bool { items[key(name).name] != nil }

  /// Whether the schema has such a key.
  func hasKey(_ name: String) -> Bool { keys.contains { $0.name == name } }

  func flag(_ name: String) -> Bool { text(name) == "true" }

  func count(_ name: String) -> UInt64 { UInt64(text(name)) ?? 0 }

  /// The quantity with its source, or `nil` when it is absent and has no default.
  func quantity(_ name: String) -> Sourced? {
    guard case .quantity(let dimension, let bounds) = key(name).form else { return nil }
    func sourced(_ text: String, _ kind: Provenance, _ source: String) -> Sourced {
      let value = (try? Quantity.parse(text, as: dimension, within: bounds)) ?? .nan
      return Sourced(value, dimension.siUnit, kind, source)
    }
    guard let item = items[name] else {
      guard case .otherwise(let text, let kind, let why) = key(name).presence else { return nil }
      return sourced(text, kind, why.isEmpty ? "default" : why)
    }
    switch item.content {
    case .scalar(let text):
      return sourced(text, .given, source(of: item.place))
    case .mapping(let pairs):
      let own = Section(pairs, keys: Key.sourced(dimension, bounds), fileName: fileName)
      return sourced(own.text("value"), Provenance(rawValue: own.text("kind")) ?? .given, own.text("source"))
    default:
      return sourced("", .chosen, "")
    }
  }

  /// The quantity with its source; NaN when it is missing.
  func required(_ name: String) -> Sourced { quantity(name) ?? Sourced(.nan, "", .chosen, "") }

  /// The bare number in SI; NaN when it is missing.
  func value(_ name: String) -> Double { required(name).value }

  private func source(of place: Place) -> String {
    switch place {
    case .file(let line, _): "\(fileName), line \(line)"
    case .otherFile(let file, let line, _): "\(file), line \(line)"
    case .override(let text): "--set \(text)"
    case .nowhere: fileName
    }
  }

  // MARK: Sections

  /// The section of that name, or `nil` when it is absent or a word stands for it.
  func optional(_ name: String) -> Section? {
    guard case .section(let keys, _) = key(name).form, case .mapping(let pairs) = items[name]?.content else {
      return nil
    }
    return Section(pairs, keys: keys, fileName: fileName)
  }

  /// The section of that name; an empty one, with every default, when it is absent.
  func section(_ name: String) -> Section {
    if let section = optional(name) { return section }
    guard case .section(let keys, _) = key(name).form else { preconditionFailure("\(name) is no section") }
    return Section([], keys: keys, fileName: fileName)
  }

  func list(_ name: String) -> [Section] {
    guard case .list(let keys, _) = key(name).form, case .list(let items) = items[name]?.content else {
      return []
    }
    return items.map { item in
      if case .mapping(let pairs) = item.content { return Section(pairs, keys: keys, fileName: fileName) }
      return Section([], keys: keys, fileName: fileName)
    }
  }

  /// The values of each row, SI.
  func rows(_ name: String) -> [[Double]] {
    guard case .rows(let keys, _) = key(name).form, case .list(let rows) = items[name]?.content else {
      return []
    }
    return rows.map { row in
      guard case .list(let values) = row.content, values.count == keys.count else {
        return keys.map { _ in .nan }
      }
      let pairs = zip(keys, values).map { Item.Pair(key: $0.name, place: $1.place, value: $1) }
      let section = Section(pairs, keys: keys, fileName: fileName)
      return keys.map { section.value($0.name) }
    }
  }

  /// The word that was chosen, and the section with the keys that go with it; `fallback` goes before the default.
  func choice(_ name: String, otherwise fallback: String? = nil) -> (word: String, section: Section) {
    guard case .choice(let on, let alternatives) = key(name).form else {
      preconditionFailure("\(name) is no choice")
    }
    var word = has(name) ? text(name) : fallback ?? text(name)
    var pairs: [Item.Pair] = []
    if case .mapping(let given) = items[name]?.content {
      pairs = given
      word = Section(given, keys: [Key(on, .text, .required, "")], fileName: fileName).text(on)
    }
    let keys = alternatives.first { $0.word == word }?.keys ?? []
    return (word, Section(pairs, keys: keys, fileName: fileName))
  }
}
