/*
 * The numbers of TLS and their names, from the registries in data/iana.
 *
 * Every lookup takes any value that can stand on the wire. A name is static text; NULL says that
 * the number is not registered (name_or_hex() makes something printable of that).
 */
#ifndef TLSDIAG_NAMES_NAMES_H
#define TLSDIAG_NAMES_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names in the RFCs' own spelling. */
const char *name_alert(unsigned code);           /* "illegal_parameter" */
const char *name_cipher_suite(uint16_t value);   /* "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" */
const char *name_group(uint16_t value);          /* "secp384r1" */
const char *name_scheme(uint16_t value);         /* as TLS 1.3 reads it: "ecdsa_secp521r1_sha512" */
const char *name_extension(uint16_t value);      /* "server_name" */
const char *name_handshake_type(unsigned type);  /* "server_key_exchange" */
const char *name_handshake_title(unsigned type); /* "ServerKeyExchange" */
const char *name_certificate_compression(uint16_t value); /* "zlib" (RFC 8879 7.3) */

/*
 * A protocol version as it stands on the wire: "SSL2.0" "SSL3.0" "TLS1.0" to "TLS1.3" "DTLS1.0"
 * "DTLS1.2" "DTLS1.3". Drafts of TLS 1.3 (0x7f00 + draft) are "TLS1.3".
 */
const char *name_version(uint16_t wire);

/* The number of the TLS 1.3 draft that a version stands for; 0 when it is not a draft. */
unsigned version_draft(uint16_t wire);

/* Equal, with letters of either case, and '-', '_' and ' ' for one another. */
bool names_same(const char *a, const char *b);

/* The reverse, for command lines, by names_same(). -1 when there is none. */
int alert_by_name(const char *name);
int handshake_type_by_name(const char *name);
int version_by_name(const char *name); /* also "TLSv1.2" */
int suite_by_name(const char *name);   /* also mbedTLS's "TLS-ECDHE-..." and OpenSSL's */
int group_by_name(const char *name);   /* also "P-256" */
int scheme_by_name(const char *name);
int extension_by_name(const char *name);

/* All names, one after the other; NULL past the last. */
const char *suite_name_at(size_t i);
const char *group_name_at(size_t i);
const char *scheme_name_at(size_t i);

/* Copies name into out, or writes "0x1234" when name is NULL (two digits up to 0xff). */
void name_or_hex(char out[static 48], const char *name, unsigned value);

/* RFC 8701: 0x0a0a, 0x1a1a, ... 0xfafa, which mean nothing, on purpose. */
bool is_grease(uint16_t value);

enum hash {
	HASH_NONE,
	HASH_MD5,
	HASH_SHA1,
	HASH_SHA224,
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
	HASH_MD5_SHA1,  /* both, one after the other: RSA up to TLS 1.1 */
	HASH_INTRINSIC, /* the signature algorithm hashes by itself (Ed25519) */
};

const char *hash_name(enum hash hash);  /* "sha512", "md5_sha1", "none", "intrinsic" */
const char *hash_title(enum hash hash); /* "SHA-512", "MD5+SHA-1", "no hash", "its own hash" */

enum key_exchange {
	KX_UNKNOWN,
	KX_NULL,
	KX_RSA,
	KX_DH,    /* static: the certificate holds the DH key */
	KX_DHE,   /* also anonymous DH, which sends the same parameters unsigned */
	KX_ECDH,  /* static: the certificate holds the EC key */
	KX_ECDHE, /* also anonymous ECDH */
	KX_PSK,
	KX_RSA_PSK,
	KX_DHE_PSK,
	KX_ECDHE_PSK,
	KX_SRP,
	KX_ECJPAKE,
	KX_KRB5,
	KX_GOST,
	KX_ECCPWD,
	KX_TLS13, /* the suite does not say */
};

/*
 * How the server proves who it is. For static DH and ECDH it is the algorithm with which the
 * certificate is signed (RFC 4492 2.1); its own key is then a DH or EC key.
 */
enum authentication {
	AUTH_UNKNOWN,
	AUTH_NONE, /* anonymous, or by a shared secret alone (PSK, SRP, ECJPAKE, ECCPWD, Kerberos) */
	AUTH_RSA,
	AUTH_DSS,
	AUTH_ECDSA, /* also EdDSA keys (RFC 8422 2.2) */
	AUTH_GOST,
	AUTH_TLS13, /* the suite does not say */
};

enum cipher_kind { CIPHER_NULL, CIPHER_STREAM, CIPHER_CBC, CIPHER_AEAD, CIPHER_OTHER };

struct suite {
	uint16_t value;
	const char *name;
	enum key_exchange kx;
	enum authentication auth;
	enum cipher_kind kind;
	uint8_t prf_hash; /* enum hash from TLS 1.2 on; HASH_NONE for GOST and SM3 */
	bool tls13;       /* negotiated by TLS 1.3 only */
	bool signalling;  /* not a suite but a flag in the list (an SCSV) */
	bool export_grade;
	bool weak; /* cipher or MAC: none, export, RC2, RC4, DES, 3DES, IDEA, or MD5 */
};

/* What the name of a suite says; NULL when it is not registered. */
const struct suite *suite_find(uint16_t value);

enum signature_kind {
	SIG_ANONYMOUS,
	SIG_RSA_PKCS1,
	SIG_DSA,
	SIG_ECDSA,
	SIG_RSA_PSS,
	SIG_ED25519,
	SIG_ED448,
	SIG_OTHER,
};

/* "anonymous", "rsa", "dsa", "ecdsa", "rsa_pss", "ed25519", "ed448"; NULL for SIG_OTHER. */
const char *signature_kind_name(enum signature_kind kind);
/* "RSA", "RSA-PSS", "ECDSA", ...; "an unknown algorithm" for SIG_OTHER. */
const char *signature_kind_title(enum signature_kind kind);

/*
 * A SignatureScheme. TLS 1.2 reads the two bytes as {hash, signature} (RFC 5246 7.4.1.4.1): 0x0603
 * is SHA-512 with ECDSA on any curve, and tls13_group does not apply.
 */
struct scheme {
	uint16_t value;
	enum hash hash;
	enum signature_kind signature;
	uint16_t tls13_group; /* the only curve TLS 1.3 allows its key; 0 for none. Brainpool curves
				 have their TLS 1.2 number (0x001a), which is the same curve */
	bool pss_key;         /* rsa_pss_pss_*: the key must be of the type RSASSA-PSS */
};

/* Works for any value; what is not known is HASH_NONE and SIG_OTHER. */
struct scheme scheme_decode(uint16_t value);

enum group_kind { GROUP_EC, GROUP_MONTGOMERY, GROUP_FFDHE, GROUP_HYBRID, GROUP_OTHER };

struct group {
	uint16_t value;
	const char *name;
	enum group_kind kind;
	unsigned bits;         /* of the field, the prime, or the hybrid's curve; 0 unknown */
	size_t coordinate_len; /* one coordinate: ceil(bits / 8); 0 for FFDHE and hybrids */
	size_t public_len;     /* uncompressed point, x, or p; for hybrids client_len; 0 unknown */
	size_t client_len;     /* the share in a ClientHello, and ... */
	size_t server_len;     /* ... in a ServerHello: differ for hybrids and KEMs */
};

const struct group *group_find(uint16_t value); /* NULL when not registered */

#endif
