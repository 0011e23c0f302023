/* The files of --junit and --sarif: opened before the work begins, in place when all went well. */
#ifndef TLSDIAG_CLI_RUN_FILES_H
#define TLSDIAG_CLI_RUN_FILES_H

#include "cli/out_file.h"
#include "cli/run_options.h"

struct run_files {
	struct out_file *files[TLSDIAG_OUTPUTS_MAX];
	struct tlsdiag_output outputs[TLSDIAG_OUTPUTS_MAX]; /* what goes into each */
	size_t n;
};

/*
 * Opens those that the settings name, and has the run write to them: f must outlive its opening.
 * False with the exit status in *status, the reason told.
 */
bool run_files_open(
	struct run_files *f, struct run_settings *s, const struct command *self, int *status);

/* Puts them in place. Returns status, or EXIT_INPUT with the reason told. */
int run_files_commit(struct run_files *f, int status);
/*
 * Tells why a report was not written, by the name of the file that failed; returns EXIT_INPUT. A
 * reader that went away (EPIPE) needs no message.
 */
int run_files_not_written(const struct run_files *f, int code, const char *message);
/* Tells that this file failed. False: it did not. */
bool out_file_complain(const struct out_file *f, int code);
/* Nothing is left of them; also after a commit. */
void run_files_abandon(struct run_files *f);

#endif
