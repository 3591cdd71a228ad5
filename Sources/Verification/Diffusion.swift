import Electrodeposition
import Spectral

extension Problem {
  static let diffusion: [Problem] =
    [
      Problem(
        number: "2", name: "flat front in a full cell",
        source: "1-D Nernst-Planck without anion flux, Butler-Volmer at the electrodes, steady state",
        compares: "current at -0.1 V (reservoir, counter electrode; growing metal) with the closed solution",
        expectedOrder: nil, tolerance: 3e-4,
        meaning: "relative error of the current, the larger of both ends",
        run: Diffusion.fullCell),
      Problem(
        number: "10", name: "limiting current",
        source: "i_lim = F D c0/((1-t+) L), twice that in a sealed cell",
        compares: "i/(1 - c_i/c0) at 0.9 of it with the limiting current", expectedOrder: nil,
        tolerance: 5e-3,
        meaning: "relative error, the larger of both ends", run: Diffusion.limitingCurrent),
      Problem(
        number: "11a", name: "elliptic problem with variable coefficient, no flux",
        source: "manufactured solution", compares: "conjugate gradients on finite volumes with the solution",
        expectedOrder: 2, tolerance: 1e-2, meaning: "largest error relative to the largest value",
        run: { try Manufactured.variableCoefficient($0, fixedTop: false) }),
      Problem(
        number: "11b", name: "elliptic problem with variable coefficient, fixed at the top",
        source: "manufactured solution", compares: "conjugate gradients on finite volumes with the solution",
        expectedOrder: 2, tolerance: 1e-2, meaning: "largest error relative to the largest value",
        run: { try Manufactured.variableCoefficient($0, fixedTop: true) }),
    ]
    + Ends.allCases.map { ends in
      Problem(
        number: "11c", name: "Helmholtz equation by transforms, ends: \(ends)", source: "eigenfunctions",
        compares: "the solve with the finite-volume symbol with the solution", expectedOrder: 2,
        tolerance: 1e-2, meaning: "largest error relative to the largest value",
        run: { Manufactured.helmholtz($0, ends) })
    } + transients + spectralStep + secondaryCurrent
}

/// Problems of the cell in one dimension, in which the metal grows as it does: the liquid moves along with it.
enum Diffusion {
  /// A layer of electrolyte of the given thickness above a film, in a narrow box.
  private static func layer(_ end: Electrolyte.End, cells: Double) -> PlainCell {
    var cell = PlainCell()
    let box = 1.6e-6
    cell.cell = box / cells
    cell.height = cells
    cell.seeds = Seeds(film: box / 4)
    cell.thickness = 10e-6 + box / 4
    cell.end = end
    return cell
  }

  /// Thickness of electrolyte between front and far end, which recedes with the deposit.
  private static func thickness(_ setup: Case) -> Double { setup.electrolyte.thickness - setup.seeds.film }

  private static func run(_ setup: Case) throws -> Simulation {
    let simulation = try Simulation(setup, threads: 1)
    while simulation.endReason == nil { try simulation.step() }
    return simulation
  }

  /// Ten times the longest relaxation time 4L²/(π²D) of the layer.
  private static func longTime(_ setup: Case) -> Double {
    let l = thickness(setup)
    return 40 * l * l / (Double.pi * Double.pi * setup.electrolyte.saltDiffusivity.value)
  }

  static func fullCell(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for cells in [128.0, 256, 512] {
      var worst = 0.0
      for end in Electrolyte.End.allCases {
        var cell = layer(end, cells: cells)
        let voltage = -0.1
        cell.stages = [Stage(.potential(voltage), until: Limits(time: 1))]
        cell.stages[0].limits.time = longTime(cell.setup)
        let found = try run(cell.setup).observables.currentDensity
        let expected = steadyCurrent(cell.setup, voltage)
        worst = max(worst, abs(found / expected - 1))
        notes.append("\(end) \(found) for \(expected) A/m^2")
      }
      results.append(("\(Int(cells)) cells", worst))
    }
    return Outcome(resolutions: results, note: notes.suffix(2).joined(separator: ", "))
  }

  /// The steady current: c is linear, φ = (1/f) ln c for the immobile anions.
  private static func steadyCurrent(_ setup: Case, _ voltage: Double) -> Double {
    let electrolyte = setup.electrolyte
    let c0 = electrolyte.concentration.value
    let f = Constants.faraday / (Constants.gas * setup.temperature.value)
    let i0 = setup.kinetics.exchangeCurrentDensity.value
    let alpha = setup.kinetics.cathodicTransferCoefficient.value
    let cation = 1 - electrolyte.transferenceNumber.value
    let full = Constants.faraday * electrolyte.saltDiffusivity.value / (cation * thickness(setup))
    func rate(_ e: Double, _ c: Double) -> Double {
      i0 * (c / c0 * exp(-alpha * f * e) - exp((1 - alpha) * f * e))
    }
    let isReservoir = electrolyte.end == .reservoir
    let limit = (isReservoir ? 1 : 2) * full * c0
    return bisect(0, limit * (1 - 1e-12)) { i in
      let drop = i / full
      let here = isReservoir ? c0 - drop : c0 - drop / 2
      let there = isReservoir ? c0 : c0 + drop / 2
      // The counter electrode's metal is at 0 V and dissolves: rate(−φ) = −i.
      let far = isReservoir ? 0 : bisect(-10, 10) { rate(-$0, there) + i }
      return rate(voltage - (far + log(here / there) / f), here) - i
    }
  }

  static func limitingCurrent(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for cells in effort == .full ? [32.0, 64, 128] : [32.0, 64] {
      var worst = 0.0
      for (end, factor) in [(Electrolyte.End.reservoir, 1.0), (.counterElectrode, 2.0)] {
        var cell = layer(end, cells: cells)
        cell.exchange = 1000
        let setup = cell.setup
        let (d, c0) = (setup.electrolyte.saltDiffusivity.value, setup.electrolyte.concentration.value)
        let cation = 1 - setup.electrolyte.transferenceNumber.value
        let limit = factor * Constants.faraday * d * c0 / (cation * thickness(setup))
        cell.stages = [Stage(.current(0.9 * limit), until: Limits(time: longTime(setup)))]
        let simulation = try run(cell.setup)
        let found =
          simulation.observables.currentDensity
          / (1 - simulation.salt(at: simulation.observables.meanHeight) / c0)
        worst = max(worst, abs(found / limit - 1))
        notes.append("\(end) \(found) for \(limit) A/m^2")
      }
      results.append(("\(Int(cells)) cells", worst))
    }
    return Outcome(resolutions: results, note: notes.suffix(2).joined(separator: ", "))
  }
}
