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

FROND_INLINE frond_floats frond_single(frond_doubles v) { return __builtin_convertvector(v, frond_floats); }
FROND_INLINE frond_doubles frond_double(frond_floats v) { return __builtin_convertvector(v, frond_doubles); }
