// The body of the scan for JSON's structure, compiled once for each kind of processor: FUNCTION is its name, TARGET its features.
//
// The idea is that of Langdale and Lemire, "Parsing gigabytes of JSON per second" (2019): quotes that no escape stands before, as a mask, tell by a running
// exclusive or which bytes are inside of strings; a value begins where something that is no blank follows a blank or a structural byte.

#include "structure_block.h"

TARGET static void FUNCTION(const uint8_t *bytes, int64_t length, int has_lines, uint32_t *entries, dsh_json_structure *structure) {
  uint32_t *output = entries;
  uint64_t inside = 0;
  uint64_t escape_carry = 0;
  // Whether the byte before the block is part of a value that is no string.
  uint64_t plain_carry = 0;
  uint64_t high_bits = 0;
  int has_escapes = 0;
  int64_t low_surrogate = -1;
  int64_t first_wrong = -1;
  uint8_t last[64];
  for (int64_t base = 0; base < length; base += 64) {
    const uint8_t *source = bytes + base;
    uint64_t present = ~0ull;
    if (__builtin_expect(length - base < 64, 0)) {
      // Blanks behind the text begin no value, and are wrong in no string.
      memset(last, ' ', sizeof last);
      memcpy(last, source, (size_t)(length - base));
      source = last;
      present = ~0ull >> (64 - (length - base));
    }
    BLOCK_NAME(block) block = BLOCK_NAME(load)(source);
    high_bits |= BLOCK_NAME(high_bits)(block);
    uint64_t quotes = BLOCK_NAME(equal)(block, '"');
    uint64_t backslashes = BLOCK_NAME(equal)(block, '\\');
    uint64_t escaped = escape_carry;
    if (__builtin_expect((backslashes | escape_carry) != 0, 0)) {
      escaped = BLOCK_NAME(find_escaped)(backslashes, &escape_carry);
      quotes &= ~escaped;
    }
    uint64_t in_string = BLOCK_NAME(prefix_xor)(quotes) ^ inside;
    uint64_t controls = BLOCK_NAME(controls)(block);
    uint64_t feeds = BLOCK_NAME(equal)(block, '\n');
    uint64_t blanks = BLOCK_NAME(equal)(block, ' ') | feeds;
    if (controls & ~feeds) blanks |= BLOCK_NAME(equal)(block, '\t') | BLOCK_NAME(equal)(block, '\r');
    uint64_t operators = BLOCK_NAME(braces)(block) | BLOCK_NAME(equal)(block, ':') | BLOCK_NAME(equal)(block, ',');
    if (has_lines) operators |= feeds;
    operators &= ~in_string;
    // Strings from behind their first quote to their last.
    uint64_t tails = in_string ^ quotes;
    uint64_t values = ~(operators | blanks);
    uint64_t plain = values & ~quotes;
    uint64_t begins = values & ~(plain << 1 | plain_carry);
    plain_carry = plain >> 63;
    uint64_t structural = (operators | begins) & ~tails & present;
    uint64_t starters = backslashes & ~escaped & in_string & present;
    if (__builtin_expect((controls & in_string & present) != 0 && first_wrong < 0, 0)) {
      first_wrong = base + __builtin_ctzll(controls & in_string & present);
    }
    if (__builtin_expect(starters != 0, 0)) {
      has_escapes = 1;
      int64_t wrong = check_escapes(bytes, length, base, starters, &low_surrogate);
      if (wrong >= 0 && (first_wrong < 0 || wrong < first_wrong)) first_wrong = wrong;
    }
    inside = (uint64_t)((int64_t)in_string >> 63);
    int count = __builtin_popcountll(structural);
    // More than there are: the next block overwrites what is too much.
    BLOCK_NAME(write)(output, (uint32_t)base, structural, count, 12);
    output += count;
  }
  structure->entry_count = output - entries;
  structure->first_wrong = first_wrong;
  structure->is_inside = inside != 0;
  structure->has_escapes = has_escapes;
  structure->high_bits = high_bits;
}
#undef BLOCK_NAME
