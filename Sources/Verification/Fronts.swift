import Electrodeposition
import Spectral

extension Problem {
  static let fronts: [Problem] = [
    Problem(
      number: "1", name: "flat front at constant current",
      source: "travelling logistic profile of a Nagumo front (exact for every b > v l)",
      compares: "speed of the front without charge closure with V_m i/F, b from 1.2 to 12 v l",
      expectedOrder: nil, tolerance: 1e-3, meaning: "largest relative error of the speed", run: Fronts.speed),
    Problem(
      number: "1b", name: "flat front, halved steps", source: "travelling logistic profile",
      compares: "position of the front without closure after a fixed time, at halved steps",
      expectedOrder: nil,
      tolerance: 1e-5, meaning: "change of the way travelled at the last halving, relative",
      run: { try Fronts.order($0, varyingMobility: false) }),
    Problem(
      number: "1c", name: "flat front, halved steps with varying b", source: "travelling logistic profile",
      compares: "the same with b doubled in every second step", expectedOrder: nil, tolerance: 1e-5,
      meaning: "change of the way travelled at the last halving, relative",
      run: { try Fronts.order($0, varyingMobility: true) }),
    Problem(
      number: "5", name: "circle at rest", source: "v = 0: a floating piece of uniform curvature",
      compares: "area of a circle without closure with its area at the start", expectedOrder: nil,
      tolerance: 1e-4, meaning: "relative change of area per time R^2/b", run: Fronts.restingCircle),
    Problem(
      number: "6", name: "circle that shrinks", source: "motion by curvature, dR/dt = -b/R",
      compares: "rate of change of the area of a half circle, variational, at 0 V with -pi b",
      expectedOrder: nil, tolerance: 1e-2, meaning: "relative error of the rate", run: Fronts.shrinkingCircle),
    Problem(
      number: "6b", name: "variational front that is slow",
      source: "travelling wave of the variational model, by shooting",
      compares: "speed of a variational front under uniform current, over V_m i/F, with that of the wave",
      expectedOrder: nil, tolerance: 2e-3, meaning: "largest error of the speed over V_m i/F",
      run: Fronts.variationalSpeed),
  ]
}

/// Problems of the order parameter alone.
enum Fronts {
  static let current = 100.0

  /// - Parameter doubleLayer: F/m², `nil` for the default; its charge is no metal and follows to first order in time.
  private static func flat(_ numerics: Numerics, time: Double, doubleLayer: Double? = nil) -> Case {
    var cell = PlainCell()
    cell.seeds = Seeds(film: 40 * cell.cell)
    cell.numerics = numerics
    cell.doubleLayer = doubleLayer
    cell.stages = [Stage(.current(current), until: Limits(time: time))]
    return cell.setup
  }

  /// V_m i/F.
  private static func expectedSpeed(_ setup: Case) -> Double {
    setup.metal.molarVolume.value * current / Constants.faraday
  }

  static func speed(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    let cells = effort == .full ? 40.0 : 20
    for factor in [0.4, 1, 4] {
      var setup = flat(Numerics(mobilityFactor: factor, closure: false), time: 1)
      let v = expectedSpeed(setup)
      setup.stages[0].limits.time = cells * setup.box.cell / v
      let simulation = try Simulation(setup, threads: 1)
      let start = simulation.observables.meanHeight
      while simulation.endReason == nil { try simulation.step() }
      let way = simulation.observables.meanHeight - start
      let b = simulation.profileMobility / (v * setup.numerics.interfaceWidth * setup.box.cell)
      let label = "b = \((10 * b).rounded() / 10) v l"
      results.append((label, abs(way / (v * simulation.observables.time) - 1)))
    }
    results.append(("all", results.map(\.1).max() ?? 1))
    return Outcome(resolutions: results, note: "\(Int(cells)) cells travelled, l = 1.5 cells")
  }

  static func order(_ effort: Effort, varyingMobility: Bool) throws -> Outcome {
    let way = 12.0
    let largest = 0.3
    let ways = try (0..<(effort == .full ? 5 : 4)).map { halvings in
      var setup = flat(Numerics(closure: false), time: 1, doubleLayer: 0)
      let unit = setup.box.cell / expectedSpeed(setup)
      setup.numerics.fixedStep = largest * unit / Double(1 << halvings)
      setup.stages[0].limits.time = way * unit
      let simulation = try Simulation(setup, threads: 1)
      let start = simulation.observables.meanHeight
      var count = 0
      while simulation.endReason == nil {
        if varyingMobility { simulation.mobilityFactor = count % 2 == 0 ? 1 : 2 }
        try simulation.step()
        count += 1
      }
      return (simulation.observables.meanHeight - start) / (way * setup.box.cell)
    }
    let changes = zip(ways, ways.dropFirst()).map { abs($1 - $0) }
    let labels = changes.indices.map { "step \(largest / Double(1 << ($0 + 1))) cells" }
    let order = log2(changes[changes.count - 2] / changes[changes.count - 1])
    return Outcome(
      resolutions: Array(zip(labels, changes)), observedOrder: order,
      note: "way of the finest run \(ways[ways.count - 1]) of the expected one")
  }

  // MARK: Circles

  /// - Parameter offset: of the centre from a corner of cells along both axes, in cells.
  private static func circle(radius: Double, offset: Double = 0) -> Case {
    var cell = PlainCell()
    let size = (2 * radius + 32).rounded(.up)
    cell.width = size
    cell.height = 8 * (size / 8).rounded(.up)
    let centre = SIMD2(size / 2 + offset, cell.height / 2 + offset) * cell.cell
    cell.seeds = Seeds(caps: [.init(x: centre.x, z: centre.y, radius: radius * cell.cell)])
    cell.numerics = Numerics(closure: false)
    cell.stages = [Stage(.rest, until: Limits(time: 1))]
    return cell.setup
  }

  private static func area(_ simulation: Simulation) -> Double {
    simulation.metalProfile.reduce(0, +) * simulation.grid.spacing.x * simulation.grid.spacing.z
  }

  /// With b a thousand times larger than the physical mobility M, R²/b passes before v, which differs from
  /// zero only across the width of the interface, does anything. What changes the area is the middle of the circle,
  /// where d has a cone: at R = 6ℓ its ξ is still 2·10⁻³ from one, and where the middle lies in its cell counts.
  static func restingCircle(_ effort: Effort) throws -> Outcome {
    let offsets = effort == .full ? [0, 0.25, 0.5] : [0, 0.5]
    let results = try [20.0, 9, 10].map { radius in
      let worst = try offsets.map { try driftOfArea(radius: radius, offset: $0) }.max() ?? 1
      return ("R = \(Int(radius)) cells", worst)
    }
    return Outcome(resolutions: results, note: "worst of \(offsets.count) places of the centre in its cell")
  }

  /// |dA/A| per R²/b.
  private static func driftOfArea(radius: Double, offset: Double) throws -> Double {
    var setup = circle(radius: radius, offset: offset)
    let r = radius * setup.box.cell
    setup.numerics.mobilityFactor = 1000
    let b = try Simulation(setup, threads: 1).profileMobility
    let ell = setup.numerics.interfaceWidth * setup.box.cell
    setup.numerics.fixedStep = 0.25 * ell * ell / b
    setup.stages[0].limits.time = r * r / b
    let simulation = try Simulation(setup, threads: 1)
    let start = area(simulation)
    var passed = 0.0
    while simulation.endReason == nil {
      let mobility = simulation.profileMobility
      try simulation.step()
      passed += mobility * simulation.observables.dt / (r * r)
    }
    return abs(area(simulation) / start - 1) / passed
  }

  /// Half a circle on the bottom of the box, which mirrors it, so that what it loses can flow off. The currents are
  /// so small that salt and potential stay where they are, and the reaction is slower still; the diffuse circle
  /// follows the sharp one to order (ℓ/R)².
  static func shrinkingCircle(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    for radius in effort == .full ? [20.0, 30, 40] : [20.0, 30] {
      var cell = PlainCell()
      let size = (2 * radius + 32).rounded(.up)
      cell.width = size
      cell.height = 8 * (size / 16).rounded(.up)
      cell.seeds = Seeds(caps: [.init(x: size / 2 * cell.cell, radius: radius * cell.cell)])
      cell.exchange = 1e-12
      cell.stages = [Stage(.potential(0), until: Limits(time: 1))]
      var setup = cell.setup
      setup.capillarity = .variational(interfaceMobility: PlainCell.chosen(1e-12, "m^3/(J s)"))
      let b = setup.variationalMobility ?? 0
      let r = radius * cell.cell
      let ell = setup.numerics.interfaceWidth * cell.cell
      setup.numerics.fixedStep = 0.25 * ell * ell / b
      setup.stages[0].limits.time = 0.1 * r * r / b
      let simulation = try Simulation(setup, threads: 1)
      let start = area(simulation)
      while simulation.endReason == nil { try simulation.step() }
      // dA/dt = π R dR/dt = −π b.
      let expected = -Double.pi * b * simulation.observables.time
      results.append(("R = \(Int(radius)) cells", abs((area(simulation) - start) / expected - 1)))
    }
    return Outcome(resolutions: results)
  }

  // MARK: Variational fronts

  /// A front at a held potential in an electrolyte without resistance to current and salt, so that i is i0 times the
  /// Butler–Volmer factor in every cell of it.
  static func variationalSpeed(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    for ratio in effort == .full ? [0.01, 0.03, 0.1, 0.2, 0.4, 1] : [0.03, 0.1, 0.2, 0.4] {
      let wave = slowness(ratio)
      let found = try variationalFront(ratio, cells: effort == .full ? 40 : 20)
      let percent = (10_000 * (1 - wave)).rounded() / 100
      results.append(("v l/(3 b) = \(ratio) (\(percent) % slow)", abs(found - wave)))
    }
    results.append(("all", results.map(\.1).max() ?? 1))
    return Outcome(resolutions: results)
  }

  /// Speed over V_m i/F of the wave −s p ξ' = 5p ξ²(1−ξ)² + ξ'' − ξ(1−ξ)(1−2ξ), lengths in ℓ, p = vℓ/b = 3 ratio.
  ///
  /// With q(ξ) = −ξ' it is q' = s p + [ξ(1−ξ)(1−2ξ) − 5p ξ²(1−ξ)²]/q, shot from either end to ξ = ½.
  private static func slowness(_ ratio: Double) -> Double {
    let p = 3 * ratio
    func slope(_ xi: Double, _ q: Double, _ s: Double) -> Double {
      let product = xi * (1 - xi)
      return s * p + (product * (1 - 2 * xi) - 5 * p * product * product) / q
    }
    /// q at ξ = ½ from the end at `edge`, where q vanishes with the slope of the saddle.
    func shoot(from edge: Double, _ s: Double) -> Double {
      let (start, half) = (1e-6, 0.5 * s * p)
      let root = (half * half + 1).squareRoot()
      var xi = edge == 0 ? start : 1 - start
      var q = start * (edge == 0 ? root + half : root - half)
      let steps = 20_000
      let ratio = pow(0.5 / start, 1 / Double(steps))
      for n in 1...steps {
        // Steps in equal ratios of the distance to the end.
        let distance = start * pow(ratio, Double(n))
        let h = (edge == 0 ? distance : 1 - distance) - xi
        let a = slope(xi, q, s)
        let b = slope(xi + h / 2, q + h / 2 * a, s)
        let c = slope(xi + h / 2, q + h / 2 * b, s)
        let d = slope(xi + h, q + h * c, s)
        xi += h
        q += h / 6 * (a + 2 * b + 2 * c + d)
        // It turned back before: s is too small.
        guard q > 0 else { return 0 }
      }
      return q
    }
    return bisect(0, 1.5) { shoot(from: 0, $0) - shoot(from: 1, $0) }
  }

  /// Speed over V_m i/F, measured over the second half of a way of so many cells.
  private static func variationalFront(_ ratio: Double, cells: Double) throws -> Double {
    var cell = PlainCell()
    cell.seeds = Seeds(film: 30 * cell.cell)
    cell.thickness = cell.height * cell.cell
    let voltage = -0.05
    cell.stages = [Stage(.potential(voltage), until: Limits(time: 1))]
    var setup = cell.setup
    setup.electrolyte.conductivity.value = 1e6
    setup.electrolyte.saltDiffusivity.value = 1e-4
    let f = Constants.faraday / (Constants.gas * setup.temperature.value)
    let v = setup.metal.molarVolume.value / Constants.faraday * cell.exchange * 2 * sinh(-0.5 * f * voltage)
    let ell = setup.numerics.interfaceWidth * cell.cell
    let mobility = v * ell / (3 * ratio) / (6 * setup.surfaceEnergy.value * ell)
    setup.capillarity = .variational(interfaceMobility: PlainCell.chosen(mobility, "m^3/(J s)"))
    let unit = cell.cell / v
    setup.numerics.fixedStep = min(0.04 * unit, 0.2 * ell * ell / (v * ell / (3 * ratio)))
    setup.stages[0].limits.time = cells * unit
    let simulation = try Simulation(setup, threads: 1)
    var start: (time: Double, height: Double)?
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      if start == nil, now.time > cells / 2 * unit { start = (now.time, now.equivalentThickness) }
    }
    let end = simulation.observables
    guard let start else { return .nan }
    return (end.equivalentThickness - start.height) / (end.time - start.time) / v
  }
}
