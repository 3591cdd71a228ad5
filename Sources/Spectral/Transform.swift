/// A trigonometric transform of a field: periodic along x and y, and along z whatever the field's `Ends` say.
///
/// All coefficients are real and as many as cells, so a spectrum is a `Field`. Their order along each axis
/// is the transform's own business; `eigenvalues` follows it, and the first coefficient is the sum over the
/// box where the ends have a constant mode.
///
/// Lines and tiles of columns are the units of work, with plans of their own and a fixed partition: the
/// bits of a result depend on the grid and FFTW's plans, not on the number of threads. Plans for the same
/// grid and ends are the same within a process and, with `Wisdom` restored, across processes.
///
/// One caller at a time: the scratch belongs to the transform.
package final class Transform: @unchecked Sendable {
  package let grid: Grid
  package let ends: Ends
  /// What `inverse` after `forward` multiplies a field by.
  package let normalisation: Double

  private let pool: ThreadPool
  private let z: LineTransform
  private let y: ColumnTransform?
  private let x: ColumnTransform
  private let scratch: Scratch
  private let scratchStride: Int
  private let ranges: Int
  private var symbols: [Symbol: SymbolTable] = [:]

  /// Below this number of cells a pass costs less than waking a thread.
  private static let serialCells = 1024

  package init(_ grid: Grid, ends: Ends, pool: ThreadPool, effort: Effort = .measure) {
    self.grid = grid
    self.ends = ends
    self.pool = pool
    z = LineTransform(count: grid.count.z, ends: ends, effort: effort)
    y =
      grid.count.y > 1
      ? ColumnTransform(rows: grid.count.y, width: grid.count.z, effort: effort) : nil
    x = ColumnTransform(rows: grid.count.x, width: grid.count.y * grid.count.z, effort: effort)
    normalisation = z.normalisation * Double(grid.columns)
    ranges = ThreadPool.ranges
    scratchStride = (max(z.scratchCount, y?.scratchCount ?? 0, x.scratchCount) + 15) / 8 * 8
    scratch = Scratch(scratchStride * ranges)
  }

  /// Cells to coefficients. `f` and `spectrum` may be the same field.
  package func forward(_ f: Field, into spectrum: Field) {
    run { forwardPlanes($0, f.base, into: spectrum.base) }
    forTiles { x.forward(spectrum.base, into: spectrum.base, tile: $0, scratch: $1) }
  }

  /// Coefficients to cells, not normalised: divide by `normalisation`. `spectrum` and `f` may be the same
  /// field.
  package func inverse(_ spectrum: Field, into f: Field) {
    forTiles { x.inverse(spectrum.base, into: f.base, tile: $0, scratch: $1) }
    run { inversePlanes($0, f.base) }
  }

  /// Solves (constant − slope ∇²) u = f: forward, divide by constant + slope λ, inverse, normalised, in
  /// three passes over memory. `f` and `u` may be the same field.
  ///
  /// - Parameter zeroMode: replaces `constant` for the mean of the field, where the ends allow a mean.
  package func solve(
    _ f: Field, into u: Field, constant: Double, slope: Double, zeroMode: Double? = nil, _ table: SymbolTable
  ) {
    let filter = filter(table, constant, slope, zeroMode)
    run { forwardPlanes($0, f.base, into: u.base) }
    forTiles { x.apply(filter, table, u.base, tile: $0, scratch: $1) }
    run { inversePlanes($0, u.base) }
  }

  /// Divides the coefficients by constant + slope λ and by `normalisation`, in place: what stands between
  /// `forward` and `inverse` in `solve`.
  package func divide(
    _ spectrum: Field, constant: Double, slope: Double, zeroMode: Double? = nil, _ table: SymbolTable
  ) {
    let filter = filter(table, constant, slope, zeroMode)
    run { filterPlanes($0, spectrum.base, filter, table) }
  }

  /// Multiplies the coefficients by −λ and divides them by `normalisation`, in place: the Laplacian between
  /// `forward` and `inverse`.
  package func multiplyByLaplacian(_ spectrum: Field, _ table: SymbolTable) {
    let (rows, columns, count) = (table.rows.base, table.columns.base, table.columnCount)
    let scale = -1 / normalisation
    pool.forPlanes(grid.count.x) { planes in
      for plane in planes {
        let row = spectrum.base + plane * count
        for j in 0..<count { row[j] *= scale * (rows[plane] + columns[j]) }
      }
    }
  }

  /// Eigenvalues of −∂²/∂axis², 1/m², in the order of the coefficients. Axes are 0 for x, 1 for y, 2 for z.
  package func eigenvalues(axis: Int, _ symbol: Symbol) -> [Double] {
    let (count, spacing) = (grid.count[axis], grid.spacing[axis])
    return (0..<count).map { index in
      let wave =
        switch axis {
        case 0: x.wave(index)
        case 1: y?.wave(index) ?? 0
        default: z.wave(index)
        }
      return symbol.eigenvalue(wave: wave, count: count, spacing: spacing)
    }
  }

  /// All eigenvalues of −∇² for a symbol; made at the first request.
  package func table(_ symbol: Symbol) -> SymbolTable {
    if let table = symbols[symbol] { return table }
    let table = SymbolTable(
      rows: eigenvalues(axis: 0, symbol), y: eigenvalues(axis: 1, symbol), z: eigenvalues(axis: 2, symbol),
      hasConstantMode: ends == .periodic || ends == .noFlux)
    symbols[symbol] = table
    return table
  }

  private func filter(
    _ table: SymbolTable, _ constant: Double, _ slope: Double, _ zeroMode: Double?
  ) -> Filter {
    let scale = 1 / normalisation
    var filter = Filter(constant: constant, slope: slope, scale: scale)
    if table.hasConstantMode, let zeroMode { filter.constantMode = scale / zeroMode }
    return filter
  }

  private func run(_ pass: (Int) -> Void) {
    if grid.cells < Transform.serialCells {
      for range in 0..<ranges { pass(range) }
    } else {
      pool.run(ranges, pass)
    }
  }

  private typealias Cells = UnsafeMutablePointer<Double>

  private func room(_ range: Int) -> Cells { scratch.base + range * scratchStride }

  /// Runs over the tiles of x, with scratch for each.
  private func forTiles(_ body: (Int, Cells) -> Void) {
    run { range in
      for tile in ThreadPool.range(range, of: ranges, in: x.tiles) { body(tile, room(range)) }
    }
  }

  /// z and y of some x planes.
  private func forwardPlanes(_ range: Int, _ source: Cells, into target: Cells) {
    let (room, nz) = (room(range), grid.count.z)
    for plane in ThreadPool.range(range, of: ranges, in: grid.count.x) {
      let first = plane * grid.count.y * nz
      for line in 0..<grid.count.y {
        z.forward(source + first + line * nz, into: target + first + line * nz, scratch: room)
      }
      guard let y else { continue }
      for tile in 0..<y.tiles { y.forward(target + first, into: target + first, tile: tile, scratch: room) }
    }
  }

  /// y and z of some x planes, in place.
  private func inversePlanes(_ range: Int, _ cells: Cells) {
    let (room, nz) = (room(range), grid.count.z)
    for plane in ThreadPool.range(range, of: ranges, in: grid.count.x) {
      let start = cells + plane * grid.count.y * nz
      if let y {
        for tile in 0..<y.tiles { y.inverse(start, into: start, tile: tile, scratch: room) }
      }
      for line in 0..<grid.count.y { z.inverse(start + line * nz, into: start + line * nz, scratch: room) }
    }
  }

  /// The coefficients of some x planes, filtered, in place.
  private func filterPlanes(_ range: Int, _ spectrum: Cells, _ filter: Filter, _ table: SymbolTable) {
    let (rows, columns) = (table.rows.base, table.columns.base)
    for plane in ThreadPool.range(range, of: ranges, in: grid.count.x) {
      let row = spectrum + plane * table.columnCount
      let mean = row[0]
      filter.multiply(row, rows[plane], columns, table.columnCount)
      if plane == 0, let value = filter.constantMode { row[0] = mean * value }
    }
  }
}
