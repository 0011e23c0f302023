/*
 * What a macro decides is tried: in a copy of the one configuration it is set as the other has it, and the build is
 * worked out anew.
 */
#include "config/differ.h"

#include "base/strbuf.h"
#include "names/names.h"

#include <string.h>

/* ---- abilities ---- */

struct abilities {
	struct ability *list;
	size_t n;
};

static bool has(const struct abilities *a, enum ability_kind kind, uint16_t value)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].kind == kind && a->list[i].value == value)
			return true;
	return false;
}

static void put(struct abilities *a, enum ability_kind kind, bool can, uint16_t value)
{
	if (can && a->n < ABILITIES_MAX)
		a->list[a->n++] = (struct ability){ kind, value };
}

static void put_all(struct abilities *a, enum ability_kind kind, const uint16_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(a, kind, true, values[i]);
}

/* A suite of TLS 1.3 says nothing of it. */
static void put_key_exchanges(struct abilities *a, const struct build *b)
{
	for (size_t i = 0; i < b->n_suites; i++) {
		const struct suite *s = suite_find(b->suites[i].value);
		uint16_t value = s != NULL ? (uint16_t)(s->kx << 8 | s->auth) : 0;

		put(a, ABILITY_KEY_EXCHANGE,
			s != NULL && !s->tls13 && !has(a, ABILITY_KEY_EXCHANGE, value), value);
	}
}

size_t abilities_of(const struct build *b, struct ability out[static ABILITIES_MAX])
{
	struct abilities a = { out, 0 };

	put(&a, ABILITY_ROLE, b->client, CAN_BE_CLIENT);
	put(&a, ABILITY_ROLE, b->server, CAN_BE_SERVER);
	put(&a, ABILITY_ROLE, b->dtls, CAN_DTLS);
	put_all(&a, ABILITY_VERSION, b->versions, b->n_versions);
	put_key_exchanges(&a, b);
	for (size_t i = 0; i < b->n_suites; i++)
		put(&a, ABILITY_SUITE, true, b->suites[i].value);
	put_all(&a, ABILITY_GROUP, b->groups, b->n_groups);
	put_all(&a, ABILITY_SCHEME, b->schemes, b->n_schemes);
	put(&a, ABILITY_CERTIFICATE, b->rsa_keys, CAN_RSA_KEYS);
	put(&a, ABILITY_CERTIFICATE, b->ec_keys, CAN_EC_KEYS);
	put(&a, ABILITY_CERTIFICATE, b->reads_pem, CAN_PEM);
	put(&a, ABILITY_CERTIFICATE, b->reads_files, CAN_FILES);
	put(&a, ABILITY_CERTIFICATE, b->checks_dates, CAN_CHECK_DATES);
	put(&a, ABILITY_EXTENSION, b->max_fragment_length, CAN_MAX_FRAGMENT_LENGTH);
	put(&a, ABILITY_EXTENSION, b->record_size_limit, CAN_RECORD_SIZE_LIMIT);
	put(&a, ABILITY_EXTENSION, b->extended_master_secret, CAN_EXTENDED_MASTER_SECRET);
	put(&a, ABILITY_EXTENSION, b->encrypt_then_mac, CAN_ENCRYPT_THEN_MAC);
	put(&a, ABILITY_EXTENSION, b->tickets, CAN_TICKETS);
	put(&a, ABILITY_EXTENSION, b->renegotiation, CAN_RENEGOTIATION);
	return a.n;
}

static void put_missing(
	struct differ *d, const struct abilities *of, const struct abilities *in, bool second)
{
	for (size_t i = 0; i < of->n; i++)
		if (!has(in, of->list[i].kind, of->list[i].value))
			d->list[d->n++] =
				(struct difference){ .ability = of->list[i], .second = second };
}

static void compare_abilities(struct differ *d)
{
	struct ability first[ABILITIES_MAX], second[ABILITIES_MAX];
	struct abilities one = { first, abilities_of(&d->first, first) };
	struct abilities two = { second, abilities_of(&d->second, second) };

	put_missing(d, &two, &one, true);
	put_missing(d, &one, &two, false);
}

/* ---- order ---- */

static uint16_t suite_at(const struct build *b, size_t i)
{
	return b->suites[i].value;
}

static uint16_t group_at(const struct build *b, size_t i)
{
	return b->groups[i];
}

struct ordered {
	uint16_t (*at)(const struct build *b, size_t i);
	bool (*has)(const struct build *b, uint16_t value);
};

/* Do those that both have stand in another order? */
static bool is_reordered(const struct build *a, size_t n_a, const struct build *b, size_t n_b,
	const struct ordered *o)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < n_a && !o->has(b, o->at(a, i)))
			i++;
		while (j < n_b && !o->has(a, o->at(b, j)))
			j++;
		if (i == n_a || j == n_b)
			return false;
		if (o->at(a, i++) != o->at(b, j++))
			return true;
	}
}

static bool suites_reordered(const struct build *a, const struct build *b)
{
	static const struct ordered by = { suite_at, build_has_suite };

	return is_reordered(a, a->n_suites, b, b->n_suites, &by);
}

static bool groups_reordered(const struct build *a, const struct build *b)
{
	static const struct ordered by = { group_at, build_has_group };

	return is_reordered(a, a->n_groups, b, b->n_groups, &by);
}

static bool sizes_differ(const struct build *a, const struct build *b)
{
	return a->in.content != b->in.content || a->out.content != b->out.content ||
	       a->in.buffer != b->in.buffer || a->out.buffer != b->out.buffer;
}

/* Besides the buffers of records, which are told by themselves. */
static long heap_of(const struct build *b)
{
	return b->memory.structures + b->memory.peak;
}

/* Where it is known of both. */
static bool heaps_differ(const struct build *a, const struct build *b)
{
	return a->memory.total != 0 && b->memory.total != 0 && heap_of(a) != heap_of(b);
}

/* ---- macros ---- */

static bool is_same(const struct macro_text *a, const struct macro_text *b)
{
	return a != NULL && b != NULL && a->takes_arguments == b->takes_arguments &&
	       strcmp(a->value, b->value) == 0;
}

static void add_change(struct differ *d, const char *name, const struct macro_text *first,
	const struct macro_text *second)
{
	bool arguments = (first != NULL && first->takes_arguments) ||
			 (second != NULL && second->takes_arguments);

	if (is_same(first, second) || arguments)
		return;
	if (d->n_changes < CHANGES_MAX)
		d->changes[d->n_changes++] =
			(struct macro_change){ .name = name, .first = first, .second = second };
	else
		d->left_out++;
}

/* In the order of the second, then what only the first defines. */
static void compare_macros(
	struct differ *d, const struct config *first, const struct config *second)
{
	const struct macro_text *m = NULL;

	while ((m = config_next(second, m)) != NULL)
		add_change(d, m->name, config_macro(first, m->name), m);
	while ((m = config_next(first, m)) != NULL)
		if (config_macro(second, m->name) == NULL)
			add_change(d, m->name, m, NULL);
}

static bool set_macro(
	struct config *c, const char *name, const struct macro_text *to, struct err *e)
{
	struct strbuf text = { 0 };
	bool ok;

	strbuf_printf(&text, "#undef %s\n", name);
	if (to != NULL)
		strbuf_printf(&text, "#define %s %s\n", name, to->value);
	ok = !text.failed ? config_run(c, bytes_of(text.text, text.len), e)
			  : err_set(e, ERR_MEMORY, 0, "out of memory");
	strbuf_free(&text);
	return ok;
}

static void note_decider(struct differ *d, struct difference *of, size_t change)
{
	size_t known = of->n_deciders < DECIDERS_MAX ? of->n_deciders : DECIDERS_MAX;

	for (size_t i = 0; i < known; i++)
		if (of->deciders[i] == change)
			return;
	if (known < DECIDERS_MAX)
		of->deciders[known] = (uint16_t)change;
	of->n_deciders++;
	d->changes[change].n_decided[of->ability.kind]++;
}

/* What the build has with one macro changed, against what it has without that. */
static void note_effect(
	struct differ *d, size_t change, const struct build *before, const struct build *after)
{
	struct ability was[ABILITIES_MAX], is[ABILITIES_MAX];
	struct abilities had = { was, abilities_of(before, was) };
	struct abilities have = { is, abilities_of(after, is) };
	struct macro_change *m = &d->changes[change];

	for (size_t i = 0; i < d->n; i++) {
		const struct ability *a = &d->list[i].ability;

		if (has(&had, a->kind, a->value) != has(&have, a->kind, a->value))
			note_decider(d, &d->list[i], change);
	}
	m->sizes |= sizes_differ(&d->first, &d->second) && sizes_differ(before, after);
	m->heap |= heaps_differ(&d->first, &d->second) && heaps_differ(before, after);
	m->order |= (d->client_order && before->follows_client != after->follows_client) ||
		    (d->suite_order && suites_reordered(before, after)) ||
		    (d->group_order && groups_reordered(before, after));
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Two thousand questions of a configuration as people write them look up some 100,000 names, of one that is made to
 * be expensive millions each. */
enum { ASKED_MAX = 2000000 };

/* Each macro in turn as the other side has it. Those behind the limit are not looked at. */
static bool try_macros(struct differ *d, const struct differ_side *side, bool second, struct err *e)
{
	const struct build *before = second ? &d->second : &d->first;
	struct config *c = config_copy(side->config, e);
	bool ok = c != NULL;

	for (size_t i = 0; ok && i < d->n_changes; i++) {
		const struct macro_change *m = &d->changes[i];
		const struct macro_text *own = second ? m->second : m->first;
		const struct macro_text *other = second ? m->first : m->second;
		struct build after;

		if (config_asked(c) > ASKED_MAX) {
			d->n_untried = larger(d->n_untried, d->n_changes - i);
			break;
		}
		if (!(ok = set_macro(c, m->name, other, e)))
			break;
		build_of(c, side->major, &after);
		note_effect(d, i, before, &after);
		ok = set_macro(c, m->name, own, e);
	}
	config_close(c);
	return ok;
}

bool macro_change_decides(const struct macro_change *m)
{
	for (size_t i = 0; i < N_ABILITY_KINDS; i++)
		if (m->n_decided[i] != 0)
			return true;
	return m->sizes || m->order || m->heap;
}

/* ---- findings ---- */

static bool is_same_text(const struct config_finding *a, const struct config_finding *b)
{
	return strcmp(a->reason, b->reason) == 0;
}

static bool is_alike(const struct config_finding *a, const struct config_finding *b, bool same_text)
{
	return a->severity == b->severity && strcmp(a->id, b->id) == 0 &&
	       strcmp(a->macro, b->macro) == 0 && (!same_text || is_same_text(a, b));
}

/* Pairs of the two lists: first those of equal words, then what is left of the same macro. */
static void pair(const struct config_findings *a, const struct config_findings *b, bool same_text,
	bool *paired_a, bool *paired_b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n && !paired_a[i]; k++)
			if (!paired_b[k] && is_alike(&a->list[i], &b->list[k], same_text))
				paired_a[i] = paired_b[k] = true;
}

static size_t take_unpaired(
	const struct config_findings *f, const bool *paired, const struct config_finding **out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (paired[i])
			continue;
		if (n < DIFFER_FINDINGS_MAX)
			out[n] = &f->list[i];
		n++;
	}
	return n;
}

static void compare_findings(
	struct differ *d, const struct config_findings *first, const struct config_findings *second)
{
	bool one[CONFIG_FINDINGS_MAX] = { false }, two[CONFIG_FINDINGS_MAX] = { false };

	pair(first, second, true, one, two);
	pair(first, second, false, one, two);
	d->n_gone = take_unpaired(first, one, d->gone);
	d->n_new = take_unpaired(second, two, d->new);
}

bool differ_of(const struct differ_side *first, const struct differ_side *second, struct differ *d,
	struct err *e)
{
	memset(d, 0, sizeof *d);
	build_of(first->config, first->major, &d->first);
	build_of(second->config, second->major, &d->second);
	compare_abilities(d);
	d->suite_order = suites_reordered(&d->first, &d->second);
	d->client_order = d->first.follows_client != d->second.follows_client;
	d->group_order = groups_reordered(&d->first, &d->second);
	compare_macros(d, first->config, second->config);
	compare_findings(d, first->findings, second->findings);
	if ((!differ_is_nothing(d) || heaps_differ(&d->first, &d->second)) &&
		(!try_macros(d, first, false, e) || !try_macros(d, second, true, e)))
		return false;
	for (size_t i = 0; i < d->n_changes; i++)
		d->n_deciding += macro_change_decides(&d->changes[i]);
	return true;
}

bool differ_is_nothing(const struct differ *d)
{
	return d->n == 0 && !d->suite_order && !d->group_order && !d->client_order &&
	       !sizes_differ(&d->first, &d->second);
}
