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
  if (byte == dialect->delimiter || byte == '\n') {
    *state = DSH_CSV_CELL_START;
    return 1;
  }
  *state = DSH_CSV_UNQUOTED;
  return 0;
}

// Whether a delimiter of several characters starts at a position.
static inline int has_long_delimiter(const uint8_t *bytes, int64_t position, int64_t length, const dsh_csv_dialect *dialect) {
  if (bytes[position] != (uint8_t)dialect->delimiter_word || position + dialect->delimiter_length > length) return 0;
  uint64_t behind = 0;
  memcpy(&behind, bytes + position, dialect->delimiter_length);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  behind = __builtin_bswap64(behind);
#endif
  return behind == dialect->delimiter_word;
}

// What `step` does for a delimiter of any length: moves the position on to its last byte.
static inline int step_over(
    const uint8_t *bytes, int64_t *position, int64_t length, const dsh_csv_dialect *dialect, int32_t *state, int32_t *escaped) {
  if (dialect->delimiter_length <= 1) return step(bytes[*position], dialect, state, escaped);
  if (*state != DSH_CSV_QUOTED && !*escaped && has_long_delimiter(bytes, *position, length, dialect)) {
    *position += dialect->delimiter_length - 1;
    *state = DSH_CSV_CELL_START;
    return 1;
  }
  dsh_csv_dialect characters = *dialect;
  characters.delimiter = '\n';
  return step(bytes[*position], &characters, state, escaped);
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
    if (!step_over(bytes, &position, length, dialect, &state, &escaped)) continue;
    newlines += bytes[position] == '\n';
    entries[count++] = (uint32_t)position;
  }
  *structure = (dsh_csv_structure){state, escaped, count, count, newlines, high};
}

// MARK: Lines

void dsh_csv_prepare_lines(uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_lines *lines, int is_end) {
  int32_t state = DSH_CSV_CELL_START;
  int32_t escaped = 0;
  int starts_line = 1;
  int is_comment = 0;
  for (int64_t position = 0; position < length; position++) {
    if (starts_line) is_comment = lines->comment && bytes[position] == lines->comment;
    starts_line = 0;
    int can_end = is_comment || (state != DSH_CSV_QUOTED && !escaped);
    if (lines->ends_at_returns && bytes[position] == '\r' && can_end && (position + 1 < length ? bytes[position + 1] != '\n' : is_end)) {
      bytes[position] = '\n';
    }
    if (can_end && bytes[position] == '\n') {
      state = DSH_CSV_CELL_START;
      starts_line = 1;
    } else if (!is_comment) {
      step_over(bytes, &position, length, dialect, &state, &escaped);
    } else if (bytes[position] != '\r') {
      bytes[position] = lines->comment;
    }
  }
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

#include "structure_processors.h"

#define FUNCTION find_structure_avx2
#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")))
#define VECTOR_AVX2
#include "csv_structure_scan.h"
#undef FUNCTION
#undef TARGET
#undef VECTOR_AVX2

#define FUNCTION find_structure_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,lzcnt,popcnt,pclmul")))
#define VECTOR_AVX512
#include "csv_structure_scan.h"
#undef FUNCTION
#undef TARGET
#undef VECTOR_AVX512
#endif

void dsh_csv_find_structure(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure) {
  if (dialect->skips_blanks || dialect->delimiter_length > 1) {
    dsh_csv_find_structure_bytewise(bytes, length, dialect, entries, structure);
    return;
  }
#if defined(__x86_64__)
  if (has_avx512()) {
    find_structure_avx512(bytes, length, dialect, entries, structure);
    return;
  }
  if (has_avx2()) {
    find_structure_avx2(bytes, length, dialect, entries, structure);
    return;
  }
#endif
  dsh_csv_find_structure_portable(bytes, length, dialect, entries, structure);
}

// Whether the vector scan knows the dialect and may select entries.
static inline int can_select(int64_t length, const dsh_csv_dialect *dialect) {
  return length > 0 && !dialect->skips_blanks && dialect->delimiter_length <= 1 && (dialect->quote || !dialect->escape);
}

int dsh_csv_find_selected_narrow(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_selection *selection, uint32_t *entries,
    dsh_csv_structure *structure) {
#if defined(__x86_64__)
  if (has_avx2() && can_select(length, dialect)) {
    find_selected_avx2(bytes, length, dialect, selection, entries, structure);
    return 1;
  }
#endif
  return 0;
}

int dsh_csv_find_selected(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_selection *selection, uint32_t *entries,
    dsh_csv_structure *structure) {
#if defined(__x86_64__)
  if (has_avx512() && can_select(length, dialect)) {
    find_selected_avx512(bytes, length, dialect, selection, entries, structure);
    return 1;
  }
#endif
  return dsh_csv_find_selected_narrow(bytes, length, dialect, selection, entries, structure);
}

// MARK: Records

// Whether a record consists of the bytes of a header.
static inline int repeats_header(const uint8_t *bytes, int64_t start, int64_t end, const dsh_csv_exclusions *exclusions) {
  if (end > start && bytes[end - 1] == '\r') end--;
  return end - start == exclusions->header_length && memcmp(bytes + start, exclusions->header, (size_t)(end - start)) == 0;
}

int dsh_csv_is_regular(
    const uint8_t *bytes, const uint32_t *entries, int64_t records, int64_t stride, const dsh_csv_exclusions *exclusions) {
  int wrong = 0;
  if (!exclusions->header_length) {
    for (int64_t record = 0; record < records; record++) wrong |= bytes[entries[record * stride + stride - 1]] ^ '\n';
    return !wrong;
  }
  // Few records begin with the bytes with which the header does.
  uint64_t wanted = 0;
  uint64_t mask = 0;
  const size_t compared = exclusions->header_length < 8 ? (size_t)exclusions->header_length : 8;
  memcpy(&wanted, exclusions->header, compared);
  memset(&mask, 0xFF, compared);
  int64_t start = 0;
  for (int64_t record = 0; record < records; record++) {
    uint64_t beginning;
    memcpy(&beginning, bytes + start, 8);
    int64_t end = entries[record * stride + stride - 1];
    if (__builtin_expect((beginning & mask) == wanted, 0) && repeats_header(bytes, start, end, exclusions)) return 0;
    wrong |= bytes[end] ^ '\n';
    start = end + 1;
  }
  return !wrong;
}

void dsh_csv_normalize(
    const uint8_t *bytes, const uint32_t *entries, int64_t entry_count, int64_t columns, int64_t delimiter_length,
    const dsh_csv_exclusions *exclusions, uint32_t *output, dsh_csv_normalized *normalized) {
  *normalized = (dsh_csv_normalized){.first_ragged_start = -1, .first_ragged_end = -1};
  const uint32_t tail = (uint32_t)delimiter_length - 1;
  int64_t start = 0;
  int64_t first = 0;
  for (int64_t index = 0; index < entry_count; index++) {
    if (bytes[entries[index]] != '\n') continue;
    int64_t cells = index - first + 1;
    int64_t end = entries[index];
    if (end > start && bytes[end - 1] == '\r') end--;
    if (cells == 1 && end == start && columns != 1) {
      normalized->blank_lines++;
    } else if (exclusions->comment && end > start && bytes[start] == exclusions->comment) {
      // Not a record.
    } else if (exclusions->header_length > 0 && repeats_header(bytes, start, end, exclusions)) {
      normalized->repeated_headers++;
    } else if (cells != columns && exclusions->skips_ragged) {
      normalized->skipped_records++;
    } else {
      int64_t kept = cells < columns ? cells : columns;
      uint32_t before = (uint32_t)(start - 1);
      for (int64_t cell = 0; cell < kept; cell++) {
        output[2 * cell] = before;
        before = entries[first + cell];
        output[2 * cell + 1] = cell < cells - 1 ? before - tail : (uint32_t)end;
      }
      for (int64_t cell = kept; cell < columns; cell++) output[2 * cell] = output[2 * cell + 1] = (uint32_t)end;
      output += 2 * columns;
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
