import Allocations
import Electrodeposition
import Spectral

/// A case at a size, run to its middle; then steps in which the front moves are measured.
struct Workload: Sendable {
  let name: String
  /// The case on so many cells.
  let make: @Sendable (Size) -> Case
  let isCube: Bool
  /// Steps before the measurement.
  private static let warmUp = 80
  private let measured = 40

  /// The row of what comes before the measured steps, planning included.
  static let setUp = "  set-up and \(warmUp) steps"

  static let all: [Workload] = [
    // Caps that are about to touch: many contact lines, one solve for several pieces.
    Workload(name: "islands", make: { nickel($0, islands: true, spacing: 60e-9) }, isCube: false),
    // Sparse nuclei: most of the substrate bare, strong contrast along the surface.
    Workload(name: "nickel", make: { nickel($0, islands: false, spacing: 300e-9) }, isCube: false),
    // Micrometre scale: salt and potential vary across the box, kinetics is fast.
    Workload(name: "needle", make: needle, isCube: false),
    // The islands in three dimensions.
    Workload(name: "islands-3d", make: { nickel($0, islands: true, spacing: 60e-9) }, isCube: true),
  ]

  /// What a warm step takes.
  struct Step {
    /// Medians, s.
    var seconds = 0.0
    var parts: [(part: StepPart, seconds: Double)] = []
    /// Means: iterations of conjugate gradients for the potential and the salt, applications of the operator and of
    /// the preconditioner, blocks taken from the heap.
    var potential = 0.0
    var salt = 0.0
    var operators = 0.0
    var preconditioners = 0.0
    var allocations = 0.0
    /// Bytes that the simulation holds, per cell.
    var bytesPerCell = 0.0
    /// Seconds from the case to the first measured step.
    var start = 0.0
  }

  func measure(_ size: Size, threads: Int) throws -> Step {
    let held = allocations_bytes()
    let begin = ContinuousClock.now
    let simulation = try Simulation(make(size), threads: threads)
    for _ in 0..<Self.warmUp { try simulation.step() }
    var result = Step(start: seconds(since: begin))
    result.bytesPerCell = Double(allocations_bytes() - held) / Double(simulation.grid.cells)
    var times: [Double] = []
    var parts: [StepPart: [Double]] = [:]
    // So that keeping the times takes no block from the heap while blocks are counted.
    times.reserveCapacity(measured)
    for part in StepPart.allCases { parts[part, default: []].reserveCapacity(10 * measured) }
    var last = ContinuousClock.now
    simulation.partIsDone = { part in
      parts[part, default: []].append(seconds(since: last))
      last = .now
    }
    let applications = simulation.applications
    for _ in 0..<measured {
      let made = allocations_made()
      last = .now
      times.append(try seconds { try simulation.step() })
      result.allocations += Double(allocations_made() - made)
      result.potential += Double(simulation.observables.potentialIterations)
      result.salt += Double(simulation.observables.saltIterations)
    }
    simulation.partIsDone = nil
    result.operators = Double(simulation.applications.operators - applications.operators)
    result.preconditioners = Double(simulation.applications.preconditioners - applications.preconditioners)
    for mean in [\Step.potential, \.salt, \.operators, \.preconditioners, \.allocations] {
      result[keyPath: mean] /= Double(measured)
    }
    result.seconds = median(times)
    result.parts = StepPart.allCases.map { ($0, median(parts[$0] ?? [])) }
    return result
  }

  private static func given(_ value: Double, _ unit: String) -> Sourced {
    Sourced(value, unit, .chosen, "benchmark")
  }

  private static func setUp(
    _ title: String, exchange: Double, substrate: Substrate, seeds: Seeds, box: Box
  ) -> Case {
    let temperature = 298.15
    let electrolyte = ElectrolyteEntry.all[0].electrolyte(
      concentration: given(1000, "mol/m^3"), temperature: temperature, thickness: 10e-6, end: .reservoir)
    return Case(
      title: title, metal: .sodium, temperature: given(temperature, "K"), electrolyte: electrolyte,
      kinetics: Kinetics(exchangeCurrentDensity: given(exchange, "A/m^2")),
      surfaceEnergy: Metal.sodium.surfaceEnergy,
      substrate: substrate, seeds: seeds, box: box,
      stages: [Stage(.potential(-0.1), until: Limits(time: 1e6))])
  }

  private static func surface(_ name: String, degrees: Double) -> Surface {
    Surface(
      name: name, contactAngle: given(degrees * .pi / 180, "rad"),
      contact: .ohmic(resistance: given(1e-7, "ohm m^2")))
  }

  /// 2 nm cells; the wider the box, the more seeds.
  private static func nickel(_ size: Size, islands: Bool, spacing: Double) -> Case {
    let cell = 2e-9
    let width = Double(size.count) * cell
    let count = max(1, Int(width / spacing))
    let places = (0..<count).map { (Double($0) + 0.5) * width / Double(count) }
    let caps = places.flatMap { x in
      (size.isCube ? places : [0]).map { y in Seeds.Cap(x: x, y: y, radius: 16e-9) }
    }
    let patches = Islands(diameter: 30e-9, pitch: 60e-9, surface: surface("Na3Sb", degrees: 30))
    return setUp(
      islands ? "islands" : "nickel", exchange: 100,
      substrate: Substrate(matrix: surface("Ni", degrees: 120), islands: islands ? patches : nil),
      seeds: Seeds(caps: caps),
      box: Box(
        width: width, depth: size.isCube ? width : nil, height: Double(size.count - 16) * cell, cell: cell))
  }

  /// The same 10 µm at every size.
  private static func needle(_ size: Size) -> Case {
    let cell = 10e-6 / Double(size.count)
    return setUp(
      "needle", exchange: 1000, substrate: Substrate(matrix: surface("Ni", degrees: 120)),
      seeds: Seeds(caps: [Seeds.Cap(x: 5e-6, radius: 0.6e-6)]),
      box: Box(width: 10e-6, height: Double(size.count - 16) * cell, cell: cell))
  }
}
