// Whether bytes are UTF-8.
#ifndef DSH_UTF8_H
#define DSH_UTF8_H

#include <stdint.h>

/// The position of the first byte that is not part of valid UTF-8, or -1; a sequence cut short by the end is not valid.
int64_t dsh_utf8_first_invalid(const uint8_t *bytes, int64_t length);

/// The same without vector instructions, for tests.
int64_t dsh_utf8_first_invalid_portable(const uint8_t *bytes, int64_t length);

#endif
