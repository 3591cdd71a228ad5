import Spectral

/// One number for each column of cells (x·ny + y).
final class ColumnValues {
  let base: UnsafeMutablePointer<Double>

  init(_ grid: Grid) {
    base = .allocate(capacity: grid.columns)
    base.initialize(repeating: 0, count: grid.columns)
  }

  deinit { base.deallocate() }
}
