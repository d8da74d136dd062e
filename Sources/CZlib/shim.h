// zlib, with functions for two initialisers that are macros there, because Swift does not import such macros.
#ifndef PRLCONV_CZLIB_SHIM_H
#define PRLCONV_CZLIB_SHIM_H

#define ZLIB_CONST // next_in points to const, as zlib never writes through it
#include <zlib.h>

static inline int czlib_inflateInit2(z_streamp stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}

static inline int czlib_deflateInit2(z_streamp stream, int level, int windowBits, int memLevel, int strategy) {
  return deflateInit2(stream, level, Z_DEFLATED, windowBits, memLevel, strategy);
}

#endif
