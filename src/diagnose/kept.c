/*
 * What is kept of each server: the first failed handshakes and a few completed ones; the rest is
 * counted. What is kept decides nothing by itself: the counts stand beside it in every case file.
 */
#include "diagnose/desk.h"

#include "base/array.h"
#include "diagnose/heed.h"

#include <stdlib.h>

/* The most that is kept of one server. Whenever the room for all servers is used up, the share of each
 * becomes the next one. */
static const struct share shares[] = { { { KEEP_FAILED, 16, KEEP_COMPLETED } },
	{ { KEEP_FAILED, 16, 1 } }, { { KEEP_FAILED, 16, 1 } }, { { 16, 8, 1 } }, { { 8, 4, 1 } },
	{ { 4, 2, 1 } }, { { 2, 1, 0 } }, { { 1, 1, 0 } } };

enum {
	SHARES = COUNT(shares),
	PRESSES_COMPLETED = 1, /* the last one that a completed handshake brings about */
	HEALTHY_NONE = 2,      /* from here on of a server with nothing wrong none is kept */
};

void kept_ask(const struct handshake *hs, bool quiet, struct answer answers[static N_CHECKS])
{
	checks_run(hs, quiet, answers);
	answers_heed(hs, answers);
}

static size_t weight(const struct examined *ex)
{
	return sizeof *ex + arena_used(ex->hs->arena);
}

static bool answered(const struct examined *ex, enum status status)
{
	for (size_t i = 0; i < N_CHECKS; i++)
		if (ex->answers[i].status == status)
			return true;
	return false;
}

/* The part of a share that the handshake counts against. */
enum part kept_part(const struct examined *ex)
{
	if (ex->hs->outcome != OUTCOME_COMPLETED)
		return PART_FAILED;
	return answered(ex, FAIL) ? PART_NOTABLE : PART_COMPLETED;
}

static bool fits(const struct share *kept, const struct share *most, const struct examined *ex)
{
	enum part part = kept_part(ex);

	return kept->of[part] < most->of[part];
}

static void count_dropped(struct desk *d, struct server *s, const struct examined *ex)
{
	s->result.n_dropped++;
	d->summary.not_judged += kept_part(ex) != PART_COMPLETED;
}

static void give_back(struct desk *d, struct examined *ex)
{
	d->kept_bytes -= weight(ex);
	handshake_free(ex->hs);
	free(ex);
}

/* Keeps the first handshakes of each kind. */
static void cut_to_share(struct desk *d, struct server *s, struct share most)
{
	size_t n = s->file.n_kept;

	s->kept = (struct share){ 0 };
	s->file.n_kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct examined *ex = s->file.kept[i];

		if (fits(&s->kept, &most, ex)) {
			s->kept.of[kept_part(ex)]++;
			s->file.kept[s->file.n_kept++] = ex;
			continue;
		}
		count_dropped(d, s, ex);
		give_back(d, ex);
	}
}

static struct share share_of(const struct desk *d, const struct server *s)
{
	struct share share = shares[d->pressure];

	if (s->ill == ILL_NOTHING && d->pressure >= HEALTHY_NONE)
		share.of[PART_COMPLETED] = 0;
	/* What failed is held against what completed: where there is room, more of them tell more. */
	if (s->ill == ILL_FAILED && d->pressure == 0)
		share.of[PART_COMPLETED] = KEEP_CONTRASTED;
	return share;
}

/* What failed is never cut for the sake of one that went well. */
static size_t most_pressure(const struct examined *ex)
{
	return kept_part(ex) == PART_COMPLETED ? PRESSES_COMPLETED : SHARES - 1;
}

static bool wanted(struct desk *d, struct server *s, const struct examined *ex)
{
	struct share most;

	while (d->kept_bytes + weight(ex) > KEEP_BYTES && d->pressure < most_pressure(ex)) {
		d->pressure++;
		for (struct server *each = d->servers; each != NULL; each = each->hh.next)
			cut_to_share(d, each, share_of(d, each));
	}
	most = share_of(d, s);
	return d->kept_bytes + weight(ex) <= KEEP_BYTES && fits(&s->kept, &most, ex);
}

/* Causes and reports quote what the checks say of such a handshake. */
static bool telling(const struct examined *ex)
{
	return ex->hs->outcome != OUTCOME_COMPLETED || answered(ex, FAIL) || answered(ex, WARN);
}

static bool keep(struct desk *d, struct server *s, const struct examined *ex)
{
	struct examined *copy;

	if (s->file.n_kept == s->room) {
		size_t room = s->room != 0 ? 2 * s->room : 4;
		struct examined **more =
			memory_resize(s->file.kept, room * sizeof(struct examined *));

		if (more == NULL)
			return false;
		s->file.kept = more;
		s->room = room;
	}
	copy = memory_get(sizeof *copy);
	if (copy == NULL)
		return false;
	*copy = *ex;
	if (d->options.quiet && telling(ex))
		kept_ask(copy->hs, false, copy->answers);
	s->file.kept[s->file.n_kept++] = copy;
	s->kept.of[kept_part(copy)]++;
	d->kept_bytes += weight(copy);
	return true;
}

bool kept_add(struct desk *d, struct server *s, const struct examined *ex)
{
	if (!ex->hs->self_failed && wanted(d, s, ex) && keep(d, s, ex))
		return true;
	count_dropped(d, s, ex);
	return false;
}

void kept_free(struct desk *d, struct server *s)
{
	for (size_t i = 0; i < s->file.n_kept; i++)
		give_back(d, s->file.kept[i]);
	free(s->file.kept);
}
