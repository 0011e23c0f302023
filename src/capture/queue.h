/* Bytes of a stream that wait for those before them: pieces in order that do not overlap. */
#ifndef TLSDIAG_CAPTURE_QUEUE_H
#define TLSDIAG_CAPTURE_QUEUE_H

#include "base/bytes.h"

struct piece {
	struct piece *prev, *next; /* utlist: the first one's prev is the last */
	uint64_t packet;
	int64_t time;
	uint32_t seq;
	uint32_t length; /* on the wire */
	uint32_t have;   /* bytes captured of it, from its start */
	uint32_t ack;    /* what its segment acknowledges, of the other side's numbers */
	bool acks;       /* it does */
	uint8_t bytes[];
};

struct piece_of {
	uint32_t seq, length;
	struct bytes bytes; /* what was captured of it */
	uint64_t packet;
	int64_t time;
	uint32_t ack;
	bool acks;
};

struct queued {
	size_t added; /* memory taken, 0: nothing new came or memory is out */
	bool differs; /* where it overlaps with what waits, its bytes differ */
};

/* Copies what is not there yet. Where pieces overlap the first to come stays. */
struct queued queue_add(struct piece **queue, const struct piece_of *new);

/* What a piece counts as: its memory, and never so little that thousands of them fit a limit. */
static inline size_t queue_size(const struct piece *p)
{
	return p->have < 192 ? 256 : sizeof *p + p->have;
}

/* Takes the first piece off; the caller frees it with queue_free(). NULL when there is none. */
struct piece *queue_take(struct piece **queue);
void queue_free(struct piece *p);

#endif
