// Sums of products of powers of doubles in which nothing is lost, so that they depend on no order.
//
// A double is a whole number of 53 bits times a power of two, and a product of four has 212 bits. A sum has room for 448, of which the first
// product takes a place in the middle; what lies beyond is for the caller.
#include "vector_power_sums.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

// The last word is for carries and the sign alone, so that no number of additions overflows.
enum { ROOM = DSH_WIDE_WORDS - 1 };

int dsh_wide_add(struct dsh_wide_sum *sum, const uint64_t *magnitude, int word_count, int64_t exponent, int is_negative) {
  uint64_t shifted[DSH_WIDE_WORDS + 1];
  const unsigned shift = exponent & 63;
  const int64_t position = exponent >> 6;
  uint64_t rest = 0;
  for (int i = 0; i < word_count; i++) {
    shifted[i] = magnitude[i] << shift | rest;
    rest = shift ? magnitude[i] >> (64 - shift) : 0;
  }
  shifted[word_count] = rest;
  int length = word_count + 1;
  while (length > 0 && !shifted[length - 1]) length--;
  if (length == 0) return 1;
  if (!sum->has_base) {
    if (length > ROOM) return 0;
    sum->has_base = 1;
    sum->base = position - (ROOM - length) / 2;
  }
  const int64_t place = position - sum->base;
  if (place < 0 || place + length > ROOM) return 0;
  uint64_t carry = 0;
  if (is_negative) {
    for (int i = 0; i < length; i++) {
      const wide difference = (wide)sum->words[place + i] - shifted[i] - carry;
      sum->words[place + i] = (uint64_t)difference;
      carry = (uint64_t)(difference >> 64) & 1;
    }
    for (int64_t i = place + length; carry && i < DSH_WIDE_WORDS; i++) carry = sum->words[i]-- == 0;
  } else {
    for (int i = 0; i < length; i++) {
      const wide total = (wide)sum->words[place + i] + shifted[i] + carry;
      sum->words[place + i] = (uint64_t)total;
      carry = (uint64_t)(total >> 64);
    }
    for (int64_t i = place + length; carry && i < DSH_WIDE_WORDS; i++) carry = ++sum->words[i] == 0;
  }
  return 1;
}

// A finite double as a whole number times a power of two.
struct parts {
  uint64_t significand;
  int64_t exponent;
  int is_negative;
};

static inline int take_apart(double value, struct parts *parts) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  const int64_t exponent = (bits >> 52) & 0x7FF;
  const uint64_t fraction = bits & ((1ull << 52) - 1);
  parts->is_negative = (int)(bits >> 63);
  parts->significand = exponent ? fraction | 1ull << 52 : fraction;
  parts->exponent = (exponent ? exponent : 1) - 1075;
  return exponent != 0x7FF;
}

// Multiplies a whole number of some words by one more.
static inline int multiply(uint64_t *words, int count, uint64_t factor) {
  uint64_t carry = 0;
  for (int i = 0; i < count; i++) {
    const wide product = (wide)words[i] * factor + carry;
    words[i] = (uint64_t)product;
    carry = (uint64_t)(product >> 64);
  }
  if (carry) words[count++] = carry;
  return count;
}

static inline int add_monomial(
    struct dsh_wide_sum *sum, const struct parts *x, const struct parts *y, struct dsh_monomial powers, int is_undone) {
  uint64_t words[DSH_GREATEST_DEGREE + 1] = {1};
  int count = 1, is_negative = is_undone;
  int64_t exponent = 0;
  for (int i = 0; i < powers.x_power; i++) {
    count = multiply(words, count, x->significand);
    exponent += x->exponent;
    is_negative ^= x->is_negative;
  }
  for (int i = 0; i < powers.y_power; i++) {
    count = multiply(words, count, y->significand);
    exponent += y->exponent;
    is_negative ^= y->is_negative;
  }
  return dsh_wide_add(sum, words, count, exponent, is_negative);
}

size_t dsh_add_powers(
    struct dsh_wide_sum *sums, const uint32_t *groups, const double *x, const double *y, const uint64_t *valid,
    const struct dsh_monomial *monomials, int monomial_count, size_t start, size_t count) {
  for (size_t i = start; i < count; i++) {
    if (valid && !((valid[i / 64] >> (i % 64)) & 1)) continue;
    struct parts left, right = {0, 0, 0};
    if (!take_apart(x[i], &left) || (y && !take_apart(y[i], &right))) return i;
    struct dsh_wide_sum *group = sums + (groups ? (size_t)groups[i] * (size_t)monomial_count : 0);
    for (int m = 0; m < monomial_count; m++) {
      if (add_monomial(&group[m], &left, &right, monomials[m], 0)) continue;
      while (m-- > 0) add_monomial(&group[m], &left, &right, monomials[m], 1);
      return i;
    }
  }
  return count;
}
