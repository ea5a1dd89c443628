// Keeps the buffers that a thread gave back last for the next it takes: they still lie in the cache, and finding room costs a few instructions.
//
// A batch is computed in buffers of some ten thousand bytes that live for microseconds. An allocator for all sizes joins and splits its free
// memory for each of them, and hands out memory that is cold.
#include "buffer_pool.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  ALIGNMENT = 64,
  LEAST_LOG = 6,
  GREATEST_LOG = 20,
  // Four sizes between a power of two and the next, so that at most a fifth of a buffer is not asked for.
  SIZES_PER_DOUBLING = 4,
  SIZE_COUNT = (GREATEST_LOG - LEAST_LOG) * SIZES_PER_DOUBLING + 1,
  // What a thread keeps: about what its core has of the second cache and a share of the third.
  KEPT_BYTES = 4 << 20,
};

struct pool {
  // Free buffers of each size; each holds the address of the next.
  void *first[SIZE_COUNT];
  size_t kept_bytes;
  int is_watched;
};

static __thread struct pool pool;
static pthread_key_t ending;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void thread_ends(void *unused) {
  (void)unused;
  for (size_t size = 0; size < SIZE_COUNT; size++) {
    while (pool.first[size]) {
      void *next = *(void **)pool.first[size];
      free(pool.first[size]);
      pool.first[size] = next;
    }
  }
  // What is given back from now on is not kept any more.
  pool.kept_bytes = KEPT_BYTES;
}

static void watch_threads(void) { pthread_key_create(&ending, thread_ends); }

// The number of the smallest size that is large enough, and what it is in bytes.
static inline size_t size_of(size_t byte_count, size_t *capacity) {
  if (byte_count <= (size_t)1 << LEAST_LOG) {
    *capacity = (size_t)1 << LEAST_LOG;
    return 0;
  }
  const unsigned log = 63 - (unsigned)__builtin_clzll(byte_count - 1);
  const size_t power = (size_t)1 << log, step = power / SIZES_PER_DOUBLING;
  const size_t steps = (byte_count - 1 - power) / step + 1;
  *capacity = power + steps * step;
  return (log - LEAST_LOG) * SIZES_PER_DOUBLING + steps;
}

// Where the system has no memory the process aborts, as in the allocator of the Swift runtime: whoever started it takes that for what it is.
static void *allocate(size_t byte_count) {
  void *address = 0;
  if (posix_memalign(&address, ALIGNMENT, byte_count) != 0) {
    fprintf(stderr, "no memory is left for a buffer of %zu bytes\n", byte_count);
    abort();
  }
  return address;
}

void *dsh_take_buffer(size_t byte_count, size_t *capacity) {
  if (byte_count > (size_t)1 << GREATEST_LOG) {
    *capacity = byte_count;
    return allocate(byte_count);
  }
  const size_t size = size_of(byte_count, capacity);
  void *kept = pool.first[size];
  if (!kept) return allocate(*capacity);
  pool.first[size] = *(void **)kept;
  pool.kept_bytes -= *capacity;
  return kept;
}

void dsh_give_buffer(void *address, size_t capacity) {
  if (capacity > (size_t)1 << GREATEST_LOG || pool.kept_bytes + capacity > KEPT_BYTES) {
    free(address);
    return;
  }
  if (!pool.is_watched) {
    pool.is_watched = 1;
    pthread_once(&once, watch_threads);
    // Any value but null makes the end of the thread call back.
    pthread_setspecific(ending, &pool);
  }
  size_t same;
  const size_t size = size_of(capacity, &same);
  *(void **)address = pool.first[size];
  pool.first[size] = address;
  pool.kept_bytes += capacity;
}
