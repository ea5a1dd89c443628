// The least and the greatest value of a column, and whether it ascends.
#ifndef VECTOR_EXTREMES_H
#define VECTOR_EXTREMES_H

#include <stddef.h>
#include <stdint.h>

// Writes the least and the greatest of one or more values. Whether none is less than the one before it.
int dsh_extremes_int64(const int64_t *values, size_t count, int64_t *least, int64_t *greatest);
int dsh_extremes_int32(const int32_t *values, size_t count, int32_t *least, int32_t *greatest);

// The same for doubles; NaN is left out, and told by `has_nan`. If all are NaN, the least is above the greatest. Which of two zeros is found, is open.
int dsh_extremes_float64(const double *values, size_t count, double *least, double *greatest, int *has_nan);

#endif
