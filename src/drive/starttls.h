/* Protocols that begin in the clear and change to TLS when asked to. */
#ifndef TLSDIAG_DRIVE_STARTTLS_H
#define TLSDIAG_DRIVE_STARTTLS_H

#include "drive/dialogue.h"

enum starttls {
	STARTTLS_NONE, /* TLS begins at once */
	STARTTLS_SMTP,
	STARTTLS_IMAP,
	STARTTLS_POP3,
	STARTTLS_FTP,
	STARTTLS_LDAP,
	STARTTLS_XMPP,
	STARTTLS_POSTGRES,
	STARTTLS_MYSQL,
	N_STARTTLS,
};

/* "smtp", as the command line has it; STARTTLS_NONE when there is no such protocol. */
enum starttls starttls_find(const char *name);
const char *starttls_name(enum starttls p);
/* Where it is spoken when nothing else is said: 25, 143, 110, 21, 389, 5222, 5432, 3306. */
uint16_t starttls_port(enum starttls p);
/*
 * Asks the server on an open line for TLS, in protocol p, which is not STARTTLS_NONE. `name` is the
 * host that an XMPP server is asked for; the others do not look at it. True when TLS may begin;
 * *out says in any case what happened. Each step has timeout_ms.
 */
bool starttls_begin(struct line *l, enum starttls p, const char *name, int timeout_ms,
	struct dialogue_result *out);

#endif
