import Spectral

/// Salt: one implicit step, with the displaced salt booked.
///
///     ε ∂c/∂t = ∇·(ε D ∇c) − (1−t₊) a i/F
///
/// ε ∂c/∂t is the difference of εc minus c¹ times the same difference of ε, so that growing metal pushes the
/// electrolyte away with its salt. The source is the very reaction that moved the metal, extrapolated to the
/// new time. No flux through metal and substrate; the far field takes what leaves through the top.
final class Transport {
  private let domain: Domain
  private let electrolyte: Electrolyte
  private let farField: FarField
  /// −∇·(ε D ∇·) + mass, on the cells with ε > 10⁻³. Its faces also serve the potential.
  let matrix: DiffusionOperator
  private let coefficient: Field
  private let mass: Field
  private let rightHandSide: Field
  private let preconditioner: SweepPreconditioner
  private let solver: ConjugateGradient
  private let modes: LateralModes
  private let tolerance: Double
  /// Sum of the mass term over all cells.
  private var totalMass = 0.0

  init(
    _ setup: Case, _ domain: Domain, _ farField: FarField, solver: ConjugateGradient,
    preconditioner: SweepPreconditioner, modes: LateralModes
  ) {
    self.domain = domain
    self.farField = farField
    self.solver = solver
    self.modes = modes
    electrolyte = setup.electrolyte
    tolerance = setup.numerics.saltTolerance * setup.electrolyte.concentration.value
    matrix = DiffusionOperator(domain.grid, pool: domain.pool)
    self.preconditioner = preconditioner
    coefficient = Field(domain.grid)
    mass = Field(domain.grid)
    rightHandSide = Field(domain.grid)
  }

  /// What a step of the salt did.
  struct Outcome {
    var iterations: Int
    /// Salt booked per time: positive when it enters the electrolyte, mol/s.
    var bookedRate: Double
    var smallest: Double
  }

  /// The diffusion operator of a moment without mass, for the first solve of the potential.
  func prepare(_ moment: Moment) {
    fillCoefficient(moment)
    matrix.setCoefficient(coefficient)
  }

  /// Advances c from `now` and `before` into `next`, whose ξ is new.
  ///
  /// - Throws: `.depleted` when c would fall below zero, `.notConverged`.
  func advance(
    _ next: Moment, from state: State, by difference: TimeDifference
  ) throws(SolverFailure) -> Outcome {
    let current = difference.extrapolate(state.now.faradaicCurrent, state.before.faradaicCurrent)
    let anions = electrolyte.saltPerCharge
    let endFlux = anions * current / domain.grid.area
    let exchange = farField.saltExchange(next, from: state, by: difference, endFlux: endFlux)
    fillCoefficient(next)
    assemble(next, state, difference, exchange, source: anions * current)
    let iterations: Int
    do throws(NotConverged) {
      iterations = try solver.solve(
        SaltOperator(matrix, modes), preconditioner, rightHandSide: rightHandSide, solution: next.salt,
        tolerance: tolerance)
    } catch {
      throw .notConverged(what: "the salt", iterations: error.iterations, residual: error.error)
    }
    closeBudget(next.salt, exchange)
    extend(next)
    let top = meanOfTop(next.salt)
    let entered = farField.finishSalt(
      next, from: state, by: difference, topSalt: top, exchange: exchange, endFlux: endFlux)
    let smallest = smallestActive(next)
    guard smallest > 0 else { throw .depleted(time: state.time + difference.dt) }
    let displaced = displacedRate(next, state, difference)
    return Outcome(
      iterations: iterations, bookedRate: entered * domain.grid.area - anions * current - displaced,
      smallest: smallest)
  }

  // MARK: Assembly

  /// D ε on active cells, zero elsewhere.
  private func fillCoefficient(_ moment: Moment) {
    let d = electrolyte.saltDiffusivity.value
    domain.forPlanes { [epsilon = moment.electrolyte.base, out = coefficient.base] cells in
      for i in cells { out[i] = d * epsilon[i] }
    }
  }

  private func assemble(
    _ next: Moment, _ state: State, _ difference: TimeDifference, _ exchange: TopExchange, source: Double
  ) {
    gather(next, state, difference)
    // What the extrapolated reaction lost in cells that are inactive by now goes to the others, in proportion
    // to the magnitude of theirs: its sum may vanish, as it does for a piece that only reshapes.
    let (total, magnitude) = anionSource(state, difference)
    let share = magnitude > 0 ? (source - total) / magnitude : 0
    let n = domain.grid.count
    let anions = electrolyte.saltPerCharge
    domain.forPlanes { [coefficient, rightHandSide] cells in
      let (r, r0) = (state.now.reaction.base, state.before.reaction.base)
      for i in cells where coefficient.base[i] > 0 {
        let reaction = difference.extrapolate(r[i], r0[i])
        rightHandSide.base[i] -= anions * (reaction + share * abs(reaction))
      }
    }
    let inflow = (exchange.conductance * exchange.outside + exchange.flux) / domain.grid.spacing.z
    for column in 0..<domain.grid.columns {
      let i = column * n.z + n.z - 1
      if coefficient.base[i] > 0 { rightHandSide.base[i] += inflow }
    }
    matrix.setCoefficient(coefficient)
    matrix.setReaction(mass, topConductance: exchange.conductance)
    modes.update(
      coefficient: electrolyte.saltDiffusivity.value, thickness: farField.thickness(next),
      meanConductance: exchange.conductance)
    totalMass = domain.sum { [mass] in mass.base[$0] }
    let bulk = difference.next / difference.dt
    let topCells = exchange.conductance / (domain.grid.spacing.z * Double(n.z))
    preconditioner.update(
      matrix, alpha: electrolyte.saltDiffusivity.value, beta: bulk,
      constantMode: totalMass / Double(domain.grid.cells) + topCells)
  }

  /// Mass term, right-hand side of the history, and the extrapolated c to start from.
  private func gather(_ next: Moment, _ state: State, _ difference: TimeDifference) {
    let a = -difference.now / difference.dt
    let b = -difference.before / difference.dt
    domain.forPlanes { [self] cells in
      let psi = domain.fluid.base
      let (xi, xi0) = (state.now.metal.base, state.before.metal.base)
      let (c, c0) = (state.now.salt.base, state.before.salt.base)
      for i in cells {
        let start = c[i] + difference.ratio * (c[i] - c0[i])
        next.salt.base[i] = start > 0 ? start : c[i]
        guard coefficient.base[i] > 0 else {
          mass.base[i] = 0
          rightHandSide.base[i] = 0
          continue
        }
        let now = a * psi[i] * (1 - xi[i])
        let before = b * psi[i] * (1 - xi0[i])
        mass.base[i] = max(now + before, 0)
        rightHandSide.base[i] = now * c[i] + before * c0[i]
      }
    }
  }

  /// (1−t₊)/F ∫ a i and ∫ |a i| over the cells that are active now, mol/s.
  private func anionSource(_ state: State, _ difference: TimeDifference) -> (total: Double, magnitude: Double)
  {
    let scale = electrolyte.saltPerCharge * domain.grid.cellVolume
    let (r, r0) = (state.now.reaction.base, state.before.reaction.base)
    let total = domain.sum { [coefficient] i in
      coefficient.base[i] > 0 ? difference.extrapolate(r[i], r0[i]) : 0
    }
    let magnitude = domain.sum { [coefficient] i in
      coefficient.base[i] > 0 ? abs(difference.extrapolate(r[i], r0[i])) : 0
    }
    return (total * scale, magnitude * scale)
  }

  // MARK: After the solve

  /// Adds the constant that brings the sum of all rows to round-off: the budget of salt closes exactly. Inner
  /// fluxes and lateral modes cancel in that sum; mass and the mean exchange through the top remain.
  private func closeBudget(_ salt: Field, _ exchange: TopExchange) {
    let n = domain.grid.count
    let top = exchange.conductance / domain.grid.spacing.z
    var missing = domain.sum { [rightHandSide, mass] in rightHandSide.base[$0] - mass.base[$0] * salt.base[$0]
    }
    var conductance = totalMass
    for column in 0..<domain.grid.columns {
      let i = column * n.z + n.z - 1
      guard coefficient.base[i] > 0 else { continue }
      missing -= top * salt.base[i]
      conductance += top
    }
    guard conductance > 0 else { return }
    let constant = missing / conductance
    domain.forPlanes { [coefficient] cells in
      for i in cells where coefficient.base[i] > 0 { salt.base[i] += constant }
    }
  }

  /// Gives inactive cells near the interface their active neighbours' c, so that a cell that becomes active
  /// again starts from a sensible value.
  private func extend(_ next: Moment) {
    let list = next.interface
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      guard coefficient.base[i] == 0 else { continue }
      var sum = 0.0
      var found = 0.0
      for other in NeighbourCells(i, domain.grid) where coefficient.base[other] > 0 {
        sum += next.salt.base[other]
        found += 1
      }
      if found > 0 { next.salt.base[i] = sum / found }
    }
  }

  func meanOfTop(_ field: Field) -> Double {
    let n = domain.grid.count
    var sum = 0.0
    for column in 0..<domain.grid.columns { sum += field.base[column * n.z + n.z - 1] }
    return sum / Double(domain.grid.columns)
  }

  private func smallestActive(_ moment: Moment) -> Double {
    var smallest = electrolyte.concentration.value * 1e3
    for i in 0..<domain.grid.cells where coefficient.base[i] > 0 {
      smallest = min(smallest, moment.salt.base[i])
    }
    return smallest
  }

  /// Salt that leaves the books with the electrolyte that the metal pushes away, mol/s.
  private func displacedRate(_ next: Moment, _ state: State, _ difference: TimeDifference) -> Double {
    let (now, before) = (state.now, state.before)
    let rate = domain.sum { [psi = domain.fluid.base, coefficient] i in
      let e1 = psi[i] * (1 - next.metal.base[i])
      let e0 = psi[i] * (1 - now.metal.base[i])
      let eb = psi[i] * (1 - before.metal.base[i])
      let c1 = next.salt.base[i]
      if coefficient.base[i] > 0 {
        return -c1 * (difference.next * e1 + difference.now * e0 + difference.before * eb)
      }
      return
        -(difference.next * e1 * c1 + difference.now * e0 * now.salt.base[i]
        + difference.before * eb * before.salt.base[i])
    }
    return rate * domain.grid.cellVolume / difference.dt
  }

  /// ∫ε c dV over box and far field, mol.
  func amount(_ moment: Moment) -> Double {
    domain.sum { [psi = domain.fluid.base] i in psi[i] * (1 - moment.metal.base[i]) * moment.salt.base[i] }
      * domain.grid.cellVolume + farField.salt(moment) * domain.grid.area
  }
}

/// The salt's matrix with the lateral modes of the layer above the box.
private final class SaltOperator: LinearOperator {
  private let matrix: DiffusionOperator
  private let modes: LateralModes

  init(_ matrix: DiffusionOperator, _ modes: LateralModes) {
    self.matrix = matrix
    self.modes = modes
  }

  func apply(_ u: Field, into result: Field) {
    matrix.apply(u, into: result)
    modes.add(of: u, to: result)
  }
}
