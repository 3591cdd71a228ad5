import CCairo
import CaseFiles
import Electrodeposition

/// The metal from above: its height in colour, lit from the upper left, on the substrate with its islands.
struct HeightPanel {
  private let heights: Plane
  private let cover: Plane
  private let islands: Plane?
  /// Where the slice is taken, as a fraction of the depth.
  private let cut: Double
  private let range: ClosedRange<Double>

  init?(_ snapshot: Snapshot) {
    guard let (heights, cover) = snapshot.heightMap() else { return nil }
    self.cover = cover
    cut = (Double(snapshot.sliceRow) + 0.5) / Double(snapshot.grid.count.y)
    let top = heights.values.max() ?? 0
    range = 0...(top > 0 ? top : snapshot.grid.spacing.z)
    var filled = heights
    filled.extend(rounds: 3, isKnown: cover.values.map { $0 >= 0.5 })
    self.heights = filled.refined(max(1, 512 / max(filled.across, filled.up)))
    if snapshot.onIsland.count == snapshot.grid.columns, snapshot.onIsland.contains(true) {
      islands = HeightPanel.softened(
        Plane(
          across: heights.across, up: heights.up, spacing: heights.spacing,
          values: snapshot.onIsland.map { $0 ? 1 : 0 }))
    } else {
      islands = nil
    }
  }

  func draw(in frame: Frame, bar: Frame, on canvas: Canvas) {
    canvas.fill(frame, Palette.substrate)
    let scale = SIMD2(frame.width / Double(cover.across), frame.height / Double(cover.up))
    let place: (SIMD2<Double>) -> SIMD2<Double> = {
      SIMD2(frame.x + $0.x * scale.x, frame.bottom - $0.y * scale.y)
    }
    canvas.clipped(to: frame) {
      let rims = islands?.contours(at: 0.5) ?? []
      canvas.path(rims, place)
      canvas.use(Palette.island)
      cairo_fill(canvas.context)

      let outline = cover.contours(at: 0.5)
      cairo_save(canvas.context)
      canvas.path(outline, place)
      cairo_clip(canvas.context)
      canvas.image(heights, in: frame) { i, j in
        ColourMap.height[heights[i, j] / range.upperBound].shaded(light(i, j))
      }
      cairo_restore(canvas.context)
      canvas.path(outline, place)
      canvas.use(Palette.outline)
      cairo_set_line_width(canvas.context, 1.6)
      cairo_stroke(canvas.context)
    }
    drawCut(in: frame, on: canvas)
    canvas.stroke(frame, Palette.frame, width: 1.2)
    let (unit, metres) = PhysicalDimension.length.shownUnit(for: range.upperBound)
    ColourBar(map: .height, range: 0...(range.upperBound / metres), label: "height of the metal (\(unit))")
      .draw(in: bar, on: canvas)
  }

  /// Marks at both sides of the frame where the slice is taken.
  private func drawCut(in frame: Frame, on canvas: Canvas) {
    let y = frame.bottom - cut * frame.height
    for (edge, inward) in [(frame.x, 1.0), (frame.right, -1.0)] {
      canvas.line(edge - 9 * inward, y, edge, y, Palette.ink, width: 2)
      canvas.line(edge, y, edge + 14 * inward, y, Colour(0xFFFFFF), width: 2)
    }
  }

  /// Lambert's law, light from the upper left, about one on flat metal.
  private func light(_ i: Int, _ j: Int) -> Double {
    let (left, right) = (max(0, i - 1), min(heights.across - 1, i + 1))
    let (lower, upper) = (max(0, j - 1), min(heights.up - 1, j + 1))
    let slopeX = (heights[right, j] - heights[left, j]) / (Double(max(1, right - left)) * heights.spacing.x)
    let slopeY = (heights[i, upper] - heights[i, lower]) / (Double(max(1, upper - lower)) * heights.spacing.y)
    let incidence = (1 + 0.6 * slopeX - 0.6 * slopeY) / (1 + slopeX * slopeX + slopeY * slopeY).squareRoot()
    return max(0.55, min(1.2, 0.7 + 0.3 * incidence))
  }

  /// Rounds the stairs of flags: twice the mean over three cells in each direction.
  private static func softened(_ plane: Plane) -> Plane {
    var plane = plane
    for _ in 0..<2 {
      let old = plane
      for i in 0..<old.across {
        for j in 0..<old.up {
          var sum = 0.0
          for di in -1...1 {
            for dj in -1...1 {
              sum += old[(i + di + old.across) % old.across, (j + dj + old.up) % old.up]
            }
          }
          plane[i, j] = sum / 9
        }
      }
    }
    return plane
  }
}
