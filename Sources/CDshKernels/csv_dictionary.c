// Looks cells of text up in a small table of distinct texts.
#include "include/csv_dictionary.h"

#include "csv_cells.h"

void dsh_csv_dictionary_clear(dsh_csv_dictionary *dictionary) {
  // What belongs to entries is written before it is read.
  dictionary->entry_count = 0;
  dictionary->offsets[0] = 0;
  memset(dictionary->slots, 0, sizeof dictionary->slots);
}

const int32_t *dsh_csv_dictionary_offsets(const dsh_csv_dictionary *dictionary) { return dictionary->offsets; }
const uint8_t *dsh_csv_dictionary_bytes(const dsh_csv_dictionary *dictionary) { return dictionary->bytes; }

typedef struct {
  uint64_t head;
  uint64_t tail;
} text_key;

// The first and the last eight bytes; a shorter text is filled up with zeros. Reads behind the text stay within the padding.
static inline __attribute__((always_inline)) text_key key_of(const uint8_t *text, int64_t length) {
  if (length >= 8) return (text_key){load64(text), load64(text + length - 8)};
  uint64_t head = length == 0 ? 0 : load64(text) & (~0ull >> (64 - 8 * length));
  return (text_key){head, head};
}

// The code of a text, or -1 if it is new and there is no room.
static inline __attribute__((always_inline)) int32_t find_text(dsh_csv_dictionary *dictionary, const uint8_t *text, int64_t length) {
  text_key key = key_of(text, length);
  uint64_t hash = (key.head ^ (key.tail >> 7 | key.tail << 57) ^ (uint64_t)length) * 0x9E3779B97F4A7C15u;
  uint32_t slot = (uint32_t)(hash >> 54);
  while (dictionary->slots[slot]) {
    int32_t entry = dictionary->slots[slot] - 1;
    int32_t start = dictionary->offsets[entry];
    if (dictionary->heads[entry] == key.head && dictionary->tails[entry] == key.tail && dictionary->offsets[entry + 1] - start == length
        && (length <= 16 || memcmp(dictionary->bytes + start, text, (size_t)length) == 0)) {
      return entry;
    }
    slot = (slot + 1) % DSH_CSV_DICTIONARY_SLOTS;
  }
  int64_t entry = dictionary->entry_count;
  if (entry == DSH_CSV_DICTIONARY_LIMIT) return -1;
  dictionary->slots[slot] = (uint16_t)(entry + 1);
  dictionary->heads[entry] = key.head;
  dictionary->tails[entry] = key.tail;
  memcpy(dictionary->bytes + dictionary->offsets[entry], text, (size_t)length);
  dictionary->offsets[entry + 1] = dictionary->offsets[entry] + (int32_t)length;
  dictionary->entry_count = entry + 1;
  return (int32_t)entry;
}

int64_t dsh_csv_parse_codes(
    const dsh_csv_cells *cells, int64_t count, uint8_t *codes, dsh_csv_dictionary *dictionary, uint8_t *valid, int64_t *null_count) {
  dsh_csv_cells local = *cells;
  int is_plain = !local.escape && !local.is_latin1 && !local.skips_blanks;
  int64_t nulls = 0;
  int64_t index = 0;
  // Room for a text that is unquoted first, three times as long as in the file at most, and for the key behind it.
  uint8_t unquoted[3 * DSH_CSV_DICTIONARY_TEXT_LIMIT + 16];
  for (; index < count; index++) {
    cell_span cell = find_cell(&local, index, local.records);
    codes[index] = 0;
    int null = is_null(&local, cell);
    valid[index] = !null;
    nulls += null;
    if (null) continue;
    if (__builtin_expect(cell.length > DSH_CSV_DICTIONARY_TEXT_LIMIT, 0)) break;
    if (!is_plain || (local.quote && *cell.start == local.quote)) {
      int is_simple = is_plain && cell.length >= 2 && cell.start[cell.length - 1] == local.quote
          && !memchr(cell.start + 1, local.quote, (size_t)cell.length - 2);
      if (is_simple) {
        cell.start++;
        cell.length -= 2;
      } else {
        cell.length = put_cell(&local, cell, unquoted) - unquoted;
        cell.start = unquoted;
        if (cell.length > DSH_CSV_DICTIONARY_TEXT_LIMIT) break;
      }
    }
    int32_t code = find_text(dictionary, cell.start, cell.length);
    if (code < 0) break;
    codes[index] = (uint8_t)code;
  }
  *null_count += nulls;
  return index;
}
