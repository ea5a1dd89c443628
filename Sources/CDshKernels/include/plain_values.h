// Values of Parquet's simple encodings on their way into columns.
#ifndef DSH_PLAIN_VALUES_H
#define DSH_PLAIN_VALUES_H

#include <stddef.h>
#include <stdint.h>

/// Moves the first values of a buffer apart, so that each stands in the row of its bit; the others become zero. The width is 1, 2, 4, 8 or 16 bytes.
void dsh_spread(void *values, size_t width, const uint8_t *validity, size_t rows, size_t count);
/// The same for the ends of texts: a row without a bit ends where the one before it does. `ends[0]` is the end of the first.
void dsh_spread_ends(int32_t *ends, const uint8_t *validity, size_t rows, size_t count, int32_t start);
/// How many bits from `offset` on are set.
size_t dsh_count_bits(const uint8_t *bits, size_t offset, size_t count);

/// The entries of a table that codes name; codes are below its size. The width is 1, 2, 4, 8 or 16 bytes.
void dsh_take_entries(const void *entries, size_t width, const uint32_t *codes, size_t count, void *out);
uint32_t dsh_largest_u32(const uint32_t *values, size_t count);
uint8_t dsh_largest_u8(const uint8_t *values, size_t count);
uint16_t dsh_largest_u16(const uint16_t *values, size_t count);

/// Values `first` to `first + count` of `total` whose bytes stand in streams of their own, `width` of them.
void dsh_join_streams(const uint8_t *bytes, size_t width, size_t total, size_t first, size_t count, uint8_t *out);

/// Goes over texts that stand behind their lengths of four bytes: the place behind so many of them, and the bytes of all; NULL if they go on behind `end`.
const uint8_t *dsh_pass_texts(const uint8_t *position, const uint8_t *end, size_t count, uint64_t *bytes);
/// Copies so many texts that were gone over, and writes their ends, which are counted from the beginning of `out`.
void dsh_copy_texts(const uint8_t *position, size_t count, uint8_t *out, int32_t start, int32_t *ends);
/// Copies the texts that codes name, and writes their ends. The bytes of all were added up before.
void dsh_take_texts(
    const int32_t *offsets, const uint8_t *texts, const uint32_t *codes, size_t count, uint8_t *out, int32_t start, int32_t *ends);
uint64_t dsh_size_of_texts(const int32_t *offsets, const uint32_t *codes, size_t count);

#endif
