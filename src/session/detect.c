/*
 * Where TLS begins in a direction, told by its bytes alone: at the start of a segment, or anywhere
 * in the plaintext that goes before (STARTTLS, CONNECT, SOCKS, a PROXY line, ...). How the
 * plaintext is called is plain.c's matter.
 */
#include "session/conn.h"

enum {
	HELLO_SURE = 11,    /* bytes of a hello that reach its version */
	SESSION_ID_AT = 43, /* length of the session id, from the record header on */
	JOINED_MAX = CARRY_MAX + 48,
};

enum found { FOUND_NO, FOUND_MAYBE, FOUND_CLIENT, FOUND_SERVER, FOUND_SSL2, FOUND_RECORD };

/* A whole alert in the clear. */
static bool detect_alert(struct bytes b)
{
	struct record_header h;

	if (!record_parse_header(b, &h) || b.len < RECORD_HEADER + 2)
		return false;
	return record_plausible(b) && h.type == CONTENT_ALERT && h.length == 2 &&
	       (b.data[5] == 1 || b.data[5] == 2) && name_alert(b.data[6]) != NULL;
}

/* RFC 5246 7.4.1.1: a server may ask for the hello; nine bytes that nothing else begins with. */
static bool detect_hello_request(struct bytes b)
{
	static const uint8_t body[] = { 0, 4, HS_HELLO_REQUEST, 0, 0, 0 };

	return b.len >= RECORD_HEADER + HANDSHAKE_HEADER && record_plausible(b) &&
	       b.data[0] == CONTENT_HANDSHAKE &&
	       bytes_equal(bytes_slice(b, 3, sizeof body), bytes_of(body, sizeof body));
}

static enum found probe_hello(struct bytes b)
{
	switch (record_probe_hello(b)) {
	case HELLO_CLIENT:
		return FOUND_CLIENT;
	case HELLO_SERVER:
		return FOUND_SERVER;
	case HELLO_CLIENT_SSL2:
		return FOUND_SSL2;
	case HELLO_MAYBE:
		return FOUND_MAYBE;
	case HELLO_NO:
		break;
	}
	return FOUND_NO;
}

/*
 * In the middle of other bytes a hello must show its version and a possible session id. The
 * SSLv2 format has too little to be told from noise there.
 */
static enum found probe_inside(struct bytes b)
{
	enum found found;

	if (b.data[0] != CONTENT_HANDSHAKE)
		return FOUND_NO;
	found = probe_hello(b);
	if (found == FOUND_NO || found == FOUND_MAYBE)
		return found;
	if (b.len < HELLO_SURE)
		return FOUND_MAYBE;
	/* in a shorter record the session id is not there to be looked at */
	return b.len <= SESSION_ID_AT ||
			       (b.data[3] == 0 && b.data[4] <= SESSION_ID_AT - RECORD_HEADER) ||
			       b.data[SESSION_ID_AT] <= 32
		       ? found
		       : FOUND_NO;
}

/* The first bytes of a record, as far as they are there. */
static enum found probe_record_start(struct bytes b)
{
	if (b.data[0] < CONTENT_CHANGE_CIPHER_SPEC || b.data[0] > CONTENT_HEARTBEAT ||
		(b.len > 1 && b.data[1] != 3) || (b.len > 2 && b.data[2] > 4))
		return FOUND_NO;
	if (b.len < RECORD_HEADER)
		return FOUND_MAYBE;
	return record_plausible(b) ? FOUND_RECORD : FOUND_NO;
}

/*
 * At the start of a segment. Where the other side has sent a hello, any record will do; so it
 * will where the capture began midway or has a hole.
 */
static enum found probe_start(const struct conn *c, unsigned dir, struct bytes b)
{
	const struct stream *s = &c->stream[dir];
	enum found found = detect_hello_request(b) ? FOUND_NO : probe_hello(b);

	if (found == FOUND_MAYBE && b.len >= HELLO_MAYBE_MAX)
		found = FOUND_NO;
	if (found != FOUND_NO)
		return found;
	if (c->hs != NULL && s->n_later == 0)
		return probe_record_start(b);
	if (detect_alert(b) || detect_hello_request(b) ||
		(s->unsure && detect_record(b, true) == 0))
		return FOUND_RECORD;
	return FOUND_NO;
}

static bool record_follows(struct bytes b, size_t at, uint16_t version)
{
	struct record_header h;
	struct bytes rest = bytes_slice(b, at, b.len);

	if (rest.len < RECORD_HEADER)
		return rest.len == 0 || probe_record_start(rest) != FOUND_NO;
	return record_plausible(rest) && record_parse_header(rest, &h) && h.version == version;
}

/* A record at `at` whose end is the end of b or the start of another record. */
static bool record_chains(struct bytes b, size_t at, bool at_start)
{
	struct bytes rest = bytes_slice(b, at, b.len);
	struct record_header h;

	if (!record_plausible(rest) || !record_parse_header(rest, &h) || h.length == 0)
		return false;
	if ((size_t)h.length + RECORD_HEADER > rest.len)
		return at_start;
	return record_follows(rest, (size_t)h.length + RECORD_HEADER, h.version);
}

size_t detect_record(struct bytes b, bool at_start)
{
	if (at_start && record_chains(b, 0, true))
		return 0;
	for (size_t i = 1; i + RECORD_HEADER <= b.len; i++)
		if (b.data[i + 1] == 3 && record_chains(b, i, false))
			return i;
	return b.len;
}

/* ---- plain bytes ---- */

static void keep(uint8_t *kept, uint8_t *n_kept, struct bytes b)
{
	struct bytes part = bytes_slice(b, 0, (size_t)SAID_MAX - *n_kept);

	if (part.len == 0)
		return;
	memcpy(kept + *n_kept, part.data, part.len);
	*n_kept = (uint8_t)(*n_kept + part.len);
}

static void give_up_late(struct conn *c, struct stream *s)
{
	if (s->plain_bytes <= PLAIN_MAX)
		return;
	s->state = STREAM_OFF;
	c->done |= c->hs == NULL;
}

static void note_plain(struct conn *c, unsigned dir, struct bytes b, struct origin at)
{
	struct stream *s = &c->stream[dir];

	if (b.len == 0)
		return;
	s->plain_bytes += b.len;
	if (s->unsure) { /* the rest of a record that began in a hole, perhaps */
		give_up_late(c, s);
		return;
	}
	if (s->n_said == 0)
		s->said_packet = at.packet;
	keep(s->said, &s->n_said, b);
	if (c->hs != NULL) {
		if (s->n_later == 0) {
			s->later_packet = at.packet;
			message_plain(c, conn_side(c, dir), b, at);
		}
		keep(s->later, &s->n_later, b);
	}
	give_up_late(c, s);
}

/* ---- the switch to records ---- */

static void begin(struct conn *c, unsigned dir, enum found found, struct origin at)
{
	struct stream *s = &c->stream[dir];
	unsigned client_dir = found == FOUND_SERVER ? !dir : dir;

	s->state = found == FOUND_SSL2 ? STREAM_SSL2 : STREAM_RECORDS;
	if (found == FOUND_RECORD)
		return;
	s->unsure = false;
	if (c->hs == NULL)
		(void)conn_open(c, client_dir, false, at);
}

static bool is_found(enum found found)
{
	return found != FOUND_NO && found != FOUND_MAYBE;
}

static void carry(struct stream *s, struct bytes b, struct origin at)
{
	if (s->n_carry == 0)
		s->carried = at;
	memcpy(s->carry, b.data, b.len);
	s->n_carry = (uint8_t)b.len;
}

/* Where in the joined bytes a hello begins or may begin: among the first n_carry. */
static size_t search_joined(
	const struct conn *c, unsigned dir, struct bytes joined, size_t n_carry, enum found *found)
{
	for (size_t at = 0; at < n_carry; at++) {
		struct bytes rest = bytes_slice(joined, at, joined.len);

		*found = at == 0 ? probe_start(c, dir, rest) : probe_inside(rest);
		if (is_found(*found) || (*found == FOUND_MAYBE && rest.len < HELLO_MAYBE_MAX))
			return at;
	}
	*found = FOUND_NO;
	return n_carry;
}

/*
 * The end of the last segment may have begun a hello. False when that is now decided: b is still
 * to be looked at, by this direction's new state.
 */
static bool still_carried(struct conn *c, unsigned dir, struct bytes b)
{
	struct stream *s = &c->stream[dir];
	struct bytes head = bytes_slice(b, 0, JOINED_MAX - CARRY_MAX);
	uint8_t joined[JOINED_MAX];
	uint8_t n_carry = s->n_carry;
	size_t n = n_carry + head.len, at;
	enum found found;

	memcpy(joined, s->carry, n_carry);
	memcpy(joined + n_carry, head.data, head.len);
	at = search_joined(c, dir, bytes_of(joined, n), n_carry, &found);
	note_plain(c, dir, bytes_of(joined, at), s->carried);
	if (found == FOUND_MAYBE) {
		carry(s, bytes_of(joined + at, n - at), s->carried);
		return true;
	}
	s->n_carry = 0;
	if (!is_found(found) || s->state != STREAM_SEEKING)
		return false;
	begin(c, dir, found, s->carried);
	stream_feed(c, dir, bytes_of(joined + at, n_carry - at), s->carried);
	return false;
}

/* The first offset from 1 on where a hello begins or may begin; b.len when nowhere. */
static size_t search(const struct conn *c, unsigned dir, struct bytes b, enum found *found)
{
	const uint8_t *p;

	for (size_t at = 1; at < b.len; at++) {
		if ((p = memchr(b.data + at, CONTENT_HANDSHAKE, b.len - at)) == NULL)
			break;
		at = (size_t)(p - b.data);
		*found = probe_inside(bytes_slice(b, at, b.len));
		if (*found != FOUND_NO)
			return at;
	}
	*found = FOUND_RECORD;
	if (c->stream[dir].unsure)
		return detect_record(b, false);
	*found = FOUND_NO;
	return b.len;
}

size_t detect_feed(struct conn *c, unsigned dir, struct bytes b, struct origin at)
{
	struct stream *s = &c->stream[dir];
	enum found found;
	size_t offset = 0;

	if (s->n_carry != 0)
		return still_carried(c, dir, b) ? b.len : 0;
	found = probe_start(c, dir, b);
	if (found == FOUND_NO)
		offset = search(c, dir, b, &found);
	note_plain(c, dir, bytes_slice(b, 0, offset), at);
	if (found == FOUND_MAYBE)
		carry(s, bytes_slice(b, offset, CARRY_MAX), at);
	else if (is_found(found) && offset < b.len && s->state == STREAM_SEEKING)
		begin(c, dir, found, at);
	return is_found(found) ? offset : b.len;
}

void detect_end(struct conn *c, unsigned dir)
{
	struct stream *s = &c->stream[dir];

	note_plain(c, dir, bytes_of(s->carry, s->n_carry), s->carried);
	s->n_carry = 0;
}
