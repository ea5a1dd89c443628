// Sums, counts and least values of so few groups that looking at a whole column once for each is faster than a state per row.
#ifndef VECTOR_FEW_GROUPS_H
#define VECTOR_FEW_GROUPS_H

#include "vector_aggregate.h"
#include "vector_float_sum.h"

#include <stddef.h>
#include <stdint.h>

// The groups that are few.
enum { DSH_FEW_GROUPS = 32 };

// What each function does is what its namesake without `few` does for all rows; groups are below `group_count`, which is at most
// DSH_FEW_GROUPS. Each gives whether it did it: not on a processor without the instructions, and not with digits that spread too far.
void dsh_count_few(int64_t *counts, size_t group_count, const uint32_t *groups, size_t count);
void dsh_sum_few_int64(struct dsh_integer_sum *sums, size_t group_count, const uint32_t *groups, const int64_t *values, size_t count);
int dsh_sum_few_float64(struct dsh_float_sum *sums, size_t group_count, const uint32_t *groups, const double *values, size_t count);
void dsh_least_few(int64_t *least, size_t group_count, const uint32_t *groups, const int64_t *values, size_t count);

#endif
