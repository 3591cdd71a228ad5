import Electrodeposition
import Spectral

extension Problem {
  static let conversions: [Problem] = [
    Problem(
      number: "32a", name: "plateau of a substrate that is converted",
      source: "i t = q χ + C (V(0) - V), with V from i = i_c [(1-χ) e^{-αfη} - χ e^{(1-α)fη}]",
      compares:
        "V at a given current, from the first step of the plateau to 0 V, with the rate law solved for V, and the time until 0 V",
      expectedOrder: nil, tolerance: 1e-3,
      meaning: "error of the time until 0 V, relative, and of V on the plateau in V, the larger",
      run: Conversions.plateau),
    Problem(
      number: "32b", name: "extent of a conversion at a held potential",
      source: "χ = 1 - e^{-t/τ}, τ = q e^{αfη}/i_c, far below the equilibrium potential",
      compares: "the mean extent at every step with the exponential",
      expectedOrder: nil, tolerance: 1e-3,
      meaning: "largest error of χ",
      run: Conversions.hold),
    Problem(
      number: "32c", name: "equilibrium of a conversion and its salt",
      source: "χ/(1-χ) = (c/c0) e^{-f (V-E)}: Nernst's equation",
      compares:
        "the extent at a held potential near E, and V at open circuit in a quarter and in twice the salt, with it",
      expectedOrder: nil, tolerance: 1e-4,
      meaning: "error of χ, and of V in units of RT/F, the larger",
      run: Conversions.equilibrium),
    Problem(
      number: "32d", name: "no conversion under metal",
      source: "geometry: a cap covers 2r of a wall of width w, and the rest converts as if alone",
      compares: "the mean extent below caps of radii that end between columns with (1 - 2r/w)(1 - e^{-t/τ})",
      expectedOrder: nil, tolerance: 2e-3,
      meaning: "relative error of the mean extent",
      run: Conversions.covered),
  ]
}

/// Problems of a substrate that takes the metal up before any is plated.
enum Conversions {
  /// A cell with a layer of NiSb, with what every problem of it shares.
  private struct Layer {
    var cell = PlainCell()
    var conversion: Conversion

    init(exchange: Double, thickness: Double = 10e-9) {
      let chosen = PlainCell.chosen
      conversion = Conversion(
        surface: PlainCell.surface("NiSb", .pi / 2, PlainCell.ohmic), thickness: thickness,
        molarVolume: chosen(20.9e-6, "m^3/mol"), electrons: chosen(3, "1"), expansion: chosen(3.7, "1"),
        potential: chosen(0.45, "V"), exchangeCurrentDensity: chosen(exchange, "A/m^2"),
        cathodicTransferCoefficient: chosen(0.4, "1"))
      cell.seeds = Seeds(film: 10e-9)
      cell.seeds.nucleationOverpotential = chosen(5, "V")
    }

    var setup: Case {
      var cell = cell
      cell.substrate = Substrate(
        matrix: PlainCell.surface("converted", .pi / 2, PlainCell.ohmic), conversion: conversion)
      return cell.setup
    }

    /// q by its definition, C/m².
    var charge: Double { 3 * Constants.faraday * conversion.thickness / 20.9e-6 }

    /// V − φ at an extent where a current density flows, V.
    func potential(_ extent: Double, current: Double, f: Double) -> Double {
      let exchange = conversion.exchangeCurrentDensity.value
      let x = bisect(-60, 60) { x in
        (1 - extent) * exp(-0.4 * x) - extent * exp(0.6 * x) - current / exchange
      }
      return 0.45 + x / f
    }
  }

  static func plateau(_ effort: Effort) throws -> Outcome {
    var layer = Layer(exchange: 10)
    // So little that neither salt nor potential of the electrolyte change by what matters.
    let current = 0.02
    layer.cell.stages = [
      Stage(.potential(1), until: Limits(time: 1e-3)),
      Stage(.current(current), until: Limits(voltage: 0)),
    ]
    let setup = layer.setup
    let f = setup.inverseThermalVoltage
    let capacitance = setup.kinetics.doubleLayerCapacitance.value
    let simulation = try Simulation(setup, threads: 1)
    var (worst, last, end) = (0.0, (time: 0.0, voltage: 1.0), 0.0)
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      let time = now.time - 1e-3
      // V goes on from 1 V, with what the double layer gives.
      let extent = (current * time - capacitance * (1 - now.voltage)) / layer.charge
      if extent > 0.02 && extent < 0.98 {
        worst = max(worst, abs(now.voltage - layer.potential(extent, current: current, f: f)))
      }
      if now.voltage <= 0 {
        end = last.time + (time - last.time) * last.voltage / (last.voltage - now.voltage)
      }
      last = (time, now.voltage)
    }
    let finish = bisect(0.5, 1) { layer.potential($0, current: current, f: f) }
    let expected = (layer.charge * finish + capacitance) / current
    return Outcome(
      resolutions: [("time \(end) s for \(expected) s", max(abs(end / expected - 1), worst))],
      note: "V on the plateau is off by at most \(1e3 * worst) mV, in \(simulation.observables.step) steps")
  }

  static func hold(_ effort: Effort) throws -> Outcome {
    var layer = Layer(exchange: 1e-3)
    let f = layer.setup.inverseThermalVoltage
    let time = layer.charge * exp(-0.4 * f * 0.3) / 1e-3
    layer.cell.stages = [Stage(.potential(0.15), until: Limits(time: 4 * time))]
    let simulation = try Simulation(layer.setup, threads: 1)
    var worst = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      worst = max(worst, abs(now.convertedFraction - (1 - exp(-now.time / time))))
    }
    return Outcome(
      resolutions: [("to 4τ, τ = \(time) s", worst)], note: "in \(simulation.observables.step) steps")
  }

  static func equilibrium(_ effort: Effort) throws -> Outcome {
    var worst = 0.0
    for (offset, dilution) in [(0.0, 0.25), (0.02, 2), (-0.03, 2)] {
      var layer = Layer(exchange: 100, thickness: 1e-9)
      layer.cell.stages = [
        Stage(.potential(0.45 + offset), until: Limits(time: 20)), Stage(.rest, until: Limits(time: 0.01)),
      ]
      var setup = layer.setup
      let f = setup.inverseThermalVoltage
      // Without a diffusion potential between box and far end.
      setup.electrolyte.transferenceNumber.value = 0.5
      let simulation = try Simulation(setup, threads: 1)
      while simulation.stage == 0 { try simulation.step() }
      let extent = 1 / (1 + exp(f * offset))
      worst = max(worst, abs(simulation.observables.convertedFraction - extent))
      try simulation.setUniformSalt(dilution * setup.electrolyte.concentration.value)
      while simulation.endReason == nil { try simulation.step() }
      // What charged the double layer has converted a little.
      let now = simulation.observables
      let shift =
        f * (now.voltage - 0.45) - log(dilution) - log((1 - now.convertedFraction) / now.convertedFraction)
      worst = max(worst, abs(shift))
    }
    return Outcome(resolutions: [("three potentials", worst)])
  }

  static func covered(_ effort: Effort) throws -> Outcome {
    var (results, worst) = ([(String, Double)](), 0.0)
    for cells in [20.0, 20.3, 20.7] {
      var layer = Layer(exchange: 1e-4)
      layer.cell.width = 128
      let radius = cells * layer.cell.cell
      layer.cell.seeds = Seeds(caps: [Seeds.Cap(x: 64 * layer.cell.cell, radius: radius)])
      // The metal neither grows nor moves.
      layer.cell.exchange = 1e-9
      let f = layer.setup.inverseThermalVoltage
      let time = layer.charge * exp(-0.4 * f * 0.3) / 1e-4
      layer.cell.stages = [Stage(.potential(0.15), until: Limits(time: time))]
      let simulation = try Simulation(layer.setup, threads: 1)
      while simulation.endReason == nil { try simulation.step() }
      let expected = (1 - 2 * radius / (128 * layer.cell.cell)) * (1 - exp(-1))
      let error = abs(simulation.observables.convertedFraction / expected - 1)
      worst = max(worst, error)
      results.append(("r = \(cells) cells", error))
    }
    results.append(("largest", worst))
    return Outcome(resolutions: results)
  }
}
