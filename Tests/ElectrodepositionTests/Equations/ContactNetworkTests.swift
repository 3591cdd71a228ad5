import Foundation
import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

/// Two pieces on a collector of 16 nm: one of 8 nm in ohmic contact with the matrix on 4 nm, one of 10 nm on a
/// Schottky contact of 6 nm with an island. Each reacts with a current in proportion to its potential.
private struct Circuit {
  let setup: Case
  let network: ContactNetwork
  let level: TimeLevel
  let area = 16e-9
  let areas = [8e-9, 10e-9]
  let contactAreas = [4e-9, 6e-9]
  /// Contact resistance, Ω m².
  let resistance: Double
  /// ∫ a B dV of each, A/V.
  let slopes = [3e-5, 4e-5]

  init(resistance: Double = 1e-4, capacitance: Double = 0) throws {
    var cell = PlainCell()
    (cell.height, cell.doubleLayer) = (16, capacitance)
    let ohmic = Contact.ohmic(resistance: PlainCell.chosen(resistance, "ohm m^2"))
    cell.substrate = Substrate(
      matrix: PlainCell.surface("matrix", .pi / 2, ohmic),
      islands: Islands(
        diameter: 8e-9, pitch: 16e-9,
        surface: PlainCell.surface("island", .pi / 2, .schottky(PlainCell.barrier))))
    (setup, self.resistance) = (cell.setup, resistance)
    let domain = try Domain(setup, threads: 1)
    network = ContactNetwork(setup, domain)
    level = TimeLevel(domain.grid)
    level.pieces = (0..<2).map { k in
      var piece = Piece(identity: Int32(k + 1), potential: 0)
      piece.area = areas[k]
      piece.contactArea = k == 0 ? [contactAreas[0], 0] : [0, contactAreas[1]]
      return piece
    }
  }

  /// Current through the ohmic contact per volt, A/V.
  var conductance: Double { contactAreas[0] / resistance }
  /// Current through the Schottky contact at φ − V, A.
  func junction(_ u: Double) -> Double {
    contactAreas[1] * PlainCell.barrier.saturationCurrent(temperature: setup.temperature.value)
      * (1 - exp(-setup.inverseThermalVoltage * u))
  }

  var potentials: [Double] { level.pieces.map(\.potential) }

  func setting(_ current: Double?, dt: Double = 1, old: [Double] = [0, 0], voltage: Double = 0)
    -> ContactNetwork.Setting
  {
    ContactNetwork.Setting(dt: dt, oldPotentials: old, oldVoltage: voltage, current: current)
  }

  /// Newton's method on the potentials, and V if it is driven.
  func solve(_ setting: ContactNetwork.Setting) throws {
    let n = level.pieces.count
    for _ in 0..<60 {
      let responses = level.pieces.indices.map {
        Response(current: -slopes[$0] * level.pieces[$0].potential, slope: slopes[$0])
      }
      let (matrix, residual) = network.linearise(level, setting, responses)
      var change = residual
      #expect(
        change.count == (setting.current == nil ? n : n + 1) && matrix.count == change.count * change.count)
      try #require(SymmetricSystem(matrix, size: change.count)).solve(&change)
      for k in 0..<n { level.pieces[k].potential += change[k] }
      if setting.current != nil { level.voltage += change[n] }
    }
  }
}

@Suite("Network of contacts")
struct ContactNetworkTests {
  private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < tolerance * max(abs($0), 1e-3) }
  }

  @Test("Kirchhoff of two ohmic pieces: resistances of reaction and contact in series, pieces parallel")
  func ohmic() throws {
    let circuit = try Circuit()
    circuit.level.pieces[1].contactArea = [circuit.contactAreas[1], 0]
    let current = 2e-6
    try circuit.solve(circuit.setting(current))
    let (g, contact) = (circuit.slopes, circuit.contactAreas.map { $0 / circuit.resistance })
    let inSeries = zip(g, contact).map { $0 * $1 / ($0 + $1) }
    let voltage = -current / inSeries.reduce(0, +)
    #expect(close([circuit.level.voltage], [voltage]))
    #expect(close(circuit.potentials, zip(g, contact).map { voltage * $1 / ($0 + $1) }))
    #expect(circuit.network.collectorCurrent(circuit.level, circuit.setting(current)) == current)
  }

  @Test(
    "Kirchhoff of an ohmic piece and one behind a barrier, held and driven", arguments: [0.02, 0.05, 0.2])
  func barrier(u: Double) throws {
    let circuit = try Circuit()
    // From the drop u at the barrier to everything else.
    let second = circuit.junction(u)
    let behind = -second / circuit.slopes[1]
    let voltage = behind - u
    let before = voltage * circuit.conductance / (circuit.conductance + circuit.slopes[0])
    let current = second - circuit.slopes[0] * before
    try circuit.solve(circuit.setting(current))
    #expect(
      close([circuit.level.voltage], [voltage], 1e-9) && close(circuit.potentials, [before, behind], 1e-9))

    let held = try Circuit()
    held.level.voltage = voltage
    try held.solve(held.setting(nil))
    #expect(held.level.voltage == voltage && close(held.potentials, [before, behind], 1e-9))
    let passed = held.network.collectorCurrent(held.level, held.setting(nil))
    #expect(abs(passed / current - 1) < 1e-9)
    let (value, slope) = held.network.contactCurrent(held.level.pieces[1], voltage: voltage)
    #expect(abs(value / second - 1) < 1e-9)
    let steeper = (circuit.junction(u + 1e-6) - circuit.junction(u - 1e-6)) / 2e-6
    #expect(abs(slope / steeper - 1) < 1e-6)
    #expect(held.level.pieces.map(held.network.curvatureOfContact) == [0, 1])
  }

  @Test(
    "Double layers take C dφ/dt of the surface of each piece, and of the collector that no ohmic contact covers",
    arguments: [1e-4, 1e-7])
  func charging(resistance: Double) throws {
    let (c, dt, old, oldVoltage, current) = (0.15, 2e-5, [0.03, -0.02], 0.01, 1e-6)
    let circuit = try Circuit(resistance: resistance, capacitance: c)
    let bare = circuit.area - circuit.contactAreas[0]
    try circuit.solve(circuit.setting(current, dt: dt, old: old, voltage: oldVoltage))
    let (potentials, voltage) = (circuit.potentials, circuit.level.voltage)
    let through = [
      circuit.conductance * (potentials[0] - voltage), circuit.junction(potentials[1] - voltage),
    ]
    for k in 0..<2 {
      let charged = c * circuit.areas[k] * (potentials[k] - old[k]) / dt
      #expect(abs(-circuit.slopes[k] * potentials[k] - through[k] - charged) < 1e-9 * current)
      #expect(abs(charged) > 1e-2 * current)
    }
    let charged = c * bare * (voltage - oldVoltage) / dt
    #expect(
      abs(through[0] + through[1] - charged - current) < 1e-9 * current && abs(charged) > 1e-2 * current)

    // Held, an ohmic piece by itself: φ of one Euler step.
    let held = try Circuit(resistance: resistance, capacitance: c)
    held.level.voltage = -0.05
    try held.solve(held.setting(nil, dt: dt, old: old, voltage: -0.05))
    let layer = c * held.areas[0] / dt
    let wanted =
      (held.conductance * -0.05 + layer * old[0]) / (held.slopes[0] + held.conductance + layer)
    #expect(close([held.potentials[0]], [wanted]))
  }

  @Test("In no time potentials stay, but for metal that is one with a collector whose V is held")
  func noTime() throws {
    let (old, voltage) = ([0.03, -0.02], -0.05)
    // The contact conducts more, or less, than a hundred times f i0 times the surface.
    for (resistance, isOne) in [(1e-7, true), (1e-4, false)] {
      let circuit = try Circuit(resistance: resistance, capacitance: 0.15)
      #expect(circuit.network.isOneWithCollector(circuit.level.pieces[0]) == isOne)
      #expect(!circuit.network.isOneWithCollector(circuit.level.pieces[1]))
      #expect(abs(circuit.network.bareArea(circuit.level) - 12e-9) < 1e-22)
      #expect(abs(circuit.network.heldArea(circuit.level) - (isOne ? 20e-9 : 12e-9)) < 1e-22)
      circuit.level.voltage = voltage
      let setting = circuit.setting(nil, dt: 0, old: old, voltage: voltage)
      try circuit.solve(setting)
      let wanted = isOne ? voltage * circuit.conductance / (circuit.conductance + circuit.slopes[0]) : old[0]
      #expect(close(circuit.potentials, [wanted, old[1]]))
      // To the last bit.
      for k in 0..<2 { circuit.level.pieces[k].potential = old[k].nextUp }
      circuit.network.restoreHeld(circuit.level, setting)
      #expect(circuit.potentials == [isOne ? old[0].nextUp : old[0], old[1]])

      let driven = try Circuit(resistance: resistance, capacitance: 0.15)
      let rest = driven.setting(1e-6, dt: 0, old: old, voltage: voltage)
      try driven.solve(rest)
      #expect(close(driven.potentials + [driven.level.voltage], old + [voltage]))
      for k in 0..<2 { driven.level.pieces[k].potential = old[k].nextUp }
      driven.level.voltage = voltage.nextUp
      driven.network.restoreHeld(driven.level, rest)
      #expect(driven.potentials == old && driven.level.voltage == voltage)
    }
  }

  @Test("The charge that double layers have taken is C times area times what their potentials have changed")
  func charge() throws {
    let circuit = try Circuit(capacitance: 0.15)
    let before = circuit.level.pieces
    (circuit.level.pieces[0].potential, circuit.level.pieces[1].potential) = (0.1, -0.2)
    circuit.level.voltage = 0.3
    let taken = circuit.network.charge(circuit.level, since: before, -0.1)
    #expect(abs(taken / (0.15 * (8e-9 * 0.1 - 10e-9 * 0.2 + 12e-9 * 0.4)) - 1) < 1e-12)
  }

  @Test("A conductor charges with what its reaction leaves of its current, in its RC time")
  func rates() throws {
    let (c, slopes) = (0.15, [3e-5, 4e-5])
    for (resistance, isOne) in [(1e-7, true), (1e-4, false)] {
      let circuit = try Circuit(resistance: resistance, capacitance: c)
      (circuit.level.pieces[0].current, circuit.level.pieces[1].current) = (5e-7, 8e-7)
      circuit.level.voltage = -0.05
      let eased =
        1
        / (1 + circuit.setup.electrolyte.thickness / circuit.setup.electrolyte.conductivity.value * 7e-5
          / 16e-9)
      let junction = circuit.junction(0.05)
      let steep = (circuit.junction(0.05 + 1e-6) - circuit.junction(0.05 - 1e-6)) / 2e-6
      let through = 0.05 * circuit.conductance
      let blocked = (current: 8e-7 - junction, slope: eased * slopes[1] + steep, area: 10e-9)
      let first = (current: 5e-7 - through, slope: eased * slopes[0] + circuit.conductance, area: 8e-9)
      let collector =
        isOne
        ? (current: 5e-7 + junction - 1e-6, slope: eased * slopes[0] + steep, area: 20e-9)
        : (current: through + junction - 1e-6, slope: circuit.conductance + steep, area: 12e-9)
      let wanted = isOne ? [blocked, collector] : [first, blocked, collector]
      let found = circuit.network.charging(circuit.level, current: 1e-6, slopes: slopes)
      #expect(close(found.map(\.rate), wanted.map { $0.current / (c * $0.area) }, 1e-6))
      #expect(close(found.map { 1e3 * $0.time }, wanted.map { 1e3 * c * $0.area / $0.slope }, 1e-6))
      #expect(found.allSatisfy { $0.way == abs($0.rate) * $0.time })
      #expect(circuit.network.charging(circuit.level, current: nil, slopes: slopes).count == (isOne ? 1 : 2))
    }
    #expect(try Circuit().network.charging(Circuit().level, current: 1, slopes: slopes).isEmpty)
  }

  @Test("Without a substrate the electrode is its own collector, and drops nothing")
  func noSubstrate() throws {
    var cell = PlainCell()
    cell.height = 16
    let network = ContactNetwork(cell.setup, try Domain(cell.setup, threads: 1))
    var piece = Piece(identity: 1, potential: 1e-9)
    piece.contactArea = [16e-9]
    #expect(network.contacts.count == 1 && network.contactCurrent(piece, voltage: 0).value > 1e-4)
    #expect(network.curvatureOfContact(piece) == 0)
  }
}
