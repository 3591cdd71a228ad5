import Spectral

/// Young's angle θ on a flat wall, inside the metal, radians.
enum SharpWall {
  case uniform(angle: Double)
  /// An island from −halfWidth to halfWidth under the middle of the cap, repeated at the pitch if there is
  /// one. Its edges are blurred: cosθ is mixed by the normal distribution with the standard deviation `blur`.
  /// Lengths in m.
  case island(halfWidth: Double, inside: Double, outside: Double, blur: Double, pitch: Double? = nil)

  /// θ at a distance from the middle of the cap, and its derivative, 1/m.
  func angle(at x: Double) -> (value: Double, slope: Double) {
    switch self {
    case .uniform(let angle): return (angle, 0)
    case .island(let halfWidth, let inside, let outside, let blur, let pitch):
      var (share, slope) = (0.0, 0.0)
      for middle in pitch.map({ period in (-4...4).map { Double($0) * period } }) ?? [0] {
        for side in [-1.0, 1] {
          let z = (side * halfWidth - (x - middle)) / blur
          share += side * erfc(-z * 0.5.squareRoot()) / 2
          slope -= side * exp(-z * z / 2) / (2 * Double.pi).squareRoot() / blur
        }
      }
      let cosine = cos(outside) + (cos(inside) - cos(outside)) * share
      let sine = (1 - cosine * cosine).squareRoot()
      return (acos(cosine), (cos(outside) - cos(inside)) * slope / sine)
    }
  }
}

/// The surface of a sharp cap in space: right-hand sides of its equations (`SharpCap`) and their derivatives.
struct SharpSurface {
  let parameters: SharpCap.Parameters
  /// Half the base at the start, m. With w = ln(r/unit) as unknowns the most digits are left for differences.
  let unit: Double
  /// φ of the nodes; they are dense at the contact line.
  let nodes: [Double]
  /// Share of φ that belongs to each node, up to halfway to its neighbours.
  let shares: [Double]

  /// Spacings of φ grow by e³ from the contact line to the apex.
  init(_ parameters: SharpCap.Parameters, unit: Double, intervals: Int) {
    self.parameters = parameters
    self.unit = unit
    nodes = (0...intervals).map { .pi / 2 * expm1(3 * Double($0) / Double(intervals)) / expm1(3) }
    let halfways = [0] + zip(nodes, nodes.dropFirst()).map { ($0 + $1) / 2 } + [.pi / 2]
    shares = zip(halfways, halfways.dropFirst()).map { $1 - $0 }
  }

  /// r, m.
  func radius(_ w: Double) -> Double { unit * exp(w) }

  /// r²/2 at the nodes, m².
  func sectors(_ w: [Double]) -> [Double] { w.map { unit * unit * exp(2 * $0) / 2 } }

  /// Area of the whole cap, m².
  func area(_ w: [Double]) -> Double { 2 * zip(shares, sectors(w)).reduce(0) { $0 + $1.0 * $1.1 } }

  /// A circular cap whose base is two units wide, bent at its foot to the angle of the wall: w at the nodes.
  ///
  /// r² of the circle is multiplied by 1 + ε exp(−φ/d); a scale takes the area away that this adds.
  func circle(angle: Double, foot d: Double) -> [Double] {
    let (sine, cosine) = (sin(angle), cos(angle))
    let circle = nodes.map { node in
      log(((1 - pow(cosine * cos(node), 2)).squareRoot() - cosine * sin(node)) / sine)
    }
    let exact = unit * unit * (angle - sine * cosine) / (sine * sine)
    var w = circle
    // The wall's angle is that of the place to which the bend moves the line.
    for _ in 0..<60 {
      let wall = parameters.wall.angle(at: radius(w[0])).value
      // ε/(1 + ε)
      let bend = min(0.9, 2 * d * (1 / tan(wall) - cosine / sine))
      let bent = zip(nodes, circle).map { $1 + log1p(bend / (1 - bend) * exp(-$0 / d)) / 2 }
      let scale = log(exact / area(bent)) / 2
      w = zip(w, bent).map { ($0 + $1 + scale) / 2 }
    }
    return w
  }

  /// Potential that the condition asks of a shape, V: by bisection, since the current falls with the
  /// potential.
  func potential(_ w: [Double]) -> Double {
    if case .held(let potential) = parameters.condition { return potential }
    let balances = linearised(w, 0).nodes.map { -parameters.capillaryConstant * $0.curvature }
    var (low, high) = ((balances.min() ?? 0) - 1, (balances.max() ?? 0) + 1)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if linearised(w, middle).excess > 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  // MARK: Derivatives

  /// A node: K, 1/m; the rate of r²/2, m²/s; its derivatives by w of the node before, its own and the next;
  /// by φ_k.
  struct Node {
    var curvature, rate: Double
    var slopes: SIMD3<Double>
    var byPotential: Double
  }

  struct Linearised {
    var nodes: [Node]
    /// What must vanish for the condition: half the growth of the area beyond what the current brings, m²/s.
    /// Its derivatives by w and by φ_k.
    var excess: Double
    var row: [Double]
    var byPotential: Double
  }

  /// m and arctan m between two nodes, with the derivatives of m by w before and behind.
  private struct Face {
    var slope = 0.0
    var angle = 0.0
    var derivative = SIMD2<Double>.zero
    var turn: SIMD2<Double> { derivative / (1 + slope * slope) }
  }

  func linearised(_ w: [Double], _ potential: Double) -> Linearised {
    let faces = faces(w)
    let nodes = w.indices.map { node($0, w, potential, faces) }
    guard case .contactCurrent(let density) = parameters.condition else {
      return Linearised(nodes: nodes, excess: 0, row: w.map { _ in 0 }, byPotential: 1)
    }
    let supply = parameters.volumePerCharge * density * radius(w[0])
    var sum = Linearised(nodes: nodes, excess: -supply, row: w.map { _ in 0 }, byPotential: 0)
    sum.row[0] = -supply
    for (j, node) in nodes.enumerated() {
      sum.excess += shares[j] * node.rate
      sum.byPotential += shares[j] * node.byPotential
      for k in max(0, j - 1)...min(j + 1, w.count - 1) { sum.row[k] += shares[j] * node.slopes[k - j + 1] }
    }
    return sum
  }

  /// n + 1 faces of n nodes: the contact line, those between nodes, the apex.
  private func faces(_ w: [Double]) -> [Face] {
    let wall = parameters.wall.angle(at: radius(w[0]))
    let slope = -1 / tan(wall.value)
    let derivative = (1 + slope * slope) * wall.slope * radius(w[0])
    var faces = [Face(slope: slope, angle: wall.value - .pi / 2, derivative: SIMD2(0, derivative))]
    for j in 1..<w.count {
      let width = nodes[j] - nodes[j - 1]
      let slope = (w[j] - w[j - 1]) / width
      faces.append(Face(slope: slope, angle: atan(slope), derivative: SIMD2(-1 / width, 1 / width)))
    }
    return faces + [Face()]
  }

  private func node(_ j: Int, _ w: [Double], _ potential: Double, _ faces: [Face]) -> Node {
    let (before, behind) = (faces[j], faces[j + 1])
    /// Derivatives by three nodes of a sum of both faces.
    func combined(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD3<Double> {
      SIMD3(a.x, a.y + b.x, b.y)
    }
    // m of the node: the mean of its faces, and at the ends what is given there.
    let weight = j == 0 ? 1 : j == w.count - 1 ? 0 : 0.5
    let m = weight * before.slope + (1 - weight) * behind.slope
    let squared = 1 + m * m
    let length = radius(w[j]) * squared.squareRoot()
    let stretch =
      m / squared * combined(weight * before.derivative, (1 - weight) * behind.derivative)
      + SIMD3(0, 1, 0)
    let curvature = (1 - (behind.angle - before.angle) / shares[j]) / length
    let bending = combined(before.turn, -behind.turn) / (shares[j] * length) - curvature * stretch
    let (current, slope) = current(potential + parameters.capillaryConstant * curvature)
    let c = parameters.volumePerCharge * length
    return Node(
      curvature: curvature, rate: c * current,
      slopes: c * (slope * parameters.capillaryConstant * bending + current * stretch),
      byPotential: c * slope)
  }

  /// i, A/m², at an overpotential in V, and its derivative.
  private func current(_ overpotential: Double) -> (value: Double, slope: Double) {
    let f = parameters.inverseThermalVoltage
    let cathodic = parameters.cathodicTransferCoefficient * f
    let forward = parameters.exchangeCurrentDensity * exp(-cathodic * overpotential)
    let backward = parameters.exchangeCurrentDensity * exp((f - cathodic) * overpotential)
    return (forward - backward, -cathodic * forward - (f - cathodic) * backward)
  }
}
