// Arithmetic of floating point numbers over whole columns.
#ifndef VECTOR_ARITHMETIC_H
#define VECTOR_ARITHMETIC_H

#include <stddef.h>

enum dsh_arithmetic { DSH_ADD, DSH_SUBTRACT, DSH_MULTIPLY };

// Writes a[i] OP b[i] for each row; a step of zero takes the first value of that side for all rows. `results` overlaps neither.
void dsh_float_arithmetic(
    enum dsh_arithmetic op, const double *a, size_t a_step, const double *b, size_t b_step, size_t count, double *results);

#endif
