/*
 * Takes TLS out of what carries it. What stands before the wrapping begins goes on to stream.c like any
 * plain bytes; from there on it gets the content alone. The place of a byte in TCP's stream is not known
 * any more then.
 */
#include "session/conn.h"

enum {
	OPENVPN_OPCODE = 1,   /* offset: after the length of two bytes */
	OPENVPN_SESSION = 8,  /* bytes of a session id */
	OPENVPN_ACKS_MAX = 8, /* RELIABLE_ACK_SIZE */
	OPENVPN_FIRST = 14,   /* opcode, session id, no acknowledgement, packet id 0 */
	OPENVPN_REPLAY = 8,   /* packet id and time, beside the HMAC */
	OPENVPN_HMAC_MAX = 64,
	OPENVPN_CRYPT_FIRST = 54, /* tls-crypt: all but the session id is encrypted */

	CONTROL_V1 = 4,
	HARD_RESET_CLIENT_V2 = 7,
	HARD_RESET_CLIENT_V3 = 10,

	WEBSOCKET_CONTROL = 8, /* opcodes from here on */
};

/* From now on the direction is wrapped; what was spoken before has been understood. */
static void begin(struct conn *c, unsigned dir, enum plain_protocol in, enum wrap_state state)
{
	struct lane *l = &c->lane[dir];

	c->wrap.in = in;
	c->wrap.side[dir].state = state;
	c->wrap.side[dir].n_head = 0;
	c->stream[dir].carried.n = 0;
	l->plain.n_said = 0;
	l->unplaced = true;
}

/* Gathers a header until it has `need` bytes. True when it is whole. */
static bool gather(struct wrap_side *s, struct bytes b, size_t need, size_t *used)
{
	size_t n = need - s->n_head;

	if (n > b.len)
		n = b.len;
	memcpy(s->head + s->n_head, b.data, n);
	s->n_head = (uint8_t)(s->n_head + n);
	*used += n;
	return s->n_head == need;
}

/* ---- OpenVPN ---- */

static bool all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* The first packet id under an HMAC or tls-crypt is 1; the highest bits may announce a feature. */
static bool is_first_id(const uint8_t *id)
{
	return (id[0] == 0 || id[0] == 0x0f) && id[1] == 0 && id[2] == 0 && id[3] == 1;
}

/*
 * A reset of the client, which begins a connection. With --tls-auth an HMAC, a packet id and the time
 * come after the session id; with --tls-crypt the rest is encrypted, and only the packet id shows.
 */
static enum wrap_state judge_first(const uint8_t *packet, size_t len, uint8_t *auth)
{
	const uint8_t opcode = packet[0] >> 3, *rest = packet + 1 + OPENVPN_SESSION;

	*auth = 0;
	if ((opcode != HARD_RESET_CLIENT_V2 && opcode != HARD_RESET_CLIENT_V3) ||
		(packet[0] & 7) != 0)
		return WRAP_PLAIN;
	if (opcode == HARD_RESET_CLIENT_V2 && len == OPENVPN_FIRST)
		return all_zero(rest, 5) ? WRAP_PACKETS : WRAP_PLAIN;
	if (len < OPENVPN_FIRST + OPENVPN_REPLAY)
		return WRAP_PLAIN;
	if (opcode == HARD_RESET_CLIENT_V2 && all_zero(packet + len - 5, 5) &&
		is_first_id(packet + len - 5 - OPENVPN_REPLAY)) {
		*auth = (uint8_t)(len - OPENVPN_FIRST);
		return WRAP_PACKETS;
	}
	return len >= OPENVPN_CRYPT_FIRST && is_first_id(rest) ? WRAP_LOST : WRAP_PLAIN;
}

/* Both sides: where the client is encrypted, so is the server. */
static void begin_openvpn(struct conn *c, unsigned dir, enum wrap_state state, uint8_t auth)
{
	begin(c, dir, PLAIN_OPENVPN, state);
	c->wrap.auth = auth;
	if (state == WRAP_LOST)
		begin(c, !dir, PLAIN_OPENVPN, WRAP_LOST);
}

static size_t step_first(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	enum { HEAD = 2, MOST = HEAD + OPENVPN_FIRST + OPENVPN_REPLAY + OPENVPN_HMAC_MAX };
	struct wrap_side *s = &c->wrap.side[dir];
	enum wrap_state state = WRAP_FIRST;
	size_t used = 0, len = 0;
	uint8_t auth = 0;

	if (s->n_head >= HEAD || gather(s, b, HEAD, &used)) {
		len = s->head[1]; /* the high byte is zero: none is as long */
		if (s->head[0] != 0 || len < OPENVPN_FIRST || len > MOST - HEAD)
			state = WRAP_PLAIN;
		else if (gather(s, bytes_slice(b, used, b.len), HEAD + len, &used))
			state = judge_first(s->head + HEAD, len, &auth);
	}
	stream_feed(c, dir, bytes_slice(b, 0, used), at);
	if (state == WRAP_PLAIN)
		s->state = WRAP_PLAIN;
	else if (state != WRAP_FIRST)
		begin_openvpn(c, dir, state, auth);
	return used;
}

/* Bytes of a control packet's header, from the opcode on, as far as head tells; 0: it is none. */
static size_t control_header(const struct wrap_side *s, uint8_t auth)
{
	size_t acks_at = (size_t)OPENVPN_OPCODE + OPENVPN_SESSION + auth, n;

	if (s->n_head < 2 + acks_at + 1)
		return acks_at + 1;
	n = s->head[2 + acks_at];
	if (n > OPENVPN_ACKS_MAX)
		return 0;
	return acks_at + 1 + 4 * n + (n != 0 ? OPENVPN_SESSION : 0) + 4;
}

/* Over TCP nothing is lost, but a packet may be sent again when its acknowledgement takes long. */
static bool is_next(struct wrap_side *s, size_t header)
{
	const uint8_t *p = s->head + 2 + header - 4;
	uint32_t id = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];

	if (s->has_id && id != s->next_id)
		return false;
	s->has_id = true;
	s->next_id = id + 1;
	return true;
}

/* A packet of the control channel of the first session carries TLS. */
static bool carries_tls(const struct wrap_side *s)
{
	return s->head[2] == CONTROL_V1 << 3;
}

static void packet_begins(struct wrap_side *s, size_t len, size_t header)
{
	s->left = len - header;
	s->n_head = 0;
}

/* Gathers what is needed of the header; sets left when it is whole. */
static size_t step_packet_header(struct conn *c, unsigned dir, struct bytes b)
{
	struct wrap_side *s = &c->wrap.side[dir];
	size_t used = 0, len, header;

	if (s->n_head < 3 && !gather(s, b, 3, &used))
		return used;
	len = (size_t)s->head[0] << 8 | s->head[1];
	s->wanted = false;
	if (len == 0) {
		s->state = WRAP_LOST;
	} else if (!carries_tls(s)) {
		packet_begins(s, len, 1);
	} else {
		while ((header = control_header(s, c->wrap.auth)) != 0 && header <= len &&
			s->n_head < 2 + header)
			if (!gather(s, bytes_slice(b, used, b.len), 2 + header, &used))
				return used;
		if (header == 0 || header > len) {
			s->state = WRAP_LOST;
			return used;
		}
		s->wanted = is_next(s, header);
		packet_begins(s, len, header);
	}
	return used;
}

_Static_assert(2 + OPENVPN_OPCODE + OPENVPN_SESSION + OPENVPN_REPLAY + OPENVPN_HMAC_MAX + 1 +
			       4 * OPENVPN_ACKS_MAX + OPENVPN_SESSION + 4 <=
		       WRAP_HEAD,
	"the header of a control packet has room");

/* ---- WebSocket ---- */

static bool line_is(const struct wrap_side *s, const char *text)
{
	size_t n = strlen(text);

	return s->n_head >= n && memcmp(s->head, text, n) == 0;
}

static bool line_holds(const struct wrap_side *s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s->n_head; i++)
		if (memcmp(s->head + i, word, n) == 0)
			return true;
	return false;
}

/* A line of the header, in small letters. True at the empty one, the last. */
static bool end_line(struct wrap_side *s)
{
	bool last = s->n_head == 0 || (s->n_head == 1 && s->head[0] == '\r');

	if (!s->first_line_read && !line_is(s, "get ") && !line_is(s, "http/1.1 101"))
		s->state = WRAP_PLAIN;
	s->first_line_read = true;
	s->asks |= line_is(s, "upgrade:") && line_holds(s, "websocket");
	s->n_head = 0;
	return last;
}

static void take_char(struct wrap_side *s, uint8_t ch)
{
	if (s->n_head < WRAP_HEAD)
		s->head[s->n_head++] = byte_lower(ch);
}

static size_t step_http(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct wrap_side *s = &c->wrap.side[dir];
	bool last = false;
	size_t used = 0;

	while (used < b.len && !last && s->state == WRAP_HTTP) {
		uint8_t ch = b.data[used++];

		if (++s->taken > WRAP_HTTP_MAX)
			s->state = WRAP_PLAIN;
		else if (ch == '\n')
			last = end_line(s);
		else
			take_char(s, ch);
	}
	stream_feed(c, dir, bytes_slice(b, 0, used), at);
	if (c->stream[dir].state != STREAM_SEEKING)
		s->state = WRAP_PLAIN;
	if (last && s->state == WRAP_HTTP) {
		if (s->asks)
			begin(c, dir, PLAIN_WEBSOCKET, WRAP_FRAMES);
		else
			s->state = WRAP_PLAIN;
	}
	return used;
}

/* RFC 6455 5.2: flags and opcode, mask and length, a longer length, the mask. */
static size_t frame_header(const struct wrap_side *s)
{
	uint8_t length;

	if (s->n_head < 2)
		return 2;
	length = s->head[1] & 0x7f;
	return (size_t)2 +
	       (length == 126          ? 2
		       : length == 127 ? 8
				       : 0) +
	       ((s->head[1] & 0x80) != 0 ? 4 : 0);
}

static void frame_begins(struct wrap_side *s)
{
	uint8_t length = s->head[1] & 0x7f;
	size_t wide = length == 126 ? 2 : length == 127 ? 8 : 0;

	s->left = wide == 0 ? length : 0;
	for (size_t i = 0; i < wide; i++)
		s->left = s->left << 8 | s->head[2 + i];
	s->masked = (s->head[1] & 0x80) != 0;
	if (s->masked)
		memcpy(s->mask, s->head + 2 + wide, sizeof s->mask);
	s->wanted = (s->head[0] & 0x0f) < WEBSOCKET_CONTROL;
	s->n_head = 0;
}

/* Continuation, text, binary; close, ping, pong; no extension that changes the content. */
static bool frame_plausible(uint8_t first)
{
	uint8_t opcode = first & 0x0f;

	return (first & 0x70) == 0 && (opcode <= 2 || (opcode >= 8 && opcode <= 10));
}

static size_t step_frame_header(struct conn *c, unsigned dir, struct bytes b)
{
	struct wrap_side *s = &c->wrap.side[dir];
	size_t used = 0;

	while (s->n_head < frame_header(s)) {
		if (!gather(s, bytes_slice(b, used, b.len), frame_header(s), &used))
			return used;
		if (!frame_plausible(s->head[0])) {
			s->state = WRAP_LOST;
			return used;
		}
	}
	frame_begins(s);
	return used;
}

/* ---- what is inside ---- */

static void feed_unmasked(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct wrap_side *s = &c->wrap.side[dir];
	uint8_t out[1024];

	for (size_t at_byte = 0; at_byte < b.len && !c->done;) {
		struct bytes part = bytes_slice(b, at_byte, at_byte + sizeof out);
		uint8_t turned[4];

		for (size_t i = 0; i < part.len; i++)
			out[i] = part.data[i] ^ s->mask[i % 4];
		for (size_t i = 0; i < 4; i++)
			turned[i] = s->mask[(i + part.len) % 4];
		memcpy(s->mask, turned, sizeof turned);
		stream_feed(c, dir, bytes_of(out, part.len), at);
		at_byte += part.len;
	}
}

static size_t step_content(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct wrap_side *s = &c->wrap.side[dir];
	struct bytes part = bytes_slice(b, 0, s->left < b.len ? (size_t)s->left : b.len);

	s->left -= part.len;
	if (!s->wanted)
		return part.len;
	if (s->state == WRAP_FRAMES && s->masked)
		feed_unmasked(c, dir, part, at);
	else
		stream_feed(c, dir, part, at);
	return part.len;
}

/* ---- one segment ---- */

/* Packets of OpenVPN that fill a segment: the first of its control channel, or an acknowledgement. */
static bool holds_packets(struct bytes b)
{
	enum { ACK_V1 = 5, DATA_V1, HARD_RESET_SERVER_V2 = 8, DATA_V2, HEAD = 3 };
	size_t at = 0;

	while (at + HEAD <= b.len) {
		size_t len = (size_t)b.data[at] << 8 | b.data[at + 1];
		uint8_t opcode = b.data[at + 2] >> 3;
		bool is_data = opcode == DATA_V1 || opcode == DATA_V2;

		if (len < OPENVPN_FIRST || opcode < CONTROL_V1 || opcode > DATA_V2 ||
			(is_data && at == 0))
			return false;
		at += 2 + len;
	}
	return at == b.len && at != 0;
}

/* Frames of a WebSocket that fill a segment, the first with text or bytes: a mere continuation looks like much
 * else. */
static bool holds_frames(struct bytes b)
{
	size_t at = 0;

	while (at < b.len) {
		struct wrap_side s = { .n_head = 0 };

		s.n_head = (uint8_t)(b.len - at < 14 ? b.len - at : 14);
		memcpy(s.head, b.data + at, s.n_head);
		if (!frame_plausible(s.head[0]) ||
			(at == 0 && (s.head[0] & 0x0f) != 1 && (s.head[0] & 0x0f) != 2) ||
			s.n_head < frame_header(&s))
			return false;
		at += frame_header(&s);
		frame_begins(&s);
		if (s.left > b.len - at)
			return false;
		at += (size_t)s.left;
	}
	return at != 0;
}

/*
 * Of a connection that was wrapped before the capture began, or where it has a hole: frames can be read from
 * any one on. OpenVPN's packets cannot, for what stands in each of them was agreed on in the first.
 */
static bool wrapped_before(struct conn *c, unsigned dir, struct bytes b)
{
	bool unseen = c->midway || conn_lost_bytes(c);

	if (c->wrap.in == PLAIN_WEBSOCKET || unseen) {
		if (holds_frames(b)) {
			begin(c, dir, PLAIN_WEBSOCKET, WRAP_FRAMES);
			return true;
		}
	}
	if (!unseen || !holds_packets(b))
		return false;
	begin_openvpn(c, dir, WRAP_LOST, 0);
	return true;
}

static void start(struct conn *c, unsigned dir, struct bytes b)
{
	struct wrap_side *s = &c->wrap.side[dir];
	uint8_t first = b.data[0];

	if (c->wrap.in == PLAIN_OPENVPN)
		begin(c, dir, PLAIN_OPENVPN, WRAP_PACKETS);
	else if (wrapped_before(c, dir, b))
		return;
	else if (first == 'G' || first == 'H')
		s->state = WRAP_HTTP;
	else
		s->state = first == 0 ? WRAP_FIRST : WRAP_PLAIN;
}

static size_t step(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	struct wrap_side *s = &c->wrap.side[dir];

	switch (s->state) {
	case WRAP_START:
		start(c, dir, b);
		return 0;
	case WRAP_HTTP:
		return step_http(c, dir, b, at);
	case WRAP_FIRST:
		return step_first(c, dir, b, at);
	case WRAP_FRAMES:
		return s->left != 0 ? step_content(c, dir, b, at) : step_frame_header(c, dir, b);
	case WRAP_PACKETS:
		return s->left != 0 ? step_content(c, dir, b, at) : step_packet_header(c, dir, b);
	case WRAP_PLAIN:
		stream_feed(c, dir, b, at);
		break;
	case WRAP_LOST:
		break;
	}
	return b.len;
}

void wrap_feed(struct conn *c, unsigned dir, struct bytes b, struct arrival at)
{
	while (b.len != 0 && !c->done)
		b = bytes_slice(b, step(c, dir, b, at), b.len);
}

/* Where the next frame begins is not known after a hole; before all bytes there may have been any. */
void wrap_hole(struct conn *c, unsigned dir, const struct chunk *gap)
{
	struct wrap_side *s = &c->wrap.side[dir];

	if (s->state == WRAP_LOST || gap->gap == 0)
		return;
	stream_hole(c, dir, gap);
	if (s->state ==
		WRAP_START) /* what comes first after it may show the wrapping all the same */
		return;
	s->state = s->state == WRAP_FRAMES || s->state == WRAP_PACKETS ? WRAP_LOST : WRAP_PLAIN;
}
