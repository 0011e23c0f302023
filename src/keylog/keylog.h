/*
 * Key logs: the secrets of TLS connections, one a line, as NSS began to write them and most stacks do now
 * (SSLKEYLOGFILE, draft-ietf-tls-keylogfile):
 *
 *	CLIENT_RANDOM <client random> <master secret>                    up to TLS 1.2
 *	CLIENT_HANDSHAKE_TRAFFIC_SECRET <client random> <secret>         TLS 1.3, and five more of its kind
 *	RSA <first 8 bytes of the encrypted premaster secret> <premaster secret>
 *
 * in hexadecimal. The text comes in pieces: of a file that is followed (follow.h), or from inside a
 * capture. Lines that repeat, comments, and ends of lines of any system are as good as the rest; what is
 * no such line is counted, and never quoted. Secrets are wiped when they go; nothing prints them.
 */
#ifndef TLSDIAG_KEYLOG_KEYLOG_H
#define TLSDIAG_KEYLOG_KEYLOG_H

#include "base/bytes.h"

enum {
	KEYLOG_SECRET_MAX = 64, /* as long as the longest hash */
	KEYLOG_RANDOM = 32,
	KEYLOG_LINE_MAX = 512,        /* the longest label, 64 and 128 digits are 226 */
	KEYLOG_SAME_MAX = 64,         /* connections with one client random: the first are kept */
	KEYLOG_CLIENTS_MAX = 1 << 17, /* connections remembered; the oldest give way */
};

/* What is known of one connection. */
enum keylog_kind {
	KEYLOG_MASTER,           /* CLIENT_RANDOM */
	KEYLOG_PREMASTER,        /* RSA, or PMS_CLIENT_RANDOM */
	KEYLOG_CLIENT_EARLY,     /* CLIENT_EARLY_TRAFFIC_SECRET */
	KEYLOG_CLIENT_HANDSHAKE, /* CLIENT_HANDSHAKE_TRAFFIC_SECRET */
	KEYLOG_SERVER_HANDSHAKE,
	KEYLOG_CLIENT_APPLICATION, /* CLIENT_TRAFFIC_SECRET_0 */
	KEYLOG_SERVER_APPLICATION,
	N_KEYLOG_KINDS,
};

struct keylog;
struct keylog *keylog_open(void);    /* empty; NULL when memory is out */
void keylog_close(struct keylog *k); /* accepts NULL */

/* A text in pieces of any size, on its way to lines. Zeroed at first; wiped by keylog_end(). */
struct keylog_text {
	uint64_t line; /* read so far */
	char text[KEYLOG_LINE_MAX];
	size_t n;      /* of text */
	bool too_long; /* the line began longer than any */
	bool returned; /* a carriage return ended the last line: a line feed behind it ends none */
};
void keylog_feed(struct keylog *k, struct keylog_text *t, struct bytes piece);
/* What stands there of a line is all of it. */
void keylog_end(struct keylog *k, struct keylog_text *t);
/* A whole text. */
void keylog_take(struct keylog *k, struct bytes text);

/*
 * The n-th secret (from 0) of that kind of the connection with this client random; empty: there are no more.
 * Where a client's random is none, several connections share it. Borrowed until the next piece.
 */
struct bytes keylog_find(const struct keylog *k, const uint8_t random[static KEYLOG_RANDOM],
	enum keylog_kind kind, size_t n);
/* The premaster secret that was sent encrypted like this. */
struct bytes keylog_find_encrypted(const struct keylog *k, struct bytes encrypted);

struct keylog_totals {
	uint64_t lines;   /* but comments and empty ones */
	uint64_t secrets; /* kept; one that repeats counts once */
	uint64_t damaged; /* lines that begin like one of a key log and cannot be read */
	uint64_t foreign; /* lines that are none of a key log at all */
	uint64_t
		dropped; /* secrets or connections forgotten for the newest, or for want of memory */
	uint64_t first_damaged; /* line number; 0: none */
};
struct keylog_totals keylog_totals(const struct keylog *k);
/* Grows with every secret: what could not be found before may be there now. */
uint64_t keylog_generation(const struct keylog *k);

#endif
