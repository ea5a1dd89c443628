// Parts of dates, of whole columns of days: arithmetic that vectorises, AVX-512 or AVX2 where the processor has it.
#include "vector_calendar.h"

// Days are counted from the first of March of a year long ago that begins a cycle of 400 years: that many cycles before year 0.
#define CYCLES 2500u
#define DAYS_OF_CYCLE 146097u
#define DAYS_BEFORE_1970 (719468u + CYCLES * DAYS_OF_CYCLE)
// Four times a number of days has to fit into 32 bits.
#define LARGEST_DAYS ((int32_t)((1u << 30) - 1 - DAYS_BEFORE_1970))
#define LEAST_DAYS (-(int32_t)DAYS_BEFORE_1970)

// From days to a civil date without a division that is not a multiplication: Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their
// application to calendar algorithms", Software: Practice and Experience 53 (2023), proposition 6.3.
#define CIVIL(DAYS)                                                              \
  const uint32_t shifted = 4 * ((uint32_t)(DAYS) + DAYS_BEFORE_1970) + 3;        \
  const uint32_t century = shifted / DAYS_OF_CYCLE;                              \
  const uint32_t day_of_century = shifted % DAYS_OF_CYCLE / 4;                   \
  const uint64_t product = 2939745ull * (4 * day_of_century + 3);                \
  const uint32_t year_of_century = (uint32_t)(product >> 32);                    \
  const uint32_t day_of_year = (uint32_t)product / 2939745u / 4;                 \
  const uint32_t place = 2141 * day_of_year + 197913;                            \
  const uint32_t ends_year = day_of_year >= 306;

#define YEAR ((int64_t)(int32_t)(100 * century + year_of_century + ends_year - 400 * CYCLES))
#define MONTH ((place >> 16) - 12 * ends_year)
#define DAY ((place & 0xffff) / 2141 + 1)

#define LOOP(VALUE)                      \
  for (size_t i = 0; i < count; i++) {   \
    CIVIL(days[i])                       \
    (void)century, (void)place;          \
    parts[i] = (int64_t)(VALUE);         \
  }

#define PARTS(NAME, TARGET)                                                                                            \
  TARGET static void NAME(enum dsh_date_part part, const int32_t *restrict days, size_t count, int64_t *restrict parts) { \
    switch (part) {                                                                                                    \
      case DSH_YEAR: LOOP(YEAR) break;                                                                                 \
      case DSH_QUARTER: LOOP((MONTH + 2) / 3) break;                                                                   \
      case DSH_MONTH: LOOP(MONTH) break;                                                                               \
      case DSH_DAY: LOOP(DAY) break;                                                                                   \
    }                                                                                                                  \
  }

PARTS(parts_scalar, )
#if defined(__x86_64__)
PARTS(parts_avx512, __attribute__((target("avx512f,avx512dq,avx512vl,prefer-256-bit"))))
PARTS(parts_avx2, __attribute__((target("avx2"))))
#endif

int dsh_date_parts(enum dsh_date_part part, const int32_t *days, size_t count, int64_t *parts) {
  int is_far = 0;
  for (size_t i = 0; i < count; i++) is_far |= (days[i] < LEAST_DAYS) | (days[i] > LARGEST_DAYS);
  if (is_far) return 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    parts_avx512(part, days, count, parts);
  else if (__builtin_cpu_supports("avx2"))
    parts_avx2(part, days, count, parts);
  else
    parts_scalar(part, days, count, parts);
#else
  parts_scalar(part, days, count, parts);
#endif
  return 1;
}
