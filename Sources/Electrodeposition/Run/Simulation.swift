import Spectral

/// The parts of a step, in their order.
package enum StepPart: String, CaseIterable, Sendable {
  case metal, shape, salt, potential, motion
}

/// A running case.
///
/// `step()` advances by one accepted step. A step is a trial: the next level is computed in a spare set of
/// fields and becomes the present only when its error is small enough; a rejected one is dropped.
public final class Simulation {
  public let setup: Case
  public internal(set) var observables = Observables()
  /// Fraction of the steps of the protocol that is done, 0…1, about: it rests on `ExpectedSteps`. It never falls.
  public var progress: Double { endReason == .protocolComplete ? 1 : state.progress }
  /// Why the run ended; `nil` while it has not.
  public internal(set) var endReason: EndReason?
  /// True after a step that hit a moment of `setup.output`, and at the start and end of each stage.
  public internal(set) var outputIsDue = true
  /// Steps computed and dropped since the start.
  package internal(set) var rejectedSteps = 0

  /// Whether the salt at the counter electrode leaves no room for a step.
  var endIsUsedUp = false
  /// Of the moment that was measured last.
  var surfaceSalt = SurfaceSalt()
  /// Called when a part of a trial step is done (benchmarks).
  package var partIsDone: ((StepPart) -> Void)?
  /// Multiplies b (verification that nothing depends on it changes it between steps).
  package var mobilityFactor: Double
  let surfaceLaw: SurfaceLaw?
  let domain: Domain
  let farField: FarField
  let saltTransport: SaltTransport
  let potentialSolver: PotentialSolver
  let orderParameter: OrderParameter
  let interfaceGeometry: InterfaceGeometry
  let pieceFinder: PieceFinder
  let pieceRegions: PieceRegions
  let interphaseGrowth: InterphaseGrowth?
  let interfaceVelocity: InterfaceVelocity
  let stepSize: StepSize
  let schedule: Schedule
  let state: State
  var trial: TimeLevel

  /// Sets a case up and solves its first moment.
  ///
  /// - Parameter threads: workers, the caller included; results do not depend on it.
  /// - Throws: `.invalidCase` when the case cannot be set up.
  public convenience init(_ setup: Case, threads: Int) throws(SolverFailure) {
    try self.init(parts: setup, threads: threads)
    try start()
  }

  /// Continues from an archive of a run of the same case, to the last bit.
  ///
  /// - Parameter former: the case of the run, if its later limits, later stages or output were others.
  public convenience init(
    _ setup: Case, resuming archive: StateArchive, of former: Case? = nil, threads: Int
  ) throws(SolverFailure) {
    try self.init(parts: setup, threads: threads)
    try restore(archive)
    if let former { try takeUp(former) }
  }

  private init(parts given: Case, threads: Int) throws(SolverFailure) {
    let fault = Fault.current
    let setup = fault?.withFault(given) ?? given
    if let first = setup.contradictions.first { throw .invalidCase(first.description) }
    self.setup = setup
    mobilityFactor = setup.numerics.mobilityFactor
    let domain = try Domain(setup, threads: threads)
    self.domain = domain
    surfaceLaw = SurfaceLaw(setup)
    farField = FarField(
      setup.electrolyte, boxHeight: setup.box.height, topCell: domain.grid.spacing.z,
      inverseThermalVoltage: setup.inverseThermalVoltage)
    let solver = ConjugateGradient(domain.grid, pool: domain.pool)
    let modes = LateralModes(domain.grid, pool: domain.pool)
    saltTransport = SaltTransport(setup, domain, farField, solver: solver, modes: modes)
    orderParameter = OrderParameter(
      domain, volumePerCharge: setup.volumePerCharge, flows: setup.capillarity.profileFlows)
    interfaceGeometry = InterfaceGeometry(
      domain, setup.capillarity, curvatureFactor: fault == .curvature ? Fault.factor : 1)
    interphaseGrowth = InterphaseGrowth(setup, domain)
    potentialSolver = PotentialSolver(
      setup, domain, farField, saltTransport, solver: solver, modes: modes,
      relaxation: Relaxation(setup, domain, orderParameter),
      conversion: SubstrateConversion(setup, domain, wallDistance: interfaceGeometry.wallDistance),
      growth: interphaseGrowth)
    pieceFinder = PieceFinder(domain, wallDistance: interfaceGeometry.wallDistance)
    pieceRegions = PieceRegions(domain)
    interfaceVelocity = InterfaceVelocity(
      setup, domain, volumePerCharge: setup.volumePerCharge * (fault == .speed ? Fault.factor : 1))
    stepSize = StepSize(setup, domain)
    schedule = Schedule(setup, area: domain.grid.area)
    state = State(domain.grid)
    trial = TimeLevel(domain.grid)
    guard interphaseGrowth != nil else { return }
    for level in [state.now, state.before, trial] { level.interphase = InterphaseLevel(domain.grid) }
  }

  /// The first moment: seeds, salt at rest, and the potentials of the first stage.
  private func start() throws(SolverFailure) {
    let now = state.now
    try placeFirstMetal()
    now.salt.fill(setup.electrolyte.concentration.value)
    now.farThickness = farField.thickness(grown: 0)
    now.farSalt = farField.cells(now).map { _ in setup.electrolyte.concentration.value }
    try beginFromMetal()
  }

  /// The first moment from its metal and salt.
  func beginFromMetal() throws(SolverFailure) {
    let now = state.now
    interfaceGeometry.update(now)
    pieceFinder.find(now, nextIdentity: &state.nextIdentity)
    (state.initialMetal, state.initialSalt) = inventory(now)
    state.before.metal.copy(from: now.metal)
    state.before.salt.copy(from: now.salt)
    state.before.farSalt = now.farSalt
    state.before.farThickness = now.farThickness
    if potentialSolver.conversion != nil {
      now.extent = domain.wall.extent.values
      state.before.extent = now.extent
    }
    observables.minimumSalt = setup.electrolyte.concentration.value
    try beginStage()
    _ = schedule.markOutput(state)
    state.meetingLeft = isOpen ? MeasuredCosts.meetingSteps(setup) : 0
    state.progress = 0
  }

  /// Solves a moment's potentials at its time; double layers charge from those of the two moments before.
  func solvePotentials(
    _ level: TimeLevel, at time: Double, by bdf: BDF2, from now: TimeLevel, _ before: TimeLevel,
    current: Double, isTogether: Bool
  ) throws(SolverFailure) -> Int {
    let old = level.pieces.map { piece in
      let latest = now.potential(of: piece.identity) ?? piece.potential
      return bdf.history(latest, before.potential(of: piece.identity) ?? latest)
    }
    if let voltage = schedule.heldPotential(state) { level.voltage = voltage }
    let driven = schedule.drivenCurrent(state)
    let last = lastCurrents(level, bdf).reacting
    let setting = ContactNetwork.Setting(
      dt: bdf.dt / bdf.alpha0, oldPotentials: old, oldVoltage: bdf.history(now.voltage, before.voltage),
      current: driven.map { $0 - last },
      oldExtent: zip(now.extent, before.extent).map(bdf.history))
    let end = farField.endSalt(level, current: current / domain.grid.area, isSolved: isTogether)
    let iterations = try potentialSolver.solve(level, setting, at: time, end: end)
    if isBare(level) { leaveBare(level, setting, after: now) }
    if last != 0 { level.collectorCurrent = driven ?? level.collectorCurrent + last }
    return iterations
  }
}
