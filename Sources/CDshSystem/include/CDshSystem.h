// The Linux calls and macros that Swift's Glibc module doesn't show, each as one thin function; results and errno are the kernel's own.
#ifndef CDSHSYSTEM_H
#define CDSHSYSTEM_H

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// For Swift: safe to call with what Swift lends for the call, the text of a string or the address of a variable. What takes a range of memory or
// gives an address away is not safe.
#define DSH_SAFE __attribute__((swift_attr("safe")))

// Memory without a name, closed on exec, with seals allowed.
int dsh_memory_file(const char *name) DSH_SAFE;

// Forbids any change of a memory file's size, for good: no peer that maps it can be hit by a truncation.
int dsh_seal_size(int descriptor);

int dsh_open(const char *path, int flags, unsigned mode) DSH_SAFE;

// A file in a folder without a name yet; fails where the file system has no such thing.
int dsh_open_nameless(const char *folder, unsigned mode) DSH_SAFE;

// Gives a nameless file its name; fails if the name is taken.
int dsh_give_name(int descriptor, const char *path) DSH_SAFE;

// Renames in one step; fails if the name is taken, unless it may be replaced.
int dsh_rename(const char *from, const char *to, int replace) DSH_SAFE;

// Exchanges the names of two files or folders in one step; fails with EINVAL where the file system has no such thing.
int dsh_exchange(const char *one, const char *other) DSH_SAFE;

// A second name for a file; a symbolic link is not followed but gets the name itself.
int dsh_link(const char *from, const char *to) DSH_SAFE;

// Takes an exclusive lock that goes with the open file; fails with EWOULDBLOCK instead of waiting for another holder.
int dsh_lock(int descriptor);

// Opens /dev/null for reading at each of the numbers 0 to 2 that is closed, so that nothing else gets them; writing there fails as before.
void dsh_fill_standard_streams(void);

int dsh_reserve(int descriptor, int64_t offset, int64_t byte_count);

int dsh_punch_hole(int descriptor, int64_t offset, int64_t byte_count);

int dsh_populate_for_writing(void *address, size_t byte_count);

// Leaves a range of memory out of core dumps.
void dsh_exclude_from_dump(void *address, size_t byte_count);

int dsh_set_nonblocking(int descriptor);

int dsh_duplicate(int descriptor);

// A pair of connected stream sockets, closed on exec.
int dsh_socket_pair(int descriptors[2]);

// Sends bytes, and with them one descriptor unless it is negative. Never raises SIGPIPE.
ssize_t dsh_send(int socket, const void *bytes, size_t byte_count, int descriptor, int wait);

// Receives bytes and at most one descriptor: -1 if none came, -2 if one came that this process has no number for. Further ones are closed.
ssize_t dsh_receive(int socket, void *bytes, size_t byte_count, int *descriptor, int wait);

// Writes as `write` does, but raises no SIGPIPE in this thread where nobody reads any more; the error is EPIPE in any case.
ssize_t dsh_write_quietly(int descriptor, const void *bytes, size_t byte_count);

// Adds to the actions of a spawn: close all descriptors from `first` on.
int dsh_close_from(posix_spawn_file_actions_t *actions, int first);

// Adds to the actions of a spawn: start in a folder.
int dsh_change_folder(posix_spawn_file_actions_t *actions, const char *folder);

int dsh_process_descriptor(int process);

// The calling process gets `signal` when its parent ends.
int dsh_set_parent_death_signal(int signal);

int dsh_set_process_name(const char *name) DSH_SAFE;

int dsh_event_descriptor(void);

int dsh_ignore_signal(int signal);

int dsh_default_signal(int signal);

int dsh_exited(int status);

int dsh_exit_code(int status);

int dsh_ending_signal(int status);

// Makes room for the stack of the first thread, as far as its hard limit lets it grow to `wanted`; the bytes it may have then.
int64_t dsh_allow_stack(int64_t wanted);

// Bytes of swap space of the machine; 0 if the kernel doesn't say.
int64_t dsh_swap_bytes(void);

// What `ulimit` limits.
enum dsh_limited { DSH_ADDRESS_SPACE, DSH_DATA, DSH_FILE_SIZE, DSH_OPEN_FILES, DSH_PROCESSES };

// The limit of this process; -1 for none.
int64_t dsh_limit(enum dsh_limited what);

int dsh_terminal_size(int descriptor, int *columns, int *rows) DSH_SAFE;

char *const *dsh_environment(void);

const char *dsh_error_name(int number);

// Number of processors this process may run on.
int dsh_usable_processors(void);

void dsh_keep_freed_memory(int largest_buffer_bytes, int kept_bytes);

// From now on `signal` adds one to the event descriptor instead of ending the process; calls that wait are interrupted (EINTR).
// One event descriptor serves all watched signals.
int dsh_watch_signal(int signal, int event_descriptor);

#endif
