// Parses four cells of digits at once, each in 16 bytes of one vector, where the processor has the vectors.
#ifndef DSH_CSV_FOUR_NUMBERS_INTERNAL_H
#define DSH_CSV_FOUR_NUMBERS_INTERNAL_H

#include "csv_numbers.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FOUR_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx2,bmi,bmi2")))

static inline int has_four_numbers(void) {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("bmi2");
}

// Numbers of at most 15 digits: what they are without sign and point, how many digits stand behind the point, and who is below zero.
typedef struct {
  __m256i mantissas;
  __m256i fractions;
  __mmask8 negative;
} four_numbers;

// Four cells from `index` on; 0 if any of them has more than 15 bytes or is no plain number: [-]digits, or [-]digits.digits if `has_points`.
FOUR_TARGET static inline __attribute__((always_inline)) int parse_four(
    const dsh_csv_cells *cells, const int32_t *records, int64_t index, int has_points, four_numbers *numbers) {
  const uint32_t *entry[4];
  for (int cell = 0; cell < 4; cell++) {
    int64_t record = cells->first_record + (records ? records[index + cell] : index + cell);
    entry[cell] = cells->entries + record * cells->stride + cells->column;
  }
#define TEXT(CELL) _mm_loadu_si128((const __m128i *)(cells->bytes + (uint32_t)(entry[CELL][0] + 1)))
  __m512i text = _mm512_inserti64x4(
      _mm512_castsi256_si512(_mm256_set_m128i(TEXT(1), TEXT(0))), _mm256_set_m128i(TEXT(3), TEXT(2)), 1);
#undef TEXT
#define ENDS(CELL) _mm_loadu_si64(entry[CELL])
  __m256i ends = _mm256_set_m128i(_mm_unpacklo_epi64(ENDS(2), ENDS(3)), _mm_unpacklo_epi64(ENDS(0), ENDS(1)));
#undef ENDS
  // An entry is the place before its cell; places have 32 bits, and the first is -1.
  __m256i starts = _mm256_and_si256(_mm256_add_epi32(ends, _mm256_set1_epi64x(1)), _mm256_set1_epi64x(0xFFFFFFFF));
  __m256i lengths = _mm256_sub_epi64(_mm256_srli_epi64(ends, 32), starts);
  if (_mm256_cmpgt_epu64_mask(_mm256_sub_epi64(lengths, _mm256_set1_epi64x(1)), _mm256_set1_epi64x(14))) return 0;

  const __m512i places = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  const __m512i ordinals = _mm512_add_epi8(places, _mm512_set1_epi8(1));
  // The length of each text at all its places.
  __m512i length = _mm512_permutexvar_epi8(
      _mm512_set_epi64(
          0x1818181818181818, 0x1818181818181818, 0x1010101010101010, 0x1010101010101010, 0x0808080808080808, 0x0808080808080808, 0, 0),
      _mm512_castsi256_si512(lengths));
  uint64_t inside = _mm512_cmplt_epu8_mask(places, length);
  __m512i digits = _mm512_sub_epi8(text, _mm512_set1_epi8('0'));
  uint64_t is_digit = _mm512_mask_cmple_epu8_mask(inside, digits, _mm512_set1_epi8(9));
  uint64_t points = has_points ? _mm512_mask_cmpeq_epi8_mask(inside, text, _mm512_set1_epi8('.')) : 0;
  uint64_t zeros = _mm512_mask_cmpeq_epi8_mask(inside, text, _mm512_set1_epi8('0'));
  uint64_t minus = _mm512_mask_cmpeq_epi8_mask(0x0001000100010001, text, _mm512_set1_epi8('-'));
  // The first place of each number behind its sign.
  uint64_t first = 0x0001000100010001 + minus;
  uint64_t wrong = (is_digit | points | minus) ^ inside;
  // A zero that another digit follows, and no digit at all.
  wrong |= zeros & is_digit >> 1 & first;
  wrong |= ((is_digit | (points & is_digit >> 1)) & first) ^ first;

  __m512i order = _mm512_add_epi8(places, _mm512_sub_epi8(length, _mm512_set1_epi8(16)));
  __m256i behind_point = _mm256_setzero_si256();
  const __m512i even = _mm512_set_epi64(0, 0, 0, 0, 6, 4, 2, 0);
  if (has_points) {
    // The sum of the places of all points is the place of the one.
    __m512i sums = _mm512_sad_epu8(_mm512_maskz_mov_epi8(points, ordinals), _mm512_setzero_si512());
    sums = _mm512_add_epi64(sums, _mm512_shuffle_epi32(sums, _MM_PERM_BADC));
    __m512i behind = _mm512_shuffle_epi8(sums, _mm512_setzero_si512());
    wrong |= points ^ _mm512_cmpeq_epi8_mask(ordinals, behind);
    // What stands before the point moves on over it.
    order = _mm512_mask_sub_epi8(order, _mm512_cmplt_epi8_mask(order, behind), order, _mm512_set1_epi8(1));
    behind_point = _mm512_castsi512_si256(_mm512_permutexvar_epi64(even, sums));
  }
  if (wrong) return 0;

  // The digits stand at the end of 16 bytes, and are added up two, four and eight at a time (Mula, "SIMD-ized parsing of numbers").
  __m512i aligned = _mm512_shuffle_epi8(_mm512_maskz_mov_epi8(is_digit, digits), order);
  __m512i pairs = _mm512_maddubs_epi16(aligned, _mm512_set1_epi16(0x010A));
  __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
  __m512i eights = _mm512_madd_epi16(_mm512_packus_epi32(fours, fours), _mm512_set1_epi32(0x00012710));
  __m512i all = _mm512_add_epi64(_mm512_mul_epu32(eights, _mm512_set1_epi64(100000000)), _mm512_srli_epi64(eights, 32));
  numbers->mantissas = _mm512_castsi512_si256(_mm512_permutexvar_epi64(even, all));
  numbers->fractions = _mm256_maskz_sub_epi64(_mm256_test_epi64_mask(behind_point, behind_point), lengths, behind_point);
  numbers->negative = (__mmask8)_pext_u64(minus, 0x0001000100010001);
  return 1;
}
#endif

#endif
