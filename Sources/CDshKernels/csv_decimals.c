// Parses cells of digits into decimal numbers, rounded exactly or refused.
#include "csv_four_numbers.h"

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

// Any cell, from its characters one by one.
static inline __attribute__((always_inline)) enum cell_kind parse_any(const dsh_csv_cells *cells, cell_span cell, double *value) {
  if (is_null(cells, cell)) return IS_NULL;
  int is_local = cells->decimal || cells->thousands;
  if (!is_local && parse_decimal(cell.start, cell.length, 0, value) == PARSED) return IS_VALUE;
  if (parse_trimmed_decimal(cells, cell, value) == PARSED) return IS_VALUE;
  return is_quoted_nothing(cells, cell) ? IS_NULL : IS_MISFIT;
}

int64_t dsh_csv_parse_float64_portable(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count) {
  int64_t nulls = 0;
  int64_t index = from;
  for (; index < count; index++) {
    values[index] = 0;
    enum cell_kind kind = parse_any(cells, find_cell(cells, index, cells->records), &values[index]);
    valid[index] = kind != IS_NULL;
    nulls += kind == IS_NULL;
    if (kind == IS_MISFIT) break;
  }
  *null_count += nulls;
  return index;
}

#if defined(__x86_64__)
#define AVX2_TARGET __attribute__((target("avx2,bmi,bmi2")))

// Sixteen steps, of which those from -length on put the last byte of a text last.
static const int8_t alignments[32] = {-16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1,
                                      0,   1,   2,   3,   4,   5,   6,   7,  8,  9,  10, 11, 12, 13, 14, 15};

// A number of at most 15 digits with a sign, a point, or neither, in 16 bytes at most. Others, and what is none, return 0, perhaps with a value.
// The digits are moved to the end of a vector, over the point, and added up two, four and eight at a time (Mula, "SIMD-ized parsing of
// numbers"); so few stay below 2^53, and one division rounds right, as in `scale`.
AVX2_TARGET static inline __attribute__((always_inline)) int parse_plain(const uint8_t *start, int64_t length, double *value) {
  __m128i text = _mm_loadu_si128((const __m128i *)start);
  __m128i digits = _mm_sub_epi8(text, _mm_set1_epi8('0'));
  __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
  uint32_t all = _bzhi_u32(0xFFFF, (uint32_t)length);
  uint32_t digit_bits = (uint32_t)_mm_movemask_epi8(is_digit) & all;
  uint32_t points = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('.'))) & all;
  uint32_t negative = *start == '-';
  uint32_t wrong = (digit_bits | points | negative) ^ all;
  wrong |= points & (points - 1);
  wrong |= digit_bits == 0;
  // More digits than are sure to fit: sixteen bytes without a point.
  wrong |= (points | (all ^ 0xFFFF)) == 0;
  wrong |= (start[negative] == '0') & digit_bits >> (negative + 1);
  // One more than the place of the point; 0 if there is none.
  uint32_t behind_point = (_tzcnt_u32(points | 1u << 31) + 1) & 31;
  __m128i order = _mm_loadu_si128((const __m128i *)(alignments + length));
  order = _mm_add_epi8(order, _mm_cmpgt_epi8(_mm_set1_epi8((char)behind_point), order));
  // Places below zero give zeros, and so do sign and point.
  __m128i aligned = _mm_shuffle_epi8(_mm_and_si128(digits, is_digit), order);
  __m128i pairs = _mm_maddubs_epi16(aligned, _mm_set1_epi16(0x010A));
  __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
  __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
  uint64_t halves = (uint64_t)_mm_cvtsi128_si64(eights);
  int64_t mantissa = (int64_t)((halves & 0xFFFFFFFF) * 100000000u + (halves >> 32));
  int64_t fraction = behind_point ? length - behind_point : 0;
  // No branch on the sign, which can be anything.
  double number = (double)mantissa / powers_of_ten[fraction];
  uint64_t bits;
  memcpy(&bits, &number, 8);
  bits |= (uint64_t)negative << 63;
  memcpy(value, &bits, 8);
  return wrong == 0;
}

static __attribute__((noinline)) enum cell_kind parse_unusual(const dsh_csv_cells *cells, cell_span cell, double *value) {
  *value = 0;
  return parse_any(cells, cell, value);
}

AVX2_TARGET static inline __attribute__((always_inline)) int64_t parse_plain_decimals(
    const dsh_csv_cells *cells, const int32_t *records, int64_t from, int64_t count, double *values, uint8_t *valid,
    int64_t *null_count) {
  const dsh_csv_cells local = *cells;
  // Null texts are seldom numbers, and what is a number is then no null text.
  const int looks_for_nulls = has_null_numbers(&local);
  int64_t nulls = 0;
  int64_t index = from;
  for (; index < count; index++) {
    cell_span cell = find_cell(&local, index, records);
    valid[index] = 1;
    if (__builtin_expect((uint64_t)cell.length - 1 < 16, 1) && !(looks_for_nulls && is_null(&local, cell))
        && __builtin_expect(parse_plain(cell.start, cell.length, &values[index]), 1)) {
      continue;
    }
    enum cell_kind kind = parse_unusual(cells, cell, &values[index]);
    valid[index] = kind != IS_NULL;
    nulls += kind == IS_NULL;
    if (kind == IS_MISFIT) break;
  }
  *null_count += nulls;
  return index;
}

AVX2_TARGET static int64_t parse_float64_avx2(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count) {
  if (cells->records) return parse_plain_decimals(cells, cells->records, from, count, values, valid, null_count);
  return parse_plain_decimals(cells, NULL, from, count, values, valid, null_count);
}

FOUR_TARGET static inline __attribute__((always_inline)) int64_t parse_four_decimals(
    const dsh_csv_cells *cells, const int32_t *records, int64_t from, int64_t count, double *values, uint8_t *valid,
    int64_t *null_count) {
  const dsh_csv_cells local = *cells;
  const __m512d low_powers = _mm512_loadu_pd(powers_of_ten), high_powers = _mm512_loadu_pd(powers_of_ten + 8);
  const __m256i sign = _mm256_set1_epi64x(INT64_MIN);
  // How many cells are parsed one by one if four are not plain: more and more, until four are.
  int64_t careful = 4;
  int64_t index = from;
  while (index + 4 <= count) {
    four_numbers numbers;
    if (__builtin_expect(parse_four(&local, records, index, 1, &numbers), 1)) {
      __m512d powers = _mm512_permutex2var_pd(low_powers, _mm512_castsi256_si512(numbers.fractions), high_powers);
      __m256i results = _mm256_castpd_si256(_mm256_div_pd(_mm256_cvtepi64_pd(numbers.mantissas), _mm512_castpd512_pd256(powers)));
      results = _mm256_mask_or_epi64(results, numbers.negative, results, sign);
      _mm256_storeu_si256((__m256i *)(values + index), results);
      memset(valid + index, 1, 4);
      index += 4;
      careful = 4;
    } else {
      int64_t end = index + careful < count ? index + careful : count;
      index = parse_float64_avx2(cells, index, end, values, valid, null_count);
      if (index < end) return index;
      careful = careful < 256 ? careful * 2 : careful;
    }
  }
  return index < count ? parse_float64_avx2(cells, index, count, values, valid, null_count) : index;
}

FOUR_TARGET static int64_t parse_float64_avx512(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count) {
  if (cells->records) return parse_four_decimals(cells, cells->records, from, count, values, valid, null_count);
  return parse_four_decimals(cells, NULL, from, count, values, valid, null_count);
}
#endif

int64_t dsh_csv_parse_float64_single(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count) {
#if defined(__x86_64__)
  int is_local = cells->decimal || cells->thousands;
  if (!is_local && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
    return parse_float64_avx2(cells, from, count, values, valid, null_count);
  }
#endif
  return dsh_csv_parse_float64_portable(cells, from, count, values, valid, null_count);
}

int64_t dsh_csv_parse_float64(
    const dsh_csv_cells *cells, int64_t from, int64_t count, double *values, uint8_t *valid, int64_t *null_count) {
#if defined(__x86_64__)
  int is_local = cells->decimal || cells->thousands;
  if (!is_local && has_four_numbers() && !has_null_numbers(cells)) {
    return parse_float64_avx512(cells, from, count, values, valid, null_count);
  }
#endif
  return dsh_csv_parse_float64_single(cells, from, count, values, valid, null_count);
}

int dsh_csv_float_text(const dsh_csv_cells *cells, int64_t index, const uint8_t **start, int64_t *length) {
  cell_span cell = trim(cells, find_cell(cells, index, cells->records));
  *start = cell.start;
  *length = cell.length;
  double value;
  return !cells->decimal && !cells->thousands && cell.length > 0 && parse_decimal(cell.start, cell.length, cells->is_lenient, &value) != NOT_A_NUMBER;
}
