/*
 * What mbedtls_strerror() prints, and programs print without the number: "SSL - A fatal alert message was received
 * from our peer", also broken off where a buffer or a line ended.
 */
#ifndef TLSDIAG_NAMES_STRERROR_TEXT_H
#define TLSDIAG_NAMES_STRERROR_TEXT_H

#include "base/bytes.h"
#include "names/codes.h"

enum {
	STRERROR_CODES = 8
}; /* that a sentence which breaks off can be, at most; more are not kept */

struct strerror_text {
	size_t at, len; /* where it stands in the text, with the name of the module before it */
	/* What it is, or may be. That of another name and the same value is not told again. */
	const struct code *code[STRERROR_CODES];
	size_t n;
	int64_t sum; /* of code[0] and the low one behind " : "; of one alone its value */
};

/*
 * The first one in a line of text: a module's name, " - " and its sentence. A sentence may break off only where the
 * text ends, or a quote, and not before ten bytes of it. False: there is none.
 */
bool strerror_text_find(struct bytes line, struct strerror_text *out);

#endif
