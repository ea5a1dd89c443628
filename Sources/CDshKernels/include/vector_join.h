// Hash tables for joins whose rows lie in the order of their buckets, and the search of partners in them.
#ifndef VECTOR_JOIN_H
#define VECTOR_JOIN_H

#include <stddef.h>
#include <stdint.h>

// A range of keys is 2^shift of them: a tag has a bit for each up to the lesser shift, and bits of hashes beyond it.
enum { DSH_BIT_RANGE_SHIFT = 4, DSH_GREATEST_RANGE_SHIFT = 12 };
// Ranges with more rows in a bucket than this are no buckets: keys are denser in some places than in others, or repeat.
enum { DSH_RANGE_BUCKET_ROWS = 16 };

// A table: the rows of bucket b, which is the low bits of a hash or the distance of a key from the least, reach from the place of directory[b] to
// that of directory[b + 1], or to the end. An entry of the directory is the place, shifted by 16, and a tag of 16 bits, in which two bits are set for each hash of the bucket, so that
// most hashes that are not there are told from it alone. (After Birler, Schmidt, Fent and Neumann: Simple, Efficient, and Robust Hash Tables for
// Join Processing, DaMoN 2024, without their copying of tuples.)
//
// Where keys are words that lie close together, or of which a hash has taken a part from such, a bucket holds those of a range; if that is so small, the
// tag has a bit for each that is there.
// Buckets lie in order of the keys then, so that looking up keys that ascend or come in clusters stays in the cache; and in a bucket with as many rows
// as bits, where rows are in order of the keys too, a key's bit tells its row. The directory says so itself: the place of bucket 0, which is 0, gives
// way to shift + 1.
struct dsh_join_table {
  const uint64_t *directory;
  // The number of buckets less one.
  uint64_t mask;
  uint32_t row_count;
  // The keys of the rows as words, or their hashes if keys are bytes.
  const uint64_t *words;
  // The bytes of the keys, and row_count + 1 offsets; null if keys are words.
  const uint8_t *key_bytes;
  const int32_t *key_ends;
  // One more than the shift, and the least key; 0 where buckets are bits of hashes.
  uint32_t range_shift;
  uint64_t least;
};

// Rows that may have partners: those from `start` to `end` of a table.
struct dsh_join_candidate {
  uint32_t row;
  uint32_t start;
  uint32_t end;
  uint32_t table;
};

// Writes the order in which rows of these hashes lie in a table, rows of one bucket in their order, and its directory; `cursors` is
// room for as many numbers as there are buckets. With `range_shift` buckets are ranges of the words, the greatest of which is in the last at most;
// gives 0, and writes nothing of use, if ranges beyond DSH_BIT_RANGE_SHIFT have too many rows somewhere.
int dsh_join_build(
    const uint64_t *hashes, const uint64_t *words, uint64_t least, uint32_t range_shift, uint32_t count, uint64_t mask, uint64_t *directory,
    uint32_t *cursors, int32_t *order);

// Finds out from its directory and its words what the buckets of a table are: sets `range_shift` and `least`, the others being set. What lies in a
// store is believed as far as nothing outside its rows is read.
void dsh_join_open(struct dsh_join_table *table);

// Writes the mixed words.
void dsh_join_mix(const uint64_t *words, size_t count, uint64_t *hashes);

// Writes the candidates of the rows whose bit in `valid` is set (of all if it is null), in order, and adds up how many places they name.
// `table_of_partition` names the table of each of `partitions` partitions, UINT32_MAX for none. With `keeps_all` a row without
// candidates has an empty one. Gives the number of candidates.
size_t dsh_join_candidates(
    const struct dsh_join_table *tables, const uint32_t *table_of_partition, uint64_t partitions, const uint64_t *hashes,
    const uint64_t *words, const uint64_t *valid, size_t count, int keeps_all, struct dsh_join_candidate *candidates, uint64_t *places);

// Writes the pairs of rows with equal keys; a candidate without one gives a pair with row -1 if `keeps_all`. There is room for a pair for
// each place and candidate. Gives the number of pairs. The words are keys, or hashes of keys that are bytes.
size_t dsh_join_pairs(
    const struct dsh_join_table *tables, const struct dsh_join_candidate *candidates, size_t count, const uint64_t *words,
    const uint8_t *key_bytes, const uint64_t *key_ends, int keeps_all, int32_t *left, int32_t *right, uint32_t *right_tables);

// Sets the bit of each row that has a partner.
void dsh_join_partnered(
    const struct dsh_join_table *tables, const struct dsh_join_candidate *candidates, size_t count, const uint64_t *words,
    const uint8_t *key_bytes, const uint64_t *key_ends, uint64_t *bits);

// Sets the bit of each word, by its distance from the least; all words have one.
void dsh_note_words(uint64_t *bits, int64_t least, const uint64_t *words, size_t count);

// Writes for each row, 64 to a word of `mask`, whether its word has a bit and that is set; there are `bit_count` bits, at least one.
void dsh_find_words(const uint64_t *bits, int64_t least, uint64_t bit_count, const uint64_t *words, size_t count, uint64_t *mask);

#endif
