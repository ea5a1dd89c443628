// Parquet's packed differences of integers, and the texts whose lengths are kept so.
#ifndef DSH_DELTA_PACKED_H
#define DSH_DELTA_PACKED_H

#include <stddef.h>
#include <stdint.h>

/// A place in such bytes.
typedef struct {
  const uint8_t *position;
  const uint8_t *end;
  /// Values that are still to come.
  uint64_t left;
  uint64_t miniblock_values;
  uint32_t miniblock_count;
  /// Of the block at hand: the least difference, the widths of its miniblocks, and which one comes next.
  uint64_t minimum;
  const uint8_t *widths;
  uint32_t miniblock;
  /// Of the miniblock at hand: where it is, and how many of its values are done and left.
  const uint8_t *packed;
  uint32_t width;
  uint64_t packed_done;
  uint64_t packed_left;
  uint64_t last;
  int is_first;
} dsh_delta;

/// Begins; 0 if the bytes don't begin with a header that makes sense.
int dsh_delta_begin(dsh_delta *delta, const uint8_t *bytes, size_t count);
/// Reads up to `count` values, modulo 2 to the 64; fewer where there are no more or the bytes make no sense.
size_t dsh_delta_read(dsh_delta *delta, int64_t *out, size_t count);
/// Where the bytes of all values end; NULL if they don't, or make no sense.
const uint8_t *dsh_delta_end(dsh_delta delta);

#endif
