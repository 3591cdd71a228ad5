import CaseFiles
import Electrodeposition
import Foundation
import Testing

/// Every shipped case, coarse and for a short time, against the figures it gave when they were last looked at.
///
/// To accept new figures: FROND_WRITE_GOLDEN=1 make test, then read the difference in summaries.json.
@Suite("Shipped cases run", .serialized)
struct GoldenTests {
  /// What a case gave.
  struct Summary: Codable, Equatable {
    var time: Double
    var equivalentThickness: Double
    var roughness: Double
    var currentDensity: Double
    var voltage: Double
    var minimumSalt: Double
    var pieces: Int
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let goldenFile = root.appending(path: "Tests/CaseFilesTests/Golden/summaries.json")

  static var configs: [String] {
    let names = try? FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "configs").path)
    return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
  }

  static func run(_ config: String) throws -> Summary {
    // The default accepts a thousandth of error in the current, as much as this test does: solve tighter.
    let coarse = ["numerics.potential_tolerance=1e-6"] + shortened(config)
    let path = root.appending(path: "configs/" + config).path
    let setup = try CaseFile.read(path: path, overrides: coarse).setup
    let simulation = try Simulation(setup, threads: 2)
    while simulation.endReason == nil { try simulation.step() }
    let last = simulation.observables
    #expect(abs(last.chargeError) < 1e-12)
    #expect(abs(last.saltError) < 1e-12)
    // That of a flat front is round-off.
    let roughness = last.roughness > 1e-12 ? last.roughness : 0
    return Summary(
      time: last.time, equivalentThickness: last.equivalentThickness, roughness: roughness,
      currentDensity: last.currentDensity, voltage: last.voltage, minimumSalt: last.minimumSalt,
      pieces: last.pieces)
  }

  private static func shortened(_ config: String) -> [String] {
    switch config {
    // Their cells are physical, with l.
    case "published/hong-2018.yaml":
      ["box.width=16 um", "protocol.0.until.time=1 s", "output.every_time=1 s"]
    case "published/chen-2015-type.yaml": ["protocol.0.until.time=1 s"]
    case "reference/fig3e-efficiency.yaml", "reference/fig4f-life.yaml", "sodium-cycles-sei.yaml":
      ["protocol.0.repeat=1"]
    case "sodium-needle.yaml": ["box.cell=120 nm", "protocol.0.until.time=300 ms"]
    // Flat, and done within a second.
    case let name where name.hasPrefix("reference/fig4") || name.hasPrefix("reference/figS22"): []
    default: ["box.cell=3 nm", "protocol.0.until.time=30 ms"]
    }
  }

  @Test("each shipped case gives the summary it is known for", arguments: configs)
  func matches(_ config: String) throws {
    let found = try Self.run(config)
    var golden = (try? Self.golden()) ?? [:]
    if ProcessInfo.processInfo.environment["FROND_WRITE_GOLDEN"] != nil {
      if golden[config].map({ Self.agree($0, found) }) != true { golden[config] = found }
      try Self.write(golden)
      return
    }
    let known = try #require(golden[config], "no summary of \(config): run with FROND_WRITE_GOLDEN=1")
    #expect(Self.agree(known, found), "\(known) became \(found)")
  }

  /// Plans of transforms differ from machine to machine in the last bits; the step's size follows them a little.
  private static func agree(_ known: Summary, _ found: Summary) -> Bool {
    known.pieces == found.pieces
      && zip(numbers(known), numbers(found)).allSatisfy { abs($0 - $1) <= 1e-3 * max(abs($0), abs($1)) }
  }

  @Test("every summary belongs to a shipped case")
  func nothingIsLeftOver() throws {
    #expect(Set(try Self.golden().keys) == Set(Self.configs))
  }

  static func numbers(_ s: Summary) -> [Double] {
    [s.time, s.equivalentThickness, s.roughness, s.currentDensity, s.voltage, s.minimumSalt]
  }

  static func golden() throws -> [String: Summary] {
    try JSONDecoder().decode([String: Summary].self, from: Data(contentsOf: goldenFile))
  }

  static func write(_ summaries: [String: Summary]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileManager.default.createDirectory(
      at: goldenFile.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(summaries).write(to: goldenFile, options: .atomic)
  }
}
