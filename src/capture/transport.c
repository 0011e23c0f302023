/* TCP (RFC 9293 3.1) and UDP (RFC 768) headers. */
#include "capture/layers.h"
#include "capture/packet_fields.h"

enum {
	TCP_HEADER = 20,
	TCP_OPTION_END = 0,
	TCP_OPTION_NOP = 1,
	TCP_OPTION_MSS = 2,
	TCP_OPTION_WINDOW_SCALE = 3,
	WINDOW_SCALE_MAX = 14, /* RFC 7323 2.3: more than that counts as that */

	UDP_HEADER = 8,
};

/* The value of the first option of that kind and length; a part of one that is missing ends the list. */
static struct bytes option(struct bytes options, uint8_t kind, uint8_t length)
{
	size_t at = 0;

	while (at < options.len && field8(options, at) != TCP_OPTION_END) {
		uint8_t its = field8(options, at + 1);

		if (field8(options, at) == TCP_OPTION_NOP) {
			at++;
			continue;
		}
		if (its < 2 || its > options.len - at)
			break;
		if (field8(options, at) == kind && its == length)
			return bytes_slice(options, at + 2, its - 2u);
		at += its;
	}
	return bytes_of(NULL, 0);
}

/* RFC 7323 2.2 */
static int8_t window_scale(struct bytes options)
{
	struct bytes scale = option(options, TCP_OPTION_WINDOW_SCALE, 3);

	if (scale.len == 0)
		return -1;
	return scale.data[0] < WINDOW_SCALE_MAX ? (int8_t)scale.data[0] : WINDOW_SCALE_MAX;
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
	out->mss = (out->flags & TCP_SYN) != 0 ? field16(option(options, TCP_OPTION_MSS, 4), 0) : 0;
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
