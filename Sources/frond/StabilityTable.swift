import CaseFiles
import Electrodeposition

/// What `frond stability` prints of a front and of waves on it.
struct StabilityTable {
  let setup: Case
  let control: Control
  /// The steady front; `nil` where there is none.
  let front: FlatFront?
  /// Its two characteristic waves; `nil` unless it plates.
  let waves: Waves?
  /// The option, where rates belong to a front that is not steady.
  let plated: String?

  /// The waves that characterise a front that plates.
  struct Waves {
    let front: FlatFront
    let neutral: Double
    let fastest: FlatFront.FastestMode

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

  /// The flat front; empty where there is no steady one.
  var operation: String {
    guard let front else { return "" }
    return "\nFlat front\n"
      + table([
        ["stage", describe(control)], ["current density", current(front.current)],
        ["potential", human(front.voltage, "V")], ["salt at the front", human(front.surfaceSalt, "mol/m^3")],
        ["growth speed", human(front.speed, "m/s")],
      ])
  }

  /// What the characteristic waves mean for a simulation.
  func meaning(_ waves: Waves) -> String {
    let (front, fastest) = (waves.front, waves.fastest)
    let (cell, width) = (setup.discretisation.cell, setup.box.width)
    let longer = fastest.wavelength / (2 * .pi)
    let amplitude = human(fastest.rate / front.speed * longer * longer, "m")
    var rows = [
      ["neutral wavelength", human(waves.neutral, "m"), "shorter ones decay"],
      ["fastest wavelength"] + Self.words(fastest),
      [
        fastest.isMaximum ? "e-fold time of the fastest" : "e-fold time of long waves",
        duration(1 / fastest.rate), "",
      ],
      [
        "metal plated in it", human(front.speed / fastest.rate, "m"),
        human(front.speed / fastest.rate / setup.volumePerCharge, "C/m^2"),
      ],
      [
        "linear growth", "far below \(amplitude)",
        "the amplitude w/(v k²) of a wave of \(human(fastest.wavelength, "m")): higher ones are shaped by growth along "
          + "their normals, and rates are those of much flatter ones",
      ],
    ]
    let neutral = "\(human(waves.neutral / 32, "m")) resolves the neutral one as well"
    if fastest.isMaximum {
      // What growth rates take to be right within 3 % of the fastest (docs/numerics.md).
      let wanted = fastest.wavelength / 32
      let above = min(setup.electrolyte.thickness, 2 * fastest.wavelength)
      let count = short((32 * (above / wanted) / 100).rounded() * 100)
      rows.append([
        "cells to simulate it", "\(human(wanted, "m")), \(count) in two dimensions",
        "32 across the fastest wave; " + neutral,
      ])
    }
    rows.append([
      "the case has", "\(human(cell, "m")), a box \(human(width, "m")) wide",
      fastest.isMaximum
        ? "the fastest wave spans \(short(fastest.wavelength / cell)) cells; "
          + "\(short(width / fastest.wavelength)) of it fit into the box"
        : "the neutral wave spans \(short(waves.neutral / cell)) cells; "
          + "\(short(width / waves.neutral)) of it fit into the box",
    ])
    return "\nWaves on it\n" + table(rows)
  }

  /// The wavelength of the fastest waves, and a remark.
  static func words(_ fastest: FlatFront.FastestMode) -> [String] {
    let length = human(fastest.wavelength, "m")
    return fastest.isMaximum
      ? [length, ""]
      : ["no maximum", "the rate saturates above λ = \(length): longer waves grow alike, within 1 %"]
  }

  /// The answer of `--find-current`.
  ///
  /// - Parameter metal: plated meanwhile, m.
  static func text(_ currents: StableCurrents, within metal: Double, _ setup: Case) -> String {
    let limit = setup.limitingCurrent
    let answer: [String]
    switch currents {
    case .none: answer = ["none", "long waves grow by e however weak the current is"]
    case .below(let largest):
      answer = [
        current(largest), "\(short(100 * largest / limit)) % of the limiting current, \(current(limit))",
      ]
    case .all: answer = ["all", "all currents up to the limiting one, \(current(limit))"]
    }
    return "\nLargest current at which no wave of any length grows by a factor e\n"
      + table([
        ["metal plated meanwhile", human(metal, "m"), human(metal / setup.volumePerCharge, "C/m^2")],
        ["largest current"] + answer,
      ])
  }

  /// Rates wave by wave.
  ///
  /// - Parameter found: those of the solver's step, 1/s; empty if they were not computed.
  func rates(_ lengths: [Double], _ found: [Double]) -> String {
    let steady = plated == nil ? "rate" : "rate when steady"
    var head = ["wavelength"]
    if waves != nil { head += [steady, "e-fold time", "metal"] }
    if !found.isEmpty { head.append(plated.map { "solver's step, \($0) plated" } ?? "solver's step") }
    let rows = lengths.enumerated().map { index, length in
      [human(length, "m")] + closedForm(length) + (found.isEmpty ? [] : ["\(short(found[index])) 1/s"])
    }
    return "\nGrowth rate of a wave, e-fold time and metal plated meanwhile (− for decay)\n"
      + table([head] + rows)
  }

  private func closedForm(_ length: Double) -> [String] {
    guard let waves else { return [] }
    if abs(length / waves.neutral - 1) < 1e-9 { return ["0", "none", "none"] }
    let rate = waves.front.growthRate(waveNumber: 2 * .pi / length)
    return ["\(short(rate)) 1/s", duration(1 / rate), human(waves.front.speed / rate, "m")]
  }
}
