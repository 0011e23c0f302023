/*
 * IPv4 (RFC 791) and IPv6 (RFC 8200), down to TCP, UDP and ICMP.
 *
 * The IP length is trusted over the captured one, which may hold the padding of a short Ethernet
 * frame. A length of 0 is what a capture on the sending machine shows when the network card does
 * the segmentation: then all that was captured counts. Checksums are not looked at: on that same
 * machine they are not filled in yet.
 */
#include "capture/layers.h"
#include "capture/packet_fields.h"

enum {
	IP_HEADERS_MAX = 8, /* tunnels in tunnels */
	EXTENSIONS_MAX = 16,

	NEXT_HOP_BY_HOP = 0,
	NEXT_ICMP = 1,
	NEXT_IPV4 = 4,
	NEXT_IPV6 = 41,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_GRE = 47,
	NEXT_AH = 51,
	NEXT_ICMPV6 = 58,
	NEXT_DESTINATION = 60,
	NEXT_MOBILITY = 135,
	NEXT_HIP = 139,
	NEXT_SHIM6 = 140,
};

/* Cuts the cursor to a body of `length` bytes, of which the last may not have been captured. */
static void limit_to(struct layers *l, size_t length)
{
	size_t have = cur_left(&l->at);

	l->missing = length > have ? length - have : 0;
	if (length < have)
		layers_enter(l, cur_bytes(&l->at, length, "IP payload"));
}

static struct step upper_layer(struct layers *l, uint8_t protocol)
{
	struct bytes header;

	if (l->quoted)
		return protocol == PROTOCOL_TCP ? quoted_decode(l) : step_to(LAYER_NONE, 0);
	switch (protocol) {
	case PROTOCOL_TCP:
		return step_to(LAYER_TCP, 0);
	case PROTOCOL_UDP:
		return step_to(LAYER_UDP, 0);
	case NEXT_IPV4:
	case NEXT_IPV6:
		return step_to(LAYER_IP, 0);
	case NEXT_GRE:
		return step_to(LAYER_GRE, 0);
	case NEXT_ICMP:
	case NEXT_ICMPV6:
		return step_to((protocol == NEXT_ICMPV6) == (l->out->family == 6) ? LAYER_ICMP
										  : LAYER_NONE,
			0);
	case NEXT_AH: /* RFC 4302 2: the length counts words of four, less two */
		header = cur_bytes(&l->at, 2, "authentication header");
		(void)cur_bytes(&l->at, 4 * (size_t)field8(header, 1) + 6, "authentication header");
		return cur_ok(&l->at) ? upper_layer(l, field8(header, 0)) : step_to(LAYER_BAD, 0);
	default:
		return step_to(LAYER_NONE, 0);
	}
}

static struct step take_fragment(
	struct layers *l, uint8_t protocol, uint32_t id, uint16_t field, bool more)
{
	struct fragment part = { .family = l->out->family,
		.protocol = protocol,
		.src = l->out->src,
		.dst = l->out->dst,
		.id = id,
		.offset = (uint32_t)field * 8,
		.more = more,
		.time = l->packet->time };
	struct bytes whole;

	if (l->quoted)
		return step_to(LAYER_NONE, 0);
	/* What the capture cut off no other fragment can fill. */
	if (l->missing != 0)
		return step_to(LAYER_BAD, 0);
	part.payload = cur_rest(&l->at);
	if (!fragments_add(l->fragments, &part, &whole))
		return step_to(LAYER_NONE, 0);
	layers_enter(l, whole);
	return upper_layer(l, protocol);
}

static struct step ipv4(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 20, "IPv4 header");
	size_t header_length = 4 * (size_t)(field8(header, 0) & 0x0f);
	size_t total = field16(header, 2);
	uint16_t fragment = field16(header, 6);

	if (!cur_ok(&l->at) || header_length < 20 || (total != 0 && total < header_length))
		return step_to(LAYER_BAD, 0);
	l->out->family = 4;
	l->out->hops_left = field8(header, 8);
	l->out->src = bytes_slice(header, 12, 4);
	l->out->dst = bytes_slice(header, 16, 4);
	if (header_length > 20)
		(void)cur_bytes(&l->at, header_length - 20, "IPv4 options");
	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	limit_to(l, total != 0 ? total - header_length : cur_left(&l->at) + l->missing);
	if ((fragment & 0x3fff) != 0)
		return take_fragment(l, field8(header, 9), field16(header, 4), fragment & 0x1fff,
			(fragment & 0x2000) != 0);
	return upper_layer(l, field8(header, 9));
}

static bool is_extension(uint8_t next)
{
	return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_DESTINATION ||
	       next == NEXT_MOBILITY || next == NEXT_HIP || next == NEXT_SHIM6;
}

static struct step ipv6(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 40, "IPv6 header");
	size_t length = field16(header, 4);
	uint8_t next = field8(header, 6);

	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	l->out->family = 6;
	l->out->hops_left = field8(header, 7);
	l->out->src = bytes_slice(header, 8, 16);
	l->out->dst = bytes_slice(header, 24, 16);
	limit_to(l, length != 0 ? length : cur_left(&l->at) + l->missing);
	for (unsigned i = 0; i < EXTENSIONS_MAX && is_extension(next); i++) {
		struct bytes extension = cur_bytes(&l->at, 8, "extension header");

		(void)cur_bytes(&l->at, 8 * (size_t)field8(extension, 1), "extension header");
		next = field8(extension, 0);
	}
	if (next == NEXT_FRAGMENT) {
		struct bytes extension = cur_bytes(&l->at, 8, "fragment header");
		uint16_t place = field16(extension, 2);

		next = field8(extension, 0);
		if (!cur_ok(&l->at))
			return step_to(LAYER_BAD, 0);
		if ((place & 0xfff9) != 0) /* else it is all in one fragment: RFC 6946 */
			return take_fragment(
				l, next, field32(extension, 4), place >> 3, (place & 1) != 0);
	}
	return cur_ok(&l->at) ? upper_layer(l, next) : step_to(LAYER_BAD, 0);
}

struct step ip_decode(struct layers *l)
{
	struct cur ahead = l->at;
	uint8_t version = cur_u8(&ahead, "IP version") >> 4;

	if (++l->ip_headers > IP_HEADERS_MAX)
		return step_to(LAYER_BAD, 0);
	if (version == 4)
		return ipv4(l);
	return version == 6 ? ipv6(l) : step_to(LAYER_BAD, 0);
}
