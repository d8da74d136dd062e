// expat, the XML parser.
#ifndef PRLCONV_CEXPAT_SHIM_H
#define PRLCONV_CEXPAT_SHIM_H

#include <expat.h>

#endif
