import Spectral

/// A metal cap on a flat wall in two dimensions whose surface is sharp: the limit of thin interfaces.
///
/// Polar curve r(φ, t) about the middle of the base, φ from 0 at the contact line to π/2 at the apex, where
/// it is mirrored. With m = ∂(ln r)/∂φ an element of its length is r√(1+m²) dφ; the normal speed v fills a
/// sector:
///
///     ∂(r²/2)/∂t = v r√(1+m²),   v = (V_m/F) i,   i = i0 [exp(−α_c f e) − exp((1−α_c) f e)]
///     e = φ_k + Γ K,   K = [1 − ∂(arctan m)/∂φ] / (r√(1+m²))
///     arctan m = θ(r) − π/2 at φ = 0,   m = 0 at φ = π/2
///
/// The electrolyte is at 0 V; i is positive where metal is plated, K on a bump. The contact line moves as
/// fast as Young's angle θ of its place asks. SI units, radians; areas and currents are those of a metre of
/// depth.
///
/// Finite volumes in φ keep ∫K ds = θ over half a cap, and the area with its current, to rounding. Second
/// order in φ, fourth in time.
///
/// Source: Mullins, J. Appl. Phys. 27 (1956) 900 (motion by curvature); Young's equation; Butler and Volmer.
struct SharpCap {
  enum Condition {
    /// A floating cap plates what its base (of width 2r at φ = 0) carries, A/m². 0: at rest.
    case contactCurrent(Double)
    /// Potential of the metal, V.
    case held(Double)
  }

  struct Parameters {
    /// i0, A/m².
    var exchangeCurrentDensity: Double
    /// α_c; the anodic one is 1 − α_c.
    var cathodicTransferCoefficient = 0.5
    /// f = F/(RT), 1/V.
    var inverseThermalVoltage: Double
    /// V_m/F, m³/C.
    var volumePerCharge: Double
    /// Γ = γ V_m/F, V m.
    var capillaryConstant: Double
    var wall: SharpWall
    var condition: Condition
  }

  struct Moment {
    /// s.
    var time: Double
    /// φ_k, V.
    var potential: Double
    /// Distance of the contact line from the middle, m.
    var halfBase: Double
    /// r at the apex, m.
    var height: Double
    /// Inside the metal at the contact line.
    var angle: Double
    /// Of the whole cap, m².
    var area: Double
  }

  struct Failure: Error, CustomStringConvertible {
    let time: Double
    var description: String { "the sharp cap cannot step on from \(time) s" }
  }

  /// Unknowns at a time in s: w = ln(r/unit) at the nodes, and φ_k in V.
  private struct State {
    var time: Double
    var w: [Double]
    var potential: Double
  }

  /// Largest relative error of r²/2 in a step of time.
  let tolerance: Double
  private let surface: SharpSurface
  private var state: State
  /// Step to try next, s.
  private var dt: Double
  /// Steps taken.
  private(set) var steps = 0

  /// A circular cap whose surface is bent to the wall's angle at its foot, with the area of the circular cap.
  ///
  /// - Parameters:
  ///   - angle: of the circular cap.
  ///   - intervals: of φ between nodes.
  ///   - foot: range of φ within which it is bent. The bend spreads at once and is forgotten.
  init(
    _ parameters: Parameters, halfBase: Double, angle: Double = .pi / 2, intervals: Int = 240,
    foot: Double = 0.006, tolerance: Double = 1e-7
  ) {
    self.tolerance = tolerance
    surface = SharpSurface(parameters, unit: halfBase, intervals: intervals)
    let w = surface.circle(angle: angle, foot: foot)
    state = State(time: 0, w: w, potential: surface.potential(w))
    // In the first step no sector changes by more than a thousandth.
    dt = zip(surface.sectors(w), surface.linearised(w, state.potential).nodes).reduce(.infinity) {
      min($0, 1e-3 * $1.0 / abs($1.1.rate))
    }
  }

  var moment: Moment {
    let base = surface.radius(state.w[0])
    return Moment(
      time: state.time, potential: state.potential, halfBase: base,
      height: surface.radius(state.w[state.w.count - 1]),
      angle: surface.parameters.wall.angle(at: base).value, area: surface.area(state.w))
  }

  /// Points (x, z) on the right half of the surface, from the contact line to the apex, m.
  var points: [SIMD2<Double>] {
    zip(surface.nodes, state.w).map { node, w in surface.radius(w) * SIMD2(cos(node), sin(node)) }
  }

  /// Goes on to a time, s, which the last step meets exactly.
  mutating func advance(to time: Double) throws -> Moment {
    while state.time < time { state = try next(by: time) }
    return moment
  }

  /// Goes on to the moment at which the contact line passes a place, m; to the time and `nil` if it does not.
  mutating func advance(untilHalfBase place: Double, before time: Double) throws -> Moment? {
    func distance(_ state: State) -> Double { surface.radius(state.w[0]) - place }
    while state.time < time {
      let next = try next(by: time)
      if distance(state) * distance(next) <= 0 {
        state = try zero(of: distance, from: state, to: next)
        return moment
      }
      state = next
    }
    return nil
  }

  // MARK: Time

  /// The state after the longest step that is accurate enough and ends by `time`; chooses the step after it.
  private mutating func next(by time: Double) throws -> State {
    while state.time + dt > state.time {
      let isLast = state.time + dt >= time
      let length = isLast ? time - state.time : dt
      guard let (found, error) = step(state, by: length) else {
        dt = length / 4
        continue
      }
      let factor = max(0.2, min(3, 0.9 * pow(error / tolerance, -0.25)))
      guard error <= tolerance else {
        dt = length * min(0.9, factor)
        continue
      }
      dt = max(isLast ? dt : 0, length * factor)
      steps += 1
      var next = found
      if isLast { next.time = time }
      return next
    }
    throw Failure(time: state.time)
  }

  /// Zero of a distance in m within a step, by steps of other lengths: false position with halved weights.
  private func zero(
    of distance: (State) -> Double, from first: State, to last: State
  ) throws -> State {
    var (a, b) = (0.0, last.time - first.time)
    var (low, high) = (distance(first), distance(last))
    var found = last
    for _ in 0..<60 where abs(high) > 1e-12 * surface.unit {
      let length = b - high * (b - a) / (high - low)
      guard let (next, _) = step(first, by: length) else { throw Failure(time: first.time) }
      let value = distance(next)
      if value * high < 0 { (a, low) = (b, high) } else { low /= 2 }
      (b, high, found) = (length, value, next)
    }
    return found
  }

  /// Diagonally implicit Runge–Kutta method of order 4, L-stable, whose last stage is the result; it holds
  /// the condition on the potential exactly.
  ///
  /// Source: Hairer and Wanner, Solving Ordinary Differential Equations II, table IV.6.5.
  private enum Method {
    static let diagonal = 0.25
    /// Weights of the stages before.
    static let rows: [[Double]] = [
      [], [1.0 / 2], [17.0 / 50, -1.0 / 25], [371.0 / 1360, -137.0 / 2720, 15.0 / 544],
      [25.0 / 24, -49.0 / 48, 125.0 / 16, -85.0 / 12],
    ]
    /// Weights of the difference to a method of order 3.
    static let errors = [-3.0 / 16, -27.0 / 32, 25.0 / 32, 0, 1.0 / 4]
  }

  /// One step and its largest relative error in r²/2; `nil` if a stage is not found.
  private func step(_ start: State, by dt: Double) -> (State, error: Double)? {
    let sectors = surface.sectors(start.w)
    var rates: [[Double]] = []
    func sum(_ weights: [Double], _ j: Int) -> Double {
      dt * zip(weights, rates).reduce(0) { $0 + $1.0 * $1.1[j] }
    }
    var stage = start
    for row in Method.rows {
      let known = sectors.indices.map { sectors[$0] + sum(row, $0) }
      guard let next = implicit(known, by: Method.diagonal * dt, from: stage) else { return nil }
      stage = next
      rates.append(zip(surface.sectors(next.w), known).map { ($0 - $1) / (Method.diagonal * dt) })
    }
    stage.time = start.time + dt
    return (stage, sectors.indices.reduce(0) { max($0, abs(sum(Method.errors, $1)) / sectors[$1]) })
  }

  /// Solves sectors = known + dt × their rates by Newton's method.
  private func implicit(_ known: [Double], by dt: Double, from guess: State) -> State? {
    var state = guess
    for _ in 0..<12 {
      guard let (changes, potential) = correction(state, known, dt) else { return nil }
      for j in changes.indices { state.w[j] += changes[j] }
      state.potential += potential
      let largest = changes.reduce(abs(potential) * surface.parameters.inverseThermalVoltage) {
        max($0, abs($1))
      }
      // Convergence is quadratic: after such a correction nothing is left.
      if largest < 1e-8 { return state }
      guard largest < 10 else { return nil }
    }
    return nil
  }

  /// Newton's correction of w and of φ_k: a tridiagonal system for both columns, then the condition for φ_k.
  private func correction(_ state: State, _ known: [Double], _ dt: Double) -> ([Double], Double)? {
    let sectors = surface.sectors(state.w)
    let linear = surface.linearised(state.w, state.potential)
    let nodes = linear.nodes
    var lower = nodes.dropFirst().map { -dt * $0.slopes.x }
    var diagonal = zip(sectors, nodes).map { 2 * $0 - dt * $1.slopes.y }
    var upper = nodes.dropLast().map { -dt * $0.slopes.z }
    var columns = nodes.indices.map { known[$0] + dt * nodes[$0].rate - sectors[$0] }
    columns += nodes.map { dt * $0.byPotential }
    guard Tridiagonal.solve(lower: &lower, diagonal: &diagonal, upper: &upper, rightHandSides: &columns)
    else { return nil }
    let (alone, response) = (columns[..<sectors.count], columns[sectors.count...])
    func product(_ column: ArraySlice<Double>) -> Double {
      zip(linear.row, column).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let potential = -(linear.excess + product(alone)) / (linear.byPotential + product(response))
    return (zip(alone, response).map { $0 + potential * $1 }, potential)
  }
}
