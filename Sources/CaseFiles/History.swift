import Electrodeposition
import Foundation

/// The rows of a `history.csv`, by the headers of its columns.
public struct HistoryTable: Sendable, Equatable {
  public let headers: [String]
  /// One array per column, all of the same length.
  public let columns: [[Double]]

  public var count: Int { columns.first?.count ?? 0 }
  public subscript(header: String) -> [Double]? {
    headers.firstIndex(of: header).map { columns[$0] }
  }

  /// Row `index` as observables; columns that the file lacks are zero.
  package func observables(at index: Int) -> Observables {
    Observables(
      values: Dictionary(zip(headers, columns.map { $0[index] }), uniquingKeysWith: { first, _ in first }))
  }

  /// Reads a history; a last line that was not written to its end is left out.
  public init(reading path: String) throws(OutputFailure) {
    try self.init(bytes: try WholeFile.read(path), path: path)
  }

  init(bytes: [UInt8], path: String) throws(OutputFailure) {
    let lines = CSVLines.whole(bytes)
    guard let first = lines.first else { throw OutputFailure("read", path, "it has no header") }
    headers = CSVLines.fields(bytes[first]).map(String.init)
    var columns = [[Double]](repeating: [], count: headers.count)
    for (number, line) in lines.enumerated().dropFirst() {
      let values = CSVLines.fields(bytes[line]).map { Double($0) }
      guard values.count == headers.count, values.allSatisfy({ $0 != nil }) else {
        throw OutputFailure("read", path, "line \(number + 1) does not hold \(headers.count) numbers")
      }
      for (column, value) in values.enumerated() { columns[column].append(value!) }
    }
    self.columns = columns
  }
}

/// `history.csv` while a run writes it: each row is with the system when `append` returns.
package final class History {
  package let path: String
  /// Where the last row stands.
  package private(set) var last: Observables.Place?
  private var file: Int32

  private static let header = Observables.columns.map(\.header).joined(separator: ",") + "\n"

  /// A new history in place of whatever has that name.
  package init(creating path: String) throws(OutputFailure) {
    self.path = path
    file = Foundation.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o644)
    guard file >= 0 else { throw OutputFailure("write", path, code: errno) }
    try write(History.header)
  }

  /// Goes on with a history whose run continues from a checkpoint at `place`: rows after it are dropped, and
  /// so is a last line that was not written to its end. A missing file is started anew.
  ///
  /// - Throws: `OutputFailure` also when the columns are not those of this program.
  package convenience init(resuming path: String, after place: Observables.Place) throws(OutputFailure) {
    guard WholeFile.exists(path) else {
      try self.init(creating: path)
      return
    }
    let bytes = try WholeFile.read(path)
    let lines = CSVLines.whole(bytes)
    guard let first = lines.first else {
      try self.init(creating: path)
      return
    }
    guard String(decoding: bytes[first], as: UTF8.self) + "\n" == History.header else {
      throw OutputFailure("resume", path, "its columns are not those that this version of the program writes")
    }
    var end = first.upperBound + 1
    var last: Observables.Place?
    for (number, line) in lines.enumerated().dropFirst() {
      guard let row = History.place(ofRow: bytes[line]) else {
        throw OutputFailure(
          "resume", path, "line \(number + 1) does not hold the numbers of a step and a stage")
      }
      if row > place { break }
      end = line.upperBound + 1
      last = row
    }
    try self.init(path, cutAt: end)
    self.last = last
  }

  /// Drops the rows of steps that an interval passes over, but for those of output.
  package func thin(to interval: Int) throws {
    let bytes = try WholeFile.read(path)
    let lines = CSVLines.whole(bytes)
    let kept = lines.dropFirst().filter { line in
      let fields = CSVLines.fields(bytes[line])
      return Int(fields[0]).map { $0 % interval == 0 } ?? true || fields[History.outputColumn] == "1"
    }
    let newline = UInt8(ascii: "\n")
    let rows = kept.flatMap { bytes[$0] + [newline] }
    try WholeFile.write(Array(History.header.utf8) + rows, to: path)
    close(file)
    file = Foundation.open(path, O_WRONLY | O_APPEND)
    guard file >= 0 else { throw OutputFailure("write", path, code: errno) }
  }

  private static let outputColumn = Observables.columns.firstIndex { $0.header == "output" }!
  private static let stageColumn = Observables.columns.firstIndex { $0.header == "stage" }!

  private static func place(ofRow line: ArraySlice<UInt8>) -> Observables.Place? {
    let fields = CSVLines.fields(line)
    guard fields.count > stageColumn, let step = Int(fields[0]), let stage = Int(fields[stageColumn]) else {
      return nil
    }
    return Observables.Place(step: step, stage: stage)
  }

  private init(_ path: String, cutAt end: Int) throws(OutputFailure) {
    self.path = path
    file = Foundation.open(path, O_WRONLY | O_APPEND)
    guard file >= 0, ftruncate(file, off_t(end)) == 0 else { throw OutputFailure("write", path, code: errno) }
  }

  deinit { if file >= 0 { close(file) } }

  package func append(_ observables: Observables) throws(OutputFailure) {
    let line = observables.row.joined(separator: ",") + "\n"
    try write(line)
    last = observables.place
  }

  private func write(_ text: String) throws(OutputFailure) {
    try WholeFile.append(Array(text.utf8), to: file, named: path)
  }

  /// Waits until all rows are on the disk; called before a checkpoint that presumes them.
  package func synchronize() throws(OutputFailure) {
    guard fsync(file) == 0 || errno == EINVAL else { throw OutputFailure("write", path, code: errno) }
  }
}

enum CSVLines {
  /// The ranges of the lines that end in a newline, without it; empty lines are passed over.
  static func whole(_ bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      if end > start { lines.append(start..<end) }
      start = end + 1
    }
    return lines
  }

  static func fields(_ line: ArraySlice<UInt8>) -> [Substring] {
    String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
  }
}
