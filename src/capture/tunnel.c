/* IP inside IP, by way of GRE or of UDP: GTP-U, VXLAN, GENEVE and Teredo. */
#include "capture/layers.h"
#include "capture/link.h"
#include "capture/packet_fields.h"

enum {
	PORT_GTP_U = 2152,
	PORT_TEREDO = 3544,
	PORT_VXLAN = 4789,
	PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472, /* its default from before the port was assigned */

	GRE_CHECKSUM = 0x8000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACKNOWLEDGE = 0x0080, /* version 1 only */
	GRE_VERSION = 0x0007,
	ETHERTYPE_ERSPAN2 = 0x88be,
	ETHERTYPE_ERSPAN3 = 0x22eb,

	GTP_G_PDU = 0xff,
	GTP_VERSION_AND_TYPE = 0xf0,
	GTP_VERSION_1 = 0x30,
	GTP_OPTIONAL = 0x07, /* any of these: four more bytes */
	GTP_EXTENSION = 0x04,

	VXLAN_VNI_VALID = 0x08,
};

/* A port switch mirrors whole frames this way; the sequence bit tells type II from type I. */
static struct step erspan(struct layers *l, uint16_t type, uint16_t flags)
{
	struct bytes header;

	if (type == ETHERTYPE_ERSPAN2) {
		if ((flags & GRE_SEQUENCE) != 0)
			(void)cur_bytes(&l->at, 8, "ERSPAN header");
		return step_to(LAYER_ETHERNET, 0);
	}
	header = cur_bytes(&l->at, 12, "ERSPAN header");
	if ((field8(header, 11) & 1) != 0)
		(void)cur_bytes(&l->at, 8, "ERSPAN subheader");
	return step_to(LAYER_ETHERNET, 0);
}

/* RFC 2784, RFC 2890; version 1 is PPTP's (RFC 2637 4.1) and always has a key. */
struct step gre_decode(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 4, "GRE header");
	uint16_t flags = field16(header, 0), type = field16(header, 2);
	size_t rest = 0;

	rest += (flags & GRE_CHECKSUM) != 0 ? 4 : 0;
	rest += (flags & GRE_KEY) != 0 ? 4 : 0;
	rest += (flags & GRE_SEQUENCE) != 0 ? 4 : 0;
	rest += (flags & GRE_VERSION) == 1 && (flags & GRE_ACKNOWLEDGE) != 0 ? 4 : 0;
	(void)cur_bytes(&l->at, rest, "GRE fields");
	if (!cur_ok(&l->at) || (flags & GRE_VERSION) > 1)
		return step_to(LAYER_BAD, 0);
	if (type == ETHERTYPE_ERSPAN2 || type == ETHERTYPE_ERSPAN3)
		return erspan(l, type, flags);
	if ((flags & GRE_VERSION) == 1) {
		/* An acknowledgement alone; a PPP frame may begin with its HDLC bytes. */
		if (cur_left(&l->at) == 0)
			return step_to(LAYER_NONE, 0);
		return step_to(LAYER_LINK, LINK_PPP);
	}
	return step_to(LAYER_ETHERTYPE, type);
}

/* 3GPP TS 29.281 5: eight bytes, four more if any is announced, then a chain of extensions. */
static struct step gtp(struct layers *l)
{
	struct cur c = l->at;
	struct bytes header = cur_bytes(&c, 8, "GTP-U header");
	uint8_t next = 0;

	if (!cur_ok(&c) || (field8(header, 0) & GTP_VERSION_AND_TYPE) != GTP_VERSION_1 ||
		field8(header, 1) != GTP_G_PDU)
		return step_to(LAYER_SEGMENT, 0);
	if ((field8(header, 0) & GTP_OPTIONAL) != 0)
		next = field8(cur_bytes(&c, 4, "GTP-U options"), 3);
	if ((field8(header, 0) & GTP_EXTENSION) == 0)
		next = 0;
	while (next != 0 && cur_left(&c) != 0) {
		size_t length = 4 * (size_t)cur_u8(&c, "GTP-U extension");
		struct bytes body;

		if (length == 0)
			return step_to(LAYER_BAD, 0);
		body = cur_bytes(&c, length - 1, "GTP-U extension");
		next = field8(body, body.len - 1);
	}
	l->at = c;
	return step_to(LAYER_IP, 0);
}

static struct step vxlan(struct layers *l)
{
	struct cur c = l->at;
	struct bytes header = cur_bytes(&c, 8, "VXLAN header");

	if (!cur_ok(&c) || field8(header, 0) != VXLAN_VNI_VALID || field8(header, 7) != 0)
		return step_to(LAYER_SEGMENT, 0);
	l->at = c;
	return step_to(LAYER_ETHERNET, 0);
}

/* RFC 8926 3.4: version 0 and length of options in the first byte, then the type. */
static struct step geneve(struct layers *l)
{
	struct cur c = l->at;
	struct bytes header = cur_bytes(&c, 8, "GENEVE header");

	(void)cur_bytes(&c, 4 * (size_t)(field8(header, 0) & 0x3f), "GENEVE options");
	if (!cur_ok(&c) || field8(header, 0) >> 6 != 0 || field8(header, 7) != 0)
		return step_to(LAYER_SEGMENT, 0);
	l->at = c;
	return step_to(LAYER_ETHERTYPE, field16(header, 2));
}

/* RFC 4380 5.1.1: bare IPv6, sometimes after an origin indication. */
static struct step teredo(struct layers *l)
{
	struct cur c = l->at, ahead = c;
	uint16_t first = cur_u16(&ahead, "Teredo");

	if (cur_left(&ahead) >= 8 && first == 0) {
		(void)cur_bytes(&c, 8, "Teredo origin");
		ahead = c;
		first = cur_u16(&ahead, "Teredo");
	}
	if (cur_left(&c) < 40 || first >> 12 != 6)
		return step_to(LAYER_SEGMENT, 0);
	l->at = c;
	return step_to(LAYER_IP, 0);
}

struct step udp_tunnel_decode(struct layers *l, uint16_t port)
{
	switch (port) {
	case PORT_GTP_U:
		return gtp(l);
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		return vxlan(l);
	case PORT_GENEVE:
		return geneve(l);
	case PORT_TEREDO:
		return teredo(l);
	default:
		return step_to(LAYER_SEGMENT, 0);
	}
}
