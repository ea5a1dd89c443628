// Walks over the structure of JSON text.
#include "json_objects.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline __attribute__((always_inline)) uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

// An entry that is wrong, as a result: below every entry.
#define WRONG(ENTRY) (-1 - (ENTRY))

static inline __attribute__((always_inline)) uint8_t byte_at(const dsh_json_text *text, int64_t entry) {
  return text->bytes[text->entries[entry]];
}

// Where a value that ends before `next` ends without the blanks behind it.
static inline __attribute__((always_inline)) uint32_t trim(const uint8_t *bytes, uint32_t start, uint32_t next) {
  while (next > start + 1 && bytes[next - 1] <= ' '
         && (bytes[next - 1] == ' ' || bytes[next - 1] == '\n' || bytes[next - 1] == '\r' || bytes[next - 1] == '\t')) {
    next--;
  }
  return next;
}

// What kind of number stands between two places, byte by byte; 0 if it is none. Behind the end stands something that is no digit: a blank, structure,
// or a zero.
static __attribute__((noinline)) int long_number_kind(const uint8_t *cursor, const uint8_t *end) {
  cursor += *cursor == '-';
  if (*cursor == '0') {
    cursor++;
  } else {
    if ((uint8_t)(*cursor - '1') > 8) return 0;
    do cursor++; while ((uint8_t)(*cursor - '0') < 10);
  }
  if (cursor == end) return DSH_JSON_INTEGER;
  if (*cursor == '.') {
    cursor++;
    if ((uint8_t)(*cursor - '0') > 9) return 0;
    do cursor++; while ((uint8_t)(*cursor - '0') < 10);
  }
  if ((*cursor | 0x20) == 'e') {
    cursor++;
    cursor += *cursor == '-' || *cursor == '+';
    if ((uint8_t)(*cursor - '0') > 9) return 0;
    do cursor++; while ((uint8_t)(*cursor - '0') < 10);
  }
  return cursor == end ? DSH_JSON_DECIMAL : 0;
}

// The same for a number of at most 16 bytes without an exponent; 0 for others too.
static inline __attribute__((always_inline)) int short_number_kind(const uint8_t *start, const uint8_t *end) {
#if defined(__x86_64__)
  // Without a branch on the places of digits and point, which are hard to foretell.
  const int64_t length = end - start;
  if (length > 16) return 0;
  // SSE2 is part of every x86-64, and the padding behind the text makes the load safe.
  const __m128i text = _mm_loadu_si128((const __m128i *)start);
  const __m128i digits = _mm_sub_epi8(text, _mm_set1_epi8('0'));
  const uint32_t all = (1u << length) - 1;
  const uint32_t digit_bits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits)) & all;
  const uint32_t points = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('.'))) & all;
  const uint32_t negative = *start == '-';
  uint32_t wrong = (digit_bits | points | negative) ^ all;
  // A digit at both ends, one point at most, and no digit behind a zero in front.
  const uint32_t ends = 1u << negative | (all ^ all >> 1);
  wrong |= ends & ~digit_bits;
  wrong |= points & (points - 1);
  wrong |= (start[negative] == '0') & digit_bits >> (negative + 1);
  return wrong ? 0 : DSH_JSON_INTEGER + (points != 0);
#else
  return *start == '-' || (uint8_t)(*start - '0') < 10 ? long_number_kind(start, end) : 0;
#endif
}

static inline __attribute__((always_inline)) int number_kind(const uint8_t *start, const uint8_t *end) {
  const int kind = short_number_kind(start, end);
  return __builtin_expect(kind != 0, 1) ? kind : long_number_kind(start, end);
}

// What kind of value stands between two structures if it is a string or a short number without blanks behind it; 0 for others, and for what is none.
// It may be cut short if no structure follows, but the end of the text.
static inline __attribute__((always_inline)) int usual_kind(const uint8_t *bytes, uint32_t start, uint32_t next) {
  // Only a quote that closes has structure behind it.
  if (bytes[start] == '"') return bytes[next - 1] == '"' ? DSH_JSON_STRING : 0;
  return short_number_kind(bytes + start, bytes + next);
}

// A value that was found.
typedef struct {
  uint32_t start;
  uint32_t end;
  int32_t kind;
} found_value;

static __attribute__((noinline)) int64_t check_container(const dsh_json_text *text, int64_t entry, int depth);

// The entry behind a string, number or word; `value` gets where it is.
static inline __attribute__((always_inline)) int64_t read_scalar(
    const dsh_json_text *text, int64_t entry, found_value *value, int looks_for_escapes) {
  const uint8_t *bytes = text->bytes;
  const uint32_t start = text->entries[entry];
  const uint32_t end = trim(bytes, start, text->entries[entry + 1]);
  const uint8_t *first = bytes + start;
  value->start = start;
  value->end = end;
  // At the end of the text more of it may follow.
  if (__builtin_expect(entry + 1 >= text->entry_count, 0) && (entry >= text->entry_count || !text->is_end || text->is_inside)) return WRONG(text->entry_count);
  if (*first == '"') {
    // Between the quote that closes and the next structure stand only blanks: anything else would be structure.
    value->kind = DSH_JSON_STRING;
    if (looks_for_escapes && text->has_escapes && memchr(first + 1, '\\', end - start - 1)) value->kind = DSH_JSON_ESCAPED;
    return entry + 1;
  }
  int kind = 0;
  if (*first == '-' || (uint8_t)(*first - '0') < 10) {
    kind = number_kind(first, bytes + end);
  } else if (end - start == 4) {
    kind = memcmp(first, "null", 4) == 0 ? DSH_JSON_NULL : memcmp(first, "true", 4) == 0 ? DSH_JSON_TRUE : 0;
  } else if (end - start == 5) {
    kind = memcmp(first, "false", 5) == 0 ? DSH_JSON_FALSE : 0;
  }
  value->kind = kind;
  return __builtin_expect(kind != 0, 1) ? entry + 1 : WRONG(entry);
}

// The entry behind any value.
static inline __attribute__((always_inline)) int64_t read_value(
    const dsh_json_text *text, int64_t entry, int depth, found_value *value, int looks_for_escapes) {
  const uint32_t start = text->entries[entry];
  const uint8_t first = text->bytes[start];
  if (__builtin_expect((first | 0x20) == '{', 0)) {
    int64_t next = check_container(text, entry, depth + 1);
    if (next < 0) return next;
    *value = (found_value){start, text->entries[next - 1] + 1, first == '{' ? DSH_JSON_OBJECT : DSH_JSON_ARRAY};
    return next;
  }
  return read_scalar(text, entry, value, looks_for_escapes);
}

// Whether a name stands at an entry and a colon behind it; otherwise the entry that is wrong.
static inline __attribute__((always_inline)) int64_t check_name(const dsh_json_text *text, int64_t entry) {
  if (byte_at(text, entry) != '"') return WRONG(entry);
  return byte_at(text, entry + 1) == ':' ? 0 : WRONG(entry + 1);
}

static __attribute__((noinline)) int64_t check_container(const dsh_json_text *text, int64_t entry, int depth) {
  if (depth > DSH_JSON_DEPTH_LIMIT) return WRONG(entry);
  const int is_object = byte_at(text, entry) == '{';
  const uint8_t close = is_object ? '}' : ']';
  entry++;
  if (byte_at(text, entry) == close) return entry + 1;
  while (1) {
    if (is_object) {
      int64_t wrong = check_name(text, entry);
      if (wrong < 0) return wrong;
      entry += 2;
    }
    found_value value;
    entry = read_value(text, entry, depth, &value, 0);
    if (entry < 0) return entry;
    uint8_t separator = byte_at(text, entry);
    if (separator == close) return entry + 1;
    if (separator != ',') return WRONG(entry);
    entry++;
  }
}

// MARK: Names

uint64_t dsh_json_name_hash(const uint8_t *bytes, int64_t length) {
  uint64_t hash = (uint64_t)length * 0x9E3779B97F4A7C15u;
  for (int64_t index = 0; index < length; index++) hash = (hash ^ bytes[index]) * 0x100000001B3u;
  return hash ^ hash >> 29;
}

static inline uint32_t hexadecimal(const uint8_t *digits) {
  uint32_t value = 0;
  for (int place = 0; place < 4; place++) {
    uint8_t byte = digits[place];
    value = value << 4 | (uint32_t)(byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10);
  }
  return value;
}

// Writes what a string means, whose escapes were checked; never longer than what it stands as.
static uint8_t *unescape(const uint8_t *source, const uint8_t *end, uint8_t *output) {
  while (source < end) {
    const uint8_t *escape = memchr(source, '\\', (size_t)(end - source));
    const uint8_t *plain_end = escape ? escape : end;
    memmove(output, source, (size_t)(plain_end - source));
    output += plain_end - source;
    if (!escape) return output;
    uint8_t byte = escape[1];
    source = escape + 2;
    switch (byte) {
    case 'b': *output++ = '\b'; continue;
    case 'f': *output++ = '\f'; continue;
    case 'n': *output++ = '\n'; continue;
    case 'r': *output++ = '\r'; continue;
    case 't': *output++ = '\t'; continue;
    case 'u': break;
    default: *output++ = byte; continue;
    }
    uint32_t character = hexadecimal(source);
    source += 4;
    if (character >= 0xD800 && character < 0xDC00) {
      character = 0x10000 + ((character - 0xD800) << 10) + (hexadecimal(source + 2) - 0xDC00);
      source += 6;
    }
    if (character < 0x80) {
      *output++ = (uint8_t)character;
    } else if (character < 0x800) {
      *output++ = (uint8_t)(0xC0 | character >> 6);
      *output++ = 0x80 | (character & 0x3F);
    } else if (character < 0x10000) {
      *output++ = (uint8_t)(0xE0 | character >> 12);
      *output++ = 0x80 | (character >> 6 & 0x3F);
      *output++ = 0x80 | (character & 0x3F);
    } else {
      *output++ = (uint8_t)(0xF0 | character >> 18);
      *output++ = 0x80 | (character >> 12 & 0x3F);
      *output++ = 0x80 | (character >> 6 & 0x3F);
      *output++ = 0x80 | (character & 0x3F);
    }
  }
  return output;
}

// The number of a name that is not the one that was expected; -1 if it is not known.
static __attribute__((noinline)) int64_t look_up(
    const dsh_json_text *text, const dsh_json_names *names, const uint8_t *name, int64_t length) {
  uint8_t plain[DSH_JSON_NAME_LIMIT];
  if (text->has_escapes && memchr(name, '\\', (size_t)length)) {
    if (length > DSH_JSON_NAME_LIMIT) return -1;
    length = unescape(name, name + length, plain) - plain;
    name = plain;
  }
  uint64_t slot = dsh_json_name_hash(name, length) & (uint64_t)(names->table_size - 1);
  while (names->table[slot]) {
    int64_t number = names->table[slot] - 1;
    const dsh_json_name *known = &names->names[number];
    if (known->length == length && memcmp(known->text + 1, name, (size_t)length) == 0) return number;
    slot = (slot + 1) & (uint64_t)(names->table_size - 1);
  }
  return -1;
}

// Whether a name stands at an entry as it usually does: without escapes, and with a colon right behind it, which is the next entry then.
static inline __attribute__((always_inline)) int is_name(const uint8_t *bytes, const uint32_t *entries, const dsh_json_name *known) {
  const uint8_t *name = bytes + entries[0];
  const int64_t length = known->length + 3;
  if (__builtin_expect(!known->is_plain, 0)) return 0;
  // The lowest bytes are the first.
  if (length < 8) return ((load64(name) ^ load64(known->text)) << (64 - 8 * length)) == 0;
  // What is longer may go on behind the padding of the text.
  if (length > 32) return entries[1] - entries[0] + 1 == length && memcmp(name, known->text, (size_t)length) == 0;
  // The first bytes and the last, which overlap.
  const uint8_t *tail = name + length, *known_tail = known->text + length;
  uint64_t difference = (load64(name) ^ load64(known->text)) | (load64(tail - 8) ^ load64(known_tail - 8));
  if (length > 16) difference |= (load64(name + 8) ^ load64(known->text + 8)) | (load64(tail - 16) ^ load64(known_tail - 16));
  return difference == 0;
}

// Names of one object that are not known.
typedef struct {
  struct unknown_name { const uint8_t *start; int64_t length; } *names;
  int64_t count;
  int64_t capacity;
} unknown_names;

static int compare_names(const void *a, const void *b) {
  const struct unknown_name *first = a, *second = b;
  if (first->length != second->length) return first->length < second->length ? -1 : 1;
  return memcmp(first->start, second->start, (size_t)first->length);
}

static __attribute__((noinline)) void note_unknown(unknown_names *unknown, const uint8_t *start, int64_t length) {
  if (unknown->count == unknown->capacity) {
    int64_t capacity = unknown->capacity ? unknown->capacity * 2 : 16;
    void *larger = realloc(unknown->names, (size_t)capacity * sizeof *unknown->names);
    // Without memory such names are not compared with one another.
    if (!larger) return;
    unknown->names = larger;
    unknown->capacity = capacity;
  }
  unknown->names[unknown->count++] = (struct unknown_name){start, length};
}

// Where a name stands that an object has twice; NULL if it has none.
static __attribute__((noinline)) const uint8_t *repeated_unknown(unknown_names *unknown) {
  if (unknown->count < 2) return NULL;
  qsort(unknown->names, (size_t)unknown->count, sizeof *unknown->names, compare_names);
  for (int64_t index = 1; index < unknown->count; index++) {
    if (compare_names(&unknown->names[index - 1], &unknown->names[index]) == 0) {
      const uint8_t *first = unknown->names[index - 1].start, *second = unknown->names[index].start;
      return first > second ? first : second;
    }
  }
  return NULL;
}

// MARK: Objects

static inline __attribute__((always_inline)) void put_cell(const dsh_json_cells *cells, int64_t cell, found_value value, int64_t entry, int is_raw) {
  cells->kinds[cell] = (uint8_t)value.kind;
  cells->places[cell] = (uint32_t)entry;
  int is_string = value.kind == DSH_JSON_STRING || value.kind == DSH_JSON_ESCAPED;
  uint32_t cut = is_string && !is_raw;
  cells->spans[2 * cell] = value.start + cut - 1;
  cells->spans[2 * cell + 1] = value.kind == DSH_JSON_NULL ? value.start - 1 : value.end - cut;
}

static inline __attribute__((always_inline)) void put_nothing(const dsh_json_cells *cells, int64_t first, int64_t count) {
  for (int64_t cell = first; cell < first + count; cell++) {
    cells->kinds[cell] = DSH_JSON_MISSING;
    cells->places[cell] = 0;
    cells->spans[2 * cell] = cells->spans[2 * cell + 1] = 0;
  }
}

// An object whose members are being read into the cells of a row.
typedef struct {
  const dsh_json_text *text;
  dsh_json_names *names;
  unknown_names *unknown;
  const dsh_json_cells *cells;
  dsh_json_walk *walk;
  int64_t row;
  int depth;
} object_reading;

// The entry behind any member; `expected` is the number of the name that may come next, before and after.
static __attribute__((noinline)) int64_t read_member(const object_reading *reading, int64_t entry, int64_t *expected) {
  const dsh_json_text *text = reading->text;
  dsh_json_names *names = reading->names;
  int64_t wrong = check_name(text, entry);
  if (wrong < 0) return wrong;
  const uint8_t *name = text->bytes + text->entries[entry] + 1;
  int64_t number = *expected;
  if (number >= names->count || !is_name(text->bytes, text->entries + entry, &names->names[number])) {
    int64_t length = text->bytes + trim(text->bytes, text->entries[entry], text->entries[entry + 1]) - 1 - name;
    number = look_up(text, names, name, length);
    if (number < 0) {
      if (reading->walk->unknown < 0) {
        reading->walk->unknown = text->entries[entry];
        reading->walk->unknown_row = reading->row;
      }
      note_unknown(reading->unknown, name, length);
    }
  }
  int32_t slot = -1;
  int is_raw = 0;
  if (number >= 0) {
    if (names->stamps[number] == names->serial) return WRONG(entry);
    names->stamps[number] = names->serial;
    slot = names->names[number].slot;
    is_raw = names->names[number].is_raw;
    *expected = number + 1;
  }
  entry += 2;
  found_value value;
  int64_t next = read_value(text, entry, reading->depth, &value, slot >= 0);
  if (next >= 0 && slot >= 0) put_cell(reading->cells, reading->row * reading->cells->slots + slot, value, entry, is_raw);
  return next;
}

// The entry behind an object, whose members go to the cells of a row.
static inline __attribute__((always_inline)) int64_t read_object(
    const dsh_json_text *text, int64_t entry, int depth, dsh_json_names *names, unknown_names *unknown, const dsh_json_cells *cells, int64_t row,
    dsh_json_walk *walk) {
  const uint8_t *bytes = text->bytes;
  const uint32_t *entries = text->entries;
  const int64_t first_cell = row * cells->slots;
  put_nothing(cells, first_cell, cells->slots);
  if (++names->serial == 0) {
    // Numbers begin anew once in 2^32 objects.
    memset(names->stamps, 0, (size_t)names->count * sizeof *names->stamps);
    names->serial = 1;
  }
  const object_reading reading = {text, names, unknown, cells, walk, row, depth};
  const int keeps_strings = !text->has_escapes;
  unknown->count = 0;
  entry++;
  if (byte_at(text, entry) == '}') return entry + 1;
  int64_t expected = 0;
  while (1) {
    int64_t next = -1;
    uint8_t separator = ',';
    // As long as names come in the order in which they are known, and values are plain.
    for (; expected < names->count; expected++) {
      const dsh_json_name *known = &names->names[expected];
      if (!is_name(bytes, entries + entry, known) || names->stamps[expected] == names->serial) break;
      found_value value = {entries[entry + 2], entries[entry + 3], 0};
      value.kind = usual_kind(bytes, value.start, value.end);
      const int is_wanted = known->slot >= 0;
      if (!value.kind || (is_wanted && value.kind == DSH_JSON_STRING && !keeps_strings)) break;
      names->stamps[expected] = names->serial;
      if (is_wanted) put_cell(cells, first_cell + known->slot, value, entry + 2, known->is_raw);
      separator = bytes[value.end];
      if (separator != ',') {
        next = entry + 3;
        break;
      }
      entry += 4;
    }
    if (separator == ',') {
      next = read_member(&reading, entry, &expected);
      if (__builtin_expect(next < 0, 0)) return next;
      separator = byte_at(text, next);
    }
    entry = next + 1;
    if (separator == ',') continue;
    if (__builtin_expect(separator != '}', 0)) return WRONG(next);
    if (__builtin_expect(unknown->count > 1, 0)) {
      const uint8_t *repeated = repeated_unknown(unknown);
      if (repeated) {
        walk->wrong = repeated - 1 - bytes;
        return WRONG(next);
      }
    }
    return entry;
  }
}

// Takes note of what is wrong at an entry; at the end of the text nothing is if more follows.
static void note_wrong(const dsh_json_text *text, int64_t entry, dsh_json_walk *walk) {
  if (walk->wrong >= 0) return;
  if (entry >= text->entry_count && !text->is_end) return;
  walk->wrong = text->entries[entry < text->entry_count ? entry : text->entry_count];
}

void dsh_json_find_records(
    const dsh_json_text *text, int32_t mode, int64_t limit, dsh_json_names *names, int32_t is_raw, const dsh_json_cells *cells,
    uint32_t *starts, int64_t capacity, dsh_json_walk *walk) {
  unknown_names unknown = {NULL, 0, 0};
  walk->records = 0;
  walk->is_done = 0;
  walk->wrong = walk->unknown = walk->unknown_row = -1;
  int64_t entry = walk->entry;
  while (walk->records < capacity) {
    if (mode == DSH_JSON_LINES) {
      // A line belongs to whoever has its first byte, blanks in front of the record included.
      while (walk->end < limit && entry < text->entry_count && byte_at(text, entry) == '\n') walk->end = text->entries[entry++] + 1;
    } else if (mode == DSH_JSON_ELEMENTS && walk->is_first && entry < text->entry_count && byte_at(text, entry) == ']') {
      walk->end = text->entries[entry] + 1;
      walk->is_done = 1;
      break;
    }
    if (walk->end >= limit) break;
    if (entry >= text->entry_count) {
      if (mode == DSH_JSON_ELEMENTS) note_wrong(text, entry, walk);
      break;
    }
    const uint32_t start = text->entries[entry];
    starts[walk->records] = start;
    int64_t next;
    if (names) {
      if (__builtin_expect(text->bytes[start] == '{', 1)) {
        next = read_object(text, entry, 1, names, &unknown, cells, walk->records, walk);
      } else {
        // No object, but no value either: a row of nulls.
        found_value value;
        next = text->bytes[start] == 'n' ? read_scalar(text, entry, &value, 0) : WRONG(entry);
        put_nothing(cells, walk->records * cells->slots, cells->slots);
      }
    } else {
      found_value value;
      next = read_value(text, entry, 0, &value, 1);
      if (next >= 0) put_cell(cells, walk->records, value, entry, is_raw);
    }
    if (__builtin_expect(next < 0, 0)) {
      note_wrong(text, WRONG(next), walk);
      break;
    }
    if (mode == DSH_JSON_SEQUENCE) {
      walk->end = text->entries[next < text->entry_count ? next : text->entry_count];
    } else {
      if (next >= text->entry_count) {
        // The last line may lack its end; an array may not.
        if (!text->is_end) break;
        if (mode == DSH_JSON_ELEMENTS) {
          note_wrong(text, next, walk);
          break;
        }
        walk->end = text->entries[text->entry_count];
      } else {
        uint8_t separator = byte_at(text, next);
        int ends_array = mode == DSH_JSON_ELEMENTS && separator == ']';
        if (__builtin_expect(separator != (mode == DSH_JSON_LINES ? '\n' : ',') && !ends_array, 0)) {
          note_wrong(text, next, walk);
          break;
        }
        walk->end = text->entries[next] + 1;
        walk->is_first = 0;
        next++;
        if (ends_array) {
          walk->records++;
          walk->is_done = 1;
          break;
        }
      }
    }
    walk->records++;
    entry = next;
  }
  walk->entry = entry;
  free(unknown.names);
}

// MARK: Values of cells

static inline __attribute__((always_inline)) int64_t cell_of(const dsh_json_values *values, int64_t index) {
  int64_t row = values->first_row + (values->rows ? values->rows[index] : index);
  return row * values->cells->slots + values->slot;
}

void dsh_json_find_members(
    const dsh_json_text *text, const dsh_json_values *values, dsh_json_names *names, const dsh_json_cells *cells, dsh_json_walk *walk) {
  unknown_names unknown = {NULL, 0, 0};
  walk->wrong = walk->unknown = walk->unknown_row = -1;
  for (int64_t index = 0; index < values->count; index++) {
    int64_t cell = cell_of(values, index);
    if (values->cells->kinds[cell] != DSH_JSON_OBJECT) {
      put_nothing(cells, index * cells->slots, cells->slots);
      continue;
    }
    int64_t next = read_object(text, values->cells->places[cell], 1, names, &unknown, cells, index, walk);
    if (next < 0) {
      note_wrong(text, WRONG(next), walk);
      break;
    }
  }
  free(unknown.names);
}

int64_t dsh_json_count_elements(const dsh_json_text *text, const dsh_json_values *values, int32_t *offsets) {
  int64_t total = 0;
  for (int64_t index = 0; index < values->count; index++) {
    offsets[index] = (int32_t)total;
    int64_t cell = cell_of(values, index);
    if (values->cells->kinds[cell] != DSH_JSON_ARRAY) continue;
    int64_t entry = values->cells->places[cell] + 1;
    if (byte_at(text, entry) == ']') continue;
    int64_t count = 1;
    // Commas that are in no inner value; the text was checked, so that what opens also closes.
    for (int64_t depth = 1; depth > 0; entry++) {
      uint8_t byte = byte_at(text, entry);
      depth += (byte | 0x20) == '{';
      depth -= (byte | 0x20) == '}';
      count += depth == 1 && byte == ',';
    }
    total += count;
    if (total > INT32_MAX) return -1;
  }
  offsets[values->count] = (int32_t)total;
  return total;
}

void dsh_json_find_elements(const dsh_json_text *text, const dsh_json_values *values, int32_t is_raw, const dsh_json_cells *cells) {
  int64_t row = 0;
  for (int64_t index = 0; index < values->count; index++) {
    int64_t cell = cell_of(values, index);
    if (values->cells->kinds[cell] != DSH_JSON_ARRAY) continue;
    int64_t entry = values->cells->places[cell] + 1;
    if (byte_at(text, entry) == ']') continue;
    while (1) {
      found_value value;
      int64_t next = read_value(text, entry, 1, &value, 1);
      // It was checked with its record.
      if (next < 0) return;
      put_cell(cells, row++, value, entry, is_raw);
      if (byte_at(text, next) != ',') break;
      entry = next + 1;
    }
  }
}

uint32_t dsh_json_kinds(const dsh_json_values *values) {
  uint32_t kinds = 0;
  for (int64_t index = 0; index < values->count; index++) kinds |= 1u << values->cells->kinds[cell_of(values, index)];
  return kinds;
}

int64_t dsh_json_first_other(const dsh_json_values *values, uint32_t allowed) {
  for (int64_t index = 0; index < values->count; index++) {
    if (!(allowed >> values->cells->kinds[cell_of(values, index)] & 1)) return index;
  }
  return values->count;
}

int64_t dsh_json_unescaped(const uint8_t *bytes, int64_t length, uint8_t *output) {
  return unescape(bytes, bytes + length, output) - output;
}

void dsh_json_unescape(const dsh_json_text *text, const dsh_json_values *values, uint8_t *output, int64_t base, int64_t *used) {
  for (int64_t index = 0; index < values->count; index++) {
    int64_t cell = cell_of(values, index);
    if (values->cells->kinds[cell] != DSH_JSON_ESCAPED) continue;
    uint32_t *span = values->cells->spans + 2 * cell;
    uint8_t *start = output + *used;
    uint8_t *end = unescape(text->bytes + span[0] + 1, text->bytes + span[1], start);
    span[0] = (uint32_t)(base + *used) - 1;
    *used += end - start;
    span[1] = (uint32_t)(base + *used);
    // The next time it is a text like others.
    values->cells->kinds[cell] = DSH_JSON_STRING;
  }
}
