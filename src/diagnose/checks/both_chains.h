/* The chain checks ask the same of both sides' certificates. */
#ifndef TLSDIAG_DIAGNOSE_CHECKS_BOTH_CHAINS_H
#define TLSDIAG_DIAGNOSE_CHECKS_BOTH_CHAINS_H

#include "diagnose/rule.h"

/*
 * Runs ask() on the server's chain, then, unless that failed, on the client's; the worse counts.
 * NOT_APPLICABLE when neither side's certificates were seen.
 */
enum status both_chains(const struct handshake *hs, struct answer *a,
	enum status (*ask)(const struct handshake *hs, enum side s, const struct chain_judgement *j,
		struct answer *a));

/* UNKNOWN: of the chain only the leaf is known (PATH_UNKNOWN). */
enum status chain_unknown(const struct chain_judgement *j, struct answer *a);

/* Shows where the step's certificate stands in the message. */
void show_step(const struct handshake *hs, enum side s, const struct path_step *step,
	struct answer *a, const char *what);

#endif
