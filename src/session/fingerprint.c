/*
 * Whose ClientHello is this? Stacks differ in the order in which they write their extensions and
 * in the signature schemes they offer, and keep to both over years and settings: an application
 * that narrows suites or groups still shows its library. What fits no row is not guessed.
 */
#include "session/fingerprint.h"

#include "base/array.h"
#include "names/atlas.h"

enum formats {
	FORMATS_ANY,
	FORMATS_NONE,    /* no ec_point_formats */
	FORMATS_PLAIN,   /* uncompressed only */
	FORMATS_OPENSSL, /* uncompressed, ansiX962_compressed_prime, ansiX962_compressed_char2 */
};

enum { LIST_MAX = 26, END = 0xffff };

/* Lists end with END; an empty list asks nothing. */
struct shape {
	const char *name;
	enum stack stack;
	uint16_t order[LIST_MAX]; /* the hello's extensions are a part of these, in this order */
	uint16_t needs[6];        /* extensions that must be there */
	uint16_t lacks[4];
	uint16_t schemes[12]; /* signature_algorithms begins so */
	uint16_t suites[6];   /* cipher_suites begins so (GREASE left out) */
	enum formats formats;
	uint16_t group;  /* supported_groups holds it; 0: any */
	uint16_t scheme; /* signature_algorithms holds it; 0: any */
	bool no_scheme;  /* ... or must not */
};

#define OPENSSL_ORDER                                                                              \
	{                                                                                          \
		EXT_RENEGOTIATION_INFO, EXT_SERVER_NAME, EXT_MAX_FRAGMENT_LENGTH, EXT_SRP,         \
			EXT_EC_POINT_FORMATS, EXT_SUPPORTED_GROUPS, EXT_SESSION_TICKET,            \
			EXT_STATUS_REQUEST, EXT_NEXT_PROTOCOL, EXT_ALPN, USE_SRTP,                 \
			EXT_ENCRYPT_THEN_MAC, EXT_SIGNED_CERTIFICATE_TIMESTAMP,                    \
			EXT_EXTENDED_MASTER_SECRET, EXT_SIGNATURE_ALGORITHMS_CERT,                 \
			POST_HANDSHAKE_AUTH, EXT_SIGNATURE_ALGORITHMS, EXT_SUPPORTED_VERSIONS,     \
			EXT_PSK_KEY_EXCHANGE_MODES, EXT_KEY_SHARE, EXT_COOKIE, EXT_EARLY_DATA,     \
			EXT_COMPRESS_CERTIFICATE, EXT_PADDING, EXT_PRE_SHARED_KEY, END             \
	}

#define OPENSSL_1_0_ORDER                                                                          \
	{                                                                                          \
		EXT_RENEGOTIATION_INFO, EXT_SERVER_NAME, EXT_SRP, EXT_EC_POINT_FORMATS,            \
			EXT_SUPPORTED_GROUPS, EXT_SESSION_TICKET, EXT_SIGNATURE_ALGORITHMS,        \
			EXT_STATUS_REQUEST, EXT_HEARTBEAT, EXT_NEXT_PROTOCOL, EXT_ALPN, USE_SRTP,  \
			EXT_ENCRYPT_THEN_MAC, EXT_SIGNED_CERTIFICATE_TIMESTAMP,                    \
			EXT_EXTENDED_MASTER_SECRET, EXT_PADDING, END                               \
	}

#define MBEDTLS_2_ORDER                                                                            \
	{                                                                                          \
		EXT_SERVER_NAME, EXT_RENEGOTIATION_INFO, EXT_SIGNATURE_ALGORITHMS,                 \
			EXT_SUPPORTED_GROUPS, EXT_EC_POINT_FORMATS, EXT_ECJPAKE, CONNECTION_ID,    \
			EXT_MAX_FRAGMENT_LENGTH, TRUNCATED_HMAC, EXT_ENCRYPT_THEN_MAC,             \
			EXT_EXTENDED_MASTER_SECRET, EXT_ALPN, USE_SRTP, EXT_SESSION_TICKET, END    \
	}

#define MBEDTLS_3_ORDER                                                                            \
	{                                                                                          \
		EXT_SERVER_NAME, EXT_ALPN, EXT_SUPPORTED_VERSIONS, EXT_COOKIE,                     \
			EXT_RECORD_SIZE_LIMIT, EXT_KEY_SHARE, EXT_PSK_KEY_EXCHANGE_MODES,          \
			EXT_EARLY_DATA, EXT_SUPPORTED_GROUPS, EXT_SIGNATURE_ALGORITHMS,            \
			EXT_RENEGOTIATION_INFO, EXT_EC_POINT_FORMATS, EXT_ECJPAKE, CONNECTION_ID,  \
			EXT_MAX_FRAGMENT_LENGTH, EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET, \
			USE_SRTP, EXT_SESSION_TICKET, EXT_PRE_SHARED_KEY, END                      \
	}

enum {
	TRUNCATED_HMAC = 4,
	USE_SRTP = 14,
	STATUS_REQUEST_V2 = 17,
	CONNECTION_ID = 54,
	POST_HANDSHAKE_AUTH = 49,
	FFDHE2048 = 0x0100,
	ECDSA_SHA1 = 0x0203,
};

/* The first row that fits names the stack, so the more special one stands before the general. */
static const struct shape shapes[] = {
	{ .name = "OpenSSL 3",
		.stack = STACK_OPENSSL,
		.order = OPENSSL_ORDER,
		.needs = { EXT_EC_POINT_FORMATS, EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET,
			END },
		.lacks = { END },
		.schemes = { END },
		.suites = { END },
		.formats = FORMATS_OPENSSL,
		.group = FFDHE2048 },
	{ .name = "OpenSSL 1.1.1",
		.stack = STACK_OPENSSL,
		.order = OPENSSL_ORDER,
		.needs = { EXT_EC_POINT_FORMATS, EXT_SUPPORTED_VERSIONS, EXT_EXTENDED_MASTER_SECRET,
			END },
		.lacks = { END },
		.schemes = { 0x0403, 0x0503, 0x0603, 0x0807, END },
		.suites = { END },
		.formats = FORMATS_OPENSSL,
		.scheme = ECDSA_SHA1 },
	/* its default level of security leaves out SHA-1 */
	{ .name = "OpenSSL 3",
		.stack = STACK_OPENSSL,
		.order = OPENSSL_ORDER,
		.needs = { EXT_EC_POINT_FORMATS, EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET,
			END },
		.lacks = { END },
		.schemes = { 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, END },
		.suites = { END },
		.formats = FORMATS_OPENSSL,
		.scheme = ECDSA_SHA1,
		.no_scheme = true },
	{ .name = "OpenSSL",
		.stack = STACK_OPENSSL,
		.order = OPENSSL_ORDER,
		.needs = { EXT_EC_POINT_FORMATS, EXT_SIGNATURE_ALGORITHMS,
			EXT_EXTENDED_MASTER_SECRET, END },
		.lacks = { END },
		.schemes = { END },
		.suites = { END },
		.formats = FORMATS_OPENSSL },
	{ .name = "OpenSSL",
		.stack = STACK_OPENSSL,
		.order = OPENSSL_ORDER,
		.needs = { EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET,
			EXT_SIGNATURE_ALGORITHMS, END },
		.lacks = { END },
		.schemes = { 0x0403, 0x0503, 0x0603, 0x0807, END },
		.suites = { END },
		.formats = FORMATS_NONE },
	{ .name = "OpenSSL 1.1.0",
		.stack = STACK_OPENSSL,
		.order = OPENSSL_1_0_ORDER,
		.needs = { EXT_EC_POINT_FORMATS, EXT_SIGNATURE_ALGORITHMS, EXT_ENCRYPT_THEN_MAC,
			END },
		.lacks = { END },
		.schemes = { 0x0601, 0x0602, 0x0603, END },
		.suites = { END },
		.formats = FORMATS_OPENSSL },
	{ .name = "OpenSSL 1.0",
		.stack = STACK_OPENSSL,
		.order = OPENSSL_1_0_ORDER,
		.needs = { EXT_EC_POINT_FORMATS, EXT_SIGNATURE_ALGORITHMS, END },
		.lacks = { EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET, END },
		.schemes = { 0x0601, 0x0602, 0x0603, END },
		.suites = { END },
		.formats = FORMATS_OPENSSL },
	{ .name = "mbedTLS 2",
		.stack = STACK_MBEDTLS_2,
		.order = MBEDTLS_2_ORDER,
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_SUPPORTED_GROUPS, EXT_EC_POINT_FORMATS,
			EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET, END },
		.lacks = { END },
		.schemes = { END },
		.suites = { END },
		.formats = FORMATS_PLAIN },
	{ .name = "mbedTLS 2",
		.stack = STACK_MBEDTLS_2,
		.order = MBEDTLS_2_ORDER,
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_ENCRYPT_THEN_MAC,
			EXT_EXTENDED_MASTER_SECRET, END },
		.lacks = { EXT_SUPPORTED_GROUPS, END },
		.schemes = { 0x0603, 0x0601, 0x0503, 0x0501, END },
		.suites = { END },
		.formats = FORMATS_NONE },
	/* up to TLS 1.1: without signature_algorithms, and with the whole list of its curves */
	{ .name = "mbedTLS 2",
		.stack = STACK_MBEDTLS_2,
		.order = MBEDTLS_2_ORDER,
		.needs = { EXT_SUPPORTED_GROUPS, EXT_EC_POINT_FORMATS, EXT_ENCRYPT_THEN_MAC,
			EXT_EXTENDED_MASTER_SECRET, END },
		.lacks = { EXT_SIGNATURE_ALGORITHMS, EXT_SUPPORTED_VERSIONS, END },
		.schemes = { END },
		.suites = { END },
		.formats = FORMATS_PLAIN },
	{ .name = "mbedTLS 3",
		.stack = STACK_MBEDTLS_3,
		.order = MBEDTLS_3_ORDER,
		.needs = { EXT_SUPPORTED_GROUPS, EXT_SIGNATURE_ALGORITHMS, EXT_EC_POINT_FORMATS,
			EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET, END },
		.lacks = { EXT_STATUS_REQUEST, EXT_SIGNED_CERTIFICATE_TIMESTAMP, END },
		.schemes = { END },
		.suites = { END },
		.formats = FORMATS_PLAIN },
	/* of TLS 1.3 alone */
	{ .name = "mbedTLS 3",
		.stack = STACK_MBEDTLS_3,
		.order = MBEDTLS_3_ORDER,
		.needs = { EXT_SUPPORTED_VERSIONS, EXT_KEY_SHARE, EXT_SUPPORTED_GROUPS,
			EXT_SIGNATURE_ALGORITHMS, END },
		.lacks = { EXT_STATUS_REQUEST, EXT_EXTENDED_MASTER_SECRET, END },
		.schemes = { 0x0403, 0x0503, 0x0603, 0x0806, END },
		.suites = { END },
		.formats = FORMATS_NONE },
	{ .name = "GnuTLS",
		.stack = STACK_GNUTLS,
		.order = { END },
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_ENCRYPT_THEN_MAC,
			EXT_EXTENDED_MASTER_SECRET, EXT_RENEGOTIATION_INFO, END },
		.lacks = { END },
		.schemes = { 0x0401, 0x0809, 0x0804, 0x0403, END },
		.suites = { END },
		.formats = FORMATS_ANY },
	{ .name = "wolfSSL",
		.stack = STACK_WOLFSSL,
		.order = { EXT_PRE_SHARED_KEY, EXT_PSK_KEY_EXCHANGE_MODES, EXT_KEY_SHARE,
			EXT_SUPPORTED_VERSIONS, EXT_SIGNATURE_ALGORITHMS, EXT_EC_POINT_FORMATS,
			EXT_SUPPORTED_GROUPS, EXT_ENCRYPT_THEN_MAC, EXT_SESSION_TICKET,
			EXT_STATUS_REQUEST, STATUS_REQUEST_V2, TRUNCATED_HMAC,
			EXT_MAX_FRAGMENT_LENGTH, EXT_ALPN, EXT_SERVER_NAME,
			EXT_EXTENDED_MASTER_SECRET, END },
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_SUPPORTED_GROUPS, END },
		.lacks = { EXT_RENEGOTIATION_INFO, END },
		.schemes = { 0x0603, 0x0503, 0x0403, END },
		.suites = { END },
		.formats = FORMATS_ANY },
	{ .name = "Go",
		.stack = STACK_GO,
		.order = { END },
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_SUPPORTED_GROUPS, EXT_RENEGOTIATION_INFO,
			EXT_SIGNED_CERTIFICATE_TIMESTAMP, EXT_STATUS_REQUEST, END },
		.lacks = { EXT_ENCRYPT_THEN_MAC, EXT_PADDING, END },
		.schemes = { 0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, END },
		.suites = { END },
		.formats = FORMATS_PLAIN },
	{ .name = "rustls",
		.stack = STACK_RUSTLS,
		.order = { END },
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_SUPPORTED_GROUPS, END },
		.lacks = { EXT_ENCRYPT_THEN_MAC, EXT_RENEGOTIATION_INFO, END },
		.schemes = { 0x0503, 0x0403, 0x0807, 0x0806, 0x0805, 0x0804, 0x0601, 0x0501, 0x0401,
			END },
		.suites = { END },
		.formats = FORMATS_ANY },
	{ .name = "BoringSSL",
		.stack = STACK_BORINGSSL,
		.order = { END },
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_EXTENDED_MASTER_SECRET,
			EXT_RENEGOTIATION_INFO, END },
		.lacks = { EXT_ENCRYPT_THEN_MAC, EXT_RECORD_SIZE_LIMIT, END },
		.schemes = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, END },
		.suites = { END },
		.formats = FORMATS_PLAIN },
	{ .name = "NSS",
		.stack = STACK_NSS,
		.order = { END },
		.needs = { EXT_SIGNATURE_ALGORITHMS, EXT_EXTENDED_MASTER_SECRET,
			EXT_RENEGOTIATION_INFO, END },
		.lacks = { EXT_ENCRYPT_THEN_MAC, EXT_HEARTBEAT, END },
		.schemes = { 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
			END },
		.suites = { END },
		.formats = FORMATS_PLAIN },
	{ .name = "JSSE",
		.stack = STACK_JSSE,
		.order = { END },
		.needs = { STATUS_REQUEST_V2, EXT_EXTENDED_MASTER_SECRET, EXT_SIGNATURE_ALGORITHMS,
			EXT_SIGNATURE_ALGORITHMS_CERT, END },
		.lacks = { EXT_ENCRYPT_THEN_MAC, END },
		.schemes = { 0x0403, 0x0503, 0x0603, END },
		.suites = { END },
		.formats = FORMATS_ANY },
	{ .name = "SChannel",
		.stack = STACK_UNKNOWN,
		.order = { EXT_SERVER_NAME, EXT_STATUS_REQUEST, EXT_SUPPORTED_GROUPS,
			EXT_EC_POINT_FORMATS, EXT_SIGNATURE_ALGORITHMS, EXT_SESSION_TICKET,
			EXT_ALPN, EXT_EXTENDED_MASTER_SECRET, EXT_RENEGOTIATION_INFO, END },
		.needs = { EXT_SUPPORTED_GROUPS, EXT_EC_POINT_FORMATS, EXT_SIGNATURE_ALGORITHMS,
			EXT_EXTENDED_MASTER_SECRET, EXT_RENEGOTIATION_INFO, END },
		.lacks = { END },
		.schemes = { END },
		.suites = { 0xc02c, 0xc02b, 0xc030, 0xc02f, END },
		.formats = FORMATS_PLAIN },
};

static bool in_order(const struct extensions *ext, const uint16_t *order)
{
	if (*order == END)
		return true;
	for (size_t i = 0; i < ext->n; i++) {
		uint16_t type = ext->list[i].type;

		if (is_grease(type))
			continue;
		while (*order != END && *order != type)
			order++;
		if (*order == END)
			return false;
		order++;
	}
	return true;
}

static bool has_all(const struct extensions *ext, const uint16_t *types)
{
	for (; *types != END; types++)
		if (extensions_find(ext, *types) == NULL)
			return false;
	return true;
}

static bool has_any(const struct extensions *ext, const uint16_t *types)
{
	for (; *types != END; types++)
		if (extensions_find(ext, *types) != NULL)
			return true;
	return false;
}

/* The list begins with these numbers; GREASE in it is passed over. */
static bool begins(const struct u16s *list, const uint16_t *numbers)
{
	size_t n = u16s_count(list);

	for (size_t i = 0; *numbers != END; i++) {
		if (i == n)
			return false;
		if (is_grease(u16s_at(list, i)))
			continue;
		if (u16s_at(list, i) != *numbers++)
			return false;
	}
	return true;
}

static bool formats_fit(const struct extensions *ext, enum formats formats)
{
	static const uint8_t openssl[] = { 0, 1, 2 };

	switch (formats) {
	case FORMATS_NONE:
		return !ext->has_point_formats;
	case FORMATS_PLAIN:
		return ext->point_formats.len == 1 && ext->point_formats.data[0] == 0;
	case FORMATS_OPENSSL:
		return bytes_equal(ext->point_formats, bytes_of(openssl, sizeof openssl));
	case FORMATS_ANY:
		break;
	}
	return true;
}

static bool fits(const struct client_hello *hello, const struct shape *s)
{
	const struct extensions *ext = &hello->ext;

	if (!formats_fit(ext, s->formats) || !begins(&ext->schemes, s->schemes) ||
		!begins(&hello->suites, s->suites))
		return false;
	if (s->group != 0 && !u16s_has(&ext->groups, s->group))
		return false;
	if (s->scheme != 0 && u16s_has(&ext->schemes, s->scheme) == s->no_scheme)
		return false;
	return in_order(ext, s->order) && has_all(ext, s->needs) && !has_any(ext, s->lacks);
}

struct looks fingerprint_client_hello(const struct client_hello *hello)
{
	if (!hello->ext.present)
		return (struct looks){ NULL, STACK_UNKNOWN };
	for (size_t i = 0; i < COUNT(shapes); i++)
		if (fits(hello, &shapes[i]))
			return (struct looks){ shapes[i].name, (int)shapes[i].stack };
	return (struct looks){ NULL, STACK_UNKNOWN };
}
