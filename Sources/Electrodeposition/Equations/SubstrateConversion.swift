import Spectral

/// The conversion of the substrate where no metal covers it: its rate by the law of `Conversion`, column by column, in
/// the lowest cells.
///
/// χ of the new moment is found together with the potentials: it is χ* + i dt/q, where χ* follows from the moments
/// before, and with that the law is solved for i.
final class SubstrateConversion {
  private let domain: Domain
  private let law: Conversion
  /// q, C/m².
  private let charge: Double
  private let f: Double
  /// c0, mol/m³.
  private let concentration: Double
  /// d on the wall, of each column.
  private let wallDistance: ColumnValues
  /// The lowest cell of each column, and where it lies in fields that are stored by colour.
  let cells, places: [Int32]
  /// Share of the wall in each column that no metal covers.
  private var bare: [Double]
  /// Wall area of a column, m².
  private let columnArea: Double
  /// Of each column, per volume of its lowest cell: the current, A/m³, and its slope with V − φ, A/(m³ V).
  private(set) var current, slope: [Double]
  /// ∂i/∂c with a potential that follows c, per volume of the lowest cell, A/(m³ mol/m³).
  private(set) var exchangeSlope: [Double]
  /// χ* of each column, and the time over which χ leaves it, s.
  private var setting = (extent: [Double](), dt: 0.0)

  /// `nil` where nothing is converted.
  init?(_ setup: Case, _ domain: Domain, wallDistance: ColumnValues) {
    guard let law = setup.substrate?.conversion else { return nil }
    self.domain = domain
    self.law = law
    self.wallDistance = wallDistance
    charge = law.charge
    f = setup.inverseThermalVoltage
    concentration = setup.electrolyte.concentration.value
    let (grid, coloured) = (domain.grid, ColouredPlaces(domain.grid))
    cells = (0..<grid.columns).map { Int32($0 * grid.count.z) }
    places = (0..<grid.columns).map { Int32(coloured.place($0 / grid.count.y, $0 % grid.count.y, 0)) }
    columnArea = grid.area / Double(grid.columns)
    bare = Array(repeating: 1, count: grid.columns)
    current = Array(repeating: 0, count: grid.columns)
    (slope, exchangeSlope) = (current, current)
  }

  /// Before a solve: where the substrate is bare, and where χ comes from.
  func begin(_ level: TimeLevel, extent: [Double], dt: Double) {
    setting = (extent, dt)
    let electrolyte = level.electrolyteFraction.base
    // Metal that is no piece any more covers nothing.
    let isBare = level.pieces.isEmpty
    for k in bare.indices {
      bare[k] = electrolyte[Int(cells[k])] > 0 ? (isBare ? 1 : bareShare(k)) : 0
    }
  }

  /// Share of a column whose wall lies beyond the line d = 0, straight through the column.
  private func bareShare(_ k: Int) -> Double {
    let (n, d) = (domain.grid.count, wallDistance.base)
    let (x, y) = (k / n.y, k % n.y)
    func half(_ a: Int, _ b: Int) -> Double { abs(d[a] - d[b]) / 4 }
    var reach = half((x + 1) % n.x * n.y + y, (x + n.x - 1) % n.x * n.y + y)
    if n.y > 1 { reach += half(x * n.y + (y + 1) % n.y, x * n.y + (y + n.y - 1) % n.y) }
    guard abs(d[k]) < reach else { return d[k] > 0 ? 1 : 0 }
    return 0.5 + d[k] / (2 * reach)
  }

  /// Currents at the present potentials: their sum, A, and its slope, A/V.
  func evaluate(_ level: TimeLevel) -> Response {
    for k in bare.indices { findRate(k, level) }
    return response
  }

  /// Sum of the currents, A, and its slope, A/V.
  var response: Response {
    Response(
      current: domain.grid.cellVolume * current.reduce(0, +),
      slope: domain.grid.cellVolume * slope.reduce(0, +))
  }

  private func findRate(_ k: Int, _ level: TimeLevel) {
    guard bare[k] > 0 else {
      (current[k], slope[k], exchangeSlope[k]) = (0, 0, 0)
      return
    }
    let i = Int(cells[k])
    let salt = max(level.salt.base[i], 1e-9 * concentration)
    let alpha = law.cathodicTransferCoefficient.value
    let x = max(-200, min(200, f * (level.voltage - level.potential.base[i] - law.potential.value)))
    let cathodic = law.exchangeCurrentDensity.value * salt / concentration * exp(-alpha * x)
    let anodic = law.exchangeCurrentDensity.value * exp((1 - alpha) * x)
    // That of the bare share: nothing converts below metal.
    let before = min(1, setting.extent[k] / bare[k])
    let perCurrent = setting.dt / charge
    let held = 1 / (1 + perCurrent * (cathodic + anodic))
    let density = held * ((1 - before) * cathodic - before * anodic)
    let extent = before + perCurrent * density
    let (forward, backward) = (max(0, 1 - extent) * cathodic, max(0, extent) * anodic)
    let perVolume = bare[k] / domain.grid.spacing.z
    current[k] = perVolume * density
    slope[k] = perVolume * held * f * (alpha * forward + (1 - alpha) * backward)
    exchangeSlope[k] = perVolume * held * ((1 + alpha) * forward + (1 - alpha) * backward) / salt
  }

  /// Takes the currents along a change of V and φ, V.
  func follow(voltage: Double, _ potential: (Int) -> Double) {
    for k in cells.indices { current[k] -= slope[k] * (voltage - potential(Int(cells[k]))) }
  }

  /// Sets extent and current of a level that is solved.
  func finish(_ level: TimeLevel) {
    let dz = domain.grid.spacing.z
    level.extent = cells.indices.map { setting.extent[$0] + setting.dt * dz * current[$0] / charge }
    level.conversion = current
    level.conversionCurrent = response.current
  }
}
