// What the parsers of integers and of decimal numbers share: the integer itself, and numbers with separators of other countries.
#ifndef DSH_CSV_NUMBERS_INTERNAL_H
#define DSH_CSV_NUMBERS_INTERNAL_H

#include "csv_cells.h"

// What a cell turned out to be.
enum cell_kind { IS_MISFIT = 0, IS_VALUE = 1, IS_NULL = 2 };

// An integer of at most 18 digits, or one of 19 that fits; 0 if it is none.
static inline __attribute__((always_inline)) int parse_integer(const uint8_t *start, int64_t length, int lenient, int64_t *value) {
  int negative = *start == '-';
  if (negative || (lenient && *start == '+')) {
    start++;
    length--;
  }
  if (length <= 0) return 0;
  if (__builtin_expect((*start == '0') & (length > 1), 0)) {
    if (!lenient) return 0;
    while (length > 1 && *start == '0') {
      start++;
      length--;
    }
  }
  uint64_t number;
  if (length <= 8) {
    // The digits to the top of the word, zeros below: the padding behind the text makes the load safe.
    uint64_t digits = (load64(start) - 0x3030303030303030u) << (64 - 8 * length);
    if (!are_digits(digits)) return 0;
    number = eight_digits(digits);
  } else if (length <= 16) {
    uint64_t upper = load64(start) - 0x3030303030303030u;
    uint64_t lower = load64(start + length - 8) - 0x3030303030303030u;
    uint64_t upper_part = upper << (64 - 8 * (length - 8));
    if (!are_digits(upper) || !are_digits(lower)) return 0;
    number = eight_digits(upper_part) * 100000000u + eight_digits(lower);
  } else {
    if (length > 19) return 0;
    number = 0;
    for (int64_t index = 0; index < length; index++) {
      uint8_t digit = (uint8_t)(start[index] - '0');
      if (digit > 9) return 0;
      number = number * 10 + digit;
    }
    // Nineteen digits stay below 10^19 and so within 64 bits without a sign.
    if (number > (uint64_t)INT64_MAX + (uint64_t)negative) return 0;
  }
  *value = (int64_t)(negative ? 0 - number : number);
  return 1;
}

// The longest number with other separators that is understood: more digits than any type holds, and what stands between them.
#define LOCAL_NUMBER_LIMIT 64

// Copies a number to `buffer` with a point before the fraction and nothing between groups of three digits; the cell is empty if it is none.
static inline cell_span plain_number(const dsh_csv_cells *cells, cell_span cell, uint8_t buffer[LOCAL_NUMBER_LIMIT + 8]) {
  const cell_span none = {cell.start, 0};
  if (cell.length > LOCAL_NUMBER_LIMIT) return none;
  uint8_t decimal = cells->decimal ? cells->decimal : '.';
  int64_t length = 0;
  int64_t group = 0;
  int is_grouped = 0;
  int is_fraction = 0;
  for (int64_t index = 0; index < cell.length; index++) {
    uint8_t byte = cell.start[index];
    if (cells->thousands && byte == cells->thousands) {
      if (is_fraction || group == 0 || group > 3 || (is_grouped && group != 3)) return none;
      is_grouped = 1;
      group = 0;
      continue;
    }
    if (byte >= '0' && byte <= '9') {
      group++;
    } else if (!is_fraction) {
      if (is_grouped && group != 3) return none;
      is_fraction = byte != '-' && byte != '+';
      if (byte == '.' && decimal != '.') return none;
    }
    buffer[length++] = byte == decimal ? '.' : byte;
  }
  if (is_grouped && !is_fraction && group != 3) return none;
  memset(buffer + length, 0, 8);
  return (cell_span){buffer, length};
}

#endif
