import ArgumentParser
import CaseFiles
import Electrodeposition
import Foundation

struct Stability: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Say at which wavelength and how fast a flat front of a case becomes unstable, without running it.",
    discussion: """
      Linear stability of a flat film under the first driven stage of the case: closed form for a binary \
      electrolyte in which the anion does not move, quasi-steady (docs/model.md). Substrate and seeds play no part.
      With --solver the eigenvalues of the solver's own step stand beside it, some five seconds a wave; --plated takes \
      them about a front that is not steady yet. A cation alone has neither.

        frond stability configs/sodium-needle.yaml
        frond stability configs/sodium-needle.yaml --solver
        frond stability configs/sodium-needle.yaml --plated "200 nm" --wavelength "1 um" --wavelength "2 um"
        frond stability configs/sodium-needle.yaml --csv rates.csv --plot rates.svg
        frond stability configs/sodium-needle.yaml --set "protocol.0.hold=-50 mV"
      """)

  @OptionGroup var options: CaseOptions

  @Flag(help: "Compute the rates also from the solver's own step, linearised about the moving front.")
  var solver = false

  @Option(
    help: ArgumentHelp(
      "Take the front when so much metal is plated from salt at rest, not the steady one; implies --solver.",
      valueName: "thickness"))
  var plated: String?

  @Option(help: ArgumentHelp("A wavelength for the table instead of the usual ones; repeatable."))
  var wavelength: [String] = []

  @Option(
    help: ArgumentHelp("Write wavelengths and rates as a table.", valueName: "file"), completion: .file())
  var csv: String?

  @Option(
    help: ArgumentHelp("Draw the rates; an SVG if the name ends so, else a PNG.", valueName: "file"),
    completion: .file())
  var plot: String?

  func run() throws {
    let setup = try options.input().setup
    let plated = try plated.map { try length($0, of: "--plated") }
    let asked = try wavelength.map { try length($0, of: "--wavelength") }
    let estimates = Estimates(of: setup)
    if setup.electrolyte.transport == .cation {
      printError("\(options.file): no closed form covers the waves of transport cation; run the case instead")
      throw ExitCode.badInput
    }
    guard let control = estimates.control, estimates.front != nil || (plated != nil && !asked.isEmpty) else {
      printError("\(options.file): there is no steady front: \(reason(setup, estimates))")
      throw ExitCode.badInput
    }
    if solver || plated != nil, setup.isVariational {
      printError("--solver: takes an interface width from the wave, which capillarity variational fixes")
      throw ExitCode.badInput
    }
    print(Terminal.bold(setup.title))
    if let front = estimates.front { show(front, control) }
    let waves = estimates.front.flatMap { Waves($0) }
    guard waves != nil || estimates.front == nil else {
      print("\nWaves of every length decay: the front does not plate.")
      guard plated == nil else {
        printError("--plated: needs a stage that plates")
        throw ExitCode.badInput
      }
      return
    }
    if let waves {
      print("\nWaves on it")
      print(table(facts(waves, setup)))
    }
    let lengths = (asked.isEmpty ? waves?.usual ?? [] : asked).sorted()
    var found: [Double]?
    if solver || plated != nil {
      found = try rates(of: lengths, by: LinearisedStep(setup, under: control, plated: plated))
    }
    print("\nGrowth rate of a wave, e-fold time and metal plated meanwhile (− for decay)")
    print(table(rows(lengths, waves, found)))
    try write(waves, lengths, found, title: setup.title, control)
  }

  private func length(_ text: String, of option: String) throws -> Double {
    do {
      return try Quantity.positiveLength(text)
    } catch {
      printError("\(option): \(error)")
      throw ExitCode.badInput
    }
  }

  private func show(_ front: FlatFront, _ control: Control) {
    print("\nFlat front")
    print(
      table([
        ["stage", describe(control)], ["current density", current(front.current)],
        ["potential", human(front.voltage, "V")], ["salt at the front", human(front.surfaceSalt, "mol/m^3")],
        ["growth speed", human(front.speed, "m/s")],
      ]))
  }

  /// A front that plates, with its two characteristic waves.
  private struct Waves {
    let front: FlatFront
    let neutral: Double
    let fastest: (wavelength: Double, rate: Double)

    init?(_ front: FlatFront) {
      guard let neutral = front.neutralWavelength, let fastest = front.fastestMode else { return nil }
      self.front = front
      self.neutral = neutral
      self.fastest = fastest
    }

    /// The waves of the table, m.
    var usual: [Double] {
      [0.5, 0.7, 1, 1.5, 2].map { $0 * neutral }
        + [0.5, 0.7, 1, 1.5, 2, 5, 10].map { $0 * fastest.wavelength }
    }
  }

  /// The solver's rates, with a line that tells how far they are.
  private func rates(of lengths: [Double], by step: LinearisedStep) throws -> [Double] {
    defer { if Terminal.isInteractive { print("\r\u{1B}[2K", terminator: "") } }
    return try lengths.enumerated().map { index, length in
      if Terminal.isInteractive {
        print("\r\u{1B}[2Kwave \(index + 1) of \(lengths.count)", terminator: "")
        fflush(nil)
      }
      do {
        return try step.growthRate(wavelength: length)
      } catch {
        printError("the wave of \(human(length, "m")): \(error)")
        throw ExitCode.failure
      }
    }
  }

  private func write(
    _ waves: Waves?, _ lengths: [Double], _ found: [Double]?, title: String, _ control: Control
  ) throws {
    do {
      if let csv {
        try Data(csvText(waves, lengths, found).utf8).write(to: URL(fileURLWithPath: csv))
      }
      if let plot, let front = waves?.front {
        let points = zip(lengths, found ?? []).map { (wavelength: $0, rate: $1) }
        let subtitle = "\(describe(control)): \(current(front.current))"
        try StabilityPlot(front, points: points, title: title, subtitle: subtitle)?.write(to: plot)
      }
    } catch let failure as OutputFailure {
      printError("\(failure)")
      throw ExitCode.badInput
    } catch {
      printError("cannot write \(csv ?? ""): \(error.localizedDescription)")
      throw ExitCode.badInput
    }
  }

  private func reason(_ setup: Case, _ estimates: Estimates) -> String {
    guard let control = estimates.control else { return "the protocol only rests" }
    return "\(describe(control)) is above the limiting current of \(current(setup.limitingCurrent))"
  }

  private func facts(_ waves: Waves, _ setup: Case) -> [[String]] {
    let (front, fastest) = (waves.front, waves.fastest)
    // What growth rates take to be right within 3 % of the fastest (docs/numerics.md).
    let cell = fastest.wavelength / 32
    let above = min(setup.electrolyte.thickness, 2 * fastest.wavelength)
    let count = 32 * (above / cell)
    return [
      ["neutral wavelength", human(waves.neutral, "m"), "shorter ones decay"],
      ["fastest wavelength", human(fastest.wavelength, "m"), ""],
      ["e-fold time of the fastest", duration(1 / fastest.rate), ""],
      [
        "metal plated in it", human(front.speed / fastest.rate, "m"),
        "\(short(front.speed / fastest.rate / setup.volumePerCharge / 36000)) mAh/cm²",
      ],
      [
        "cells to simulate it",
        "\(human(cell, "m")), \(short((count / 100).rounded() * 100)) in two dimensions",
        "32 across the fastest wave; \(human(waves.neutral / 32, "m")) resolves the neutral one as well",
      ],
      [
        "the case has", "\(human(setup.box.cell, "m")), a box \(human(setup.box.width, "m")) wide",
        "\(short(fastest.wavelength / setup.box.cell)) cells and "
          + "\(short(setup.box.width / fastest.wavelength)) of the fastest wave",
      ],
    ]
  }

  private func rows(_ lengths: [Double], _ waves: Waves?, _ found: [Double]?) -> [[String]] {
    let steady = plated == nil ? "rate" : "rate when steady"
    var head = ["wavelength"]
    if waves != nil { head += [steady, "e-fold time", "metal"] }
    if found != nil { head.append(plated.map { "solver's step, \($0) plated" } ?? "solver's step") }
    return [head]
      + lengths.enumerated().map { index, length in
        var row = [human(length, "m")]
        if let waves {
          let rate = waves.front.growthRate(waveNumber: 2 * .pi / length)
          let isNeutral = abs(length / waves.neutral - 1) < 1e-9
          row +=
            isNeutral
            ? ["0", "none", "none"]
            : ["\(short(rate)) 1/s", duration(1 / rate), human(waves.front.speed / rate, "m")]
        }
        if let found { row.append("\(short(found[index])) 1/s") }
        return row
      }
  }

  /// The closed form on a fine scale, and the solver's rates as rows of their own.
  private func csvText(_ waves: Waves?, _ lengths: [Double], _ found: [Double]?) -> String {
    var rows: [(length: Double, solver: Double?)] = []
    if let waves {
      let (low, high) = (log(waves.neutral / 4), log(50 * waves.fastest.wavelength))
      rows = (0...400).map { (exp(low + (high - low) * Double($0) / 400), nil) }
    }
    rows += zip(lengths, found ?? []).map { ($0, $1) }
    let lines = rows.sorted { $0.length < $1.length }.map { row in
      let k = 2 * Double.pi / row.length
      let closed = waves.map { "\($0.front.growthRate(waveNumber: k))" } ?? ""
      return "\(row.length),\(k),\(closed)" + (found == nil ? "" : ",\(row.solver.map { "\($0)" } ?? "")")
        + "\n"
    }
    let solver = found == nil ? "" : ",growth_rate_solver_per_s"
    return "wavelength_m,wave_number_per_m,growth_rate_per_s\(solver)\n" + lines.joined()
  }
}
