import Electrodeposition
import Spectral

/// Salt and potential ahead of a sharp, flat front in time: what the solver is held to through the limiting current.
///
/// The liquid moves on with the front, so that in the front's frame the salt diffuses and no more, over a layer that keeps
/// its thickness:
///
///     ∂c/∂t = D ∂²c/∂z²,  D ∂c/∂z = (1−t₊) i/F at z = 0,  c = c0 and φ = 0 at z = L
///     φ(0) = φ(L) − i ∫ c0/(σ0 c) dz + (2t₊−1)/f ln(c(L)/c(0))
///
/// and i follows from Butler–Volmer at c(0) and V − φ(0), or V from i. A counter electrode at z = L, its metal at 0 V, gives
/// the salt that the front takes, by the same kinetics. Cells that widen from the ends on, steps of BDF2 that lengthen by a
/// hundredth.
struct SharpLayer {
  /// Held (V) below a reservoir, or plating at a current density (A/m²; stripping below zero).
  enum Control {
    case potential(Double)
    case current(Double)
  }

  struct Row {
    /// s, A/m², V, mol/m³ at the front.
    var time, current, voltage, salt: Double
  }

  private let electrolyte: Electrolyte
  private let kinetics: Kinetics
  private let f: Double
  private let c0, diffusivity, perCharge: Double
  private let cells: [Double]
  private let middles: [Double]

  /// - Parameters:
  ///   - setup: metal, electrolyte and kinetics; no film, no double layer.
  ///   - thickness: L, m.
  init(_ setup: Case, thickness: Double, cells all: Int = 400) {
    electrolyte = setup.electrolyte
    kinetics = setup.kinetics
    f = Constants.faraday / (Constants.gas * setup.temperature.value)
    c0 = electrolyte.concentration.value
    diffusivity = electrolyte.saltDiffusivity.value
    perCharge = (1 - electrolyte.transferenceNumber.value) / Constants.faraday
    // The first cell is a millionth of the layer; a counter electrode needs as small ones.
    let isSealed = electrolyte.end == .counterElectrode
    let count = isSealed ? all / 2 : all
    let ratio = bisect(1.0001, 1.2) { (pow($0, Double(count)) - 1) / ($0 - 1) - 1e6 }
    let sum = (pow(ratio, Double(count)) - 1) / (ratio - 1)
    let widening = (0..<count).map { thickness * pow(ratio, Double($0)) / sum }
    cells = isSealed ? (widening + widening.reversed()).map { $0 / 2 } : widening
    var bottom = 0.0
    middles = cells.map { size in
      defer { bottom += size }
      return bottom + size / 2
    }
  }

  /// Rows from the start, in salt at rest, to a time (s), or to where no salt is left under a given current.
  func run(_ control: Control, until end: Double, firstStep: Double, growth: Double = 1.01) -> [Row] {
    var (now, before) = (cells.map { _ in c0 }, cells.map { _ in c0 })
    var (time, dt, last) = (0.0, firstStep, 0.0)
    var rows: [Row] = []
    while time < end * (1 - 1e-12) {
      dt = min(dt, end - time, end / 2000)
      let ratio = last > 0 ? dt / last : 0
      let (a, b) = (1 + ratio, ratio * ratio / (1 + ratio))
      let history = zip(now, before).map { (a * $0 - b * $1) / dt }
      let (free, perFlux) = solve(history, rate: (1 + 2 * ratio) / (1 + ratio) / dt)
      func salt(_ current: Double) -> [Double] { zip(free, perFlux).map { $0 + perCharge * current * $1 } }
      guard let found = balance(control, salt) else { break }
      (before, now) = (now, salt(found.current))
      time += dt
      last = dt
      dt *= growth
      rows.append(
        Row(time: time, current: found.current, voltage: found.voltage, salt: surface(now, found.current)))
    }
    return rows
  }

  /// Current and voltage that go with each other; `nil` where no salt is left for a given current.
  private func balance(_ control: Control, _ salt: (Double) -> [Double]) -> (
    current: Double, voltage: Double
  )? {
    switch control {
    case .potential(let voltage):
      // The largest current leaves nothing at the front.
      let resting = surface(salt(0), 0)
      let largest = resting / (resting - surface(salt(1), 1)) * (1 - 1e-13)
      let current = bisect(0, largest) { i in
        let c = salt(i)
        return rate(voltage - potential(c, i), surface(c, i)) - i
      }
      return (current, voltage)
    case .current(let current):
      let c = salt(current)
      let here = surface(c, current)
      guard here > 0, end(c, current) > 0 else { return nil }
      return (current, bisect(-5, 1) { rate($0, here) - current } + potential(c, current))
    }
  }

  private func rate(_ e: Double, _ salt: Double) -> Double {
    let alpha = kinetics.cathodicTransferCoefficient.value
    return kinetics.exchangeCurrentDensity.value
      * (salt / c0 * exp(-alpha * f * e) - exp((1 - alpha) * f * e))
  }

  /// c at the front, mol/m³.
  private func surface(_ salt: [Double], _ current: Double) -> Double {
    salt[0] - perCharge * current * cells[0] / 2 / diffusivity
  }

  /// c at the far end, mol/m³.
  private func end(_ salt: [Double], _ current: Double) -> Double {
    guard electrolyte.end == .counterElectrode else { return c0 }
    return salt[salt.count - 1] + perCharge * current * cells[salt.count - 1] / 2 / diffusivity
  }

  /// φ at the front, V: c is linear between the middles of cells.
  private func potential(_ salt: [Double], _ current: Double) -> Double {
    let (here, far) = (surface(salt, current), end(salt, current))
    let values = [here] + salt + [far]
    let places = [0] + middles + [middles.last! + cells.last! / 2]
    let path = values.indices.dropLast().reduce(0.0) { sum, k in
      let (low, high, way) = (values[k], values[k + 1], places[k + 1] - places[k])
      let change = (high - low) / low
      return sum + way / low * (abs(change) < 1e-6 ? 1 - change / 2 : log1p(change) / change)
    }
    let diffusion = (2 * electrolyte.transferenceNumber.value - 1) / f
    let counter = electrolyte.end == .counterElectrode ? -bisect(-5, 1) { rate($0, far) + current } : 0
    return counter + diffusion * log(far / here) - current * path * c0 / electrolyte.conductivity.value
  }

  /// c without a current, and per flux into the front.
  private func solve(_ history: [Double], rate: Double) -> ([Double], [Double]) {
    let n = cells.count
    var diagonal = cells.map { rate * $0 }
    var lower = (0..<n - 1).map { -2 * diffusivity / (cells[$0] + cells[$0 + 1]) }
    for k in 0..<n - 1 {
      diagonal[k] -= lower[k]
      diagonal[k + 1] -= lower[k]
    }
    var sides = zip(cells, history).map { $0 * $1 } + [-1] + [Double](repeating: 0, count: n - 1)
    switch electrolyte.end {
    case .reservoir:
      let end = 2 * diffusivity / cells[n - 1]
      diagonal[n - 1] += end
      sides[n - 1] += end * c0
    case .counterElectrode: sides[2 * n - 1] += 1
    }
    var upper = lower
    _ = Tridiagonal.solve(lower: &lower, diagonal: &diagonal, upper: &upper, rightHandSides: &sides)
    return (Array(sides[..<n]), Array(sides[n...]))
  }
}

extension [SharpLayer.Row] {
  /// A value at a time, linear between rows.
  func value(_ path: KeyPath<SharpLayer.Row, Double>, at time: Double) -> Double {
    let next = Swift.max(1, Swift.min(count - 1, firstIndex { $0.time >= time } ?? count - 1))
    let (a, b) = (self[next - 1], self[next])
    let share = (time - a.time) / (b.time - a.time)
    return a[keyPath: path] + share * (b[keyPath: path] - a[keyPath: path])
  }
}
