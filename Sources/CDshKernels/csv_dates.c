// Parses cells of ISO 8601 dates and timestamps and of truth values.
#include "csv_cells.h"

#define MICROSECONDS_PER_SECOND 1000000ll
#define MICROSECONDS_PER_DAY 86400000000ll

// Two digits as a number; above 99 if one is none.
static inline __attribute__((always_inline)) uint32_t two_digits(const uint8_t *text) {
  uint32_t tens = (uint32_t)text[0] - '0';
  uint32_t ones = (uint32_t)text[1] - '0';
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

// The ten bytes `yyyy-mm-dd` as days since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms"); 0 if they are no date.
static inline __attribute__((always_inline)) int parse_ten(const uint8_t *text, int32_t *days) {
  uint64_t head = load64(text);
  // yyyy-mm- : digits everywhere but at the fifth and the eighth byte.
  if ((head & 0xFF0000FF00000000u) != 0x2D00002D00000000u) return 0;
  uint64_t digits = (head & 0x00FFFF00FFFFFFFFu) - 0x0030300030303030u;
  if (!are_digits(digits)) return 0;
  uint32_t year = (uint32_t)(digits & 0xFF) * 1000 + (uint32_t)(digits >> 8 & 0xFF) * 100 + (uint32_t)(digits >> 16 & 0xFF) * 10
      + (uint32_t)(digits >> 24 & 0xFF);
  uint32_t month = (uint32_t)(digits >> 40 & 0xFF) * 10 + (uint32_t)(digits >> 48 & 0xFF);
  uint32_t day = two_digits(text + 8);
  if (month - 1 > 11 || day - 1 > 30) return 0;
  if (day > 28) {
    uint32_t leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    uint32_t length = month == 2 ? 28 + leap : 30 + ((month + month / 8) & 1);
    if (day > length) return 0;
  }
  // Year 0 in January needs a year more than unsigned arithmetic has: count from 400 years earlier.
  uint32_t march_year = year + 400 - (month <= 2);
  uint32_t era = march_year / 400;
  uint32_t year_of_era = march_year - era * 400;
  uint32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  uint32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  *days = (int32_t)(era * 146097 + day_of_era) - 719468 - 146097;
  return 1;
}

static inline __attribute__((always_inline)) int parse_day(const uint8_t *text, int64_t length, int32_t *days) {
  return length == 10 && parse_ten(text, days);
}

// `hh:mm`, `:ss`, a fraction and a mark of universal time.
static int parse_moment(const uint8_t *text, int64_t length, int64_t *value) {
  int32_t days;
  if (length < 10 || !parse_ten(text, &days)) return 0;
  int64_t microseconds = (int64_t)days * MICROSECONDS_PER_DAY;
  if (length > 10) {
    if (length < 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':') return 0;
    uint32_t hour = two_digits(text + 11);
    uint32_t minute = two_digits(text + 14);
    if (hour > 23 || minute > 59) return 0;
    int64_t seconds = (int64_t)(hour * 60 + minute) * 60;
    int64_t position = 16;
    int64_t fraction = 0;
    if (length >= 19 && text[16] == ':') {
      uint32_t second = two_digits(text + 17);
      if (second > 59) return 0;
      seconds += second;
      position = 19;
      if (position < length && text[position] == '.') {
        int64_t unit = 100000;
        int64_t first = ++position;
        while (position < length && (uint8_t)(text[position] - '0') < 10) {
          int64_t digit = text[position++] - '0';
          // Finer than a microsecond: only zeros can be kept.
          if (unit == 0 && digit != 0) return 0;
          fraction += digit * unit;
          unit /= 10;
        }
        if (position == first) return 0;
      }
    }
    const uint8_t *rest = text + position;
    int64_t left = length - position;
    int is_universal = (left == 1 && rest[0] == 'Z') || (left == 3 && memcmp(rest, "+00", 3) == 0)
        || (left == 6 && memcmp(rest, "+00:00", 6) == 0);
    if (left != 0 && !is_universal) return 0;
    microseconds += seconds * MICROSECONDS_PER_SECOND + fraction;
  }
  *value = microseconds;
  return 1;
}

static int parse_truth(const uint8_t *text, int64_t length, uint8_t *value) {
  if (length == 4) {
    *value = 1;
    return memcmp(text, "true", 4) == 0 || memcmp(text, "True", 4) == 0 || memcmp(text, "TRUE", 4) == 0;
  }
  *value = 0;
  return length == 5 && (memcmp(text, "false", 5) == 0 || memcmp(text, "False", 5) == 0 || memcmp(text, "FALSE", 5) == 0);
}

#define DEFINE_PARSER(NAME, TYPE, PARSE)                                                                                     \
  static inline __attribute__((always_inline)) int64_t NAME##_loop(                                                          \
      const dsh_csv_cells *cells, const int32_t *records, int64_t from, int64_t count, TYPE *values, uint8_t *valid,        \
      int64_t *null_count) {                                                                                                 \
    int64_t nulls = 0;                                                                                                       \
    int64_t index = from;                                                                                                    \
    for (; index < count; index++) {                                                                                         \
      cell_span cell = find_cell(cells, index, records);                                                                     \
      values[index] = 0;                                                                                                     \
      int null = is_null(cells, cell);                                                                                       \
      valid[index] = !null;                                                                                                  \
      nulls += null;                                                                                                         \
      if (null) continue;                                                                                                    \
      if (__builtin_expect(!PARSE(cell.start, cell.length, &values[index]), 0)) {                                            \
        cell = trim(cells, cell);                                                                                            \
        if (cell.length <= 0 || !PARSE(cell.start, cell.length, &values[index])) break;                                      \
      }                                                                                                                      \
    }                                                                                                                        \
    *null_count += nulls;                                                                                                    \
    return index;                                                                                                            \
  }                                                                                                                          \
  int64_t NAME(                                                                                                              \
      const dsh_csv_cells *cells, int64_t from, int64_t count, TYPE *values, uint8_t *valid, int64_t *null_count) {          \
    dsh_csv_cells local = *cells;                                                                                            \
    if (local.records) return NAME##_loop(&local, local.records, from, count, values, valid, null_count);                    \
    return NAME##_loop(&local, NULL, from, count, values, valid, null_count);                                                \
  }

DEFINE_PARSER(dsh_csv_parse_date, int32_t, parse_day)
DEFINE_PARSER(dsh_csv_parse_timestamp, int64_t, parse_moment)
DEFINE_PARSER(dsh_csv_parse_bool, uint8_t, parse_truth)
