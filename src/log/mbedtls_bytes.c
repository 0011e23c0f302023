/* What finished dumps hold: records, plaintext, secrets, the fields of messages. */
#include "log/mbedtls.h"

#include "base/array.h"

enum { TYPE_CCS = 20, TYPE_ALERT = 21, TYPE_HANDSHAKE = 22, TYPE_DATA = 23 };
enum { TLS_HEADER = 5, DTLS_HEADER = 13 };

static void put(struct log_conn *conn, enum log_note_kind kind, enum side from, uint8_t type,
	struct bytes b, uint64_t missing, struct log_at at)
{
	conn_note(conn, &(struct log_note){ .kind = kind,
				.from = from,
				.at = at,
				.type = type,
				.bytes = b,
				.under_keys = kind == LOG_OPENED,
				.missing = missing });
}

/* In pieces, each with what is missing behind it. */
static void put_dump(struct log_conn *conn, enum log_note_kind kind, enum side from, uint8_t type,
	const struct mbed_dump *d)
{
	struct bytes all = bytes_of(d->bytes, d->want);
	size_t at = 0;

	for (size_t i = 0; i <= d->n_holes; i++) {
		bool last = i == d->n_holes;
		size_t end = last ? d->want : d->holes[i].at;
		uint64_t missing = last ? d->whole - d->want : d->holes[i].len;

		if (!last && end + missing == d->want) { /* the hole reaches the end */
			missing += d->whole - d->want;
			last = true;
		}
		if (end != at || missing != 0)
			put(conn, kind, from, type, bytes_slice(all, at, end - at), missing, d->at);
		if (last)
			break;
		at = end + (size_t)missing;
	}
}

/* FNV-1a, to know a record's content again that is dumped under two names. */
static uint64_t print_of(struct bytes b)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < b.len; i++)
		h = (h ^ b.data[i]) * 1099511628211u;
	return h;
}

static size_t header_len(const struct log_conn *conn)
{
	return conn != NULL && conn->facts.datagrams ? DTLS_HEADER : TLS_HEADER;
}

static bool is_datagram(const struct mbed_dump *d)
{
	return d->want >= DTLS_HEADER && d->bytes[1] == 0xfe &&
	       (d->bytes[2] == 0xfd || d->bytes[2] == 0xff);
}

/* The ClientHello's random, in the clear: secrets are told by it. */
static void look_for_random(struct mbed_context *c, const struct mbed_dump *d)
{
	size_t at = is_datagram(d) ? DTLS_HEADER : TLS_HEADER;
	size_t random = at + (at == DTLS_HEADER ? 12 : 4) + 2;

	if (d->n_holes != 0 || d->want < random + 32 || d->bytes[0] != TYPE_HANDSHAKE ||
		d->bytes[at] != 1 || c->renegotiating)
		return;
	memcpy(c->hello[SIDE_CLIENT].random, d->bytes + random, 32);
	c->hello[SIDE_CLIENT].has_random = true;
}

static void note_record(
	struct mbed_context *c, struct log_conn *conn, enum side from, const struct mbed_dump *d)
{
	if (conn == NULL)
		return;
	if (is_datagram(d))
		conn->facts.datagrams = true;
	c->dumps_records = true;
	look_for_random(c, d);
	put_dump(conn, conn->facts.datagrams ? LOG_DATAGRAM : LOG_WIRE, from, 0, d);
}

/* ---- records ---- */

static void record_read(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct log_conn *conn = mbed_conn(m, c, d->at);
	size_t header = is_datagram(d) ? DTLS_HEADER : header_len(conn);

	note_record(c, conn, mbed_side(c, false), d);
	c->n_header = 0;
	c->in_bytes = true;
	c->in_promised = false;
	c->told = true;
	c->in_print = print_of(bytes_slice(bytes_of(d->bytes, d->want), header, d->want));
	if (c->step.open && !c->step.ours)
		c->step.noted = true;
	c->asked = false;
}

static void release_held(struct mbed *m, struct mbed_context *c, struct log_at at)
{
	uint8_t type = c->out_type;

	if (!c->holds)
		return;
	c->holds = false;
	if (type == 0 || type == TYPE_DATA) {
		type = c->step.open && c->step.ours ? c->step.ccs ? TYPE_CCS : TYPE_HANDSHAKE
		       : c->sent_code != 0 || c->alert_sent ? TYPE_ALERT
							    : TYPE_DATA;
	}
	put(mbed_conn(m, c, at), LOG_OPENED, mbed_side(c, true), type, bytes_of(c->held, c->n_held),
		c->held_missing, at);
}

static void record_written(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	note_record(c, mbed_conn(m, c, d->at), mbed_side(c, true), d);
	release_held(m, c, d->at);
	if (c->step.open && c->step.ours)
		c->step.noted = true;
	c->alert_sent = false;
	c->out_type = 0;
}

static void keep_header(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	/* Of a datagram it is printed each time that it is looked at. */
	if (c->n_header == d->want && d->want >= DTLS_HEADER &&
		memcmp(c->header, d->bytes, d->want) == 0)
		return;
	mbed_bytes_flush(m, c);
	if (d->n_holes != 0 || d->want > sizeof c->header)
		return;
	memcpy(c->header, d->bytes, d->want);
	c->n_header = d->want;
	c->header_at = d->at;
	c->dumps_records = true;
	if (is_datagram(d)) {
		struct log_conn *conn = mbed_conn(m, c, d->at);

		if (conn != NULL)
			conn->facts.datagrams = true;
	}
}

/*
 * "record contents": a server of before 3.6 prints the ClientHello so, in 2.x instead of "input record from
 * network". What was dumped under that name as well is the same bytes again.
 */
static void contents(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct mbed_dump *joined = &m->joined;
	size_t n = c->n_header;

	if (c->in_print == print_of(bytes_of(d->bytes, d->want)) || n == 0 ||
		n + d->want > MBED_DUMP_MAX) {
		c->n_header = 0;
		return;
	}
	*joined = *d;
	memcpy(joined->bytes, c->header, n);
	memcpy(joined->bytes + n, d->bytes, d->want);
	joined->whole += n;
	joined->want += n;
	for (size_t i = 0; i < joined->n_holes; i++)
		joined->holes[i].at += n;
	joined->at = c->header_at;
	record_read(m, c, joined);
}

/* ---- plaintext ---- */

static void payload_read(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	uint8_t type = c->in_type != 0 ? c->in_type : TYPE_HANDSHAKE;

	c->in_bytes = true;
	if (c->step.open && !c->step.ours)
		c->step.noted = true;
	put_dump(mbed_conn(m, c, d->at), LOG_OPENED, mbed_side(c, false), type, d);
}

/* It is printed before the record is: it waits, so that it comes behind the record it is of. */
static void hold_payload(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	size_t n = d->n_holes != 0 ? d->holes[0].at : d->want;

	release_held(m, c, c->held_at);
	c->holds = true;
	c->held_at = d->at;
	c->n_held = n;
	memcpy(c->held, d->bytes, n);
	c->held_missing = d->whole - n;
	c->out_type = 0;
}

/* ---- secrets ---- */

static const struct {
	const char *name, *label;
} secrets[] = {
	{ "master secret", "CLIENT_RANDOM" },
	{ "Client handshake traffic secret", "CLIENT_HANDSHAKE_TRAFFIC_SECRET" },
	{ "Server handshake traffic secret", "SERVER_HANDSHAKE_TRAFFIC_SECRET" },
	{ "Client application traffic secret", "CLIENT_TRAFFIC_SECRET_0" },
	{ "Server application traffic secret", "SERVER_TRAFFIC_SECRET_0" },
	{ "Client early traffic secret", "CLIENT_EARLY_TRAFFIC_SECRET" },
};

static bool secret(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	uint8_t line[32 + 64];

	for (size_t i = 0; i < COUNT(secrets); i++) {
		if (strcmp(d->name, secrets[i].name) != 0)
			continue;
		if (d->n_holes != 0 || d->want > 64 || d->want == 0 ||
			!c->hello[SIDE_CLIENT].has_random)
			return true;
		memcpy(line, c->hello[SIDE_CLIENT].random, 32);
		memcpy(line + 32, d->bytes, d->want);
		conn_note(mbed_conn(m, c, d->at), &(struct log_note){ .kind = LOG_SECRET,
							  .from = c->role,
							  .at = d->at,
							  .text = secrets[i].label,
							  .bytes = bytes_of(line, 32 + d->want) });
		return true;
	}
	return false;
}

/* ---- */

void mbed_dump_done(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	static const struct {
		const char *name;
		void (*take)(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d);
	} names[] = {
		{ "output record sent to network", record_written },
		{ "input record from network", record_read },
		{ "input record header", keep_header },
		{ "record header", keep_header },
		{ "record contents", contents },
		{ "input payload after decrypt", payload_read },
		{ "before encrypt: output payload", hold_payload },
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(d->name, names[i].name) != 0)
			continue;
		if (d->want != 0 && !c->peeks)
			names[i].take(m, c, d);
		return;
	}
	if (!secret(m, c, d))
		mbed_build_field(m, c, d);
}

/* A header whose record was not read: it was refused, or the lines of its dump are lost. */
void mbed_bytes_flush(struct mbed *m, struct mbed_context *c)
{
	struct bytes h = bytes_of(c->header, c->n_header);

	release_held(m, c, c->held_at);
	if (c->n_header == 0)
		return;
	c->n_header = 0;
	put(mbed_conn(m, c, c->header_at), h.len >= DTLS_HEADER ? LOG_DATAGRAM : LOG_WIRE,
		mbed_side(c, false), 0, h,
		h.len >= 5 ? (uint64_t)h.data[h.len - 2] << 8 | h.data[h.len - 1] : 0,
		c->header_at);
	c->in_bytes = true;
	c->in_promised = false;
}
