import Foundation
import Spectral
import Testing

@testable import Electrodeposition
@testable import Verification

@Suite("Published models")
struct PublishedTests {
  /// A wavy front with everything that published models have.
  private func published(noise: Bool = true) -> PlainCell {
    var cell = PlainCell()
    (cell.width, cell.height, cell.cell) = (32, 64, 1e-7)
    cell.thickness = cell.height * cell.cell
    cell.seeds = Seeds(
      film: 10 * cell.cell, caps: [.init(x: 16 * cell.cell, z: 10 * cell.cell, radius: 12 * cell.cell)])
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 1e3))]
    return cell
  }

  private func setup(noise: Bool = true) -> Case {
    var setup = published().setup
    setup.capillarity = .variational(interfaceMobility: PlainCell.chosen(2.5e-7, "m^3/J/s"))
    setup.electrolyte.transport = .cation
    setup.electrolyte.saltDiffusivity = PlainCell.chosen(2e-10, "m^2/s")
    if noise {
      setup.kinetics.noise = Noise(amplitude: 0.04, correlationLength: 4e-7, correlationTime: 0.3)
    }
    return setup
  }

  @Test("Conservation close, and the current of the potential is the growth of the metal")
  func books() throws {
    let simulation = try Simulation(setup(), threads: 1)
    for _ in 0..<100 {
      try simulation.step()
      #expect(abs(simulation.observables.saltError) < 1e-12)
      #expect(abs(simulation.observables.chargeError) < 1e-12)
    }
    #expect(simulation.observables.closureDefect < 1e-3)
    #expect(simulation.observables.roughness > 1e-8)
  }

  @Test("A driven current is what the collector passes and the metal keeps")
  func drivenCurrent() throws {
    var setup = setup(noise: false)
    setup.stages = [Stage(.current(50), until: Limits(time: 1e3))]
    let simulation = try Simulation(setup, threads: 1)
    for _ in 0..<50 { try simulation.step() }
    let start = simulation.observables
    for _ in 0..<100 { try simulation.step() }
    let end = simulation.observables
    let grown = (end.equivalentThickness - start.equivalentThickness) / setup.volumePerCharge
    #expect(abs(grown / (50 * (end.time - start.time)) - 1) < 1e-3)
  }

  @Test("A run that is continued goes on to the last bit, and threads change nothing")
  func identity() throws {
    let through = try Simulation(setup(), threads: 1)
    for _ in 0..<30 { try through.step() }
    let resumed = try Simulation(setup(), resuming: through.archive(), threads: 1)
    let threaded = try Simulation(setup(), threads: 3)
    for _ in 0..<30 {
      try through.step()
      try resumed.step()
    }
    for _ in 0..<60 { try threaded.step() }
    #expect(through.archive() == resumed.archive())
    #expect(through.archive() == threaded.archive())
  }

  @Test("Noise has mean zero and its amplitude, goes around the box, and is smooth in time")
  func noise() throws {
    var setup = setup()
    let grid = Grid(count: SIMD3(64, 1, 8), spacing: SIMD3(repeating: 1e-7))
    let noise = try #require(ReactionNoise(setup, grid))
    let times = (0..<2000).map { 0.3 * Double($0) }
    let values = times.flatMap { noise.factors(at: $0).map { ($0 - 1) / 0.04 } }
    #expect(values.allSatisfy { abs($0) <= 1 })
    #expect((values.max() ?? 0) > 0.95 && (values.min() ?? 0) < -0.95)
    #expect(abs(values.reduce(0, +) / Double(values.count)) < 0.02)
    // Neighbours, those across the edge of the box too, are a quarter of the way between nodes apart.
    let row = noise.factors(at: 0.1)
    #expect(row.indices.allSatisfy { abs(row[$0] - row[($0 + 1) % row.count]) <= 0.25 * 0.08 + 1e-12 })
    for (a, b) in zip(noise.factors(at: 0.3 - 1e-9), noise.factors(at: 0.3 + 1e-9)) {
      #expect(abs(a - b) < 1e-6)
    }
    setup.numerics.randomSeed = 2
    #expect(ReactionNoise(setup, grid)?.factors(at: 0) != noise.factors(at: 0))
    setup.kinetics.noise = nil
    #expect(ReactionNoise(setup, grid) == nil)
  }

  @Test("Noise works with the default model, in three dimensions too")
  func noiseOfTheDefault() throws {
    var cell = published()
    (cell.width, cell.height, cell.depth) = (16, 48, 16)
    cell.seeds = Seeds(film: 16 * cell.cell)
    var setup = cell.setup
    setup.kinetics.noise = Noise(amplitude: 0.04, correlationLength: 4e-7, correlationTime: 0.3)
    let simulation = try Simulation(setup, threads: 1)
    let currents = simulation.reactingCells.map(\.current)
    let mean = currents.reduce(0, +) / Double(currents.count)
    #expect(currents.allSatisfy { abs($0 / mean - 1) < 0.08 })
    #expect((currents.max() ?? 0) > 1.005 * mean)
    for _ in 0..<10 { try simulation.step() }
    #expect(abs(simulation.observables.chargeError) < 1e-12)
  }

  @Test(
    "A flat front in a cation alone comes to the current and the salt of its closed form",
    arguments: [0.5, 1.1])
  func cation(tau: Double) throws {
    var cell = PlainCell()
    (cell.cell, cell.height, cell.slowness) = (1e-7, 80, 1e4)
    cell.thickness = cell.height * cell.cell
    let film = 16 * cell.cell
    cell.seeds = Seeds(film: film)
    cell.stages = [Stage(.potential(-0.05), until: Limits(time: 20))]
    var setup = cell.setup
    setup.electrolyte.transport = .cation
    setup.electrolyte.saltDiffusivity = PlainCell.chosen(1e-10, "m^2/s")
    setup.electrolyte.conductivity.value =
      Constants.faraday * 1e-10 * setup.inverseThermalVoltage * 1000 / tau
    let simulation = try Simulation(setup, threads: 1)
    while simulation.endReason == nil { try simulation.step() }
    var flat = setup
    flat.electrolyte.thickness -= film
    let front = try #require(flat.flatFront(under: .potential(-0.05)))
    #expect(abs(simulation.observables.currentDensity / front.current - 1) < 5e-3)
    // dc/dz at the front is i (1 − τ c/c0)/(F D), as the closed form has it.
    let cells = simulation.reactingCells
    let weight = cells.reduce(0) { $0 + $1.area }
    let salt = cells.reduce(0) { $0 + $1.area * $1.salt } / weight
    #expect(abs(salt / front.surfaceSalt - 1) < 1e-2)
    #expect(front.fastestMode == nil && front.growthRate(waveNumber: 1).isNaN)
  }

  @Test("A cation alone has a limiting current below tau = 1, and no steady front where it piles up")
  func limits() {
    var setup = setup(noise: false)
    func set(_ tau: Double) {
      setup.electrolyte.conductivity.value =
        Constants.faraday * 2e-10 * setup.inverseThermalVoltage * 1000 / tau
    }
    set(0.5)
    let front = setup.flatFront(under: .current(0.999999 * setup.limitingCurrent))
    #expect((front?.surfaceSalt ?? 1000) < 0.01)
    #expect(setup.flatFront(under: .current(1.01 * setup.limitingCurrent)) == nil)
    set(1)
    #expect(setup.limitingCurrent == .infinity)
    #expect(abs((setup.flatFront(under: .potential(-0.1))?.surfaceSalt ?? 0) - 1000) < 1e-6)
    set(2.8)
    #expect(setup.flatFront(under: .potential(-0.3)) == nil)
  }

  @Test(
    "A variational front of waves is stabilised by b: the neutral wavelength is 2 pi sqrt((F/V_m) b F D_t/(A i))"
  )
  func neutralWavelength() throws {
    var setup = published().setup
    setup.capillarity = .variational(interfaceMobility: PlainCell.chosen(2.5e-6, "m^3/J/s"))
    let front = try #require(setup.flatFront(under: .potential(-0.1)))
    let b = try #require(setup.variationalMobility)
    #expect(abs(b / (6 * 2.5e-6 * setup.surfaceEnergy.value * 1.5e-7) - 1) < 1e-12)
    let expected =
      b / setup.volumePerCharge * Constants.faraday * setup.effectiveDiffusivity
      / (front.saltResponse * front.current)
    #expect(abs((front.neutralWavelength ?? 0) / (2 * .pi * expected.squareRoot()) - 1) < 1e-12)
  }

  @Test("What does not go together is refused")
  func contradictions() throws {
    var wrong = setup()
    wrong.box.height /= 2
    #expect(wrong.contradictions.map(\.key) == ["box.height"])
    #expect(throws: SolverFailure.self) { try Simulation(wrong, threads: 1) }
    #expect(setup().contradictions.isEmpty)
  }
}
