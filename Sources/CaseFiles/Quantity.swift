import Foundation

/// The values a quantity may take, in SI.
package struct Bounds: Sendable {
  let lower: Double
  let upper: Double
  /// Whether the limits themselves are allowed.
  let isClosed: Bool
  /// In words, after the name of the dimension: "above zero".
  let words: String

  package static let any = Bounds(lower: -.infinity, upper: .infinity, isClosed: false, words: "")
  package static let positive = Bounds(lower: 0, upper: .infinity, isClosed: false, words: "above zero")
  package static let zeroOrMore = Bounds(lower: 0, upper: .infinity, isClosed: true, words: "of zero or more")
  static let fraction = Bounds(lower: 0, upper: 1, isClosed: false, words: "between 0 and 1")
  static let wetting = Bounds(lower: 0, upper: .pi, isClosed: false, words: "between 0 and 180 deg")
  /// Young's angles that the solver holds; flatter and rounder ones it does not.
  static let young = from(19.9999 * .pi / 180, to: 160.0001 * .pi / 180, "from 20 to 160 deg")

  package static func from(_ lower: Double, to upper: Double, _ words: String) -> Bounds {
    Bounds(lower: lower, upper: upper, isClosed: true, words: words)
  }

  func contains(_ value: Double) -> Bool {
    value.isFinite && (isClosed ? value >= lower && value <= upper : value > lower && value < upper)
  }
}

/// Why a text is not the quantity asked for: what was found, and what was expected.
package struct QuantityError: Error, Equatable, CustomStringConvertible {
  let found: String
  let expected: String

  package var description: String { "\(found); expected \(expected)" }
}

/// Reads "number unit" into SI.
///
/// A unit is compulsory for every dimension but plain numbers: the one mistake that a solver cannot notice is
/// a length in the wrong unit.
package enum Quantity {
  /// The value in SI.
  ///
  /// - Throws: `QuantityError` when the text is no number, has no unit, another dimension's unit or an
  ///   unknown one, or lies outside the bounds.
  package static func parse(
    _ text: String, as dimension: PhysicalDimension, within bounds: Bounds = .any
  )
    throws(QuantityError)
    -> Double
  {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let quoted = "\"\(shortened(trimmed))\""
    if let word = notFinite(trimmed) {
      throw QuantityError(found: "\(quoted) is \(word)", expected: dimension.expectation)
    }
    if dimension == .currentDensity, trimmed.contains("C" as Character),
      trimmed.wholeMatch(of: /[\d.]* *C(\/[\d.]+)?([ -]rate)?/) != nil
    {
      throw QuantityError(
        found: "\(quoted) is a C-rate, and there is no capacity that it refers to",
        expected: dimension.expectation)
    }
    guard let number = DecimalPrefix(trimmed) else {
      throw QuantityError(found: "\(quoted) is not a number", expected: dimension.expectation)
    }
    let unit = try unit(number.rest, of: quoted, as: dimension)
    let scaled = number.value(timesTenTo: unit.power) * unit.multiplier + unit.offset
    guard scaled.isFinite else {
      throw QuantityError(found: "\(quoted) is too large", expected: dimension.expectation)
    }
    func refused(_ complaint: String, _ allowed: String) -> QuantityError {
      QuantityError(
        found: "\(quoted) is \(complaint)",
        expected: "\(dimension.name) \(allowed)"
          + (dimension == .number ? "" : ", such as \(dimension.example)"))
    }
    guard bounds.contains(scaled) else {
      let complaint = scaled < 0 && bounds.lower >= 0 ? "negative" : scaled == 0 ? "zero" : "out of range"
      throw refused(complaint, bounds.words)
    }
    if scaled != 0, let range = dimension.range, !range.contains(abs(scaled)) {
      throw refused("out of range", dimension.rangeWords(signed: bounds.lower < 0) ?? "")
    }
    return scaled
  }

  /// The unit of a dimension that is spelt so.
  ///
  /// - Parameter quoted: what it is read from, for the message.
  static func unit(_ text: Substring, of quoted: String, as dimension: PhysicalDimension)
    throws(QuantityError)
    -> Unit
  {
    // Most are written so, and other spellings take a thousand times as long to tell.
    let plain = text.drop { $0 == " " }
    if let unit = dimension.units.first(where: { $0.symbol == plain }) { return unit }
    let spelling = plain.isEmpty ? "" : normalised(unit: String(text))
    if spelling.isEmpty {
      if dimension == .number { return Unit("") }
      throw QuantityError(found: "\(quoted) has no unit", expected: dimension.expectation)
    }
    if let unit = dimension.units.first(where: { $0.symbol == spelling || $0.also.contains(spelling) }) {
      return unit
    }
    if let other = PhysicalDimension.owning(unit: spelling) {
      let complaint = dimension == .number ? "has a unit" : "is \(other.name)"
      throw QuantityError(found: "\(quoted) \(complaint)", expected: dimension.expectation)
    }
    if let slip = numberSlip(text) {
      throw QuantityError(found: "\(quoted) \(slip)", expected: dimension.expectation)
    }
    let shown = shortened(text.trimmingCharacters(in: .whitespaces))
    let guess = dimension.likelyUnit(spelling).map { ", did you mean \"\($0)\"?" } ?? ""
    throw QuantityError(
      found: "\(quoted) has the unknown unit \"\(shown)\"\(guess)", expected: dimension.expectation)
  }

  /// What is wrong with a number that does not end where its unit should begin.
  private static func numberSlip(_ rest: Substring) -> String? {
    if rest.first == "," { return "has a decimal comma" }
    if rest.prefixMatch(of: /\^| *[x×*·] *10/) != nil {
      return "has a power of ten that is not written as in 1e-5"
    }
    return rest.prefixMatch(of: #/ *[-–] *\d/#) != nil ? "is a range" : nil
  }

  private static func notFinite(_ text: String) -> String? {
    let word = text.lowercased().drop { "+-.".contains($0) }.prefix { $0.isLetter }
    return switch word {
    case "nan": "not a number"
    case "inf", "infinity": "not finite"
    default: nil
    }
  }

  /// A value of the file on one line and not longer than a message can bear.
  static func shortened(_ text: String) -> String {
    let line = String(
      text.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 32 ? " " : Character($0) })
    return line.count <= 40 ? line : line.prefix(37) + "..."
  }
}

/// Hyphen, minus and dash.
private let minusSigns = "-\u{2212}\u{2013}"

/// The decimal number a text begins with, kept as text so that a power of ten can be applied exactly.
private struct DecimalPrefix {
  private let digits: String
  private let exponent: Int?
  /// What follows the number.
  let rest: Substring

  init?(_ text: String) {
    var scan = text[...]
    var digits = ""
    if let sign = scan.first, minusSigns.contains(sign) || sign == "+" {
      digits = sign == "+" ? "" : "-"
      scan.removeFirst()
    }
    let start = digits.count
    digits += Self.take(&scan, while: Self.isDigit)
    if scan.first == ".", digits.count > start || scan.dropFirst().first.map(Self.isDigit) == true {
      scan.removeFirst()
      digits += "." + Self.take(&scan, while: Self.isDigit)
    }
    guard digits.contains(where: Self.isDigit) else { return nil }
    self.digits = digits.hasSuffix(".") ? digits + "0" : digits
    if let (value, after) = Self.exponent(scan) {
      exponent = value
      rest = after
    } else {
      exponent = 0
      rest = scan
    }
  }

  func value(timesTenTo power: Int) -> Double {
    guard let exponent, abs(exponent) < 100_000 else { return .infinity }
    return Double("\(digits)e\(exponent + power)") ?? .infinity
  }

  /// The exponent and what follows it, or `nil` when an `e` begins a unit. Absurd exponents come back `nil`.
  private static func exponent(_ text: Substring) -> (Int?, Substring)? {
    guard let e = text.first, "eE".contains(e) else { return nil }
    var scan = text.dropFirst()
    var digits = ""
    if let sign = scan.first, minusSigns.contains(sign) || sign == "+" {
      digits = sign == "+" ? "" : "-"
      scan.removeFirst()
    }
    let taken = take(&scan, while: isDigit)
    return taken.isEmpty ? nil : (Int(digits + taken), scan)
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func take(_ scan: inout Substring, while condition: (Character) -> Bool) -> String {
    let taken = scan.prefix(while: condition)
    scan = scan[taken.endIndex...]
    return String(taken)
  }
}
