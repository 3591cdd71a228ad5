import Electrodeposition
import Spectral

/// How fast small waves grow on a flat front, by the solver's own step: one step, linearised by differences.
///
/// A wave cos kx fills a box once. Unknowns are its amplitudes in the rows of cells: of d/ℓ where the interface is,
/// and of c/c0 in the electrolyte; the potential follows from them within the step. A short step of dt maps them to
/// S y. In the frame of the front, which moves at v, a wave that grows like e^{wt} satisfies
///
///     S y = μ T y,   μ = e^{w dt},   T = 1 − v dt ∂/∂z
///
/// where T carries a wave along unchanged: a generalised eigenproblem, solved by QZ (LAPACK's dggev).
///
/// Where a steady front is known in closed form its salt is the start; `plated` starts from rest instead, for fronts
/// that are not steady yet or never become so. Before a front is disturbed it runs some cells, in short steps, so that
/// its profile is the one that a moving front has: a base that is itself about to change makes waves seem to decay.
/// Rates contain a small part that depends on the front's place within a cell: they are means over several places.
package struct LinearisedStep: Sendable {
  private let setup: Case
  private let control: Control
  private let plated: Double?
  /// Thickness of the electrolyte above the front, m.
  private let layer: Double
  /// What the cells have to resolve besides the wave, m.
  private let shortest: Double

  /// Cells across the shortest of a wave, the electrolyte, and one and a half times the length F D_t/A over which salt eases a change
  /// of the current: the error of the diffuse interface is some (2ℓA/F D_t)².
  private static let cells = 48.0
  /// Thickness of the film, and height of the box in which a front gets ready, in cells.
  private static let film = 18.0
  private static let height = 40.0
  /// Way on which a front gets ready, and its largest steps, in cells.
  private static let approach = 6.0
  private static let stride = 0.002
  /// Way of the linearised step, in cells, and its change of d/ℓ and of c/c0.
  private static let way = 5e-6
  private static let change = 1e-4
  /// Some ten times the steps that the way of a flat front takes.
  private static let mostSteps = 20_000

  /// - Parameters:
  ///   - setup: the case; its substrate and seeds play no part, and its interphase is as at the start.
  ///   - control: what drives the front; it has to plate.
  ///   - plated: thickness (m) that is plated, from salt at rest, before waves are looked at; `nil`: the steady front.
  package init(_ setup: Case, under control: Control, plated: Double? = nil) {
    self.setup = setup.withFixedInterphase
    self.control = control
    self.plated = plated
    layer = setup.electrolyte.thickness
    let share = setup.flatFront(under: control).map {
      1.5 * Constants.faraday * setup.effectiveDiffusivity / $0.saltResponse
    }
    shortest = min(layer, share ?? layer)
  }

  /// The least thickness (m) that has to be plated before the rate of a wave can be computed: a cell.
  package func leastPlated(wavelength: Double) -> Double { wavelength / cells(across: wavelength) }

  private func cells(across wavelength: Double) -> Double {
    16 * (max(1, wavelength / shortest) * Self.cells / 16).rounded(.up)
  }

  /// w of a wave, 1/s.
  ///
  /// - Parameter wavelength: m.
  /// - Throws: `.invalidCase` when there is no front that plates, otherwise why it could not be computed.
  package func growthRate(wavelength: Double) throws(SolverFailure) -> Double {
    let across = cells(across: wavelength)
    let cell = wavelength / across
    // Waves of many cells hardly know where in a cell the front is.
    let places = across > Self.cells ? 2 : 8
    // A far field that a wave reaches would conduct it like its bottom throughout.
    let reach = min(0.75 * wavelength, layer - 2 * cell) / cell
    let rows = 8 * Int((Self.film + reach) / 8)
    var sum = 0.0
    for front in try movingFronts(cell, places, rows: rows) {
      sum += try rate(of: front, wavelength: wavelength, cell: cell)
    }
    return sum / Double(places)
  }

  // MARK: The flat front

  /// The front at places spread evenly over a cell.
  private func movingFronts(_ cell: Double, _ places: Int, rows tall: Int) throws(SolverFailure)
    -> [MovingFront]
  {
    let approach = min(Self.approach, (plated ?? .infinity) / cell)
    guard approach >= 1 else {
      throw .invalidCase("waves can be computed once \(cell) m are plated")
    }
    let start = Self.film - approach
    var stages: [Stage] = []
    for place in 0..<places {
      let thickness = Self.film + (Double(place) + 0.5) / Double(places) - 0.5
      stages.append(Stage(control, until: Limits(thickness: thickness * cell)))
    }
    let simulation = try Simulation(box(8 * cell, cell, film: start, stages, stride: Self.stride), threads: 1)
    let profile = try startingSalt(cell, after: (plated ?? 0) - approach * cell)
    try simulation.begin(metal: { $0.z - start * cell }, salt: { profile[$0.z - start * cell] })
    var fronts: [MovingFront] = []
    for place in 0..<places {
      try advance(simulation) { $0.stage == place }
      let rows = simulation.grid.count.z
      let above = rows..<max(rows, tall)
      let profile = SaltProfile(simulation)
      let height = simulation.observables.maximumHeight
      fronts.append(
        MovingFront(
          distance: (0..<rows).map { Self.distance(simulation.metal[0, 0, $0]) }
            + above.map { _ in Self.distance(0) },
          salt: (0..<rows).map { simulation.salt[0, 0, $0] }
            + above.map { profile[(Double($0) + 0.5) * cell - height] },
          profile: profile, height: height,
          voltage: simulation.observables.voltage,
          speed: setup.volumePerCharge * simulation.faradaicCurrent / simulation.grid.area))
    }
    return fronts
  }

  /// c above the front when it starts: that of the steady front, or what a run from rest leaves.
  private func startingSalt(_ cell: Double, after thickness: Double) throws(SolverFailure) -> SaltProfile {
    guard plated != nil else {
      guard let front = setup.flatFront(under: control), front.current > 0 else {
        throw .invalidCase("there is no steady front that plates")
      }
      return SaltProfile(steady: front, over: layer)
    }
    // A front that has come no further than this run starts in salt at rest; differences leave some rounding.
    guard thickness > 1e-6 * cell else {
      return SaltProfile(heights: [0], values: [setup.electrolyte.concentration.value])
    }
    // Way by way, each in a box of its own that the electrolyte is taller than, until nothing changes any more.
    let c0 = setup.electrolyte.concentration.value
    var profile = SaltProfile(heights: [0], values: [c0])
    var rest = thickness
    while rest > 0 {
      let way = min(rest, layer / 4)
      let before = profile[0]
      profile = try salt(after: way, from: profile, cell)
      rest -= way
      if abs(profile[0] - before) < 1e-6 * c0 { break }
    }
    return profile
  }

  /// c above a flat front that has gone on by a way, m.
  private func salt(
    after way: Double, from profile: SaltProfile, _ cell: Double
  ) throws(SolverFailure) -> SaltProfile {
    // Cells of its own size: a front may have come a long way.
    let (size, film) = (max(way / 200, min(cell, layer / 100)), 12.0)
    var flat = box(
      8 * size, size, film: film, [Stage(control, until: Limits(thickness: film * size + way))])
    flat.box.height = 8 * ((film + way / size + 24) / 8).rounded(.up) * size
    let simulation = try Simulation(flat, threads: 1)
    try simulation.begin(metal: { $0.z - film * size }, salt: { profile[$0.z - film * size] })
    try advance(simulation) { _ in true }
    return SaltProfile(simulation)
  }

  /// Runs a flat film on.
  ///
  /// - Throws: `.depleted` where the salt runs out first.
  private func advance(
    _ simulation: Simulation, while condition: (Simulation) -> Bool
  ) throws(SolverFailure) {
    var steps = 0
    while simulation.endReason == nil && condition(simulation) {
      try simulation.step()
      steps += 1
      guard steps < Self.mostSteps, simulation.endReason != .depleted else {
        throw .depleted(time: simulation.observables.time)
      }
    }
  }

  /// A box with a film in it, below an electrolyte as thick as the case's.
  private func box(_ width: Double, _ cell: Double, film: Double, _ stages: [Stage], stride: Double? = nil)
    -> Case
  {
    var flat = setup
    flat.substrate = nil
    flat.box = Box(width: width, height: Self.height * cell, cell: cell)
    flat.seeds = Seeds(film: film * cell)
    flat.electrolyte.thickness = layer + film * cell
    flat.output = OutputSchedule()
    flat.stages = stages
    flat.kinetics.noise = nil
    flat.numerics.potentialTolerance = 1e-11
    flat.numerics.saltTolerance = 1e-12
    if let stride {
      flat.numerics.closure = false
      flat.numerics.maximumFrontStep = stride
    }
    return flat
  }

  private static func distance(_ xi: Double) -> Double {
    let inside = min(max(xi, 1e-12), 1 - 1e-12)
    return log(1 / inside - 1)
  }

  // MARK: The eigenproblem

  /// Amplitudes of a wave by rows: of d/ℓ and of c/c0.
  private struct Wave {
    var distance, salt: [Double]
  }

  private func rate(
    of front: MovingFront, wavelength: Double, cell: Double
  ) throws(SolverFailure) -> Double {
    let dt = Self.way * cell / front.speed
    var linear = box(
      wavelength, cell, film: Self.film, [Stage(.potential(front.voltage), until: Limits(time: .infinity))],
      stride: Self.stride)
    linear.box.height = Double(front.salt.count) * cell
    linear.numerics.fixedStep = dt
    let simulation = try Simulation(linear, threads: 1)
    let rows = front.distance.indices
    let metalRows = rows.filter { abs(front.distance[$0]) < Simulation.interfaceReach - 1 }
    let saltRows = rows.filter { 1 / (1 + exp(-front.distance[$0])) > 2 * Simulation.activeFloor }
    var step: [Double] = []
    for (isMetal, list) in [(true, metalRows), (false, saltRows)] {
      for row in list {
        // The tails follow the outermost rows.
        let low = isMetal && row == metalRows.first ? 0 : row
        let high = isMetal && row == metalRows.last ? rows.upperBound - 1 : row
        let image = try image(simulation, front, isMetal, low...high)
        step += metalRows.map { image.distance[$0] / Self.change }
        step += saltRows.map { image.salt[$0] / Self.change }
      }
    }
    let carried = carriedAlong([metalRows.count, saltRows.count])
    let size = metalRows.count + saltRows.count
    guard let values = Eigenproblem.generalised(step, carried, size: size) else {
      throw .notConverged(what: "the eigenvalues", iterations: 0, residual: 0)
    }
    let growing = values.filter { $0.x.isFinite && abs($0.y) < 1e-9 }.map(\.x).max() ?? .nan
    return log(growing) / dt
  }

  /// T, for each of several sets of rows, column by column.
  private func carriedAlong(_ counts: [Int]) -> [Double] {
    let size = counts.reduce(0, +)
    var matrix = [Double](repeating: 0, count: size * size)
    var start = 0
    for count in counts {
      for k in 0..<count {
        let (low, high) = (max(0, k - 1), min(count - 1, k + 1))
        matrix[(start + k) * size + start + k] += 1
        matrix[(start + high) * size + start + k] -= Self.way / Double(high - low)
        matrix[(start + low) * size + start + k] += Self.way / Double(high - low)
      }
      start += count
    }
    return matrix
  }

  /// The wave that a step leaves of one in some rows of the metal or of the salt.
  private func image(
    _ simulation: Simulation, _ front: MovingFront, _ isMetal: Bool, _ changed: ClosedRange<Int>
  ) throws(SolverFailure) -> Wave {
    let grid = simulation.grid
    let (cell, ell) = (grid.spacing.z, simulation.interfaceWidth)
    let c0 = setup.electrolyte.concentration.value
    let cosines = (0..<grid.count.x).map { cos(2 * Double.pi * (Double($0) + 0.5) / Double(grid.count.x)) }
    func wave(_ point: SIMD3<Double>, _ z: Int, _ isMeant: Bool) -> Double {
      isMeant && changed.contains(z) ? Self.change * cosines[Int(point.x / grid.spacing.x)] : 0
    }
    try simulation.begin(
      metal: { point in
        let z = Int(point.z / cell)
        return ell * (front.distance[z] + wave(point, z, isMetal))
      },
      salt: { point in
        let z = Int(point.z / cell)
        guard z < front.salt.count else { return front.profile[point.z - front.height] }
        return front.salt[z] + c0 * wave(point, z, !isMetal)
      })
    try simulation.step()
    func amplitudes(_ value: (Int, Int) -> Double) -> [Double] {
      front.salt.indices.map { z in
        2 / Double(grid.count.x) * cosines.indices.reduce(0) { $0 + cosines[$1] * value($1, z) }
      }
    }
    return Wave(
      distance: amplitudes { x, z in Self.distance(simulation.metal[x, 0, z]) },
      salt: amplitudes { x, z in simulation.salt[x, 0, z] / c0 })
  }
}
