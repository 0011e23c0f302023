/*
 * Errors of OpenSSL. A code has the library and the reason in it, in one place up to 1.1 and in another
 * since 3.0; the reason is looked up by its number, or by its words where a program prints no number.
 */
#include "log/openssl_error.h"

#include "base/array.h"
#include "log/named.h"
#include "log/scan.h"

enum {
	LIB_SYSTEM = 2,
	LIB_SSL = 20,
	ALERT_REASONS = 1000, /* SSL_AD_REASON_OFFSET: the peer's alert is added to it */
	CODE_DIGITS = 8,
};

/* Which reason it is, by sslerr.h and its like; number 0: of a library other than SSL, by name alone. */
static const struct reason {
	const char *name;
	unsigned number;
	enum saying saying;
} reasons[] = {
	{ "certificate verify failed", 134, SAYING_peer_refused },
	{ "bad ecpoint", 306, SAYING_peer_point_bad },
	{ "point is not on curve", 0, SAYING_peer_point },
	{ "invalid compressed point", 0, SAYING_peer_point },
	{ "bad signature", 123, SAYING_peer_signature },
	{ "wrong signature length", 264, SAYING_peer_signature },
	{ "wrong signature size", 265, SAYING_peer_signature },
	{ "wrong signature type", 370, SAYING_scheme_refused },
	{ "no shared cipher", 193, SAYING_no_common_suite },
	{ "wrong cipher returned", 261, SAYING_not_offered },
	{ "unknown cipher returned", 248, SAYING_not_offered },
	{ "unsupported protocol", 258, SAYING_no_common_version },
	{ "version too low", 396, SAYING_no_common_version },
	{ "version too high", 166, SAYING_no_common_version },
	{ "no protocols available", 191, SAYING_no_common_version },
	{ "wrong ssl version", 266, SAYING_no_common_version },
	{ "inconsistent protocol version", 0, SAYING_no_common_version },
	{ "wrong version number", 267, SAYING_not_tls },
	{ "unknown protocol", 252, SAYING_not_tls },
	{ "packet length too long", 198, SAYING_not_tls },
	{ "http request", 156, SAYING_http },
	{ "https proxy request", 155, SAYING_http },
	{ "bad key share", 108, SAYING_share_refused },
	{ "wrong curve", 378, SAYING_scheme_refused },
	{ "unsolicited extension", 217, SAYING_not_offered },
	{ "no suitable key share", 101, SAYING_no_common_group },
	{ "no suitable groups", 295, SAYING_no_common_group },
	{ "no shared groups", 410, SAYING_no_common_group },
	{ "unsupported elliptic curve", 315, SAYING_no_common_group },
	{ "no shared signature algorithms", 376, SAYING_no_common_scheme },
	{ "no suitable signature algorithm", 118, SAYING_no_common_scheme },
	{ "no suitable digest algorithm", 297, SAYING_no_common_scheme },
	{ "unexpected message", 244, SAYING_unexpected },
	{ "unexpected ccs message", 262, SAYING_unexpected },
	{ "unexpected record", 245, SAYING_unexpected },
	{ "unexpected end of early data", 178, SAYING_unexpected },
	{ "ccs received early", 133, SAYING_unexpected },
	{ "data between ccs and finished", 145, SAYING_unexpected },
	{ "app data in handshake", 100, SAYING_unexpected },
	{ "got a fin before a ccs", 154, SAYING_unexpected },
	{ "digest check failed", 149, SAYING_finished },
	{ "bad digest length", 111, SAYING_finished },
	{ "decryption failed or bad record mac", 281, SAYING_bad_record },
	{ "decryption failed", 147, SAYING_bad_record },
	{ "bad record type", 443, SAYING_bad_record },
	{ "block cipher pad is wrong", 129, SAYING_bad_record },
	{ "data length too long", 146, SAYING_record_too_large },
	{ "encrypted length too long", 150, SAYING_record_too_large },
	{ "excessive message size", 152, SAYING_malformed },
	{ "length mismatch", 159, SAYING_malformed },
	{ "length too short", 160, SAYING_malformed },
	{ "length too long", 404, SAYING_malformed },
	{ "bad length", 271, SAYING_malformed },
	{ "bad extension", 110, SAYING_malformed },
	{ "bad packet", 240, SAYING_malformed },
	{ "bad packet length", 115, SAYING_malformed },
	{ "bad handshake length", 332, SAYING_malformed },
	{ "ssl3 session id too long", 300, SAYING_malformed },
	{ "ssl session id too long", 408, SAYING_malformed },
	{ "cert length mismatch", 135, SAYING_malformed },
	{ "invalid compression algorithm", 341, SAYING_malformed },
	{ "unsupported compression algorithm", 257, SAYING_malformed },
	{ "missing sigalgs extension", 112, SAYING_malformed },
	{ "missing supported groups extension", 209, SAYING_malformed },
	{ "unknown certificate type", 247, SAYING_certificate_unusable },
	{ "peer did not return a certificate", 199, SAYING_no_certificate_from_peer },
	{ "no certificate returned", 176, SAYING_no_certificate_from_peer },
	{ "unsafe legacy renegotiation disabled", 338, SAYING_no_renegotiation_info },
	{ "renegotiation mismatch", 337, SAYING_no_renegotiation_info },
	{ "renegotiation encoding err", 336, SAYING_malformed },
	{ "inconsistent extms", 104, SAYING_extended_master_secret },
	{ "psk identity not found", 223, SAYING_psk_identity },
	{ "bad psk identity", 114, SAYING_psk_identity },
	{ "binder does not verify", 253, SAYING_psk_mismatch },
	{ "bad psk", 219, SAYING_psk_mismatch },
	{ "no application protocol", 235, SAYING_alpn },
	{ "inappropriate fallback", 373, SAYING_downgrade },
	{ "unexpected eof while reading", 294, SAYING_peer_closed },
	{ "no certificate assigned", 177, SAYING_certificate_unreadable },
	{ "no private key assigned", 190, SAYING_key_unreadable },
	{ "key values mismatch", 0, SAYING_own_key_mismatch },
	{ "no start line", 0, SAYING_certificate_unreadable },
	{ "bad base64 decode", 0, SAYING_certificate_unreadable },
	{ "bad end line", 0, SAYING_certificate_unreadable },
	{ "bad decrypt", 0, SAYING_key_unreadable },
	{ "malloc failure", 0, SAYING_out_of_memory },
	{ "legacy sigalg disallowed or unsupported", 333,
		SAYING_no_common_version }, /* before 1.2 */
	{ "dh key too small", 394, SAYING_peer_weak_group },
	{ "ee key too small", 399,
		SAYING_own_weak_key }, /* of the peer's the verification says so */
	{ "ca key too small", 397, SAYING_own_weak_key },
	{ "ca md too weak", 398, SAYING_own_weak_hash },
	{ "no ciphers available", 181, SAYING_no_common_suite },
	{ "no cipher match", 185, SAYING_no_common_suite },
	{ "missing rsa signing cert", 170, SAYING_certificate_unusable },
	{ "unable to find ecdh parameters", 314, SAYING_no_common_group },
	{ "bad dh value", 102, SAYING_malformed },
	{ "dh public value length is wrong", 148, SAYING_malformed },
	{ "clienthello tlsext", 226, SAYING_malformed },
	{ "parse tlsext", 227, SAYING_malformed },
	{ "record too small", 298, SAYING_malformed },
};

/* Letters of either case, and '_' and ' ' for one another. */
static bool same_words(struct bytes a, const char *b)
{
	if (a.len != strlen(b))
		return false;
	for (size_t i = 0; i < a.len; i++) {
		uint8_t c = a.data[i];

		c = c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
		if (c != (uint8_t)b[i])
			return false;
	}
	return true;
}

static void set_reason(struct said *out, const struct reason *r)
{
	out->saying = r->saying;
	if (r->saying == SAYING_peer_closed)
		out->ending = SENTENCE_CLOSED;
	if (r->number == 193 || r->number == 199)
		out->by = SENTENCE_SERVER; /* no other says so */
}

/* "sslv3 alert handshake failure", "tlsv1 unrecognized name": the peer's alert, by its name */
static int alert_in(struct bytes words)
{
	static const char *const before[] = { "sslv3 alert ", "tlsv1 alert ", "tlsv13 alert ",
		"ssl/tls alert ", "tlsv1 ", "SSLV3_ALERT_", "TLSV1_ALERT_", "TLSV13_ALERT_",
		"SSL/TLS_ALERT_", "TLSV1_" };

	for (size_t i = 0; i < COUNT(before); i++) {
		size_t n = strlen(before[i]);

		if (text_begins(words, before[i]))
			return named_alert(bytes_slice(words, n, words.len));
	}
	return -1;
}

/* True when the words are known. */
static bool by_words(struct bytes words, struct said *out)
{
	for (size_t i = 0; i < COUNT(reasons); i++)
		if (same_words(words, reasons[i].name)) {
			set_reason(out, &reasons[i]);
			return true;
		}
	out->alert = alert_in(words);
	return out->alert >= 0;
}

/* ---- codes ---- */

struct code {
	unsigned library, reason;
};

static struct code code_split(uint32_t code)
{
	if ((code & 0x80000000u) != 0)
		return (struct code){ LIB_SYSTEM, code & 0x7fffffffu };
	if ((code >> 23 & 0xff) == LIB_SSL && code >> 24 != LIB_SSL)
		return (struct code){ LIB_SSL, code & 0x7fffff };
	if (code >> 24 == LIB_SSL || code >> 24 == LIB_SYSTEM)
		return (struct code){ code >> 24, code & 0xfff };
	return (struct code){ code >> 23 & 0xff, code & 0x7fffff };
}

static bool by_errno(unsigned number, struct said *out)
{
	static const struct {
		unsigned number;
		enum saying saying;
		enum sentence_ending ending;
	} rows[] = {
		{ 104, SAYING_reset, SENTENCE_RESET },
		{ 111, SAYING_refused, SENTENCE_REFUSED },
		{ 113, SAYING_unreachable, SENTENCE_UNREACHABLE },
		{ 101, SAYING_unreachable, SENTENCE_UNREACHABLE },
		{ 110, SAYING_timeout, SENTENCE_UNANSWERED },
		{ 32, SAYING_reset, SENTENCE_RESET },
		{ 12, SAYING_out_of_memory, SENTENCE_GOES_ON },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].number == number) {
			out->saying = rows[i].saying;
			out->ending = rows[i].ending;
			return true;
		}
	return false;
}

static bool by_code(uint32_t value, struct said *out)
{
	struct code code = code_split(value);

	if (code.library == LIB_SYSTEM)
		return by_errno(code.reason, out);
	if (code.library != LIB_SSL)
		return false;
	if (code.reason >= ALERT_REASONS && code.reason < ALERT_REASONS + 256) {
		out->alert = (int)(code.reason - ALERT_REASONS);
		return true;
	}
	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].number == code.reason && code.reason != 0) {
			set_reason(out, &reasons[i]);
			return true;
		}
	return false;
}

/* Whose function it was in, as far as its name tells. */
static enum sentence_side side_of(struct bytes function)
{
	static const char *const of_client[] = { "process_ske", "_server_hello", "_server_cert",
		"process_key_exchange", "_server_done", "stoc", "get_server_", "GET_SERVER_",
		"construct_client", "connect", "process_cert_status", "get_key_exchange",
		"GET_KEY_EXCHANGE", "ssl_choose_client_version" };
	static const char *const of_server[] = { "_client_hello", "process_cke", "_client_cert",
		"ctos", "get_client_", "GET_CLIENT_", "construct_server", "accept",
		"ssl_choose_server_version", "tls_choose_sigalg" };

	for (size_t i = 0; i < COUNT(of_server); i++)
		if (text_has(function, of_server[i]))
			return text_has(function, "construct_client") ? SENTENCE_CLIENT
								      : SENTENCE_SERVER;
	for (size_t i = 0; i < COUNT(of_client); i++)
		if (text_has(function, of_client[i]))
			return SENTENCE_CLIENT;
	return SENTENCE_EITHER;
}

/* The same reason means one thing or another by the function that gives it. */
static enum saying said_in(enum saying saying, struct bytes function)
{
	static const struct {
		enum saying saying;
		const char *function; /* a part of its name */
		enum saying means;
	} rows[] = {
		{ SAYING_share_refused, "ssl_derive", SAYING_no_shared_secret },
		{ SAYING_share_refused, "key_share", SAYING_not_offered },
		{ SAYING_scheme_refused, "process_ske", SAYING_not_offered },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].saying == saying && text_has(function, rows[i].function))
			return rows[i].means;
	return saying;
}

/* RFC 8446 4.2.3: a scheme of TLS 1.3 names the curve of the key that signs. */
static bool is_curve_of_a_key(struct bytes function, struct bytes reason)
{
	return same_words(reason, "wrong curve") && text_has(function, "sigalg");
}

/* Up to the next colon, or what is cut there. */
static struct bytes field(struct scan *s)
{
	struct bytes rest = scan_rest(s), out;

	if (scan_until(s, ":", &out))
		return out;
	s->at = s->end;
	return rest;
}

/* Where the reason stands alone in its field: without what programs write behind it. */
static struct bytes reason_words(struct bytes f)
{
	size_t comma = text_find(f, ", errno");

	f = bytes_slice(f, 0, comma);
	comma = text_find(f, ") ");
	return text_trim(bytes_slice(f, 0, comma));
}

/* "error:0A000132:SSL routines:tls_process_ske_ecdhe:bad ecpoint:..."; is the place behind "error:". */
static bool queue_line(struct scan s, struct said *out)
{
	const uint8_t *from = s.at;
	uint64_t code;
	struct bytes library, function, reason;
	size_t alert;

	if (!scan_hex(&s, &code) || s.at - from != CODE_DIGITS || !scan_char(&s, ':'))
		return false;
	*out = said_nothing();
	out->program = "OpenSSL";
	library = field(&s);
	function = field(&s);
	reason = reason_words(field(&s));
	out->by = side_of(function);
	alert = text_find(scan_rest(&s), "SSL alert number ");
	if (by_code((uint32_t)code, out) || by_words(reason, out)) {
		out->saying = said_in(out->saying, function);
		if (is_curve_of_a_key(function, reason))
			out->saying = SAYING_scheme_mismatch;
		return true;
	}
	if (alert != scan_rest(&s).len) {
		uint64_t number;

		s.at += alert + strlen("SSL alert number ");
		if (scan_decimal(&s, &number) && number < 256) {
			out->alert = (int)number;
			return true;
		}
	}
	(void)library;
	return true; /* known for an error of OpenSSL, though not which */
}

static bool find_queue_line(struct bytes text, struct said *out)
{
	struct scan s = scan_of(text);
	struct bytes before;

	while (scan_until(&s, "error:", &before))
		if (queue_line(s, out))
			return true;
	return false;
}

/* ---- names ---- */

static bool find_name(struct bytes text, const char *before, struct said *out)
{
	struct scan s = scan_of(text);
	struct bytes skipped, name;

	while (scan_until(&s, before, &skipped)) {
		if (!scan_name(&s, "/", &name))
			continue;
		*out = said_nothing();
		out->program = "OpenSSL";
		if (by_words(name, out))
			return true;
	}
	return false;
}

bool openssl_error_read(struct bytes text, struct said *out)
{
	if (find_queue_line(text, out))
		return true;
	if (text.len == 0 || memchr(text.data, 'S', text.len) == NULL)
		return false;
	return find_name(text, "[SSL: ", out) || find_name(text, "ERR_SSL_", out) ||
	       find_name(text, "[X509: ", out);
}
