// Parses cells of digits into integers.
#include "csv_four_numbers.h"

static int parse_trimmed_integer(const dsh_csv_cells *cells, cell_span cell, int64_t *value) {
  uint8_t buffer[LOCAL_NUMBER_LIMIT + 8];
  cell = trim(cells, cell);
  if (cells->thousands) cell = plain_number(cells, cell, buffer);
  return cell.length > 0 && parse_integer(cell.start, cell.length, cells->is_lenient, value);
}

static __attribute__((noinline)) enum cell_kind parse_unusual(const dsh_csv_cells *cells, cell_span cell, int64_t *value) {
  *value = 0;
  if (is_null(cells, cell)) return IS_NULL;
  if (parse_integer(cell.start, cell.length, 0, value) || parse_trimmed_integer(cells, cell, value)) return IS_VALUE;
  return is_quoted_nothing(cells, cell) ? IS_NULL : IS_MISFIT;
}

static inline __attribute__((always_inline)) int64_t parse_integers(
    const dsh_csv_cells *cells, const int32_t *records, int64_t from, int64_t count, int64_t *values, uint8_t *valid,
    int64_t *null_count) {
  // Its address goes nowhere, so that what is written to values does not change it.
  const dsh_csv_cells local = *cells;
  const int looks_for_nulls = has_null_numbers(&local);
  int64_t nulls = 0;
  int64_t index = from;
  for (; index < count; index++) {
    cell_span cell = find_cell(&local, index, records);
    valid[index] = 1;
    if (__builtin_expect(cell.length > 0, 1) && !(looks_for_nulls && is_null(&local, cell))
        && __builtin_expect(parse_integer(cell.start, cell.length, 0, &values[index]), 1)) {
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

int64_t dsh_csv_parse_int64_portable(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int64_t *values, uint8_t *valid, int64_t *null_count) {
  if (cells->records) return parse_integers(cells, cells->records, from, count, values, valid, null_count);
  return parse_integers(cells, NULL, from, count, values, valid, null_count);
}

#if defined(__x86_64__)
FOUR_TARGET static inline __attribute__((always_inline)) int64_t parse_four_integers(
    const dsh_csv_cells *cells, const int32_t *records, int64_t from, int64_t count, int64_t *values, uint8_t *valid,
    int64_t *null_count) {
  const dsh_csv_cells local = *cells;
  // How many cells are parsed one by one if four are not plain: more and more, until four are.
  int64_t careful = 4;
  int64_t index = from;
  while (index + 4 <= count) {
    four_numbers numbers;
    if (__builtin_expect(parse_four(&local, records, index, 0, &numbers), 1)) {
      __m256i results = _mm256_mask_sub_epi64(numbers.mantissas, numbers.negative, _mm256_setzero_si256(), numbers.mantissas);
      _mm256_storeu_si256((__m256i *)(values + index), results);
      memset(valid + index, 1, 4);
      index += 4;
      careful = 4;
    } else {
      int64_t end = index + careful < count ? index + careful : count;
      index = dsh_csv_parse_int64_portable(cells, index, end, values, valid, null_count);
      if (index < end) return index;
      careful = careful < 256 ? careful * 2 : careful;
    }
  }
  return index < count ? dsh_csv_parse_int64_portable(cells, index, count, values, valid, null_count) : index;
}

FOUR_TARGET static int64_t parse_int64_avx512(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int64_t *values, uint8_t *valid, int64_t *null_count) {
  if (cells->records) return parse_four_integers(cells, cells->records, from, count, values, valid, null_count);
  return parse_four_integers(cells, NULL, from, count, values, valid, null_count);
}
#endif

int64_t dsh_csv_parse_int64(
    const dsh_csv_cells *cells, int64_t from, int64_t count, int64_t *values, uint8_t *valid, int64_t *null_count) {
#if defined(__x86_64__)
  if (has_four_numbers() && !has_null_numbers(cells)) return parse_int64_avx512(cells, from, count, values, valid, null_count);
#endif
  return dsh_csv_parse_int64_portable(cells, from, count, values, valid, null_count);
}
