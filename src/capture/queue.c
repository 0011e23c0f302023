/* A sorted list: what is new of a piece is cut to the gaps between those that are there. */
#include "capture/queue.h"

#include "base/memory.h"

#include <stdlib.h>
#include <utlist.h>

/* Sequence numbers wrap: RFC 9293 3.4. */
static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static uint32_t end_of(const struct piece *p)
{
	return p->seq + p->length;
}

/* Puts the part [from, to) of the new bytes before `next`, NULL for the end. */
static size_t insert(struct piece **queue, struct piece *next, const struct piece_of *new,
	uint32_t from, uint32_t to)
{
	struct bytes part = bytes_slice(new->bytes, from - new->seq, to - from);
	struct piece *p = memory_get(sizeof *p + part.len);

	if (p == NULL)
		return 0;
	p->packet = new->packet;
	p->time = new->time;
	p->seq = from;
	p->length = to - from;
	p->have = (uint32_t)part.len;
	p->ack = new->ack;
	p->acks = new->acks;
	if (part.len != 0)
		memcpy(p->bytes, part.data, part.len);
	if (next != NULL)
		DL_PREPEND_ELEM(*queue, next, p);
	else
		DL_APPEND(*queue, p);
	return queue_size(p);
}

static bool overlap_differs(
	const struct piece *p, const struct piece_of *new, uint32_t from, uint32_t to)
{
	struct bytes old = bytes_slice(bytes_of(p->bytes, p->have), from - p->seq, to - from);
	struct bytes also = bytes_slice(new->bytes, from - new->seq, to - from);
	size_t both = old.len < also.len ? old.len : also.len;

	return !bytes_equal(bytes_slice(old, 0, both), bytes_slice(also, 0, both));
}

struct queued queue_add(struct piece **queue, const struct piece_of *new)
{
	struct queued result = { 0 };
	uint32_t at = new->seq, end = new->seq + new->length;
	struct piece *p = *queue;

	/* Most come after all that waits. */
	if (p != NULL && !before(at, end_of(p->prev)))
		p = NULL;
	for (; p != NULL && before(at, end); p = p->next) {
		uint32_t stop = before(end, end_of(p)) ? end : end_of(p);

		if (!before(at, end_of(p)))
			continue;
		if (before(at, p->seq)) {
			uint32_t to = before(end, p->seq) ? end : p->seq;

			result.added += insert(queue, p, new, at, to);
			at = to;
		}
		if (before(at, stop)) {
			result.differs |= overlap_differs(p, new, at, stop);
			at = stop;
		}
	}
	if (before(at, end))
		result.added += insert(queue, NULL, new, at, end);
	return result;
}

struct piece *queue_take(struct piece **queue)
{
	struct piece *p = *queue;

	if (p != NULL)
		DL_DELETE(*queue, p);
	return p;
}

void queue_free(struct piece *p)
{
	free(p);
}
