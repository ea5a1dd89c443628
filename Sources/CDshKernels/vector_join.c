// Hash tables for joins: building them, and searching partners in them.
#include "vector_join.h"

#include <string.h>

#include "vector_group.h"

// Places are fetched this many rows ahead, about the time they take to come from main memory.
enum { AHEAD = 16 };

static inline uint64_t tag(uint64_t hash) { return UINT64_C(1) << (hash >> 40 & 15) | UINT64_C(1) << (hash >> 44 & 15); }

// The bucket of a key; beyond the last for one that is outside the range.
static inline uint64_t bucket_of(uint64_t hash, uint64_t word, uint32_t range_shift, uint64_t least, uint64_t mask) {
  return range_shift ? (word - least) >> (range_shift - 1) : hash & mask;
}

// Whether tags have a bit for each key of a range.
static inline int has_bits(uint32_t range_shift) { return range_shift && range_shift <= DSH_BIT_RANGE_SHIFT + 1; }

// What the tag of its bucket has of a key.
static inline uint64_t tag_of(uint64_t hash, uint64_t word, uint32_t range_shift, uint64_t least) {
  return has_bits(range_shift) ? UINT64_C(1) << ((word - least) & ((UINT64_C(1) << (range_shift - 1)) - 1)) : tag(hash);
}

// Puts the rows of a bucket in order of their keys, which are few and differ.
static void sort_bucket(int32_t *order, size_t count, const uint64_t *words) {
  for (size_t i = 1; i < count; i++) {
    const int32_t row = order[i];
    size_t place = i;
    for (; place > 0 && (int64_t)words[order[place - 1]] > (int64_t)words[row]; place--) order[place] = order[place - 1];
    order[place] = row;
  }
}

int dsh_join_build(
    const uint64_t *hashes, const uint64_t *words, uint64_t least, uint32_t range_shift, uint32_t count, uint64_t mask, uint64_t *directory,
    uint32_t *cursors, int32_t *order) {
  memset(directory, 0, (mask + 1) * sizeof *directory);
  for (uint32_t i = 0; i < count; i++) {
    if (i + AHEAD < count) __builtin_prefetch(&directory[bucket_of(hashes[i + AHEAD], words[i + AHEAD], range_shift, least, mask)], 1);
    uint64_t *entry = &directory[bucket_of(hashes[i], words[i], range_shift, least, mask)];
    *entry = (*entry + (1 << 16)) | tag_of(hashes[i], words[i], range_shift, least);
  }
  uint64_t place = 0;
  const uint64_t most = range_shift && !has_bits(range_shift) ? DSH_RANGE_BUCKET_ROWS : UINT64_MAX;
  for (uint64_t bucket = 0; bucket <= mask; bucket++) {
    const uint64_t entry = directory[bucket];
    if (entry >> 16 > most) return 0;
    directory[bucket] = place << 16 | (entry & 0xFFFF);
    cursors[bucket] = (uint32_t)place;
    place += entry >> 16;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (i + AHEAD < count) __builtin_prefetch(&cursors[bucket_of(hashes[i + AHEAD], words[i + AHEAD], range_shift, least, mask)], 1);
    order[cursors[bucket_of(hashes[i], words[i], range_shift, least, mask)]++] = (int32_t)i;
  }
  if (!range_shift) return 1;
  // The cursors stand at the ends of the buckets now.
  for (uint64_t bucket = 0; has_bits(range_shift) && bucket <= mask; bucket++) {
    const uint64_t start = directory[bucket] >> 16, rows = cursors[bucket] - start;
    if (rows > 1 && rows == (uint64_t)__builtin_popcountll(directory[bucket] & 0xFFFF)) sort_bucket(order + start, rows, words);
  }
  directory[0] |= (uint64_t)range_shift << 16;
  return 1;
}

// The place where the rows of a bucket begin.
static inline uint64_t start_of(const struct dsh_join_table *table, uint64_t bucket) {
  return bucket == 0 ? 0 : table->directory[bucket] >> 16;
}

// What lies in a store is believed as far as its rows reach.
static inline uint64_t end_of(const struct dsh_join_table *table, uint64_t bucket) {
  const uint64_t end = bucket == table->mask ? table->row_count : table->directory[bucket + 1] >> 16;
  return end > table->row_count ? table->row_count : end;
}

void dsh_join_open(struct dsh_join_table *table) {
  const uint64_t shift = table->directory[0] >> 16;
  table->range_shift = shift > DSH_GREATEST_RANGE_SHIFT + 1 ? 0 : (uint32_t)shift;
  int64_t least = INT64_MAX;
  // The least key is in the first bucket.
  for (uint64_t place = 0; shift && place < end_of(table, 0); place++)
    if ((int64_t)table->words[place] < least) least = (int64_t)table->words[place];
  table->least = (uint64_t)least;
}

void dsh_join_mix(const uint64_t *words, size_t count, uint64_t *hashes) {
  for (size_t i = 0; i < count; i++) hashes[i] = dsh_mix64(words[i]);
}

static inline uint32_t table_of(const uint32_t *table_of_partition, uint64_t partitions, uint64_t hash) {
  return table_of_partition[((hash >> 32) * partitions) >> 32];
}

size_t dsh_join_candidates(
    const struct dsh_join_table *tables, const uint32_t *table_of_partition, uint64_t partitions, const uint64_t *hashes,
    const uint64_t *words, const uint64_t *valid, size_t count, int keeps_all, struct dsh_join_candidate *candidates, uint64_t *places) {
  size_t written = 0;
  uint64_t total = 0;
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) {
      const uint64_t hash = hashes[i + AHEAD];
      const uint32_t index = table_of(table_of_partition, partitions, hash);
      if (index != UINT32_MAX) {
        const struct dsh_join_table *table = &tables[index];
        __builtin_prefetch(&table->directory[bucket_of(hash, words[i + AHEAD], table->range_shift, table->least, table->mask)]);
      }
    }
    const uint64_t hash = hashes[i];
    const uint32_t index = table_of(table_of_partition, partitions, hash);
    uint64_t start = 0, end = 0;
    if (index != UINT32_MAX && (valid == NULL || valid[i >> 6] >> (i & 63) & 1)) {
      const struct dsh_join_table *table = &tables[index];
      const uint64_t bucket = bucket_of(hash, words[i], table->range_shift, table->least, table->mask);
      if (bucket <= table->mask) {
        const uint64_t tags = table->directory[bucket] & 0xFFFF;
        const uint64_t own = tag_of(hash, words[i], table->range_shift, table->least);
        if (!(own & ~tags)) {
          start = start_of(table, bucket);
          end = end_of(table, bucket);
          if (start > end) start = end;
          if (has_bits(table->range_shift) && end - start == (uint64_t)__builtin_popcountll(tags)) {
            start += (uint64_t)__builtin_popcountll(tags & (own - 1));
            end = start + 1;
          }
        }
      }
    }
    candidates[written] = (struct dsh_join_candidate){(uint32_t)i, (uint32_t)start, (uint32_t)end, index};
    written += (start < end) | (keeps_all != 0);
    total += end - start;
  }
  *places += total;
  return written;
}

static inline int is_equal(
    const struct dsh_join_table *table, uint32_t place, uint32_t row, const uint64_t *words, const uint8_t *key_bytes,
    const uint64_t *key_ends) {
  if (table->words[place] != words[row]) return 0;
  if (table->key_bytes == NULL) return 1;
  const uint64_t length = key_ends[row + 1] - key_ends[row];
  const int32_t start = table->key_ends[place];
  return (uint64_t)(table->key_ends[place + 1] - start) == length &&
         memcmp(table->key_bytes + start, key_bytes + key_ends[row], length) == 0;
}

static inline void fetch(const struct dsh_join_table *tables, const struct dsh_join_candidate *candidates, size_t i, size_t count) {
  if (i + AHEAD < count && candidates[i + AHEAD].start < candidates[i + AHEAD].end)
    __builtin_prefetch(&tables[candidates[i + AHEAD].table].words[candidates[i + AHEAD].start]);
}

size_t dsh_join_pairs(
    const struct dsh_join_table *tables, const struct dsh_join_candidate *candidates, size_t count, const uint64_t *words,
    const uint8_t *key_bytes, const uint64_t *key_ends, int keeps_all, int32_t *left, int32_t *right, uint32_t *right_tables) {
  size_t written = 0;
  for (size_t i = 0; i < count; i++) {
    fetch(tables, candidates, i, count);
    const struct dsh_join_candidate candidate = candidates[i];
    const size_t before = written;
    for (uint32_t place = candidate.start; place < candidate.end; place++) {
      left[written] = (int32_t)candidate.row;
      right[written] = (int32_t)place;
      right_tables[written] = candidate.table;
      written += is_equal(&tables[candidate.table], place, candidate.row, words, key_bytes, key_ends);
    }
    if (keeps_all && written == before) {
      left[written] = (int32_t)candidate.row;
      right[written] = -1;
      right_tables[written] = 0;
      written++;
    }
  }
  return written;
}

void dsh_join_partnered(
    const struct dsh_join_table *tables, const struct dsh_join_candidate *candidates, size_t count, const uint64_t *words,
    const uint8_t *key_bytes, const uint64_t *key_ends, uint64_t *bits) {
  for (size_t i = 0; i < count; i++) {
    fetch(tables, candidates, i, count);
    const struct dsh_join_candidate candidate = candidates[i];
    for (uint32_t place = candidate.start; place < candidate.end; place++) {
      if (!is_equal(&tables[candidate.table], place, candidate.row, words, key_bytes, key_ends)) continue;
      bits[candidate.row >> 6] |= UINT64_C(1) << (candidate.row & 63);
      break;
    }
  }
}

void dsh_note_words(uint64_t *bits, int64_t least, const uint64_t *words, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint64_t place = words[i] - (uint64_t)least;
    bits[place >> 6] |= UINT64_C(1) << (place & 63);
  }
}

void dsh_find_words(const uint64_t *bits, int64_t least, uint64_t bit_count, const uint64_t *words, size_t count, uint64_t *mask) {
  for (size_t start = 0; start < count; start += 64) {
    const size_t rows = count - start < 64 ? count - start : 64;
    uint64_t found = 0;
    for (size_t i = 0; i < rows; i++) {
      const uint64_t place = words[start + i] - (uint64_t)least;
      const uint64_t is_inside = place < bit_count;
      const uint64_t known = is_inside ? place : 0;
      found |= (bits[known >> 6] >> (known & 63) & is_inside) << i;
    }
    mask[start / 64] = found;
  }
}
