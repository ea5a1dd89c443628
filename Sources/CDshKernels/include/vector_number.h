// Numbers as text with a fixed count of decimals.
#ifndef VECTOR_NUMBER_H
#define VECTOR_NUMBER_H

#include <stddef.h>
#include <stdint.h>

// Writes x with `decimals` decimals, correctly rounded; gives the bytes written, at most size - 1.
size_t dsh_format_fixed(double x, int decimals, uint8_t *output, size_t size);

#endif
