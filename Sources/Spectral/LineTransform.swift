import CFFTW

/// The transform along z, the axis that is contiguous in memory, line by line.
///
/// FFTW's own cosine and sine transforms are its slow path. Here all but the mixed kinds are a
/// real-to-complex transform of the same length. With the even cells first and the odd cells last and
/// backwards,
///
///   v_j = x_2j,   v_{n-1-j} = x_{2j+1},   W_k = exp(-iπk/2n) Σ_j v_j exp(-2πi jk/n),
///
/// the cosine sums Σ x_j cos(πk(j+½)/n) are C_k = Re W_k and C_{n-k} = -Im W_k. The sine sums of x are the
/// cosine sums of (-1)^j x_j with n - k for k. Coefficients are left as FFTW makes them, (C_k, -C_{n-k})
/// side by side: nobody but `wave` needs to know.
///
/// Source: J. Makhoul, IEEE Trans. Acoust. Speech Signal Process. 28 (1980) 27.
final class LineTransform: @unchecked Sendable {
  /// What FFTW is asked for, from the two ends.
  enum Kind {
    /// Real-to-complex as it is.
    case periodic
    /// Real-to-complex of the reordered cells; odd cells enter with this sign.
    case reordered(sign: Double)
    /// FFTW's own kind, its own inverse.
    case direct(fftw_r2r_kind)
  }

  /// The table from end condition to kind.
  static func kind(_ ends: Ends) -> Kind {
    switch ends {
    case .periodic: .periodic
    case .noFlux: .reordered(sign: 1)
    case .fixed: .reordered(sign: -1)
    case .noFluxThenFixed: .direct(FFTW_REDFT11)
    case .fixedThenNoFlux: .direct(FFTW_RODFT11)
    }
  }

  let count: Int
  let kind: Kind
  /// What forward and inverse together multiply by.
  let normalisation: Double
  /// Doubles of scratch that a call needs.
  let scratchCount: Int

  private let half: Int
  private let twiddles: Scratch
  private let forwardPlan: Plan
  private let inversePlan: Plan

  init(count: Int, ends: Ends, effort: Effort) {
    self.count = count
    kind = LineTransform.kind(ends)
    half = (count + 15) / 8 * 8
    scratchCount = 2 * half
    twiddles = Scratch(LineTransform.twiddles(count, kind))
    let (scratch, size) = (Scratch(scratchCount), Int32(count))
    let (first, second) = (scratch.base, scratch.base + half)
    switch kind {
    case .direct(let kind):
      normalisation = count == 1 ? 1 : 2 * Double(count)
      forwardPlan = Plan { fftw_plan_r2r_1d(size, first, second, kind, effort.flag) }
      inversePlan = forwardPlan
    case .periodic, .reordered:
      normalisation = Double(count)
      forwardPlan = Plan { fftw_plan_dft_r2c_1d(size, first, second.complex, effort.flag) }
      inversePlan = Plan { fftw_plan_dft_c2r_1d(size, second.complex, first, effort.flag) }
    }
  }

  private static func twiddles(_ count: Int, _ kind: Kind) -> [Double] {
    (0...(count / 2)).flatMap { k -> [Double] in
      guard case .reordered = kind else { return [1, 0] }
      let angle = Double.pi * Double(k) / Double(2 * count)
      return [cos(angle), -sin(angle)]
    }
  }

  /// Wave number times the length of the axis of coefficient `slot`.
  func wave(_ slot: Int) -> Double {
    let odd = count % 2
    let pair = (slot + odd) / 2
    let second = (slot + odd) % 2 == 1
    // Slot 1 of an even length holds the coefficient in the middle.
    let k = slot == 0 ? 0 : pair == 0 ? count / 2 : pair
    switch kind {
    case .periodic: return 2 * Double.pi * Double(k)
    case .reordered(let sign):
      let cosine = second && pair > 0 ? count - k : k
      return Double.pi * Double(sign > 0 ? cosine : count - cosine)
    case .direct: return Double.pi * (Double(slot) + 0.5)
    }
  }

  /// Cells to coefficients. `line` and `into` may be the same.
  func forward(
    _ line: UnsafePointer<Double>, into: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) {
    if isSelfInverse(line, into: into, scratch) { return }
    let (cells, modes) = (scratch, scratch + half)
    reorder(line, into: cells)
    fftw_execute_dft_r2c(forwardPlan.raw, cells, modes.complex)
    rotate(modes, into: into)
  }

  /// Coefficients to cells, not normalised. `line` and `into` may be the same.
  func inverse(
    _ line: UnsafePointer<Double>, into: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) {
    if isSelfInverse(line, into: into, scratch) { return }
    let (cells, modes) = (scratch, scratch + half)
    rotateBack(line, into: modes)
    fftw_execute_dft_c2r(inversePlan.raw, modes.complex, cells)
    restore(cells, into: into)
  }

  /// Does what is its own inverse: a single cell, and FFTW's own kinds. False of all else.
  private func isSelfInverse(
    _ line: UnsafePointer<Double>, into: UnsafeMutablePointer<Double>, _ scratch: UnsafeMutablePointer<Double>
  ) -> Bool {
    guard count > 1 else {
      into[0] = line[0]
      return true
    }
    guard case .direct = kind else { return false }
    scratch.update(from: line, count: count)
    fftw_execute_r2r(forwardPlan.raw, scratch, scratch + half)
    into.update(from: scratch + half, count: count)
    return true
  }

  /// Even cells first, odd cells last and backwards; of a periodic line as they are.
  private func reorder(_ x: UnsafePointer<Double>, into v: UnsafeMutablePointer<Double>) {
    guard case .reordered(let sign) = kind else { return v.update(from: x, count: count) }
    let pairs = count / 2
    var j = 0
    while j + 4 <= pairs {
      let cells = UnsafeRawPointer(x + 2 * j).loadUnaligned(as: SIMD8<Double>.self)
      let odd = cells.oddHalf * sign
      UnsafeMutableRawPointer(v + j).storeBytes(of: cells.evenHalf, as: SIMD4<Double>.self)
      let backwards = SIMD4(odd[3], odd[2], odd[1], odd[0])
      UnsafeMutableRawPointer(v + (count - 4 - j)).storeBytes(of: backwards, as: SIMD4<Double>.self)
      j += 4
    }
    while j < pairs {
      v[j] = x[2 * j]
      v[count - 1 - j] = sign * x[2 * j + 1]
      j += 1
    }
    if count % 2 == 1 { v[pairs] = x[count - 1] }
  }

  /// Undoes `reorder`.
  private func restore(_ v: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>) {
    guard case .reordered(let sign) = kind else { return x.update(from: v, count: count) }
    let pairs = count / 2
    var j = 0
    while j + 4 <= pairs {
      let even = UnsafeRawPointer(v + j).loadUnaligned(as: SIMD4<Double>.self)
      let odd = UnsafeRawPointer(v + (count - 4 - j)).loadUnaligned(as: SIMD4<Double>.self) * sign
      let cells = SIMD8(even[0], odd[3], even[1], odd[2], even[2], odd[1], even[3], odd[0])
      UnsafeMutableRawPointer(x + 2 * j).storeBytes(of: cells, as: SIMD8<Double>.self)
      j += 4
    }
    while j < pairs {
      x[2 * j] = v[j]
      x[2 * j + 1] = sign * v[count - 1 - j]
      j += 1
    }
    if count % 2 == 1 { x[count - 1] = v[pairs] }
  }

  /// W_k from FFTW's sums, packed into `count` numbers: the first is real, so is the middle one of an even
  /// length.
  private func rotate(_ modes: UnsafePointer<Double>, into line: UnsafeMutablePointer<Double>) {
    line[0] = modes[0]
    if count % 2 == 0 { line[1] = modes[count] }
    turn(modes, into: line - count % 2, sign: 1)
  }

  /// Undoes `rotate`.
  private func rotateBack(_ line: UnsafePointer<Double>, into modes: UnsafeMutablePointer<Double>) {
    (modes[0], modes[1]) = (line[0], 0)
    if count % 2 == 0 { (modes[count], modes[count + 1]) = (line[1], 0) }
    turn(line - count % 2, into: modes, sign: -1)
  }

  /// Turns each pair by its angle, or back.
  @inline(__always)
  private func turn(_ pairs: UnsafePointer<Double>, into turned: UnsafeMutablePointer<Double>, sign: Double) {
    let t = twiddles.base
    for k in 1..<max(1, (count + 1) / 2) {
      let (a, b, c, s) = (pairs[2 * k], pairs[2 * k + 1], t[2 * k], sign * t[2 * k + 1])
      turned[2 * k] = a * c - b * s
      turned[2 * k + 1] = a * s + b * c
    }
  }
}
