// Sums of doubles in which nothing is lost, so that they depend on no order.
//
// Each addition is taken apart into what the sum becomes and what rounding loses (Knuth's two-sum); the losses are summed in a second
// double, and whether that lost something again is looked at. It nearly never does: losses have few digits.
#include "vector_float_sum.h"

#include <math.h>

// A product and a sum rounded once instead of twice would not be what the proofs are about.
#pragma STDC FP_CONTRACT OFF

static inline int is_set(const uint64_t *bits, size_t i) { return (bits[i / 64] >> (i % 64)) & 1; }

// What is lost where `sum` stands for a + b.
static inline double lost(double a, double b, double sum) {
  const double part = sum - a;
  return (a - (sum - part)) + (b - part);
}

static inline int add(struct dsh_float_sum *state, double value) {
  const double old = state->sum;
  const double sum = old + value;
  const double rest = lost(old, value, sum);
  const double error = state->error + rest;
  // Of what is not finite something is always lost: NaN is not zero.
  if (__builtin_expect(lost(state->error, rest, error) == 0, 1)) {
    state->sum = sum;
    state->error = error;
    return 1;
  }
  if (isfinite(old) && isfinite(value)) return 0;
  state->sum = sum;
  state->error = 0;
  return 1;
}

int dsh_add_float(struct dsh_float_sum *state, double value) { return add(state, value); }

// States are fetched this many rows ahead, about the time one takes to come from main memory when groups are many.
enum { AHEAD = 16 };
#define FETCH(STATES) \
  if (i + AHEAD < count) __builtin_prefetch(&(STATES)[groups[i + AHEAD]], 1)

size_t dsh_sum_float64(
    struct dsh_float_sum *sums, const uint32_t *groups, const double *values, const uint64_t *valid, size_t start, size_t count) {
  if (!groups || valid) {
    for (size_t i = start; i < count; i++)
      if ((!valid || is_set(valid, i)) && !add(&sums[groups ? groups[i] : 0], values[i])) return i;
  } else {
    for (size_t i = start; i < count; i++) {
      FETCH(sums);
      if (!add(&sums[groups[i]], values[i])) return i;
    }
  }
  return count;
}

size_t dsh_merge_float_sums(
    struct dsh_float_sum *sums, const uint32_t *groups, const double *added, const double *errors, size_t start, size_t count) {
  for (size_t i = start; i < count; i++) {
    FETCH(sums);
    struct dsh_float_sum next = sums[groups[i]];
    if (!add(&next, added[i]) || !add(&next, errors[i])) return i;
    sums[groups[i]] = next;
  }
  return count;
}

// Independent sums hide the latency of additions.
#define SUM_BLOCK(NAME, TARGET)                                                                       \
  TARGET static int NAME(const double *values, size_t count, struct dsh_float_sum *lanes) {           \
    double sums[DSH_SUM_LANES] = {0}, errors[DSH_SUM_LANES] = {0};                                    \
    int64_t exact[DSH_SUM_LANES];                                                                     \
    for (size_t k = 0; k < DSH_SUM_LANES; k++) exact[k] = -1;                                         \
    size_t i = 0;                                                                                     \
    for (; i + DSH_SUM_LANES <= count; i += DSH_SUM_LANES) {                                          \
      for (size_t k = 0; k < DSH_SUM_LANES; k++) {                                                    \
        const double value = values[i + k];                                                           \
        const double sum = sums[k] + value;                                                           \
        const double rest = lost(sums[k], value, sum);                                                \
        const double error = errors[k] + rest;                                                        \
        exact[k] &= -(int64_t)(error - errors[k] == rest) & -(int64_t)(error - rest == errors[k]);    \
        sums[k] = sum;                                                                                \
        errors[k] = error;                                                                            \
      }                                                                                               \
    }                                                                                                 \
    int64_t all = -1;                                                                                 \
    for (size_t k = 0; k < DSH_SUM_LANES; k++) {                                                      \
      all &= exact[k];                                                                                \
      lanes[k] = (struct dsh_float_sum){sums[k], errors[k]};                                          \
    }                                                                                                 \
    for (; i < count; i++)                                                                            \
      if (!add(&lanes[i % DSH_SUM_LANES], values[i])) return 0;                                       \
    return all != 0;                                                                                  \
  }

SUM_BLOCK(sum_block_plain, )
#if defined(__x86_64__)
SUM_BLOCK(sum_block_avx2, __attribute__((target("avx2"))))
#endif

int dsh_sum_block(const double *values, size_t count, struct dsh_float_sum *lanes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return sum_block_avx2(values, count, lanes);
#endif
  return sum_block_plain(values, count, lanes);
}

// Between these, a square and the digits below its first 53 are normal doubles, and so is what Veltkamp's splitting multiplies.
static const double least_square_root = 0x1p-450, greatest_square_root = 0x1p450;

// A product in two doubles.
struct product {
  double high;
  double low;
};

// The upper half of a double's digits; the difference is the lower half, and products of halves are exact (Dekker 1971).
static inline double upper_half(double value) {
  const double scaled = value * 0x1p27 + value;
  return scaled - (scaled - value);
}

static inline struct product multiply(double a, double b) {
  const double product = a * b;
  const double a_high = upper_half(a), a_low = a - a_high, b_high = upper_half(b), b_low = b - b_high;
  return (struct product){product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

// Adds to three doubles that stand for their sum, from one of them on; false if the last has no digits left.
static inline int add_to_squares(double *parts, int first, double value) {
  for (int part = first; part < 3; part++) {
    const double sum = parts[part] + value;
    value = lost(parts[part], value, sum);
    parts[part] = sum;
  }
  return value == 0;
}

static inline int add_moment(struct dsh_moments *state, double value, struct product square) {
  const double size = fabs(value);
  if (__builtin_expect(!(size <= greatest_square_root) || (size < least_square_root && size != 0), 0)) {
    if (isfinite(value) && isfinite(state->values.sum)) return 0;
    state->values = (struct dsh_float_sum){state->values.sum + value, 0};
    return 1;
  }
  struct dsh_moments next = *state;
  const int fits =
      add(&next.values, value) && add_to_squares(next.squares, 0, square.high) && add_to_squares(next.squares, 1, square.low);
  // Where the sum is not finite already, squares don't matter any more.
  if (!fits) return !isfinite(state->values.sum);
  *state = next;
  return 1;
}

int dsh_merge_moments(struct dsh_moments *state, const struct dsh_moments *other) {
  if (!isfinite(state->values.sum) || !isfinite(other->values.sum)) {
    state->values = (struct dsh_float_sum){state->values.sum + other->values.sum, 0};
    return 1;
  }
  struct dsh_moments next = *state;
  int fits = add(&next.values, other->values.sum) && add(&next.values, other->values.error);
  for (int part = 0; part < 3; part++) fits = fits && add_to_squares(next.squares, part, other->squares[part]);
  if (fits) *state = next;
  return fits;
}

#define ADD_MOMENTS(NAME, TARGET, SQUARE)                                                                              \
  TARGET static size_t NAME(                                                                                           \
      struct dsh_moments *moments, const uint32_t *groups, const double *values, const uint64_t *valid, size_t start,  \
      size_t count) {                                                                                                  \
    for (size_t i = start; i < count; i++) {                                                                           \
      const double value = values[i];                                                                                  \
      if ((!valid || is_set(valid, i)) && !add_moment(&moments[groups ? groups[i] : 0], value, SQUARE)) return i;      \
    }                                                                                                                  \
    return count;                                                                                                      \
  }

ADD_MOMENTS(add_moments_plain, , multiply(value, value))
#if defined(__x86_64__)
ADD_MOMENTS(
    add_moments_fma, __attribute__((target("fma"))),
    ((struct product){value * value, __builtin_fma(value, value, -(value * value))}))
#endif

size_t dsh_add_moments(
    struct dsh_moments *moments, const uint32_t *groups, const double *values, const uint64_t *valid, size_t start, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("fma")) return add_moments_fma(moments, groups, values, valid, start, count);
#endif
  return add_moments_plain(moments, groups, values, valid, start, count);
}

// Sums of two doubles each, to about twice the digits of one (Dekker 1971).
static inline struct product plus(struct product a, struct product b) {
  const double sum = a.high + b.high;
  const double rest = lost(a.high, b.high, sum) + a.low + b.low;
  const double high = sum + rest;
  return (struct product){high, lost(sum, rest, high)};
}

int dsh_square_difference(const struct dsh_moments *state, double count, double *result) {
  const double *parts = state->squares;
  const struct product squares = plus((struct product){parts[0], 0}, plus((struct product){parts[1], 0}, (struct product){parts[2], 0}));
  const struct product values = plus((struct product){state->values.sum, 0}, (struct product){state->values.error, 0});
  struct product left = multiply(count, squares.high);
  left = plus(left, (struct product){count * squares.low, 0});
  struct product right = multiply(values.high, values.high);
  right = plus(right, (struct product){2 * values.high * values.low, 0});
  const struct product difference = plus(left, (struct product){-right.high, -right.low});
  // All the steps together are off by less than this.
  const double doubt = 0x1p-96 * (left.high + right.high);
  *result = difference.high + (difference.low + doubt);
  return *result == difference.high + (difference.low - doubt) && *result > 0x1p-900;
}
