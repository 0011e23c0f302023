/*
 * Looks for the first record: at the start of a segment, or anywhere in the plaintext that goes before
 * (STARTTLS, CONNECT, SOCKS, a PROXY line, ...). How the plaintext is called is plain.c's matter.
 */
#include "session/detect.h"

enum {
	HELLO_SURE = 11,    /* bytes of a hello that reach its version */
	SESSION_ID_AT = 43, /* length of the session id, from the record header on */
};

/* A whole alert in the clear. */
static bool detect_alert(struct bytes b)
{
	struct record_header h;

	return b.len >= RECORD_HEADER + 2 && record_parse_plausible(b, &h) &&
	       h.type == CONTENT_ALERT && h.length == 2 && (b.data[5] == 1 || b.data[5] == 2) &&
	       name_alert(b.data[6]) != NULL;
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
static enum found probe_start(struct detect_context x, struct bytes b)
{
	enum found found = detect_hello_request(b) ? FOUND_NO : probe_hello(b);

	if (found == FOUND_MAYBE && b.len >= HELLO_MAYBE_MAX)
		found = FOUND_NO;
	if (found != FOUND_NO)
		return found;
	if (x.awaited)
		return probe_record_start(b);
	if (detect_alert(b) || detect_hello_request(b) || (x.unsure && detect_record(b, true) == 0))
		return FOUND_RECORD;
	return FOUND_NO;
}

static bool record_follows(struct bytes b, size_t at, uint16_t version)
{
	struct record_header h;
	struct bytes rest = bytes_slice(b, at, b.len);

	if (rest.len < RECORD_HEADER)
		return rest.len == 0 || probe_record_start(rest) != FOUND_NO;
	return record_parse_plausible(rest, &h) && h.version == version;
}

/* A record at `at` whose end is the end of b or the start of another record. */
static bool record_chains(struct bytes b, size_t at, bool at_start)
{
	struct bytes rest = bytes_slice(b, at, b.len);
	struct record_header h;

	if (!record_parse_plausible(rest, &h) || h.length == 0)
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

/* ---- bytes kept from one segment to the next ---- */

static void carry(struct carried *c, struct bytes b, struct arrival at)
{
	if (c->n == 0)
		c->at = at;
	memcpy(c->bytes, b.data, b.len);
	c->n = (uint8_t)b.len;
}

static bool is_found(enum found found)
{
	return found != FOUND_NO && found != FOUND_MAYBE;
}

/* Where in the joined bytes a hello begins or may begin: among the first n_carried. */
static size_t search_joined(
	struct detect_context x, struct bytes joined, size_t n_carried, enum found *found)
{
	for (size_t at = 0; at < n_carried; at++) {
		struct bytes rest = bytes_slice(joined, at, joined.len);

		*found = at == 0 ? probe_start(x, rest) : probe_inside(rest);
		if (is_found(*found) || (*found == FOUND_MAYBE && rest.len < HELLO_MAYBE_MAX))
			return at;
	}
	*found = FOUND_NO;
	return n_carried;
}

/* The end of the last segment may have begun a hello: with the start of this one that is decided, or
 * the wait goes on. */
static void look_joined(
	struct carried *c, struct detect_context x, struct bytes b, struct detected *out)
{
	struct bytes start = bytes_slice(b, 0, sizeof out->room - CARRY_MAX);
	size_t n_carried = c->n, at;
	struct bytes joined = bytes_of(out->room, n_carried + start.len);

	memcpy(out->room, c->bytes, n_carried);
	memcpy(out->room + n_carried, start.data, start.len);
	at = search_joined(x, joined, n_carried, &out->found);
	out->plain = bytes_slice(joined, 0, at);
	out->carried_at = c->at;
	if (out->found == FOUND_MAYBE) {
		carry(c, bytes_slice(joined, at, joined.len), c->at);
		out->used = b.len;
		return;
	}
	c->n = 0;
	if (is_found(out->found))
		out->head = bytes_slice(joined, at, n_carried - at);
}

/* The first offset from 1 on where a hello begins or may begin; b.len when nowhere. */
static size_t search(struct detect_context x, struct bytes b, enum found *found)
{
	const uint8_t *p;

	for (size_t at = 1;
		at < b.len && (p = memchr(b.data + at, CONTENT_HANDSHAKE, b.len - at)) != NULL;
		at++) {
		at = (size_t)(p - b.data);
		*found = probe_inside(bytes_slice(b, at, b.len));
		if (*found != FOUND_NO)
			return at;
	}
	*found = FOUND_RECORD;
	if (x.unsure)
		return detect_record(b, false);
	*found = FOUND_NO;
	return b.len;
}

void detect_look(struct carried *c, struct detect_context x, struct bytes b, struct arrival at,
	struct detected *out)
{
	memset(out, 0, sizeof *out);
	if (c->n != 0) {
		look_joined(c, x, b, out);
		return;
	}
	out->found = probe_start(x, b);
	if (out->found == FOUND_NO)
		out->passed = search(x, b, &out->found);
	if (out->passed == b.len)
		out->found = FOUND_NO;
	if (out->found == FOUND_MAYBE)
		carry(c, bytes_slice(b, out->passed, CARRY_MAX), at);
	out->used = is_found(out->found) ? out->passed : b.len;
}

/* A record is no plaintext because its side fell silent there: its type and version tell it. */
bool detect_end(const struct carried *c, struct detect_context x)
{
	enum { TELLING = 3 };
	struct bytes b = bytes_of(c->bytes, c->n);

	return x.awaited && b.len >= TELLING && probe_record_start(b) != FOUND_NO;
}
