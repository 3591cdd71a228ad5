/// Eight doubles: the width all kernels along z work in. Grids used by them have a multiple of eight cells
/// along z.
typealias Vector = SIMD8<Double>

/// The vector at a multiple of eight cells from the start of a field, which is aligned.
@inline(__always)
func load(_ pointer: UnsafeMutablePointer<Double>, _ offset: Int) -> Vector {
  UnsafeMutableRawPointer(pointer + offset).assumingMemoryBound(to: Vector.self).pointee
}

@inline(__always)
func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Double>, _ offset: Int) {
  UnsafeMutableRawPointer(pointer + offset).assumingMemoryBound(to: Vector.self).pointee = value
}

/// The vector one cell further on than `v`, whose successor is `after`.
@inline(__always)
func shiftedUp(_ v: Vector, _ after: Double) -> Vector {
  Vector(v[1], v[2], v[3], v[4], v[5], v[6], v[7], after)
}

/// The vector one cell further back than `v`, whose predecessor is `before`.
@inline(__always)
func shiftedDown(_ v: Vector, _ before: Double) -> Vector {
  Vector(before, v[0], v[1], v[2], v[3], v[4], v[5], v[6])
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
