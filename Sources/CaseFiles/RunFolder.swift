import Electrodeposition
import Foundation

/// The folder of one run and everything the run writes into it.
///
///     case.yaml                               the case that runs, changes on the command line included
///     run.json                                program, machine, wall time, why the run ended
///     history.csv                             one row per recorded step
///     cycles.csv                              one row per stage, and one per cycle
///     checkpoint                              what is needed to go on (the last one only)
///     fftw-wisdom                             FFTW's plans, so that the next run need not time them again
///     fields/step-00000120-stage-001.vtkhdf   fields; fields.vtkhdf.series lists them with their times
///     pictures/step-00000120-stage-001.png    pictures
///
/// A folder that holds a run is never written to by another: a new run refuses it, so a result cannot be
/// lost and the name of the folder can be told from the case's name. One whose run was stopped before its first
/// checkpoint holds nothing that could be lost. Files of fields and pictures carry the
/// numbers of step and stage, so that a resumed run finds the names it would have given, and the end of a stage
/// and the start of the next, which are of one step, stand side by side in order.
package final class RunFolder {
  package let path: String
  package let history: History
  private let cycles: CycleTable
  package private(set) var record: RunRecord
  private var series: FieldSeries
  private let started = ContinuousClock.now
  private var lock: Int32 = -1

  /// `runs/<name of the case file without its extension>`; of a `case.yaml`, as every run keeps one, its folder's name.
  package static func defaultPath(forCaseFile file: String) -> String {
    let url = URL(fileURLWithPath: file).standardizedFileURL
    let folder = url.deletingLastPathComponent().lastPathComponent
    if url.lastPathComponent == "case.yaml", folder != "/" { return "runs/" + folder }
    return "runs/" + url.deletingPathExtension().lastPathComponent
  }

  /// A new run in a folder that is made where it is missing, and must not hold a run.
  package init(creating path: String, caseText: String, record: RunRecord) throws {
    try RunFolder.refuseOccupied(path)
    for folder in [path, path + "/fields", path + "/pictures"] { try RunFolder.makeFolder(folder) }
    self.path = path
    self.record = record
    lock = try RunFolder.lock(path)
    series = FieldSeries()
    history = try History(creating: path + "/history.csv")
    cycles = try CycleTable(path + "/cycles.csv")
    unlink(RunFolder.seriesPath(path))
    try dropOutputs(after: Observables.Place(step: -1))
    try WholeFile.write(caseText.utf8, to: RunFolder.casePath(path))
    try record.write(to: path + "/run.json")
  }

  /// Goes on with a run from its checkpoint: later rows of the history, fields and pictures are removed.
  ///
  /// - Parameter input: the case that it goes on with, if it is not that of the checkpoint.
  package init(
    resuming path: String, from checkpoint: Checkpoint, with input: CaseFile? = nil, part: RunRecord.Part
  ) throws {
    self.path = path
    lock = try RunFolder.lock(path)
    for folder in [path + "/fields", path + "/pictures"] { try RunFolder.makeFolder(folder) }
    record = try RunRecord(reading: path + "/run.json")
    record.parts.append(part)
    record.parts[record.parts.count - 1].fromStep = checkpoint.place.step
    record.step = checkpoint.place.step
    if let input { record.title = input.setup.title }
    history = try History(resuming: path + "/history.csv", after: checkpoint.place)
    cycles = try CycleTable(path + "/cycles.csv", from: checkpoint.place.stage)
    let list = RunFolder.seriesPath(path)
    series = WholeFile.exists(list) ? try FieldSeries(reading: list) : FieldSeries()
    try dropOutputs(after: checkpoint.place)
    if let input { try WholeFile.write(input.text.utf8, to: RunFolder.casePath(path)) }
    try record.write(to: path + "/run.json")
  }

  deinit { if lock >= 0 { close(lock) } }

  // MARK: Writing

  package func record(_ observables: Observables) throws(OutputFailure) { try history.append(observables) }

  package func record(_ stage: StageSummary) throws(OutputFailure) { try cycles.append(stage) }

  package func writeFields(_ snapshot: Snapshot) throws {
    let name = RunFolder.fileName(snapshot.observables.place, "vtkhdf")
    try snapshot.writeVTKHDF(to: "\(path)/fields/\(name)")
    series.add(name, at: snapshot.observables.time)
    try series.write(to: RunFolder.seriesPath(path))
  }

  /// Syncs the tables, then replaces the checkpoint, `fftw-wisdom` and `run.json`.
  package func writeCheckpoint(
    _ archive: StateArchive, caseText: String, wisdom: String, at observables: Observables
  ) throws {
    try history.synchronize()
    try cycles.synchronize()
    let checkpoint = Checkpoint(
      state: archive, caseText: caseText, wisdom: wisdom, place: observables.place)
    try checkpoint.write(to: RunFolder.checkpointPath(path))
    try writeWisdom(wisdom)
    try writeRecord(at: observables)
  }

  package func writeWisdom(_ wisdom: String) throws {
    try WholeFile.write(wisdom.utf8, to: path + "/fftw-wisdom")
  }

  /// The wisdom of an earlier part of the run; `nil` where there is none.
  package static func wisdom(in path: String) -> String? {
    (try? WholeFile.read(path + "/fftw-wisdom")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Says in `run.json` that the run has ended, and why: in a word for programs, in a sentence for people.
  package func finish(_ reason: String, _ message: String, at observables: Observables) throws {
    record.parts[record.parts.count - 1].endReason = reason
    record.parts[record.parts.count - 1].endMessage = message
    try history.synchronize()
    try writeRecord(at: observables)
  }

  package static func checkpointPath(_ path: String) -> String { path + "/checkpoint" }

  private static func casePath(_ path: String) -> String { path + "/case.yaml" }

  // MARK: What a folder holds

  /// The case file in the folder of a run; `nil` where there is no such folder.
  package static func caseFile(in path: String) -> String? {
    WholeFile.exists(casePath(path)) ? casePath(path) : nil
  }

  package static func holdsCheckpoint(_ path: String) -> Bool { WholeFile.exists(checkpointPath(path)) }

  /// How the run in a folder goes on.
  package static func advice(_ path: String) -> String {
    if holdsCheckpoint(path) { return "continue the run with: frond run \(shellWord(path)) --resume" }
    if holdsResults(path) { return "without its checkpoint the run cannot be continued" }
    guard let file = caseFile(in: path) else { return "start a run without --resume" }
    return
      "the run did not come to a checkpoint, start it again with: frond run \(shellWord(file)) --out \(shellWord(path))"
  }

  // MARK: Details

  private func writeRecord(at observables: Observables) throws {
    let spent = (ContinuousClock.now - started).components
    record.parts[record.parts.count - 1].wallTime = Double(spent.seconds) + Double(spent.attoseconds) * 1e-18
    record.step = observables.step
    record.time = observables.time
    try record.write(to: path + "/run.json")
  }

  package static func fileName(_ place: Observables.Place, _ ending: String) -> String {
    String(format: "step-%08d-stage-%03d.", place.step, place.stage) + ending
  }

  private static func place(ofFile name: String) -> Observables.Place? {
    guard let match = name.wholeMatch(of: /step-(\d+)-stage-(\d+)\..*/), let step = Int(match.1),
      let stage = Int(match.2)
    else { return nil }
    return Observables.Place(step: step, stage: stage)
  }

  private static func seriesPath(_ path: String) -> String { path + "/fields/fields.vtkhdf.series" }

  private func dropOutputs(after place: Observables.Place) throws {
    for folder in [path + "/fields", path + "/pictures"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        if let written = RunFolder.place(ofFile: name), written > place, unlink("\(folder)/\(name)") != 0 {
          throw OutputFailure("remove", "\(folder)/\(name)", code: errno)
        }
      }
    }
    let count = series.files.count
    series.files.removeAll { RunFolder.place(ofFile: $0.name).map { $0 > place } ?? false }
    if series.files.count != count { try series.write(to: RunFolder.seriesPath(path)) }
  }

  private static func refuseOccupied(_ path: String) throws {
    guard holdsResults(path) else { return }
    let part = (try? RunRecord(reading: path + "/run.json"))?.parts.last
    let state = part.map { "started \($0.started), \($0.endMessage.map { "ended: \($0)" } ?? "not ended")" }
    throw OutputFailure(
      "start a run in", path,
      "it already holds a run\(state.map { " (\($0))" } ?? ""); \(advice(path)); a new run takes another folder (--out)"
    )
  }

  /// Whether there is more in a folder than what a run leaves before its first checkpoint: its state at the start.
  private static func holdsResults(_ path: String) -> Bool {
    if holdsCheckpoint(path) || (try? RunRecord(reading: path + "/run.json"))?.step ?? 0 > 0 { return true }
    guard WholeFile.exists(path + "/history.csv") else { return false }
    guard let history = try? WholeFile.read(path + "/history.csv") else { return true }
    return history.count { $0 == UInt8(ascii: "\n") } > 2
  }

  private static func makeFolder(_ path: String) throws(OutputFailure) {
    var made = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/") {
      made += "/" + component
      if mkdir(made, 0o755) != 0 && errno != EEXIST { throw OutputFailure("create", path, code: errno) }
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw OutputFailure("create", path, "a file has that name")
    }
  }

  /// Keeps a second process off the run for as long as this one lives. The file itself means nothing.
  private static func lock(_ path: String) throws(OutputFailure) -> Int32 {
    let file = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw OutputFailure("write", path + "/.lock", code: errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(file)
      if code == EWOULDBLOCK { throw OutputFailure("write to", path, "another process is running this case") }
      return -1  // A file system without locks.
    }
    return file
  }
}
