/* What the causes about certificates share: which chain shows the fault, and was it refused for it. */
#ifndef TLSDIAG_DIAGNOSE_CHAINS_H
#define TLSDIAG_DIAGNOSE_CHAINS_H

#include "diagnose/story.h"

/* One side's chain in one handshake. */
struct chain_view {
	const struct case_file *cf;
	const struct examined *ex;
	const struct handshake *hs;
	enum side side;
	const struct chain_judgement *judgement;
};

/* Does this chain show the fault? May add proof lines to *f (only the first chain is asked to: f is
 * NULL for the others). */
typedef bool chain_fault(const struct chain_view *v, struct finding *f);

struct chain_rule {
	chain_fault *shows;
	/* Ends with N_CHECKS; what a refusal leaves behind is added. */
	const enum check_id *explains;
	int typical[6]; /* alerts that speak of this very fault; ends with 0 */
	/* A peer that does not verify: what is it then; of a handshake that failed over something
	 * else it is a note. */
	enum severity when_completed;
	uint32_t flags; /* of mbedTLS's verification (x509.h) that name it; 0 none does */
};

/* The leaf does not stand first, where everyone takes it from: its issuer does. What is wrong with that one as
 * a leaf is then no fault of its own. */
bool leaf_comes_later(const struct handshake *hs, enum side side);

/*
 * Asks every kept chain. An error when a peer refused it (an assumption more when its alert is not
 * a typical one); certain only where nothing that gets the same answer is left untested, or is there
 * too. Otherwise when_completed.
 */
bool chain_cause(const struct case_file *cf, struct finding *f, const struct chain_rule *rule);

/* The first step for which the test holds; NULL none. */
const struct path_step *chain_step(
	const struct chain_judgement *j, bool (*test)(const struct path_step *));

/* Proves a date of the certificate, as its field says it, and the time it is judged at. */
void chain_prove_date(
	const struct chain_view *v, struct finding *f, const char *field, int64_t date);

/* True when every judged chain of the case has the check passed, at least one; for innocent(). */
bool chains_pass(const struct case_file *cf, enum check_id id);

/* innocent(), of the causes about dates. */
bool chains_in_date(const struct case_file *cf, const char **because);

#endif
