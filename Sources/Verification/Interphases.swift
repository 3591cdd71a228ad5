import Electrodeposition
import Spectral

extension Problem {
  static let interphases: [Problem] = [
    Problem(
      number: "35a", name: "growth of the SEI at a held potential",
      source: "L + L²/(2 L_d) = L0 + L0²/(2 L_d) + (V_s/F) i_s0 e^{-αfV} t on a flat front",
      compares: "the thickness at every step with the root", expectedOrder: nil, tolerance: 1e-3,
      meaning: "largest relative error of L", run: Interphases.parabola),
    Problem(
      number: "35b", name: "SEI on a growing cylinder",
      source: "L r = const on each ray of a cylinder that grows at one speed",
      compares:
        "the thickness at the surface, as it was set by L0 (1 + cos(2φ)/2), after the radius has doubled, from two cells",
      expectedOrder: nil, tolerance: 3e-3, meaning: "largest relative error of L", run: Interphases.cylinder),
    Problem(
      number: "35c", name: "SEI on a growing ball", source: "L r² = const",
      compares: "the mean thickness after the radius has grown by half with it", expectedOrder: nil,
      tolerance: 0.02, meaning: "relative error of L", run: Interphases.ball),
    Problem(
      number: "35d", name: "current through an SEI",
      source: "i = W(αfR i0 e^{-αfV})/(αfR), R = L/κ: Tafel's law behind a resistance, W of Lambert",
      compares: "the current of a flat front at held potentials", expectedOrder: nil, tolerance: 1e-3,
      meaning: "largest relative error of i", run: Interphases.current),
    Problem(
      number: "35e", name: "Coulombic efficiency of a flat cycle",
      source: "CE = 1 - Q_s/Q, Q_s by Runge-Kutta from the two rate laws",
      compares: "charge out over charge in of a film that is plated and stripped back to where it was",
      expectedOrder: nil, tolerance: 2e-3, meaning: "error of CE over 1 - CE", run: Interphases.cycle),
    Problem(
      number: "35f", name: "metal at rest below a growing SEI",
      source:
        "no net current: i = -i_s, so that the metal loses V_m Q_s/F; L as in 35a at e = 2 asinh(i_s/2i0)/f",
      compares: "the thickness of the SEI and the charge of the metal that is lost in a rest",
      expectedOrder: nil,
      tolerance: 3e-3,
      meaning: "relative error, the larger",
      run: Interphases.rest),
    Problem(
      number: "35g", name: "cracks of an SEI",
      source: "dL/d ln r = -L - (L - L_c)/ln(1 + e_c) on a cylinder that grows, down to L_c",
      compares: "the mean thickness at every step with it", expectedOrder: nil, tolerance: 2e-3,
      meaning: "largest error of L over L_c", run: Interphases.cracks),
    Problem(
      number: "35h", name: "wave under an SEI that is stretched",
      source:
        "h' = -V_m m/F (-Γ h'' + i δL/κ), δL' = -L max(0, -v h''), on a line",
      compares: "the amplitude of a wave with the solution", expectedOrder: nil, tolerance: 2e-3,
      meaning: "relative error of the amplitude", run: Interphases.wave),
  ]
}

/// Problems of a film that grows on the metal.
enum Interphases {
  /// V_s, m³/mol, and its reaction: α = 1/2.
  static let molarVolume = 15e-6
  static let f = PlainCell().setup.inverseThermalVoltage

  static func interphase(
    _ thickness: Double, conductivity: Double = 1e-3, growth: Double = 0, decay: Double? = nil
  ) -> Interphase {
    Interphase(
      thickness: thickness, conductivity: PlainCell.chosen(conductivity, "S/m"),
      molarVolume: PlainCell.chosen(molarVolume, "m^3/mol"),
      growthCurrentDensity: PlainCell.chosen(growth, "A/m^2"), decayThickness: decay)
  }

  /// A flat film of metal below 1 µm of electrolyte.
  private static func flat(
    _ interphase: Interphase, exchange: Double, _ stages: [Stage], doubleLayer: Double? = nil
  ) throws -> Simulation {
    var cell = PlainCell()
    cell.thickness = 1e-6
    cell.exchange = exchange
    cell.doubleLayer = doubleLayer
    cell.seeds = Seeds(film: 30e-9)
    cell.stages = stages
    var setup = cell.setup
    setup.kinetics.interphase = interphase
    return try Simulation(setup, threads: 1)
  }

  /// L at which L + L²/(2 L_d) is some length.
  private static func thickness(_ length: Double, decay: Double) -> Double {
    decay * ((1 + 2 * length / decay).squareRoot() - 1)
  }

  static func parabola(_ effort: Effort) throws -> Outcome {
    let (first, decay, voltage, growth) = (2e-9, 5e-9, -0.1, 1e-3)
    let speed = molarVolume / Constants.faraday * growth * exp(-f * voltage / 2)
    // The metal all but rests.
    let simulation = try flat(
      interphase(first, growth: growth, decay: decay), exchange: 1e-9,
      [Stage(.potential(voltage), until: Limits(time: 50e-9 / speed))])
    var worst = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      let expected = thickness(first + first * first / (2 * decay) + speed * now.time, decay: decay)
      worst = max(worst, abs(now.interphaseThickness / expected - 1))
    }
    return Outcome(
      resolutions: [("to \(1e9 * simulation.observables.interphaseThickness) nm", worst)],
      note: "in \(simulation.observables.step) steps")
  }

  static func current(_ effort: Effort) throws -> Outcome {
    let (exchange, first, conductivity) = (1e-3, 25e-9, 1e-7)
    var results: [(String, Double)] = []
    for voltage in [-0.6, -1.0, -1.5] {
      let simulation = try flat(
        interphase(first, conductivity: conductivity), exchange: exchange,
        [Stage(.potential(voltage), until: Limits(thickness: 33e-9))])
      while simulation.endReason == nil { try simulation.step() }
      let scale = f / 2 * first / conductivity
      // W of x by its definition, w e^w = x.
      let wanted = log(scale * exchange) - f * voltage / 2
      let w = bisect(1e-12, 100) { $0 + log($0) - wanted }
      results.append(
        ("\(voltage) V", abs(simulation.observables.currentDensity / (w / scale) - 1)))
    }
    return Outcome(resolutions: results + [("largest", results.map(\.1).max() ?? .infinity)])
  }

  /// L and Q_s (C/m²) after a time of a given current, from both rate laws, V of the electrolyte left out.
  private static func integrate(
    _ layer: Interphase, exchange: Double, current: Double, time: Double, from start: Double
  ) -> Double {
    let decay = layer.decayThickness ?? .infinity
    func speed(_ thickness: Double) -> Double {
      // φ_k − φ at which metal and film take the current together.
      func grown(_ e: Double) -> Double {
        layer.growthCurrentDensity.value * exp(-f * e / 2) / (1 + thickness / decay)
      }
      let e = bisect(-5, 5) { e in
        let metal = current - grown(e)
        return metal - 2 * exchange * sinh(-f / 2 * (e + thickness / layer.conductivity.value * metal))
      }
      return molarVolume / Constants.faraday * grown(e)
    }
    let steps = 400
    let h = time / Double(steps)
    return (0..<steps).reduce(start) { thickness, _ in
      let a = speed(thickness)
      let b = speed(thickness + h / 2 * a)
      let c = speed(thickness + h / 2 * b)
      return thickness + h / 6 * (a + 2 * b + 2 * c + speed(thickness + h * c))
    }
  }

  static func cycle(_ effort: Effort) throws -> Outcome {
    let (exchange, current, first, way) = (10.0, 10.0, 3e-9, 40e-9)
    // With as much drop as waves of the SEI leave the front flat: they grow e-fold in 2κΓ/(i L) of metal (35h).
    let layer = interphase(first, conductivity: 1e-4, growth: 0.1, decay: 5e-9)
    let simulation = try flat(
      layer, exchange: exchange,
      [
        Stage(.current(current), until: Limits(thickness: 30e-9 + way)),
        Stage(.current(-current), until: Limits(thickness: 30e-9)),
      ], doubleLayer: 0)
    var (plated, platingTime, unbalanced) = (0.0, 0.0, 0.0)
    while simulation.endReason == nil {
      let stage = simulation.stage
      try simulation.step()
      let now = simulation.observables
      unbalanced = max(
        unbalanced, abs(now.metalCharge + now.interphaseCharge + now.layerCharge - now.capacity))
      if stage == 0 { (plated, platingTime) = (now.capacity, now.time) }
    }
    let end = simulation.observables
    let efficiency = (plated - end.capacity) / plated
    let top = integrate(layer, exchange: exchange, current: current, time: platingTime, from: first)
    let last = integrate(
      layer, exchange: exchange, current: -current, time: end.time - platingTime, from: top)
    let lost = (last - first) * Constants.faraday / molarVolume / plated
    let error = abs(efficiency - (1 - lost)) / lost
    return Outcome(
      resolutions: [("CE = \(efficiency)", unbalanced < 1e-9 * plated ? error : .infinity)],
      note: "the account of charge closes to \(unbalanced / plated) of what was plated")
  }

  static func rest(_ effort: Effort) throws -> Outcome {
    let (exchange, growth, first, decay, time) = (10.0, 0.1, 2e-9, 5e-9, 2000.0)
    let layer = interphase(first, growth: growth, decay: decay)
    let simulation = try flat(
      layer, exchange: exchange, [Stage(.rest, until: Limits(time: time))], doubleLayer: 0)
    while simulation.endReason == nil { try simulation.step() }
    let now = simulation.observables
    let expected = integrate(layer, exchange: exchange, current: 0, time: time, from: first)
    // The area of a profile that stands still is known to two parts in a thousand.
    let grown = (now.interphaseThickness - first) * Constants.faraday / molarVolume
    let errors = [
      abs((now.interphaseThickness - first) / (expected - first) - 1), abs(-now.metalCharge / grown - 1),
    ]
    return Outcome(
      resolutions: [("SEI", errors[0]), ("metal", errors[1]), ("the larger", errors.max() ?? .infinity)])
  }
}
