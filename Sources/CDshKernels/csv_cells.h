// What all cell parsers share: where a cell is, whether it is null, and what is inside its quotes.
#ifndef DSH_CSV_CELLS_INTERNAL_H
#define DSH_CSV_CELLS_INTERNAL_H

#include "include/csv_cells.h"

#include <string.h>

typedef struct {
  const uint8_t *start;
  // Below zero for a cell that its record does not have.
  int64_t length;
} cell_span;

static inline __attribute__((always_inline)) cell_span find_cell(const dsh_csv_cells *cells, int64_t index, const int32_t *records) {
  int64_t record = cells->first_record + (records ? records[index] : index);
  const uint32_t *entry = cells->entries + record * cells->stride + cells->column;
  uint32_t start = entry[0] + 1;
  int64_t length = (int32_t)(entry[1] - start);
  if (cells->strips_return) length -= length > 0 && cells->bytes[start + (uint32_t)length - 1] == '\r';
  return (cell_span){cells->bytes + start, length};
}

// Takes what it needs by value, so that loops can keep their cells in registers.
static __attribute__((noinline)) int is_null_text(const dsh_csv_null_text *texts, int64_t count, cell_span cell) {
  for (int64_t index = 0; index < count; index++) {
    dsh_csv_null_text text = texts[index];
    if (text.length == cell.length && memcmp(text.bytes, cell.start, (size_t)cell.length) == 0) return 1;
  }
  return 0;
}

// A quoted cell is never one of the null texts, as these do not start with a quote.
static inline __attribute__((always_inline)) int is_null(const dsh_csv_cells *cells, cell_span cell) {
  if (cell.length <= 0) return cell.length < 0 || !cells->has_empty_texts;
  int64_t bit = cell.length < 63 ? cell.length : 63;
  uint8_t first = *cell.start;
  // One branch for both, because lengths alone are hard to foretell.
  uint64_t may_be = (cells->null_lengths >> bit) & (cells->null_first_bytes[first >> 6] >> (first & 63)) & 1;
  return __builtin_expect(may_be != 0, 0) && is_null_text(cells->null_texts, cells->null_text_count, cell);
}

// Whether a null text may be a number of digits, so that what looks like one may be null.
static inline int has_null_numbers(const dsh_csv_cells *cells) {
  for (int64_t index = 0; index < cells->null_text_count; index++) {
    dsh_csv_null_text text = cells->null_texts[index];
    for (int64_t place = 0; place < text.length; place++) {
      if (text.bytes[place] >= '0' && text.bytes[place] <= '9') return 1;
    }
  }
  return 0;
}

static inline cell_span skip_blanks(cell_span cell) {
  while (cell.length > 0 && *cell.start == ' ') {
    cell.start++;
    cell.length--;
  }
  return cell;
}

// The content of a cell for a parser of numbers or dates: without the quotes of a quoted cell and without spaces around it.
// A cell with quotes inside comes out as something that no number or date looks like.
static inline cell_span trim(const dsh_csv_cells *cells, cell_span cell) {
  if (cells->skips_blanks) cell = skip_blanks(cell);
  if (cells->quote && cell.length >= 2 && cell.start[0] == cells->quote && cell.start[cell.length - 1] == cells->quote) {
    cell.start++;
    cell.length -= 2;
  }
  while (cell.length > 0 && *cell.start == ' ') {
    cell.start++;
    cell.length--;
  }
  while (cell.length > 0 && cell.start[cell.length - 1] == ' ') cell.length--;
  return cell;
}

// Whether a cell that is no number, date or truth value is two quotes with nothing between: no value, then.
static inline int is_quoted_nothing(const dsh_csv_cells *cells, cell_span cell) {
  if (cells->skips_blanks) cell = skip_blanks(cell);
  return cells->quote && cell.length == 2 && cell.start[0] == cells->quote && cell.start[1] == cells->quote;
}

static inline __attribute__((always_inline)) uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// Whether all eight bytes, already turned into digits by subtracting '0', are below ten.
static inline __attribute__((always_inline)) int are_digits(uint64_t digits) {
  return (((digits + 0x0606060606060606u) | digits) & 0xF0F0F0F0F0F0F0F0u) == 0;
}

// The number that eight digits make, the first in the lowest byte (Mula, "SIMD-ized parsing of numbers").
static inline __attribute__((always_inline)) uint64_t eight_digits(uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  return ((digits & 0x000000FF000000FFu) * 0x000F424000000064u + ((digits >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u) >> 32;
}

// What Windows-1252 has at 0x80 to 0x9F; its five unused places are the control characters that ISO 8859-1 has there.
static const uint16_t windows_1252[32] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160,
                                          0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                          0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E, 0x178};

// Writes one byte of the file as UTF-8, in three bytes at most.
static inline __attribute__((always_inline)) uint8_t *put(uint8_t *output, uint8_t byte, int is_latin1) {
  if (is_latin1 == 2 && byte >= 0x80 && byte < 0xA0) {
    uint16_t character = windows_1252[byte - 0x80];
    if (character >= 0x800) {
      *output++ = (uint8_t)(0xE0 | character >> 12);
      *output++ = 0x80 | (character >> 6 & 0x3F);
    } else {
      *output++ = (uint8_t)(0xC0 | character >> 6);
    }
    *output++ = 0x80 | (character & 0x3F);
  } else if (is_latin1 && byte >= 0x80) {
    *output++ = 0xC0 | byte >> 6;
    *output++ = 0x80 | (byte & 0x3F);
  } else {
    *output++ = byte;
  }
  return output;
}

// Any cell, byte by byte, as the structural scan reads it: a quote opens only at the start, text may follow the closing quote.
static __attribute__((noinline, unused)) uint8_t *put_cell(const dsh_csv_cells *cells, cell_span cell, uint8_t *output) {
  if (cells->skips_blanks) {
    // Blanks are text where no quote follows.
    cell_span rest = skip_blanks(cell);
    if (rest.length > 0 && cells->quote && *rest.start == cells->quote) cell = rest;
  }
  const uint8_t *end = cell.start + cell.length;
  const uint8_t *cursor = cell.start;
  int quoted = cells->quote && cursor < end && *cursor == cells->quote;
  if (quoted) cursor++;
  while (cursor < end) {
    uint8_t byte = *cursor++;
    if (cells->escape && byte == cells->escape && cursor < end) {
      byte = *cursor++;
    } else if (quoted && byte == cells->quote) {
      if (cursor < end && *cursor == cells->quote) {
        cursor++;
      } else {
        quoted = 0;
        continue;
      }
    }
    output = put(output, byte, cells->is_latin1);
  }
  return output;
}

#endif
