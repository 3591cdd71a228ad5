import Foundation
import Testing

@testable import Electrodeposition
@testable import Verification

/// A substrate that is converted first, and seeds that wait for their overpotential.
@Suite("Conversion and seeds that appear")
struct ConversionTests {
  private func converting(_ stages: [Stage], _ change: (inout PlainCell) -> Void = { _ in }) -> Case {
    var cell = PlainCell()
    let chosen = PlainCell.chosen
    let conversion = Conversion(
      surface: PlainCell.surface("NiSb", 0.6 * .pi, .insulating), thickness: 2e-9,
      molarVolume: chosen(20.9e-6, "m^3/mol"), electrons: chosen(3, "1"), expansion: chosen(3.7, "1"),
      potential: chosen(0.45, "V"), exchangeCurrentDensity: chosen(10, "A/m^2"))
    cell.substrate = Substrate(
      matrix: PlainCell.surface("converted", .pi / 3, PlainCell.ohmic), conversion: conversion)
    cell.width = 32
    cell.height = 64
    cell.seeds = Seeds(caps: [Seeds.Cap(x: 32e-9, radius: 16e-9)])
    cell.seeds.nucleationOverpotential = chosen(0.03, "V")
    cell.stages = stages
    change(&cell)
    return cell.setup
  }

  private let fromAbove = Stage(.potential(1), until: Limits(time: 1e-3))
  private func plate(_ capacity: Double) -> Stage { Stage(.current(100), until: Limits(capacity: capacity)) }

  @Test("Charge and salt close at round-off through conversion, seeds and metal, at either far end")
  func books() throws {
    for end in [Electrolyte.End.reservoir, .counterElectrode] {
      let setup = converting([fromAbove, plate(200), Stage(.potential(-0.05), until: Limits(time: 0.05))]) {
        $0.end = end
      }
      let list = try rows(Simulation(setup, threads: 1))
      let last = try #require(list.last)
      #expect(last.pieces == 1 && last.convertedFraction > 0.7 && last.metalCharge > 10)
      for row in list {
        #expect(abs(row.chargeError) < 1e-12 && abs(row.saltError) < 1e-11)
        let sum = row.metalCharge + row.conversionCharge + row.layerCharge
        // At a given current V is found, and Kirchhoff's law holds to the last bits; a held one is hit by a Newton step.
        let room = row.stage == 2 && row.dt > 0 ? 1e-12 : 1e-5
        #expect(
          abs(row.capacity - sum) < room * (1 + abs(row.capacity)), "\(row.step) \(row.capacity) \(sum)")
      }
      // All that was converted is the layer's, by its definition.
      let charge = try #require(setup.substrate?.conversion).charge
      #expect(abs(last.conversionCharge - charge * last.convertedFraction) < 1e-9 * charge)
    }
  }

  @Test(
    "Charge and salt close as metal is stripped and the layer gives back what it took", arguments: [nil, 0.0])
  func back(doubleLayer: Double?) throws {
    let strip = Stage(.current(-100), until: Limits(voltage: 1))
    let setup = converting([fromAbove, plate(150), strip]) { $0.doubleLayer = doubleLayer }
    let simulation = try Simulation(setup, threads: 1)
    let list = try rows(simulation)
    #expect(simulation.endReason == .protocolComplete)
    let last = try #require(list.last)
    #expect(last.pieces == 0 && last.convertedFraction < 0.01, "\(last)")
    for row in list where row.stage == 3 && row.dt > 0 {
      #expect(abs(row.chargeError) < 1e-11 && abs(row.saltError) < 1e-11)
      let sum = row.metalCharge + row.conversionCharge + row.layerCharge
      #expect(abs(row.capacity - sum) < 1e-9 * 150, "\(row.step) \(row.capacity) \(sum)")
    }
  }

  @Test("There is no metal above zero volts, and the seeds appear at their overpotential")
  func order() throws {
    let list = try rows(Simulation(converting([fromAbove, plate(200)]), threads: 1))
    #expect(list.filter { $0.voltage > 0 }.allSatisfy { $0.pieces == 0 && $0.equivalentThickness < 1e-15 })
    let first = try #require(list.first { $0.pieces > 0 })
    let before = try #require(list.last { $0.pieces == 0 })
    #expect(abs(before.voltage + 0.03) < 1e-4)
    let cap = 0.5 * Double.pi * 16e-9 * 16e-9 / 64e-9
    #expect(abs(first.equivalentThickness / cap - 1) < 0.01)
  }

  @Test("Without a layer the collector charges to where the seeds appear", arguments: [nil, 0.0])
  func bare(doubleLayer: Double?) throws {
    var setup = converting([plate(100)]) { $0.doubleLayer = doubleLayer }
    setup.substrate?.conversion = nil
    let list = try rows(Simulation(setup, threads: 1))
    let before = try #require(list.last { $0.pieces == 0 })
    #expect(abs(before.voltage + 0.03) < 1e-9)
    #expect(abs(before.capacity - 0.03 * (doubleLayer ?? 0.15)) < 1e-9)
    #expect(try #require(list.last).pieces == 1)
  }

  @Test("A cycle begins with seeds again where the one before left none")
  func again() throws {
    let strip = Stage(.current(-100), until: Limits(voltage: 0.3))
    var setup = converting([plate(60), strip, plate(60), strip])
    setup.substrate?.conversion = nil
    let simulation = try Simulation(setup, threads: 1)
    let list = try rows(simulation)
    #expect(simulation.endReason == .protocolComplete)
    #expect(list.filter { $0.stage == 3 }.last?.pieces == 1)
    #expect(list.allSatisfy { abs($0.chargeError) < 1e-12 && abs($0.saltError) < 1e-11 })
  }

  @Test("Seeds appear beside dead metal, which stays as it is")
  func besideDeadMetal() throws {
    let setup = converting([plate(100)]) { $0.substrate?.conversion = nil }
    let simulation = try Simulation(setup, threads: 1)
    // A disc that floats in a corner, away from where the seed will be.
    try simulation.begin(
      metal: { place in
        let (x, z) = (min(place.x, 64e-9 - place.x), place.z - 60e-9)
        return (x * x + z * z).squareRoot() - 16e-9
      }, salt: { _ in setup.electrolyte.concentration.value })
    let dead = simulation.observables.deadMetal
    #expect(abs(dead / (Double.pi * 16e-9 * 16e-9 / 64e-9) - 1) < 0.01)
    // All metal but the farthest tails of its profile.
    #expect(abs(dead / simulation.observables.equivalentThickness - 1) < 1e-3)
    let list = try rows(simulation)
    let first = try #require(list.first { $0.pieces == 2 })
    #expect(abs(first.deadMetal / dead - 1) < 1e-3)
    #expect(list.allSatisfy { abs($0.chargeError) < 1e-12 && abs($0.saltError) < 1e-11 })
  }

  @Test(
    "A run goes on to the last bit from before, during and after the seeds appear", arguments: [5, 40, 180])
  func restart(steps: Int) throws {
    let simulation = try Simulation(converting([fromAbove, plate(150)]), threads: 1)
    for _ in 0..<steps { try simulation.step() }
    let resumed = try Simulation(simulation.setup, resuming: simulation.archive(), threads: 2)
    #expect(try rows(simulation).dropFirst() == rows(resumed).dropFirst())
  }

  @Test("Angle and contact go over from the layer's to the substrate's with its extent")
  func surface() throws {
    let simulation = try Simulation(converting([plate(150)]), threads: 1)
    let wall = simulation.domain.wall
    for extent in [0, 0.3, 1] {
      wall.extent.values = wall.extent.values.map { _ in extent }
      let cosine: Double = (1 - extent) * cos(0.6 * Double.pi) + extent / 2
      #expect(abs(wall.cosine(SIMD2(10e-9, 0)) - cosine) < 1e-15)
    }
    while simulation.observables.pieces == 0 { try simulation.step() }
    let areas = try #require(simulation.pieceViews.first).contactArea
    let converted = simulation.observables.convertedFraction
    #expect(areas.count == 2)
    #expect(abs(areas[0] / (areas[0] + areas[1]) - converted) < 0.02)
  }
}
