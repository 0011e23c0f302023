/*
 * Which server a handshake is with: an address, a port and a name. Behind one address there may be
 * many, each with a certificate of its own. Of a live run the name is the target as it was written;
 * of a capture it is the server_name of the hello.
 */
#ifndef TLSDIAG_DIAGNOSE_IDENTITY_H
#define TLSDIAG_DIAGNOSE_IDENTITY_H

#include "base/table.h"
#include "session/handshake.h"

enum { IDENTITY_NAME_MAX = 288 }; /* longer ones are told apart by so much of them */

enum identity_kind {
	IDENTITY_UNKNOWN, /* no hello was seen: any name may have been meant */
	IDENTITY_NONE,    /* the hello has no name */
	IDENTITY_NAME,    /* server_name, in lower case */
	IDENTITY_TARGET,  /* as it was written */
};

/* The key of a table: all of it is set, padding too. */
struct identity {
	uint8_t addr[16];
	uint16_t port;
	uint8_t family, transport;
	uint16_t kind, name_len;
	char name[IDENTITY_NAME_MAX]; /* zeros behind it; a target ends with NUL */
};

void identity_of(const struct handshake *hs, struct identity *out);
/* The name; empty: there is none. Borrowed. */
struct bytes identity_name(const struct identity *id);

/* How many servers each address has. */
struct housing;
/* False: out of memory. */
bool housing_add(struct housing **all, const struct identity *id);
void housing_remove(struct housing **all, const struct identity *id);
void housings_free(struct housing *all);
/* Where the address has one server only, *out is that one's identity. */
bool housing_only(const struct housing *all, const struct identity *id, struct identity *out);

#endif
