import Spectral

/// What the next step depends on, by the names it has in a checkpoint.
enum Archived {
  static func fields(_ level: TimeLevel) -> [(name: String, field: Field)] {
    var list = [
      ("metal", level.metal), ("salt", level.salt), ("potential", level.potential),
      ("distance", level.distance), ("advection_term", level.advectionTerm),
      ("profile_term", level.profileTerm), ("reaction", level.reaction),
    ]
    if let interphase = level.interphase {
      list += [
        ("interphase.thickness", interphase.thickness),
        ("interphase.former_thickness", interphase.formerThickness),
        ("interphase.whole", interphase.whole), ("interphase.former_whole", interphase.formerWhole),
      ]
    }
    return list
  }
  static var levelNumbers: [(name: String, path: ReferenceWritableKeyPath<TimeLevel, Double>)] {
    [
      ("far_thickness", \.farThickness), ("voltage", \.voltage), ("counter_potential", \.counterPotential),
      ("faradaic_current", \.faradaicCurrent), ("interphase_current", \.interphaseCurrent),
      ("conversion_current", \.conversionCurrent),
      ("layer_current", \.layerCurrent), ("collector_current", \.collectorCurrent),
      ("largest_speed", \.largestSpeed), ("front_speed", \.frontSpeed), ("motion_speed", \.motionSpeed),
      ("largest_slope", \.largestSlope), ("exchange_time", \.exchangeTime),
      ("distance_from_equilibrium", \.distanceFromEquilibrium), ("mobility", \.mobility),
      ("levelling", \.levelling),
    ]
  }
  static var numbers: [(name: String, path: ReferenceWritableKeyPath<State, Double>)] {
    [
      ("time", \.time), ("last_step", \.lastStep), ("proposed_step", \.proposedStep), ("charge", \.charge),
      ("reacted", \.reacted.value), ("reacted_before", \.reacted.before),
      ("collector_charge", \.collectorCharge), ("collected", \.collected.value),
      ("collected_before", \.collected.before), ("converted", \.converted.value),
      ("converted_before", \.converted.before), ("interphase", \.interphase.value),
      ("interphase_before", \.interphase.before), ("layers", \.layers.value),
      ("layers_before", \.layers.before),
      ("salt_book", \.saltBook.value), ("salt_book_before", \.saltBook.before),
      ("initial_metal", \.initialMetal), ("initial_salt", \.initialSalt),
      ("stage_start_time", \.stageStartTime), ("stage_start_charge", \.stageStartCharge),
      ("stage_start_interphase", \.stageStartInterphase),
      ("stage_start_dead_metal", \.stageStartDeadMetal),
      ("stage_start_voltage", \.stageStartVoltage), ("stage_start_thickness", \.stageStartThickness),
      ("stage_start_height", \.stageStartHeight), ("plated_thickness", \.platedThickness),
      ("voltage_time", \.voltageTime), ("charging_error", \.chargingError),
      ("charging_left", \.chargingLeft), ("watched_share", \.watchedShare), ("progress", \.progress),
    ]
  }
  static var counts: [(name: String, path: ReferenceWritableKeyPath<State, Int>)] {
    [
      ("step", \.step), ("stage", \.stage), ("watched_step", \.watchedStep), ("time_marks", \.timeMarks),
      ("thickness_mark", \.thicknessMark), ("start_left", \.startLeft), ("meeting_left", \.meetingLeft),
    ]
  }
  static var flags: [(name: String, path: ReferenceWritableKeyPath<State, Bool>)] {
    [
      ("next_is_euler", \.nextIsEuler), ("stage_is_over", \.stageIsOver), ("had_salt", \.hadSalt),
    ]
  }
}

extension Simulation {
  /// Everything that the next step depends on.
  public func archive() -> StateArchive {
    var archive = StateArchive()
    for (prefix, level) in [("now", state.now), ("before", state.before)] {
      for (name, field) in Archived.fields(level) { archive.doubles["\(prefix).\(name)"] = field.values }
      for (name, path) in Archived.levelNumbers {
        archive.doubles["\(prefix).\(name)"] = [level[keyPath: path]]
      }
      archive.doubles["\(prefix).far_salt"] = level.farSalt
      archive.doubles["\(prefix).extent"] = level.extent
      archive.integers["\(prefix).core"] = (0..<domain.grid.cells).map { Int64(level.core[$0]) }
      archive.integers["\(prefix).piece.identity"] = level.pieces.map { Int64($0.identity) }
      archive.doubles["\(prefix).piece.potential"] = level.pieces.map(\.potential)
      archive.doubles["\(prefix).piece.current"] = level.pieces.map(\.current)
      archive.doubles["\(prefix).piece.interphase_current"] = level.pieces.map(\.interphaseCurrent)
      archive.doubles["\(prefix).piece.area"] = level.pieces.map(\.area)
    }
    for (name, path) in Archived.numbers { archive.doubles["state.\(name)"] = [state[keyPath: path]] }
    for (name, path) in Archived.counts { archive.integers["state.\(name)"] = [Int64(state[keyPath: path])] }
    for (name, path) in Archived.flags { archive.integers["state.\(name)"] = [state[keyPath: path] ? 1 : 0] }
    archive.doubles["state.wall_extent"] = domain.wall.extent.values
    archive.integers["state.raised"] = [Int64(domain.raised)]
    archive.integers["state.next_identity"] = [Int64(state.nextIdentity)]
    archive.integers["state.end_reason"] = [
      Int64(endReason.flatMap(EndReason.allCases.firstIndex) ?? -1)
    ]
    archive.doubles["state.smallest_salt"] = [observables.minimumSalt]
    return archive
  }

  /// Puts an archive in place.
  ///
  /// - Throws: `.invalidCase` when the archive does not fit the case.
  func restore(_ archive: StateArchive) throws(SolverFailure) {
    for (prefix, level) in [("now", state.now), ("before", state.before)] {
      try restore(level, prefix, archive)
    }
    for (name, path) in Archived.numbers { state[keyPath: path] = try archive.number("state.\(name)") }
    for (name, path) in Archived.counts { state[keyPath: path] = try archive.count("state.\(name)") }
    for (name, path) in Archived.flags { state[keyPath: path] = try archive.count("state.\(name)") != 0 }
    state.nextIdentity = Int32(try archive.count("state.next_identity"))
    domain.wall.extent.values = try archive.numbers("state.wall_extent", count: domain.grid.columns)
    domain.raised = try archive.count("state.raised")
    let reason = try archive.count("state.end_reason")
    endReason = EndReason.allCases.indices.contains(reason) ? .allCases[reason] : nil
    findInterface()
    observe(
      audit(state.now, charge: state.charge, bookedSalt: state.saltBook.value), saltIterations: 0,
      potentialIterations: 0, closureDefect: 0, smallestSalt: try archive.number("state.smallest_salt"),
      previous: nil)
    measureSurfaceSalt()
    state.isOpen = isOpen
    outputIsDue = false
  }

  /// Fills the interface list of the present moment, which follows from ξ and the cores; nothing else is recomputed.
  func findInterface() {
    interfaceGeometry.update(state.now)
    pieceFinder.rebuildLabels(state.now)
  }

  private func restore(
    _ level: TimeLevel, _ prefix: String, _ archive: StateArchive
  ) throws(SolverFailure) {
    for (name, field) in Archived.fields(level) {
      field.values = try archive.numbers("\(prefix).\(name)", count: field.count)
    }
    for (name, path) in Archived.levelNumbers {
      level[keyPath: path] = try archive.number("\(prefix).\(name)")
    }
    level.extent = try archive.numbers(
      "\(prefix).extent", count: setup.substrate?.conversion == nil ? 0 : domain.grid.columns)
    level.farSalt = try archive.numbers("\(prefix).far_salt", count: farField.cells(level).count)
    let core = try archive.counts("\(prefix).core", count: domain.grid.cells)
    for i in core.indices { level.core[i] = Int32(core[i]) }
    let identities = try archive.counts("\(prefix).piece.identity")
    let potentials = try archive.numbers("\(prefix).piece.potential", count: identities.count)
    let currents = try archive.numbers("\(prefix).piece.current", count: identities.count)
    let grown = try archive.numbers("\(prefix).piece.interphase_current", count: identities.count)
    let areas = try archive.numbers("\(prefix).piece.area", count: identities.count)
    level.pieces = identities.indices.map { k in
      Piece(
        identity: Int32(identities[k]), potential: potentials[k], current: currents[k],
        interphaseCurrent: grown[k], area: areas[k])
    }
  }
}

extension StateArchive {
  /// An array by its name, of that many entries if a number is given.
  fileprivate func numbers(_ name: String, count: Int? = nil) throws(SolverFailure) -> [Double] {
    guard let values = doubles[name], values.count == count ?? values.count else { throw Self.misfit(name) }
    return values
  }

  fileprivate func counts(_ name: String, count: Int? = nil) throws(SolverFailure) -> [Int64] {
    guard let values = integers[name], values.count == count ?? values.count else { throw Self.misfit(name) }
    return values
  }

  fileprivate func number(_ name: String) throws(SolverFailure) -> Double { try numbers(name, count: 1)[0] }

  fileprivate func count(_ name: String) throws(SolverFailure) -> Int { Int(try counts(name, count: 1)[0]) }

  private static func misfit(_ name: String) -> SolverFailure {
    .invalidCase(
      "the checkpoint holds another grid or is of another version of Frond: \(name) does not fit the case")
  }
}
