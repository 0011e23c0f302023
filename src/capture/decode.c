/* Each layer hands the next one what is left of the frame, up to a depth. */
#include "capture/decode.h"

#include "capture/layers.h"

/* Enough for every sane nesting; a frame of nothing but VLAN tags ends here. */
enum { STEPS_MAX = 40 };

static struct step take_step(struct layers *l, struct step s)
{
	switch (s.layer) {
	case LAYER_LINK:
		return link_decode(l, s.value);
	case LAYER_ETHERNET:
		return ethernet_decode(l);
	case LAYER_ETHERTYPE:
		return ethertype_decode(l, (uint16_t)s.value);
	case LAYER_LLC:
		return llc_decode(l);
	case LAYER_PPP:
		return ppp_decode(l, (uint16_t)s.value);
	case LAYER_IP:
		return ip_decode(l);
	case LAYER_TCP:
		return tcp_decode(l);
	case LAYER_UDP:
		return udp_decode(l);
	case LAYER_GRE:
		return gre_decode(l);
	case LAYER_ICMP:
		return icmp_decode(l);
	case LAYER_SEGMENT:
	case LAYER_QUOTED:
	case LAYER_NONE:
	case LAYER_BAD:
	case LAYER_UNKNOWN_LINK:
		break;
	}
	return s;
}

enum decoded decode_packet(const struct packet *p, struct fragments *fragments, struct segment *out)
{
	struct layers l = { .packet = p, .fragments = fragments, .out = out };
	struct step s = step_to(LAYER_LINK, p->link);

	l.missing = p->length - p->bytes.len;
	layers_enter(&l, p->bytes);
	out->vlan = 0;
	out->time = p->time;
	out->packet = p->number;
	for (unsigned i = 0; i < STEPS_MAX && s.layer < LAYER_SEGMENT; i++)
		s = take_step(&l, s);
	if (s.layer == LAYER_SEGMENT)
		return DECODED_SEGMENT;
	if (s.layer == LAYER_QUOTED)
		return DECODED_QUOTED;
	if (s.layer == LAYER_UNKNOWN_LINK)
		return DECODED_UNKNOWN_LINK;
	return s.layer == LAYER_NONE || l.quoted ? DECODED_NOTHING : DECODED_BAD;
}
