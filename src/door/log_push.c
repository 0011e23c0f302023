/* The bytes that a log has of a connection, and those that it lacks, as chunks: a packet is a line. */
#include "door/log_handing.h"

enum { RECORD_MAX = 16 * 1024 };

static struct chunk chunk_of(struct log_handing *h, const struct log_note *n, enum chunk_kind kind)
{
	return (struct chunk){ .flow = &h->flow,
		.kind = kind,
		.dir = n->from == SIDE_CLIENT ? 0 : 1,
		.time = h->time,
		.packet = n->at.line };
}

static void push(struct log_handing *h, struct chunk k)
{
	struct direction *d = &h->flow.dir[k.dir];

	if (h->over)
		return;
	if (d->first_packet == 0)
		d->first_packet = k.packet;
	d->last_packet = k.packet;
	d->last_time = k.time;
	d->bytes += k.bytes.len;
	h->over = h->sink.take(h->sink.ctx, &k) == SINK_DONE;
}

static void push_bytes(struct log_handing *h, const struct log_note *n, struct bytes b)
{
	struct chunk k = chunk_of(h, n, CHUNK_DATA);

	k.bytes = b;
	if (b.len != 0)
		push(h, k);
}

static void push_gap(struct log_handing *h, const struct log_note *n, uint64_t missing)
{
	struct chunk k = chunk_of(h, n, CHUNK_GAP);

	k.gap = missing;
	k.reason = GAP_UNLOGGED;
	if (missing != 0)
		push(h, k);
}

static void push_opened(struct log_handing *h, const struct log_note *n, uint8_t content_type)
{
	struct chunk k = chunk_of(h, n, CHUNK_OPENED);

	k.bytes = n->bytes;
	k.content_type = content_type;
	k.gap = n->missing;
	push(h, k);
}

/* A message whose record is not in the log gets one, or as many as it needs. */
static void push_message(struct log_handing *h, const struct log_note *n)
{
	uint64_t left = n->bytes.len + n->missing;
	uint8_t version = n->bytes.len != 0 && n->bytes.data[0] == HS_CLIENT_HELLO ? 1 : 3;
	size_t at = 0;

	while (left != 0) {
		size_t length = left < RECORD_MAX ? (size_t)left : RECORD_MAX;
		struct bytes part = bytes_slice(n->bytes, at, length);
		uint8_t header[RECORD_HEADER] = { CONTENT_HANDSHAKE, 3, version,
			(uint8_t)(length >> 8), (uint8_t)length };

		if (part.len == 0 && at != 0) {
			push_gap(h, n, left); /* the rest of it, whatever its records were */
			return;
		}
		push_bytes(h, n, bytes_of(header, sizeof header));
		push_bytes(h, n, part);
		push_gap(h, n, length - part.len);
		at += length;
		left -= length;
	}
}

void log_push_note(struct log_handing *h, const struct log_note *n)
{
	log_handing_time(h, n);
	switch (n->kind) {
	case LOG_WIRE:
		push_bytes(h, n, n->bytes);
		push_gap(h, n, n->missing);
		break;
	case LOG_OPENED:
		push_opened(h, n, n->type);
		break;
	case LOG_MESSAGE:
		if (n->under_keys)
			push_opened(h, n, CONTENT_HANDSHAKE);
		else
			push_message(h, n);
		break;
	case LOG_LOST:
		push_gap(h, n, n->missing != 0 ? n->missing : GAP_UNKNOWN);
		break;
	case LOG_DATAGRAM:
	case LOG_SEEN:
	case LOG_CCS:
	case LOG_ALERT:
	case LOG_CHAIN:
	case LOG_STATE:
	case LOG_RESULT:
	case LOG_FLAGS:
	case LOG_REMARK:
	case LOG_DONE:
	case LOG_END:
	case LOG_SECRET:
	case LOG_FRAME:
		break;
	}
}
