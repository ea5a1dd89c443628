// The body of the structural scan, compiled once for each kind of processor: FUNCTION is its name, TARGET its features.
//
// The idea is that of Langdale and Lemire, "Parsing gigabytes of JSON per second" (2019): compare 64 bytes with each special character,
// turn quote marks into a mask of quoted bytes with a running exclusive or (a carry-less multiplication by all ones), and
// write out the positions of the bits that are left. A block in which a quote stands where RFC 4180 has none (inside
// an unquoted cell, or followed by text) is scanned again byte by byte, so the result is exact for any text.

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

TARGET static inline __attribute__((always_inline)) void BLOCK_NAME(scan)(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure,
    const dsh_csv_selection *selection, int has_quote, int has_escape, int has_selection) {
  const dsh_csv_dialect characters = *dialect;
  uint32_t *output = entries;
  int64_t newline_count = 0;
  uint64_t high_bits = 0;
  uint64_t inside = structure->state == DSH_CSV_QUOTED ? ~0ull : 0;
  // Whether the byte before the block lets a quote open a cell, and whether it closed one.
  uint64_t opens = structure->state == DSH_CSV_CELL_START || structure->state == DSH_CSV_QUOTE_SEEN;
  uint64_t closed = structure->state == DSH_CSV_QUOTE_SEEN;
  uint64_t escape_carry = (uint64_t)structure->escaped;
  uint8_t last[64 + DSH_CSV_PADDING];
  int64_t entry_count = 0;
  const uint64_t *patterns = has_selection ? selection->patterns : NULL;
  const uint64_t columns = has_selection ? (uint64_t)selection->columns : 1;
  // A division by the number of columns as a multiplication, exact for what is below 2^16 (columns ≤ 1024, 64 entries a block).
  const uint64_t reciprocal = ((uint64_t)1 << 32) / columns + 1;
  uint64_t phase = 0;

  for (int64_t base = 0; base < length; base += 64) {
    const uint8_t *source = bytes + base;
    int64_t remaining = length - base;
    uint64_t present = ~0ull;
    if (__builtin_expect(remaining < 64, 0)) {
      // The last, partial block: what lies behind the text is blanked out.
      memset(last, 'x', sizeof last);
      memcpy(last, source, (size_t)remaining);
      source = last;
      present = ~0ull >> (64 - remaining);
    }
    BLOCK_NAME(block) block = BLOCK_NAME(load)(source);
    uint64_t newlines = BLOCK_NAME(equal)(block, '\n');
    uint64_t structural = BLOCK_NAME(equal)(block, characters.delimiter) | newlines;
    high_bits |= BLOCK_NAME(high_bits)(block);
    if (has_quote) {
      uint64_t quotes = BLOCK_NAME(equal)(block, characters.quote);
      uint64_t escaped = 0;
      uint64_t escape_before = escape_carry;
      if (has_escape) {
        uint64_t escapes = BLOCK_NAME(equal)(block, characters.escape);
        escaped = BLOCK_NAME(find_escaped)(escapes, &escape_carry);
        quotes &= ~escaped;
        structural &= ~escaped;
      }
      uint64_t quoted = BLOCK_NAME(prefix_xor)(quotes) ^ inside;
      // A quote that opens follows a separator, a line end or a closing quote; one that closes is followed by such or by a
      // carriage return. Separators inside quotes do no harm here: no quote can open behind them.
      uint64_t before = (structural | quotes) << 1 | opens;
      uint64_t opening = quotes & quoted;
      uint64_t closing = quotes & ~quoted;
      uint64_t behind = (closing << 1 | closed) & ~(structural | quotes);
      uint64_t irregular = opening & ~before;
      if (__builtin_expect(behind != 0, 0)) {
        // What may also follow is a carriage return, as the bytewise scan treats it: text, which changes nothing structural.
        irregular |= behind & ~BLOCK_NAME(equal)(block, '\r') & present;
        if (has_escape) irregular |= behind & escaped;
      }
      if (__builtin_expect((irregular & present) != 0, 0)) {
        int32_t state = inside ? DSH_CSV_QUOTED : closed ? DSH_CSV_QUOTE_SEEN : opens ? DSH_CSV_CELL_START : DSH_CSV_UNQUOTED;
        int32_t pending = (int32_t)escape_before;
        scan_block_bytewise(source, remaining < 64 ? remaining : 64, &characters, &state, &pending, &structural);
        inside = state == DSH_CSV_QUOTED ? ~0ull : 0;
        opens = state == DSH_CSV_CELL_START || state == DSH_CSV_QUOTE_SEEN;
        closed = state == DSH_CSV_QUOTE_SEEN;
        escape_carry = (uint64_t)pending;
      } else {
        structural &= ~quoted;
        if (__builtin_expect(present != ~0ull, 0)) {
          // The state behind the last byte, not behind the block.
          int64_t final = remaining - 1;
          inside = (quoted >> final & 1) ? ~0ull : 0;
          opens = (structural | quotes) >> final & 1;
          closed = closing >> final & 1;
          escape_carry = has_escape ? (remaining < 64 ? escaped >> remaining & 1 : escape_carry) : 0;
        } else {
          inside = (uint64_t)((int64_t)quoted >> 63);
          opens = (structural | quotes) >> 63;
          closed = closing >> 63;
        }
      }
    } else {
      opens = structural >> (remaining < 64 ? remaining - 1 : 63) & 1;
    }
    structural &= present;
    newline_count += __builtin_popcountll(structural & newlines);

    int count = __builtin_popcountll(structural);
    entry_count += count;
    if (has_selection) {
      structural = BLOCK_NAME(keep)(patterns[phase], structural);
      phase += (uint64_t)count;
      phase -= columns * (phase * reciprocal >> 32);
      count = __builtin_popcountll(structural);
    }

    // More than there are: the next block overwrites what is too much.
    BLOCK_NAME(write)(output, (uint32_t)base, structural, count, has_selection ? 4 : 12);
    output += count;
  }

  structure->state = inside ? DSH_CSV_QUOTED : closed ? DSH_CSV_QUOTE_SEEN : opens ? DSH_CSV_CELL_START : DSH_CSV_UNQUOTED;
  structure->escaped = (int32_t)escape_carry;
  structure->entry_count = entry_count;
  structure->kept_count = output - entries;
  structure->newline_count = newline_count;
  structure->high_bits = high_bits;
}

TARGET
#if defined(VECTOR_AVX2) || defined(VECTOR_AVX512)
static
#endif
void FUNCTION(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, uint32_t *entries, dsh_csv_structure *structure) {
  if (length == 0) {
    *structure = (dsh_csv_structure){structure->state, structure->escaped, 0, 0, 0, 0};
  } else if (dialect->escape && !dialect->quote) {
    // Rare enough not to need a scan of its own.
    dsh_csv_find_structure_bytewise(bytes, length, dialect, entries, structure);
  } else if (dialect->escape) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, NULL, 1, 1, 0);
  } else if (dialect->quote) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, NULL, 1, 0, 0);
  } else {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, NULL, 0, 0, 0);
  }
}

#if defined(VECTOR_AVX2) || defined(VECTOR_AVX512)
TARGET static void BLOCK_NAME(find_selected)(
    const uint8_t *bytes, int64_t length, const dsh_csv_dialect *dialect, const dsh_csv_selection *selection, uint32_t *entries,
    dsh_csv_structure *structure) {
  if (dialect->escape) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, selection, 1, 1, 1);
  } else if (dialect->quote) {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, selection, 1, 0, 1);
  } else {
    BLOCK_NAME(scan)(bytes, length, dialect, entries, structure, selection, 0, 0, 1);
  }
}
#endif
#undef BLOCK_NAME
