/* One key and one reading of a signature: which digest does it sign? Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_ORACLE_H
#define TLSDIAG_FORENSIC_ORACLE_H

#include "forensic/candidates.h"
#include "forensic/keys.h"
#include "forensic/readings.h"

struct oracle;

/*
 * NULL: with this reading the key cannot have signed anything that a trial could find. *spare is
 * where the costly part of the oracle before waits for the next; the caller closes it at the end.
 */
struct oracle *oracle_open(const struct suspect *s, const struct known_key *key,
	const struct reading *reading, struct ecdsa_trials **spare);
void oracle_close(struct oracle *o, struct ecdsa_trials **spare); /* accepts NULL */

/* Pure: threads may share an oracle. */
bool oracle_says(const struct oracle *o, const struct digest *digest);

/* RSA: the padding is right, so this key made the signature; what it signed is known, then. */
bool oracle_key_proved(const struct oracle *o);

/* RSA: the hash that the DigestInfo or the PSS encoding names; HASH_NONE unknown. */
enum hash oracle_hash(const struct oracle *o);

/* RSA: what is odd about the padding around this digest, beside what the reading says; NULL
 * nothing. */
const char *oracle_remark(const struct oracle *o, const struct suspect *s,
	const struct candidate *c, struct arena *a);

/* RSA: the digest inside as text, "the SHA-256 digest 0011.."; NULL when it cannot be seen. */
const char *oracle_digest_text(const struct oracle *o, struct arena *a);

#endif
