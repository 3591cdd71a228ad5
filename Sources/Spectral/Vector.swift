/// Eight doubles: the width all kernels along z work in. Grids used by them have a multiple of eight cells
/// along z.
typealias Vector = SIMD8<Double>

@inline(__always)
func load(_ pointer: UnsafeMutablePointer<Double>, _ offset: Int) -> Vector {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Double>, _ offset: Int) {
  UnsafeMutableRawPointer(pointer + offset).storeBytes(of: value, as: Vector.self)
}

/// Lanes of either colour of a red–black ordering along z, by the parity of the first lane to take.
///
/// Kept in memory: from a mask it can see through, the compiler builds loads of single lanes, which are slow.
final class ColourMasks: @unchecked Sendable {
  typealias Mask = SIMDMask<SIMD8<Int64>>
  private let masks: UnsafeMutablePointer<Mask>

  init() {
    masks = .allocate(capacity: 2)
    let lanes = SIMD8<Int64>(0, 1, 0, 1, 0, 1, 0, 1)
    masks.initialize(to: lanes .== 0)
    (masks + 1).initialize(to: lanes .== 1)
  }

  deinit { masks.deallocate() }

  @inline(__always)
  subscript(parity: Int) -> Mask { masks[parity & 1] }
}
