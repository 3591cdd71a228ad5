import Electrodeposition
import Spectral

/// Films that are stretched with the surface.
extension Interphases {
  /// A cylinder or ball on a wall that grows everywhere at the same speed, and with next to no surface energy.
  private static func shape(
    _ cells: Double, radius: Double, to end: Double, isBall: Bool, _ interphase: Interphase
  ) throws -> Simulation {
    let size = radius / cells
    var cell = PlainCell()
    cell.cell = size
    cell.width = (2 * end / size).rounded() + 24
    cell.depth = isBall ? cell.width : nil
    cell.height = 8 * ((end / size + 16) / 8).rounded(.up)
    cell.exchange = 1e-2
    cell.metal.surfaceEnergy.value = 1e-6
    cell.substrate = Substrate(matrix: PlainCell.surface("wall", .pi / 2, PlainCell.ohmic))
    cell.seeds = Seeds(caps: [Seeds.Cap(x: cell.width * size / 2, y: cell.width * size / 2, radius: radius)])
    let speed = PlainCell().setup.volumePerCharge * 1e-2 * 2 * sinh(f * 0.1 / 2)
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: (end - radius) / speed))]
    var setup = cell.setup
    setup.kinetics.interphase = interphase
    return try Simulation(setup, threads: 1)
  }

  /// L at the middle of the interface, and the way there from the middle of the wall, m.
  private static func surface(_ simulation: Simulation) -> [(way: SIMD3<Double>, thickness: Double)] {
    let (snapshot, grid) = (simulation.snapshot(), simulation.grid)
    let (metal, thickness) = (snapshot["metal"] ?? [], snapshot["sei_thickness"] ?? [])
    let middle = SIMD3(grid.extent.x / 2, grid.extent.y / 2, 0)
    return metal.indices.filter { abs(metal[$0] - 0.5) < 0.2 }.map {
      (grid.middle(of: $0) - middle, thickness[$0])
    }
  }

  /// Radius of a half cylinder or ball with the metal of a run, m.
  private static func radius(_ simulation: Simulation, isBall: Bool) -> Double {
    let volume = simulation.observables.equivalentThickness * simulation.grid.area
    return isBall
      ? pow(3 * volume / (2 * .pi), 1 / 3.0)
      : (2 * volume / simulation.grid.extent.y / .pi).squareRoot()
  }

  static func cylinder(_ effort: Effort) throws -> Outcome {
    let (first, radius) = (10e-9, 48e-9)
    func pattern(_ way: SIMD3<Double>) -> Double {
      let (x, z) = (way.x * way.x, way.z * way.z)
      return 1 + 0.5 * (x - z) / (x + z)
    }
    var results: [(String, Double)] = []
    for cells in effort == .full ? [24.0, 48, 96] : [24, 48] {
      let simulation = try shape(cells, radius: radius, to: 2 * radius, isBall: false, interphase(first))
      let middle = simulation.grid.extent.x / 2
      try simulation.setInterphase { first * pattern($0 - SIMD3(middle, 0, 0)) }
      while simulation.endReason == nil { try simulation.step() }
      let end = Self.radius(simulation, isBall: false)
      let worst = surface(simulation).reduce(0.0) {
        max($0, abs($1.thickness / (first * pattern(SIMD3($1.way.x, 0, $1.way.z)) * radius / end) - 1))
      }
      results.append(("R = \(Int(cells)) cells", worst))
    }
    return Outcome(resolutions: results)
  }

  static func ball(_ effort: Effort) throws -> Outcome {
    let (first, radius) = (10e-9, 32e-9)
    let simulation = try shape(16, radius: radius, to: 1.5 * radius, isBall: true, interphase(first))
    while simulation.endReason == nil { try simulation.step() }
    let end = Self.radius(simulation, isBall: true)
    let error = simulation.observables.interphaseThickness / (first * radius * radius / (end * end)) - 1
    return Outcome(resolutions: [("R = 16 cells", abs(error))])
  }

  static func cracks(_ effort: Effort) throws -> Outcome {
    let (first, left, strain, radius) = (10e-9, 2e-9, 0.2, 48e-9)
    var layer = interphase(first)
    layer.cracking = Interphase.Cracking(strain: PlainCell.chosen(strain, "1"), thickness: left)
    let simulation = try shape(24, radius: radius, to: 2 * radius, isBall: false, layer)
    let metal = Self.radius(simulation, isBall: false)
    let (rest, power) = (left / (1 + log(1 + strain)), 1 + 1 / log(1 + strain))
    // Where no more than L_c is left.
    let end = pow((first - rest) / (left - rest), 1 / power)
    var worst = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      let growth = Self.radius(simulation, isBall: false) / metal
      let expected = growth < end ? rest + (first - rest) * pow(growth, -power) : left * end / growth
      worst = max(worst, abs(simulation.observables.interphaseThickness - expected) / left)
    }
    return Outcome(
      resolutions: [("\(1e9 * simulation.observables.interphaseThickness) nm left", worst)])
  }

  static func wave(_ effort: Effort) throws -> Outcome {
    let (exchange, first, conductivity, voltage, length, cells) = (1.0, 5e-9, 1e-6, -0.1, 64e-9, 48.0)
    var cell = PlainCell()
    cell.cell = length / cells
    cell.width = cells
    cell.height = 80
    cell.seeds = Seeds(film: 24e-9)
    cell.thickness = 1e-6
    cell.exchange = exchange
    cell.numerics.maximumFrontStep = 0.05
    cell.numerics.potentialTolerance = 1e-8
    cell.numerics.saltTolerance = 1e-10
    cell.stages = [Stage(.potential(voltage), until: Limits(time: 10))]
    var setup = cell.setup
    setup.kinetics.interphase = interphase(first, conductivity: conductivity)
    let simulation = try Simulation(setup, threads: 1)
    let k = 2 * Double.pi / length
    try simulation.begin(
      metal: { $0.z - 24e-9 - 0.02 * cell.cell * cos(k * $0.x) },
      salt: { _ in setup.electrolyte.concentration.value })
    let start = Growth.amplitude(simulation)
    while simulation.endReason == nil { try simulation.step() }
    let resistance = first / conductivity
    let current = bisect(0, 1e3) { $0 + 2 * exchange * sinh(f / 2 * (voltage + resistance * $0)) }
    let bare = f * exchange * cosh(f / 2 * (voltage + resistance * current))
    let slope = setup.volumePerCharge * bare / (1 + bare * resistance)
    // h' = -V_m m/F (-Γ h'' + i δL/κ) and δL' = -L max(0, -v h'') on a line, by small steps.
    let points = 128
    let (dx, steps) = (length / Double(points), 20_000)
    let dt = 10 / Double(steps)
    var (height, thinning) = (
      (0..<points).map { cos(k * dx * Double($0)) }, [Double](repeating: 0, count: points)
    )
    for _ in 0..<steps {
      let bend = (0..<points).map { j in
        let (left, right) = (height[(j + points - 1) % points], height[(j + 1) % points])
        return (left + right - 2 * height[j]) / (dx * dx)
      }
      for j in 0..<points {
        height[j] += dt * slope * (setup.capillaryConstant * bend[j] - current / conductivity * thinning[j])
        thinning[j] -= dt * first * max(0, -setup.volumePerCharge * current * bend[j])
      }
    }
    let expected = 2 * (0..<points).reduce(0) { $0 + height[$1] * cos(k * dx * Double($1)) } / Double(points)
    let found = Growth.amplitude(simulation) / start
    return Outcome(
      resolutions: [("grown \(found) times", abs(found / expected - 1))],
      note: "\(exp(-10 * slope * setup.capillaryConstant * k * k)) times without a film that is stretched")
  }
}
