/*
 * What programs say when a handshake goes wrong, as facts: a saying is one of sayings.def, in whatever
 * words a program puts it. Which words those are stands in data/sayings.tsv.
 */
#ifndef TLSDIAG_NAMES_SAYINGS_H
#define TLSDIAG_NAMES_SAYINGS_H

enum saying {
	SAYING_NONE,
#define SAYING(name, text) SAYING_##name,
#include "names/sayings.def"
#undef SAYING
	N_SAYINGS
};

const char *saying_id(enum saying s);    /* "peer_expired" */
const char *saying_title(enum saying s); /* "the peer's certificate has expired" */

#endif
