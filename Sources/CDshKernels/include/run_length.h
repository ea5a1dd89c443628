// Parquet's hybrid of run lengths and packed bits: levels, codes of dictionaries, truth values.
#ifndef DSH_RUN_LENGTH_H
#define DSH_RUN_LENGTH_H

#include <stddef.h>
#include <stdint.h>

/// A place in such bytes.
typedef struct {
  const uint8_t *position;
  const uint8_t *end;
  /// The bits of a value, at most 32.
  uint32_t width;
  /// Of the run at hand: its value, or where its packed values begin and how many of them are done; how many are left.
  uint32_t value;
  const uint8_t *packed;
  size_t packed_done;
  size_t left;
} dsh_run_length;

/// Begins; the width is at most 32.
void dsh_run_length_begin(dsh_run_length *runs, const uint8_t *bytes, size_t count, uint32_t width);
/// Reads up to `count` values; fewer only where the bytes end or make no sense. Each type has room for `width` bits.
size_t dsh_run_length_u8(dsh_run_length *runs, uint8_t *out, size_t count);
size_t dsh_run_length_u16(dsh_run_length *runs, uint16_t *out, size_t count);
size_t dsh_run_length_u32(dsh_run_length *runs, uint32_t *out, size_t count);
/// Reads values of one bit to bits from `offset` on; the bits behind the last in its byte become zero.
size_t dsh_run_length_bits(dsh_run_length *runs, uint8_t *bits, size_t offset, size_t count);
size_t dsh_run_length_skip(dsh_run_length *runs, size_t count);

#endif
