public import CFrond

/// A scalar of which eight have arithmetic as a whole vector.
///
/// The operators of the standard library go lane by lane and leave it to the compiler to put vectors together again, in
/// which it often fails. Those below are of a concrete type, so that they come first.
@usableFromInline
package protocol VectorScalar: SIMDScalar, BinaryFloatingPoint, Codable {
  static func sum(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self>
  static func difference(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self>
  static func product(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self>
  static func quotient(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self>
  static func root(_ a: SIMD8<Self>) -> SIMD8<Self>
  /// a in the lanes where the mask holds, b in the others.
  static func select(
    _ mask: SIMD8<SIMDMaskScalar>, _ a: SIMD8<Self>, _ b: SIMD8<Self>
  ) -> SIMD8<Self>
}

extension Double: VectorScalar {
  @inlinable @inline(__always)
  package static func sum(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> { frond_doubles_sum(a, b) }
  @inlinable @inline(__always)
  package static func difference(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    frond_doubles_difference(a, b)
  }
  @inlinable @inline(__always)
  package static func product(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    frond_doubles_product(a, b)
  }
  @inlinable @inline(__always)
  package static func quotient(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    frond_doubles_quotient(a, b)
  }
  @inlinable @inline(__always)
  package static func root(_ a: SIMD8<Self>) -> SIMD8<Self> { frond_doubles_root(a) }
  @inlinable @inline(__always)
  package static func select(
    _ mask: SIMD8<SIMDMaskScalar>, _ a: SIMD8<Self>, _ b: SIMD8<Self>
  ) -> SIMD8<Self> { frond_doubles_select(mask, a, b) }
}

extension Float: VectorScalar {
  @inlinable @inline(__always)
  package static func sum(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> { frond_floats_sum(a, b) }
  @inlinable @inline(__always)
  package static func difference(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    frond_floats_difference(a, b)
  }
  @inlinable @inline(__always)
  package static func product(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    frond_floats_product(a, b)
  }
  @inlinable @inline(__always)
  package static func quotient(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    frond_floats_quotient(a, b)
  }
  @inlinable @inline(__always)
  package static func root(_ a: SIMD8<Self>) -> SIMD8<Self> { frond_floats_root(a) }
  @inlinable @inline(__always)
  package static func select(
    _ mask: SIMD8<SIMDMaskScalar>, _ a: SIMD8<Self>, _ b: SIMD8<Self>
  ) -> SIMD8<Self> { frond_floats_select(mask, a, b) }
}

/// e^v to two units in the last place, for |v| < 700.
@inlinable @inline(__always)
package func exp(_ v: Vector) -> Vector { frond_doubles_exp(v) }

/// ln v to two units in the last place, for v > 10⁻³⁰⁰.
@inlinable @inline(__always)
package func log(_ v: Vector) -> Vector { frond_doubles_log(v) }

extension SIMD8 where Scalar: VectorScalar {
  @inlinable @inline(__always)
  package static func + (a: Self, b: Self) -> Self { Scalar.sum(a, b) }
  @inlinable @inline(__always)
  package static func + (a: Scalar, b: Self) -> Self { Scalar.sum(Self(repeating: a), b) }
  @inlinable @inline(__always)
  package static func + (a: Self, b: Scalar) -> Self { Scalar.sum(a, Self(repeating: b)) }
  @inlinable @inline(__always)
  package static func += (a: inout Self, b: Self) { a = Scalar.sum(a, b) }

  @inlinable @inline(__always)
  package static func - (a: Self, b: Self) -> Self { Scalar.difference(a, b) }
  @inlinable @inline(__always)
  package static func - (a: Scalar, b: Self) -> Self { Scalar.difference(Self(repeating: a), b) }
  @inlinable @inline(__always)
  package static func - (a: Self, b: Scalar) -> Self { Scalar.difference(a, Self(repeating: b)) }
  @inlinable @inline(__always)
  package static prefix func - (a: Self) -> Self { Scalar.difference(Self(repeating: -0.0), a) }
  @inlinable @inline(__always)
  package static func -= (a: inout Self, b: Self) { a = Scalar.difference(a, b) }

  @inlinable @inline(__always)
  package static func * (a: Self, b: Self) -> Self { Scalar.product(a, b) }
  @inlinable @inline(__always)
  package static func * (a: Scalar, b: Self) -> Self { Scalar.product(Self(repeating: a), b) }
  @inlinable @inline(__always)
  package static func * (a: Self, b: Scalar) -> Self { Scalar.product(a, Self(repeating: b)) }
  @inlinable @inline(__always)
  package static func *= (a: inout Self, b: Self) { a = Scalar.product(a, b) }

  @inlinable @inline(__always)
  package static func / (a: Self, b: Self) -> Self { Scalar.quotient(a, b) }
  @inlinable @inline(__always)
  package static func / (a: Scalar, b: Self) -> Self { Scalar.quotient(Self(repeating: a), b) }
  @inlinable @inline(__always)
  package static func / (a: Self, b: Scalar) -> Self { Scalar.quotient(a, Self(repeating: b)) }

  @inlinable @inline(__always)
  package func squareRoot() -> Self { Scalar.root(self) }

  @inlinable @inline(__always)
  package func replacing(with other: Self, where mask: SIMDMask<MaskStorage>) -> Self {
    Scalar.select(unsafeBitCast(mask, to: MaskStorage.self), other, self)
  }

  @inlinable @inline(__always)
  package mutating func replace(with other: Self, where mask: SIMDMask<MaskStorage>) {
    self = Scalar.select(unsafeBitCast(mask, to: MaskStorage.self), other, self)
  }
}
