// The line editor library as dsh uses it: an engine that reads keys and edits a line. It paints nothing; dsh paints.
#ifndef CEDITLINE_H
#define CEDITLINE_H

#include <stddef.h>
#include <sys/types.h>

typedef struct dsh_editline dsh_editline;

// The version of the library's interface, such as "2.11".
const char *dsh_editline_version(void);

// What a key function answers.
enum dsh_editline_answer {
  // Go on editing.
  DSH_EDITLINE_CONTINUE,
  // Leave dsh_editline_read.
  DSH_EDITLINE_LEAVE,
};

// The ways back into Swift; `context` is handed through.
typedef struct {
  void *context;
  // A key was pressed that is bound to the function with this number.
  enum dsh_editline_answer (*key)(void *context, int function);
  // Gives the next code point; 1, or 0 at the end of input. Called whenever the editor waits, so the place to paint.
  int (*read)(void *context, unsigned *code_point);
} dsh_editline_callbacks;

// Starts an editor on the terminal of standard input and output: UTF-8 whatever the locale, emacs keys, then the user's editrc file.
// NULL if there is no terminal.
dsh_editline *dsh_editline_open(const char *program, dsh_editline_callbacks callbacks);
void dsh_editline_close(dsh_editline *editor);

// Gives function number `number` (0 to 31) a name that keys can be bound to. The name has to outlive the editor.
int dsh_editline_name(dsh_editline *editor, int number, const char *name);
// Binds a key sequence, as editrc files write it, in the main and in the alternative key map.
void dsh_editline_bind(dsh_editline *editor, const char *keys, const char *function);
// The same in the alternative key map alone, which in vi mode is that of commands.
void dsh_editline_bind_command(dsh_editline *editor, const char *keys, const char *function);

// Whether the keys are those of vi; the user's editrc file may have chosen them.
int dsh_editline_is_vi(dsh_editline *editor);
// Chooses the keys of vi or of emacs; every binding is lost.
void dsh_editline_set_vi(dsh_editline *editor, int vi);

// Edits one line, starting empty, until a key function leaves or the input ends. The terminal is raw meanwhile and cooked afterwards.
void dsh_editline_read(dsh_editline *editor);

// The line's bytes, valid until the next call; returns the cursor's byte offset.
size_t dsh_editline_line(dsh_editline *editor, const char **text, size_t *length);
// Replaces the whole line and puts the cursor at a byte offset.
void dsh_editline_replace(dsh_editline *editor, const char *text, size_t cursor);

// Stops the process as Ctrl-Z should; returns when it is continued. The terminal is cooked meanwhile.
void dsh_editline_suspend(dsh_editline *editor);
// Makes the terminal raw for editing, or cooked for another program.
void dsh_editline_prepare_terminal(dsh_editline *editor, int raw);

// Remembers the terminal's state and restores it when the process ends, by exit or by a fatal signal.
void dsh_terminal_guard(void);
// Whether typed keys are shown, and Ctrl-Backslash ends the process, while a statement runs.
void dsh_terminal_set_echo(int shown);
// Takes what was typed and not read yet, also of a line that is not ended; how many bytes, at most `limit`.
ssize_t dsh_terminal_take_typed(char *bytes, size_t limit);

#endif
