/* Facts read in one way by all the rules that ask for them, and how they are named. */
#include "diagnose/rule.h"

#include "base/array.h"

#include "base/calendar.h"

#include <stdio.h>

const char *side_name(enum side s)
{
	return s == SIDE_CLIENT ? "the client" : "the server";
}

const char *source_name(const struct handshake *hs)
{
	return source_words(hs->logged)->name;
}

const char *version_title(uint16_t version)
{
	if (version >> 8 == 0x7f)
		return "a draft of TLS 1.3";
	switch (version) {
	case 0x0002:
		return "SSL 2.0";
	case 0x0300:
		return "SSL 3.0";
	case 0x0301:
		return "TLS 1.0";
	case 0x0302:
		return "TLS 1.1";
	case 0x0303:
		return "TLS 1.2";
	case 0x0304:
		return "TLS 1.3";
	default:
		return "an unknown version";
	}
}

uint16_t client_hello_highest(const struct client_hello *hello)
{
	uint16_t best = 0;

	if (!hello->ext.has_versions)
		return hello->version;
	for (size_t i = 0; i < u16s_count(&hello->ext.versions); i++) {
		uint16_t v = u16s_at(&hello->ext.versions, i);

		if (!is_grease(v) && v > best)
			best = v;
	}
	return best;
}

struct code_text group_text(uint16_t group)
{
	struct code_text t;

	name_or_hex(t.text, name_group(group), group);
	return t;
}

struct code_text scheme_text13(uint16_t scheme)
{
	struct code_text t;

	name_or_hex(t.text, name_scheme(scheme), scheme);
	return t;
}

/* Checks ask for names whether or not anybody reads them, too often for printf. */
static void text_add(struct code_text *t, const char *more)
{
	size_t n = strlen(t->text), i = 0;

	for (; more[i] != '\0' && n + i + 1 < sizeof t->text; i++)
		t->text[n + i] = more[i];
	t->text[n + i] = '\0';
}

struct code_text scheme_text12(uint16_t scheme)
{
	struct scheme s = scheme_decode(scheme);
	struct code_text t;

	t.text[0] = '\0';
	if (s.signature == SIG_OTHER) {
		name_or_hex(t.text, NULL, scheme);
		return t;
	}
	if (s.hash != HASH_INTRINSIC) {
		text_add(&t, hash_title(s.hash));
		text_add(&t, " with ");
	}
	text_add(&t, signature_kind_title(s.signature));
	return t;
}

struct code_text extension_text(uint16_t type)
{
	struct code_text t;

	name_or_hex(t.text, name_extension(type), type);
	return t;
}

const struct cert *leaf(const struct handshake *hs, enum side s)
{
	return hs->side[s].n_certs != 0 && hs->side[s].certs[0]->spki.len != 0
		       ? hs->side[s].certs[0]
		       : NULL;
}

bool captured_twice(const struct handshake *hs)
{
	return hs->side[SIDE_CLIENT].repeats.random != 0 &&
	       hs->side[SIDE_CLIENT].repeats.random == hs->side[SIDE_SERVER].repeats.random;
}

bool server_group(const struct handshake *hs, uint16_t *group, struct place *at)
{
	if (hs->ske.has_group) {
		*group = hs->ske.group;
		*at = handshake_place(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, 1, 2);
		return true;
	}
	if (hs->outline.seen) {
		*group = hs->outline.group;
		*at = message_place(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE);
		return true;
	}
	if (hs->server_hello.seen && hs->server_hello.ext.n_shares != 0) {
		*group = hs->server_hello.ext.shares[0].group;
		*at = handshake_place(hs, SIDE_SERVER, HS_SERVER_HELLO,
			hs->server_hello.ext.shares[0].at, hs->server_hello.ext.shares[0].key.len);
		return true;
	}
	return false;
}

static const struct extension *repeated(const struct extension *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (list[k].type == list[i].type)
				return &list[i];
	return NULL;
}

const struct extension *extensions_repeated(const struct extensions *ext)
{
	return repeated(ext->list, ext->n);
}

const struct extension *encrypted_repeated(const struct encrypted_extensions *ext)
{
	return repeated(ext->list, ext->n);
}

const struct extension *encrypted_misplaced(const struct encrypted_extensions *ext)
{
	/* RFC 8446 4.2 has these for other messages, or for no message of TLS 1.3. */
	static const uint16_t elsewhere[] = { EXT_STATUS_REQUEST, EXT_EC_POINT_FORMATS,
		EXT_SIGNATURE_ALGORITHMS, EXT_SIGNED_CERTIFICATE_TIMESTAMP, EXT_PADDING,
		EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET, EXT_SESSION_TICKET,
		EXT_PRE_SHARED_KEY, EXT_SUPPORTED_VERSIONS, EXT_COOKIE, EXT_PSK_KEY_EXCHANGE_MODES,
		EXT_CERTIFICATE_AUTHORITIES, EXT_SIGNATURE_ALGORITHMS_CERT, EXT_KEY_SHARE,
		EXT_RENEGOTIATION_INFO };

	for (size_t i = 0; i < ext->n; i++)
		for (size_t k = 0; k < COUNT(elsewhere); k++)
			if (ext->list[i].type == elsewhere[k])
				return &ext->list[i];
	return NULL;
}

const struct gap_fact *gap_hides(const struct handshake *hs, enum side s, uint8_t type)
{
	const struct gap_fact *any = NULL;

	for (size_t i = 0; i < hs->n_gaps; i++) {
		if (hs->gaps[i].from != s)
			continue;
		if (hs->gaps[i].has_message && hs->gaps[i].in_message == type)
			return &hs->gaps[i];
		any = &hs->gaps[i];
	}
	return any;
}

const char *why_unseen(const struct handshake *hs, enum side s, uint8_t type)
{
	const struct gap_fact *gap = gap_hides(hs, s, type);

	if (hs->logged)
		return "the log does not show it";
	if (gap != NULL)
		return gap->reason == GAP_CUT ? "its packets were cut short by the capture"
					      : "the capture lost packets there";
	if (hs->midway)
		return "the capture begins after it";
	return "it was not sent before the end";
}

bool message_cut(const struct handshake *hs, enum side s, uint8_t type)
{
	const struct event *ev = handshake_message(hs, s, type);

	return ev != NULL && (ev->unread || ev->wrong.code == PARSE_CUT);
}

bool message_partial(const struct handshake *hs, enum side s, uint8_t type)
{
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_MESSAGE && ev->from == s && ev->type == type &&
			ev->wrong.code != PARSE_OK)
			return true;
	}
	return false;
}

/*
 * RFC 8446 6.2: decode_error says that a length is wrong. For a length that is far above any of its
 * kind, OpenSSL says illegal_parameter, others that they have no room.
 */
static bool refused_unread(const struct handshake *hs, const struct event *ev)
{
	const struct sent_alert *alert = handshake_fatal_alert(hs);
	const struct direction *sender = &hs->side[ev->from].tcp;

	if (alert == NULL || alert->from == ev->from || alert->packet < ev->packet ||
		hs->n_gaps == GAPS_MAX || gap_hides(hs, ev->from, ev->type) != NULL)
		return false;
	if (sender->fin &&
		direction_fin_place(sender) < alert->packet) /* it speaks of the closing */
		return false;
	return alert->code == 50 ||
	       (ev->wrong.code == PARSE_LIMIT && (alert->code == 47 || alert->code == 80));
}

const char *message_title(uint8_t type)
{
	const char *title = name_handshake_title(type);

	return title != NULL ? title : "a message of unknown type";
}

const char *event_title(const struct event *ev)
{
	switch (ev->kind) {
	case EVENT_CHANGE_CIPHER_SPEC:
		return "ChangeCipherSpec";
	case EVENT_BROKEN:
		return ev->content_type == CONTENT_ALERT ? "Alert" : "ChangeCipherSpec";
	case EVENT_ALERT:
		return "Alert";
	case EVENT_PROTECTED:
		return "a protected record";
	case EVENT_PLAIN:
		return "record";
	case EVENT_MESSAGE:
		return message_title(ev->type);
	case EVENT_GAP:
	case EVENT_FIN:
	case EVENT_RST:
	case EVENT_UNREACHABLE:
	case EVENT_SKIMMED:
	case EVENT_EMPTY:
		break;
	}
	return "something";
}

/* Of what is no message nothing is read but that it came, and when. */
static bool broken_record(const struct event *ev)
{
	return ev->kind != EVENT_MESSAGE && ev->wrong.code != PARSE_OK && !ev->late;
}

const struct event *malformed_message(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];
		enum parse_code code = ev->wrong.code;

		if (broken_record(ev))
			return ev;
		if (ev->kind != EVENT_MESSAGE || code == PARSE_OK)
			continue;
		if (code == PARSE_CUT || (code == PARSE_LIMIT && ev->unread)
				? refused_unread(hs, ev)
				: code != PARSE_LIMIT)
			return ev;
	}
	return NULL;
}

void wrong_text(const struct event *ev, char *out, size_t size)
{
	unsigned long long length = ev->length;

	if (ev->kind == EVENT_PLAIN)
		(void)snprintf(out, size, "its header is none: no record of TLS begins with 0x%02x",
			ev->raw.len != 0 ? ev->raw.data[0] : 0);
	else if (!ev->unread)
		parse_err_text(&ev->wrong, out, size);
	else if (ev->wrong.code == PARSE_CUT)
		(void)snprintf(out, size, "breaks off: %zu of its %zu bytes are there",
			ev->wrong.have, ev->wrong.need);
	else if (ev->wrong.code == PARSE_RANGE)
		(void)snprintf(out, size, "says it has %llu bytes; it cannot have more than %zu",
			length, ev->wrong.need);
	else
		(void)snprintf(out, size,
			"says it has %llu bytes: more than the %zu that are read of one", length,
			ev->wrong.need);
}

/* Both are of one type, but in early drafts: then the ServerHello is the second. */
struct place server_hello_place(
	const struct handshake *hs, const struct server_hello *hello, size_t offset, size_t length)
{
	bool draft = handshake_message(hs, SIDE_SERVER, HS_HELLO_RETRY_REQUEST) != NULL;
	bool retry = hello == &hs->hello_retry;
	size_t before = !retry && !draft && hs->hello_retry.seen ? 1 : 0;
	uint8_t type = retry && draft ? HS_HELLO_RETRY_REQUEST : HS_SERVER_HELLO;

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_MESSAGE && ev->from == SIDE_SERVER && ev->type == type &&
			before-- == 0)
			return event_place(ev, offset, length);
	}
	return (struct place){ 0 };
}

struct place message_place(const struct handshake *hs, enum side s, uint8_t type)
{
	const struct event *ev = handshake_message(hs, s, type);

	return ev != NULL ? event_place(ev, 0, ev->length) : (struct place){ 0 };
}

enum status status_worse(enum status a, enum status b)
{
	static const int rank[] = {
		[NOT_APPLICABLE] = 0,
		[PASS] = 1,
		[UNKNOWN] = 2,
		[WARN] = 3,
		[FAIL] = 4,
	};

	return rank[b] > rank[a] ? b : a;
}

void date_text(int64_t seconds, char out[static 32])
{
	struct moment m = calendar_moment(seconds);

	(void)snprintf(out, 32, "%04lld-%02u-%02u %02u:%02u:%02u UTC", (long long)m.year, m.month,
		m.day, m.hour, m.minute, m.second);
}

const char *without_alert(const struct handshake *hs, enum side by)
{
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].from == by && hs->alerts[i].level == ALERT_LEVEL_WARNING)
			return "after a warning, and without a fatal alert";
	return "without an alert";
}
