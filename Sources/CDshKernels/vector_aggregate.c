// Sums per group over whole columns.
#include "vector_aggregate.h"

// States are fetched this many rows ahead, about the time one takes to come from main memory when groups are many.
enum { AHEAD = 16 };
#define FETCH(STATES) \
  if (i + AHEAD < count) __builtin_prefetch(&(STATES)[groups[i + AHEAD]], 1)

static inline int is_set(const uint64_t *bits, size_t i) { return (bits[i / 64] >> (i % 64)) & 1; }

void dsh_sum_int64(struct dsh_integer_sum *sums, const uint32_t *groups, const int64_t *values, const uint64_t *valid, size_t count) {
  if (valid) {
    for (size_t i = 0; i < count; i++)
      if (is_set(valid, i)) dsh_add_integer(&sums[groups[i]], values[i]);
  } else {
    for (size_t i = 0; i < count; i++) {
      FETCH(sums);
      dsh_add_integer(&sums[groups[i]], values[i]);
    }
  }
}

void dsh_sum_all_int64(struct dsh_integer_sum *sum, const int64_t *values, const uint64_t *valid, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!valid || is_set(valid, i)) dsh_add_integer(sum, values[i]);
}

void dsh_count(int64_t *counts, const uint32_t *groups, const uint64_t *rows, int64_t step, size_t count) {
  if (rows) {
    for (size_t i = 0; i < count; i++) counts[groups[i]] += is_set(rows, i) ? step : 0;
  } else {
    for (size_t i = 0; i < count; i++) {
      FETCH(counts);
      counts[groups[i]] += step;
    }
  }
}

void dsh_least(int64_t *least, const uint32_t *groups, const int64_t *values, const uint64_t *valid, size_t count) {
  // Whether a value is less can't be foretold: what is stored is chosen, not whether it is.
  for (size_t i = 0; i < count; i++) {
    FETCH(least);
    const int64_t value = !valid || is_set(valid, i) ? values[i] : INT64_MAX;
    const int64_t known = least[groups[i]];
    least[groups[i]] = value < known ? value : known;
  }
}
