/* The keys that can have signed. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_KEYS_H
#define TLSDIAG_FORENSIC_KEYS_H

#include "forensic/suspect.h"

struct known_key {
	enum key_kind kind;
	struct bytes spki;
	uint16_t group;     /* EC */
	struct bytes point; /* EC: as it stands in the key */
	unsigned bits;      /* RSA: of the modulus */
	const char *what;   /* "under the key given with --key"; NULL: the leaf's own */
};

enum { KEYS_MAX = 32 };

struct known_key key_of_cert(const struct cert *c);
struct known_key key_of_spki(struct bytes spki);

/* All but the leaf's own, each once: the chain's, --key's, --cert's. Texts are in the arena. */
size_t keys_besides(const struct suspect *s, const struct evidence *ev, struct arena *a,
	struct known_key out[static KEYS_MAX]);

/* Is this the key's point? */
bool key_has_point(const struct known_key *k, const struct point *p);

#endif
