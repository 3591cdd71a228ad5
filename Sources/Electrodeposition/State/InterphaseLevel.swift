import Spectral

/// The interphase (SEI) on the metal at one moment of time: fields that are carried with the surface, constant along its
/// normals, and what its reaction is at the places of the interface list.
final class InterphaseLevel {
  // MARK: Carried with the surface

  /// L, m, and what it was a step before; `unset` away from the surface.
  let thickness, formerThickness: Field
  /// The same of a layer that no area had stretched: L comes back to it where the area shrinks, and not beyond.
  let whole, formerWhole: Field
  static let unset = -1.0

  /// The fields of the layer, that of L first.
  var carried: [Field] { [thickness, formerThickness, whole, formerWhole] }

  // MARK: At the places of the interface list

  /// L = history + perCurrent · i_s, m and m³/A, with what came before in it, and the same of a whole layer.
  private(set) var history, perCurrent, wholeHistory, wholePerCurrent: UnsafeMutablePointer<Double>
  /// L that the moments before lead to, m.
  private(set) var foreseen: UnsafeMutablePointer<Double>
  /// i_s, A/m², and its slope −∂i_s/∂e, A/(m² V).
  private(set) var current, slope: UnsafeMutablePointer<Double>
  /// R, Ω m², and −∂i/∂e of the metal with this R, A/(m² V).
  private(set) var resistance, metalSlope: UnsafeMutablePointer<Double>
  private var capacity = 0

  init(_ grid: Grid) {
    thickness = Field(grid, filledWith: Self.unset)
    formerThickness = Field(grid, filledWith: Self.unset)
    (whole, formerWhole) = (Field(grid), Field(grid))
    (history, perCurrent, foreseen) = (Self.room(1), Self.room(1), Self.room(1))
    (wholeHistory, wholePerCurrent) = (Self.room(1), Self.room(1))
    (current, slope, resistance, metalSlope) = (Self.room(1), Self.room(1), Self.room(1), Self.room(1))
  }

  private static func room(_ count: Int) -> UnsafeMutablePointer<Double> {
    let column = UnsafeMutablePointer<Double>.allocate(capacity: count)
    column.initialize(repeating: 0, count: count)
    return column
  }

  /// Takes the layer off.
  func forget() {
    for field in [thickness, formerThickness] { field.fill(Self.unset) }
  }

  deinit { release() }

  private func release() {
    for column in [
      history, perCurrent, wholeHistory, wholePerCurrent, foreseen, current, slope, resistance, metalSlope,
    ] {
      column.deallocate()
    }
  }

  /// Makes room for as many places.
  func resize(_ count: Int) {
    guard count > capacity else { return }
    release()
    capacity = count + count / 2
    func room() -> UnsafeMutablePointer<Double> { Self.room(capacity) }
    (history, perCurrent, foreseen) = (room(), room(), room())
    (wholeHistory, wholePerCurrent) = (room(), room())
    (current, slope, resistance, metalSlope) = (room(), room(), room(), room())
  }
}
