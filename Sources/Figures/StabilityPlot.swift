import Electrodeposition
import Foundation

/// The growth rate of a small wave on a flat front against its wavelength, as a figure.
///
/// The horizontal axis is logarithmic; rates are shown from the neutral wavelength's neighbourhood, where they fall
/// steeply, to waves much longer than the fastest one.
package struct StabilityPlot: Sendable {
  private let title: String
  private let subtitle: String
  private let neutral: Double
  private let fastest: FlatFront.FastestMode
  private let front: FlatFront
  private let points: [(wavelength: Double, rate: Double)]
  private let meaning: String

  private static let (width, height) = (1000, 620)
  private static let frame = Frame(x: 96, y: 108, width: 868, height: 420)

  /// `nil` if no wave grows on the front.
  ///
  /// - Parameters:
  ///   - points: rates (1/s) of waves, m; marked beside the curve of the closed form.
  ///   - meaning: where they come from.
  package init?(
    _ front: FlatFront, points: [(wavelength: Double, rate: Double)] = [],
    meaning: String = "the solver's own step", title: String, subtitle: String
  ) {
    guard let neutral = front.neutralWavelength, let fastest = front.fastestMode else { return nil }
    self.points = points
    self.meaning = meaning
    self.title = title
    self.subtitle = subtitle
    self.neutral = neutral
    self.fastest = fastest
    self.front = front
  }

  /// Writes a PNG or, where the name ends so, an SVG.
  package func write(to path: String) throws {
    if path.lowercased().hasSuffix(".svg") {
      return try Canvas.writeSVG(width: Self.width, height: Self.height, to: path, draw)
    }
    let canvas = Canvas(width: Self.width, height: Self.height)
    draw(on: canvas)
    try canvas.writePNG(to: path)
  }

  private var wavelengths: ClosedRange<Double> {
    let given = points.map(\.wavelength)
    return min(
      0.8 * neutral, 0.9 * (given.min() ?? neutral))...max(20 * fastest.wavelength, 1.1 * (given.max() ?? 0))
  }
  private var rates: ClosedRange<Double> {
    let given = points.map(\.rate).filter(\.isFinite)
    return min(
      -0.6 * fastest.rate, 1.1 * (given.min() ?? 0))...max(1.15 * fastest.rate, 1.1 * (given.max() ?? 0))
  }

  private func place(_ wavelength: Double, _ rate: Double) -> SIMD2<Double> {
    let (low, high) = (log(wavelengths.lowerBound), log(wavelengths.upperBound))
    let share = (rate - rates.lowerBound) / (rates.upperBound - rates.lowerBound)
    return SIMD2(
      Self.frame.x + (log(wavelength) - low) / (high - low) * Self.frame.width,
      Self.frame.bottom - share * Self.frame.height)
  }

  private func draw(on canvas: Canvas) {
    let frame = Self.frame
    canvas.text(title, frame.x, 40, size: 22, bold: true)
    canvas.text(subtitle, frame.x, 66, size: 15, colour: Palette.faint)
    drawAxes(on: canvas)
    let curve = front.growthRates(from: wavelengths.lowerBound, to: wavelengths.upperBound).map(place)
    canvas.clipped(to: frame) { canvas.polyline(curve, Colour(0x2B6CB0), width: 2.5) }
    mark(neutral, 0, "neutral \(Ticks.length(neutral))", on: canvas, above: false)
    mark(
      fastest.wavelength, fastest.rate,
      "\(fastest.isMaximum ? "fastest" : "no maximum: saturates above") \(Ticks.length(fastest.wavelength)), e-fold in \(Ticks.quantity(1 / fastest.rate, .time))",
      on: canvas, above: true)
    canvas.clipped(to: frame) {
      for point in points {
        let centre = place(point.wavelength, point.rate)
        canvas.stroke(Frame(x: centre.x - 5, y: centre.y - 5, width: 10, height: 10), Palette.frame, width: 2)
      }
    }
    if !points.isEmpty {
      canvas.text(
        "line: closed form, steady; squares: \(meaning)", frame.right, frame.y - 10, size: 14,
        colour: Palette.faint, .right)
    }
    canvas.stroke(frame, Palette.frame, width: 1.2)
  }

  private func drawAxes(on canvas: Canvas) {
    let frame = Self.frame
    let values = Ticks.values(in: rates, about: 6)
    for (value, label) in zip(values, rateLabels(values)) {
      let y = place(neutral, value).y
      canvas.line(frame.x, y, frame.right, y, value == 0 ? Palette.frame : Colour(0xE2E5E9))
      canvas.text(label, frame.x - 10, y + 5, size: 14, .right)
    }
    canvas.text("growth rate (1/s)", frame.x, frame.y - 10, size: 14, colour: Palette.faint)
    var decade = pow(10, floor(log10(wavelengths.lowerBound)))
    while decade <= wavelengths.upperBound {
      for factor in 1...9 where wavelengths.contains(Double(factor) * decade) {
        let x = place(Double(factor) * decade, 0).x
        let isLabelled = [1, 2, 5].contains(factor)
        canvas.line(x, frame.bottom, x, frame.bottom + (isLabelled ? 7 : 4), Palette.frame)
        guard isLabelled else { continue }
        canvas.line(x, frame.y, x, frame.bottom, Colour(0xEDEFF2))
        canvas.text(Ticks.length(Double(factor) * decade, digits: 1), x, frame.bottom + 24, size: 14, .centre)
      }
      decade *= 10
    }
    canvas.text(
      "wavelength", frame.x + frame.width / 2, frame.bottom + 54, size: 15, colour: Palette.faint, .centre)
  }

  /// Small rates in exponent form, all with the digits that tell them apart.
  private func rateLabels(_ values: [Double]) -> [String] {
    let largest = values.map { abs($0) }.max() ?? 1
    guard largest < 1e-2 || largest >= 1e4 else { return Ticks.labels(values) }
    return values.map { $0 == 0 ? "0" : Ticks.significant($0, 2) }
  }

  private func mark(_ wavelength: Double, _ rate: Double, _ text: String, on canvas: Canvas, above: Bool) {
    let point = place(wavelength, rate)
    let dot = Frame(x: point.x - 4, y: point.y - 4, width: 8, height: 8)
    canvas.fill(dot, Palette.island)
    canvas.text(text, point.x + 12, point.y + (above ? -10 : 22), size: 15)
  }
}
