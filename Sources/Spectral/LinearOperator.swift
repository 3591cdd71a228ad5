/// A symmetric positive semi-definite operator on fields.
public protocol LinearOperator: AnyObject {
  /// result = A u.
  func apply(_ u: Field, into result: Field)
}

/// An approximate, symmetric positive inverse of a `LinearOperator`.
public protocol Preconditioner: AnyObject {
  /// z ≈ A⁻¹ r. Returns rᵀz and the largest |z|.
  func apply(_ r: Field, into z: Field) -> (product: Double, largest: Double)
}
