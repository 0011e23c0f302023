/*
 * Handshake messages as far as they are in the clear: SSL 3.0 to TLS 1.3.
 *
 * Each parser reads a message *body* (after the 4-byte handshake header, offsets count from the
 * body's first byte), fills `out` as far as the bytes allow, and returns true when every byte was
 * accounted for; else body->err has the first wrong field. `seen` is set by every parser, also on
 * failure. Windows borrow from the body. Unknown code points stay numbers.
 */
#ifndef TLSDIAG_WIRE_HANDSHAKE_H
#define TLSDIAG_WIRE_HANDSHAKE_H

#include "names/names.h"
#include "wire/extension.h"

enum handshake_type {
	HS_HELLO_REQUEST = 0,
	HS_CLIENT_HELLO = 1,
	HS_SERVER_HELLO = 2,
	HS_HELLO_VERIFY_REQUEST = 3,
	HS_NEW_SESSION_TICKET = 4,
	HS_END_OF_EARLY_DATA = 5,
	HS_HELLO_RETRY_REQUEST = 6, /* drafts of TLS 1.3 */
	HS_ENCRYPTED_EXTENSIONS = 8,
	HS_CERTIFICATE = 11,
	HS_SERVER_KEY_EXCHANGE = 12,
	HS_CERTIFICATE_REQUEST = 13,
	HS_SERVER_HELLO_DONE = 14,
	HS_CERTIFICATE_VERIFY = 15,
	HS_CLIENT_KEY_EXCHANGE = 16,
	HS_FINISHED = 20,
	HS_CERTIFICATE_URL = 21,
	HS_CERTIFICATE_STATUS = 22,
	HS_SUPPLEMENTAL_DATA = 23,
	HS_KEY_UPDATE = 24,
	HS_COMPRESSED_CERTIFICATE = 25,
	HS_MESSAGE_HASH = 254,
};

/*
 * The longest body that the structure of such a message allows, where the RFCs bound it below 2^24;
 * never less than 2^16: what is shorter is read, and its parser finds what is wrong with it.
 */
size_t handshake_body_max(uint8_t type);

enum { SUITE_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff, SUITE_FALLBACK_SCSV = 0x5600 };

/* RFC 8446 4.1.2, RFC 5246 7.4.1.2; SSLv2 format: RFC 5246 E.2. */
struct client_hello {
	bool seen;
	bool sslv2_format;
	uint16_t version;   /* legacy_version / client_version */
	uint8_t random[32]; /* SSLv2 format: the challenge, padded on the left with zeros */
	bool has_random;
	struct bytes session_id;
	struct u16s suites;     /* empty in SSLv2 format, see suites_v2 */
	struct bytes suites_v2; /* 3 bytes a cipher spec */
	struct bytes compression;
	struct extensions ext;
};
bool parse_client_hello(struct cur *body, struct client_hello *out);
/* `message` starts at the 2-byte SSLv2 record header. */
bool parse_client_hello_v2(struct cur *message, struct client_hello *out);
bool client_hello_offers_suite(const struct client_hello *hello, uint16_t suite);

/* RFC 8446 4.1.3 and 4.1.4 (HelloRetryRequest: the same message with a special random, or type 6
 * in drafts: parse_hello_retry_draft). */
struct server_hello {
	bool seen;
	bool is_retry;    /* HelloRetryRequest */
	uint16_t version; /* legacy_version */
	uint8_t random[32];
	bool has_random;
	struct bytes session_id;
	uint16_t suite;
	bool has_suite;
	uint8_t compression;
	struct extensions ext;
};
bool parse_server_hello(struct cur *body, struct server_hello *out);
bool parse_hello_retry_draft(struct cur *body, struct server_hello *out);

/* The version two hellos agree on: supported_versions' choice, else legacy_version. */
uint16_t server_hello_version(const struct server_hello *hello);

/* RFC 5246 7.4.2, RFC 8446 4.4.2 (with request context and per-entry extensions). */
enum { CERTIFICATES_MAX = 32 };
struct certificate_message {
	bool seen;
	struct bytes context;                 /* TLS 1.3 */
	struct bytes entry[CERTIFICATES_MAX]; /* DER (or what stands there), in the order sent */
	size_t at[CERTIFICATES_MAX];          /* offset of each entry's first byte */
	size_t n;
	bool has_status; /* TLS 1.3: an OCSP response goes along with the leaf (RFC 8446 4.4.2.1) */
};
bool parse_certificate(struct cur *body, bool tls13, struct certificate_message *out);

/* RFC 8879 4: the body of a Certificate, compressed. */
struct compressed_certificate {
	bool seen;
	uint16_t algorithm; /* 1 zlib, 2 brotli, 3 zstd */
	uint32_t uncompressed_length;
	struct bytes data;
};
bool parse_compressed_certificate(struct cur *body, struct compressed_certificate *out);
/* Longer ones are not unpacked: a chain has a few thousand bytes. */
enum { UNCOMPRESSED_CERTIFICATE_MAX = 1 << 17 };

/* RFC 5246 7.4.3, RFC 8422 5.4, RFC 4279 (PSK), RFC 5489, RFC 5054 (SRP), ECJPAKE (mbedTLS). */
struct server_key_exchange {
	bool seen;
	enum key_exchange kx; /* as the caller said */
	struct bytes params;  /* the bytes that are signed after the two randoms */
	bool has_hint;
	struct bytes psk_identity_hint;
	/* ECDHE, ECDH_anon, ECDHE_PSK */
	bool has_curve_type;
	uint8_t curve_type; /* 3 named_curve */
	bool has_group;
	uint16_t group;
	struct bytes public_key; /* ECPoint, or dh_Ys */
	size_t public_at;        /* offset of public_key in the body */
	/* DHE */
	struct bytes dh_p, dh_g;
	size_t dh_p_at;
	/* signed */
	bool has_scheme; /* TLS 1.2: SignatureAndHashAlgorithm */
	uint16_t scheme;
	size_t scheme_at;
	bool has_signature;
	struct bytes signature;
	size_t signature_at;
};
/* version is the negotiated one (a scheme stands there from 0x0303 on); kx and auth are the
 * suite's. With KX_UNKNOWN nothing is read and true is returned. */
bool parse_server_key_exchange(struct cur *body, uint16_t version, enum key_exchange kx,
	enum authentication auth, struct server_key_exchange *out);

/* Bytes of a body that nobody saw: where they stand in it, and how many they are. */
struct hidden {
	size_t at, length;
};

/* What a ServerKeyExchange of signed ECDHE tells where bytes of its key or its signature were not seen. */
struct server_key_outline {
	bool seen; /* else the rest says nothing */
	uint16_t group;
	bool has_scheme; /* TLS 1.2 */
	uint16_t scheme;
	size_t signature_length;
};
/*
 * `body` is as long as the message says; anything may stand where it is hidden. False, and nothing told, when
 * it has another form, or one of the fields that are told, or a length before them, is hidden.
 */
bool outline_server_key_exchange(struct bytes body, const struct hidden *hidden, size_t n,
	uint16_t version, struct server_key_outline *out);

/* RFC 5246 7.4.7, RFC 8422 5.7, RFC 4279. */
struct client_key_exchange {
	bool seen;
	struct bytes psk_identity;
	bool has_psk_identity;
	struct bytes public_key; /* ECPoint or dh_Yc; empty: implicit */
	size_t public_at;
	struct bytes encrypted_premaster; /* RSA */
};
bool parse_client_key_exchange(
	struct cur *body, uint16_t version, enum key_exchange kx, struct client_key_exchange *out);

/* RFC 5246 7.4.4, RFC 8446 4.3.2. */
struct certificate_request {
	bool seen;
	struct bytes types; /* ClientCertificateType; empty in TLS 1.3 */
	bool has_schemes;
	struct u16s schemes;
	struct bytes authorities; /* body of certificate_authorities: uint16-prefixed DNs */
};
bool parse_certificate_request(struct cur *body, uint16_t version, struct certificate_request *out);
/* Takes the next DistinguishedName (DER) off *authorities; false at the end. */
bool certificate_request_next_authority(struct bytes *authorities, struct bytes *name);

/* RFC 5246 7.4.8, RFC 8446 4.4.3. */
struct certificate_verify {
	bool seen;
	bool has_scheme; /* from TLS 1.2 on */
	uint16_t scheme;
	struct bytes signature;
	size_t scheme_at, signature_at;
};
bool parse_certificate_verify(struct cur *body, uint16_t version, struct certificate_verify *out);

/* RFC 5077 3.3; TLS 1.3's stands only in protected records. */
struct new_session_ticket {
	bool seen;
	uint32_t lifetime;
	struct bytes ticket;
};
bool parse_new_session_ticket(struct cur *body, struct new_session_ticket *out);

#endif
