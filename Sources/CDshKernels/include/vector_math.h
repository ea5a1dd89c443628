// The C mathematics functions, so that no Swift module needs the C library's module.
#ifndef VECTOR_MATH_H
#define VECTOR_MATH_H

#include <math.h>

#define DSH_MATH(NAME) \
  static inline double dsh_##NAME(double x) { return NAME(x); }

DSH_MATH(exp)
DSH_MATH(log)
DSH_MATH(log2)
DSH_MATH(log10)
DSH_MATH(cbrt)
DSH_MATH(sin)
DSH_MATH(cos)
DSH_MATH(tan)
DSH_MATH(asin)
DSH_MATH(acos)
DSH_MATH(atan)
DSH_MATH(sinh)
DSH_MATH(cosh)
DSH_MATH(tanh)
DSH_MATH(asinh)
DSH_MATH(acosh)
DSH_MATH(atanh)
DSH_MATH(log1p)
DSH_MATH(expm1)
DSH_MATH(exp2)

static inline double dsh_pow(double x, double y) { return pow(x, y); }
static inline double dsh_atan2(double y, double x) { return atan2(y, x); }
static inline double dsh_hypot(double x, double y) { return hypot(x, y); }
static inline double dsh_fmod(double x, double y) { return fmod(x, y); }

#endif
