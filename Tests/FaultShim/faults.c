// Lets system calls of prlconv fail, by LD_PRELOAD: a hundred times cheaper than strace.
//
// FAULT_CALL   a kind of call (pread, close, ...), or "all"
// FAULT_AT     which call of that kind meets the fault, counted from 1; 0 is every one
// FAULT_ERROR  an errno, which the call fails with; 0 transfers fewer bytes than asked for; -1 injects no fault; -2 has
//              pwrite store a wrong bit, as a faulty disk would
// FAULT_COMMAND  a shell command that is run when a call's turn comes, before anything is made of it
// FAULT_SEED   for how many bytes are transferred, when every transfer is short
// FAULT_LOG    a file that gets a line for each call that met its fault: the kind, and what the system made of it
//
// An interruption that comes every time comes every other time, or nothing would ever be done. Only calls on files,
// pipes and directories count, as the runtime has descriptors of its own; stderr does not.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *faulty_call;
static const char *log_path;
static const char *command;
static long faulty_number;
static int fault;
static uint64_t seed;
static long count_of_calls;
static __thread int was_interrupted;

__attribute__((constructor)) static void prepare(void) {
  const char *call = getenv("FAULT_CALL"), *seed_text = getenv("FAULT_SEED");
  if (!call || strcmp(program_invocation_short_name, "prlconv") != 0) return;
  faulty_number = atol(getenv("FAULT_AT"));
  fault = atoi(getenv("FAULT_ERROR"));
  seed = seed_text ? strtoull(seed_text, NULL, 10) : 0;
  log_path = getenv("FAULT_LOG");
  command = getenv("FAULT_COMMAND");
  faulty_call = call;
}

static void note(const char *call, long result) {
  char line[64];
  int length = snprintf(line, sizeof line, "%s %ld\n", call, result);
  long file = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}

static int is_counted(int descriptor) {
  struct stat status;
  if (descriptor == 2 || syscall(SYS_fstat, descriptor, &status) != 0) return 0;
  mode_t type = status.st_mode & S_IFMT;
  return type == S_IFREG || type == S_IFIFO || type == S_IFDIR || type == S_IFBLK;
}

// The number of this call among those that may meet the fault, or 0 if it is not one of them or not its turn.
static long turn(const char *call, int descriptor) {
  if (!faulty_call || (strcmp(faulty_call, "all") != 0 && strcmp(faulty_call, call) != 0)) return 0;
  if (descriptor != AT_FDCWD && !is_counted(descriptor)) return 0;
  long number = __atomic_add_fetch(&count_of_calls, 1, __ATOMIC_RELAXED);
  if (faulty_number != 0 && number != faulty_number) return 0;
  if (command && system(command) != 0) abort();
  if (faulty_number != 0) return number;
  if (fault == EINTR && (was_interrupted = !was_interrupted) == 0) return 0;
  return number;
}

// Whether a call fails here and now; then its errno is set.
static int fails(const char *call, int descriptor) {
  if (turn(call, descriptor) == 0) return 0;
  note(call, -(long)fault);
  if (fault > 0) errno = fault;
  return fault > 0;
}

// How many of `count` bytes are to be transferred; -1 for a failure.
static ssize_t allowed(const char *call, int descriptor, size_t count) {
  long number = turn(call, descriptor);
  if (number == 0) return count;
  size_t few = count;
  if (fault == 0 && count > 1) {
    uint64_t bits = (seed + number) * 0x9E3779B97F4A7C15u;
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9u;
    bits ^= bits >> 27;
    // Sometimes very few bytes, mostly any number of them.
    few = 1 + (bits >> 8) % (bits % 4 == 0 && count > 8 ? 7 : count - 1);
  }
  note(call, fault > 0 ? -(long)fault : (long)few);
  if (fault <= 0) return few;
  errno = fault;
  return -1;
}

#define TRANSFER(NAME, NUMBER, BYTES)                                                              \
  ssize_t NAME(int descriptor, BYTES *bytes, size_t count) {                                       \
    ssize_t wanted = allowed(#NAME, descriptor, count);                                            \
    return wanted < 0 ? -1 : syscall(NUMBER, descriptor, bytes, wanted);                           \
  }
#define TRANSFER_AT(NAME, ALIAS, NUMBER, BYTES)                                                    \
  ssize_t NAME(int descriptor, BYTES *bytes, size_t count, off_t offset) {                         \
    ssize_t wanted = allowed(#NAME, descriptor, count);                                            \
    return wanted < 0 ? -1 : syscall(NUMBER, descriptor, bytes, wanted, offset);                   \
  }                                                                                                \
  ssize_t ALIAS(int descriptor, BYTES *bytes, size_t count, off_t offset) {                        \
    return NAME(descriptor, bytes, count, offset);                                                 \
  }

TRANSFER(read, SYS_read, void)
TRANSFER(write, SYS_write, const void)
TRANSFER_AT(pread, pread64, SYS_pread64, void)

// Writes `bytes` with one bit in the middle changed.
static ssize_t write_wrongly(int descriptor, const void *bytes, size_t count, off_t offset) {
  unsigned char *copy = malloc(count + 1);
  memcpy(copy, bytes, count);
  copy[count / 2] ^= 0x10;
  ssize_t result = syscall(SYS_pwrite64, descriptor, copy, count, offset);
  free(copy);
  note("pwrite", -2);
  return result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  if (fault == -2 && turn("pwrite", descriptor) != 0) return write_wrongly(descriptor, bytes, count, offset);
  ssize_t wanted = fault == -2 ? (ssize_t)count : allowed("pwrite", descriptor, count);
  return wanted < 0 ? -1 : syscall(SYS_pwrite64, descriptor, bytes, wanted, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}

ssize_t splice(int source, off_t *source_offset, int target, off_t *target_offset, size_t count, unsigned flags) {
  ssize_t wanted = allowed("splice", target, count);
  return wanted < 0 ? -1 : syscall(SYS_splice, source, source_offset, target, target_offset, wanted, flags);
}

ssize_t vmsplice(int pipe, const struct iovec *vectors, size_t count, unsigned flags) {
  struct iovec first = vectors[0];
  ssize_t wanted = allowed("vmsplice", pipe, first.iov_len);
  if (wanted < 0) return -1;
  first.iov_len = wanted;
  return count == 1 ? syscall(SYS_vmsplice, pipe, &first, 1, flags) : syscall(SYS_vmsplice, pipe, vectors, count, flags);
}

int ftruncate(int descriptor, off_t length) {
  return fails("ftruncate", descriptor) ? -1 : syscall(SYS_ftruncate, descriptor, length);
}

int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  return fails("fallocate", descriptor) ? -1 : syscall(SYS_fallocate, descriptor, mode, offset, length);
}

int fallocate64(int descriptor, int mode, off_t offset, off_t length) {
  return fallocate(descriptor, mode, offset, length);
}

off_t lseek(int descriptor, off_t offset, int whence) {
  return fails("lseek", descriptor) ? -1 : syscall(SYS_lseek, descriptor, offset, whence);
}

off_t lseek64(int descriptor, off_t offset, int whence) { return lseek(descriptor, offset, whence); }

// Nobody waits for a disk here.
int fsync(int descriptor) {
  if (fails("fsync", descriptor)) return -1;
  return faulty_call ? 0 : syscall(SYS_fsync, descriptor);
}

int fstat(int descriptor, struct stat *status) {
  return fails("fstat", descriptor) ? -1 : syscall(SYS_fstat, descriptor, status);
}

// The descriptor is gone in any case, as Linux does it; closing it again is noted as a fault of its own.
int close(int descriptor) {
  int failed = fails("close", descriptor), code = errno;
  long result = syscall(SYS_close, descriptor);
  if (faulty_call && result != 0 && errno == EBADF) note("closed-twice", descriptor);
  if (!failed) return result;
  errno = code;
  return -1;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return fails("open", AT_FDCWD) ? -1 : syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

__attribute__((alias("open"))) int open64(const char *path, int flags, ...);

int rename(const char *old, const char *new) {
  return fails("rename", AT_FDCWD) ? -1 : syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
}

// A new name is one call for a file that has another name, and this one for a file that has none.
int linkat(int old_folder, const char *old, int new_folder, const char *new, int flags) {
  return fails("rename", AT_FDCWD) ? -1 : syscall(SYS_linkat, old_folder, old, new_folder, new, flags);
}

int renameat2(int old_folder, const char *old, int new_folder, const char *new, unsigned flags) {
  return fails("rename", AT_FDCWD) ? -1 : syscall(SYS_renameat2, old_folder, old, new_folder, new, flags);
}
