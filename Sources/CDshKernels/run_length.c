// Parquet's hybrid of run lengths and packed bits (Apache Parquet format, "Encodings", RLE).
#include "run_length.h"

#include "bit_unpack.h"

#include <string.h>

void dsh_run_length_begin(dsh_run_length *runs, const uint8_t *bytes, size_t count, uint32_t width) {
  memset(runs, 0, sizeof *runs);
  runs->position = bytes;
  runs->end = bytes + count;
  runs->width = width;
}

// Goes to the next run that has values; 0 where there is none.
static int next_run(dsh_run_length *runs) {
  const uint32_t width = runs->width;
  while (runs->left == 0) {
    uint64_t header = 0;
    uint32_t shift = 0;
    for (;; shift += 7) {
      if (runs->position == runs->end || shift > 28) return 0;
      const uint8_t byte = *runs->position++;
      header |= (uint64_t)(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    const size_t there = (size_t)(runs->end - runs->position);
    if (header & 1) {
      // Groups of eight values. Old writers left out the end of the last one, which nobody asks for.
      const uint64_t values = header / 2 * 8, needed = header / 2 * width;
      runs->packed = runs->position;
      runs->packed_done = 0;
      if (needed <= there) {
        runs->left = (size_t)values;
        runs->position += needed;
      } else {
        runs->left = there * 8 / width;
        runs->position = runs->end;
        if (runs->left == 0) return 0;
      }
    } else {
      const uint32_t bytes = (width + 7) / 8;
      if (there < bytes) return 0;
      runs->packed = NULL;
      runs->value = 0;
      memcpy(&runs->value, runs->position, bytes);
      if (width < 32 && runs->value >> width != 0) return 0;
      runs->position += bytes;
      runs->left = (size_t)(header / 2);
    }
  }
  return 1;
}

#define READ(NAME, TYPE, UNPACK, REPEAT)                                                               \
  size_t NAME(dsh_run_length *runs, TYPE *out, size_t count) {                                         \
    size_t done = 0;                                                                                   \
    while (done < count) {                                                                             \
      if (runs->left == 0 && !next_run(runs)) break;                                                   \
      const size_t taken = runs->left < count - done ? runs->left : count - done;                      \
      if (runs->packed) {                                                                              \
        UNPACK(runs->packed, runs->end, runs->packed_done, runs->width, out + done, taken);       \
        runs->packed_done += taken;                                                                    \
      } else {                                                                                         \
        REPEAT;                                                                                        \
      }                                                                                                \
      runs->left -= taken;                                                                             \
      done += taken;                                                                                   \
    }                                                                                                  \
    return done;                                                                                       \
  }

READ(dsh_run_length_u8, uint8_t, dsh_unpack_u8, memset(out + done, (int)runs->value, taken))
READ(dsh_run_length_u16, uint16_t, dsh_unpack_u16, for (size_t i = 0; i < taken; i++) out[done + i] = (uint16_t)runs->value)
READ(dsh_run_length_u32, uint32_t, dsh_unpack_u32, for (size_t i = 0; i < taken; i++) out[done + i] = runs->value)

static void repeat_bits(int value, uint8_t *bits, size_t offset, size_t count) {
  while (count > 0 && offset % 8 != 0) {
    const uint8_t bit = (uint8_t)(1u << offset % 8);
    bits[offset / 8] = (uint8_t)((bits[offset / 8] & (bit - 1)) | (value ? bit : 0));
    offset++;
    count--;
  }
  memset(bits + offset / 8, value ? 0xFF : 0, count / 8);
  if (count % 8 != 0) bits[offset / 8 + count / 8] = value ? (uint8_t)((1u << count % 8) - 1) : 0;
}

size_t dsh_run_length_bits(dsh_run_length *runs, uint8_t *bits, size_t offset, size_t count) {
  size_t done = 0;
  while (done < count) {
    if (runs->left == 0 && !next_run(runs)) break;
    const size_t taken = runs->left < count - done ? runs->left : count - done;
    if (runs->packed) {
      dsh_copy_bits(runs->packed, runs->packed_done, bits, offset + done, taken);
      runs->packed_done += taken;
    } else {
      repeat_bits(runs->value != 0, bits, offset + done, taken);
    }
    runs->left -= taken;
    done += taken;
  }
  return done;
}

size_t dsh_run_length_skip(dsh_run_length *runs, size_t count) {
  size_t done = 0;
  while (done < count) {
    if (runs->left == 0 && !next_run(runs)) break;
    const size_t taken = runs->left < count - done ? runs->left : count - done;
    if (runs->packed) runs->packed_done += taken;
    runs->left -= taken;
    done += taken;
  }
  return done;
}
