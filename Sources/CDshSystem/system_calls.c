// The Linux calls and macros behind CDshSystem.h. They stand in a C file and not in the header because the header would have to ask for the
// GNU declarations, and Swift's Glibc module is built without them.
#define _GNU_SOURCE
#include "CDshSystem.h"

#include <malloc.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

int dsh_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING); }

int dsh_seal_size(int descriptor) {
  return fcntl(descriptor, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

int dsh_open(const char *path, int flags, unsigned mode) { return open(path, flags | O_CLOEXEC, mode); }

int dsh_open_nameless(const char *folder, unsigned mode) { return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, mode); }

int dsh_give_name(int descriptor, const char *path) {
  char own[32];
  snprintf(own, sizeof own, "/proc/self/fd/%d", descriptor);
  return linkat(AT_FDCWD, own, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

int dsh_rename(const char *from, const char *to, int replace) {
  if (replace) return rename(from, to);
  int result = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
  if (result == 0 || (errno != EINVAL && errno != ENOSYS)) return result;
  // A file system that can't rename without replacing. A folder replaces nothing but an empty folder.
  struct stat status;
  if (lstat(from, &status) == 0 && S_ISDIR(status.st_mode)) return rename(from, to);
  // A file is linked to the new name, which never replaces, and loses the old.
  if ((result = link(from, to)) == 0) unlink(from);
  return result;
}

int dsh_exchange(const char *one, const char *other) { return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE); }

int dsh_link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int dsh_lock(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

void dsh_fill_standard_streams(void) {
  // An open file gets the lowest free number, so the gaps are filled from below.
  for (int number = 0; number <= 2; number++)
    if (fcntl(number, F_GETFD) < 0 && errno == EBADF) open("/dev/null", O_RDONLY);
}

int dsh_reserve(int descriptor, int64_t offset, int64_t byte_count) {
  return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, offset, byte_count);
}

int dsh_punch_hole(int descriptor, int64_t offset, int64_t byte_count) {
  return fallocate(descriptor, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offset, byte_count);
}

int dsh_populate_for_writing(void *address, size_t byte_count) { return madvise(address, byte_count, MADV_POPULATE_WRITE); }

void dsh_exclude_from_dump(void *address, size_t byte_count) { madvise(address, byte_count, MADV_DONTDUMP); }

int dsh_set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? flags : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int dsh_duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); }

int dsh_socket_pair(int descriptors[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors); }

ssize_t dsh_send(int socket, const void *bytes, size_t byte_count, int descriptor, int wait) {
  struct iovec part = {(void *)bytes, byte_count};
  union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
  struct msghdr message = {0};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.space;
    message.msg_controllen = sizeof control.space;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
}

ssize_t dsh_receive(int socket, void *bytes, size_t byte_count, int *descriptor, int wait) {
  struct iovec part = {bytes, byte_count};
  union { struct cmsghdr header; char space[CMSG_SPACE(4 * sizeof(int))]; } control;
  struct msghdr message = {0};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.space;
  message.msg_controllen = sizeof control.space;
  *descriptor = -1;
  ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
  if (received < 0) return received;
  if (message.msg_flags & MSG_CTRUNC) *descriptor = -2;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < count; index++) {
      int one;
      memcpy(&one, CMSG_DATA(header) + index * sizeof(int), sizeof(int));
      if (*descriptor == -1) *descriptor = one; else close(one);
    }
  }
  return received;
}

ssize_t dsh_write_quietly(int descriptor, const void *bytes, size_t byte_count) {
  sigset_t broken, before, pending;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &broken, &before);
  ssize_t result = write(descriptor, bytes, byte_count);
  int saved = errno;
  // A signal that was there before is somebody else's.
  if (result < 0 && saved == EPIPE && !sigismember(&pending, SIGPIPE)) sigtimedwait(&broken, 0, &(struct timespec){0});
  pthread_sigmask(SIG_SETMASK, &before, 0);
  errno = saved;
  return result;
}

int dsh_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int dsh_change_folder(posix_spawn_file_actions_t *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int dsh_process_descriptor(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int dsh_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int dsh_set_process_name(const char *name) { return prctl(PR_SET_NAME, name); }

int dsh_event_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int dsh_ignore_signal(int signal) { return sigaction(signal, &(struct sigaction){.sa_handler = SIG_IGN}, 0); }

int dsh_default_signal(int signal) { return sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, 0); }

int dsh_exited(int status) { return WIFEXITED(status); }
int dsh_exit_code(int status) { return WEXITSTATUS(status); }
int dsh_ending_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

int64_t dsh_allow_stack(int64_t wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0) return wanted;
  if (limit.rlim_cur < (rlim_t)wanted && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max < (rlim_t)wanted ? limit.rlim_max : (rlim_t)wanted;
    setrlimit(RLIMIT_STACK, &limit);
  }
  return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

int64_t dsh_swap_bytes(void) {
  struct sysinfo information;
  return sysinfo(&information) == 0 ? (int64_t)information.totalswap * information.mem_unit : 0;
}

int64_t dsh_limit(enum dsh_limited what) {
  static const int resources[] = {RLIMIT_AS, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC};
  struct rlimit limit;
  if (getrlimit(resources[what], &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > INT64_MAX) return -1;
  return (int64_t)limit.rlim_cur;
}

int dsh_terminal_size(int descriptor, int *columns, int *rows) {
  struct winsize size = {0};
  int result = ioctl(descriptor, TIOCGWINSZ, &size);
  *columns = size.ws_col;
  *rows = size.ws_row;
  return result;
}

char *const *dsh_environment(void) { return environ; }

const char *dsh_error_name(int number) { return strerrorname_np(number); }

int dsh_usable_processors(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)sysconf(_SC_NPROCESSORS_ONLN);
}

// Fresh pages cost more than what is computed in them (the kernel clears each one), so memory that tasks free stays with the process: buffers of
// up to so many bytes, and so many bytes of them.
void dsh_keep_freed_memory(int largest_buffer_bytes, int kept_bytes) {
  mallopt(M_MMAP_THRESHOLD, largest_buffer_bytes);
  mallopt(M_TRIM_THRESHOLD, kept_bytes);
  // Threads share one arena: only that one can grow in place and be reused by every task.
  mallopt(M_ARENA_MAX, 1);
}

// The one signal handler of dsh: it may only do what is safe inside a handler, so it writes to an event descriptor and leaves.
static volatile int event_descriptor_of_signals = -1;

static void add_one(int signal) {
  (void)signal;
  int saved = errno;
  uint64_t one = 1;
  ssize_t ignored = write(event_descriptor_of_signals, &one, sizeof one);
  (void)ignored;
  errno = saved;
}

int dsh_watch_signal(int signal, int event_descriptor) {
  event_descriptor_of_signals = event_descriptor;
  struct sigaction action = {.sa_handler = add_one};
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, 0);
}
