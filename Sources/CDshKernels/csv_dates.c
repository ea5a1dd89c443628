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

// Days before each month of a year that begins in March and so ends with a leap day if it has one; January and February are its
// 11th and 12th month.
static const uint16_t days_before_month[13] = {0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};

// No month has the number 0; a month of no days lets no day through.
static const uint8_t month_lengths[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

// The ten bytes `yyyy-mm-dd` as days since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms"); 0 if they are no date.
static inline __attribute__((always_inline)) int parse_ten(const uint8_t *text, int32_t *days) {
  uint64_t head = load64(text);
  uint64_t tail = load64(text + 8) & 0xFFFF;
  // yyyymmdd without the two dashes at the fifth and the eighth byte.
  uint64_t digits = ((head & 0xFFFFFFFFu) | (head >> 8 & 0x0000FFFF00000000u) | tail << 48) - 0x3030303030303030u;
  if ((head & 0xFF0000FF00000000u) != 0x2D00002D00000000u || !are_digits(digits)) return 0;
  // Pairs of digits as numbers below 100 in the bytes 0, 2, 4 and 6.
  uint64_t pairs = digits * 10 + (digits >> 8);
  uint32_t year = (uint32_t)(pairs & 0xFF) * 100 + (uint32_t)(pairs >> 16 & 0xFF);
  uint32_t month = (uint32_t)(pairs >> 32 & 0xFF);
  uint32_t day = (uint32_t)(pairs >> 48 & 0xFF);
  if (month > 12 || day - 1 >= month_lengths[month]) return 0;
  if (__builtin_expect(month == 2 && day == 29, 0)) {
    if (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)) return 0;
  }
  // January of year 0 belongs to a year before it: count from 400 years earlier, which have 146097 days.
  uint32_t march_year = year + 400 - (month <= 2);
  uint32_t century = march_year / 100;
  uint32_t whole = march_year * 365 + march_year / 4 - century + century / 4 + days_before_month[month] + day - 1;
  *days = (int32_t)whole - 719468 - 146097;
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
        cell_span inner = trim(cells, cell);                                                                                 \
        if (inner.length > 0 && PARSE(inner.start, inner.length, &values[index])) continue;                                  \
        if (!is_quoted_nothing(cells, cell)) break;                                                                          \
        values[index] = 0;                                                                                                   \
        valid[index] = 0;                                                                                                    \
        nulls++;                                                                                                             \
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
