/* How many threads are of use. */
#ifndef TLSDIAG_BASE_PROCESSORS_H
#define TLSDIAG_BASE_PROCESSORS_H

#include <stddef.h>

/* Processors that this process may run on, at least 1. Opens no file: it may be asked in a sandbox. */
size_t processors_usable(void);

#endif
