/*
 * Dissections as text: tshark -V, and what Wireshark copies of its packet details. What stands before TLS tells
 * whose a record is; a record is rebuilt from its fields (tls_lines.c).
 */
#include "log/peers.h"
#include "log/reader.h"
#include "log/scan.h"
#include "log/tls_lines.h"
#include "wire/handshake.h"
#include "wire/record.h"

enum { STRANGERS_MAX = 2 };

struct state {
	bool frame; /* between "Frame" and the next one */
	bool tls;   /* in the lines of TLS */
	struct log_at at, record_at;
	struct peers peers;
	struct tls_lines record;
	unsigned strangers; /* lines of something else */
	enum side last;     /* whose record was the last, where no addresses are told */
};

/* ---- records ---- */

static void set_facts(struct log_conn *c, const struct tls_lines *t)
{
	if (c == NULL)
		return;
	c->facts.rebuilt = true;
	if (t->agreed_version != 0)
		c->facts.version = t->agreed_version;
	if (t->has_suite) {
		c->facts.suite_known = true;
		c->facts.suite = t->suite;
	}
	if (t->group != 0)
		c->facts.group = t->group;
	if (t->sni[0] != '\0')
		c->facts.sni = conn_text(c, bytes_of(t->sni, strlen(t->sni)));
}

static void note_datagram(const struct tls_lines *t, uint8_t type, struct log_conn *c,
	enum side from, struct log_at at)
{
	if (c != NULL)
		c->facts.datagrams = true;
	if (t->has_alert)
		conn_alert(c, from, t->alert_level, t->alert_code, false, at);
	else if (t->content_type == CONTENT_CHANGE_CIPHER_SPEC)
		conn_note(c, &(struct log_note){ .kind = LOG_CCS, .from = from, .at = at });
	else if (t->content_type == CONTENT_HANDSHAKE && !t->encrypted)
		conn_seen(c, from, type, false, at);
}

static void end_record(struct state *s, struct log_notes *notes)
{
	struct tls_lines *t = &s->record;
	uint8_t type = t->handshake_type;
	bool known = t->type_known, framed, hello;
	enum peers_hint hint = known ? peers_hint_of(type) : PEERS_NO_HINT;
	struct log_conn *c;
	enum side from;

	if (!tls_lines_end(t, &framed))
		return;
	hello = known && type == HS_CLIENT_HELLO && s->peers.address[0][0] == '\0' &&
		s->last == SIDE_SERVER;
	if (hint == PEERS_NO_HINT && s->peers.address[0][0] == '\0')
		hint = (t->has_alert ? side_other(s->last) : s->last) == SIDE_CLIENT
			       ? PEERS_FROM_CLIENT
			       : PEERS_FROM_SERVER;
	c = peers_conn(notes, LOG_READER_tshark, &s->peers, hint, hello, s->record_at, &from);
	s->last = from;
	set_facts(c, t);
	if (t->datagrams) {
		note_datagram(t, type, c, from, s->record_at);
	} else if (framed) {
		holed_note_wire(&t->bytes, c, from, s->record_at);
	} else {
		struct bytes head = holed_head(&t->bytes);

		if (head.len >= HANDSHAKE_HEADER)
			conn_message(c, from, head, holed_total(&t->bytes) - head.len, false,
				s->record_at);
	}
}

static void begin_record(struct state *s, struct log_notes *notes, bool datagrams, struct log_at at)
{
	end_record(s, notes);
	tls_lines_begin(&s->record);
	s->record.datagrams = datagrams;
	s->record_at = at;
	if (s->at.time != LOG_NO_TIME)
		s->record_at.time = s->at.time;
}

/* ---- what stands before TLS ---- */

/* "192.0.2.57", "192.0.2.57 (192.0.2.57)", "router.example (192.0.2.1)": the number counts. */
static struct bytes address_of(struct bytes text)
{
	size_t open = text_find(text, " (");

	if (open == text.len || text.data[text.len - 1] != ')')
		return text;
	return bytes_slice(text, open + 2, text.len - open - 3);
}

static void take_addresses(struct state *s, struct bytes line)
{
	struct scan t = scan_of(line);
	struct bytes skipped, from;

	if (!scan_until(&t, "Src: ", &skipped) || !scan_until(&t, ", Dst: ", &from))
		return;
	peers_set_address(&s->peers, 0, address_of(from));
	peers_set_address(&s->peers, 1, address_of(text_trim(scan_rest(&t))));
}

/* "4433", "https (443)" */
static uint16_t port_of(struct scan *s)
{
	struct bytes name;
	uint64_t v;

	if (!scan_decimal(s, &v)) {
		if (!scan_name(s, "-.+", &name) || !scan_word(s, " (") || !scan_decimal(s, &v))
			return 0;
	}
	return v <= UINT16_MAX ? (uint16_t)v : 0;
}

static void take_ports(struct state *s, struct bytes line)
{
	struct scan t = scan_of(line);
	struct bytes skipped;

	if (!scan_until(&t, "Src Port: ", &skipped))
		return;
	s->peers.port[0] = port_of(&t);
	if (scan_until(&t, "Dst Port: ", &skipped))
		s->peers.port[1] = port_of(&t);
}

/* "Epoch Time: 1795979915.025391000 seconds" */
static void take_epoch(struct state *s, struct bytes value)
{
	struct scan t = scan_of(value);
	uint64_t seconds, ns = 0;

	if (!scan_decimal(&t, &seconds) || seconds > INT64_MAX / 1000000000 - 1)
		return;
	if (scan_char(&t, '.') && (!scan_decimal(&t, &ns) || ns >= 1000000000))
		ns = 0;
	s->at.time = (int64_t)(seconds * 1000000000 + ns);
}

static bool begins_frame(struct bytes line)
{
	struct scan t = scan_of(line);
	uint64_t v;

	return scan_word(&t, "Frame ") && scan_decimal(&t, &v) &&
	       (scan_peek(&t) == ':' || scan_word(&t, " ("));
}

static void begin_frame(struct state *s, struct log_notes *notes, struct log_at at)
{
	end_record(s, notes);
	s->frame = true;
	s->tls = false;
	s->at = at;
	peers_clear(&s->peers);
}

/* ---- lines ---- */

static bool is_record_line(struct bytes line, bool *datagrams)
{
	if (line.len == 0 || (line.data[0] != 'T' && line.data[0] != 'S' && line.data[0] != 'D') ||
		!text_has(line, " Record Layer: "))
		return false;
	*datagrams = line.data[0] == 'D';
	return text_begins(line, "TLS") || text_begins(line, "SSL") || text_begins(line, "DTLS");
}

static bool is_protocol_line(struct bytes line)
{
	return text_is(line, "Transport Layer Security") || text_is(line, "Secure Sockets Layer") ||
	       text_is(line, "Datagram Transport Layer Security");
}

/* Lines that begin something; what may stand in the middle is asked for after. */
static bool take_beginning(
	struct state *s, struct log_notes *notes, struct bytes text, const struct log_line *line)
{
	bool datagrams;

	if (begins_frame(text)) {
		begin_frame(s, notes, line->at);
		return true;
	}
	if (is_protocol_line(text)) {
		end_record(s, notes);
		s->tls = true;
		if (!s->frame)
			s->at = line->at;
		return true;
	}
	if (is_record_line(text, &datagrams)) {
		if (!s->frame && !s->tls)
			s->at = line->at;
		s->tls = true;
		begin_record(s, notes, datagrams, line->at);
		return true;
	}
	if (text_begins(text, "Handshake Protocol: ") && !s->record.record) {
		if (!s->frame && !s->tls)
			s->at = line->at;
		s->tls = true;
		begin_record(s, notes, false, line->at);
		return tls_lines_take(&s->record, text);
	}
	return false;
}

static bool take_headers(struct state *s, struct bytes text)
{
	if (text_begins(text, "Epoch Time: "))
		take_epoch(s, bytes_slice(text, 12, text.len));
	else if (text_begins(text, "Internet Protocol"))
		take_addresses(s, text);
	else if (text_begins(text, "Transmission Control Protocol") ||
		 text_begins(text, "User Datagram Protocol"))
		take_ports(s, text);
	else
		return s->frame && text.len != 0 && text.data[0] != '<';
	return true;
}

/* Details are indented, or "Key: value"; a line of prose ends them. */
static bool is_detail(struct bytes whole, struct bytes text)
{
	return text.len != 0 &&
	       (whole.data[0] == ' ' || whole.data[0] == '\t' || text.data[0] == '[' ||
		       text_has(text, ": ") || text.data[text.len - 1] == ')' ||
		       text_has(text, "rotocol") || text_has(text, "xtension") ||
		       text_has(text, "Params") || text_has(text, "Message"));
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct state *s = state;
	struct bytes text = text_trim(line->text);

	if (text.len == 0)
		return LOG_NOT_MINE;
	if (take_beginning(s, notes, text, line))
		return LOG_MINE;
	if (!s->frame && !s->tls)
		return LOG_NOT_MINE;
	if (line->level != 0)
		return LOG_NOT_MINE; /* a line of another program's log in between */
	if (!is_detail(line->text, text)) {
		if (++s->strangers > STRANGERS_MAX) {
			end_record(s, notes);
			s->tls = s->frame = false;
		}
		return LOG_NOT_MINE;
	}
	s->strangers = 0;
	if (s->tls && s->record.record)
		return tls_lines_take(&s->record, text) ? LOG_MINE : LOG_NOT_MINE;
	return take_headers(s, text) ? LOG_MINE : LOG_NOT_MINE;
}

static void end(void *state, struct log_notes *notes)
{
	struct state *s = state;

	end_record(s, notes);
}

const struct log_reader log_reader_tshark = {
	.name = "tshark",
	.title = "a dissection as text",
	.size = sizeof(struct state),
	.take = take,
	.end = end,
};
