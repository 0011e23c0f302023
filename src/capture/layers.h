/*
 * How the decoders of the layers work together: each takes its header from the cursor and says
 * which layer comes next. decode.c turns the wheel, so nesting costs no recursion.
 */
#ifndef TLSDIAG_CAPTURE_LAYERS_H
#define TLSDIAG_CAPTURE_LAYERS_H

#include "base/cur.h"
#include "capture/decode.h"

enum layer {
	LAYER_LINK, /* value: LINKTYPE_ */
	LAYER_ETHERNET,
	LAYER_ETHERTYPE, /* value: the type */
	LAYER_LLC,
	LAYER_PPP, /* value: the protocol */
	LAYER_IP,  /* version 4 or 6, by its first nibble */
	LAYER_TCP,
	LAYER_UDP,
	LAYER_GRE,
	LAYER_ICMP,
	LAYER_SEGMENT, /* done: *out is filled */
	LAYER_QUOTED,  /* done: so is what an ICMP error quotes of it */
	LAYER_NONE,    /* done: nothing for us */
	LAYER_BAD,     /* done: not readable */
	LAYER_UNKNOWN_LINK,
};

struct step {
	enum layer layer;
	uint32_t value;
};

struct layers {
	struct cur at; /* the rest of the frame */
	struct parse_err err;
	size_t missing; /* bytes of this layer after that, cut off by the capture */
	const struct packet *packet;
	struct fragments *fragments;
	struct segment *out;
	unsigned ip_headers; /* seen so far */
	bool quoted;         /* inside of an ICMP error */
};

static inline struct step step_to(enum layer layer, uint32_t value)
{
	return (struct step){ layer, value };
}

/* Goes on with a part of what is left, or with bytes put together from fragments. */
static inline void layers_enter(struct layers *l, struct bytes body)
{
	l->at = cur_init(body, &l->err);
}

struct step link_decode(struct layers *l, uint32_t link);
struct step ethernet_decode(struct layers *l);
struct step ethertype_decode(struct layers *l, uint16_t type);
struct step llc_decode(struct layers *l);
struct step ppp_decode(struct layers *l, uint16_t protocol);
struct step wlan_decode(struct layers *l);
struct step radiotap_decode(struct layers *l);
struct step ip_decode(struct layers *l);
struct step tcp_decode(struct layers *l);
struct step udp_decode(struct layers *l);
struct step gre_decode(struct layers *l);
struct step icmp_decode(struct layers *l);
struct step quoted_decode(struct layers *l); /* the TCP header inside of an ICMP error */

/* A tunnel of this port inside the UDP datagram just read; LAYER_SEGMENT when it is none. */
struct step udp_tunnel_decode(struct layers *l, uint16_t port);

#endif
