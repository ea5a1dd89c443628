// Parses cells of text with few distinct values into codes.
#ifndef DSH_CSV_DICTIONARY_H
#define DSH_CSV_DICTIONARY_H

#include "csv_cells.h"

/// A code is one byte.
#define DSH_CSV_DICTIONARY_LIMIT 256
/// Longer texts hardly repeat.
#define DSH_CSV_DICTIONARY_TEXT_LIMIT 255
/// Four slots an entry keep the chains short.
#define DSH_CSV_DICTIONARY_SLOTS 1024

/// The distinct texts met so far.
typedef struct {
  int64_t entry_count;
  /// Entry number + 1, or 0 for a free slot.
  uint16_t slots[DSH_CSV_DICTIONARY_SLOTS];
  /// The first and the last eight bytes of each text, which settle most comparisons.
  uint64_t heads[DSH_CSV_DICTIONARY_LIMIT];
  uint64_t tails[DSH_CSV_DICTIONARY_LIMIT];
  /// Where the texts start in `bytes`.
  int32_t offsets[DSH_CSV_DICTIONARY_LIMIT + 1];
  uint8_t bytes[DSH_CSV_DICTIONARY_LIMIT * DSH_CSV_DICTIONARY_TEXT_LIMIT + 32];
} dsh_csv_dictionary;

/// Makes a dictionary empty.
void dsh_csv_dictionary_clear(dsh_csv_dictionary *dictionary);

/// Where each text starts in the bytes, and where the last one ends.
const int32_t *dsh_csv_dictionary_offsets(const dsh_csv_dictionary *dictionary);
const uint8_t *dsh_csv_dictionary_bytes(const dsh_csv_dictionary *dictionary);

/// Writes the code of each cell's text, 0 for null, and adds texts that are new.
///
/// Stops and returns the index of the first cell whose text is too long or one too many.
int64_t dsh_csv_parse_codes(
    const dsh_csv_cells *cells, int64_t count, uint8_t *codes, dsh_csv_dictionary *dictionary, uint8_t *valid, int64_t *null_count);

#endif
