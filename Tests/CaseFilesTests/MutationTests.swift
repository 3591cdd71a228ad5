import Testing

@testable import CaseFiles

/// Spoils every key of every case of `configs/` in every way that the schema forbids, and single bytes at random.
@Suite("Spoilt cases")
struct MutationTests {
  /// A key as it stands in a file, with its description.
  struct Occurrence {
    let path: String
    let key: Key
    let keyPlace: Place
    let sectionPlace: Place
    let item: Item
  }

  @Test(
    "A misspelt key is named with its place, and the right one is suggested",
    arguments: MutationTests.caseNames)
  func misspelt(name: String) throws {
    let text = try caseText(name)
    for occurrence in try occurrences(text) {
      let wrong = occurrence.key.name + "x"
      let spoilt = replace(occurrence.key.name, at: occurrence.keyPlace, by: wrong, in: text)
      let found = problems(spoilt).filter { $0.keyPath == occurrence.path + "x" }
      #expect(found.count == 1, "\(occurrence.path)")
      #expect(found.first?.line == line(occurrence.keyPlace), "\(occurrence.path)")
      #expect(found.first?.found == "unknown key, did you mean \"\(occurrence.key.name)\"?")
      #expect(found.first?.expected.contains(occurrence.key.name) == true)
    }
  }

  @Test(
    "A key that is taken out is missed if it is required, and only then", arguments: MutationTests.caseNames)
  func removed(name: String) throws {
    let text = try caseText(name)
    let root = try Item(yaml: text, file: "my.yaml")
    let paths = Set(try occurrences(text).map(\.path))
    for occurrence in try occurrences(text) {
      let reader = CaseReader(file: "my.yaml")
      reader.check(root: root.without(occurrence.path.split(separator: ".").map(String.init)[...]))
      switch occurrence.key.presence {
      case .requiredWith(let other)
      where !paths.contains(occurrence.path.dropLast(occurrence.key.name.count) + other):
        #expect(reader.problems.isEmpty, "\(occurrence.path): \(reader.problems)")
      case .required, .requiredWith, .beside:
        let found = reader.problems.filter { $0.keyPath == occurrence.path }
        #expect(found.count == 1 && reader.problems.count == 1, "\(occurrence.path)")
        #expect(found.first?.line == line(occurrence.sectionPlace), "\(occurrence.path)")
        #expect(found.first?.found.hasPrefix("the key is missing") == true)
        #expect(found.first?.expected == occurrence.key.form.expectation)
      case .oneOfGroup, .someOfGroup:
        #expect(reader.problems.allSatisfy { $0.found.hasPrefix("says none of") }, "\(occurrence.path)")
      case .otherwise, .optional:
        #expect(reader.problems.isEmpty, "\(occurrence.path): \(reader.problems)")
      }
    }
  }

  @Test(
    "Quantities without a unit, with another's, with a wrong one, and negative ones are refused",
    arguments: MutationTests.caseNames)
  func quantities(name: String) throws {
    let text = try caseText(name)
    for occurrence in try occurrences(text) {
      guard case .quantity(let dimension, let bounds) = occurrence.key.form,
        case .scalar(let value) = occurrence.item.content
      else { continue }
      let number = String(value.prefix { "0123456789.-+e".contains($0) })
      let wrongUnit = dimension == .length ? "mV" : "nm"
      try expectProblem("\(number) \(wrongUnit)", occurrence, in: text)
      try expectProblem("\(value)zz", occurrence, in: text)
      try expectProblem("very much", occurrence, in: text)
      try expectProblem(".nan", occurrence, in: text)
      try expectProblem("1e999 \(dimension.siUnit)", occurrence, in: text)
      try expectProblem("[1, 2]", occurrence, in: text)
      if dimension != .number { try expectProblem(number, occurrence, in: text) }
      let opposite = value.hasPrefix("-") ? String(value.dropFirst()) : "-" + value
      if bounds.contains(try Quantity.parse(opposite, as: dimension)) {
        let spoilt = try spoil(occurrence, by: opposite, in: text)
        #expect(problems(spoilt).isEmpty, "\(occurrence.path): \(opposite)")
      } else {
        try expectProblem(opposite, occurrence, in: text)
      }
    }
  }

  @Test("Words, flags, texts and sections of the wrong type are refused", arguments: MutationTests.caseNames)
  func types(name: String) throws {
    let text = try caseText(name)
    for occurrence in try occurrences(text) {
      guard case .scalar = occurrence.item.content else {
        // A section or a list: cut it out and put a word in its place.
        let reader = CaseReader(file: "my.yaml")
        let path = occurrence.path.split(separator: ".").map(String.init)
        var root = try Item(yaml: text, file: "my.yaml")
          .with(Item(place: occurrence.item.place, content: .scalar("wrong")), at: path[...])
        root.readTables(reader)
        reader.check(root: root)
        #expect(reader.problems.count == 1, "\(occurrence.path)")
        check(reader.problems.first, occurrence)
        continue
      }
      switch occurrence.key.form {
      case .text, .name: try expectProblem("[a, list]", occurrence, in: text)
      case .word, .choice, .flag, .count:
        try expectProblem("wrong", occurrence, in: text)
        try expectProblem("[a, list]", occurrence, in: text)
      default: break
      }
    }
  }

  @Test("The case with every key has every key of the schema, but for what does not go together")
  func coverage() throws {
    let published = try configText("published/hong-2018.yaml")
    let present = Set(try (occurrences(everyKey) + occurrences(published)).map(\.key.name))
    #expect(problems(everyKey).isEmpty)
    #expect(names(Key.root).subtracting(present) == [])
  }

  // MARK: Helpers

  fileprivate static let caseNames = configNames + ["every key"]

  private func caseText(_ name: String) throws -> String {
    name == "every key" ? everyKey : try configText(name)
  }

  private func names(_ keys: [Key]) -> Set<String> {
    keys.reduce(into: []) { result, key in
      result.insert(key.name)
      switch key.form {
      case .section(let keys, _), .list(let keys, _): result.formUnion(names(keys))
      case .choice(let on, let alternatives):
        result.formUnion(alternatives.flatMap { names($0.keys) } + [on])
      default: break
      }
    }
  }

  private func expectProblem(_ value: String, _ occurrence: Occurrence, in text: String) throws {
    let found = problems(try spoil(occurrence, by: value, in: text)).filter { $0.keyPath == occurrence.path }
    #expect(found.count == 1, "\(occurrence.path): \(value)")
    check(found.first, occurrence)
  }

  private func check(_ problem: CaseProblem?, _ occurrence: Occurrence) {
    #expect(problem?.line == line(occurrence.item.place), "\(occurrence.path)")
    #expect(problem?.keyPath == occurrence.path)
    #expect(problem?.expected.isEmpty == false)
  }

  private func spoil(_ occurrence: Occurrence, by value: String, in text: String) throws -> String {
    guard case .scalar(let old) = occurrence.item.content else { return text }
    return replace(old, at: occurrence.item.place, by: value, in: text)
  }

  /// Replaces the scalar that stands at a place; quoted ones with their quotes.
  private func replace(_ old: String, at place: Place, by new: String, in text: String) -> String {
    guard case .file(let line, let column) = place else { return text }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let before = String(String.UnicodeScalarView(lines[line - 1].unicodeScalars.prefix(column - 1)))
    let after = lines[line - 1].dropFirst(before.count)
    let whole = after.hasPrefix("\"") ? "\"\(old)\"" : old
    #expect(after.hasPrefix(whole), "\(after)")
    lines[line - 1] = before + new + after.dropFirst(whole.count)
    return lines.joined(separator: "\n")
  }

  private func line(_ place: Place) -> Int? { if case .file(let line, _) = place { line } else { nil } }

  private func occurrences(_ text: String) throws -> [Occurrence] {
    let root = try Item(yaml: text, file: "my.yaml")
    let found = walk(root, Key.root, "", .file(line: 1, column: 1))
    #expect(found.count > 20)
    return found
  }

  private func walk(_ item: Item, _ keys: [Key], _ path: String, _ place: Place) -> [Occurrence] {
    guard case .mapping(let pairs) = item.content else { return [] }
    return pairs.flatMap { pair -> [Occurrence] in
      guard let key = keys.first(where: { $0.name == pair.key }) else {
        Issue.record("no key \(pair.key)")
        return []
      }
      let inner = path.isEmpty ? pair.key : "\(path).\(pair.key)"
      let own = Occurrence(path: inner, key: key, keyPlace: pair.place, sectionPlace: place, item: pair.value)
      switch (key.form, pair.value.content) {
      case (.section(let keys, _), _): return [own] + walk(pair.value, keys, inner, pair.place)
      case (.quantity(let dimension, let bounds), .mapping):
        return [own] + walk(pair.value, Key.sourced(dimension, bounds), inner, pair.place)
      case (.list(let keys, _), .list(let items)):
        return [own] + items.enumerated().flatMap { walk($1, keys, "\(inner).\($0)", $1.place) }
      case (.choice(let on, let alternatives), .mapping(let pairs)):
        let word = pairs.first { $0.key == on }?.value.words
        let keys = alternatives.first { "\"\($0.word)\"" == word }?.keys ?? []
        let law = Key(on, .word(alternatives.map(\.word)), .required, "")
        return [own] + walk(pair.value, [law] + keys, inner, pair.place)
      default: return [own]
      }
    }
  }

  @Test(
    "No edit of a few bytes crashes the reader, and each is read or refused in one-line messages",
    arguments: configNames)
  func fuzz(name: String) throws {
    let original = Array(try configText(name).utf8)
    var random = Generator(state: UInt64(name.utf8.count) &* 0x9E37_79B9_7F4A_7C15)
    let bytes = Array("\0\t\n :-#{}[],&*!|>'\"%@`0.eE\u{7F}".utf8) + [0x80, 0xC3, 0xFF]
    for _ in 0..<300 {
      var edited = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let position = Int.random(in: 0..<edited.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: edited.remove(at: position)
        case 1: edited.insert(bytes.randomElement(using: &random)!, at: position)
        case 2: edited.removeSubrange(position..<min(position + 40, edited.count - 1))
        default: edited[position] = bytes.randomElement(using: &random)!
        }
      }
      do throws(CaseProblems) {
        _ = try CaseFile.read(text: CaseFile.text(bytes: edited, path: "my.yaml"), path: "my.yaml")
      } catch {
        #expect(!error.list.isEmpty)
        #expect(error.list.allSatisfy { !$0.description.contains("\n") && !$0.found.isEmpty })
      }
    }
  }

  /// SplitMix64: the same edits on every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}

extension Item {
  /// The tree with another value at a path.
  func with(_ value: Item?, at path: ArraySlice<String>) -> Item {
    guard let key = path.first else { return value ?? self }
    var result = self
    switch content {
    case .mapping(var pairs):
      guard let index = pairs.firstIndex(where: { $0.key == key }) else { return self }
      if path.count == 1, value == nil {
        pairs.remove(at: index)
      } else {
        pairs[index].value = pairs[index].value.with(value, at: path.dropFirst())
      }
      result.content = .mapping(pairs)
    case .list(var items):
      guard let index = Int(key) else { return self }
      items[index] = items[index].with(value, at: path.dropFirst())
      result.content = .list(items)
    default: break
    }
    return result
  }

  func without(_ path: ArraySlice<String>) -> Item { with(nil, at: path) }
}
