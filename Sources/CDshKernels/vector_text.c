// The search for a text inside another.
#define _GNU_SOURCE
#include "vector_text.h"

const uint8_t *dsh_find_text(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
  if (needle_count == 0) return text;
  if (needle_count > count) return NULL;
  return memmem(text, count, needle, needle_count);
}
