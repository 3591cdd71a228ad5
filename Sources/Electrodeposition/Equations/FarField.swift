import Spectral

/// How the mean of a field leaves the box through its top: flux into the box, per area, =
/// `conductance` (`outside` − mean over the top cells) + `flux`.
struct TopExchange {
  var conductance: Double
  var outside: Double
  var flux = 0.0
}

/// The electrolyte above the box, one-dimensional: the lateral mean of c and φ from the box to the far end.
///
/// Finite volumes on cells that widen upwards. The deposit pushes the liquid before it, and the far end recedes at
/// the same speed (the other electrode loses what this one gains), so that the electrolyte keeps its thickness and
/// its salt: the last cell lengthens, and all cells hand on what the liquid carries. A box as tall as the
/// electrolyte has no far field: the far end is then the top face of the box.
final class FarField {
  private let electrolyte: Electrolyte
  private let f: Double
  private let topCell: Double
  /// Thicknesses of the cells at the start, m, from the box upwards.
  let initialCells: [Double]
  var isEmpty: Bool { initialCells.isEmpty }
  /// The tridiagonal system of a step, and its two right-hand sides: one after the other the particular solution and the
  /// share of the response to the mean of the box's top row, c = particular + share·c_top.
  private var lower, diagonal, upper, sides: [Double]

  init(_ electrolyte: Electrolyte, boxHeight: Double, topCell: Double, inverseThermalVoltage: Double) {
    self.electrolyte = electrolyte
    self.topCell = topCell
    f = inverseThermalVoltage
    initialCells = Self.stretch(electrolyte.thickness - boxHeight, from: 2 * topCell)
    let n = initialCells.count
    lower = Array(repeating: 0, count: max(0, n - 1))
    upper = lower
    diagonal = Array(repeating: 0, count: n)
    sides = Array(repeating: 0, count: 2 * n)
  }

  /// Cells that grow by a tenth each up to a sixty-fourth of the thickness.
  private static func stretch(_ thickness: Double, from first: Double) -> [Double] {
    guard thickness > first / 4 else { return [] }
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

  /// Thickness now, m.
  func thickness(_ level: TimeLevel) -> Double {
    initialCells.indices.reduce(0) { $0 + cell($1, level) }
  }

  /// Salt in the far field per area, mol/m².
  func salt(_ level: TimeLevel) -> Double {
    level.farSalt.indices.reduce(0) { $0 + cell($1, level) * level.farSalt[$1] }
  }

  /// Thickness of a cell, m.
  private func cell(_ j: Int, _ level: TimeLevel) -> Double {
    j + 1 < initialCells.count ? initialCells[j] : level.lastFarCell
  }

  // MARK: Salt

  /// Mean speed of the liquid, upwards, m/s: that at which the deposit thickens and the far end recedes.
  func liquidSpeed(_ trial: TimeLevel, from state: State, by bdf: BDF2) -> Double {
    (bdf.alpha0 * trial.lastFarCell + bdf.alpha1 * state.now.lastFarCell
      + bdf.alpha2 * state.before.lastFarCell) / bdf.dt
  }

  /// c of the liquid that passes the top of the box, mol/m³; `nil` where none does.
  ///
  /// - Parameter topSalt: mean of the top cells. It and the far field are extrapolated to the new time.
  func carriedSalt(from state: State, by bdf: BDF2, topSalt: Double, speed: Double)
    -> Double?
  {
    if let near = state.now.farSalt.first, let before = state.before.farSalt.first {
      return between(topSalt, topCell, bdf.extrapolate(near, before), initialCells[0])
    }
    // A counter electrode that is the top of the box lets no liquid through.
    guard electrolyte.end == .reservoir else { return nil }
    return speed > 0 ? topSalt : electrolyte.concentration.value
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
    carried: Double?
  ) -> TopExchange {
    let d = electrolyte.saltDiffusivity.value
    let isReservoir = electrolyte.end == .reservoir
    let outflow = speed * (carried ?? 0)
    guard !isEmpty else {
      return isReservoir
        ? TopExchange(
          conductance: 2 * d / topCell, outside: electrolyte.concentration.value, flux: -outflow)
        : TopExchange(conductance: 0, outside: 0, flux: endFlux - outflow)
    }
    let n = initialCells.count
    for j in 0..<n { diagonal[j] = 0 }
    for j in 0..<2 * n { sides[j] = 0 }
    for j in 0..<n {
      let now = -bdf.alpha1 / bdf.dt * cell(j, state.now)
      let before = -bdf.alpha2 / bdf.dt * cell(j, state.before)
      diagonal[j] += now + before
      sides[j] += now * state.now.farSalt[j] + before * state.before.farSalt[j]
      guard j + 1 < n else { continue }
      let g = 2 * d / (cell(j, trial) + cell(j + 1, trial))
      lower[j] = -g
      upper[j] = -g
      diagonal[j] += g
      diagonal[j + 1] += g
    }
    // What the liquid carries on; the last cell keeps it and grows.
    func salt(_ j: Int) -> Double { bdf.extrapolate(state.now.farSalt[j], state.before.farSalt[j]) }
    var inflow = outflow
    for j in 0..<n {
      sides[j] += inflow
      guard j + 1 < n else { continue }
      inflow = speed * between(salt(j), cell(j, trial), salt(j + 1), cell(j + 1, trial))
      sides[j] -= inflow
    }
    diagonal[n - 1] += speed
    let toBox = 2 * d / (topCell + cell(0, trial))
    diagonal[0] += toBox
    sides[n] = toBox
    if isReservoir {
      let g = 2 * d / cell(n - 1, trial)
      diagonal[n - 1] += g
      sides[n - 1] += g * electrolyte.concentration.value
    } else {
      sides[n - 1] += endFlux
    }
    _ = Tridiagonal.solve(lower: &lower, diagonal: &diagonal, upper: &upper, rightHandSides: &sides)
    let held = 1 - sides[n]
    return TopExchange(conductance: toBox * held, outside: sides[0] / held, flux: -outflow)
  }

  /// Sets the far field once the box is solved; returns the salt per area and time that entered from outside,
  /// mol/(m² s).
  func finishSalt(_ trial: TimeLevel, topSalt: Double, exchange: TopExchange, endFlux: Double) -> Double {
    guard !isEmpty else {
      return exchange.conductance * (exchange.outside - topSalt) + exchange.flux
    }
    let n = initialCells.count
    if trial.farSalt.count != n { trial.farSalt = Array(repeating: 0, count: n) }
    for j in 0..<n { trial.farSalt[j] = sides[j] + sides[n + j] * topSalt }
    guard electrolyte.end == .reservoir else { return endFlux }
    let last = trial.farSalt[n - 1]
    return 2 * electrolyte.saltDiffusivity.value / trial.lastFarCell
      * (electrolyte.concentration.value - last)
  }

  // MARK: Potential

  /// Resistance between the centre of the box's top cells and the far end, Ω m², and the concentration there.
  func path(_ level: TimeLevel, topSalt: Double, endFlux: Double) -> (resistance: Double, endSalt: Double) {
    let c0 = electrolyte.concentration.value
    let sigma = electrolyte.conductivity.value
    var resistance = topCell / 2 * c0 / (sigma * electrolyte.conductingSalt(topSalt))
    for (j, salt) in level.farSalt.enumerated() { resistance += cell(j, level) * c0 / (sigma * salt) }
    guard electrolyte.end == .counterElectrode else { return (resistance, c0) }
    let (last, half) = isEmpty ? (topSalt, topCell / 2) : (level.farSalt.last!, level.lastFarCell / 2)
    return (resistance, last + endFlux * half / electrolyte.saltDiffusivity.value)
  }

  /// Diffusion potential of the path: φ_end − φ_top = J R − (2t₊−1)/f ln(c_end/c_top).
  func diffusionPotential(endSalt: Double, topSalt: Double) -> Double {
    electrolyte.diffusionWeight / f * log(endSalt / topSalt)
  }
}
