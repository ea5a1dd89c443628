// Looks cells of text up in a small table of distinct texts.
#include "include/csv_dictionary.h"

#include "csv_cells.h"

void dsh_csv_dictionary_clear(dsh_csv_dictionary *dictionary) {
  // What belongs to entries, and slots that are not in use yet, are written before they are read.
  dictionary->entry_count = 0;
  dictionary->offsets[0] = 0;
  dictionary->slot_count = DSH_CSV_DICTIONARY_FIRST_SLOTS;
  memset(dictionary->slots, 0, DSH_CSV_DICTIONARY_FIRST_SLOTS * sizeof dictionary->slots[0]);
  memset(dictionary->single_bytes, 0, sizeof dictionary->single_bytes);
}

const int32_t *dsh_csv_dictionary_offsets(const dsh_csv_dictionary *dictionary) { return dictionary->offsets; }
const uint8_t *dsh_csv_dictionary_bytes(const dsh_csv_dictionary *dictionary) { return dictionary->bytes; }

// The first and the last eight bytes; a shorter text is filled up with zeros. Reads behind the text stay within the padding.
static inline __attribute__((always_inline)) dsh_csv_entry key_of(const uint8_t *text, int64_t length) {
  // Without a branch, as words are shorter or longer than eight bytes in any order.
  int64_t within = length < 8 ? length : 8;
  uint64_t mask = ((uint64_t)(within < 8) << (8 * within & 63)) - 1;
  return (dsh_csv_entry){load64(text) & mask, load64(text + length - within) & mask, length};
}

static inline __attribute__((always_inline)) uint64_t first_slot(const dsh_csv_dictionary *dictionary, dsh_csv_entry key) {
  uint64_t hash = (key.head ^ (key.tail >> 7 | key.tail << 57) ^ (uint64_t)key.length) * 0x9E3779B97F4A7C15u;
  return hash >> 40 & (uint64_t)(dictionary->slot_count - 1);
}

// Puts all entries into more slots.
static __attribute__((noinline)) void grow(dsh_csv_dictionary *dictionary) {
  dictionary->slot_count *= 2;
  memset(dictionary->slots, 0, (size_t)dictionary->slot_count * sizeof dictionary->slots[0]);
  for (int64_t entry = 0; entry < dictionary->entry_count; entry++) {
    uint64_t slot = first_slot(dictionary, dictionary->entries[entry]);
    while (dictionary->slots[slot]) slot = (slot + 1) & (uint64_t)(dictionary->slot_count - 1);
    dictionary->slots[slot] = (uint16_t)(entry + 1);
  }
}

// What stands where no code does.
enum { NO_ROOM = -1, NO_VALUE = -2 };

// The code of a text that is new and belongs into a free slot.
static int32_t insert_text(dsh_csv_dictionary *dictionary, cell_span text, dsh_csv_entry key, uint64_t slot) {
  int64_t entry = dictionary->entry_count;
  int64_t start = dictionary->offsets[entry];
  if (entry == DSH_CSV_DICTIONARY_LIMIT || start + text.length > DSH_CSV_DICTIONARY_BYTES) return NO_ROOM;
  dictionary->slots[slot] = (uint16_t)(entry + 1);
  dictionary->entries[entry] = key;
  memcpy(dictionary->bytes + start, text.start, (size_t)text.length);
  dictionary->offsets[entry + 1] = (int32_t)(start + text.length);
  dictionary->entry_count = entry + 1;
  int is_dense = dictionary->entry_count * DSH_CSV_DICTIONARY_FIRST_SLOTS > dictionary->slot_count * DSH_CSV_DICTIONARY_BYTE_LIMIT;
  if (is_dense && dictionary->slot_count < DSH_CSV_DICTIONARY_SLOTS) grow(dictionary);
  return (int32_t)entry;
}

// The code of a text; below zero if it is new, and then the slot that it belongs into.
static inline __attribute__((always_inline)) int32_t find_text(
    const dsh_csv_dictionary *dictionary, cell_span text, dsh_csv_entry key, uint64_t *free_slot) {
  uint64_t slot = first_slot(dictionary, key);
  while (dictionary->slots[slot]) {
    int32_t entry = dictionary->slots[slot] - 1;
    const dsh_csv_entry *known = &dictionary->entries[entry];
    if (known->head == key.head && known->tail == key.tail && known->length == key.length
        && (text.length <= 16 || memcmp(dictionary->bytes + dictionary->offsets[entry], text.start, (size_t)text.length) == 0)) {
      return entry;
    }
    slot = (slot + 1) & (uint64_t)(dictionary->slot_count - 1);
  }
  *free_slot = slot;
  return NO_ROOM;
}

// The length of texts that only a quoted cell has is another one: a plain cell of the same bytes is null or a quoted one itself.
#define ONLY_QUOTED ((int64_t)1 << 32)

// The code of any cell, of a text that is perhaps new.
static __attribute__((noinline)) int32_t find_any(const dsh_csv_cells *cells, cell_span cell, dsh_csv_dictionary *dictionary) {
  if (is_null(cells, cell)) return NO_VALUE;
  if (cell.length > DSH_CSV_DICTIONARY_TEXT_LIMIT) return NO_ROOM;
  // Room for a text that is unquoted first, three times as long as in the file at most, and for the key behind it.
  uint8_t unquoted[3 * DSH_CSV_DICTIONARY_TEXT_LIMIT + 16];
  cell_span text = cell;
  int can_be_plain = !cells->escape && !cells->is_latin1 && !cells->skips_blanks;
  int is_plain = can_be_plain && !(cells->quote && *cell.start == cells->quote);
  if (!is_plain) {
    if (can_be_plain && cell.length >= 2 && cell.start[cell.length - 1] == cells->quote
        && !memchr(cell.start + 1, cells->quote, (size_t)cell.length - 2)) {
      text = (cell_span){cell.start + 1, cell.length - 2};
    } else {
      text = (cell_span){unquoted, put_cell(cells, cell, unquoted) - unquoted};
    }
    if (text.length > DSH_CSV_DICTIONARY_TEXT_LIMIT) return NO_ROOM;
  }
  dsh_csv_entry key = key_of(text.start, text.length);
  if (!is_plain && (is_null(cells, text) || (cells->quote && *text.start == cells->quote))) key.length |= ONLY_QUOTED;
  uint64_t slot;
  int32_t code = find_text(dictionary, text, key, &slot);
  if (code < 0) code = insert_text(dictionary, text, key, slot);
  if (is_plain && cell.length == 1 && code >= 0) dictionary->single_bytes[*cell.start] = (uint16_t)(code + 1);
  return code;
}

// Makes codes of one byte of those of two, in place.
static void narrow(uint16_t *codes, int64_t count) {
  uint8_t *output = (uint8_t *)codes;
  int64_t index = 0;
  for (; index + 64 <= count; index += 64) {
    uint8_t bytes[64];
    for (int place = 0; place < 64; place++) bytes[place] = (uint8_t)codes[index + place];
    memcpy(output + index, bytes, 64);
  }
  for (; index < count; index++) output[index] = (uint8_t)codes[index];
}

int64_t dsh_csv_parse_codes(
    const dsh_csv_cells *cells, int64_t count, uint16_t *codes, dsh_csv_dictionary *dictionary, uint8_t *valid, int64_t *null_count) {
  const dsh_csv_cells local = *cells;
  const int can_be_plain = !local.escape && !local.is_latin1 && !local.skips_blanks;
  int64_t nulls = 0;
  int64_t index = 0;
  for (; index < count; index++) {
    cell_span cell = find_cell(&local, index, local.records);
    valid[index] = 1;
    // What is known of plain cells is neither null nor quoted.
    if (cell.length == 1 && dictionary->single_bytes[*cell.start]) {
      codes[index] = dictionary->single_bytes[*cell.start] - 1;
      continue;
    }
    int32_t code = NO_ROOM;
    if (can_be_plain && (uint64_t)cell.length - 1 < DSH_CSV_DICTIONARY_TEXT_LIMIT && *cell.start != local.quote) {
      uint64_t slot;
      code = find_text(dictionary, cell, key_of(cell.start, cell.length), &slot);
    }
    if (__builtin_expect(code < 0, 0)) {
      code = find_any(cells, cell, dictionary);
      if (code == NO_ROOM) break;
      if (code == NO_VALUE) {
        code = 0;
        valid[index] = 0;
        nulls++;
      }
    }
    codes[index] = (uint16_t)code;
  }
  *null_count += nulls;
  if (dictionary->entry_count <= DSH_CSV_DICTIONARY_BYTE_LIMIT) narrow(codes, index);
  return index;
}
