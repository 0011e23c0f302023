/* Which files can be opened: the part of the sandbox that Landlock keeps. */
#ifndef TLSDIAG_SANDBOX_LANDLOCK_H
#define TLSDIAG_SANDBOX_LANDLOCK_H

#include "sandbox/sandbox.h"

/*
 * Restricts this thread and all that it will start. Returns the ABI of the kernel; 0: it has no
 * Landlock, or does not let us use it. The process must have given up new privileges.
 */
int landlock_enter(const struct sandbox_policy *policy);

#endif
