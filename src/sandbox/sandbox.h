/*
 * What a process gives up before it reads what strangers wrote: rights it does not need, so that a
 * fault of a parser gains nobody more than a wrong report. It holds for the whole process and all its
 * threads, and cannot be taken back; so it is for programs, and no library function enters it.
 *
 * Two means of Linux, each used where the kernel has it:
 *
 *   Landlock   which files. Only the inputs can be opened, and only for reading; names can be given
 *              and taken away only in the folders of the outputs. No program can be executed. From
 *              ABI 4 on no TCP port can be taken, and without `network` none be connected to; from
 *              ABI 6 on nothing outside can be signalled.
 *   seccomp    which system calls. A list of those that reading, computing, threads and memory take;
 *              with `network` also those that connect, send and receive, and ask the resolver.
 *              Nothing is opened for writing, nobody waits for connections, no process is made, no
 *              program executed, nothing traced, no memory made executable (with `network` the
 *              resolver maps its libraries). Once sealed, nothing at all is opened.
 *
 * With both, all of that holds. With seccomp alone any file can be opened for reading until it is
 * sealed, and where there are outputs, a name in any folder can be changed. With Landlock alone UDP and
 * the making of processes are free, and no call ends the run. With neither, nothing is given up.
 *
 * A system call that is not on the list fails with EPERM and breaks the sandbox's peace for good:
 * sandbox_broken() tells it from then on, and the program is to read no further, write its report, and
 * end. One that goes on all the same, and tries a few more, is ended with status 3 at once. (On
 * processors whose registers trap.c does not know such a call only fails.)
 */
#ifndef TLSDIAG_SANDBOX_SANDBOX_H
#define TLSDIAG_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox_policy {
	bool network;              /* may connect, and look names up */
	const char *const *inputs; /* files and folders (with all below) that may yet be opened */
	size_t n_inputs;
	const char *const *folders; /* of outputs: they are open, and get their names at the end */
	size_t n_folders;
};

/* What is in force. */
struct sandbox_force {
	int landlock; /* the ABI of the kernel; 0: it is not */
	bool seccomp;
};

/*
 * Enters it; before the first thread is started. What the kernel lacks is left out without a word, as
 * are inputs that are not there.
 */
struct sandbox_force sandbox_enter(const struct sandbox_policy *policy);

/* From now on nothing is opened, whatever it is. Without a sandbox it does nothing. */
void sandbox_seal(void);

/* "the sandbox refused the system call 'socket'", once one was; NULL: all is well. */
const char *sandbox_broken(void);

/*
 * What sandbox_enter() would answer in this process now, in words: "Landlock 7, seccomp", "seccomp",
 * "none (this kernel has neither)". It enters one to know.
 */
const char *sandbox_describe(void);

#endif
