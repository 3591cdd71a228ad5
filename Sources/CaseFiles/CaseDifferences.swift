/// A key in which two cases differ, with both values as they would stand in a case file.
package struct CaseDifference: Sendable, Equatable {
  package let keyPath: String
  package let former: String
  package let present: String
}

extension CaseFile {
  /// The keys in which this case differs from an earlier one. Units, layout, kinds and sources make no difference, nor
  /// does it whether a default is written out.
  package func differences(from former: CaseFile) -> [CaseDifference] {
    CaseComparison.differences(former.root, root, Key.root, path: "")
  }
}

private enum CaseComparison {
  static func differences(_ former: Item?, _ present: Item?, _ keys: [Key], path: String) -> [CaseDifference]
  {
    keys.flatMap { key in
      differences(
        former?[key.name], present?[key.name], key, path: path.isEmpty ? key.name : "\(path).\(key.name)")
    }
  }

  private static func differences(_ former: Item?, _ present: Item?, _ key: Key, path: String)
    -> [CaseDifference]
  {
    let differing = [CaseDifference(keyPath: path, former: words(former, key), present: words(present, key))]
    switch key.form {
    case .quantity(let dimension, _):
      let values = [former, present].map { item in
        text(item?["value"] ?? item, key).flatMap { try? Quantity.parse($0, as: dimension) }
      }
      return values[0] == values[1] ? [] : differing
    case .section(let keys, _):
      let (old, new) = (section(former, keys), section(present, keys))
      if old == nil && new == nil { return [] }
      return old == nil || new == nil ? differing : differences(old, new, keys, path: path)
    case .list(let keys, _):
      let (old, new) = (former?.items ?? [], present?.items ?? [])
      return (0..<max(old.count, new.count)).flatMap { index -> [CaseDifference] in
        let item = Key(String(index), .section(keys, orWord: nil), .optional("none"), "")
        return differences(
          old.indices.contains(index) ? old[index] : nil, new.indices.contains(index) ? new[index] : nil,
          item,
          path: "\(path).\(index)")
      }
    case .rows(let keys, _):
      let (old, new) = (former?.items ?? [], present?.items ?? [])
      let isSame =
        old.count == new.count
        && zip(old, new).allSatisfy { old, new in
          old.items.count == new.items.count
            && zip(keys, zip(old.items, new.items)).allSatisfy {
              differences($1.0, $1.1, $0, path: path).isEmpty
            }
        }
      return isSame ? [] : differing
    case .choice(let on, let alternatives):
      let (old, new) = (text(former?[on] ?? former, key), text(present?[on] ?? present, key))
      let keys = alternatives.first { $0.word == new }?.keys ?? []
      return old == new ? differences(former, present, keys, path: path) : differing
    case .nothing:
      return (former == nil) == (present == nil) ? [] : differing
    case .text, .name, .word, .count, .flag:
      return text(former, key) == text(present, key) ? [] : differing
    }
  }

  /// A section, for which a word or nothing may stand; one whose keys all have defaults is never absent.
  private static func section(_ item: Item?, _ keys: [Key]) -> Item? {
    if let item, case .mapping = item.content { return item }
    let isAlwaysThere = item == nil && !keys.contains { $0.isRequired || $0.isInGroup }
    return isAlwaysThere ? Item(place: .nowhere, content: .mapping([])) : nil
  }

  private static func text(_ item: Item?, _ key: Key) -> String? {
    if case .scalar(let text) = item?.content { return text }
    if case .otherwise(let text, _, _) = key.presence { return text }
    return nil
  }

  private static func words(_ item: Item?, _ key: Key) -> String {
    if let item {
      let text = item["value"]?.flow ?? item.flow
      return if case .rows = key.form { Quantity.shortened(text) } else { text }
    }
    switch key.presence {
    case .otherwise(let text, _, _): return text
    case .optional(let words): return words
    case .requiredWith: return "the table's"
    case .required, .oneOfGroup, .someOfGroup, .beside: return "none"
    }
  }
}

extension Item {
  fileprivate subscript(_ key: String) -> Item? {
    guard case .mapping(let pairs) = content else { return nil }
    return pairs.first { $0.key == key }?.value
  }

  fileprivate var items: [Item] { if case .list(let items) = content { items } else { [] } }
}
