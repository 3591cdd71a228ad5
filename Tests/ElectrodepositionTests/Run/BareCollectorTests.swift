import Testing

@testable import Electrodeposition
@testable import Verification

/// A film of 20 nm on a collector that its stages strip of all metal.
@Suite("A collector that is stripped bare")
struct BareCollectorTests {
  private func film(_ stages: [Stage], doubleLayer: Double? = nil) throws -> Simulation {
    try ElectrodepositionTests.film(stages) { cell in
      cell.seeds = Seeds(film: 10 * cell.cell)
      cell.doubleLayer = doubleLayer
    }
  }

  private let strip = Stage(.current(-100), until: Limits(voltage: 1))
  private let pause = Stage(.rest, until: Limits(time: 0.1))

  @Test(
    "V rises to the cut-off as the double layer charges, at once without one; then the protocol goes on",
    arguments: [nil, 0])
  func cutoff(doubleLayer: Double?) throws {
    let hold = Stage(.potential(0.5), until: Limits(current: 0.1))
    let simulation = try film([strip, pause, strip, hold], doubleLayer: doubleLayer)
    let metal = simulation.observables.equivalentThickness
    let list = try rows(simulation)
    #expect(simulation.endReason == .protocolComplete)
    let bare = list.filter { $0.stage == 1 && $0.pieces == 0 }
    let (gone, end) = (try #require(bare.first), try #require(bare.last))
    #expect(abs(end.voltage - 1) < 1e-9)
    if doubleLayer == nil {
      #expect(gone.voltage < 0.5)
      let charge = 0.15 * (end.voltage - gone.voltage)
      #expect(abs(100 * (end.time - gone.time) / charge - 1) < 1e-9)
      #expect(abs((gone.capacity - end.capacity) / charge - 1) < 1e-9)
    } else {
      #expect(gone == end)
    }
    // What is left stays, and every charge is accounted for.
    #expect(gone.equivalentThickness > 0 && gone.equivalentThickness < 0.2 * metal)
    let after = list.drop { $0.pieces > 0 }
    #expect(after.allSatisfy { abs($0.equivalentThickness / gone.equivalentThickness - 1) < 1e-12 })
    #expect(list.allSatisfy { abs($0.chargeError) < 1e-12 && abs($0.saltError) < 1e-11 })
    // At rest V stays; the second stripping is over as it begins; the hold charges back what it is below.
    #expect(
      after.filter { $0.stage == 2 }.allSatisfy { abs($0.voltage - 1) < 1e-9 && $0.currentDensity == 0 })
    #expect(after.count { $0.stage == 3 } == 1 && after.count { $0.stage == 4 } == 1)
    let last = try #require(list.last)
    #expect(abs(last.capacity - end.capacity - 0.5 * (doubleLayer ?? 0.15)) < 1e-9)
  }

  @Test("A run that stops on the bare collector goes on to the last bit")
  func restart() throws {
    let simulation = try film([strip, pause])
    while simulation.observables.pieces > 0 { try simulation.step() }
    let resumed = try Simulation(simulation.setup, resuming: simulation.archive(), threads: 1)
    #expect(try rows(simulation).dropFirst() == rows(resumed).dropFirst())
  }

  @Test(
    "A stage that has no end there, or would plate, ends the run",
    arguments: [
      Stage(.current(-100), until: Limits(time: 10)), Stage(.current(50), until: Limits(time: 1)),
      Stage(.potential(-0.1), until: Limits(time: 1)), Stage(.rest, until: Limits(voltageBelow: -0.5)),
      Stage(.potential(0.1), until: Limits(capacity: 1)),
    ])
  func noEnd(stage: Stage) throws {
    let simulation = try film([strip, stage])
    let list = try rows(simulation)
    #expect(simulation.endReason == .noMetal)
    #expect(list.last?.stage == 2 && list.last?.dt == 0)
    let flat = FlatProtocol(simulation.setup)
    #expect(flat.overdrawn == [0] && flat.emptied == nil)
    #expect((flat.unplatable == 1) == stage.control.plates)
  }
}
