/*
 * What certificate verifiers answer to odd certificates, as measured: a property of a chain (a
 * negative serial number, a name constraint that is violated ...) against a verifier in a version, as a
 * client in TLS 1.2 and 1.3 and as a server that asked for a certificate. What each property is, and
 * how it was measured, is in data/README.md.
 */
#ifndef TLSDIAG_NAMES_VERIFIERS_H
#define TLSDIAG_NAMES_VERIFIERS_H

#include "names/atlas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every property that was measured; its id is the name, "serial_negative". */
enum property {
#define PROPERTY(name) PROPERTY_##name,
#include "names/properties.def"
#undef PROPERTY
	N_PROPERTIES
};

/* As what the verifier judges the chain. */
enum verifier_role { VERIFIER_CLIENT_12, VERIFIER_CLIENT_13, VERIFIER_SERVER, N_VERIFIER_ROLES };
const char *verifier_role_id(enum verifier_role role); /* "client-tls12" */

struct verifier {
	const char *id;       /* "openssl35" */
	const char *stack;    /* "OpenSSL": several verifiers are of one stack, the newest first */
	const char *version;  /* "3.5.9" */
	const char *measured; /* the version in full, and the program: "3.8.9 gnutls-cli" */
	unsigned roles;       /* those measured: bit 1 << enum verifier_role */
};

size_t verifier_count(void);
const struct verifier *verifier_at(size_t i); /* NULL past the end */

/* Is verifier i of the stack that the alert atlas knows under this name? Of mbedTLS each line is its
 * own there; Chromium has BoringSSL. */
bool verifier_is_of(size_t i, enum stack stack);

enum property_place {
	PROPERTY_OF_LEAF,
	PROPERTY_OF_INTERMEDIATE,
	PROPERTY_OF_ROOT,
	PROPERTY_OF_CHAIN
};

struct property_info {
	const char *id; /* "serial_negative" */
	enum property_place place;
	unsigned roles;     /* those measured */
	enum property like; /* answers for it in a role that was not measured; itself: none */
	const char *title;  /* "a negative serial number" */
};

const struct property_info *property_info(enum property p);

enum verifier_result {
	VERIFIER_UNMEASURED,
	VERIFIER_ACCEPTS,
	VERIFIER_ALERT,        /* refuses, with a fatal alert */
	VERIFIER_CLOSE_NOTIFY, /* refuses; all that is on the wire is a close_notify */
	VERIFIER_CLOSES,       /* refuses, and closes without any alert */
	VERIFIER_STORE,        /* does not load the trust store: there is no connection */
};

struct verifier_answer {
	enum verifier_result result;
	int alert; /* of VERIFIER_ALERT; else -1 */
	const char
		*code; /* the program's own, shortened: "verify 62: hostname mismatch"; "" none */
};

/* What verifier i answers to this property, alone, in this role. */
struct verifier_answer verifier_answer(enum property p, size_t i, enum verifier_role role);

static inline bool verifier_refuses(const struct verifier_answer *a)
{
	return a->result > VERIFIER_ACCEPTS;
}

#endif
