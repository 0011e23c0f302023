/* Each memory is a ring of a stream's last bytes, taken out of a pool that all streams share. */
#include "capture/history.h"

#include <stdlib.h>
#include <utlist.h>

enum {
	HISTORY_BYTES = 8192, /* a power of two; most flights of a handshake fit */
	HISTORIES_MAX = 384,  /* 3 MiB in all */
};

struct history {
	struct history **owner;
	struct history *prev, *next;
	uint32_t end; /* sequence number after the newest byte */
	uint32_t kept;
	uint8_t bytes[HISTORY_BYTES]; /* the byte of sequence number n is at n % HISTORY_BYTES */
};

static struct history *take_new(struct history_pool *p)
{
	struct history *h = p->spare;

	if (h != NULL) {
		LL_DELETE(p->spare, h);
	} else if (p->n < HISTORIES_MAX && (h = malloc(sizeof *h)) != NULL) {
		p->n++;
	} else if ((h = p->used) != NULL) {
		*h->owner = NULL;
		DL_DELETE(p->used, h);
	}
	return h;
}

static struct history *find_or_take(struct history_pool *p, struct history **owner, uint32_t start)
{
	struct history *h = *owner;

	if (h != NULL) {
		if (h->next != NULL) {
			DL_DELETE(p->used, h);
			DL_APPEND(p->used, h);
		}
		if (h->end != start)
			h->kept = 0;
		return h;
	}
	h = take_new(p);
	if (h == NULL)
		return NULL;
	h->owner = owner;
	h->kept = 0;
	DL_APPEND(p->used, h);
	*owner = h;
	return h;
}

void history_add(struct history_pool *p, struct history **owner, struct bytes b, uint32_t end)
{
	struct history *h = find_or_take(p, owner, end - (uint32_t)b.len);
	size_t skip = b.len > HISTORY_BYTES ? b.len - HISTORY_BYTES : 0;
	struct bytes tail = bytes_slice(b, skip, SIZE_MAX);
	size_t at = (end - tail.len) % HISTORY_BYTES;
	struct bytes first = bytes_slice(tail, 0, HISTORY_BYTES - at);

	if (h == NULL || b.len == 0)
		return;
	memcpy(h->bytes + at, first.data, first.len);
	memcpy(h->bytes, tail.data + first.len, tail.len - first.len);
	h->end = end;
	h->kept += (uint32_t)tail.len;
	if (h->kept > HISTORY_BYTES)
		h->kept = HISTORY_BYTES;
}

bool history_differs(const struct history *h, uint32_t seq, struct bytes b)
{
	for (size_t i = 0; h != NULL && i < b.len; i++) {
		uint32_t place = seq + (uint32_t)i, back = h->end - place;

		if (back != 0 && back <= h->kept && h->bytes[place % HISTORY_BYTES] != b.data[i])
			return true;
	}
	return false;
}

void history_release(struct history_pool *p, struct history **owner)
{
	if (*owner == NULL)
		return;
	DL_DELETE(p->used, *owner);
	LL_PREPEND(p->spare, *owner);
	*owner = NULL;
}

void history_pool_close(struct history_pool *p)
{
	struct history *h, *next;

	DL_FOREACH_SAFE(p->used, h, next)
	free(h);
	LL_FOREACH_SAFE(p->spare, h, next)
	free(h);
	*p = (struct history_pool){ 0 };
}
