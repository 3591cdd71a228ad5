/// One number in single precision per cell, the two colours of a red–black ordering stored apart.
///
/// A cell is red (colour 0) when x + y + z is even. The cells of one colour in a column along z follow one
/// another in memory, in `stride` places, a multiple of sixteen; what lies beyond the column is zero as long as
/// only cells are written. Cell k of a colour is z = 2k + offset; its lateral neighbours are cell k of the other
/// colour in their columns, the cells above and below are k + offset and k + offset − 1 of the other colour in
/// its own.
public final class ColouredField: @unchecked Sendable {
  public typealias Cells = UnsafeMutablePointer<Float>

  let grid: Grid
  /// Places of one colour in one column.
  let stride: Int
  /// The first place of all; `place(of:)` counts from here.
  public let base: Cells
  private let blackStart: Int
  private let storage: UnsafeMutableRawPointer
  private static let margin = 16

  public init(_ grid: Grid) {
    self.grid = grid
    stride = (grid.count.z / 2 + 15) / 16 * 16
    blackStart = grid.columns * stride + Self.margin
    let total = 2 * blackStart + Self.margin
    storage = .allocate(byteCount: total * MemoryLayout<Float>.stride, alignment: 64)
    let start = storage.bindMemory(to: Float.self, capacity: total)
    start.initialize(repeating: 0, count: total)
    base = start + Self.margin
  }

  deinit { storage.deallocate() }

  /// The cells of one colour in a column.
  @inline(__always)
  func row(_ colour: Int, _ x: Int, _ y: Int) -> Cells {
    base + (colour * blackStart + (x * grid.count.y + y) * stride)
  }

  /// The cells with even and with odd z of a column, whatever their colour.
  @inline(__always)
  func pair(_ x: Int, _ y: Int) -> (Cells, Cells) {
    (row((x + y) & 1, x, y), row((x + y + 1) & 1, x, y))
  }

  /// z of the first cell of a colour in a column, 0 or 1.
  @inline(__always)
  static func offset(_ colour: Int, _ x: Int, _ y: Int) -> Int { (x + y + colour) & 1 }

  /// Where the cell with a memory index lies.
  public func place(of cell: Int) -> Int {
    let n = grid.count
    let column = cell / n.z
    let z = cell - column * n.z
    let x = column / n.y
    let colour = (x + column - x * n.y + z) & 1
    return colour * blackStart + column * stride + z / 2
  }

  /// The places of both colours of some planes.
  @inline(__always)
  func places(_ planes: Range<Int>) -> (Range<Int>, Range<Int>) {
    let plane = grid.count.y * stride
    let red = planes.lowerBound * plane..<planes.upperBound * plane
    return (red, red.lowerBound + blackStart..<red.upperBound + blackStart)
  }
}

@inline(__always)
func load16(_ pointer: ColouredField.Cells, _ offset: Int) -> SIMD16<Float> {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: SIMD16<Float>.self)
}

@inline(__always)
func load4(_ pointer: ColouredField.Cells, _ offset: Int) -> SIMD4<Float> {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: SIMD4<Float>.self)
}

@inline(__always)
func store<V: SIMD>(_ value: V, _ pointer: ColouredField.Cells, _ offset: Int) where V.Scalar == Float {
  UnsafeMutableRawPointer(pointer + offset).storeBytes(of: value, as: V.self)
}
