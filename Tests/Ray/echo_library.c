/* A library with dsh's interface for tests of the bridge: the first byte of a request says what is to be done. */

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "1.0"
#endif
#define MINIMUM_BYTES 2048

typedef struct { uint8_t *bytes; size_t count; } Piece;
typedef struct { Piece outcome; Piece segments[64]; size_t segmentCount; } Result;

typedef int64_t (*Reader)(const char *address, int64_t offset, uint8_t *bytes, int64_t byteCount, char *problem);
static Reader reader;

const char *dsh_version(void) { return VERSION; }

void dsh_use_remote_files(Reader given) { reader = given; }

static size_t padded(size_t count) {
    size_t whole = (count + 63) / 64 * 64;
    return whole < MINIMUM_BYTES ? MINIMUM_BYTES : whole;
}

static Piece piece(size_t count) {
    Piece made = {aligned_alloc(64, padded(count)), padded(count)};
    memset(made.bytes, 0, made.count);
    return made;
}

static void say(Result *result, const char *text) {
    result->outcome.bytes = (uint8_t *)strdup(text);
    result->outcome.count = strlen(text);
}

static void wait_until(const volatile uint32_t *cancelled, double seconds) {
    for (double past = 0; past < seconds && !*cancelled; past += 0.005) nanosleep(&(struct timespec){0, 5000000}, NULL);
}

/* A block of so many bytes in so many segments; the byte at a place is its place times 7, plus what the request says. */
static void make_block(Result *result, size_t bytes, size_t segments, uint8_t seed) {
    size_t place = 0;
    for (size_t index = 0; index < segments; index++) {
        Piece made = piece(bytes / segments);
        for (size_t byte = 0; byte < made.count; byte++) made.bytes[byte] = (uint8_t)(place++ * 7 + seed);
        result->segments[result->segmentCount++] = made;
    }
}

static void echo(Result *result, const uint8_t *const *memories, const size_t *sizes, size_t count) {
    for (size_t index = 0; index < count && index < 64; index++) {
        Piece made = piece(sizes[index]);
        memcpy(made.bytes, memories[index], sizes[index]);
        result->segments[result->segmentCount++] = made;
    }
}

static void report_memories(Result *result, const uint8_t *const *memories, const size_t *sizes, size_t count) {
    char text[4096];
    size_t length = 0;
    text[0] = 0;
    for (size_t index = 0; index < count && length < 4000; index++) {
        uint64_t sum = 0;
        for (size_t byte = 0; byte < sizes[index]; byte++) sum += memories[index][byte];
        int misalignment = (int)((uintptr_t)memories[index] % 64);
        length += snprintf(text + length, sizeof text - length, "%zu %llu %d;", sizes[index], (unsigned long long)sum, misalignment);
    }
    say(result, text);
}

/* Says the bytes of a file at an address in hexadecimal, or what was wrong. */
static void say_file(Result *result, long long offset, size_t bytes, const char *address) {
    uint8_t found[128];
    char text[600] = "", problem[512] = "";
    int64_t count = reader(address, offset, found, (int64_t)bytes, problem);
    for (int64_t place = 0; place < count; place++) sprintf(text + 2 * place, "%02x", found[place]);
    if (count < 0) snprintf(text, sizeof text, "problem: %s", problem);
    say(result, text);
}

/* e: echo the inputs; s SECONDS: sleep; c: crash; f PATH: crash unless the file is there, and make it; n: nothing;
   b BYTES SEGMENTS SEED: a block; r: report sizes, sums and alignments of the inputs; h BYTES: the first so many bytes of the first input;
   z PATH BYTES: append to a file, sleep 0.3 s, make a block; p: the process; u OFFSET BYTES ADDRESS: up to 128 bytes of a file. */
void *dsh_run(const uint8_t *request, size_t requestBytes, const uint8_t *const *memories, const size_t *memoryBytes, size_t memoryCount,
              const uint32_t *cancelled) {
    Result *result = calloc(1, sizeof(Result));
    char text[2048] = "", path[256] = "", address[2048] = "";
    long long offset = 0;
    size_t bytes = 0, segments = 1;
    unsigned seed = 0;
    double seconds = 0;
    memcpy(text, request, requestBytes < sizeof text - 1 ? requestBytes : sizeof text - 1);
    switch (text[0]) {
    case 'e': echo(result, memories, memoryBytes, memoryCount); say(result, "echo"); break;
    case 's': sscanf(text + 1, "%lf", &seconds); wait_until(cancelled, seconds); say(result, *cancelled ? "cancelled" : "slept"); break;
    case 'c': abort();
    case 'f':
        sscanf(text + 1, "%255s", path);
        if (access(path, F_OK) != 0) { fclose(fopen(path, "w")); abort(); }
        say(result, "second time");
        break;
    case 'b':
        sscanf(text + 1, "%zu %zu %u", &bytes, &segments, &seed);
        make_block(result, bytes, segments, (uint8_t)seed);
        say(result, "block");
        break;
    case 'r': report_memories(result, memories, memoryBytes, memoryCount); break;
    case 'h': {
        sscanf(text + 1, "%zu", &bytes);
        Piece made = piece(bytes);
        memcpy(made.bytes, memories[0], bytes < memoryBytes[0] ? bytes : memoryBytes[0]);
        result->segments[result->segmentCount++] = made;
        say(result, "head");
        break;
    }
    case 'z': {
        sscanf(text + 1, "%255s %zu", path, &bytes);
        FILE *file = fopen(path, "a");
        if (file) { fputs("x", file); fclose(file); }
        wait_until(cancelled, 0.3);
        make_block(result, bytes, 1, 0);
        say(result, "block");
        break;
    }
    case 'u':
        sscanf(text + 1, "%lld %zu %2047s", &offset, &bytes, address);
        say_file(result, offset, bytes, address);
        break;
    case 'p': sprintf(path, "%d", (int)getpid()); say(result, path); break;
    default: say(result, "nothing"); break;
    }
    return result;
}

void dsh_outcome(void *result, const uint8_t **bytes, size_t *byteCount) {
    *bytes = ((Result *)result)->outcome.bytes;
    *byteCount = ((Result *)result)->outcome.count;
}

size_t dsh_segment_count(void *result) { return ((Result *)result)->segmentCount; }

void dsh_segment(void *result, size_t index, const uint8_t **bytes, size_t *byteCount) {
    *bytes = ((Result *)result)->segments[index].bytes;
    *byteCount = ((Result *)result)->segments[index].count;
}

void dsh_free(void *pointer) {
    Result *result = pointer;
    for (size_t index = 0; index < result->segmentCount; index++) free(result->segments[index].bytes);
    free(result->outcome.bytes);
    free(result);
}
