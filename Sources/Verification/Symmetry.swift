import Electrodeposition

extension Problem {
  static let symmetry: [Problem] = [
    Problem(
      number: "29", name: "symmetry of space", source: "nothing prefers a direction",
      compares:
        "heights on islands from two unequal seeds with those of the mirrored, exchanged and turned case",
      expectedOrder: nil, tolerance: 1e-6,
      meaning: "largest difference over the thickness before pieces meet (at most 1e-3 after)",
      run: Symmetry.compare)
  ]
}

/// Two unequal seeds that lie unevenly on islands (in three dimensions one, which stays alone), and the same case seen in a
/// mirror or turned.
enum Symmetry {
  /// Height of the metal in each column (x·ny + y), m, before the seeds meet and at the end.
  struct Moments {
    var before: [Double]
    var after: [Double]
  }

  /// What is done to a square of edge 1.
  private enum Turn {
    case none, mirror, exchange, quarter

    /// Where a place comes to lie.
    func move(_ place: SIMD2<Double>) -> SIMD2<Double> {
      switch self {
      case .none: place
      case .mirror: SIMD2(1 - place.x, place.y)
      case .exchange: SIMD2(place.y, place.x)
      case .quarter: SIMD2(1 - place.y, place.x)
      }
    }
  }

  static func compare(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    func add(_ turns: [Turn], _ size: Double, depth: Bool, _ current: Double?) throws {
      let label =
        "\(depth ? "3D" : "2D"), \(size * 1e9) nm, \(current == nil ? "-0.1 V" : "2 mA/cm^2")"
      let found = try differences(turns, size, depth: depth, current)
      results.append((label, found.after < 1e-3 ? found.before : .infinity))
      notes.append("\(found.after)")
    }
    for current in [nil, 20.0] {
      for size in effort == .full ? [2e-9, 1e-9] : [2e-9] { try add([.mirror], size, depth: false, current) }
      try add([.mirror, .exchange, .quarter], 2e-9, depth: true, current)
    }
    results.append(("all", results.map(\.1).max() ?? .infinity))
    return Outcome(
      resolutions: results,
      note: "at the end, in two dimensions after the seeds have met: " + notes.joined(separator: ", "))
  }

  /// Largest differences of a height from that of the same place in the turned cases, over the mean thickness.
  private static func differences(
    _ turns: [Turn], _ size: Double, depth: Bool, _ current: Double?
  ) throws -> (before: Double, after: Double) {
    let rows = depth ? Int((pitch / size).rounded()) : 1
    let first = try heights(.none, size, depth: depth, current)
    var largest = (before: 0.0, after: 0.0)
    for turn in turns {
      let turned = try heights(turn, size, depth: depth, current)
      largest.before = max(largest.before, difference(first.before, turned.before, turn, rows))
      largest.after = max(largest.after, difference(first.after, turned.after, turn, rows))
    }
    return largest
  }

  private static func difference(_ first: [Double], _ turned: [Double], _ turn: Turn, _ rows: Int) -> Double {
    guard turned.count == first.count, !first.isEmpty else { return .infinity }
    let width = first.count / rows
    let mean = first.reduce(0, +) / Double(first.count)
    return first.indices.map { i in
      let place = SIMD2((Double(i / rows) + 0.5) / Double(width), (Double(i % rows) + 0.5) / Double(rows))
      let there = turn.move(place)
      let (x, y) = (Int(there.x * Double(width)), rows > 1 ? Int(there.y * Double(rows)) : 0)
      return abs(turned[x * rows + y] - first[i]) / mean
    }.max() ?? .infinity
  }

  private static let pitch = 60e-9

  private static func heights(_ turn: Turn, _ size: Double, depth: Bool, _ current: Double?) throws -> Moments
  {
    let simulation = try Simulation(setup(turn, size, depth: depth, current), threads: 1)
    let pieces = simulation.observables.pieces
    var apart: [[Double]] = []
    while simulation.endReason == nil {
      try simulation.step()
      if simulation.outputIsDue, simulation.observables.pieces == pieces {
        apart.append(heights(of: simulation))
      }
    }
    // A tenth of the run before: as the last gap closes, what differs by a rounding comes to differ by its width.
    return Moments(before: apart.dropLast(8).last ?? [], after: heights(of: simulation))
  }

  private static func setup(_ turn: Turn, _ size: Double, depth: Bool, _ current: Double?) -> Case {
    let edge = depth ? pitch : 2 * pitch
    var cell = PlainCell()
    cell.cell = size
    cell.width = (edge / size).rounded()
    cell.depth = depth ? cell.width : nil
    cell.height = ((depth ? 48e-9 : 72e-9) / size).rounded()
    cell.substrate = Substrate(
      matrix: PlainCell.surface("Ni", 2 * .pi / 3, PlainCell.ohmic),
      islands: Islands(
        diameter: pitch / 2, pitch: pitch, surface: PlainCell.surface("Na3Sb", .pi / 6, PlainCell.ohmic)))
    let seeds = depth ? [(SIMD2(0.43, 0.56), 10e-9)] : [(SIMD2(0.27, 0), 10e-9), (SIMD2(0.69, 0), 9e-9)]
    cell.seeds = Seeds(
      caps: seeds.map { place, radius in
        let there = turn.move(place) * edge
        return .init(x: there.x, y: there.y, radius: radius)
      })
    cell.numerics.potentialTolerance = 1e-7
    cell.numerics.saltTolerance = 1e-9
    let end = depth ? 2.5e-9 : 20e-9
    cell.stages = [
      Stage(current.map { .current($0) } ?? .potential(-0.1), until: Limits(thickness: end))
    ]
    cell.output.everyThickness = end / 80
    return cell.setup
  }

  private static func heights(of simulation: Simulation) -> [Double] {
    let (grid, profile) = (simulation.grid, simulation.metalProfile)
    return (0..<grid.count.x * grid.count.y).map { column in
      (0..<grid.count.z).reduce(0) {
        $0 + profile[grid.index(column / grid.count.y, column % grid.count.y, $1)]
      } * grid.spacing.z
    }
  }
}
