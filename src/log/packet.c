/* Fields to a packet of IP again: addresses, ports, numbers and payload are what a stream is made of. */
#include "log/packet.h"

#include "base/array.h"
#include "base/hex_text.h"
#include "log/frame.h"
#include "log/scan.h"

#include <arpa/inet.h>
#include <string.h>

enum { LINKTYPE_RAW = 101, IPV4_HEADER = 20, IPV6_HEADER = 40, TCP_HEADER = 20, UDP_HEADER = 8 };
enum { TCP = 6, UDP = 17, HOPS = 64, WINDOW = 0xffff, HEADERS_MAX = IPV6_HEADER + TCP_HEADER };

enum field {
	FIELD_SOURCE,
	FIELD_DESTINATION,
	FIELD_SOURCE_PORT,
	FIELD_DESTINATION_PORT,
	FIELD_UDP_SOURCE_PORT,
	FIELD_UDP_DESTINATION_PORT,
	FIELD_SEQ,
	FIELD_ACK,
	FIELD_FLAGS,
	FIELD_TIME,
	FIELD_PAYLOAD,
	FIELD_FRAME,
};

static const struct {
	const char *name;
	enum field field;
} fields[] = {
	{ "ip.src", FIELD_SOURCE },
	{ "ip.dst", FIELD_DESTINATION },
	{ "ipv6.src", FIELD_SOURCE },
	{ "ipv6.dst", FIELD_DESTINATION },
	{ "tcp.srcport", FIELD_SOURCE_PORT },
	{ "tcp.dstport", FIELD_DESTINATION_PORT },
	{ "udp.srcport", FIELD_UDP_SOURCE_PORT },
	{ "udp.dstport", FIELD_UDP_DESTINATION_PORT },
	{ "tcp.seq", FIELD_SEQ },
	{ "tcp.ack", FIELD_ACK },
	{ "tcp.flags", FIELD_FLAGS },
	{ "frame.time_epoch", FIELD_TIME },
	{ "tcp.payload", FIELD_PAYLOAD },
	{ "udp.payload", FIELD_PAYLOAD },
	{ "frame_raw", FIELD_FRAME },
	{ "frame.raw", FIELD_FRAME },
};

/* "tcp_tcp_payload" for "tcp.payload": the layer, and the name with its dots replaced. */
static bool is_flat(struct bytes name, const char *known)
{
	size_t layer = strcspn(known, "."), n = strlen(known);

	if (name.len != layer + 1 + n || memcmp(name.data, known, layer) != 0 ||
		name.data[layer] != '_')
		return false;
	for (size_t i = 0; i < n; i++)
		if (name.data[layer + 1 + i] != (uint8_t)(known[i] == '.' ? '_' : known[i]))
			return false;
	return true;
}

static bool find_field(struct bytes name, enum field *out)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (text_is(name, fields[i].name) || is_flat(name, fields[i].name)) {
			*out = fields[i].field;
			return true;
		}
	return false;
}

/* ---- values ---- */

static bool take_number(struct bytes text, uint64_t *out)
{
	struct scan s = scan_of(text_trim(text));

	if (scan_word(&s, "0x"))
		return scan_hex(&s, out) && scan_is_at_end(&s);
	return scan_decimal(&s, out) && scan_is_at_end(&s);
}

static void take_address(struct packet *p, unsigned end, struct bytes text)
{
	if (text.len == 0 || text.len >= PACKET_ADDRESS_MAX)
		return;
	memcpy(p->address[end], text.data, text.len);
	p->address[end][text.len] = '\0';
}

static void take_port(struct packet *p, unsigned end, bool udp, struct bytes text)
{
	uint64_t port;

	if (!take_number(text, &port) || port > UINT16_MAX)
		return;
	p->port[end] = (uint16_t)port;
	p->has_ports = true;
	p->udp = udp;
}

/* "1795979915.025391000" */
static void take_time(struct packet *p, struct bytes text)
{
	struct scan s = scan_of(text);
	uint64_t seconds;
	int64_t unit = 100000000;

	if (!scan_decimal(&s, &seconds) || seconds > INT64_MAX / 1000000000 - 1)
		return;
	p->at.time = (int64_t)seconds * 1000000000;
	if (!scan_char(&s, '.'))
		return;
	for (; scan_peek(&s) >= '0' && scan_peek(&s) <= '9'; s.at++, unit /= 10)
		p->at.time += (scan_peek(&s) - '0') * unit;
}

/* "16:03:01", "160301" */
static void take_bytes(struct packet *p, struct bytes text, bool cut)
{
	struct scan s = scan_of(text);
	uint8_t byte;

	p->payload.data = p->room;
	p->payload.room = sizeof p->room;
	holed_clear(&p->payload);
	while (!scan_is_at_end(&s)) {
		(void)scan_char(&s, ':');
		if (!scan_hex_byte(&s, &byte))
			break;
		holed_add(&p->payload, bytes_of(&byte, 1));
	}
	if (cut || p->payload.full) /* how much is missing the next packet's number tells */
		holed_miss(&p->payload, 1);
	p->has_payload = p->payload.len != 0;
}

bool packet_field(struct packet *p, struct bytes name, struct bytes text, bool cut)
{
	enum field field;
	uint64_t number = 0;

	if (!find_field(name, &field))
		return false;
	p->any = true;
	switch (field) {
	case FIELD_SOURCE:
	case FIELD_DESTINATION:
		take_address(p, field == FIELD_DESTINATION, text);
		break;
	case FIELD_SOURCE_PORT:
	case FIELD_DESTINATION_PORT:
		take_port(p, field == FIELD_DESTINATION_PORT, false, text);
		break;
	case FIELD_UDP_SOURCE_PORT:
	case FIELD_UDP_DESTINATION_PORT:
		take_port(p, field == FIELD_UDP_DESTINATION_PORT, true, text);
		break;
	case FIELD_SEQ:
		p->has_seq = take_number(text, &number);
		p->seq = (uint32_t)number;
		break;
	case FIELD_ACK:
		if (take_number(text, &number))
			p->ack = (uint32_t)number;
		break;
	case FIELD_FLAGS:
		p->has_flags = take_number(text, &number);
		p->flags = (uint16_t)(number & 0x3f);
		break;
	case FIELD_TIME:
		take_time(p, text);
		break;
	case FIELD_PAYLOAD:
		if (!p->whole_frame)
			take_bytes(p, text, cut);
		break;
	case FIELD_FRAME:
		take_bytes(p, text, cut);
		p->whole_frame = p->has_payload;
		break;
	}
	return true;
}

/* ---- a frame of it ---- */

static size_t put16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
	return 2;
}

static size_t put32(uint8_t *at, uint32_t v)
{
	(void)put16(at, v >> 16);
	(void)put16(at + 2, v & 0xffff);
	return 4;
}

static size_t transport_header(const struct packet *p, uint8_t *at, size_t payload)
{
	size_t n = put16(at, p->port[0]);

	n += put16(at + n, p->port[1]);
	if (p->udp) {
		n += put16(at + n, (unsigned)(UDP_HEADER + payload));
		return n + put16(at + n, 0);
	}
	n += put32(at + n, p->seq);
	n += put32(at + n, p->ack);
	n += put16(at + n, TCP_HEADER / 4u << 12 | p->flags);
	n += put16(at + n, WINDOW);
	return n + put32(at + n, 0);
}

/* The header of IP for so many bytes behind it; 0: the addresses are none. */
static size_t network_header(const struct packet *p, uint8_t *at, size_t behind)
{
	uint8_t protocol = p->udp ? UDP : TCP;

	memset(at, 0, IPV6_HEADER);
	if (inet_pton(AF_INET, p->address[0], at + 12) == 1 &&
		inet_pton(AF_INET, p->address[1], at + 16) == 1) {
		at[0] = 0x45;
		(void)put16(at + 2, (unsigned)(IPV4_HEADER + behind));
		at[8] = HOPS;
		at[9] = protocol;
		return IPV4_HEADER;
	}
	memset(at, 0, IPV6_HEADER);
	if (inet_pton(AF_INET6, p->address[0], at + 8) != 1 ||
		inet_pton(AF_INET6, p->address[1], at + 24) != 1)
		return 0;
	at[0] = 0x60;
	(void)put16(at + 4, (unsigned)behind);
	at[6] = protocol;
	at[7] = HOPS;
	return IPV6_HEADER;
}

static uint64_t key_of(const struct packet *p)
{
	unsigned low = p->port[0] < p->port[1] ? 0 : 1;

	return 1ull << 32 | (uint64_t)p->port[low] << 16 | p->port[!low];
}

static struct log_conn *conn_of(struct packet *p, struct log_notes *notes, unsigned reader)
{
	return conn_get(notes, reader, key_of(p), p->at);
}

/* What has its place in a stream by its numbers. */
static bool note_made_frame(struct packet *p, struct log_notes *notes, unsigned reader)
{
	struct bytes payload = holed_head(&p->payload);
	size_t headers;

	if (!p->has_ports || (!p->udp && (!p->has_seq || !p->has_flags)))
		return false;
	payload = bytes_slice(payload, 0, sizeof p->frame - HEADERS_MAX);
	headers = network_header(p, p->frame, (p->udp ? UDP_HEADER : TCP_HEADER) + payload.len);
	if (headers == 0)
		return false;
	headers += transport_header(p, p->frame + headers, payload.len);
	if (payload.len != 0)
		memcpy(p->frame + headers, payload.data, payload.len);
	frame_note(conn_of(p, notes, reader), LINKTYPE_RAW,
		bytes_of(p->frame, headers + payload.len), 0, p->at);
	return true;
}

void packet_end(struct packet *p, struct log_notes *notes, unsigned reader)
{
	uint32_t link;

	if (!p->any)
		return;
	p->any = false;
	if (!p->has_payload)
		holed_clear(&p->payload);
	if (p->whole_frame) {
		struct bytes b = holed_head(&p->payload);

		if (frame_link(b, b.len, &link))
			frame_note(conn_of(p, notes, reader), link, b, 0, p->at);
		return;
	}
	if (!note_made_frame(p, notes, reader) && p->has_payload)
		(void)conversation_take(
			&p->conversation, notes, reader, &p->payload, SPEAKER_UNKNOWN, p->at);
}

void packet_begin(struct packet *p, struct log_notes *notes, unsigned reader, struct log_at at)
{
	packet_end(p, notes, reader);
	p->at = at;
	p->address[0][0] = p->address[1][0] = '\0';
	p->port[0] = p->port[1] = 0;
	p->udp = p->has_ports = p->has_seq = p->has_flags = false;
	p->whole_frame = p->has_payload = false;
	p->flags = 0;
	p->ack = 0;
}

void packet_finish(struct packet *p, struct log_notes *notes, unsigned reader)
{
	packet_end(p, notes, reader);
	conversation_end(&p->conversation, notes, reader);
}
