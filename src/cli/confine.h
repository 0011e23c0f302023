/* What a command gives up before it reads what strangers wrote: the rules of src/sandbox for it. */
#ifndef TLSDIAG_CLI_CONFINE_H
#define TLSDIAG_CLI_CONFINE_H

#include "base/out_file.h"
#include "cli/run_files.h"

/* The inputs that may yet be opened, and the outputs, which are open. */
struct confine {
	const char **inputs;
	size_t n_inputs, size;
	char **folders;
	size_t n_folders;
	bool failed; /* out of memory */
};

/* path may be NULL or "-": then nothing is to be opened. It is borrowed. */
void confine_input(struct confine *c, const char *path);
/* file may be NULL, or one that is written to directly. */
void confine_output(struct confine *c, const struct out_file *file);
/* The files that the options of every run name, and those of its reports. */
void confine_run(struct confine *c, const struct run_settings *s, const struct run_files *also);

/*
 * Enters the sandbox unless --no-sandbox was given; network: to connect, too. Frees what *c holds.
 * False when memory gave out, which has been told.
 */
bool confine_enter(struct confine *c, const struct run_settings *s, bool network);

/* The callback `stop` of a run. */
const char *confine_stop(void *ctx);

/* The exit status of a command, or EXIT_INPUT with the reason told when its sandbox was broken. */
int confine_status(int status);

#endif
