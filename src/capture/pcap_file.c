/*
 * Classic pcap files (draft-ietf-opsawg-pcap). Read here and not by libpcap, because a packet is
 * then used where it was read, and because one reader for both formats needs no seek in a pipe.
 */
#include "capture/reader.h"

enum {
	FILE_HEADER = 24,
	PACKET_HEADER = 16,
	MODIFIED_PACKET_HEADER = 24, /* interface, protocol and packet type follow the lengths */
};

#define MAGIC_MICRO    0xa1b2c3d4u
#define MAGIC_NANO     0xa1b23c4du
#define MAGIC_MODIFIED 0xa1b2cd34u

static bool magic_known(uint32_t magic)
{
	return magic == MAGIC_MICRO || magic == MAGIC_NANO || magic == MAGIC_MODIFIED;
}

bool pcap_file_begins(struct bytes first)
{
	return magic_known(input_u32(first, 0, true)) || magic_known(input_u32(first, 0, false));
}

static enum read_result pcap_file_next(struct reader *r, struct packet *out, struct err *e)
{
	struct bytes header = input_peek(r->in, r->header);
	uint32_t captured = input_u32(header, r->lengths_swapped ? 12 : 8, r->little);
	uint32_t length = input_u32(header, r->lengths_swapped ? 8 : 12, r->little);
	int64_t seconds = input_u32(header, 0, r->little);
	int64_t fraction = input_u32(header, 4, r->little);
	struct bytes whole;

	if (header.len == 0 && r->in->failed == 0)
		return READ_END;
	if (header.len < r->header)
		return reader_cut_short(r, NULL, e);
	if (captured > PACKET_MAX) {
		(void)err_set(e, ERR_INPUT, 0,
			"'%s' is damaged: packet %llu at byte %llu claims %lu bytes", r->in->name,
			(unsigned long long)r->packets + 1, (unsigned long long)r->in->offset,
			(unsigned long)captured);
		return READ_DAMAGED;
	}
	whole = input_peek(r->in, r->header + (size_t)captured);
	if (whole.len < r->header + (size_t)captured)
		return reader_cut_short(r, NULL, e);
	input_consume(r->in, whole.len);
	out->bytes = bytes_slice(whole, r->header, captured);
	out->length = length > captured ? length : captured;
	out->link = r->link;
	out->time = seconds * 1000000000 + fraction * r->ns_per_tick;
	out->number = ++r->packets;
	return READ_PACKET;
}

bool pcap_file_open(struct reader *r, struct err *e)
{
	struct bytes header = input_peek(r->in, FILE_HEADER);
	uint16_t major, minor;
	uint32_t magic;

	if (header.len < FILE_HEADER) {
		(void)reader_cut_short(r, "its file header", e);
		return false;
	}
	r->little = magic_known(input_u32(header, 0, true));
	magic = input_u32(header, 0, r->little);
	major = input_u16(header, 4, r->little);
	minor = input_u16(header, 6, r->little);
	/* The upper bits may tell the length of the frame check sequence. */
	r->link = input_u32(header, 20, r->little) & 0xffff;
	r->ns_per_tick = magic == MAGIC_NANO ? 1 : 1000;
	r->header = magic == MAGIC_MODIFIED ? MODIFIED_PACKET_HEADER : PACKET_HEADER;
	r->lengths_swapped = major == 543 || (major == 2 && minor < 3);
	r->next = pcap_file_next;
	input_consume(r->in, FILE_HEADER);
	return true;
}
