/* Certificates that a log prints as text, in the words of mbedTLS, OpenSSL or GnuTLS: whose, and until when. */
#ifndef TLSDIAG_LOG_PRINTED_H
#define TLSDIAG_LOG_PRINTED_H

#include "log/line.h"

enum { PRINTED_MAX = 96 };

/* Begins as zeros. */
struct printed {
	uint64_t line; /* of the first of them */
	char subject[PRINTED_MAX], until[PRINTED_MAX];
};

/*
 * Takes a line; true where with it a certificate is known that was not, which *p has then. Text is no proof of anything:
 * the bytes may say something else.
 */
bool printed_take(struct printed *p, const struct log_line *line);

#endif
