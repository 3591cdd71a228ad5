import Spectral

/// What verification reads that users have no need for. It changes nothing but where it says so.
extension Simulation {
  /// One piece of metal.
  package struct PieceView: Sendable {
    package let identity: Int32
    /// φ_k, V.
    package let potential: Double
    /// ∫ a i dV, A: positive while plating.
    package let current: Double
    /// Area of its interface, m².
    package let area: Double
    /// Area of its contact with each kind of surface, m²: the matrix, then the islands.
    package let contactArea: [Double]
  }

  /// What the charge transfer in one interface cell depends on, and what it gave.
  package struct ReactingCell: Sendable {
    /// Position of the piece in `pieceViews`.
    package let piece: Int
    /// a dV, m².
    package let area: Double
    /// φ, V, and c, mol/m³.
    package let potential: Double
    package let salt: Double
    /// K of the surface, 1/m.
    package let curvature: Double
    /// i, A/m².
    package let current: Double
    /// Above the substrate's surface, m.
    package let height: Double
  }

  package var grid: Grid { domain.grid }

  /// What the solves of salt and potential have applied since the start.
  package var applications: (operators: Int, preconditioners: Int) {
    (saltTransport.solver.operatorApplications, saltTransport.solver.preconditionerApplications)
  }

  /// Bottom of the box above the substrate's surface, m.
  package var bottom: Double { domain.bottom }

  /// ℓ, m.
  package var interfaceWidth: Double { domain.width }

  package var pieceViews: [PieceView] {
    state.now.pieces.map {
      PieceView(
        identity: $0.identity, potential: $0.potential, current: $0.current, area: $0.area,
        contactArea: $0.contactArea)
    }
  }

  /// Area of the contacts of all pieces with each kind of surface, m²: the matrix, then the islands.
  package var contactAreas: [Double] {
    pieceViews.reduce(into: [0, 0]) { sums, piece in
      for (k, area) in piece.contactArea.enumerated() { sums[k] += area }
    }
  }

  package var reactingCells: [ReactingCell] {
    let now = state.now
    let list = now.interface
    return (0..<list.count).filter { list.areaDensity[$0] > 0 }.map { j in
      let i = Int(list.cell[j])
      return ReactingCell(
        piece: Int(list.piece[j]), area: list.areaDensity[j] * domain.grid.cellVolume,
        potential: now.potential.base[i], salt: now.salt.base[i], curvature: list.capillarity[j],
        current: list.current[j], height: domain.height(i % domain.grid.count.z))
    }
  }

  /// ξ.
  package var metalProfile: [Double] { state.now.metal.values }

  /// ξ, and c (mol/m³), of the present moment.
  package var metal: Field { state.now.metal }
  package var salt: Field { state.now.salt }

  /// Thickness (m) and c (mol/m³) of the cells of the far field, from the box upwards.
  package var farCells: [(size: Double, salt: Double)] {
    zip(farField.cells(state.now), state.now.farSalt).map { (size: $0, salt: $1) }
  }

  /// The stage under way, from 0.
  package var stage: Int { state.stage }

  /// |d| up to which a cell belongs to the interface, in ℓ, and ε above which one takes part in transport.
  package static var interfaceReach: Double { Interface.bandHalfWidth }
  package static var activeFloor: Double { Interface.activeFloor }

  /// Potential of the collector, V, and the faradaic current, A.
  package var collectorPotential: Double { state.now.voltage }
  package var faradaicCurrent: Double { state.now.faradaicCurrent }

  /// Largest |v| on the interface, its tails included, m/s.
  package var largestSpeed: Double { state.now.largestSpeed }

  /// b that the next step will use, m²/s.
  package var profileMobility: Double { state.now.mobility }

  /// The next step has no usable history.
  package var nextStepIsEuler: Bool { state.nextIsEuler }

  /// Starts anew from metal of another shape in salt of another distribution.
  ///
  /// - Parameters:
  ///   - distance: signed distance to the metal (m, negative inside) at a point (m from the corner of the box).
  ///   - salt: c, mol/m³, at a point; above the box for the far field.
  package func begin(
    metal distance: (SIMD3<Double>) -> Double, salt: (SIMD3<Double>) -> Double
  ) throws(SolverFailure) {
    let (now, grid) = (state.now, domain.grid)
    for x in 0..<grid.count.x {
      for y in 0..<grid.count.y {
        for z in 0..<grid.count.z {
          let here = (SIMD3(Double(x), Double(y), Double(z)) + 0.5) * grid.spacing
          let d = max(-30, min(30, distance(here) / domain.width))
          now.metal[x, y, z] = 1 / (1 + exp(d))
          now.salt[x, y, z] = salt(here)
        }
      }
    }
    (state.charge, state.collectorCharge, state.saltBook) = (0, 0, TimeIntegral())
    (state.reacted, state.converted, state.interphase) = (TimeIntegral(), TimeIntegral(), TimeIntegral())
    (state.layers, state.collected) = (TimeIntegral(), TimeIntegral())
    for level in [now, state.before] { level.interphase?.forget() }
    now.farThickness = farField.thickness(grown: 0)
    var bottom = grid.extent.z
    now.farSalt = farField.cells(now).map { size in
      defer { bottom += size }
      return salt(SIMD3(0, 0, bottom + size / 2))
    }
    try beginFromMetal()
  }

  /// Sets the thickness of the interphase, m, at the points (m from the corner of the box) near the surface, as if the run
  /// had begun with it, and solves the moment anew.
  package func setInterphase(_ thickness: (SIMD3<Double>) -> Double) throws(SolverFailure) {
    guard let interphase = state.now.interphase else { return }
    let list = state.now.interface
    for i in (0..<list.count).map({ Int(list.cell[$0]) }) {
      interphase.thickness.base[i] = thickness(domain.grid.middle(of: i))
      for field in interphase.carried { field.base[i] = interphase.thickness.base[i] }
    }
    try beginStage()
  }

  /// Sets the salt to one value everywhere, as if the run had begun with it, and solves the moment anew.
  package func setUniformSalt(_ concentration: Double) throws(SolverFailure) {
    for level in [state.now, state.before] {
      level.salt.fill(concentration)
      level.farSalt = level.farSalt.map { _ in concentration }
    }
    state.initialSalt = inventory(state.now).salt
    observables.minimumSalt = concentration
    state.saltBook = TimeIntegral()
    try beginStage()
  }
}
