/// Eight doubles: the width all kernels along z work in. Grids used by them have a multiple of eight cells
/// along z.
@usableFromInline
package typealias Vector = SIMD8<Double>

/// The vector at a multiple of eight cells from the start of a field, which is aligned.
@inlinable @inline(__always)
package func load(_ pointer: UnsafeMutablePointer<Double>, _ offset: Int) -> Vector {
  UnsafeMutableRawPointer(pointer + offset).assumingMemoryBound(to: Vector.self).pointee
}

/// The vector at any cell of a field.
@inlinable @inline(__always)
package func loadUnaligned(_ pointer: UnsafeMutablePointer<Double>, _ offset: Int) -> Vector {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: Vector.self)
}

@inlinable @inline(__always)
package func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Double>, _ offset: Int) {
  UnsafeMutableRawPointer(pointer + offset).assumingMemoryBound(to: Vector.self).pointee = value
}

/// `value` in the lanes where `mask` holds, zero in the others.
@inlinable @inline(__always)
package func keep(_ value: Vector, where mask: SIMDMask<SIMD8<Int64>>) -> Vector {
  Vector(repeating: 0).replacing(with: value, where: mask)
}

/// The larger of each lane. (`pointwiseMax` goes lane by lane.)
@inlinable @inline(__always)
package func larger(_ a: Vector, _ b: Vector) -> Vector { a.replacing(with: b, where: b .> a) }

/// The smaller of each lane.
@inlinable @inline(__always)
package func smaller(_ a: Vector, _ b: Vector) -> Vector { a.replacing(with: b, where: b .< a) }

/// In single precision. Lane by lane: the initialiser of the library stays a call.
@inline(__always)
func single(_ v: Vector) -> SIMD8<Float> {
  SIMD8(
    Float(v[0]), Float(v[1]), Float(v[2]), Float(v[3]), Float(v[4]), Float(v[5]), Float(v[6]), Float(v[7]))
}

/// In double precision.
@inline(__always)
func double(_ v: SIMD4<Float>) -> SIMD4<Double> {
  SIMD4(Double(v[0]), Double(v[1]), Double(v[2]), Double(v[3]))
}

/// |v|.
@inlinable @inline(__always)
package func magnitude(_ v: Vector) -> Vector { v.replacing(with: -v, where: v .< 0) }
