/* The front: a table of subcommands, and what they share. */
#ifndef TLSDIAG_CLI_CLI_H
#define TLSDIAG_CLI_CLI_H

#include "cli/options.h"

/* The exit status, as documented: scripts rely on it. */
enum exit_status {
	EXIT_WELL = 0,    /* all is well */
	EXIT_PROBLEM = 1, /* a problem was found */
	EXIT_LINE = 2,    /* the command line is wrong */
	EXIT_INPUT = 3,   /* input not readable, target not reached, output not writable */
	EXIT_NOTHING = 4, /* there was nothing to judge */
};

struct command {
	const char *name;
	const char *synopsis; /* "[OPTION]... FILE..." */
	const char *summary;  /* one line, for the list of commands */
	const char *text;     /* paragraphs above the options */
	const char *examples; /* lines below them */
	const char *status;   /* what the exit status tells, where it differs; else NULL */
	const struct option_table *options;
	/* argv[0] is the command's name. Returns an exit_status. */
	int (*run)(const struct command *self, int argc, char **argv);
};

extern const struct command command_pcap, command_log, command_probe, command_replay, command_check,
	command_config, command_strerror, command_alert, command_explain;

void command_help(const struct command *c);

/* "tlsdiag: ..." on standard error, with controls escaped: it may quote a file or an argument. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Says that the command line is wrong, and where to look; returns EXIT_LINE. */
int complain_usage(const char *command, const char *message);

#endif
