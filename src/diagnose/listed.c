/*
 * Which servers are listed: as many as there is room for, those first of which something bad is known. Of the
 * others the handshakes are counted.
 */
#include "diagnose/desk.h"

#include <stdlib.h>
#include <utlist.h>

enum { SERVERS_MAX = 16384 }; /* listed; beyond it the less telling ones are only counted */

static enum ill ill_of(const struct examined *ex)
{
	static const enum ill ills[N_PARTS] = {
		[PART_FAILED] = ILL_FAILED,
		[PART_NOTABLE] = ILL_PERHAPS,
		[PART_COMPLETED] = ILL_NOTHING,
	};

	return ex->hs->outcome == OUTCOME_INCOMPLETE ? ILL_PERHAPS : ills[kept_part(ex)];
}

static void note_ill(struct desk *d, struct server *s, enum ill ill)
{
	if (ill <= s->ill)
		return;
	DL_DELETE(d->by_ill[s->ill], s);
	s->ill = ill;
	DL_APPEND(d->by_ill[s->ill], s);
}

static void count_unlisted(struct desk *d, uint64_t completed, uint64_t failed, uint64_t incomplete)
{
	d->summary.unlisted += completed + failed + incomplete;
	d->summary.unlisted_failed += failed + incomplete;
}

static void server_free(struct desk *d, struct server *s)
{
	kept_free(d, s);
	open_ends_free(&s->ends);
	free(s->file.contrasts);
	free(s->result.findings);
	free(s->result.expected);
	free(s);
}

/* The end of a server that is in the table no more: it is only counted. */
static void unlist(struct desk *d, struct server *s)
{
	count_unlisted(d, s->file.n_completed, s->file.n_failed, s->file.n_incomplete);
	DL_DELETE(d->by_ill[s->ill], s);
	housing_remove(&d->housings, &s->key);
	server_free(d, s);
}

/* Makes room for a server of which more is known than of another; the oldest of the least goes. */
static bool give_way(struct desk *d, enum ill ill)
{
	for (enum ill least = ILL_NOTHING; least < ill; least++) {
		struct server *s = d->by_ill[least];

		if (s == NULL)
			continue;
		HASH_DEL(d->servers, s);
		unlist(d, s);
		return true;
	}
	return false;
}

static struct server *known(struct desk *d, const struct identity *id)
{
	struct server *s;

	HASH_FIND(hh, d->servers, id, sizeof *id, s);
	return s;
}

static void take_identity(struct server *s, const struct identity *id)
{
	s->key = *id;
	s->file.target = id->kind == IDENTITY_TARGET ? s->key.name : NULL;
	s->file.name = id->kind == IDENTITY_NAME ? identity_name(&s->key) : bytes_of(NULL, 0);
}

/* Into the table, under that identity; false: out of memory. */
static bool list(struct desk *d, struct server *s, const struct identity *id)
{
	take_identity(s, id);
	if (!housing_add(&d->housings, id))
		return false;
	if (TABLE_ADD(d->servers, key, sizeof s->key, s))
		return true;
	housing_remove(&d->housings, id);
	return false;
}

/*
 * What had no hello, a SYN that was refused or a connection of which the beginning is missing, is with
 * the only server of its address; and such a server has the first name that is heard of.
 */
static struct server *match(struct desk *d, const struct identity *id)
{
	struct server *s = known(d, id);
	struct identity only;

	if (s != NULL || !housing_only(d->housings, id, &only) || (s = known(d, &only)) == NULL)
		return s;
	if (id->kind == IDENTITY_UNKNOWN)
		return s;
	if (only.kind != IDENTITY_UNKNOWN)
		return NULL;
	HASH_DEL(d->servers, s);
	housing_remove(&d->housings, &only);
	if (list(d, s, id))
		return s;
	unlist(d, s);
	return NULL;
}

struct server *listed_add(struct desk *d, const struct examined *ex)
{
	struct identity id;
	struct server *s;

	identity_of(ex->hs, &id);
	s = match(d, &id);
	if (s != NULL)
		return s;
	if (HASH_COUNT(d->servers) >= SERVERS_MAX && !give_way(d, ill_of(ex)))
		return NULL;
	s = memory_new(sizeof *s);
	if (s == NULL)
		return NULL;
	s->file.server = ex->hs->side[SIDE_SERVER].address;
	s->file.evidence = d->evidence;
	s->file.logged = ex->hs->logged;
	if (!list(d, s, &id)) {
		free(s);
		return NULL;
	}
	s->file.number = ++d->numbered;
	DL_APPEND(d->by_ill[ILL_NOTHING], s);
	return s;
}

struct server *listed_find(struct desk *d, const struct examined *ex)
{
	struct identity id;

	identity_of(ex->hs, &id);
	return ex->server != 0 ? match(d, &id) : NULL;
}

/* A version of which nothing is known, and a suite, count as another one. */
static void note_agreed(struct case_file *cf, const struct handshake *hs)
{
	bool first = cf->n_completed == 1;

	if (hs->outcome != OUTCOME_COMPLETED)
		return;
	if (first || hs->version < cf->version_min)
		cf->version_min = hs->version;
	if (first || hs->version > cf->version_max)
		cf->version_max = hs->version;
	cf->suites_differ |= !hs->has_suite || (!first && hs->suite_value != cf->suite);
	cf->suite = hs->suite_value;
}

void listed_count(struct desk *d, struct server *s, const struct examined *ex)
{
	bool completed = ex->hs->outcome == OUTCOME_COMPLETED;
	bool failed = ex->hs->outcome == OUTCOME_FAILED;
	bool incomplete = ex->hs->outcome == OUTCOME_INCOMPLETE;

	if (s == NULL) {
		count_unlisted(d, completed, failed, incomplete);
		return;
	}
	s->file.n_completed += completed;
	note_agreed(&s->file, ex->hs);
	open_ends_note(&s->ends, ex->hs);
	s->file.n_failed += failed;
	s->file.n_incomplete += incomplete;
	note_ill(d, s, ill_of(ex));
}

void listed_free(struct desk *d)
{
	struct server *s, *next;

	HASH_ITER(hh, d->servers, s, next)
	{
		HASH_DEL(d->servers, s);
		server_free(d, s);
	}
	housings_free(d->housings);
}
