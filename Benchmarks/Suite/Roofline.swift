import CaseFiles
import Figures
import Foundation

/// What the kernels reach, beside what the memory and the cores allow: a picture for each number of threads, all with
/// the same axes.
///
/// A roof of the memory is the triad's own bandwidth at a size. Kernels in single precision have half the bytes in
/// their fields; where those fit in a faster memory than the triad's they may stand above it.
final class Roofline {
  private let path: String
  private var measured: [Int: [RooflinePlot.Series]] = [:]

  init(path: String) { self.path = path }

  func add(_ kernels: [Kernels.Kernel], _ size: Size, threads: Int) {
    measured[threads, default: []].append(RooflinePlot.Series(kernels, size))
  }

  /// Measures the cores and draws what was added, if anything was.
  func write() throws {
    let panels = measured.sorted { $0.key < $1.key }.map { threads, series in
      RooflinePlot(threads: threads, series: series, peak: Peak(threads: threads))
    }
    let axes = RooflinePlot.Axes(panels)
    for panel in panels {
      let name = path.dropLast(4) + "-t\(panel.threads).png"
      try panel.write(to: String(name), axes)
      print("written to \(name)")
    }
  }
}

/// Rates (1e9 operations a second) against arithmetic intensities (operations a byte).
struct RooflinePlot {
  /// The kernels at one size.
  struct Series {
    /// A kernel whose bytes and operations are known.
    struct Point {
      let name: String
      let precision: Kernels.Kernel.Precision
      let intensity, rate: Double
    }

    let label: String
    let cells: Int
    let points: [Point]
    /// Of the triad, GB/s.
    let bandwidth: Double

    init(_ kernels: [Kernels.Kernel], _ size: Size) {
      (label, cells) = (size.label, size.cells)
      points = kernels.compactMap { kernel in
        guard let bytes = kernel.bytes, let operations = kernel.operations else { return nil }
        return Point(
          name: kernel.name, precision: kernel.precision, intensity: operations / bytes,
          rate: operations * Double(size.cells) / kernel.seconds * 1e-9)
      }
      bandwidth = points[0].rate / points[0].intensity
    }
  }

  /// What the pictures show.
  struct Axes {
    let intensities, rates: ClosedRange<Double>

    init(_ panels: [RooflinePlot]) {
      let series = panels.flatMap(\.series)
      let points = series.flatMap(\.points)
      let peak = panels.map(\.peak.single).max() ?? 1e9
      let slowest = series.map(\.bandwidth).min() ?? 1
      let first = 0.6 * (points.map(\.intensity).min() ?? 1)
      let last = max(2 * (points.map(\.intensity).max() ?? 1), 1.5e-9 * peak / slowest)
      intensities = first...max(last, 10 * first)
      rates = min(0.5 * (points.map(\.rate).min() ?? 1), first * slowest)...2e-9 * peak
    }
  }

  let threads: Int
  let series: [Series]
  let peak: Peak

  private static let (width, height) = (1000, 760)
  private static let frame = Frame(x: 76, y: 112, width: 888, height: 560)
  /// From line to line of a legend.
  private static let row = 24.0
  private static let paper = Colour(0xFFFFFF)
  /// Of the sizes; they tell apart for colour-blind eyes as well.
  ///
  /// Source: M. Okabe, K. Ito, Color universal design (2008).
  private static let colours = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xE69F00].map { Colour($0) }

  func write(to path: String, _ axes: Axes) throws {
    let canvas = Canvas(width: Self.width, height: Self.height)
    draw(on: canvas, axes)
    try canvas.writePNG(to: path)
  }

  private func draw(on canvas: Canvas, _ axes: Axes) {
    let frame = Self.frame
    canvas.text("Roofline, \(threads) thread\(threads == 1 ? "" : "s")", frame.x, 40, size: 22, bold: true)
    canvas.text(
      "minimal traffic: a pass reads and writes every field at most once; write-allocate is not counted",
      frame.x, 66, size: 15, colour: Palette.faint)
    drawAxes(on: canvas, axes)
    canvas.clipped(to: frame) {
      for (series, style) in styled { drawBandwidth(series, style.colour, on: canvas, axes) }
    }
    drawPeak(peak.single, "single precision", on: canvas, axes)
    drawPeak(peak.double, "double precision", on: canvas, axes)
    drawPoints(on: canvas, axes)
    drawKernels(on: canvas)
    drawSizes(on: canvas)
    canvas.stroke(frame, Palette.frame, width: 1.2)
  }

  /// The more cells, the larger the marks, no two sizes alike: what comes to the same is seen.
  private var styled: [(series: Series, style: Style)] {
    let ascending = series.indices.sorted { (series[$0].cells, $0) < (series[$1].cells, $1) }
    return series.enumerated().map { index, series in
      let rank = Double(ascending.firstIndex(of: index) ?? 0) / Double(max(1, ascending.count - 1))
      return (series, Style(colour: Self.colours[index % Self.colours.count], radius: 5 + 6 * rank))
    }
  }

  private func place(_ intensity: Double, _ rate: Double, _ axes: Axes) -> SIMD2<Double> {
    func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
    return SIMD2(
      Self.frame.x + share(intensity, axes.intensities) * Self.frame.width,
      Self.frame.bottom - share(rate, axes.rates) * Self.frame.height)
  }

  // MARK: Axes and roofs

  /// Calls `body` with 1, 2, … 9 times the powers of ten in a range.
  private func forTicks(_ range: ClosedRange<Double>, _ body: (_ value: Double, _ factor: Int) -> Void) {
    for power in Int(floor(log10(range.lowerBound)))...Int(floor(log10(range.upperBound))) {
      for factor in 1...9 {
        let value = Double(factor) * pow(10, Double(power))
        if range.contains(value) { body(value, factor) }
      }
    }
  }

  private func drawAxes(on canvas: Canvas, _ axes: Axes) {
    let frame = Self.frame
    func grid(_ factor: Int) -> Colour { Colour(factor == 1 ? 0xCDD2D9 : 0xEDEFF2) }
    forTicks(axes.intensities) { value, factor in
      let x = place(value, axes.rates.lowerBound, axes).x
      canvas.line(x, frame.y, x, frame.bottom, grid(factor))
      canvas.line(x, frame.bottom, x, frame.bottom + (factor == 1 ? 8 : 4), Palette.frame)
      guard [1, 2, 5].contains(factor) else { return }
      canvas.text(Ticks.significant(value, 1), x, frame.bottom + 25, size: 14, .centre)
    }
    forTicks(axes.rates) { value, factor in
      let y = place(axes.intensities.lowerBound, value, axes).y
      canvas.line(frame.x, y, frame.right, y, grid(factor))
      canvas.line(frame.x - (factor == 1 ? 8 : 4), y, frame.x, y, Palette.frame)
      guard [1, 2, 5].contains(factor) else { return }
      canvas.text(Ticks.significant(value, 1), frame.x - 13, y + 5, size: 14, .right)
    }
    canvas.text("rate (GFlop/s)", frame.x, frame.y - 12, size: 15, colour: Palette.faint)
    canvas.text(
      "arithmetic intensity (flop per byte of minimal traffic)", frame.x + frame.width / 2, frame.bottom + 56,
      size: 15, colour: Palette.faint, .centre)
  }

  private func drawBandwidth(_ series: Series, _ colour: Colour, on canvas: Canvas, _ axes: Axes) {
    let ridge = peak.single * 1e-9 / series.bandwidth
    let first = axes.intensities.lowerBound
    let roof = [(first, first * series.bandwidth), (ridge, ridge * series.bandwidth)]
    canvas.polyline(roof.map { place($0, $1, axes) }, colour, width: 2)
  }

  /// A roof of the cores, from where the fastest memory meets it.
  private func drawPeak(_ peak: Double, _ name: String, on canvas: Canvas, _ axes: Axes) {
    let rate = peak * 1e-9
    let start = place(rate / (series.map(\.bandwidth).max() ?? 1), rate, axes)
    let text = "peak, \(name): \(Ticks.significant(rate, 3)) GFlop/s"
    let (size, right) = (14.0, Self.frame.right - 12)
    let length = canvas.width(of: text, size: size)
    canvas.fill(Frame(x: right - length - 4, y: start.y - 23, width: length + 8, height: 22), Self.paper)
    canvas.text(text, right, start.y - 8, size: size, .right)
    canvas.line(start.x, start.y, Self.frame.right, start.y, Palette.frame, width: 2)
  }

  // MARK: Marks

  /// The shape of a kernel's mark: a star of so many points, turned by an angle, and how far in it goes between them.
  private struct Shape {
    let points: Int
    var turn = 0.0
    var inner: Double?

    static let all = [
      Shape(points: 24), Shape(points: 4, turn: .pi / 4), Shape(points: 3), Shape(points: 3, turn: .pi),
      Shape(points: 4), Shape(points: 5, inner: 0.45), Shape(points: 4, turn: .pi / 4, inner: 0.35),
    ]

    /// Corners around a centre, for the area of a circle. In pixels.
    func corners(_ centre: SIMD2<Double>, radius: Double) -> [SIMD2<Double>] {
      let half = Double.pi / Double(points)
      // A polygon is a star whose sides are straight.
      let inner = inner ?? cos(half)
      let outer = radius * sqrt(.pi / (Double(points) * inner * sin(half)))
      return (0..<2 * points).map { corner in
        let angle = turn + Double(corner) * half
        let size = corner % 2 == 0 ? outer : outer * inner
        return centre + size * SIMD2(sin(angle), -cos(angle))
      }
    }
  }

  /// How the marks of a size look; lengths in pixels.
  private struct Style {
    let colour: Colour
    let radius: Double
  }

  /// Small marks over large ones.
  private func drawPoints(on canvas: Canvas, _ axes: Axes) {
    for (series, style) in styled.sorted(by: { $0.style.radius > $1.style.radius }) {
      for point in series.points {
        mark(point, at: place(point.intensity, point.rate, axes), style, on: canvas)
      }
    }
  }

  private func mark(_ point: Series.Point, at centre: SIMD2<Double>, _ style: Style, on canvas: Canvas) {
    let index = series[0].points.firstIndex { $0.name == point.name } ?? 0
    let corners = Shape.all[index % Shape.all.count].corners(centre, radius: style.radius)
    canvas.stroke(corners, Self.paper, width: 4)
    canvas.fill(corners, point.precision == .double ? style.colour : Self.paper)
    if point.precision == .both {
      canvas.clipped(to: Frame(x: centre.x - 20, y: centre.y - 20, width: 20, height: 40)) {
        canvas.fill(corners, style.colour)
      }
    }
    canvas.stroke(corners, style.colour, width: 2)
  }

  // MARK: Legends

  private func drawBox(_ box: Frame, on canvas: Canvas) {
    canvas.fill(box, Self.paper)
    canvas.stroke(box, Colour(0xCDD2D9), width: 1)
  }

  /// In the corner above all roofs.
  private func drawKernels(on canvas: Canvas) {
    let points = series[0].points
    let (left, height) = (Self.frame.x + 12, Self.row * Double(points.count + 1))
    drawBox(Frame(x: left, y: Self.frame.y + 12, width: 200, height: height + 8), on: canvas)
    var y = Self.frame.y + 28
    for point in points {
      mark(point, at: SIMD2(left + 16, y), Style(colour: Palette.faint, radius: 7), on: canvas)
      canvas.text(point.name, left + 36, y + 5, size: 14)
      y += Self.row
    }
    canvas.text("filled: double, open: single", left + 6, y + 5, size: 13, colour: Palette.faint)
  }

  /// In the corner below all roofs.
  private func drawSizes(on canvas: Canvas) {
    let height = Self.row * Double(series.count)
    let (left, top) = (Self.frame.right - 222, Self.frame.bottom - 16 - height)
    drawBox(Frame(x: left, y: top - 4, width: 210, height: height + 8), on: canvas)
    var y = top + Self.row / 2
    for (series, style) in styled {
      canvas.line(left + 6, y, left + 42, y, style.colour, width: 2)
      mark(series.points[0], at: SIMD2(left + 24, y), style, on: canvas)
      canvas.text(
        "\(series.label), triad \(Ticks.significant(series.bandwidth, 2)) GB/s", left + 52, y + 5, size: 14)
      y += Self.row
    }
  }
}
