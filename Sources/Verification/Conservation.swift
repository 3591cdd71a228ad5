import Electrodeposition
import Spectral

extension Problem {
  static let books: [Problem] = [
    Problem(
      number: "15", name: "Faraday's law", source: "volume of metal = V_m/F charge",
      compares: "all metal with all charge on an island run with barrier and in a full cell",
      expectedOrder: nil, tolerance: 1e-12, meaning: "defect relative to the metal",
      run: { try Conservation.audit($0).faraday }),
    Problem(
      number: "15b", name: "Faraday's law of each piece", source: "the same, for each piece's own charge",
      compares: "the metal in the half of the box around each of two unequal seeds with its charge",
      expectedOrder: nil, tolerance: 1e-12, meaning: "largest defect relative to the piece's metal",
      run: { try Conservation.pieces($0) }),
    Problem(
      number: "16", name: "salt balance", source: "conservation: salt changes by reaction and far end alone",
      compares: "salt in the cell with its books on the same runs", expectedOrder: nil, tolerance: 1e-12,
      meaning: "defect relative to the salt", run: { try Conservation.audit($0).salt }),
    Problem(
      number: "21", name: "restart", source: "identity",
      compares: "2N steps with N, archive, resume, N steps",
      expectedOrder: nil, tolerance: 0, meaning: "numbers that differ in any bit", run: Conservation.restart),
    Problem(
      number: "22", name: "threads", source: "identity", compares: "runs on 2 and 3 threads with one on 1",
      expectedOrder: nil, tolerance: 0, meaning: "numbers that differ in any bit", run: Conservation.threads),
  ]
}

/// Problems of conservation, identity and independence.
enum Conservation {
  /// Islands of 30 nm at 60 nm pitch in nickel, seeds of a third of their size, Na at −0.1 V.
  static func islands(_ count: Int, barrier: Bool, cell size: Double) -> PlainCell {
    let (pitch, diameter) = (60e-9, 30e-9)
    var cell = PlainCell()
    cell.cell = size
    cell.width = Double(count) * pitch / size
    cell.height = (barrier ? 96e-9 : 128e-9) / size
    let island = PlainCell.surface(
      "island", .pi / 6, barrier ? .schottky(PlainCell.barrier) : PlainCell.ohmic)
    cell.substrate = Substrate(
      matrix: PlainCell.surface("Ni", 2 * .pi / 3, PlainCell.ohmic),
      islands: Islands(diameter: diameter, pitch: pitch, surface: island))
    cell.seeds = Seeds(onIslands: .init(radius: diameter / 3))
    cell.stages = [Stage(.potential(-0.1), until: Limits(thickness: 100e-9))]
    return cell
  }

  /// Two seeds of different size on islands with barrier.
  ///
  /// - Parameter spread: widens pitch and box, so that the tails of one seed do not reach the other's half.
  private static func unequalSeeds(spread: Double = 1) -> PlainCell {
    var cell = islands(2, barrier: true, cell: 2e-9)
    cell.width *= spread
    let width = cell.width * cell.cell
    cell.substrate?.islands?.pitch = width / 2
    // The larger one, which has the smaller number, lies in the first half.
    cell.seeds = Seeds(caps: [.init(x: width / 4, radius: 13e-9), .init(x: 3 * width / 4, radius: 10e-9)])
    return cell
  }

  /// A film in a full cell: plated, then stripped.
  private static func fullCell() -> PlainCell {
    var cell = PlainCell()
    cell.height = 64
    cell.seeds = Seeds(film: 24 * cell.cell)
    cell.end = .counterElectrode
    cell.stages = [
      Stage(.current(200), until: Limits(time: 0.5)), Stage(.current(-200), until: Limits(time: 0.5)),
    ]
    return cell
  }

  private static func steps(_ effort: Effort) -> Int { effort == .full ? 400 : 60 }

  static func audit(_ effort: Effort) throws -> (faraday: Outcome, salt: Outcome) {
    var faraday: [(String, Double)] = []
    var salt: [(String, Double)] = []
    for (name, cell) in [("islands with barrier", unequalSeeds()), ("full cell", fullCell())] {
      let simulation = try Simulation(cell.setup, threads: 1)
      var worst = (charge: 0.0, salt: 0.0)
      for _ in 0..<steps(effort) where simulation.endReason == nil {
        try simulation.step()
        worst.charge = max(worst.charge, abs(simulation.observables.chargeError))
        worst.salt = max(worst.salt, abs(simulation.observables.saltError))
      }
      faraday.append((name, worst.charge))
      salt.append((name, worst.salt))
    }
    faraday.append(("both", faraday.map(\.1).max() ?? 1))
    salt.append(("both", salt.map(\.1).max() ?? 1))
    return (Outcome(resolutions: faraday), Outcome(resolutions: salt))
  }

  /// Books of one piece kept here: metal of its half of the box, and charge by the scheme's difference. It ends when
  /// the tail of a seed reaches the line between the halves.
  static func pieces(_ effort: Effort) throws -> Outcome {
    var cell = unequalSeeds(spread: 4)
    // Short steps, so that there are enough of them before the tails meet.
    cell.numerics.maximumFrontStep = 0.01
    let setup = cell.setup
    let simulation = try Simulation(setup, threads: 1)
    let perCharge = setup.metal.molarVolume.value / Constants.faraday
    let start = halves(simulation)
    var charge = [0.0, 0.0]
    var before = charge
    var last = simulation.pieceViews.map(\.current)
    var lastStep = 0.0
    var worst = 0.0
    var count = 0
    while count < steps(effort), simulation.endReason == nil, simulation.pieceViews.count == 2 {
      let now = simulation.pieceViews.map(\.current)
      let isEuler = simulation.nextStepIsEuler
      try simulation.step()
      let w = isEuler ? 0 : simulation.observables.dt / lastStep
      lastStep = simulation.observables.dt
      guard areApart(simulation) else { break }
      count += 1
      let metal = halves(simulation)
      for k in 0..<2 {
        // (1+2ω)/(1+ω) y¹ − (1+ω) y⁰ + ω²/(1+ω) y⁻¹ = dt [(1+ω) I⁰ − ω I⁻¹]
        let rate = (1 + w) * now[k] - w * last[k]
        let old = (1 + w) * charge[k] - w * w / (1 + w) * before[k]
        let next = (lastStep * rate + old) * (1 + w) / (1 + 2 * w)
        (before[k], charge[k]) = (charge[k], next)
        worst = max(worst, abs(metal[k] - start[k] - perCharge * next) / metal[k])
      }
      last = now
    }
    if count < 40 { worst = .infinity }
    return Outcome(resolutions: [("2 nm cells, \(count) steps", worst)])
  }

  /// No metal at all at the two lines that part the halves.
  private static func areApart(_ simulation: Simulation) -> Bool {
    let grid = simulation.grid
    let metal = simulation.snapshot()["metal"] ?? []
    return [0, grid.count.x / 2].allSatisfy { x in
      (0..<grid.count.z).allSatisfy { metal[grid.index(x, 0, $0)] == 0 }
    }
  }

  /// Metal in the left and the right half of the box, m²: ∫ξ less its excess where the surface is curved.
  private static func halves(_ simulation: Simulation) -> [Double] {
    let grid = simulation.grid
    let metal = (simulation.snapshot()["metal"] ?? []).map { xi in
      xi > 0 && xi < 1 ? xi - xi * (1 - xi) * max(-11, min(11, log((1 - xi) / xi))) / 2 : xi
    }
    let half = grid.cells / 2
    return [metal[..<half], metal[half...]].map { $0.reduce(0, +) * grid.cellVolume }
  }

  // MARK: Identity

  /// Numbers of two archives that differ in any bit.
  private static func differences(_ a: StateArchive, _ b: StateArchive) -> Double {
    var count = a.doubles.count == b.doubles.count && a.integers == b.integers ? 0 : 1
    for (name, values) in a.doubles {
      let others = b.doubles[name] ?? []
      let changed = zip(values, others).count { $0.bitPattern != $1.bitPattern }
      count += values.count == others.count ? changed : max(1, changed)
    }
    return Double(count)
  }

  static func restart(_ effort: Effort) throws -> Outcome {
    // The full cell's protocol ends with step 180 or so: the run must be resumed before.
    let half = min(90, steps(effort) / 2)
    var results: [(String, Double)] = []
    for (name, cell) in [("islands with barrier", unequalSeeds()), ("full cell", fullCell())] {
      let through = try Simulation(cell.setup, threads: 1)
      for _ in 0..<half { try through.step() }
      let resumed = try Simulation(cell.setup, resuming: through.archive(), threads: 1)
      for _ in 0..<half {
        try through.step()
        try resumed.step()
      }
      let observed = through.observables == resumed.observables ? 0.0 : 1
      results.append((name, differences(through.archive(), resumed.archive()) + observed))
    }
    results.append(("both", results.map(\.1).max() ?? 1))
    return Outcome(resolutions: results)
  }

  static func threads(_ effort: Effort) throws -> Outcome {
    func archive(_ threads: Int) throws -> StateArchive {
      let simulation = try Simulation(islands(5, barrier: false, cell: 2e-9).setup, threads: threads)
      for _ in 0..<steps(effort) where simulation.endReason == nil { try simulation.step() }
      return simulation.archive()
    }
    let one = try archive(1)
    var results = try [2, 3].map { ("\($0) threads", differences(one, try archive($0))) }
    results.append(("both", results.map(\.1).max() ?? 1))
    return Outcome(resolutions: results)
  }
}
