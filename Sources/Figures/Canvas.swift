import CCairo
import CaseFiles
import Foundation

/// A rectangle in pixels, y downwards.
package struct Frame: Sendable, Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double
  package var right: Double { x + width }
  package var bottom: Double { y + height }

  package init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

/// An image to draw on: thin over cairo, which it owns.
package final class Canvas {
  package enum Alignment { case left, centre, right }

  let width: Int
  let height: Int
  private let surface: OpaquePointer
  let context: OpaquePointer

  package convenience init(width: Int, height: Int) {
    self.init(
      width: width, height: height,
      surface: cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)))
  }

  private init(width: Int, height: Int, surface: OpaquePointer) {
    self.width = width
    self.height = height
    self.surface = surface
    context = cairo_create(surface)
    fill(Frame(x: 0, y: 0, width: Double(width), height: Double(height)), Colour(0xFFFFFF))
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  package func writePNG(to path: String) throws {
    cairo_surface_flush(surface)
    try WholeFile.replace(path) { new in
      errno = 0
      let status = cairo_surface_write_to_png(surface, new)
      let code = errno
      if status == CAIRO_STATUS_SUCCESS { return }
      if code != 0 { throw OutputFailure("write", path, code: code) }
      throw OutputFailure("write", path, String(cString: cairo_status_to_string(status)))
    }
  }

  /// Draws into a file of vectors (SVG), which replaces the one at `path`.
  static func writeSVG(width: Int, height: Int, to path: String, _ draw: (Canvas) -> Void) throws {
    try WholeFile.replace(path) { new in
      errno = 0
      guard let surface = cairo_svg_surface_create(new, Double(width), Double(height)) else {
        throw OutputFailure("write", path, code: errno)
      }
      let canvas = Canvas(width: width, height: height, surface: surface)
      draw(canvas)
      cairo_surface_finish(surface)
      let code = errno
      guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
        throw OutputFailure("write", path, code: code)
      }
    }
  }

  // MARK: Shapes

  func use(_ colour: Colour, alpha: Double = 1) {
    cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, alpha)
  }

  package func fill(_ frame: Frame, _ colour: Colour) {
    use(colour)
    cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
    cairo_fill(context)
  }

  package func stroke(_ frame: Frame, _ colour: Colour, width: Double) {
    use(colour)
    cairo_set_line_width(context, width)
    cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
    cairo_stroke(context)
  }

  package func line(
    _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, _ colour: Colour, width: Double = 1
  ) {
    use(colour)
    cairo_set_line_width(context, width)
    cairo_move_to(context, x0, y0)
    cairo_line_to(context, x1, y1)
    cairo_stroke(context)
  }

  /// Runs `body` with drawing confined to a rectangle.
  package func clipped(to frame: Frame, _ body: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  /// An open line through points in pixels.
  package func polyline(_ points: [SIMD2<Double>], _ colour: Colour, width: Double) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
    use(colour)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_stroke(context)
  }

  /// Fills a polygon with corners in pixels.
  package func fill(_ corners: [SIMD2<Double>], _ colour: Colour) {
    path([corners]) { $0 }
    use(colour)
    cairo_fill(context)
  }

  /// The outline of a polygon with corners in pixels.
  package func stroke(_ corners: [SIMD2<Double>], _ colour: Colour, width: Double) {
    path([corners]) { $0 }
    use(colour)
    cairo_set_line_width(context, width)
    cairo_stroke(context)
  }

  /// Makes closed curves the current path; `place` maps their points to pixels.
  func path(_ curves: [[SIMD2<Double>]], _ place: (SIMD2<Double>) -> SIMD2<Double>) {
    cairo_new_path(context)
    for curve in curves {
      for (index, point) in curve.enumerated() {
        let pixel = place(point)
        if index == 0 {
          cairo_move_to(context, pixel.x, pixel.y)
        } else {
          cairo_line_to(context, pixel.x, pixel.y)
        }
      }
      cairo_close_path(context)
    }
  }

  /// Draws a plane of colours over a rectangle, smoothly between cell centres.
  func image(_ plane: Plane, in frame: Frame, _ colour: (Int, Int) -> Colour) {
    let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(plane.across), Int32(plane.up))
    defer { cairo_surface_destroy(image) }
    guard let data = cairo_image_surface_get_data(image) else { return }
    let stride = Int(cairo_image_surface_get_stride(image))
    for j in 0..<plane.up {
      let row = UnsafeMutableRawPointer(data + (plane.up - 1 - j) * stride)
      for i in 0..<plane.across {
        row.storeBytes(of: colour(i, j).pixel, toByteOffset: 4 * i, as: UInt32.self)
      }
    }
    cairo_surface_mark_dirty(image)
    let scale = frame.width / Double(plane.across)
    clipped(to: frame) {
      cairo_translate(context, frame.x, frame.y)
      cairo_scale(context, scale, frame.height / Double(plane.up))
      cairo_set_source_surface(context, image, 0, 0)
      cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
      let filter = scale >= 1 ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_GOOD
      cairo_pattern_set_filter(cairo_get_source(context), filter)
      cairo_paint(context)
    }
  }

  // MARK: Text

  private func select(_ size: Double, bold: Bool) {
    let weight = bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
    cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, weight)
    cairo_set_font_size(context, size)
  }

  package func width(of text: String, size: Double, bold: Bool = false) -> Double {
    select(size, bold: bold)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// Writes a line of text with its base line at `y`.
  package func text(
    _ text: String, _ x: Double, _ y: Double, size: Double, bold: Bool = false, colour: Colour = Palette.ink,
    _ alignment: Alignment = .left
  ) {
    let length = width(of: text, size: size, bold: bold)
    let shift = alignment == .left ? 0 : alignment == .centre ? length / 2 : length
    use(colour)
    cairo_move_to(context, x - shift, y)
    cairo_show_text(context, text)
  }

  /// Breaks a text between words into at most `most` lines of at most `limit` pixels; what has no room is cut.
  func lines(_ text: String, size: Double, bold: Bool = false, limit: Double, most: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      guard let last = lines.last else {
        lines.append(String(word))
        continue
      }
      let longer = "\(last) \(word)"
      if lines.count == most || width(of: longer, size: size, bold: bold) <= limit {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { cut($0, size: size, bold: bold, limit: limit) }
  }

  /// A text that ends with `…` where it would be wider than `limit` pixels.
  func cut(_ text: String, size: Double, bold: Bool = false, limit: Double) -> String {
    if width(of: text, size: size, bold: bold) <= limit { return text }
    // No letter is narrower than a pixel.
    var kept = text.prefix(Int(limit))
    while !kept.isEmpty, width(of: kept + "…", size: size, bold: bold) > limit { kept.removeLast() }
    return kept + "…"
  }
}

/// Colours of a picture that no colour map gives.
package enum Palette {
  package static let ink = Colour(0x1B1E23)
  package static let faint = Colour(0x6B727C)
  package static let frame = Colour(0x3A3F47)
  static let metalLight = Colour(0xF6F7F9)
  static let metalDark = Colour(0xB4BAC4)
  static let deadMetal = Colour(0x7A5C9E)
  static let outline = Colour(0x14171C)
  static let substrate = Colour(0x34373D)
  static let island = Colour(0xE8912D)
}

/// The version of cairo at run time.
package var cairoVersion: String { String(cString: cairo_version_string()) }
