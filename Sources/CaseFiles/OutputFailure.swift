import Foundation

/// Why a file could not be written or read: what was tried, on which file, and the reason.
public struct OutputFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// "write", "read", "create", …
  public let action: String
  public let path: String
  public let reason: String

  package init(_ action: String, _ path: String, _ reason: String) {
    self.action = action
    self.path = path
    self.reason = reason
  }

  /// With the reason that the system gives for the call that just failed.
  package init(_ action: String, _ path: String, code: Int32) {
    self.init(action, path, code == 0 ? "unknown reason" : String(cString: strerror(code)))
  }

  public var description: String { "cannot \(action) \(path): \(reason)" }
}

extension OutputFailure {
  /// Finds out before the work whether a file can be written.
  package static func unlessWritable(_ path: String) -> OutputFailure? {
    if path.isEmpty { return OutputFailure("write", "\"\"", "expected the name of a file") }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return OutputFailure("write", path, code: EISDIR)
    }
    guard access(WholeFile.folder(of: path), W_OK) != 0 else { return nil }
    return OutputFailure("write", path, code: errno)
  }
}

/// Files that are whole or absent: written under a new name, synced, and renamed over the old one.
package enum WholeFile {
  /// Replaces `path` by what `body` writes to the path it is given.
  ///
  /// Afterwards the new content is on the disk under `path`; when anything fails, the old file is untouched.
  package static func replace(_ path: String, by body: (String) throws -> Void) throws {
    let new = path + ".new"
    do {
      try body(new)
      try sync(new, named: path)
      guard rename(new, path) == 0 else { throw OutputFailure("write", path, code: errno) }
      try sync(folder(of: path), named: path)
    } catch {
      unlink(new)
      throw error
    }
  }

  package static func write(_ content: some Collection<UInt8>, to path: String) throws {
    let bytes = Array(content)
    try replace(path) { new in
      let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard file >= 0 else { throw OutputFailure("write", path, code: errno) }
      defer { close(file) }
      try append(bytes, to: file, named: path)
    }
  }

  /// Writes a file in place of whatever has that name.
  static func create(_ path: String, holding bytes: UnsafeRawBufferPointer) throws(OutputFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw OutputFailure("write", path, code: errno) }
    defer { close(file) }
    try append(bytes, to: file, named: path)
  }

  /// Writes all bytes to an open file.
  static func append(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, named path: String
  ) throws(OutputFailure) {
    var done = 0
    while done < bytes.count {
      let written = Foundation.write(file, bytes.baseAddress! + done, bytes.count - done)
      if written < 0 {
        if errno == EINTR { continue }
        throw OutputFailure("write", path, code: errno)
      }
      done += written
    }
  }

  static func append(_ bytes: [UInt8], to file: Int32, named path: String) throws(OutputFailure) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(OutputFailure) in try append(bytes, to: file, named: path) }
    }
    try result.get()
  }

  static func read(_ path: String) throws(OutputFailure) -> [UInt8] {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { throw OutputFailure("read", path, code: errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw OutputFailure("read", path, code: errno) }
    // One more, so that the end shows; files of the kernel's have no size and some text.
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
    var done = 0
    while true {
      if done == bytes.count { bytes.append(contentsOf: repeatElement(0, count: 1 << 16)) }
      let wanted = bytes.count - done
      let got = bytes.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress! + done, wanted) }
      if got < 0 {
        if errno == EINTR { continue }
        throw OutputFailure("read", path, code: errno)
      }
      if got == 0 { break }
      done += got
    }
    bytes.removeSubrange(done...)
    return bytes
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Waits until a file, or the names in a folder, are on the disk.
  private static func sync(_ item: String, named path: String) throws(OutputFailure) {
    let file = open(item, O_RDONLY)
    guard file >= 0 else { throw OutputFailure("write", path, code: errno) }
    defer { close(file) }
    guard fsync(file) == 0 || errno == EINVAL else { throw OutputFailure("write", path, code: errno) }
  }
}
