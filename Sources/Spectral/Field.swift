/// One number per cell of a grid: aligned memory with a margin of zeros at both ends.
///
/// A reference, on purpose: the solver copies fields where it says so and nowhere else, so that a step
/// allocates nothing. The margin lets kernels read one vector before the first and after the last cell.
package final class Field: @unchecked Sendable {
  package let grid: Grid
  /// Number of cells.
  package let count: Int
  /// The first cell. z is fastest.
  package let base: UnsafeMutablePointer<Double>

  private let storage: UnsafeMutableRawPointer
  /// Doubles before the first and after the last cell.
  package static let margin = 8

  package init(_ grid: Grid, filledWith value: Double = 0) {
    self.grid = grid
    count = grid.cells
    let total = count + 2 * Field.margin
    storage = .allocate(byteCount: total * MemoryLayout<Double>.stride, alignment: 64)
    let start = storage.bindMemory(to: Double.self, capacity: total)
    start.initialize(repeating: 0, count: total)
    base = start + Field.margin
    if value != 0 { fill(value) }
  }

  deinit { storage.deallocate() }

  package subscript(index: Int) -> Double {
    get { base[index] }
    set { base[index] = newValue }
  }

  package subscript(x: Int, y: Int, z: Int) -> Double {
    get { base[grid.index(x, y, z)] }
    set { base[grid.index(x, y, z)] = newValue }
  }

  package func fill(_ value: Double) { base.update(repeating: value, count: count) }

  package func copy(from other: Field) { base.update(from: other.base, count: count) }

  /// The cells as an array (a copy).
  package var values: [Double] {
    get { Array(UnsafeBufferPointer(start: base, count: count)) }
    set {
      precondition(newValue.count == count, "a field takes one value per cell")
      newValue.withUnsafeBufferPointer { base.update(from: $0.baseAddress!, count: count) }
    }
  }
}

extension Field {
  /// ∇ of the field in a cell by central differences, sideways periodic; to one side at the bottom and the top.
  package func gradient(at i: Int) -> SIMD3<Double> {
    let (n, h) = (grid.count, grid.spacing)
    let (x, y, z) = (i / (n.y * n.z), i / n.z % n.y, i % n.z)
    let (right, left) = (
      grid.index(x + 1 == n.x ? 0 : x + 1, y, z), grid.index(x == 0 ? n.x - 1 : x - 1, y, z)
    )
    let (back, front) = (
      grid.index(x, y + 1 == n.y ? 0 : y + 1, z), grid.index(x, y == 0 ? n.y - 1 : y - 1, z)
    )
    let (up, down) = (z + 1 < n.z ? i + 1 : i, z > 0 ? i - 1 : i)
    return SIMD3(
      (base[right] - base[left]) / (2 * h.x), (base[back] - base[front]) / (2 * h.y),
      (base[up] - base[down]) / (Double(up - down) * h.z))
  }
}
