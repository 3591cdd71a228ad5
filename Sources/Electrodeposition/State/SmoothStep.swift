/// Rises from 0 at x ≤ 0 to 1 at x ≥ 1 with slopes of zero at both ends.
func smoothStep(_ x: Double) -> Double {
  let t = max(0, min(1, x))
  return t * t * (3 - 2 * t)
}
