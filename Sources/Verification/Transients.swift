import Electrodeposition
import Spectral

extension Problem {
  static let transients: [Problem] = [
    Problem(
      number: "9", name: "Sand's equation",
      source: "c_i = c0 - (2 i (1-t+)/F) sqrt(t/(pi D)), a constant current into a deep electrolyte",
      compares:
        "salt at a front, slow and at true speed, with the equation at every step until 95 % are used up",
      expectedOrder: nil, tolerance: 5e-3,
      meaning: "largest error over c0",
      run: Transients.sand),
    Problem(
      number: "25", name: "displacement of the electrolyte",
      source: "D dc/dn = (1-t+) i/F at a front that pushes the liquid before it: c is linear ahead of it",
      compares: "steady salt ahead of a front that moves at the true V_m with the travelling profile",
      expectedOrder: nil, tolerance: Transients.displacementTolerance,
      meaning: "relative error of the flux into the front and of the drop of salt to the far end, the larger",
      run: Transients.displacement),
  ]
}

/// Problems of the salt ahead of a flat front in time.
enum Transients {
  // MARK: Sand

  static func sand(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    for cells in effort == .full ? [256.0, 512, 1024] : [256.0, 512] {
      var worst = 0.0
      // A slow front without far field and with one, into which the diffusion layer reaches; and a front at its true
      // speed, with which the liquid moves.
      for (height, slowness) in [(64e-6, 100.0), (16e-6, 100), (16e-6, 1)] {
        worst = max(worst, try deviation(height: height, cell: 16e-6 / cells, slowness: slowness))
      }
      results.append(("cells of \(16000 / cells) nm", worst))
    }
    return Outcome(resolutions: results)
  }

  /// The diffusion length √(Dt) reaches a sixth of the electrolyte's thickness when the salt is used up: the far
  /// end then changes c at the front by less than 10⁻⁵ c0.
  private static func deviation(height: Double, cell size: Double, slowness: Double) throws -> Double {
    var cell = PlainCell()
    cell.cell = size
    cell.height = height / size
    cell.seeds = Seeds(film: 4e-6)
    cell.thickness = 64e-6
    cell.slowness = slowness
    let setup = cell.setup
    let (d, c0) = (setup.electrolyte.saltDiffusivity.value, setup.electrolyte.concentration.value)
    let perCharge = (1 - setup.electrolyte.transferenceNumber.value) / Constants.faraday
    let deepest = (cell.thickness - cell.seeds.film) / 6
    let sandTime = deepest * deepest / d
    let current = c0 / (2 * perCharge) * (.pi * d / sandTime).squareRoot()
    // c falls like √t: the start wants steps far below the default.
    cell.numerics.initialStep = 1e-5 * sandTime
    // 95 % of the salt at the front are used up at 0.95² of Sand's time.
    cell.stages = [Stage(.current(current), until: Limits(time: 0.95 * 0.95 * sandTime))]
    let simulation = try Simulation(cell.setup, threads: 1)
    var worst = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      let now = simulation.observables
      let expected = c0 - 2 * current * perCharge * (now.time / (.pi * d)).squareRoot()
      worst = max(worst, abs(simulation.salt(at: now.meanHeight) - expected) / c0)
    }
    return worst
  }

  // MARK: Displacement

  static let displacementTolerance = 3e-3

  /// In the frame of the front, with which the liquid moves, D c'' = 0: with the flux (1−t₊) i/F at the front and c0
  /// at the end, which recedes as fast, c falls by (1−t₊) i L/(F D). Salt that did not leave with the liquid would
  /// pile up in front of the metal, D dc/dn = (1 − t₊ − V_m c) i/F; a front that moved into liquid at rest would leave
  /// c' ~ e^{−vz/D}, and a drop smaller by (1 − e^{−Pe})/Pe, Pe = vL/D.
  static func displacement(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for cells in effort == .full ? [64.0, 128, 256] : [64.0, 128] {
      var cell = PlainCell()
      let box = 2.4e-6
      cell.cell = box / cells
      cell.height = cells
      cell.seeds = Seeds(film: box / 8)
      let thickness = 10e-6
      cell.thickness = thickness + cell.seeds.film
      let electrolyte = cell.setup.electrolyte
      let d = electrolyte.saltDiffusivity.value
      // Ten times the longest relaxation time 4L²/(π²D) of the layer.
      let time = 40 * thickness * thickness / (Double.pi * Double.pi * d)
      let current =
        0.4 * Constants.faraday * d * electrolyte.concentration.value
        / ((1 - electrolyte.transferenceNumber.value) * thickness)
      cell.stages = [Stage(.current(current), until: Limits(time: time))]
      let simulation = try Simulation(cell.setup, threads: 1)
      while simulation.endReason == nil { try simulation.step() }
      let found = compare(simulation, cell.setup, thickness, current)
      results.append(("\(Int(cells)) cells", found.isTelling ? found.error : .infinity))
      notes.append(found.note)
    }
    return Outcome(resolutions: results, note: notes.last ?? "")
  }

  /// Errors of the steady state, and whether it could tell the wrong laws.
  private static func compare(
    _ simulation: Simulation, _ setup: Case, _ thickness: Double, _ current: Double
  ) -> (error: Double, isTelling: Bool, note: String) {
    let (d, c0) = (setup.electrolyte.saltDiffusivity.value, setup.electrolyte.concentration.value)
    let cation = 1 - setup.electrolyte.transferenceNumber.value
    let molar = setup.metal.molarVolume.value
    let peclet = molar * current / Constants.faraday * thickness / d
    let gradient = cation * current / (Constants.faraday * d)
    let front = simulation.observables.meanHeight
    let here = simulation.salt(at: front)
    let drop = (c0 - here) / (gradient * thickness)
    // Between 12ℓ and 20ℓ ahead, where the front's profile has died away.
    let (near, far) = (front + 12 * simulation.interfaceWidth, front + 20 * simulation.interfaceWidth)
    let flux = (simulation.salt(at: far) - simulation.salt(at: near)) / (gradient * (far - near))
    let (piled, resting) = (1 - molar * here / cation, (1 - exp(-peclet)) / peclet)
    let note =
      "flux \(flux), drop \(drop) of the expected ones; (1 - t+ - V_m c) i/F would make \(piled), liquid at rest "
      + "a drop of \(resting); error of the salt balance \(simulation.observables.saltError)"
    let isTelling = 1 - max(piled, resting) > 2 * displacementTolerance
    return (max(abs(flux - 1), abs(drop - 1)), isTelling, note)
  }
}
