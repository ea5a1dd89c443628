// Hash tables that number the distinct keys of rows.
#include "vector_group.h"

// Slots are fetched this many rows ahead, about the time a slot takes to come from main memory.
enum { AHEAD = 16 };

void dsh_group_words(
    struct dsh_group_slot *slots, uint64_t mask, const uint64_t *keys, size_t count, uint32_t *groups, uint64_t *group_keys,
    uint32_t *group_count) {
  uint32_t known = *group_count;
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) __builtin_prefetch(&slots[dsh_mix64(keys[i + AHEAD]) & mask]);
    const uint64_t key = keys[i];
    uint64_t place = dsh_mix64(key) & mask;
    while (slots[place].group != 0 && slots[place].key != key) place = (place + 1) & mask;
    if (slots[place].group == 0) {
      group_keys[known] = key;
      slots[place].key = key;
      slots[place].group = ++known;
    }
    groups[i] = slots[place].group - 1;
  }
  *group_count = known;
}

int dsh_group_ascending(const uint64_t *keys, size_t count, uint32_t *groups, uint64_t *group_keys, uint32_t *group_count) {
  uint32_t known = *group_count;
  if (count == 0) return 1;
  if (known > 0 && (int64_t)keys[0] < (int64_t)group_keys[known - 1]) return 0;
  // Most keys that do not ascend show it at once; the rest is looked at without a branch for each.
  for (size_t start = 0; start + 1 < count;) {
    const size_t end = count - start > 256 ? start + 256 : count - 1;
    int descents = 0;
    for (size_t i = start; i < end; i++) descents |= (int64_t)keys[i + 1] < (int64_t)keys[i];
    if (descents) return 0;
    start = end;
  }
  if (known == 0) group_keys[known++] = keys[0];
  uint64_t last = group_keys[known - 1];
  for (size_t i = 0; i < count; i++) {
    known += keys[i] != last;
    last = keys[i];
    group_keys[known - 1] = last;
    groups[i] = known - 1;
  }
  *group_count = known;
  return 1;
}

void dsh_group_places(
    uint32_t *numbers, int64_t least, const uint64_t *keys, size_t count, uint32_t *groups, uint64_t *group_keys, uint32_t *group_count) {
  uint32_t known = *group_count;
  for (size_t i = 0; i < count; i++) {
    uint32_t *number = &numbers[keys[i] - (uint64_t)least];
    if (*number == 0) {
      group_keys[known] = keys[i];
      *number = ++known;
    }
    groups[i] = *number - 1;
  }
  *group_count = known;
}

void dsh_word_bounds(const uint64_t *words, size_t count, int64_t *least, int64_t *greatest) {
  int64_t low = *least, high = *greatest;
  for (size_t i = 0; i < count; i++) {
    const int64_t word = (int64_t)words[i];
    low = word < low ? word : low;
    high = word > high ? word : high;
  }
  *least = low;
  *greatest = high;
}

void dsh_group_bytes(
    struct dsh_group_slot *slots, uint64_t mask, const uint8_t *bytes, const uint64_t *offsets, size_t count, uint32_t *groups,
    uint8_t *key_bytes, uint64_t *key_ends, uint32_t *group_count) {
  uint32_t known = *group_count;
  uint64_t hashes[AHEAD];
  for (size_t i = 0; i < count && i < AHEAD; i++) {
    hashes[i] = dsh_hash_bytes(bytes + offsets[i], offsets[i + 1] - offsets[i]);
    __builtin_prefetch(&slots[hashes[i] & mask]);
  }
  for (size_t i = 0; i < count; i++) {
    const uint64_t hash = hashes[i % AHEAD];
    if (i + AHEAD < count) {
      const uint64_t ahead = dsh_hash_bytes(bytes + offsets[i + AHEAD], offsets[i + AHEAD + 1] - offsets[i + AHEAD]);
      hashes[i % AHEAD] = ahead;
      __builtin_prefetch(&slots[ahead & mask]);
    }
    const uint8_t *key = bytes + offsets[i];
    const uint64_t length = offsets[i + 1] - offsets[i];
    uint64_t place = hash & mask;
    for (;; place = (place + 1) & mask) {
      const uint32_t group = slots[place].group;
      if (group == 0) {
        const uint64_t start = key_ends[known];
        memcpy(key_bytes + start, key, length);
        slots[place].key = hash;
        slots[place].group = ++known;
        key_ends[known] = start + length;
        break;
      }
      if (slots[place].key != hash) continue;
      const uint64_t start = key_ends[group - 1];
      if (key_ends[group] - start == length && memcmp(key_bytes + start, key, length) == 0) break;
    }
    groups[i] = slots[place].group - 1;
  }
  *group_count = known;
}

static inline int same_tuple(const uint64_t *a, const uint64_t *b, size_t width) {
  uint64_t difference = 0;
  for (size_t i = 0; i < width; i++) difference |= a[i] ^ b[i];
  return difference == 0;
}

// The width is a constant where this is called, so that its loops vanish.
static inline __attribute__((always_inline)) void group_tuples(
    struct dsh_group_slot *slots, uint64_t mask, const uint64_t *keys, size_t width, size_t count, uint32_t *groups,
    uint64_t *group_keys, uint32_t *group_count) {
  uint32_t known = *group_count;
  uint64_t hashes[AHEAD];
  for (size_t i = 0; i < count && i < AHEAD; i++) {
    hashes[i] = dsh_hash_tuple(keys + i * width, width);
    __builtin_prefetch(&slots[hashes[i] & mask]);
  }
  for (size_t i = 0; i < count; i++) {
    const uint64_t hash = hashes[i % AHEAD];
    if (i + AHEAD < count) {
      const uint64_t ahead = dsh_hash_tuple(keys + (i + AHEAD) * width, width);
      hashes[i % AHEAD] = ahead;
      __builtin_prefetch(&slots[ahead & mask]);
    }
    const uint64_t *key = keys + i * width;
    uint64_t place = hash & mask;
    for (;; place = (place + 1) & mask) {
      const uint32_t group = slots[place].group;
      if (group == 0) {
        memcpy(group_keys + known * width, key, width * sizeof *key);
        slots[place].key = hash;
        slots[place].group = ++known;
        break;
      }
      if (slots[place].key == hash && same_tuple(group_keys + (group - 1) * width, key, width)) break;
    }
    groups[i] = slots[place].group - 1;
  }
  *group_count = known;
}

void dsh_group_tuples(
    struct dsh_group_slot *slots, uint64_t mask, const uint64_t *keys, size_t width, size_t count, uint32_t *groups,
    uint64_t *group_keys, uint32_t *group_count) {
  if (width == 3)
    group_tuples(slots, mask, keys, 3, count, groups, group_keys, group_count);
  else if (width == 4)
    group_tuples(slots, mask, keys, 4, count, groups, group_keys, group_count);
  else
    group_tuples(slots, mask, keys, width, count, groups, group_keys, group_count);
}

void dsh_hash_tuples(const uint64_t *keys, size_t width, size_t count, uint64_t *hashes) {
  for (size_t i = 0; i < count; i++) hashes[i] = dsh_hash_tuple(keys + i * width, width);
}

static void place(struct dsh_group_slot slot, uint64_t hash, struct dsh_group_slot *slots, uint64_t mask) {
  uint64_t place = hash & mask;
  while (slots[place].group != 0) place = (place + 1) & mask;
  slots[place] = slot;
}

void dsh_group_rehash_words(const struct dsh_group_slot *old, size_t count, struct dsh_group_slot *slots, uint64_t mask) {
  for (size_t i = 0; i < count; i++)
    if (old[i].group != 0) place(old[i], dsh_mix64(old[i].key), slots, mask);
}

void dsh_group_rehash_bytes(const struct dsh_group_slot *old, size_t count, struct dsh_group_slot *slots, uint64_t mask) {
  for (size_t i = 0; i < count; i++)
    if (old[i].group != 0) place(old[i], old[i].key, slots, mask);
}

void dsh_group_place_words(struct dsh_group_slot *slots, uint64_t mask, const uint64_t *words, size_t count, size_t left_out) {
  for (size_t i = 0; i < count; i++) {
    if (i == left_out) continue;
    const struct dsh_group_slot slot = {words[i], (uint32_t)(i + 1), 0};
    place(slot, dsh_mix64(words[i]), slots, mask);
  }
}
