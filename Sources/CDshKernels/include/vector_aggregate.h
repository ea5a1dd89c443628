// Sums per group over whole columns.
#ifndef VECTOR_AGGREGATE_H
#define VECTOR_AGGREGATE_H

#include <stddef.h>
#include <stdint.h>

// An exact sum of 64-bit integers in 128 bits.
struct dsh_integer_sum {
  uint64_t low;
  int64_t high;
};

// Adds row i to the sum of groups[i], where bit i of `valid` is set (all rows if it is NULL).
void dsh_sum_int64(struct dsh_integer_sum *sums, const uint32_t *groups, const int64_t *values, const uint64_t *valid, size_t count);
// Adds all rows to one sum.
void dsh_sum_all_int64(struct dsh_integer_sum *sum, const int64_t *values, const uint64_t *valid, size_t count);
// Adds `step` to the count of the group of each row; with `rows`, only of those whose bit is set.
void dsh_count(int64_t *counts, const uint32_t *groups, const uint64_t *rows, int64_t step, size_t count);
// Keeps the least value of each group.
void dsh_least(int64_t *least, const uint32_t *groups, const int64_t *values, const uint64_t *valid, size_t count);

static inline void dsh_add_integer(struct dsh_integer_sum *state, int64_t value) {
  const uint64_t low = state->low + (uint64_t)value;
  state->high += (value >> 63) + (low < (uint64_t)value);
  state->low = low;
}

#endif
