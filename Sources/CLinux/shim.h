// System calls that the C library declares only with _GNU_SOURCE, which Swift does not set when it imports the library.
// The declarations and numbers belong to the Linux interface, which does not change.
#ifndef PRLCONV_CLINUX_SHIM_H
#define PRLCONV_CLINUX_SHIM_H

#ifdef __linux__
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <sys/types.h>
#include <sys/uio.h>

int fallocate(int descriptor, int mode, off_t offset, off_t length);
int renameat2(int oldDirectory, const char *oldPath, int newDirectory, const char *newPath, unsigned int flags);

ssize_t splice(int source, off_t *source_offset, int target, off_t *target_offset, size_t length, unsigned int flags);
ssize_t vmsplice(int pipe, const struct iovec *vectors, size_t count, unsigned int flags);

int sched_getaffinity(int process, size_t byte_count, unsigned long *mask);

// The processors of the affinity mask of the process, or 0 if they can't be had.
static inline int clinux_processors(void) {
  unsigned long mask[1024] = {0};
  int count = 0;
  int byte_count = sizeof mask;
  if (sched_getaffinity(0, sizeof mask, mask) != 0) return 0;
  for (int word = 0; word < byte_count / (int)sizeof mask[0]; word++) count += __builtin_popcountl(mask[word]);
  return count;
}

int mallopt(int parameter, int value);
int statx(int directory, const char *path, int flags, unsigned int mask, struct statx *status);

// The STATX_ATTR bits of a file, or 0 if they can't be had. In Swift, the structure statx hides the function.
static inline unsigned long long clinux_attributes(const char *path) {
  struct statx status;
  return statx(-100 /* AT_FDCWD */, path, 0, 0, &status) == 0 ? status.stx_attributes : 0;
}

// The magic number of a file's file system, or 0 if it can't be had.
static inline unsigned int clinux_file_system(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 ? (unsigned int)status.f_type : 0;
}

ssize_t getxattr(const char *path, const char *name, void *value, size_t size);
int fsetxattr(int descriptor, const char *name, const void *value, size_t size, int flags);

// Shares a range of a file with another (FICLONERANGE). Returns 0, or -1 with errno.
static inline int clinux_share(int source, long long source_offset, long long length, int target, long long offset) {
  struct file_clone_range range = {
      .src_fd = source, .src_offset = source_offset, .src_length = length, .dest_offset = offset};
  return ioctl(target, FICLONERANGE, &range);
}

// An extent of a file (FIEMAP): bytes that are stored, and were written.
struct clinux_extent {
  unsigned long long start, end;
  int is_written;
};

// Finds the first extent that ends after `start`. Returns 1, 0 if there is none, or -1 with errno.
static inline int clinux_extent(int descriptor, unsigned long long start, struct clinux_extent *found) {
  union {
    struct fiemap map;
    char room[sizeof(struct fiemap) + sizeof(struct fiemap_extent)];
  } request;
  memset(&request, 0, sizeof request);
  request.map.fm_start = start;
  request.map.fm_length = FIEMAP_MAX_OFFSET - start;
  request.map.fm_extent_count = 1;
  if (ioctl(descriptor, FS_IOC_FIEMAP, &request) != 0) return -1;
  if (request.map.fm_mapped_extents == 0) return 0;
  const struct fiemap_extent *extent = &request.map.fm_extents[0];
  found->start = extent->fe_logical;
  found->end = extent->fe_logical + extent->fe_length;
  found->is_written = (extent->fe_flags & FIEMAP_EXTENT_UNWRITTEN) == 0;
  return 1;
}

// 1 MiB of zeros that take neither memory nor space in the executable.
static inline const void *clinux_zeros(void) {
  static char zeros[1 << 20] __attribute__((aligned(4096)));
  return zeros;
}

enum {
  CLINUX_M_ARENA_MAX = -8,
  CLINUX_SEEK_DATA = 3,
  CLINUX_SEEK_HOLE = 4,
  CLINUX_F_SETPIPE_SZ = 1031,
  CLINUX_FALLOC_FL_KEEP_SIZE = 0x01,
  CLINUX_FALLOC_FL_PUNCH_HOLE = 0x02,
  CLINUX_FALLOC_FL_ZERO_RANGE = 0x10,
  CLINUX_RENAME_NOREPLACE = 1,
  CLINUX_RENAME_EXCHANGE = 2,
  CLINUX_O_TMPFILE = 020000000 | 0200000,
  CLINUX_STATX_ATTR_IMMUTABLE = 0x10,
  CLINUX_STATX_ATTR_APPEND = 0x20,
  CLINUX_STATX_ATTR_MOUNT_ROOT = 0x2000,
};
#endif

#endif
