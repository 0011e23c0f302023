/* Each line by what it begins with; lengths in front of lists are those that the listing names. */
#include "log/openssl_fields.h"

#include "base/array.h"
#include "log/scan.h"

enum {
	SUPPORTED_GROUPS = 10,
	EC_POINT_FORMATS = 11,
	SIGNATURE_ALGORITHMS = 13,
	ALPN = 16,
	SUPPORTED_VERSIONS = 43,
	PSK_MODES = 45,
	SIGNATURE_ALGORITHMS_CERT = 50,
	KEY_SHARE = 51,
	RENEGOTIATION_INFO = 65281,
	CLIENT_HELLO = 1,
	CERTIFICATE = 11,
	CERTIFICATE_REQUEST = 13,
	NAMED_CURVE = 3,
};

static void put(struct openssl_trace *t, uint64_t value, unsigned width)
{
	if (t->cut)
		return;
	if (t->len + width > OPENSSL_TRACE_MAX) {
		t->spoilt = true;
		return;
	}
	for (unsigned i = width; i-- > 0;)
		t->body[t->len++] = (uint8_t)(value >> 8 * i);
}

/* Digits without anything between them, to the end of the text. */
static size_t put_hex(struct openssl_trace *t, struct scan s)
{
	uint8_t byte;
	size_t n = 0;

	(void)scan_blanks(&s);
	while (scan_hex_byte(&s, &byte)) {
		put(t, byte, 1);
		n++;
	}
	return n;
}

/* "(len=32): 321E21...": with a length of so many bytes in front of it */
static bool put_vector(struct openssl_trace *t, struct scan s, unsigned width)
{
	struct bytes skipped;
	uint64_t len;

	if (!scan_until(&s, "(len=", &skipped) || !scan_decimal(&s, &len) || !scan_char(&s, ')'))
		return false;
	put(t, len, width);
	(void)scan_char(&s, ':');
	if (put_hex(t, s) != len)
		t->spoilt = true;
	return true;
}

static bool put_number(struct openssl_trace *t, struct scan s, unsigned width)
{
	uint64_t value;

	if (scan_word(&s, "0x") ? !scan_hex(&s, &value) : !scan_decimal(&s, &value))
		t->spoilt = true;
	else
		put(t, value, width);
	return true;
}

/* The last number in brackets: "secp256r1 (P-256) (23)", "rsa_pkcs1_sha256 (0x0401)" */
static bool last_number(struct bytes text, uint64_t *value)
{
	struct scan s;
	size_t at = text.len;

	while (at != 0 && text.data[at - 1] != '(')
		at--;
	if (at == 0)
		return false;
	s = scan_of(bytes_slice(text, at, text.len));
	if (scan_word(&s, "0x") ? !scan_hex(&s, value) : !scan_decimal(&s, value))
		return false;
	return scan_char(&s, ')') && scan_is_at_end(&s);
}

/* ---- extensions ---- */

/* "extension_type=server_name(0), length=19" */
static bool begin_extension(struct openssl_trace *t, struct scan s)
{
	struct bytes skipped;
	uint64_t type, len;

	if (!scan_until(&s, "(", &skipped) || !scan_decimal(&s, &type) ||
		!scan_word(&s, "), length=") || !scan_decimal(&s, &len) || type > UINT16_MAX ||
		len > UINT16_MAX) {
		t->spoilt = true;
		return true;
	}
	put(t, type, 2);
	put(t, len, 2);
	t->extension = (uint16_t)type;
	t->extension_len = (size_t)len;
	t->extension_end = t->len + (size_t)len;
	return true;
}

/* How the values of an extension stand in it: the width of the list's length, and of each. */
static bool list_form(const struct openssl_trace *t, unsigned *length, unsigned *width)
{
	switch (t->extension) {
	case SUPPORTED_GROUPS:
	case SIGNATURE_ALGORITHMS:
	case SIGNATURE_ALGORITHMS_CERT:
		*length = 2;
		*width = 2;
		return true;
	case EC_POINT_FORMATS:
	case PSK_MODES:
		*length = 1;
		*width = 1;
		return true;
	case SUPPORTED_VERSIONS:
		*length = t->type == CLIENT_HELLO ? 1 : 0;
		*width = 2;
		return true;
	default:
		return false;
	}
}

static size_t extension_begin(const struct openssl_trace *t)
{
	return t->extension_end - t->extension_len;
}

static bool extension_value(struct openssl_trace *t, struct bytes text)
{
	unsigned length, width;
	uint64_t value;

	if (!list_form(t, &length, &width) || !last_number(text, &value))
		return false;
	if (t->len == extension_begin(t) && length != 0)
		put(t, t->extension_len - length, length);
	put(t, value, width);
	return true;
}

static bool key_share(struct openssl_trace *t, struct bytes text)
{
	struct scan s = scan_of(text);
	uint64_t group;

	if (scan_word(&s, "NamedGroup: ") && last_number(text, &group)) {
		if (t->len == extension_begin(t) && t->type == CLIENT_HELLO)
			put(t, t->extension_len - 2, 2);
		put(t, group, 2);
		return true;
	}
	return scan_word(&s, "key_exchange:") && put_vector(t, s, 2);
}

/* "0010 - 00 11 00 00-0e 64   .....d" */
static bool dump_row(struct openssl_trace *t, struct bytes text)
{
	struct scan s = scan_of(text);
	uint64_t offset;
	uint8_t byte;

	if (!scan_hex(&s, &offset) || s.at - text.data != 4 || !scan_word(&s, " - "))
		return false;
	if (offset != t->len - extension_begin(t))
		t->spoilt = true;
	while (t->len < t->extension_end && scan_hex_byte(&s, &byte)) {
		put(t, byte, 1);
		if (!scan_char(&s, ' ') && !scan_char(&s, '-'))
			break;
	}
	return true;
}

static bool protocol(struct openssl_trace *t, struct bytes text)
{
	if (t->len == extension_begin(t))
		put(t, t->extension_len - 2, 2);
	put(t, text.len, 1);
	for (size_t i = 0; i < text.len; i++)
		put(t, text.data[i], 1);
	return true;
}

static bool in_extension(struct openssl_trace *t, struct bytes text)
{
	if (t->extension_end == 0 || t->len >= t->extension_end)
		return false;
	if (dump_row(t, text))
		return true;
	if (t->extension == KEY_SHARE)
		return key_share(t, text);
	if (t->extension == ALPN)
		return protocol(t, text);
	if (t->extension == RENEGOTIATION_INFO && text_is(text, "<EMPTY>")) {
		put(t, 0, 1);
		return true;
	}
	return extension_value(t, text);
}

/* ---- fields ---- */

typedef bool field_fn(struct openssl_trace *t, struct scan s);

static bool u16(struct openssl_trace *t, struct scan s)
{
	return put_number(t, s, 2);
}

static bool u32(struct openssl_trace *t, struct scan s)
{
	return put_number(t, s, 4);
}

static bool vector0(struct openssl_trace *t, struct scan s)
{
	return put_vector(t, s, 0);
}

static bool vector8(struct openssl_trace *t, struct scan s)
{
	return put_vector(t, s, 1);
}

static bool vector16(struct openssl_trace *t, struct scan s)
{
	return put_vector(t, s, 2);
}

/* The length of a list, whose values are on the lines behind it */
static bool list(struct openssl_trace *t, struct scan s, unsigned width)
{
	struct bytes skipped;
	uint64_t len;

	if (!scan_until(&s, "=", &skipped))
		return false;
	(void)scan_blanks(&s);
	if (!scan_decimal(&s, &len))
		return false;
	put(t, len, width);
	return true;
}

static bool list8(struct openssl_trace *t, struct scan s)
{
	return list(t, s, 1);
}

static bool list16(struct openssl_trace *t, struct scan s)
{
	return list(t, s, 2);
}

static bool list24(struct openssl_trace *t, struct scan s)
{
	return list(t, s, 3);
}

/* The context in front of a certificate list is of TLS 1.3, where each certificate has extensions. */
static bool context(struct openssl_trace *t, struct scan s)
{
	t->tls13_certificate = t->type == CERTIFICATE;
	return put_vector(t, s, 1);
}

/* "{0xC0, 0x2C} TLS_..." */
static bool suite(struct openssl_trace *t, struct scan s)
{
	uint64_t high, low;

	(void)scan_blanks(&s);
	(void)scan_char(&s, '{');
	if (!scan_word(&s, "0x") || !scan_hex(&s, &high) || !scan_word(&s, ", 0x") ||
		!scan_hex(&s, &low))
		return false;
	put(t, high, 1);
	put(t, low, 1);
	return true;
}

static bool curve(struct openssl_trace *t, struct scan s)
{
	uint64_t group;

	if (!last_number(scan_rest(&s), &group))
		return false;
	put(t, NAMED_CURVE, 1);
	put(t, group, 2);
	return true;
}

static bool bracketed16(struct openssl_trace *t, struct scan s)
{
	uint64_t value;

	if (!last_number(scan_rest(&s), &value))
		return false;
	put(t, value, 2);
	return true;
}

static bool compression(struct openssl_trace *t, struct scan s)
{
	uint64_t value;

	if (!last_number(scan_rest(&s), &value))
		return false;
	put(t, value, 1);
	return true;
}

/* There are none: nothing at all, or their length 0 where the message has room for it */
static bool no_extensions(struct openssl_trace *t, struct scan s)
{
	(void)s;
	if (t->tls13_certificate || t->want == t->len + 2)
		put(t, 0, 2);
	return true;
}

static bool known(struct openssl_trace *t, struct scan s)
{
	(void)t;
	(void)s;
	return true;
}

static bool name_only(struct openssl_trace *t, struct scan s)
{
	(void)s;
	t->cut = true; /* a name as text is not its DER: what comes from here on is not known */
	return true;
}

static const struct field {
	const char *begins;
	field_fn *take;
} fields[] = {
	{ "client_version=", u16 },
	{ "server_version=", u16 },
	{ "Random:", known },
	{ "gmt_unix_time=", u32 },
	{ "random_bytes ", vector0 },
	{ "session_id ", vector8 },
	{ "cookie ", vector8 },
	{ "cipher_suites ", list16 },
	{ "{", suite },
	{ "cipher_suite {", suite },
	{ "compression_methods ", list8 },
	{ "compression_method:", compression },
	{ "No Compression", compression },
	{ "No extensions", no_extensions },
	{ "extensions, length", list16 },
	{ "extension_type=", begin_extension },
	{ "context ", context },
	{ "certificate_list, length", list24 },
	{ "ASN.1Cert, length", list24 },
	{ "KeyExchangeAlgorithm=", known },
	{ "named_curve:", curve },
	{ "point ", vector8 },
	{ "dh_p ", vector16 },
	{ "dh_g ", vector16 },
	{ "dh_Ys ", vector16 },
	{ "dh_Yc ", vector16 },
	{ "rsa_modulus ", vector16 },
	{ "rsa_exponent ", vector16 },
	{ "ecdh_Yc ", vector8 },
	{ "EncryptedPreMasterSecret ", vector16 },
	{ "psk_identity_hint ", vector16 },
	{ "psk_identity ", vector16 },
	{ "Signature Algorithm: ", bracketed16 },
	{ "Signature ", vector16 },
	{ "verify_data ", vector0 },
	{ "ticket_lifetime_hint=", u32 },
	{ "ticket_age_add=", u32 },
	{ "ticket_nonce ", vector8 },
	{ "ticket ", vector16 },
	{ "certificate_types ", list8 },
	{ "signature_algorithms ", list16 },
	{ "certificate_authorities ", list16 },
	{ "DistinguishedName ", name_only },
};

/* What stands in a CertificateRequest of TLS 1.2: types are one byte, schemes two. */
static bool request_value(struct openssl_trace *t, struct bytes text)
{
	uint64_t value;

	if (t->type != CERTIFICATE_REQUEST || t->extension_end != 0 || !last_number(text, &value))
		return false;
	put(t, value, text_has(text, "(0x") ? 2 : 1);
	return true;
}

static bool take_pem(struct openssl_trace *t, struct bytes text)
{
	enum pem_line taken;

	if (t->type != CERTIFICATE)
		return false;
	taken = pem_block_take(&t->pem, text);
	if (taken == PEM_COMPLETE)
		for (size_t i = 0; i < t->pem.len; i++)
			put(t, t->pem.der[i], 1);
	return taken != PEM_NO_LINE;
}

bool openssl_field_take(struct openssl_trace *t, struct bytes text)
{
	if (!t->message || text.len == 0)
		return false;
	if (in_extension(t, text) || take_pem(t, text))
		return true;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct scan s = scan_of(text);

		/* The text of a certificate has lines that begin the same way. */
		if (t->type == CERTIFICATE && fields[i].take == bracketed16)
			continue;
		if (scan_word(&s, fields[i].begins))
			return fields[i].take(t, s);
	}
	return request_value(t, text);
}
