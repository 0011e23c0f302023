/* TCP (RFC 9293 3.1) and UDP (RFC 768) headers. */
#include "capture/layers.h"
#include "capture/packet_fields.h"

enum {
	TCP_HEADER = 20,
	TCP_OPTION_END = 0,
	TCP_OPTION_NOP = 1,
	TCP_OPTION_WINDOW_SCALE = 3,
	WINDOW_SCALE_MAX = 14, /* RFC 7323 2.3: more than that counts as that */

	UDP_HEADER = 8,
};

/* RFC 7323 2.2. Options of which a part is missing are not gone into. */
static int8_t window_scale(struct bytes options)
{
	size_t at = 0;

	while (at < options.len && field8(options, at) != TCP_OPTION_END) {
		uint8_t length = field8(options, at + 1);

		if (field8(options, at) == TCP_OPTION_NOP) {
			at++;
			continue;
		}
		if (length < 2 || length > options.len - at)
			break;
		if (field8(options, at) == TCP_OPTION_WINDOW_SCALE && length == 3)
			return field8(options, at + 2) < WINDOW_SCALE_MAX
				       ? (int8_t)field8(options, at + 2)
				       : WINDOW_SCALE_MAX;
		at += length;
	}
	return -1;
}

struct step tcp_decode(struct layers *l)
{
	size_t total = cur_left(&l->at) + l->missing;
	struct bytes header = cur_bytes(&l->at, TCP_HEADER, "TCP header");
	size_t header_length = 4 * (size_t)(field8(header, 12) >> 4);
	struct segment *out = l->out;
	struct bytes options;

	if (!cur_ok(&l->at) || header_length < TCP_HEADER || header_length > total)
		return step_to(LAYER_BAD, 0);
	out->protocol = PROTOCOL_TCP;
	out->sport = field16(header, 0);
	out->dport = field16(header, 2);
	out->seq = field32(header, 4);
	out->ack = field32(header, 8);
	out->flags = field8(header, 13);
	out->window = field16(header, 14);
	options =
		bytes_slice(bytes_of(l->at.next, cur_left(&l->at)), 0, header_length - TCP_HEADER);
	(void)cur_bytes(&l->at, options.len, "TCP options");
	out->scale = (out->flags & TCP_SYN) != 0 ? window_scale(options) : -1;
	out->payload = cur_rest(&l->at);
	out->missing = (uint32_t)(total - header_length - out->payload.len);
	return step_to(LAYER_SEGMENT, 0);
}

struct step udp_decode(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, UDP_HEADER, "UDP header");
	size_t total = cur_left(&l->at) + l->missing, length = field16(header, 4);
	struct segment *out = l->out;
	struct step inside;

	if (!cur_ok(&l->at) || (length != 0 && length < UDP_HEADER))
		return step_to(LAYER_BAD, 0);
	if (length != 0 && length - UDP_HEADER < total)
		total = length - UDP_HEADER;
	out->protocol = PROTOCOL_UDP;
	out->sport = field16(header, 0);
	out->dport = field16(header, 2);
	out->payload = bytes_slice(bytes_of(l->at.next, cur_left(&l->at)), 0, total);
	out->missing = (uint32_t)(total - out->payload.len);
	l->missing = out->missing;
	layers_enter(l, out->payload);
	inside = udp_tunnel_decode(l, out->dport);
	return inside.layer == LAYER_SEGMENT ? udp_tunnel_decode(l, out->sport) : inside;
}
