/*
 * Directives in a text that is no C: a post, a mail, a diff, a log of a compiler. What stands in front of a line
 * (quoting, numbers, bullets) is taken off, what is no directive is passed over, and lines keep their numbers.
 */
#ifndef TLSDIAG_CONFIG_PASTED_H
#define TLSDIAG_CONFIG_PASTED_H

#include "config/preprocess.h"

/* Is it such a text, rather than a C source? */
bool pasted_looks(struct bytes text);
/* Its directives, and what -D defines on lines that call a compiler. Conditions that are not closed decide nothing. */
bool pasted_read(struct preprocessor *p, const char *file, struct bytes text, struct arena *a,
	struct err *e);

#endif
