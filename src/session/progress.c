/*
 * How far a handshake has come, told by its protected records, of which only sizes and types can
 * be seen; and when it is settled, so that the data after it costs nothing. What it all means is
 * decided in settle.c.
 */
#include "session/conn.h"

enum {
	ALERT_CLOSE_NOTIFY = 0,
	ALERT_USER_CANCELED = 90,
	PADDED_ALERT = 32,            /* fragment length: mbedTLS 3 pads to 16 bytes */
	SUITE_AES_128_CCM_8 = 0x1305, /* the one suite of TLS 1.3 with a short tag */
};

/* ---- sizes of TLS 1.3 records (RFC 8446 5.2: content, its type, padding, tag) ---- */

static size_t overhead13(const struct handshake *hs)
{
	return hs->suite_value == SUITE_AES_128_CCM_8 ? 1 + 8 : 1 + 16;
}

static size_t finished13(const struct handshake *hs)
{
	size_t hash = hs->suite != NULL && hs->suite->prf_hash == HASH_SHA384 ? 48 : 32;

	return HANDSHAKE_HEADER + hash + overhead13(hs);
}

static bool alert_sized13(const struct handshake *hs, const struct stream *s)
{
	return s->length == 2 + overhead13(hs) || s->length == PADDED_ALERT;
}

/* ---- FIN and RST ---- */

static void earlier(struct closing *first, struct closing other)
{
	if (other.seen && (!first->seen || other.packet < first->packet))
		*first = other;
}

struct closing first_closing(const struct conn *c)
{
	struct closing first = { 0 };

	for (unsigned dir = 0; dir < 2; dir++) {
		const struct direction *d = &c->flow->dir[dir];
		enum side by = conn_side(c, dir);

		earlier(&first, (struct closing){ d->fin, false, by, d->fin_time, d->fin_packet });
		earlier(&first, (struct closing){ d->rst, true, by, d->rst_time, d->rst_packet });
	}
	return first;
}

/* ---- protected records ---- */

static void note_alert(struct progress *p, enum side from, const struct stream *s)
{
	if (p->protected_alert[from])
		return;
	p->protected_alert[from] = true;
	p->alert_packet[from] = s->began.packet;
	p->alert_time[from] = s->began.time;
}

static void record13(struct conn *c, enum side from, const struct stream *s)
{
	struct handshake *hs = c->hs;
	struct progress *p = &c->progress;
	const struct stream *server = &c->stream[conn_dir(c, SIDE_SERVER)];
	bool long_enough = s->length >= finished13(hs);

	if (s->type != CONTENT_APPLICATION_DATA || !hs->server_hello.seen)
		return; /* before the ServerHello it is early data */
	if (p->finished[SIDE_CLIENT]) {
		p->after[from]++;
		p->closing[from] = alert_sized13(hs, s);
		note_alert(p, from, s);
		if (from == SIDE_SERVER && !p->closing[from])
			c->done =
				true; /* data or a ticket: it has accepted the client's Finished */
		return;
	}
	if (!long_enough)
		p->short_records[from]++;
	else if (from == SIDE_SERVER)
		p->server_flight = true;
	else if (p->server_flight || server->lost)
		p->finished[SIDE_CLIENT] = true;
}

bool both_finished(const struct progress *p)
{
	return p->finished[SIDE_CLIENT] && p->finished[SIDE_SERVER];
}

/* RFC 5246 7.4.9: who sends the first Finished verifies the last. */
static void record12(struct conn *c, enum side from, const struct stream *s)
{
	struct progress *p = &c->progress;
	bool was_finished = both_finished(p);

	if (s->type == CONTENT_ALERT) {
		note_alert(p, from, s);
		return;
	}
	if (was_finished && from != p->last_finished && !p->protected_alert[from])
		c->done = true;
	if (s->type == CONTENT_HANDSHAKE && s->ccs) {
		p->finished[from] = true;
		if (!was_finished) {
			p->last_finished = from;
			p->finished_time = s->began.time;
		}
	} else if (s->type == CONTENT_APPLICATION_DATA) {
		p->data_records[from]++;
	}
}

void settle_record(struct conn *c, enum side from, const struct stream *s)
{
	const struct handshake *hs = c->hs;

	if (hs->tls13)
		record13(c, from, s);
	else
		record12(c, from, s);
	if (!hs->has_last_message && hs->n_alerts == 0 &&
		hs->side[0].protected_records + hs->side[1].protected_records > MIDWAY_RECORDS_MAX)
		c->done = true;
}

void settle_alert(struct conn *c, struct alert alert)
{
	bool ends = alert.level == 2 || alert.code == ALERT_CLOSE_NOTIFY;

	if (c->hs->tls13 && alert.code != ALERT_USER_CANCELED)
		ends = true; /* RFC 8446 6: the level means nothing */
	c->progress.fatal |= ends;
}

bool settle_is_over(const struct conn *c)
{
	return c->progress.fatal || both_finished(&c->progress);
}

void settle_progress(struct conn *c, unsigned dir, size_t bytes, struct origin at)
{
	struct progress *p = &c->progress;
	struct handshake *hs = c->hs;
	enum side side = conn_side(c, dir);

	if (hs == NULL)
		return;
	hs->end = at.time;
	hs->last_packet = at.packet;
	if (c->stream[dir].records != 0 && !first_closing(c).seen) {
		p->last_spoke = side;
		p->last_time = at.time;
		p->spoke[side] = true;
	}
	p->bytes += bytes;
	if (p->decided_at == 0 && (settle_is_over(c) || p->finished[SIDE_CLIENT]))
		p->decided_at = p->bytes;
	if (p->decided_at != 0 && p->bytes - p->decided_at > AFTERMATH_MAX)
		c->done = true;
	else if (p->bytes > UNSETTLED_MAX)
		conn_skim(c, SKIM_BYTES);
}
