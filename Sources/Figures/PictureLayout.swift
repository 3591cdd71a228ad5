/// Where the parts of a picture stand, in pixels, for a box of given extents (m).
///
/// Wide boxes have the caption above and the bars below the slice; square and tall ones have them beside it.
/// In three dimensions the view from above stands to the right of the slice.
struct PictureLayout: Sendable, Equatable {
  private(set) var width = 1200
  private(set) var height = 0
  /// Pixels per metre.
  private(set) var scale = 0.0
  private(set) var slice = Frame(x: 0, y: 0, width: 0, height: 0)
  private(set) var plan: Frame?
  private(set) var caption = Frame(x: 0, y: 0, width: 0, height: 0)
  private(set) var captionIsBeside = false
  private(set) var saltBar = Frame(x: 0, y: 0, width: 0, height: 14)
  private(set) var planBar = Frame(x: 0, y: 0, width: 0, height: 14)
  private(set) var scaleBar = Frame(x: 0, y: 0, width: 0, height: 20)
  private(set) var legend = Frame(x: 0, y: 0, width: 0, height: 20)

  private static let margin = 36.0
  private static let header = 148.0

  init(extent: SIMD3<Double>, flat: Bool) {
    if !flat {
      placePanels(extent)
    } else if extent.z <= 0.72 * extent.x {
      placeWide(extent)
    } else {
      placeTall(extent)
    }
    // Films want even sizes.
    width += width % 2
    height += height % 2
  }

  private mutating func placeWide(_ extent: SIMD3<Double>) {
    let margin = PictureLayout.margin
    scale = (1200 - 2 * margin) / extent.x
    slice = Frame(
      x: margin, y: PictureLayout.header, width: 1200 - 2 * margin,
      height: max(2, (extent.z * scale).rounded()))
    caption = Frame(x: margin, y: 24, width: slice.width, height: 100)
    let top = slice.bottom + 18
    scaleBar = Frame(x: margin, y: top, width: 600, height: 20)
    legend = Frame(x: margin, y: top + 36, width: 600, height: 20)
    saltBar = Frame(x: slice.right - 440, y: top + 23, width: 420, height: 14)
    height = Int(top + 23 + 14 + 40)
  }

  private mutating func placeTall(_ extent: SIMD3<Double>) {
    let margin = PictureLayout.margin
    let side = 310.0
    scale = min((1200 - 3 * margin - side) / extent.x, 1000 / extent.z)
    slice = Frame(
      x: margin, y: margin, width: max(2, (extent.x * scale).rounded()),
      height: max(2, (extent.z * scale).rounded()))
    let x = slice.right + margin
    captionIsBeside = true
    caption = Frame(x: x, y: margin, width: side, height: 300)
    height = Int(max(slice.height, 540) + 2 * margin)
    let bottom = Double(height) - margin
    saltBar = Frame(x: x + 2, y: bottom - 34, width: side - 18, height: 14)
    scaleBar = Frame(x: x, y: bottom - 110, width: side, height: 20)
    legend = Frame(x: x, y: bottom - 145, width: side, height: 20)
    width = Int(x + side + margin)
  }

  private mutating func placePanels(_ extent: SIMD3<Double>) {
    let margin = PictureLayout.margin
    let gap = 44.0
    scale = min((1200 - 2 * margin - gap) / (2 * extent.x), 900 / max(extent.z, extent.y))
    let panel = max(2, (extent.x * scale).rounded())
    let column = max(panel, 400)
    let tallest = max(2, (max(extent.y, extent.z) * scale).rounded())
    let bottom = PictureLayout.header + tallest
    func frame(_ x: Double, _ length: Double) -> Frame {
      let high = max(2, (length * scale).rounded())
      return Frame(x: x, y: bottom - high, width: panel, height: high)
    }
    slice = frame(margin, extent.z)
    let second = margin + column + gap
    plan = frame(second, extent.y)
    let top = bottom + 44
    saltBar = Frame(x: margin + 2, y: top, width: min(420, column - 24), height: 14)
    planBar = Frame(x: second + 2, y: top, width: min(420, column - 24), height: 14)
    scaleBar = Frame(x: margin, y: top + 54, width: column, height: 20)
    legend = Frame(x: second, y: top + 54, width: column, height: 20)
    width = Int(second + column + margin)
    caption = Frame(x: margin, y: 24, width: Double(width) - 2 * margin, height: 100)
    height = Int(top + 54 + 40)
  }
}
