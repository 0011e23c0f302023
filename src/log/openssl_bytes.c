/* From dumps to notes. */
#include "log/openssl_bytes.h"

#include "log/said.h"
#include "names/names.h"

enum {
	TYPE_CCS = 20,
	TYPE_ALERT = 21,
	TYPE_HANDSHAKE = 22,
	TYPE_APPLICATION = 23,
	TYPE_HEARTBEAT = 24,
	HEADER_LEN = 5,
	DTLS_HEADER_LEN = 13,
	CLIENT_HELLO = 1,
};

enum side openssl_side(const struct log_conn *c, enum openssl_whose whose)
{
	enum side self = said_self(c);

	return whose == OPENSSL_OWN ? self : side_other(self);
}

static void note_stream(const struct openssl_bytes *b, struct log_conn *c, enum openssl_whose whose,
	struct bytes bytes, uint64_t missing, struct log_at at)
{
	enum side from = openssl_side(c, whose);

	if (!b->datagrams)
		conn_wire(c, from, bytes, missing, at);
	else
		conn_note(c, &(struct log_note){ .kind = LOG_DATAGRAM,
				     .from = from,
				     .at = at,
				     .bytes = bytes,
				     .missing = missing });
}

/* ---- what is held back ---- */

/* The stream is not printed: what was put together of -msg stands for it. */
static void give_held(struct openssl_bytes *b, struct log_conn *c)
{
	b->no_debug = !b->debug;
	for (size_t i = 0; i < b->n_held; i++) {
		const struct openssl_part *p = &b->held[i];

		note_stream(b, c, p->whose, bytes_of(b->held_bytes + p->from, p->len), 0, p->at);
	}
	b->n_held = 0;
	b->held_len = 0;
}

static void hold(struct openssl_bytes *b, struct log_conn *c, enum openssl_whose whose,
	struct bytes bytes, struct log_at at)
{
	if (!b->no_debug &&
		(b->n_held == OPENSSL_HELD_PARTS || bytes.len > OPENSSL_HELD_MAX - b->held_len))
		give_held(b, c);
	if (b->no_debug) {
		note_stream(b, c, whose, bytes, 0, at);
		return;
	}
	b->held[b->n_held++] = (struct openssl_part){ whose, at, b->held_len, bytes.len };
	memcpy(b->held_bytes + b->held_len, bytes.data, bytes.len);
	b->held_len += bytes.len;
}

/* ---- records of -msg ---- */

static struct openssl_header *first_header(struct openssl_lane *l)
{
	return l->n != 0 ? &l->headers[0] : NULL;
}

static void drop_header(struct openssl_lane *l)
{
	if (l->n == 0)
		return;
	l->n--;
	memmove(l->headers, l->headers + 1, l->n * sizeof l->headers[0]);
}

static void note_ccs(struct openssl_bytes *b, struct log_conn *c, struct log_at at)
{
	struct openssl_lane *l = &b->lanes[b->whose];

	if (!l->ccs && !b->debug)
		conn_note(
			c, &(struct log_note){
				   .kind = LOG_CCS, .from = openssl_side(c, b->whose), .at = at });
	l->ccs = true;
	l->keys = true;
}

/* Of another type than records have: what somebody sends who does not speak TLS. */
static bool is_no_record(struct bytes b)
{
	return b.len >= HEADER_LEN && (b.data[0] < TYPE_CCS || b.data[0] > TYPE_HEARTBEAT);
}

/* Many programs print no content for a record of ChangeCipherSpec: its header is all there is of it. */
static void take_header(struct openssl_bytes *b, struct log_conn *c)
{
	struct openssl_lane *l = &b->lanes[b->whose];
	struct openssl_header h = { .len = (uint8_t)b->rows.now.len };
	struct bytes bytes = bytes_of(b->rows.bytes, b->rows.now.len);

	if (is_no_record(bytes) && !b->debug) {
		give_held(b, c);
		note_stream(b, c, b->whose, bytes, 0, b->rows.at);
		return;
	}
	if (b->rows.now.len != HEADER_LEN && b->rows.now.len != DTLS_HEADER_LEN)
		return;
	memcpy(h.bytes, b->rows.bytes, h.len);
	h.left = (uint64_t)h.bytes[h.len - 2] << 8 | h.bytes[h.len - 1];
	b->datagrams = b->datagrams || h.len == DTLS_HEADER_LEN;
	if (c != NULL)
		c->facts.datagrams = c->facts.datagrams || b->datagrams;
	if (h.bytes[0] == TYPE_CCS) {
		note_ccs(b, c, b->rows.at);
		return;
	}
	if (l->n == OPENSSL_HEADERS_MAX)
		drop_header(l);
	l->headers[l->n++] = h;
}

static uint64_t announced(const struct openssl_lane *l, uint8_t type)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < l->n && l->headers[i].bytes[0] == type; i++)
		sum += l->headers[i].left;
	return sum;
}

/* Headers of other records came before, whose content was not printed. */
static void skip_others(struct openssl_lane *l, uint8_t type)
{
	while (l->n > 1 && !l->headers[0].given && l->headers[0].bytes[0] != type)
		drop_header(l);
}

static bool was_under_keys(const struct openssl_lane *l, uint8_t type, uint64_t len)
{
	if (l->n == 0)
		return l->keys;
	if (l->headers[0].bytes[0] == TYPE_APPLICATION)
		return true;
	return l->keys && announced(l, type) != len;
}

static void put_together(
	struct openssl_bytes *b, struct log_conn *c, struct bytes content, struct log_at at)
{
	struct openssl_lane *l = &b->lanes[b->whose];
	uint8_t record[DTLS_HEADER_LEN + OPENSSL_HELD_MAX];

	while (content.len != 0) {
		struct openssl_header *h = first_header(l);
		size_t n = 0, part;

		if (h == NULL)
			return;
		if (!h->given) {
			memcpy(record, h->bytes, h->len);
			n = h->len;
			h->given = true;
		}
		part = content.len < h->left ? content.len : (size_t)h->left;
		if (part > OPENSSL_HELD_MAX)
			part = OPENSSL_HELD_MAX;
		memcpy(record + n, content.data, part);
		hold(b, c, b->whose, bytes_of(record, n + part), at);
		content = bytes_slice(content, part, content.len);
		h->left -= part;
		if (h->left == 0)
			drop_header(l);
	}
}

static void note_alert(struct openssl_bytes *b, struct log_conn *c, struct bytes alert, bool keys)
{
	if (alert.len == 2)
		conn_alert(c, openssl_side(c, b->whose), alert.data[0], alert.data[1], keys,
			b->rows.at);
}

static void note_content(
	struct openssl_bytes *b, struct log_conn *c, uint8_t type, struct bytes content, bool keys)
{
	uint64_t missing = openssl_rows_missing(&b->rows);

	if (b->debug && keys)
		conn_opened(c, openssl_side(c, b->whose), type, content, missing, b->rows.at);
	else if (b->debug)
		return;
	else if (type == TYPE_ALERT)
		note_alert(b, c, content, keys);
	else
		conn_message(c, openssl_side(c, b->whose), content, missing, keys, b->rows.at);
}

static void take_content(struct openssl_bytes *b, struct log_conn *c, uint8_t type)
{
	struct openssl_lane *l = &b->lanes[b->whose];
	struct bytes content = bytes_of(b->rows.bytes, b->rows.now.len);
	bool keys;

	b->peers_alert = b->peers_alert || (type == TYPE_ALERT && b->whose == OPENSSL_PEERS);
	if (type == TYPE_ALERT && b->whose == OPENSSL_OWN)
		b->own_alert = b->rows.at;
	skip_others(l, type);
	keys = was_under_keys(l, type, b->rows.want);
	if (!keys && !b->debug && l->n != 0 && announced(l, type) >= content.len &&
		openssl_rows_missing(&b->rows) == 0) {
		put_together(b, c, content, b->rows.at);
		return;
	}
	drop_header(l);
	give_held(b, c);
	note_content(b, c, type, content, keys);
}

/* A heading without a byte that is surely its own. */
static void note_lost(struct openssl_bytes *b, struct log_conn *c)
{
	drop_header(&b->lanes[b->whose]);
	give_held(b, c);
	if (!b->debug && b->rows.want != 0)
		conn_note(c, &(struct log_note){ .kind = LOG_LOST,
				     .from = openssl_side(c, b->whose),
				     .at = b->rows.at,
				     .missing = b->rows.want });
}

static void take_handshake(struct openssl_bytes *b, struct log_conn *c)
{
	uint8_t type = b->rows.bytes[0];

	if (b->rows.now.len == 0) {
		note_lost(b, c);
		return;
	}
	if (type < 32)
		b->seen[b->whose] |= (uint32_t)1 << type;
	if (type == CLIENT_HELLO)
		said_role(c, b->whose == OPENSSL_OWN ? SIDE_CLIENT : SIDE_SERVER);
	take_content(b, c, TYPE_HANDSHAKE);
}

/* The type of the handshake message that a dump begins with, whose header may be in the dump before; 0: none. */
static uint8_t begun_message(struct openssl_bytes *b)
{
	bool header = b->rows.now.len >= HEADER_LEN && b->rows.bytes[0] == TYPE_HANDSHAKE;
	uint8_t type = b->lone_header && b->rows.now.len != 0 ? b->rows.bytes[0] : 0;

	if (header && b->rows.now.len > HEADER_LEN)
		type = b->rows.bytes[HEADER_LEN];
	b->lone_header = header && b->rows.now.len == HEADER_LEN;
	return type < 32 ? type : 0;
}

/* Whose log it is, by who sends what only one side does: the first that is read need not be the first that was. */
static void take_role(struct openssl_bytes *b, struct log_conn *c)
{
	static const uint32_t clients = 1U << CLIENT_HELLO | 1U << 16;
	static const uint32_t servers =
		1U << 2 | 1U << 4 | 1U << 8 | 1U << 12 | 1U << 13 | 1U << 14;
	enum side self = b->whose == OPENSSL_OWN ? SIDE_CLIENT : SIDE_SERVER;
	uint8_t type = begun_message(b);

	if ((clients >> type & 1) != 0)
		said_role(c, self);
	else if ((servers >> type & 1) != 0)
		said_role(c, side_other(self));
}

static bool is_role_known(const struct log_conn *c)
{
	return c != NULL && c->facts.role_known;
}

static void take_stream(struct openssl_bytes *b, struct log_conn *c)
{
	struct bytes dump = bytes_of(b->rows.bytes, b->rows.now.len);

	take_role(b, c);
	if (b->lone_header && !is_role_known(c)) {
		b->waits = true;
		b->waits_from = b->rows.at;
		memcpy(b->waiting, dump.data, sizeof b->waiting);
		return;
	}
	if (b->whose == OPENSSL_PEERS && is_no_record(dump) && !is_role_known(c) && !b->any_stream)
		said_role(c, SIDE_SERVER);
	if (b->waits)
		note_stream(
			b, c, b->whose, bytes_of(b->waiting, sizeof b->waiting), 0, b->waits_from);
	b->waits = false;
	b->any_stream = true;
	note_stream(b, c, b->whose, dump, openssl_rows_missing(&b->rows), b->rows.at);
}

/* What was read of the dump is noted. */
static void close_dump(struct openssl_bytes *b, struct log_conn *c, bool cut)
{
	enum openssl_row_form form = b->rows.form;

	if (form != OPENSSL_ROWS_NONE)
		openssl_rows_end(&b->rows, cut);
	b->rows.form = OPENSSL_ROWS_NONE;
	if (form == OPENSSL_ROWS_NONE || c == NULL)
		return;
	if (form == OPENSSL_ROWS_DEBUG)
		take_stream(b, c);
	else if (b->content == OPENSSL_HEADER)
		take_header(b, c);
	else if (b->content == OPENSSL_HANDSHAKE)
		take_handshake(b, c);
	else if (b->content == OPENSSL_ALERT)
		take_content(b, c, TYPE_ALERT);
	else if (b->content == OPENSSL_CCS)
		note_ccs(b, c, b->rows.at);
}

/* The heading of the dump that is open, once more: the line is there twice. */
static bool is_open(const struct openssl_bytes *b, enum openssl_row_form form,
	enum openssl_whose whose, uint64_t len)
{
	return b->rows.form == form && b->whose == whose && b->rows.want == len &&
	       b->rows.now.len + b->rows.now.lost == 0;
}

void openssl_bytes_stream(struct openssl_bytes *b, struct log_conn *c, enum openssl_whose whose,
	uint64_t len, struct log_at at)
{
	if (is_open(b, OPENSSL_ROWS_DEBUG, whose, len))
		return;
	close_dump(b, c, false);
	if (!b->debug) {
		b->debug = true;
		b->n_held = 0;
		b->held_len = 0;
	}
	b->any = true;
	b->whose = whose;
	openssl_rows_begin(&b->rows, OPENSSL_ROWS_DEBUG, len, at);
}

void openssl_bytes_content(struct openssl_bytes *b, struct log_conn *c, enum openssl_whose whose,
	enum openssl_content content, uint64_t len, struct log_at at)
{
	if (is_open(b, OPENSSL_ROWS_MSG, whose, len) && b->content == content)
		return;
	close_dump(b, c, false);
	if (b->n_held != 0 && whose != b->held[0].whose)
		give_held(b, c);
	b->any = true;
	b->whose = whose;
	b->content = content;
	openssl_rows_begin(&b->rows, OPENSSL_ROWS_MSG, len, at);
	if (content == OPENSSL_CCS)
		close_dump(b, c, false);
}

bool openssl_bytes_row(
	struct openssl_bytes *b, struct log_conn *c, struct bytes text, struct bytes *rest)
{
	bool taken = openssl_rows_take(&b->rows, text, rest);

	/* a row that is there twice may yet follow */
	if (openssl_rows_full(&b->rows) && (!taken || rest->len != 0))
		close_dump(b, c, false);
	return taken;
}

void openssl_bytes_settle(struct openssl_bytes *b, struct log_conn *c)
{
	if (b->rows.form != OPENSSL_ROWS_NONE && openssl_rows_full(&b->rows))
		close_dump(b, c, false);
	if (b->n_held != 0)
		give_held(b, c);
}

void openssl_bytes_end(struct openssl_bytes *b, struct log_conn *c)
{
	close_dump(b, c, true);
	give_held(b, c);
}
