import Electrodeposition
import Spectral

/// A case at a size, run to its middle; then steps in which the front moves are timed.
struct Workload: Sendable {
  let name: String
  /// The case on size × size cells.
  let make: @Sendable (Int) -> Case
  /// Steps before the measurement.
  let warmUp = 80
  let measured = 25

  static let all: [Workload] = [
    // Caps that are about to touch: many contact lines, one solve for several pieces.
    Workload(name: "islands") { nickel($0, islands: true, spacing: 60e-9) },
    // Sparse nuclei: most of the substrate bare, strong contrast along the surface.
    Workload(name: "nickel") { nickel($0, islands: false, spacing: 300e-9) },
    // Micrometre scale: salt and potential vary across the box, kinetics is fast.
    Workload(name: "needle", make: needle),
  ]

  /// Median time of an accepted step, s, and CG iterations a step for potential and salt.
  func warmStep(_ size: Int, threads: Int) throws -> (seconds: Double, iterations: String) {
    let simulation = try Simulation(make(size), threads: threads)
    for _ in 0..<warmUp { try simulation.step() }
    var times: [Double] = []
    var potential = 0
    var salt = 0
    for _ in 0..<measured {
      times.append(try seconds { try simulation.step() })
      potential += simulation.observables.potentialIterations
      salt += simulation.observables.saltIterations
    }
    let mean = { (sum: Int) in "\((Double(sum) / Double(measured) * 10).rounded() / 10)" }
    return (median(times), mean(potential) + "+" + mean(salt))
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
  private static func nickel(_ size: Int, islands: Bool, spacing: Double) -> Case {
    let cell = 2e-9
    let width = Double(size) * cell
    let count = max(1, Int(width / spacing))
    let caps = (0..<count).map {
      Seeds.Cap(x: (Double($0) + 0.5) * width / Double(count), radius: 16e-9)
    }
    let patches = Islands(diameter: 30e-9, pitch: 60e-9, surface: surface("Na3Sb", degrees: 30))
    return setUp(
      islands ? "islands" : "nickel", exchange: 100,
      substrate: Substrate(matrix: surface("Ni", degrees: 120), islands: islands ? patches : nil),
      seeds: Seeds(caps: caps), box: Box(width: width, height: Double(size - 16) * cell, cell: cell))
  }

  /// The same 10 µm at every size.
  private static func needle(_ size: Int) -> Case {
    let cell = 10e-6 / Double(size)
    return setUp(
      "needle", exchange: 1000, substrate: Substrate(matrix: surface("Ni", degrees: 120)),
      seeds: Seeds(caps: [Seeds.Cap(x: 5e-6, radius: 0.6e-6)]),
      box: Box(width: 10e-6, height: Double(size - 16) * cell, cell: cell))
  }
}
