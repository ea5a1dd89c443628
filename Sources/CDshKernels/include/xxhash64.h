// The hash of 64 bits that Bloom filters of Parquet are made with.
#ifndef DSH_XXHASH64_H
#define DSH_XXHASH64_H

#include <stddef.h>
#include <stdint.h>

/// XXH64 with the seed 0 (xxHash, "XXH64 algorithm description").
uint64_t dsh_xxhash64(const uint8_t *bytes, size_t count);

#endif
