// Finds the separators and line ends of CSV text that stand outside quotes, 64 bytes at a time.
#ifndef DSH_CSV_STRUCTURE_H
#define DSH_CSV_STRUCTURE_H

#include <stdint.h>

/// The bytes that must be readable behind the text: the scan and the cell parsers load whole vectors.
#define DSH_CSV_PADDING 64

/// The characters that make structure beside the line feed; 0 for a quote or an escape that does not exist.
typedef struct {
  /// Not used where the delimiter has several characters.
  uint8_t delimiter;
  uint8_t quote;
  uint8_t escape;
  /// Whether blanks before a quote belong to the separator; such text is scanned byte by byte.
  uint8_t skips_blanks;
  /// The bytes of the delimiter, and how many there are, at most 8. Text with a delimiter of several bytes is scanned byte by byte.
  uint8_t delimiter_length;
  /// The first byte is the lowest.
  uint64_t delimiter_word;
} dsh_csv_dialect;

/// Where a byte stands: what the bytes before it mean for it.
enum {
  DSH_CSV_CELL_START = 0,
  DSH_CSV_UNQUOTED = 1,
  DSH_CSV_QUOTED = 2,
  /// Behind a quote inside a quoted cell: the cell's end, or the first half of a doubled quote.
  DSH_CSV_QUOTE_SEEN = 3,
};

/// What a scan carries from call to call and what it found.
typedef struct {
  /// In: the state before the first byte. Out: behind the last.
  int32_t state;
  /// Whether the next byte is escaped.
  int32_t escaped;
  /// Separators and line ends found, and how many of them were written.
  int64_t entry_count;
  int64_t kept_count;
  /// Line ends among them.
  int64_t newline_count;
  /// Not zero if a byte has its high bit set.
  uint64_t high_bits;
} dsh_csv_structure;

/// Lines that are not text of records as they stand.
typedef struct {
  /// What lines start with that are no records; 0 if there are none.
  uint8_t comment;
  /// Whether a carriage return that no line feed follows ends a line too.
  uint8_t ends_at_returns;
} dsh_csv_lines;

/// Makes text that starts with a record ready to be scanned: carriage returns that end lines become line feeds, and what is in comment lines becomes the
/// comment's character, so that no quote in them counts. To do it again with more text behind changes nothing of what was done.
///
/// - `is_end`: whether nothing follows the text, so that a carriage return at its end ends a line.
void dsh_csv_prepare_lines(uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_lines *lines, int is_end);

/// Writes the positions of all separators and line ends outside quotes, ascending, to `entries`; of longer separators the last byte's.
///
/// A quote opens a quoted cell only as the first byte of a cell; elsewhere in an unquoted cell it is text, and so is whatever follows a
/// closing quote up to the next separator. `entries` has room for `length` + 64 positions; `DSH_CSV_PADDING` bytes
/// behind the text are readable.
void dsh_csv_find_structure(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure);

/// Which separators and line ends to write if records have as many cells as there are columns.
typedef struct {
  int64_t columns;
  /// For each number of cells already seen of a record: bit n tells whether the entry n further on is written.
  const uint64_t *patterns;
} dsh_csv_selection;

/// The most columns for which a selection is understood.
#define DSH_CSV_SELECTION_LIMIT 1024

/// Writes only the entries that `selection` wants; the rest are counted. Returns 0, without scanning, where the processor can't do it fast.
int dsh_csv_find_selected(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_selection *selection, uint32_t *entries,
    dsh_csv_structure *structure);

/// `dsh_csv_find_selected` without the longest vectors, for tests.
int dsh_csv_find_selected_narrow(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_selection *selection, uint32_t *entries,
    dsh_csv_structure *structure);

/// `dsh_csv_find_structure` without vector instructions, for tests.
void dsh_csv_find_structure_portable(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure);

/// The same byte by byte, the readable definition of what the other two do.
void dsh_csv_find_structure_bytewise(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure);

/// What `dsh_csv_normalize` met.
typedef struct {
  /// Records written.
  int64_t records;
  int64_t blank_lines;
  /// Records with too few and with too many cells.
  int64_t short_records;
  int64_t long_records;
  /// Records left out because of their number of cells, and because they repeat the header.
  int64_t skipped_records;
  int64_t repeated_headers;
  /// Where the first of either starts and ends, and how many cells it has; the start is -1 if there is none.
  int64_t first_ragged_start;
  int64_t first_ragged_end;
  int64_t first_ragged_cells;
} dsh_csv_normalized;

/// Records that `dsh_csv_normalize` leaves out.
typedef struct {
  /// Whether those with too few or too many cells are.
  int32_t skips_ragged;
  /// Lines that start with this character are; 0 for none.
  uint8_t comment;
  /// The bytes of a header, without its line end: records that repeat it are left out. None if the length is 0.
  const uint8_t *header;
  int64_t header_length;
} dsh_csv_exclusions;

/// Whether every `stride`-th entry, `records` times, is a line end (then, if the scan met that many, none is elsewhere) and no record repeats the
/// header that is excluded.
int dsh_csv_is_regular(
    const uint8_t *bytes, const uint32_t *entries, int64_t records, int64_t stride, const dsh_csv_exclusions *exclusions);

/// Rewrites the entries of irregular text with two entries a cell: the position before it, and its end.
///
/// Blank lines are left out unless `columns` is 1. A missing cell ends one byte before it starts. Cells too many are cut off. A
/// carriage return before a line end is left out of the last cell. `output` has room for 2 × `columns` × line ends.
void dsh_csv_normalize(
    const uint8_t *bytes, const uint32_t *entries, int64_t entry_count, int64_t columns, int64_t delimiter_length,
    const dsh_csv_exclusions *exclusions, uint32_t *output, dsh_csv_normalized *normalized);

#endif
