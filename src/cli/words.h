/*
 * The operands of a look-up, some of which are negative numbers: getopt would read "-19584" as five
 * letters.
 */
#ifndef TLSDIAG_CLI_WORDS_H
#define TLSDIAG_CLI_WORDS_H

#include <stdbool.h>

struct words {
	char **rest; /* all but the negative numbers: for options_parse() */
	char **list; /* after words_merge(): the operands, in the order typed; NULL behind the last */
	int n_rest, n;
};

/* False when memory is out; words_free() either way. */
bool words_split(struct words *w, int argc, char **argv);
/* first: where options_parse() left the operands of `rest`. */
void words_merge(struct words *w, int argc, char **argv, int first);
void words_free(struct words *w);

/* What is no option although it begins with a dash: "-19584", "-0x4C80", "-> send alert". */
bool words_is_number(const char *arg);

#endif
