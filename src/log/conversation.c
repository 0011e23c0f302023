/*
 * A conversation out of its flights: whose each is, by what it holds, by the words around it, or because it
 * is the other side's turn; and when it was sent, where a text has all that one side sent before all that the
 * other did.
 */
#include "log/conversation.h"

#include "base/array.h"
#include "log/frame.h"
#include "log/scan.h"
#include "wire/handshake.h"

enum { KEY_TALK = 0, KEY_FRAMES = 1 };

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

static enum side by_words(const struct conversation *t, const struct flight *f, enum speaker who)
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

static enum side side_of(struct conversation *t, const struct flight *f, enum speaker who)
{
	enum side side = f->side_known ? f->side : by_words(t, f, who);

	if (f->side_known && (who == SPEAKER_OWN || who == SPEAKER_OTHER)) {
		t->own_known = true;
		t->own = who == SPEAKER_OWN ? side : side_other(side);
	}
	return side;
}

/* A hello that the conversation has had begins the next one. */
static bool begins_anew(const struct conversation *t, const struct flight *f)
{
	if (!t->begun || t->alert)
		return !t->begun || f->client_hello || f->server_hello;
	if (f->client_hello && t->client_hello)
		return !t->retry;
	return f->server_hello && t->server_hello && !t->retry;
}

static struct log_conn *conn_of(struct conversation *t, struct log_notes *notes, unsigned reader,
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
	bool keys = false;

	while (pos < total) {
		struct bytes b = holed_from(h, pos);
		uint64_t len = flight_message_length(b);

		if (len == 0)
			return;
		/* up to TLS 1.2 nothing else is sent under the keys, and in TLS 1.3 all from here on is */
		keys = keys || b.data[0] == HS_FINISHED || b.data[0] == HS_ENCRYPTED_EXTENSIONS;
		b = bytes_slice(b, 0, (size_t)len);
		conn_message(c, from, b, len - b.len, keys, at);
		pos += len;
	}
}

/* What is left of a record, or of a message, that an earlier flight broke off in. */
static bool goes_on(
	struct conversation *t, const struct holed *h, enum speaker who, enum side *side)
{
	struct flight none = { 0 };

	if (!t->any)
		return false;
	*side = who != SPEAKER_UNKNOWN ? by_words(t, &none, who) : t->last;
	return t->owed[*side] != 0 && holed_total(h) != 0;
}

static void note_frame(struct conversation *t, struct log_notes *notes, unsigned reader,
	const struct holed *h, const struct flight *f, struct log_at at)
{
	struct bytes b = holed_head(h);
	struct log_conn *c = t->frames ? conn_get(notes, reader, KEY_FRAMES, at)
				       : conn_open(notes, reader, KEY_FRAMES, at);

	t->frames = c != NULL;
	frame_note(c, f->link, b, holed_total(h) - b.len, at);
}

/* ---- whose turn it is ---- */

static void hold(struct conversation *t, const struct holed *h, const struct flight *f,
	enum side side, uint64_t from, struct log_at at)
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
static void release(struct conversation *t, struct log_conn *c, uint64_t end)
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

void conversation_end(struct conversation *t, struct log_notes *notes, unsigned reader)
{
	if (t->holding)
		release(t, conn_find(notes, reader, KEY_TALK), UINT64_MAX);
}

/* Is the flight what was held back for? */
static bool is_awaited(const struct conversation *t, const struct flight *f, enum side side)
{
	if (!t->holding || f->kind != FLIGHT_RECORDS || side == t->held_side)
		return false;
	return side == SIDE_SERVER ? f->server_hello && !t->server_hello
				   : f->client_hello && !t->client_hello;
}

/* All that one side sent, between the parts of what is held of the other. */
static void note_between(struct conversation *t, struct log_conn *c, struct holed *h,
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
static bool note_in_part(struct conversation *t, struct log_conn *c, const struct holed *h,
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

static void note_records(struct conversation *t, struct log_conn *c, struct holed *h,
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

static void note_flight(struct conversation *t, struct log_notes *notes, unsigned reader,
	struct holed *h, const struct flight *f, enum speaker who, struct log_at at)
{
	enum side side = side_of(t, f, who);
	bool awaited = is_awaited(t, f, side), alone = !t->client_hello;
	struct bytes head = holed_head(h);
	struct log_conn *c;

	if (!awaited)
		conversation_end(t, notes, reader);
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

bool conversation_take(struct conversation *t, struct log_notes *notes, unsigned reader,
	struct holed *h, enum speaker who, struct log_at at)
{
	struct flight f;
	enum side side;

	if (flight_read(h, &f)) {
		if (f.kind == FLIGHT_FRAME)
			note_frame(t, notes, reader, h, &f, at);
		else
			note_flight(t, notes, reader, h, &f, who, at);
		return true;
	}
	if (!goes_on(t, h, who, &side))
		return false;
	conversation_end(t, notes, reader);
	holed_note_wire(h, conn_get(notes, reader, KEY_TALK, at), side, at);
	t->owed[side] = t->owed[side] > holed_total(h) ? t->owed[side] - holed_total(h) : 0;
	t->last = side;
	return true;
}
