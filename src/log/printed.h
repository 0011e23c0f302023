/*
 * Certificates that a log prints as text: mbedTLS's x509_crt_info(), `openssl x509 -text` and the chain of s_client,
 * gnutls-cli and certtool, Java's both ways, curl -v.
 */
#ifndef TLSDIAG_LOG_PRINTED_H
#define TLSDIAG_LOG_PRINTED_H

#include "log/line.h"
#include "session/printed.h"

/* What the next line is the value of. */
enum printed_wait { PRINTED_WAITS_NOT, PRINTED_WAITS_NAMES, PRINTED_WAITS_USAGE };

/* Begins as zeros. */
struct printed {
	bool open; /* one is being printed: */
	struct printed_cert cert;
	enum printed_wait wait;
	unsigned depth; /* of the next, as a heading said */
	bool own, headed;
};

/* Takes a line; true where it says something of a certificate, which p->cert then has. */
bool printed_take(struct printed *p, const struct log_line *line);

/*
 * A date as one of these programs prints it, in seconds since 1970; PRINTED_NO_DATE: it is none. *far: it is of a zone
 * that is not known, and may be off by a day.
 */
int64_t printed_date(struct bytes text, bool *far);

#endif
