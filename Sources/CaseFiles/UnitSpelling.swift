import Foundation

extension Quantity {
  /// Brings the spellings of a unit to one: `µ` and `μ` to `u`, `²` to `^2`, `Ω` to `ohm`, `°` to `deg`,
  /// `Å` to `angstrom`, `m2` and `m**2` to `m^2`, `·` and `*` to a space, `A m^-2` and `A per m^2` to `A/m^2`,
  /// `mA h` to `mAh`, names such as `hours` and `micrometers` to symbols.
  static func normalised(unit: String) -> String {
    var text = ""
    for scalar in unit.replacing("**", with: "^").precomposedStringWithCanonicalMapping.unicodeScalars {
      text += characters[scalar] ?? String(scalar)
    }
    text = text.replacing(/[(){}]/, with: "")
      .replacing(/([A-Za-z\d])[.-](?=[A-Za-z])/) { "\($0.output.1) " }
      .replacing(/\b(?:mu|micro)(?=(?:m|s|A|Ah|F|S|V)\b)/, with: "u")
      .replacing(/[A-Za-z]+/) { symbol(of: $0.output) }
      .replacing(#/ *(?:\/|\bper\b) */#, with: "/")
      .replacing(/A ([hs])\b/) { "A\($0.output.1)" }
    var result = ""
    for (index, factor) in text.split(separator: " ").enumerated() {
      let spelled = withCarets(factor)
      if let minus = spelled.range(of: "^-"), index > 0 {
        let exponent = spelled[minus.upperBound...]
        result += "/" + spelled[..<minus.lowerBound] + (exponent == "1" ? "" : "^" + exponent)
      } else {
        // "A/m^2 K^2" came from "A/(m^2 K^2)": what follows a slash stays below it.
        result += index == 0 ? spelled : (result.contains("/") ? "/" : " ") + spelled
      }
    }
    return result
  }

  private static let characters: [Unicode.Scalar: String] = [
    "\u{B5}": "u", "\u{3BC}": "u", "\u{3A9}": "ohm ", "\u{2126}": "ohm ", "\u{B0}": "deg", "\u{2103}": "degC",
    "\u{C5}": "angstrom", "\u{212B}": "angstrom",
    "\u{B2}": "^2", "\u{B3}": "^3", "\u{207B}": "^-", "\u{B9}": "1", "\u{B7}": " ", "\u{22C5}": " ", "*": " ",
    "\u{A0}": " ", "\u{202F}": " ", "\u{2009}": " ", "\t": " ",
  ]

  /// The symbol of a unit that is written out, in any capitals and also in the plural; any other word as it is.
  private static func symbol(of word: Substring) -> String {
    let name = word.lowercased()
    for (prefix, letter) in prefixes where name.hasPrefix(prefix) {
      let rest = String(name.dropFirst(prefix.count))
      let single = rest.hasSuffix("s") ? String(rest.dropLast()) : rest
      if let symbol = names[rest] ?? names[single] { return letter + symbol }
    }
    return String(word)
  }

  private static let prefixes = [
    ("", ""), ("kilo", "k"), ("centi", "c"), ("milli", "m"), ("micro", "u"), ("nano", "n"),
  ]

  private static let names = [
    "second": "s", "sec": "s", "msec": "ms", "minute": "min", "min": "min", "hour": "h", "hr": "h",
    "day": "d",
    "meter": "m", "metre": "m", "micron": "um", "angstrom": "angstrom", "ang": "angstrom", "liter": "L",
    "litre": "L",
    "kelvin": "K", "celsius": "C", "degree": "deg", "deg": "deg", "radian": "rad", "volt": "V",
    "electronvolt": "eV",
    "ampere": "A", "amp": "A", "ohm": "ohm", "siemens": "S", "farad": "F", "coulomb": "C", "joule": "J",
    "newton": "N", "mole": "mol", "mol": "mol", "molar": "M",
  ]

  /// `m2` → `m^2`, `m-2` → `m^-2`, `m^-^2` (from `m⁻²`) → `m^-2`.
  private static func withCarets(_ factor: Substring) -> String {
    var result = ""
    for character in factor {
      let needsCaret = character == "-" || character.isNumber
      if needsCaret, let last = result.last, last.isLetter { result.append("^") }
      if character == "^", result.hasSuffix("^-") { continue }
      result.append(character)
    }
    return result
  }
}
