import Electrodeposition
import Foundation
import Testing

@Suite("The tool")
struct CommandTests {
  @Test("asked for help, it explains itself")
  func help() throws {
    let result = try Tool.run("--help")
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    for text in ["frond check configs/sodium-on-nisb.yaml", "run ", "check ", "info ", "Exit codes"] {
      #expect(result.output.contains(text), "\(text)")
    }
  }

  @Test("every command has help", arguments: ["run", "check", "stability", "verify", "info"])
  func commandHelp(command: String) throws {
    let result = try Tool.run(command, "--help")
    #expect(result.exitCode == 0)
    #expect(result.output.contains("USAGE: frond \(command)"))
  }

  @Test("it says its version")
  func version() throws {
    #expect(try Tool.run("--version").output == "frond 0.1.0\n")
  }

  @Test("info lists every metal and electrolyte with its source")
  func info() throws {
    let result = try Tool.run("info")
    #expect(result.exitCode == 0)
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for metal in Metal.all { #expect(words.contains(metal.symbol + " molar volume")) }
    for entry in ElectrolyteEntry.all { #expect(words.contains(entry.name + " conductivity")) }
    for text in ["FFTW fftw-3", "HDF5 1.", "cairo 1.", "23.75 cm³/mol computed 22.990 g/mol (IUPAC)"] {
      #expect(words.contains(text), "\(text)")
    }
  }

  @Test("info materials lists every metal, electrolyte and substrate, and what the solver does not use")
  func materials() throws {
    let result = try Tool.run("info", "materials")
    #expect(result.exitCode == 0 && !result.output.contains("FFTW"))
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for metal in Metal.all { #expect(words.contains(metal.symbol + " molar volume")) }
    for entry in ElectrolyteEntry.all { #expect(words.contains(entry.name + " conductivity")) }
    for name in SubstrateMaterial.names { #expect(words.contains(name + " contact angle")) }
    for text in [
      "molten sodium molar volume 26.11 cm³/mol computed", "surface energy 0.1795 J/m² computed",
      "nucleation overpotential* 40 mV estimated", "nucleation overpotential* none known",
      "charge of 1 µm* 0.3847 mAh/cm² computed 3 F / 20.90 cm^3/mol",
      "* for orientation; a case gives its own",
    ] {
      #expect(words.contains(text), "\(text)")
    }
  }

  @Test(
    "wrong use of the command line is bad input",
    arguments: [
      ["info", "metals"],
      ["fly"], ["run"], ["check"], ["run", "a.yaml", "--threads", "0"], ["run", "a.yaml", "--threads", "-3"],
      ["run", "a.yaml", "--out", ""], ["run", "a.yaml", "--fly"],
    ])
  func wrongUse(arguments: [String]) throws {
    let result = try Tool.Running(arguments).wait()
    #expect(result.exitCode == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Error:"))
  }
}

@Suite("Documents")
struct DocumentTests {
  @Test("docs/model.md lists every column of the history")
  func historyColumns() throws {
    let page = try String(contentsOf: Tool.root.appendingPathComponent("docs/model.md"), encoding: .utf8)
    for column in Observables.columns {
      #expect(page.contains("| `\(column.header)` | \(column.meaning) |"), "\(column.header)")
    }
  }
}
