/// One number in single precision per cell, the two colours of a red–black ordering stored apart.
///
/// A cell is red (colour 0) when x + y + z is even. The cells of one colour in a column along z follow one
/// another in memory, in `stride` places, a multiple of eight; what lies beyond the column is zero as long as
/// only cells are written. Cell k of a colour is z = 2k + offset; its lateral neighbours are cell k of the other
/// colour in their columns, the cells above and below are k + offset and k + offset − 1 of the other colour in
/// its own.
final class ColouredField: @unchecked Sendable {
  /// Where the cells are; valid as long as the field.
  let cells: ColouredCells
  private let storage: UnsafeMutableRawPointer
  fileprivate static let margin = 16

  init(_ grid: Grid) {
    let places = ColouredPlaces(grid)
    let total = 2 * places.blackStart + Self.margin
    storage = .allocate(byteCount: total * MemoryLayout<Float>.stride, alignment: 64)
    let start = storage.bindMemory(to: Float.self, capacity: total)
    start.initialize(repeating: 0, count: total)
    cells = ColouredCells(base: start + Self.margin, places: places)
  }

  deinit { storage.deallocate() }
}

/// Where the cells of a grid lie in fields that are stored by colour.
package struct ColouredPlaces: Sendable {
  /// Places of one colour in one column.
  let stride: Int
  fileprivate let height, depth, blackStart: Int

  package init(_ grid: Grid) {
    (height, depth) = (grid.count.z, grid.count.y)
    stride = (height / 2 + 7) / 8 * 8
    blackStart = grid.columns * stride + ColouredField.margin
  }

  /// The place of a cell, counted from the first of all.
  @inline(__always)
  package func place(_ x: Int, _ y: Int, _ z: Int) -> Int {
    ((x + y + z) & 1) * blackStart + (x * depth + y) * stride + z / 2
  }
}

/// The cells of a coloured field, as kernels use them: a plain value, so that passing it on costs nothing.
package struct ColouredCells {
  package typealias Singles = UnsafeMutablePointer<Float>

  /// The first place of all; `place(of:)` counts from here.
  package let base: Singles
  private let places: ColouredPlaces
  /// Places of one colour in one column.
  var stride: Int { places.stride }

  fileprivate init(base: Singles, places: ColouredPlaces) {
    self.base = base
    self.places = places
  }

  /// The cells of one colour in a column.
  @inline(__always)
  func row(_ colour: Int, _ x: Int, _ y: Int) -> Singles {
    base + (colour * places.blackStart + (x * places.depth + y) * places.stride)
  }

  /// The cells with even and with odd z of a column, whatever their colour.
  @inline(__always)
  func pair(_ x: Int, _ y: Int) -> (Singles, Singles) {
    (row((x + y) & 1, x, y), row((x + y + 1) & 1, x, y))
  }

  /// z of the first cell of a colour in a column, 0 or 1.
  @inline(__always)
  static func offset(_ colour: Int, _ x: Int, _ y: Int) -> Int { (x + y + colour) & 1 }

  /// Where the cell with a memory index lies.
  package func place(of cell: Int) -> Int {
    let column = cell / places.height
    let x = column / places.depth
    return places.place(x, column - x * places.depth, cell - column * places.height)
  }

  /// The places of both colours of some planes.
  func places(_ planes: Range<Int>) -> (Range<Int>, Range<Int>) {
    let plane = places.depth * places.stride
    let red = planes.lowerBound * plane..<planes.upperBound * plane
    return (red, red.lowerBound + places.blackStart..<red.upperBound + places.blackStart)
  }
}

@inline(__always)
func load8(_ pointer: ColouredCells.Singles, _ offset: Int) -> SIMD8<Float> {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
func load4(_ pointer: ColouredCells.Singles, _ offset: Int) -> SIMD4<Float> {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: SIMD4<Float>.self)
}

extension SIMD8<Float> {
  @inline(__always)
  init(evens: SIMD4<Float>, odds: SIMD4<Float>) {
    self.init()
    (evenHalf, oddHalf) = (evens, odds)
  }
}

@inline(__always)
func store(_ value: SIMD8<Float>, _ pointer: ColouredCells.Singles, _ offset: Int) {
  UnsafeMutableRawPointer(pointer + offset).storeBytes(of: value, as: SIMD8<Float>.self)
}

/// Stores eight cells in a row along z as the even and the odd ones they are.
@inline(__always)
func store(_ value: SIMD8<Float>, to pair: (ColouredCells.Singles, ColouredCells.Singles), _ offset: Int) {
  UnsafeMutableRawPointer(pair.0 + offset).storeBytes(of: value.evenHalf, as: SIMD4<Float>.self)
  UnsafeMutableRawPointer(pair.1 + offset).storeBytes(of: value.oddHalf, as: SIMD4<Float>.self)
}
