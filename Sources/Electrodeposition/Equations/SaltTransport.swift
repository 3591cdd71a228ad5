import Spectral

/// Salt: one implicit step that keeps its books.
///
///     ε ∂c/∂t + ε u ∂c/∂z = ∇·(ε D ∇c) − (1−t₊) a i/F
///
/// ε ∂c/∂t is the difference of εc minus c¹ times the same difference of ε, so that growing metal pushes the
/// electrolyte away with its salt, at the mean speed u at which the deposit thickens. The source is the
/// reaction that the potential was solved with, extrapolated to the new time, or that of the new time itself
/// (`ImplicitReaction`); with variational capillarity the growth of the metal in the scheme's own difference. No flux
/// through metal and substrate; the far field takes what leaves through the top. Of the cation alone the flux is
/// D(∇c + f c∇φ), its second part explicit.
final class SaltTransport {
  private let domain: Domain
  private let electrolyte: Electrolyte
  private let farField: FarField
  /// −∇·(ε D ∇·) + mass, on the cells with ε > 10⁻³. Its faces also serve the potential.
  let matrix: DiffusionOperator
  private let mass: Field
  private let rightHandSide: Field
  let solver: ConjugateGradient
  private let modes: LateralModes
  /// Accepted error, relative to the smallest c.
  private let tolerance: Double
  private let growthReacts: Bool
  private let budget: SaltBudget
  private let migration: CationMigration?

  init(_ setup: Case, _ domain: Domain, _ farField: FarField, solver: ConjugateGradient, modes: LateralModes)
  {
    self.domain = domain
    self.farField = farField
    self.solver = solver
    self.modes = modes
    electrolyte = setup.electrolyte
    tolerance = setup.numerics.saltTolerance
    growthReacts = setup.capillarity.growthReacts
    budget = SaltBudget(domain, concentration: electrolyte.concentration.value)
    migration = CationMigration(setup, domain)
    matrix = DiffusionOperator(domain.grid, pool: domain.pool)
    mass = Field(domain.grid)
    rightHandSide = Field(domain.grid)
  }

  /// What a step of the salt did.
  struct Outcome {
    var iterations = 0
    /// Salt booked per time: positive when it enters the electrolyte, mol/s.
    var bookedRate = 0.0
    /// mol/m³: the smallest c, that outside the metal's surface, the largest change, and departure from the extrapolation.
    var smallest = 0.0
    var smallestOutside = 0.0
    var change = 0.0
    var unforeseen = 0.0
  }

  /// What is known of the salt before it is solved for: sums over all cells.
  private struct Gathered {
    /// The mass term, 1/s.
    let mass: Double
    /// What the reaction takes, mol/(m³ s).
    let source: Double
    /// The parts of D_t(εc) that are settled, mol/(m³ s): history, and cells that take no part.
    let settled: Double
  }

  /// The diffusion operator of a moment without mass, for the first solve of the potential.
  func prepare(_ level: TimeLevel) {
    matrix.setCoefficient(level.electrolyteFraction, scaledBy: electrolyte.saltDiffusivity.value)
  }

  /// Advances c from `now` and `before` into `trial`, whose ξ is new and whose φ is extrapolated.
  ///
  /// - Parameters:
  ///   - current: of the reaction, A.
  ///   - reaction: that of the new moment; `nil`: extrapolated.
  ///   - smallest: c of the moment that stands, mol/m³.
  /// - Throws: `.depleted` and `.endDepleted` when c would fall below zero, `.notConverged`.
  func advance(
    _ trial: TimeLevel, from state: State, by bdf: BDF2, current: Double,
    reaction: ImplicitReaction? = nil, smallest before: Double
  ) throws(SolverFailure) -> Outcome {
    let anions = electrolyte.saltPerCharge
    let endFlux = anions * current / domain.grid.area
    let speed = farField.liquidSpeed(trial, from: state, by: bdf)
    let carried = farField.carriedSalt(
      from: state, by: bdf,
      topSalt: bdf.extrapolate(domain.meanOfTop(state.now.salt), domain.meanOfTop(state.before.salt)),
      speed: speed)
    var exchange = farField.saltExchange(
      trial, from: state, by: bdf, endFlux: endFlux, speed: speed, carried: carried)
    exchange.flux += migration?.throughTop(domain.meanOfTop(trial.potential)) ?? 0
    prepare(trial)
    let gathered = gather(trial, state, bdf, reaction, speed: speed, above: carried)
    if let reaction {
      reaction.add(to: mass, rightHandSide)
    } else {
      let missing = anions * current - gathered.source * domain.grid.cellVolume
      settleSource(trial, state, bdf, missing: missing)
    }
    let system = assemble(trial, bdf, exchange, reaction, mass: gathered.mass)
    migration?.add(of: trial, to: rightHandSide)
    let iterations: Int
    do throws(NotConverged) {
      iterations = try solver.solve(
        system, rightHandSide: rightHandSide, solution: trial.salt,
        tolerance: tolerance * state.now.distanceFromEquilibrium
          * max(before, (reaction == nil ? 1e-3 : 1e-6) * electrolyte.concentration.value))
    } catch {
      throw .notConverged(what: "the salt", iterations: error.iterations, residual: error.error)
    }
    if reaction != nil { budget.liftNegative(trial) }
    let share = budget.missingShare(
      trial, settled: gathered.settled, bdf, exchange, consumed: anions * current)
    let found = budget.enlarge(by: share, trial, state, bdf)
    guard found.smallest > 0, found.smallest.isFinite else {
      throw .depleted(time: state.time + bdf.dt)
    }
    let entered = farField.finishSalt(
      trial, topSalt: domain.meanOfTop(trial.salt), exchange: exchange, endFlux: endFlux)
    guard trial.farSalt.allSatisfy({ $0 > 0 }) else { throw .endDepleted(time: state.time + bdf.dt) }
    let far = farField.change(trial, from: state, by: bdf)
    return Outcome(
      iterations: iterations, bookedRate: entered * domain.grid.area - anions * current,
      smallest: found.smallest, smallestOutside: found.outside, change: max(found.change, far.change),
      unforeseen: max(found.unforeseen, far.unforeseen))
  }

  /// Takes what the reaction was found to take beyond what the salt was solved with from all cells, in proportion to their
  /// salt: it is what the tolerance of the solve left.
  ///
  /// - Parameter current: the rest, A. What a counter electrode takes here it gives there.
  func settle(_ trial: TimeLevel, by bdf: BDF2, current: Double, _ outcome: inout Outcome) {
    guard electrolyte.end == .reservoir, current != 0 else { return }
    let missing = electrolyte.saltPerCharge * current
    budget.take(missing, trial, bdf)
    outcome.bookedRate -= missing
  }

  // MARK: Assembly

  private func assemble(
    _ trial: TimeLevel, _ bdf: BDF2, _ exchange: TopExchange, _ reaction: ImplicitReaction?,
    mass total: Double
  ) -> ConjugateGradient.System {
    let n = domain.grid.count
    let inflow = (exchange.conductance * exchange.outside + exchange.flux) / domain.grid.spacing.z
    domain.forTop(of: trial) { rightHandSide.base[$0] += inflow }
    matrix.setReaction(mass, topConductance: exchange.conductance)
    modes.update(
      coefficient: electrolyte.saltDiffusivity.value, thickness: farField.thickness(trial),
      meanConductance: exchange.conductance)
    let topCells = exchange.conductance / (domain.grid.spacing.z * Double(n.z))
    let rate = bdf.alpha0 / bdf.dt
    let (held, steepest) = (reaction?.slope.reduce(0, +) ?? 0, reaction?.slope.max() ?? 0)
    return ConjugateGradient.System(
      matrix, coupling: modes, alpha: electrolyte.saltDiffusivity.value, beta: rate,
      constantMode: (total + held) / Double(domain.grid.cells) + topCells,
      largestReaction: max(rate, steepest))
  }

  /// Mass term, right-hand side of history, reaction and flow of the liquid, and the extrapolated c to start from.
  ///
  /// - Parameters: the speed of the liquid, m/s; c of the liquid above the box. With an implicit reaction, which comes
  ///   with its own start, that is left out.
  private func gather(
    _ trial: TimeLevel, _ state: State, _ bdf: BDF2, _ implicit: ImplicitReaction?,
    speed: Double,
    above: Double
  ) -> Gathered {
    let (a, b) = (-bdf.alpha1 / bdf.dt, -bdf.alpha2 / bdf.dt)
    let (rate, ratio) = (bdf.alpha0 / bdf.dt, bdf.ratio)
    let anions = electrolyte.saltPerCharge
    let (epsilon, epsilonNow) = (trial.electrolyteFraction.base, state.now.electrolyteFraction.base)
    let (metal, xi, xi0) = (trial.metal.base, state.now.metal.base, state.before.metal.base)
    let (c, c0) = (state.now.salt.base, state.before.salt.base)
    let (r, r0) = reaction(trial, state)
    let isForeseen = implicit == nil
    let (start, mass, rightHandSide) = (trial.salt.base, mass.base, rightHandSide.base)
    let height = domain.grid.count.z
    let sums = domain.overPlanes(+) { cells in
      var massSum = Vector(repeating: 0)
      var sourceSum = Vector(repeating: 0)
      var settledSum = Vector(repeating: 0)
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let salt = load(c, i)
        let before = load(c0, i)
        let share = load(epsilon, i)
        let isActive = share .> 0
        let mNow = a * (1 - load(xi, i))
        let mBefore = b * (1 - load(xi0, i))
        let m = larger(mNow + mBefore, Vector(repeating: 0))
        let history = mNow * salt + mBefore * before
        var (source, guess) = (Vector(repeating: 0), load(start, i))
        if isForeseen { guess = salt + ratio * keep(salt - before, where: load(epsilonNow, i) .> 0) }
        // A cell that takes no part keeps its c.
        store(guess.replacing(with: salt, where: (guess .<= 0) .| .!isActive), start, i)
        if isForeseen {
          source = keep(anions * ((1 + ratio) * load(r, i) - ratio * load(r0, i)), where: isActive)
        }
        let part = keep(m, where: isActive)
        store(part, mass, i)
        store(keep(history, where: isActive) - source, rightHandSide, i)
        massSum += part
        sourceSum += source
        settledSum -= history
        if !all(isActive) {
          settledSum += keep(rate * (1 - load(metal, i)) * salt, where: .!isActive)
        }
      }
      if speed != 0 {
        for column in stride(from: cells.lowerBound, to: cells.upperBound, by: height) {
          carryAlong(start + column, epsilon + column, rightHandSide + column, speed, above)
        }
      }
      return SIMD4(massSum.sum(), sourceSum.sum(), settledSum.sum(), 0)
    }
    return Gathered(mass: sums[0], source: sums[1], settled: sums[2])
  }

  /// −ε u ∂c/∂z of the extrapolated c in one column: what the liquid carries along.
  @inline(__always)
  private func carryAlong(
    _ c: UnsafeMutablePointer<Double>, _ epsilon: UnsafeMutablePointer<Double>,
    _ b: UnsafeMutablePointer<Double>, _ speed: Double, _ above: Double
  ) {
    let top = domain.grid.count.z - 1
    let share = speed / (2 * domain.grid.spacing.z)
    // Cells without part have no c to carry.
    for z in 1..<top {
      let up = epsilon[z + 1] > 0 ? c[z + 1] - c[z] : 0
      let down = epsilon[z - 1] > 0 ? c[z] - c[z - 1] : 0
      b[z] -= share * epsilon[z] * (up + down)
    }
    let up = 2 * (above - c[top])
    b[top] -= share * epsilon[top] * (up + (epsilon[top - 1] > 0 ? c[top] - c[top - 1] : 0))
    // The exchange through the top has taken out what the liquid carries; −εu ∂c/∂z holds that already.
    if epsilon[top] > 0 { b[top] += 2 * share * above }
  }

  /// The two fields whose extrapolation is the reaction of the new moment; the growth of the metal is that already.
  private func reaction(
    _ trial: TimeLevel, _ state: State
  ) -> (now: UnsafeMutablePointer<Double>, before: UnsafeMutablePointer<Double>) {
    growthReacts
      ? (trial.reaction.base, trial.reaction.base) : (state.now.reaction.base, state.before.reaction.base)
  }

  /// What the extrapolated reaction lost in cells that are inactive by now goes to the others of the front, in
  /// proportion to the magnitude of theirs: its sum may vanish, as it does for a piece that only reshapes.
  ///
  /// - Parameter missing: salt consumed and not yet in the right-hand side, mol/s.
  private func settleSource(
    _ trial: TimeLevel, _ state: State, _ bdf: BDF2, missing: Double
  ) {
    let list = state.now.interface
    let (r, r0) = reaction(trial, state)
    func magnitude(_ i: Int) -> Double {
      trial.electrolyteFraction.base[i] > 0 ? abs(bdf.extrapolate(r[i], r0[i])) : 0
    }
    let total = domain.overInterface(list, +) { places in
      SIMD4(places.reduce(0) { $0 + magnitude(Int(list.cell[$1])) }, 0, 0, 0)
    }[0]
    guard total > 0 else { return }
    let share = missing / (total * domain.grid.cellVolume)
    domain.forInterface(list) { places in
      for j in places {
        let i = Int(list.cell[j])
        rightHandSide.base[i] -= share * magnitude(i)
      }
    }
  }
}
