import Foundation
import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

/// A far field above a box of 1 µm in 10 µm of electrolyte, and moments of it that are written down.
private struct Layer {
  let electrolyte: Electrolyte
  let farField: FarField
  let f: Double
  let state: State
  let trial: TimeLevel
  let topCell = 20e-9
  let height = 9e-6
  var diffusivity: Double { electrolyte.saltDiffusivity.value }

  init(_ end: Electrolyte.End, transport: SaltModel = .binarySalt) throws {
    var cell = PlainCell()
    cell.end = end
    let setup = cell.setup
    f = setup.inverseThermalVoltage
    var electrolyte = setup.electrolyte
    electrolyte.transport = transport
    self.electrolyte = electrolyte
    farField = FarField(electrolyte, boxHeight: 1e-6, topCell: topCell, inverseThermalVoltage: f)
    let grid = Grid(count: SIMD3(1, 1, 1), spacing: SIMD3(1, 1, topCell))
    (state, trial) = (State(grid), TimeLevel(grid))
  }

  /// Heights of the middles of the cells above the box, m.
  func middles(_ level: TimeLevel) -> [Double] {
    var bottom = 0.0
    return farField.cells(level).map { cell in
      defer { bottom += cell }
      return bottom + cell / 2
    }
  }

  /// Sets c of the layer at a moment to a function of the height above the box.
  func fill(_ level: TimeLevel, grown: Double = 0, _ salt: (Double) -> Double) {
    level.farThickness = farField.thickness(grown: grown)
    level.farSalt = middles(level).map(salt)
  }
}

@Suite("Far field")
struct FarFieldTests {
  /// Slope of c, mol/m⁴, as large as would use up a third of it.
  private let slope = 3e7

  @Test(
    "Cells fill the thickness, which grows with the deposit and never ends",
    arguments: Electrolyte.End.allCases)
  func thickness(end: Electrolyte.End) throws {
    let layer = try Layer(end)
    for grown in [-1e-6, 0, 2e-6] {
      layer.trial.farThickness = layer.farField.thickness(grown: grown)
      #expect(abs(layer.farField.thickness(layer.trial) - (layer.height + grown)) < 1e-20)
      let cells = layer.farField.cells(layer.trial)
      #expect(abs(cells.reduce(0, +) / (layer.height + grown) - 1) < 1e-13)
      #expect(cells.allSatisfy { $0 > 0 } && cells.count > 20)
    }
    #expect(layer.farField.thickness(grown: -1e-5) == 0.1 * layer.topCell)
    let none = try Layer(end, transport: .cation)
    none.trial.farThickness = none.farField.thickness(grown: 1e-6)
    #expect(none.trial.farThickness == 1e-6 && none.farField.thickness(none.trial) == 0)
    #expect(none.farField.cells(none.trial).isEmpty)
  }

  /// D dc/dz = N is a steady layer whatever the step, and stays one in liquid that a deposit pushes before it: c rides on.
  @Test(
    "A straight line of salt is a steady layer, also while the deposit grows and the far end recedes",
    arguments: Electrolyte.End.allCases, [0, 2e-7] as [Double])
  func steadyLayer(end: Electrolyte.End, speed: Double) throws {
    let (layer, times) = (try Layer(end), [-2.0, 0, 3])
    let c0 = layer.electrolyte.concentration.value
    // c0 at the far end, which recedes with the liquid.
    func salt(_ z: Double, _ time: Double) -> Double { c0 + slope * (z - speed * time - layer.height) }
    for (level, time) in zip([layer.state.before, layer.state.now], times) {
      layer.fill(level, grown: speed * time) { salt($0, time) }
    }
    let (bdf, trial) = (BDF2(dt: 3, previous: 2), layer.trial)
    trial.farThickness = layer.farField.thickness(grown: speed * 3)
    let liquid = layer.farField.liquidSpeed(trial, from: layer.state, by: bdf)
    #expect(abs(liquid - speed) < 1e-12 * 2e-7)

    let (top, flux) = (salt(-layer.topCell / 2, 3), layer.diffusivity * slope)
    let exchange = layer.farField.saltExchange(
      trial, from: layer.state, by: bdf, endFlux: flux, speed: speed, carried: salt(0, 3))
    let intoBox = exchange.conductance * (exchange.outside - top) + exchange.flux
    #expect(abs(intoBox / (flux - speed * salt(0, 3)) - 1) < 1e-9)
    let entered = layer.farField.finishSalt(trial, topSalt: top, exchange: exchange, endFlux: flux)
    #expect(abs(entered / flux - 1) < 1e-9)
    for (z, found) in zip(layer.middles(trial), trial.farSalt) {
      #expect(abs(found - salt(z, 3)) < 1e-9 * c0)
    }
    let (change, unforeseen) = layer.farField.change(trial, from: layer.state, by: bdf)
    let moved = zip(trial.farSalt, layer.state.now.farSalt).map { abs($0 - $1) }.max() ?? 0
    #expect(change == moved && unforeseen < 1e-9 * c0)
    #expect(
      layer.farField.change(trial, from: layer.state, by: BDF2(dt: 3, previous: nil)).unforeseen == moved / 2)
  }

  @Test("In a very long step the box sees the resistance of the layer to salt")
  func resistanceToSalt() throws {
    let layer = try Layer(.reservoir)
    for level in [layer.state.before, layer.state.now, layer.trial] { layer.fill(level) { _ in 400 } }
    let exchange = layer.farField.saltExchange(
      layer.trial, from: layer.state, by: BDF2(dt: 1e9, previous: nil), endFlux: 0, speed: 0, carried: 0)
    let resistance = (layer.topCell / 2 + layer.height) / layer.diffusivity
    #expect(abs(exchange.conductance * resistance - 1) < 1e-6)
    #expect(abs(exchange.outside - 1000) < 1e-3 && exchange.flux == 0)
  }

  @Test(
    "Whatever its salt, a layer keeps what enters and does not leave", arguments: Electrolyte.End.allCases)
  func balance(end: Electrolyte.End) throws {
    let (layer, speed) = (try Layer(end), -1e-7)
    for (level, time) in [(layer.state.before, -0.5), (layer.state.now, 0)] {
      layer.fill(level, grown: speed * time) { 700 + 200 * sin(1e6 * $0 + time) }
    }
    let (bdf, trial) = (BDF2(dt: 0.8, previous: 0.5), layer.trial)
    trial.farThickness = layer.farField.thickness(grown: speed * 0.8)
    let exchange = layer.farField.saltExchange(
      trial, from: layer.state, by: bdf, endFlux: 3e-3, speed: speed, carried: 650)
    let entered = layer.farField.finishSalt(trial, topSalt: 620, exchange: exchange, endFlux: 3e-3)
    let left = exchange.conductance * (exchange.outside - 620) + exchange.flux
    let amounts = [trial, layer.state.now, layer.state.before].map(layer.farField.salt)
    let rate =
      (bdf.alpha0 * amounts[0] + bdf.alpha1 * amounts[1] + bdf.alpha2 * amounts[2]) / bdf.dt
    #expect(abs(rate - (entered - left)) < 1e-9 * abs(left), "\(rate), \(entered - left)")
    if end == .counterElectrode { #expect(entered == 3e-3) }
  }

  @Test("Liquid carries c of the top face: between the box and the layer, or what is there without one")
  func carried() throws {
    let layer = try Layer(.reservoir)
    for level in [layer.state.before, layer.state.now] { layer.fill(level) { 800 + slope * $0 } }
    func carried(_ layer: Layer, _ top: Double, _ speed: Double) -> Double {
      layer.farField.carriedSalt(
        from: layer.state, by: BDF2(dt: 1, previous: 2), topSalt: top, speed: speed)
    }
    #expect(abs(carried(layer, 800 - slope * layer.topCell / 2, 1e-7) - 800) < 1e-9)
    layer.state.before.farSalt[0] -= 2
    let share = layer.topCell / (layer.topCell + layer.farField.cells(layer.state.now)[0])
    #expect(abs(carried(layer, 800 - slope * layer.topCell / 2, 1e-7) - 800 - share) < 1e-9)
    let none = try Layer(.reservoir, transport: .cation)
    #expect(carried(none, 300, 1e-7) == 300 && carried(none, 300, -1e-7) == 1000)
  }

  @Test("Without cells the top face of the box holds c0")
  func noCells() throws {
    let layer = try Layer(.reservoir, transport: .cation)
    let exchange = layer.farField.saltExchange(
      layer.trial, from: layer.state, by: BDF2(dt: 1, previous: nil), endFlux: 0, speed: 1e-7, carried: 300)
    #expect(exchange.conductance == 2 * layer.diffusivity / layer.topCell && exchange.outside == 1000)
    #expect(abs(exchange.flux + 3e-5) < 1e-18)
    let entered = layer.farField.finishSalt(layer.trial, topSalt: 400, exchange: exchange, endFlux: 0)
    #expect(abs(entered - (exchange.conductance * 600 - 3e-5)) < 1e-12 && layer.trial.farSalt.isEmpty)
  }

  @Test("A straight line of salt resists as its logarithm says, even salt in proportion to its height")
  func resistance() throws {
    let layer = try Layer(.counterElectrode)
    let (sigma, way) = (layer.electrolyte.conductivity.value, layer.height + layer.topCell / 2)
    let bottom = 700.0
    layer.fill(layer.trial) { bottom + slope * ($0 + layer.topCell / 2) }
    let end = bottom + slope * way
    let found = layer.farField.resistance(layer.trial, topSalt: bottom, endSalt: end)
    #expect(abs(found / (1000 / sigma / slope * log(end / bottom)) - 1) < 1e-12)
    let potential = layer.farField.diffusionPotential(endSalt: end, topSalt: bottom)
    let transference = layer.electrolyte.transferenceNumber.value
    #expect(abs(potential / ((2 * transference - 1) / layer.f * log(end / bottom)) - 1) < 1e-12)

    layer.fill(layer.trial) { _ in 500 }
    let even = layer.farField.resistance(layer.trial, topSalt: 500, endSalt: 500)
    #expect(abs(even * sigma / (2 * way) - 1) < 1e-12)
    let none = try Layer(.reservoir, transport: .cation)
    let half = none.farField.resistance(none.trial, topSalt: 300, endSalt: 1000)
    #expect(abs(half * sigma / (layer.topCell / 2) - 1) < 1e-12)
    #expect(none.farField.diffusionPotential(endSalt: 1000, topSalt: 300) == 0)
  }

  @Test("At the counter electrode c goes on as its current makes it, at a reservoir it is c0")
  func endSalt() throws {
    let layer = try Layer(.counterElectrode)
    // The current whose (1 − t₊)/F keeps the slope.
    let perCharge = (1 - layer.electrolyte.transferenceNumber.value) / Constants.faraday
    let current = layer.diffusivity * slope / perCharge
    layer.fill(layer.trial) { 700 + slope * $0 }
    var end = layer.farField.endSalt(layer.trial, current: current)
    let there = 700 + slope * layer.height
    #expect(abs(end.salt - there) < 1e-9 && end.current == current)
    #expect(abs(end(at: 2 * current) - there - end.response * current) < 1e-9)
    let half = (layer.farField.cells(layer.trial).last ?? 0) / 2
    #expect(abs(end.response * current / (slope * half) - 1) < 1e-12)
    end.move(to: there + 5)
    #expect(end.salt == there + 5 && abs(end.current - current - 5 / end.response) < 1e-9 * current)

    let held = try Layer(.reservoir)
    held.fill(held.trial) { 700 + slope * $0 }
    let reservoir = held.farField.endSalt(held.trial, current: current)
    #expect(reservoir.salt == 1000 && reservoir.response == 0 && reservoir(at: 0) == 1000)
  }

  @Test("Salt that is solved for again follows the current by its own response")
  func solvedEnd() throws {
    let layer = try Layer(.counterElectrode)
    for level in [layer.state.before, layer.state.now, layer.trial] { layer.fill(level) { _ in 1000 } }
    let perCharge = (1 - layer.electrolyte.transferenceNumber.value) / Constants.faraday
    /// c at the end after a step in which so much current enters there, while the box holds its top cells at c0.
    func end(_ current: Double) -> EndSalt {
      let flux = perCharge * current
      let exchange = layer.farField.saltExchange(
        layer.trial, from: layer.state, by: BDF2(dt: 0.3, previous: nil), endFlux: flux, speed: 0,
        carried: 1000)
      _ = layer.farField.finishSalt(layer.trial, topSalt: 1000, exchange: exchange, endFlux: flux)
      return layer.farField.endSalt(layer.trial, current: current, isSolved: true)
    }
    let (one, two) = (end(100), end(150))
    #expect(one.salt > 1000 && abs(one(at: 150) - two.salt) < 1e-9)
  }
}
