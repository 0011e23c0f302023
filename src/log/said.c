/* Words of any program: OpenSSL's errors first, which stand inside the words of many others. */
#include "log/said.h"

#include "base/array.h"
#include "log/named.h"
#include "log/openssl_error.h"
#include "log/scan.h"

enum { FATAL = 2, WARNING = 1 };

/* "GnuTLS: received alert [40]: Handshake failed" of wget, "*** Received alert [40]: ..." */
static bool numbered_alert_find(struct bytes text, struct said *out)
{
	static const char words[] = "eceived alert [";
	size_t at = text_find(text, words);
	struct scan s = scan_of(bytes_slice(text, at, text.len));
	uint64_t code;

	if (!scan_word(&s, words) || !scan_decimal(&s, &code) || code > UINT8_MAX ||
		!scan_char(&s, ']'))
		return false;
	*out = said_nothing();
	out->alert = (int)code;
	return true;
}

/* "Received fatal alert: handshake_failure" of Java, "received fatal alert: HandshakeFailure" of rustls */
static bool alert_find(struct bytes text, struct said *out)
{
	size_t at = text_find(text, "eceived fatal alert: ");
	struct scan s = scan_of(bytes_slice(text, at, text.len));
	struct bytes before, name;

	if (at == text.len || !scan_until(&s, ": ", &before) || !scan_name(&s, "", &name))
		return false;
	*out = said_nothing();
	out->alert = named_alert(name);
	return out->alert >= 0;
}

/* "The TLS protocol defined fatal alert code is 48.": received; "... fatal error code is 40.": sent (Schannel). */
static bool defined_alert_find(struct bytes text, struct said *out)
{
	static const char *const words[] = { "protocol defined fatal alert code is ",
		"protocol defined fatal error code is " };

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t at = text_find(text, words[i]);
		struct scan s = scan_of(bytes_slice(text, at, text.len));
		uint64_t code;

		if (!scan_word(&s, words[i]) || !scan_decimal(&s, &code) || code > UINT8_MAX)
			continue;
		*out = said_nothing();
		out->program = "Schannel";
		*(i == 0 ? &out->alert : &out->alert_sent) = (int)code;
		return true;
	}
	return false;
}

static bool take_sentence(const struct sentence_found *f, struct said *out)
{
	*out = said_nothing();
	out->by = f->by;
	if (f->sentence == NULL)
		return false;
	out->saying = f->sentence->saying;
	out->alert = f->sentence->alert;
	out->ending = f->sentence->ending;
	out->program = f->sentence->program;
	return true;
}

bool said_find(struct bytes text, struct said *out)
{
	struct sentence_found f = sentence_find(text);

	if (f.marked && (openssl_verify_find(text, out) || openssl_error_read(text, out))) {
		if (out->by == SENTENCE_EITHER)
			out->by = f.by;
		return true;
	}
	if (f.marked && (alert_find(text, out) || numbered_alert_find(text, out) ||
				defined_alert_find(text, out)))
		return true;
	return take_sentence(&f, out);
}

/* ---- notes ---- */

void said_role(struct log_conn *c, enum side role)
{
	if (c == NULL || c->facts.role_known)
		return;
	c->facts.role_known = true;
	c->facts.role = role;
}

enum side said_self(const struct log_conn *c)
{
	return c != NULL && c->facts.role_known ? c->facts.role : SIDE_CLIENT;
}

static void note_ending(
	struct log_conn *c, enum side peer, enum sentence_ending ending, struct log_at at)
{
	static const enum log_ending endings[] = {
		[SENTENCE_CLOSED] = LOG_CLOSED,
		[SENTENCE_RESET] = LOG_RESET,
		[SENTENCE_TIMED_OUT] = LOG_TIMED_OUT,
		[SENTENCE_REFUSED] = LOG_REFUSED,
		[SENTENCE_UNREACHABLE] = LOG_UNREACHABLE,
		[SENTENCE_UNANSWERED] = LOG_UNANSWERED,
	};

	if (ending != SENTENCE_GOES_ON)
		conn_ending(c, peer, endings[ending], at);
}

/* The library that a program does its TLS with; NULL: it may be one of several. */
static const char *library_of(const char *program)
{
	static const char *const libraries[][2] = { { "Go", "Go" }, { "rustls", "rustls" },
		{ "Java", "Java" }, { "GnuTLS", "GnuTLS" }, { "wolfSSL", "wolfSSL" },
		{ "BearSSL", "BearSSL" }, { "Schannel", "Schannel" },
		{ "SecureTransport", "SecureTransport" }, { "Chromium", "BoringSSL" },
		{ "Firefox", "NSS" }, { "OpenSSL", "OpenSSL" }, { "Python", "OpenSSL" },
		{ "Node.js", "OpenSSL" }, { "mosquitto", "OpenSSL" }, { "mbedTLS", "mbedTLS" } };

	for (size_t i = 0; program != NULL && i < COUNT(libraries); i++)
		if (strcmp(libraries[i][0], program) == 0)
			return libraries[i][1];
	return NULL;
}

static uint8_t level_of(int alert)
{
	return alert == 0 || alert == 90 || alert == 100 ? WARNING : FATAL; /* RFC 5246 7.2 */
}

void said_note(struct log_conn *c, const struct said *s, struct bytes words, struct log_at at)
{
	enum side self, peer;

	if (c == NULL)
		return;
	if (s->by != SENTENCE_EITHER)
		said_role(c, s->by == SENTENCE_SERVER ? SIDE_SERVER : SIDE_CLIENT);
	self = said_self(c);
	peer = self == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	if (c->facts.library[self] == NULL)
		c->facts.library[self] = library_of(s->program);
	if (s->saying != SAYING_NONE)
		conn_remark(c, self, s->saying, text_trim(words), at);
	if (s->alert >= 0)
		conn_alert(c, peer, level_of(s->alert), (uint8_t)s->alert, false, at);
	if (s->alert_sent >= 0)
		conn_alert(c, self, level_of(s->alert_sent), (uint8_t)s->alert_sent, false, at);
	note_ending(c, peer, s->ending, at);
}
