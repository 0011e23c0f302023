/*
 * Extensions (RFC 8446 4.2 and the RFCs named below) and the lists inside them.
 *
 * All windows borrow from the message. Unknown types and GREASE are values to keep. A malformed
 * extension is recorded in the message's parse_err with its field and offset.
 */
#ifndef TLSDIAG_WIRE_EXTENSION_H
#define TLSDIAG_WIRE_EXTENSION_H

#include "base/cur.h"

enum extension_type {
	EXT_SERVER_NAME = 0,           /* RFC 6066 3 */
	EXT_MAX_FRAGMENT_LENGTH = 1,   /* RFC 6066 4 */
	EXT_TRUNCATED_HMAC = 4,        /* RFC 6066 7 */
	EXT_STATUS_REQUEST = 5,        /* RFC 6066 8 */
	EXT_SUPPORTED_GROUPS = 10,     /* RFC 8422 5.1.1, RFC 8446 4.2.7 */
	EXT_EC_POINT_FORMATS = 11,     /* RFC 8422 5.1.2 */
	EXT_SRP = 12,                  /* RFC 5054 */
	EXT_SIGNATURE_ALGORITHMS = 13, /* RFC 5246 7.4.1.4.1, RFC 8446 4.2.3 */
	EXT_HEARTBEAT = 15,            /* RFC 6520 */
	EXT_ALPN = 16,                 /* RFC 7301 */
	EXT_SIGNED_CERTIFICATE_TIMESTAMP = 18,
	EXT_CLIENT_CERTIFICATE_TYPE = 19, /* RFC 7250 */
	EXT_SERVER_CERTIFICATE_TYPE = 20, /* RFC 7250 */
	EXT_PADDING = 21,                 /* RFC 7685 */
	EXT_ENCRYPT_THEN_MAC = 22,        /* RFC 7366 */
	EXT_EXTENDED_MASTER_SECRET = 23,  /* RFC 7627 */
	EXT_COMPRESS_CERTIFICATE = 27,    /* RFC 8879 */
	EXT_RECORD_SIZE_LIMIT = 28,       /* RFC 8449 */
	EXT_SESSION_TICKET = 35,          /* RFC 5077 */
	EXT_PRE_SHARED_KEY = 41,          /* RFC 8446 4.2.11 */
	EXT_EARLY_DATA = 42,
	EXT_SUPPORTED_VERSIONS = 43,
	EXT_COOKIE = 44,
	EXT_PSK_KEY_EXCHANGE_MODES = 45,
	EXT_CERTIFICATE_AUTHORITIES = 47,
	EXT_SIGNATURE_ALGORITHMS_CERT = 50,
	EXT_KEY_SHARE = 51,
	EXT_KEY_SHARE_DRAFT = 40,  /* drafts before 23 of TLS 1.3 */
	EXT_NEXT_PROTOCOL = 13172, /* NPN */
	EXT_ECJPAKE = 256,         /* mbedTLS: ecjpake_kkpp */
	EXT_ENCRYPTED_CLIENT_HELLO = 0xfe0d,
	EXT_RENEGOTIATION_INFO = 0xff01, /* RFC 5746 */
};

enum { EXTENSIONS_MAX = 64, KEY_SHARES_MAX = 16, ALPN_MAX = 16 };

/* A list of big-endian 16-bit numbers (suites, groups, schemes, versions), read in place. */
struct u16s {
	struct bytes raw;
	size_t at; /* offset of the first number from the start of the message body */
};
static inline size_t u16s_count(const struct u16s *l)
{
	return l->raw.len / 2;
}
static inline uint16_t u16s_at(const struct u16s *l, size_t i)
{
	return (uint16_t)(l->raw.data[2 * i] << 8 | l->raw.data[2 * i + 1]);
}
bool u16s_has(const struct u16s *l, uint16_t value);

struct extension {
	uint16_t type;
	struct bytes body;
	size_t at; /* offset of body from the start of the message body */
};

struct key_share {
	uint16_t group;
	struct bytes key; /* empty in a HelloRetryRequest */
	size_t at;        /* offset of key */
};

/* What the extensions of one message say; `has_*` tells present from absent. */
struct extensions {
	size_t n;     /* of list */
	bool present; /* there was an extensions block, even an empty one */

	bool has_server_name;
	struct bytes server_name; /* host_name; empty in a server's answer */
	bool has_groups;
	struct u16s groups;
	bool has_schemes;
	struct u16s schemes;
	struct u16s schemes_cert; /* signature_algorithms_cert; empty when absent */
	bool has_versions;
	struct u16s versions;      /* client's list */
	uint16_t selected_version; /* server's choice; 0 none */
	size_t n_shares;           /* server: 0 or 1 */
	bool has_key_share;
	bool has_alpn;
	size_t n_alpn;
	bool has_max_fragment_length;
	uint8_t max_fragment_length; /* the code 1..4 as sent: 2^(8+code) bytes */
	bool has_record_size_limit;
	uint16_t record_size_limit;
	bool has_point_formats;
	struct bytes point_formats;
	bool has_renegotiation_info;
	struct bytes renegotiated_connection;
	bool extended_master_secret, encrypt_then_mac;
	bool has_session_ticket;
	struct bytes session_ticket;
	bool has_pre_shared_key;
	size_t n_psk_identities;
	struct bytes psk_identity; /* the first one offered */
	int selected_identity;     /* server's choice, -1 none */
	bool has_psk_modes;
	struct bytes psk_modes;
	bool early_data, status_request, cookie, encrypted_client_hello;

	/* last, because they are large and read only as far as they are counted */
	struct extension list[EXTENSIONS_MAX]; /* in the order sent, duplicates included */
	struct key_share shares[KEY_SHARES_MAX];
	struct bytes alpn[ALPN_MAX]; /* protocol names; server: the one chosen */
};

/* Which message the extensions stand in decides how some are read (RFC 8446 4.2's table). */
enum extension_place { IN_CLIENT_HELLO, IN_SERVER_HELLO, IN_HELLO_RETRY_REQUEST, IN_OTHER };

/*
 * Reads `Extension extensions<0..2^16-1>` to the end of c into out, which the caller has cleared.
 * False when c->err tells why; extensions behind a malformed one are read all the same.
 */
bool parse_extensions(struct cur *c, enum extension_place place, struct extensions *out);

const struct extension *extensions_find(const struct extensions *e, uint16_t type); /* or NULL */

#endif
