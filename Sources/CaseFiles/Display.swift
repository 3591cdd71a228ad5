import Electrodeposition
import Foundation

/// How numbers are printed, wherever a person reads them: in terminal, tables, messages and pictures.
extension PhysicalDimension {
  /// The unit that suits a value: its name as printed, and how much of SI one of it is.
  package func shownUnit(for value: Double) -> (name: String, scale: Double) {
    let shown = units.filter { $0.shownFrom != nil }.sorted { $0.shownFrom! < $1.shownFrom! }
    // A hair of slack, or 1e-6 m would print as 1000 nm.
    guard
      let unit = shown.last(where: { abs(value) >= $0.shownFrom! * (1 - 1e-12) }) ?? units.first
    else { return ("", 1) }
    return (printed(unit: unit.symbol), unit.scale)
  }

  /// An SI value in the unit that suits it: `3.2 µm`, `15 mV`, `2 mA/cm²`; round-off is 0.
  package func formatted(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let value = abs(value) < roundOff ? 0 : value
    let (name, scale) = shownUnit(for: value)
    let number = self == .temperature ? String(format: "%.6g", value) : short(value / scale)
    return number + (name.isEmpty || name == "°" ? name : " " + name)
  }

  /// What sums and differences of such values leave of nothing, in SI.
  package var roundOff: Double {
    switch self {
    case .length: 1e-15
    case .potential, .capacity: 1e-12
    default: 0
    }
  }
}

/// The symbol of a unit as printed: `um` as µm, `A/m^2` as A/m², `ohm` as Ω.
package func printed(unit symbol: String) -> String {
  let prefixed = symbol.hasPrefix("u") ? "µ" + symbol.dropFirst() : symbol
  let squared = prefixed.replacing("^2", with: "²").replacing("^3", with: "³")
  return squared == "deg" ? "°" : squared.replacing("ohm", with: "Ω")
}

/// Up to four significant digits, no trailing zeros.
package func short(_ value: Double) -> String {
  if value == 0 || !value.isFinite { return value == 0 ? "0" : "\(value)" }
  if (1e4..<1e6).contains(abs(value)) { return String(format: "%.0f", value) }
  return (0.9995e-3..<1e4).contains(abs(value)) ? String(format: "%.4g", value) : scientific(value)
}

/// Up to four significant digits and an exponent: 8.692e-11.
package func scientific(_ value: Double) -> String {
  if value == 0 || !value.isFinite { return value == 0 ? "0" : "\(value)" }
  let parts = String(format: "%.3e", value).split(separator: "e")
  return String(format: "%.4g", Double(parts[0]) ?? .nan) + "e\(Int(parts[1]) ?? 0)"
}

/// What a stage does: `plate 1 mA/cm²`.
public func describe(_ control: Control) -> String {
  switch control {
  case .potential(let voltage): "hold " + PhysicalDimension.potential.formatted(voltage)
  case .current(let density):
    (density < 0 ? "strip " : "plate ") + PhysicalDimension.currentDensity.formatted(abs(density))
  case .rest: "rest"
  }
}

extension Case {
  /// A stage, counted from 0, for messages: `stage 3`, with its key (`stage 3 at protocol.0.stages.2`) where that is another.
  package func name(ofStage index: Int) -> String {
    let place = stages[index].place
    return "stage \(index + 1)" + (["", "protocol.\(index)"].contains(place) ? "" : " at \(place)")
  }

  /// Where a stage, counted from 1, stands in the protocol: `stage 2 of 5, cycle 1 of 2`; `nil` if it is the only one.
  public func position(ofStage stage: Int) -> String? {
    guard stages.count > 1, let last = cycles.last else { return nil }
    return "stage \(stage) of \(stages.count)" + (last > 1 ? ", cycle \(cycles[stage - 1]) of \(last)" : "")
  }
}
