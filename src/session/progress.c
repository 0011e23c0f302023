/*
 * How far a handshake has come, told by its protected records, of which only sizes and types can
 * be seen; and when it is settled, so that the data after it costs nothing. What it all means is
 * decided in settle.c.
 */
#include "session/conn.h"

enum {
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

static bool alert_sized13(const struct handshake *hs, const struct record *r)
{
	return r->length == 2 + overhead13(hs) || r->length == PADDED_ALERT;
}

/* ---- FIN and RST ---- */

static void earlier(struct closing *first, struct closing other)
{
	if (other.seen && (!first->seen || other.packet < first->packet ||
				  (other.packet == first->packet && first->displaced)))
		*first = other;
}

struct closing first_closing(const struct conn *c)
{
	struct closing first = { 0 };

	for (unsigned dir = 0; dir < 2; dir++) {
		const struct direction *d = &c->flow->dir[dir];
		enum side by = conn_side(c, dir);

		uint64_t fin = direction_fin_place(d), rst = direction_rst_place(d);

		earlier(&first, (struct closing){ d->fin, false, by, fin != d->fin_packet,
					d->fin_time, fin });
		earlier(&first, (struct closing){
					d->rst, true, by, rst != d->rst_packet, d->rst_time, rst });
	}
	return first;
}

bool closes_in_turn(const struct conn *c, enum side from, const struct closing *closing)
{
	return closing->seen && closing->by != from &&
	       closing->packet < c->progress.side[from].alert.at.packet;
}

/* ---- protected records ---- */

static struct mark mark_of(const struct conn *c, enum side from, struct arrival at)
{
	return (struct mark){ at, c->flow->dir[conn_dir(c, from)].acked };
}

static void note_gave_up(struct conn *c, enum side from, struct arrival at)
{
	struct side_progress *p = &c->progress.side[from];

	if (p->gave_up.at.packet == 0)
		p->gave_up = mark_of(c, from, at);
}

static void note_alert(struct conn *c, enum side from, const struct record *r)
{
	struct side_progress *p = &c->progress.side[from];

	if (p->protected_alert)
		return;
	p->protected_alert = true;
	p->alert = mark_of(c, from, r->began);
}

/*
 * Both have said something that is no closing: the server has accepted the client's Finished, and its
 * program the client. A ticket alone is its library's word, and no more.
 */
static bool went_on13(const struct progress *p)
{
	const struct side_progress *client = &p->side[SIDE_CLIENT];
	const struct side_progress *server = &p->side[SIDE_SERVER];

	return client->after != 0 && server->after != 0 && !client->closing && !server->closing;
}

static void record13(struct conn *c, enum side from, const struct record *r)
{
	struct handshake *hs = c->hs;
	struct progress *p = &c->progress;
	struct side_progress *mine = &p->side[from];
	bool long_enough = r->length >= finished13(hs);

	if (r->type != CONTENT_APPLICATION_DATA || !hs->server_hello.seen)
		return; /* before the ServerHello it is early data */
	if (p->side[SIDE_CLIENT].finished) {
		mine->after++;
		mine->closing = alert_sized13(hs, r);
		note_alert(c, from, r);
		c->done |= went_on13(p);
		return;
	}
	if (!long_enough) {
		if (mine->short_records++ == 0)
			mine->short_first = mark_of(c, from, r->began);
	} else if (from == SIDE_SERVER) {
		p->server_flight = true;
	} else if (p->server_flight || conn_lane_of(c, SIDE_SERVER)->lost) {
		mine->finished = true;
		p->finished_time = r->began.time;
	}
}

bool both_finished(const struct progress *p)
{
	return p->side[SIDE_CLIENT].finished && p->side[SIDE_SERVER].finished;
}

bool progress_data_too_early(const struct conn *c, enum side from, const struct record *r)
{
	const struct handshake *hs = c->hs;
	const struct lane *l = conn_lane_of(c, from);
	bool no_hello = from == SIDE_SERVER && hs->client_hello.seen && !hs->server_hello.seen;

	if (r->type != CONTENT_APPLICATION_DATA && !no_hello)
		return false;
	return ((hs->version != 0 && !hs->tls13) || no_hello) && !l->ccs && !l->lost &&
	       !l->unsure && !c->midway;
}

bool progress_may_be_13(const struct conn *c)
{
	const struct handshake *hs = c->hs;
	const struct client_hello *hello = &hs->client_hello;
	bool finished12 = c->progress.side[0].finished || c->progress.side[1].finished;

	if (hs->tls13)
		return true;
	return hs->version == 0 && !finished12 &&
	       !handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE) &&
	       (!hello->seen || u16s_has(&hello->ext.versions, 0x0304));
}

/*
 * Where the ServerHello was lost it may be TLS 1.3, whose flights are application data by their type: a
 * server's proves nothing then, a client's only what is as long as a Finished.
 */
static bool may_be_flight(const struct conn *c, enum side from, const struct record *r)
{
	return progress_may_be_13(c) && (from == SIDE_SERVER || r->length < finished13(c->hs) ||
						c->hs->client_hello.ext.early_data);
}

/* What a server of TLS 1.3 says after such a Finished. */
static void after_lost_hello(struct conn *c, const struct record *r)
{
	struct side_progress *server = &c->progress.side[SIDE_SERVER];

	if (c->progress.side[SIDE_CLIENT].data_records == 0 || !progress_may_be_13(c))
		return;
	server->after++;
	server->closing = alert_sized13(c->hs, r);
	note_alert(c, SIDE_SERVER, r);
}

/* RFC 5246 7.4.9: who sends the first Finished verifies the last. */
static void record12(struct conn *c, enum side from, const struct record *r)
{
	const struct handshake *hs = c->hs;
	struct progress *p = &c->progress;
	struct side_progress *mine = &p->side[from];
	bool was_finished = both_finished(p);

	if (r->type == CONTENT_ALERT) {
		note_alert(c, from, r);
		if (!was_finished)
			note_gave_up(c, from, r->began);
		return;
	}
	if (was_finished && from != p->last_finished && !mine->protected_alert)
		c->done = true;
	if (r->type == CONTENT_HANDSHAKE && conn_lane_of(c, from)->ccs) {
		mine->finished = true;
		if (!was_finished) {
			p->last_finished = from;
			p->finished_time = r->began.time;
		}
	} else if (r->type == CONTENT_APPLICATION_DATA && from == SIDE_SERVER &&
		   may_be_flight(c, from, r)) {
		after_lost_hello(c, r);
	} else if (r->type == CONTENT_APPLICATION_DATA && !progress_data_too_early(c, from, r) &&
		   !may_be_flight(c, from, r)) {
		if (mine->data_records++ == 0 && hs->version == 0)
			p->finished_time = r->began.time;
	}
}

void progress_record(struct conn *c, enum side from, const struct record *r)
{
	const struct handshake *hs = c->hs;

	if (hs->tls13)
		record13(c, from, r);
	else
		record12(c, from, r);
	if (!hs->has_last_message && hs->n_alerts == 0 &&
		hs->side[0].protected_records + hs->side[1].protected_records > MIDWAY_RECORDS_MAX)
		c->done = true;
}

/* A Finished, or what only comes after it. */
static void finished_opened(struct conn *c, enum side from, struct arrival at)
{
	struct progress *p = &c->progress;

	if (p->side[from].finished)
		return;
	p->side[from].finished = true;
	if (c->hs->tls13 && from == SIDE_CLIENT)
		p->finished_time = at.time;
	if (!both_finished(p) || c->hs->tls13)
		return;
	p->last_finished = from;
	p->finished_time = at.time;
}

void progress_opened(struct conn *c, enum side from, uint8_t type, struct arrival at)
{
	struct progress *p = &c->progress;

	if (type == 0xff) {
		p->side[from].data_records++;
		p->side[from].after += p->side[SIDE_CLIENT].finished;
	} else if (type == HS_FINISHED) {
		finished_opened(c, from, at);
	} else if ((type == HS_NEW_SESSION_TICKET || type == HS_KEY_UPDATE) && c->hs->tls13) {
		p->side[from].after += p->side[SIDE_CLIENT].finished;
	}
	if (from == SIDE_SERVER && c->hs->tls13)
		p->server_flight = true;
}

bool progress_alert_ends(const struct handshake *hs, struct alert alert)
{
	if (hs->tls13) /* RFC 8446 6: the level means nothing */
		return alert.level == ALERT_LEVEL_FATAL || alert.code != ALERT_USER_CANCELED;
	return alert.level == ALERT_LEVEL_FATAL || alert.code == ALERT_CLOSE_NOTIFY;
}

/* What the server says after it, in a record that cannot be read, need be no more than its answer. */
static void note_goodbye(struct progress *p, enum side from)
{
	if (from == SIDE_CLIENT && p->side[SIDE_CLIENT].finished)
		p->side[SIDE_CLIENT].closing = true;
}

void progress_alert(struct conn *c, enum side from, struct alert alert, struct arrival at)
{
	if (c->hs->tls13)
		note_goodbye(&c->progress, from);
	if (!progress_alert_ends(c->hs, alert))
		return;
	c->progress.fatal = true;
	note_gave_up(c, from, at);
}

bool progress_is_over(const struct conn *c)
{
	return c->progress.fatal || both_finished(&c->progress);
}

static uint64_t aftermath(const struct conn *c)
{
	return c->lane[0].keyed || c->lane[1].keyed ? AFTERMATH_OPEN_MAX : AFTERMATH_MAX;
}

void progress_bytes(struct conn *c, unsigned dir, size_t bytes, struct arrival at)
{
	struct progress *p = &c->progress;
	struct handshake *hs = c->hs;
	enum side side = conn_side(c, dir);

	hs->end = at.time;
	hs->last_packet = at.packet;
	if (c->lane[dir].records != 0 && !first_closing(c).seen) {
		p->last_spoke = side;
		p->last_time = at.time;
		p->side[side].spoke = true;
	}
	p->bytes += bytes;
	if (p->decided_at == 0 && (progress_is_over(c) || p->side[SIDE_CLIENT].finished))
		p->decided_at = p->bytes;
	if (p->decided_at != 0 && p->bytes - p->decided_at > aftermath(c))
		c->done = true;
}

bool progress_too_long(const struct conn *c)
{
	return !c->done && c->progress.bytes > UNSETTLED_MAX;
}
