// Parquet's packed differences of integers (Apache Parquet format, "Encodings", DELTA_BINARY_PACKED).
#include "delta_packed.h"

#include "bit_unpack.h"

#include <string.h>

// A number in seven bits a byte; 0 if it does not end.
static int read_number(const uint8_t **position, const uint8_t *end, uint64_t *number) {
  *number = 0;
  for (uint32_t shift = 0; shift < 64; shift += 7) {
    if (*position == end) return 0;
    const uint8_t byte = *(*position)++;
    *number |= (uint64_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return 1;
  }
  return 0;
}

static uint64_t without_zigzag(uint64_t number) { return (number >> 1) ^ (0 - (number & 1)); }

int dsh_delta_begin(dsh_delta *delta, const uint8_t *bytes, size_t count) {
  memset(delta, 0, sizeof *delta);
  delta->position = bytes;
  delta->end = bytes + count;
  uint64_t block, miniblocks, first;
  if (!read_number(&delta->position, delta->end, &block) || !read_number(&delta->position, delta->end, &miniblocks) ||
      !read_number(&delta->position, delta->end, &delta->left) || !read_number(&delta->position, delta->end, &first))
    return 0;
  // The specification wants multiples of 128 and 32. No bytes of a miniblock can be more than 32 bits can count.
  if (miniblocks == 0 || miniblocks > (1u << 16) || block > (1u << 24) || block % miniblocks != 0) return 0;
  delta->miniblock_count = (uint32_t)miniblocks;
  delta->miniblock_values = block / miniblocks;
  if (delta->miniblock_values == 0 || delta->miniblock_values % 8 != 0) return 0;
  delta->miniblock = delta->miniblock_count;
  delta->last = without_zigzag(first);
  delta->is_first = 1;
  return 1;
}

// Goes to the next miniblock, in the next block where this one has no more.
static int next_miniblock(dsh_delta *delta) {
  if (delta->miniblock == delta->miniblock_count) {
    uint64_t minimum;
    if (!read_number(&delta->position, delta->end, &minimum)) return 0;
    delta->minimum = without_zigzag(minimum);
    if ((size_t)(delta->end - delta->position) < delta->miniblock_count) return 0;
    delta->widths = delta->position;
    delta->position += delta->miniblock_count;
    delta->miniblock = 0;
  }
  delta->width = delta->widths[delta->miniblock++];
  if (delta->width > 64) return 0;
  const uint64_t bytes = delta->miniblock_values / 8 * delta->width;
  if ((uint64_t)(delta->end - delta->position) < bytes) return 0;
  delta->packed = delta->position;
  delta->packed_done = 0;
  delta->packed_left = delta->miniblock_values;
  delta->position += bytes;
  return 1;
}

size_t dsh_delta_read(dsh_delta *delta, int64_t *out, size_t count) {
  size_t done = 0;
  if (count > 0 && delta->is_first && delta->left > 0) {
    delta->is_first = 0;
    delta->left--;
    out[done++] = (int64_t)delta->last;
  }
  while (done < count && delta->left > 0) {
    if (delta->packed_left == 0 && !next_miniblock(delta)) break;
    uint64_t taken = count - done < delta->left ? count - done : delta->left;
    if (delta->packed_left < taken) taken = delta->packed_left;
    uint64_t *values = (uint64_t *)out + done;
    dsh_unpack_u64(delta->packed, delta->end, delta->packed_done, delta->width, values, taken);
    uint64_t last = delta->last;
    const uint64_t minimum = delta->minimum;
    for (uint64_t i = 0; i < taken; i++) values[i] = last += minimum + values[i];
    delta->last = last;
    delta->packed_done += taken;
    delta->packed_left -= taken;
    delta->left -= taken;
    done += taken;
  }
  return done;
}

const uint8_t *dsh_delta_end(dsh_delta delta) {
  uint64_t left = delta.left - (delta.is_first && delta.left > 0);
  left = left > delta.packed_left ? left - delta.packed_left : 0;
  while (left > 0) {
    if (!next_miniblock(&delta)) return NULL;
    left = left > delta.miniblock_values ? left - delta.miniblock_values : 0;
  }
  return delta.position;
}
