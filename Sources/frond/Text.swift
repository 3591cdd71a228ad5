import CaseFiles
import Foundation

/// A value in an SI unit as a person writes it: 30 nm, 0.25 J/m², 30°.
func human(_ value: Double, _ unit: String) -> String {
  if value == .infinity { return "none" }
  if let dimension = PhysicalDimension.allCases.first(where: { $0.siUnit == unit }) {
    return dimension.formatted(value)
  }
  switch unit {
  case "": return short(value)
  case "m^3/mol": return short(value * 1e6) + " cm³/mol"
  case "m/s":
    let (name, scale) = PhysicalDimension.length.shownUnit(for: value)
    return "\(short(value / scale)) \(name)/s"
  case "bytes":
    let step = value < 1e6 ? 1 : value < 1e9 ? 2 : 3
    return "\(short(value / pow(1000, Double(step)))) \(["", "k", "M", "G"][step])B"
  default: return short(value) + " " + printed(unit: unit)
  }
}

func current(_ value: Double) -> String { PhysicalDimension.currentDensity.formatted(value) }

func duration(_ seconds: Double) -> String { PhysicalDimension.time.formatted(seconds) }

/// The relative error of a balance; round-off is 0.
func imbalance(_ error: Double) -> String { abs(error) < 1e-15 ? "0" : String(format: "%.1e", error) }

/// A text with six digits of its numbers.
func rounded(_ text: String) -> String {
  text.replacing(/-?\d+\.\d{6,}(e-?\d+)?/) { String(format: "%.6g", Double($0.output.0) ?? .nan) }
}

/// A terminal, or a file or pipe that gets plain text.
enum Terminal {
  static let isInteractive = isatty(STDOUT_FILENO) == 1

  static var columns: Int {
    var size = winsize()
    guard isInteractive, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
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
