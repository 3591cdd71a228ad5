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

/// Lanes of one colour of a red–black ordering along z.
@inline(__always)
func colourMask(_ parity: Int) -> SIMDMask<SIMD8<Int64>> {
  let lanes = SIMD8<Int64>(0, 1, 0, 1, 0, 1, 0, 1)
  return lanes .== SIMD8<Int64>(repeating: Int64(parity))
}
