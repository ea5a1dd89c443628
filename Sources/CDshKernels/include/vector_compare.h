// Comparisons of whole columns as bit masks: bit i of the result says whether row i fulfils the comparison.
#ifndef VECTOR_COMPARE_H
#define VECTOR_COMPARE_H

#include <stddef.h>
#include <stdint.h>

enum dsh_comparison { DSH_EQUAL, DSH_NOT_EQUAL, DSH_LESS, DSH_LESS_OR_EQUAL, DSH_GREATER, DSH_GREATER_OR_EQUAL };

// `mask` takes (count + 63) / 64 words; bits past `count` in the last one are zero. With a `step` of 0 every row is
// compared with b[0], with 1 row i is compared with b[i]. Floating point compares as IEEE 754 says.
void dsh_compare_int64(enum dsh_comparison op, const int64_t *a, const int64_t *b, size_t step, size_t count, uint64_t *mask);
void dsh_compare_float64(enum dsh_comparison op, const double *a, const double *b, size_t step, size_t count, uint64_t *mask);
void dsh_compare_int32(enum dsh_comparison op, const int32_t *a, const int32_t *b, size_t step, size_t count, uint64_t *mask);
// Rows whose byte equals `value`.
void dsh_equal_bytes(const uint8_t *a, uint8_t value, size_t count, uint64_t *mask);

// Rows whose code has a set bit: `table` has a byte for each of 256 codes, 0 or 255, of which those behind `known` are 0.
void dsh_lookup_bits(const uint8_t *table, size_t known, const uint8_t *codes, size_t count, uint64_t *mask);
// The same for codes of two bytes; `table` has a byte for each that there is.
void dsh_lookup_wide_bits(const uint8_t *table, const uint16_t *codes, size_t count, uint64_t *mask);

#endif
