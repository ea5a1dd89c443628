// Arithmetic of floating point numbers over whole columns.
#ifndef VECTOR_ARITHMETIC_H
#define VECTOR_ARITHMETIC_H

#include <stddef.h>
#include <stdint.h>

enum dsh_arithmetic { DSH_ADD, DSH_SUBTRACT, DSH_MULTIPLY };

// Writes a[i] OP b[i] for each row; a step of zero takes the first value of that side for all rows. `results` overlaps neither.
void dsh_float_arithmetic(
    enum dsh_arithmetic op, const double *a, size_t a_step, const double *b, size_t b_step, size_t count, double *results);

// One operation of several: operands below the number of leaves are leaves, those from there on the results of earlier steps in order.
struct dsh_arithmetic_step {
  enum dsh_arithmetic op;
  uint32_t a;
  uint32_t b;
};

// More steps have results that do not stay in the first-level cache together.
enum { DSH_ARITHMETIC_STEPS = 8 };

// A column, or with a step of zero one value for all rows.
struct dsh_arithmetic_leaf {
  const double *values;
  size_t step;
};

// Performs up to DSH_ARITHMETIC_STEPS steps for some rows at a time, and writes the results of the last.
void dsh_float_steps(
    const struct dsh_arithmetic_step *steps, size_t step_count, const struct dsh_arithmetic_leaf *leaves, size_t leaf_count, size_t count,
    double *results);

#endif
