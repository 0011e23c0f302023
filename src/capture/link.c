/* Link layers down to IP. What carries no IP (ARP, spanning tree) is no news. */
#include "capture/link.h"

#include "capture/layers.h"
#include "capture/packet_fields.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_BRIDGING = 0x6558, /* an Ethernet frame: GRE, GENEVE */
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_MULTICAST = 0x8848,
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERTYPE_PPP = 0x880b,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_CISCO_METADATA = 0x8909, /* security group tag */
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_MIN = 0x0600, /* below: the length of an 802.3 frame */

	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	PPP_MPLS = 0x0281,

	NFLOG_PAYLOAD = 9, /* NFULA_PAYLOAD */
	NFLOG_IPV4 = 2,
	NFLOG_IPV6 = 10,

	ARPHRD_IPGRE = 778, /* Linux numbers of the device, in cooked captures */
	ARPHRD_NETLINK = 824,
};

static struct step vlan_tag(struct layers *l)
{
	struct bytes tag = cur_bytes(&l->at, 4, "VLAN tag");

	l->out->vlan = field16(tag, 0) & 0x0fff;
	return cur_ok(&l->at) ? step_to(LAYER_ETHERTYPE, field16(tag, 2)) : step_to(LAYER_BAD, 0);
}

/* RFC 3032. Below the last label: IP, or a pseudowire's Ethernet after a control word of zeros. */
static struct step mpls(struct layers *l)
{
	struct cur ahead;
	uint8_t nibble;

	while (cur_left(&l->at) != 0)
		if ((field8(cur_bytes(&l->at, 4, "MPLS label"), 2) & 1) != 0)
			break;
	ahead = l->at;
	nibble = cur_u8(&ahead, "MPLS payload") >> 4;
	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	if (nibble == 4 || nibble == 6)
		return step_to(LAYER_IP, 0);
	if (nibble == 0)
		(void)cur_u32(&l->at, "control word");
	return step_to(LAYER_ETHERNET, 0);
}

/* RFC 2516 4: version and type, code, session, length; then PPP without its HDLC bytes. */
static struct step pppoe(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 8, "PPPoE header");

	return cur_ok(&l->at) ? step_to(LAYER_PPP, field16(header, 6)) : step_to(LAYER_BAD, 0);
}

/* Cisco metadata: version, length in words of 4, options, then the type of what follows. */
static struct step cisco_metadata(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 2, "metadata header");
	size_t options = 4 * (size_t)field8(header, 1);

	(void)cur_bytes(&l->at, options, "metadata options");
	return step_to(LAYER_ETHERTYPE, cur_u16(&l->at, "metadata type"));
}

struct step ethertype_decode(struct layers *l, uint16_t type)
{
	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	switch (type) {
	case ETHERTYPE_IPV4:
	case ETHERTYPE_IPV6:
		return step_to(LAYER_IP, 0);
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ:
	case ETHERTYPE_QINQ_OLD:
		return vlan_tag(l);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return mpls(l);
	case ETHERTYPE_PPPOE_SESSION:
		return pppoe(l);
	case ETHERTYPE_PPP:
		return step_to(LAYER_PPP, cur_u16(&l->at, "PPP protocol"));
	case ETHERTYPE_CISCO_METADATA:
		return cisco_metadata(l);
	case ETHERTYPE_BRIDGING:
		return step_to(LAYER_ETHERNET, 0);
	default:
		return type < ETHERTYPE_MIN ? step_to(LAYER_LLC, 0) : step_to(LAYER_NONE, 0);
	}
}

struct step ethernet_decode(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 14, "Ethernet header");

	return step_to(LAYER_ETHERTYPE, field16(header, 12));
}

/* IEEE 802.2; only SNAP (RFC 1042) carries IP in practice. */
struct step llc_decode(struct layers *l)
{
	struct bytes llc = cur_bytes(&l->at, 3, "LLC header");
	struct bytes snap;

	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	if (field16(llc, 0) != 0xaaaa || field8(llc, 2) != 3)
		return step_to(LAYER_NONE, 0);
	snap = cur_bytes(&l->at, 5, "SNAP header");
	return step_to(LAYER_ETHERTYPE, field16(snap, 3));
}

struct step ppp_decode(struct layers *l, uint16_t protocol)
{
	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	switch (protocol) {
	case PPP_IPV4:
	case PPP_IPV6:
		return step_to(LAYER_IP, 0);
	case PPP_MPLS:
		return mpls(l);
	default:
		return step_to(LAYER_NONE, 0);
	}
}

/* RFC 1662: address and control may be compressed away, and the protocol to one byte. */
static struct step ppp_frame(struct layers *l)
{
	uint16_t protocol = cur_u8(&l->at, "PPP address or protocol");

	if (protocol == 0xff) {
		(void)cur_u8(&l->at, "PPP control");
		protocol = cur_u8(&l->at, "PPP protocol");
	}
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cur_u8(&l->at, "PPP protocol"));
	return step_to(LAYER_PPP, protocol);
}

/* The address family comes in the byte order of the machine, and its IPv6 differs by system. */
static struct step loopback(struct layers *l)
{
	uint32_t family = cur_u32(&l->at, "address family");

	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	if ((family & 0xffff) == 0)
		family = family >> 24 | (family >> 8 & 0xff00);
	switch (family) {
	case 2:
	case 10:
	case 24:
	case 28:
	case 30:
		return step_to(LAYER_IP, 0);
	default:
		return step_to(LAYER_NONE, 0);
	}
}

/* Linux cooked captures: `device` tells what the protocol field means. */
static struct step cooked(struct layers *l, uint16_t device, uint16_t protocol)
{
	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	if (device == ARPHRD_NETLINK)
		return step_to(LAYER_NONE, 0);
	if (device == ARPHRD_IPGRE && protocol < ETHERTYPE_MIN)
		return step_to(LAYER_NONE, 0);
	if (protocol == 4) /* LINUX_SLL_P_802_2 */
		return step_to(LAYER_LLC, 0);
	return protocol < ETHERTYPE_MIN ? step_to(LAYER_NONE, 0)
					: step_to(LAYER_ETHERTYPE, protocol);
}

static struct step sll(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 16, "SLL header");

	return cooked(l, field16(header, 2), field16(header, 14));
}

static struct step sll2(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 20, "SLL2 header");

	return cooked(l, field16(header, 8), field16(header, 0));
}

/* Of the machine that took the capture; a type never needs its high byte, so that tells which. */
static uint16_t nflog_number(struct bytes tlv, size_t at)
{
	bool little = field8(tlv, 3) == 0;

	return (uint16_t)(little ? field8(tlv, at) | field8(tlv, at + 1) << 8 : field16(tlv, at));
}

/*
 * Netfilter's log: family, version 0 and a resource, then attributes of length (with its four bytes)
 * and type, each filled up to a multiple of four. The packet, from its IP header on, is one of them.
 */
static struct step nflog(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 4, "NFLOG header");

	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	if (field8(header, 1) != 0 ||
		(field8(header, 0) != NFLOG_IPV4 && field8(header, 0) != NFLOG_IPV6))
		return step_to(LAYER_NONE, 0);
	while (cur_left(&l->at) != 0) {
		struct bytes tlv = cur_bytes(&l->at, 4, "NFLOG attribute");
		size_t length = nflog_number(tlv, 0), left = cur_left(&l->at);

		if (!cur_ok(&l->at) || length < 4)
			return step_to(LAYER_BAD, 0);
		if (nflog_number(tlv, 2) == NFLOG_PAYLOAD) {
			layers_enter(l, bytes_slice(bytes_of(l->at.next, left), 0, length - 4));
			return step_to(LAYER_IP, 0);
		}
		length = (length - 4 + 3) / 4 * 4;
		(void)cur_bytes(&l->at, length < left ? length : left, "NFLOG value");
	}
	return step_to(LAYER_NONE, 0);
}

static struct step cisco_hdlc(struct layers *l)
{
	struct bytes header = cur_bytes(&l->at, 4, "HDLC header");

	return step_to(LAYER_ETHERTYPE, field16(header, 2));
}

struct step link_decode(struct layers *l, uint32_t link)
{
	switch (link) {
	case LINK_ETHERNET:
		return step_to(LAYER_ETHERNET, 0);
	case LINK_NULL:
	case LINK_LOOP:
		return loopback(l);
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_RAW:
	case LINK_IPV4:
	case LINK_IPV6:
		return step_to(LAYER_IP, 0);
	case LINK_SLL:
		return sll(l);
	case LINK_SLL2:
		return sll2(l);
	case LINK_NFLOG:
		return nflog(l);
	case LINK_PPP_WITH_DIRECTION:
		(void)cur_u8(&l->at, "direction");
		return ppp_frame(l);
	case LINK_PPP:
	case LINK_PPP_HDLC:
		return ppp_frame(l);
	case LINK_PPP_ETHER:
		return pppoe(l);
	case LINK_CISCO_HDLC:
		return cisco_hdlc(l);
	case LINK_80211:
		return wlan_decode(l);
	case LINK_RADIOTAP:
		return radiotap_decode(l);
	default:
		return step_to(LAYER_UNKNOWN_LINK, 0);
	}
}
