// Sixty-four bytes as a vector, and what scans for structure ask of them; compiled once for each kind of processor, like the scan that includes it.
//
// Names end in the kind of processor, so that a file can have all of them. Included again and again, by each scan.

#if defined(VECTOR_AVX512)
#define BLOCK_NAME(name) name##_avx512
#elif defined(VECTOR_AVX2)
#define BLOCK_NAME(name) name##_avx2
#else
#define BLOCK_NAME(name) name##_portable
#endif

#if defined(VECTOR_AVX512)
typedef __m512i BLOCK_NAME(block);

TARGET static inline __attribute__((always_inline)) BLOCK_NAME(block) BLOCK_NAME(load)(const uint8_t *bytes) {
  return _mm512_loadu_si512(bytes);
}

TARGET static inline __attribute__((always_inline)) uint64_t BLOCK_NAME(equal)(BLOCK_NAME(block) block, uint8_t character) {
  return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)character));
}

TARGET static inline __attribute__((always_inline)) uint64_t BLOCK_NAME(high_bits)(BLOCK_NAME(block) block) {
  return _mm512_movepi8_mask(block);
}

// The bytes below 32.
TARGET static inline __attribute__((always_inline, unused)) uint64_t BLOCK_NAME(controls)(BLOCK_NAME(block) block) {
  return _mm512_cmplt_epu8_mask(block, _mm512_set1_epi8(32));
}

// Brackets and braces, which differ in one bit.
TARGET static inline __attribute__((always_inline, unused)) uint64_t BLOCK_NAME(braces)(BLOCK_NAME(block) block) {
  BLOCK_NAME(block) folded = _mm512_or_si512(block, _mm512_set1_epi8(0x20));
  return BLOCK_NAME(equal)(folded, '{') | BLOCK_NAME(equal)(folded, '}');
}

#elif defined(VECTOR_AVX2)
typedef struct { __m256i low, high; } BLOCK_NAME(block);

TARGET static inline __attribute__((always_inline)) BLOCK_NAME(block) BLOCK_NAME(load)(const uint8_t *bytes) {
  return (BLOCK_NAME(block)){_mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)(bytes + 32))};
}

TARGET static inline __attribute__((always_inline)) uint64_t BLOCK_NAME(equal)(BLOCK_NAME(block) block, uint8_t character) {
  __m256i wanted = _mm256_set1_epi8((char)character);
  uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.low, wanted));
  uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.high, wanted));
  return (uint64_t)high << 32 | low;
}

TARGET static inline __attribute__((always_inline)) uint64_t BLOCK_NAME(high_bits)(BLOCK_NAME(block) block) {
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(block.low, block.high));
}

// The bytes below 32.
TARGET static inline __attribute__((always_inline, unused)) uint64_t BLOCK_NAME(controls)(BLOCK_NAME(block) block) {
  const __m256i greatest = _mm256_set1_epi8(31);
  uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(block.low, greatest), block.low));
  uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(block.high, greatest), block.high));
  return (uint64_t)high << 32 | low;
}

// Brackets and braces, which differ in one bit.
TARGET static inline __attribute__((always_inline, unused)) uint64_t BLOCK_NAME(braces)(BLOCK_NAME(block) block) {
  const __m256i bit = _mm256_set1_epi8(0x20);
  BLOCK_NAME(block) folded = {_mm256_or_si256(block.low, bit), _mm256_or_si256(block.high, bit)};
  return BLOCK_NAME(equal)(folded, '{') | BLOCK_NAME(equal)(folded, '}');
}
#endif

#if defined(VECTOR_AVX2) || defined(VECTOR_AVX512)
TARGET static inline __attribute__((always_inline)) uint64_t BLOCK_NAME(prefix_xor)(uint64_t bits) {
  __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8(-1), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

#if defined(VECTOR_AVX2)
// The index of the lowest bit; anything for zero.
TARGET static inline __attribute__((always_inline)) uint32_t BLOCK_NAME(first_bit)(uint64_t bits) { return (uint32_t)_tzcnt_u64(bits); }
#endif

// The n-th set bit of `bits` stays if bit n of `pattern` is set.
TARGET static inline __attribute__((always_inline)) uint64_t BLOCK_NAME(keep)(uint64_t pattern, uint64_t bits) {
  return _pdep_u64(pattern, bits);
}
#else
typedef struct { uint64_t words[8]; } BLOCK_NAME(block);

static inline BLOCK_NAME(block) BLOCK_NAME(load)(const uint8_t *bytes) {
  BLOCK_NAME(block) block;
  memcpy(block.words, bytes, 64);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (int word = 0; word < 8; word++) block.words[word] = __builtin_bswap64(block.words[word]);
#endif
  return block;
}

static inline uint64_t BLOCK_NAME(equal)(BLOCK_NAME(block) block, uint8_t character) {
  uint64_t mask = 0;
  for (int word = 0; word < 8; word++) {
    uint64_t difference = block.words[word] ^ (0x0101010101010101u * character);
    // The high bit of each byte that is zero, exactly (no borrow crosses bytes).
    uint64_t zero = ~(((difference & 0x7F7F7F7F7F7F7F7Fu) + 0x7F7F7F7F7F7F7F7Fu) | difference | 0x7F7F7F7F7F7F7F7Fu);
    mask |= (((zero >> 7) * 0x0102040810204080u) >> 56) << (word * 8);
  }
  return mask;
}

static inline uint64_t BLOCK_NAME(high_bits)(BLOCK_NAME(block) block) {
  uint64_t all = 0;
  for (int word = 0; word < 8; word++) all |= block.words[word];
  return all & 0x8080808080808080u;
}

// The bytes below 32.
static inline __attribute__((unused)) uint64_t BLOCK_NAME(controls)(BLOCK_NAME(block) block) {
  uint64_t mask = 0;
  for (int word = 0; word < 8; word++) {
    // Zero without the lowest five bits.
    uint64_t upper = block.words[word] & 0xE0E0E0E0E0E0E0E0u;
    uint64_t zero = ~(((upper & 0x7F7F7F7F7F7F7F7Fu) + 0x7F7F7F7F7F7F7F7Fu) | upper | 0x7F7F7F7F7F7F7F7Fu);
    mask |= (((zero >> 7) * 0x0102040810204080u) >> 56) << (word * 8);
  }
  return mask;
}

// Brackets and braces, which differ in one bit.
static inline __attribute__((unused)) uint64_t BLOCK_NAME(braces)(BLOCK_NAME(block) block) {
  for (int word = 0; word < 8; word++) block.words[word] |= 0x2020202020202020u;
  return BLOCK_NAME(equal)(block, '{') | BLOCK_NAME(equal)(block, '}');
}

static inline uint64_t BLOCK_NAME(prefix_xor)(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

// The index of the lowest bit; anything for zero.
static inline uint32_t BLOCK_NAME(first_bit)(uint64_t bits) { return (uint32_t)__builtin_ctzll(bits | 1ull << 63); }

// Never called: selections need the instruction that this takes many for.
static inline uint64_t BLOCK_NAME(keep)(uint64_t pattern, uint64_t bits) { return pattern & bits; }
#endif

#if defined(VECTOR_AVX512)
// Writes `base` and the index of each of the `count` bits that are set, and up to 16 entries that mean nothing.
TARGET static inline __attribute__((always_inline)) void BLOCK_NAME(write)(
    uint32_t *output, uint32_t base, uint64_t bits, int count, int usual __attribute__((unused))) {
  const __m512i indexes = _mm512_set_epi64(
      0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120, 0x1F1E1D1C1B1A1918, 0x1716151413121110,
      0x0F0E0D0C0B0A0908, 0x0706050403020100);
  __m512i places = _mm512_maskz_compress_epi8(bits, indexes);
  __m512i first = _mm512_set1_epi32((int)base);
  for (int written = 0;; written += 16) {
    _mm512_storeu_si512(output + written, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places))));
    if (__builtin_expect(written + 16 >= count, 1)) break;
    places = _mm512_alignr_epi64(places, places, 2);
  }
}
#else
// Writes `base` and the index of each of the `count` bits that are set, some at a time, and entries that mean nothing behind them.
TARGET static inline __attribute__((always_inline)) void BLOCK_NAME(write)(
    uint32_t *output, uint32_t base, uint64_t bits, int count, int usual) {
  for (int written = 0;; written += usual) {
    for (int index = 0; index < usual; index++) {
      output[written + index] = base + BLOCK_NAME(first_bit)(bits);
      bits &= bits - 1;
    }
    if (__builtin_expect(written + usual >= count, 1)) break;
  }
}
#endif

// The bytes that stand behind an escape; `carry` is whether the first of the block does, and of the next on return.
TARGET static inline __attribute__((always_inline)) uint64_t BLOCK_NAME(find_escaped)(uint64_t escapes, uint64_t *carry) {
  uint64_t escaped = *carry;
  escapes &= ~escaped;
  // Escapes are rare: walk them.
  while (escapes) {
    uint64_t next = (escapes & -escapes) << 1;
    if (!next) {
      *carry = 1;
      return escaped;
    }
    escaped |= next;
    escapes &= escapes - 1;
    escapes &= ~next;
  }
  *carry = 0;
  return escaped;
}
