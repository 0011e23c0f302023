/*
 * One direction of a connection, from bytes to records. Records are read as they come, in pieces;
 * nothing is kept but a header or an alert that a segment cuts in two. Messages are put together
 * in assembly.c, the first record is found by detect.c.
 */
#include "session/conn.h"

#include <stdlib.h>

enum {
	FINISHED_RECORD_MAX = 160
}; /* the longest protected record of a Finished: CBC, SHA-512 MAC */

void stream_clear(struct stream *s)
{
	struct assembly message = s->message;

	*s = (struct stream){ 0 };
	if (message.size > BUFFER_KEPT) {
		free(message.data);
		message.data = NULL;
		message.size = 0;
	}
	s->message.data = message.data;
	s->message.size = message.size;
	s->message.spans = message.spans;
	s->message.spans_size = message.spans_size;
}

void stream_free(struct stream *s)
{
	free(s->message.data);
	free(s->message.spans);
}

/* ---- the kind of a record ---- */

/*
 * Up to TLS 1.2 all is protected after ChangeCipherSpec. In TLS 1.3 protected records are of the
 * type application_data, and what says otherwise is in the clear. Where the version or the
 * ChangeCipherSpec was not seen, the bytes themselves must tell.
 */
static enum record_kind handshake_record_kind(const struct conn *c, unsigned dir)
{
	const struct lane *l = &c->lane[dir];
	bool tls13 = c->hs != NULL && c->hs->tls13;
	bool version_known = c->hs != NULL && c->hs->version != 0;

	if (c->hs != NULL && c->hs->skimmed != SKIM_NOT && (tls13 || !l->ccs))
		return RECORD_SKIPPED;
	if (l->keyed && !tls13)
		return RECORD_PROTECTED;
	if (l->ccs && !tls13)
		return version_known ? RECORD_PROTECTED : RECORD_UNDECIDED;
	return l->unsure || c->stream[dir].message.lost ? RECORD_UNDECIDED : RECORD_MESSAGES;
}

/* Protection adds bytes; without it there is no other length than the one. */
static enum record_kind kind_of_other_length(const struct conn *c, unsigned dir)
{
	const struct lane *l = &c->lane[dir];
	bool keys = (l->ccs || l->keyed) && !c->hs->tls13;

	return keys || l->unsure || l->lost || c->midway || c->hs->roles_guessed ? RECORD_PROTECTED
										 : RECORD_BROKEN;
}

static enum record_kind record_kind(const struct conn *c, unsigned dir)
{
	const struct record *r = &c->stream[dir].record;
	const struct lane *l = &c->lane[dir];

	switch (r->type) {
	case CONTENT_CHANGE_CIPHER_SPEC:
		return r->length == 1 ? RECORD_CCS : kind_of_other_length(c, dir);
	case CONTENT_ALERT:
		if (r->length == 2 || (r->length == 4 && !l->ccs && !l->unsure))
			return RECORD_ALERTS;
		return kind_of_other_length(c, dir);
	case CONTENT_HANDSHAKE:
		return handshake_record_kind(c, dir);
	default:
		return RECORD_PROTECTED;
	}
}

static void note_size(struct conn *c, unsigned dir)
{
	const struct stream *s = &c->stream[dir];
	struct party *party = &c->hs->side[conn_side(c, dir)];
	bool tls13 = c->hs->tls13;
	size_t most = RECORD_PLAINTEXT_MAX;

	if (s->kind == RECORD_PROTECTED)
		most = tls13 ? RECORD_PLAINTEXT_MAX + 256 : RECORD_CIPHERTEXT_MAX;
	if (s->record.length > most)
		party->record_oversized = true;
	if ((s->record.type == CONTENT_HANDSHAKE || tls13) &&
		s->record.length > party->largest_record)
		party->largest_record = s->record.length;
}

/* ---- records begin, go on, and end ---- */

static void begin_protected(struct conn *c, unsigned dir)
{
	struct stream *s = &c->stream[dir];
	enum side side = conn_side(c, dir);

	s->kind = RECORD_PROTECTED;
	c->hs->side[side].protected_records++;
	if (c->session->keys.log != NULL && !c->flow->opened[dir] && sealed_begin(c, dir))
		return;
	/* it stands in the ladder as soon as it begins, and is there for the other side when it has ended */
	c->lane[dir].position += s->left;
	message_protected(c, side, &s->record);
	c->lane[dir].position -= s->left;
	if (!c->flow->opened[dir]) /* else what is in it comes by itself */
		progress_record(c, side, &s->record);
}

/* Under keys no record is empty on the wire. One of data may be (RFC 8446 5.1). */
static void take_empty(struct conn *c, unsigned dir)
{
	struct stream *s = &c->stream[dir];

	s->kind = RECORD_SKIPPED;
	message_empty(c, conn_side(c, dir), &s->record);
}

/* With a record begun and no hello seen, the opener is taken for the client. */
static bool open_without_hello(struct conn *c)
{
	return c->hs != NULL || attempt_begin(c, 0, !c->flow->opener_known,
					c->lane[0].records != 0 ? c->stream[0].record.began
								: c->stream[1].record.began);
}

static void record_begin(struct conn *c, unsigned dir, struct record_header h, struct arrival at)
{
	struct stream *s = &c->stream[dir];

	s->in_record = true;
	s->n_header = 0;
	s->n_small = 0;
	s->record = (struct record){ h.type, h.version, h.length, at };
	s->left = h.length;
	c->lane[dir].version = h.version;
	c->lane[dir].records++;
	if (!open_without_hello(c))
		return;
	s->kind = record_kind(c, dir);
	note_size(c, dir);
	if (h.length == 0 && h.type <= CONTENT_HANDSHAKE)
		take_empty(c, dir);
	else if (s->kind == RECORD_PROTECTED)
		begin_protected(c, dir);
	else if (s->kind == RECORD_BROKEN)
		message_broken(c, conn_side(c, dir), &s->record);
	if (s->left == 0)
		stream_record_end(c, dir);
}

static void end_alerts(struct conn *c, unsigned dir)
{
	struct stream *s = &c->stream[dir];

	for (size_t i = 0; i + 2 <= s->n_small; i += 2) {
		struct parse_err err;
		struct cur cur = cur_init(bytes_of(s->small + i, 2), &err);
		struct alert alert;

		if (parse_alert(&cur, &alert))
			message_alert(c, conn_side(c, dir), alert, s->record.began);
	}
}

void stream_record_end(struct conn *c, unsigned dir)
{
	struct stream *s = &c->stream[dir];

	s->in_record = false;
	if (s->kind == RECORD_ALERTS)
		end_alerts(c, dir);
	if (s->kind == RECORD_PROTECTED && c->sealed != NULL)
		sealed_record_end(c, dir);
	if (s->kind == RECORD_CCS) {
		if (s->n_small == 1)
			message_ccs(c, conn_side(c, dir), &s->record, s->small[0]);
		c->lane[dir].ccs = true;
		sealed_ccs(c, dir);
	}
}

/* ---- after a hole: in the clear or not ---- */

/*
 * A protected Finished is short and looks like noise; what is longer and does not begin like a
 * message is the rest of one that began in the hole.
 */
static void decide(struct conn *c, unsigned dir)
{
	struct stream *s = &c->stream[dir];
	/* behind ChangeCipherSpec only a hello may be in the clear, after a HelloRetryRequest; eight zeros are the
	 * number of a first record, and no two HelloRequests */
	bool hello = s->n_small == 4 &&
		     (s->small[0] == HS_CLIENT_HELLO || s->small[0] == HS_SERVER_HELLO);

	if (s->message.have != 0 || (s->n_small == 4 && (hello || !c->lane[dir].ccs) &&
					    message_plausible(s->small, s->record.length))) {
		s->kind = RECORD_MESSAGES;
		s->message.lost = false;
		assembly_feed(c, dir, bytes_of(s->small, s->n_small), s->record.began);
	} else if (s->record.length <= FINISHED_RECORD_MAX) {
		c->lane[dir].ccs = true;
		begin_protected(c, dir);
	} else {
		s->kind = RECORD_SKIPPED;
	}
}

static size_t collect(struct stream *s, struct bytes b)
{
	size_t n = sizeof s->small - s->n_small;

	if (n > b.len)
		n = b.len;
	memcpy(s->small + s->n_small, b.data, n);
	s->n_small = (uint8_t)(s->n_small + n);
	return n;
}

static void undecided(struct conn *c, unsigned dir, struct bytes piece, struct arrival at)
{
	struct stream *s = &c->stream[dir];
	size_t n = collect(s, piece);

	if (s->n_small < 4 && s->left != piece.len)
		return;
	decide(c, dir);
	if (s->kind == RECORD_MESSAGES)
		assembly_feed(c, dir, bytes_slice(piece, n, piece.len), at);
	if (s->kind == RECORD_PROTECTED) {
		sealed_collect(c, dir, bytes_of(s->small, s->n_small));
		sealed_collect(c, dir, bytes_slice(piece, n, piece.len));
	}
}

static size_t take_fragment(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct stream *s = &c->stream[dir];
	struct bytes piece = bytes_slice(b, 0, s->left);

	c->lane[dir].position += piece.len;
	switch (s->kind) {
	case RECORD_MESSAGES:
		assembly_feed(c, dir, piece, at);
		break;
	case RECORD_ALERTS:
	case RECORD_CCS:
		(void)collect(s, piece);
		break;
	case RECORD_UNDECIDED:
		undecided(c, dir, piece, at);
		break;
	case RECORD_PROTECTED:
		if (c->sealed != NULL)
			sealed_collect(c, dir, piece);
		break;
	case RECORD_BROKEN:
	case RECORD_SKIPPED:
		break;
	}
	s->left -= (uint32_t)piece.len;
	if (s->left == 0 && !c->done)
		stream_record_end(c, dir);
	return piece.len;
}

/* ---- headers ---- */

static bool header_plausible(const struct stream *s, struct record_header h)
{
	if (h.type < CONTENT_CHANGE_CIPHER_SPEC || h.type > CONTENT_HEARTBEAT)
		return false;
	if (h.version >> 8 != 3 || (h.version & 0xff) > 4)
		return false;
	/* longer than any version allows: a peer that errs in the length alone errs from one
	 * record to the next, without changing the version */
	return h.length <= RECORD_CIPHERTEXT_MAX || h.version == s->record.version;
}

/* What follows a record is not a record: TLS has ended here. */
static void not_a_record(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct stream *s = &c->stream[dir];
	uint8_t joined[SAID_MAX];
	size_t n = s->n_header;

	memcpy(joined, s->header, n);
	b = bytes_slice(b, 0, sizeof joined - n);
	memcpy(joined + n, b.data, b.len);
	if (c->lane[dir].unsure) {
		conn_set_state(c, dir, STREAM_LOST);
	} else {
		conn_set_state(c, dir, STREAM_OFF);
		message_plain(c, conn_side(c, dir), bytes_of(joined, n + b.len), at);
	}
	s->n_header = 0;
}

static size_t take_header(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct stream *s = &c->stream[dir];
	struct record_header h;
	struct bytes header = b; /* nearly always in one piece */
	size_t n = RECORD_HEADER - s->n_header;
	uint8_t had = s->n_header;

	if (had == 0)
		s->header_at = at;
	if (b.len < n) {
		memcpy(s->header + had, b.data, b.len);
		s->n_header = (uint8_t)(had + b.len);
		return b.len;
	}
	if (had != 0) {
		memcpy(s->header + had, b.data, n);
		header = bytes_of(s->header, RECORD_HEADER);
	}
	if (!record_parse_header(header, &h) || !header_plausible(s, h)) {
		not_a_record(c, dir, b, at);
		return s->state == STREAM_LOST ? 0 : b.len;
	}
	c->lane[dir].position += n;
	record_begin(c, dir, h, s->header_at);
	return n;
}

/* ---- before TLS ---- */

static void keep(uint8_t *kept, uint8_t *n_kept, struct bytes b)
{
	struct bytes part = bytes_slice(b, 0, (size_t)SAID_MAX - *n_kept);

	if (part.len == 0)
		return;
	memcpy(kept + *n_kept, part.data, part.len);
	*n_kept = (uint8_t)(*n_kept + part.len);
}

static void keep_plain(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct plain_speech *p = &c->lane[dir].plain;

	if (p->n_said == 0)
		p->said_packet = at.packet;
	keep(p->said, &p->n_said, b);
	if (c->hs == NULL)
		return;
	if (p->n_later == 0) {
		p->later_packet = at.packet;
		message_plain(c, conn_side(c, dir), b, at);
	}
	keep(p->later, &p->n_later, b);
}

/* Where the capture is unsure it may be the rest of a record that began in a hole. */
static void note_plain(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct lane *l = &c->lane[dir];

	if (b.len == 0)
		return;
	l->plain.bytes += b.len;
	if (!l->unsure)
		keep_plain(c, dir, b, at);
	if (l->plain.bytes <= PLAIN_MAX)
		return;
	conn_set_state(c, dir, STREAM_OFF);
	c->done |= c->hs == NULL;
}

/* A record alone does not tell who is who, nor that nothing is missing before it. */
static void begin_tls(struct conn *c, unsigned dir, enum found found, struct arrival at)
{
	unsigned client_dir = found == FOUND_SERVER ? !dir : dir;

	conn_set_state(c, dir, found == FOUND_SSL2 ? STREAM_SSL2 : STREAM_RECORDS);
	if (found == FOUND_RECORD)
		return;
	c->lane[dir].unsure = false;
	if (c->hs == NULL)
		(void)attempt_begin(c, client_dir, false, at);
}

static struct detect_context context_of(const struct conn *c, unsigned dir)
{
	const struct lane *l = &c->lane[dir];

	/* what is pasted of a connection may begin with any message */
	return (struct detect_context){ c->hs != NULL && l->plain.n_later == 0,
		l->unsure || (c->flow->logged && c->hs == NULL) };
}

static size_t seek(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct stream *s = &c->stream[dir];
	struct detected d;

	detect_look(&s->carried, context_of(c, dir), b, at, &d);
	note_plain(c, dir, d.plain, d.carried_at);
	note_plain(c, dir, bytes_slice(b, 0, d.passed), at);
	if (d.found == FOUND_NO || d.found == FOUND_MAYBE || s->state != STREAM_SEEKING)
		return d.used;
	begin_tls(c, dir, d.found, d.head.len != 0 ? d.carried_at : at);
	c->lane[dir].position -= d.head.len; /* it was passed over, to be read now */
	stream_feed(c, dir, d.head, d.carried_at);
	return d.used;
}

void stream_end(struct conn *c, unsigned dir)
{
	struct carried *carried = &c->stream[dir].carried;
	struct bytes b = bytes_of(carried->bytes, carried->n);
	bool begins = detect_end(carried, context_of(c, dir));

	carried->n = 0;
	if (begins) {
		begin_tls(c, dir, FOUND_RECORD, carried->at);
		c->lane[dir].position -= b.len; /* they were passed over, to be read now */
		stream_feed(c, dir, b, carried->at);
	} else {
		note_plain(c, dir, b, carried->at);
	}
	if (c->hs != NULL)
		assembly_cut(c, dir);
}

/* ---- one segment ---- */

static size_t resync(struct conn *c, unsigned dir, struct bytes b, bool at_start)
{
	struct stream *s = &c->stream[dir];
	size_t at = detect_record(b, at_start);

	if (at < b.len) {
		conn_set_state(c, dir, STREAM_RECORDS);
		s->in_record = false;
		s->n_header = 0;
	}
	return at;
}

static size_t ssl2(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	size_t n = assembly_ssl2(c, dir, b, at);

	if (c->stream[dir].message.have == 0)
		conn_set_state(c, dir, n != 0 ? STREAM_RECORDS : STREAM_OFF);
	return n != 0 ? n : b.len;
}

/* Takes some of b, by what the direction is at. */
static size_t step(
	struct conn *c, unsigned dir, struct bytes b, struct arrival at, bool starts_segment)
{
	const struct stream *s = &c->stream[dir];

	if (s->state == STREAM_SEEKING)
		return seek(c, dir, b, at);
	if (s->state == STREAM_SSL2)
		return ssl2(c, dir, b, at);
	if (s->state == STREAM_LOST)
		return resync(c, dir, b, starts_segment);
	return s->in_record ? take_fragment(c, dir, b, at) : take_header(c, dir, b, at);
}

void stream_feed(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct lane *l = &c->lane[dir];
	uint64_t start = l->position;
	size_t taken = 0;

	while (taken < b.len && !c->done && c->stream[dir].state != STREAM_OFF) {
		taken += step(c, dir, bytes_slice(b, taken, b.len), at, taken == 0);
		l->position = start + taken;
	}
	l->position = start + b.len;
}
