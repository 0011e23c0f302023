/* An option's value that is one of a few words. */
#ifndef TLSDIAG_CLI_CHOICE_H
#define TLSDIAG_CLI_CHOICE_H

#include "base/err.h"

#include <stddef.h>

struct choice {
	const char *word;
	int value;
};

/* False with "--option takes a, b or c, not '...'" when word is none of them. */
bool choice_parse(const char *option, const struct choice *choices, size_t n, const char *word,
	int *out, struct err *e);

#endif
