// Finds bytes that are not UTF-8.
#include "utf8.h"

#include <string.h>

// From a place where a character starts.
static int64_t find_invalid(const uint8_t *bytes, int64_t position, int64_t length) {
  while (position < length) {
    while (position + 8 <= length) {
      uint64_t word;
      memcpy(&word, bytes + position, 8);
      if (word & 0x8080808080808080u) break;
      position += 8;
    }
    if (position >= length) break;
    uint8_t lead = bytes[position];
    if (lead < 0x80) {
      position++;
      continue;
    }
    int64_t extra = lead < 0xC2 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : 0;
    if (extra == 0 || position + extra >= length) return position;
    uint8_t second = bytes[position + 1];
    // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF (Unicode, table 3-7).
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) return position;
    for (int64_t index = 2; index <= extra; index++) {
      if ((bytes[position + index] & 0xC0) != 0x80) return position;
    }
    position += extra + 1;
  }
  return -1;
}

int64_t dsh_utf8_first_invalid_portable(const uint8_t *bytes, int64_t length) { return find_invalid(bytes, 0, length); }

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

// What may be wrong with two bytes that follow one another. A mistake is one if the upper and the lower half of the first byte and the upper
// half of the second all allow for it.
enum {
  TOO_SHORT = 1 << 0,       // a byte that starts a character, and none that goes on with it
  TOO_LONG = 1 << 1,        // ASCII, and a byte that goes on
  OVERLONG_3 = 1 << 2,
  TOO_LARGE = 1 << 3,       // above U+10FFFF, its first byte F4
  SURROGATE = 1 << 4,
  OVERLONG_2 = 1 << 5,
  TOO_LARGE_1000 = 1 << 6,  // above U+10FFFF, its first byte above F4
  OVERLONG_4 = 1 << 6,
  TWO_CONTINUATIONS = 1 << 7,
  CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS,
};

TARGET static inline __attribute__((always_inline)) __m256i look_up(__m256i halves, const uint8_t table[16]) {
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table)), halves);
}

TARGET static inline __attribute__((always_inline)) __m256i upper_half(__m256i bytes) {
  return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

// The bytes that stand 1, 2 or 3 places before each.
#define BEFORE(PLACES) _mm256_alignr_epi8(input, _mm256_permute2x128_si256(previous, input, 0x21), 16 - (PLACES))

// Not zero where a mistake shows in 32 bytes that follow 32 others (Keiser and Lemire, "Validating UTF-8 in less than one instruction per
// byte", 2021).
TARGET static inline __attribute__((always_inline)) __m256i find_mistakes(__m256i input, __m256i previous) {
  static const uint8_t first_upper[16] = {
      TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
      TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
      TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4};
  static const uint8_t first_lower[16] = {
      CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | TOO_LARGE,
      CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
      CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
      CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
      CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000};
  static const uint8_t second_upper[16] = {
      TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
      TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
      TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE,
      TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE, TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
      TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT};
  __m256i first = BEFORE(1);
  __m256i lower = _mm256_and_si256(first, _mm256_set1_epi8(0x0F));
  __m256i mistakes = _mm256_and_si256(look_up(upper_half(first), first_upper), look_up(lower, first_lower));
  mistakes = _mm256_and_si256(mistakes, look_up(upper_half(input), second_upper));
  // Two bytes that go on are no mistake, but have to be, as the third or fourth of a character.
  __m256i third = _mm256_subs_epu8(BEFORE(2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
  __m256i fourth = _mm256_subs_epu8(BEFORE(3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
  __m256i goes_on = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
  return _mm256_xor_si256(goes_on, mistakes);
}

// Where a character starts that nothing wrong stands before.
TARGET static int64_t skip_valid(const uint8_t *bytes, int64_t length) {
  __m256i previous = _mm256_setzero_si256();
  int64_t position = 0;
  // Whether vectors are ASCII is asked of 256 bytes at once: the answer is nearly always or nearly never yes.
  int64_t ascii_end = 0;
  for (; position + 32 <= length; position += 32) {
    if (position >= ascii_end && position + 256 <= length) {
      ascii_end = position + 256;
      __m256i any = previous;
      for (int64_t place = position; place < ascii_end; place += 32) {
        any = _mm256_or_si256(any, _mm256_loadu_si256((const __m256i *)(bytes + place)));
      }
      if (_mm256_movemask_epi8(any) == 0) {
        position = ascii_end - 32;
        continue;
      }
    }
    __m256i input = _mm256_loadu_si256((const __m256i *)(bytes + position));
    __m256i mistakes = find_mistakes(input, previous);
    if (!_mm256_testz_si256(mistakes, mistakes)) break;
    previous = input;
  }
  // The last character may go on here.
  for (int back = 1; back <= 3 && back <= position; back++) {
    if (bytes[position - back] >= 0xC0) return position - back;
  }
  return position;
}
#endif

int64_t dsh_utf8_first_invalid(const uint8_t *bytes, int64_t length) {
  int64_t position = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) position = skip_valid(bytes, length);
#endif
  return find_invalid(bytes, position, length);
}
