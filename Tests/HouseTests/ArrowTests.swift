import Foundation
import Testing

/// The folders of `Electrodeposition` are floors: what stands on one may use what stands below it, never above.
///
/// Read from the sources: a file points to another when it names a type, a function or a constant that is declared there
/// at the top, or a member that only an extension there declares. Modules are kept apart by the compiler.
struct ArrowTests {
  /// From the ground up.
  private static let floors = ["Case", "State", "Geometry", "Equations", "Forecast", "Run"]

  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let root = package.appendingPathComponent("Sources/Electrodeposition")

  @Test("Every source of the physics stands on a floor")
  func everyFileHasAFloor() throws {
    let entries = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
    #expect(entries.filter { !$0.hasPrefix(".") }.sorted() == Self.floors.sorted())
  }

  @Test("The tests of the physics stand in folders as its sources do")
  func testsHaveFloors() throws {
    let folder = Self.package.appendingPathComponent("Tests/ElectrodepositionTests")
    let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    // Beside them, what tests of several floors share.
    #expect(entries.filter { !$0.contains(".") }.sorted() == Self.floors.sorted())
  }

  @Test("No arrow between the folders runs up, so that there is no circle")
  func arrowsRunDown() throws {
    let sources = try Self.sources()
    let arrows = Self.arrows(sources)
    // A reader that finds no arrows would find none that runs up.
    #expect(arrows.count > 100)
    for arrow in arrows where arrow.to.floor > arrow.from.floor {
      Issue.record(
        "\(arrow.from.name) (\(Self.floors[arrow.from.floor])) uses \(arrow.word) of \(arrow.to.name)")
    }
  }

  @Test("An arrow that runs up is seen")
  func upwardArrow() {
    let low = Source(name: "Low", floor: 0, text: "struct Low { let a: High; func b(x: Low) { x.risen() } }")
    let high = Source(name: "High", floor: 1, text: "struct High {}\nextension Low {\n  func risen() {}\n}")
    let words = Self.arrows([low, high]).filter { $0.to.floor > $0.from.floor }.map(\.word)
    #expect(words == ["High", ".risen"])
  }

  @Test("How salt moves and how surface tension acts is decided in one file each, beside the defaults")
  func modelsDecideInOnePlace() throws {
    let models = #/\.(?:binarySalt|cation|gibbsThomson|variational)\b/#
    let asking = try Self.sources().filter { $0.text.contains(models) }.map(\.name)
    #expect(asking.sorted() == ["CapillarityModel", "Case", "Electrolytes", "SaltModel"])
  }

  struct Source {
    let name: String
    let floor: Int
    let text: String
  }

  private static func sources() throws -> [Source] {
    try floors.enumerated().flatMap { floor, folder in
      let path = root.appendingPathComponent(folder)
      return try FileManager.default.contentsOfDirectory(atPath: path.path).filter { $0.hasSuffix(".swift") }
        .map { file in
          let text = try String(contentsOf: path.appendingPathComponent(file), encoding: .utf8)
          return Source(name: String(file.dropLast(6)), floor: floor, text: withoutComments(text))
        }
    }
  }

  /// Comments and texts name what they like.
  private static func withoutComments(_ text: String) -> String {
    text.replacing(#/\/\/[^\n]*/#, with: "").replacing(#/"(?:\\.|[^"\\\n])*"/#, with: "\"\"")
  }

  private static func arrows(_ sources: [Source]) -> [(from: Source, to: Source, word: String)] {
    var homes: [String: Int] = [:]
    // Members of extensions by name, with all the files that declare one of that name.
    var members: [String: Set<Int>] = [:]
    let declaration =
      #/^(?:(?:public|package|final|indirect) )*(?:struct|class|enum|protocol|typealias|func|let) (\w+)/#
    let member =
      #/^ {2}(?:@\w+(?:\([^)]*\))? )*(?:(?:public|package|static|mutating|fileprivate) )*(?:func|var|let|case) (\w+)/#
    for (index, source) in sources.enumerated() {
      var isExtension = false
      for line in source.text.split(separator: "\n") {
        if let found = line.firstMatch(of: declaration) { homes[String(found.1)] = index }
        if line.first.map({ $0 != " " && $0 != "}" }) ?? false { isExtension = line.contains("extension ") }
        guard let found = line.firstMatch(of: member) else { continue }
        // A name that types declare as well could be anyone's.
        members[String(found.1), default: []].insert(isExtension ? index : -1 - index)
      }
    }
    var arrows: [(from: Source, to: Source, word: String)] = []
    for (index, source) in sources.enumerated() {
      let names = Set(source.text.matches(of: #/\b[A-Za-z_]\w*/#).map { String($0.0) })
      for name in names.sorted() {
        if let home = homes[name], home != index { arrows.append((source, sources[home], name)) }
      }
      for name in Set(source.text.matches(of: #/\.(\w+)/#).map({ String($0.1) })).sorted() {
        guard let declared = members[name], declared.count == 1, let home = declared.first, home >= 0 else {
          continue
        }
        if home != index { arrows.append((source, sources[home], "." + name)) }
      }
    }
    return arrows
  }
}
