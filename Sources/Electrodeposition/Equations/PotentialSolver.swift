import Spectral

/// The electrolyte's potential, the pieces' potentials and the collector's, by Newton's method.
///
///     ∇·(ε σ ∇φ) + ∇·(ε σ0 (2t₊−1)/(f c0) ∇c) = a i(φ_k − φ + ΓK, c)
///
/// In the lowest cells the current that converts the substrate stands beside a i. Each Newton step is one linear system for (δφ, δφ_k, δV): the pieces' rows are eliminated by a small dense
/// factorisation, the rest is symmetric positive and solved by conjugate gradients. The current that moves
/// the metal is the linearised one, so that Kirchhoff's law and a given current hold to round-off.
final class PotentialSolver {
  let domain: Domain
  let network: ContactNetwork
  private let electrolyte: Electrolyte
  private let farField: FarField
  private let transport: SaltTransport
  private let matrix: DiffusionOperator
  private let solver: ConjugateGradient
  let modes: LateralModes
  private let rightHandSide, correction, reactionSlope: Field
  private let f: Double
  private let tolerance: Double
  let reaction: InterfaceReaction
  let counterElectrode: CounterElectrode?
  /// Of the substrate; `nil` for none.
  let conversion: SubstrateConversion?
  /// Cells in which `reactionSlope` may not be zero.
  private var reacting: [Int32] = []

  init(
    _ setup: Case, _ domain: Domain, _ farField: FarField, _ transport: SaltTransport,
    solver: ConjugateGradient,
    modes: LateralModes, relaxation: Relaxation?, conversion: SubstrateConversion?, growth: InterphaseGrowth?
  ) {
    self.domain = domain
    self.farField = farField
    self.transport = transport
    self.solver = solver
    self.modes = modes
    self.conversion = conversion
    electrolyte = setup.electrolyte
    network = ContactNetwork(setup, domain)
    matrix = DiffusionOperator(domain.grid, pool: domain.pool)
    rightHandSide = Field(domain.grid)
    correction = Field(domain.grid)
    reactionSlope = Field(domain.grid)
    reaction = InterfaceReaction(setup, domain, relaxation, conversion, growth)
    counterElectrode = CounterElectrode(setup)
    f = setup.inverseThermalVoltage
    tolerance = setup.numerics.potentialTolerance * electrolyte.potentialToleranceFactor
  }

  /// Solves for φ, φ_k and V of a moment whose ξ, pieces and c are known, and sets its currents.
  ///
  /// φ, φ_k and V come in as starting values. Returns the CG iterations of all Newton steps.
  /// - Parameters:
  ///   - time: of the moment, s.
  ///   - end: the salt at the far end.
  func solve(
    _ level: TimeLevel, _ setting: ContactNetwork.Setting, at time: Double, end: EndSalt
  ) throws(SolverFailure) -> Int {
    reaction.begin(level, at: time)
    conversion?.begin(level, extent: setting.oldExtent, dt: setting.dt)
    if level.pieces.isEmpty && conversion == nil {
      // The last metal is gone: nothing is left to carry a current.
      reaction.finish(level)
      level.collectorCurrent = 0
      return 0
    }
    setConductivity(level)
    let topSalt = domain.meanOfTop(level.salt)
    var end = end
    // Little is left, and the current will be what that allows.
    if end.salt <= 0 { end.move(to: 1e-3 * electrolyte.concentration.value) }
    settleScalars(level, setting)
    var iterations = 0
    for _ in 0..<40 {
      let resistance = farField.resistance(level, topSalt: topSalt, endSalt: end.salt)
      modes.update(
        coefficient: conductivityAtTop(level), thickness: farField.thickness(level),
        meanConductance: 1 / resistance)
      let shift = farField.diffusionPotential(endSalt: end.salt, topSalt: topSalt)
      let exchange =
        counterElectrode?.exchange(level, resistance, shift, end)
        ?? TopExchange(conductance: 1 / resistance, outside: shift)
      let step = try newtonStep(level, setting, exchange)
      iterations += step.iterations
      let current = exchange.conductance * (exchange.outside - domain.meanOfTop(level.potential))
      let counterError = counterElectrode?.follow(level, current: current, &end) ?? 0
      if max(step.error, counterError) <= tolerance * level.distanceFromEquilibrium {
        network.settleIdle(level)
        domain.extend(level.potential, of: level)
        reaction.finish(level)
        level.collectorCurrent = network.collectorCurrent(level, setting)
        level.layerCurrent = setting.dt > 0 ? network.layerCurrent(level, setting) : 0
        return iterations
      }
    }
    throw .notConverged(what: "the potential (Newton)", iterations: iterations, residual: 0)
  }

  // MARK: One Newton step

  /// - Returns: CG iterations and the error estimate of the new state in units of RT/F: the step is quadratic.
  private func newtonStep(
    _ level: TimeLevel, _ setting: ContactNetwork.Setting, _ exchange: TopExchange
  ) throws(SolverFailure) -> (iterations: Int, error: Double) {
    let border = linearise(level, setting)
    guard let pieces = PieceCoupling(domain, modes, level, border.matrix, conversion) else {
      throw .notConverged(what: "the pieces' potentials", iterations: 0, residual: 0)
    }
    let system = assembleStep(level, exchange, pieces)
    // Eliminating the scalars moves their residual to the right-hand side.
    let start = pieces.scalars(for: border.residual)
    pieces.addCoupling(of: start, to: rightHandSide)
    let iterations: Int
    do throws(NotConverged) {
      iterations = try solver.solve(
        system, rightHandSide: rightHandSide, solution: correction,
        tolerance: 0.3 * tolerance * level.distanceFromEquilibrium / f, startsAtZero: true)
    } catch {
      throw .notConverged(what: "the potential", iterations: error.iterations, residual: error.error)
    }
    let scalars = pieces.scalars(for: pieces.project(correction, adding: border.residual))
    let largest = apply(scalars, to: level, setting)
    let relative = f * largest
    return (iterations, 0.25 * relative * relative)
  }

  /// Currents at the present potentials, and what of them concerns the scalars.
  private func linearise(
    _ level: TimeLevel, _ setting: ContactNetwork.Setting
  ) -> (matrix: [Double], residual: [Double]) {
    let pieces = reaction.evaluate(level)
    return network.linearise(level, setting, pieces, conversion: reaction.converting)
  }

  /// Adds the corrections, damped where they leave the range in which the linearisation means something, and
  /// linearises the currents along. Returns the largest change of a driving potential, V.
  private func apply(_ scalars: [Double], to level: TimeLevel, _ setting: ContactNetwork.Setting) -> Double {
    let list = level.interface
    /// Change of the driving potential, V.
    func change(_ j: Int) -> Double {
      list.active[j] && list.piece[j] >= 0
        ? scalars[Int(list.piece[j])] - correction.base[Int(list.cell[j])] : 0
    }
    var largest = domain.largest(list) { $0.reduce(0) { max($0, abs(change($1))) } }
    for (k, piece) in level.pieces.enumerated() where !piece.contactArea.allSatisfy({ $0 == 0 }) {
      let change = setting.current == nil ? scalars[k] : scalars[k] - scalars[level.pieces.count]
      let stiffness = network.curvatureOfContact(piece)
      largest = max(largest, abs(change) * stiffness)
    }
    let voltageChange = setting.current == nil ? 0 : scalars[level.pieces.count]
    for cell in conversion?.cells ?? [] {
      largest = max(largest, abs(voltageChange - correction.base[Int(cell)]))
    }
    let damping = min(1, 6 / max(f * largest, 1e-300))
    domain.forPlanes { [change = correction.base, potential = level.potential.base] cells in
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        store(load(potential, i) + damping * load(change, i), potential, i)
      }
    }
    for k in level.pieces.indices { level.pieces[k].potential += damping * scalars[k] }
    level.voltage += damping * voltageChange
    conversion?.follow(voltage: damping * voltageChange) { damping * correction.base[$0] }
    domain.forInterface(list) { places in
      for j in places {
        let way = damping * change(j)
        list.current[j] -= list.conductance[j] * way
        if let interphase = level.interphase { interphase.current[j] -= interphase.slope[j] * way }
      }
    }
    return damping < 1 ? largest / damping : largest
  }

  /// Newton on the scalars alone with φ fixed, before any solve: contact laws are far more nonlinear than the
  /// electrolyte, and this costs no solve.
  private func settleScalars(_ level: TimeLevel, _ setting: ContactNetwork.Setting) {
    for _ in 0..<60 {
      let border = linearise(level, setting)
      var step = border.residual
      guard let system = SymmetricSystem(border.matrix, size: step.count) else { return }
      system.solve(&step)
      let largest = step.map { abs($0) }.max() ?? 0
      let damping = min(1, 4 / max(f * largest, 1e-300))
      for k in level.pieces.indices { level.pieces[k].potential += damping * step[k] }
      if setting.current != nil { level.voltage += damping * step[level.pieces.count] }
      if f * largest < 0.02 { return }
    }
  }

  // MARK: The linear system

  private func bulkConductivity(_ salt: Double) -> Double {
    electrolyte.conductivity.value * salt / electrolyte.concentration.value
  }

  /// ε σ on the active cells.
  private func setConductivity(_ level: TimeLevel) {
    if electrolyte.conductsBySalt {
      matrix.setCoefficient(level.electrolyteFraction, times: level.salt, scaledBy: bulkConductivity(1))
    } else {
      matrix.setCoefficient(level.electrolyteFraction, scaledBy: electrolyte.conductivity.value)
    }
  }

  private func conductivityAtTop(_ level: TimeLevel) -> Double {
    bulkConductivity(electrolyte.conductingSalt(domain.meanOfTop(level.salt)))
  }

  /// Matrix and right-hand side (the residual) of a Newton step.
  private func assembleStep(
    _ level: TimeLevel, _ exchange: TopExchange, _ pieces: PieceCoupling
  ) -> ConjugateGradient.System {
    let list = level.interface
    for i in reacting { reactionSlope.base[Int(i)] = 0 }
    reacting.removeAll(keepingCapacity: true)
    reacting.append(contentsOf: UnsafeBufferPointer(start: list.cell, count: list.count))
    let diffusion =
      electrolyte.conductivity.value * electrolyte.diffusionWeight
      / (f * electrolyte.concentration.value * electrolyte.saltDiffusivity.value)
    matrix.setDivergence(
      of: level.potential, plus: diffusion == 0 ? nil : (transport.matrix, level.salt, diffusion),
      into: rightHandSide)
    func combine(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
      SIMD4(a[0] + b[0], max(a[1], b[1]), 0, 0)
    }
    let held = domain.overInterface(list, combine) { places in
      var (total, largest) = (0.0, 0.0)
      for j in places where list.areaDensity[j] > 0 {
        let i = Int(list.cell[j])
        let slope = list.areaDensity[j] * list.conductance[j]
        reactionSlope.base[i] = slope
        rightHandSide.base[i] -= list.areaDensity[j] * list.current[j] + level.reaction.base[i]
        total += slope
        largest = max(largest, slope)
      }
      return SIMD4(total, largest, 0, 0)
    }
    let converting = addConversion()
    matrix.setReaction(reactionSlope, topConductance: exchange.conductance)
    let n = domain.grid.count
    let top = exchange.conductance / domain.grid.spacing.z
    domain.forTop(of: level) { i in
      rightHandSide.base[i] += top * (exchange.outside - level.potential.base[i])
    }
    modes.add(of: level.potential, scaledBy: -1, to: rightHandSide)
    return ConjugateGradient.System(
      matrix, coupling: pieces, alpha: conductivityAtTop(level), beta: 0,
      constantMode: (held[0] + converting.total - pieces.heldByPieces()) / Double(domain.grid.cells)
        + top / Double(n.z),
      largestReaction: max(held[1], converting.largest))
  }

  /// Adds the conversion of the substrate to matrix and right-hand side; returns sum and maximum of its slopes.
  private func addConversion() -> (total: Double, largest: Double) {
    guard let conversion else { return (0, 0) }
    for (k, cell) in conversion.cells.enumerated() {
      reactionSlope.base[Int(cell)] += conversion.slope[k]
      rightHandSide.base[Int(cell)] -= conversion.current[k]
    }
    reacting += conversion.cells
    return (conversion.slope.reduce(0, +), conversion.slope.max() ?? 0)
  }
}
