import Spectral

/// How the reaction of a piece answers to its potential: I_k = ∫ a i dV, A, and ∫ a B dV, A/V.
struct Response {
  var current, slope: Double
  static let none = Response(current: 0, slope: 0)
}

/// The few scalar unknowns of the potential problem: each piece's φ_k, and V when the current is given.
///
/// Kirchhoff for each piece and for the collector, with a double-layer capacitance C on either:
///
///     I_k = Σ_kinds A J(φ_k − V) + C_k dφ_k/dt,    I = Σ_k Σ_kinds A J(φ_k − V) + I_c − C_c dV/dt
///
/// I_c is the current that converts the substrate. C_k is that of a piece's surface, C_c that of the collector where no
/// metal lies on it in ohmic contact.
/// Linearised they are the dense, symmetric positive block of the bordered Newton system.
final class ContactNetwork {
  let contacts: [JunctionLaw]
  let f: Double
  /// F/m², and i0, A/m².
  let capacitance: Double
  let exchange: Double
  /// Of the electrolyte over its thickness, Ω m².
  let electrolyteResistance: Double
  let area: Double

  init(_ setup: Case, _ domain: Domain) {
    f = setup.inverseThermalVoltage
    capacitance = setup.kinetics.doubleLayerCapacitance.value
    exchange = setup.kinetics.exchangeCurrentDensity.value
    electrolyteResistance = setup.electrolyte.thickness / setup.electrolyte.conductivity.value
    area = domain.grid.area
    // Without a substrate the electrode is its own collector, behind a resistance that drops nothing.
    let laws: [Contact] =
      domain.wall.surfaces.isEmpty
      ? [.ohmic(resistance: Sourced(1e-13, "ohm m^2", .chosen, "metal on itself"))]
      : domain.wall.surfaces.map(\.contact)
    contacts = laws.map { JunctionLaw($0, temperature: setup.temperature.value) }
  }

  /// What holds during a solve.
  struct Setting {
    /// The double layers charge with C D_t φ, D_t φ = (φ − φ*)/dt: dt, s, and the φ* of the pieces and of V, V, come
    /// from the time difference and the moments before. With dt = 0 they keep their charge, but for the metal that is one
    /// with a collector whose V is held.
    var dt: Double
    var oldPotentials: [Double]
    var oldVoltage: Double
    /// Current that is driven, A; `nil` when V is held.
    var current: Double?
    /// The same χ* of the conversion, column by column.
    var oldExtent: [Double] = []
  }

  /// Current out of a piece through its contacts, A, and its slope, A/V.
  func contactCurrent(_ piece: Piece, voltage: Double) -> (value: Double, slope: Double) {
    var sum = (value: 0.0, slope: 0.0)
    for (kind, contactArea) in piece.contactArea.enumerated() where contactArea > 0 {
      let j = contacts[kind].current(piece.potential - voltage)
      sum.value += contactArea * j.value
      sum.slope += contactArea * j.slope
    }
    return sum
  }

  /// Whether electrons have a way between a piece and the collector, however hard it is.
  func isConnected(_ piece: Piece) -> Bool {
    zip(piece.contactArea, contacts).contains { $0 > 0 && !$1.isInsulating }
  }

  /// 1 where a piece hangs on a contact whose law is not a straight line, 0 where it does not.
  func curvatureOfContact(_ piece: Piece) -> Double {
    for (kind, contactArea) in piece.contactArea.enumerated() where contactArea > 0 {
      if !contacts[kind].isLinear { return 1 }
    }
    return 0
  }

  /// Conductance of the double layer of an area for a step, A/V.
  private func charging(_ area: Double, _ dt: Double) -> Double { capacitance * area / max(dt, 1e-30) }

  private func charging(_ piece: Piece, _ setting: Setting) -> Double {
    let follows = setting.dt == 0 && setting.current == nil && isOneWithCollector(piece)
    return follows ? 0 : charging(piece.area, setting.dt)
  }

  /// The same of the collector; in no time metal that is one with it holds its potential, too.
  private func collectorCharging(_ level: TimeLevel, _ setting: Setting) -> Double {
    charging(setting.dt > 0 ? bareArea(level) : heldArea(level), setting.dt)
  }

  /// Whether a given current finds no way but the conversion of the substrate: no piece in contact reacts, and no double
  /// layer of the collector charges.
  func isCutOff(_ level: TimeLevel) -> Bool {
    capacitance * bareArea(level) == 0 && !level.pieces.contains { $0.reacts && isConnected($0) }
  }

  /// Gives the pieces that do not react the potential at which their contacts carry nothing: V. Those without contact keep
  /// theirs.
  func settleIdle(_ level: TimeLevel) {
    for k in level.pieces.indices where !level.pieces[k].reacts && isConnected(level.pieces[k]) {
      level.pieces[k].potential = level.voltage
    }
  }

  /// Matrix and residual of the scalar unknowns. What carries nothing is left out: pieces that do not react, and V where it
  /// is cut off.
  ///
  /// - Parameters: responses of the pieces, and of the conversion.
  /// - Returns: row-major matrix without the φ coupling, and residual; unknowns φ_1…φ_n and V if driven.
  func linearise(
    _ level: TimeLevel, _ setting: Setting, _ responses: [Response], conversion: Response = .none
  ) -> (matrix: [Double], residual: [Double]) {
    let n = level.pieces.count
    let size = n + (setting.current == nil ? 0 : 1)
    var matrix = [Double](repeating: 0, count: size * size)
    var residual = [Double](repeating: 0, count: size)
    var total = (value: conversion.current, slope: conversion.slope)
    for (k, piece) in level.pieces.enumerated() {
      guard piece.reacts else {
        matrix[k * size + k] = 1
        continue
      }
      let j = contactCurrent(piece, voltage: level.voltage)
      let layer = charging(piece, setting)
      matrix[k * size + k] = responses[k].slope + j.slope + layer
      residual[k] = responses[k].current - j.value - layer * (piece.potential - setting.oldPotentials[k])
      total.value += j.value
      total.slope += j.slope
      guard setting.current != nil else { continue }
      matrix[k * size + n] = -j.slope
      matrix[n * size + k] = -j.slope
    }
    if let current = setting.current {
      let layer = collectorCharging(level, setting)
      guard total.slope + layer > 0 || !isCutOff(level) else {
        matrix[n * size + n] = 1
        return (matrix, residual)
      }
      matrix[n * size + n] = total.slope + layer
      residual[n] = total.value - layer * (level.voltage - setting.oldVoltage) - current
    }
    return (matrix, residual)
  }

  /// Current through the collector, A, positive while plating.
  func collectorCurrent(_ level: TimeLevel, _ setting: Setting) -> Double {
    if let current = setting.current { return current }
    return level.pieces.reduce(level.conversionCurrent) {
      $0 + contactCurrent($1, voltage: level.voltage).value
    }
  }

  /// Current that charges the double layers, A, positive where it comes through the collector while plating.
  func layerCurrent(_ level: TimeLevel, _ setting: Setting) -> Double {
    let collector = charging(bareArea(level), setting.dt) * (level.voltage - setting.oldVoltage)
    return zip(level.pieces, setting.oldPotentials).reduce(-collector) {
      $0 - charging($1.0, setting) * ($1.0.potential - $1.1)
    }
  }
}
