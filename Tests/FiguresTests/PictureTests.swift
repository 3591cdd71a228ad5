import CCairo
import Electrodeposition
import Foundation
import MadeUp
import Testing

@testable import CaseFiles
@testable import Figures

/// A PNG read back by cairo.
private final class Pixels {
  private let surface: OpaquePointer
  let width: Int
  let height: Int

  init(reading path: String) throws {
    surface = cairo_image_surface_create_from_png(path)
    try #require(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
    width = Int(cairo_image_surface_get_width(surface))
    height = Int(cairo_image_surface_get_height(surface))
  }

  deinit { cairo_surface_destroy(surface) }

  subscript(x: Double, y: Double) -> Colour {
    let row = cairo_image_surface_get_data(surface) + Int(y) * Int(cairo_image_surface_get_stride(surface))
    return Colour(UnsafeRawPointer(row).load(fromByteOffset: 4 * Int(x), as: UInt32.self) & 0xFFFFFF)
  }
}

private func difference(_ a: Colour, _ b: Colour) -> Double {
  max(abs(a.red - b.red), abs(a.green - b.green), abs(a.blue - b.blue))
}

@Suite struct PictureTests {
  let folder = TemporaryFolder()

  /// Draws a picture and gives its pixels by position in the slice, in cells.
  private func draw(_ picture: Picture) throws -> (pixels: Pixels, at: (Double, Double) -> Colour) {
    let path = folder.path + "/picture.png"
    try picture.writePNG(to: path)
    #expect(try WholeFile.read(path).prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let pixels = try Pixels(reading: path)
    #expect(pixels.width == picture.width && pixels.height == picture.height)
    let frame = picture.layout.slice
    let cell = picture.layout.scale * picture.snapshot.grid.spacing.x
    return (pixels, { pixels[frame.x + $0 * cell, frame.bottom - $1 * cell] })
  }

  @Test("Metal, electrolyte, substrate and islands have their colours where they are")
  func colours() throws {
    // Islands of 16 cells around 20, 60, …; a film of 20 cells. A cell is seven pixels, the substrate two cells.
    let snapshot = MadeUp.snapshot(count: SIMD3(160, 1, 80), islandPitch: 40) { _, _, z in 20 - z }
    let picture = Picture(snapshot, title: "Film", saltRange: 0...1000)
    let (pixels, at) = try draw(picture)
    #expect(pixels.width == 1200)
    let metal = at(50, 18)
    #expect(metal.red > 0.65 && difference(metal, Colour(metal.red, metal.red, metal.red)) < 0.1)
    #expect(difference(at(20, -0.5), Palette.island) < 0.02)
    #expect(difference(at(40, -0.5), Palette.substrate) < 0.02)
    #expect(difference(at(20, -1.5), Palette.substrate) < 0.02)
    for z in [40.5, 60.5, 78.5] {
      let salt = try #require(snapshot["salt"])[snapshot.grid.index(30, 0, Int(z))]
      #expect(difference(at(30.5, z), ColourMap.salt[salt / 1000]) < 0.02)
    }
  }

  @Test("A curved surface is drawn without stairs, where its contour is")
  func contour() throws {
    let plane = Plane(
      across: 64, up: 48, spacing: SIMD2(1, 1),
      values: (0..<64 * 48).map { place in
        let (x, y) = (Double(place / 48) + 0.5 - 30, Double(place % 48) + 0.5 - 24)
        return 0.5 * (1 + tanh((15 - (x * x + y * y).squareRoot()) / 3))
      })
    let curves = plane.contours(at: 0.5)
    #expect(curves.count == 1)
    for point in curves[0] {
      let radius = ((point.x - 30) * (point.x - 30) + (point.y - 24) * (point.y - 24)).squareRoot()
      #expect(abs(radius - 15) < 0.02)
    }
  }

  @Test("Curves close, also where the metal meets the border and where two pieces touch in a corner")
  func closedContours() {
    let film = Plane(across: 5, up: 4, spacing: SIMD2(1, 1), values: (0..<20).map { $0 % 4 < 2 ? 1 : 0 })
    let around = film.contours(at: 0.5)
    #expect(around.count == 1)
    #expect(around[0].contains { abs($0.y - 2) < 1e-12 && $0.x > 0 && $0.x < 5 })
    #expect(around[0].allSatisfy { (0...5).contains($0.x) && (0...4).contains($0.y) ? $0.y == 2 : true })
    let corner = Plane(across: 2, up: 2, spacing: SIMD2(1, 1), values: [0.9, 0, 0, 0.9])
    #expect(corner.contours(at: 0.5).count == 2)
    #expect(
      Plane(across: 2, up: 2, spacing: SIMD2(1, 1), values: [0.9, 0.3, 0.3, 0.9]).contours(at: 0.5).count == 1
    )
  }

  @Test("A uniform concentration shows one colour, not its rounding errors")
  func uniform() throws {
    let picture = Picture(MadeUp.bare(SIMD3(128, 1, 64)), title: "Bare")
    #expect(abs(picture.saltRange.lowerBound - 990) < 0.01 && abs(picture.saltRange.upperBound - 1010) < 0.01)
    let at = try draw(picture).at
    #expect(difference(at(20, 30), at(100, 55)) < 0.01)
    #expect(Picture.range(of: []) == 0...1)
    #expect(Picture.range(of: [0, 0]).lowerBound < 0)
  }

  @Test(
    "Wide, square, tall and solid boxes keep their proportions and fit",
    arguments: [
      SIMD3(400, 1, 20), SIMD3(100, 1, 100), SIMD3(20, 1, 200), SIMD3(40, 40, 40), SIMD3(16, 16, 80),
      SIMD3(60, 30, 12),
    ])
  func layouts(count: SIMD3<Int>) throws {
    let picture = Picture(MadeUp.needle(count, height: 0.5 * Double(count.z), radius: 2), title: "Needle")
    let layout = picture.layout
    let ratio = layout.slice.height / layout.slice.width
    #expect(abs(ratio * Double(count.x) / Double(count.z) - 1) < 0.02)
    #expect(layout.width <= 1202 && layout.height <= 1300 && layout.width % 2 == 0 && layout.height % 2 == 0)
    for frame in [layout.slice, layout.plan, layout.saltBar, layout.caption].compactMap({ $0 }) {
      #expect(frame.x >= 0 && frame.y >= 0)
      #expect(frame.right <= Double(layout.width) && frame.bottom <= Double(layout.height))
    }
    #expect((layout.plan != nil) == (count.y > 1))
    _ = try draw(picture)
  }

  @Test("Below the title stands where in the protocol a picture is, and what the stage does")
  func subtitle() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    func subtitle(_ stages: [String], _ stage: Int) throws -> String {
      let items = stages.map { "{\($0), until: {time: 1 s}}" }.joined(separator: ", ")
      let path = root.appendingPathComponent("configs/sodium-on-nisb.yaml").path
      let setup = try CaseFile.read(path: path, overrides: ["protocol=[\(items)]"]).setup
      let bare = MadeUp.bare(SIMD3(16, 1, 16))
      var now = bare.observables
      now.stage = stage
      let snapshot = Snapshot(
        grid: bare.grid, hasSubstrate: true, onIsland: bare.onIsland, items: bare.items, observables: now)
      return Picture(snapshot, of: setup).subtitle
    }
    let cycle = ["plate: 1 mA/cm^2", "rest: true", "strip: 2 mA/cm^2"]
    #expect(try subtitle(cycle, 1) == "stage 1 of 3: plate\u{A0}1\u{A0}mA/cm²")
    #expect(try subtitle(cycle + cycle, 2) == "stage 2 of 6, cycle 1 of 2: rest")
    #expect(try subtitle(cycle + cycle, 6) == "stage 6 of 6, cycle 2 of 2: strip\u{A0}2\u{A0}mA/cm²")
    #expect(try subtitle(["hold: -0.1 V"], 1) == "hold\u{A0}−100\u{A0}mV")
  }

  @Test(
    "Long titles, subtitles and names keep their size and their place",
    arguments: [SIMD3(400, 1, 40), SIMD3(20, 1, 200), SIMD3(16, 16, 80)])
  func longTexts(count: SIMD3<Int>) throws {
    let long = Array(repeating: "Sodium on Na3Sb islands", count: 20).joined(separator: " ")
    var names = Picture.Names()
    (names.metal, names.substrate, names.islands) = (long, long, long)
    let snapshot = MadeUp.needle(count, height: 0.5 * Double(count.z), radius: 2)
    let picture = Picture(snapshot, title: long, subtitle: long, names: names)
    let pixels = try draw(picture).pixels
    let (layout, white) = (picture.layout, Colour(0xFFFFFF))
    // Nothing runs out of the caption or the legend, and in the caption nothing runs into what is below it.
    func isBlank(x: ClosedRange<Double>, y: ClosedRange<Double>) -> Bool {
      stride(from: x.lowerBound, to: x.upperBound, by: 1).allSatisfy { x in
        stride(from: y.lowerBound, to: y.upperBound, by: 1).allSatisfy { pixels[x, $0] == white }
      }
    }
    let (caption, legend) = (layout.caption, layout.legend)
    let right = Double(layout.width)
    #expect(isBlank(x: caption.right + 2...right, y: caption.y...caption.y + 90))
    #expect(isBlank(x: legend.right...legend.right + 10, y: legend.y...legend.bottom))
    let below = layout.captionIsBeside ? legend.y : layout.slice.y
    #expect(isBlank(x: caption.x...caption.right, y: below - 20...below - 10))
    // The letters are as high as those of a short title.
    let short = try draw(Picture(snapshot, title: "Sodium", subtitle: long)).pixels
    for x in stride(from: caption.x, to: caption.x + 60, by: 1) {
      for y in stride(from: caption.y, to: caption.y + 24, by: 1) { #expect(pixels[x, y] == short[x, y]) }
    }
  }

  @Test("From above, metal has the colour of its height and the bare substrate shows its islands")
  func heightMap() throws {
    let snapshot = MadeUp.snapshot(count: SIMD3(48, 48, 40), islandPitch: 24) { x, _, z in
      min(10 - z, 20 - x)
    }
    let map = try #require(snapshot.heightMap())
    #expect(abs(map.heights[6, 30] - 10e-8) < 0.1e-8)
    #expect(map.heights[40, 30] == 0)
    let picture = Picture(snapshot, title: "Half a film")
    let pixels = try draw(picture).pixels
    let plan = try #require(picture.layout.plan)
    #expect(difference(pixels[plan.x + plan.width * 0.12, plan.y + 40], ColourMap.height[1]) < 0.08)
    #expect(
      difference(pixels[plan.x + plan.width * 0.75, plan.y + plan.height * 0.25], Palette.island) < 0.02)
    #expect(difference(pixels[plan.right - 6, plan.y + 6], Palette.substrate) < 0.02)
  }

  @Test("A box that has left the substrate shows none, and says how high it stands")
  func leftSubstrate() throws {
    let there = MadeUp.snapshot(count: SIMD3(160, 1, 80), islandPitch: 40) { _, _, z in 20 - z }
    let left = Snapshot(
      grid: there.grid, bottom: 3e-6, hasSubstrate: false, onIsland: there.onIsland, items: there.items,
      observables: there.observables)
    let picture = Picture(left, title: "Film", saltRange: 0...1000)
    let (pixels, at) = try draw(picture)
    for x in stride(from: 60.0, to: 160, by: 7) { #expect(at(x, -0.5) == Colour(0xFFFFFF)) }
    func ink(_ frame: Frame) -> Int {
      (Int(frame.x)..<Int(frame.right)).reduce(0) { sum, x in
        sum + (Int(frame.y)..<Int(frame.bottom)).count { pixels[Double(x), Double($0)] != Colour(0xFFFFFF) }
      }
    }
    let (slice, legend) = (picture.layout.slice, picture.layout.legend)
    #expect(ink(Frame(x: slice.x, y: slice.bottom + 3, width: 180, height: 10)) > 100)
    #expect(ink(Frame(x: legend.x + 80, y: legend.y, width: legend.width - 80, height: legend.height)) == 0)
    let (high, low) = (try #require(left.heightMap()), try #require(there.heightMap()))
    #expect(abs(high.heights[3, 0] - low.heights[3, 0] - 3e-6) < 1e-12)
  }

  @Test("Numbers in pictures are round and short")
  func numbers() {
    #expect(Ticks.labels(Ticks.values(in: 412...987, about: 5)) == ["500", "600", "700", "800", "900"])
    #expect(Ticks.labels(Ticks.values(in: 990...1010, about: 5)) == ["990", "995", "1000", "1005", "1010"])
    #expect(Ticks.labels(Ticks.values(in: -0.01...0.31, about: 3)) == ["0.0", "0.1", "0.2", "0.3"])
    #expect(Ticks.round(atMost: 0.73e-6) == 0.5e-6)
    #expect(Ticks.length(500e-9, digits: 1) == "500 nm")
    #expect(Ticks.length(1e-6, digits: 1) == "1 µm")
    #expect(Ticks.significant(9.999, 3) == "10.0")
    #expect(Ticks.significant(1.234e-5, 3) == "1.23e-5")
    #expect(Ticks.quantity(-0.05213, .potential) == "−52.1 mV")
    #expect(Ticks.quantity(754.3, .time) == "12.6 min")
    #expect(Ticks.quantity(0.18, .capacity) == "5.00e-6 mAh/cm²")
    #expect(Ticks.quantity(3e-20, .length) == "0 nm")
    #expect(Ticks.significant(.nan, 3) == "–")
  }

  @Test("A picture that cannot be written names the file and the reason")
  func failure() {
    let path = folder.path + "/missing/picture.png"
    let picture = Picture(MadeUp.bare(SIMD3(16, 1, 16)), title: "Bare")
    #expect(throws: OutputFailure("write", path, "No such file or directory")) {
      try picture.writePNG(to: path)
    }
  }
}
