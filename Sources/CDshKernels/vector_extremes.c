// Plain loops over one kind of number, made into vectors for what the processor has.
#include "vector_extremes.h"

#include <math.h>

#define INTEGERS(NAME, TYPE, TARGET)                                                            \
  TARGET static int NAME(const TYPE *values, size_t count, TYPE *least, TYPE *greatest) {       \
    TYPE low = values[0], high = values[0], descents = 0;                                       \
    for (size_t i = 1; i < count; i++) {                                                        \
      const TYPE value = values[i];                                                             \
      low = value < low ? value : low;                                                          \
      high = value > high ? value : high;                                                       \
      descents |= value < values[i - 1];                                                        \
    }                                                                                           \
    *least = low;                                                                               \
    *greatest = high;                                                                           \
    return !descents;                                                                           \
  }

// Lanes of their own: a minimum of doubles must not be put in another order by the compiler, as zero has two signs.
enum { LANES = 16 };

#define DOUBLES(NAME, TARGET)                                                                                  \
  TARGET static int NAME(const double *values, size_t count, double *least, double *greatest, int *has_nan) {  \
    double low[LANES], high[LANES];                                                                            \
    int64_t none[LANES] = {0}, descents[LANES] = {0};                                                          \
    for (size_t k = 0; k < LANES; k++) low[k] = INFINITY, high[k] = -INFINITY;                                 \
    size_t i = 1;                                                                                              \
    for (; i + LANES <= count; i += LANES) {                                                                   \
      for (size_t k = 0; k < LANES; k++) {                                                                     \
        const double value = values[i + k];                                                                    \
        low[k] = value < low[k] ? value : low[k];                                                              \
        high[k] = value > high[k] ? value : high[k];                                                           \
        none[k] |= value != value;                                                                             \
        descents[k] |= value < values[i + k - 1];                                                              \
      }                                                                                                        \
    }                                                                                                          \
    int64_t any = values[0] != values[0], fell = 0;                                                            \
    double first = any ? INFINITY : values[0], last = any ? -INFINITY : values[0];                             \
    for (size_t k = 0; k < LANES; k++) {                                                                       \
      first = low[k] < first ? low[k] : first;                                                                 \
      last = high[k] > last ? high[k] : last;                                                                  \
      any |= none[k];                                                                                          \
      fell |= descents[k];                                                                                     \
    }                                                                                                          \
    for (; i < count; i++) {                                                                                   \
      first = values[i] < first ? values[i] : first;                                                           \
      last = values[i] > last ? values[i] : last;                                                              \
      any |= values[i] != values[i];                                                                           \
      fell |= values[i] < values[i - 1];                                                                       \
    }                                                                                                          \
    *least = first;                                                                                            \
    *greatest = last;                                                                                          \
    *has_nan = any != 0;                                                                                       \
    return !fell;                                                                                              \
  }

INTEGERS(int64_scalar, int64_t, )
INTEGERS(int32_scalar, int32_t, )
DOUBLES(float64_scalar, )

#if defined(__x86_64__)
INTEGERS(int64_avx512, int64_t, __attribute__((target("avx512f"))))
INTEGERS(int64_avx2, int64_t, __attribute__((target("avx2"))))
INTEGERS(int32_avx2, int32_t, __attribute__((target("avx2"))))
DOUBLES(float64_avx2, __attribute__((target("avx2"))))
#endif

int dsh_extremes_int64(const int64_t *values, size_t count, int64_t *least, int64_t *greatest) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return int64_avx512(values, count, least, greatest);
  if (__builtin_cpu_supports("avx2")) return int64_avx2(values, count, least, greatest);
#endif
  return int64_scalar(values, count, least, greatest);
}

int dsh_extremes_int32(const int32_t *values, size_t count, int32_t *least, int32_t *greatest) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return int32_avx2(values, count, least, greatest);
#endif
  return int32_scalar(values, count, least, greatest);
}

int dsh_extremes_float64(const double *values, size_t count, double *least, double *greatest, int *has_nan) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return float64_avx2(values, count, least, greatest, has_nan);
#endif
  return float64_scalar(values, count, least, greatest, has_nan);
}
