/* Ethernet is left out: the recording's link type is raw IP. */
#include "drive/frame.h"

enum {
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	TCP_HEADER = 20,
	TCP_MSS = 4, /* an option */
	ICMP_HEADER = 8,

	NEXT_ICMP = 1,
	NEXT_TCP = 6,
	NEXT_ICMPV6 = 58,

	HOPS = 64,
	DONT_FRAGMENT = 0x4000, /* such a packet needs no identification: RFC 6864 4.1 */
	WINDOW = 65535,
	ICMP_UNREACHABLE = 3,
	ICMPV6_UNREACHABLE = 1,
};

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

/* Sums words of two bytes (RFC 1071); an odd byte is taken as the first of a word. */
static uint64_t add_words(uint64_t sum, struct bytes b)
{
	for (size_t i = 0; i + 1 < b.len; i += 2)
		sum += (uint64_t)b.data[i] << 8 | b.data[i + 1];
	return b.len % 2 != 0 ? sum + ((uint64_t)b.data[b.len - 1] << 8) : sum;
}

static uint16_t checksum(uint64_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static bool is_ipv6(const struct frame *f)
{
	return f->head[0] >> 4 == 6;
}

/* The addresses, the protocol and the length, which TCP's and ICMPv6's checksums cover too. */
static uint64_t pseudo_header(const struct frame *f, uint8_t protocol, size_t length)
{
	struct bytes addresses = is_ipv6(f) ? bytes_of(f->head + 8, 32) : bytes_of(f->head + 12, 8);

	return add_words((uint64_t)protocol + length, addresses);
}

/* Begins a frame with an IP header before `rest` more bytes of headers and the body. */
static uint8_t *begin_ip(struct frame *f, const struct endpoint *from, const struct endpoint *to,
	uint8_t protocol, size_t rest)
{
	uint8_t *h = f->head;

	memset(h, 0, sizeof f->head);
	if (from->family == 6) {
		h[0] = 6 << 4;
		put16(h + 4, rest + f->body.len);
		h[6] = protocol;
		h[7] = HOPS;
		memcpy(h + 8, from->addr, 16);
		memcpy(h + 24, to->addr, 16);
		f->len = IPV6_HEADER + rest;
		return h + IPV6_HEADER;
	}
	h[0] = 4 << 4 | IPV4_HEADER / 4;
	put16(h + 2, IPV4_HEADER + rest + f->body.len);
	put16(h + 6, DONT_FRAGMENT);
	h[8] = HOPS;
	h[9] = protocol;
	memcpy(h + 12, from->addr, 4);
	memcpy(h + 16, to->addr, 4);
	put16(h + 10, checksum(add_words(0, bytes_of(h, IPV4_HEADER))));
	f->len = IPV4_HEADER + rest;
	return h + IPV4_HEADER;
}

void frame_tcp(struct frame *out, const struct frame_tcp *tcp)
{
	bool syn = (tcp->flags & FRAME_SYN) != 0;
	size_t length = TCP_HEADER + (syn ? TCP_MSS : 0);
	uint8_t *h;
	uint64_t sum;

	out->body = bytes_slice(tcp->body, 0, FRAME_BODY_MAX);
	h = begin_ip(out, &tcp->from, &tcp->to, NEXT_TCP, length);
	put16(h, tcp->from.port);
	put16(h + 2, tcp->to.port);
	put32(h + 4, tcp->seq);
	put32(h + 8, (tcp->flags & FRAME_ACK) != 0 ? tcp->ack : 0);
	h[12] = (uint8_t)(length / 4 << 4);
	h[13] = tcp->flags;
	put16(h + 14, WINDOW);
	if (syn) {
		h[20] = 2; /* maximum segment size: RFC 9293 3.2 */
		h[21] = TCP_MSS;
		put16(h + 22, FRAME_BODY_MAX);
	}
	sum = pseudo_header(out, NEXT_TCP, length + out->body.len);
	put16(h + 16, checksum(add_words(add_words(sum, bytes_of(h, length)), out->body)));
}

/* The sender of a frame, without its port. */
static struct endpoint sender_of(const struct frame *f)
{
	struct endpoint from = { .family = is_ipv6(f) ? 6 : 4 };

	memcpy(from.addr, f->head + (is_ipv6(f) ? 8 : 12), is_ipv6(f) ? 16 : 4);
	return from;
}

void frame_unreachable(struct frame *out, const struct frame *quoted, uint8_t code)
{
	bool six = is_ipv6(quoted);
	uint8_t protocol = six ? NEXT_ICMPV6 : NEXT_ICMP, *h;
	struct endpoint self = sender_of(quoted);
	uint64_t sum;

	out->body = bytes_of(quoted->head, quoted->len);
	h = begin_ip(out, &self, &self, protocol, ICMP_HEADER);
	h[0] = six ? ICMPV6_UNREACHABLE : ICMP_UNREACHABLE;
	h[1] = code;
	sum = six ? pseudo_header(out, protocol, ICMP_HEADER + out->body.len) : 0;
	put16(h + 2, checksum(add_words(add_words(sum, bytes_of(h, ICMP_HEADER)), out->body)));
}
