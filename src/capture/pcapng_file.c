/*
 * pcapng files (draft-ietf-opsawg-pcapng). libpcap refuses a file whose interfaces differ in link
 * type or snap length, which is what one gets from capturing on two interfaces at once; so the
 * blocks are read here. Names, statistics and custom blocks are passed over.
 */
#include "base/memory.h"
#include "capture/reader.h"

#include <stdlib.h>

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_ENHANCED_PACKET = 6,
	BLOCK_SECRETS = 10,
	BLOCK_SECTION = 0x0a0d0d0a,

	BLOCK_HEADER = 8,   /* type, length */
	BLOCK_TRAILER = 4,  /* length again */
	SECTION_FIXED = 16, /* byte order, version, section length */
	INTERFACE_FIXED = 8,
	INTERFACES_MAX = 65536,
	OPTIONS_LOOKED_AT = 64 * 1024,
	SECRETS_FIXED = 8, /* type, length */
	SECRETS_MAX = 16 << 20,

	OPTION_END = 0,
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define SECRETS_TLS      0x544c534bu /* "TLSK": a key log, as NSS writes it */

struct interface {
	uint16_t link;
	uint32_t snaplen; /* 0: no limit */
	uint8_t tsresol;  /* 6: microseconds; top bit: a power of two */
	int64_t tsoffset; /* seconds */
};

bool pcapng_file_begins(struct bytes first)
{
	return first.len >= 12 && input_u32(first, 0, true) == BLOCK_SECTION &&
	       (input_u32(first, 8, true) == BYTE_ORDER_MAGIC ||
		       input_u32(first, 8, false) == BYTE_ORDER_MAGIC);
}

static enum read_result damaged(const struct reader *r, const char *what, struct err *e)
{
	(void)err_set(e, ERR_INPUT, 0,
		"'%s' is damaged after packet %llu: the block at byte %llu %s", r->in->name,
		(unsigned long long)r->packets, (unsigned long long)r->block_at, what);
	return READ_DAMAGED;
}

/* Ticks of 10^-n or 2^-n seconds (if_tsresol): whole seconds, and the rest in ns. */
static uint64_t split_ticks(uint64_t ticks, uint8_t tsresol, int64_t *ns)
{
	unsigned exponent = tsresol & 0x7f;
	uint64_t per_second = 1;

	if ((tsresol & 0x80) != 0) {
		uint64_t seconds = exponent < 64 ? ticks >> exponent : 0;
		uint64_t rest = exponent < 64 ? ticks & ((1ull << exponent) - 1) : ticks;

		for (; exponent > 30; exponent--)
			rest >>= 1;
		*ns = (int64_t)(rest * 1000000000u >> exponent);
		return seconds;
	}
	for (; exponent > 9; exponent--)
		ticks /= 10;
	for (unsigned i = 0; i < exponent; i++)
		per_second *= 10;
	*ns = (int64_t)(ticks % per_second * (1000000000u / per_second));
	return ticks / per_second;
}

/* To ns since 1970, from 1677 to 2262. False for other times, which *time does not take. */
static bool ticks_to_ns(uint64_t ticks, const struct interface *from, int64_t *time)
{
	int64_t ns, seconds, whole;
	uint64_t counted = split_ticks(ticks, from->tsresol, &ns);

	if (__builtin_add_overflow(counted, from->tsoffset, &seconds))
		return false;
	if (seconds < 0 && ns != 0) { /* the least time has a part of a second, too */
		seconds++;
		ns -= 1000000000;
	}
	if (__builtin_mul_overflow(seconds, INT64_C(1000000000), &whole) ||
		__builtin_add_overflow(whole, ns, &whole))
		return false;
	*time = whole;
	return true;
}

static void read_interface_options(struct bytes options, bool little, struct interface *out)
{
	size_t at = 0;

	while (options.len - at >= 4) {
		uint16_t code = input_u16(options, at, little);
		size_t len = input_u16(options, at + 2, little);
		struct bytes value = bytes_slice(options, at + 4, len);

		if (code == OPTION_END || value.len < len)
			return;
		if (code == OPTION_TSRESOL && len == 1)
			out->tsresol = value.data[0];
		if (code == OPTION_TSOFFSET && len == 8)
			out->tsoffset =
				(int64_t)((uint64_t)input_u32(value, little ? 4 : 0, little) << 32 |
					  input_u32(value, little ? 0 : 4, little));
		len = (len + 3) & ~(size_t)3;
		if (options.len - at - 4 < len)
			return;
		at += 4 + len;
	}
}

static enum read_result add_interface(struct reader *r, struct bytes body, struct err *e)
{
	struct interface new = { .tsresol = 6 };

	if (body.len < INTERFACE_FIXED)
		return damaged(r, "is too short for an interface", e);
	if (r->n_interfaces == r->interfaces_size) {
		size_t size = r->interfaces_size * 2 + 4;
		struct interface *grown = NULL;

		if (size <= INTERFACES_MAX)
			grown = memory_resize(r->interfaces, size * sizeof *grown);
		if (grown == NULL)
			return damaged(r, "describes more interfaces than are kept", e);
		r->interfaces = grown;
		r->interfaces_size = size;
	}
	new.link = input_u16(body, 0, r->little);
	new.snaplen = input_u32(body, 4, r->little);
	read_interface_options(bytes_slice(body, INTERFACE_FIXED, SIZE_MAX), r->little, &new);
	r->interfaces[r->n_interfaces++] = new;
	return READ_PACKET;
}

/* The frame itself, `data_at` bytes into the block. What follows it waits for finish_block(). */
static enum read_result take_frame(
	struct reader *r, size_t data_at, uint32_t captured, struct packet *out, struct err *e)
{
	struct bytes whole;

	if (captured > PACKET_MAX)
		return damaged(r, "claims a packet longer than any", e);
	if (captured > r->block_length - data_at - BLOCK_TRAILER)
		return damaged(r, "is shorter than its packet", e);
	whole = input_peek(r->in, data_at + captured);
	if (whole.len < data_at + captured)
		return reader_cut_short(r, NULL, e);
	out->bytes = bytes_slice(whole, data_at, captured);
	out->number = ++r->packets;
	input_consume(r->in, whole.len);
	r->rest = r->block_length - whole.len;
	return READ_PACKET;
}

/* Enhanced and obsolete packet blocks differ in the width of the interface's number only. */
static enum read_result packet_block(
	struct reader *r, bool enhanced, struct packet *out, struct err *e)
{
	const size_t data_at = BLOCK_HEADER + 20;
	struct bytes head = input_peek(r->in, data_at);
	const struct interface *from;
	uint32_t index, captured;
	uint64_t ticks;

	if (r->block_length < data_at + BLOCK_TRAILER)
		return damaged(r, "is too short for a packet", e);
	if (head.len < data_at)
		return reader_cut_short(r, NULL, e);
	index = enhanced ? input_u32(head, 8, r->little) : input_u16(head, 8, r->little);
	if (index >= r->n_interfaces)
		return damaged(r, "names an interface that was not described", e);
	from = &r->interfaces[index];
	ticks = (uint64_t)input_u32(head, 12, r->little) << 32 | input_u32(head, 16, r->little);
	captured = input_u32(head, 20, r->little);
	out->length = input_u32(head, 24, r->little);
	if (out->length < captured)
		out->length = captured;
	out->link = from->link;
	out->time_lost = !ticks_to_ns(ticks, from, &r->last_time);
	out->time = r->last_time;
	return take_frame(r, data_at, captured, out, e);
}

/* No time and no captured length of its own: the first interface's snap length decides. */
static enum read_result simple_packet_block(struct reader *r, struct packet *out, struct err *e)
{
	const size_t data_at = BLOCK_HEADER + 4;
	struct bytes head = input_peek(r->in, data_at);
	uint32_t length = input_u32(head, BLOCK_HEADER, r->little), captured = length;

	if (r->block_length < data_at + BLOCK_TRAILER)
		return damaged(r, "is too short for a packet", e);
	if (head.len < data_at)
		return reader_cut_short(r, NULL, e);
	if (r->n_interfaces == 0)
		return damaged(r, "names an interface that was not described", e);
	if (r->interfaces[0].snaplen != 0 && captured > r->interfaces[0].snaplen)
		captured = r->interfaces[0].snaplen;
	if (captured > r->block_length - data_at - BLOCK_TRAILER)
		captured = (uint32_t)(r->block_length - data_at - BLOCK_TRAILER);
	out->length = length;
	out->link = r->interfaces[0].link;
	out->time = r->last_time;
	return take_frame(r, data_at, captured, out, e);
}

/* A section has its own byte order and its own interfaces. */
static enum read_result section_block(struct reader *r, struct err *e)
{
	struct bytes head = input_peek(r->in, BLOCK_HEADER + SECTION_FIXED);

	if (head.len < BLOCK_HEADER + SECTION_FIXED)
		return reader_cut_short(r, "a section header", e);
	r->little = input_u32(head, 8, true) == BYTE_ORDER_MAGIC;
	if (!r->little && input_u32(head, 8, false) != BYTE_ORDER_MAGIC)
		return damaged(r, "is a section of unknown byte order", e);
	r->block_length = input_u32(head, 4, r->little);
	if (input_u16(head, 12, r->little) != 1)
		return damaged(r, "is a section of an unknown version", e);
	r->n_interfaces = 0;
	return READ_PACKET;
}

static enum read_result interface_block(struct reader *r, struct err *e)
{
	size_t want = r->block_length < OPTIONS_LOOKED_AT ? r->block_length : OPTIONS_LOOKED_AT;
	struct bytes block = input_peek(r->in, want);

	if (block.len < want)
		return reader_cut_short(r, "an interface description", e);
	return add_interface(
		r, bytes_slice(block, BLOCK_HEADER, want - BLOCK_HEADER - BLOCK_TRAILER), e);
}

/* What such a block holds is not needed to read packets: one that is not as it should be is passed over. */
static void secrets_block(struct reader *r)
{
	const size_t data_at = BLOCK_HEADER + SECRETS_FIXED;
	struct bytes head = input_peek(r->in, data_at), block;
	uint32_t length;

	if (r->secrets == NULL || r->block_length < data_at + BLOCK_TRAILER || head.len < data_at ||
		input_u32(head, BLOCK_HEADER, r->little) != SECRETS_TLS)
		return;
	length = input_u32(head, BLOCK_HEADER + 4, r->little);
	if (length > r->block_length - data_at - BLOCK_TRAILER || length > SECRETS_MAX)
		return;
	block = input_peek(r->in, data_at + length);
	if (block.len == data_at + length)
		r->secrets(r->secrets_ctx, bytes_slice(block, data_at, length));
}

/* Moves to the end of the block that was read last and holds its two lengths together. */
static enum read_result finish_block(struct reader *r, struct err *e)
{
	struct bytes trailer;

	if (r->rest == 0)
		return READ_PACKET;
	if (!input_skip(r->in, r->rest - BLOCK_TRAILER))
		return reader_cut_short(r, "a block", e);
	trailer = input_peek(r->in, BLOCK_TRAILER);
	if (trailer.len < BLOCK_TRAILER)
		return reader_cut_short(r, "a block", e);
	if (input_u32(trailer, 0, r->little) != r->block_length)
		return damaged(r, "has two lengths that differ", e);
	input_consume(r->in, BLOCK_TRAILER);
	r->rest = 0;
	return READ_PACKET;
}

static enum read_result begin_block(struct reader *r, uint32_t *type, struct err *e)
{
	struct bytes head = input_peek(r->in, BLOCK_HEADER);
	enum read_result result = READ_PACKET;

	r->block_at = r->in->offset;
	if (head.len == 0 && r->in->failed == 0)
		return READ_END;
	if (head.len < BLOCK_HEADER)
		return reader_cut_short(r, "a block", e);
	*type = input_u32(head, 0, r->little);
	r->block_length = input_u32(head, 4, r->little);
	if (*type == BLOCK_SECTION && (result = section_block(r, e)) != READ_PACKET)
		return result;
	if (r->block_length < BLOCK_HEADER + BLOCK_TRAILER || r->block_length % 4 != 0)
		return damaged(r, "has an impossible length", e);
	r->rest = r->block_length;
	return READ_PACKET;
}

static enum read_result pcapng_file_next(struct reader *r, struct packet *out, struct err *e)
{
	for (;;) {
		enum read_result result;
		uint32_t type = 0;

		if ((result = finish_block(r, e)) != READ_PACKET ||
			(result = begin_block(r, &type, e)) != READ_PACKET)
			return result;
		switch (type) {
		case BLOCK_ENHANCED_PACKET:
			return packet_block(r, true, out, e);
		case BLOCK_PACKET:
			return packet_block(r, false, out, e);
		case BLOCK_SIMPLE_PACKET:
			return simple_packet_block(r, out, e);
		case BLOCK_INTERFACE:
			result = interface_block(r, e);
			if (result != READ_PACKET)
				return result;
			break;
		case BLOCK_SECRETS:
			secrets_block(r);
			break;
		default:
			break;
		}
	}
}

bool pcapng_file_open(struct reader *r, struct err *e)
{
	(void)e;
	r->next = pcapng_file_next;
	return true;
}
