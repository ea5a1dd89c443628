// Memory for buffers that live as long as a batch.
#pragma once
#include <stddef.h>

/// Takes aligned memory (64 bytes) of at least `byte_count` bytes; aborts if the system has none. `capacity` tells how many there are, for
/// `dsh_give_buffer`.
__attribute__((returns_nonnull)) void *dsh_take_buffer(size_t byte_count, size_t *capacity);

/// Gives memory back, on any thread.
void dsh_give_buffer(void *address, size_t capacity);
