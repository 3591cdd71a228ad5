import CaseFiles
import Electrodeposition
import Foundation
import Testing

/// What the library's page shows, done by someone who sees what is public and nothing else.
struct LibraryTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let islands = root.appendingPathComponent("configs/sodium-on-nisb.yaml").path
  private static let coarse = [
    "box.cell=4 nm", "box.width=120 nm", "seeds.on_islands.radius=16 nm",
    "protocol.0.until.thickness=8 nm",
  ]

  @Test("docs/library.md prints the program that is compiled here")
  func pageShowsTheProgram() throws {
    let page = try String(contentsOf: Self.root.appendingPathComponent("docs/library.md"), encoding: .utf8)
    let source = try String(
      contentsOf: Self.root.appendingPathComponent("Tests/LibraryTests/Program.swift"), encoding: .utf8)
    let program = try #require(source.firstMatch(of: #/\/\/ begin\n((?s:.*))\/\/ end\n/#)).1
    let block = try #require(page.firstMatch(of: #/```swift\n((?s:.*?))```/#)).1
    #expect(String(block) == String(program))
    #expect(block.split(separator: "\n", omittingEmptySubsequences: false).count <= 20)
  }

  @Test("The program runs a case and draws it")
  func programRuns() throws {
    let picture = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: picture) }
    let roughness = try runCase(at: Self.islands, changes: Self.coarse, picture: picture.path)
    // Half circles of 16 nm on half of the islands, 8 nm of metal in the mean: rough, and by less than they are high.
    #expect(roughness > 1e-9 && roughness < 16e-9)
    #expect(try Data(contentsOf: picture).starts(with: [0x89, 0x50, 0x4e, 0x47]))
  }

  @Test("A run goes on from a checkpoint to the last bit")
  func checkpoint() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try CaseFile.read(path: Self.islands, overrides: Self.coarse)
    let run = try Simulation(file.setup, threads: 1)
    for _ in 0..<5 { try run.step() }
    try Checkpoint(
      state: run.archive(), caseText: file.text, wisdom: "", place: run.observables.place
    ).write(to: path)
    let resumed = try Simulation(
      file.setup, resuming: Checkpoint(reading: path).state, threads: 1)
    for _ in 0..<5 {
      try run.step()
      try resumed.step()
    }
    #expect(resumed.observables == run.observables)
  }

  @Test("A case that is wrong says what was expected")
  func problems() throws {
    #expect {
      try CaseFile.read(path: Self.islands, overrides: ["box.cell=4 kg"])
    } throws: { error in
      guard let problem = (error as? CaseProblems)?.list.first else { return false }
      return problem.keyPath == "box.cell" && problem.expected.contains("length")
    }
  }
}
