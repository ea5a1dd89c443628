// Copies, gathers and spreads values of fixed width and texts.
#include "plain_values.h"

#include <string.h>

typedef struct { uint64_t low, high; } pair;

// From the last to the first: a value never moves to a place in front of it, so none is overwritten before it has moved.
#define SPREAD(NAME, TYPE)                                                            \
  static void NAME(TYPE *values, const uint8_t *validity, size_t rows, size_t count) { \
    const TYPE zero = {0};                                                            \
    for (size_t row = rows; row-- > 0;) {                                             \
      if (validity[row / 8] >> row % 8 & 1) {                                         \
        values[row] = values[--count];                                                \
      } else {                                                                        \
        values[row] = zero;                                                           \
      }                                                                               \
    }                                                                                 \
  }

SPREAD(spread_1, uint8_t)
SPREAD(spread_2, uint16_t)
SPREAD(spread_4, uint32_t)
SPREAD(spread_8, uint64_t)
SPREAD(spread_16, pair)

void dsh_spread(void *values, size_t width, const uint8_t *validity, size_t rows, size_t count) {
  switch (width) {
    case 1: spread_1(values, validity, rows, count); break;
    case 2: spread_2(values, validity, rows, count); break;
    case 4: spread_4(values, validity, rows, count); break;
    case 8: spread_8(values, validity, rows, count); break;
    case 16: spread_16(values, validity, rows, count); break;
  }
}

void dsh_spread_ends(int32_t *ends, const uint8_t *validity, size_t rows, size_t count, int32_t start) {
  for (size_t row = rows; row-- > 0;) {
    ends[row] = count == 0 ? start : ends[count - 1];
    count -= validity[row / 8] >> row % 8 & 1;
  }
}

size_t dsh_count_bits(const uint8_t *bits, size_t offset, size_t count) {
  size_t total = 0;
  while (count > 0 && offset % 8 != 0) {
    total += bits[offset / 8] >> offset % 8 & 1;
    offset++;
    count--;
  }
  bits += offset / 8;
  for (; count >= 64; count -= 64, bits += 8) {
    uint64_t word;
    memcpy(&word, bits, 8);
    total += (size_t)__builtin_popcountll(word);
  }
  for (size_t bit = 0; bit < count; bit++) total += bits[bit / 8] >> bit % 8 & 1;
  return total;
}

#define TAKE(TYPE) \
  for (size_t i = 0; i < count; i++) ((TYPE *)out)[i] = ((const TYPE *)entries)[codes[i]]

void dsh_take_entries(const void *entries, size_t width, const uint32_t *codes, size_t count, void *out) {
  switch (width) {
    case 1: TAKE(uint8_t); break;
    case 2: TAKE(uint16_t); break;
    case 4: TAKE(uint32_t); break;
    case 8: TAKE(uint64_t); break;
    case 16: TAKE(pair); break;
  }
}

#define LARGEST(NAME, TYPE)                                                                    \
  TYPE NAME(const TYPE *values, size_t count) {                                                \
    TYPE largest = 0;                                                                          \
    for (size_t i = 0; i < count; i++) largest = values[i] > largest ? values[i] : largest;    \
    return largest;                                                                            \
  }

LARGEST(dsh_largest_u8, uint8_t)
LARGEST(dsh_largest_u16, uint16_t)
LARGEST(dsh_largest_u32, uint32_t)

void dsh_join_streams(const uint8_t *bytes, size_t width, size_t total, size_t first, size_t count, uint8_t *out) {
  for (size_t stream = 0; stream < width; stream++) {
    const uint8_t *from = bytes + stream * total + first;
    for (size_t i = 0; i < count; i++) out[i * width + stream] = from[i];
  }
}

const uint8_t *dsh_pass_texts(const uint8_t *position, const uint8_t *end, size_t count, uint64_t *bytes) {
  const uint8_t *start = position;
  for (size_t i = 0; i < count; i++) {
    uint32_t length;
    if (end - position < 4) return NULL;
    memcpy(&length, position, 4);
    position += 4;
    if ((uint64_t)(end - position) < length) return NULL;
    position += length;
  }
  *bytes = (uint64_t)(position - start) - 4 * (uint64_t)count;
  return position;
}

void dsh_copy_texts(const uint8_t *position, size_t count, uint8_t *out, int32_t start, int32_t *ends) {
  int32_t place = start;
  for (size_t i = 0; i < count; i++) {
    uint32_t length;
    memcpy(&length, position, 4);
    memcpy(out + place, position + 4, length);
    position += 4 + (size_t)length;
    place += (int32_t)length;
    ends[i] = place;
  }
}

uint64_t dsh_size_of_texts(const int32_t *offsets, const uint32_t *codes, size_t count) {
  uint64_t total = 0;
  for (size_t i = 0; i < count; i++) total += (uint64_t)(offsets[codes[i] + 1] - offsets[codes[i]]);
  return total;
}

void dsh_take_texts(
    const int32_t *offsets, const uint8_t *texts, const uint32_t *codes, size_t count, uint8_t *out, int32_t start, int32_t *ends) {
  int32_t place = start;
  for (size_t i = 0; i < count; i++) {
    const int32_t from = offsets[codes[i]], length = offsets[codes[i] + 1] - from;
    memcpy(out + place, texts + from, (size_t)length);
    place += length;
    ends[i] = place;
  }
}
