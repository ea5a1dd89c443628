// Numbers as text with a fixed count of decimals.
#include "vector_number.h"

#include <stdio.h>

size_t dsh_format_fixed(double x, int decimals, uint8_t *output, size_t size) {
  int length = snprintf((char *)output, size, "%.*f", decimals, x);
  if (length < 0) return 0;
  return (size_t)length < size ? (size_t)length : size - 1;
}
