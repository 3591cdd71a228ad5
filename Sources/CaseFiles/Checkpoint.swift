import Electrodeposition
import Foundation

/// Everything a run needs to go on to the last bit: the state, the case it belongs to, and FFTW's wisdom.
///
/// The wisdom is part of it because a plan found anew may add in another order and so change the last bit.
/// A file carries its format version, and each array the FNV-1a checksum of its bytes, checked on reading.
public struct Checkpoint: Sendable, Equatable {
  public var state: StateArchive
  public var caseText: String
  public var wisdom: String
  /// Steps done, and the stage.
  public var place: Observables.Place

  static let format = "Frond checkpoint"
  static let version: Int64 = 3

  public init(state: StateArchive, caseText: String, wisdom: String, place: Observables.Place) {
    self.state = state
    self.caseText = caseText
    self.wisdom = wisdom
    self.place = place
  }

  /// Replaces the file at `path`. Whatever fails, what was there before stays whole.
  public func write(to path: String) throws {
    try WholeFile.replace(path) { new in
      do {
        try write(to: try HDF5File(creating: new))
      } catch let failure as OutputFailure {
        throw OutputFailure(failure.action, path, failure.reason)
      }
    }
  }

  private func write(to file: HDF5File) throws(OutputFailure) {
    try file.setAttribute("format", of: "/", to: Checkpoint.format)
    try file.setAttribute("version", of: "/", to: [Checkpoint.version])
    try file.setAttribute("step", of: "/", to: [Int64(place.step)])
    try file.setAttribute("stage", of: "/", to: [Int64(place.stage)])
    try file.setAttribute("arrays", of: "/", to: [Int64(state.doubles.count + state.integers.count)])
    for group in ["/doubles", "/integers", "/texts"] { try file.createGroup(group) }
    for (name, values) in state.doubles { try write(values, "/doubles/\(escape(name))", to: file) }
    for (name, values) in state.integers { try write(values, "/integers/\(escape(name))", to: file) }
    try write(Array(caseText.utf8), "/texts/case", to: file)
    try write(Array(wisdom.utf8), "/texts/wisdom", to: file)
    try file.close()
  }

  /// - Throws: `OutputFailure` when the file is not a checkpoint, of another version, truncated or damaged.
  public init(reading path: String) throws(OutputFailure) {
    let file = try Checkpoint.open(path)
    state = StateArchive()
    for name in try file.members(of: "/doubles") {
      state.doubles[unescape(name)] = try Checkpoint.read("/doubles/\(name)", from: file)
    }
    for name in try file.members(of: "/integers") {
      state.integers[unescape(name)] = try Checkpoint.read("/integers/\(name)", from: file)
    }
    let arrays = try file.values("arrays", of: "/", as: Int64.self).first
    guard arrays == Int64(state.doubles.count + state.integers.count) else {
      throw OutputFailure("read", path, "the checkpoint is damaged: arrays are missing")
    }
    caseText = String(decoding: try Checkpoint.read("/texts/case", from: file) as [UInt8], as: UTF8.self)
    wisdom = String(decoding: try Checkpoint.read("/texts/wisdom", from: file) as [UInt8], as: UTF8.self)
    place = Observables.Place(
      step: Int(try file.values("step", of: "/", as: Int64.self).first ?? 0),
      stage: Int(try file.values("stage", of: "/", as: Int64.self).first ?? 1))
  }

  private static func open(_ path: String) throws(OutputFailure) -> HDF5File {
    let handle = fopen(path, "rb")
    guard let handle else { throw OutputFailure("read", path, code: errno) }
    var start = [UInt8](repeating: 0, count: 8)
    let length = fread(&start, 1, 8, handle)
    fclose(handle)
    guard length == 8, start == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] else {
      throw OutputFailure("read", path, "it is not a checkpoint")
    }
    guard let file = try? HDF5File(opening: path) else {
      throw OutputFailure("read", path, "the checkpoint is truncated or damaged")
    }
    guard (try? file.text("format", of: "/")) == format else {
      throw OutputFailure("read", path, "it is not a checkpoint")
    }
    let version = try file.values("version", of: "/", as: Int64.self).first ?? 0
    guard version == Checkpoint.version else {
      throw OutputFailure(
        "read", path,
        "it has version \(version) of the checkpoint format; this program reads version \(Checkpoint.version)"
      )
    }
    return file
  }

  private func write<T: HDF5Element>(
    _ values: [T], _ name: String, to file: HDF5File
  ) throws(OutputFailure) {
    try file.write(name, values)
    try file.setAttribute("checksum", of: name, to: [Int64(bitPattern: checksum(values))])
  }

  private static func read<T: HDF5Element>(_ name: String, from file: HDF5File) throws(OutputFailure) -> [T] {
    let values = try file.read(name, as: T.self)
    let expected = try file.values("checksum", of: name, as: Int64.self)
    guard expected == [Int64(bitPattern: checksum(values))] else {
      throw OutputFailure("read", file.path, "the checkpoint is damaged: \(name) does not match its checksum")
    }
    return values
  }
}

/// FNV-1a, 64 bit, over the bytes in memory taken eight at a time (the last ones singly).
///
/// Each round is one-to-one in the running value, so a change within one word is always found.
func checksum<T: BitwiseCopyable>(_ values: [T]) -> UInt64 {
  let prime: UInt64 = 0x0000_0100_0000_01B3
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  values.withUnsafeBytes { bytes in
    let words = bytes.count / 8
    for word in 0..<words {
      hash = (hash ^ bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)) &* prime
    }
    for byte in bytes[(8 * words)...] { hash = (hash ^ UInt64(byte)) &* prime }
  }
  return hash
}

/// "/" separates groups in HDF5 and "." is the group itself.
private func escape(_ name: String) -> String {
  name.replacingOccurrences(of: "%", with: "%25").replacingOccurrences(of: "/", with: "%2F")
    .replacingOccurrences(of: ".", with: "%2E")
}

private func unescape(_ name: String) -> String { name.removingPercentEncoding ?? name }
