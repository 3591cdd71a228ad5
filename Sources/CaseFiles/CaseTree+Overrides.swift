import Foundation

/// What `--set` does to a case.
extension Item {
  /// Applies `key.path=value`: replaces a value or a whole section, adds one that is not there, adds an item to a list
  /// (`+` for its number), or, with nothing after `=`, takes one out.
  ///
  /// Kind and source of a number do not outlive it: a new `value` drops them, and a new metal or name of a material
  /// leaves the sources of its numbers as what was given for the old one.
  mutating func apply(override text: String, file: String) throws(CaseProblem) {
    let place = Place.override(text)
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw CaseProblem(
        file: file, at: place, found: "there is no key and value",
        expected: "key.path=value, such as box.cell=4 nm")
    }
    let keyPath = text[..<equals].trimmingCharacters(in: .whitespaces)
    let keys = keyPath.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let value = String(text[text.index(after: equals)...])
    let isRemoval = value.allSatisfy(\.isWhitespace)
    let item = isRemoval ? nil : try Item(yaml: value, override: text, keyPath: keyPath, file: file)
    let former = self[keys[...]]
    do throws(Misfit) {
      try set(keys[...], to: item, place: place, walked: [])
    } catch {
      throw CaseProblem(file: file, at: place, keyPath: keyPath, found: error.found, expected: error.expected)
    }
    if let former, let item, !former.isSame(as: item), case .scalar(let old) = former.content {
      rename(keys, from: old)
    }
  }

  private struct Misfit: Error {
    let found: String
    let expected: String
  }

  private subscript(_ keys: ArraySlice<String>) -> Item? {
    guard let key = keys.first else { return self }
    switch content {
    case .mapping(let pairs): return pairs.first { $0.key == key }?.value[keys.dropFirst()]
    case .list(let items):
      guard let index = Int(key), items.indices.contains(index) else { return nil }
      return items[index][keys.dropFirst()]
    case .nothing, .scalar: return nil
    }
  }

  /// `nil` takes the value out.
  private mutating func set(_ keys: ArraySlice<String>, to value: Item?, place: Place, walked: [String])
    throws(Misfit)
  {
    guard let key = keys.first else {
      if let value { self = value }
      return
    }
    let name = walked.isEmpty ? "the case" : walked.joined(separator: ".")
    let isTakenOut = keys.count == 1 && value == nil
    switch content {
    case .mapping(var pairs):
      let index = pairs.firstIndex { $0.key == key } ?? pairs.count
      if index == pairs.count {
        if value == nil {
          throw Misfit(
            found: "\(name) has no key \"\(Quantity.shortened(key))\" to take out",
            expected: "one of \(pairs.map(\.key).joined(separator: ", "))")
        }
        pairs.append(Pair(key: key, place: place, value: Item(place: place, content: .nothing)))
      }
      if isTakenOut {
        pairs.remove(at: index)
      } else {
        if keys.count == 1 { pairs[index].place = place }
        try pairs[index].value.set(keys.dropFirst(), to: value, place: place, walked: walked + [key])
      }
      content = .mapping(pairs)
      if keys.count == 1, key == "value" { dropSource() }
    case .list(var items):
      if key == "+", value != nil { items.append(Item(place: place, content: .nothing)) }
      guard let index = key == "+" ? items.indices.last : Int(key), items.indices.contains(index) else {
        throw Misfit(
          found: "\(name) has no item \"\(Quantity.shortened(key))\"",
          expected: (items.isEmpty ? "" : "a number from 0 to \(items.count - 1), or ") + "+ for a new one")
      }
      if isTakenOut {
        items.remove(at: index)
      } else {
        try items[index].set(keys.dropFirst(), to: value, place: place, walked: walked + [key])
      }
      content = .list(items)
    case .nothing:
      content = key == "+" ? .list([]) : .mapping([])
      try set(keys, to: value, place: place, walked: walked)
    case .scalar where Key.ofSourced.contains(key):
      content = .mapping([Pair(key: "value", place: place, value: self)])
      try set(keys, to: value, place: place, walked: walked)
    case .scalar:
      throw Misfit(found: "\(name) is \(words), which has no keys", expected: "the key of a value")
    }
  }

  /// Of a number whose `value` is new: kind and source that are not new too described the old one.
  private mutating func dropSource() {
    guard case .mapping(var pairs) = content else { return }
    pairs.removeAll {
      if case .override = $0.place { return false }
      return Key.ofSourced.contains($0.key)
    }
    if pairs.count == 1 { self = pairs[0].value } else { content = .mapping(pairs) }
  }

  // MARK: Materials

  /// Where a metal or a material gets another name, the numbers beside it are still those that were given for the old one.
  private mutating func rename(_ keys: [String], from old: String) {
    if keys == ["metal"] {
      for section in ["electrolyte", "kinetics", "surface_energy", "molar_volume", "substrate"] {
        change([section]) { $0.disown(old, throughout: true) }
      }
    } else if keys.count > 1, ["name", "material"].contains(keys.last) {
      change(keys.dropLast()) { $0.disown(old, throughout: false) }
    }
  }

  private mutating func change(_ keys: ArraySlice<String>, _ body: (inout Item) -> Void) {
    guard let key = keys.first else { return body(&self) }
    guard case .mapping(var pairs) = content, let index = pairs.firstIndex(where: { $0.key == key }) else {
      return
    }
    pairs[index].value.change(keys.dropFirst(), body)
    content = .mapping(pairs)
  }

  private mutating func disown(_ old: String, throughout: Bool) {
    guard case .mapping(var pairs) = content else { return }
    if let source = pairs.firstIndex(where: { $0.key == "source" }) {
      if case .scalar(let text) = pairs[source].value.content {
        pairs[source].value.content = .scalar("given for \(old): \(text)")
      }
      pairs.removeAll { $0.key == "kind" }
    } else {
      for index in pairs.indices where throughout || pairs[index].key != "islands" {
        pairs[index].value.disown(old, throughout: throughout)
      }
    }
    content = .mapping(pairs)
  }
}
