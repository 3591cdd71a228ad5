import Electrodeposition
import Spectral

extension Problem {
  static let depletion: [Problem] = [
    Problem(
      number: "31a", name: "sharp layer: exact limits",
      source: "Cottrell's and Sand's equations; the steady front in closed form",
      compares: "current at -8 V into a deep layer, salt at a constant current, steady current at -0.5 V",
      expectedOrder: nil, tolerance: 1e-3, meaning: "largest relative error", run: Depletion.sharpLimits),
    Problem(
      number: "31b", name: "held potential, up to and above the limiting current",
      source: "sharp layer (31a)",
      compares: "current from the start to the steady state at -0.3, -0.5 and -1 V, in at most 3000 steps",
      expectedOrder: nil, tolerance: 1e-2, meaning: "largest relative error of the current at any step",
      run: Depletion.held),
    Problem(
      number: "31c", name: "three times the limiting current",
      source: "sharp layer (31a), which ends at Sand's time",
      compares: "voltage until 0.99 of Sand's time, and when the run ends as depleted, in at most 3000 steps",
      expectedOrder: nil, tolerance: 1,
      meaning: "error of the voltage over 2 mV, or of the time over 1 %, the larger", run: Depletion.driven),
    Problem(
      number: "31d", name: "salt and potentials together, halved steps", source: "self-convergence",
      compares:
        "current at -0.5 V some time later, from one state with steps longer than salt and potential allow",
      expectedOrder: 2, tolerance: 1e-4, meaning: "relative change at the last halving", run: Depletion.order),
    Problem(
      number: "31e", name: "counter electrode used up while metal is stripped",
      source: "sharp layer (31a) below a counter electrode",
      compares: "voltage until 0.99 of Sand's time in 3 and 10 um, and when the run ends as depleted",
      expectedOrder: nil, tolerance: 1,
      meaning: "error of the voltage over 2 mV, or of the time over 1 %, the larger", run: Depletion.stripped),
    Problem(
      number: "31f", name: "electrolyte split into box and far field",
      source: "the same electrolyte in a box a quarter as high, by far field for the rest",
      compares:
        "current of a film that grows from 64 to 180 nm in 1 um of electrolyte, the box as high and half as high",
      expectedOrder: nil, tolerance: 1e-3, meaning: "largest relative difference", run: Depletion.split),
    Problem(
      number: "31g", name: "Sand's time in 1 um of electrolyte",
      source: "sharp layer (31a), which ends at Sand's time",
      compares: "when three times the limiting current has used up the salt, after 10 nm of metal",
      expectedOrder: nil, tolerance: 1e-2, meaning: "relative error of the time", run: Depletion.thinLayer),
    Problem(
      number: "31h", name: "salt at the surface of a held film",
      source: "sharp layer (31a)",
      compares: "smallest salt at -0.5 and -1 V, as long as it is 3e-4 of that at rest",
      expectedOrder: nil, tolerance: 3e-2, meaning: "largest relative error", run: Depletion.surfaceSalt),
  ]
}

/// A flat front through the limiting current: the salt at it goes from c0 to nothing.
enum Depletion {
  private static let layer = 10e-6

  /// A film in a narrow box. Its double layer is too small to matter: the sharp layer has none. Above the limiting current
  /// waves of a few nm grow on sodium: with a larger surface energy, which a flat front does not feel, rounding does not
  /// make them grow within the box.
  private static func cell(_ size: Double, _ control: Control, until limits: Limits) -> PlainCell {
    var cell = PlainCell()
    cell.cell = size
    cell.height = 8 * (1.2e-6 / size / 8).rounded()
    cell.seeds = Seeds(film: 16 * size)
    cell.thickness = layer + cell.seeds.film
    cell.exchange = 10
    cell.doubleLayer = 1e-4
    cell.metal.surfaceEnergy.value *= max(1, 10 * pow(size / 4e-9, 2))
    cell.stages = [Stage(control, until: limits)]
    return cell
  }

  /// L²/D, s.
  private static func diffusionTime(_ setup: Case) -> Double {
    layer * layer / setup.electrolyte.saltDiffusivity.value
  }

  /// After this share of it the limiting current is steady within 10⁻³: 2 e^{−π² 0.8}.
  private static let steady = 0.8

  /// With cells of 2 nm or more; half as large ones take twice as many steps for the same way.
  private static func mostSteps(_ size: Double) -> Int { Int(3000 * max(1, 2e-9 / size)) }

  // MARK: The sharp layer

  static func sharpLimits(_ effort: Effort) throws -> Outcome {
    let setup = cell(4e-9, .rest, until: Limits(time: 1)).setup
    let (d, c0) = (setup.electrolyte.saltDiffusivity.value, setup.electrolyte.concentration.value)
    let perCharge = (1 - setup.electrolyte.transferenceNumber.value) / Constants.faraday
    let deep = SharpLayer(setup, thickness: 100e-6)
    // √(Dt) stays a tenth of the layer; the start, in which resistance and reaction limit, is over.
    let cottrell = deep.run(.potential(-8), until: 1, firstStep: 1e-9).filter { $0.time > 0.5 }
      .map { abs($0.current / (c0 / perCharge * (d / (.pi * $0.time)).squareRoot()) - 1) }
    let current = 500.0
    let sand = deep.run(.current(current), until: 1, firstStep: 1e-9)
      .map { abs($0.salt - (c0 - 2 * current * perCharge * ($0.time / (.pi * d)).squareRoot())) / c0 }
    let thin = SharpLayer(setup, thickness: layer)
    let steady = thin.run(.potential(-0.5), until: 10 * diffusionTime(setup), firstStep: 1e-6)
    var plain = setup
    plain.electrolyte.thickness = layer
    let expected = plain.flatFront(under: .potential(-0.5))?.current ?? .nan
    let errors = [
      ("Cottrell", cottrell.max() ?? .infinity), ("Sand", sand.max() ?? .infinity),
      ("steady", abs((steady.last?.current ?? 0) / expected - 1)),
    ]
    return Outcome(resolutions: errors + [("all", errors.map(\.1).max() ?? .infinity)])
  }

  // MARK: The solver

  static func held(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for size in effort == .full ? [4e-9, 2e-9, 1e-9] : [4e-9, 2e-9] {
      var worst = 0.0
      notes.removeAll()
      for voltage in [-0.3, -0.5, -1.0] {
        var held = cell(size, .potential(voltage), until: Limits())
        held.stages[0].limits.time = steady * diffusionTime(held.setup)
        let simulation = try Simulation(held.setup, threads: 1)
        let rows = SharpLayer(held.setup, thickness: layer)
          .run(.potential(voltage), until: steady * diffusionTime(held.setup), firstStep: 1e-10)
        var largest = 0.0
        while simulation.endReason == nil {
          try simulation.step()
          let now = simulation.observables
          largest = max(largest, abs(now.currentDensity / rows.value(\.current, at: now.time) - 1))
        }
        let steps = simulation.observables.step
        worst = max(worst, steps <= mostSteps(size) ? largest : .infinity)
        notes.append("\(voltage) V: \(percent(largest)) in \(steps) steps")
      }
      results.append(("cells of \(size * 1e9) nm", worst))
    }
    return Outcome(resolutions: results, note: notes.joined(separator: ", "))
  }

  static func driven(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for size in effort == .full ? [2e-9, 1e-9, 0.5e-9] : [2e-9, 1e-9] {
      let driven = cell(size, .rest, until: Limits())
      let found = try toTheEnd(driven, current: 3 * driven.setup.limitingCurrent)
      results.append(("cells of \(size * 1e9) nm", found.steps <= mostSteps(size) ? found.error : .infinity))
      notes.append("\(found), \(found.steps) steps")
    }
    return Outcome(resolutions: results, note: notes.joined(separator: "; "))
  }

  static func stripped(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for layer in effort == .full ? [3e-6, 10e-6, 30e-6] : [3e-6, 10e-6] {
      for ratio in [1.6, 2, 5] {
        var stripped = cell(2e-9, .rest, until: Limits())
        stripped.end = .counterElectrode
        stripped.seeds = Seeds(film: 0.8e-6)
        stripped.thickness = layer + stripped.seeds.film
        let found = try toTheEnd(stripped, current: -ratio * stripped.setup.limitingCurrent)
        results.append(("\(ratio) times the limit in \(layer * 1e6) um", found.error))
        notes.append("\(found) in \(found.steps) steps")
      }
    }
    return Outcome(
      resolutions: results + [("all", results.map(\.1).max() ?? .infinity)],
      note: notes.joined(separator: "; "))
  }

  /// How a run at a current that nothing can carry for long compares with the sharp layer.
  private struct Ending: CustomStringConvertible {
    /// Relative, and V.
    var late, voltage: Double
    var isDepleted: Bool
    var steps: Int
    var error: Double { isDepleted ? max(voltage / 2e-3, abs(late) / 0.01) : .infinity }
    var description: String { "\(percent(late)) late, \((voltage * 1e5).rounded() / 100) mV" }
  }

  private static func toTheEnd(_ plain: PlainCell, current: Double) throws -> Ending {
    var plain = plain
    let layer = plain.thickness - plain.seeds.film
    let end = 2 * plain.setup.sandTime(current: abs(current))
    plain.stages = [Stage(.current(current), until: Limits(time: end))]
    let rows = SharpLayer(plain.setup, thickness: layer).run(.current(current), until: end, firstStep: 1e-10)
    let sandTime = rows.last?.time ?? 0
    let simulation = try Simulation(plain.setup, threads: 1)
    var largest = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      // The double layer takes a moment to charge.
      guard now.time > 1e-3 * sandTime, now.time < 0.99 * sandTime else { continue }
      largest = max(largest, abs(now.voltage - rows.value(\.voltage, at: now.time)))
    }
    return Ending(
      late: simulation.observables.time / sandTime - 1, voltage: largest,
      isDepleted: simulation.endReason == .depleted, steps: simulation.observables.step)
  }

  static func thinLayer(_ effort: Effort) throws -> Outcome {
    let results = try (effort == .full ? [4e-9, 2e-9, 1e-9] : [4e-9, 2e-9]).map { size in
      var driven = cell(size, .rest, until: Limits())
      driven.height = 512e-9 / size
      driven.thickness = 1e-6 + driven.seeds.film
      let found = try toTheEnd(driven, current: 3 * driven.setup.limitingCurrent)
      return ("cells of \(size * 1e9) nm", found.isDepleted ? abs(found.late) : .infinity)
    }
    return Outcome(resolutions: results)
  }

  static func surfaceSalt(_ effort: Effort) throws -> Outcome {
    let results = try [-0.5, -1].map { voltage in
      let held = cell(2e-9, .potential(voltage), until: Limits(time: 0.05)).setup
      let rows = SharpLayer(held, thickness: layer).run(.potential(voltage), until: 0.05, firstStep: 1e-10)
      let simulation = try Simulation(held, threads: 1)
      var largest = 0.0
      while simulation.endReason == nil {
        try simulation.step()
        let now = simulation.observables
        let salt = rows.value(\.salt, at: now.time)
        guard salt > 3e-4 * held.electrolyte.concentration.value else { break }
        largest = max(largest, abs(now.minimumSalt / salt - 1))
      }
      return ("\(voltage) V", largest)
    }
    return Outcome(resolutions: results + [("all", results.map(\.1).max() ?? .infinity)])
  }

  static func split(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    for end in [Electrolyte.End.reservoir, .counterElectrode] {
      let currents = try [256.0, 128, 64].map { height in
        var cell = PlainCell()
        (cell.cell, cell.height, cell.exchange, cell.end) = (4e-9, height, 10, end)
        cell.seeds = Seeds(film: 16 * cell.cell)
        cell.thickness = 256 * cell.cell
        cell.metal.surfaceEnergy.value *= 10
        cell.stages = [
          Stage(.potential(end == .reservoir ? -0.4 : -0.8), until: Limits(thickness: 180e-9))
        ]
        let simulation = try Simulation(cell.setup, threads: 1)
        while simulation.endReason == nil { try simulation.step() }
        return simulation.endReason == .protocolComplete ? simulation.observables.currentDensity : .infinity
      }
      for (name, current) in zip(["whole", "half"], currents) {
        results.append(("\(name), \(end)", abs(current / currents[2] - 1)))
      }
    }
    return Outcome(resolutions: results + [("all", results.map(\.1).max() ?? .infinity)])
  }

  /// One state on the way to the steady current, and from it on fixed steps.
  static func order(_ effort: Effort) throws -> Outcome {
    let (beginning, end) = (0.02, 0.04)
    var start = cell(4e-9, .potential(-0.5), until: Limits(time: end))
    start.numerics.potentialTolerance = 1e-6
    start.numerics.saltTolerance = 1e-11
    let simulation = try Simulation(start.setup, threads: 1)
    while simulation.observables.time < beginning { try simulation.step() }
    let archive = simulation.archive()
    var found: [Double] = []
    var results: [(String, Double)] = []
    for steps in [16, 32, 64] {
      var fixed = start
      fixed.numerics.fixedStep = (end - beginning) / Double(steps)
      let simulation = try Simulation(fixed.setup, resuming: archive, threads: 1)
      while simulation.endReason == nil { try simulation.step() }
      found.append(simulation.observables.currentDensity)
      guard found.count > 1 else { continue }
      let change = abs(found[found.count - 1] / found[found.count - 2] - 1)
      results.append(("\(steps) steps", change))
    }
    let (last, before) = (results[results.count - 1].1, results[results.count - 2].1)
    return Outcome(resolutions: results, observedOrder: log2(before / last))
  }
}
