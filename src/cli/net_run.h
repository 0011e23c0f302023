/* The course of a command that talks: its files are opened, it talks, reports, and its files are kept. */
#ifndef TLSDIAG_CLI_NET_RUN_H
#define TLSDIAG_CLI_NET_RUN_H

#include "cli/file_guard.h"
#include "cli/net_options.h"

/* A file besides the reports: a capture, a key log. */
struct net_output {
	const char *option; /* "--keylog" */
	const char *path;   /* NULL: not wanted */
	unsigned mode;
	FILE **stream; /* where the open file goes */
};

enum { NET_OUTPUTS_MAX = 2 };

struct net_work {
	/* Fills the run. False when it could not be begun; *unreached: targets that gave no TLS. */
	bool (*talk)(
		void *settings, struct tlsdiag *run, size_t *unreached, struct tlsdiag_error *e);
	/* What is done in place of a run, with its rights and its files: the exit status. *done: what the files
	 * hold is whole. NULL: there is a run. */
	int (*instead)(void *settings, bool *done);
	/* The exit status of a finished run, when the usual one (status) is not it; NULL: it is. */
	int (*judge)(const struct tlsdiag *run, int status);
	/* What it reads besides what all commands read. */
	void (*inputs)(const void *settings, struct file_guard *g);
	struct net_output outputs[NET_OUTPUTS_MAX];
};

/* settings begins with a struct net_settings. Returns the exit status. */
int net_run(const struct command *self, void *settings, const struct net_work *w);

#endif
