// The shim over libedit: its variadic functions made callable, its output sent nowhere, and the terminal kept whole.
#define _GNU_SOURCE
#include "CEditline.h"

#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *dsh_editline_version(void) { return TEXT(LIBEDIT_MAJOR) "." TEXT(LIBEDIT_MINOR); }

struct dsh_editline {
  EditLine *engine;
  FILE *nowhere;
  dsh_editline_callbacks callbacks;
};

static dsh_editline *editor_of(EditLine *engine) {
  void *editor = NULL;
  el_get(engine, EL_CLIENTDATA, &editor);
  return editor;
}

static unsigned char call(EditLine *engine, int number) {
  dsh_editline *editor = editor_of(engine);
  return editor->callbacks.key(editor->callbacks.context, number) == DSH_EDITLINE_LEAVE ? CC_NEWLINE : CC_NORM;
}

// libedit hands a key function no context and no number, so there is one C function for each.
#define KEY(n) static unsigned char key_##n(EditLine *engine, int key) { (void)key; return call(engine, n); }
#define EACH(f) f(0) f(1) f(2) f(3) f(4) f(5) f(6) f(7) f(8) f(9) f(10) f(11) f(12) f(13) f(14) f(15) \
  f(16) f(17) f(18) f(19) f(20) f(21) f(22) f(23) f(24) f(25) f(26) f(27) f(28) f(29) f(30) f(31)
EACH(KEY)
#define ENTRY(n) key_##n,
static unsigned char (*const key_functions[])(EditLine *, int) = {EACH(ENTRY)};
#define KEY_FUNCTION_COUNT ((int)(sizeof key_functions / sizeof *key_functions))

static int read_character(EditLine *engine, wchar_t *character) {
  dsh_editline *editor = editor_of(engine);
  unsigned code_point = 0;
  int result = editor->callbacks.read(editor->callbacks.context, &code_point);
  *character = (wchar_t)code_point;
  return result;
}

// dsh paints the prompt; libedit's own is empty.
static char *no_prompt(EditLine *engine) {
  (void)engine;
  return "";
}

dsh_editline *dsh_editline_open(const char *program, dsh_editline_callbacks callbacks) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return NULL;
  // libedit drops keys and even crashes on text that the locale's character set lacks.
  setlocale(LC_CTYPE, "");
  if (strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
  dsh_editline *editor = calloc(1, sizeof *editor);
  if (!editor) return NULL;
  editor->callbacks = callbacks;
  editor->nowhere = fopen("/dev/null", "we");
  editor->engine = editor->nowhere ? el_init(program, stdin, stdout, editor->nowhere) : NULL;
  if (!editor->engine) {
    dsh_editline_close(editor);
    return NULL;
  }
  EditLine *engine = editor->engine;
  el_set(engine, EL_SETFP, 1, editor->nowhere);
  el_set(engine, EL_CLIENTDATA, editor);
  el_set(engine, EL_PROMPT, no_prompt);
  el_set(engine, EL_EDITOR, "emacs");
  // With EL_SIGNAL libedit would send each signal to the whole process group once more.
  el_set(engine, EL_SIGNAL, 0);
  el_set(engine, EL_GETCFN, read_character);
  el_source(engine, NULL);
  el_set(engine, EL_EDITMODE, 1);
  // While editing, Ctrl-C, Ctrl-Z, Ctrl-S and Ctrl-Q are keys like any other.
  el_set(engine, EL_SETTY, "-d", "-isig", "-ixon", NULL);
  return editor;
}

void dsh_editline_close(dsh_editline *editor) {
  if (editor->engine) el_end(editor->engine);
  if (editor->nowhere) fclose(editor->nowhere);
  free(editor);
}

int dsh_editline_name(dsh_editline *editor, int number, const char *name) {
  if (number < 0 || number >= KEY_FUNCTION_COUNT) return -1;
  return el_set(editor->engine, EL_ADDFN, name, "dsh", key_functions[number]);
}

void dsh_editline_bind(dsh_editline *editor, const char *keys, const char *function) {
  el_set(editor->engine, EL_BIND, keys, function, NULL);
  el_set(editor->engine, EL_BIND, "-a", keys, function, NULL);
}

void dsh_editline_bind_command(dsh_editline *editor, const char *keys, const char *function) {
  el_set(editor->engine, EL_BIND, "-a", keys, function, NULL);
}

int dsh_editline_is_vi(dsh_editline *editor) {
  const char *mode = NULL;
  return el_get(editor->engine, EL_EDITOR, &mode) == 0 && mode && strcmp(mode, "vi") == 0;
}

void dsh_editline_set_vi(dsh_editline *editor, int vi) { el_set(editor->engine, EL_EDITOR, vi ? "vi" : "emacs"); }

void dsh_editline_read(dsh_editline *editor) {
  int length = 0;
  // The result can't tell an empty line from the end of input; the key functions know.
  el_gets(editor->engine, &length);
}

size_t dsh_editline_line(dsh_editline *editor, const char **text, size_t *length) {
  const LineInfo *line = el_line(editor->engine);
  *text = line->buffer;
  *length = (size_t)(line->lastchar - line->buffer);
  return (size_t)(line->cursor - line->buffer);
}

static int code_point_count(const char *text, size_t length) {
  int count = 0;
  for (size_t index = 0; index < length; index++) count += (text[index] & 0xC0) != 0x80;
  return count;
}

void dsh_editline_replace(dsh_editline *editor, const char *text, size_t cursor) {
  const LineInfoW *line = el_wline(editor->engine);
  int count = (int)(line->lastchar - line->buffer);
  el_cursor(editor->engine, (int)(line->lastchar - line->cursor));
  if (count > 0) el_deletestr(editor->engine, count);
  size_t length = strlen(text);
  if (length > 0) el_insertstr(editor->engine, text);
  if (cursor < length) el_cursor(editor->engine, -code_point_count(text + cursor, length - cursor));
}

void dsh_editline_suspend(dsh_editline *editor) {
  el_set(editor->engine, EL_PREP_TERM, 0);
  raise(SIGTSTP);
  el_set(editor->engine, EL_PREP_TERM, 1);
}

void dsh_editline_prepare_terminal(dsh_editline *editor, int raw) { el_set(editor->engine, EL_PREP_TERM, raw); }

static struct termios guarded_state;
static int is_guarded;

static void restore_terminal(void) {
  static const char plain[] = "\033[?2004l\033[0m";
  tcsetattr(STDIN_FILENO, TCSANOW, &guarded_state);
  if (isatty(STDOUT_FILENO)) {
    ssize_t ignored = write(STDOUT_FILENO, plain, sizeof plain - 1);
    (void)ignored;
  }
}

static void restore_and_die(int signal_number) {
  restore_terminal();
  // The handler was taken away on entry (SA_RESETHAND), so this ends the process the ordinary way.
  raise(signal_number);
}

void dsh_terminal_guard(void) {
  if (is_guarded || tcgetattr(STDIN_FILENO, &guarded_state) != 0) return;
  is_guarded = 1;
  atexit(restore_terminal);
  static const int fatal[] = {SIGHUP, SIGQUIT, SIGTERM, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  struct sigaction action = {.sa_handler = restore_and_die, .sa_flags = SA_RESETHAND | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) {
    struct sigaction before;
    if (sigaction(fatal[index], NULL, &before) == 0 && before.sa_handler == SIG_DFL) sigaction(fatal[index], &action, NULL);
  }
}

ssize_t dsh_terminal_take_typed(char *bytes, size_t limit) {
  struct termios state, raw;
  if (tcgetattr(STDIN_FILENO, &state) != 0) return 0;
  raw = state;
  // The kernel gives a line only when it is ended, unless it is told not to wait for lines.
  raw.c_lflag &= ~(tcflag_t)ICANON;
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  ssize_t count = read(STDIN_FILENO, bytes, limit);
  tcsetattr(STDIN_FILENO, TCSANOW, &state);
  return count < 0 ? 0 : count;
}

void dsh_terminal_set_echo(int shown) {
  static cc_t quit_key = _POSIX_VDISABLE;
  struct termios state;
  if (tcgetattr(STDIN_FILENO, &state) != 0) return;
  if (shown) state.c_lflag |= ECHO; else state.c_lflag &= ~(tcflag_t)ECHO;
  // Ctrl-Backslash would end the shell and all it has pinned; Ctrl-C twice is the hard way to stop a statement.
  if (!shown && state.c_cc[VQUIT] != _POSIX_VDISABLE) {
    quit_key = state.c_cc[VQUIT];
    state.c_cc[VQUIT] = _POSIX_VDISABLE;
  } else if (shown && quit_key != _POSIX_VDISABLE) {
    state.c_cc[VQUIT] = quit_key;
  }
  tcsetattr(STDIN_FILENO, TCSANOW, &state);
}
