/* Bytes are told by their own lengths: a record, a message or a packet that ends where its header says. */
#include "log/flight.h"

#include "base/array.h"
#include "log/frame.h"
#include "log/scan.h"
#include "names/names.h"
#include "wire/handshake.h"
#include "wire/record.h"

enum { KEY_TALK = 0, KEY_FRAMES = 1, HELLO_RANDOM_AT = HANDSHAKE_HEADER + 2 };
enum { DTLS_RECORD_HEADER = 13, SEARCHED_MAX = 4096, MESSAGES_LEAST = 12, CHAIN_ENOUGH = 64 };

enum flight_kind { FLIGHT_NONE, FLIGHT_RECORDS, FLIGHT_MESSAGES, FLIGHT_DATAGRAM, FLIGHT_FRAME };

struct flight {
	enum flight_kind kind;
	uint64_t owed;  /* bytes that the last record or message lacks */
	uint64_t end;   /* of what was understood */
	uint64_t split; /* behind the record after which it is the other side's turn; 0 nowhere */
	bool side_known;
	enum side side;
	bool client_hello, server_hello, retry, server_done, certificate, alert;
	bool ccs;      /* what follows it is encrypted */
	uint32_t link; /* of a frame */
};

static size_t be16(struct bytes b, size_t at)
{
	return (size_t)b.data[at] << 8 | b.data[at + 1];
}

static size_t be24(struct bytes b, size_t at)
{
	return (size_t)b.data[at] << 16 | be16(b, at + 1);
}

static void side_is(struct flight *f, enum side side)
{
	if (f->side_known)
		return;
	f->side_known = true;
	f->side = side;
}

/* RFC 8446 4.1.3: the random of a HelloRetryRequest; four bytes of it are sure enough. */
static bool is_retry(struct bytes message)
{
	static const uint8_t random[] = { 0xcf, 0x21, 0xad, 0x74 };

	return bytes_equal(bytes_slice(message, HELLO_RANDOM_AT, sizeof random),
		bytes_of(random, sizeof random));
}

/* What a message tells of who sent it, and of where the conversation stands. */
static void look_at_message(struct flight *f, struct bytes m)
{
	switch (m.data[0]) {
	case HS_CLIENT_HELLO:
		f->client_hello = true;
		side_is(f, SIDE_CLIENT);
		break;
	case HS_CLIENT_KEY_EXCHANGE:
		side_is(f, SIDE_CLIENT);
		break;
	case HS_SERVER_HELLO:
		f->retry = is_retry(m);
		f->server_hello = true;
		side_is(f, SIDE_SERVER);
		break;
	case HS_SERVER_HELLO_DONE:
		f->server_done = true;
		side_is(f, SIDE_SERVER);
		break;
	case HS_HELLO_VERIFY_REQUEST:
		f->retry = f->server_hello = true;
		side_is(f, SIDE_SERVER);
		break;
	case HS_HELLO_REQUEST:
	case HS_NEW_SESSION_TICKET:
	case HS_SERVER_KEY_EXCHANGE:
	case HS_CERTIFICATE_REQUEST:
	case HS_CERTIFICATE_STATUS:
		side_is(f, SIDE_SERVER);
		break;
	case HS_CERTIFICATE:
		f->certificate = true;
		break;
	default:
		break;
	}
}

/* ---- records ---- */

/* The messages that lie whole, or at least begin, in what is there of a record. */
static void look_into(struct flight *f, struct bytes fragment)
{
	while (fragment.len >= HANDSHAKE_HEADER && be24(fragment, 1) <= 1u << 17 &&
		name_handshake_type(fragment.data[0]) != NULL) {
		look_at_message(f, fragment);
		fragment =
			bytes_slice(fragment, HANDSHAKE_HEADER + be24(fragment, 1), fragment.len);
	}
}

static void look_at_record(struct flight *f, const struct record_header *h, struct bytes fragment)
{
	if (h->type == CONTENT_CHANGE_CIPHER_SPEC)
		f->ccs = true;
	else if (h->type == CONTENT_ALERT)
		f->alert = true;
	else if (h->type == CONTENT_HANDSHAKE && !f->ccs)
		look_into(f, fragment);
}

/* A record by itself is told by more than its header, where it is not there whole. */
static bool first_record_fits(const struct record_header *h, struct bytes fragment, uint64_t left)
{
	if (!(h->type >= CONTENT_CHANGE_CIPHER_SPEC && h->type <= CONTENT_APPLICATION_DATA) ||
		h->length == 0)
		return false;
	if (h->length <= left)
		return true;
	return h->type == CONTENT_APPLICATION_DATA ||
	       (h->type == CONTENT_HANDSHAKE && fragment.len >= HANDSHAKE_HEADER &&
		       name_handshake_type(fragment.data[0]) != NULL);
}

/* Do records follow one another from there to the end, or nearly? */
static bool chains_to_end(const struct holed *h, uint64_t at)
{
	uint64_t total = holed_total(h), begun = at;
	struct record_header header;

	for (unsigned n = 0; at + RECORD_HEADER <= total; n++) {
		struct bytes b = holed_from(h, at);

		if (!record_plausible(b) || !record_parse_header(b, &header) || header.length == 0)
			return false;
		at += RECORD_HEADER + header.length;
		if (n == CHAIN_ENOUGH)
			return true;
	}
	return at == total && at != begun;
}

/*
 * A record ends where no other begins: lines of it may be lost, of a dump without offsets. If the records
 * behind it are found before its end they are of the sender's stream too, and what lacks is missing from it:
 * where in it cannot be told, so only its beginning is kept.
 */
static bool mend(struct holed *h, uint64_t at, const struct record_header *header)
{
	enum { KEPT = RECORD_HEADER + HANDSHAKE_HEADER };
	uint64_t end = at + RECORD_HEADER + header->length, total = holed_total(h);

	for (uint64_t p = at + KEPT; p < end && p < total; p++) {
		struct bytes b = holed_from(h, p);

		if (b.len < RECORD_HEADER || b.data[1] != 3 || !chains_to_end(h, p))
			continue;
		holed_punch(h, at + KEPT, p, end - at - KEPT);
		return true;
	}
	return false;
}

/* At the end, or where another record may begin. */
static bool ends_well(const struct holed *h, uint64_t at)
{
	uint64_t total = holed_total(h);
	struct bytes b = holed_from(h, at);

	return at + RECORD_HEADER > total ? at <= total
					  : b.len < RECORD_HEADER || record_plausible(b);
}

static bool read_records(struct holed *h, struct flight *f)
{
	uint64_t at = 0, total = holed_total(h);
	struct record_header header;

	while (at < total) {
		struct bytes b = holed_from(h, at), fragment;

		if (!record_plausible(b) || !record_parse_header(b, &header))
			break;
		fragment = bytes_slice(b, RECORD_HEADER, header.length);
		if (at == 0 && !first_record_fits(&header, fragment, total - RECORD_HEADER))
			return false;
		look_at_record(f, &header, fragment);
		if (!ends_well(h, at + RECORD_HEADER + header.length) && mend(h, at, &header))
			total = holed_total(h);
		at += RECORD_HEADER + header.length;
		if (f->split == 0 && (f->client_hello || f->server_done || f->retry) && at <= total)
			f->split = at;
	}
	if (at == 0)
		return false;
	/* the header of a record may be cut in itself: a few bytes that could begin one */
	f->owed = at > total ? at - total : 0;
	f->end = at > total || total - at < RECORD_HEADER ? total : at;
	f->kind = FLIGHT_RECORDS;
	return true;
}

/* ---- messages without records ---- */

/* A message that is not there whole is told by what it holds. */
static bool message_begins(struct bytes b)
{
	uint8_t framed[RECORD_HEADER + HANDSHAKE_HEADER + 2] = { CONTENT_HANDSHAKE, 3, 1, 1, 0 };
	enum hello_probe probe;

	if (b.len < HANDSHAKE_HEADER + 6)
		return false;
	if (b.data[0] == HS_CERTIFICATE)
		return be24(b, 4) + 3 == be24(b, 1) && be24(b, 7) + 3 <= be24(b, 4) &&
		       (b.len == HANDSHAKE_HEADER + 6 || b.data[10] == 0x30);
	memcpy(framed + RECORD_HEADER, b.data, sizeof framed - RECORD_HEADER);
	probe = record_probe_hello(bytes_of(framed, sizeof framed));
	return probe == HELLO_CLIENT || probe == HELLO_SERVER;
}

static bool read_messages(const struct holed *h, struct flight *f)
{
	uint64_t at = 0, total = holed_total(h);

	if (total < MESSAGES_LEAST)
		return false;
	while (at < total) {
		struct bytes b = holed_from(h, at);

		if (b.len < HANDSHAKE_HEADER || name_handshake_type(b.data[0]) == NULL ||
			b.data[1] != 0)
			return false;
		if (at == 0 && be24(b, 1) == 0)
			return false;
		look_at_message(f, b);
		at += HANDSHAKE_HEADER + be24(b, 1);
	}
	if (at > total && !message_begins(holed_from(h, 0)))
		return false;
	f->owed = at - total;
	f->end = total;
	f->kind = FLIGHT_MESSAGES;
	return true;
}

/* ---- what they are ---- */

static bool read_datagram(const struct holed *h, struct flight *f)
{
	struct bytes b = holed_head(h);

	if (!dtls_record_plausible(b) || b.data[0] > CONTENT_APPLICATION_DATA)
		return false;
	f->kind = FLIGHT_DATAGRAM;
	f->end = holed_total(h);
	if (b.data[0] == CONTENT_HANDSHAKE && b.len > DTLS_RECORD_HEADER + HANDSHAKE_HEADER)
		look_at_message(f, bytes_slice(b, DTLS_RECORD_HEADER, b.len));
	f->alert = b.data[0] == CONTENT_ALERT;
	return true;
}

static bool read_at_start(struct holed *h, struct flight *f)
{
	if (read_datagram(h, f) || read_records(h, f))
		return true;
	*f = (struct flight){ .end = holed_total(h) };
	if (frame_link(holed_head(h), holed_total(h), &f->link)) {
		f->kind = FLIGHT_FRAME;
		return true;
	}
	if (read_messages(h, f))
		return true;
	*f = (struct flight){ 0 };
	return false;
}

/* Other bytes may stand before a hello: the header of whoever wrote the dump. */
static bool find_hello(struct holed *h, struct flight *f)
{
	struct bytes b = bytes_slice(holed_head(h), 0, SEARCHED_MAX);

	for (size_t at = 1; at < b.len; at++) {
		const uint8_t *p = memchr(b.data + at, CONTENT_HANDSHAKE, b.len - at);
		struct bytes rest;
		enum hello_probe probe;

		if (p == NULL)
			return false;
		at = (size_t)(p - b.data);
		rest = bytes_slice(holed_head(h), at, h->len);
		probe = rest.len > RECORD_HEADER + HANDSHAKE_HEADER + 2 ? record_probe_hello(rest)
									: HELLO_NO;
		if (probe != HELLO_CLIENT && probe != HELLO_SERVER)
			continue;
		holed_cut_front(h, at);
		return read_records(h, f);
	}
	return false;
}

bool flight_begins(struct bytes b)
{
	uint32_t link;

	return record_plausible(b) || dtls_record_plausible(b) || message_begins(b) ||
	       frame_link(b, b.len, &link);
}

/* ---- whose they are ---- */

static bool is_letter(const struct scan *s)
{
	return (scan_peek(s) | 0x20) >= 'a' && (scan_peek(s) | 0x20) <= 'z';
}

/* The speaker that a word names: "client", "servers", "rx" of "rx_buf". */
static enum speaker speaker_of_word(struct bytes word)
{
	static const struct {
		const char *word;
		enum speaker who;
	} known[] = { { "client", SPEAKER_CLIENT }, { "clients", SPEAKER_CLIENT },
		{ "server", SPEAKER_SERVER }, { "servers", SPEAKER_SERVER }, { "tx", SPEAKER_OWN },
		{ "sent", SPEAKER_OWN }, { "send", SPEAKER_OWN }, { "sending", SPEAKER_OWN },
		{ "outgoing", SPEAKER_OWN }, { "write", SPEAKER_OWN }, { "wrote", SPEAKER_OWN },
		{ "rx", SPEAKER_OTHER }, { "recv", SPEAKER_OTHER }, { "receive", SPEAKER_OTHER },
		{ "received", SPEAKER_OTHER }, { "incoming", SPEAKER_OTHER },
		{ "read", SPEAKER_OTHER } };

	for (size_t i = 0; i < COUNT(known); i++) {
		struct scan s = scan_of(word);

		if (scan_word_nocase(&s, known[i].word) && scan_is_at_end(&s))
			return known[i].who;
	}
	return SPEAKER_UNKNOWN;
}

/* "from the server", "to the server": who is named last counts where a direction is. */
enum speaker speaker_of(struct bytes words)
{
	struct scan s = scan_of(words);
	enum speaker found = SPEAKER_UNKNOWN;
	bool towards = false;

	while (!scan_is_at_end(&s)) {
		const uint8_t *from = s.at;
		struct bytes word;
		enum speaker who;

		while (is_letter(&s))
			s.at++;
		word = bytes_of(from, (size_t)(s.at - from));
		while (!scan_is_at_end(&s) && !is_letter(&s))
			s.at++;
		who = speaker_of_word(word);
		if (who == SPEAKER_CLIENT || who == SPEAKER_SERVER)
			return (who == SPEAKER_CLIENT) != towards ? SPEAKER_CLIENT : SPEAKER_SERVER;
		if (found == SPEAKER_UNKNOWN)
			found = who;
		towards = text_is(word, "to") || (towards && text_is(word, "the"));
	}
	return found;
}

static enum side by_words(const struct talk *t, const struct flight *f, enum speaker who)
{
	switch (who) {
	case SPEAKER_CLIENT:
		return SIDE_CLIENT;
	case SPEAKER_SERVER:
		return SIDE_SERVER;
	case SPEAKER_OWN:
	case SPEAKER_OTHER:
		if (t->own_known)
			return who == SPEAKER_OWN ? t->own : side_other(t->own);
		break;
	case SPEAKER_UNKNOWN:
		break;
	}
	if (!t->any) /* a certificate by itself is a server's more often than not */
		return f->certificate ? SIDE_SERVER : SIDE_CLIENT;
	if (f->certificate && !t->server_done)
		return SIDE_SERVER;
	return side_other(t->last);
}

static enum side side_of(struct talk *t, const struct flight *f, enum speaker who)
{
	enum side side = f->side_known ? f->side : by_words(t, f, who);

	if (f->side_known && (who == SPEAKER_OWN || who == SPEAKER_OTHER)) {
		t->own_known = true;
		t->own = who == SPEAKER_OWN ? side : side_other(side);
	}
	return side;
}

/* A hello that the conversation has had begins the next one. */
static bool begins_anew(const struct talk *t, const struct flight *f)
{
	if (!t->begun || t->alert)
		return !t->begun || f->client_hello || f->server_hello;
	if (f->client_hello && t->client_hello)
		return !t->retry;
	return f->server_hello && t->server_hello && !t->retry;
}

static struct log_conn *conn_of(struct talk *t, struct log_notes *notes, unsigned reader,
	const struct flight *f, struct log_at at)
{
	struct log_conn *c;

	if (begins_anew(t, f)) {
		t->begun = true;
		t->client_hello = t->server_hello = t->retry = t->server_done = false;
		t->alert = t->any = false;
		t->owed[SIDE_CLIENT] = t->owed[SIDE_SERVER] = 0;
		c = conn_open(notes, reader, KEY_TALK, at);
	} else {
		c = conn_get(notes, reader, KEY_TALK, at);
	}
	if (c != NULL && f->kind == FLIGHT_DATAGRAM)
		c->facts.datagrams = true;
	t->retry = f->retry || (t->retry && !f->server_hello);
	t->client_hello |= f->client_hello;
	t->server_hello |= f->server_hello;
	t->server_done |= f->server_done;
	return c;
}

/* ---- noting ---- */

static void note_messages(
	const struct holed *h, struct log_conn *c, enum side from, struct log_at at)
{
	uint64_t pos = 0, total = holed_total(h);

	while (pos < total) {
		struct bytes b = holed_from(h, pos);
		size_t len = b.len >= HANDSHAKE_HEADER ? HANDSHAKE_HEADER + be24(b, 1) : 0;

		if (len == 0)
			return;
		b = bytes_slice(b, 0, len);
		conn_message(c, from, b, len - b.len, false, at);
		pos += len;
	}
}

/* What is left of a record, or of a message, that an earlier flight broke off in. */
static bool goes_on(struct talk *t, const struct holed *h, enum speaker who, enum side *side)
{
	struct flight none = { 0 };

	if (!t->any)
		return false;
	*side = who != SPEAKER_UNKNOWN ? by_words(t, &none, who) : t->last;
	return t->owed[*side] != 0 && holed_total(h) != 0;
}

static void note_frame(struct talk *t, struct log_notes *notes, unsigned reader,
	const struct holed *h, const struct flight *f, struct log_at at)
{
	struct bytes b = holed_head(h);
	struct log_conn *c = t->frames ? conn_get(notes, reader, KEY_FRAMES, at)
				       : conn_open(notes, reader, KEY_FRAMES, at);

	t->frames = c != NULL;
	frame_note(c, f->link, b, holed_total(h) - b.len, at);
}

/* ---- whose turn it is ---- */

static void hold(struct talk *t, const struct holed *h, const struct flight *f, enum side side,
	uint64_t from, struct log_at at)
{
	t->holding = true;
	t->held_side = side;
	t->held_at = at;
	t->held_alert = f->alert;
	t->held_split = f->split > from ? f->split - from : f->end - from;
	t->held.data = t->held_room;
	t->held.room = sizeof t->held_room;
	holed_clear(&t->held);
	t->held.n_holes = h->n_holes;
	memcpy(t->held.hole, h->hole, sizeof t->held.hole);
	holed_add(&t->held, bytes_of(h->data, h->len));
	holed_cut_front(&t->held, from);
}

/* Notes what is held up to there, and all of it with UINT64_MAX. */
static void release(struct talk *t, struct log_conn *c, uint64_t end)
{
	struct holed head = t->held;

	if (!t->holding)
		return;
	if (end < holed_total(&t->held)) {
		holed_cut_end(&head, end);
		holed_note_wire(&head, c, t->held_side, t->held_at);
		holed_cut_front(&t->held, end);
		return;
	}
	holed_note_wire(&t->held, c, t->held_side, t->held_at);
	t->holding = false;
	t->alert |= t->held_alert;
}

void talk_end(struct talk *t, struct log_notes *notes, unsigned reader)
{
	if (t->holding)
		release(t, conn_find(notes, reader, KEY_TALK), UINT64_MAX);
}

/* Is the flight what was held back for? */
static bool is_awaited(const struct talk *t, const struct flight *f, enum side side)
{
	if (!t->holding || f->kind != FLIGHT_RECORDS || side == t->held_side)
		return false;
	return side == SIDE_SERVER ? f->server_hello && !t->server_hello
				   : f->client_hello && !t->client_hello;
}

/* All that one side sent, between the parts of what is held of the other. */
static void note_between(struct talk *t, struct log_conn *c, struct holed *h,
	const struct flight *f, enum side side, struct log_at at)
{
	uint64_t split = f->split != 0 ? f->split : f->end;
	struct holed head = *h;

	t->held_at = at; /* lines are the order of what was said */
	holed_cut_end(&head, split);
	holed_note_wire(&head, c, side, at);
	release(t, c, side == SIDE_CLIENT ? t->held_split : UINT64_MAX);
	holed_cut_end(h, f->end);
	holed_cut_front(h, split);
	holed_note_wire(h, c, side, at);
	release(t, c, UINT64_MAX);
}

/* A client that goes on without an answer, a server that speaks to no one: the other side may follow. */
static bool note_in_part(struct talk *t, struct log_conn *c, const struct holed *h,
	const struct flight *f, enum side side, bool alone, struct log_at at)
{
	struct holed head = *h;

	if (side == SIDE_CLIENT && f->client_hello && !t->server_hello && f->split != 0 &&
		f->split < f->end) {
		holed_cut_end(&head, f->split);
		holed_note_wire(&head, c, side, at);
		hold(t, h, f, side, f->split, at);
		return true;
	}
	if (side == SIDE_SERVER && f->server_hello && alone) {
		hold(t, h, f, side, 0, at);
		return true;
	}
	return false;
}

static void note_records(struct talk *t, struct log_conn *c, struct holed *h,
	const struct flight *f, enum side side, bool awaited, bool alone, struct log_at at)
{
	holed_cut_end(h, f->end);
	if (awaited) {
		note_between(t, c, h, f, side, at);
		t->alert |= f->alert;
	} else if (!note_in_part(t, c, h, f, side, alone, at)) {
		holed_note_wire(h, c, side, at);
		t->alert |= f->alert;
	}
}

static void note_flight(struct talk *t, struct log_notes *notes, unsigned reader, struct holed *h,
	const struct flight *f, enum speaker who, struct log_at at)
{
	enum side side = side_of(t, f, who);
	bool awaited = is_awaited(t, f, side), alone = !t->client_hello;
	struct bytes head = holed_head(h);
	struct log_conn *c;

	if (!awaited)
		talk_end(t, notes, reader);
	alone |= begins_anew(t, f);
	c = conn_of(t, notes, reader, f, at);
	if (f->kind == FLIGHT_DATAGRAM)
		conn_note(c, &(struct log_note){ .kind = LOG_DATAGRAM,
				     .from = side,
				     .at = at,
				     .bytes = head,
				     .missing = holed_total(h) - head.len });
	else if (f->kind == FLIGHT_MESSAGES)
		note_messages(h, c, side, at);
	else
		note_records(t, c, h, f, side, awaited, alone, at);
	t->any = true;
	t->last = side;
	t->owed[side] = f->kind == FLIGHT_RECORDS ? f->owed : 0;
}

bool talk_take(struct talk *t, struct log_notes *notes, unsigned reader, struct holed *h,
	enum speaker who, struct log_at at)
{
	struct flight f = { 0 };
	enum side side;

	if (read_at_start(h, &f) || find_hello(h, &f)) {
		if (f.kind == FLIGHT_FRAME)
			note_frame(t, notes, reader, h, &f, at);
		else
			note_flight(t, notes, reader, h, &f, who, at);
		return true;
	}
	if (!goes_on(t, h, who, &side))
		return false;
	talk_end(t, notes, reader);
	holed_note_wire(h, conn_get(notes, reader, KEY_TALK, at), side, at);
	t->owed[side] = t->owed[side] > holed_total(h) ? t->owed[side] - holed_total(h) : 0;
	t->last = side;
	return true;
}
