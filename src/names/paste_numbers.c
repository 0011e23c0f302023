/*
 * Numbers. In prose most are none of ours (line numbers, times, ports, lengths), so that one has to look
 * like a code, or stand where the line says that it is one.
 */
#include "names/paste_inside.h"

#include "base/array.h"
#include "names/code_reading.h"
#include "names/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { NUMBER_ROOM = 32, LEAD_MAX = 24 };

/* What a line says of whose numbers are in it. */
static const struct {
	const char *word;
	enum code_library library;
} hints[] = {
	{ "mbedtls", CODE_MBEDTLS },
	{ "polarssl", CODE_MBEDTLS },
	{ "tls stack error", CODE_MBEDTLS }, /* ESP-IDF's examples */
	{ "last esp error", CODE_ESP },
	{ "unknown error code", CODE_MBEDTLS }, /* mbedtls_strerror() */
	{ "bignum -", CODE_MBEDTLS },
	{ "asn1 -", CODE_MBEDTLS },
	{ "ssl_client.cpp", CODE_MBEDTLS }, /* of Arduino's ESP32 core */
	{ "start_ssl_client", CODE_MBEDTLS },
	{ "net_sock_tls", CODE_MBEDTLS },
	{ "net_sock_tls", CODE_ERRNO },
	{ "oserror", CODE_MBEDTLS }, /* MicroPython */
	{ "oserror", CODE_ERRNO },
	{ "oserror", CODE_LWIP },
	{ "getaddrinfo", CODE_LWIP },
	{ "winerror", CODE_WINDOWS },
	{ "event id", CODE_SCHANNEL },
	{ "event", CODE_SCHANNEL },
	{ "psa", CODE_MBEDTLS },
	{ "wolfssl", CODE_WOLFSSL },
	{ "gnutls", CODE_GNUTLS },
	{ "errno", CODE_ERRNO },
	{ "os error", CODE_ERRNO },
	{ "lwip", CODE_LWIP },
	{ "verify error", CODE_OPENSSL_VERIFY },
	{ "verify return code", CODE_OPENSSL_VERIFY },
	{ "depth lookup", CODE_OPENSSL_VERIFY },
	{ "verification error", CODE_OPENSSL_VERIFY },
	{ "esp-tls", CODE_ESP },
	{ "esp_tls", CODE_ESP },
	{ "esp_err", CODE_ESP },
	{ "transport_base", CODE_ESP },
	{ "curl", CODE_CURL },
	{ "curlcode", CODE_CURL },
	{ "net_error", CODE_CHROME },
	{ "net::", CODE_CHROME },
	{ "chrome", CODE_CHROME },
	{ "chromium", CODE_CHROME },
	{ "nss", CODE_NSS },
	{ "firefox", CODE_NSS },
	{ "pr_error", CODE_NSS },
	{ "schannel", CODE_SCHANNEL },
	{ "hresult", CODE_SCHANNEL },
	{ "winhttp", CODE_SCHANNEL },
	{ "sspi", CODE_SCHANNEL },
	{ "nsurl", CODE_APPLE },
	{ "cfnetwork", CODE_APPLE },
	{ "kcfstream", CODE_APPLE },
	{ "osstatus", CODE_APPLE },
	{ "bearssl", CODE_BEARSSL },
	{ "br_ssl", CODE_BEARSSL },
	{ "getlastsslerror", CODE_BEARSSL },
	{ "winsock", CODE_WINDOWS },
	{ "wsa", CODE_WINDOWS },
	{ "socketexception", CODE_WINDOWS },
};

unsigned paste_libraries(struct bytes line)
{
	unsigned libraries = 0;

	for (size_t i = 0; i < COUNT(hints); i++)
		if (paste_line_has(line, hints[i].word))
			libraries |= 1u << hints[i].library;
	return libraries;
}

/* A number as it stands in the text. */
struct number {
	size_t at, len; /* with its sign */
	char text[NUMBER_ROOM];
	bool negative, hex, bare_hex; /* 0x..., or digits some of which are letters */
	uint64_t magnitude;
	struct bytes line;
	unsigned libraries; /* of the line */
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex_digit(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Numbers with dots and colons between them are versions, addresses and times. */
static bool is_part_of_more(const struct paste_text *t, size_t at, size_t end)
{
	const uint8_t *raw = t->raw.data;
	bool before = at >= 2 && (raw[at - 1] == '.' || raw[at - 1] == ':' || raw[at - 1] == '-') &&
		      is_digit(raw[at - 2]);
	bool behind = end + 1 < t->raw.len && (raw[end] == '.' || raw[end] == ':') &&
		      is_digit(raw[end + 1]);

	return before || behind;
}

/* OpenSSL prints packed codes in eight digits, between colons. */
static bool read_bare_hex(const struct paste_text *t, struct number *n)
{
	size_t len = 0;
	bool letter = false;

	while (n->at + len < t->raw.len && is_hex_digit(t->raw.data[n->at + len])) {
		letter = letter || !is_digit(t->raw.data[n->at + len]);
		len++;
	}
	n->len = len;
	n->bare_hex = len == 8 && paste_ends(t, n->at + len) &&
		      (letter || (n->at >= 6 && strncasecmp((const char *)t->raw.data + n->at - 6,
							"error:", 6) == 0));
	n->hex = n->bare_hex;
	return n->bare_hex;
}

static bool read_plain(const struct paste_text *t, struct number *n)
{
	const uint8_t *raw = t->raw.data;
	size_t at = n->at, end;

	n->negative = raw[at] == '-';
	at += raw[at] == '-' || raw[at] == '+';
	n->hex = at + 2 < t->raw.len && raw[at] == '0' && (raw[at + 1] | 0x20) == 'x';
	at += n->hex ? 2 : 0;
	for (end = at; end < t->raw.len && (n->hex ? is_hex_digit(raw[end]) : is_digit(raw[end]));)
		end++;
	n->len = end - n->at;
	return end != at && paste_ends(t, end) && !is_part_of_more(t, n->at, end);
}

/* ESP-IDF: "E (8301) esp-tls: ...", the milliseconds since the start. */
static bool is_log_time(const struct paste_text *t, const struct number *n)
{
	const uint8_t *raw = t->raw.data;

	return n->at >= 3 && raw[n->at - 1] == '(' && raw[n->at - 2] == ' ' &&
	       strchr("EWIDV", raw[n->at - 3]) != NULL && raw[n->at - 3] != '\0' &&
	       (n->at == 3 || !paste_is_word(raw[n->at - 4])) && n->at + n->len < t->raw.len &&
	       raw[n->at + n->len] == ')';
}

/* A number that begins at this place. */
static bool number_at(const struct paste_text *t, size_t at, struct number *n)
{
	struct code_reading readings[2];
	uint8_t c = t->raw.data[at];
	bool begins = at == 0 || !paste_is_word(t->raw.data[at - 1]);

	*n = (struct number){ .at = at };
	if (!begins || (!is_hex_digit(c) && c != '-'))
		return false;
	if (!read_bare_hex(t, n) && ((!is_digit(c) && c != '-') || !read_plain(t, n)))
		return false;
	if (n->len >= sizeof n->text || paste_is_taken(t, at, n->len) || is_log_time(t, n))
		return false;
	memcpy(n->text, t->raw.data + at, n->len);
	n->text[n->len] = '\0';
	if (code_readings(n->text, readings) == 0)
		return false;
	n->magnitude = readings[n->bare_hex && code_readings(n->text, readings) > 1].raw;
	n->line = paste_line(t, at);
	n->libraries = paste_libraries(n->line);
	return true;
}

/* Does one of the words stand right before the number, with nothing but marks between? */
static bool is_led_by(const struct paste_text *t, const struct number *n, const char *const *words)
{
	size_t end = n->at, from = n->at > LEAD_MAX ? n->at - LEAD_MAX : 0;

	while (end > from && strchr(" \t:=(#[,'\"", (char)t->raw.data[end - 1]) != NULL)
		end--;
	for (; *words != NULL; words++) {
		size_t len = strlen(*words);

		if (len <= end &&
			strncasecmp((const char *)t->raw.data + end - len, *words, len) == 0)
			return true;
	}
	return false;
}

static const char *const code_words[] = { "error", "err", "code", "ret", "returned", "returns",
	"return", "rc", "result", "status", "errno", "failed", "failure", "errnum", NULL };

/* esp_err_t of esp-tls in decimal, where the line is one of ESP-IDF's. */
static bool is_esp(const struct number *n)
{
	return (n->libraries >> CODE_ESP & 1) != 0 && n->magnitude > 0x8000 &&
	       n->magnitude < 0x9000;
}

/* Is it what a code looks like, or does the line say that it is one? */
static bool may_be_code(const struct paste_text *t, const struct number *n)
{
	static const unsigned large = 1u << CODE_MBEDTLS | 1u << CODE_ESP;
	bool wrapped = n->magnitude > INT32_MAX && n->magnitude <= UINT32_MAX;
	bool led = is_led_by(t, n, code_words);

	if (n->bare_hex)
		return led || n->libraries != 0 || paste_line_has(n->line, "error") ||
		       paste_line_has(n->line, "ssl") || paste_line_has(n->line, "tls") ||
		       n->magnitude > INT32_MAX;
	if (wrapped || (n->negative && n->magnitude >= 0x1000))
		return true;
	if (n->negative)
		return led || n->libraries != 0 || paste_line_has(n->line, "connect");
	if (n->hex)
		return led || (n->libraries != 0 && n->magnitude >= 0x80);
	return led || (n->libraries & ~large) != 0 || is_esp(n);
}

enum { ERRNO_TELLING = 32 }; /* smaller numbers count and index everything */

/* Of a number without a sign that no library is named for: which codes are not just any number. */
static bool is_telling(const struct number *n, const struct code_match *m)
{
	static const unsigned telling =
		1u << CODE_ERRNO | 1u << CODE_SCHANNEL | 1u << CODE_WINDOWS | 1u << CODE_OPENSSL;

	if (n->libraries != 0 || n->negative || n->hex || n->magnitude > INT32_MAX)
		return true;
	if (m->code->library == CODE_MBEDTLS)
		return n->magnitude >= 0x1080 && m->part == CODE_WHOLE;
	if (m->code->library == CODE_ERRNO && n->magnitude < ERRNO_TELLING)
		return false;
	return (telling >> m->code->library & 1) != 0;
}

/* What a registered number of TLS is, where the line says which registry it is of. */
static bool value_of(const struct number *n, struct paste_find *find)
{
	static const struct {
		const char *word;
		enum paste_kind kind;
		const char *(*name)(uint16_t value);
	} registries[] = { { "cipher", PASTE_SUITE, name_cipher_suite },
		{ "suite", PASTE_SUITE, name_cipher_suite },
		{ "ciphersuite", PASTE_SUITE, name_cipher_suite },
		{ "curve", PASTE_GROUP, name_group }, { "group", PASTE_GROUP, name_group },
		{ "signature", PASTE_SCHEME, name_scheme }, { "sig", PASTE_SCHEME, name_scheme },
		{ "sigalg", PASTE_SCHEME, name_scheme },
		{ "extension", PASTE_EXTENSION, name_extension } };

	if (!n->hex || n->negative || n->len != 6)
		return false;
	for (size_t i = 0; i < COUNT(registries); i++) {
		if (!paste_line_has(n->line, registries[i].word) ||
			registries[i].name((uint16_t)n->magnitude) == NULL)
			continue;
		find->kind = registries[i].kind;
		find->value = (unsigned)n->magnitude;
		return true;
	}
	return false;
}

/* Codes of the libraries that the line speaks of; if it is none of theirs, of all, when it is no small
 * number. */
static void find_codes(const struct number *n, struct paste_find *find)
{
	size_t kept = 0;

	find->n_matches = codes_find_in(n->text, n->libraries, find->match, PASTE_MATCHES);
	if (find->n_matches == 0 && n->libraries != 0 && n->magnitude >= 0x1000)
		find->n_matches = codes_find_in(n->text, 0, find->match, PASTE_MATCHES);
	if (find->n_matches > PASTE_MATCHES)
		find->n_matches = PASTE_MATCHES;
	for (size_t i = 0; i < find->n_matches; i++)
		if (is_telling(n, &find->match[i]))
			find->match[kept++] = find->match[i];
	find->n_matches = kept;
}

/* BearSSL adds the number of the alert to a code of its own. */
static void take_added_alert(
	struct paste_reader *r, const struct number *n, const struct paste_find *code)
{
	const struct code *c = code->n_matches != 0 ? code->match[0].code : NULL;
	unsigned alert = (unsigned)n->magnitude & 0xff;

	if (c == NULL || c->library != CODE_BEARSSL || c->value < 0x100 || alert == 0 ||
		name_alert(alert) == NULL)
		return;
	paste_add(r, &(struct paste_find){ .kind = PASTE_ALERT,
			     .at = n->at,
			     .len = n->len,
			     .value = alert,
			     .sender = c->value == 0x100 ? PASTE_SENDER_PEER : PASTE_SENDER_SELF });
}

static void take_number(struct paste_reader *r, const struct number *n, bool alone)
{
	struct paste_find find = { .kind = PASTE_CODE, .at = n->at, .len = n->len };

	if (value_of(n, &find)) {
		paste_add(r, &find);
		return;
	}
	if (alone || may_be_code(&r->text, n)) {
		if (alone)
			find.n_matches = codes_find_in(n->text, 0, find.match, PASTE_MATCHES);
		else
			find_codes(n, &find);
		if (find.n_matches > PASTE_MATCHES)
			find.n_matches = PASTE_MATCHES;
	}
	if (find.n_matches != 0)
		paste_add(r, &find);
	take_added_alert(r, n, &find);
}

/* A number and nothing else is first of all an alert, when it can be one. */
static void take_alert(struct paste_reader *r, const struct number *n)
{
	if (!n->negative && !n->hex && n->magnitude <= 0xff &&
		name_alert((unsigned)n->magnitude) != NULL)
		paste_add(r, &(struct paste_find){ .kind = PASTE_ALERT,
				     .at = n->at,
				     .len = 0,
				     .value = (unsigned)n->magnitude });
}

/* "4c80": digits of hexadecimal and nothing else are a code where there is such a code. */
static void take_bare(struct paste_reader *r)
{
	struct paste_find find = { .kind = PASTE_CODE, .len = r->text.raw.len };
	struct code_reading readings[2];
	char text[NUMBER_ROOM];
	bool digit = false;

	if (r->out->n != 0 || find.len == 0 || find.len >= sizeof text)
		return;
	memcpy(text, r->text.raw.data, find.len);
	text[find.len] = '\0';
	for (size_t i = 0; i < find.len; i++)
		digit = digit || is_digit((uint8_t)text[i]);
	if (!digit || code_readings(text, readings) == 0)
		return;
	find.n_matches = codes_find_in(text, 0, find.match, PASTE_MATCHES);
	if (find.n_matches > PASTE_MATCHES)
		find.n_matches = PASTE_MATCHES;
	if (find.n_matches != 0)
		paste_add(r, &find);
}

void paste_find_numbers(struct paste_reader *r)
{
	const struct paste_text *t = &r->text;
	struct number n;

	for (size_t at = 0; at < t->raw.len; at++) {
		bool alone;

		if (!number_at(t, at, &n))
			continue;
		alone = n.at == 0 && n.len == t->raw.len;
		if (alone)
			take_alert(r, &n);
		take_number(r, &n, alone);
		at += n.len;
	}
	take_bare(r);
}
