import Foundation

/// A value with its unit as a person writes it: 30 nm, 0.25 J/m², 30°.
func human(_ value: Double, _ unit: String) -> String {
  if value == .infinity { return "none" }
  switch unit {
  case "1", "": return short(value)
  case "rad": return short(value * 180 / .pi) + "°"
  case "m^3/mol": return short(value * 1e6) + " cm³/mol"
  case "K": return String(format: "%.6g K", value)
  case "mol/m^3", "A/(m^2 K^2)", "A/m^2/K^2", "J/m^2": return short(value) + " " + pretty(unit)
  case "s": return duration(value)
  case "A/m^2": return current(value)
  case "S/m": return short(value * 10) + " mS/cm"
  case "bytes": return prefixed(value, "B")
  case "m^2/s", "m^2", "m^3", "m^3/J/s": return scientific(value) + " " + pretty(unit)
  default: return prefixed(value, pretty(unit))
  }
}

/// A current density in both units people use.
func current(_ value: Double) -> String { "\(short(value)) A/m² (\(short(value / 10)) mA/cm²)" }

/// Seconds in the unit that suits them.
func duration(_ seconds: Double) -> String {
  switch abs(seconds) {
  case ..<90: return prefixed(seconds, "s")
  case ..<5400: return short(seconds / 60) + " min"
  case ..<172_800: return short(seconds / 3600) + " h"
  default: return short(seconds / 86400) + " days"
  }
}

/// Up to four significant digits, no trailing zeros.
func short(_ value: Double) -> String {
  if value == 0 || !value.isFinite { return value == 0 ? "0" : "\(value)" }
  if (1e4..<1e6).contains(abs(value)) { return String(format: "%.0f", value) }
  return (1e-3..<1e4).contains(abs(value)) ? String(format: "%.4g", value) : scientific(value)
}

func scientific(_ value: Double) -> String {
  if value == 0 { return "0" }
  let exponent = Int(floor(log10(abs(value))))
  return String(format: "%.4ge%d", value / pow(10, Double(exponent)), exponent)
}

private func prefixed(_ value: Double, _ unit: String) -> String {
  if value == 0 || !value.isFinite { return "\(short(value)) \(unit)" }
  let prefixes = ["p", "n", "µ", "m", "", "k", "M", "G", "T"]
  let step = Int(floor(log10(abs(value)) / 3 + 1e-12))
  let index = min(max(step + 4, 0), prefixes.count - 1)
  return String(format: "%.4g", value / pow(1000, Double(index - 4))) + " " + prefixes[index] + unit
}

private func pretty(_ unit: String) -> String {
  unit.replacing("^2", with: "²").replacing("^3", with: "³").replacing("ohm", with: "Ω")
}

/// A terminal, or a file or pipe that gets plain text.
enum Terminal {
  static let isInteractive = isatty(STDOUT_FILENO) == 1

  static var columns: Int {
    var size = winsize()
    guard isInteractive, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 60 else {
      return 110
    }
    return Int(size.ws_col)
  }

  static func bold(_ text: String) -> String { isInteractive ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}

/// Rows of aligned columns; the last one is wrapped to the terminal.
func table(_ rows: [[String]], indent: Int = 2) -> String {
  guard let columns = rows.map(\.count).max() else { return "" }
  let widths = (0..<columns).map { column in
    rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
  }
  let left = indent + widths.dropLast().reduce(0) { $0 + $1 + 2 }
  let room = max(30, Terminal.columns - left)
  return rows.map { row in
    var line = String(repeating: " ", count: indent)
    for column in 0..<columns - 1 {
      let text = row.count > column ? row[column] : ""
      line += text + String(repeating: " ", count: widths[column] - text.count + 2)
    }
    let last = wrapped(row.count == columns ? row[columns - 1] : "", to: room)
    let lines = [line + last[0]] + last.dropFirst().map { String(repeating: " ", count: left) + $0 }
    return lines.map { trimmedEnd($0) }.joined(separator: "\n")
  }.joined(separator: "\n")
}

private func trimmedEnd(_ text: String) -> String {
  var text = text[...]
  while text.last == " " { text.removeLast() }
  return String(text)
}

/// The words of a text in lines of at most `width` characters; at least one line.
func wrapped(_ text: String, to width: Int) -> [String] {
  var lines = [""]
  for word in text.split(separator: " ") {
    if lines[lines.count - 1].isEmpty {
      lines[lines.count - 1] = String(word)
    } else if lines[lines.count - 1].count + 1 + word.count <= width {
      lines[lines.count - 1] += " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
