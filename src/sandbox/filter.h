/* Which system calls can be made: the part of the sandbox that seccomp keeps. */
#ifndef TLSDIAG_SANDBOX_FILTER_H
#define TLSDIAG_SANDBOX_FILTER_H

#include "sandbox/sandbox.h"

/*
 * Both hold for all threads. False: the kernel has no seccomp, or does not let us use it. The process
 * must have given up new privileges; what becomes of a call that is refused is trap.h's.
 */
bool filter_enter(const struct sandbox_policy *policy);
bool filter_seal(void);

/* "socket"; the number where it has no name. In memory of its own, until the next call. */
const char *filter_call_name(int number);

#endif
