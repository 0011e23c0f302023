/* What a log says of a connection without its bytes, as the session is told it (struct told). */
#include "base/array.h"
#include "door/log_handing.h"

#include <string.h>

static void add_said(struct log_handing *h, const struct log_note *n, enum said_kind kind)
{
	struct told_story *s = &h->told.story;

	if (s->n_said == SAYINGS_TOLD_MAX) {
		h->run->logs.said_dropped++;
		return;
	}
	h->said[s->n_said++] = (struct said){ .kind = kind,
		.from = n->from,
		.type = n->type,
		.level = n->level,
		.code = n->code,
		.under_keys = n->under_keys,
		.line = n->at.line,
		.time = h->time };
	s->said = h->said;
}

static void add_remark(struct log_handing *h, const struct log_note *n)
{
	struct told *t = &h->told;
	size_t at = t->n_remarks[n->from];

	for (size_t i = 0; i < at; i++)
		if (h->remarks[n->from][i].saying == n->saying)
			return; /* once is enough: programs repeat what went wrong */
	if (at == REMARKS_MAX) {
		h->run->logs.remarks_dropped++;
		return;
	}
	h->remarks[n->from][at] = (struct remark){ n->saying, n->at.line, n->text };
	t->remarks[n->from] = h->remarks[n->from];
	t->n_remarks[n->from]++;
}

static void add_certificate(struct log_handing *h, const struct log_note *n)
{
	struct told *t = &h->told;

	if (t->n_chain[n->from] == CERTIFICATES_MAX)
		return;
	h->chain[n->from][t->n_chain[n->from]++] = n->bytes;
	t->chain[n->from] = h->chain[n->from];
}

/* The handshake's own result counts more than that of a function inside of it. */
static void take_result(struct log_handing *h, const struct log_note *n)
{
	struct library_word *w = &h->told.word[n->from];
	bool outermost = n->text != NULL && strstr(n->text, "handshake") != NULL;

	if (w->inner_code == 0 && n->value != 0) {
		w->inner_code = (int)n->value;
		w->inner_function = n->text;
	}
	if (w->code != 0 && !outermost)
		return;
	w->code = (int)n->value;
	w->function = outermost ? NULL : n->text;
	w->line = n->at.line;
}

static void take_end(struct log_handing *h, const struct log_note *n)
{
	static const enum told_end ends[] = {
		[LOG_CLOSED] = TOLD_CLOSED,
		[LOG_RESET] = TOLD_RESET,
		[LOG_TIMED_OUT] = TOLD_TIMED_OUT,
		[LOG_REFUSED] = TOLD_REFUSED,
		[LOG_UNREACHABLE] = TOLD_UNREACHABLE,
		[LOG_UNANSWERED] = TOLD_UNANSWERED,
		[LOG_BROKEN_OFF] = TOLD_NO_END,
	};
	struct told_story *s = &h->told.story;

	if (s->end != TOLD_NO_END || n->value < 0 || (size_t)n->value >= COUNT(ends))
		return;
	s->end = ends[n->value];
	s->ended_by = n->from;
	s->end_line = n->at.line;
	s->end_time = h->time;
}

/* Of DTLS only which messages are in the clear (RFC 6347 4.1, 4.2.2) is told. */
static void tell_datagram(struct log_handing *h, const struct log_note *n)
{
	enum { HEADER = 13, EPOCH = 3, LENGTH = 11 };
	struct bytes b = n->bytes;

	while (b.len > HEADER) {
		size_t length = (size_t)b.data[LENGTH] << 8 | b.data[LENGTH + 1];
		bool clear = b.data[EPOCH] == 0 && b.data[EPOCH + 1] == 0;
		struct log_note one = *n;

		one.type = b.data[HEADER];
		if (clear && b.data[0] == CONTENT_HANDSHAKE)
			add_said(h, &one, SAID_MESSAGE);
		else if (b.data[0] == CONTENT_CHANGE_CIPHER_SPEC)
			add_said(h, &one, SAID_CHANGE_CIPHER_SPEC);
		if (length + HEADER > b.len)
			return;
		b = bytes_slice(b, HEADER + length, b.len);
	}
}

/* In a first walk, since the telling goes before the bytes. */
void log_tell_note(struct log_handing *h, const struct log_note *n)
{
	struct library_word *w = &h->told.word[n->from];

	log_handing_time(h, n);
	switch (n->kind) {
	case LOG_SEEN:
		add_said(h, n, SAID_MESSAGE);
		break;
	case LOG_CCS:
		add_said(h, n, SAID_CHANGE_CIPHER_SPEC);
		break;
	case LOG_ALERT:
		add_said(h, n, SAID_ALERT);
		break;
	case LOG_DATAGRAM:
		tell_datagram(h, n);
		break;
	case LOG_CHAIN:
		add_certificate(h, n);
		break;
	case LOG_STATE:
		w->state = n->text;
		break;
	case LOG_RESULT:
		take_result(h, n);
		break;
	case LOG_FLAGS:
		w->verify_flags = (uint32_t)n->value;
		break;
	case LOG_REMARK:
		add_remark(h, n);
		break;
	case LOG_DONE:
		h->told.story.done[n->from] = true;
		break;
	case LOG_END:
		take_end(h, n);
		break;
	case LOG_OPENED:
		h->flow.opened[n->from == SIDE_CLIENT ? 0 : 1] = true;
		break;
	case LOG_MESSAGE:
		h->flow.opened[n->from == SIDE_CLIENT ? 0 : 1] |= n->under_keys;
		break;
	case LOG_WIRE:
	case LOG_LOST:
	case LOG_SECRET:
	case LOG_FRAME:
		break;
	}
}

static bool says_something(const struct told *t, unsigned side)
{
	const struct library_word *w = &t->word[side];

	return w->code != 0 || w->state != NULL || w->verify_flags != 0 || t->story.done[side];
}

/* Who speaks: the library by its release where the log has it. */
void log_tell_words(struct log_handing *h, const struct log_conn *c)
{
	for (unsigned side = 0; side < 2; side++) {
		struct library_word *w = &h->told.word[side];

		if (c->facts.library[side] != NULL)
			w->release = c->facts.library[side];
		else if (says_something(&h->told, side) || h->told.n_remarks[side] != 0)
			w->release = c->reader != NULL && strcmp(c->reader, "mbedtls") == 0
					     ? "mbedTLS"
					     : "its library";
	}
}

/* Nobody has fallen out with an alert of his own. */
void log_tell_alerts(struct log_handing *h)
{
	const struct told_story *s = &h->told.story;

	for (size_t i = 0; i < s->n_said; i++) {
		struct library_word *w = &h->told.word[side_other(s->said[i].from)];

		if (s->said[i].kind != SAID_ALERT || s->said[i].level == 1)
			continue;
		w->got_alert = true;
		w->alert = s->said[i].code;
	}
}

/* RFC 8446 4.1.2, 4.1.3: in both hellos the random comes behind the version. */
static void take_random(struct told *t, enum side from, struct bytes message)
{
	enum { RANDOM_AT = HANDSHAKE_HEADER + 2 };
	uint8_t type = from == SIDE_CLIENT ? HS_CLIENT_HELLO : HS_SERVER_HELLO;

	if (t->has_random[from] || message.len < RANDOM_AT + 32 || message.data[0] != type)
		return;
	memcpy(t->random[from], message.data + RANDOM_AT, 32);
	t->has_random[from] = true;
}

void log_tell_randoms(struct log_handing *h, const struct log_conn *c)
{
	for (const struct log_note *n = c->notes; n != NULL; n = n->next) {
		if (n->kind == LOG_MESSAGE && !n->under_keys)
			take_random(&h->told, n->from, n->bytes);
		else if (n->kind == LOG_WIRE && n->bytes.len > RECORD_HEADER &&
			 n->bytes.data[0] == CONTENT_HANDSHAKE)
			take_random(&h->told, n->from,
				bytes_slice(n->bytes, RECORD_HEADER, n->bytes.len));
	}
}
