import Foundation

/// The rows of a run: printed, written as CSV, and held against those of an earlier run.
final class Report {
  struct Row {
    let name, size: String
    let threads: Int
    let seconds, pairs: Double
    let bytesPerCell: Double?
    /// Of conjugate gradients, for potential and salt.
    let iterations: String
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private var rows: [Row] = []
  private let path: String
  /// The case that rows which begin with a blank belong to.
  private var workload = ""
  private static let header = "case,size,threads,seconds,pairs,bytes_per_cell,iterations"

  init(path: String) { self.path = path }

  func printHead() { print("case                    size  threads          ms    pairs    triads") }

  /// Adds a row; parts of the case before begin with blanks.
  ///
  /// - Parameter triad: seconds of a triad of this size and number of threads.
  func add(_ row: Row, label: String, triad: Double, remark: String) {
    if !row.name.hasPrefix(" ") { workload = row.name }
    let name = row.name.hasPrefix(" ") ? workload + ":" + row.name.dropFirst() : row.name
    rows.append(
      Row(
        name: name, size: row.size, threads: row.threads, seconds: row.seconds, pairs: row.pairs,
        bytesPerCell: row.bytesPerCell, iterations: row.iterations))
    print(
      row.name.padding(toLength: 22, withPad: " ", startingAt: 0) + column(label, 6)
        + column("\(row.threads)", 9) + column(String(format: "%.3f", row.seconds * 1e3), 12)
        + column(String(format: "%.2f", row.pairs), 9)
        + column(String(format: "%.1f", row.seconds / triad), 10)
        + [row.iterations, remark].filter { !$0.isEmpty }.map { "  " + $0 }.joined())
    fflush(nil)
  }

  private func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  /// Writes all rows.
  func write() throws {
    let lines = rows.map { row in
      let bytes = row.bytesPerCell.map { String(format: "%.1f", $0) } ?? ""
      return "\(row.name),\(row.size),\(row.threads),\(row.seconds),\(row.pairs),\(bytes),\(row.iterations)"
    }
    let text = ([Self.header] + lines).map { $0 + "\n" }.joined()
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    print("written to \(path)")
  }

  /// The pairs of an earlier run by case, size and threads.
  static func pairs(of path: String) throws -> [String: Double] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Failure("\(path): cannot be read")
    }
    let lines = text.split(separator: "\n")
    guard lines.first.map(String.init) == header else {
      throw Failure("\(path): expected a table of this program, which begins with \(header)")
    }
    var result: [String: Double] = [:]
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 7, let pairs = Double(fields[4]) else {
        throw Failure("\(path): not a row of seven fields: \(line)")
      }
      result[fields[0..<3].joined(separator: ",")] = pairs
    }
    return result
  }

  /// Prints what became of earlier rows, in pairs, which a busy machine changes less than seconds.
  ///
  /// - Returns: whether there are any, and none takes more than `limit` times its pairs. The triad is the machine's, and
  ///   the set-up mostly FFTW's planning: they do not count.
  func compare(with old: [String: Double], limit: Double) -> Bool {
    print("\ncase, size, threads                                           pairs before, now, ratio")
    var slower: [String] = []
    var found = false
    for row in rows where row.name != "bare pair" {
      guard let before = old["\(row.name),\(row.size),\(row.threads)"], before > 0 else { continue }
      let ratio = row.pairs / before
      let name = "\(row.name), \(row.size), \(row.threads)"
      print(
        name.padding(toLength: max(58, name.count), withPad: " ", startingAt: 0)
          + column(String(format: "%.2f", before), 10) + column(String(format: "%.2f", row.pairs), 10)
          + column(String(format: "%.2f", ratio), 7))
      found = true
      if ratio > limit && row.name != "triad" && row.name != Workload.setUp { slower.append(name) }
    }
    if !found { print("nothing to compare: no case, size and number of threads stands in both tables") }
    if !slower.isEmpty { print("more than \(limit) times as slow: " + slower.joined(separator: "; ")) }
    return found && slower.isEmpty
  }
}
