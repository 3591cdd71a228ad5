import Electrodeposition
import Spectral

extension Problem {
  static let wetting: [Problem] =
    [
      Problem(
        number: "4a", name: "Gibbs-Thomson, half cylinder", source: "phi_k - phi = -Gamma/R",
        compares: "the potential at which the total current changes sign with -Gamma/R", expectedOrder: nil,
        tolerance: 1e-2, meaning: "relative error of the potential (of the radius in balance)",
        run: { try GibbsThomson.balance($0, curvatures: 1) }),
      Problem(
        number: "4b", name: "Gibbs-Thomson, half sphere", source: "phi_k - phi = -2 Gamma/R",
        compares: "the potential at which the total current changes sign with -2 Gamma/R", expectedOrder: nil,
        tolerance: 1e-2, meaning: "relative error of the potential (of the radius in balance)",
        run: { try GibbsThomson.balance($0, curvatures: 2) }),
    ]
    + [
      Problem(
        number: "7", name: "contact angle", source: "Young's equation",
        compares: "the angle of relaxed caps at open circuit, started from another angle, with Young's",
        expectedOrder: nil, tolerance: 1.5, meaning: "largest error of the angle, degrees",
        run: { try SessileCap.errors($0) }),
      Problem(
        number: "7b", name: "contact angle, three dimensions", source: "Young's equation",
        compares: "the angle of relaxed round caps at open circuit, in their middle plane, with Young's",
        expectedOrder: nil, tolerance: 1.5, meaning: "largest error of the angle, degrees",
        run: { try SessileCap.errorsInSpace($0) }),
      Problem(
        number: "30", name: "caps that rest side by side", source: "a cap at Young's angle is at rest",
        compares: "two caps at their angle, 5 l/sin(theta) apart, with themselves after 10 R^2/M",
        expectedOrder: nil, tolerance: 0.05,
        meaning: "largest relative change of the height; none if they join",
        run: RestingCaps.stay),
      Problem(
        number: "24a", name: "contact angle against b", source: "nothing depends on b",
        compares: "the angles of relaxed caps at b = 1.5 M and 5 M", expectedOrder: nil, tolerance: 0.3,
        meaning: "largest difference of the angles, degrees", run: { try SessileCap.dependence($0) }),
    ] + pinning
}

/// Round metal on the bottom of a box without substrate, which mirrors it.
enum GibbsThomson {
  /// - Parameter curvatures: 1 for a cylinder, 2 for a sphere.
  static func balance(_ effort: Effort, curvatures: Double) throws -> Outcome {
    let isSphere = curvatures > 1
    var radii = isSphere ? [8.0, 16, 32] : [12.0, 20]
    if effort == .full { radii.append(40) }
    var results: [(String, Double)] = []
    for radius in radii {
      let setup = lump(radius: radius, isSphere: isSphere)
      let expected = -curvatures * setup.capillaryConstant / (radius * setup.box.cell)
      let found = try bracket(2 * expected, 0, to: 1e-4 * abs(expected)) { try current(setup, at: $0) }
      results.append(("R = \(Int(radius)) cells", abs(found / expected - 1)))
    }
    let last = radii[radii.count - 1]
    let balance = -curvatures * lump(radius: last, isSphere: isSphere).capillaryConstant
    let potential = balance / (last * PlainCell().cell)
    let smaller = try current(lump(radius: 0.95 * last, isSphere: isSphere), at: potential)
    let larger = try current(lump(radius: 1.05 * last, isSphere: isSphere), at: potential)
    let isUnstable = smaller < 0 && larger > 0
    if !isUnstable { results.append(("smaller and larger do not part", .infinity)) }
    return Outcome(
      resolutions: results,
      note: isUnstable ? "5 % smaller shrinks, 5 % larger grows" : "currents \(smaller) and \(larger) A")
  }

  /// Periodic neighbours do not matter in balance: the box is just large enough for the tails.
  private static func lump(radius: Double, isSphere: Bool) -> Case {
    var cell = PlainCell()
    cell.width = 2 * (1.05 * radius + 9).rounded(.up)
    cell.depth = isSphere ? cell.width : nil
    cell.height = 8 * ((1.05 * radius + 12) / 8).rounded(.up)
    let middle = cell.width / 2 * cell.cell
    cell.seeds = Seeds(caps: [.init(x: middle, y: middle, radius: radius * cell.cell)])
    cell.numerics.potentialTolerance = 1e-8
    return cell.setup
  }

  /// Current density at the first moment.
  private static func current(_ setup: Case, at voltage: Double) throws -> Double {
    var setup = setup
    setup.stages = [Stage(.potential(voltage), until: Limits(time: 1))]
    return try Simulation(setup, threads: 1).faradaicCurrent
  }

  /// Zero of an almost straight function between two arguments: false position with halved weights, so that
  /// both ends close in.
  private static func bracket(
    _ low: Double, _ high: Double, to width: Double, _ f: (Double) throws -> Double
  ) rethrows -> Double {
    var (a, b) = (low, high)
    var (fa, fb) = (try f(a), try f(b))
    var last = a
    for _ in 0..<30 where fa != fb {
      let next = b - fb * (b - a) / (fb - fa)
      let value = try f(next)
      if value * fb < 0 { (a, fa) = (b, fb) } else { fa /= 2 }
      (b, fb) = (next, value)
      if abs(next - last) < width { break }
      last = next
    }
    return b
  }
}

/// A sessile cap on an insulating substrate, which floats and so keeps its volume.
struct SessileCap {
  /// Young's angle, degrees.
  let angle: Double
  /// A round cap, or the two-dimensional one.
  var isRound = false

  private var young: Double { angle * .pi / 180 }
  /// The angle it starts with, towards 90 degrees.
  private var start: Double { young + (Double.pi / 2 - young) / 4 + (angle == 90 ? -Double.pi / 9 : 0) }

  /// Young's angles, degrees. The flat and the round caps take long.
  private static func angles(_ effort: Effort, from flattest: Double) -> [Double] {
    let all = effort == .full ? [20.0, 30, 60, 90, 120, 150, 160] : [60, 90, 120, 160]
    return all.filter { $0 >= flattest }
  }

  static func errors(_ effort: Effort) throws -> Outcome {
    try collect(angles(effort, from: 20).map { SessileCap(angle: $0) }) { cap in
      let found = try cap.relaxed(mobilityFactor: 1)
      return (abs(found - cap.angle), "\(found)")
    }
  }

  static func errorsInSpace(_ effort: Effort) throws -> Outcome {
    let angles = effort == .full ? [45.0, 60, 90, 120, 135] : [120]
    return try collect(angles.map { SessileCap(angle: $0, isRound: true) }) { cap in
      let found = try cap.relaxed(mobilityFactor: 1)
      return (abs(found - cap.angle), "\(found)")
    }
  }

  static func dependence(_ effort: Effort) throws -> Outcome {
    try collect(angles(effort, from: 30).filter { $0 <= 150 }.map { SessileCap(angle: $0) }) { cap in
      let found = try [1, 10.0 / 3].map { try cap.relaxed(mobilityFactor: $0) }
      return (abs(found[0] - found[1]), "\(found[0]) and \(found[1])")
    }
  }

  private static func collect(
    _ caps: [SessileCap], _ measure: (SessileCap) throws -> (error: Double, note: String)
  ) rethrows -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for cap in caps {
      let (error, note) = try measure(cap)
      results.append(("\(Int(cap.angle)) degrees, R = \(Int(cap.radius)) cells", error))
      notes.append(note)
    }
    results.append(("all", results.map(\.1).max() ?? .infinity))
    return Outcome(resolutions: results, note: notes.joined(separator: "; "))
  }

  /// Radius in cells at ℓ = 1.5 cells: R ≥ 13ℓ and a height R(1 − cosθ) ≥ 5ℓ.
  private var radius: Double {
    let ell = Numerics().interfaceWidth
    return max(13 * ell, 5 * ell / (1 - cos(young))).rounded(.up)
  }

  /// Area of a circular segment over R²; of a round cap its volume over πR³/3.
  private func segment(_ angle: Double) -> Double {
    let cosine = cos(angle)
    return isRound ? (2 + cosine) * (1 - cosine) * (1 - cosine) : angle - sin(angle) * cosine
  }

  func setup(mobilityFactor: Double) -> Case {
    var cell = PlainCell()
    let final = radius
    let first = final * pow(segment(young) / segment(start), isRound ? 1.0 / 3 : 0.5)
    let halfWidth = max(
      final * (young < .pi / 2 ? sin(young) : 1), first * (start < .pi / 2 ? sin(start) : 1))
    let top = max(final * (1 - cos(young)), first * (1 - cos(start)))
    cell.width = 2 * (halfWidth + 16).rounded(.up)
    cell.depth = isRound ? cell.width : nil
    cell.height = (top + 24).rounded(.up)
    cell.substrate = Substrate(matrix: PlainCell.surface("insulator", young, .insulating))
    let middle = cell.width / 2 * cell.cell
    cell.seeds = Seeds(caps: [.init(x: middle, y: middle, radius: first * cell.cell, angle: start)])
    cell.numerics.mobilityFactor = mobilityFactor
    var setup = cell.setup
    setup.stages = [Stage(.rest, until: Limits(time: relaxationTime(setup, final * cell.cell)))]
    return setup
  }

  /// 2 R²/M; 5 R²/M at 150 degrees.
  private func relaxationTime(_ setup: Case, _ r: Double) -> Double {
    (angle > 135 ? 5 : 2) * r * r / setup.capillaryMobility
  }

  private func relaxed(mobilityFactor: Double) throws -> Double {
    let simulation = try Simulation(setup(mobilityFactor: mobilityFactor), threads: 1)
    while simulation.endReason == nil { try simulation.step() }
    return Contour(simulation).contactAngle * 180 / .pi
  }
}

/// The line ξ = ½ above 3ℓ over the substrate's surface, in three dimensions in the middle plane of the box.
struct Contour {
  /// Points (x, height above the surface), m.
  private(set) var points: [SIMD2<Double>] = []

  init(_ simulation: Simulation) {
    let grid = simulation.grid
    let profile = simulation.metalProfile
    let middle = grid.count.y / 2
    func logit(_ x: Int, _ z: Int) -> Double {
      let xi = max(1e-12, min(1 - 1e-12, profile[grid.index(x, middle, z)]))
      return log(xi / (1 - xi))
    }
    let floor = 3 * simulation.interfaceWidth
    // ln(ξ/(1−ξ)) = −d/ℓ is a straight line across the interface.
    for x in 0..<grid.count.x - 1 {
      for z in 0..<grid.count.z - 1 where grid.height(z) > floor {
        let (here, right, up) = (logit(x, z), logit(x + 1, z), logit(x, z + 1))
        let position = SIMD2((Double(x) + 0.5) * grid.spacing.x, grid.height(z))
        if here * right < 0 { points.append(position + SIMD2(grid.spacing.x * here / (here - right), 0)) }
        if here * up < 0 { points.append(position + SIMD2(0, grid.spacing.z * here / (here - up))) }
      }
    }
  }

  /// Circle through the points: least squares of x² + z² = 2 a x + 2 b z + c, solved by elimination about
  /// the points' mean. Its angle with the surface, cosθ = −b/R.
  var contactAngle: Double {
    let n = Double(points.count)
    let mean = points.reduce(SIMD2(0, 0), +) / n
    var (xx, xz, zz, xq, zq) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var qMean = 0.0
    for point in points {
      let p = point - mean
      let q = p.x * p.x + p.y * p.y
      xx += p.x * p.x
      xz += p.x * p.y
      zz += p.y * p.y
      xq += p.x * q / 2
      zq += p.y * q / 2
      qMean += q / n
    }
    let determinant = xx * zz - xz * xz
    let a = (xq * zz - zq * xz) / determinant
    let b = (zq * xx - xq * xz) / determinant
    let radius = (qMean + a * a + b * b).squareRoot()
    return acos(max(-1, min(1, -(mean.y + b) / radius)))
  }
}
