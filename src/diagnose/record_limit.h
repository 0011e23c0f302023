/* Which record broke the length that was agreed on, or the one of every version. Pure. */
#ifndef TLSDIAG_DIAGNOSE_RECORD_LIMIT_H
#define TLSDIAG_DIAGNOSE_RECORD_LIMIT_H

#include "session/handshake.h"

struct long_record {
	enum side from;
	uint32_t length; /* bytes of its fragment */
	uint32_t agreed; /* max_fragment_length (RFC 6066 4); 0: it is too long for any version */
	struct place at; /* of what it carries; packet 0: not known */
	const char *carries; /* static; the message's name */
};

/*
 * The first that holds, the client's side before the server's; false: none. A max_fragment_length binds
 * both from the ServerHello on, and nobody before: a ClientHello may be longer.
 */
bool long_record_of(const struct handshake *hs, struct long_record *out);

#endif
