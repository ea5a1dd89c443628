// Parses cells of digits: integers and decimal numbers, the latter rounded exactly or refused.
#include "csv_cells.h"

// MARK: Integers

// An integer of at most 18 digits, or one of 19 that fits; 0 if it is none.
static inline __attribute__((always_inline)) int parse_integer(const uint8_t *start, int64_t length, int lenient, int64_t *value) {
  int negative = *start == '-';
  if (negative || (lenient && *start == '+')) {
    start++;
    length--;
  }
  if (length <= 0) return 0;
  if (*start == '0' && length > 1) {
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
static cell_span plain_number(const dsh_csv_cells *cells, cell_span cell, uint8_t buffer[LOCAL_NUMBER_LIMIT + 8]) {
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

static __attribute__((noinline)) int parse_trimmed_integer(const dsh_csv_cells *cells, cell_span cell, int64_t *value) {
  uint8_t buffer[LOCAL_NUMBER_LIMIT + 8];
  cell = trim(cells, cell);
  if (cells->thousands) cell = plain_number(cells, cell, buffer);
  return cell.length > 0 && parse_integer(cell.start, cell.length, cells->is_lenient, value);
}

static inline __attribute__((always_inline)) int64_t parse_integers(
    const dsh_csv_cells *cells, const int32_t *records, int64_t from, int64_t count, int64_t *values, uint8_t *valid,
    int64_t *null_count) {
  int64_t nulls = 0;
  int64_t index = from;
  for (; index < count; index++) {
    cell_span cell = find_cell(cells, index, records);
    values[index] = 0;
    int null = is_null(cells, cell);
    valid[index] = !null;
    nulls += null;
    if (null) continue;
    if (__builtin_expect(!parse_integer(cell.start, cell.length, 0, &values[index]), 0)) {
      if (parse_trimmed_integer(cells, cell, &values[index])) continue;
      if (!is_quoted_nothing(cells, cell)) break;
      valid[index] = 0;
      nulls++;
    }
  }
  *null_count += nulls;
  return index;
}

int64_t dsh_csv_parse_int64(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int64_t *values, uint8_t *valid, int64_t *null_count) {
  dsh_csv_cells local = *cells;
  if (local.records) return parse_integers(&local, local.records, from, count, values, valid, null_count);
  return parse_integers(&local, NULL, from, count, values, valid, null_count);
}

// MARK: Decimal numbers

static const double powers_of_ten[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// The largest power of five below 2^63 is the 27th.
#define FIVE_POWER_LIMIT 27

static uint64_t power_of_five(int exponent) {
  uint64_t power = 1;
  while (exponent-- > 0) power *= 5;
  return power;
}

// The double nearest to (high × 2^64 + low + a little if sticky) × 2^shift, ties to even; the value is at least 2^64.
static double round_to_double(unsigned __int128 number, int sticky, int shift) {
  uint64_t high = (uint64_t)(number >> 64);
  int leading = high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)number);
  number <<= leading;
  uint64_t top = (uint64_t)(number >> 64);
  uint64_t rest = (uint64_t)number;
  uint64_t mantissa = top >> 11;
  uint64_t round = top >> 10 & 1;
  uint64_t below = (top & 0x3FF) | rest | (uint64_t)sticky;
  mantissa += round & (below != 0 || (mantissa & 1));
  // The mantissa's lowest bit is worth 2^(75 - leading + shift); a carry to 2^53 rounds to a power of two and needs no care.
  double result = (double)mantissa;
  int exponent = 75 - leading + shift;
  uint64_t bits;
  memcpy(&bits, &result, 8);
  bits += (uint64_t)(int64_t)exponent << 52;
  memcpy(&result, &bits, 8);
  return result;
}

// mantissa × 10^exponent, rounded exactly; 0 if that takes more than 128-bit arithmetic.
static int scale(uint64_t mantissa, int64_t exponent, double *value) {
  if (mantissa == 0) {
    *value = 0;
    return 1;
  }
  // Clinger, "How to read floating point numbers accurately" (1990): both sides exact, so one rounding.
  if (mantissa <= 1ull << 53 && exponent >= -22 && exponent <= 22) {
    double number = (double)mantissa;
    *value = exponent < 0 ? number / powers_of_ten[-exponent] : number * powers_of_ten[exponent];
    return 1;
  }
  if (exponent < -FIVE_POWER_LIMIT || exponent > FIVE_POWER_LIMIT) return 0;
  int leading = __builtin_clzll(mantissa);
  if (exponent < 0) {
    // 10^-k is 5^-k × 2^-k; the dividend is shifted up to 128 bits, so that the quotient has at least 64.
    uint64_t divisor = power_of_five((int)-exponent);
    unsigned __int128 dividend = (unsigned __int128)(mantissa << leading) << 64;
    unsigned __int128 quotient = dividend / divisor;
    *value = round_to_double(quotient, dividend % divisor != 0, (int)exponent - 64 - leading);
  } else {
    unsigned __int128 product = (unsigned __int128)mantissa * power_of_five((int)exponent);
    *value = round_to_double(product, 0, (int)exponent);
  }
  return 1;
}

// What a text turned out to be.
enum { NOT_A_NUMBER = 0, PARSED = 1, NEEDS_MORE_DIGITS = 2 };

static int is_named_number(const uint8_t *start, int64_t length, double *value) {
  int negative = *start == '-';
  start += negative;
  length -= negative;
  if (length == 3 && memcmp(start, "inf", 3) == 0) {
    *value = negative ? -__builtin_inf() : __builtin_inf();
  } else if (length == 8 && memcmp(start, "Infinity", 8) == 0) {
    *value = negative ? -__builtin_inf() : __builtin_inf();
  } else if (!negative && length == 3 && (memcmp(start, "nan", 3) == 0 || memcmp(start, "NaN", 3) == 0)) {
    *value = __builtin_nan("");
  } else {
    return 0;
  }
  return 1;
}

static inline __attribute__((always_inline)) int parse_decimal(const uint8_t *start, int64_t length, int lenient, double *value) {
  const uint8_t *end = start + length;
  int negative = *start == '-';
  const uint8_t *cursor = start + (negative || (lenient && *start == '+'));
  const uint8_t *first = cursor;
  uint64_t mantissa = 0;
  while (cursor < end && (uint8_t)(*cursor - '0') < 10) mantissa = mantissa * 10 + (uint8_t)(*cursor++ - '0');
  int64_t whole = cursor - first;
  if (whole > 1 && *first == '0' && !lenient) return NOT_A_NUMBER;
  int64_t fraction = 0;
  int has_point = cursor < end && *cursor == '.';
  if (has_point) {
    const uint8_t *point = ++cursor;
    // Four digits and more at a time pay only for long fractions, which are rarer than prices.
    while (cursor < end && (uint8_t)(*cursor - '0') < 10) mantissa = mantissa * 10 + (uint8_t)(*cursor++ - '0');
    fraction = cursor - point;
  }
  if (whole + fraction == 0) return is_named_number(start, length, value) ? PARSED : NOT_A_NUMBER;
  int64_t exponent = 0;
  if (cursor < end && (*cursor | 0x20) == 'e') {
    cursor++;
    int negative_exponent = cursor < end && *cursor == '-';
    if (cursor < end && (*cursor == '-' || *cursor == '+')) cursor++;
    const uint8_t *digits = cursor;
    while (cursor < end && (uint8_t)(*cursor - '0') < 10) {
      if (exponent < 100000) exponent = exponent * 10 + (*cursor - '0');
      cursor++;
    }
    if (cursor == digits) return NOT_A_NUMBER;
    if (negative_exponent) exponent = -exponent;
  } else if (!has_point && whole > 15 && !lenient) {
    // A whole number that int64 or a double can't hold keeps its digits as text, unless float64 was asked for.
    int64_t integer;
    if (!parse_integer(start, length, 0, &integer) || (uint64_t)(double)mantissa != mantissa) return NOT_A_NUMBER;
  }
  if (cursor != end) return NOT_A_NUMBER;
  if (whole + fraction > 19) return NEEDS_MORE_DIGITS;
  if (!scale(mantissa, exponent - fraction, value)) return NEEDS_MORE_DIGITS;
  if (negative) *value = -*value;
  return PARSED;
}

static __attribute__((noinline)) int parse_trimmed_decimal(const dsh_csv_cells *cells, cell_span cell, double *value) {
  uint8_t buffer[LOCAL_NUMBER_LIMIT + 8];
  cell = trim(cells, cell);
  if (cells->decimal || cells->thousands) cell = plain_number(cells, cell, buffer);
  return cell.length > 0 ? parse_decimal(cell.start, cell.length, cells->is_lenient, value) : NOT_A_NUMBER;
}

static inline __attribute__((always_inline)) int64_t parse_decimals(
    const dsh_csv_cells *cells, const int32_t *records, int is_local, int64_t from, int64_t count, double *values, uint8_t *valid,
    int64_t *null_count) {
  int64_t nulls = 0;
  int64_t index = from;
  for (; index < count; index++) {
    cell_span cell = find_cell(cells, index, records);
    values[index] = 0;
    int null = is_null(cells, cell);
    valid[index] = !null;
    nulls += null;
    if (null) continue;
    if (is_local || __builtin_expect(parse_decimal(cell.start, cell.length, 0, &values[index]) != PARSED, 0)) {
      if (parse_trimmed_decimal(cells, cell, &values[index]) == PARSED) continue;
      if (!is_quoted_nothing(cells, cell)) break;
      valid[index] = 0;
      nulls++;
    }
  }
  *null_count += nulls;
  return index;
}

int64_t dsh_csv_parse_float64(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count) {
  dsh_csv_cells local = *cells;
  if (local.decimal || local.thousands) return parse_decimals(&local, local.records, 1, from, count, values, valid, null_count);
  if (local.records) return parse_decimals(&local, local.records, 0, from, count, values, valid, null_count);
  return parse_decimals(&local, NULL, 0, from, count, values, valid, null_count);
}

int dsh_csv_float_text(const dsh_csv_cells *cells, int64_t index, const uint8_t **start, int64_t *length) {
  cell_span cell = trim(cells, find_cell(cells, index, cells->records));
  *start = cell.start;
  *length = cell.length;
  double value;
  return !cells->decimal && !cells->thousands && cell.length > 0 && parse_decimal(cell.start, cell.length, cells->is_lenient, &value) != NOT_A_NUMBER;
}
