// The search for a text inside another.
#define _GNU_SOURCE
#include "vector_text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The places where the first and the last byte of the needle stand at the right distance are found 16 at a time; only there the
// bytes between are compared (Mula, "SIMD-friendly algorithms for substring searching").
const uint8_t *dsh_find_text(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
  if (needle_count == 0) return text;
  if (needle_count > count) return NULL;
  if (needle_count == 1) return memchr(text, needle[0], count);
  // Long needles could make many long comparisons fail late; the C library searches for them in linear time.
  if (needle_count > 64) return memmem(text, count, needle, needle_count);
  const size_t places = count - needle_count + 1;
  const uint8_t first = needle[0], last = needle[needle_count - 1];
  size_t i = 0;
#if defined(__x86_64__)
  const __m128i firsts = _mm_set1_epi8((char)first), lasts = _mm_set1_epi8((char)last);
  for (; i + 16 <= places; i += 16) {
    const __m128i a = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(text + i)), firsts);
    const __m128i b = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(text + i + needle_count - 1)), lasts);
    uint32_t candidates = (uint32_t)_mm_movemask_epi8(_mm_and_si128(a, b));
    while (candidates != 0) {
      const size_t place = i + (size_t)__builtin_ctz(candidates);
      if (memcmp(text + place + 1, needle + 1, needle_count - 2) == 0) return text + place;
      candidates &= candidates - 1;
    }
  }
#endif
  for (; i < places; i++)
    if (text[i] == first && text[i + needle_count - 1] == last && memcmp(text + i + 1, needle + 1, needle_count - 2) == 0)
      return text + i;
  return NULL;
}
