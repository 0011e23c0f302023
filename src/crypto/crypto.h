/*
 * The façade over mbedTLS: what a capture needs to prove or refute, and nothing else.
 *
 * Every function is pure (no global state, may run in several threads at once) and takes bytes as
 * they were on the wire. A bad signature or point is an answer, not an error. Where the library
 * cannot tell, the answer is PROOF_UNVERIFIABLE with a reason, never a guess.
 */
#ifndef TLSDIAG_CRYPTO_CRYPTO_H
#define TLSDIAG_CRYPTO_CRYPTO_H

#include "base/bytes.h"
#include "names/names.h"

enum proof {
	PROOF_NONE, /* not looked at */
	PROOF_VALID,
	PROOF_INVALID,
	PROOF_UNVERIFIABLE,
};

struct verdict {
	enum proof state;
	const char *why; /* static text for INVALID and UNVERIFIABLE, else NULL */
};

/* "mbedTLS 2.28.3" as linked, "2.28.3". */
const char *crypto_library_version(void);

/* Hashes. MD5_SHA1 gives 36 bytes (TLS 1.0/1.1 RSA). False when the library lacks the hash. */
enum { DIGEST_MAX = 64 };
struct digest {
	uint8_t data[DIGEST_MAX];
	size_t len;
};
bool crypto_hash(enum hash hash, const struct bytes parts[], size_t n, struct digest *out);
/* Bytes of a digest; 0 for what is no hash, and for what the library lacks. */
size_t crypto_hash_length(enum hash hash);

/* ---- public keys: SubjectPublicKeyInfo, DER (RFC 5280 4.1) ---- */

enum key_kind {
	KEY_UNKNOWN,
	KEY_RSA,
	KEY_RSA_PSS,
	KEY_EC,
	KEY_ED25519,
	KEY_ED448,
	KEY_DSA,
	KEY_DH,
	KEY_X25519,
	KEY_X448,
	KEY_GOST
};

/* Can such a key make such a signature? Never one that is unknown to us. */
bool crypto_key_makes(enum key_kind key, enum signature_kind signature);

/* ---- signatures ---- */

/* What a signature claims to be made with. TLS 1.0/1.1: RSA is MD5_SHA1, ECDSA and DSA SHA-1. */
struct signature_method {
	enum signature_kind signature;
	enum hash hash;
};

/* Verifies over hash(parts). ECDSA signatures are DER. */
struct verdict crypto_verify(struct bytes spki, struct signature_method method,
	const struct bytes parts[], size_t n, struct bytes signature);
/* For the signature of a certificate or a CRL: an RSA-PSS salt may have any length there (RFC 4055
 * 3.1), while in TLS messages it must have the hash's (RFC 8446 4.2.3). */
struct verdict crypto_verify_certificate(struct bytes spki, struct signature_method method,
	struct bytes tbs, struct bytes signature);
/* The same over a digest already made. */
struct verdict crypto_verify_digest(struct bytes spki, struct signature_method method,
	const struct digest *digest, struct bytes signature);

/*
 * What verifying costs, for budgets that do not depend on the machine: P-256 is 18, P-521 45, RSA with
 * 2048 bits 1; the unit is some 0.05 to 0.1 ms. 0: refused without arithmetic.
 */
unsigned crypto_verify_cost(
	struct bytes spki, struct signature_method method, struct bytes signature);

/* An ECDSA-Sig-Value (RFC 3279 2.2.3) taken apart, leniently. */
struct ecdsa_signature {
	bool readable;     /* two INTEGERs were found */
	struct bytes r, s; /* magnitude as sent, leading zero bytes kept; borrowed */
	unsigned r_bits, s_bits;
	bool strict_der; /* exactly the one valid encoding */
	bool negative;   /* an INTEGER with its high bit set and no 00 before it */
	bool padded;     /* a needless leading 00 */
	size_t trailing; /* bytes after the SEQUENCE */
};
struct ecdsa_signature crypto_ecdsa_decode(struct bytes signature);

/* r and s as big-endian magnitudes of any length; q is an uncompressed point. */
struct verdict crypto_ecdsa_verify_rs(uint16_t group, struct bytes q, const struct digest *digest,
	struct bytes r, struct bytes s);

/*
 * ECDSA public key recovery (SEC 1 4.1.6): every key under which (r, s) signs the digest; also
 * tries x = r + n. Uncompressed points, at most four.
 */
enum { POINT_MAX = 133, RECOVERED_MAX = 4 };
struct point {
	uint8_t data[POINT_MAX];
	size_t len;
};
size_t crypto_ecdsa_recover(uint16_t group, const struct digest *digest, struct bytes r,
	struct bytes s, struct point out[static RECOVERED_MAX]);

/* Which number of a readable signature is not between 1 and the order of the curve, so that no key of it has
 * made the signature: "r" or "s"; NULL none, or the curve is not known. */
const char *crypto_ecdsa_out_of_range(uint16_t group, const struct ecdsa_signature *signature);

/* True when r is in range and the x-coordinate of no point: no key of that curve has made it. */
bool crypto_ecdsa_r_is_no_point(uint16_t group, struct bytes r);
/* The same, or not between 1 and n - 1 at all. False where the curve is not known. */
bool crypto_ecdsa_r_is_no_nonce(uint16_t group, struct bytes r);

/*
 * Two ECDSA signatures with one r under one key give the nonce and the private key: true when the
 * key computed from them belongs to q. The private key itself never leaves the function.
 */
bool crypto_ecdsa_nonce_reuse(uint16_t group, struct bytes q, const struct digest digest[2],
	const struct ecdsa_signature signature[2]);

/*
 * Many digests against one (key, r, s): z*G = s*R - r*Q is the same for all of them, so a trial
 * costs one multiplication of G. try() is true when the signature is valid for the digest; it
 * changes nothing, so that threads can share one.
 */
struct ecdsa_trials;
struct ecdsa_trials *crypto_ecdsa_trials_open(
	uint16_t group, struct bytes q, struct bytes r, struct bytes s); /* NULL: not possible */
/* Turns to another key or signature on the same curve, for a tenth of what opening costs; false: not
 * possible, and no trial succeeds until the next aim. */
bool crypto_ecdsa_trials_aim(
	struct ecdsa_trials *t, uint16_t group, struct bytes q, struct bytes r, struct bytes s);
bool crypto_ecdsa_trials_try(const struct ecdsa_trials *t, const struct digest *digest);
void crypto_ecdsa_trials_close(struct ecdsa_trials *t); /* accepts NULL */

/*
 * One byte of r or s that, put right, makes the signature valid: looks at every other value of
 * every byte, at the price of one addition of points each.
 */
struct ecdsa_mended {
	bool in_s;    /* else in r */
	size_t at;    /* offset in r or s as given */
	uint8_t byte; /* the right one */
};
bool crypto_ecdsa_mend(uint16_t group, struct bytes q, const struct digest *digest, struct bytes r,
	struct bytes s, struct ecdsa_mended *out);

/* RSA: the encoded message that the signature holds under this key (RFC 8017 8.2.2). */
struct rsa_opened {
	bool ok; /* the signature has the modulus' length and was raised to e */
	uint8_t em[1024];
	size_t len;
	bool pkcs1_padding; /* 00 01 FF.. 00: the right key made it */
	enum hash
		hash; /* of the DigestInfo; HASH_MD5_SHA1 for a bare 36 bytes; HASH_NONE unknown */
	struct bytes digest; /* inside em */
	bool pss_trailer;    /* ends in BC */
};
void crypto_rsa_open(struct bytes spki, struct bytes signature, struct rsa_opened *out);

/*
 * The same as RSASSA-PSS (9.1) with one hash throughout, whatever was signed. key_bits is the
 * length of the modulus that em came from. *out must not be copied or moved.
 */
struct pss_opened {
	enum hash hash;
	struct digest h;
	uint8_t db[1024];
	struct bytes salt; /* inside db */
	bool certain;      /* more zeros before the salt than chance gives: the right key made it */
};
bool crypto_pss_open(struct bytes em, unsigned key_bits, enum hash hash, struct pss_opened *out);
bool crypto_pss_holds(const struct pss_opened *p, const struct digest *digest); /* was it signed? */

/* ---- points and Diffie-Hellman ---- */

enum point_state {
	POINT_UNCHECKED, /* the library does not know the group, or there is no point */
	POINT_ON_CURVE,
	POINT_OFF_CURVE,
	POINT_INFINITY,
	POINT_OUT_OF_RANGE, /* a coordinate is not below p */
	POINT_BAD_LENGTH,
	POINT_BAD_FORM,  /* the form byte is not 04 (a valid compressed point is ON_CURVE) */
	POINT_LOW_ORDER, /* X25519/X448: a value that gives an all-zero secret */
};
enum point_state crypto_point_check(uint16_t group, struct bytes point);
const char *point_state_text(enum point_state state); /* "not on the curve" */

/* k when the point is k*G with 1 <= k <= max (at most 65536); else 0, also for X25519 and X448. */
uint32_t crypto_point_small_multiple(uint16_t group, struct bytes point, uint32_t max);
/* k*G, uncompressed, k not 0; false when the group is unknown, or X25519 or X448. */
bool crypto_point_multiple(uint16_t group, uint32_t k, struct point *out);
/* Is x (big-endian) the x-coordinate of a point on the curve? False for X25519 and X448. */
bool crypto_point_x_on_curve(uint16_t group, struct bytes x);

struct dh_check {
	bool checked;
	unsigned prime_bits;
	bool prime;           /* p passes Miller-Rabin */
	bool safe_prime;      /* (p-1)/2 too */
	bool generator_ok;    /* 1 < g < p-1 */
	bool public_ok;       /* 1 < Y < p-1 */
	uint16_t named_group; /* the ffdhe group p belongs to, 0 none */
	bool well_known;      /* a MODP group of RFC 2409, 3526 or 5114 */
	unsigned cost;        /* what testing p took, in the unit of crypto_verify_cost() */
};
void crypto_dh_check(struct bytes p, struct bytes g, struct bytes y, struct dh_check *out);

/* The most that testing p may cost; 0 for the published primes, which are only looked up. */
unsigned crypto_dh_cost(struct bytes p);

#endif
