/*
 * What a command reads and writes. No output may be an input, nor another output: who mistypes a name
 * must not lose a capture or a private key. Every command tells its files, and asks before it opens
 * anything for writing; the same list says later what the sandbox lets it open (confine.h).
 */
#ifndef TLSDIAG_CLI_FILE_GUARD_H
#define TLSDIAG_CLI_FILE_GUARD_H

#include "cli/run_options.h"

enum { GUARD_OUTPUTS_MAX = 8 };

struct guarded {
	/* Of an output: "--keylog"; of an input: "--key reads", "is to be read". */
	const char *role;
	const char *path;
	bool recursive; /* of a folder: with those in it */
	char *own;      /* path, when it is the guard's; else NULL */
};

struct file_guard {
	struct guarded *inputs;
	size_t n_inputs, inputs_size;
	struct guarded outputs[GUARD_OUTPUTS_MAX];
	size_t n_outputs;
	bool failed; /* memory is out */
};

/* A file or folder that is read ("-": standard input). NULL: not given. Paths are borrowed. */
void guard_reads(struct file_guard *g, const char *role, const char *path);
void guard_reads_all(struct file_guard *g, const char *role, const char *path); /* recursive */
/* A C source, with the headers (*.h) of its folder, which it may include. */
void guard_reads_source(struct file_guard *g, const char *role, const char *path);
void guard_writes(struct file_guard *g, const char *role, const char *path);

/* The files of the options that all commands share. */
void guard_run(struct file_guard *g, const struct run_settings *s);

/*
 * False with ERR_USAGE when two of the files are one that would be destroyed. Standard output counts as
 * an output when it is a file.
 */
bool guard_check(const struct file_guard *g, struct err *e);

/* The same for a command: the exit status in *status, the reason told. */
bool guard_pass(const struct file_guard *g, const struct command *self, int *status);

void guard_free(struct file_guard *g);

#endif
