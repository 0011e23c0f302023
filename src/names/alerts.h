/* Alerts: what each one means, what makes which stack send it, and what to look at next. */
#ifndef TLSDIAG_NAMES_ALERTS_H
#define TLSDIAG_NAMES_ALERTS_H

#include <stddef.h>

struct alert_info {
	unsigned code;
	const char *rfc;     /* "RFC 8446 6.2" */
	const char *meaning; /* a clause, lower case */
	const char *next;    /* what to look at */
};

size_t alert_count(void);
const struct alert_info *alert_at(size_t i);        /* by number; NULL past the end */
const struct alert_info *alert_find(unsigned code); /* NULL when not registered */

struct alert_reason {
	unsigned code;
	const char *sender; /* "client", "server" or "either" */
	const char *stacks; /* "OpenSSL, Go"; "any" */
	const char *text;   /* a clause */
	const char *causes; /* ids of causes, separated by spaces; "" for none */
};

/* Why stacks send an alert, likeliest first; *n is how many there are. */
const struct alert_reason *alert_reasons(unsigned code, size_t *n);

#endif
