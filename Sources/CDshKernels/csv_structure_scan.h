// The body of the structural scan, compiled once for each kind of processor: FUNCTION is its name, TARGET its features.
//
// The idea is that of Langdale and Lemire, "Parsing gigabytes of JSON per second" (2019): compare 64 bytes with each special character,
// turn quote marks into a mask of quoted bytes with a running exclusive or (a carry-less multiplication by all ones), and
// write out the positions of the bits that are left. A block in which a quote stands where RFC 4180 has none (inside
// an unquoted cell, or followed by text) is scanned again byte by byte, so the result is exact for any text.

#include "structure_block.h"

TARGET static inline __attribute__((always_inline)) void BLOCK_NAME(scan)(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure,
    const dsh_csv_selection *selection, int has_quote, int has_escape, int has_selection) {
  const dsh_csv_dialect characters = *dialect;
  uint32_t *output = entries;
  int64_t newline_count = 0;
  uint64_t high_bits = 0;
  uint64_t inside = structure->state == DSH_CSV_QUOTED ? ~0ull : 0;
  // Whether the byte before the block lets a quote open a cell, and whether it closed one.
  uint64_t opens = structure->state == DSH_CSV_CELL_START || structure->state == DSH_CSV_QUOTE_SEEN;
  uint64_t closed = structure->state == DSH_CSV_QUOTE_SEEN;
  uint64_t escape_carry = (uint64_t)structure->escaped;
  uint8_t last[64 + DSH_CSV_PADDING];
  int64_t entry_count = 0;
  const uint64_t *patterns = has_selection ? selection->patterns : NULL;
  const uint64_t columns = has_selection ? (uint64_t)selection->columns : 1;
  // A division by the number of columns as a multiplication, exact for what is below 2^16 (columns ≤ 1024, 64 entries a block).
  const uint64_t reciprocal = ((uint64_t)1 << 32) / columns + 1;
  uint64_t phase = 0;

  for (int64_t base = 0; base < length; base += 64) {
    const uint8_t *source = bytes + base;
    int64_t remaining = length - base;
    uint64_t present = ~0ull;
    if (__builtin_expect(remaining < 64, 0)) {
      // The last, partial block: what lies behind the text is blanked out.
      memset(last, 'x', sizeof last);
      memcpy(last, source, (size_t)remaining);
      source = last;
      present = ~0ull >> (64 - remaining);
    }
    BLOCK_NAME(block) block = BLOCK_NAME(load)(source);
    uint64_t newlines = BLOCK_NAME(equal)(block, '\n');
    uint64_t structural = BLOCK_NAME(equal)(block, characters.delimiter) | newlines;
    high_bits |= BLOCK_NAME(high_bits)(block);
    if (has_quote) {
      uint64_t quotes = BLOCK_NAME(equal)(block, characters.quote);
      uint64_t escaped = 0;
      uint64_t escape_before = escape_carry;
      if (has_escape) {
        uint64_t escapes = BLOCK_NAME(equal)(block, characters.escape);
        escaped = BLOCK_NAME(find_escaped)(escapes, &escape_carry);
        quotes &= ~escaped;
        structural &= ~escaped;
      }
      uint64_t quoted = BLOCK_NAME(prefix_xor)(quotes) ^ inside;
      // A quote that opens follows a separator, a line end or a closing quote; one that closes is followed by such or by a
      // carriage return. Separators inside quotes do no harm here: no quote can open behind them.
      uint64_t before = (structural | quotes) << 1 | opens;
      uint64_t opening = quotes & quoted;
      uint64_t closing = quotes & ~quoted;
      uint64_t behind = (closing << 1 | closed) & ~(structural | quotes);
      uint64_t irregular = opening & ~before;
      if (__builtin_expect(behind != 0, 0)) {
        // What may also follow is a carriage return, as the bytewise scan treats it: text, which changes nothing structural.
        irregular |= behind & ~BLOCK_NAME(equal)(block, '\r') & present;
        if (has_escape) irregular |= behind & escaped;
      }
      if (__builtin_expect((irregular & present) != 0, 0)) {
        int32_t state = inside ? DSH_CSV_QUOTED : closed ? DSH_CSV_QUOTE_SEEN : opens ? DSH_CSV_CELL_START : DSH_CSV_UNQUOTED;
        int32_t pending = (int32_t)escape_before;
        scan_block_bytewise(source, remaining < 64 ? remaining : 64, &characters, &state, &pending, &structural);
        inside = state == DSH_CSV_QUOTED ? ~0ull : 0;
        opens = state == DSH_CSV_CELL_START || state == DSH_CSV_QUOTE_SEEN;
        closed = state == DSH_CSV_QUOTE_SEEN;
        escape_carry = (uint64_t)pending;
      } else {
        structural &= ~quoted;
        if (__builtin_expect(present != ~0ull, 0)) {
          // The state behind the last byte, not behind the block.
          int64_t final = remaining - 1;
          inside = (quoted >> final & 1) ? ~0ull : 0;
          opens = (structural | quotes) >> final & 1;
          closed = closing >> final & 1;
          escape_carry = has_escape ? (remaining < 64 ? escaped >> remaining & 1 : escape_carry) : 0;
        } else {
          inside = (uint64_t)((int64_t)quoted >> 63);
          opens = (structural | quotes) >> 63;
          closed = closing >> 63;
        }
      }
    } else {
      opens = structural >> (remaining < 64 ? remaining - 1 : 63) & 1;
    }
    structural &= present;
    newline_count += __builtin_popcountll(structural & newlines);

    int count = __builtin_popcountll(structural);
    entry_count += count;
    if (has_selection) {
      structural = BLOCK_NAME(keep)(patterns[phase], structural);
      phase += (uint64_t)count;
      phase -= columns * (phase * reciprocal >> 32);
      count = __builtin_popcountll(structural);
    }

    // More than there are: the next block overwrites what is too much.
    BLOCK_NAME(write)(output, (uint32_t)base, structural, count, has_selection ? 4 : 12);
    output += count;
  }

  structure->state = inside ? DSH_CSV_QUOTED : closed ? DSH_CSV_QUOTE_SEEN : opens ? DSH_CSV_CELL_START : DSH_CSV_UNQUOTED;
  structure->escaped = (int32_t)escape_carry;
  structure->entry_count = entry_count;
  structure->kept_count = output - entries;
  structure->newline_count = newline_count;
  structure->high_bits = high_bits;
}

TARGET
#if defined(VECTOR_AVX2) || defined(VECTOR_AVX512)
static
#endif
void FUNCTION(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure) {
  if (length == 0) {
    *structure = (dsh_csv_structure){structure->state, structure->escaped, 0, 0, 0, 0};
  } else if (dialect->escape && !dialect->quote) {
    // Rare enough not to need a scan of its own.
    dsh_csv_find_structure_bytewise(bytes, length, dialect, entries, structure);
  } else if (dialect->escape) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, NULL, 1, 1, 0);
  } else if (dialect->quote) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, NULL, 1, 0, 0);
  } else {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, NULL, 0, 0, 0);
  }
}

#if defined(VECTOR_AVX2) || defined(VECTOR_AVX512)
TARGET static void BLOCK_NAME(find_selected)(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_selection *selection, uint32_t *entries,
    dsh_csv_structure *structure) {
  if (dialect->escape) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, selection, 1, 1, 1);
  } else if (dialect->quote) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, selection, 1, 0, 1);
  } else {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, selection, 0, 0, 1);
  }
}
#endif
#undef BLOCK_NAME
