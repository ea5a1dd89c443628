// Comparisons of whole columns as bit masks, 64 rows to a word; AVX-512 or AVX2 where the processor has it.
#include "vector_compare.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The rows from `start`, one by one; also the whole work on processors without vectors.
#define SCALAR_LOOP(TYPE, OP)                                                    \
  for (size_t i = start; i < count; i += 64) {                                   \
    size_t rows = count - i < 64 ? count - i : 64;                               \
    uint64_t word = 0;                                                           \
    for (size_t k = 0; k < rows; k++)                                            \
      word |= (uint64_t)(a[i + k] OP b[step ? i + k : 0]) << k;                  \
    mask[i / 64] = word;                                                         \
  }

#define SCALAR(NAME, TYPE)                                                                                      \
  static void NAME##_scalar(                                                                                    \
      enum dsh_comparison op, const TYPE *a, const TYPE *b, size_t step, size_t start, size_t count, uint64_t *mask) { \
    switch (op) {                                                                                               \
      case DSH_EQUAL: SCALAR_LOOP(TYPE, ==) break;                                                              \
      case DSH_NOT_EQUAL: SCALAR_LOOP(TYPE, !=) break;                                                          \
      case DSH_LESS: SCALAR_LOOP(TYPE, <) break;                                                                \
      case DSH_LESS_OR_EQUAL: SCALAR_LOOP(TYPE, <=) break;                                                      \
      case DSH_GREATER: SCALAR_LOOP(TYPE, >) break;                                                             \
      case DSH_GREATER_OR_EQUAL: SCALAR_LOOP(TYPE, >=) break;                                                   \
    }                                                                                                           \
  }

SCALAR(int64, int64_t)
SCALAR(float64, double)
SCALAR(int32, int32_t)

#if defined(__x86_64__)

// Whole words of 64 rows: LANES rows a step, COMPARE gives the bits of one step.
#define WORD_LOOP(LANES, COMPARE)                                 \
  for (size_t i = 0; i + 64 <= count; i += 64) {                  \
    uint64_t word = 0;                                            \
    for (size_t k = 0; k < 64; k += LANES) {                      \
      const size_t row = i + k;                                   \
      word |= (uint64_t)(COMPARE) << k;                           \
    }                                                             \
    mask[i / 64] = word;                                          \
  }

#define A512I(row) _mm512_loadu_si512((const void *)(a + (row)))
#define B512I(row) (step ? _mm512_loadu_si512((const void *)(b + (row))) : constant)

#define AVX512_INTEGER(NAME, TYPE, LANES, SET, CMP)                                                                    \
  __attribute__((target("avx512f"))) static void NAME##_avx512(                                                        \
      enum dsh_comparison op, const TYPE *a, const TYPE *b, size_t step, size_t count, uint64_t *mask) {               \
    const __m512i constant = SET(b[0]);                                                                                \
    switch (op) {                                                                                                      \
      case DSH_EQUAL: WORD_LOOP(LANES, CMP(A512I(row), B512I(row), _MM_CMPINT_EQ)) break;                              \
      case DSH_NOT_EQUAL: WORD_LOOP(LANES, CMP(A512I(row), B512I(row), _MM_CMPINT_NE)) break;                          \
      case DSH_LESS: WORD_LOOP(LANES, CMP(A512I(row), B512I(row), _MM_CMPINT_LT)) break;                               \
      case DSH_LESS_OR_EQUAL: WORD_LOOP(LANES, CMP(A512I(row), B512I(row), _MM_CMPINT_LE)) break;                      \
      case DSH_GREATER: WORD_LOOP(LANES, CMP(A512I(row), B512I(row), _MM_CMPINT_NLE)) break;                           \
      case DSH_GREATER_OR_EQUAL: WORD_LOOP(LANES, CMP(A512I(row), B512I(row), _MM_CMPINT_NLT)) break;                  \
    }                                                                                                                  \
  }

AVX512_INTEGER(int64, int64_t, 8, _mm512_set1_epi64, _mm512_cmp_epi64_mask)
AVX512_INTEGER(int32, int32_t, 16, _mm512_set1_epi32, _mm512_cmp_epi32_mask)

#define A512D(row) _mm512_loadu_pd(a + (row))
#define B512D(row) (step ? _mm512_loadu_pd(b + (row)) : constant)

__attribute__((target("avx512f"))) static void float64_avx512(
    enum dsh_comparison op, const double *a, const double *b, size_t step, size_t count, uint64_t *mask) {
  const __m512d constant = _mm512_set1_pd(b[0]);
  switch (op) {
    case DSH_EQUAL: WORD_LOOP(8, _mm512_cmp_pd_mask(A512D(row), B512D(row), _CMP_EQ_OQ)) break;
    case DSH_NOT_EQUAL: WORD_LOOP(8, _mm512_cmp_pd_mask(A512D(row), B512D(row), _CMP_NEQ_UQ)) break;
    case DSH_LESS: WORD_LOOP(8, _mm512_cmp_pd_mask(A512D(row), B512D(row), _CMP_LT_OQ)) break;
    case DSH_LESS_OR_EQUAL: WORD_LOOP(8, _mm512_cmp_pd_mask(A512D(row), B512D(row), _CMP_LE_OQ)) break;
    case DSH_GREATER: WORD_LOOP(8, _mm512_cmp_pd_mask(A512D(row), B512D(row), _CMP_GT_OQ)) break;
    case DSH_GREATER_OR_EQUAL: WORD_LOOP(8, _mm512_cmp_pd_mask(A512D(row), B512D(row), _CMP_GE_OQ)) break;
  }
}

#define A256I(row) _mm256_loadu_si256((const __m256i *)(a + (row)))
#define B256I(row) (step ? _mm256_loadu_si256((const __m256i *)(b + (row))) : constant)

// AVX2 knows only equal and greater of integers; the rest are these with arguments swapped or bits turned.
#define AVX2_INTEGER(NAME, TYPE, LANES, SET, EQ, GT, MOVEMASK)                                                         \
  __attribute__((target("avx2"))) static void NAME##_avx2(                                                             \
      enum dsh_comparison op, const TYPE *a, const TYPE *b, size_t step, size_t count, uint64_t *mask) {               \
    const __m256i constant = SET(b[0]);                                                                                \
    const uint32_t all = (1u << LANES) - 1;                                                                            \
    switch (op) {                                                                                                      \
      case DSH_EQUAL: WORD_LOOP(LANES, (uint32_t)MOVEMASK(EQ(A256I(row), B256I(row)))) break;                          \
      case DSH_NOT_EQUAL: WORD_LOOP(LANES, all & ~(uint32_t)MOVEMASK(EQ(A256I(row), B256I(row)))) break;               \
      case DSH_LESS: WORD_LOOP(LANES, (uint32_t)MOVEMASK(GT(B256I(row), A256I(row)))) break;                           \
      case DSH_LESS_OR_EQUAL: WORD_LOOP(LANES, all & ~(uint32_t)MOVEMASK(GT(A256I(row), B256I(row)))) break;           \
      case DSH_GREATER: WORD_LOOP(LANES, (uint32_t)MOVEMASK(GT(A256I(row), B256I(row)))) break;                        \
      case DSH_GREATER_OR_EQUAL: WORD_LOOP(LANES, all & ~(uint32_t)MOVEMASK(GT(B256I(row), A256I(row)))) break;        \
    }                                                                                                                  \
  }

#define MOVEMASK64(v) _mm256_movemask_pd(_mm256_castsi256_pd(v))
#define MOVEMASK32(v) _mm256_movemask_ps(_mm256_castsi256_ps(v))
AVX2_INTEGER(int64, int64_t, 4, _mm256_set1_epi64x, _mm256_cmpeq_epi64, _mm256_cmpgt_epi64, MOVEMASK64)
AVX2_INTEGER(int32, int32_t, 8, _mm256_set1_epi32, _mm256_cmpeq_epi32, _mm256_cmpgt_epi32, MOVEMASK32)

#define A256D(row) _mm256_loadu_pd(a + (row))
#define B256D(row) (step ? _mm256_loadu_pd(b + (row)) : constant)
#define CMP256D(OP) (uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(A256D(row), B256D(row), OP))

__attribute__((target("avx2"))) static void float64_avx2(
    enum dsh_comparison op, const double *a, const double *b, size_t step, size_t count, uint64_t *mask) {
  const __m256d constant = _mm256_set1_pd(b[0]);
  switch (op) {
    case DSH_EQUAL: WORD_LOOP(4, CMP256D(_CMP_EQ_OQ)) break;
    case DSH_NOT_EQUAL: WORD_LOOP(4, CMP256D(_CMP_NEQ_UQ)) break;
    case DSH_LESS: WORD_LOOP(4, CMP256D(_CMP_LT_OQ)) break;
    case DSH_LESS_OR_EQUAL: WORD_LOOP(4, CMP256D(_CMP_LE_OQ)) break;
    case DSH_GREATER: WORD_LOOP(4, CMP256D(_CMP_GT_OQ)) break;
    case DSH_GREATER_OR_EQUAL: WORD_LOOP(4, CMP256D(_CMP_GE_OQ)) break;
  }
}

#define DISPATCH(NAME)                                             \
  size_t start = 0;                                                \
  if (count >= 64) {                                               \
    if (__builtin_cpu_supports("avx512f")) {                       \
      NAME##_avx512(op, a, b, step, count, mask);                  \
      start = count & ~(size_t)63;                                 \
    } else if (__builtin_cpu_supports("avx2")) {                   \
      NAME##_avx2(op, a, b, step, count, mask);                    \
      start = count & ~(size_t)63;                                 \
    }                                                              \
  }                                                                \
  NAME##_scalar(op, a, b, step, start, count, mask);
#else
#define DISPATCH(NAME) NAME##_scalar(op, a, b, step, 0, count, mask);
#endif

void dsh_compare_int64(enum dsh_comparison op, const int64_t *a, const int64_t *b, size_t step, size_t count, uint64_t *mask) {
  DISPATCH(int64)
}

void dsh_compare_float64(enum dsh_comparison op, const double *a, const double *b, size_t step, size_t count, uint64_t *mask) {
  DISPATCH(float64)
}

void dsh_compare_int32(enum dsh_comparison op, const int32_t *a, const int32_t *b, size_t step, size_t count, uint64_t *mask) {
  DISPATCH(int32)
}

void dsh_equal_bytes(const uint8_t *a, uint8_t value, size_t count, uint64_t *mask) {
  size_t start = 0;
#if defined(__x86_64__)
  // SSE2 is part of every x86-64.
  const __m128i wanted = _mm_set1_epi8((char)value);
  for (; start + 64 <= count; start += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64; k += 16) {
      __m128i bytes = _mm_loadu_si128((const __m128i *)(a + start + k));
      word |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)) << k;
    }
    mask[start / 64] = word;
  }
#endif
  for (; start < count; start += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64 && start + k < count; k++) word |= (uint64_t)(a[start + k] == value) << k;
    mask[start / 64] = word;
  }
}

#if defined(__x86_64__)
// A shuffle looks up 16 entries at a time by the low half of each code; those whose high half is another part of the table are masked out.
__attribute__((target("avx2"))) static size_t lookup_avx2(
    const uint8_t *table, size_t known, const uint8_t *codes, size_t count, uint64_t *mask) {
  const __m256i low = _mm256_set1_epi8(0x0f);
  size_t start = 0;
  for (; start + 64 <= count; start += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64; k += 32) {
      const __m256i code = _mm256_loadu_si256((const __m256i *)(codes + start + k));
      const __m256i place = _mm256_and_si256(code, low);
      const __m256i part = _mm256_and_si256(_mm256_srli_epi16(code, 4), low);
      __m256i found = _mm256_setzero_si256();
      for (size_t first = 0; first < known; first += 16) {
        const __m256i entries = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(table + first)));
        const __m256i here = _mm256_cmpeq_epi8(part, _mm256_set1_epi8((char)(first / 16)));
        found = _mm256_or_si256(found, _mm256_and_si256(_mm256_shuffle_epi8(entries, place), here));
      }
      word |= (uint64_t)(uint32_t)_mm256_movemask_epi8(found) << k;
    }
    mask[start / 64] = word;
  }
  return start;
}
#endif

void dsh_lookup_bits(const uint8_t *table, size_t known, const uint8_t *codes, size_t count, uint64_t *mask) {
  size_t start = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) start = lookup_avx2(table, known, codes, count, mask);
#endif
  for (; start < count; start += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64 && start + k < count; k++) word |= (uint64_t)(table[codes[start + k]] & 1) << k;
    mask[start / 64] = word;
  }
}

void dsh_lookup_wide_bits(const uint8_t *table, const uint16_t *codes, size_t count, uint64_t *mask) {
  for (size_t start = 0; start < count; start += 64) {
    const size_t rows = count - start < 64 ? count - start : 64;
    uint64_t word = 0;
    for (size_t k = 0; k < rows; k++) word |= (uint64_t)(table[codes[start + k]] & 1) << k;
    mask[start / 64] = word;
  }
}
