// System calls that the C library declares only with _GNU_SOURCE, which Swift does not set when it imports the library.
// The declarations and numbers belong to the Linux interface, which does not change.
#ifndef PRLCONV_CLINUX_SHIM_H
#define PRLCONV_CLINUX_SHIM_H

#ifdef __linux__
#include <sys/types.h>

int fallocate(int descriptor, int mode, off_t offset, off_t length);
int renameat2(int oldDirectory, const char *oldPath, int newDirectory, const char *newPath, unsigned int flags);

int mallopt(int parameter, int value);

enum {
  CLINUX_M_ARENA_MAX = -8,
  CLINUX_SEEK_DATA = 3,
  CLINUX_SEEK_HOLE = 4,
  CLINUX_F_SETPIPE_SZ = 1031,
  CLINUX_FALLOC_FL_KEEP_SIZE = 0x01,
  CLINUX_FALLOC_FL_PUNCH_HOLE = 0x02,
  CLINUX_FALLOC_FL_ZERO_RANGE = 0x10,
  CLINUX_RENAME_NOREPLACE = 1,
};
#endif

#endif
