import Synchronization

/// One number per cell of a grid: aligned memory with a margin of zeros at both ends.
///
/// A reference, on purpose: the solver copies fields where it says so and nowhere else, so that a step
/// allocates nothing. The margin lets kernels read one vector before the first and after the last cell.
public final class Field: @unchecked Sendable {
  public let grid: Grid
  /// Number of cells.
  public let count: Int
  /// The first cell. z is fastest.
  public let base: UnsafeMutablePointer<Double>

  private let storage: UnsafeMutableRawPointer
  /// Doubles before the first and after the last cell.
  public static let margin = 8

  public init(_ grid: Grid, filledWith value: Double = 0) {
    self.grid = grid
    count = grid.cells
    let total = count + 2 * Field.margin
    let (storage, first) = staggered(total * MemoryLayout<Double>.stride)
    self.storage = storage
    let start = first.bindMemory(to: Double.self, capacity: total)
    start.initialize(repeating: 0, count: total)
    base = start + Field.margin
    if value != 0 { fill(value) }
  }

  deinit { storage.deallocate() }

  public subscript(index: Int) -> Double {
    get { base[index] }
    set { base[index] = newValue }
  }

  public subscript(x: Int, y: Int, z: Int) -> Double {
    get { base[grid.index(x, y, z)] }
    set { base[grid.index(x, y, z)] = newValue }
  }

  public func fill(_ value: Double) { base.update(repeating: value, count: count) }

  public func copy(from other: Field) { base.update(from: other.base, count: count) }

  /// The cells as an array (a copy).
  public var values: [Double] {
    get { Array(UnsafeBufferPointer(start: base, count: count)) }
    set {
      precondition(newValue.count == count, "a field takes one value per cell")
      newValue.withUnsafeBufferPointer { base.update(from: $0.baseAddress!, count: count) }
    }
  }
}

private let fieldsMade = Atomic<Int>(0)

/// Memory that begins on a cache line, each time another one of a page. Large blocks from the heap all begin at the
/// same place of a page; so do planes of 512 cells; and a kernel that goes through more of them at once than a cache set
/// has ways would throw out what it needs next.
func staggered(_ bytes: Int) -> (storage: UnsafeMutableRawPointer, first: UnsafeMutableRawPointer) {
  let (line, lines) = (64, 64)
  // 23 and 64 have no common divisor: 64 blocks in a row lie on 64 lines, neighbours far apart.
  let turn = fieldsMade.add(23, ordering: .relaxed).oldValue % lines
  let storage = UnsafeMutableRawPointer.allocate(byteCount: bytes + lines * line, alignment: 4096)
  return (storage, storage + turn * line)
}
