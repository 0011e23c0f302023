/* What a command gives up before it reads what strangers wrote: the rules of src/sandbox for it. */
#ifndef TLSDIAG_CLI_CONFINE_H
#define TLSDIAG_CLI_CONFINE_H

#include "cli/file_guard.h"
#include "cli/out_file.h"
#include "cli/run_files.h"

/* The folders of outputs, which are open and get their names at the end. */
struct confine {
	char **folders;
	size_t n_folders;
	bool failed; /* out of memory */
};

/* file may be NULL, or one that is written to directly. */
void confine_output(struct confine *c, const struct out_file *file);
void confine_reports(struct confine *c, const struct run_files *also);

/*
 * Enters the sandbox unless --no-sandbox was given: what `reads` lists can be opened, and nothing else;
 * network: to connect, too. Frees what *c holds. False when memory gave out, which has been told.
 */
bool confine_enter(struct confine *c, const struct run_settings *s, const struct file_guard *reads,
	bool network);

/* The callback `stop` of a run. */
const char *confine_stop(void *ctx);

/* The exit status of a command, or EXIT_INPUT with the reason told when its sandbox was broken. */
int confine_status(int status);

#endif
