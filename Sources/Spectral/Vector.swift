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
