/*
 * Logs as a source: what readers noted of a connection becomes chunks, where there are bytes, and a telling.
 * A packet is a line then. Who the two sides are is known where the log tells.
 */
#include "base/array.h"
#include "base/memory.h"
#include "content/content.h"
#include "door/log_frames.h"
#include "door/run.h"
#include "pki/chain.h"
#include "unpack/unpack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PIECE = 64 * 1024,
	RECORD_MAX = 16 * 1024,
};

/* A connection while it is handed on. */
struct handing {
	struct tlsdiag *run;
	bool beside; /* it goes with a capture that is to be read: only what it says counts */
	struct sink sink;
	struct flow flow;
	struct told told;
	struct bytes chain[2][CERTIFICATES_MAX];
	struct remark remarks[2][REMARKS_MAX];
	struct said said[SAYINGS_TOLD_MAX];
	int64_t time; /* the last that a line had */
	bool has_time;
	bool over; /* the session wants no more bytes of it */
};

/* ---- what is told ---- */

static void add_said(struct handing *h, const struct log_note *n, enum said_kind kind)
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

static void add_remark(struct handing *h, const struct log_note *n)
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

static void add_certificate(struct handing *h, const struct log_note *n)
{
	struct told *t = &h->told;

	if (t->n_chain[n->from] == CERTIFICATES_MAX)
		return;
	h->chain[n->from][t->n_chain[n->from]++] = n->bytes;
	t->chain[n->from] = h->chain[n->from];
}

/* The handshake's own result counts more than that of a function inside of it. */
static void take_result(struct handing *h, const struct log_note *n)
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

static void take_end(struct handing *h, const struct log_note *n)
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

/* ---- what has bytes ---- */

static struct chunk chunk_of(struct handing *h, const struct log_note *n, enum chunk_kind kind)
{
	return (struct chunk){ .flow = &h->flow,
		.kind = kind,
		.dir = n->from == SIDE_CLIENT ? 0 : 1,
		.time = h->time,
		.packet = n->at.line };
}

static void push(struct handing *h, struct chunk k)
{
	struct direction *d = &h->flow.dir[k.dir];

	if (h->over)
		return;
	if (d->first_packet == 0)
		d->first_packet = k.packet;
	d->last_packet = k.packet;
	d->last_time = k.time;
	d->bytes += k.bytes.len;
	h->over = h->sink.take(h->sink.ctx, &k) == SINK_DONE;
}

static void push_bytes(struct handing *h, const struct log_note *n, struct bytes b)
{
	struct chunk k = chunk_of(h, n, CHUNK_DATA);

	k.bytes = b;
	if (b.len != 0)
		push(h, k);
}

static void push_gap(struct handing *h, const struct log_note *n, uint64_t missing)
{
	struct chunk k = chunk_of(h, n, CHUNK_GAP);

	k.gap = missing;
	k.reason = GAP_UNLOGGED;
	if (missing != 0)
		push(h, k);
}

static void push_opened(struct handing *h, const struct log_note *n, uint8_t content_type)
{
	struct chunk k = chunk_of(h, n, CHUNK_OPENED);

	k.bytes = n->bytes;
	k.content_type = content_type;
	k.gap = n->missing;
	push(h, k);
}

/* A message whose record is not in the log gets one, or as many as it needs. */
static void push_message(struct handing *h, const struct log_note *n)
{
	uint64_t left = n->bytes.len + n->missing;
	uint8_t version = n->bytes.len != 0 && n->bytes.data[0] == HS_CLIENT_HELLO ? 1 : 3;
	size_t at = 0;

	while (left != 0) {
		size_t length = left < RECORD_MAX ? (size_t)left : RECORD_MAX;
		struct bytes part = bytes_slice(n->bytes, at, length);
		uint8_t header[RECORD_HEADER] = { CONTENT_HANDSHAKE, 3, version,
			(uint8_t)(length >> 8), (uint8_t)length };

		if (part.len == 0 && at != 0) {
			push_gap(h, n, left); /* the rest of it, whatever its records were */
			return;
		}
		push_bytes(h, n, bytes_of(header, sizeof header));
		push_bytes(h, n, part);
		push_gap(h, n, length - part.len);
		at += length;
		left -= length;
	}
}

/* Of DTLS only which messages are in the clear (RFC 6347 4.1, 4.2.2) is told. */
static void tell_datagram(struct handing *h, const struct log_note *n)
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

/* ---- note by note ---- */

static void note_time(struct handing *h, const struct log_note *n)
{
	if (n->at.time == LOG_NO_TIME)
		return;
	h->time = n->at.time;
}

/* In a first walk, since the telling goes before the bytes. */
static void tell_note(struct handing *h, const struct log_note *n)
{
	struct library_word *w = &h->told.word[n->from];

	note_time(h, n);
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

static void push_note(struct handing *h, const struct log_note *n)
{
	note_time(h, n);
	switch (n->kind) {
	case LOG_WIRE:
		push_bytes(h, n, n->bytes);
		push_gap(h, n, n->missing);
		break;
	case LOG_OPENED:
		push_opened(h, n, n->type);
		break;
	case LOG_MESSAGE:
		if (n->under_keys)
			push_opened(h, n, CONTENT_HANDSHAKE);
		else
			push_message(h, n);
		break;
	case LOG_LOST:
		push_gap(h, n, n->missing != 0 ? n->missing : GAP_UNKNOWN);
		break;
	case LOG_DATAGRAM:
	case LOG_SEEN:
	case LOG_CCS:
	case LOG_ALERT:
	case LOG_CHAIN:
	case LOG_STATE:
	case LOG_RESULT:
	case LOG_FLAGS:
	case LOG_REMARK:
	case LOG_DONE:
	case LOG_END:
	case LOG_SECRET:
	case LOG_FRAME:
		break;
	}
}

/* ---- a connection ---- */

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
static void close_stream(struct handing *h)
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
static void begin_time(struct handing *h, const struct log_conn *c)
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

static void begin(struct handing *h, const struct log_conn *c)
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
}

static bool says_something(const struct told *t, unsigned side)
{
	const struct library_word *w = &t->word[side];

	return w->code != 0 || w->state != NULL || w->verify_flags != 0 || t->story.done[side];
}

/* Who speaks: the library by its release where the log has it. */
static void name_words(struct handing *h, const struct log_conn *c)
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
static void name_alerts(struct handing *h)
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

static void take_randoms(struct handing *h, const struct log_conn *c)
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

/* Its words wait for the handshake that they are about. */
static void tell_beside(struct handing *h, const struct log_conn *c)
{
	h->told.beside = true;
	take_randoms(h, c);
	pipeline_tell(h->run->pipeline, &h->told);
}

static void take_conn(void *ctx, const struct log_conn *c)
{
	struct handing *h = ctx;
	const struct log_note *last = last_note(c);
	struct chunk end = { .flow = &h->flow, .kind = CHUNK_END };

	if (last == NULL)
		return;
	if (log_frames_are(c)) {
		log_frames_push(c, pipeline_sink(h->run->pipeline));
		return;
	}
	*h = (struct handing){ .run = h->run, .beside = h->beside };
	begin(h, c);
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		tell_note(h, n);
	name_words(h, c);
	name_alerts(h);
	if (h->beside) {
		tell_beside(h, c);
		return;
	}
	end.time = h->flow.last_time = h->time;
	h->time = h->flow.start_time;
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		push_note(h, n);
	close_stream(h);
	end.packet = last->at.line;
	end.ended = FLOW_INPUT_ENDED;
	(void)h->sink.take(h->sink.ctx, &end);
}

/* ---- a file ---- */

static void add_totals(struct log_totals *to, const struct log_totals *from)
{
	to->bytes += from->bytes;
	to->lines += from->lines;
	to->clipped += from->clipped;
	to->conns += from->conns;
	to->dropped += from->dropped;
	for (size_t i = 0; i < N_LOG_READERS; i++)
		to->taken[i] += from->taken[i];
}

/* Whoever gives a capture here wants it read, too: by the command that does. */
static bool is_capture(struct bytes first, const char *name, struct err *e)
{
	enum content_kind kind = content_tell(first);

	if (kind != CONTENT_PCAP && kind != CONTENT_PCAPNG)
		return false;
	(void)err_set(e, ERR_INPUT, 0, "'%.80s' is not a log but %s: tlsdiag pcap %.80s", name,
		content_name(kind), name);
	return true;
}

/* A log may come compressed. What was read before it breaks off counts, as that of a capture does. */
static bool read_pieces(struct tlsdiag *run, struct log *l, struct unpack_reader *from,
	const char *name, uint8_t *piece, struct err *e)
{
	for (bool first = true;; first = false) {
		const char *stop =
			run->options.stop != NULL ? run->options.stop(run->options.ctx) : NULL;
		enum unpack_result result;
		size_t got = 0;

		if (stop != NULL)
			return err_set(e, ERR_LIMIT, 0, "%s", stop);
		result = unpack_read(from, piece, PIECE, &got, e);
		if (result == UNPACK_END)
			return true;
		if (result != UNPACK_OK)
			return err_context(e, "cannot read '%s'", name);
		if (first && is_capture(bytes_of(piece, got), name, e))
			return false;
		log_feed(l, bytes_of(piece, got));
	}
}

/* What cannot be written is told by whoever closes the file. */
static void put_line(void *ctx, struct bytes line)
{
	FILE *out = ctx;

	(void)fwrite(line.data, 1, line.len, out);
	(void)putc('\n', out);
}

static bool read_all(struct tlsdiag *run, int fd, const char *name, const struct log_reader *format,
	bool beside, struct err *e)
{
	const struct log_options o = { .format = format,
		.redacted = run->options.redacted != NULL ? put_line : NULL,
		.redacted_ctx = run->options.redacted };
	struct arena *a = arena_new(SIZE_MAX);
	struct handing *h = a != NULL ? arena_alloc(a, sizeof *h) : NULL;
	uint8_t *piece = h != NULL ? arena_alloc_raw(a, PIECE) : NULL;
	struct log *l = piece != NULL ? log_open((struct log_conn_sink){ take_conn, h }, &o) : NULL;
	struct unpack_reader *from = l != NULL ? unpack_open(fd, e) : NULL;
	struct log_totals t;
	bool ok;

	if (from == NULL) {
		log_close(l);
		arena_free(a);
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	}
	h->run = run;
	h->beside = beside;
	ok = read_pieces(run, l, from, name, piece, e);
	unpack_close(from);
	log_end(l);
	t = log_totals(l);
	add_totals(&run->logs.totals, &t);
	log_close(l);
	arena_free(a);
	return ok;
}

bool run_take_notes(struct tlsdiag *run, void (*write)(void *ctx, struct log_notes *n), void *ctx,
	struct err *e)
{
	struct handing *h = memory_zeroed(1, sizeof *h);
	struct log_notes *n =
		h != NULL ? log_notes_open((struct log_conn_sink){ take_conn, h }) : NULL;

	if (n != NULL) {
		h->run = run;
		write(ctx, n);
		log_notes_end(n);
	}
	log_notes_close(n);
	free(h);
	return n != NULL || err_set(e, ERR_MEMORY, 0, "out of memory");
}

static bool find_format(const char *name, const struct log_reader **out, struct err *e)
{
	*out = name != NULL ? log_reader_find(name) : NULL;
	if (name == NULL || *out != NULL)
		return true;
	return err_set(e, ERR_USAGE, 0, "'%.40s' is no format of a log", name);
}

static bool read_log(
	struct tlsdiag *run, int fd, const char *name, const char *format, struct tlsdiag_error *e)
{
	const struct log_reader *reader;
	struct err err = { 0 };
	bool ok;

	if (!find_format(format, &reader, &err) || !run_begin_input(run, "log", name, &err))
		return run_tell(e, &err, TLSDIAG_FAILURE);
	ok = read_all(run, fd, name, reader, false, &err);
	return run_end_input(run, ok, &err) || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool tlsdiag_read_open_log(
	struct tlsdiag *run, int fd, const char *name, const char *format, struct tlsdiag_error *e)
{
	bool ok = read_log(run, fd, name, format, e);

	(void)close(fd);
	return ok;
}

bool tlsdiag_read_log(
	struct tlsdiag *run, const char *path, const char *format, struct tlsdiag_error *e)
{
	struct err err = { 0 };
	int fd;

	if (strcmp(path, "-") == 0)
		return read_log(run, STDIN_FILENO, path, format, e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return tlsdiag_read_open_log(run, fd, path, format, e);
	(void)err_set(&err, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
	if (run_begin_input(run, "log", path, &err))
		(void)run_end_input(run, false, &err);
	return run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool tlsdiag_read_log_beside(struct tlsdiag *run, const char *path, struct tlsdiag_error *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct err err = { 0 };
	bool ok;

	if (fd < 0) {
		(void)err_set(&err, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
		return run_tell(e, &err, TLSDIAG_BAD_INPUT);
	}
	ok = read_all(run, fd, path, NULL, true, &err);
	(void)close(fd);
	return ok || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

const char *tlsdiag_log_format(size_t i, const char **title)
{
	if (i >= N_LOG_READERS)
		return NULL;
	if (title != NULL)
		*title = log_readers[i]->title;
	return log_readers[i]->name;
}
