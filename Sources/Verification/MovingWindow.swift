import Electrodeposition
import Spectral

extension Problem {
  static let movingWindow: [Problem] = [
    Problem(
      number: "34a", name: "flat front in a moving window",
      source: "the same front in a box that is tall enough",
      compares:
        "height, thickness, V and smallest salt from the first shift on, to 460 nm in a window of 192 nm",
      expectedOrder: nil, tolerance: 2e-8, meaning: "largest difference over 60 nm, RT/F and c0",
      run: MovingWindow.flat),
    Problem(
      number: "34b", name: "film with a wave in a moving window", source: "the same film in a tall box",
      compares: "largest height, roughness and V from the first shift on, in the plane and in space",
      expectedOrder: nil, tolerance: 1e-6,
      meaning: "largest difference over the film, the wave at the start and RT/F", run: MovingWindow.wave),
    Problem(
      number: "34c", name: "plated and stripped in a moving window", source: "the same in a tall box",
      compares: "largest height, roughness and V from the first shift on, up and down to where it began",
      expectedOrder: nil, tolerance: 1e-6,
      meaning: "largest difference over the film, the wave at the start and RT/F",
      run: MovingWindow.thereAndBack),
    Problem(
      number: "34d", name: "salt of a moving window and its far field",
      source: "the same electrolyte in a tall box",
      compares:
        "current and smallest salt from the first shift on, 60 to 500 nm at -0.3 V in 2 um, either far end",
      expectedOrder: nil, tolerance: 2e-4, meaning: "largest relative difference", run: MovingWindow.salt),
  ]
}

/// Runs in a box that moves with the front, beside the same in a box that is tall enough, step by step.
enum MovingWindow {
  /// What is compared, and what its difference is measured in; `nil`: in itself.
  private typealias Figure = (value: KeyPath<Observables, Double>, unit: Double?)
  /// Rows of cells of the window.
  private static let window = 96.0

  /// A film of 60 nm that plates at 1 mA/cm², in steps of some cells.
  private static func cell(until limits: Limits, steps: Double) -> PlainCell {
    var cell = PlainCell()
    cell.height = window
    cell.seeds = Seeds(film: 30 * cell.cell)
    cell.substrate = Substrate(matrix: PlainCell.surface("wall", .pi / 2, PlainCell.ohmic))
    cell.stages = [Stage(.current(10), until: limits)]
    // Both boxes are to take the same steps.
    cell.numerics.fixedStep = steps * cell.cell / (10 * cell.setup.volumePerCharge)
    // What a solve leaves is another error in another box.
    (cell.numerics.potentialTolerance, cell.numerics.saltTolerance) = (1e-9, 1e-10)
    return cell
  }

  /// The largest differences of some figures from the first shift on: before, the salt that comes to its steady state differs
  /// by the far fields' cells. Infinite where the box did not move or come down again, where a run did not come to its end,
  /// or charge or salt were lost.
  private static func differences(
    _ cell: PlainCell, rows tall: Double, wave amplitude: Double = 0, raisedAtEnd: Bool = true,
    _ figures: [Figure]
  ) throws -> [Double] {
    func start(_ height: Double, moves: Bool) throws -> Simulation {
      var cell = cell
      (cell.height, cell.movingWindow) = (height, moves)
      let setup = cell.setup
      let simulation = try Simulation(setup, threads: 1)
      guard amplitude > 0 else { return simulation }
      let film = cell.seeds.film
      try simulation.begin(
        metal: { place in
          let phase = 2 * Double.pi / setup.box.width
          let across = cos(phase * place.x) * (setup.box.depth == nil ? 1 : cos(phase * place.y))
          return place.z - film - amplitude * across
        }, salt: { _ in setup.electrolyte.concentration.value })
      return simulation
    }
    let (moving, fixed) = (try start(cell.height, moves: true), try start(tall, moves: false))
    var worst = figures.map { _ in 0.0 }
    var (highest, lost) = (0.0, 0.0)
    while fixed.endReason == nil && moving.endReason == nil {
      try moving.step()
      try fixed.step()
      let (found, wanted) = (moving.observables, fixed.observables)
      highest = max(highest, moving.bottom)
      for (k, figure) in figures.enumerated() where highest > 0 {
        let known = wanted[keyPath: figure.value]
        worst[k] = max(worst[k], abs((found[keyPath: figure.value] - known) / (figure.unit ?? known)))
      }
      lost = max(lost, abs(found.chargeError), abs(found.saltError))
    }
    let isThere = moving.endReason == .protocolComplete && fixed.endReason == .protocolComplete
    let isSound = isThere && highest > 0 && lost < 1e-12 && raisedAtEnd == (moving.bottom > 0)
    return isSound ? worst : worst.map { _ in .infinity }
  }

  private static func outcome(_ parts: [(String, [Double])]) -> Outcome {
    let errors = parts.map { ($0.0, $0.1.max() ?? .infinity) }
    return Outcome(
      resolutions: errors + [("all", errors.map(\.1).max() ?? .infinity)],
      note: parts.map { $0.1.map { "\($0)" }.joined(separator: ", ") }.joined(separator: "; "))
  }

  static func flat(_ effort: Effort) throws -> Outcome {
    var cell = cell(until: Limits(thickness: 460e-9), steps: 0.1)
    // Without a double layer all current makes metal, in either box.
    cell.doubleLayer = 0
    let film = cell.seeds.film
    let figures: [Figure] = [
      (\.maximumHeight, film), (\.equivalentThickness, film), thermalVoltage(cell), (\.minimumSalt, 1000),
    ]
    return outcome([("460 nm", try differences(cell, rows: 320, figures))])
  }

  private static func thermalVoltage(_ cell: PlainCell) -> Figure {
    (\.voltage, 1 / cell.setup.inverseThermalVoltage)
  }

  private static func ofWave(_ amplitude: Double, _ cell: PlainCell) -> [Figure] {
    [(\.maximumHeight, cell.seeds.film), (\.roughness, amplitude), thermalVoltage(cell)]
  }

  static func wave(_ effort: Effort) throws -> Outcome {
    var plane = cell(until: Limits(thickness: 160e-9), steps: 0.1)
    plane.width = 48
    var space = plane
    (space.width, space.depth, space.height) = (32, 32, 88)
    space.seeds.film = 84e-9
    space.stages = [Stage(.current(10), until: Limits(thickness: 105e-9))]
    return outcome([
      ("plane", try differences(plane, rows: 192, wave: 6e-9, ofWave(6e-9, plane))),
      ("space", try differences(space, rows: 128, wave: 6e-9, ofWave(6e-9, space))),
    ])
  }

  static func thereAndBack(_ effort: Effort) throws -> Outcome {
    var cell = cell(until: Limits(thickness: 140e-9), steps: 0.1)
    cell.width = 48
    cell.stages.append(Stage(.current(-10), until: Limits(thickness: 60e-9)))
    return outcome([
      ("plane", try differences(cell, rows: 192, wave: 6e-9, raisedAtEnd: false, ofWave(6e-9, cell)))
    ])
  }

  static func salt(_ effort: Effort) throws -> Outcome {
    let ends: [Electrolyte.End] = [.reservoir, .counterElectrode]
    return outcome(
      try ends.map { end in
        var cell = cell(until: Limits(), steps: 0)
        (cell.thickness, cell.end) = (2e-6, end)
        cell.stages = [Stage(.potential(-0.3), until: Limits(thickness: 500e-9))]
        cell.numerics = Numerics()
        cell.numerics.fixedStep = 5e-5
        return ("\(end)", try differences(cell, rows: 320, [(\.currentDensity, nil), (\.minimumSalt, nil)]))
      })
  }
}
