#pragma once

// Arithmetic of whole vectors. Swift's own goes lane by lane, and what the compiler puts together again is often less
// than a vector.

#define FROND_INLINE static inline __attribute__((always_inline))

#define FROND_VECTOR(name, scalar, integer)                                                              \
  typedef scalar frond_##name __attribute__((ext_vector_type(8)));                                       \
  typedef integer frond_##name##_mask __attribute__((ext_vector_type(8)));                               \
  FROND_INLINE frond_##name frond_##name##_sum(frond_##name a, frond_##name b) { return a + b; }         \
  FROND_INLINE frond_##name frond_##name##_difference(frond_##name a, frond_##name b) { return a - b; }  \
  FROND_INLINE frond_##name frond_##name##_product(frond_##name a, frond_##name b) { return a * b; }     \
  FROND_INLINE frond_##name frond_##name##_quotient(frond_##name a, frond_##name b) { return a / b; }    \
  FROND_INLINE frond_##name frond_##name##_root(frond_##name a) { return __builtin_elementwise_sqrt(a); } \
  FROND_INLINE frond_##name frond_##name##_select(                                                       \
      frond_##name##_mask mask, frond_##name a, frond_##name b) {                                        \
    return (frond_##name)((mask & (frond_##name##_mask)a) | (~mask & (frond_##name##_mask)b));           \
  }

FROND_VECTOR(doubles, double, long long)
FROND_VECTOR(floats, float, int)

/// e^x to two units in the last place for |x| < 700: x = n ln 2 + r with |r| < 0.35, and Taylor's series of e^r.
FROND_INLINE frond_doubles frond_doubles_exp(frond_doubles x) {
  // Adding it rounds to an integer, which then stands in the lowest bits.
  const double rounding = 6755399441055744.0;
  const frond_doubles shifted = x * 1.4426950408889634 + rounding;
  const frond_doubles n = shifted - rounding;
  // ln 2 in two parts, the first of so few digits that its product with n is exact.
  const frond_doubles r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
  frond_doubles sum = r * (1.0 / 13) + 1;
  for (int k = 12; k > 0; k--) sum = sum * r * (1.0 / k) + 1;
  return (frond_doubles)((frond_doubles_mask)sum + ((frond_doubles_mask)shifted << 52));
}

/// ln x to two units in the last place for normal x > 0: x = 2^n m with m between √½ and √2, and with s = (m − 1)/(m + 1)
/// the series 2 (s + s³/3 + s⁵/5 + ...) of ln m.
FROND_INLINE frond_doubles frond_doubles_log(frond_doubles x) {
  const frond_doubles_mask bits = (frond_doubles_mask)x;
  const frond_doubles_mask exponent = (bits - 0x3fe6a09e667f3bcd) >> 52;
  const frond_doubles n = __builtin_convertvector(exponent, frond_doubles);
  const frond_doubles m = (frond_doubles)(bits - (exponent << 52));
  const frond_doubles s = (m - 1) / (m + 1);
  const frond_doubles z = s * s;
  frond_doubles sum = z * (1.0 / 21) + 1.0 / 19;
  for (int k = 17; k > 1; k -= 2) sum = sum * z + 1.0 / k;
  const frond_doubles rest = 2 * s * z * sum + n * 1.90821492927058770002e-10;
  return n * 6.93147180369123816490e-01 + (2 * s + rest);
}

FROND_INLINE frond_floats frond_single(frond_doubles v) { return __builtin_convertvector(v, frond_floats); }
FROND_INLINE frond_doubles frond_double(frond_floats v) { return __builtin_convertvector(v, frond_doubles); }
