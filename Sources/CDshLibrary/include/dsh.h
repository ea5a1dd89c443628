// The C interface of the task library, libdsh.so: runs tasks of dsh in any process, over memory that the process gives.
//
// A call is independent of every other one; calls may run at the same time on different threads. Whatever the bytes of a request, or the
// header of a block or bundle, they are answered by an outcome; what stands behind the header of a block is believed. What the bytes mean
// is said in Sources/DshTasks: LibraryRequest, LibraryOutcome, Bundle.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The version, as `dsh --version` prints it. Requests and outcomes are those of the dsh of the same version.
const char *dsh_version(void);

// Does what a request asks, on the calling thread, and returns the result, which is never null and is freed with dsh_free.
//
// memories, memory_bytes: addresses and sizes of what comes with the request, memory_count of each. Blocks and bundles start at
// multiples of 8. They must stay as they are until dsh_free, as segments of the result may point into them.
// cancelled: null, or a number that another thread sets to something else than zero when nobody wants the result any more.
void *dsh_run(
    const uint8_t *request, size_t request_bytes, const uint8_t *const *memories, const size_t *memory_bytes, size_t memory_count,
    const uint32_t *cancelled);

// The bytes of the outcome; they stay until dsh_free.
void dsh_outcome(void *result, const uint8_t **bytes, size_t *byte_count);

// How many segments the block or bundle has that was made; 0 if none was. All but the last have at least 2048 bytes, and a multiple of 64.
// Laid end to end they are the block or bundle.
size_t dsh_segment_count(void *result);

// The bytes of one segment, from 0; they stay until dsh_free. Null and 0 for a segment that isn't there.
void dsh_segment(void *result, size_t index, const uint8_t **bytes, size_t *byte_count);

// Gives up a result. Null is passed over.
void dsh_free(void *result);

// Reads part of a file at an address such as s3://bucket/key, on whatever thread a task runs on.
//
// offset: where the part begins; negative for what is known of the file: six numbers of eight bytes, as FileEntry in
// Sources/DshTasks/GivenFiles.swift has them, or no bytes where there is no such file.
// bytes, byte_count: room for the part.
// problem: 512 bytes for a line that ends with a zero.
// The result is how many bytes there were, fewer than wanted at the end of the file only, or -1 with a line in problem.
typedef int64_t (*dsh_remote_reader)(
    const char *address, int64_t offset, uint8_t *bytes, int64_t byte_count, char *problem);

// Says who reads files at addresses for tasks of this process, from now on; null for nobody.
void dsh_use_remote_files(dsh_remote_reader reader);
