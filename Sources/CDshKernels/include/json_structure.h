// Finds the structure of JSON text, 64 bytes at a time, and checks everything that is inside of strings but UTF-8.
#ifndef DSH_JSON_STRUCTURE_H
#define DSH_JSON_STRUCTURE_H

#include <stdint.h>

/// The bytes that must be readable behind the text.
#define DSH_JSON_PADDING 64

/// Entries behind the last that are readable: they name the byte behind the text.
#define DSH_JSON_SENTINELS 8

/// What a scan found.
typedef struct {
  int64_t entry_count;
  /// Where a string holds a control character or an escape that is none; -1 if none does. What is found behind it means nothing.
  int64_t first_wrong;
  /// Whether the text ends inside of a string.
  int32_t is_inside;
  /// Whether there is an escape.
  int32_t has_escapes;
  /// Not zero if a byte has its high bit set.
  uint64_t high_bits;
} dsh_json_structure;

/// Writes the positions of all structural bytes, ascending, to `entries`: `{ } [ ] : ,` outside of strings, the first byte of every string and of every other
/// value, and, if `has_lines`, line feeds; and behind them `DSH_JSON_SENTINELS` times the length of the text.
///
/// The text begins outside of a string (RFC 8259). `entries` has room for `length` + 64 + `DSH_JSON_SENTINELS`; `DSH_JSON_PADDING` bytes behind the text are readable.
void dsh_json_find_structure(const uint8_t *bytes, int64_t length, int has_lines, uint32_t *entries, dsh_json_structure *structure);

/// The same with vectors of the given kind, as far as the processor has them, for tests: 0 portable, 1 AVX2, 2 AVX-512. Returns 0 if it hasn't.
int dsh_json_find_structure_narrow(
    const uint8_t *bytes, int64_t length, int has_lines, int kind, uint32_t *entries, dsh_json_structure *structure);

/// The same byte by byte, the readable definition of what the others do.
void dsh_json_find_structure_bytewise(
    const uint8_t *bytes, int64_t length, int has_lines, uint32_t *entries, dsh_json_structure *structure);

#endif
