import Electrodeposition
import Spectral

extension Problem {
  static let pinning: [Problem] = [
    Problem(
      number: "8", name: "pinning of the contact line",
      source: "Gibbs: a line on an edge from 30 to 120 degrees rests at every angle between",
      compares: "the contact line of a slowly growing cap with the island's edge up to 90 degrees",
      expectedOrder: nil, tolerance: 1, meaning: "largest distance of the line beyond the edge over l",
      run: Pinning.slip),
    Problem(
      number: "8b", name: "depinning of the contact line",
      source: "Gibbs: a line on an edge leaves it at Young's angle on the far side",
      compares: "the angle of the same cap when its line has left the edge with 120 degrees",
      expectedOrder: nil, tolerance: 10, meaning: "error of the angle, degrees",
      run: Pinning.angle),
  ]
}

/// A cap that covers an island of width 2a, 30 degrees inside and 120 degrees outside, and grows slowly.
enum Pinning {
  private static let inside = 30 * Double.pi / 180
  private static let outside = 120 * Double.pi / 180
  /// Largest v R/M.
  private static let slowness = 0.05
  /// Steps from one look at the cap to the next; it turns by a hundredth of a degree.
  private static let stride = 20

  /// The line against the edge, positive outside, in ℓ, and the angle of the circle through the cap, degrees.
  private struct Look {
    var distance, angle: Double

    static let none = Look(distance: -.infinity, angle: 0)

    init(distance: Double, angle: Double) { (self.distance, self.angle) = (distance, angle) }

    init(_ simulation: Simulation) {
      let edge = (simulation.setup.substrate?.islands?.diameter ?? 0) / 2
      distance = (halfBase(simulation) - edge) / simulation.interfaceWidth
      angle = Contour(simulation).contactAngle * 180 / .pi
    }
  }

  /// From a cap of 75 degrees to one of 90.
  static func slip(_ effort: Effort) throws -> Outcome {
    try collect(effort) { ratio in
      var largest = 0.0
      var last = Look.none
      try grow(setup(ratio, from: 75)) { look in
        largest = max(largest, look.distance)
        last = look
        return look.angle < 90
      }
      return (last.angle < 90 ? .infinity : largest, "\(last.distance) l at \(last.angle) degrees")
    }
  }

  /// From a cap of 105 degrees until the line is 2ℓ beyond the edge: 88 % of its profile are then outside.
  static func angle(_ effort: Effort) throws -> Outcome {
    try collect(effort) { ratio in
      var last = Look.none
      try grow(setup(ratio, from: 105)) { look in
        last = look
        return look.distance < 2
      }
      let hasLeft = last.distance >= 2
      return (hasLeft ? abs(last.angle - 120) : .infinity, "\(last.distance) l at \(last.angle) degrees")
    }
  }

  private static func collect(
    _ effort: Effort, _ measure: (Double) throws -> (error: Double, note: String)
  ) rethrows -> Outcome {
    // a/ℓ
    let found = try (effort == .full ? [10.0, 16] : [10.0]).map { ratio in
      let (error, note) = try measure(ratio)
      return (label: "a = \(Int(ratio)) l", error: error, note: note)
    }
    return Outcome(
      resolutions: found.map { ($0.label, $0.error) }, note: found.map(\.note).joined(separator: "; "))
  }

  /// Grows a cap while `goesOn` says so, or to the end of its protocol.
  private static func grow(_ setup: Case, while goesOn: (Look) -> Bool) throws {
    let simulation = try Simulation(setup, threads: 1)
    repeat {
      for _ in 0..<stride where simulation.endReason == nil { try simulation.step() }
    } while goesOn(Look(simulation)) && simulation.endReason == nil
  }

  /// - Parameters: a/ℓ; angle of the cap at the start, degrees.
  private static func setup(_ ratio: Double, from start: Double) -> Case {
    var cell = PlainCell()
    let a = ratio * cell.numerics.interfaceWidth * cell.cell
    let angle = start * .pi / 180
    // For an even a/ℓ the edges lie between cells.
    cell.width = 4 * (ratio * cell.numerics.interfaceWidth).rounded(.up)
    cell.height = (2.1 * a / cell.cell + 24).rounded(.up)
    cell.substrate = Substrate(
      matrix: PlainCell.surface("matrix", outside, PlainCell.ohmic),
      islands: Islands(
        diameter: 2 * a, pitch: cell.width * cell.cell,
        surface: PlainCell.surface("island", inside, PlainCell.ohmic)))
    cell.seeds = Seeds(onIslands: .init(radius: a / sin(angle), angle: angle))
    // The forces at the line make b several times what it has to be, and the steps as much shorter.
    cell.numerics.mobilityFactor = 0.5
    var setup = cell.setup
    setup.stages = stages(setup, a, from: angle)
    return setup
  }

  /// dA/dt = 2θR v: a current for each 15 degrees, such that v R/M is largest at their beginning, and the last one
  /// for a cap that has left the edge.
  private static func stages(_ setup: Case, _ a: Double, from start: Double) -> [Stage] {
    var stages: [Stage] = []
    var angle = start
    while angle < outside {
      let next = min(outside, angle + .pi / 12)
      let growth = 2 * angle * slowness * setup.capillaryMobility
      let area = next < outside ? segment(a, next) : segment(1.4 * a, outside)
      stages.append(
        Stage(
          .current(growth / (setup.volumePerCharge * setup.box.width)),
          until: Limits(time: (area - segment(a, angle)) / growth)))
      angle = next
    }
    return stages
  }

  /// Area of a circular segment on a base of half-width a.
  private static func segment(_ a: Double, _ angle: Double) -> Double {
    a * a * (angle - sin(angle) * cos(angle)) / (sin(angle) * sin(angle))
  }

  /// Half the width of the metal at the surface of the substrate, the mean of both sides.
  private static func halfBase(_ simulation: Simulation) -> Double {
    let grid = simulation.grid
    let profile = simulation.metalProfile
    // ln(ξ/(1−ξ)) is a straight line across the interface; the surface lies below the lowest row.
    let logit = (0..<grid.count.x).map { x in
      [(0, 1.5), (1, -0.5)].reduce(0.0) { sum, row in
        let xi = max(1e-12, min(1 - 1e-12, profile[grid.index(x, 0, row.0)]))
        return sum + row.1 * log(xi / (1 - xi))
      }
    }
    var edges: [Double] = []
    for x in 0..<grid.count.x - 1 where logit[x] * logit[x + 1] < 0 {
      edges.append((Double(x) + 0.5 + logit[x] / (logit[x] - logit[x + 1])) * grid.spacing.x)
    }
    return edges.count == 2 ? (edges[1] - edges[0]) / 2 : .infinity
  }
}
