import Analysis
import Electrodeposition
import Spectral

extension Problem {
  static let growth: [Problem] = [
    Problem(
      number: "18", name: "growth of a wave on a flat front",
      source: "linear stability of a front in a binary electrolyte without anion flux, closed form",
      compares:
        "rates of five waves from the neutral to twice the fastest, 64 cells each, with the closed form",
      expectedOrder: nil, tolerance: 5e-2, meaning: "largest error over the rate of the fastest wave",
      run: Growth.rates),
    Problem(
      number: "18b", name: "growth of a wave, extrapolated",
      source: "the same", compares: "the same, extrapolated from two grids to none", expectedOrder: nil,
      tolerance: 2e-2, meaning: "largest error over the rate of the fastest wave", run: Growth.extrapolated),
    Problem(
      number: "18c", name: "growth of a wave, linearised step",
      source: "the same",
      compares: "eigenvalues of the solver's own step about a moving flat front with the closed form",
      expectedOrder: nil, tolerance: 1e-2, meaning: "largest error over the rate of the fastest wave",
      run: Growth.linearised),
    Problem(
      number: "18d", name: "growth of a wave on a front that is not steady",
      source: "a wave that grows in the solver from salt at rest",
      compares:
        "rates of the linearised step with those of the wave, once 100, 200 and 300 nm are plated (coarse: 100)",
      expectedOrder: nil, tolerance: 2e-2, meaning: "largest relative error", run: Growth.unsteady),
  ]
}

/// The growth of a small wave on a flat front that grows as it does.
enum Growth {
  /// One metal at one exchange current, held at −0.1 V below a reservoir 10 µm away.
  struct Setting {
    var metal = Metal.sodium
    var exchange = 100.0
    var name: String { "\(metal.symbol), i0 = \(Int(exchange)) A/m^2" }
  }

  /// The steady flat front and its closed relation, from the formulas alone.
  struct Front {
    let current, surfaceSalt, salt: Double
    private let slope, response, capillarity, perCharge, layer: Double

    init(_ setup: Case, layer: Double) {
      self.layer = layer
      let f = Constants.faraday / (Constants.gas * setup.temperature.value)
      let c0 = setup.electrolyte.concentration.value
      salt = c0
      let i0 = setup.kinetics.exchangeCurrentDensity.value
      let alpha = setup.kinetics.cathodicTransferCoefficient.value
      let mobility =
        setup.electrolyte.saltDiffusivity.value / (1 - setup.electrolyte.transferenceNumber.value)
      let full = Constants.faraday * mobility / layer
      // φ as the solver has it: F D_t c0/σ0 − (2t₊−1)/f per ln c, 1/f in a dilute solution.
      let potential =
        Constants.faraday * mobility * c0 / setup.electrolyte.conductivity.value
        - (2 * setup.electrolyte.transferenceNumber.value - 1) / f
      let voltage = Growth.voltage
      func parts(_ c: Double) -> (cathodic: Double, anodic: Double) {
        let e = voltage - potential * log(c / c0)
        return (i0 * c / c0 * exp(-alpha * f * e), i0 * exp((1 - alpha) * f * e))
      }
      surfaceSalt = bisect(1e-9 * c0, c0) { c in
        let (cathodic, anodic) = parts(c)
        return cathodic - anodic - full * (c0 - c)
      }
      let (cathodic, anodic) = parts(surfaceSalt)
      current = cathodic - anodic
      slope = f * (alpha * cathodic + (1 - alpha) * anodic)
      response = (cathodic + slope * potential) / surfaceSalt / (Constants.faraday * mobility)
      capillarity = setup.surfaceEnergy.value * setup.metal.molarVolume.value / Constants.faraday
      perCharge = setup.metal.molarVolume.value / Constants.faraday
    }

    /// w(k), 1/s.
    func rate(_ k: Double) -> Double {
      let q = k / tanh(k * layer)
      return perCharge * (response * current - slope * capillarity * k * k) / (1 + response / q)
    }

    var neutral: Double { 2 * Double.pi * (slope * capillarity / (response * current)).squareRoot() }

    /// Wavelength and rate of the fastest wave, by thirds.
    var fastest: (wavelength: Double, rate: Double) {
      var (low, high) = (log(neutral), log(100 * neutral))
      func rate(_ logarithm: Double) -> Double { self.rate(2 * Double.pi / exp(logarithm)) }
      for _ in 0..<200 {
        let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
        if rate(a) < rate(b) { low = a } else { high = b }
      }
      return (exp(low), rate(low))
    }
  }

  // MARK: The problems

  /// Five waves around the neutral and the fastest one.
  private static func wavelengths(_ front: Front) -> [Double] {
    [front.neutral, 1.5 * front.neutral, 2.5 * front.neutral, front.fastest.wavelength]
      + [2 * front.fastest.wavelength]
  }

  private static func settings(_ effort: Effort) -> [Setting] {
    guard effort == .full else { return [Setting()] }
    return [
      Setting(), Setting(exchange: 1000), Setting(metal: .lithium, exchange: 100),
      Setting(metal: .potassium, exchange: 100),
    ]
  }

  /// ℓ = 1.5 cells: λ/43 with 64 cells.
  static func rates(_ effort: Effort) throws -> Outcome {
    try collect(effort) { try errors($0, cells: 64) }
  }

  /// Second order in cells and ℓ, which keep their ratio.
  static func extrapolated(_ effort: Effort) throws -> Outcome {
    let cells = effort == .full ? (64.0, 128.0) : (64, 96)
    let gain = (cells.1 / cells.0) * (cells.1 / cells.0)
    return try collect(effort) { setting in
      let coarse = try errors(setting, cells: cells.0)
      return zip(coarse, try errors(setting, cells: cells.1)).map { (gain * $1 - $0) / (gain - 1) }
    }
  }

  /// The neutral and the fastest wave; or all five and one almost as long as the electrolyte is thick, or longer.
  static func linearised(_ effort: Effort) throws -> Outcome {
    try collect(effort) { setting in
      var setup = plain(setting).setup
      // The closed form is exact while V_m c ≪ 1.
      setup.metal.molarVolume.value /= 100
      setup.surfaceEnergy.value *= 100
      let front = Front(setup, layer: layer)
      let step = LinearisedStep(setup, under: .potential(voltage))
      let all = wavelengths(front)
      return try (effort == .full ? all + [4 * all[4]] : [all[0], all[3]]).map { length in
        let found = try step.growthRate(wavelength: length)
        return (found - front.rate(2 * Double.pi / length)) / front.fastest.rate
      }
    }
  }

  private static func collect(
    _ effort: Effort, _ errors: (Setting) throws -> [Double]
  ) rethrows -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for setting in settings(effort) {
      let found = try errors(setting)
      results.append((setting.name, found.map(abs).max() ?? 1))
      notes.append("\(setting.name): " + found.map(percent).joined(separator: ", "))
    }
    results.append(("all", results.map(\.1).max() ?? 1))
    return Outcome(resolutions: results, note: notes.joined(separator: "; "))
  }

  /// Errors of the rates of the five waves over the rate of the fastest.
  private static func errors(_ setting: Setting, cells: Double) throws -> [Double] {
    let front = Front(plain(setting).setup, layer: layer)
    return try wavelengths(front).map { length in
      let found = try growthRate(setting, front, wavelength: length, cells: cells)
      return (found - front.rate(2 * Double.pi / length)) / front.fastest.rate
    }
  }

  // MARK: Measuring

  private static let layer = 10e-6
  static let voltage = -0.1

  private static func plain(_ setting: Setting) -> PlainCell {
    var cell = PlainCell()
    cell.metal = setting.metal
    cell.exchange = setting.exchange
    cell.thickness = layer
    cell.stages = [Stage(.potential(voltage), until: Limits(time: 1))]
    return cell
  }

  /// Rate of growth in the solver, 1/s, while the fastest wave would grow by 2 %, from the steady state of the flat
  /// front.
  private static func growthRate(
    _ setting: Setting, _ front: Front, wavelength: Double, cells: Double
  ) throws -> Double {
    let time = 0.02 / front.fastest.rate
    let way = front.current * plain(setting).setup.volumePerCharge * time
    let simulation = try wave(setting, wavelength, cells: cells, way: way, time: time) {
      share in
      front.surfaceSalt + share * (front.salt - front.surfaceSalt)
    }
    return try slope(simulation) { $0.observables.time > 0.1 * time }
  }

  /// Rate of growth of a wave of 2 µm once metal is plated from salt at rest, against that of the linearised step.
  static func unsteady(_ effort: Effort) throws -> Outcome {
    let setting = Setting(exchange: 1000)
    let length = 2e-6
    let setup = plain(setting).setup
    let results = try (effort == .full ? [100e-9, 200e-9, 300e-9] : [100e-9]).map { plated in
      let simulation = try wave(
        setting, length, cells: 48, way: 1.15 * plated
      ) { _ in setup.electrolyte.concentration.value }
      let grown = try slope(simulation) {
        $0.observables.equivalentThickness - $0.setup.seeds.film > 0.85 * plated
      }
      let found = try LinearisedStep(setup, under: .potential(voltage), plated: plated)
        .growthRate(wavelength: length)
      return ("\(Int((plated * 1e9).rounded())) nm", abs(found / grown - 1))
    }
    return Outcome(resolutions: results + [("all", results.map(\.1).max() ?? 1)])
  }

  /// A wave of a fiftieth of a cell on a flat film (a fifth is not linear any more: near the neutral wavelength its
  /// rate drifts by 5 % of the largest).
  ///
  /// Far from the shortest waves the rate is small against that at which the front passes cells, so that an error
  /// of 10⁻⁵ in a cell counts: the steps are a third of the usual ones.
  ///
  /// - Parameters:
  ///   - way: that the front will go, m.
  ///   - time: at which the run ends, s; `nil`: once it has gone that way.
  ///   - salt: c against the share of the way from the front to the reservoir, mol/m³.
  private static func wave(
    _ setting: Setting, _ wavelength: Double, cells: Double, way: Double, time: Double? = nil,
    salt: (Double) -> Double
  ) throws -> Simulation {
    var cell = plain(setting)
    cell.cell = wavelength / cells
    cell.width = cells
    let film = 16.0
    cell.height = 8 * ((film + way / cell.cell + 24) / 8).rounded(.up)
    cell.seeds = Seeds(film: film * cell.cell)
    cell.thickness = layer + film * cell.cell
    cell.numerics.maximumFrontStep = 0.05
    cell.numerics.potentialTolerance = 1e-8
    cell.numerics.saltTolerance = 1e-10
    cell.stages[0].limits = time.map { Limits(time: $0) } ?? Limits(thickness: film * cell.cell + way)
    let simulation = try Simulation(cell.setup, threads: 1)
    try simulation.begin(
      metal: { $0.z - (film + 0.02 * cos(2 * Double.pi * $0.x / wavelength)) * cell.cell },
      salt: { salt(max(0, min(1, ($0.z - film * cell.cell) / layer))) })
    return simulation
  }

  /// Slope of the logarithm of the amplitude against time, 1/s, over the moments that count.
  private static func slope(_ simulation: Simulation, counts: (Simulation) -> Bool) throws -> Double {
    var points: [SIMD2<Double>] = []
    while simulation.endReason == nil {
      try simulation.step()
      guard counts(simulation) else { continue }
      points.append(SIMD2(simulation.observables.time, log(abs(amplitude(simulation)))))
    }
    let middle = points.reduce(SIMD2(0, 0), +) / Double(points.count)
    let moments = points.reduce(SIMD2(0, 0)) { sum, point in
      let away = point - middle
      return sum + SIMD2(away.x * away.y, away.x * away.x)
    }
    return moments.x / moments.y
  }

  /// Amplitude of the first wave of the height at which ξ = ½, m, the height read from d = ℓ ln((1−ξ)/ξ).
  static func amplitude(_ simulation: Simulation) -> Double {
    let grid = simulation.grid
    let metal = simulation.metalProfile
    var sum = 0.0
    for x in 0..<grid.count.x {
      let column = metal[x * grid.count.z..<(x + 1) * grid.count.z].map { $0 }
      guard let above = column.firstIndex(where: { $0 < 0.5 }), above > 0 else { return .nan }
      let (d0, d1) = (log(1 / column[above - 1] - 1), log(1 / column[above] - 1))
      let height = (Double(above) - 0.5 - d0 / (d1 - d0)) * grid.spacing.z
      sum += height * cos(2 * Double.pi * (Double(x) + 0.5) / Double(grid.count.x))
    }
    return 2 * sum / Double(grid.count.x)
  }
}
