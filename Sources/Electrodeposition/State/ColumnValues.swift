import Spectral

/// One number for each column of cells (x·ny + y).
final class ColumnValues {
  let base: UnsafeMutablePointer<Double>
  private let count: Int

  init(_ grid: Grid) {
    count = grid.columns
    base = .allocate(capacity: grid.columns)
    base.initialize(repeating: 0, count: grid.columns)
  }

  /// All of them, by columns.
  var values: [Double] {
    get { Array(UnsafeBufferPointer(start: base, count: count)) }
    set { for (k, value) in newValue.enumerated() { base[k] = value } }
  }

  deinit { base.deallocate() }
}
