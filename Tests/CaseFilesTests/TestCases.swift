import Foundation
import Testing

@testable import CaseFiles

/// The root of the package, for the files that tests read.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Every file of `configs/`.
let configNames: [String] = {
  let folder = packageRoot.appendingPathComponent("configs").path
  let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return files.filter { $0.hasSuffix(".yaml") }.sorted()
}()

func configPath(_ name: String) -> String { packageRoot.appendingPathComponent("configs/\(name)").path }

func configText(_ name: String) throws -> String { try String(contentsOfFile: configPath(name), encoding: .utf8) }

/// A small case in which every key that may be absent is.
let smallCase = """
  title: A small case
  metal: Na
  box:
    width: 120 nm
    height: 100 nm
    cell: 2 nm
  electrolyte:
    thickness: 10 um
  substrate:
    name: Ni
    contact_angle: 120 deg
    islands:
      name: Na3Sb
      diameter: 30 nm
      pitch: 60 nm
      contact_angle: 30 deg
      contact: insulating
  seeds:
    on_islands: {radius: 10 nm}
  protocol:
    - hold: -0.1 V
      until: {time: 1 s}

  """

/// The messages of a text, one a line; empty when it reads.
func messages(_ text: String, overrides: [String] = []) -> [String] {
  problems(text, overrides: overrides).map(\.description)
}

func problems(_ text: String, overrides: [String] = []) -> [CaseProblem] {
  do throws(CaseProblems) {
    _ = try CaseFile.read(text: text, path: "my.yaml", overrides: overrides)
    return []
  } catch {
    return error.list
  }
}

extension String {
  func replacing(_ old: String, by new: String) -> String { replacingOccurrences(of: old, with: new) }
}
