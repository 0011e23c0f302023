/*
 * One certificate (RFC 5280), read by our own DER walk, so that one which a library refuses still
 * shows its fields and where it breaks.
 */
#ifndef TLSDIAG_PKI_CERT_H
#define TLSDIAG_PKI_CERT_H

#include "base/arena.h"
#include "base/cur.h"
#include "crypto/crypto.h"

enum { SAN_MAX = 64, NAME_TEXT = 256, OID_TEXT = 64 };

enum san_kind { SAN_DNS, SAN_IP, SAN_EMAIL, SAN_URI, SAN_OTHER };
struct san {
	enum san_kind kind;
	struct bytes value; /* DNS, e-mail, URI: text as sent; IP: 4 or 16 bytes */
};

/* keyUsage bits (RFC 5280 4.2.1.3), bit 0 of the BIT STRING is the lowest here. */
enum {
	KU_DIGITAL_SIGNATURE = 1 << 0,
	KU_NON_REPUDIATION = 1 << 1,
	KU_KEY_ENCIPHERMENT = 1 << 2,
	KU_DATA_ENCIPHERMENT = 1 << 3,
	KU_KEY_AGREEMENT = 1 << 4,
	KU_KEY_CERT_SIGN = 1 << 5,
	KU_CRL_SIGN = 1 << 6,
	KU_ENCIPHER_ONLY = 1 << 7,
	KU_DECIPHER_ONLY = 1 << 8,
};
enum { EKU_SERVER_AUTH = 1, EKU_CLIENT_AUTH = 2, EKU_ANY = 4, EKU_OTHER = 8 };

struct cert {
	struct bytes der; /* as sent; everything below borrows from it or the arena */
	uint8_t sha256[32];
	bool parsed;             /* the walk reached the end */
	struct parse_err broken; /* where it did not; offsets from the first byte of der */

	int version; /* 1..3; 0 unread */
	struct bytes serial;
	struct bytes subject_der, issuer_der; /* whole Name SEQUENCE */
	/* RFC 4514 style, most specific first: "CN=localhost,O=PolarSSL" */
	char subject[NAME_TEXT];
	char issuer[NAME_TEXT];
	char common_name[NAME_TEXT]; /* last CN of the subject, "" none */
	bool has_dates;
	int64_t not_before, not_after; /* seconds since 1970, UTC */

	struct bytes tbs;       /* the signed bytes, header included */
	struct bytes signature; /* without the unused-bits byte */
	/* "ecdsa-with-SHA256", "sha256WithRSAEncryption"; else the dotted OID */
	char signature_name[OID_TEXT];
	struct signature_method method;
	enum hash pss_mask_hash; /* of "rsassaPss": MGF1's, by rights the same as method.hash */
	bool algorithms_differ;  /* inner and outer AlgorithmIdentifier are not the same */

	struct bytes spki; /* SubjectPublicKeyInfo, header included */
	enum key_kind key;
	unsigned key_bits;
	uint16_t key_group;      /* EC: named group, 0 unknown or explicit */
	bool key_explicit;       /* EC: its curve is spelled out, not named */
	struct bytes key_point;  /* EC: the point as sent; RSA: empty */
	char key_name[OID_TEXT]; /* "EC secp256r1", "RSA 2048", "Ed25519" */

	struct san san[SAN_MAX]; /* the first ones; cert_san_next() walks all */
	size_t n_san;
	bool has_san;
	struct bytes san_der; /* the GeneralNames one after the other */
	bool has_basic_constraints, ca;
	int path_length; /* -1 none */
	bool has_key_usage;
	unsigned key_usage;
	bool has_ext_key_usage;
	unsigned ext_key_usage;
	bool has_subject_key_id, has_authority_key_id, authority_key_id_malformed;
	struct bytes subject_key_id, authority_key_id;
	struct bytes authority_issuer; /* of authorityKeyIdentifier: GeneralNames; empty: none */
	struct bytes ca_issuers_uri;   /* authorityInfoAccess, first caIssuers */
	bool bare;                     /* of v3, and without any extension */
	bool unknown_critical;         /* a critical extension we do not know */
	bool self_issued;              /* subject equals issuer */

	uint32_t id; /* number within its store; two of equal bytes are one cert */
};

/*
 * Walks der. out->der borrows; strings are inside *out. Never fails as a whole: out->parsed and
 * out->broken tell how far it got.
 */
void cert_parse(struct bytes der, struct cert *out);

/* Takes the next GeneralName off *names, which starts as c->san_der; false at the end. */
bool cert_san_next(struct bytes *names, struct san *out);

/* Is it signed with MD2, MD4 or MD5? The first two are known by name only. */
bool cert_signed_with_md(const struct cert *c);

/* RFC 5280 7.1: equal but for case, spaces and the kind of string. Whole Name SEQUENCEs. */
bool cert_names_equal(struct bytes a, struct bytes b);

/* The same public key? By value: RSA by modulus and exponent, EC by curve and point, compressed or
 * not. Both are SubjectPublicKeyInfo DER. */
bool cert_same_key(struct bytes spki_a, struct bytes spki_b);

/* RFC 5280 4.2.1.3: the bits of a KeyUsage as KU_, of which there are nine. */
unsigned cert_key_usage(struct bytes bits);

/* The key usage a TLS role needs from this certificate; text for messages. */
const char *cert_key_usage_text(unsigned bits, char out[static 160]);

/*
 * A store: every distinct certificate of a run is parsed once. A pointer stays valid as long as the
 * certificate is held (cert_hold() and cert_release() count the holders) and the store is open.
 * Beyond the budget those that nobody holds are dropped, the longest unused first.
 */
struct cert_store;
struct cert_store *cert_store_open(size_t budget); /* NULL: out of memory */
void cert_store_close(struct cert_store *s);
const struct cert *cert_store_get(
	struct cert_store *s, struct bytes der); /* held once for the caller; NULL: out of memory */
void cert_hold(struct cert_store *s, const struct cert *c);
void cert_release(struct cert_store *s, const struct cert *c);

#endif
