import Foundation

/// Tables of a case that stand in files of their own.
extension Item {
  /// Puts the rows of a file in the place of its name wherever the schema has rows, so that the case is whole without the
  /// file. What is wrong with a file is reported, and its name stays.
  mutating func readTables(_ reader: CaseReader) { readTables(Key.root, path: "", reader) }

  private mutating func readTables(_ keys: [Key], path: String, _ reader: CaseReader) {
    guard case .mapping(var pairs) = content else { return }
    for (index, pair) in pairs.enumerated() {
      let keyPath = path + pair.key
      switch (keys.first { $0.name == pair.key }?.form, pair.value.content) {
      case (.rows(let columns, _), .scalar(let name)):
        let table = TableFile(name, at: pair.value.place, keyPath, reader)
        guard let rows = table.rows(columns) else { continue }
        pairs[index] = Pair(key: pair.key, place: rows.place, value: rows)
      case (.list(let keys, _), .list(var items)):
        for item in items.indices { items[item].readTables(keys, path: "\(keyPath).\(item).", reader) }
        pairs[index].value.content = .list(items)
      default: break
      }
    }
    content = .mapping(pairs)
  }
}

/// A file with a header such as `time (s),current (mA/cm^2)` and a line of numbers for each row. Columns are found by their
/// names; others, and empty lines, are passed over.
private struct TableFile {
  private let path: String
  /// Where the case names it.
  private let place: Place
  private let keyPath: String
  private let reader: CaseReader

  /// - Parameter name: its path from the folder of the case.
  init(_ name: String, at place: Place, _ keyPath: String, _ reader: CaseReader) {
    let folder = (reader.file as NSString).deletingLastPathComponent as NSString
    path = name.hasPrefix("/") ? name : folder.appendingPathComponent(name)
    (self.place, self.keyPath, self.reader) = (place, keyPath, reader)
  }

  /// The rows as a case would hold them; `nil` where something is wrong and was reported.
  func rows(_ keys: [Key]) -> Item? {
    guard let lines = lines(), let columns = columns(keys, lines) else { return nil }
    var isSound = true
    let rows = lines.dropFirst().enumerated().map { row, cells in
      let rowPath = "\(keyPath).\(row)"
      guard cells.count == lines[0].count else {
        isSound = false
        let expected = "\(lines[0].count), as in the header"
        reader.report(
          at: cells[0].place, rowPath, "the number of values is \(cells.count)", expected: expected)
        return cells[0]
      }
      let values = zip(keys, columns).map { key, column in
        let cell = cells[column.index]
        do throws(QuantityError) {
          _ = try Quantity.parse(cell.text, as: .number)
        } catch {
          isSound = false
          reader.report(at: cell.place, "\(rowPath).\(key.name)", error.found, expected: error.expected)
        }
        return Item(place: cell.place, content: .scalar("\(cell.text) \(column.unit.symbol)"))
      }
      return Item(place: cells[0].place, content: .list(values))
    }
    return isSound ? Item(place: lines[0][0].place, content: .list(rows)) : nil
  }

  /// The values of each line that is not empty.
  private func lines() -> [[Item]]? {
    let text: String
    do throws(CaseProblems) {
      text = try CaseFile.text(path: path)
    } catch {
      for problem in error.list {
        let line = problem.line.map { Place.otherFile(path, line: $0, column: 1) }
        let found = line == nil ? "\(path): \(problem.found)" : problem.found
        reader.report(at: line ?? place, keyPath, found, expected: "a table in a text file")
      }
      return nil
    }
    let lines = Item.tidied(text).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().filter { !$0.element.isEmpty }.map { cells($0.element, line: $0.offset + 1) }
  }

  private func cells(_ line: Substring, line number: Int) -> [Item] {
    var column = 1
    return line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
      defer { column += cell.count + 1 }
      let place = Place.otherFile(path, line: number, column: column + cell.prefix { $0 == " " }.count)
      let text = cell.trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
      return Item(place: place, content: .scalar(text))
    }
  }

  /// Where the values of each key stand in a line, and their unit.
  private func columns(_ keys: [Key], _ lines: [[Item]]) -> [(index: Int, unit: Unit)]? {
    let example = keys.map { "\($0.name) (\($0.exampleUnit))" }.joined(separator: ",")
    guard let header = lines.first else {
      let start = Place.otherFile(path, line: 1, column: 1)
      reader.report(
        at: start, keyPath, "the file is empty", expected: "a header such as \(example), and rows")
      return nil
    }
    let columns = keys.compactMap { key -> (Int, Unit)? in
      let indices = header.indices.filter { header[$0].heading.name == key.name }
      guard let index = indices.first, indices.count == 1, case .quantity(let dimension, _) = key.form else {
        let count = indices.isEmpty ? "there is no column" : "there are \(indices.count) columns"
        reader.report(
          at: header[0].place, keyPath, "\(count) \(key.name)", expected: "a header such as \(example)")
        return nil
      }
      do throws(QuantityError) {
        return (index, try Quantity.unit(header[index].heading.unit, of: header[index].words, as: dimension))
      } catch {
        reader.report(at: header[index].place, keyPath, error.found, expected: error.expected)
        return nil
      }
    }
    return columns.count == keys.count ? columns : nil
  }
}

extension Item {
  fileprivate var text: String { if case .scalar(let text) = content { text } else { "" } }

  /// Of the head of a column, as `time (s)` or `time [s]`: `time` and `s`.
  fileprivate var heading: (name: String, unit: Substring) {
    let parts = text.split(maxSplits: 1) { "([".contains($0) }
    let unit = parts.count > 1 ? parts[1].trimmingCharacters(in: CharacterSet(charactersIn: ")] ")) : ""
    return (parts.first?.trimmingCharacters(in: .whitespaces).lowercased() ?? "", unit[...])
  }
}

extension Key {
  fileprivate var exampleUnit: Substring {
    guard case .quantity(let dimension, _) = form else { return "" }
    return dimension.example.drop { $0 != " " }.dropFirst()
  }
}
