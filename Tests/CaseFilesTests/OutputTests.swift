import Electrodeposition
import Foundation
import MadeUp
import Testing

@testable import CaseFiles

func bits(_ values: [Double]?) -> [UInt64]? { values?.map(\.bitPattern) }

@Suite struct CheckpointTests {
  let folder = TemporaryFolder()
  var path: String { folder.path + "/checkpoint" }

  private func example() -> Checkpoint {
    var state = StateArchive()
    state.doubles["salt"] = (0..<5000).map { sin(Double($0)) }
    state.doubles["odd/name.of %"] = [
      0.1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, Double(nan: 77, signaling: false),
    ]
    state.doubles["empty"] = []
    state.integers["random"] = [.min, -1, 0, .max]
    return Checkpoint(
      state: state, caseText: "title: Größe µm\n", wisdom: "(fftw-3.3.10 …)",
      place: Observables.Place(step: 42, stage: 3))
  }

  @Test("A file without a size is read whole")
  func sizeless() throws {
    #expect(try WholeFile.read("/proc/self/status").count > 100)
  }

  @Test("A checkpoint comes back bit for bit")
  func roundTrip() throws {
    let written = example()
    try written.write(to: path)
    let read = try Checkpoint(reading: path)
    #expect(read.state.doubles.keys.sorted() == written.state.doubles.keys.sorted())
    for (name, values) in written.state.doubles { #expect(bits(read.state.doubles[name]) == bits(values)) }
    #expect(read.state.integers == written.state.integers)
    #expect(read.caseText == written.caseText && read.wisdom == written.wisdom && read.place == written.place)
    #expect(!WholeFile.exists(path + ".new"))
  }

  @Test("A bit that flipped on the disk is found, and the array named")
  func damage() throws {
    try example().write(to: path)
    var bytes = try WholeFile.read(path)
    let start = sin(1234.0).bitPattern.littleEndian
    let pattern = withUnsafeBytes(of: start) { Array($0) }
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: pattern) })
    bytes[place + 3] ^= 0x10
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let expected = OutputFailure(
      "read", path, "the checkpoint is damaged: /doubles/salt does not match its checksum")
    #expect(throws: expected) { try Checkpoint(reading: path) }
  }

  @Test("A truncated file, another format version and another file are told apart")
  func notACheckpoint() throws {
    try example().write(to: path)
    let bytes = try WholeFile.read(path)
    try Data(bytes[..<(bytes.count / 2)]).write(to: URL(fileURLWithPath: path))
    #expect(throws: OutputFailure("read", path, "the checkpoint is truncated or damaged")) {
      try Checkpoint(reading: path)
    }
    try Data("time_s,voltage_V\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: OutputFailure("read", path, "it is not a checkpoint")) { try Checkpoint(reading: path) }
    try MadeUp.bare(SIMD3(8, 1, 8)).writeVTKHDF(to: path)
    #expect(throws: OutputFailure("read", path, "it is not a checkpoint")) { try Checkpoint(reading: path) }
    let file = try HDF5File(creating: path)
    try file.setAttribute("format", of: "/", to: Checkpoint.format)
    try file.setAttribute("version", of: "/", to: [Int64(9)])
    try file.close()
    let version = OutputFailure(
      "read", path,
      "it has version 9 of the checkpoint format; this program reads version \(Checkpoint.version)")
    #expect(throws: version) { try Checkpoint(reading: path) }
    let missing = folder.path + "/none"
    #expect(throws: OutputFailure("read", missing, "No such file or directory")) {
      try Checkpoint(reading: missing)
    }
  }

  @Test("When writing fails the old checkpoint stays whole", .enabled(if: WholeFile.exists("/dev/full")))
  func oldStays() throws {
    try example().write(to: path)
    let old = try WholeFile.read(path)
    // The new name leads to a device that is always full.
    try FileManager.default.createSymbolicLink(atPath: path + ".new", withDestinationPath: "/dev/full")
    #expect(throws: OutputFailure("write", path, "No space left on device")) { try example().write(to: path) }
    #expect(try WholeFile.read(path) == old)
    #expect(try Checkpoint(reading: path).place.step == 42)
  }
}

@Suite struct RunFolderTests {
  let folder = TemporaryFolder()
  var path: String { folder.path + "/runs/film" }

  private func part() -> RunRecord.Part {
    RunRecord.Part(
      commandLine: ["frond", "run", "film.yaml"], version: "1.0", fftw: "fftw-3.3.10", threads: 2)
  }

  private func start() throws -> RunFolder {
    try RunFolder(
      creating: path, caseText: "title: Film\n", record: RunRecord(title: "Film", seed: 7, part: part()))
  }

  private func observables(_ step: Int) -> Observables {
    Observables(values: ["step": Double(step), "time_s": Double(step) * 0.5, "stage": 1])
  }

  private func snapshot(_ step: Int) -> Snapshot { snapshot(observables(step)) }

  private func snapshot(_ row: Observables) -> Snapshot {
    let bare = MadeUp.bare(SIMD3(16, 1, 12))
    return Snapshot(
      grid: bare.grid, hasSubstrate: bare.hasSubstrate, onIsland: bare.onIsland, items: bare.items,
      observables: row)
  }

  @Test("A run's folder is named after its case file, that of an archived case after its folder")
  func names() {
    #expect(RunFolder.defaultPath(forCaseFile: "configs/film.yaml") == "runs/film")
    #expect(RunFolder.defaultPath(forCaseFile: "/a/needle.v2.yaml") == "runs/needle.v2")
    #expect(RunFolder.defaultPath(forCaseFile: "film") == "runs/film")
    #expect(RunFolder.defaultPath(forCaseFile: "r/11/case.yaml") == "runs/11")
    #expect(RunFolder.defaultPath(forCaseFile: "r/v1.2/x/../case.yaml") == "runs/v1.2")
    #expect(RunFolder.defaultPath(forCaseFile: "/case.yaml") == "runs/case")
  }

  @Test("A run leaves its case, record, history, fields, pictures and checkpoint, and goes on from them")
  func wholeRun() throws {
    do {
      let run = try start()
      for step in 0...6 { try run.record(observables(step)) }
      for step in [0, 3, 6] {
        try run.writeFields(snapshot(step))
        try WholeFile.write([], to: path + "/pictures/" + RunFolder.fileName(.init(step: step), "png"))
      }
      try run.writeCheckpoint(StateArchive(), caseText: "title: Film\n", wisdom: "wise", at: observables(4))
    }
    let checkpoint = try Checkpoint(reading: RunFolder.checkpointPath(path))
    #expect(checkpoint.place == .init(step: 4) && checkpoint.caseText == "title: Film\n")
    #expect(RunFolder.wisdom(in: path) == "wise")
    #expect(try RunRecord(reading: path + "/run.json").parts.first?.endReason == nil)
    do {
      let run = try RunFolder(resuming: path, from: checkpoint, part: part())
      #expect(try HistoryTable(reading: path + "/history.csv")["step"] == [0, 1, 2, 3, 4])
      #expect(!WholeFile.exists(path + "/fields/step-00000006-stage-001.vtkhdf"))
      #expect(!WholeFile.exists(path + "/pictures/step-00000006-stage-001.png"))
      try run.record(observables(5))
      try run.writeFields(snapshot(5))
      try run.finish("protocolComplete", "the last stage ended", at: observables(5))
    }
    let series = try FieldSeries(reading: path + "/fields/fields.vtkhdf.series")
    #expect(series.files.map(\.name) == [0, 3, 5].map { "step-0000000\($0)-stage-001.vtkhdf" })
    #expect(series.files.map(\.time) == [0, 1.5, 2.5])
    let record = try RunRecord(reading: path + "/run.json")
    #expect(
      record.parts.count == 2 && record.parts[1].fromStep == 4 && record.step == 5 && record.time == 2.5)
    #expect(record.parts[1].endReason == "protocolComplete" && record.seed == 7)
    #expect(record.parts[1].endMessage == "the last stage ended")
    #expect(String(decoding: try WholeFile.read(path + "/case.yaml"), as: UTF8.self) == "title: Film\n")
  }

  @Test("A run that goes on from the end of a stage drops the start of the next, which is of the same step")
  func betweenStages() throws {
    let start = Observables(values: ["step": 3, "time_s": 1.5, "stage": 2])
    do {
      let run = try self.start()
      for row in [observables(2), observables(3), start] { try run.record(row) }
      for row in [observables(3), start] { try run.writeFields(snapshot(row)) }
      try run.writeCheckpoint(StateArchive(), caseText: "", wisdom: "", at: observables(3))
    }
    let series = path + "/fields/fields.vtkhdf.series"
    let names = [1, 2].map { "step-00000003-stage-00\($0).vtkhdf" }
    #expect(try FieldSeries(reading: series).files.map(\.name) == names)
    let checkpoint = try Checkpoint(reading: RunFolder.checkpointPath(path))
    #expect(checkpoint.place == .init(step: 3, stage: 1))
    let run = try RunFolder(resuming: path, from: checkpoint, part: part())
    #expect(try HistoryTable(reading: path + "/history.csv")["stage"] == [1, 1])
    #expect(try FieldSeries(reading: series).files.map(\.name) == [names[0]])
    #expect(!WholeFile.exists(path + "/fields/" + names[1]))
    withExtendedLifetime(run) {}
  }

  @Test("A folder that holds a run is refused, and so is a run that another process works on")
  func occupied() throws {
    try start().finish("protocolComplete", "the last stage ended", at: observables(1))
    let failure = #expect(throws: OutputFailure.self) { try start() }
    #expect(failure?.reason.hasPrefix("it already holds a run (started ") == true)
    #expect(
      failure?.reason.hasSuffix(
        "ended: the last stage ended); without its checkpoint the run cannot be continued; a new run takes another "
          + "folder (--out)") == true)
    let checkpoint = Checkpoint(state: StateArchive(), caseText: "", wisdom: "", place: .init(step: 0))
    let first = try RunFolder(resuming: path, from: checkpoint, part: part())
    #expect(throws: OutputFailure("write to", path, "another process is running this case")) {
      try RunFolder(resuming: path, from: checkpoint, part: part())
    }
    withExtendedLifetime(first) {}
  }

  @Test("A file in the place of the folder is named")
  func blocked() throws {
    try Data().write(to: URL(fileURLWithPath: folder.path + "/runs"))
    let failure = #expect(throws: OutputFailure.self) { try start() }
    #expect(failure?.action == "create" && failure?.path == path)
  }
}
