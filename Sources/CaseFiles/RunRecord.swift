import Foundation

/// What `run.json` says about a run: with what, where, by whom started, how long, and how it ended.
package struct RunRecord: Codable, Sendable, Equatable {
  /// One start of the program on this run: the first, and one for each time it was resumed.
  package struct Part: Codable, Sendable, Equatable {
    package var commandLine: [String]
    /// Version of the program and of FFTW.
    package var version: String
    package var fftw: String
    package var host: String
    package var processor: String
    package var processors: Int
    package var threads: Int
    /// ISO 8601, UTC.
    package var started: String
    /// Step at which this part began.
    package var fromStep: Int
    /// s
    package var wallTime: Double
    /// Why it ended: the name of an `EndReason`, `failed` or `interrupted`, and a sentence. `nil` while it runs, and for
    /// ever when it was killed.
    package var endReason: String?
    package var endMessage: String?

    /// A part that starts now on this machine.
    package init(commandLine: [String], version: String, fftw: String, threads: Int, fromStep: Int = 0) {
      self.commandLine = commandLine
      self.version = version
      self.fftw = fftw
      self.threads = threads
      self.fromStep = fromStep
      host = ProcessInfo.processInfo.hostName
      processors = ProcessInfo.processInfo.activeProcessorCount
      processor = RunRecord.processorName()
      started = Date().ISO8601Format()
      wallTime = 0
    }
  }

  package var title: String
  package var seed: UInt64
  package var parts: [Part]
  /// Steps done and time reached when this was last written.
  package var step = 0
  package var time = 0.0

  package init(title: String, seed: UInt64, part: Part) {
    self.title = title
    self.seed = seed
    parts = [part]
  }

  /// Wall time of all parts, s.
  package var wallTime: Double { parts.reduce(0) { $0 + $1.wallTime } }

  package init(reading path: String) throws {
    do {
      self = try JSONDecoder().decode(RunRecord.self, from: Data(WholeFile.read(path)))
    } catch is DecodingError {
      throw OutputFailure("read", path, "it is not the record of a run")
    }
  }

  package func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try WholeFile.write(try encoder.encode(self), to: path)
  }

  private static func processorName() -> String {
    let text = (try? WholeFile.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    return name ?? "unknown"
  }
}
