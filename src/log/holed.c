/* Bytes with holes, and how they are noted. */
#include "log/holed.h"

void holed_clear(struct holed *h)
{
	h->len = 0;
	h->n_holes = 0;
	h->full = false;
}

void holed_add(struct holed *h, struct bytes b)
{
	size_t n = b.len < h->room - h->len ? b.len : h->room - h->len;

	if (n != 0)
		memcpy(h->data + h->len, b.data, n);
	h->len += n;
	if (n < b.len)
		h->full = true;
}

/* Where holes are too many to be told apart, the last one grows: what lies between is missing as well. */
void holed_miss(struct holed *h, uint64_t missing)
{
	struct hole *last = h->n_holes != 0 ? &h->hole[h->n_holes - 1] : NULL;

	if (missing == 0)
		return;
	if (last != NULL && (last->at == h->len || h->n_holes == HOLES_MAX)) {
		last->missing += missing + (h->len - last->at);
		h->len = last->at;
		return;
	}
	h->hole[h->n_holes++] = (struct hole){ h->len, missing };
}

uint64_t holed_total(const struct holed *h)
{
	uint64_t total = h->len;

	for (size_t i = 0; i < h->n_holes; i++)
		total += h->hole[i].missing;
	return total;
}

struct bytes holed_head(const struct holed *h)
{
	return bytes_of(h->data, h->n_holes != 0 ? h->hole[0].at : h->len);
}

struct bytes holed_from(const struct holed *h, uint64_t at)
{
	uint64_t passed = 0; /* bytes of holes */

	for (size_t i = 0; i <= h->n_holes; i++) {
		size_t end = i == h->n_holes ? h->len : h->hole[i].at;

		if (at < passed + end)
			return at < passed ? bytes_of(NULL, 0)
					   : bytes_slice(bytes_of(h->data, end),
						     (size_t)(at - passed), end);
		passed += i == h->n_holes ? 0 : h->hole[i].missing;
	}
	return bytes_of(NULL, 0);
}

void holed_cut_front(struct holed *h, uint64_t from)
{
	size_t taken = 0, kept = 0, gone;

	while (taken < h->n_holes && h->hole[taken].at < from) {
		uint64_t before = h->hole[taken].at + h->hole[taken].missing;

		if (before > from) { /* begins inside this hole */
			h->hole[taken].missing = before - from;
			from = h->hole[taken].at;
			break;
		}
		from -= h->hole[taken++].missing;
	}
	gone = from < h->len ? (size_t)from : h->len;
	memmove(h->data, h->data + gone, h->len - gone);
	h->len -= gone;
	for (; taken < h->n_holes; taken++, kept++)
		h->hole[kept] = (struct hole){ h->hole[taken].at - gone, h->hole[taken].missing };
	h->n_holes = kept;
}

void holed_cut_end(struct holed *h, uint64_t end)
{
	uint64_t passed = 0;

	for (size_t i = 0; i < h->n_holes; i++) {
		struct hole *hole = &h->hole[i];

		if (end <= passed + hole->at) {
			h->n_holes = i;
			break;
		}
		if (end <= passed + hole->at + hole->missing) {
			hole->missing = end - passed - hole->at;
			h->len = hole->at;
			h->n_holes = i + 1;
			return;
		}
		passed += hole->missing;
	}
	if (end - passed < h->len)
		h->len = (size_t)(end - passed);
}

/* The data index of a place that is in no hole, and the number of holes before it. */
static size_t index_of(const struct holed *h, uint64_t at, size_t *holes)
{
	uint64_t passed = 0;

	for (*holes = 0; *holes < h->n_holes; ++*holes) {
		const struct hole *hole = &h->hole[*holes];

		if (at < passed + hole->at + hole->missing)
			break;
		passed += hole->missing;
	}
	return at - passed < h->len ? (size_t)(at - passed) : h->len;
}

void holed_punch(struct holed *h, uint64_t from, uint64_t to, uint64_t missing)
{
	size_t before, after, first = index_of(h, from, &before), end = index_of(h, to, &after);

	if (before != after || h->n_holes == HOLES_MAX || end < first)
		return;
	memmove(h->data + first, h->data + end, h->len - end);
	h->len -= end - first;
	memmove(&h->hole[before + 1], &h->hole[before], (h->n_holes - before) * sizeof h->hole[0]);
	h->n_holes++;
	for (size_t i = before + 1; i < h->n_holes; i++)
		h->hole[i].at -= end - first;
	h->hole[before] = (struct hole){ first, missing };
}

void holed_note_wire(const struct holed *h, struct log_conn *c, enum side from, struct log_at at)
{
	size_t begun = 0;

	for (size_t i = 0; i <= h->n_holes; i++) {
		bool last = i == h->n_holes;
		size_t end = last ? h->len : h->hole[i].at;
		uint64_t missing = last ? 0 : h->hole[i].missing;

		if (end != begun || missing != 0)
			conn_wire(c, from, bytes_of(h->data + begun, end - begun), missing, at);
		begun = end;
	}
}
