// Chooses the widest scan for JSON's structure that the processor can run, and holds the bytewise definition.
#include "json_structure.h"

#include <string.h>

// What four hexadecimal digits can be, as far as the text goes.
enum { NO_DIGITS = -1, CUT_SHORT = -2 };

// The value of four hexadecimal digits at a position.
static int32_t hexadecimal(const uint8_t *bytes, int64_t length, int64_t position) {
  int32_t value = 0;
  for (int64_t place = position; place < position + 4; place++) {
    if (place >= length) return CUT_SHORT;
    uint8_t letter = (uint8_t)((bytes[place] | 0x20) - 'a');
    uint8_t digit = (uint8_t)(bytes[place] - '0');
    if (digit > 9 && letter > 5) return NO_DIGITS;
    value = value << 4 | (digit <= 9 ? digit : letter + 10);
  }
  return value;
}

// Whether the escape at a position is one, as far as the text goes; `low_surrogate` is where the second half of a character has to stand.
static int is_escape(const uint8_t *bytes, int64_t length, int64_t position, int64_t *low_surrogate) {
  if (position + 1 >= length) return 1;
  switch (bytes[position + 1]) {
  case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': return 1;
  case 'u': break;
  default: return 0;
  }
  int32_t unit = hexadecimal(bytes, length, position + 2);
  if (unit < 0) return unit == CUT_SHORT;
  if (unit >= 0xDC00 && unit < 0xE000) return position == *low_surrogate;
  if (unit < 0xD800 || unit >= 0xE000) return 1;
  *low_surrogate = position + 6;
  if (position + 6 < length && bytes[position + 6] != '\\') return 0;
  if (position + 7 < length && bytes[position + 7] != 'u') return 0;
  int32_t low = hexadecimal(bytes, length, position + 8);
  return low == CUT_SHORT || (low >= 0xDC00 && low < 0xE000);
}

// The first of the escapes of a block that is none; -1 if all are.
static __attribute__((noinline)) int64_t check_escapes(
    const uint8_t *bytes, int64_t length, int64_t base, uint64_t starters, int64_t *low_surrogate) {
  for (; starters; starters &= starters - 1) {
    int64_t position = base + __builtin_ctzll(starters);
    if (!is_escape(bytes, length, position, low_surrogate)) return position;
  }
  return -1;
}

void dsh_json_find_structure_bytewise(
    const uint8_t *bytes, int64_t length, int has_lines, uint32_t *entries, dsh_json_structure *structure) {
  *structure = (dsh_json_structure){.first_wrong = -1};
  int is_inside = 0;
  int is_escaped = 0;
  int follows_plain = 0;
  int64_t low_surrogate = -1;
  for (int64_t position = 0; position < length; position++) {
    uint8_t byte = bytes[position];
    int was_inside = is_inside;
    structure->high_bits |= byte & 0x80;
    if (is_inside) {
      int is_wrong = byte < 0x20 || (byte == '\\' && !is_escaped && !is_escape(bytes, length, position, &low_surrogate));
      if (is_wrong && structure->first_wrong < 0) structure->first_wrong = position;
      if (byte == '\\' && !is_escaped) structure->has_escapes = 1;
    }
    int is_quote = byte == '"' && !is_escaped;
    is_escaped = byte == '\\' && !is_escaped;
    if (is_quote) is_inside = !is_inside;
    if (was_inside) {
      follows_plain = 0;
      continue;
    }
    int is_operator = memchr("{}[]:,", byte, 6) != NULL || (has_lines && byte == '\n');
    int is_blank = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
    int begins = !is_operator && !is_blank && !follows_plain;
    if (is_operator || begins) entries[structure->entry_count++] = (uint32_t)position;
    follows_plain = !is_operator && !is_blank && !is_quote;
  }
  structure->is_inside = is_inside;
  for (int index = 0; index < DSH_JSON_SENTINELS; index++) entries[structure->entry_count + index] = (uint32_t)length;
}

#define FUNCTION find_structure_portable
#define TARGET
#define VECTOR_WORDS
#include "json_structure_scan.h"
#undef FUNCTION
#undef TARGET
#undef VECTOR_WORDS

#if defined(__x86_64__)
#include <immintrin.h>

#include "structure_processors.h"

#define FUNCTION find_structure_avx2
#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")))
#define VECTOR_AVX2
#include "json_structure_scan.h"
#undef FUNCTION
#undef TARGET
#undef VECTOR_AVX2

#define FUNCTION find_structure_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,lzcnt,popcnt,pclmul")))
#define VECTOR_AVX512
#include "json_structure_scan.h"
#undef FUNCTION
#undef TARGET
#undef VECTOR_AVX512
#endif

int dsh_json_find_structure_narrow(
    const uint8_t *bytes, int64_t length, int has_lines, int kind, uint32_t *entries, dsh_json_structure *structure) {
  if (kind == 0) {
    find_structure_portable(bytes, length, has_lines, entries, structure);
#if defined(__x86_64__)
  } else if (kind == 1 && has_avx2()) {
    find_structure_avx2(bytes, length, has_lines, entries, structure);
  } else if (kind == 2 && has_avx512()) {
    find_structure_avx512(bytes, length, has_lines, entries, structure);
#endif
  } else {
    return 0;
  }
  for (int index = 0; index < DSH_JSON_SENTINELS; index++) entries[structure->entry_count + index] = (uint32_t)length;
  return 1;
}

void dsh_json_find_structure(const uint8_t *bytes, int64_t length, int has_lines, uint32_t *entries, dsh_json_structure *structure) {
  if (dsh_json_find_structure_narrow(bytes, length, has_lines, 2, entries, structure)) return;
  if (dsh_json_find_structure_narrow(bytes, length, has_lines, 1, entries, structure)) return;
  dsh_json_find_structure_narrow(bytes, length, has_lines, 0, entries, structure);
}
