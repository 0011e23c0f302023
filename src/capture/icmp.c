/*
 * ICMP (RFC 792) and ICMPv6 (RFC 4443) errors about a TCP segment, of which they quote the
 * beginning: its addresses, its ports and its number are in the first eight bytes. Other messages
 * are nothing to us.
 */
#include "capture/layers.h"
#include "capture/packet_fields.h"

enum {
	ICMP_HEADER = 8,
	QUOTED_TCP = 8, /* RFC 792: no more need be quoted of a segment */

	ICMP_UNREACHABLE = 3,
	ICMP_FRAGMENTATION_NEEDED = 4, /* a code of it, which is no end: RFC 1191 */
	ICMP_TIME_EXCEEDED = 11,
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_TIME_EXCEEDED = 3,
	EXCEEDED_IN_TRANSIT = 0, /* a code of both */
};

/* Does it say that a packet did not arrive, for a reason that does not pass by itself? */
static bool ends_the_way(uint8_t family, uint8_t type, uint8_t code)
{
	if (type == (family == 6 ? ICMPV6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED))
		return code == EXCEEDED_IN_TRANSIT;
	if (family == 6)
		return type == ICMPV6_UNREACHABLE;
	return type == ICMP_UNREACHABLE && code != ICMP_FRAGMENTATION_NEEDED;
}

struct step icmp_decode(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, ICMP_HEADER, "ICMP header");
	struct segment *out = l->out;

	if (!cur_ok(&l->at))
		return step_to(LAYER_NONE, 0);
	if (!ends_the_way(out->family, field8(header, 0), field8(header, 1)))
		return step_to(LAYER_NONE, 0);
	out->icmp_type = field8(header, 0);
	out->icmp_code = field8(header, 1);
	out->reporter = out->src;
	l->quoted = true;
	return step_to(LAYER_IP, 0);
}

struct step quoted_decode(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, QUOTED_TCP, "quoted TCP header");
	struct segment *out = l->out;

	if (!cur_ok(&l->at) || out->src.len != out->reporter.len)
		return step_to(LAYER_NONE, 0);
	out->protocol = PROTOCOL_TCP;
	out->sport = field16(header, 0);
	out->dport = field16(header, 2);
	out->seq = field32(header, 4);
	return step_to(LAYER_QUOTED, 0);
}
