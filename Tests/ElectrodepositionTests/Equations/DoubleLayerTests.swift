import Foundation
import Testing

@testable import Electrodeposition
@testable import Verification

@Suite("Double layers")
struct DoubleLayerTests {
  private static let capacitance = 0.15

  @Test("On a blocked collector V = −it/C and capacity = C V, from stage to stage and from zero")
  func blocked() throws {
    let stage = Stage(.current(10), until: Limits(time: 1e-6))
    let all = try rows(try film(Array(repeating: stage, count: 20), contact: .insulating))
    for row in all {
      #expect(abs(row.voltage + 10 * row.time / Self.capacitance) < 1e-9, "\(row.time)")
      #expect(abs(row.capacity + Self.capacitance * row.voltage) < 1e-15 + 1e-9 * row.capacity)
    }
    #expect(all.first?.voltage == 0 && all.last.map { abs($0.time / 20e-6 - 1) < 1e-9 } == true)
    #expect(all.count == 40)
  }

  @Test("Pulses of 0.1 ms charge and discharge a film as C dV/dt = i_F − i", arguments: [10.0, 100, 1000])
  func pulses(current: Double) throws {
    let pulse = [
      Stage(.current(current), until: Limits(time: 1e-4)), Stage(.rest, until: Limits(time: 1e-4)),
    ]
    let simulation = try film(Array(repeating: pulse, count: 3).flatMap(\.self))
    let (setup, all) = (simulation.setup, try rows(simulation))
    var (voltage, worst) = (0.0, 0.0)
    for (last, row) in zip(all, all.dropFirst()) {
      let steps = 40
      let dt = (row.time - last.time) / Double(steps)
      func rate(_ v: Double) -> Double { (faradaic(v, setup) - row.currentDensity) / Self.capacitance }
      for _ in 0..<steps { voltage += dt * rate(voltage + dt / 2 * rate(voltage)) }
      worst = max(worst, abs(voltage - row.voltage))
    }
    let largest = all.map { abs($0.voltage) }.max() ?? 0
    #expect(worst < 0.01 * largest, "\(worst / largest)")
    #expect(all[0].voltage == 0 && all.count < 600)
  }

  /// i_F of a film at V, the electrolyte's resistance in series.
  private func faradaic(_ voltage: Double, _ setup: Case) -> Double {
    let f = setup.inverseThermalVoltage
    let resistance = setup.electrolyte.thickness / setup.electrolyte.conductivity.value
    return bisect(-1e5, 1e5) { i in
      2 * setup.kinetics.exchangeCurrentDensity.value * sinh(-f / 2 * (voltage + resistance * i)) - i
    }
  }

  @Test("Without a double layer V jumps at once")
  func none() throws {
    let simulation = try film([Stage(.current(100), until: Limits(time: 1e-3))]) { $0.doubleLayer = 0 }
    let f = simulation.setup.inverseThermalVoltage
    #expect(abs(simulation.observables.voltage / (-2 / f * asinh(5)) - 1) < 0.02)
    #expect(simulation.observables.capacity == 0)
  }

  @Test("A held potential charges at once what is one with the collector, and the charge is counted")
  func heldFilm() throws {
    let simulation = try film([Stage(.potential(-0.1), until: Limits(time: 1e-3))])
    #expect(abs(simulation.observables.capacity / (Self.capacitance * 0.1) - 1) < 1e-3)
    #expect(simulation.observables.currentDensity > 30)
    let bare = try film([Stage(.potential(-0.1), until: Limits(time: 1e-3))], contact: .insulating)
    #expect(abs(bare.observables.capacity / (Self.capacitance * 0.1) - 1) < 1e-9)
    #expect(abs(bare.observables.currentDensity) < 1e-12 && bare.observables.piecePotential == 0)
  }

  @Test("A held potential charges metal through a resistance in its RC time, and all the charge is counted")
  func resistive() throws {
    // 15 µs; the reaction takes 390 µs.
    let contact = Contact.ohmic(resistance: PlainCell.chosen(1e-4, "ohm m^2"))
    let simulation = try film([Stage(.potential(-1e-3), until: Limits(time: 1e-4))], contact: contact)
    let f = simulation.setup.inverseThermalVoltage
    let (g, b) = (1e4, 10 * f)
    #expect(simulation.observables.piecePotential == 0)
    for row in try rows(simulation) {
      let expected = -1e-3 * g / (g + b) * (1 - exp(-(g + b) / Self.capacitance * row.time))
      #expect(abs(row.piecePotential - expected) < 1e-5, "\(row.time): \(row.piecePotential) for \(expected)")
    }
    let end = simulation.observables
    let deposited = simulation.state.charge / simulation.grid.area
    let charged = -Self.capacitance * end.piecePotential
    // The book follows the extrapolated current.
    #expect(abs(end.capacity / (deposited + charged) - 1) < 0.03)
  }

  @Test("A blocked seed keeps its potential as a held stage begins, and drifts to its own")
  func blockedSeed() throws {
    var cell = Conservation.islands(1, barrier: true, cell: 2e-9)
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 1e-3))]
    let simulation = try Simulation(cell.setup, threads: 1)
    #expect(simulation.observables.piecePotential == 0)
    let all = try rows(simulation)
    // The surface of a seed of 10 nm is ΓK of a few mV away from 0 V.
    #expect(all.last.map { abs($0.piecePotential) > 1e-3 } == true)
    let steps = zip(all, all.dropFirst()).map { abs($1.piecePotential - $0.piecePotential) }
    #expect((steps.max() ?? 1) < 0.1 * abs(all.last?.piecePotential ?? 0))
  }
}
