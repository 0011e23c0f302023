/*
 * The facts that need arithmetic: signatures, points, chains, against what the user gave.
 *
 * prove_handshake() may run in several threads at once, each on its own handshake.
 */
#ifndef TLSDIAG_SESSION_PROVE_H
#define TLSDIAG_SESSION_PROVE_H

#include "session/evidence.h"

struct handshake;

/*
 * How many completed handshakes of each server key are verified under VERIFY_AUTO, and how many
 * more of a run, whatever their key: a small capture is verified whole, for a fraction of a second.
 */
enum { VERIFY_AUTO_COMPLETED = 16, VERIFY_AUTO_BEYOND = 256 };
/* How many of a log's handshakes that ended in the same way (prove_alike.h) are. */
enum { VERIFY_AUTO_ALIKE = 64 };

/*
 * Decides under the policy whether this handshake is verified (call in order, one thread), and
 * counts. Sets hs->proved or hs->not_proved_why.
 */
struct prover;
struct prover *prover_open(const struct evidence *ev);
void prover_close(struct prover *p);
bool prover_wants(struct prover *p, struct handshake *hs);

/* Fills the proof facts of hs. Cheap ones (dates, names, usages) always, arithmetic only when
 * hs->proved. Thread-safe. */
void prove_handshake(struct prover *p, struct handshake *hs);

/* What the client of ours has verified itself need not be verified again: the digests (SHA-256) of a
 * certificate and of the one whose key signed it. Thread-safe. */
void prover_know_link(
	struct prover *p, const uint8_t child[static 32], const uint8_t issuer[static 32]);

/*
 * What is verified is rationed (prove_ration.h), but under VERIFY_ALL. Chains cost what they turn out to
 * cost: call prover_settle() when all handshakes wanted so far are proved, at the latest when
 * prover_full() says that as much is under way as may be.
 */
bool prover_full(const struct prover *p);
void prover_settle(struct prover *p);

struct prove_totals {
	uint64_t verified;
	/* Of the verified: handshakes with a signature of a side, with a public key, with a certificate. */
	uint64_t with_signature, with_point, with_chain;
	uint64_t alike; /* of a log, like so many that were verified */
	uint64_t
		not_verified; /* completed ones that VERIFY_AUTO, or all that VERIFY_NONE passes by */
	/* For want of ration: handshakes not verified; paths not searched to their end; DHE groups of which
	 * it was not tested whether p is a prime. */
	uint64_t left_out, chains_left_out, groups_left_out;
	uint64_t properties_cut; /* chains with more properties than are kept (pki/properties.h) */
	uint64_t links,
		groups; /* signatures of certificates that were verified, p that were tested */
};
struct prove_totals prover_totals(const struct prover *p);

#endif
