// Hash tables that number the distinct keys of rows, and hashes that are the same in every process.
#ifndef VECTOR_GROUP_H
#define VECTOR_GROUP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A place of an open-addressing table; `group` is the number of the key plus one, zero in an empty place.
struct dsh_group_slot {
  uint64_t key;
  uint32_t group;
  uint32_t unused;
};

// A bijective mix of 64 bits (Pelle Evensen's rrmxmx family, constants of MurmurHash3's finaliser by David Stafford, variant 13).
static inline uint64_t dsh_mix64(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// A hash of bytes, 8 at a time.
static inline uint64_t dsh_hash_bytes(const uint8_t *bytes, size_t count) {
  uint64_t hash = 0x9e3779b97f4a7c15u ^ (count * 0xbf58476d1ce4e5b9u);
  while (count >= 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    hash = (hash ^ word) * 0x9fb21c651e98df25u;
    hash ^= hash >> 32;
    bytes += 8;
    count -= 8;
  }
  uint64_t rest = 0;
  memcpy(&rest, bytes, count);
  return dsh_mix64(hash ^ rest);
}

// A hash of several words.
static inline uint64_t dsh_hash_tuple(const uint64_t *words, size_t width) {
  uint64_t hash = 0x9e3779b97f4a7c15u * width;
  for (size_t i = 0; i < width; i++) {
    hash = (hash ^ words[i]) * 0x9fb21c651e98df25u;
    hash ^= hash >> 32;
  }
  return dsh_mix64(hash);
}

// Numbers the keys of `count` rows: groups[i] is the number of keys[i]. New keys are added to `slots` (mask + 1 of them, a power
// of two, with room for all) and appended to `group_keys`; `group_count` grows.
void dsh_group_words(
    struct dsh_group_slot *slots, uint64_t mask, const uint64_t *keys, size_t count, uint32_t *groups, uint64_t *group_keys,
    uint32_t *group_count);

// The same for keys that ascend as signed numbers, the first not less than the last of `group_keys`: needs no slots. False if they
// do not ascend; then nothing was written.
int dsh_group_ascending(const uint64_t *keys, size_t count, uint32_t *groups, uint64_t *group_keys, uint32_t *group_count);

// The same for keys that lie close together: key k has the place numbers[k - least], which holds its group plus one, or zero. All keys have places.
void dsh_group_places(
    uint32_t *numbers, int64_t least, const uint64_t *keys, size_t count, uint32_t *groups, uint64_t *group_keys, uint32_t *group_count);

// Widens bounds so that they hold all words as signed numbers.
void dsh_word_bounds(const uint64_t *words, size_t count, int64_t *least, int64_t *greatest);

// Puts words, all different, into slots that are empty and have room for them, each with its place among them as its group; one is left out.
void dsh_group_place_words(struct dsh_group_slot *slots, uint64_t mask, const uint64_t *words, size_t count, size_t left_out);

// The same as dsh_group_words for keys of bytes: row i has the bytes from offsets[i] to offsets[i + 1]. New keys are appended to `key_bytes` and
// their ends to `key_ends` (key g reaches from key_ends[g] to key_ends[g + 1]); there is room for all.
void dsh_group_bytes(
    struct dsh_group_slot *slots, uint64_t mask, const uint8_t *bytes, const uint64_t *offsets, size_t count, uint32_t *groups,
    uint8_t *key_bytes, uint64_t *key_ends, uint32_t *group_count);

// The same for keys of `width` words each, row by row; new keys are appended to `group_keys`. Slots hold hashes.
void dsh_group_tuples(
    struct dsh_group_slot *slots, uint64_t mask, const uint64_t *keys, size_t width, size_t count, uint32_t *groups,
    uint64_t *group_keys, uint32_t *group_count);

// Writes the hashes of keys of `width` words each.
void dsh_hash_tuples(const uint64_t *keys, size_t width, size_t count, uint64_t *hashes);

// Puts the slots of an old table into an empty larger one; words are hashed again, hashes of bytes are kept in `key`.
void dsh_group_rehash_words(const struct dsh_group_slot *old, size_t count, struct dsh_group_slot *slots, uint64_t mask);
void dsh_group_rehash_bytes(const struct dsh_group_slot *old, size_t count, struct dsh_group_slot *slots, uint64_t mask);

#endif
