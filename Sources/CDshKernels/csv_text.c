// Copies cells of text into a column, without quotes and escapes.
#include "csv_cells.h"

// Text is copied in whole vectors: up to this many bytes are written and read behind its end.
#define OVERSHOOT 32

static inline __attribute__((always_inline)) void copy_short(uint8_t *output, const uint8_t *source, int64_t length) {
  if (length > 4 * OVERSHOOT) {
    memcpy(output, source, (size_t)length);
    return;
  }
  for (int64_t position = 0; position < length; position += OVERSHOOT) memcpy(output + position, source + position, OVERSHOOT);
}

static inline int64_t parse_texts(
    const dsh_csv_cells *cells, const int32_t *records, int64_t from, int64_t count, int32_t *ends, uint8_t *output,
    int64_t *byte_count, int64_t capacity, uint8_t *valid, int64_t *null_count) {
  int64_t nulls = 0;
  int64_t index = from;
  int64_t written = *byte_count;
  int is_plain = !cells->escape && !cells->is_latin1 && !cells->skips_blanks;
  int widening = cells->is_latin1 ? 1 + cells->is_latin1 : 1;
  for (; index < count; index++) {
    cell_span cell = find_cell(cells, index, records);
    if (is_null(cells, cell)) {
      valid[index] = 0;
      nulls++;
      ends[index] = (int32_t)written;
      continue;
    }
    if (__builtin_expect(written + cell.length * widening + OVERSHOOT > capacity, 0)) break;
    valid[index] = 1;
    uint8_t *target = output + written;
    if (is_plain && (!cells->quote || *cell.start != cells->quote)) {
      copy_short(target, cell.start, cell.length);
      written += cell.length;
    } else if (is_plain && cell.length >= 2 && cell.start[cell.length - 1] == cells->quote
               && !memchr(cell.start + 1, cells->quote, (size_t)cell.length - 2)) {
      copy_short(target, cell.start + 1, cell.length - 2);
      written += cell.length - 2;
    } else {
      written = put_cell(cells, cell, target) - output;
    }
    ends[index] = (int32_t)written;
  }
  *byte_count = written;
  *null_count += nulls;
  return index;
}

int64_t dsh_csv_parse_text(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int32_t *ends, uint8_t *output, int64_t *byte_count, int64_t capacity,
    uint8_t *valid, int64_t *null_count) {
  dsh_csv_cells local = *cells;
  return parse_texts(&local, local.records, from, count, ends, output, byte_count, capacity, valid, null_count);
}

uint32_t dsh_windows_1252_character(uint8_t byte) {
  return byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
}

int dsh_csv_cell(const dsh_csv_cells *cells, int64_t index, const uint8_t **start, int64_t *length) {
  cell_span cell = find_cell(cells, index, cells->records);
  *start = cell.start;
  *length = cell.length < 0 ? 0 : cell.length;
  return is_null(cells, cell);
}

int64_t dsh_csv_text_bound(const dsh_csv_cells *cells, int64_t index) {
  cell_span cell = find_cell(cells, index, cells->records);
  return (cell.length < 0 ? 0 : cell.length) * (1 + cells->is_latin1) + OVERSHOOT;
}
