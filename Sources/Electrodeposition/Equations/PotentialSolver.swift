import Spectral

/// The electrolyte's potential, the pieces' potentials and the collector's, by Newton's method.
///
///     ∇·(ε σ ∇φ) + ∇·(ε σ0 (2t₊−1)/(f c0) ∇c) = a i(φ_k − φ + ΓK, c)
///
/// Each Newton step is one linear system for (δφ, δφ_k, δV): the pieces' rows are eliminated by a small dense
/// factorisation, the rest is symmetric positive and solved by conjugate gradients. The current that moves
/// the metal is the linearised one, so that Kirchhoff's law and a given current hold to round-off.
final class PotentialSolver {
  let domain: Domain
  let network: ContactNetwork
  private let electrolyte: Electrolyte
  private let rateLaw: RateLaw
  private let farField: FarField
  private let transport: SaltTransport
  private let matrix: DiffusionOperator
  private let solver: ConjugateGradient
  let modes: LateralModes
  private let rightHandSide, correction, reactionSlope: Field
  private let capillary: Double
  private let f: Double
  private let tolerance: Double
  private let counter: Bool
  private let relaxation: Relaxation?
  private let noise: ReactionNoise?
  /// Current of each piece that no potential changes, A.
  private var fixedCurrent: [Double] = []
  /// Cells in which `reactionSlope` may not be zero.
  private var reacting: [Int32] = []
  /// What is summed over the interface of each piece.
  private var sums: [SIMD4<Double>] = []
  /// A = ∂i/∂c of the counter electrode when φ follows c, A m/mol, of the moment that was solved last; 0 of a reservoir.
  private(set) var counterResponse = 0.0
  /// Noise of the rate in each column; empty for none.
  private var factors: [Double] = []

  init(
    _ setup: Case, _ domain: Domain, _ farField: FarField, _ transport: SaltTransport,
    solver: ConjugateGradient,
    modes: LateralModes, relaxation: Relaxation?
  ) {
    self.domain = domain
    self.farField = farField
    self.transport = transport
    self.solver = solver
    self.modes = modes
    electrolyte = setup.electrolyte
    rateLaw = RateLaw(setup)
    network = ContactNetwork(setup, domain)
    matrix = DiffusionOperator(domain.grid, pool: domain.pool)
    rightHandSide = Field(domain.grid)
    correction = Field(domain.grid)
    reactionSlope = Field(domain.grid)
    self.relaxation = relaxation
    noise = ReactionNoise(setup, domain.grid)
    capillary = setup.isVariational ? 0 : setup.capillaryConstant
    f = setup.inverseThermalVoltage
    // Salt and potential, solved one after the other, hand each other's errors on enlarged where a cation moves alone.
    tolerance = setup.numerics.potentialTolerance * (electrolyte.transport == .cation ? 0.1 : 1)
    counter = setup.electrolyte.end == .counterElectrode
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
    measureAreas(level)
    domain.clear(level.reaction)
    fixedCurrent = relaxation?.fill(level) ?? level.pieces.map { _ in 0 }
    factors = noise?.factors(at: time) ?? []
    if level.pieces.isEmpty {
      // The last metal is gone: nothing is left to carry a current.
      finish(level, setting)
      level.collectorCurrent = 0
      return 0
    }
    setConductivity(level)
    let topSalt = transport.meanOfTop(level.salt)
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
      let exchange = linearisedExchange(level, resistance, shift, end)
      let step = try newtonStep(level, setting, exchange)
      iterations += step.iterations
      let counterError = followCounter(level, exchange, &end)
      if max(step.error, counterError) <= tolerance * level.distanceFromEquilibrium {
        domain.extend(level.potential, of: level)
        finish(level, setting)
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
    let border = network.linearise(level, setting, evaluate(level))
    guard let pieces = PieceCoupling(domain, modes, level, border.matrix) else {
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
    let damping = min(1, 6 / max(f * largest, 1e-300))
    domain.forPlanes { [change = correction.base, potential = level.potential.base] cells in
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        store(load(potential, i) + damping * load(change, i), potential, i)
      }
    }
    for k in level.pieces.indices { level.pieces[k].potential += damping * scalars[k] }
    if setting.current != nil { level.voltage += damping * scalars[level.pieces.count] }
    domain.forInterface(list) { for j in $0 { list.current[j] -= damping * list.conductance[j] * change(j) } }
    return damping < 1 ? largest / damping : largest
  }

  /// Newton on the scalars alone with φ fixed, before any solve: contact laws are far more nonlinear than the
  /// electrolyte, and this costs no solve.
  private func settleScalars(_ level: TimeLevel, _ setting: ContactNetwork.Setting) {
    for _ in 0..<60 {
      let border = network.linearise(level, setting, evaluate(level))
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

  // MARK: Currents

  /// i and B of every interface cell at the present potentials, their sums by piece, and the moment's drive.
  private func evaluate(_ level: TimeLevel) -> [Response] {
    let list = level.interface
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      if rateLaw.filmResistance == 0 && factors.isEmpty {
        for first in stride(from: places.lowerBound, to: places.upperBound, by: 8) {
          findRates(level, first..<min(first + 8, places.upperBound))
        }
      } else {
        for j in places { findRate(level, j) }
      }
      for j in places where list.areaDensity[j] > 0 {
        own[Int(list.piece[j])] +=
          list.areaDensity[j] * SIMD4(list.current[j], list.conductance[j], abs(list.current[j]), 0)
      }
    }
    // Mean |i| over mean B in units of RT/F. Near equilibrium the current is a small difference, in which the errors of
    // φ and c weigh that much more.
    let all = sums.reduce(SIMD4(repeating: 0), +)
    level.distanceFromEquilibrium = all[1] > 0 ? max(0.01, min(1, f * all[2] / all[1])) : 1
    return responses()
  }

  /// i and B of at most eight interface cells, active or not.
  private func findRates(_ level: TimeLevel, _ places: Range<Int>) {
    let list = level.interface
    var (e, salt) = (Vector(repeating: 0), Vector(repeating: 0))
    for j in places {
      e[j - places.lowerBound] = drivingPotential(level, j)
      salt[j - places.lowerBound] = level.salt.base[Int(list.cell[j])]
    }
    let (current, slope) = rateLaw.rates(e, salt: salt)
    for j in places {
      list.current[j] = current[j - places.lowerBound]
      list.conductance[j] = slope[j - places.lowerBound]
    }
  }

  /// The same of one, with film and noise.
  private func findRate(_ level: TimeLevel, _ j: Int) {
    let list = level.interface
    let i = Int(list.cell[j])
    var law = rateLaw
    if !factors.isEmpty { law.exchange *= factors[i / domain.grid.count.z] }
    (list.current[j], list.conductance[j]) = law.rate(drivingPotential(level, j), salt: level.salt.base[i])
  }

  /// e = φ_k − φ + Γ K, V; 0 where there is no piece.
  @inline(__always)
  private func drivingPotential(_ level: TimeLevel, _ j: Int) -> Double {
    let (list, k) = (level.interface, Int(level.interface.piece[j]))
    guard k >= 0 else { return 0 }
    let driven = level.pieces[k].potential - level.potential.base[Int(list.cell[j])]
    return driven + capillary * list.capillarity[j]
  }

  /// ∫ a B dV of each piece of a moment that is solved, A/V.
  func slopes(_ level: TimeLevel) -> [Double] {
    let list = level.interface
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      for j in places where list.areaDensity[j] > 0 {
        own[Int(list.piece[j])][0] += list.areaDensity[j] * list.conductance[j]
      }
    }
    return sums.map { $0[0] * domain.grid.cellVolume }
  }

  private func responses() -> [Response] {
    zip(fixedCurrent, sums).map {
      Response(current: $0 + $1[0] * domain.grid.cellVolume, slope: $1[1] * domain.grid.cellVolume)
    }
  }

  /// a: the area density, taken by the active cells alone. What faces
  /// enclosed electrolyte takes no part: its area must not be charged to the rest.
  private func measureAreas(_ level: TimeLevel) {
    let list = level.interface
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      for j in places where list.piece[j] >= 0 && !list.enclosed[j] {
        own[Int(list.piece[j])] += list.profileDensity[j] * SIMD4(1, list.active[j] ? 1 : 0, 0, 0)
      }
    }
    for k in level.pieces.indices {
      level.pieces[k].area = sums[k][0] * domain.grid.cellVolume
    }
    let isRelaxing = relaxation != nil
    domain.forInterface(list) { places in
      for j in places {
        let k = Int(list.piece[j])
        guard k >= 0, list.active[j] else {
          list.areaDensity[j] = 0
          continue
        }
        let (all, active) = (sums[k][0], sums[k][1])
        let share =
          isRelaxing
          ? Capillarity.interpolation(level.metal.base[Int(list.cell[j])])
          : active > 0 ? all / active : 0
        list.areaDensity[j] = share * list.profileDensity[j]
      }
    }
  }

  // MARK: The reaction and the salt

  /// The reaction at the present salt and potentials, for the salt to be solved with.
  func implicitReaction(_ level: TimeLevel) -> ImplicitReaction {
    measureAreas(level)
    _ = evaluate(level)
    let list = level.interface
    let salt = atInterface(level.salt, level)
    let slope = (0..<list.count).map { j in
      let c = max(salt[j], 1e-9 * electrolyte.concentration.value)
      return electrolyte.saltPerCharge * list.areaDensity[j]
        * rateLaw.exchangeSlope(list.current[j], list.conductance[j], salt: c)
    }
    return ImplicitReaction(consumption(level), slope: slope, salt: salt)
  }

  /// A field by the places of the interface.
  func atInterface(_ field: Field, _ level: TimeLevel) -> [Double] {
    (0..<level.interface.count).map { field.base[Int(level.interface.cell[$0])] }
  }

  /// What the reaction takes from the salt by the places of the interface, mol/(m³ s).
  func consumption(_ level: TimeLevel) -> [Double] {
    let list = level.interface
    return (0..<list.count).map {
      list.areaDensity[$0] > 0 ? electrolyte.saltPerCharge * list.areaDensity[$0] * list.current[$0] : 0
    }
  }

  /// The sum of that of a reaction as far from equilibrium as this one.
  func consumptionScale(_ level: TimeLevel) -> Double {
    let list = level.interface
    let slopes = (0..<list.count).reduce(0) {
      list.areaDensity[$1] > 0 ? $0 + list.areaDensity[$1] * list.conductance[$1] : $0
    }
    return electrolyte.saltPerCharge * level.distanceFromEquilibrium * slopes / f
  }

  private func finish(_ level: TimeLevel, _ setting: ContactNetwork.Setting) {
    let list = level.interface
    domain.sumByPiece(list, level.pieces.count, into: &sums) { places, own in
      for j in places where list.areaDensity[j] > 0 {
        let rate = list.areaDensity[j] * list.current[j]
        level.reaction.base[Int(list.cell[j])] += rate
        own[Int(list.piece[j])][0] += rate
      }
    }
    for (k, response) in responses().enumerated() { level.pieces[k].current = response.current }
    level.faradaicCurrent = level.pieces.reduce(0) { $0 + $1.current }
    level.collectorCurrent = network.collectorCurrent(level, setting)
    level.largestSlope = domain.largest(list) { places in
      places.reduce(0) {
        list.areaDensity[$1] > 0 && domain.isFront(level.metal.base[Int(list.cell[$1])])
          ? max($0, list.conductance[$1]) : $0
      }
    }
  }

  // MARK: The linear system

  private func bulkConductivity(_ salt: Double) -> Double {
    electrolyte.conductivity.value * salt / electrolyte.concentration.value
  }

  /// ε σ0 c/c0 on the active cells; ε σ0 where the cation carries the current alone.
  private func setConductivity(_ level: TimeLevel) {
    switch electrolyte.transport {
    case .binarySalt:
      matrix.setCoefficient(level.electrolyteFraction, times: level.salt, scaledBy: bulkConductivity(1))
    case .cation: matrix.setCoefficient(level.electrolyteFraction, scaledBy: electrolyte.conductivity.value)
    }
  }

  private func conductivityAtTop(_ level: TimeLevel) -> Double {
    bulkConductivity(electrolyte.conductingSalt(transport.meanOfTop(level.salt)))
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
    matrix.setReaction(reactionSlope, topConductance: exchange.conductance)
    let n = domain.grid.count
    let top = exchange.conductance / domain.grid.spacing.z
    for column in 0..<domain.grid.columns {
      let i = column * n.z + n.z - 1
      guard level.electrolyteFraction.base[i] > 0 else { continue }
      rightHandSide.base[i] += top * (exchange.outside - level.potential.base[i])
    }
    modes.add(of: level.potential, scaledBy: -1, to: rightHandSide)
    return ConjugateGradient.System(
      matrix, coupling: pieces, alpha: conductivityAtTop(level), beta: 0,
      constantMode: (held[0] - pieces.heldByPieces()) / Double(domain.grid.cells) + top / Double(n.z),
      largestReaction: held[1])
  }

  // MARK: The far end

  /// J = κ (φ* − φ_top) of the path to the far end, with the counter electrode's kinetics and salt linearised.
  private func linearisedExchange(
    _ level: TimeLevel, _ resistance: Double, _ shift: Double, _ end: EndSalt
  ) -> TopExchange {
    guard counter else { return TopExchange(conductance: 1 / resistance, outside: shift) }
    // The counter electrode dissolves while this one plates: its plating rate is −J.
    let law = counterLaw(level, end)
    let diffusion = electrolyte.diffusionWeight / f * end.response / end.salt
    let own = (1 + law.salt * end.response) / law.slope - diffusion
    let fixedCurrent = end.current * (law.salt * end.response / law.slope - diffusion)
    return TopExchange(
      conductance: 1 / (resistance + own),
      outside: level.counterPotential - law.rate / law.slope + fixedCurrent + shift)
  }

  /// Plating rate of the counter electrode, A/m², and its changes with −e and with c.
  private func counterLaw(_ level: TimeLevel, _ end: EndSalt) -> (rate: Double, slope: Double, salt: Double) {
    let (rate, slope) = rateLaw.rate(-level.counterPotential, salt: end.salt)
    return (rate, slope, rateLaw.saltSlope(rate, slope, salt: end.salt))
  }

  /// Moves the counter electrode's potential and salt to the current that the solve gave it. Returns how far the
  /// linearised law was off, in units of RT/F.
  private func followCounter(_ level: TimeLevel, _ exchange: TopExchange, _ end: inout EndSalt) -> Double {
    guard counter else { return 0 }
    let current = exchange.conductance * (exchange.outside - transport.meanOfTop(level.potential))
    let law = counterLaw(level, end)
    let salt = end(at: current)
    let linear = level.counterPotential - (current + law.rate + law.salt * (salt - end.salt)) / law.slope
    end.move(to: max(salt, 0.2 * end.salt))
    for _ in 0..<100 {
      let (rate, slope) = rateLaw.rate(-level.counterPotential, salt: end.salt)
      let step = max(-4 / f, min(4 / f, (current + rate) / slope))
      level.counterPotential -= step
      if abs(step) * f < 1e-13 { break }
    }
    let (rate, slope) = rateLaw.rate(-level.counterPotential, salt: end.salt)
    counterResponse = rateLaw.exchangeSlope(rate, slope, salt: end.salt)
    return salt < end.salt ? 1 : f * abs(level.counterPotential - linear)
  }
}
