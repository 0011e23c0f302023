/*
 * One key as a file holds it: what it is, how it is locked, and what mbedTLS says of it. The
 * private half is wiped before the function returns.
 */
#ifndef TLSDIAG_PKI_KEY_FILE_H
#define TLSDIAG_PKI_KEY_FILE_H

#include "base/arena.h"
#include "pki/cert.h"
#include "pki/key_cipher.h"

enum key_state {
	KEY_READ,
	KEY_LOCKED,         /* encrypted, and no password was given */
	KEY_WRONG_PASSWORD, /* the password does not open it */
	KEY_CIPHER_LACKING, /* the library linked cannot decrypt this scheme */
	KEY_TYPE_LACKING,   /* the library has no such type of key, or no such curve */
	KEY_BROKEN,         /* not what its label or its first bytes say */
};

struct key_facts {
	enum key_state state;
	int code;          /* mbedTLS's, 0 none */
	struct bytes spki; /* public half, DER, in the arena; empty: not known */
	enum key_kind kind;
	unsigned bits;
	char name[OID_TEXT]; /* "EC secp256r1"; "" not known */
	bool has_private;
	bool halves_differ; /* the public half in the file is not that of the private one */
	bool encrypted;
	bool too_costly;          /* its password is stretched too often: not tried, KEY_BROKEN */
	struct key_cipher cipher; /* of an encrypted one; its text is "" when it cannot be told */
};

/*
 * OpenSSL stretches a password 2,048 times, the most careful a million times. A file that asks for
 * more than this, alone or with others of a run, is not opened.
 */
enum { KEY_ITERATIONS_MAX = 4000000 };

struct key_source {
	struct bytes der;     /* the key's bytes; empty where only `pem` can be read */
	struct bytes pem;     /* a whole block, for traditional encryption; empty: none */
	const char *password; /* NULL none */
	bool is_public;
	uint64_t iterations_max; /* of the password's stretching */
};

/* Does a text (PEM or DER) hold a key whose password is stretched more than KEY_ITERATIONS_MAX times? */
bool key_too_costly(struct bytes text);

/* False when memory is out. */
bool key_examine(const struct key_source *from, struct arena *a, struct key_facts *out);

#endif
