import Electrodeposition

extension Problem {
  static let independence: [Problem] = [
    Problem(
      number: "24b", name: "roughness of a film against b", source: "nothing depends on b",
      compares: "roughness at 30 nm of a film grown from islands at half and double b with that at b",
      expectedOrder: nil, tolerance: 0.01, meaning: "largest relative difference",
      run: { try Independence.compare($0, .mobility, \.roughness) }),
    Problem(
      number: "24c", name: "closing of a film against b", source: "nothing depends on b",
      compares:
        "the thickness from which metal leaves less than 1 % of the wall at half and double b with that at b",
      expectedOrder: nil, tolerance: 0.02, meaning: "largest relative difference",
      run: { try Independence.compare($0, .mobility, \.closing) }),
    Problem(
      number: "24d", name: "leaving the island against b", source: "nothing depends on b",
      compares: "the moment at which blocked seeds touch the matrix at half and double b with that at b",
      expectedOrder: nil, tolerance: 0.02, meaning: "largest relative difference",
      run: { try Independence.compare($0, .mobility, \.contact) }),
    Problem(
      number: "24e", name: "a film against the step", source: "nothing depends on the step",
      compares: "moment of contact, closing, roughness and current at 30 nm at a quarter of the step",
      expectedOrder: nil, tolerance: 0.01, meaning: "largest relative difference",
      run: { try Independence.compareAll($0, .step) }),
    Problem(
      number: "24f", name: "a film against its place", source: "nothing depends on where cells lie",
      compares: "the same with islands and seeds shifted by a third and by a half of a cell",
      expectedOrder: nil, tolerance: 0.02, meaning: "largest relative difference",
      run: { try Independence.compareAll($0, .place) }),
    Problem(
      number: "24g", name: "a film against its place, three dimensions",
      source: "nothing depends on where cells lie",
      compares: "roughness at 20 nm with islands and seeds shifted by a third of a cell both ways",
      expectedOrder: nil, tolerance: 0.02, meaning: "relative difference",
      run: { _ in try Independence.shiftedInSpace() }),
  ]
}

/// Films from seeds on islands, one pitch wide (the neighbours are the same): what they look like must not depend on numbers
/// of the method.
enum Independence {
  struct Film {
    /// Moment at which a blocked seed touches the matrix, s.
    var contact = Double.nan
    /// Thickness at which less than 1 % of the substrate is bare, m.
    var closing = Double.nan
    /// Roughness (m) and current density (A/m²) at 30 nm of metal (20 nm in three dimensions).
    var roughness = Double.nan
    var current = Double.nan
  }

  /// What is varied; each variant changes the cell.
  enum Parameter {
    case mobility, step, place

    var variants: [(name: String, change: (inout PlainCell) -> Void)] {
      switch self {
      case .mobility:
        [("b/2", { $0.numerics.mobilityFactor = 0.5 }), ("2b", { $0.numerics.mobilityFactor = 2 })]
      case .step:
        [
          (
            "a quarter of the step",
            {
              $0.numerics.maximumFrontStep /= 4
              $0.numerics.frontTolerance /= 16
            }
          )
        ]
      case .place:
        [1.0 / 3, 0.5].map { part in
          ("\(part) cells", { $0.substrate?.islands?.shift.x = part * $0.cell })
        }
      }
    }
  }

  static func compare(
    _ effort: Effort, _ parameter: Parameter, _ figure: KeyPath<Film, Double>
  ) throws -> Outcome {
    try collect(effort, parameter, [figure])
  }

  static func compareAll(_ effort: Effort, _ parameter: Parameter) throws -> Outcome {
    try collect(effort, parameter, [\.contact, \.closing, \.roughness, \.current])
  }

  private static func collect(
    _ effort: Effort, _ parameter: Parameter, _ figures: [KeyPath<Film, Double>]
  ) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for size in effort == .full ? [2e-9, 1e-9, 0.5e-9] : [1e-9] {
      let standard = try film(size) { _ in }
      var worst = 0.0
      for (name, change) in parameter.variants {
        let found = try film(size, change)
        let differences = figures.map { found[keyPath: $0] / standard[keyPath: $0] - 1 }
        worst = differences.reduce(worst) { $1.isNaN ? .infinity : max($0, abs($1)) }
        notes.append(
          "\(name): " + differences.map(percent).joined(separator: ", "))
      }
      results.append(("\(size * 1e9) nm cells", worst))
    }
    return Outcome(resolutions: results, note: notes.joined(separator: "; "))
  }

  /// A film from blocked seeds.
  private static func film(_ size: Double, _ change: (inout PlainCell) -> Void) throws -> Film {
    var cell = Conservation.islands(1, barrier: true, cell: size)
    cell.stages = [Stage(.potential(-0.1), until: Limits(thickness: 40e-9))]
    // A step ends where roughness and current are read.
    cell.output = OutputSchedule(everyThickness: 30e-9)
    change(&cell)
    return try grow(cell.setup, to: 30e-9)
  }

  static func shiftedInSpace() throws -> Outcome {
    func roughness(_ shift: Double) throws -> Double {
      var cell = Conservation.islands(1, barrier: false, cell: 2e-9)
      cell.depth = cell.width
      cell.height = 40
      cell.substrate?.islands?.shift = SIMD2(shift, shift) * cell.cell
      cell.stages = [Stage(.potential(-0.1), until: Limits(thickness: 20e-9))]
      return try grow(cell.setup, to: 20e-9).roughness
    }
    let (here, there) = (try roughness(0), try roughness(1.0 / 3))
    return Outcome(resolutions: [("2 nm cells", abs(there / here - 1))], note: "\(here) and \(there) m")
  }

  private static func grow(_ setup: Case, to thickness: Double) throws -> Film {
    let simulation = try Simulation(setup, threads: 1)
    var film = Film()
    var watch = ContactWatch(simulation)
    var last = simulation.observables
    var bare = simulation.bareShare
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      if film.contact.isNaN, let share = watch.passed(simulation) {
        film.contact = between(last, now, share, \.time)
      }
      let rest = simulation.bareShare
      if bare >= 0.01 && rest < 0.01 {
        film.closing = between(last, now, (bare - 0.01) / (bare - rest), \.equivalentThickness)
      }
      bare = rest
      if film.roughness.isNaN, now.equivalentThickness > thickness * (1 - 1e-6) {
        (film.roughness, film.current) = (now.roughness, now.currentDensity)
      }
      last = now
    }
    return film
  }
}

/// When metal that stands on an island comes to lie on the matrix too: between two steps where its contact outgrows the
/// island, by a straight line.
struct ContactWatch {
  private var area: Double

  init(_ simulation: Simulation) { area = simulation.contactAreas.reduce(0, +) }

  /// The share of the last step after which it does, if it lies in that step.
  mutating func passed(_ simulation: Simulation) -> Double? {
    let areas = simulation.contactAreas
    let (before, now) = (area, areas[0] + areas[1])
    area = now
    guard areas[0] > 0 else { return nil }
    return now > before ? min(1, max(0, (areas[1] - before) / (now - before))) : 1
  }
}

extension Simulation {
  /// Share of the wall that metal does not touch, to a fraction of a cell: the history counts columns.
  var bareShare: Double { 1 - contactAreas.reduce(0, +) / grid.area }
}

/// A figure at a share of a step, by a straight line.
func between(
  _ before: Observables, _ after: Observables, _ share: Double, _ figure: KeyPath<Observables, Double>
) -> Double {
  before[keyPath: figure] + share * (after[keyPath: figure] - before[keyPath: figure])
}
