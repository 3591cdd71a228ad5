import Electrodeposition
import Spectral

extension Problem {
  static let currents: [Problem] = [
    Problem(
      number: "3", name: "Nernst equilibrium", source: "phi_k - phi = (1/f) ln(c/c0) without current",
      compares: "front and counter electrode at rest in salt of another concentration with Nernst's law",
      expectedOrder: nil, tolerance: 1e-9, meaning: "|v| over V_m i0/F, or f |d phi|",
      run: Currents.equilibrium),
    Problem(
      number: "14", name: "contact laws",
      source: "Kirchhoff's law with the laws of the contacts, by bisection",
      compares: "potential and current of one seed on one island with an independent solution",
      expectedOrder: nil, tolerance: 1e-6, meaning: "f |d phi_k| or |dI|/I, the larger",
      run: { _ in try Currents.contacts() }),
    Problem(
      number: "14b", name: "floating piece", source: "a piece without contact has no net current",
      compares: "net current of a seed on an insulator under bias with zero", expectedOrder: nil,
      tolerance: 1e-6, meaning: "net current over i0 times its area", run: { _ in try Currents.floating() }),
    Problem(
      number: "14c", name: "moment of shorting", source: "convergence in the width of the interface",
      compares: "the time at which a seed on a 30 nm island draws half its current from the matrix, l halved",
      expectedOrder: nil, tolerance: 5e-2, meaning: "relative change at the last halving",
      run: Currents.shorting),
  ]
}

/// Problems of charge transfer and of the contacts.
enum Currents {
  static func equilibrium(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    for ratio in effort == .full ? [0.3, 0.9, 2] : [0.3, 2] {
      var cell = PlainCell()
      cell.height = 64
      cell.seeds = Seeds(film: 24 * cell.cell)
      cell.end = .counterElectrode
      cell.numerics.potentialTolerance = 1e-10
      cell.numerics.saltTolerance = 1e-10
      cell.stages = [Stage(.rest, until: Limits(time: 1))]
      let setup = cell.setup
      let simulation = try Simulation(setup, threads: 1)
      let c0 = setup.electrolyte.concentration.value
      try simulation.setUniformSalt(ratio * c0)
      for _ in 0..<5 { try simulation.step() }
      let exchange =
        setup.metal.molarVolume.value * setup.kinetics.exchangeCurrentDensity.value
        / Constants.faraday
      let f = Constants.faraday / (Constants.gas * setup.temperature.value)
      let cells = simulation.reactingCells
      let pieces = simulation.pieceViews
      let shift = cells.map { abs(f * (pieces[$0.piece].potential - $0.potential) - log(ratio)) }.max() ?? 1
      results.append(("c = \(ratio) c0", max(simulation.largestSpeed / exchange, shift)))
    }
    return Outcome(resolutions: results)
  }

  // MARK: One seed on one island

  /// A seed on an island in an insulating matrix (or the given one).
  private static func seed(
    _ contact: Contact, matrix: Contact = .insulating, cell size: Double = 2e-9, diameter: Double = 30e-9
  ) -> PlainCell {
    var cell = PlainCell()
    let pitch = diameter + 30e-9
    cell.cell = size
    cell.width = pitch / size
    cell.height = (diameter / 2 + 48e-9) / size
    let angle = PlainCell.chosen(.pi / 2, "rad")
    cell.substrate = Substrate(
      matrix: Surface(name: "matrix", contactAngle: angle, contact: matrix),
      islands: Islands(
        diameter: diameter, pitch: pitch,
        surface: Surface(name: "island", contactAngle: angle, contact: contact)))
    cell.seeds = Seeds(onIslands: .init(radius: 10e-9))
    return cell
  }

  private static func schottky(_ polarity: Schottky.Polarity, bulk: Double) -> Schottky {
    Schottky(
      polarity: polarity, barrier: PlainCell.chosen(0.55, "V"),
      richardson: PlainCell.chosen(Constants.richardson, "A/(m^2 K^2)"), ideality: PlainCell.chosen(1.2, "1"),
      leakResistance: PlainCell.chosen(1e-2, "ohm m^2"), bulkResistance: PlainCell.chosen(bulk, "ohm m^2"))
  }

  /// J(u) of section 6 of the model; the bulk resistance takes its share of u.
  private static func law(_ contact: Contact, _ u: Double, _ temperature: Double) -> Double {
    switch contact {
    case .insulating: return 0
    case .ohmic(let resistance): return u / resistance.value
    case .schottky(let schottky):
      let f = Constants.faraday / (Constants.gas * temperature)
      let saturation = schottky.richardson.value * pow(temperature, 2) * exp(-schottky.barrier.value * f)
      func junction(_ y: Double) -> Double {
        let x = f * y / schottky.ideality.value
        return switch schottky.polarity {
        case .blocking: saturation * (1 - exp(-x)) + y / schottky.leakResistance.value
        case .conducting: saturation * (exp(x) - 1)
        case .backToBack: saturation * tanh(x / 2)
        }
      }
      return junction(bisect(-2, 2) { y in y + schottky.bulkResistance.value * junction(y) - u })
    }
  }

  /// i of the model's section 3 without film.
  private static func rate(_ setup: Case, _ e: Double, _ c: Double) -> Double {
    let f = Constants.faraday / (Constants.gas * setup.temperature.value)
    let alpha = setup.kinetics.cathodicTransferCoefficient.value
    return setup.kinetics.exchangeCurrentDensity.value
      * (c / setup.electrolyte.concentration.value * exp(-alpha * f * e) - exp((1 - alpha) * f * e))
  }

  /// Sum of a i over the first piece at another potential.
  private static func faradaic(
    _ setup: Case, _ cells: [Simulation.ReactingCell], _ potential: Double
  ) -> Double {
    let gamma = setup.surfaceEnergy.value * setup.metal.molarVolume.value / Constants.faraday
    return cells.reduce(0) { sum, cell in
      sum + cell.area * rate(setup, potential - cell.potential + gamma * cell.curvature, cell.salt)
    }
  }

  static func contacts() throws -> Outcome {
    var list: [(String, Contact)] = [("ohmic", .ohmic(resistance: PlainCell.chosen(1e-4, "ohm m^2")))]
    for bulk in [0, 1e-4] {
      for polarity in Schottky.Polarity.allCases {
        list.append(("\(polarity)\(bulk > 0 ? " with bulk" : "")", .schottky(schottky(polarity, bulk: bulk))))
      }
    }
    var results: [(String, Double)] = []
    for (name, contact) in list {
      var worst = 0.0
      for voltage in [-0.1, 0.03] { worst = max(worst, try mismatch(contact, voltage)) }
      results.append((name, worst))
    }
    results.append(("all", results.map(\.1).max() ?? 0))
    return Outcome(resolutions: results)
  }

  private static func mismatch(_ contact: Contact, _ voltage: Double) throws -> Double {
    var cell = seed(contact)
    cell.doubleLayer = 0
    cell.numerics.potentialTolerance = 1e-10
    cell.stages = [Stage(.potential(voltage), until: Limits(time: 1))]
    let setup = cell.setup
    let simulation = try Simulation(setup, threads: 1)
    let piece = simulation.pieceViews[0]
    let cells = simulation.reactingCells
    let temperature = setup.temperature.value
    let potential = bisect(-1, 1) { trial in
      piece.contactArea[1] * law(contact, trial - voltage, temperature) - faradaic(setup, cells, trial)
    }
    let current = piece.contactArea[1] * law(contact, potential - voltage, temperature)
    let f = Constants.faraday / (Constants.gas * temperature)
    return max(f * abs(piece.potential - potential), abs(piece.current / current - 1))
  }

  static func floating() throws -> Outcome {
    var cell = seed(.insulating)
    cell.doubleLayer = 0
    cell.numerics.potentialTolerance = 1e-10
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 1))]
    let setup = cell.setup
    let simulation = try Simulation(setup, threads: 1)
    let piece = simulation.pieceViews[0]
    let scale = setup.kinetics.exchangeCurrentDensity.value * piece.area
    let own = faradaic(setup, simulation.reactingCells, piece.potential)
    return Outcome(resolutions: [("2 nm cells", max(abs(own), abs(piece.current)) / scale)])
  }

  // MARK: Shorting

  static func shorting(_ effort: Effort) throws -> Outcome {
    let sizes = effort == .full ? [2e-9, 1e-9, 0.5e-9, 0.25e-9, 0.125e-9] : [2e-9, 1e-9, 0.5e-9, 0.25e-9]
    let moments = try sizes.map(momentOfShorting)
    let changes = zip(moments, moments.dropFirst()).map { abs($0 / $1 - 1) }
    let labels = sizes.dropFirst().map { "l = \(1.5e9 * $0) nm" }
    return Outcome(
      resolutions: Array(zip(labels, changes)),
      note: "moments " + moments.map { "\($0)" }.joined(separator: ", ") + " s")
  }

  /// The seed grows through an ohmic contact on its island until half of its current comes from the matrix
  /// around it, whose contact is a hundred times better. Contact begins where ξ > ½, about 0.8ℓ behind the
  /// contact line, so that the moment is late by the time in which the line covers that: first order in ℓ.
  private static func momentOfShorting(_ size: Double) throws -> Double {
    let (island, matrix) = (1e-5, 1e-7)
    var cell = seed(
      .ohmic(resistance: PlainCell.chosen(island, "ohm m^2")),
      matrix: .ohmic(resistance: PlainCell.chosen(matrix, "ohm m^2")), cell: size)
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 0.1))]
    let simulation = try Simulation(cell.setup, threads: 1)
    func share() -> Double {
      let area = simulation.pieceViews[0].contactArea
      return area[0] / matrix / (area[0] / matrix + area[1] / island)
    }
    var before = (time: 0.0, share: share())
    while simulation.endReason == nil {
      try simulation.step()
      let now = share()
      if now >= 0.5 {
        let part = (0.5 - before.share) / (now - before.share)
        return before.time + part * (simulation.observables.time - before.time)
      }
      before = (simulation.observables.time, now)
    }
    return .nan
  }
}
