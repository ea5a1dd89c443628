// Numbers of a few bits each, one behind the other, the lowest bit of the first byte first.
#ifndef DSH_BIT_UNPACK_H
#define DSH_BIT_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/// Unpacks `count` numbers of `width` bits, from number `first` on. The bytes from `bytes` to `end` hold all of them; nothing behind `end` is read.
/// The width is at most 8, 16, 32 or 64.
void dsh_unpack_u8(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, uint8_t *out, size_t count);
void dsh_unpack_u16(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, uint16_t *out, size_t count);
void dsh_unpack_u32(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, uint32_t *out, size_t count);
void dsh_unpack_u64(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, uint64_t *out, size_t count);

/// The same without vector instructions, for tests.
void dsh_unpack_u32_portable(const uint8_t *bytes, const uint8_t *end, size_t first, uint32_t width, uint32_t *out, size_t count);

/// Copies `count` bits from bit `first` of `bytes` to bit `offset` of `bits`; the bits behind the last in its byte become zero.
void dsh_copy_bits(const uint8_t *bytes, size_t first, uint8_t *bits, size_t offset, size_t count);

#endif
