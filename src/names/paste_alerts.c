/*
 * Alerts. Their names are words of everyday speech ("internal error"), so that one counts only where
 * the line speaks of alerts, where its number stands behind it, or where it is spelt as no prose is.
 */
#include "names/paste_inside.h"

#include "base/array.h"
#include "names/alerts.h"
#include "names/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { NUMBER_NEAR = 48, NAME_ROOM = 48 };

/* What lines say that have an alert's name or number in them. */
static const char *const speaks[] = { "alert", "alertreceived", "remote error",
	"fatal error code is", "local error" };

/* How stacks call alerts that have other names in the RFCs. */
static const struct {
	const char *words;
	uint8_t alert;
} others[] = {
	{ "tls: unknown certificate authority", 48 },
	{ "tls: unknown certificate", 46 },
	{ "tls: expired certificate", 45 },
	{ "tls: revoked certificate", 44 },
	{ "tls: bad certificate", 42 },
	{ "tls: error decrypting message", 51 },
	{ "tls: error decoding message", 50 },
	{ "tls: protocol version not supported", 70 },
	{ "tls: insufficient security level", 71 },
	{ "tls: certificate required", 116 },
	{ "tls: bad record MAC", 20 },
	{ "tls: no application protocol", 120 },
	{ "UnknownCA", 48 },
	{ "unknown CA", 48 },
	{ "CA is unknown", 48 },
	{ "certificate unknown", 46 },
	{ "protocol version", 70 },
	{ "user cancelled", 90 },
};

static bool speaks_of_alerts(struct bytes line)
{
	for (size_t i = 0; i < COUNT(speaks); i++)
		if (paste_line_has(line, speaks[i]))
			return true;
	return false;
}

/* Those of the peer first: "fatal alert received: ..., sent by" is theirs. */
static enum paste_sender sender_of(struct bytes line)
{
	static const struct {
		const char *words;
		enum paste_sender sender;
	} rows[] = {
		{ "remote error", PASTE_SENDER_PEER },
		{ "received", PASTE_SENDER_PEER },
		{ "alertreceived", PASTE_SENDER_PEER },
		{ "alert read", PASTE_SENDER_PEER },
		{ "ssl alert number", PASTE_SENDER_PEER }, /* OpenSSL prints it of those alone */
		{ "is a fatal alert message", PASTE_SENDER_PEER }, /* mbedTLS, what it read */
		{ "got an alert", PASTE_SENDER_PEER },
		{ "read alert", PASTE_SENDER_PEER },
		{ "<<<", PASTE_SENDER_PEER },
		{ "local error", PASTE_SENDER_SELF },
		{ "send alert", PASTE_SENDER_SELF },
		{ "alert write", PASTE_SENDER_SELF },
		{ "write alert", PASTE_SENDER_SELF },
		{ "generated and sent", PASTE_SENDER_SELF },
		{ "sending alert", PASTE_SENDER_SELF },
		{ ">>>", PASTE_SENDER_SELF },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (paste_line_has(line, rows[i].words))
			return rows[i].sender;
	return PASTE_SENDER_UNKNOWN;
}

static void add_alert(struct paste_reader *r, size_t at, size_t len, unsigned alert)
{
	const struct paste_find find = { .kind = PASTE_ALERT,
		.at = at,
		.len = len,
		.value = alert,
		.sender = sender_of(paste_line(&r->text, at)) };

	paste_add(r, &find);
}

static bool is_alert(unsigned long value)
{
	return value <= 0xff && name_alert((unsigned)value) != NULL;
}

/* A number in brackets behind a name, "Illegal Parameter (47)": where it ends; 0 none, or another. */
static size_t number_behind(const struct paste_text *t, size_t end, unsigned value)
{
	char text[16], *stop;
	struct bytes rest = bytes_slice(t->raw, end, sizeof text - 1);
	size_t skip;

	if (rest.len == 0)
		return 0;
	(void)snprintf(text, sizeof text, "%.*s", (int)rest.len, (const char *)rest.data);
	skip = strspn(text, " ([");
	if (skip == 0 || text[skip] < '0' || text[skip] > '9' ||
		(text[skip - 1] != '(' && text[skip - 1] != '['))
		return 0;
	return strtoul(text + skip, &stop, 10) == value && (*stop == ')' || *stop == ']')
		       ? end + (size_t)(stop - text) + 1
		       : 0;
}

/* The name in one word, "HandshakeFailure", as rustls and others spell it. */
static size_t camel_at(const struct paste_text *t, size_t at, const char *name)
{
	size_t len = 0;

	if (at >= t->raw.len || t->raw.data[at] < 'A' || t->raw.data[at] > 'Z')
		return 0;
	for (; *name != '\0'; name++) {
		if (*name == '_')
			continue;
		if (at + len >= t->raw.len || paste_fold((char)t->raw.data[at + len]) != *name)
			return 0;
		len++;
	}
	return paste_ends(t, at + len) ? len : 0;
}

/* "decrypt_error" and "HandshakeFailure" are nothing else; "decode error" may be prose. */
static bool is_spelt_out(const struct paste_text *t, size_t at, size_t len)
{
	return memchr(t->raw.data + at, '_', len) != NULL;
}

/* `len` bytes at folded[i] name the alert. */
static size_t take_name(struct paste_reader *r, size_t i, size_t len, unsigned alert)
{
	const struct paste_text *t = &r->text;
	size_t at = t->at[i], end = number_behind(t, at + len, alert);

	if (paste_is_taken(t, at, len) ||
		(end == 0 && len != t->raw.len && !is_spelt_out(t, at, len) &&
			!speaks_of_alerts(paste_line(t, at))))
		return 0;
	len = end != 0 ? end - at : len;
	add_alert(r, at, len, alert);
	return len;
}

static size_t name_at(struct paste_reader *r, size_t i)
{
	const struct paste_text *t = &r->text;
	size_t longest = 0;
	unsigned alert = 0;

	for (size_t k = 0; k < COUNT(others); k++) {
		size_t len = paste_phrase_at(t, i, others[k].words, strlen(others[k].words));

		alert = len > longest ? others[k].alert : alert;
		longest = len > longest ? len : longest;
	}
	for (size_t k = 0; k < alert_count(); k++) {
		const char *name = name_alert(alert_at(k)->code);
		size_t len = paste_phrase_at(t, i, name, strlen(name));

		len = len != 0 ? len : camel_at(t, t->at[i], name);
		alert = len > longest ? alert_at(k)->code : alert;
		longest = len > longest ? len : longest;
	}
	return longest != 0 ? take_name(r, i, longest, alert) : 0;
}

static void find_names(struct paste_reader *r)
{
	const struct paste_text *t = &r->text;
	size_t i = 0;

	while (i < t->n) {
		size_t len = paste_begins(t, t->at[i]) ? name_at(r, i) : 0, from = t->at[i];

		do
			i++;
		while (i < t->n && t->at[i] < from + len);
	}
}

/* "alert(21) handshake_failure(40)", "Content Type = Alert (21)": the number of the record's type, no alert's. */
static bool is_content_type(const struct paste_reader *r, size_t at, unsigned long value)
{
	enum { CONTENT_ALERT = 21 };
	const struct paste *p = r->out;
	const uint8_t *raw = r->text.raw.data;

	if (value != CONTENT_ALERT || at == 0 || raw[at - 1] != '(')
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (p->finds[i].kind == PASTE_ALERT)
			return true;
	return paste_line_has(paste_line(&r->text, at), "content type");
}

/*
 * The number behind "alert": "alert number 40", "alert [2:40]", "alert (40)", "is a fatal alert message
 * (msg 40)", "alert code is 40", "level 2, description 40". The last one on the line within reach that
 * is an alert and is not the level.
 */
static void find_number(struct paste_reader *r, size_t at)
{
	static const char *const leads[] = { "number ", "msg ", "description ", "code is ", "code ",
		":", "alert ", "(", "[", "alert: ", "= ", "desc ", "message=", "received: " };
	const struct paste_text *t = &r->text;
	struct bytes near = bytes_slice(t->raw, at, NUMBER_NEAR);
	const uint8_t *line_end = near.len != 0 ? memchr(near.data, '\n', near.len) : NULL;

	if (line_end != NULL)
		near.len = (size_t)(line_end - near.data);
	for (size_t i = 0; i < near.len; i++) {
		char text[8];
		size_t len = 0;

		while (i + len < near.len && near.data[i + len] >= '0' && near.data[i + len] <= '9')
			len++;
		if (len == 0)
			continue;
		(void)snprintf(text, sizeof text, "%.*s", (int)(len < 7 ? len : 7),
			(const char *)near.data + i);
		for (size_t k = 0; k < COUNT(leads) && len <= 3; k++) {
			size_t n = strlen(leads[k]);

			if (n > i ||
				strncasecmp((const char *)near.data + i - n, leads[k], n) != 0 ||
				!is_alert(strtoul(text, NULL, 10)) ||
				!paste_ends(t, at + i + len) ||
				(i + len < near.len && near.data[i + len] == ':'))
				continue;
			if (paste_is_taken(t, at + i, len) ||
				is_content_type(r, at + i, strtoul(text, NULL, 10)))
				return;
			add_alert(r, at + i, len, (unsigned)strtoul(text, NULL, 10));
			return;
		}
		i += len;
	}
}

void paste_find_alerts(struct paste_reader *r)
{
	const struct paste_text *t = &r->text;

	find_names(r);
	for (size_t at = 0; at + 5 <= t->raw.len; at++) {
		bool alert = strncasecmp((const char *)t->raw.data + at, "alert", 5) == 0;
		bool fatal = at + 10 <= t->raw.len &&
			     strncasecmp((const char *)t->raw.data + at, "error code", 10) == 0 &&
			     paste_line_has(paste_line(t, at), "fatal error code");

		if ((alert || fatal) && (at == 0 || !paste_is_word(t->raw.data[at - 1]) ||
						t->raw.data[at - 1] == '_'))
			find_number(r, at);
	}
}
