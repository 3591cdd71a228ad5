import Electrodeposition
import Foundation
import Testing

@Suite("Cases on the command line")
struct CaseTests {
  @Test("a missing file is named, exit code 2", arguments: ["check", "run"])
  func missingFile(command: String) throws {
    let result = try Tool.run(command, "nowhere/no.yaml")
    #expect(result.exitCode == 2)
    #expect(result.errors == "nowhere/no.yaml: no such file; expected a case file\n")
    #expect(result.output.isEmpty)
  }

  @Test("an unknown metal, a wrong key and a missing unit are reported together, one line each")
  func problems() throws {
    let result = try Tool.run(
      "check", Tool.sodium, "--set", "metal=Xx", "--set", "box.widht=1 um", "--set", "box.cell=2")
    #expect(result.exitCode == 2)
    #expect(result.output.isEmpty)
    let lines = result.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 3, "\(result.errors)")
    for (key, text) in [
      ("metal=Xx", "Li, Na, K"), ("box.widht=1 um", "width"), ("box.cell=2", "has no unit"),
    ] {
      #expect(lines.contains { $0.hasPrefix("--set \(key):") && $0.contains(text) }, "\(result.errors)")
    }
  }

  @Test("check prints values, kinds, sources, what follows, and changes made on the command line")
  func check() throws {
    let result = try Tool.run("check", Tool.sodium)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    for key in [
      "metal", "surface_energy", "electrolyte.conductivity", "kinetics.exchange_current_density", "box.width",
      "protocol.0", "limiting current", "Wagner number", "critical radius", "neutral wavelength",
      "fastest wavelength", "steps", "wall time", "interface",
    ] {
      #expect(line(key, result.output) != nil, "\(key)")
    }
    #expect(line("surface_energy", result.output)?.contains("▸") == true)
    let changed = try Tool.run("check", Tool.sodium, "--set", "surface_energy=0.123 J/m^2")
    #expect(line("surface_energy", changed.output)?.contains("0.123 J/m²") == true)
  }

  @Test("check warns of what will not be resolved")
  func warnings() throws {
    let coarse = try Tool.run("check", Tool.sodium, "--set", "box.cell=3 nm")
    #expect(coarse.output.contains("The interface is too thick for the seeds"), "\(coarse)")
    let away = try Tool.run("check", Tool.sodium, "--set", "protocol.0.hold=100 mV")
    #expect(
      away.output.contains("Stage 1 (hold 100 mV until 100 nm of metal) is over as it begins"), "\(away)")
    let high = try Tool.run("check", Tool.sodium, "--set", "protocol.0.until.thickness=250 nm")
    #expect(words(high.output).contains("Stage 1 cannot reach 250 nm"), "\(high)")
    #expect(words(high.output).contains("Make the box 259 nm high or more"), "\(high)")
    let room = try Tool.run("check", Tool.sodium, "--set", "protocol.0.until.thickness=246 nm")
    #expect(!words(room.output).contains("cannot reach"), "\(room)")
    let strong = try Tool.run("check", Tool.sodium, "--set", "protocol.0.hold=-5 V")
    #expect(strong.output.contains("the electrolyte limits the current"), "\(strong)")
    let blocked = try Tool.run(
      "check", Tool.root.appendingPathComponent("configs/sodium-on-nisb-2mA.yaml").path, "--set",
      "substrate.islands.contact=insulating")
    #expect(blocked.output.contains("the voltage runs away"), "\(blocked)")
    let held = try Tool.run("check", Tool.sodium, "--set", "substrate.islands.contact.barrier=1.5 eV")
    #expect(held.output.contains("it takes the seeds for ever to come to Ni"), "\(held)")
    let weak = try Tool.run("check", Tool.sodium, "--set", "protocol.0.hold=-0.1 mV")
    #expect(weak.output.contains("are below the critical radius"), "\(weak)")
    let near = try Tool.run("check", Tool.sodium, "--set", "seeds.on_islands.radius=27 nm")
    #expect(near.output.contains("Seeds are only 6 nm apart: below 7.5 nm"), "\(near)")
    let both = try Tool.run(
      "check", Tool.sodium, "--set",
      "substrate.contact={law: schottky, polarity: blocking, barrier: 0.4 eV, ideality: 1}")
    #expect(both.output.contains("holds seeds back until"), "\(both)")
    #expect(both.output.contains("does not hold seeds back"), "\(both)")
  }

  @Test("stability prints the waves of check, and writes table and drawing")
  func stability() throws {
    try Tool.inScratch { scratch in
      let needle = Tool.root.appendingPathComponent("configs/sodium-needle.yaml").path
      let (csv, svg, png) = (
        scratch.appendingPathComponent("rates.csv"), scratch.appendingPathComponent("rates.svg"),
        scratch.appendingPathComponent("rates.png")
      )
      let result = try Tool.run("stability", needle, "--csv", csv.path, "--plot", svg.path)
      #expect(result.exitCode == 0, "\(result.errors)")
      let checked = try Tool.run("check", needle).output
      for key in ["neutral wavelength", "fastest wavelength"] {
        let words = line(key, checked)?.split(separator: " ").prefix(4).joined(separator: " ") ?? "?"
        let found = line(key, result.output)?.split(separator: " ").joined(separator: " ") ?? ""
        #expect(found.hasPrefix(words), "\(words), \(found)")
      }
      let rows = try String(contentsOf: csv, encoding: .utf8).split(separator: "\n").dropFirst().map {
        $0.split(separator: ",").map { Double($0) ?? .nan }
      }
      #expect(rows.count == 401)
      // Rates change their sign once, at the neutral wavelength of 402 nm.
      let changes = zip(rows, rows.dropFirst()).filter { $0[2] * $1[2] <= 0 }
      #expect(changes.count == 1)
      #expect(abs((changes.first?.0[0] ?? 0) / 402e-9 - 1) < 0.03)
      #expect(try String(contentsOf: svg, encoding: .utf8).contains("<svg"))
      #expect(try Tool.run("stability", needle, "--plot", png.path).exitCode == 0)
      #expect(try Data(contentsOf: png).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
    let solved = try Tool.run(
      "stability", Tool.root.appendingPathComponent("configs/sodium-needle.yaml").path, "--plated", "200 nm",
      "--wavelength", "1.7 um")
    // In salt that is hardly depleted yet a wave grows faster than on the steady front (0.0895 1/s).
    let last = solved.output.split(separator: "\n").last?.split(separator: " ") ?? []
    let rate = last.dropLast().last.flatMap { Double($0) } ?? .nan
    #expect(solved.exitCode == 0 && rate > 0.0900 && rate < 0.0990, "\(solved.output) \(solved.errors)")
    let strip = try Tool.run("stability", Tool.sodium, "--set", "protocol.0.hold=50 mV")
    #expect(strip.exitCode == 0 && strip.output.contains("Waves of every length decay"))
  }

  @Test(
    "stability finds the largest stable current, says how far rates hold, and prints no maximum where there is none"
  )
  func stableCurrent() throws {
    let needle = Tool.root.appendingPathComponent("configs/sodium-needle.yaml").path
    let found = try Tool.run("stability", needle, "--find-current")
    #expect(line("metal plated meanwhile", found.output)?.contains("1 mAh/cm²") == true, "\(found)")
    let thin = try Tool.run("stability", needle, "--within", "1e-2 nm")
    #expect(
      line("largest current", thin.output)?.contains("100 % of the limiting current") == true, "\(thin)")
    // Long waves grow by e within L + F D_t c0/(2 i0) = 17 µm of metal however weak the current is.
    let thick = try Tool.run("stability", needle, "--within", "18 um")
    #expect(line("largest current", thick.output)?.contains("none") == true, "\(thick)")
    let current =
      (line("largest current", found.output)?.split(separator: " ") ?? []).dropFirst(2).first ?? "?"
    let there = try Tool.run(
      "stability", needle, "--set", "protocol.0={plate: \(current) mA/cm^2, until: {time: 1 s}}")
    #expect(line("metal plated in it", there.output)?.contains("8.86") == true, "\(there)")
    #expect(line("linear growth", there.output)?.contains("far below") == true)
    // w/(v k²) = 0.0895/(236.8e-9 (2π/1.751e-6)²) m.
    let held = try Tool.run("stability", needle)
    #expect(line("linear growth", held.output)?.contains("far below 29.3") == true, "\(held)")
    for command in ["stability", "check"] {
      let weak = try Tool.run(
        command, needle, "--set", "protocol.0={plate: 0.01 mA/cm^2, until: {time: 1 s}}")
      #expect(line("fastest wavelength", weak.output)?.contains("no maximum") == true, "\(weak)")
      #expect(!weak.output.contains("0 in two dimensions"))
    }
  }

  @Test(
    "stability refuses what has no answer before it computes",
    arguments: [
      (["--plated", "200"], "\"200\" has no unit"),
      (["--wavelength", "-1 um"], "--wavelength: \"-1 um\" is negative"),
      (["--plated", "1 nm"], "too little for a wave of 200.9 nm; expected at least 4.184 nm"),
      (["--plot", "rates.pdf"], "expected a name that ends in .svg or .png"),
      (["--within", "3"], "--within: \"3\" has no unit"),
      (["--find-current", "--solver"], "--solver: does not go with --find-current"),
      (["--csv", "/no/folder/rates.csv"], "cannot write /no/folder/rates.csv: No such file"),
      (["--solver", "--set", "protocol.0.hold=10 mV"], "--solver: needs a stage that plates"),
      (above, "above the limiting current"),
      (above + ["--plated", "50 nm"], "expected a --wavelength beside it"),
      (above + ["--plated", "1 um", "--wavelength", "2 um"], "the salt at the front is used up after"),
      (
        above + ["--plated", "50 nm", "--wavelength", "2 um", "--plot", "a.svg"],
        "--plot: draws the closed form"
      ),
    ])
  func stabilityRefuses(_ arguments: [String], message: String) throws {
    let needle = Tool.root.appendingPathComponent("configs/sodium-needle.yaml").path
    let result = try Tool.Running(["stability", needle] + arguments).wait()
    #expect(result.exitCode == 2 && result.errors.contains(message), "\(result.errors)")
  }

  /// Changes of the needle to a current that no steady front carries.
  private static let above = ["--set", "protocol.0={plate: 200 mA/cm^2, until: {time: 1 min}}"]

  @Test("No shipped case warns against itself; what a published case is stands in its table")
  func shipped() throws {
    let configs = Tool.root.appendingPathComponent("configs")
    let files = try FileManager.default.subpathsOfDirectory(atPath: configs.path).filter {
      $0.hasSuffix(".yaml")
    }
    #expect(files.count > 8)
    for file in files {
      let output = try Tool.run("check", configs.appendingPathComponent(file).path).output
      #expect(output.contains("No warnings."), "\(file)")
      #expect(output.contains("steady front  ") == file.hasPrefix("published/"), "\(file)")
    }
  }

  @Test("check shows the reference of a published case, and stability says what it does not cover")
  func published() throws {
    let hong = Tool.root.appendingPathComponent("configs/published/hong-2018.yaml").path
    let result = try Tool.run("check", hong)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(line("reference", result.output)?.contains("Hong") == true)
    for text in ["variational", "steady front          none"] {
      #expect(result.output.contains(text), "\(text)")
    }
    let weak = try Tool.run("stability", hong, "--set", "protocol.0.hold=-50 mV")
    #expect(weak.exitCode == 2 && weak.errors.contains("no closed form covers the waves"), "\(weak)")
  }

  @Test("every case in configs/ passes the check, with every metal")
  func configs() throws {
    let folder = Tool.root.appendingPathComponent("configs")
    let cases = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".yaml")
    }
    #expect(!cases.isEmpty)
    for name in cases {
      for metal in Metal.all {
        let path = folder.appendingPathComponent(name).path
        let result = try Tool.run("check", path, "--set", "metal=\(metal.symbol)")
        #expect(result.exitCode == 0, "\(name): \(result.errors)")
      }
    }
  }

  /// A text without its line breaks.
  private func words(_ text: String) -> String { text.split { $0.isWhitespace }.joined(separator: " ") }

  /// The row of a table that starts with this key.
  private func line(_ key: String, _ text: String) -> Substring? {
    text.split(separator: "\n").first {
      $0.drop { $0 == " " || $0 == "▸" }.hasPrefix(key + " ")
    }
  }
}
