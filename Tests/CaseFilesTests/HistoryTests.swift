import Foundation
import MadeUp
import Testing

@testable import CaseFiles
@testable import Electrodeposition

@Suite struct HistoryTests {
  let folder = TemporaryFolder()
  var path: String { folder.path + "/history.csv" }

  private func row(_ step: Int) -> Observables {
    var row = Observables()
    row.step = step
    row.time = Double(step) / 3
    row.voltage = -0.1 - 1e-17 * Double(step)
    row.capacity = 36 * .pi
    row.minimumSalt = step == 3 ? .nan : 1e-300
    row.pieces = 2 * step
    return row
  }

  private func write(_ steps: ClosedRange<Int>) throws {
    let history = try History(creating: path)
    for step in steps { try history.append(row(step)) }
  }

  @Test("Rows come back exactly, counts without a decimal point")
  func roundTrip() throws {
    try write(0...4)
    let table = try HistoryTable(reading: path)
    #expect(table.headers == Observables.columns.map(\.header))
    #expect(table.count == 5)
    for (index, column) in Observables.columns.enumerated() {
      #expect(bits(table.columns[index]) == bits((0...4).map { column.value(row($0)) }))
    }
    #expect(table.observables(at: 2) == row(2))
    let text = String(decoding: try WholeFile.read(path), as: UTF8.self)
    #expect(text.split(separator: "\n")[2].hasPrefix("1,0.3333333333333333,0.0,"))
  }

  @Test("A history never has more than 20 000 rows between moments of output, however long the run")
  func interval() {
    func rows(_ step: Int, first: Int = 1) -> Int {
      step / HistoryInterval(first: first).interval(at: step) + 1
    }
    #expect(rows(19_999) == 20_000 && rows(20_000) == 10_001)
    for steps in [30_000, 39_999, 40_000, 1_000_000, 10_000_000, 1_000_000_000] {
      for first in [1, 7] { #expect(rows(steps, first: first) <= 20_000) }
    }
    #expect(rows(20, first: 7) == 3)
  }

  @Test(
    "A thinned history has the same bytes wherever the run was killed and from whatever checkpoint it went on"
  )
  func thinned() throws {
    let interval = HistoryInterval(first: 2, rows: 10)
    /// A run from its checkpoint until it is killed; returns the checkpoint that it left. Every seventh step is one of output.
    func run(from saved: Int?, until end: Int, killedBefore thinning: Int?) throws -> Int {
      let history =
        try saved.map { try History(resuming: path, after: .init(step: $0)) } ?? History(creating: path)
      func thin(_ step: Int) throws {
        if interval.doubles(at: step) { try history.thin(to: interval.interval(at: step)) }
      }
      try saved.map(thin)
      var checkpoint = saved ?? 0
      for step in (saved.map { $0 + 1 } ?? 0)...end {
        var now = row(step)
        now.isOutput = step % 7 == 0
        if now.isOutput || interval.holds(step) { try history.append(now) }
        if step % 9 == 0 || interval.doubles(at: step) { checkpoint = step }
        if step == thinning { return checkpoint }
        try thin(step)
      }
      return checkpoint
    }
    _ = try run(from: nil, until: 100, killedBefore: nil)
    let whole = try WholeFile.read(path)
    let steps = try #require(try HistoryTable(reading: path)["step"]).map { Int($0) }
    #expect(steps == (0...100).filter { $0 % 7 == 0 || $0 % 16 == 0 })
    for end in 1...99 {
      for thinning in [nil, end] {
        let saved = try run(from: nil, until: end, killedBefore: thinning)
        _ = try run(from: saved, until: 100, killedBefore: nil)
        #expect(try WholeFile.read(path) == whole, "killed at \(end)")
      }
    }
  }

  @Test("Every column can be read back into observables")
  func everyColumn() {
    for column in Observables.columns {
      #expect(column.value(Observables(values: [column.header: 1])) == 1, "\(column.header)")
    }
  }

  @Test("Resuming drops rows after the checkpoint and a half-written last line")
  func resume() throws {
    try write(0...9)
    let whole = try WholeFile.read(path)
    try Data(whole.dropLast(20)).write(to: URL(fileURLWithPath: path))
    #expect(try HistoryTable(reading: path)["step"] == (0...8).map { Double($0) })
    do {
      let history = try History(resuming: path, after: .init(step: 20))
      try history.append(row(9))
    }
    #expect(try WholeFile.read(path) == whole)
    do {
      let history = try History(resuming: path, after: .init(step: 6))
      #expect(history.last == .init(step: 6))
      for step in 7...9 { try history.append(row(step)) }
    }
    #expect(try WholeFile.read(path) == whole)
  }

  @Test("A history with other columns is not continued")
  func otherColumns() throws {
    try Data("step,time_s\n0,0\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: OutputFailure.self) { try History(resuming: path, after: .init(step: 0)) }
    try Data("step,time_s\n0,zero\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: OutputFailure("read", path, "line 2 does not hold 2 numbers")) {
      try HistoryTable(reading: path)
    }
  }

  @Test("A full disk is named as such", .enabled(if: WholeFile.exists("/dev/full")))
  func fullDisk() {
    #expect(throws: OutputFailure("write", "/dev/full", "No space left on device")) {
      try History(creating: "/dev/full")
    }
  }
}
