// Parses cells of CSV text into columns, straight from the bytes.
#ifndef DSH_CSV_CELLS_H
#define DSH_CSV_CELLS_H

#include <stdint.h>

/// A text that stands for null beside the empty cell.
typedef struct {
  const uint8_t *bytes;
  int64_t length;
} dsh_csv_null_text;

/// Which cells to parse and how: one column of some records.
typedef struct {
  const uint8_t *bytes;
  /// Cell c of record r starts one byte behind entries[r × stride + c] and ends before entries[r × stride + c + 1].
  const uint32_t *entries;
  int64_t stride;
  int64_t column;
  /// The record that cell 0 belongs to, where `records` is NULL; otherwise what its numbers count from.
  int64_t first_record;
  /// The numbers of the records to take; NULL takes one after the other.
  const int32_t *records;
  /// 0 if there is none.
  uint8_t quote;
  uint8_t escape;
  /// Whether a carriage return that ends the cell belongs to the line end.
  uint8_t strips_return;
  /// Not zero if each byte is a character and text becomes UTF-8: 1 for ISO 8859-1, 2 for Windows-1252.
  uint8_t is_latin1;
  /// Whether a number may have leading zeros and a plus sign.
  uint8_t is_lenient;
  /// Whether blanks before a quote are no text.
  uint8_t skips_blanks;
  /// Whether an empty cell is a text, and only one of a length below zero is null.
  uint8_t has_empty_texts;
  /// The characters before a fraction and between groups of three digits, where they are not the usual `.` and none; otherwise 0.
  uint8_t decimal;
  uint8_t thousands;
  /// Bit n: a null text of n bytes exists (bit 63: of 63 or more).
  uint64_t null_lengths;
  /// Bit b: a null text starts with byte b.
  uint64_t null_first_bytes[4];
  const dsh_csv_null_text *null_texts;
  int64_t null_text_count;
} dsh_csv_cells;

/// Parses cells `from`..<`count` until one does not fit the type, and returns that one's index, or `count`.
///
/// `values` gets a value for each cell (0 for null), `valid` a 1 for each value and a 0 for each null. `null_count` is
/// added to.
int64_t dsh_csv_parse_int64(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int64_t *values, uint8_t *valid, int64_t *null_count);
int64_t dsh_csv_parse_date(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int32_t *values, uint8_t *valid, int64_t *null_count);
int64_t dsh_csv_parse_timestamp(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int64_t *values, uint8_t *valid, int64_t *null_count);
int64_t dsh_csv_parse_bool(
    const dsh_csv_cells *cells, int64_t from, int64_t count, uint8_t *values, uint8_t *valid, int64_t *null_count);

/// Like the others, but also stops at a number that takes more than 64-bit arithmetic to round exactly; see `dsh_csv_float_text`.
int64_t dsh_csv_parse_float64(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count);

/// `dsh_csv_parse_int64` and `dsh_csv_parse_float64` without vector instructions, for tests.
int64_t dsh_csv_parse_int64_portable(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int64_t *values, uint8_t *valid, int64_t *null_count);
int64_t dsh_csv_parse_float64_portable(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count);

/// `dsh_csv_parse_float64` with vectors that hold one cell, where the processor has them, for tests.
int64_t dsh_csv_parse_float64_single(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count);

/// Copies the cells' text, unquoted and unescaped, behind the `*byte_count` bytes in `output`, and writes where each ends to `ends`.
///
/// Stops and returns the index of the first cell for which `capacity` bytes are not enough.
int64_t dsh_csv_parse_text(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int32_t *ends, uint8_t *output, int64_t *byte_count, int64_t capacity,
    uint8_t *valid, int64_t *null_count);

/// Whether cell `index` is null; otherwise where its raw bytes are, quotes included.
int dsh_csv_cell(const dsh_csv_cells *cells, int64_t index, const uint8_t **start, int64_t *length);

/// Whether cell `index` is a decimal number, and then where: for the exact slow path of numbers that `dsh_csv_parse_float64` refuses.
int dsh_csv_float_text(const dsh_csv_cells *cells, int64_t index, const uint8_t **start, int64_t *length);

/// The character that a byte stands for in Windows-1252.
uint32_t dsh_windows_1252_character(uint8_t byte);

/// The most bytes that the text of a cell can take in a column.
int64_t dsh_csv_text_bound(const dsh_csv_cells *cells, int64_t index);

#endif
