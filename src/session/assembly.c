/* One direction of a connection, from pieces of handshake records to messages. */
#include "base/memory.h"
#include "session/conn.h"

#include <stdlib.h>

enum { SSL2_HEADER = 2, SSL2_VERSION = 0x0002, LONGEST_LIKELY = 1 << 15 };

bool message_plausible(const uint8_t header[static 4], uint32_t record_length)
{
	size_t length = (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];

	switch (header[0]) {
	case HS_CLIENT_HELLO:
	case HS_SERVER_HELLO:
	case HS_CERTIFICATE:
	case HS_SERVER_KEY_EXCHANGE:
	case HS_CERTIFICATE_REQUEST: /* may go on in further records */
		return length >= 3 && length <= LONGEST_LIKELY;
	case HS_HELLO_REQUEST:
	case HS_SERVER_HELLO_DONE:
		return length == 0;
	case HS_NEW_SESSION_TICKET:
	case HS_HELLO_RETRY_REQUEST:
	case HS_CERTIFICATE_VERIFY:
	case HS_CLIENT_KEY_EXCHANGE:
	case HS_FINISHED:
	case HS_CERTIFICATE_STATUS:
	case HS_SUPPLEMENTAL_DATA:
		return length + HANDSHAKE_HEADER <= record_length;
	default:
		return false;
	}
}

static size_t body_length(const uint8_t *header)
{
	return (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
}

/* Out of the budget of one handshake. */
static void give_up(struct conn *c)
{
	attempt_skim(c, SKIM_MEMORY);
}

static struct event new_message(const struct conn *c, unsigned dir, const uint8_t *header)
{
	const struct stream *s = &c->stream[dir];

	return (struct event){
		.kind = EVENT_MESSAGE,
		.from = conn_side(c, dir),
		.type = header[0],
		.record_version = s->record.version,
		.n_records = 1,
		.record_length = s->record.length,
		.length = body_length(header),
		.opened = c->lane[dir].opening,
	};
}

static void deliver(struct conn *c, struct event *ev, struct bytes raw, const struct span *spans,
	size_t n_spans)
{
	if (!message_deliver(c, ev, raw, spans, n_spans))
		give_up(c);
}

/* The common case: the message lies whole in the segment at hand. */
static void deliver_whole(struct conn *c, unsigned dir, struct bytes raw, struct arrival at)
{
	struct span span = { 0, at.packet, at.time };
	struct event ev = new_message(c, dir, raw.data);

	ev.packet = at.packet;
	ev.time = at.time;
	deliver(c, &ev, raw, &span, 1);
}

static void message_clear(struct assembly *a)
{
	a->have = 0;
	a->total = 0;
	a->missing = 0;
	a->cut = false;
	a->n_hidden = 0;
	a->n_spans = 0;
}

/* Bytes of the message before its first hole. */
static size_t unbroken(const struct assembly *a)
{
	return a->n_hidden != 0 ? HANDSHAKE_HEADER + a->hidden[0].at : a->have;
}

static size_t seen(const struct assembly *a)
{
	size_t n = a->have;

	for (size_t i = 0; i < a->n_hidden; i++)
		n -= a->hidden[i].length;
	return n;
}

static void deliver_assembled(struct conn *c, unsigned dir)
{
	struct assembly *a = &c->stream[dir].message;
	struct event ev = new_message(c, dir, a->data);

	ev.packet = a->began.packet;
	ev.time = a->began.time;
	ev.record_version = a->record_version;
	ev.n_records = a->n_records;
	ev.record_length = a->record_length;
	if (seen(a) < a->total) {
		ev.unread = true;
		ev.wrong = (struct parse_err){ PARSE_CUT, "body", unbroken(a) - HANDSHAKE_HEADER,
			a->total - HANDSHAKE_HEADER, seen(a) - HANDSHAKE_HEADER };
	}
	deliver(c, &ev, bytes_of(a->data, unbroken(a)), a->spans, a->n_spans);
	if (a->n_hidden != 0 && a->have == a->total && c->hs != NULL)
		message_outline(c, &ev,
			bytes_slice(bytes_of(a->data, a->have), HANDSHAKE_HEADER, a->have),
			a->hidden, a->n_hidden);
	message_clear(a);
}

static void deliver_ssl2(struct conn *c, unsigned dir)
{
	struct assembly *a = &c->stream[dir].message;
	struct event ev = {
		.kind = EVENT_MESSAGE,
		.from = conn_side(c, dir),
		.type = HS_CLIENT_HELLO,
		.record_version = SSL2_VERSION,
		.n_records = 1,
		.record_length = (uint32_t)(a->total - SSL2_HEADER),
		.length = a->total,
		.packet = a->began.packet,
		.time = a->began.time,
	};

	deliver(c, &ev, bytes_of(a->data, a->have), a->spans, a->n_spans);
	message_clear(a);
}

/* ---- growing ---- */

static bool reserve(struct assembly *a, size_t more)
{
	size_t size = a->size != 0 ? a->size : 2048;
	uint8_t *data;

	while (size < a->have + more)
		size *= 2;
	if (size == a->size)
		return true;
	if ((data = memory_resize(a->data, size)) == NULL)
		return false;
	a->data = data;
	a->size = size;
	return true;
}

/* Beyond SPANS_MAX packets the last span stands for the rest. */
static bool add_span(struct assembly *a, struct arrival at)
{
	if (a->n_spans != 0 &&
		(a->spans[a->n_spans - 1].packet == at.packet || a->n_spans == SPANS_MAX))
		return true;
	if (a->n_spans == a->spans_size) {
		size_t size = a->spans_size != 0 ? 2 * a->spans_size : 8;
		struct span *spans = memory_resize(a->spans, size * sizeof *spans);

		if (spans == NULL)
			return false;
		a->spans = spans;
		a->spans_size = size;
	}
	a->spans[a->n_spans++] = (struct span){ (uint32_t)a->have, at.packet, at.time };
	return true;
}

static void note_record(struct assembly *a, const struct conn *c, unsigned dir)
{
	const struct record *r = &c->stream[dir].record;
	uint64_t n = c->lane[dir].records;

	if (a->have != 0 && a->record == n)
		return;
	if (a->have == 0) {
		a->n_records = 0;
		a->record_length = 0;
		a->record_version = r->version;
	}
	a->n_records++;
	a->record = n;
	if (r->length > a->record_length)
		a->record_length = r->length;
}

static bool append(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct assembly *a = &c->stream[dir].message;

	if (a->have == 0)
		a->began = at;
	note_record(a, c, dir);
	if (!add_span(a, at) || !reserve(a, b.len)) {
		give_up(c);
		return false;
	}
	memcpy(a->data + a->have, b.data, b.len);
	a->have += b.len;
	return true;
}

/* ---- the parts of a message ---- */

/* A message is kept twice for a moment, and the rest of its handshake beside it. */
static size_t longest(const struct conn *c)
{
	return c->session->limits.handshake_bytes / 4 * 3;
}

/*
 * A length that its kind of message cannot have, or that none has in practice: a peer would wait for
 * all of it or refuse. That it was begun is shown, and messages are looked for again from the next
 * record on.
 */
static size_t refuse(struct conn *c, unsigned dir, struct bytes rest)
{
	struct assembly *a = &c->stream[dir].message;
	struct event ev = new_message(c, dir, a->data);
	size_t most = handshake_body_max(ev.type);
	bool lies = ev.length > most;

	ev.packet = a->began.packet;
	ev.time = a->began.time;
	ev.n_records = a->n_records;
	ev.unread = true;
	ev.wrong = (struct parse_err){ lies ? PARSE_RANGE : PARSE_LIMIT, "length", 0,
		lies ? most : longest(c), (size_t)ev.length };
	c->session->totals.long_messages += !lies;
	deliver(c, &ev, bytes_of(a->data, a->have), a->spans, a->n_spans);
	message_clear(a);
	a->lost = true;
	return rest.len;
}

static size_t take_header(struct conn *c, unsigned dir, struct bytes piece, struct arrival at)
{
	struct assembly *a = &c->stream[dir].message;
	size_t n = HANDSHAKE_HEADER - a->have;

	if (n > piece.len)
		n = piece.len;
	if (!append(c, dir, bytes_slice(piece, 0, n), at) || a->have < HANDSHAKE_HEADER)
		return n;
	a->missing = body_length(a->data);
	a->total = HANDSHAKE_HEADER + a->missing;
	if (a->missing > longest(c) || a->missing > handshake_body_max(a->data[0]))
		return refuse(c, dir, piece);
	if (a->missing == 0)
		deliver_assembled(c, dir);
	return n;
}

static size_t take_body(struct conn *c, unsigned dir, struct bytes piece, struct arrival at)
{
	struct assembly *a = &c->stream[dir].message;
	struct bytes part = bytes_slice(piece, 0, a->missing);

	if (a->cut) {
		note_record(a, c, dir);
	} else if (!append(c, dir, part, at)) {
		return part.len;
	}
	a->missing -= part.len;
	if (a->missing == 0)
		deliver_assembled(c, dir);
	return part.len;
}

void assembly_feed(struct conn *c, unsigned dir, struct bytes piece, struct arrival at)
{
	struct assembly *a = &c->stream[dir].message;

	while (piece.len != 0 && !c->done && !a->lost && c->hs->skimmed == SKIM_NOT) {
		size_t n;

		if (a->have == 0 && piece.len >= HANDSHAKE_HEADER &&
			body_length(piece.data) <= piece.len - HANDSHAKE_HEADER) {
			n = HANDSHAKE_HEADER + body_length(piece.data);
			deliver_whole(c, dir, bytes_slice(piece, 0, n), at);
		} else if (a->have < HANDSHAKE_HEADER) {
			n = take_header(c, dir, piece, at);
		} else {
			n = take_body(c, dir, piece, at);
		}
		piece = bytes_slice(piece, n, piece.len);
	}
}

size_t assembly_ssl2(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct assembly *a = &c->stream[dir].message;
	size_t want = (a->have < SSL2_HEADER ? SSL2_HEADER : a->total) - a->have;
	struct bytes part = bytes_slice(b, 0, want);

	if (!append(c, dir, part, at))
		return part.len;
	if (a->have == SSL2_HEADER)
		a->total = SSL2_HEADER + ((size_t)(a->data[0] & 0x7f) << 8 | a->data[1]);
	if (a->have == a->total)
		deliver_ssl2(c, dir);
	return part.len;
}

/* A ServerKeyExchange with holes has an outline: zeros stand for what was not seen. */
static bool hide(struct conn *c, unsigned dir, size_t bytes)
{
	struct assembly *a = &c->stream[dir].message;

	if (a->cut || a->data[0] != HS_SERVER_KEY_EXCHANGE || a->n_hidden == HIDDEN_MAX)
		return false;
	if (reserve(a, bytes)) {
		a->hidden[a->n_hidden++] = (struct hidden){ a->have - HANDSHAKE_HEADER, bytes };
		memset(a->data + a->have, 0, bytes);
		a->have += bytes;
	} else {
		give_up(c);
	}
	return true;
}

void assembly_hole(struct conn *c, unsigned dir, size_t bytes)
{
	struct assembly *a = &c->stream[dir].message;

	if (a->have < HANDSHAKE_HEADER || bytes > a->missing) {
		assembly_cut(c, dir);
		a->lost = true;
		return;
	}
	a->cut = !hide(c, dir, bytes);
	a->missing -= bytes;
	if (a->missing == 0)
		deliver_assembled(c, dir);
}

void assembly_forget(struct conn *c, unsigned dir)
{
	struct assembly *a = &c->stream[dir].message;

	message_clear(a);
	a->lost = true;
	if (a->size <= BUFFER_KEPT)
		return;
	free(a->data);
	a->data = NULL;
	a->size = 0;
}

void assembly_cut(struct conn *c, unsigned dir)
{
	struct assembly *a = &c->stream[dir].message;

	if (a->have >= HANDSHAKE_HEADER && c->hs != NULL && c->hs->skimmed == SKIM_NOT &&
		c->stream[dir].state != STREAM_SSL2)
		deliver_assembled(c, dir);
	else
		message_clear(a);
}
