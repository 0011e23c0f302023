/*
 * Completed handshakes of a server of which nothing shows that the last Finished was accepted
 * (handshake_ambiguous()), and those of which something does: these settle the ones of the same client, by
 * its address, or of the same features, whoever's they are. The same is always: the version and the suite
 * agreed on, a session that is resumed or not, a certificate of the client's or none.
 */
#ifndef TLSDIAG_DIAGNOSE_OPEN_ENDS_H
#define TLSDIAG_DIAGNOSE_OPEN_ENDS_H

#include "session/handshake.h"

/* Of a server: so many different ones are told apart; what is beyond settles nothing, and stays open. */
enum { OPEN_ENDS_MAX = 32 };

struct open_end {
	uint64_t client, features; /* hashes */
};

struct open_ends {
	uint64_t *settled; /* malloc'ed: hashes of clients and of features */
	size_t n_settled;
	struct open_end *open; /* malloc'ed, one for each handshake */
	size_t n_open;
	uint64_t beyond; /* more that are open, for which there was no room or no memory */
};

/* Any handshake; only what completed matters. */
void open_ends_note(struct open_ends *e, const struct handshake *hs);
/* How many of those noted stay open. */
uint64_t open_ends_count(const struct open_ends *e);
void open_ends_free(struct open_ends *e);

#endif
