/*
 * A command line without a command: a file is given to the command that reads such files, and any other
 * text is looked up.
 */
#ifndef TLSDIAG_CLI_GUESS_H
#define TLSDIAG_CLI_GUESS_H

#include "cli/cli.h"

/* Finds a command by its name; NULL: there is none of that name. */
typedef const struct command *command_finder(const char *name);

/*
 * Runs what argv[1] and what is behind it are for, saying on standard error which command that is when
 * a file decides it. False when they are neither a file nor anything that is known; else *status.
 */
bool guess_run(int argc, char **argv, command_finder *find, int *status);

#endif
