/* What becomes of a system call that the filter refuses. */
#ifndef TLSDIAG_SANDBOX_TRAP_H
#define TLSDIAG_SANDBOX_TRAP_H

#include <stdbool.h>

/*
 * Makes the signal of a refused call (SIGSYS) fail that call, and remember it. False: not on this
 * processor; then the filter itself is to let the call fail, and nobody learns of it.
 */
bool trap_install(void);

/* The number of the first call that was refused; -1: none was. */
int trap_first(void);

#endif
