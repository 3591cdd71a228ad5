extension ContactNetwork {
  /// How the double layer of a conductor charges.
  struct Charging {
    /// Rate of its potential, V/s; not zero.
    let rate: Double
    /// Capacitance over conductance, s; infinite where nothing conducts.
    let time: Double
    /// What the potential has to go if nothing else changes, V.
    var way: Double { abs(rate) * time }
  }

  /// The conductors whose charge changes: each piece, and under a given current the collector with all metal that is one
  /// with it.
  ///
  /// - Parameters: ∫ a B dV of each piece, A/V; the current of the conversion.
  func charging(
    _ level: TimeLevel, current: Double?, slopes: [Double], conversion: Response = .none
  ) -> [Charging] {
    guard capacitance > 0 else { return [] }
    // What the electrolyte resists slows all reaction down, as on a flat front.
    let eased = 1 / (1 + electrolyteResistance * slopes.reduce(conversion.slope, +) / area)
    var list: [Charging] = []
    var collector = (
      current: conversion.current - (current ?? 0), slope: eased * conversion.slope, area: bareArea(level)
    )
    func add(_ current: Double, _ slope: Double, _ area: Double) {
      guard area > 0, current != 0 else { return }
      let capacity = capacitance * area
      list.append(Charging(rate: current / capacity, time: capacity / max(slope, 1e-300)))
    }
    for (piece, slope) in zip(level.pieces, slopes) {
      if isOneWithCollector(piece) {
        collector.current += piece.current
        collector.slope += eased * slope
        collector.area += piece.area
      } else {
        let j = contactCurrent(piece, voltage: level.voltage)
        add(piece.current - j.value, eased * slope + j.slope, piece.area)
        collector.current += j.value
        collector.slope += j.slope
      }
    }
    if current != nil { add(collector.current, collector.slope, collector.area) }
    return list
  }

  /// Charge that the double layers have taken since they had other potentials, C.
  func charge(_ level: TimeLevel, since pieces: [Piece], _ voltage: Double) -> Double {
    zip(level.pieces, pieces).reduce(capacitance * bareArea(level) * (level.voltage - voltage)) {
      $0 + capacitance * $1.0.area * ($1.0.potential - $1.1.potential)
    }
  }

  /// Area of the collector that has a double layer of its own, m²: all of it but what metal lies on in ohmic contact.
  func bareArea(_ level: TimeLevel) -> Double {
    let bare = level.pieces.reduce(area) { $0 - ohmic($1).area }
    return bare > 1e-12 * area ? bare : 0
  }

  /// Area whose double layer holds the collector's potential while no time passes, m².
  func heldArea(_ level: TimeLevel) -> Double {
    level.pieces.filter(isOneWithCollector).reduce(bareArea(level)) { $0 + $1.area }
  }

  /// Gives what was held while no time passed the last bit of its potential back.
  func restoreHeld(_ level: TimeLevel, _ setting: Setting) {
    guard capacitance > 0 else { return }
    if setting.current != nil && heldArea(level) > 0 { level.voltage = setting.oldVoltage }
    for k in level.pieces.indices where setting.current != nil || !isOneWithCollector(level.pieces[k]) {
      level.pieces[k].potential = setting.oldPotentials[k]
    }
  }

  /// Whether the contact of a piece drops less than a hundredth of what its reaction does at i0, and so charges it a hundred
  /// times as fast: their charge is one.
  func isOneWithCollector(_ piece: Piece) -> Bool {
    ohmic(piece).conductance > 100 * f * exchange * piece.area
  }

  private func ohmic(_ piece: Piece) -> (area: Double, conductance: Double) {
    var sum = (area: 0.0, conductance: 0.0)
    for (kind, area) in piece.contactArea.enumerated() {
      guard let resistance = contacts[kind].ohmicResistance else { continue }
      sum.area += area
      sum.conductance += area / resistance
    }
    return sum
  }
}
