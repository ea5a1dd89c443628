// Chooses the widest structural scan that the processor can run, and holds the bytewise definition and what works on its result.
#include "csv_structure.h"

#include <string.h>

// MARK: Bytewise

// One byte: returns whether it is structural and advances the state.
static inline int step(uint8_t byte, const dsh_csv_dialect *dialect, int32_t *state, int32_t *escaped) {
  if (*escaped) {
    *escaped = 0;
    if (*state != DSH_CSV_QUOTED) *state = DSH_CSV_UNQUOTED;
    return 0;
  }
  if (dialect->escape && byte == dialect->escape) {
    *escaped = 1;
    if (*state != DSH_CSV_QUOTED) *state = DSH_CSV_UNQUOTED;
    return 0;
  }
  if (dialect->quote && byte == dialect->quote) {
    switch (*state) {
    case DSH_CSV_CELL_START: *state = DSH_CSV_QUOTED; break;
    case DSH_CSV_QUOTED: *state = DSH_CSV_QUOTE_SEEN; break;
    case DSH_CSV_QUOTE_SEEN: *state = DSH_CSV_QUOTED; break;
    default: break;
    }
    return 0;
  }
  if (*state == DSH_CSV_QUOTED) return 0;
  if (dialect->skips_blanks && byte == ' ' && *state == DSH_CSV_CELL_START && dialect->delimiter != ' ') return 0;
  if (byte == dialect->delimiter || byte == dialect->newline) {
    *state = DSH_CSV_CELL_START;
    return 1;
  }
  *state = DSH_CSV_UNQUOTED;
  return 0;
}

void dsh_csv_find_structure_bytewise(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure) {
  int32_t state = structure->state;
  int32_t escaped = structure->escaped;
  int64_t count = 0;
  int64_t newlines = 0;
  uint64_t high = 0;
  for (int64_t position = 0; position < length; position++) {
    high |= bytes[position] & 0x80;
    if (!step(bytes[position], dialect, &state, &escaped)) continue;
    newlines += bytes[position] == dialect->newline;
    entries[count++] = (uint32_t)position;
  }
  *structure = (dsh_csv_structure){state, escaped, count, count, newlines, high};
}

// MARK: Sixty-four bytes at a time

// The separators and line ends of one block as bit masks, found byte by byte: for blocks whose quotes do not stand where they should.
static __attribute__((noinline)) void scan_block_bytewise(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, int32_t *state, int32_t *escaped, uint64_t *structural) {
  uint64_t mask = 0;
  for (int position = 0; position < length; position++) {
    mask |= (uint64_t)step(bytes[position], dialect, state, escaped) << position;
  }
  *structural = mask;
}

#define FUNCTION dsh_csv_find_structure_portable
#define TARGET
#define VECTOR_WORDS
#include "csv_structure_scan.h"
#undef FUNCTION
#undef TARGET
#undef VECTOR_WORDS

#if defined(__x86_64__)
#include <immintrin.h>

#define FUNCTION find_structure_avx2
#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")))
#define VECTOR_AVX2
#include "csv_structure_scan.h"
#undef FUNCTION
#undef TARGET
#undef VECTOR_AVX2
#endif

void dsh_csv_find_structure(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure) {
  if (dialect->skips_blanks) {
    dsh_csv_find_structure_bytewise(bytes, length, dialect, entries, structure);
    return;
  }
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul")) {
    find_structure_avx2(bytes, length, dialect, entries, structure);
    return;
  }
#endif
  dsh_csv_find_structure_portable(bytes, length, dialect, entries, structure);
}

int dsh_csv_find_selected(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_selection *selection, uint32_t *entries,
    dsh_csv_structure *structure) {
#if defined(__x86_64__)
  int can = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul");
  if (can && length > 0 && !dialect->skips_blanks && (dialect->quote || !dialect->escape)) {
    find_selected_avx2(bytes, length, dialect, selection, entries, structure);
    return 1;
  }
#endif
  return 0;
}

// MARK: Records

int dsh_csv_is_regular(const uint8_t *bytes, const uint32_t *entries, int64_t records, int64_t stride, uint8_t newline) {
  int wrong = 0;
  for (int64_t record = 0; record < records; record++) wrong |= bytes[entries[record * stride + stride - 1]] ^ newline;
  return !wrong;
}

void dsh_csv_normalize(
    const uint8_t *bytes, const uint32_t *entries, int64_t entry_count, int64_t columns, uint8_t newline,
    const dsh_csv_exclusions *exclusions, uint32_t *output, dsh_csv_normalized *normalized) {
  *normalized = (dsh_csv_normalized){.first_ragged_start = -1, .first_ragged_end = -1};
  const int64_t header_length = exclusions->header_length;
  int64_t start = 0;
  int64_t first = 0;
  for (int64_t index = 0; index < entry_count; index++) {
    if (bytes[entries[index]] != newline) continue;
    int64_t cells = index - first + 1;
    int64_t end = entries[index];
    if (newline == '\n' && end > start && bytes[end - 1] == '\r') end--;
    if (cells == 1 && end == start && columns != 1) {
      normalized->blank_lines++;
    } else if (exclusions->comment && end > start && bytes[start] == exclusions->comment) {
      // Not a record.
    } else if (cells != columns && exclusions->skips_ragged) {
      normalized->skipped_records++;
    } else if (header_length > 0 && end - start == header_length
               && memcmp(bytes + start, exclusions->header, (size_t)header_length) == 0) {
      normalized->repeated_headers++;
    } else {
      *output++ = (uint32_t)(start - 1);
      int64_t kept = cells < columns ? cells : columns;
      for (int64_t cell = 0; cell < kept; cell++) output[cell] = entries[first + cell];
      if (cells <= columns) output[cells - 1] = (uint32_t)end;
      for (int64_t cell = kept; cell < columns; cell++) output[cell] = output[cell - 1];
      output += columns;
      normalized->records++;
      normalized->short_records += cells < columns;
      normalized->long_records += cells > columns;
      if (cells != columns && normalized->first_ragged_start < 0) {
        normalized->first_ragged_start = start;
        normalized->first_ragged_end = end;
        normalized->first_ragged_cells = cells;
      }
    }
    start = (int64_t)entries[index] + 1;
    first = index + 1;
  }
}

// MARK: UTF-8

int64_t dsh_utf8_first_invalid(const uint8_t *bytes, int64_t length) {
  int64_t position = 0;
  while (position < length) {
    while (position + 8 <= length) {
      uint64_t word;
      memcpy(&word, bytes + position, 8);
      if (word & 0x8080808080808080u) break;
      position += 8;
    }
    if (position >= length) break;
    uint8_t lead = bytes[position];
    if (lead < 0x80) {
      position++;
      continue;
    }
    int64_t extra = lead < 0xC2 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : 0;
    if (extra == 0 || position + extra >= length) return position;
    uint8_t second = bytes[position + 1];
    // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF (Unicode, table 3-7).
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) return position;
    for (int64_t index = 2; index <= extra; index++) {
      if ((bytes[position + index] & 0xC0) != 0x80) return position;
    }
    position += extra + 1;
  }
  return -1;
}
