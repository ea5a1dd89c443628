// XXH64, after the description of its algorithm.
#include "xxhash64.h"

#include <string.h>

static const uint64_t PRIME_1 = 0x9E3779B185EBCA87ull, PRIME_2 = 0xC2B2AE3D27D4EB4Full, PRIME_3 = 0x165667B19E3779F9ull,
                      PRIME_4 = 0x85EBCA77C2B2AE63ull, PRIME_5 = 0x27D4EB2F165667C5ull;

static inline uint64_t rotate(uint64_t word, int bits) { return word << bits | word >> (64 - bits); }

static inline uint64_t load_64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

static inline uint64_t step(uint64_t lane, uint64_t word) { return rotate(lane + word * PRIME_2, 31) * PRIME_1; }

uint64_t dsh_xxhash64(const uint8_t *bytes, size_t count) {
  const uint8_t *end = bytes + count;
  uint64_t hash = PRIME_5;
  if (count >= 32) {
    uint64_t lanes[4] = {PRIME_1 + PRIME_2, PRIME_2, 0, 0 - PRIME_1};
    for (; end - bytes >= 32; bytes += 32)
      for (int lane = 0; lane < 4; lane++) lanes[lane] = step(lanes[lane], load_64(bytes + 8 * lane));
    hash = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
    for (int lane = 0; lane < 4; lane++) hash = (hash ^ step(0, lanes[lane])) * PRIME_1 + PRIME_4;
  }
  hash += count;
  for (; end - bytes >= 8; bytes += 8) hash = rotate(hash ^ step(0, load_64(bytes)), 27) * PRIME_1 + PRIME_4;
  if (end - bytes >= 4) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    hash = rotate(hash ^ word * PRIME_1, 23) * PRIME_2 + PRIME_3;
    bytes += 4;
  }
  for (; bytes < end; bytes++) hash = rotate(hash ^ *bytes * PRIME_5, 11) * PRIME_1;
  hash = (hash ^ hash >> 33) * PRIME_2;
  hash = (hash ^ hash >> 29) * PRIME_3;
  return hash ^ hash >> 32;
}
