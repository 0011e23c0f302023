/*
 * A connection that a log tells of, handed on: who the two sides are, as far as the log has it; what it says;
 * its bytes; where it ended.
 */
#include "base/memory.h"
#include "base/secret.h"
#include "base/strbuf.h"
#include "door/log_frames.h"
#include "door/log_handing.h"
#include "door/log_views.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>

static void take_address(struct endpoint *e, const char *address, uint16_t port)
{
	if (address == NULL)
		return;
	if (inet_pton(AF_INET, address, e->addr) == 1)
		e->family = 4;
	else if (inet_pton(AF_INET6, address, e->addr) == 1)
		e->family = 6;
	else
		return;
	e->port = port;
}

static const struct log_note *last_note(const struct log_conn *c)
{
	const struct log_note *last = c->notes;

	while (last != NULL && last->next != NULL)
		last = last->next;
	return last;
}

/* Where a stream ended is where the log tells of it. */
static void close_stream(struct log_handing *h)
{
	const struct told_story *s = &h->told.story;
	struct direction *d = &h->flow.dir[s->ended_by == SIDE_CLIENT ? 0 : 1];

	if (s->end == TOLD_CLOSED) {
		d->fin = true;
		d->fin_packet = s->end_line;
		d->fin_time = s->end_time;
	} else if (s->end == TOLD_RESET) {
		d->rst = true;
		d->rst_packet = s->end_line;
		d->rst_time = s->end_time;
	}
}

/* The first time that a note has is that of all before it. */
static void begin_time(struct log_handing *h, const struct log_conn *c)
{
	const struct log_note *n = c->notes;

	while (n != NULL && n->at.time == LOG_NO_TIME)
		n = n->next;
	h->has_time = n != NULL || c->began.time != LOG_NO_TIME;
	h->time = c->began.time != LOG_NO_TIME ? c->began.time : n != NULL ? n->at.time : 0;
	h->flow.untimed = !h->has_time;
	h->flow.undated = !h->has_time || log_time_undated(h->time);
	h->flow.start_time = h->time;
}

/* Is it the one that the log is about, as far as addresses tell? */
static bool is_the_server(struct endpoint *known, const struct endpoint *e)
{
	if (e->family != 0 && known->family == 0)
		*known = *e;
	return e->family == 0 || endpoint_equal(known, e);
}

static void tell_heap(struct log_handing *h, const struct log_facts *f)
{
	enum side owner = f->role_known ? f->role : SIDE_CLIENT;

	h->told.word[owner].heap = (struct free_heap){ .moment = f->heap.moment,
		.bytes = f->heap.bytes,
		.line = f->heap.at.line,
		.has_time = f->heap.at.time != LOG_NO_TIME,
		.time = f->heap.at.time != LOG_NO_TIME ? f->heap.at.time : 0,
		.words = f->heap.words };
}

/* A program prints what its peer sent, unless it says that it is its own; the leaf goes first. */
static void tell_printed(struct log_handing *h, const struct log_facts *f)
{
	enum side role = f->role_known ? f->role : SIDE_CLIENT;
	struct told *t = &h->told;

	for (unsigned depth = 0; depth <= PRINTED_MAX; depth++)
		for (size_t i = 0; i < f->n_printed; i++) {
			const struct printed_cert *p = &f->printed[i];
			enum side side = p->own ? role : side_other(role);

			if ((p->depth < PRINTED_MAX ? p->depth : PRINTED_MAX) != depth)
				continue;
			h->printed_of[side][t->n_printed[side]++] = *p;
			t->printed[side] = h->printed_of[side];
		}
}

static void begin(struct log_handing *h, const struct log_conn *c)
{
	const struct log_facts *f = &c->facts;

	h->sink = pipeline_sink(h->run->pipeline);
	h->flow = (struct flow){ .id = c->number,
		.transport = f->datagrams ? TRANSPORT_UDP : TRANSPORT_TCP,
		.opener_known = true,
		.logged = true,
		.first_packet = c->began.line,
		.told = &h->told };
	take_address(&h->flow.end[0], f->address[SIDE_CLIENT], f->port[SIDE_CLIENT]);
	take_address(&h->flow.end[1], f->address[SIDE_SERVER], f->port[SIDE_SERVER]);
	for (unsigned dir = 0; dir < 2; dir++)
		h->flow.dir[dir].window_min = UINT32_MAX;
	h->flow.elsewhere = !is_the_server(&h->run->logs.server, &h->flow.end[1]);
	begin_time(h, c);
	h->told = (struct told){ .client = h->flow.end[0],
		.server = h->flow.end[1],
		.alpn = f->alpn,
		.name = f->name,
		.story = { .role_known = f->role_known,
			.role = f->role,
			.rebuilt = f->rebuilt,
			.version = f->version,
			.suite_known = f->suite_known,
			.suite = f->suite,
			.group = f->group,
			.sni = f->sni,
			.resumed = f->resumed,
			.format = c->reader } };
	if (f->heap.moment != HEAP_UNKNOWN)
		tell_heap(h, f);
	tell_printed(h, f);
}

/* Its words wait for the handshake that they are about. */
static void tell_beside(struct log_handing *h, const struct log_conn *c)
{
	uint8_t *room = memory_get((size_t)2 * VIEW_PLAIN_MAX);

	h->told.beside = true;
	log_tell_randoms(h, c);
	for (unsigned side = 0; room != NULL && side < 2; side++)
		h->told.plain[side] = view_plain(c, side, room + (size_t)side * VIEW_PLAIN_MAX);
	pipeline_tell(h->run->pipeline, &h->told);
	h->told.plain[SIDE_CLIENT] = h->told.plain[SIDE_SERVER] = bytes_of(NULL, 0);
	free(room);
}

/* Secrets that a program printed, as a line of a key log. */
static void hear_secret(struct tlsdiag *run, const struct log_note *n)
{
	struct strbuf line = { 0 };

	strbuf_printf(&line, "%s ", n->text);
	strbuf_hex(&line, bytes_slice(n->bytes, 0, KEYLOG_RANDOM));
	strbuf_puts(&line, " ");
	strbuf_hex(&line, bytes_slice(n->bytes, KEYLOG_RANDOM, n->bytes.len));
	if (!line.failed)
		keys_hear(run, bytes_of(line.text, line.len));
	wipe(line.text, line.len);
	strbuf_free(&line);
}

/* What stands before `sink` is of the file. */
static void forget_last(struct log_handing *h)
{
	size_t kept = offsetof(struct log_handing, sink);

	memset((uint8_t *)h + kept, 0, sizeof *h - kept);
}

/* Its bytes, or so many that a Certificate is likely among them. */
static bool shows_certificates(const struct log_conn *c)
{
	enum { SMALLEST = 300 };
	size_t most = 0;

	for (const struct log_note *n = c->notes; n != NULL; n = n->next) {
		if (n->kind == LOG_CHAIN)
			return true;
		most = n->bytes.len > most ? n->bytes.len : most;
	}
	return most >= SMALLEST;
}

/* The session gets it. */
static void hand_over(void *ctx, const struct log_conn *c, unsigned input)
{
	struct log_handing *h = ctx;
	const struct log_note *last = last_note(c);
	struct chunk end = { .flow = &h->flow, .kind = CHUNK_END };

	forget_last(h);
	begin(h, c);
	h->flow.input = input;
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		log_tell_note(h, n);
	log_tell_words(h, c);
	log_tell_alerts(h);
	if (h->beside) {
		tell_beside(h, c);
		return;
	}
	end.time = h->flow.last_time = h->time;
	h->time = h->flow.start_time;
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		log_push_note(h, n);
	close_stream(h);
	end.packet = last->at.line;
	end.ended = FLOW_INPUT_ENDED;
	(void)h->sink.take(h->sink.ctx, &end);
}

static void note_joined(void *ctx, unsigned input, const char *name, const char *other)
{
	struct log_handing *h = ctx;
	struct strbuf text = { 0 };

	(void)input;
	strbuf_printf(&text, "'%.80s' and '%.80s' tell of one connection, each from its side", name,
		other);
	if (h->run->inputs.n_names != 0)
		inputs_note(&h->run->inputs, h->run->given.arena, 0, strbuf_text(&text));
	strbuf_free(&text);
}

static struct log_pairs_sink pairs_sink(struct log_handing *h)
{
	return (struct log_pairs_sink){ hand_over, note_joined, h };
}

void log_hand_on(void *ctx, const struct log_conn *c)
{
	struct log_handing *h = ctx;

	if (c->notes == NULL)
		return;
	h->shows_certificates |= log_frames_are(c) || shows_certificates(c);
	if (log_frames_are(c)) {
		log_frames_push(c, pipeline_sink(h->run->pipeline));
		return;
	}
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		if (n->kind == LOG_SECRET)
			hear_secret(h->run, n);
	if (h->pairs != NULL)
		log_pairs_take(h->pairs, c, h->input, h->name, pairs_sink(h));
	else
		hand_over(h, c, h->input);
}

void log_hand_on_waiting(struct log_handing *h)
{
	if (h->pairs != NULL)
		log_pairs_end(h->pairs, pairs_sink(h));
}

/*
 * What is read in a second is not to be taken apart for ten: beyond short_log the budget shrinks as the log grows. A
 * small log, of which a single signature may be all there is, has the whole.
 */
static void set_deep(struct tlsdiag *run)
{
	static const double short_log = 15e6, least = 1; /* bytes, seconds */
	double bytes = (double)run->logs.totals.bytes, seconds = run->options.deep_seconds;

	if (run->options.deep_whole || bytes <= short_log || seconds <= least)
		return;
	seconds *= short_log / bytes;
	pipeline_set_deep(run->pipeline, seconds > least ? seconds : least);
}

void logs_end(struct tlsdiag *run)
{
	struct log_handing *h = run->logs.pairs != NULL ? memory_new(sizeof *h) : NULL;

	if (h != NULL) {
		h->run = run;
		h->pairs = run->logs.pairs;
		log_hand_on_waiting(h);
	}
	free(h);
	log_pairs_close(run->logs.pairs);
	run->logs.pairs = NULL;
	set_deep(run);
}
