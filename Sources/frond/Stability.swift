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
      electrolyte in which the anion does not move, quasi-steady (docs/model.md); not for transport cation. Substrate and seeds play no part.

        frond stability configs/sodium-needle.yaml
        frond stability configs/sodium-needle.yaml --csv rates.csv --plot rates.svg
        frond stability configs/sodium-needle.yaml --set "protocol.0.hold=-50 mV"
      """)

  @OptionGroup var options: CaseOptions

  @Option(
    help: ArgumentHelp("Write wavelengths and rates as a table.", valueName: "file"), completion: .file())
  var csv: String?

  @Option(
    help: ArgumentHelp("Draw the rates; an SVG if the name ends so, else a PNG.", valueName: "file"),
    completion: .file())
  var plot: String?

  func run() throws {
    let setup = try options.input().setup
    let estimates = Estimates(of: setup)
    guard let control = estimates.control, let front = estimates.front else {
      printError("\(options.file): there is no steady front: \(reason(setup, estimates))")
      throw ExitCode.badInput
    }
    guard front.hasGrowthRates else {
      printError("\(options.file): no closed form covers the waves of transport cation; run the case instead")
      throw ExitCode.badInput
    }
    print(Terminal.bold(setup.title))
    print("\nFlat front")
    print(
      table([
        ["stage", describe(control)], ["current density", current(front.current)],
        ["potential", human(front.voltage, "V")], ["salt at the front", human(front.surfaceSalt, "mol/m^3")],
        ["growth speed", human(front.speed, "m/s")],
      ]))
    guard let neutral = front.neutralWavelength, let fastest = front.fastestMode else {
      print("\nWaves of every length decay: the front does not plate.")
      return
    }
    print("\nWaves on it")
    print(table(waves(setup, front, neutral, fastest)))
    print("\nGrowth rate of a wave, e-fold time and metal plated meanwhile (− for decay)")
    print(table(rates(front, neutral, fastest.wavelength)))
    do {
      if let csv {
        try Data(csvText(front, neutral, fastest.wavelength).utf8).write(to: URL(fileURLWithPath: csv))
      }
      if let plot {
        let subtitle = "\(describe(control)): \(current(front.current))"
        try StabilityPlot(front, title: setup.title, subtitle: subtitle)?.write(to: plot)
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

  private func waves(
    _ setup: Case, _ front: FlatFront, _ neutral: Double, _ fastest: (wavelength: Double, rate: Double)
  ) -> [[String]] {
    // What growth rates take to be right within 5 % of the fastest (docs/verification.md, problem 18).
    let cell = fastest.wavelength / 64
    let above = min(setup.electrolyte.thickness, 2 * fastest.wavelength)
    let count = 64 * (above / cell)
    return [
      ["neutral wavelength", human(neutral, "m"), "shorter ones decay"],
      ["fastest wavelength", human(fastest.wavelength, "m"), ""],
      ["e-fold time of the fastest", duration(1 / fastest.rate), ""],
      [
        "metal plated in it", human(front.speed / fastest.rate, "m"),
        "\(short(front.speed / fastest.rate / setup.volumePerCharge / 36000)) mAh/cm²",
      ],
      [
        "cells to simulate it",
        "\(human(cell, "m")), \(short((count / 100).rounded() * 100)) in two dimensions",
        "64 across the fastest wave; \(human(neutral / 64, "m")) resolves the neutral one as well",
      ],
      [
        "the case has", "\(human(setup.box.cell, "m")), a box \(human(setup.box.width, "m")) wide",
        "\(short(fastest.wavelength / setup.box.cell)) cells and \(short(setup.box.width / fastest.wavelength)) "
          + "of the fastest wave",
      ],
    ]
  }

  private func rates(_ front: FlatFront, _ neutral: Double, _ fastest: Double) -> [[String]] {
    let lengths =
      [0.5, 0.7, 1, 1.5, 2].map { $0 * neutral } + [0.5, 0.7, 1, 1.5, 2, 5, 10].map { $0 * fastest }
    return [["wavelength", "rate", "e-fold time", "metal"]]
      + lengths.sorted().map { length in
        let rate = front.growthRate(waveNumber: 2 * .pi / length)
        let isNeutral = abs(length / neutral - 1) < 1e-9
        return [
          human(length, "m"), isNeutral ? "0" : "\(short(rate)) 1/s", isNeutral ? "none" : duration(1 / rate),
          isNeutral ? "none" : human(front.speed / rate, "m"),
        ]
      }
  }

  private func csvText(_ front: FlatFront, _ neutral: Double, _ fastest: Double) -> String {
    let (low, high) = (log(neutral / 4), log(50 * fastest))
    let rows = (0...400).map { index in
      let length = exp(low + (high - low) * Double(index) / 400)
      let k = 2 * Double.pi / length
      return "\(length),\(k),\(front.growthRate(waveNumber: k))\n"
    }
    return "wavelength_m,wave_number_per_m,growth_rate_per_s\n" + rows.joined()
  }
}
