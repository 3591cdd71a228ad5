import Electrodeposition
import Foundation

/// `cycles.csv` while a run writes it: a row for each stage that has ended, and after the last of a cycle one for that.
///
/// A resumed run writes the row of the stage it stands in, and of its cycle, anew: both may have gone on.
package final class CycleTable {
  private let path: String
  private var file: Int32
  /// The stages of the cycle under way.
  private var stages: [CycleRow] = []

  /// A table for a run that begins, or goes on in a stage (from 1): rows from there on are dropped.
  ///
  /// - Throws: `OutputFailure` also when the columns are not those of this program.
  init(_ path: String, from stage: Int = 1) throws {
    self.path = path
    var rows: [CycleRow] = []
    if stage > 1, WholeFile.exists(path) {
      let bytes = try WholeFile.read(path)
      let lines = CSVLines.whole(bytes).map { CSVLines.fields(bytes[$0]).map(String.init) }
      guard lines.first == CycleRow.header else {
        throw OutputFailure(
          "resume", path, "its columns are not those that this version of the program writes")
      }
      for (number, line) in lines.enumerated().dropFirst() {
        guard let row = CycleRow(line) else {
          throw OutputFailure("resume", path, "line \(number + 1) does not hold a stage or a cycle")
        }
        if row.stage >= stage { break }
        rows.append(row)
      }
    }
    try WholeFile.write(CycleTable.text([CycleRow.header] + rows.map(\.fields)).utf8, to: path)
    file = Foundation.open(path, O_WRONLY | O_APPEND)
    guard file >= 0 else { throw OutputFailure("write", path, code: errno) }
    stages = Array(rows[(rows.lastIndex(where: \.isCycle).map { $0 + 1 } ?? 0)...])
  }

  deinit { if file >= 0 { close(file) } }

  func append(_ stage: StageSummary) throws(OutputFailure) {
    stages.append(CycleRow(stage))
    try write([stages[stages.count - 1].fields])
    guard stage.endsCycle else { return }
    try write([CycleRow(of: stages).fields])
    stages = []
  }

  private func write(_ rows: [[String]]) throws(OutputFailure) {
    try WholeFile.append(Array(CycleTable.text(rows).utf8), to: file, named: path)
  }

  private static func text(_ rows: [[String]]) -> String {
    rows.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  func synchronize() throws(OutputFailure) {
    guard fsync(file) == 0 || errno == EINVAL else { throw OutputFailure("write", path, code: errno) }
  }
}
