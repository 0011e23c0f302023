/* The plain trials of a bad signature: other digests, other readings, other keys. Internal to
 * forensic. */
#ifndef TLSDIAG_FORENSIC_SIGNATURE_H
#define TLSDIAG_FORENSIC_SIGNATURE_H

#include "forensic/budget.h"
#include "forensic/suspect.h"

/* What every trial of one server shares. */
struct inquiry {
	const struct handshake *const *others;
	size_t n_others;
	const struct evidence *ev;
	struct budget budget;
	struct meter meter;         /* of the thread that runs the autopsy */
	struct ecdsa_trials *spare; /* see oracle.h */
	struct hint {               /* what was found first: likely for the next handshakes too */
		bool set;
		size_t reading, candidate;
	} hint;
};

enum plain_stage { PLAIN_OTHER_DIGEST, PLAIN_OTHER_READING, PLAIN_OTHER_KEY, N_PLAIN_STAGES };

void signature_try(struct inquiry *q, struct suspect *s, enum plain_stage stage);

/* RSA shows by itself whose key it was: says so where nothing else was found. */
void signature_conclude(struct suspect *s);

#endif
