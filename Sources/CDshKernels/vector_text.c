// The search for a text inside another, or inside all texts of a column.
#define _GNU_SOURCE
#include "vector_text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Longer needles could make many long comparisons fail late.
enum { LONGEST_NEEDLE = 64 };

// The places where the first and the last byte of the needle stand at the right distance are found 16 at a time; only there the
// bytes between are compared (Mula, "SIMD-friendly algorithms for substring searching").
const uint8_t *dsh_find_text(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
  if (needle_count == 0) return text;
  if (needle_count > count) return NULL;
  if (needle_count == 1) return memchr(text, needle[0], count);
  // Long needles could make many long comparisons fail late; the C library searches for them in linear time.
  if (needle_count > LONGEST_NEEDLE) return memmem(text, count, needle, needle_count);
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

// How common a byte is in texts, from the letters of English: of a needle the rarest bytes are looked for.
static int commonness(uint8_t byte) {
  static const char order[] = "zqxjkvbpygfwmucldrhsnioate ";
  const char *place = byte != 0 ? memchr(order, byte, sizeof order - 1) : NULL;
  if (place) return 64 + (int)(place - order);
  return byte >= 0x80 ? 80 : byte >= '0' && byte <= '9' ? 72 : 0;
}

// Finds the row that holds a place; the rows before `row` end before it.
static inline size_t row_at(const int32_t *offsets, size_t row, size_t place) {
  while ((size_t)offsets[row + 1] <= place) row++;
  return row;
}

// A needle found at `place` belongs to a row if it ends within it. Returns where the search goes on: behind the row that is known to hold it.
#define NOTE(PLACE)                                        \
  row = row_at(offsets, row, (PLACE));                     \
  if ((PLACE) + needle_count <= (size_t)offsets[row + 1])  \
    mask[row / 64] |= 1ull << (row % 64);

struct needle {
  const uint8_t *bytes;
  size_t count, rare, second;
};

static inline int is_at(const uint8_t *text, const struct needle *needle) { return memcmp(text, needle->bytes, needle->count) == 0; }

#if defined(__x86_64__)
// Places from *start on, whole vectors of them; *start is moved behind the last place looked at.
__attribute__((target("avx2"))) static void find_avx2(
    const uint8_t *texts, const int32_t *offsets, const struct needle *needle, size_t places, size_t *start, size_t *at_row, uint64_t *mask) {
  const size_t needle_count = needle->count;
  const __m256i rare = _mm256_set1_epi8((char)needle->bytes[needle->rare]);
  const __m256i second = _mm256_set1_epi8((char)needle->bytes[needle->second]);
  size_t row = *at_row, i = *start;
  for (; i + 32 <= places; i += 32) {
    const __m256i a = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(texts + i + needle->rare)), rare);
    const __m256i b = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(texts + i + needle->second)), second);
    uint32_t candidates = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(a, b));
    while (candidates != 0) {
      const size_t place = i + (size_t)__builtin_ctz(candidates);
      if (is_at(texts + place, needle)) { NOTE(place) }
      candidates &= candidates - 1;
    }
  }
  *at_row = row;
  *start = i;
}
#endif

int dsh_find_in_texts(
    const uint8_t *texts, const int32_t *offsets, size_t count, const uint8_t *needle_bytes, size_t needle_count, uint64_t *mask) {
  if (needle_count == 0 || needle_count > LONGEST_NEEDLE) return 0;
  struct needle needle = {needle_bytes, needle_count, 0, needle_count - 1};
  for (size_t i = 0; i < needle_count; i++)
    if (commonness(needle_bytes[i]) < commonness(needle_bytes[needle.rare])) needle.rare = i;
  if (needle.second == needle.rare) needle.second = 0;
  for (size_t i = 0; i < needle_count; i++)
    if (i != needle.rare && commonness(needle_bytes[i]) < commonness(needle_bytes[needle.second])) needle.second = i;
  const size_t end = (size_t)offsets[count];
  size_t place = (size_t)offsets[0], row = 0;
  if (end < place + needle_count) return 1;
  const size_t places = end - needle_count + 1;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) find_avx2(texts, offsets, &needle, places, &place, &row, mask);
#endif
  for (; place < places; place++)
    if (texts[place + needle.rare] == needle_bytes[needle.rare] && is_at(texts + place, &needle)) { NOTE(place) }
  return 1;
}
