/* A frame is believed where the lengths in its headers are those of the bytes. */
#include "log/frame.h"

enum { LINK_NULL = 0, LINK_ETHERNET = 1, LINK_RAW = 101, LINK_SLL = 113, LINK_SLL2 = 276 };
enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, ETHERTYPE_VLAN = 0x8100 };
enum { IPV4_HEADER = 20, IPV6_HEADER = 40, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };
enum { ETHERNET_HEADER = 14, VLAN_TAG = 4, SLL_HEADER = 16, SLL2_HEADER = 20, NULL_HEADER = 4 };
enum { ETHERNET_LEAST = 60, TRAILER_MOST = 4 };

static unsigned be16(struct bytes b, size_t at)
{
	return b.len >= at + 2 ? (unsigned)b.data[at] << 8 | b.data[at + 1] : 0;
}

/* The length that the packet has by its header; 0: it is none of TCP or UDP. */
static uint64_t packet_length(struct bytes b)
{
	unsigned header;

	if (b.len < IPV4_HEADER)
		return 0;
	header = (b.data[0] & 0xfu) * 4;
	if (b.data[0] >> 4 == 4 && header >= IPV4_HEADER && be16(b, 2) > header &&
		(b.data[9] == PROTOCOL_TCP || b.data[9] == PROTOCOL_UDP))
		return be16(b, 2);
	if (b.data[0] >> 4 == 6 && b.len >= IPV6_HEADER &&
		(b.data[6] == PROTOCOL_TCP || b.data[6] == PROTOCOL_UDP))
		return IPV6_HEADER + (uint64_t)be16(b, 4);
	return 0;
}

/* A packet behind `header` bytes. Padding may follow; a dump may show less of it, if its link header is sure. */
static bool packet_fits(struct bytes b, uint64_t total, size_t header, bool sure)
{
	uint64_t length = packet_length(bytes_slice(b, header, b.len)), shown;

	if (length == 0 || total <= header)
		return false;
	shown = total - header;
	return length == shown || (sure && (length > shown || total <= ETHERNET_LEAST ||
						   shown - length <= TRAILER_MOST));
}

static bool is_ip(unsigned ethertype)
{
	return ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6;
}

bool frame_link(struct bytes b, uint64_t total, uint32_t *link)
{
	static const uint8_t families[][NULL_HEADER] = { { 2, 0, 0, 0 }, { 0, 0, 0, 2 } };
	size_t ethernet = ETHERNET_HEADER;

	if (be16(b, ethernet - 2) == ETHERTYPE_VLAN)
		ethernet += VLAN_TAG;
	*link = LINK_ETHERNET;
	if (is_ip(be16(b, ethernet - 2)) && packet_fits(b, total, ethernet, true))
		return true;
	*link = LINK_RAW;
	if (packet_fits(b, total, 0, false))
		return true;
	*link = LINK_SLL;
	if (is_ip(be16(b, SLL_HEADER - 2)) && packet_fits(b, total, SLL_HEADER, true))
		return true;
	*link = LINK_SLL2;
	if (is_ip(be16(b, 0)) && packet_fits(b, total, SLL2_HEADER, true))
		return true;
	*link = LINK_NULL;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (bytes_equal(
			    bytes_slice(b, 0, NULL_HEADER), bytes_of(families[i], NULL_HEADER)) &&
			packet_fits(b, total, NULL_HEADER, true))
			return true;
	return false;
}

void frame_note(
	struct log_conn *c, uint32_t link, struct bytes b, uint64_t missing, struct log_at at)
{
	conn_note(c, &(struct log_note){ .kind = LOG_FRAME,
			     .at = at,
			     .value = link,
			     .bytes = b,
			     .missing = missing });
}
