import CCairo
import CaseFiles
import Electrodeposition
import Spectral

/// A snapshot as a figure: the salt in colour, the metal in front of it, the substrate with its islands.
///
/// Two dimensions: the x–z plane. Three: the x–z plane through the middle of the box and, beside it, the
/// height of the metal from above. Lengths have the same scale in both directions and in both panels, and
/// the layout depends on the box alone, so the pictures of a run make a film.
public struct Picture: Sendable {
  let snapshot: Snapshot
  let title: String
  let subtitle: String
  let names: Names
  let saltRange: ClosedRange<Double>
  let layout: PictureLayout
  private let salt: Plane?
  private let metal: Plane?
  private let dead: Plane?

  /// What the legend calls metal, substrate and islands.
  struct Names: Sendable {
    var metal = "metal"
    var substrate = "substrate"
    var islands = "island"

    init() {}

    /// The names of a case.
    init(_ setup: Case) {
      metal = setup.metal.symbol
      substrate = setup.substrate?.matrix.name ?? substrate
      islands = setup.substrate?.islands?.surface.name ?? islands
    }
  }

  /// A moment of a case, below its title where it stands in the protocol and what its stage does.
  public init(_ snapshot: Snapshot, of setup: Case, saltRange: ClosedRange<Double>? = nil) {
    let stage = snapshot.observables.stage
    // With blanks that do not break, so that a number stays with its unit.
    let control = describe(setup.stages[stage - 1].control)
      .replacing(" -", with: " −").replacing(" ", with: "\u{A0}")
    let place = setup.position(ofStage: stage)
    self.init(
      snapshot, title: setup.title, subtitle: (place.map { $0 + ": " } ?? "") + control,
      names: Names(setup), saltRange: saltRange)
  }

  /// `saltRange` fixes the ends of the colour bar, mol/m³; `nil`: those of the electrolyte in the picture.
  init(
    _ snapshot: Snapshot, title: String, subtitle: String = "", names: Names = Names(),
    saltRange: ClosedRange<Double>? = nil
  ) {
    self.snapshot = snapshot
    self.title = title
    self.subtitle = subtitle
    self.names = names
    layout = PictureLayout(extent: snapshot.grid.extent, flat: snapshot.grid.isTwoDimensional)
    metal = snapshot.slice("metal")
    dead = snapshot.deadMetal()
    var salt = snapshot.slice("salt")
    let open = Picture.electrolyte(of: snapshot)
    let seen = salt.map { zip($0.values, open).filter { $1 && $0.isFinite }.map(\.0) } ?? []
    self.saltRange = saltRange ?? Picture.range(of: seen)
    salt?.extend(rounds: 3, isKnown: open)
    self.salt = salt
  }

  /// Size in pixels.
  package var width: Int { layout.width }
  package var height: Int { layout.height }

  /// Draws the picture and replaces the file at `path`.
  public func writePNG(to path: String) throws {
    let canvas = Canvas(width: layout.width, height: layout.height)
    drawSlice(on: canvas)
    drawCaption(on: canvas)
    drawSaltBar(on: canvas)
    drawScaleBar(on: canvas)
    drawLegend(on: canvas)
    if let plan = layout.plan { HeightPanel(snapshot)?.draw(in: plan, bar: layout.planBar, on: canvas) }
    try canvas.writePNG(to: path)
  }

  /// Ends of the colour bar: those of the values, but at least 2 % of their mean apart, so that a uniform
  /// concentration shows one colour and not its rounding errors.
  static func range(of values: [Double]) -> ClosedRange<Double> {
    guard let low = values.min(), let high = values.max() else { return 0...1 }
    let mean = values.reduce(0, +) / Double(values.count)
    let least = max(0.02 * abs(mean), 1e-12)
    if high - low >= least { return low...high }
    let middle = (low + high) / 2
    return (middle - least / 2)...(middle + least / 2)
  }

  /// Cells of the slice that are mostly electrolyte.
  private static func electrolyte(of snapshot: Snapshot) -> [Bool] {
    let metal = snapshot.slice("metal")?.values
    return (0..<snapshot.grid.count.x * snapshot.grid.count.z).map { (metal?[$0] ?? 0) < 0.5 }
  }

  // MARK: The slice

  /// Height of what is drawn of the substrate, pixels.
  static let substrateHeight = 14.0

  private func drawSlice(on canvas: Canvas) {
    let frame = layout.slice
    if let salt {
      let (low, width) = (saltRange.lowerBound, saltRange.upperBound - saltRange.lowerBound)
      canvas.image(salt, in: frame) { ColourMap.salt[(salt[$0, $1] - low) / width] }
    }
    if let metal { drawMetal(metal, in: frame, on: canvas) }
    canvas.stroke(frame, Palette.frame, width: 1.2)
    if snapshot.hasSubstrate { drawSubstrate(in: frame, on: canvas) }
    if snapshot.bottom > 0 {
      let height = "\(Ticks.length(snapshot.bottom, digits: 4)) above the substrate"
      canvas.text(height, frame.x, frame.bottom + Self.substrateHeight - 1, size: 13, colour: Palette.faint)
    }
  }

  private func drawMetal(_ metal: Plane, in frame: Frame, on canvas: Canvas) {
    let scale = SIMD2(frame.width / Double(metal.across), frame.height / Double(metal.up))
    canvas.clipped(to: frame) {
      canvas.path(metal.contours(at: 0.5)) {
        SIMD2(frame.x + $0.x * scale.x, frame.bottom - $0.y * scale.y)
      }
      var (left, top, right, bottom) = (0.0, 0.0, 0.0, 0.0)
      cairo_path_extents(canvas.context, &left, &top, &right, &bottom)
      let sheen = cairo_pattern_create_linear(0, max(top, frame.y), 0, frame.bottom)
      defer { cairo_pattern_destroy(sheen) }
      for (place, colour) in [(0.0, Palette.metalLight), (1.0, Palette.metalDark)] {
        cairo_pattern_add_color_stop_rgb(sheen, place, colour.red, colour.green, colour.blue)
      }
      cairo_set_source(canvas.context, sheen)
      cairo_fill_preserve(canvas.context)
      if let dead {
        let outline = cairo_copy_path(canvas.context)
        defer { cairo_path_destroy(outline) }
        cairo_new_path(canvas.context)
        canvas.path(dead.contours(at: 0.5)) {
          SIMD2(frame.x + $0.x * scale.x, frame.bottom - $0.y * scale.y)
        }
        canvas.use(Palette.deadMetal)
        cairo_fill(canvas.context)
        cairo_append_path(canvas.context, outline)
      }
      cairo_save(canvas.context)
      cairo_clip_preserve(canvas.context)
      canvas.use(Colour(0xFFFFFF), alpha: 0.6)
      cairo_set_line_width(canvas.context, 6)
      cairo_stroke_preserve(canvas.context)
      cairo_restore(canvas.context)
      canvas.use(Palette.outline)
      cairo_set_line_join(canvas.context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_line_width(canvas.context, 1.6)
      cairo_stroke(canvas.context)
    }
  }

  /// The substrate below the slice, which does not reach into it, and its islands.
  private func drawSubstrate(in frame: Frame, on canvas: Canvas) {
    let top = frame.bottom
    canvas.fill(
      Frame(x: frame.x, y: top, width: frame.width, height: Self.substrateHeight), Palette.substrate)
    let islands = snapshot.islandsOfSlice()
    let column = frame.width / Double(max(1, islands.count))
    var first = 0
    for index in 0...islands.count {
      if index < islands.count && islands[index] { continue }
      if index > first {
        let mark = Frame(
          x: frame.x + Double(first) * column, y: top, width: Double(index - first) * column,
          height: Self.substrateHeight / 2)
        canvas.fill(mark, Palette.island)
      }
      first = index + 1
    }
    canvas.line(frame.x, top, frame.right, top, Palette.outline, width: 1.4)
  }

  // MARK: What stands around it

  private func drawCaption(on canvas: Canvas) {
    let now = snapshot.observables
    let values = [
      ("time", Ticks.quantity(now.time, .time)),
      ("capacity", Ticks.quantity(now.capacity, .capacity)),
      ("equivalent thickness", Ticks.length(now.equivalentThickness, digits: 4)),
      ("voltage", Ticks.quantity(now.voltage, .potential)),
      ("current", Ticks.quantity(now.currentDensity, .currentDensity)),
    ]
    let place = layout.caption
    var y = place.y + 20
    let titleLines = layout.captionIsBeside ? 4 : 1
    for line in canvas.lines(title, size: 20, bold: true, limit: place.width, most: titleLines) {
      canvas.text(line, place.x, y, size: 20, bold: true)
      y += 26
    }
    for line in canvas.lines(subtitle, size: 16, limit: place.width, most: layout.captionIsBeside ? 2 : 1) {
      canvas.text(line, place.x, y, size: 16)
      y += 22
    }
    if layout.captionIsBeside {
      y += 14
      for (name, value) in values {
        canvas.text(name, place.x, y, size: 15, colour: Palette.faint)
        canvas.text(value, place.right, y, size: 16, .right)
        canvas.line(place.x, y + 9.5, place.right, y + 9.5, Colour(0xDDE0E4))
        y += 31
      }
      return
    }
    let step = place.width / Double(values.count)
    for (index, (name, value)) in values.enumerated() {
      let x = place.x + Double(index) * step
      canvas.text(name, x, place.y + 74, size: 14, colour: Palette.faint)
      canvas.text(value, x, place.y + 97, size: 18)
    }
  }

  private func drawSaltBar(on canvas: Canvas) {
    let (unit, scale) = PhysicalDimension.concentration.shownUnit(for: saltRange.upperBound)
    let range = (saltRange.lowerBound / scale)...(saltRange.upperBound / scale)
    ColourBar(map: .salt, range: range, label: "salt concentration (\(unit))")
      .draw(in: layout.saltBar, on: canvas)
  }

  private func drawScaleBar(on canvas: Canvas) {
    let place = layout.scaleBar
    let widest = min(place.width - 90, max(0.22 * layout.slice.width, min(90, 0.9 * layout.slice.width)))
    let length = Ticks.round(atMost: widest / layout.scale)
    let end = place.x + length * layout.scale
    canvas.line(place.x, place.y + 12, end, place.y + 12, Palette.ink, width: 5)
    canvas.text(Ticks.length(length, digits: 1), end + 10, place.y + 17.5, size: 15)
  }

  private func drawLegend(on canvas: Canvas) {
    var entries = [(names.metal, Palette.metalLight.mixed(with: Palette.metalDark, 0.4))]
    if dead != nil { entries.append(("dead \(names.metal)", Palette.deadMetal)) }
    if snapshot.hasSubstrate { entries.append((names.substrate, Palette.substrate)) }
    if snapshot.hasSubstrate && snapshot.onIsland.contains(true) {
      entries.append((names.islands, Palette.island))
    }
    // Swatch, name and a gap to the next.
    let room = layout.legend.width / Double(entries.count) - 47
    var x = layout.legend.x
    for (name, colour) in entries {
      let name = canvas.cut(name, size: 15, limit: room)
      let swatch = Frame(x: x, y: layout.legend.y + 4, width: 20, height: 14)
      canvas.fill(swatch, colour)
      canvas.stroke(swatch, Palette.outline, width: 1)
      canvas.text(name, x + 27, layout.legend.y + 16.5, size: 15)
      x += 27 + canvas.width(of: name, size: 15) + 20
    }
  }
}

/// A horizontal bar of colours with round ticks.
struct ColourBar {
  let map: ColourMap
  let range: ClosedRange<Double>
  let label: String

  /// `place` is the bar; the label stands above it, the ticks below.
  func draw(in place: Frame, on canvas: Canvas) {
    canvas.text(label, place.x, place.y - 8, size: 15)
    let steps = Int(place.width)
    let strip = Plane(
      across: steps, up: 1, spacing: SIMD2(1, 1),
      values: (0..<steps).map { (Double($0) + 0.5) / Double(steps) })
    canvas.image(strip, in: place) { i, _ in map[strip[i, 0]] }
    canvas.stroke(place, Palette.frame, width: 1)
    let values = Ticks.values(in: range, about: place.width > 250 ? 5 : 3)
    for (value, text) in zip(values, Ticks.labels(values)) {
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      let x = place.x + share * place.width
      canvas.line(x, place.bottom, x, place.bottom + 5, Palette.frame)
      canvas.text(text, x, place.bottom + 20, size: 14, .centre)
    }
  }
}
