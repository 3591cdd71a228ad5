import CFrond

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

/// In single precision.
@inline(__always)
func single(_ v: Vector) -> SIMD8<Float> { frond_single(v) }

/// In double precision.
@inline(__always)
func double(_ v: SIMD8<Float>) -> Vector { frond_double(v) }

/// |v|.
@inlinable @inline(__always)
package func magnitude(_ v: Vector) -> Vector { v.replacing(with: -v, where: v .< 0) }
