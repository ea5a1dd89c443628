// Sums of products of powers of doubles, exact: whole numbers of 512 bits times a power of two.
#ifndef VECTOR_POWER_SUMS_H
#define VECTOR_POWER_SUMS_H

#include <stddef.h>
#include <stdint.h>

enum { DSH_WIDE_WORDS = 8, DSH_GREATEST_DEGREE = 4 };

// A whole number in two's complement, the least word first, times 2^(64 * base). All zeros is a sum of nothing.
struct dsh_wide_sum {
  int64_t base;
  uint64_t words[DSH_WIDE_WORDS];
  uint64_t has_base;
};

// x^x_power * y^y_power, of degree 1 to 4.
struct dsh_monomial {
  uint8_t x_power;
  uint8_t y_power;
};

// Adds ±magnitude * 2^exponent, the magnitude being up to 8 words; 0 if there is no room for it, and then nothing is added.
int dsh_wide_add(struct dsh_wide_sum *sum, const uint64_t *magnitude, int word_count, int64_t exponent, int is_negative);

// Adds row i, where bit i of `valid` is set (all rows if it is NULL), to the sums of groups[i] (of the only group if NULL), of which there is
// one for each monomial. `y` may be NULL if no monomial has it. Gives the first row from `start` on that is not finite or for which there is
// no room, of which nothing is added, or `count`.
size_t dsh_add_powers(
    struct dsh_wide_sum *sums, const uint32_t *groups, const double *x, const double *y, const uint64_t *valid,
    const struct dsh_monomial *monomials, int monomial_count, size_t start, size_t count);

#endif
