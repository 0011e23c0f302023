/*
 * Options of a command: one table, from which they are parsed and their help is printed.
 */
#ifndef TLSDIAG_CLI_OPTIONS_H
#define TLSDIAG_CLI_OPTIONS_H

#include "base/err.h"

#include <stddef.h>

struct option_spec {
	const char *name;  /* long, without the dashes */
	const char *value; /* what it takes: "FILE"; NULL nothing */
	const char *help;
	const char *heading; /* of the group that begins here; else NULL */
	/* Stores into the command's settings; value is NULL where the option takes none. */
	bool (*set)(void *settings, const char *value, struct err *e);
	char letter;   /* short form, 0 none */
	bool optional; /* the value may be left out; it is given with "=" */
};

struct option_table {
	const struct option_spec *specs;
	size_t n;
};

/*
 * Parses argv; *first is the index of the first argument that is no option (getopt moves them to
 * the end). False with ERR_USAGE, and the nearest known option where one is unknown.
 */
bool options_parse(const struct option_table *t, int argc, char **argv, void *settings, int *first,
	struct err *e);

/* Prints the table to standard output, in columns. */
void options_help(const struct option_table *t);

#endif
