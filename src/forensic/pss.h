/* What stands in an RSASSA-PSS encoding, whatever was signed (RFC 8017 9.1). Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_PSS_H
#define TLSDIAG_FORENSIC_PSS_H

#include "crypto/crypto.h"

struct pss {
	enum hash hash; /* of MGF1 and of the encoding */
	struct digest h;
	uint8_t db[1024];  /* unmasked */
	struct bytes salt; /* in db */
	bool certain;      /* the zeros in front of the salt are too many for chance */
};

/* Opens an encoded message, made by a key of that many bits, as PSS with this hash; false: it is
 * none. *out must not be copied or moved. */
bool pss_open(struct bytes em, unsigned key_bits, enum hash hash, struct pss *out);

/* Was this digest signed? */
bool pss_holds(const struct pss *p, const struct digest *digest);

#endif
