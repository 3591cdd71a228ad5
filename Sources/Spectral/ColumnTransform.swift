import CFFTW

/// The transform along a periodic axis that is not contiguous: `rows` rows of `width` adjacent columns.
///
/// Columns are transformed in tiles that fit in cache. Two adjacent real columns a, b are one complex
/// column Z = a + ib, so that FFTW's vectorised complex transforms do the work; a and b separate
/// afterwards, A_k = (Z_k + conj Z_{n-k})/2, iB_k = (Z_k - conj Z_{n-k})/2. Coefficients are in
/// half-complex order, Re in row k and Im in row n - k. An odd number of columns takes FFTW's half-complex
/// transform instead.
final class ColumnTransform: @unchecked Sendable {
  let rows: Int
  let width: Int
  let tiles: Int
  /// Doubles of scratch that a call needs.
  let scratchCount: Int

  /// Two cache lines to a row: measured best, or as good as any, from 256 to 1024 rows.
  private static let widestTile = 16

  private let tileWidth: Int
  /// Doubles from row to row of packed scratch; not a power of two, which would crowd into few cache sets.
  private let pitch: Int
  private let paired: Bool
  /// For a whole tile and for the narrower last one, in place in packed scratch.
  private let plans: [(forward: Plan, inverse: Plan)]

  init(rows: Int, width: Int, effort: Effort) {
    let tileWidth = min(width, ColumnTransform.widestTile)
    let pitch = (tileWidth + 7) / 8 * 8 + 8
    self.rows = rows
    self.width = width
    self.tileWidth = tileWidth
    self.pitch = pitch
    tiles = (width + tileWidth - 1) / tileWidth
    paired = width % 2 == 0
    scratchCount = rows * pitch
    let scratch = Scratch(scratchCount)
    let make = paired ? ColumnTransform.complexPlan : ColumnTransform.realPlan
    plans = [tileWidth, width % tileWidth].filter { $0 > 0 }.map { columns in
      func plan(forward: Bool) -> Plan {
        Plan { make(rows, columns, pitch, scratch.base, forward, effort.flag) }
      }
      return (plan(forward: true), plan(forward: false))
    }
  }

  private typealias Row = UnsafeMutablePointer<Double>

  private static func complexPlan(
    _ rows: Int, _ columns: Int, _ pitch: Int, _ packed: Row, _ forward: Bool, _ flag: UInt32
  ) -> fftw_plan? {
    var count = Int32(rows)
    return fftw_plan_many_dft(
      1, &count, Int32(columns / 2), packed.complex, nil, Int32(pitch / 2), 1,
      packed.complex, nil, Int32(pitch / 2), 1, forward ? FFTW_FORWARD : FFTW_BACKWARD, flag)
  }

  private static func realPlan(
    _ rows: Int, _ columns: Int, _ pitch: Int, _ packed: Row, _ forward: Bool, _ flag: UInt32
  ) -> fftw_plan? {
    var count = Int32(rows)
    var kind = forward ? FFTW_R2HC : FFTW_HC2R
    return fftw_plan_many_r2r(
      1, &count, Int32(columns), packed, nil, Int32(pitch), 1, packed, nil, Int32(pitch), 1, &kind, flag)
  }

  /// Wave number times the length of the axis of row `row`.
  func wave(_ row: Int) -> Double { 2 * Double.pi * Double(min(row, rows - row)) }

  private func columns(_ tile: Int) -> Int { min(tileWidth, width - tile * tileWidth) }

  private func transform(_ plan: Plan, _ packed: Row) {
    if paired {
      fftw_execute_dft(plan.raw, packed.complex, packed.complex)
    } else {
      fftw_execute_r2r(plan.raw, packed, packed)
    }
  }

  /// The columns of a tile, packed and transformed.
  private func gather(_ from: Row, _ tile: Int, _ packed: Row) {
    let columns = columns(tile)
    let start = from + tile * tileWidth
    for row in 0..<rows { (packed + row * pitch).update(from: start + row * width, count: columns) }
    transform(plans[columns == tileWidth ? 0 : 1].forward, packed)
  }

  /// Packed columns transformed back and put in their place.
  private func scatter(_ packed: Row, _ tile: Int, _ into: Row) {
    let columns = columns(tile)
    let start = into + tile * tileWidth
    transform(plans[columns == tileWidth ? 0 : 1].inverse, packed)
    for row in 0..<rows { (start + row * width).update(from: packed + row * pitch, count: columns) }
  }

  /// Cells to coefficients of a tile. `from` and `into` may be the same.
  func forward(
    _ from: UnsafeMutablePointer<Double>, into: UnsafeMutablePointer<Double>, tile: Int,
    scratch: UnsafeMutablePointer<Double>
  ) {
    gather(from, tile, scratch)
    let columns = columns(tile)
    let start = into + tile * tileWidth
    for k in 0...(rows / 2) {
      let mirror = (rows - k) % rows
      let (a, b) = (scratch + k * pitch, scratch + mirror * pitch)
      let (re, im) = (start + k * width, start + mirror * width)
      if mirror == k || !paired {
        re.update(from: a, count: columns)
        im.update(from: b, count: columns)
      } else {
        for j in stride(from: 0, to: columns, by: 2) {
          let (x, y, u, v) = (a[j], a[j + 1], b[j], b[j + 1])
          (re[j], re[j + 1]) = (0.5 * (x + u), 0.5 * (y + v))
          (im[j], im[j + 1]) = (0.5 * (y - v), 0.5 * (u - x))
        }
      }
    }
  }

  /// Coefficients to cells of a tile, not normalised. `from` and `into` may be the same.
  func inverse(
    _ from: UnsafeMutablePointer<Double>, into: UnsafeMutablePointer<Double>, tile: Int,
    scratch: UnsafeMutablePointer<Double>
  ) {
    let columns = columns(tile)
    let start = from + tile * tileWidth
    for k in 0...(rows / 2) {
      let mirror = (rows - k) % rows
      let (a, b) = (scratch + k * pitch, scratch + mirror * pitch)
      let (re, im) = (start + k * width, start + mirror * width)
      if mirror == k || !paired {
        a.update(from: re, count: columns)
        b.update(from: im, count: columns)
      } else {
        for j in stride(from: 0, to: columns, by: 2) {
          let (p, q, r, s) = (re[j], re[j + 1], im[j], im[j + 1])
          (a[j], a[j + 1]) = (p - s, r + q)
          (b[j], b[j + 1]) = (p + s, q - r)
        }
      }
    }
    scatter(scratch, tile, into)
  }

  /// Forward, divide by `filter`, inverse, of a tile, in place and in cache.
  func apply(
    _ filter: Filter, _ table: SymbolTable, _ cells: UnsafeMutablePointer<Double>, tile: Int,
    scratch: UnsafeMutablePointer<Double>
  ) {
    gather(cells, tile, scratch)
    let columns = columns(tile)
    let symbols = table.columns.base + tile * tileWidth
    let mean = scratch[0]
    for k in 0...(rows / 2) {
      let mirror = (rows - k) % rows
      let (a, b) = (scratch + k * pitch, scratch + mirror * pitch)
      if paired && mirror != k {
        filter.multiplyPairs(a, b, table.rows.base[k], symbols, columns)
      } else {
        // Real in both columns: nothing to separate, and the divisor of the constant mode, perhaps zero,
        // stays apart.
        filter.multiply(a, table.rows.base[k], symbols, columns)
        if mirror != k { filter.multiply(b, table.rows.base[k], symbols, columns) }
      }
    }
    if tile == 0, let value = filter.constantMode { scratch[0] = mean * value }
    scatter(scratch, tile, cells)
  }
}
