/* ClientHellos as their stacks write them, by extensions, groups, schemes and point formats. */
#ifndef TLSDIAG_TESTS_SUPPORT_HELLO_ROWS_H
#define TLSDIAG_TESTS_SUPPORT_HELLO_ROWS_H

#include "names/atlas.h"
#include "support/tls_talk.h"

enum { LIST = 28, STOP = 0xffff };

struct hello_row {
	const char *name; /* NULL: no guess */
	enum stack stack;
	uint16_t suites[12];
	uint16_t ext[LIST + 12];
	uint16_t groups[28];
	uint16_t schemes[36];
	const char *formats; /* hex; NULL: no extension */
};

static const struct hello_row rows[] = {
	{ "OpenSSL 3", STACK_OPENSSL, { 0xc02c, 0xc030, 0x009f, 0x00ff, STOP },
		{ 0, 11, 10, 35, 22, 23, 13, STOP },
		{ 0x001d, 0x0017, 0x001e, 0x0019, 0x0018, STOP },
		{ 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805,
			0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, STOP },
		"000102" },
	{ "OpenSSL 3", STACK_OPENSSL, { 0x1302, 0x1303, 0x1301, 0x00ff, STOP },
		{ 0, 11, 10, 35, 16, 22, 23, 13, 43, 45, 51, STOP },
		{ 0x001d, 0x0017, 0x001e, 0x0019, 0x0018, 0x0100, 0x0101, STOP },
		{ 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0203, STOP }, "000102" },
	{ "OpenSSL 1.1.1", STACK_OPENSSL, { 0x1302, 0x1303, 0x1301, STOP },
		{ 0, 11, 10, 35, 22, 23, 13, 43, 45, 51, STOP },
		{ 0x001d, 0x0017, 0x001e, 0x0019, 0x0018, STOP },
		{ 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0203, STOP }, "000102" },
	{ "OpenSSL 1.0", STACK_OPENSSL, { 0xc030, 0xc02c, STOP }, { 0, 11, 10, 35, 13, 15, STOP },
		{ 0x0017, 0x0019, STOP }, { 0x0601, 0x0602, 0x0603, 0x0501, STOP }, "000102" },
	{ "OpenSSL", STACK_OPENSSL, { 0x002f, 0x00ff, STOP }, { 0, 35, 22, 23, 13, STOP }, { STOP },
		{ 0x0403, 0x0503, 0x0603, 0x0807, STOP }, NULL },
	{ "mbedTLS 2", STACK_MBEDTLS_2, { 0xcca8, 0xcca9, STOP },
		{ 0, 13, 10, 11, 22, 23, 35, STOP }, { 0x0019, 0x001c, 0x0018, STOP },
		{ 0x0603, 0x0601, 0x0503, STOP }, "00" },
	{ "mbedTLS 2", STACK_MBEDTLS_2, { 0xc02c, STOP },
		{ 0, 13, 10, 11, 1, 22, 23, 16, 35, STOP }, { 0x0017, STOP }, { 0x0403, STOP },
		"00" },
	{ "mbedTLS 2", STACK_MBEDTLS_2, { 0xc00a, STOP }, { 0, 10, 11, 22, 23, 35, STOP },
		{ 0x0019, STOP }, { STOP }, "00" },
	{ "mbedTLS 3", STACK_MBEDTLS_3, { 0xcca8, STOP }, { 0, 10, 13, 11, 22, 23, 35, STOP },
		{ 0x001d, STOP }, { 0x0403, 0x0503, STOP }, "00" },
	{ "mbedTLS 3", STACK_MBEDTLS_3, { 0x1303, 0x1302, STOP },
		{ 0, 43, 51, 45, 10, 13, 11, 22, 23, 35, STOP }, { 0x001d, STOP },
		{ 0x0403, 0x0503, 0x0603, 0x0806, STOP }, "00" },
	{ "mbedTLS 3", STACK_MBEDTLS_3, { 0x1303, 0x00ff, STOP }, { 0, 43, 51, 45, 10, 13, STOP },
		{ 0x0017, STOP }, { 0x0403, 0x0503, 0x0603, 0x0806, STOP }, NULL },
	{ "GnuTLS", STACK_GNUTLS, { 0x1302, STOP },
		{ 5, 10, 11, 13, 22, 23, 35, 51, 43, 0xff01, 0, 45, 28, STOP }, { 0x0017, STOP },
		{ 0x0401, 0x0809, 0x0804, 0x0403, STOP }, "00" },
	{ "Go", STACK_GO, { 0xc02b, STOP }, { 0, 11, 0xff01, 23, 18, 5, 10, 13, 43, 51, STOP },
		{ 0x001d, STOP },
		{ 0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, STOP }, "00" },
	{ "rustls", STACK_RUSTLS, { 0x1302, STOP }, { 45, 5, 35, 0, 13, 11, 10, 43, 51, 23, STOP },
		{ 0x001d, STOP },
		{ 0x0503, 0x0403, 0x0807, 0x0806, 0x0805, 0x0804, 0x0601, 0x0501, 0x0401, STOP },
		"00" },
	{ "BoringSSL", STACK_BORINGSSL, { 0x1a1a, 0x1301, STOP },
		{ 0x2a2a, 0, 23, 0xff01, 10, 11, 35, 13, 51, 45, 43, 0x3a3a, STOP },
		{ 0x4a4a, 0x001d, STOP },
		{ 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, STOP }, "00" },
	{ "wolfSSL", STACK_WOLFSSL, { 0x1301, STOP }, { 45, 51, 43, 13, 11, 10, 22, 0, 23, STOP },
		{ 0x0019, STOP }, { 0x0603, 0x0503, 0x0403, 0x0203, STOP }, "00" },
	{ "JSSE", STACK_JSSE, { 0x1302, STOP }, { 5, 10, 11, 17, 23, 35, 13, 43, 45, 50, 51, STOP },
		{ 0x001d, STOP }, { 0x0403, 0x0503, 0x0603, STOP }, "00" },
	{ "NSS", STACK_NSS, { 0x1301, STOP },
		{ 0, 23, 0xff01, 10, 11, 35, 16, 5, 34, 51, 43, 13, 45, 28, 21, STOP },
		{ 0x001d, STOP },
		{ 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, STOP },
		"00" },
	{ "SChannel", STACK_UNKNOWN, { 0xc02c, 0xc02b, 0xc030, 0xc02f, STOP },
		{ 0, 5, 10, 11, 13, 35, 23, 0xff01, STOP }, { 0x001d, STOP },
		{ 0x0401, 0x0501, STOP }, "00" },
	/* of no stack: a few extensions in numeric order */
	{ NULL, STACK_UNKNOWN, { 0xc02b, 0xc02f, 0x00ff, STOP }, { 0, 10, 11, 13, 23, STOP },
		{ 0x0017, STOP }, { 0x0403, 0x0503, 0x0603, 0x0401, STOP }, "00" },
	{ NULL, STACK_UNKNOWN, { 0x002f, STOP }, { STOP }, { STOP }, { STOP }, NULL },
};

static inline void put_list(struct wire *w, const uint16_t *list)
{
	struct wire *body = wire_new();

	for (; *list != STOP; list++)
		put_uint(body, *list, 2);
	put_vec(w, body, 2);
	free(body);
}

static inline void put_formats(struct wire *w, const char *hex)
{
	size_t n = hex != NULL ? strlen(hex) / 2 : 0;

	put_uint(w, n, 1);
	for (size_t i = 0; i < n; i++)
		put_uint(w, (size_t)(hex[2 * i + 1] - '0'), 1);
}

static inline void put_body(struct wire *w, uint16_t type, const struct hello_row *row)
{
	static const uint8_t share[] = { 0, 0 }, versions[] = { 2, 3, 4 }, modes[] = { 1, 1 };

	switch (type) {
	case EXT_SUPPORTED_GROUPS:
		put_list(w, row->groups);
		break;
	case EXT_SIGNATURE_ALGORITHMS:
	case EXT_SIGNATURE_ALGORITHMS_CERT:
		put_list(w, row->schemes);
		break;
	case EXT_EC_POINT_FORMATS:
		put_formats(w, row->formats);
		break;
	case EXT_KEY_SHARE:
		put(w, share, sizeof share);
		break;
	case EXT_SUPPORTED_VERSIONS:
		put(w, versions, sizeof versions);
		break;
	case EXT_PSK_KEY_EXCHANGE_MODES:
		put(w, modes, sizeof modes);
		break;
	case EXT_MAX_FRAGMENT_LENGTH:
	case EXT_RENEGOTIATION_INFO:
		put_uint(w, type == EXT_MAX_FRAGMENT_LENGTH, 1);
		break;
	default:
		break;
	}
}

static inline void put_hello(struct wire *w, const struct hello_row *row,
	const uint8_t random[static 32], struct bytes session_id)
{
	struct wire *ext = wire_new();

	put_uint(w, 0x0303, 2);
	put(w, random, 32);
	put_uint(w, session_id.len, 1);
	put(w, session_id.data, session_id.len);
	put_list(w, row->suites);
	put_uint(w, 0x0100, 2);
	for (const uint16_t *type = row->ext; *type != STOP; type++) {
		struct wire *body = wire_new();

		put_body(body, *type, row);
		put_extension(ext, *type, body->b, body->n);
		free(body);
	}
	put_vec(w, ext, 2);
	free(ext);
}

#endif
