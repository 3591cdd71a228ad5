import Foundation

/// The built `frond`, run as a user runs it.
enum Tool {
  struct Result {
    let output: String
    let errors: String
    let exitCode: Int32
  }

  /// The program lies in the folder of the test bundle or above it.
  static let program: URL = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path.count > 1 {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("frond")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue {
        return candidate
      }
    }
    return URL(fileURLWithPath: "/nowhere/frond")
  }()

  /// The folder of the package.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let sodium = root.appendingPathComponent("configs/sodium-on-nisb.yaml").path

  /// Runs the program to its end.
  static func run(_ arguments: String...) throws -> Result { try Running(arguments).wait() }

  /// A folder of its own for a test; `body` may leave anything in it.
  static func inScratch<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("frond-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// A program that has been started. Output goes through files, so that it can never block on a full pipe.
  final class Running {
    private let process = Process()
    private let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("frond-output-\(UUID().uuidString)")

    init(_ arguments: [String]) throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      process.executableURL = Tool.program
      process.arguments = arguments
      process.standardOutput = try handle("output")
      process.standardError = try handle("errors")
      process.standardInput = FileHandle.nullDevice
      try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func handle(_ name: String) throws -> FileHandle {
      let file = folder.appendingPathComponent(name)
      try Data().write(to: file)
      return try FileHandle(forWritingTo: file)
    }

    var isRunning: Bool { process.isRunning }

    func interrupt() { process.interrupt() }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    func wait() throws -> Result {
      process.waitUntilExit()
      return Result(
        output: try text("output"), errors: try text("errors"), exitCode: process.terminationStatus)
    }

    private func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
  }
}
