// Arithmetic of floating point numbers over whole columns: loops that the compiler makes vector instructions of, AVX-512 or AVX2 where there are some.
#include "vector_arithmetic.h"

#define LOOP(LEFT, OP, RIGHT) \
  for (size_t i = 0; i < count; i++) results[i] = (LEFT)OP(RIGHT);

// A loop for each place a constant may stand, so that each is vectorised.
#define LOOPS(OP)                                   \
  if (b_step == 0) {                                \
    const double right = b[0];                      \
    if (a_step == 0) {                              \
      const double left = a[0];                     \
      LOOP(left, OP, right)                         \
    } else {                                        \
      LOOP(a[i], OP, right)                         \
    }                                                                 \
  } else if (a_step == 0) {                         \
    const double left = a[0];                       \
    LOOP(left, OP, b[i])                            \
  } else {                                          \
    LOOP(a[i], OP, b[i])                            \
  }

#define ARITHMETIC(NAME, TARGET)                                                                                     \
  TARGET static void NAME(                                                                                           \
      enum dsh_arithmetic op, const double *restrict a, size_t a_step, const double *restrict b, size_t b_step, size_t count, \
      double *restrict results) {                                                                                    \
    switch (op) {                                                                                                    \
      case DSH_ADD: LOOPS(+) break;                                                                                  \
      case DSH_SUBTRACT: LOOPS(-) break;                                                                             \
      case DSH_MULTIPLY: LOOPS(*) break;                                                                             \
    }                                                                                                                \
  }

ARITHMETIC(arithmetic_scalar, )
#if defined(__x86_64__)
ARITHMETIC(arithmetic_avx512, __attribute__((target("avx512f,prefer-256-bit"))))
ARITHMETIC(arithmetic_avx2, __attribute__((target("avx2"))))
#endif

void dsh_float_arithmetic(
    enum dsh_arithmetic op, const double *a, size_t a_step, const double *b, size_t b_step, size_t count, double *results) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return arithmetic_avx512(op, a, a_step, b, b_step, count, results);
  if (__builtin_cpu_supports("avx2")) return arithmetic_avx2(op, a, a_step, b, b_step, count, results);
#endif
  arithmetic_scalar(op, a, a_step, b, b_step, count, results);
}

enum { CHUNK_ROWS = 512 };

void dsh_float_steps(
    const struct dsh_arithmetic_step *steps, size_t step_count, const struct dsh_arithmetic_leaf *leaves, size_t leaf_count, size_t count,
    double *results) {
  double between[DSH_ARITHMETIC_STEPS][CHUNK_ROWS];
  for (size_t start = 0; start < count; start += CHUNK_ROWS) {
    const size_t rows = count - start < CHUNK_ROWS ? count - start : CHUNK_ROWS;
    for (size_t k = 0; k < step_count; k++) {
      struct dsh_arithmetic_leaf sides[2];
      const uint32_t operands[2] = {steps[k].a, steps[k].b};
      for (size_t side = 0; side < 2; side++)
        sides[side] = operands[side] < leaf_count
            ? (struct dsh_arithmetic_leaf){leaves[operands[side]].values + start * leaves[operands[side]].step, leaves[operands[side]].step}
            : (struct dsh_arithmetic_leaf){between[operands[side] - leaf_count], 1};
      dsh_float_arithmetic(
          steps[k].op, sides[0].values, sides[0].step, sides[1].values, sides[1].step, rows,
          k + 1 == step_count ? results + start : between[k]);
    }
  }
}
