// Parses cells of text with few distinct values into codes.
#ifndef DSH_CSV_DICTIONARY_H
#define DSH_CSV_DICTIONARY_H

#include "csv_cells.h"

/// A text of more distinct values is not much shorter as a code, and groups are found no sooner by it.
#define DSH_CSV_DICTIONARY_LIMIT 4096
/// As many entries are named by one byte, more by two.
#define DSH_CSV_DICTIONARY_BYTE_LIMIT 256
/// Longer texts hardly repeat.
#define DSH_CSV_DICTIONARY_TEXT_LIMIT 255
/// All texts together: room for one of any length for each code of one byte, and for words behind more codes.
#define DSH_CSV_DICTIONARY_BYTES 65536
/// Four slots an entry keep the chains short. As long as they fit into a cache, there are sixteen: hardly a text is not found in its first one, which
/// is what the processor counts on.
#define DSH_CSV_DICTIONARY_SLOTS (4 * DSH_CSV_DICTIONARY_LIMIT)
#define DSH_CSV_DICTIONARY_FIRST_SLOTS (16 * DSH_CSV_DICTIONARY_BYTE_LIMIT)

/// A distinct text.
typedef struct {
  /// The first and the last eight bytes, which settle most comparisons.
  uint64_t head;
  uint64_t tail;
  int64_t length;
} dsh_csv_entry;

/// The distinct texts met so far.
typedef struct {
  int64_t entry_count;
  /// How many slots are in use, a power of two.
  int64_t slot_count;
  /// Entry number + 1, or 0 for a free slot.
  uint16_t slots[DSH_CSV_DICTIONARY_SLOTS];
  /// The same for cells of one byte, by that byte, as they stand in the file.
  uint16_t single_bytes[256];
  dsh_csv_entry entries[DSH_CSV_DICTIONARY_LIMIT];
  /// Where the texts start in `bytes`.
  int32_t offsets[DSH_CSV_DICTIONARY_LIMIT + 1];
  uint8_t bytes[DSH_CSV_DICTIONARY_BYTES];
} dsh_csv_dictionary;

/// Makes a dictionary empty.
void dsh_csv_dictionary_clear(dsh_csv_dictionary *dictionary);

/// Where each text starts in the bytes, and where the last one ends.
const int32_t *dsh_csv_dictionary_offsets(const dsh_csv_dictionary *dictionary);
const uint8_t *dsh_csv_dictionary_bytes(const dsh_csv_dictionary *dictionary);

/// Writes the code of each cell's text, 0 for null, and adds texts that are new.
///
/// `codes` has room for two bytes a cell; a code takes one of them if no more than `DSH_CSV_DICTIONARY_BYTE_LIMIT` texts are known in the end. Stops and
/// returns the index of the first cell whose text is too long or one too many; the codes mean nothing then.
int64_t dsh_csv_parse_codes(
    const dsh_csv_cells *cells, int64_t count, uint16_t *codes, dsh_csv_dictionary *dictionary, uint8_t *valid, int64_t *null_count);

#endif
