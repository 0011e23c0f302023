/*
 * What parts the failed from the completed. Only what the first of either has can be common to all
 * of them, so those two are all that candidates are taken from, and each is held against the rest.
 *
 * One change of a client shows in many places: without TLS 1.3 its suites, its key shares and three
 * extensions go too, and the hello is shorter. Such consequences are told, and not counted.
 */
#include "diagnose/contrast.h"

#include "base/memory.h"
#include "diagnose/contrast_features.h"
#include "diagnose/story.h"

#include <stdlib.h>

enum {
	COMPARED_MAX = 64,    /* handshakes of either side */
	COMPLETED_ENOUGH = 8, /* when there were more than are kept */
	COUNTED_ENOUGH = 2,   /* of either side, for a difference to be no accident */
	CHANCE_COUNTED = 4,   /* the same where chance has a hand in it */
	TIMES_ENOUGH = 3,     /* of either side, for their order in time to mean something */
};

struct set {
	const struct handshake *hs[COMPARED_MAX];
	size_t n;
};

struct comparison {
	const struct set *failed, *completed;
	struct contrast *out;
};

/* ---- who is compared ---- */

static bool comparable(const struct handshake *hs)
{
	return hs->client_hello.seen && !hs->client_hello.sslv2_format && !hs->renegotiation &&
	       !message_cut(hs, SIDE_CLIENT, HS_CLIENT_HELLO) &&
	       !message_partial(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
}

static bool ended_alike(const struct handshake *a, const struct handshake *b)
{
	struct ending_story x = story_of(a), y = story_of(b);

	return x.by == y.by && x.stage == y.stage && x.alert == y.alert && x.hidden == y.hidden &&
	       x.closed == y.closed && x.reset == y.reset;
}

static void set_add(struct set *s, const struct handshake *hs)
{
	if (s->n < COMPARED_MAX)
		s->hs[s->n++] = hs;
}

static struct set completed_of(const struct case_file *cf)
{
	struct set s = { .n = 0 };

	for (size_t i = 0; i < cf->n_kept; i++)
		if (cf->kept[i]->hs->outcome == OUTCOME_COMPLETED && comparable(cf->kept[i]->hs))
			set_add(&s, cf->kept[i]->hs);
	return s;
}

/* The failed ones by the way they ended; a way beyond the last is left out. */
static size_t ways_of(const struct case_file *cf, struct set ways[static WAYS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;
		size_t k = 0;

		if (hs->outcome != OUTCOME_FAILED || !comparable(hs))
			continue;
		while (k < n && !ended_alike(ways[k].hs[0], hs))
			k++;
		if (k == WAYS_MAX)
			continue;
		if (k == n)
			ways[n++].n = 0;
		set_add(&ways[k], hs);
	}
	return n;
}

/* ---- one feature ---- */

static bool all(const struct set *s, const struct feature *f, enum having having)
{
	for (size_t i = 0; i < s->n; i++)
		if (feature_had(s->hs[i], f) != having)
			return false;
	return true;
}

static bool tls13_suite(const struct feature *f)
{
	const struct suite *s = f->kind == FEATURE_SUITE ? suite_find((uint16_t)f->value) : NULL;

	return s != NULL && s->tls13;
}

/* Those of a list share a line, whichever way they part the two. */
static bool shares_line(const struct difference *d, const struct feature *f, bool failed_have)
{
	if (d->feature.kind != f->kind)
		return false;
	/* These are one, seen from either side. */
	if (f->kind == FEATURE_ORDER || f->kind == FEATURE_ADDRESS || f->kind == FEATURE_NAME_IS)
		return true;
	if (d->failed_have != failed_have)
		return false;
	if (f->kind == FEATURE_EXTENSION || f->kind == FEATURE_VERSION)
		return d->feature.value == f->value;
	return tls13_suite(&d->feature) == tls13_suite(f);
}

static bool same_feature(const struct feature *a, const struct feature *b)
{
	return a->value == b->value && bytes_equal(a->text, b->text);
}

static void add(struct contrast *c, const struct difference *d)
{
	for (size_t i = 0; i < c->n; i++)
		if (shares_line(&c->differences[i], &d->feature, d->failed_have)) {
			if (c->differences[i].failed_have == d->failed_have)
				c->differences[i].more +=
					!same_feature(&c->differences[i].feature, &d->feature);
			return;
		}
	if (c->n < DIFFERENCES_MAX)
		c->differences[c->n++] = *d;
}

/* Where a client shuffles its extensions, some two always stand in another order. */
static bool by_chance(const struct comparison *c, const struct feature *f)
{
	return f->kind == FEATURE_ORDER && c->out->shuffled;
}

static void offer_failed(const struct feature *f, void *ctx)
{
	struct comparison *c = ctx;

	if (!by_chance(c, f) && all(c->completed, f, HAS_NOT) && all(c->failed, f, HAS))
		add(c->out, &(struct difference){ .feature = *f, .failed_have = true });
}

static void offer_completed(const struct feature *f, void *ctx)
{
	struct comparison *c = ctx;

	if (!by_chance(c, f) && all(c->failed, f, HAS_NOT) && all(c->completed, f, HAS))
		add(c->out, &(struct difference){ .feature = *f, .failed_have = false });
}

/* Two hellos of one side have the same extensions in another order. */
static bool shuffled(const struct set *s)
{
	for (size_t i = 1; i < s->n; i++)
		if (hellos_shuffled(&s->hs[0]->client_hello, &s->hs[i]->client_hello))
			return true;
	return false;
}

/* ---- numbers, and when ---- */

struct range {
	uint32_t least, greatest;
};

/* False: it is not known of all of them. */
static bool range_of(const struct set *s, enum feature_kind kind, struct range *out)
{
	*out = (struct range){ UINT32_MAX, 0 };
	for (size_t i = 0; i < s->n; i++) {
		uint32_t n = feature_number(s->hs[i], kind);

		out->least = n < out->least ? n : out->least;
		out->greatest = n > out->greatest ? n : out->greatest;
	}
	return out->greatest != UINT32_MAX;
}

static void compare_number(struct comparison *c, enum feature_kind kind)
{
	struct range failed, completed;
	bool more;

	if (!range_of(c->failed, kind, &failed) || !range_of(c->completed, kind, &completed))
		return;
	more = failed.least > completed.greatest;
	if (!more && failed.greatest >= completed.least)
		return;
	add(c->out, &(struct difference){ .feature = { .kind = kind },
			    .failed_have = more,
			    .least = more ? failed.least : completed.least,
			    .greatest = more ? completed.greatest : failed.greatest });
}

static void compare_numbers(struct comparison *c)
{
	for (enum feature_kind kind = 0; kind < N_FEATURES; kind++)
		if (feature_is_number(kind))
			compare_number(c, kind);
}

/* Something may have changed between the two: a server restarted, another one in its place. */
static void compare_times(struct comparison *c)
{
	int64_t first[2] = { INT64_MAX, INT64_MAX }, last[2] = { INT64_MIN, INT64_MIN };
	const struct set *sets[2] = { c->failed, c->completed };

	if (c->failed->n < TIMES_ENOUGH || c->completed->n < TIMES_ENOUGH)
		return;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < sets[k]->n; i++) {
			int64_t t = sets[k]->hs[i]->start;

			first[k] = t < first[k] ? t : first[k];
			last[k] = t > last[k] ? t : last[k];
		}
	if (first[0] > last[1] || first[1] > last[0])
		add(c->out, &(struct difference){ .feature = { .kind = FEATURE_TIME },
				    .failed_have = first[0] > last[1] });
}

/* ---- what follows from what ---- */

static bool of_hello(enum feature_kind kind)
{
	return kind <= FEATURE_SESSION_ID;
}

static bool is_extension(const struct difference *d, uint16_t type)
{
	return d->feature.kind == FEATURE_EXTENSION && d->feature.value == type;
}

static bool comes_of_tls13(const struct difference *d)
{
	return is_extension(d, EXT_SUPPORTED_VERSIONS) || is_extension(d, EXT_KEY_SHARE) ||
	       is_extension(d, EXT_PSK_KEY_EXCHANGE_MODES) || d->feature.kind == FEATURE_SHARE ||
	       d->feature.kind == FEATURE_SESSION_ID || tls13_suite(&d->feature);
}

/* RFC 5246 1.2: signature_algorithms, and suites with an AEAD or with SHA-2, came with TLS 1.2. */
static bool comes_of_tls12(const struct difference *d)
{
	const struct suite *s =
		d->feature.kind == FEATURE_SUITE ? suite_find((uint16_t)d->feature.value) : NULL;

	return is_extension(d, EXT_SIGNATURE_ALGORITHMS) || d->feature.kind == FEATURE_SCHEME ||
	       (s != NULL && (s->kind == CIPHER_AEAD || strstr(s->name, "_SHA256") != NULL ||
				     strstr(s->name, "_SHA384") != NULL));
}

/* A hello that goes no higher than another goes no higher than what is above that, either; and what it has below
 * is but the rest of the same list. */
static bool comes_of_version(const struct difference *d, const struct difference *r)
{
	if (d->feature.kind == FEATURE_VERSION)
		return d->failed_have == r->failed_have
			       ? d->feature.value > r->feature.value
			       : d->failed_have && d->feature.value < r->feature.value;
	return (r->feature.value == 0x0304 && comes_of_tls13(d)) ||
	       (r->feature.value == 0x0303 && (comes_of_tls12(d) || comes_of_tls13(d)));
}

static bool comes_of_resumption(const struct difference *d)
{
	return is_extension(d, EXT_SESSION_TICKET) || is_extension(d, EXT_PRE_SHARED_KEY) ||
	       is_extension(d, EXT_EARLY_DATA) || is_extension(d, EXT_PSK_KEY_EXCHANGE_MODES) ||
	       d->feature.kind == FEATURE_SESSION_ID || d->feature.kind == FEATURE_LAST_EMPTY;
}

static bool comes_of_extension(const struct difference *d, uint16_t type)
{
	switch ((int)d->feature.kind) {
	case FEATURE_GROUP:
		return type == EXT_SUPPORTED_GROUPS;
	case FEATURE_SHARE:
		return type == EXT_SUPPORTED_GROUPS || type == EXT_KEY_SHARE;
	case FEATURE_SCHEME:
		return type == EXT_SIGNATURE_ALGORITHMS;
	case FEATURE_PROTOCOL:
		return type == EXT_ALPN;
	case FEATURE_LAST_EMPTY:
		return true;
	default:
		return false;
	}
}

/* Does d come with r, where both part the two sets? */
static bool comes_of(const struct difference *d, const struct difference *r)
{
	enum feature_kind kind = d->feature.kind, root = r->feature.kind;

	if (d == r || kind >= FEATURE_ADDRESS || root >= FEATURE_SEGMENTS)
		return kind == FEATURE_SEGMENTS && root == FEATURE_SIZE;
	if (!of_hello(kind))
		return true;
	if (kind == FEATURE_SIZE || kind == FEATURE_SEGMENTS)
		return root != FEATURE_ORDER && root != FEATURE_LAST_EMPTY;
	switch ((int)root) {
	case FEATURE_RESUMPTION:
		return comes_of_resumption(d);
	case FEATURE_LAST_EMPTY:
		return kind == FEATURE_ORDER;
	case FEATURE_NAME:
		return kind == FEATURE_NAME_IP || kind == FEATURE_NAME_IS ||
		       is_extension(d, EXT_SERVER_NAME);
	case FEATURE_NAME_IP:
		return kind == FEATURE_NAME_IS;
	case FEATURE_EXTENSION:
		return comes_of_extension(d, (uint16_t)r->feature.value);
	case FEATURE_VERSION:
		return comes_of_version(d, r);
	case FEATURE_GROUP:
		return kind == FEATURE_SHARE;
	default:
		return false;
	}
}

static int most_telling_first(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;

	if (x->follows != y->follows)
		return x->follows - y->follows;
	if (x->feature.kind != y->feature.kind)
		return (int)x->feature.kind - (int)y->feature.kind;
	if (x->failed_have != y->failed_have)
		return y->failed_have - x->failed_have;
	return (x->feature.value > y->feature.value) - (x->feature.value < y->feature.value);
}

/* One list counts once, whichever of the two has more in it. */
static bool own(const struct contrast *c, size_t i)
{
	const struct difference *d = &c->differences[i];
	enum feature_kind kind = d->feature.kind;

	if (d->follows || kind >= FEATURE_ADDRESS)
		return false;
	return kind == FEATURE_EXTENSION || kind == FEATURE_VERSION || i == 0 ||
	       c->differences[i - 1].feature.kind != kind;
}

/*
 * Lengths of padding and of tickets, and the last extension of a client that shuffles them, vary from
 * hello to hello; a close, a reset or silence comes by accident more easily than an alert.
 */
static bool chance_has_a_hand(const struct contrast *c)
{
	enum feature_kind first = c->n != 0 ? c->differences[0].feature.kind : N_FEATURES;

	return story_of(c->failed).alert < 0 || first == FEATURE_SIZE ||
	       (first == FEATURE_LAST_EMPTY && c->shuffled);
}

static bool counted_enough(const struct contrast *c)
{
	uint64_t enough = chance_has_a_hand(c) ? CHANCE_COUNTED : COUNTED_ENOUGH;

	return c->n_failed >= enough && c->n_completed >= enough &&
	       (!c->not_all_completed || c->n_completed >= COMPLETED_ENOUGH);
}

static void weigh(struct contrast *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->n; k++)
			c->differences[i].follows |=
				comes_of(&c->differences[i], &c->differences[k]);
	qsort(c->differences, c->n, sizeof *c->differences, most_telling_first);
	for (size_t i = 0; i < c->n; i++)
		c->n_own += own(c, i);
	c->confidence =
		c->n_own == 1 && counted_enough(c) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

static void compare(const struct case_file *cf, const struct set *failed,
	const struct set *completed, struct contrast *out)
{
	struct comparison c = { failed, completed, out };

	*out = (struct contrast){ .failed = failed->hs[0],
		.n_failed = failed->n,
		.n_completed = completed->n,
		.not_all_failed = failed->n < cf->n_failed,
		.not_all_completed = completed->n < cf->n_completed };
	out->shuffled = shuffled(failed) || shuffled(completed);
	features_visit(failed->hs[0], offer_failed, &c);
	features_visit(completed->hs[0], offer_completed, &c);
	compare_numbers(&c);
	compare_times(&c);
	weigh(out);
}

/* Of equals the one that came first. */
static int most_frequent_first(const void *a, const void *b)
{
	const struct contrast *x = a, *y = b;

	if (x->n_failed != y->n_failed)
		return x->n_failed > y->n_failed ? -1 : 1;
	return (x->failed->id > y->failed->id) - (x->failed->id < y->failed->id);
}

size_t contrast_make(const struct case_file *cf, struct contrast out[static WAYS_MAX])
{
	struct set completed, ways[WAYS_MAX];
	size_t n, n_told = 0;

	if (cf->n_failed == 0 || cf->n_completed == 0)
		return 0;
	completed = completed_of(cf);
	if (completed.n == 0)
		return 0;
	n = ways_of(cf, ways);
	for (size_t i = 0; i < n; i++) {
		compare(cf, &ways[i], &completed, &out[n_told]);
		n_told += out[n_told].n != 0;
	}
	qsort(out, n_told, sizeof *out, most_frequent_first);
	return n_told;
}

void contrast_keep(struct case_file *cf)
{
	struct contrast made[WAYS_MAX];
	size_t n = contrast_make(cf, made);

	free(cf->contrasts);
	cf->contrasts = n != 0 ? memory_get(n * sizeof *made) : NULL;
	cf->n_contrasts = cf->contrasts != NULL ? n : 0;
	if (cf->contrasts != NULL)
		memcpy(cf->contrasts, made, n * sizeof *made);
}

/* ---- asking ---- */

const struct contrast *contrast_of(const struct case_file *cf, const struct handshake *hs)
{
	for (size_t i = 0; i < cf->n_contrasts; i++)
		if (hs->outcome == OUTCOME_FAILED && comparable(hs) &&
			ended_alike(cf->contrasts[i].failed, hs))
			return &cf->contrasts[i];
	return NULL;
}

const struct difference *contrast_find(
	const struct contrast *c, enum feature_kind kind, uint32_t value)
{
	for (size_t i = 0; c != NULL && i < c->n; i++)
		if (c->differences[i].feature.kind == kind &&
			(value == 0 || c->differences[i].feature.value == value))
			return &c->differences[i];
	return NULL;
}

bool contrast_only(const struct contrast *c, enum feature_kind kind, uint32_t value)
{
	const struct difference *d = contrast_find(c, kind, value);

	return d != NULL && !d->follows && c->n_own == 1;
}

bool contrast_differs_much(const struct contrast *c)
{
	return c->n_own >= DIFFER_MUCH;
}
