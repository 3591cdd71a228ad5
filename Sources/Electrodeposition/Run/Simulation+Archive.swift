import Spectral

extension Simulation {
  /// Everything that the next step depends on.
  public func archive() -> StateArchive {
    var archive = StateArchive()
    for (name, level) in [("now", state.now), ("before", state.before)] {
      for (field, values) in Self.fields(of: level) { archive.doubles["\(name).\(field)"] = values.values }
      archive.doubles["\(name).far_salt"] = level.farSalt
      archive.doubles["\(name).scalars"] = [
        level.lastFarCell, level.voltage, level.counterPotential, level.faradaicCurrent,
        level.collectorCurrent, level.largestSpeed, level.frontSpeed, level.largestSlope,
        level.mobility, level.distanceFromEquilibrium, level.motionSpeed, level.levelling, level.exchangeTime,
      ]
      archive.doubles["\(name).pieces"] = level.pieces.flatMap { [$0.potential, $0.current, $0.area] }
      archive.integers["\(name).pieces"] = level.pieces.map { Int64($0.identity) }
      archive.integers["\(name).core"] = (0..<domain.grid.cells).map { Int64(level.core[$0]) }
    }
    archive.doubles["state"] = [
      state.time, state.lastStep, state.proposedStep, state.reacted.value, state.reacted.before,
      state.saltBook.value, state.saltBook.before, state.initialMetal, state.initialSalt,
      state.stageStartTime,
      state.stageStartCharge, state.stageStartVoltage,
      state.stageStartThickness, state.collectorCharge.value, state.collectorCharge.before,
      state.stageStartHeight, state.progress, state.chargingError, state.chargingLeft,
      state.charge, state.watchedShare,
    ]
    archive.integers["state"] = [
      state.step, state.nextIsEuler ? 1 : 0, Int(state.nextIdentity), state.stage, state.timeMarks,
      state.thicknessMark, state.startLeft, state.meetingLeft, state.stageIsOver ? 1 : 0,
      endReason.flatMap(EndReason.allCases.firstIndex) ?? -1, state.watchedStep, state.hadSalt ? 1 : 0,
    ].map(Int64.init)
    archive.doubles["observables"] =
      Observables.columns.map { $0.value(observables) }
      + [observables.capacity]
    return archive
  }

  private static func fields(of level: TimeLevel) -> [(String, Field)] {
    [
      ("metal", level.metal), ("salt", level.salt), ("potential", level.potential),
      ("distance", level.distance), ("motion", level.advectionTerm), ("restoring", level.profileTerm),
      ("reaction", level.reaction),
    ]
  }

  /// Puts an archive in place.
  ///
  /// - Throws: `.invalidCase` when the archive does not fit the case.
  func restore(_ archive: StateArchive) throws(SolverFailure) {
    for (name, level) in [("now", state.now), ("before", state.before)] {
      try restore(level, name, archive)
    }
    guard let doubles = archive.doubles["state"], doubles.count == 21,
      let integers = archive.integers["state"], integers.count == 12
    else { throw .invalidCase("the checkpoint lacks the state of the run") }
    (state.time, state.lastStep, state.proposedStep) = (doubles[0], doubles[1], doubles[2])
    state.reacted = TimeIntegral(value: doubles[3], before: doubles[4])
    state.saltBook = TimeIntegral(value: doubles[5], before: doubles[6])
    (state.initialMetal, state.initialSalt) = (doubles[7], doubles[8])
    (state.stageStartTime, state.stageStartCharge, state.stageStartVoltage) = (
      doubles[9], doubles[10], doubles[11]
    )
    state.stageStartThickness = doubles[12]
    state.collectorCharge = TimeIntegral(value: doubles[13], before: doubles[14])
    (state.stageStartHeight, state.progress) = (doubles[15], doubles[16])
    (state.chargingError, state.chargingLeft, state.charge) = (doubles[17], doubles[18], doubles[19])
    (state.watchedShare, state.watchedStep) = (doubles[20], Int(integers[10]))
    state.hadSalt = integers[11] != 0
    (state.step, state.nextIsEuler) = (Int(integers[0]), integers[1] != 0)
    state.nextIdentity = Int32(integers[2])
    (state.stage, state.timeMarks, state.thicknessMark) = (
      Int(integers[3]), Int(integers[4]), Int(integers[5])
    )
    (state.startLeft, state.meetingLeft) = (Int(integers[6]), Int(integers[7]))
    state.stageIsOver = integers[8] != 0
    endReason = EndReason.allCases.indices.contains(Int(integers[9])) ? .allCases[Int(integers[9])] : nil
    // The interface list follows from ξ and the cores; nothing else is recomputed.
    let pieces = state.now.pieces
    interfaceGeometry.update(state.now)
    pieceFinder.rebuildLabels(state.now)
    for k in pieces.indices {
      state.now.pieces[k].current = pieces[k].current
      state.now.pieces[k].area = pieces[k].area
    }
    restoreObservables(archive)
  }

  private func restore(_ level: TimeLevel, _ name: String, _ archive: StateArchive) throws(SolverFailure) {
    for (field, target) in Self.fields(of: level) {
      guard let values = archive.doubles["\(name).\(field)"], values.count == target.count else {
        throw .invalidCase("the checkpoint holds another grid: \(name).\(field) does not fit the case")
      }
      target.values = values
    }
    guard let core = archive.integers["\(name).core"], core.count == domain.grid.cells,
      let scalars = archive.doubles["\(name).scalars"], scalars.count == 13,
      let identities = archive.integers["\(name).pieces"], let pieces = archive.doubles["\(name).pieces"],
      pieces.count == 3 * identities.count, let farSalt = archive.doubles["\(name).far_salt"],
      farSalt.count == farField.initialCells.count
    else {
      throw .invalidCase("the checkpoint is of another version of Frond or does not fit the case: \(name)")
    }
    for i in core.indices { level.core[i] = Int32(core[i]) }
    level.farSalt = farSalt
    (level.lastFarCell, level.voltage, level.counterPotential) = (scalars[0], scalars[1], scalars[2])
    (level.faradaicCurrent, level.collectorCurrent) = (scalars[3], scalars[4])
    (level.largestSpeed, level.frontSpeed, level.largestSlope) = (scalars[5], scalars[6], scalars[7])
    (level.mobility, level.distanceFromEquilibrium) = (scalars[8], scalars[9])
    (level.motionSpeed, level.levelling, level.exchangeTime) = (scalars[10], scalars[11], scalars[12])
    level.pieces = identities.enumerated().map { k, identity in
      Piece(
        identity: Int32(identity), potential: pieces[3 * k], current: pieces[3 * k + 1],
        area: pieces[3 * k + 2])
    }
  }

  private func restoreObservables(_ archive: StateArchive) {
    let smallest = archive.doubles["observables"].flatMap { values in
      Observables.columns.firstIndex { $0.header == "min_salt_mol_per_m3" }.map { values[$0] }
    }
    let audit = audit(state.now, charge: state.charge, bookedSalt: state.saltBook.value)
    observe(
      audit, saltIterations: 0, potentialIterations: 0, closureDefect: 0, smallestSalt: smallest,
      previous: nil)
    surfaceSalt = SurfaceSalt(state.now, domain)
    state.isOpen = isOpen
    outputIsDue = false
  }
}
