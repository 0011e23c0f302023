/*
 * The log with more bytes is the one that is read; of the other count the words of its own side, which nobody else can
 * know. What both show of a message in the clear has to be the same, or it was changed on the way.
 */
#include "door/log_views.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "door/log_frames.h"
#include "names/names.h"
#include "wire/handshake.h"
#include "wire/record.h"

enum { RANDOM_AT = 4 + 2, RANDOM = 32, APART = 2, ALERT = 2, MESSAGES = 24 };

static const int64_t second = 1000000000;

/* ---- copies ---- */

static const char *copy_text(struct arena *a, const char *text)
{
	return text != NULL ? arena_str(a, text) : NULL;
}

static void copy_printed(struct arena *a, struct log_facts *f)
{
	const struct printed_cert *from = f->printed;

	f->printed = f->n_printed != 0 ? arena_alloc_raw(a, PRINTED_MAX * sizeof *from) : NULL;
	if (f->printed == NULL)
		f->n_printed = 0;
	for (size_t i = 0; i < f->n_printed; i++)
		f->printed[i] = from[i];
}

static void copy_facts(struct arena *a, struct log_facts *f)
{
	for (unsigned side = 0; side < 2; side++) {
		f->library[side] = copy_text(a, f->library[side]);
		f->address[side] = copy_text(a, f->address[side]);
	}
	f->sni = copy_text(a, f->sni);
	f->name = copy_text(a, f->name);
	f->alpn = copy_text(a, f->alpn);
	f->heap.words = copy_text(a, f->heap.words);
	if (f->heap.words == NULL)
		f->heap.moment = HEAP_UNKNOWN;
	copy_printed(a, f);
}

/* Without room it is left out, and counted. */
static void add_note(struct log_conn *c, struct arena *a, const struct log_note *n)
{
	struct log_note *kept = arena_alloc_raw(a, sizeof *kept);

	if (kept == NULL) {
		c->dropped++;
		return;
	}
	*kept = *n;
	kept->next = NULL;
	kept->bytes = arena_copy(a, n->bytes);
	kept->text = copy_text(a, n->text);
	if (kept->bytes.data == NULL || (kept->text == NULL && n->text != NULL)) {
		c->dropped++;
		return;
	}
	*c->tail = kept;
	c->tail = &kept->next;
	c->n_notes++;
}

struct log_conn *view_copy(struct arena *a, const struct log_conn *c)
{
	struct log_conn *copy = arena_alloc(a, sizeof *copy);

	if (copy == NULL)
		return NULL;
	*copy = *c;
	copy->arena = NULL;
	copy->redact = NULL;
	copy->notes = NULL;
	copy->tail = &copy->notes;
	copy->n_notes = 0;
	copy_facts(a, &copy->facts);
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		add_note(copy, a, n);
	return copy;
}

size_t view_weight(const struct log_conn *c)
{
	size_t n = 0;

	for (const struct log_note *note = c->notes; note != NULL; note = note->next)
		n += note->bytes.len;
	return n;
}

/* ---- which belong together ---- */

static bool find_random(const struct log_conn *c, enum side from, uint8_t out[static RANDOM])
{
	uint8_t type = from == SIDE_CLIENT ? HS_CLIENT_HELLO : HS_SERVER_HELLO;

	for (const struct log_note *n = c->notes; n != NULL; n = n->next) {
		struct bytes b = n->bytes;

		if (n->from != from)
			continue;
		if (n->kind == LOG_WIRE && b.len > RECORD_HEADER && b.data[0] == CONTENT_HANDSHAKE)
			b = bytes_slice(b, RECORD_HEADER, b.len);
		else if (n->kind != LOG_MESSAGE || n->under_keys)
			continue;
		if (b.len < RANDOM_AT + RANDOM || b.data[0] != type)
			continue;
		memcpy(out, b.data + RANDOM_AT, RANDOM);
		return true;
	}
	return false;
}

/* Both have it: does it say that they are one? */
static bool compare_randoms(
	const struct log_conn *a, const struct log_conn *b, enum view_match *match)
{
	for (unsigned side = 0; side < 2; side++) {
		uint8_t one[RANDOM], other[RANDOM];

		if (!find_random(a, side, one) || !find_random(b, side, other))
			continue;
		*match = memcmp(one, other, RANDOM) == 0 ? VIEWS_ARE_ONE : VIEWS_DIFFER;
		return true;
	}
	return false;
}

/* A fatal one that the log tells of, or shows as a record in the clear. */
static bool find_alert(const struct log_conn *c, enum side from, struct log_note *out)
{
	for (const struct log_note *n = c->notes; n != NULL; n = n->next) {
		struct bytes b = n->bytes;
		bool told = n->kind == LOG_ALERT;
		bool shown = n->kind == LOG_WIRE && b.len == RECORD_HEADER + ALERT &&
			     b.data[0] == CONTENT_ALERT;

		if (n->from != from || (!told && !shown))
			continue;
		*out = *n;
		out->kind = LOG_ALERT;
		out->bytes = bytes_of(NULL, 0);
		out->level = told ? n->level : b.data[RECORD_HEADER];
		out->code = told ? n->code : b.data[RECORD_HEADER + 1];
		if (out->level != 1)
			return true;
	}
	return false;
}

/* 1: they say the same of something; -1: not the same; 0: they do not both speak of it. */
static int compare_numbers(bool known, unsigned a, unsigned b)
{
	return !known ? 0 : a == b ? 1 : -1;
}

static int compare_texts(const char *a, const char *b)
{
	return a == NULL || b == NULL ? 0 : strcmp(a, b) == 0 ? 1 : -1;
}

static int compare_alerts(const struct log_conn *a, const struct log_conn *b, enum side from)
{
	struct log_note one, other;

	if (!find_alert(a, from, &one) || !find_alert(b, from, &other))
		return 0;
	return one.code == other.code ? 1 : -1;
}

static int compare_times(const struct log_conn *a, const struct log_conn *b)
{
	int64_t one = a->began.time, other = b->began.time;

	if (one == LOG_NO_TIME || other == LOG_NO_TIME || log_time_undated(one) ||
		log_time_undated(other))
		return 0;
	return one - other <= APART * second && other - one <= APART * second ? 1 : -1;
}

/* Handshake messages in the clear, in their order: type and side. Returns how many. */
static size_t list_messages(const struct log_conn *c, uint16_t out[static MESSAGES])
{
	size_t n = 0;

	for (const struct log_note *note = c->notes; note != NULL && n < MESSAGES;
		note = note->next) {
		struct bytes b = note->bytes;
		uint16_t side = (uint16_t)(note->from == SIDE_SERVER ? 0x100 : 0);

		if (note->kind == LOG_CCS || note->under_keys)
			break;
		if (note->kind == LOG_SEEN)
			out[n++] = side | note->type;
		else if (note->kind == LOG_MESSAGE && b.len != 0)
			out[n++] = side | b.data[0];
		else if (note->kind == LOG_WIRE && b.len > RECORD_HEADER &&
			 b.data[0] == CONTENT_HANDSHAKE)
			out[n++] = side | b.data[RECORD_HEADER];
	}
	return n;
}

/* The one that gave up has seen less than the other has sent. */
static int compare_messages(const struct log_conn *a, const struct log_conn *b)
{
	uint16_t one[MESSAGES], other[MESSAGES];
	size_t n = list_messages(a, one), k = list_messages(b, other);
	size_t both = n < k ? n : k;

	if (both == 0)
		return 0;
	if (memcmp(one, other, both * sizeof *one) != 0)
		return -1;
	return both > 1 ? 1 : 0; /* a ClientHello is in all of them */
}

enum view_match views_match(const struct log_conn *a, const struct log_conn *b)
{
	const struct log_facts *f = &a->facts, *g = &b->facts;
	enum view_match match;
	/* The same version and the same alert are those of many handshakes: they can but speak against it. */
	const int against[] = {
		compare_numbers(f->version != 0 && g->version != 0, f->version, g->version),
		compare_alerts(a, b, SIDE_CLIENT),
		compare_alerts(a, b, SIDE_SERVER),
	};
	const int either[] = {
		compare_numbers(f->suite_known && g->suite_known, f->suite, g->suite),
		compare_texts(f->sni, g->sni),
		compare_times(a, b),
		compare_messages(a, b),
	};
	bool any = false;

	if (!f->role_known || !g->role_known || f->role == g->role || f->datagrams != g->datagrams)
		return VIEWS_DIFFER;
	if (compare_randoms(a, b, &match))
		return match;
	for (size_t i = 0; i < COUNT(against); i++)
		if (against[i] < 0)
			return VIEWS_DIFFER;
	for (size_t i = 0; i < COUNT(either); i++) {
		if (either[i] < 0)
			return VIEWS_DIFFER;
		any |= either[i] > 0;
	}
	return any ? VIEWS_MAY_BE : VIEWS_SILENT;
}

/* ---- telling them as one ---- */

static bool has_kind(const struct log_conn *c, enum log_note_kind kind, enum side from)
{
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		if (n->kind == kind && n->from == from)
			return true;
	return false;
}

static bool has_end(const struct log_conn *c)
{
	return has_kind(c, LOG_END, SIDE_CLIENT) || has_kind(c, LOG_END, SIDE_SERVER);
}

/* What only the other side can know, and what `c` does not show. */
static bool is_wanted(
	const struct log_conn *other, const struct log_note *n, bool ended, const bool chain[2])
{
	switch (n->kind) {
	case LOG_STATE:
	case LOG_RESULT:
	case LOG_FLAGS:
	case LOG_REMARK:
	case LOG_DONE:
		return n->from == other->facts.role;
	case LOG_CHAIN:
		return !chain[n->from];
	case LOG_END:
		return !ended;
	case LOG_ALERT: /* add_alerts() */
	case LOG_WIRE:
	case LOG_OPENED:
	case LOG_MESSAGE:
	case LOG_LOST:
	case LOG_DATAGRAM:
	case LOG_SEEN:
	case LOG_CCS:
	case LOG_SECRET:
	case LOG_FRAME:
		break;
	}
	return false;
}

/* A line of another file is no line of this one, nor its clock this one's. */
static void add_from(
	struct log_conn *c, struct arena *a, const struct log_note *n, const char *name)
{
	struct log_note note = *n;

	note.at.time = LOG_NO_TIME;
	if (name != NULL)
		note.at.line = 0;
	if (name != NULL && n->kind == LOG_REMARK && n->text != NULL)
		note.text = arena_printf(
			a, "%s:%llu: %s", name, (unsigned long long)n->at.line, n->text);
	add_note(c, a, &note);
}

static void fill_facts(struct log_conn *c, struct arena *a, const struct log_facts *other)
{
	struct log_facts *f = &c->facts, theirs = *other;

	copy_facts(a, &theirs);
	f->library[other->role] = theirs.library[other->role];
	f->version = f->version != 0 ? f->version : theirs.version;
	f->group = f->group != 0 ? f->group : theirs.group;
	f->sni = f->sni != NULL ? f->sni : theirs.sni;
	f->name = f->name != NULL ? f->name : theirs.name;
	f->alpn = f->alpn != NULL ? f->alpn : theirs.alpn;
	f->resumed |= theirs.resumed;
	if (!f->suite_known && theirs.suite_known) {
		f->suite_known = true;
		f->suite = theirs.suite;
	}
	for (unsigned side = 0; side < 2; side++)
		if (f->address[side] == NULL) {
			f->address[side] = theirs.address[side];
			f->port[side] = theirs.port[side];
		}
}

/* Said by the one that received it. */
static void tell_difference(struct log_conn *c, struct arena *a, const struct view_difference *d)
{
	const char *name = name_handshake_title(d->type);
	struct log_note n = { .kind = LOG_REMARK,
		.from = side_other(d->from),
		.at = { 0, LOG_NO_TIME },
		.saying = SAYING_altered };

	if (d->len[0] != d->len[1])
		n.text = arena_printf(a,
			"%s: %zu bytes in the log of who sent it, %zu in that of who "
			"received it",
			name != NULL ? name : "a message", d->len[0], d->len[1]);
	else
		n.text = arena_printf(a,
			"%s, byte %zu: %02x in the log of who sent it, %02x in that "
			"of who received it",
			name != NULL ? name : "a message", d->at, d->sent, d->received);
	if (n.text != NULL)
		add_note(c, a, &n);
}

static void compare_bytes(struct log_conn *c, struct arena *a, const struct log_conn *other)
{
	struct view_difference d;

	for (unsigned side = 0; side < 2; side++) {
		const struct log_conn *sender = c->facts.role == side ? c : other;

		if (views_differ(sender, sender == c ? other : c, side, &d))
			tell_difference(c, a, &d);
	}
}

/* Who receives nothing more does not see what was sent last; who goes does not wait for an answer. */
static void add_alerts(
	struct log_conn *c, struct arena *a, const struct log_conn *other, const char *name)
{
	struct log_note known, alert;

	for (unsigned side = 0; side < 2; side++)
		if (!find_alert(c, side, &known) && find_alert(other, side, &alert))
			add_from(c, a, &alert, name);
}

/* What a library returns because of what the other side did (ssl.h, net_sockets.h of mbedTLS). */
static bool is_effect(int64_t code)
{
	enum {
		HIGH = 0x7f80,
		FATAL_ALERT = 0x7780,
		CONN_EOF = 0x7280,
		CLOSE_NOTIFY = 0x7880,
		TIMEOUT = 0x6800,
		RESET = 0x0050,
		RECEIVE = 0x004c
	};
	int64_t high = -code & HIGH;

	return high == FATAL_ALERT || high == CONN_EOF || high == CLOSE_NOTIFY || high == TIMEOUT ||
	       code == -RESET || code == -RECEIVE;
}

/* Does its own program give a reason, and not only say that the other side went? */
static bool gives_reason(const struct log_conn *c)
{
	for (const struct log_note *n = c->notes; n != NULL; n = n->next) {
		if (n->from != c->facts.role)
			continue;
		if (n->kind == LOG_RESULT && n->value != 0 && !is_effect(n->value))
			return true;
		if (n->kind == LOG_REMARK && n->saying != SAYING_peer_closed &&
			n->saying != SAYING_reset && n->saying != SAYING_timeout)
			return true;
	}
	return false;
}

/* That a side went, which has said why. */
static void drop_ends(struct log_conn *c, enum side from)
{
	struct log_note **at = &c->notes;

	while (*at != NULL)
		if ((*at)->kind == LOG_END && (*at)->from == from) {
			*at = (*at)->next;
			c->n_notes--;
		} else {
			at = &(*at)->next;
		}
	c->tail = at;
}

void view_add(struct log_conn *c, struct arena *a, const struct log_conn *other, const char *name)
{
	bool ended = has_end(c) || gives_reason(c);
	const bool chain[2] = { has_kind(c, LOG_CHAIN, SIDE_CLIENT),
		has_kind(c, LOG_CHAIN, SIDE_SERVER) };

	compare_bytes(c, a, other);
	fill_facts(c, a, &other->facts);
	if (gives_reason(other) && !gives_reason(c)) {
		c->facts.role = other->facts.role; /* whose word counts for how it ended */
		drop_ends(c, other->facts.role);
	}
	add_alerts(c, a, other, name);
	for (const struct log_note *n = other->notes; n != NULL; n = n->next)
		if (is_wanted(other, n, ended, chain))
			add_from(c, a, n, name);
	c->dropped += other->dropped;
}
