/*
 * The changes stand in the order of their kinds, so that halves of them mostly are of one kind: the narrow ones
 * first, which say more where a wide one, such as another version, would do as well.
 */
#include "survey/isolate.h"

#include "base/array.h"
#include "base/memory.h"
#include "names/names.h"

#include <stdlib.h>

enum { TLS10 = 0x0301, TLS12 = 0x0303, TLS13 = 0x0304 };

struct changes {
	struct isolate_change at[ISOLATE_CHANGES_MAX];
	size_t n;
};

struct isolator {
	survey_ask *ask;
	void *ctx;
	struct isolation *out;
	struct offer whole;
	struct survey_question q;
	struct survey_reply reply;
	bool cut;
};

/* ---- a hello without some of it ---- */

static void leave_out_version(struct offer *o, uint16_t version)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_versions; i++)
		if (o->versions[i] != version)
			o->versions[n++] = o->versions[i];
	o->n_versions = n;
}

static void apply(struct offer *o, const struct isolate_change *c)
{
	switch (c->kind) {
	case ISOLATE_VERSION:
		leave_out_version(o, c->value);
		break;
	case ISOLATE_GROUP:
		(void)offer_list_remove(&o->groups, c->value);
		break;
	case ISOLATE_SUITE:
		(void)offer_list_remove(&o->suites, c->value);
		break;
	case ISOLATE_SCHEME:
		(void)offer_list_remove(&o->schemes, c->value);
		break;
	case ISOLATE_EXTENSION:
		(void)offer_list_remove(&o->extensions, c->value);
		break;
	case ISOLATE_NAME:
		o->sni = NULL;
		break;
	}
}

/* Does the hello without these get through? */
static bool completes(struct isolator *s, const struct changes *c)
{
	s->q.offer = s->whole;
	for (size_t i = 0; i < c->n; i++)
		apply(&s->q.offer, &c->at[i]);
	if (s->q.offer.n_versions == 0 || s->q.offer.suites.n == 0)
		return false;
	offer_keep_usable_versions(&s->q.offer, 0);
	offer_share_first(&s->q.offer);
	if (s->cut || !s->ask(s->ctx, &s->q, &s->reply)) {
		s->cut = true;
		return false;
	}
	s->out->questions++;
	return s->reply.completed;
}

/* ---- hellos that may get through ---- */

/* What a small hello keeps; lists end with 0. */
struct small_hello {
	uint16_t version;
	uint16_t groups[3], suites[7], schemes[6];
};

static const struct small_hello small_hellos[] = {
	{ TLS12, { 0x0017 }, { 0xc02b, 0xc02f, 0xc023, 0xc027 }, { 0x0403, 0x0401, 0x0804 } },
	{ TLS13, { 0x0017 }, { 0x1301 }, { 0x0403, 0x0804 } },
	{ TLS12, { 0x001d, 0x0017 }, { 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca8, 0xcca9 },
		{ 0x0403, 0x0503, 0x0401, 0x0804 } },
	{ TLS12, { 0x0017 }, { 0x009c, 0x003c, 0x002f, 0x009d, 0x0035 }, { 0x0401, 0x0403 } },
	{ TLS12, { 0x0017 }, { 0x009e, 0x0067, 0x0033 }, { 0x0401, 0x0804 } },
	{ TLS12, { 0x0018 }, { 0xc02c, 0xc030, 0xc02b, 0xc02f },
		{ 0x0503, 0x0403, 0x0501, 0x0401 } },
	{ TLS13, { 0x001d, 0x0018 }, { 0x1302, 0x1303 },
		{ 0x0503, 0x0603, 0x0805, 0x0403, 0x0804 } },
	{ TLS10, { 0x0017 }, { 0xc009, 0xc013, 0x002f, 0x0035 }, { 0x0203, 0x0201 } },
};

static bool keeps(const uint16_t *kept, size_t n, uint16_t value)
{
	for (size_t i = 0; i < n && kept[i] != 0; i++)
		if (kept[i] == value)
			return true;
	return false;
}

static void add_change(struct changes *c, enum isolate_kind kind, uint16_t value)
{
	if (c->n < ISOLATE_CHANGES_MAX)
		c->at[c->n++] = (struct isolate_change){ kind, value };
}

static void add_list(struct changes *c, enum isolate_kind kind, const struct offer_list *l,
	const uint16_t *kept, size_t n)
{
	for (size_t i = 0; i < l->n; i++)
		if (!keeps(kept, n, l->value[i]))
			add_change(c, kind, l->value[i]);
}

/* What no handshake needs. */
static void add_extensions(struct changes *c, const struct offer *whole)
{
	static const uint16_t needless[] = { EXT_RENEGOTIATION_INFO, EXT_EXTENDED_MASTER_SECRET,
		EXT_ENCRYPT_THEN_MAC, EXT_EC_POINT_FORMATS };

	for (size_t i = 0; i < COUNT(needless); i++)
		if (offer_has_extension(whole, needless[i]))
			add_change(c, ISOLATE_EXTENSION, needless[i]);
	if (whole->sni != NULL)
		add_change(c, ISOLATE_NAME, 0);
}

static void changes_to(
	const struct offer *whole, const struct small_hello *h, bool extensions, struct changes *c)
{
	c->n = 0;
	add_list(c, ISOLATE_GROUP, &whole->groups, h->groups, COUNT(h->groups));
	add_list(c, ISOLATE_SCHEME, &whole->schemes, h->schemes, COUNT(h->schemes));
	add_list(c, ISOLATE_SUITE, &whole->suites, h->suites, COUNT(h->suites));
	if (extensions)
		add_extensions(c, whole);
	for (size_t i = 0; i < whole->n_versions; i++)
		if (whole->versions[i] != h->version)
			add_change(c, ISOLATE_VERSION, whole->versions[i]);
}

/* The name may be wanted, or the extensions: each small hello is asked without these, and with them. */
static bool find_way(struct isolator *s, struct changes *c)
{
	for (size_t i = 0; i < COUNT(small_hellos) && !s->cut; i++) {
		if (!offer_has_version(&s->whole, small_hellos[i].version))
			continue;
		for (int with = 0; with < 2; with++) {
			changes_to(&s->whole, &small_hellos[i], with == 0, c);
			if (completes(s, c))
				return true;
		}
	}
	return false;
}

/* ---- halving ---- */

/* Those of c that stand in the part, or all others. */
static void take_part(
	const struct changes *c, size_t from, size_t to, bool inside, struct changes *out)
{
	out->n = 0;
	for (size_t i = 0; i < c->n; i++)
		if ((i >= from && i < to) == inside)
			out->at[out->n++] = c->at[i];
}

/* One of `parts` parts alone is enough, or the rest without one; *c becomes that. */
static bool reduce_once(struct isolator *s, struct changes *c, struct changes *part, size_t *parts)
{
	for (int inside = 1; inside >= 0; inside--) {
		for (size_t i = 0; i < *parts; i++) {
			if (inside == 0 && *parts == 2) /* a part's rest is the other part */
				break;
			take_part(c, c->n * i / *parts, c->n * (i + 1) / *parts, inside != 0, part);
			if (part->n == 0 || !completes(s, part))
				continue;
			*c = *part;
			*parts = inside != 0 || *parts == 2 ? 2 : *parts - 1;
			return true;
		}
	}
	return false;
}

static void reduce(struct isolator *s, struct changes *c, struct changes *part)
{
	size_t parts = 2;

	while (c->n > 1 && !s->cut) {
		if (parts > c->n)
			parts = c->n;
		if (reduce_once(s, c, part, &parts))
			continue;
		if (parts == c->n)
			return;
		parts *= 2;
	}
}

/* ---- a version ---- */

/* What a small hello leaves out of the version's own, and the version stays. */
static void changes_within(
	const struct offer *whole, const struct small_hello *h, struct changes *c)
{
	c->n = 0;
	add_list(c, ISOLATE_GROUP, &whole->groups, h->groups, COUNT(h->groups));
	add_list(c, ISOLATE_SCHEME, &whole->schemes, h->schemes, COUNT(h->schemes));
	for (size_t i = 0; i < whole->suites.n; i++) {
		uint16_t value = whole->suites.value[i];
		const struct suite *suite = suite_find(value);

		if (suite != NULL && suite->tls13 == (h->version >= TLS13) &&
			!keeps(h->suites, COUNT(h->suites), value))
			add_change(c, ISOLATE_SUITE, value);
	}
}

/* It does without the version: does it do without something of that version alone? */
static void look_within(
	struct isolator *s, uint16_t version, struct changes *c, struct changes *one)
{
	for (size_t i = 0; i < COUNT(small_hellos) && !s->cut; i++) {
		if (small_hellos[i].version != version)
			continue;
		changes_within(&s->whole, &small_hellos[i], one);
		if (completes(s, one)) {
			*c = *one;
			return;
		}
	}
}

/* All that a version has makes many narrow changes: whether it is one of those that the hello that gets through
 * does without is asked before them. */
static void ask_versions(struct isolator *s, struct changes *c, struct changes *one)
{
	for (size_t i = 0; i < c->n && !s->cut; i++) {
		const struct isolate_change version = c->at[i];

		if (version.kind != ISOLATE_VERSION)
			continue;
		one->n = 0;
		add_change(one, version.kind, version.value);
		if (!completes(s, one))
			continue;
		*c = *one;
		look_within(s, version.value, c, one);
		return;
	}
}

/* ---- how sure ---- */

static void send_whole(struct isolator *s)
{
	static const struct changes none = { .n = 0 };
	bool well = completes(s, &none);

	if (s->cut)
		return;
	s->out->whole_asked++;
	s->out->whole_failed += !well;
	if (!well)
		s->out->failed = s->reply;
}

static void send_changed(struct isolator *s, const struct changes *c)
{
	bool well = completes(s, c);

	if (s->cut)
		return;
	s->out->changed_asked++;
	s->out->changed_completed += well;
	if (well)
		s->out->completed = s->reply;
}

/* Not in turns: what fails every other time would look like a rule. */
static void confirm(struct isolator *s, const struct changes *c)
{
	struct isolation *out = s->out;

	for (unsigned i = 0; i < ISOLATE_AGAIN; i++) {
		if (i % 2 == 0)
			send_whole(s);
		send_changed(s, c);
		if (i % 2 != 0)
			send_whole(s);
	}
	out->verdict = ISOLATE_FLAKY;
	if (s->cut)
		out->verdict = ISOLATE_CUT;
	else if (out->whole_failed == out->whole_asked &&
		 out->changed_completed == out->changed_asked)
		out->verdict = ISOLATE_FOUND;
}

static void isolate(struct isolator *s, struct changes *c, struct changes *part)
{
	struct isolation *out = s->out;

	c->n = 0;
	if (completes(s, c)) {
		out->completed = s->reply;
		out->verdict = ISOLATE_WELL;
		return;
	}
	out->failed = s->reply;
	if (s->cut || !find_way(s, c)) {
		out->verdict = s->cut ? ISOLATE_CUT : ISOLATE_NO_HELP;
		return;
	}
	ask_versions(s, c, part);
	reduce(s, c, part);
	confirm(s, c);
	memcpy(out->change, c->at, c->n * sizeof c->at[0]);
	out->n_changes = c->n;
}

void isolate_run(const struct survey_options *o, survey_ask *ask, void *ctx, struct isolation *out)
{
	struct isolator *s = memory_zeroed(1, sizeof *s);
	struct changes *c = memory_zeroed(2, sizeof *c);

	*out = (struct isolation){ .verdict = ISOLATE_CUT };
	if (s != NULL && c != NULL) {
		*s = (struct isolator){ .ask = ask, .ctx = ctx, .out = out };
		offer_all(&s->whole, o->min_version, o->max_version);
		s->whole.sni = o->sni;
		s->q.depth = TALK_WHOLE;
		isolate(s, &c[0], &c[1]);
	}
	free(s);
	free(c);
}
