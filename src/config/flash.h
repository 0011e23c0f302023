/*
 * What a configuration could do without: each change with the bytes that it saves, as measured on a Cortex-M4
 * (data/README.md), what is lost, and whether a deployment needs it, as far as somebody looked.
 *
 * Pure; all texts are static.
 */
#ifndef TLSDIAG_CONFIG_FLASH_H
#define TLSDIAG_CONFIG_FLASH_H

#include "config/config.h"

enum { SAVINGS_MAX = 64 };

/* What peers, certificates and keys of a deployment can need of a build. */
enum need {
	NEEDED_BY_NOBODY, /* nothing on the wire, in a certificate or in a key depends on it */
	NEED_PEM,
	NEED_RSA,
	NEED_SHA384,
	NEED_SHA512,
	NEED_AES256,
	NEED_CBC,
	NEED_CHACHAPOLY,
	NEED_SECP384R1,
	NEED_X25519,
	NEED_EXPLICIT_CURVES,
	NEED_MAX_FRAGMENT_LENGTH,
	NEED_EXTENDED_MASTER_SECRET,
	NEED_SERVER_NAME,
	NEED_ALPN,
	NEED_TICKETS,
	NEED_RENEGOTIATION,
	NEED_CLIENT,
	NEED_DTLS,
	NEED_TLS13,
	N_NEEDS
};

/* Of a deployment: what was looked for, and what of that was found. All false: nobody looked. */
struct needs {
	bool looked[N_NEEDS], found[N_NEEDS];
	bool hidden[N_NEEDS];       /* some of what was looked at does not show it */
	const char *where[N_NEEDS]; /* it was found first; borrowed; NULL: that was not said */
};

/* With "found" a thing is looked for as well. */
void needs_find(struct needs *needs, enum need need, bool found);
/* It was found there; whether it was looked for everywhere, needs_looked() says. */
void needs_found(struct needs *needs, enum need need, const char *where);
/* What was looked at: files of certificates and keys; handshakes. */
void needs_looked(struct needs *needs, bool files, bool handshakes);
/* Looked for wherever it can be, and not found. */
bool needs_lacks(const struct needs *needs, enum need need);
bool needs_has(const struct needs *needs, enum need need);
const char *need_name(enum need need); /* "SHA-384"; "" for what nobody needs */

enum saving_verdict {
	SAVING_FREE,       /* nothing that is negotiated depends on it */
	SAVING_NOT_NEEDED, /* looked for, and not found */
	SAVING_UNKNOWN,    /* nobody looked */
	SAVING_NEEDED
};

const char *saving_verdict_name(enum saving_verdict verdict); /* "not-needed" */

/* Bytes: below zero saved, above zero paid. */
struct saving {
	const char *change; /* "-DEBUG_C +X509_REMOVE_INFO ECP_WINDOW_SIZE=2", without MBEDTLS_ */
	const char *lost;
	long flash;   /* text and data, as linked */
	long ram;     /* data and bss */
	long objects; /* text of all objects: what a linker that takes them whole saves */
	enum need need;
	enum saving_verdict verdict;
	const char *where; /* SAVING_NEEDED: who needs it; NULL: that was not said */
};

/*
 * The changes that can yet be made to a configuration, by the bytes of flash that they save; what saves RAM alone
 * comes last. needs: NULL, nobody looked. Figures are of one configuration and overlap: no sum is the saving of all.
 */
size_t savings_of(const struct config *c, unsigned major, const struct needs *needs,
	struct saving out[static SAVINGS_MAX]);

#endif
