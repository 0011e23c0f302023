/* A suspect whose damage is to be found: what was signed, and where it may have changed. Internal to
 * forensic. */
#ifndef TLSDIAG_FORENSIC_DAMAGE_SCOPE_H
#define TLSDIAG_FORENSIC_DAMAGE_SCOPE_H

#include "forensic/oracle.h"
#include "forensic/signature.h"

enum { REGIONS = 4 };

/* Bytes that may be damaged. */
struct region {
	enum damaged what;
	size_t at, len; /* in the message; the digest stands for itself */
};

struct damage_scope {
	struct inquiry *q;
	struct suspect *s;
	struct arena *scratch;
	struct known_key leaf;
	struct oracle *oracle; /* of the plainest reading; NULL: what was signed cannot be known */
	enum hash hash;
	struct bytes message;
	struct digest digest; /* of the message */
	struct region region[REGIONS];
	size_t n_regions;
};

/* damage_scope_close() is due in either case. False: there is nothing to work on. */
bool damage_scope_open(struct damage_scope *sc, struct inquiry *q, struct suspect *s);
void damage_scope_close(struct damage_scope *sc);

#endif
