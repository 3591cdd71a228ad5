import Spectral

/// How the mean of a field leaves the box through its top: flux into the box, per area, =
/// `conductance` (`outside` − mean over the top cells) + `flux`.
struct TopExchange {
  var conductance: Double
  var outside: Double
  var flux = 0.0
}

/// c at the far end, and how it follows the current through it.
struct EndSalt {
  /// mol/m³, at the current J, A/m², positive where the end dissolves.
  var salt, current: Double
  /// dc/dJ, mol/(A m).
  let response: Double

  /// c at another current, mol/m³.
  func callAsFunction(at current: Double) -> Double { salt + response * (current - self.current) }

  /// Goes to the current at which c is another.
  mutating func move(to salt: Double) {
    if response > 0 { current += (salt - self.salt) / response }
    self.salt = salt
  }
}

/// The electrolyte above the box, one-dimensional: the lateral mean of c and φ from the box to the far end.
///
/// Finite volumes on cells that widen upwards. The deposit pushes the liquid before it, and the far end recedes at
/// the same speed (the other electrode loses what this one gains), so that the electrolyte keeps its thickness and
/// its salt. The cells stretch alike and let through what the liquid carries beyond their own motion. In a box as tall
/// as the electrolyte they begin as next to nothing. A cation alone has none: it ends at the top face of the box.
final class FarField {
  private let electrolyte: Electrolyte
  private let f: Double
  /// Thickness of the rows of the box, m.
  let topCell: Double
  /// Thickness at the start, m.
  private let initialThickness: Double
  /// Shares of the cells in the thickness, from the box upwards.
  private let shares: [Double]
  /// Share of the thickness that lies above the bottom of each cell.
  private let above: [Double]
  private var isEmpty: Bool { shares.isEmpty }
  /// The tridiagonal system of a step, and its right-hand sides: one after the other the particular solution and the
  /// share of the response to the mean of the box's top row, c − c0 = particular + share·(c_top − c0), and the response
  /// to a flux from the counter electrode. Of c − c0, as the last cell may be so thin that c is c0 but for the last bits.
  private var lower, diagonal, upper, sides: [Double]

  init(_ electrolyte: Electrolyte, boxHeight: Double, topCell: Double, inverseThermalVoltage: Double) {
    self.electrolyte = electrolyte
    self.topCell = topCell
    f = inverseThermalVoltage
    initialThickness = electrolyte.thickness - boxHeight
    // Metal may lengthen it by as much as the box is high.
    let room = max(initialThickness, boxHeight)
    // Two of the box's at the start; where there is little room at the start, fewer, for the sake of round-off.
    let first = min(2 * topCell * room / max(initialThickness, 1e-3 * topCell), room / 32)
    let cells: [Double] =
      switch (electrolyte.hasFarField, electrolyte.end) {
      case (false, _): []
      case (_, .reservoir): Self.stretch(room, from: first)
      // The salt is as steep at a counter electrode as at this one.
      case (_, .counterElectrode):
        Self.stretch(room / 2, from: first) + Self.stretch(room / 2, from: first).reversed()
      }
    let total = cells.reduce(0, +)
    shares = cells.map { $0 / total }
    above = cells.indices.map { cells[$0...].reduce(0, +) / total }
    let n = cells.count
    lower = Array(repeating: 0, count: max(0, n - 1))
    upper = lower
    diagonal = Array(repeating: 0, count: n)
    sides = Array(repeating: 0, count: 3 * n)
  }

  /// Cells that grow by a tenth each up to a sixty-fourth of the thickness.
  private static func stretch(_ thickness: Double, from first: Double) -> [Double] {
    var cells: [Double] = []
    var size = min(first, thickness)
    var total = 0.0
    while total + size < thickness {
      cells.append(size)
      total += size
      size = min(1.1 * size, max(size, thickness / 64))
    }
    cells.append(thickness - total)
    if cells.count > 1, cells[cells.count - 1] < cells[cells.count - 2] / 2 {
      let last = cells.removeLast()
      cells[cells.count - 1] += last
    }
    return cells
  }

  /// Thickness when so much metal has grown in the mean, less what the box has been raised, m. A tenth of a cell is as good
  /// as nothing; metal that dissolves beyond that leaves a thicker electrolyte. Without cells: what has passed the top of
  /// the box.
  func thickness(grown deposit: Double) -> Double {
    isEmpty ? deposit : max(initialThickness + deposit, 0.1 * topCell)
  }

  /// Thickness now, m.
  func thickness(_ level: TimeLevel) -> Double { isEmpty ? 0 : level.farThickness }

  /// Thicknesses of the cells now, m, from the box upwards.
  func cells(_ level: TimeLevel) -> [Double] { shares.map { $0 * level.farThickness } }

  /// Salt in the far field per area, mol/m².
  func salt(_ level: TimeLevel) -> Double {
    level.farSalt.indices.reduce(0) { $0 + cell($1, level) * level.farSalt[$1] }
  }

  /// Thickness of a cell, m.
  private func cell(_ j: Int, _ level: TimeLevel) -> Double { shares[j] * level.farThickness }

  // MARK: Salt

  /// Mean speed of the liquid, upwards, m/s: that at which the deposit thickens and the far end recedes.
  func liquidSpeed(_ trial: TimeLevel, from state: State, by bdf: BDF2) -> Double {
    (bdf.alpha0 * trial.farThickness + bdf.alpha1 * state.now.farThickness
      + bdf.alpha2 * state.before.farThickness) / bdf.dt
  }

  /// c of the liquid that passes the top of the box, mol/m³.
  ///
  /// - Parameter topSalt: mean of the top cells. It and the far field are extrapolated to the new time.
  func carriedSalt(from state: State, by bdf: BDF2, topSalt: Double, speed: Double)
    -> Double
  {
    guard let near = state.now.farSalt.first, let before = state.before.farSalt.first else {
      return speed > 0 ? topSalt : electrolyte.concentration.value
    }
    return between(topSalt, topCell, bdf.extrapolate(near, before), cell(0, state.now))
  }

  /// c of the top face of the box, mol/m³.
  func bottomSalt(_ level: TimeLevel, topSalt: Double) -> Double {
    between(topSalt, topCell, level.farSalt[0], cell(0, level))
  }

  /// c on the face between two cells of thickness h and k.
  private func between(_ c: Double, _ h: Double, _ d: Double, _ k: Double) -> Double {
    (c * k + d * h) / (h + k)
  }

  /// Eliminates the far field of the new moment from the salt equation of the box.
  ///
  /// - Parameters:
  ///   - endFlux: salt that the counter electrode gives, mol/(m² s); without meaning for a reservoir.
  ///   - speed: of the liquid; it carries `carried` through the top of the box.
  func saltExchange(
    _ trial: TimeLevel, from state: State, by bdf: BDF2, endFlux: Double, speed: Double,
    carried: Double
  ) -> TopExchange {
    let (d, c0) = (electrolyte.saltDiffusivity.value, electrolyte.concentration.value)
    let isReservoir = electrolyte.end == .reservoir
    let outflow = speed * carried
    guard !isEmpty else {
      return TopExchange(
        conductance: 2 * d / topCell, outside: c0, flux: -outflow)
    }
    let n = shares.count
    for j in 0..<n { diagonal[j] = bdf.alpha0 / bdf.dt * cell(j, trial) }
    for j in 0..<3 * n { sides[j] = 0 }
    for j in 0..<n {
      let now = bdf.alpha1 * cell(j, state.now) * (state.now.farSalt[j] - c0)
      let before = bdf.alpha2 * cell(j, state.before) * (state.before.farSalt[j] - c0)
      sides[j] -= (now + before) / bdf.dt
      guard j + 1 < n else { continue }
      let g = 2 * d / (cell(j, trial) + cell(j + 1, trial))
      lower[j] = -g
      upper[j] = -g
      diagonal[j] += g
      diagonal[j + 1] += g
    }
    // What the liquid carries on: the higher a face, the more it moves along.
    func salt(_ j: Int) -> Double {
      bdf.extrapolate(state.now.farSalt[j], state.before.farSalt[j]) - c0
    }
    var inflow = outflow - speed * c0
    for j in 0..<n {
      sides[j] += inflow
      guard j + 1 < n else { continue }
      inflow = speed * above[j + 1] * between(salt(j), cell(j, trial), salt(j + 1), cell(j + 1, trial))
      sides[j] -= inflow
    }
    let toBox = 2 * d / (topCell + cell(0, trial))
    diagonal[0] += toBox
    sides[n] = toBox
    if isReservoir {
      diagonal[n - 1] += 2 * d / cell(n - 1, trial)
    } else {
      sides[n - 1] += endFlux
      sides[3 * n - 1] = 1
    }
    _ = Tridiagonal.solve(lower: &lower, diagonal: &diagonal, upper: &upper, rightHandSides: &sides)
    let held = 1 - sides[n]
    return TopExchange(conductance: toBox * held, outside: c0 + sides[0] / held, flux: -outflow)
  }

  /// Sets the far field once the box is solved; returns the salt per area and time that entered from outside,
  /// mol/(m² s).
  func finishSalt(_ trial: TimeLevel, topSalt: Double, exchange: TopExchange, endFlux: Double) -> Double {
    guard !isEmpty else {
      return exchange.conductance * (exchange.outside - topSalt) + exchange.flux
    }
    let n = shares.count
    if trial.farSalt.count != n { trial.farSalt = Array(repeating: 0, count: n) }
    let c0 = electrolyte.concentration.value
    func excess(_ j: Int) -> Double { sides[j] + sides[n + j] * (topSalt - c0) }
    for j in 0..<n { trial.farSalt[j] = c0 + excess(j) }
    guard electrolyte.end == .reservoir else { return endFlux }
    return -2 * electrolyte.saltDiffusivity.value / cell(n - 1, trial) * excess(n - 1)
  }

  /// Largest change of c in the cells and departure from the extrapolation, mol/m³; after an Euler step half the change.
  func change(
    _ trial: TimeLevel, from state: State, by bdf: BDF2
  ) -> (change: Double, unforeseen: Double) {
    var (largest, second) = (0.0, 0.0)
    for (j, salt) in trial.farSalt.enumerated() {
      let (now, before) = (state.now.farSalt[j], state.before.farSalt[j])
      largest = max(largest, abs(salt - now))
      second = max(second, abs(salt - bdf.extrapolate(now, before)))
    }
    return (largest, bdf.ratio > 0 ? second : largest / 2)
  }

  // MARK: Potential

  /// c at the far end when the current density J (A/m²) passes it.
  ///
  /// - Parameter isSolved: whether the salt of the moment comes from the last step that was solved and will be solved again
  ///   with the current that is found.
  func endSalt(_ level: TimeLevel, current: Double, isSolved: Bool = false) -> EndSalt {
    guard electrolyte.end == .counterElectrode, let last = level.farSalt.last else {
      return EndSalt(salt: electrolyte.concentration.value, current: current, response: 0)
    }
    let across = cell(shares.count - 1, level) / (2 * electrolyte.saltDiffusivity.value)
    let response = electrolyte.saltPerCharge * (isSolved ? across + sides[3 * shares.count - 1] : across)
    return EndSalt(
      salt: last + electrolyte.saltPerCharge * current * across, current: current, response: response)
  }

  /// Resistance between the centre of the box's top cells and the far end, Ω m².
  func resistance(_ level: TimeLevel, topSalt: Double, endSalt: Double) -> Double {
    let c0 = electrolyte.concentration.value
    // c is linear between the middles of cells.
    var sum = 0.0
    var (salt, half) = (electrolyte.conductingSalt(topSalt), topCell / 2)
    func goOn(to next: Double, _ nextHalf: Double) {
      let change = (next - salt) / salt
      sum += (half + nextHalf) / salt * (abs(change) < 1e-6 ? 1 - change / 2 : log1p(change) / change)
      (salt, half) = (next, nextHalf)
    }
    for (j, next) in level.farSalt.enumerated() { goOn(to: next, cell(j, level) / 2) }
    goOn(to: endSalt, 0)
    return sum * c0 / electrolyte.conductivity.value
  }

  /// Diffusion potential of the path: φ_end − φ_top = J R − (2t₊−1)/f ln(c_end/c_top).
  func diffusionPotential(endSalt: Double, topSalt: Double) -> Double {
    electrolyte.diffusionWeight / f * log(endSalt / topSalt)
  }
}
