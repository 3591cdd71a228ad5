import CaseFiles
import Foundation

/// Numbers as a reader wants them in a picture.
package enum Ticks {
  /// The largest of 1, 2, 5 × 10ⁿ that is at most `limit` (> 0).
  static func round(atMost limit: Double) -> Double {
    let power = pow(10, floor(log10(limit)))
    for factor in [5.0, 2, 1] where factor * power <= limit * (1 + 1e-12) { return factor * power }
    return power
  }

  /// Round values in a range, about `count` of them.
  static func values(in range: ClosedRange<Double>, about count: Int) -> [Double] {
    let width = range.upperBound - range.lowerBound
    guard width > 0, width.isFinite else { return [range.lowerBound] }
    let power = pow(10, floor(log10(width / Double(count))))
    // The steps 1, 2, 5, 10: the one whose number of intervals is nearest to `count`, by ratio.
    let step = [1.0, 2, 5, 10].map { $0 * power }
      .min { abs(log(width / $0 / Double(count))) < abs(log(width / $1 / Double(count))) }!
    let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((range.upperBound / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// Labels with as many decimals as tell the values apart.
  static func labels(_ values: [Double]) -> [String] {
    guard values.count > 1 else { return values.map { significant($0, 4) } }
    let step = values[1] - values[0]
    let decimals = max(0, Int((-floor(log10(step) + 1e-9)).rounded()))
    return values.map { fixed($0, decimals) }
  }

  static func fixed(_ value: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(min(decimals, 12))f", value)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return (isZero ? text.replacingOccurrences(of: "-", with: "") : text)
      .replacingOccurrences(of: "-", with: "−")
  }

  /// With `digits` significant digits, in exponent form only where the plain one would be long.
  package static func significant(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    guard value != 0 else { return "0" }
    // The exponent after rounding, so that 9.999 with three digits is 10.0.
    let exponent = Int(String(format: "%.\(digits - 1)e", value).split(separator: "e")[1]) ?? 0
    if exponent >= -3 && exponent < 6 { return fixed(value, max(0, digits - 1 - exponent)) }
    return fixed(value / pow(10, Double(exponent)), digits - 1) + "e" + String(exponent)
  }

  /// A value in the unit that suits it, with `digits` significant digits.
  static func quantity(_ value: Double, _ dimension: PhysicalDimension, digits: Int = 3) -> String {
    let value = abs(value) < dimension.roundOff ? 0 : value
    let (unit, scale) = dimension.shownUnit(for: value)
    return "\(significant(value / scale, digits)) \(unit)"
  }

  static func length(_ metres: Double, digits: Int = 3) -> String {
    quantity(metres, .length, digits: digits)
  }
}
