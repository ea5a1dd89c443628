// Unpacks numbers of a few bits: eight at a time, as eight numbers always begin at a byte.
#include "bit_unpack.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The number that begins at a bit. Reads eight bytes where there are as many, and only those that are there near the end.
static inline uint64_t number_at(const uint8_t *bytes, const uint8_t *end, size_t bit, uint32_t width) {
  const uint8_t *place = bytes + bit / 8;
  const uint32_t shift = bit % 8;
  uint64_t word = 0;
  const size_t there = place < end ? (size_t)(end - place) : 0;
  if (there >= 8) {
    memcpy(&word, place, 8);
  } else {
    memcpy(&word, place, there);
  }
  word >>= shift;
  if (shift + width > 64 && there > 8) word |= (uint64_t)place[8] << (64 - shift);
  return width == 64 ? word : word & (((uint64_t)1 << width) - 1);
}

#define PORTABLE(NAME, TYPE)                                                                                     \
  static void NAME(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, TYPE *out, size_t count) { \
    size_t bit = first * width;                                                                                  \
    for (size_t i = 0; i < count; i++, bit += width) out[i] = (TYPE)number_at(bytes, end, bit, width);            \
  }

PORTABLE(unpack_u8, uint8_t)
PORTABLE(unpack_u16, uint16_t)
PORTABLE(unpack_u32, uint32_t)
PORTABLE(unpack_u64, uint64_t)

void dsh_unpack_u32_portable(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, uint32_t *out, size_t count) {
  unpack_u32(bytes, end, first, width, out, count);
}

// How many numbers stand before the next that begins at a byte for certain.
static inline size_t unaligned(size_t first, size_t count) {
  const size_t lead = (8 - first % 8) % 8;
  return lead < count ? lead : count;
}

#if defined(__x86_64__)
// Eight numbers of at most 8 bits are spread over a word at once.
__attribute__((target("bmi2"))) static size_t groups_u8(
    const uint8_t *place, const uint8_t *end, uint32_t width, uint8_t *out, size_t count) {
  const uint64_t mask = 0x0101010101010101ull * ((1u << width) - 1);
  size_t done = 0;
  for (; done + 8 <= count && end - place >= 8; done += 8, place += width) {
    uint64_t word;
    memcpy(&word, place, 8);
    word = _pdep_u64(word, mask);
    memcpy(out + done, &word, 8);
  }
  return done;
}

__attribute__((target("bmi2"))) static size_t groups_u16(
    const uint8_t *place, const uint8_t *end, uint32_t width, uint16_t *out, size_t count) {
  const uint64_t mask = 0x0001000100010001ull * ((1u << width) - 1);
  const size_t half = width / 2;
  const uint32_t shift = width % 2 * 4;
  size_t done = 0;
  // The second half begins in the middle of a byte where the width is odd; four numbers and half a byte more fit into eight bytes below 16 bits,
  // and with 16 bits there is no half.
  for (; done + 8 <= count && (size_t)(end - place) >= half + 8; done += 8, place += width) {
    uint64_t low, high;
    memcpy(&low, place, 8);
    memcpy(&high, place + half, 8);
    low = _pdep_u64(low, mask);
    high = _pdep_u64(high >> shift, mask);
    memcpy(out + done, &low, 8);
    memcpy(out + done + 4, &high, 8);
  }
  return done;
}

// Each half of a register gets the bytes of four numbers, each lane the four bytes in which its number begins; what stands before it is shifted out.
// A number of up to 25 bits ends within its four bytes.
__attribute__((target("avx2"))) static size_t groups_u32(
    const uint8_t *place, const uint8_t *end, uint32_t width, uint32_t *out, size_t count) {
  uint8_t shuffle[32];
  uint32_t shifts[8];
  const uint32_t half = 4 * width / 8;
  for (uint32_t lane = 0; lane < 8; lane++) {
    const uint32_t bit = lane * width - (lane < 4 ? 0 : half * 8);
    shifts[lane] = bit % 8;
    for (uint32_t byte = 0; byte < 4; byte++) shuffle[lane * 4 + byte] = (uint8_t)(bit / 8 + byte);
  }
  const __m256i order = _mm256_loadu_si256((const __m256i *)shuffle);
  const __m256i shift = _mm256_loadu_si256((const __m256i *)shifts);
  const __m256i mask = _mm256_set1_epi32((int)((1u << width) - 1));
  size_t done = 0;
  for (; done + 8 <= count && (size_t)(end - place) >= half + 16; done += 8, place += width) {
    const __m128i low = _mm_loadu_si128((const __m128i *)place);
    const __m128i high = _mm_loadu_si128((const __m128i *)(place + half));
    __m256i word = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), order);
    word = _mm256_and_si256(_mm256_srlv_epi32(word, shift), mask);
    _mm256_storeu_si256((__m256i *)(out + done), word);
  }
  return done;
}

static inline int has_bmi2(void) { return __builtin_cpu_supports("bmi2"); }
static inline int has_avx2(void) { return __builtin_cpu_supports("avx2"); }
#else
#define groups_u8(PLACE, END, WIDTH, OUT, COUNT) 0
#define groups_u16(PLACE, END, WIDTH, OUT, COUNT) 0
#define groups_u32(PLACE, END, WIDTH, OUT, COUNT) 0
static inline int has_bmi2(void) { return 0; }
static inline int has_avx2(void) { return 0; }
#endif

#define UNPACK(NAME, TYPE, IS_FAST)                                                                          \
  void dsh_##NAME(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, TYPE *out, size_t count) { \
    if (width == 0) {                                                                                        \
      memset(out, 0, count * sizeof(TYPE));                                                                  \
      return;                                                                                                \
    }                                                                                                        \
    size_t done = unaligned(first, count);                                                                   \
    NAME(bytes, end, first, width, out, done);                                                               \
    if (IS_FAST) done += FAST_##NAME(bytes + (first + done) / 8 * width, end, width, out + done, count - done); \
    NAME(bytes, end, first + done, width, out + done, count - done);                                         \
  }

#define FAST_unpack_u8 groups_u8
#define FAST_unpack_u16 groups_u16
#define FAST_unpack_u32 groups_u32

UNPACK(unpack_u8, uint8_t, has_bmi2() && (first + done) % 8 == 0)
UNPACK(unpack_u16, uint16_t, has_bmi2() && (first + done) % 8 == 0)
UNPACK(unpack_u32, uint32_t, has_avx2() && width <= 25 && (first + done) % 8 == 0)

void dsh_unpack_u64(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, uint64_t *out, size_t count) {
  if (width == 0) {
    memset(out, 0, count * 8);
  } else {
    unpack_u64(bytes, end, first, width, out, count);
  }
}

void dsh_copy_bits(const uint8_t *bytes, size_t first, uint8_t *bits, size_t offset, size_t count) {
  if (count == 0) return;
  const uint8_t *end = bytes + (first + count + 7) / 8;
  size_t done = 0;
  // Up to the border of a byte in the target, then bytes, then the rest.
  if (offset % 8 != 0) {
    const size_t lead = 8 - offset % 8 < count ? 8 - offset % 8 : count;
    const uint8_t kept = bits[offset / 8] & (uint8_t)((1u << offset % 8) - 1);
    bits[offset / 8] = kept | (uint8_t)(number_at(bytes, end, first, (uint32_t)lead) << offset % 8);
    done = lead;
  }
  if ((first + done) % 8 == 0) {
    memcpy(bits + (offset + done) / 8, bytes + (first + done) / 8, (count - done) / 8);
    done += (count - done) / 8 * 8;
  }
  for (; done + 32 <= count; done += 32) {
    const uint32_t word = (uint32_t)number_at(bytes, end, first + done, 32);
    memcpy(bits + (offset + done) / 8, &word, 4);
  }
  for (; done < count; done += 8) {
    const size_t rest = count - done < 8 ? count - done : 8;
    bits[(offset + done) / 8] = (uint8_t)number_at(bytes, end, first + done, (uint32_t)rest);
  }
}
