import Foundation
import Testing

/// What the documents say about the sources, held against the sources.
struct DocumentTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// All files of a folder, by their paths from the root.
  private static func files(in folder: String) -> [String] {
    let entries = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
    return (entries?.compactMap { $0 as? String } ?? []).map { folder + "/" + $0 }
  }

  /// What stands between backticks.
  private static func quoted(_ page: String) -> [String] {
    page.matches(of: #/`([^`\n]+)`/#).map { String($0.1) }
  }

  private static func isPath(_ word: String) -> Bool {
    word.contains("/") || word.contains(#/\.(?:swift|md|yaml)$/#)
  }

  @Test("Every path of the map exists, and every name stands in the sources")
  func mapIsTrue() throws {
    let words = Set(Self.quoted(try Self.text("docs/map.md")))
    let paths = words.filter(Self.isPath)
    #expect(paths.count > 50)
    for path in paths.sorted() { #expect(Self.exists(path), "docs/map.md names \(path)") }
    let sources = try Self.files(in: "Sources").filter { $0.hasSuffix(".swift") }.map(Self.text).joined()
    for word in words.subtracting(paths).sorted() {
      let name = word.split(separator: ".").last.map(String.init) ?? word
      #expect(sources.contains(name), "docs/map.md names \(word)")
    }
  }

  @Test("The map has every folder of the sources")
  func mapIsComplete() throws {
    let words = Set(Self.quoted(try Self.text("docs/map.md")))
    let folders = Set(
      Self.files(in: "Sources").filter { $0.hasSuffix(".swift") }
        .map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    for folder in folders.sorted() { #expect(words.contains(folder)) }
  }

  @Test("Links between documents lead somewhere")
  func links() throws {
    let pages = ["README.md", "CONTRIBUTING.md"] + Self.files(in: "docs").filter { $0.hasSuffix(".md") }
    for page in pages {
      let folder = page.split(separator: "/").dropLast().map { $0 + "/" }.joined()
      for link in try Self.text(page).matches(of: #/\]\(([^)#]+)/#).map({ String($0.1) })
      where !link.contains("://") {
        #expect(Self.exists(folder + link), "\(page) links to \(link)")
      }
    }
  }

  @Test("docs/numerics.md lists the stages of a step in the words of the source")
  func stages() throws {
    let source = try Self.text("Sources/Electrodeposition/Run/Simulation+Step.swift")
    let body = try #require(source.firstMatch(of: #/func attempt\((?s:.*?)return outcome/#)).0
    let stages = body.matches(of: #/[)] {2}\/\/ (.+)/#).map { String($0.1) }
    let section = try #require(
      try Self.text("docs/numerics.md").firstMatch(of: #/\*\*Stages\.\*\*(?s:.*?)\*\*Acceptance/#)
    ).0
    let listed = section.matches(of: #/\n\d+\. (.+)/#).map { String($0.1) }
    #expect(stages.count == 9)
    #expect(listed == stages)
  }

  @Test("Decisions are numbered, each number once, and rise within a subject")
  func decisions() throws {
    let page = try Self.text("docs/decisions.md")
    let subjects = page.split(separator: "\n## ").dropFirst()
    let numbers = subjects.map { $0.matches(of: #/\n### (\d+)\. /#).compactMap { Int($0.1) } }
    #expect(numbers.joined().sorted() == Array(1...numbers.joined().count))
    for list in numbers { #expect(!list.isEmpty && list == list.sorted()) }
    #expect(!page.contains(#/\n### (?!\d+\. )/#))
  }
}
