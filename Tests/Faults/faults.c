// A library to be preloaded into dsh: it counts the calls that dsh makes of the system, and lets a chosen one fail. `Tests/Robustness/faults.py`
// compiles it and says what shall happen; nothing of it is in the program.
//
//   FAULTS_PROGRAM   the program that it is about; in any other, such as the shell that a command runs in, it does nothing
//   FAULTS_COUNTS    a file of COUNTERS numbers of 8 bytes, which all processes of a run share: how often each call was made, by kind of process
//   FAULTS_CALL      the name of the call that fails
//   FAULTS_PROCESS   in which kind of process: head, node or guard
//   FAULTS_FIRST     the number of the call that fails, from 1 on, counted over all processes of that kind
//   FAULTS_LAST      the number of the last one that fails; the same for one only
//   FAULTS_ERRNO     what it fails with; 0 lets it do a part of what it was asked for
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

// The calls, in the order of their counters; `faults.py` reads this very list.
#define CALLS(X)                                                                                                                           \
  X(open) X(openat) X(mkstemps) X(memfd_create) X(ftruncate) X(fallocate) X(fcntl) X(dup2) X(flock) X(lockf) X(mmap) X(madvise)            \
  X(socketpair) X(pipe) X(eventfd) X(sendmsg) X(recvmsg) X(read) X(pread) X(write) X(pwrite) X(pwritev) X(fsync) X(lseek) X(poll)           \
  X(posix_spawn) X(pidfd_open) X(waitpid) X(pthread_create) X(rename) X(renameat2) X(link) X(linkat) X(unlink) X(mkdir) X(rmdir)           \
  X(opendir) X(readdir) X(stat) X(fstat) X(lstat) X(fstatat) X(statvfs) X(realpath) X(readlink) X(getcwd) X(chown) X(fchown) X(chmod)      \
  X(fchmod) X(access) X(close) X(malloc)

enum call {
#define NUMBER(name) CALL_##name,
  CALLS(NUMBER)
#undef NUMBER
  CALL_COUNT
};

enum { PROCESSES = 3, COUNTERS = PROCESSES * 64 };
_Static_assert(CALL_COUNT <= 64, "a counter for each call");

static const char *const names[] = {
#define NAME(name) #name,
  CALLS(NAME)
#undef NAME
};

static _Atomic uint64_t *counters;
static int failing = -1;
static uint64_t first_failing, last_failing;
static int failing_errno;

static int is_text(const char *text, const char *other) { return text && other && strcmp(text, other) == 0; }

__attribute__((constructor)) static void begin(int count, char **arguments) {
  static const char *const kinds[PROCESSES] = {"head", "node", "guard"};
  char program[4096];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  const char *wanted = getenv("FAULTS_PROGRAM"), *file = getenv("FAULTS_COUNTS");
  if (length < 0 || !wanted || !file) return;
  program[length] = 0;
  if (!is_text(program, wanted)) return;
  const char *part = count > 1 ? arguments[1] : "";
  int kind = is_text(part, "node") ? 1 : is_text(part, "guard") || is_text(part, "guard-folder") ? 2 : 0;
  int descriptor = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *address = (void *)syscall(SYS_mmap, 0, COUNTERS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  syscall(SYS_close, descriptor);
  if (address == MAP_FAILED) return;
  const char *call = getenv("FAULTS_CALL"), *process = getenv("FAULTS_PROCESS");
  const char *from = getenv("FAULTS_FIRST"), *to = getenv("FAULTS_LAST"), *number = getenv("FAULTS_ERRNO");
  if (call && from && to && number && is_text(process, kinds[kind])) {
    first_failing = strtoull(from, 0, 10);
    last_failing = strtoull(to, 0, 10);
    failing_errno = atoi(number);
    for (int index = 0; index < CALL_COUNT; index++)
      if (is_text(call, names[index])) failing = index;
  }
  counters = (_Atomic uint64_t *)address + kind * 64;
}

// Counts a call; whether it is one that fails.
static int is_chosen(enum call call) {
  if (!counters) return 0;
  uint64_t number = atomic_fetch_add(&counters[call], 1) + 1;
  return (int)call == failing && number >= first_failing && number <= last_failing;
}

// Whether this call fails at once; errno is set then.
static int fails(enum call call) {
  if (!is_chosen(call) || failing_errno == 0) return 0;
  errno = failing_errno;
  return 1;
}

// How many of so many bytes a call transfers that may do a part; 0 for one that fails.
static size_t allowed(enum call call, size_t byte_count) {
  if (!is_chosen(call)) return byte_count;
  if (failing_errno == 0) return byte_count > 1 ? byte_count / 2 : byte_count;
  errno = failing_errno;
  return 0;
}

#define REAL(name, type, ...)                                                                                                              \
  static type (*real)(__VA_ARGS__);                                                                                                        \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name);

// A call that only succeeds or fails.
#define WRAP(call, name, type, failure, parameters, ...)                                                                                   \
  type name parameters {                                                                                                                   \
    static type(*real) parameters;                                                                                                         \
    if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                                                         \
    if (fails(CALL_##call)) return failure;                                                                                                \
    return real(__VA_ARGS__);                                                                                                              \
  }

// Files.

static int open_with(enum call call, int folder, const char *path, int flags, unsigned mode) {
  if (fails(call)) return -1;
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags)                                                                                                                        \
  unsigned mode = 0;                                                                                                                       \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                                                                 \
    va_list list;                                                                                                                          \
    va_start(list, flags);                                                                                                                 \
    mode = va_arg(list, unsigned);                                                                                                         \
    va_end(list);                                                                                                                          \
  }

int open(const char *path, int flags, ...) { MODE(flags) return open_with(CALL_open, AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_with(CALL_open, AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_with(CALL_openat, folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_with(CALL_openat, folder, path, flags, mode); }

WRAP(mkstemps, mkstemps, int, -1, (char *template, int suffix), template, suffix)
WRAP(mkstemps, mkstemps64, int, -1, (char *template, int suffix), template, suffix)
WRAP(memfd_create, memfd_create, int, -1, (const char *name, unsigned flags), name, flags)
WRAP(ftruncate, ftruncate, int, -1, (int descriptor, off_t size), descriptor, size)
WRAP(ftruncate, ftruncate64, int, -1, (int descriptor, off64_t size), descriptor, size)
WRAP(fallocate, fallocate, int, -1, (int descriptor, int mode, off_t offset, off_t size), descriptor, mode, offset, size)
WRAP(fallocate, fallocate64, int, -1, (int descriptor, int mode, off64_t offset, off64_t size), descriptor, mode, offset, size)
WRAP(dup2, dup2, int, -1, (int descriptor, int other), descriptor, other)
WRAP(flock, flock, int, -1, (int descriptor, int operation), descriptor, operation)
WRAP(lockf, lockf, int, -1, (int descriptor, int command, off_t size), descriptor, command, size)
WRAP(lockf, lockf64, int, -1, (int descriptor, int command, off64_t size), descriptor, command, size)
WRAP(fsync, fsync, int, -1, (int descriptor), descriptor)
WRAP(lseek, lseek, off_t, -1, (int descriptor, off_t offset, int from), descriptor, offset, from)
WRAP(lseek, lseek64, off64_t, -1, (int descriptor, off64_t offset, int from), descriptor, offset, from)
WRAP(rename, rename, int, -1, (const char *from, const char *to), from, to)
WRAP(renameat2, renameat2, int, -1, (int folder, const char *from, int other, const char *to, unsigned flags), folder, from, other, to, flags)
WRAP(link, link, int, -1, (const char *from, const char *to), from, to)
WRAP(linkat, linkat, int, -1, (int folder, const char *from, int other, const char *to, int flags), folder, from, other, to, flags)
WRAP(unlink, unlink, int, -1, (const char *path), path)
WRAP(mkdir, mkdir, int, -1, (const char *path, mode_t mode), path, mode)
WRAP(rmdir, rmdir, int, -1, (const char *path), path)
WRAP(opendir, opendir, DIR *, NULL, (const char *path), path)
WRAP(readdir, readdir, struct dirent *, NULL, (DIR *folder), folder)
WRAP(readdir, readdir64, struct dirent64 *, NULL, (DIR *folder), folder)
WRAP(stat, stat, int, -1, (const char *path, struct stat *status), path, status)
WRAP(stat, stat64, int, -1, (const char *path, struct stat64 *status), path, status)
WRAP(fstat, fstat, int, -1, (int descriptor, struct stat *status), descriptor, status)
WRAP(fstat, fstat64, int, -1, (int descriptor, struct stat64 *status), descriptor, status)
WRAP(lstat, lstat, int, -1, (const char *path, struct stat *status), path, status)
WRAP(lstat, lstat64, int, -1, (const char *path, struct stat64 *status), path, status)
WRAP(fstatat, fstatat, int, -1, (int folder, const char *path, struct stat *status, int flags), folder, path, status, flags)
WRAP(fstatat, fstatat64, int, -1, (int folder, const char *path, struct stat64 *status, int flags), folder, path, status, flags)
WRAP(access, access, int, -1, (const char *path, int mode), path, mode)
WRAP(statvfs, statvfs, int, -1, (const char *path, struct statvfs *status), path, status)
WRAP(statvfs, statvfs64, int, -1, (const char *path, struct statvfs64 *status), path, status)
WRAP(realpath, realpath, char *, NULL, (const char *path, char *resolved), path, resolved)
WRAP(readlink, readlink, ssize_t, -1, (const char *path, char *bytes, size_t size), path, bytes, size)
WRAP(getcwd, getcwd, char *, NULL, (char *bytes, size_t size), bytes, size)
WRAP(chown, chown, int, -1, (const char *path, uid_t owner, gid_t group), path, owner, group)
WRAP(fchown, fchown, int, -1, (int descriptor, uid_t owner, gid_t group), descriptor, owner, group)
WRAP(chmod, chmod, int, -1, (const char *path, mode_t mode), path, mode)
WRAP(fchmod, fchmod, int, -1, (int descriptor, mode_t mode), descriptor, mode)

static int control(int descriptor, int command, void *argument) {
  if (fails(CALL_fcntl)) return -1;
  return (int)syscall(SYS_fcntl, descriptor, command, argument);
}

#define ARGUMENT(command)                                                                                                                  \
  va_list list;                                                                                                                            \
  va_start(list, command);                                                                                                                 \
  void *argument = va_arg(list, void *);                                                                                                   \
  va_end(list);

int fcntl(int descriptor, int command, ...) { ARGUMENT(command) return control(descriptor, command, argument); }
int fcntl64(int descriptor, int command, ...) { ARGUMENT(command) return control(descriptor, command, argument); }

// Memory.

WRAP(mmap, mmap, void *, MAP_FAILED, (void *address, size_t size, int protection, int flags, int descriptor, off_t offset), address, size,
     protection, flags, descriptor, offset)
WRAP(mmap, mmap64, void *, MAP_FAILED, (void *address, size_t size, int protection, int flags, int descriptor, off64_t offset), address, size,
     protection, flags, descriptor, offset)
WRAP(madvise, madvise, int, -1, (void *address, size_t size, int advice), address, size, advice)

extern void *__libc_malloc(size_t size);
void *malloc(size_t size) { return fails(CALL_malloc) ? NULL : __libc_malloc(size); }

// Processes, threads and what they say to each other.

WRAP(socketpair, socketpair, int, -1, (int domain, int type, int protocol, int pair[2]), domain, type, protocol, pair)
WRAP(pipe, pipe, int, -1, (int ends[2]), ends)
WRAP(eventfd, eventfd, int, -1, (unsigned count, int flags), count, flags)
WRAP(poll, poll, int, -1, (struct pollfd *entries, nfds_t count, int milliseconds), entries, count, milliseconds)
WRAP(waitpid, waitpid, pid_t, -1, (pid_t process, int *status, int options), process, status, options)
WRAP(posix_spawn, posix_spawn, int, errno,
     (pid_t *process, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
      char *const arguments[], char *const environment[]),
     process, path, actions, attributes, arguments, environment)
WRAP(pthread_create, pthread_create, int, errno, (pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument),
     thread, attributes, body, argument)

// One that fails has closed what it was asked to close.
int close(int descriptor) {
  int result = (int)syscall(SYS_close, descriptor);
  return fails(CALL_close) ? -1 : result;
}

// Of the calls made by number only this one is dsh's own; the others, such as those of locks, pass.
long syscall(long number, ...) {
  static long (*real)(long, ...);
  if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  va_list list;
  va_start(list, number);
  long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long), e = va_arg(list, long);
  long f = va_arg(list, long);
  va_end(list);
  if (number == SYS_pidfd_open && fails(CALL_pidfd_open)) return -1;
  return real(number, a, b, c, d, e, f);
}

// Bytes that go out and come in.

#define TRANSFER(call, name, type, failure, parameters, size, ...)                                                                         \
  type name parameters {                                                                                                                   \
    static type(*real) parameters;                                                                                                         \
    if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                                                         \
    if (size && !is_event(descriptor)) {                                                                                                    \
      size = allowed(CALL_##call, size);                                                                                                   \
      if (!size) return failure;                                                                                                           \
    }                                                                                                                                      \
    return real(__VA_ARGS__);                                                                                                              \
  }

// An event is a counter, and such calls of it don't fail.
static int is_event(int descriptor) {
  struct stat status;
  return syscall(SYS_fstat, descriptor, &status) == 0 && (status.st_mode & S_IFMT) == 0;
}

TRANSFER(read, read, ssize_t, -1, (int descriptor, void *bytes, size_t size), size, descriptor, bytes, size)
TRANSFER(write, write, ssize_t, -1, (int descriptor, const void *bytes, size_t size), size, descriptor, bytes, size)
TRANSFER(pread, pread, ssize_t, -1, (int descriptor, void *bytes, size_t size, off_t offset), size, descriptor, bytes, size, offset)
TRANSFER(pread, pread64, ssize_t, -1, (int descriptor, void *bytes, size_t size, off64_t offset), size, descriptor, bytes, size, offset)
TRANSFER(pwrite, pwrite, ssize_t, -1, (int descriptor, const void *bytes, size_t size, off_t offset), size, descriptor, bytes, size, offset)
TRANSFER(pwrite, pwrite64, ssize_t, -1, (int descriptor, const void *bytes, size_t size, off64_t offset), size, descriptor, bytes, size, offset)

// The first run alone, or half of it: a part of what was asked for.
static ssize_t write_runs(int descriptor, const struct iovec *runs, int count, off64_t offset) {
  static ssize_t (*real)(int, const struct iovec *, int, off64_t);
  if (!real) real = (ssize_t(*)(int, const struct iovec *, int, off64_t))dlsym(RTLD_NEXT, "pwritev64");
  if (count == 0 || !is_chosen(CALL_pwritev)) return real(descriptor, runs, count, offset);
  errno = failing_errno;
  if (failing_errno) return -1;
  struct iovec part = {runs[0].iov_base, runs[0].iov_len > 1 ? runs[0].iov_len / 2 : runs[0].iov_len};
  return real(descriptor, &part, 1, offset);
}

ssize_t pwritev(int descriptor, const struct iovec *runs, int count, off_t offset) { return write_runs(descriptor, runs, count, offset); }
ssize_t pwritev64(int descriptor, const struct iovec *runs, int count, off64_t offset) { return write_runs(descriptor, runs, count, offset); }

ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
  REAL(sendmsg, ssize_t, int, const struct msghdr *, int)
  if (message->msg_iovlen != 1 || message->msg_iov[0].iov_len == 0) return real(socket, message, flags);
  struct iovec part = message->msg_iov[0];
  part.iov_len = allowed(CALL_sendmsg, part.iov_len);
  if (!part.iov_len) return -1;
  struct msghdr partial = *message;
  partial.msg_iov = &part;
  return real(socket, &partial, flags);
}

ssize_t recvmsg(int socket, struct msghdr *message, int flags) {
  REAL(recvmsg, ssize_t, int, struct msghdr *, int)
  if (message->msg_iovlen != 1 || message->msg_iov[0].iov_len == 0) return real(socket, message, flags);
  size_t whole = message->msg_iov[0].iov_len, part = allowed(CALL_recvmsg, whole);
  if (!part) return -1;
  // A receive that fails leaves its descriptor where it is; one that gets a part takes it.
  message->msg_iov[0].iov_len = part < whole ? 64 : whole;
  ssize_t received = real(socket, message, flags);
  message->msg_iov[0].iov_len = whole;
  return received;
}
