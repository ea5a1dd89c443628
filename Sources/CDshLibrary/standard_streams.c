// The standard streams of the C library for code that was not compiled for a shared library.
//
// Debian's libbz2.a gets at stdin, stdout and stderr as if they lay in the same file, which no shared library can offer of another one's.
// Linked with --wrap for their names, whoever names them finds these instead.
#include <stdio.h>

extern FILE *__real_stdin, *__real_stdout, *__real_stderr;

__attribute__((visibility("hidden"))) FILE *__wrap_stdin, *__wrap_stdout, *__wrap_stderr;

// Before any other code of the library runs.
__attribute__((constructor(101))) static void find_streams(void) {
  __wrap_stdin = __real_stdin;
  __wrap_stdout = __real_stdout;
  __wrap_stderr = __real_stderr;
}
