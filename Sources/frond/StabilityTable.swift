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
    // What growth rates take to be right within 3 % of the fastest (docs/numerics.md).
    let cell = fastest.wavelength / 32
    let above = min(setup.electrolyte.thickness, 2 * fastest.wavelength)
    let count = 32 * (above / cell)
    return "\nWaves on it\n"
      + table([
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
          "the fastest wave spans \(short(fastest.wavelength / setup.box.cell)) cells; "
            + "\(short(setup.box.width / fastest.wavelength)) of it fit into the box",
        ],
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
