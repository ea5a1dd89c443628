// Equality and bytewise order of two texts.
#ifndef VECTOR_TEXT_H
#define VECTOR_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Whether `count` bytes agree.
static inline int dsh_equal_text(const uint8_t *a, const uint8_t *b, size_t count) {
  if (count >= 8) {
    // The ends first: they overlap below 16 bytes, and most texts that differ differ there.
    uint64_t x, y, u, v;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    memcpy(&u, a + count - 8, 8);
    memcpy(&v, b + count - 8, 8);
    if ((x ^ y) | (u ^ v)) return 0;
    return count <= 16 || memcmp(a + 8, b + 8, count - 16) == 0;
  }
  if (count >= 4) {
    uint32_t x, y, u, v;
    memcpy(&x, a, 4);
    memcpy(&y, b, 4);
    memcpy(&u, a + count - 4, 4);
    memcpy(&v, b + count - 4, 4);
    return ((x ^ y) | (u ^ v)) == 0;
  }
  for (size_t i = 0; i < count; i++)
    if (a[i] != b[i]) return 0;
  return 1;
}

// The order of `count` bytes: negative, zero or positive.
static inline int dsh_order_text(const uint8_t *a, const uint8_t *b, size_t count) { return memcmp(a, b, count); }

// The first place of `needle` in `text`, or NULL; an empty needle is found at the start.
const uint8_t *dsh_find_text(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count);

// Sets the bits of the rows whose text, from offsets[i] to offsets[i + 1] of `texts`, holds the needle; the bits are zero before. False if the needle
// is empty or too long to be looked for in all of them at once; then no bit was set.
int dsh_find_in_texts(
    const uint8_t *texts, const int32_t *offsets, size_t count, const uint8_t *needle, size_t needle_count, uint64_t *mask);

#endif
