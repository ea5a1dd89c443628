// Sums of doubles in which nothing is lost, so that they depend on no order.
#ifndef VECTOR_FLOAT_SUM_H
#define VECTOR_FLOAT_SUM_H

#include <stddef.h>
#include <stdint.h>

// `sum` + `error` is the sum exactly. With an infinity or a NaN among the values, `sum` is one and `error` 0.
struct dsh_float_sum {
  double sum;
  double error;
};

// The sum of values and that of their squares, both exactly: a square has twice the digits, and so one more part.
struct dsh_moments {
  struct dsh_float_sum values;
  double squares[3];
};

// Adds row i, of those from `start`, to the sum of groups[i] (of the first group if it is NULL), where bit i of `valid` is set (all rows
// if it is NULL). Gives the first row that its sum had no digits left for, with the sum as it was; `count` if there is none. A sum of
// zero has digits for every value.
size_t dsh_sum_float64(
    struct dsh_float_sum *sums, const uint32_t *groups, const double *values, const uint64_t *valid, size_t start, size_t count);

// Adds the partial sum of row i, of those from `start`, to the sum of groups[i]; gives the first row that there were no digits left for.
size_t dsh_merge_float_sums(
    struct dsh_float_sum *sums, const uint32_t *groups, const double *added, const double *errors, size_t start, size_t count);

// The same as `dsh_sum_float64` for moments. Squares beyond the exponents of a double are refused by a moment of zero too.
size_t dsh_add_moments(
    struct dsh_moments *moments, const uint32_t *groups, const double *values, const uint64_t *valid, size_t start, size_t count);

// Adds the moments of other values; false, with the moments as they were, if they have no digits left for that.
int dsh_merge_moments(struct dsh_moments *moments, const struct dsh_moments *other);

// `count` · (the sum of squares) - (the sum)², rounded once; false if these digits don't tell.
int dsh_square_difference(const struct dsh_moments *moments, double count, double *result);

// The rows that `dsh_sum_block` takes at most.
enum { DSH_SUM_BLOCK_ROWS = 512 };

// The sums of up to DSH_SUM_BLOCK_ROWS values in DSH_SUM_LANES parts; false if their digits spread too far for that.
enum { DSH_SUM_LANES = 8 };
int dsh_sum_block(const double *values, size_t count, struct dsh_float_sum *lanes);

// Adds one value; false, with the sum as it was, if that has no digits left for it.
int dsh_add_float(struct dsh_float_sum *sum, double value);

#endif
