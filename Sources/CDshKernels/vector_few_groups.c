// Aggregates of few groups: neighbouring rows go to states of different lanes, so that none waits for the one before it.
#include "vector_few_groups.h"

#include <float.h>
#include <math.h>
#include <string.h>

// A product and a sum rounded once instead of twice would not be what the proof is about.
#pragma STDC FP_CONTRACT OFF

enum { LANES = 4 };

// `STEP` with `group`, `lane` and `i` for each row.
#define EACH_ROW(STEP)                                                  \
  size_t i = 0;                                                         \
  for (; i + LANES <= count; i += LANES) {                              \
    { const size_t row = i, lane = 0, group = groups[row]; STEP; }      \
    { const size_t row = i + 1, lane = 1, group = groups[row]; STEP; }  \
    { const size_t row = i + 2, lane = 2, group = groups[row]; STEP; }  \
    { const size_t row = i + 3, lane = 3, group = groups[row]; STEP; }  \
  }                                                                     \
  for (; i < count; i++) { const size_t row = i, lane = 0, group = groups[row]; STEP; }

void dsh_count_few(int64_t *counts, size_t group_count, const uint32_t *groups, size_t count) {
  uint32_t found[LANES][DSH_FEW_GROUPS] = {{0}};
  EACH_ROW(found[lane][group]++)
  for (size_t lane = 0; lane < LANES; lane++)
    for (size_t group = 0; group < group_count; group++) counts[group] += found[lane][group];
}

void dsh_sum_few_int64(struct dsh_integer_sum *sums, size_t group_count, const uint32_t *groups, const int64_t *values, size_t count) {
  struct dsh_integer_sum parts[LANES][DSH_FEW_GROUPS];
  memset(parts, 0, sizeof parts);
  EACH_ROW(dsh_add_integer(&parts[lane][group], values[row]))
  for (size_t lane = 0; lane < LANES; lane++)
    for (size_t group = 0; group < group_count; group++) {
      const uint64_t low = sums[group].low + parts[lane][group].low;
      sums[group].high += parts[lane][group].high + (low < sums[group].low);
      sums[group].low = low;
    }
}

void dsh_least_few(int64_t *least, size_t group_count, const uint32_t *groups, const int64_t *values, size_t count) {
  int64_t parts[LANES][DSH_FEW_GROUPS];
  for (size_t lane = 0; lane < LANES; lane++) memcpy(parts[lane], least, group_count * sizeof *least);
  EACH_ROW(const int64_t value = values[row]; const int64_t known = parts[lane][group]; parts[lane][group] = value < known ? value : known)
  for (size_t lane = 0; lane < LANES; lane++)
    for (size_t group = 0; group < group_count; group++)
      least[group] = parts[lane][group] < least[group] ? parts[lane][group] : least[group];
}

// MARK: Sums of doubles

// The greatest size of a value and the least that is not zero; false if one is not finite.
#define SIZES(NAME, TARGET)                                                                 \
  TARGET static int NAME(const double *values, size_t count, double *least, double *most) { \
    double low[8], high[8];                                                                 \
    for (size_t k = 0; k < 8; k++) low[k] = INFINITY, high[k] = 0;                          \
    int64_t strange = 0;                                                                    \
    size_t i = 0;                                                                           \
    for (; i + 8 <= count; i += 8)                                                          \
      for (size_t k = 0; k < 8; k++) {                                                      \
        const double size = fabs(values[i + k]);                                            \
        const double known = size > 0 ? size : INFINITY;                                    \
        low[k] = known < low[k] ? known : low[k];                                           \
        high[k] = size > high[k] ? size : high[k];                                          \
        strange |= -(int64_t)!(size <= DBL_MAX);                                            \
      }                                                                                     \
    for (; i < count; i++) {                                                                \
      const double size = fabs(values[i]);                                                  \
      if (size > 0 && size < low[0]) low[0] = size;                                         \
      if (size > high[0]) high[0] = size;                                                   \
      strange |= -(int64_t)!(size <= DBL_MAX);                                              \
    }                                                                                       \
    *least = INFINITY;                                                                      \
    *most = 0;                                                                              \
    for (size_t k = 0; k < 8; k++) {                                                        \
      *least = low[k] < *least ? low[k] : *least;                                           \
      *most = high[k] > *most ? high[k] : *most;                                            \
    }                                                                                       \
    return !strange;                                                                        \
  }

// The upper and the lower part of a value, or the sums of such parts.
typedef double parts_of_value __attribute__((vector_size(16)));

// Cuts each value at the last digit of `cut`.
#define SPLIT(NAME, TARGET)                                                                         \
  TARGET static void NAME(const double *values, size_t count, double cut, double *restrict parts) { \
    for (size_t i = 0; i < count; i++) {                                                            \
      const double upper = (values[i] + cut) - cut;                                                 \
      parts[2 * i] = upper;                                                                         \
      parts[2 * i + 1] = values[i] - upper;                                                         \
    }                                                                                               \
  }

SIZES(sizes_scalar, )
SPLIT(split_scalar, )
#if defined(__x86_64__)
SIZES(sizes_avx2, __attribute__((target("avx2"))))
SPLIT(split_avx2, __attribute__((target("avx2"))))
#endif

enum { CHUNK_ROWS = 512 };

int dsh_sum_few_float64(struct dsh_float_sum *sums, size_t group_count, const uint32_t *groups, const double *values, size_t count) {
  double least, most;
#if defined(__x86_64__)
  const int has_avx2 = __builtin_cpu_supports("avx2");
  if (!(has_avx2 ? sizes_avx2 : sizes_scalar)(values, count, &least, &most)) return 0;
#else
  if (!sizes_scalar(values, count, &least, &most)) return 0;
#endif
  if (most == 0) return 1;
  int most_exponent, least_exponent, rows_exponent;
  frexp(most, &most_exponent);
  frexp(least, &least_exponent);
  frexp((double)count, &rows_exponent);
  // A quarter of the cut is the most that a value may be.
  if (rows_exponent < 2) rows_exponent = 2;
  // Every value is a multiple of 2^(least_exponent - 53) and below 2^most_exponent. Upper parts are multiples of 2^unit, and so are their
  // sums, which stay below 2^(most_exponent + rows_exponent) and so have at most 53 digits; lower parts are at most half a unit, so
  // that their sums stay below 2^(unit + rows_exponent).
  const int unit = most_exponent + rows_exponent - 53;
  if (unit + rows_exponent - (least_exponent - 53) > 53) return 0;
  // The digits of a normal double.
  if (least_exponent - 53 < DBL_MIN_EXP - 53 || unit + 53 >= DBL_MAX_EXP) return 0;
  // Its last digit is worth 2^unit: half as much again as a power of two, so that taking something off leaves it there.
  const double cut = ldexp(1.5, unit + 52);
  parts_of_value chunk[CHUNK_ROWS];
  parts_of_value sum_parts[LANES][DSH_FEW_GROUPS];
  memset(sum_parts, 0, sizeof sum_parts);
  const uint32_t *const all_groups = groups;
  const size_t all = count;
  for (size_t start = 0; start < all; start += CHUNK_ROWS) {
    count = all - start < CHUNK_ROWS ? all - start : CHUNK_ROWS;
    groups = all_groups + start;
#if defined(__x86_64__)
    (has_avx2 ? split_avx2 : split_scalar)(values + start, count, cut, (double *)chunk);
#else
    split_scalar(values + start, count, cut, (double *)chunk);
#endif
    EACH_ROW(sum_parts[lane][group] += chunk[row])
  }
  struct dsh_float_sum next[DSH_FEW_GROUPS];
  memcpy(next, sums, group_count * sizeof *sums);
  for (size_t lane = 0; lane < LANES; lane++)
    for (size_t group = 0; group < group_count; group++)
      if (!dsh_add_float(&next[group], sum_parts[lane][group][0]) || !dsh_add_float(&next[group], sum_parts[lane][group][1])) return 0;
  memcpy(sums, next, group_count * sizeof *sums);
  return 1;
}
