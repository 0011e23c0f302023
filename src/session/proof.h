/* Facts of a handshake that need arithmetic, or a look at all the others of the run. */
#ifndef TLSDIAG_SESSION_PROOF_H
#define TLSDIAG_SESSION_PROOF_H

#include "crypto/crypto.h"

#include <stdint.h>

enum verify_policy { VERIFY_AUTO, VERIFY_ALL, VERIFY_NONE };

/*
 * The signature by which a side shows that it has the key of its certificate: the server's in
 * ServerKeyExchange up to TLS 1.2, in CertificateVerify from TLS 1.3 on; the client's in
 * CertificateVerify.
 */
struct signature_proof {
	struct verdict signature;       /* under the leaf's key */
	struct signature_method method; /* as labelled, or as the version fixes it */
	struct ecdsa_signature ecdsa;   /* of ECDSA signatures */
	/* Of one that does not verify: "r" or "s", which no key of the curve makes so; NULL neither. */
	const char *out_of_range;
	bool transcript_whole; /* CertificateVerify: every message it covers was seen */
};

/* Repeats of what a side chose against all handshakes seen earlier in this run (fresh.c). */
struct repeats {
	/* Each the id of the earliest handshake with the same value; 0: none. */
	uint64_t random;
	uint64_t public_key; /* of the key exchange */
	uint64_t session_id; /* the server's: issued again although not resumed */
	uint64_t nonce; /* the server's: an ECDSA r seen before under the same certificate key */
	const char *pattern;      /* "every byte is 0xa5"; in the arena, or static */
	uint32_t public_multiple; /* k when the key of the exchange is k*G */
};

/* Seconds since 1970, of 2005: nobody has older captures with TLS. A packet that is older was written by a
 * machine without a clock. */
enum { OLDEST_CAPTURE = 1104537600 };

enum clock_reading {
	CLOCK_NONE,
	CLOCK_RANDOM, /* not a time, as far as can be told */
	CLOCK_PLAUSIBLE,
	CLOCK_WRONG, /* a clock, and more than a day off */
	/* A date of the last years, from a stack that puts its clock there. One random value in thirty
	 * reads so: weigh it with other evidence. */
	CLOCK_SUSPECT,
};

#endif
