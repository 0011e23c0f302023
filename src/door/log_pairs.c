/*
 * Those whose randoms are the same are joined when the second one comes. Where a log has no randoms, only the end can
 * tell whether there is but one that fits.
 */
#include "door/log_pairs.h"

#include "base/memory.h"
#include "door/log_views.h"

#include <stdlib.h>

struct waiting {
	struct arena *arena;
	struct log_conn *conn;
	unsigned input;
	const char *name;
};

struct log_pairs {
	struct waiting list[LOG_PAIRS_MAX]; /* in the order in which they came */
	size_t n, bytes;
	bool others; /* there were some that could not wait */
};

struct log_pairs *log_pairs_open(void)
{
	return memory_new(sizeof(struct log_pairs));
}

void log_pairs_close(struct log_pairs *p)
{
	for (size_t i = 0; p != NULL && i < p->n; i++)
		arena_free(p->list[i].arena);
	free(p);
}

static void drop(struct log_pairs *p, size_t i)
{
	p->bytes -= arena_used(p->list[i].arena);
	arena_free(p->list[i].arena);
	p->n--;
	memmove(&p->list[i], &p->list[i + 1], (p->n - i) * sizeof p->list[0]);
}

static void hand_on_first(struct log_pairs *p, struct log_pairs_sink sink)
{
	p->others = true;
	sink.take(sink.ctx, p->list[0].conn, p->list[0].input);
	drop(p, 0);
}

/* The one that shows more takes in the other's words, and stays where the earlier one stood. */
static void join(struct log_pairs *p, size_t i, size_t k, struct log_pairs_sink sink)
{
	struct waiting *a = &p->list[i], *b = &p->list[k];
	bool swap = view_weight(b->conn) > view_weight(a->conn);
	struct waiting base = swap ? *b : *a, other = swap ? *a : *b;
	size_t used = arena_used(base.arena);

	view_add(base.conn, base.arena, other.conn, base.input != other.input ? other.name : NULL);
	p->bytes += arena_used(base.arena) - used;
	if (base.input != other.input)
		sink.joined(sink.ctx, base.input, base.name, other.name);
	*a = base;
	*b = other;
	drop(p, k);
}

static size_t find_sure(const struct log_pairs *p, size_t k)
{
	for (size_t i = 0; i < p->n; i++)
		if (i != k && views_match(p->list[i].conn, p->list[k].conn) == VIEWS_ARE_ONE)
			return i;
	return p->n;
}

static bool keep(struct log_pairs *p, const struct log_conn *c, unsigned input, const char *name)
{
	struct arena *a = arena_new((size_t)2 * LOG_CONN_BYTES);
	struct log_conn *copy = a != NULL ? view_copy(a, c) : NULL;
	const char *kept = copy != NULL ? arena_str(a, name) : NULL;

	if (kept == NULL) {
		arena_free(a);
		return false;
	}
	p->list[p->n++] = (struct waiting){ a, copy, input, kept };
	p->bytes += arena_used(a);
	return true;
}

void log_pairs_take(struct log_pairs *p, const struct log_conn *c, unsigned input, const char *name,
	struct log_pairs_sink sink)
{
	size_t i;

	if (!keep(p, c, input, name)) { /* it would come before those that wait */
		while (p->n != 0)
			hand_on_first(p, sink);
		p->others = true;
		sink.take(sink.ctx, c, input);
		return;
	}
	i = find_sure(p, p->n - 1);
	if (i != p->n)
		join(p, i, p->n - 1, sink);
	while (p->n == LOG_PAIRS_MAX || (p->n > 1 && p->bytes > LOG_PAIRS_BYTES))
		hand_on_first(p, sink);
}

/* The only one that may be the same as this; n: none is, or several are. */
static size_t only_match(const struct log_pairs *p, size_t k)
{
	size_t found = p->n;

	for (size_t i = 0; i < p->n; i++) {
		if (i == k || views_match(p->list[i].conn, p->list[k].conn) != VIEWS_MAY_BE)
			continue;
		if (found != p->n)
			return p->n;
		found = i;
	}
	return found;
}

/* Two files with one connection each are given as the two sides of it. */
static bool are_two_files(const struct log_pairs *p)
{
	return p->n == 2 && !p->others && p->list[0].input != p->list[1].input &&
	       views_match(p->list[0].conn, p->list[1].conn) == VIEWS_SILENT;
}

void log_pairs_end(struct log_pairs *p, struct log_pairs_sink sink)
{
	for (size_t i = 0; i < p->n; i++) {
		size_t k = only_match(p, i);

		if (k != p->n && k > i && only_match(p, k) == i)
			join(p, i, k, sink);
	}
	if (are_two_files(p))
		join(p, 0, 1, sink);
	while (p->n != 0)
		hand_on_first(p, sink);
}
