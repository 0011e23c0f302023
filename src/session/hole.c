/*
 * What the capture lost. Where the size of a hole is known, the lengths of the record and the
 * message it fell into tell where the next ones begin; else the next record is searched for.
 */
#include "session/conn.h"

static void lose_sync(struct conn *c, unsigned dir)
{
	struct stream *s = &c->stream[dir];

	assembly_cut(c, dir);
	s->message.lost = true;
	conn_set_state(c, dir, STREAM_LOST);
	s->in_record = false;
	s->n_header = 0;
	c->lane[dir].unsure = true;
}

/* The lengths of records and messages tell what a hole of known size has swallowed. */
static void walk_hole(struct conn *c, unsigned dir, uint64_t bytes)
{
	struct stream *s = &c->stream[dir];

	while (bytes != 0 && s->in_record) {
		uint32_t n = bytes < s->left ? (uint32_t)bytes : s->left;

		if (s->kind == RECORD_MESSAGES) {
			assembly_hole(c, dir, n);
		} else if (s->kind != RECORD_PROTECTED) {
			s->kind = RECORD_SKIPPED;
			c->lane[dir].unsure = true;
		} else {
			sealed_lose(c, dir);
		}
		s->left -= n;
		bytes -= n;
		if (s->left == 0)
			stream_record_end(c, dir);
	}
	if (bytes != 0)
		lose_sync(c, dir);
}

static void note_hole(struct conn *c, unsigned dir, const struct chunk *gap)
{
	struct stream *s = &c->stream[dir];
	struct gap_fact fact = { conn_side(c, dir), gap->packet, gap->gap, gap->reason, 0xff,
		false };

	if (s->message.have >= HANDSHAKE_HEADER) {
		fact.in_message = s->message.data[0];
		fact.has_message = true;
	}
	c->lane[dir].lost = true;
	if (c->hs != NULL) {
		message_gap(c, &fact, gap->time);
	} else if (!s->has_gap) {
		s->has_gap = true;
		s->gap = fact;
		s->gap_time = gap->time;
	}
}

void stream_hole(struct conn *c, unsigned dir, const struct chunk *gap)
{
	struct stream *s = &c->stream[dir];

	if (s->state == STREAM_OFF || gap->gap == 0)
		return;
	if (gap->gap == GAP_UNKNOWN)
		c->lane[dir].unplaced = true;
	else
		c->lane[dir].position += gap->gap;
	if (s->in_record && (s->kind == RECORD_PROTECTED || s->kind == RECORD_SKIPPED) &&
		gap->gap <= s->left) { /* of no message, and its end is known */
		walk_hole(c, dir, gap->gap);
		return;
	}
	if (gap->reason == GAP_MIDWAY)
		c->midway = true;
	else
		note_hole(c, dir, gap);
	if (s->state == STREAM_SEEKING) {
		c->lane[dir].unsure = true;
		s->carried.n = 0;
	} else if (gap->gap == GAP_UNKNOWN || s->state != STREAM_RECORDS) {
		lose_sync(c, dir);
	} else {
		walk_hole(c, dir, gap->gap);
	}
}
