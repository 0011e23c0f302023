/* Lists are compared as sets and as orders: what is added takes the place that it has in the other list. */
#include "survey/change.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>

enum { TLS10 = 0x0301, TLS13 = 0x0304 };

struct list_kind {
	enum change_kind value, order;
	size_t at; /* of the list in an offer */
};

static const struct list_kind list_kinds[] = {
	{ CHANGE_GROUP, CHANGE_GROUP_ORDER, offsetof(struct offer, groups) },
	{ CHANGE_SCHEME, CHANGE_SCHEME_ORDER, offsetof(struct offer, schemes) },
	{ CHANGE_SUITE, CHANGE_SUITE_ORDER, offsetof(struct offer, suites) },
};

static const struct offer_list *list_in(const struct offer *o, const struct list_kind *k)
{
	return (const struct offer_list *)(const void *)((const char *)o + k->at);
}

static struct offer_list *list_of(struct offer *o, const struct list_kind *k)
{
	return (struct offer_list *)(void *)((char *)o + k->at);
}

void changes_add(struct changes *c, enum change_kind kind, enum change_act act, uint16_t value)
{
	if (c->n < CHANGES_MAX)
		c->at[c->n++] = (struct change){ kind, act, value };
}

static bool has(const struct changes *c, enum change_kind kind)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->at[i].kind == kind)
			return true;
	return false;
}

/* ---- lists ---- */

static size_t place_of(const struct offer_list *l, uint16_t value)
{
	size_t i = 0;

	while (i < l->n && l->value[i] != value)
		i++;
	return i;
}

/* Behind the nearest of those before it in `like` that are here, or in front. */
static void insert(struct offer_list *l, uint16_t value, const struct offer_list *like)
{
	size_t at = 0;

	if (l->n == OFFER_LIST_MAX || offer_list_has(l, value))
		return;
	for (size_t i = place_of(like, value); i-- != 0 && at == 0;)
		if (offer_list_has(l, like->value[i]))
			at = place_of(l, like->value[i]) + 1;
	memmove(l->value + at + 1, l->value + at, (l->n - at) * sizeof *l->value);
	l->value[at] = value;
	l->n++;
}

/* Those that stand in `like` change places among themselves. */
static void order_like(struct offer_list *l, const struct offer_list *like)
{
	const struct offer_list before = *l;
	size_t next = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (!offer_list_has(like, before.value[i]))
			continue;
		while (next < like->n && !offer_list_has(&before, like->value[next]))
			next++;
		if (next == like->n) /* a value stands twice in the one, and once in the other */
			return;
		l->value[i] = like->value[next++];
	}
}

static bool same_list(const struct offer_list *a, const struct offer_list *b)
{
	return a->n == b->n && memcmp(a->value, b->value, a->n * sizeof *a->value) == 0;
}

static void differ_in_values(const struct offer_list *from, const struct offer_list *to,
	enum change_kind kind, struct changes *out)
{
	for (size_t i = 0; i < from->n; i++)
		if (!offer_list_has(to, from->value[i]))
			changes_add(out, kind, CHANGE_LEAVE_OUT, from->value[i]);
	for (size_t i = 0; i < to->n; i++)
		if (!offer_list_has(from, to->value[i]))
			changes_add(out, kind, CHANGE_ADD, to->value[i]);
}

static void change_list(
	struct offer_list *l, const struct offer_list *to, const struct change *change)
{
	if (change->act == CHANGE_LEAVE_OUT)
		(void)offer_list_remove(l, change->value);
	else
		insert(l, change->value, to);
}

/* ---- extensions ---- */

static bool has_name(const struct offer *o)
{
	return o->sni != NULL || offer_body(o, EXT_SERVER_NAME) != NULL;
}

/* These are there with the version that they belong to. */
static bool follows_version(const struct offer *o, uint16_t type)
{
	static const uint16_t types[] = { EXT_PSK_KEY_EXCHANGE_MODES, EXT_RENEGOTIATION_INFO,
		EXT_EXTENDED_MASTER_SECRET, EXT_ENCRYPT_THEN_MAC, EXT_EC_POINT_FORMATS,
		EXT_SESSION_TICKET };

	for (size_t i = 0; i < COUNT(types); i++)
		if (types[i] == type)
			return offer_body(o, type) == NULL;
	return false;
}

static bool is_version(const struct offer *o, uint16_t type)
{
	return (type == EXT_SUPPORTED_VERSIONS || type == EXT_KEY_SHARE) &&
	       offer_body(o, type) == NULL;
}

/* Does it say so? The name and the versions are changes of their own. */
static bool has_extension(const struct offer *o, uint16_t type)
{
	if (type == EXT_SERVER_NAME || is_version(o, type))
		return false;
	if (type == EXT_PADDING)
		return o->padded_to != 0 && offer_list_has(&o->extensions, type);
	if (follows_version(o, type))
		return offer_list_has(&o->extensions, type);
	return offer_has_extension(o, type);
}

/* A list of versions that was told as bytes has another's as its like that is made. */
static bool lacks(const struct offer *o, uint16_t type)
{
	return !has_extension(o, type) && !offer_has_extension(o, type);
}

/* Made of lists, which are compared by themselves. */
static bool is_made(const struct offer *o, uint16_t type)
{
	static const uint16_t made[] = { EXT_SUPPORTED_GROUPS, EXT_SIGNATURE_ALGORITHMS,
		EXT_SUPPORTED_VERSIONS, EXT_KEY_SHARE, EXT_PADDING };

	for (size_t i = 0; i < COUNT(made); i++)
		if (made[i] == type)
			return offer_body(o, type) == NULL;
	return false;
}

static bool same_content(const struct offer *a, const struct offer *b, uint16_t type)
{
	struct strbuf one = { 0 }, other = { 0 };
	bool same;

	if (is_made(a, type) || is_made(b, type))
		return true;
	if (offer_has_extension(a, type) != offer_has_extension(b, type)) /* by the version? */
		return offer_body(a, type) == NULL && offer_body(b, type) == NULL;
	offer_write_extension(a, type, &one);
	offer_write_extension(b, type, &other);
	same = one.len == other.len && memcmp(strbuf_text(&one), strbuf_text(&other), one.len) == 0;
	strbuf_free(&one);
	strbuf_free(&other);
	return same;
}

static void differ_in_extensions(
	const struct offer *from, const struct offer *to, struct changes *out)
{
	const struct offer_list *mine = &from->extensions, *theirs = &to->extensions;

	for (size_t i = 0; i < mine->n; i++)
		if (has_extension(from, mine->value[i]) && lacks(to, mine->value[i]))
			changes_add(out, CHANGE_EXTENSION, CHANGE_LEAVE_OUT, mine->value[i]);
	for (size_t i = 0; i < theirs->n; i++)
		if (has_extension(to, theirs->value[i]) && lacks(from, theirs->value[i]))
			changes_add(out, CHANGE_EXTENSION, CHANGE_ADD, theirs->value[i]);
	for (size_t i = 0; i < mine->n; i++)
		if (has_extension(from, mine->value[i]) && has_extension(to, mine->value[i]) &&
			!same_content(from, to, mine->value[i]))
			changes_add(out, CHANGE_CONTENT, CHANGE_OTHERWISE, mine->value[i]);
	if (has_name(from) != has_name(to))
		changes_add(out, CHANGE_NAME, has_name(from) ? CHANGE_LEAVE_OUT : CHANGE_ADD, 0);
}

static void take_body(struct offer *o, const struct offer *to, uint16_t type)
{
	const struct offer_body *body = offer_body(to, type);

	offer_drop_body(o, type);
	if (body != NULL && o->n_bodies < OFFER_BODIES_MAX)
		o->body[o->n_bodies++] = *body;
	if (type == EXT_PADDING)
		o->padded_to = to->padded_to;
	if (type == EXT_ALPN)
		memcpy(o->alpn, to->alpn, sizeof o->alpn);
	if (type == EXT_MAX_FRAGMENT_LENGTH)
		o->max_fragment_length = to->max_fragment_length;
}

static void change_extension(struct offer *o, const struct offer *to, const struct change *change)
{
	if (change->act == CHANGE_LEAVE_OUT) {
		(void)offer_list_remove(&o->extensions, change->value);
		offer_drop_body(o, change->value);
		return;
	}
	insert(&o->extensions, change->value, &to->extensions);
	take_body(o, to, change->value);
}

static void change_name(struct offer *o, const struct offer *to, enum change_act act)
{
	if (act == CHANGE_LEAVE_OUT) {
		offer_name(o, NULL);
		return;
	}
	insert(&o->extensions, EXT_SERVER_NAME, &to->extensions);
	take_body(o, to, EXT_SERVER_NAME);
	o->sni = to->sni;
}

/* ---- the rest ---- */

static bool sends_session_id(const struct offer *o)
{
	if (o->session_id == OFFER_ID_BY_VERSION)
		return offer_has_version(o, TLS13);
	return o->session_id == OFFER_ID_RANDOM;
}

static uint16_t record_version(const struct offer *o)
{
	return o->record_version != 0 ? o->record_version : TLS10;
}

static void list_versions(const struct offer *o, struct offer_list *out)
{
	out->n = 0;
	for (size_t i = 0; i < o->n_versions; i++)
		offer_list_add(out, o->versions[i]);
}

static void set_versions(struct offer *o, const struct offer_list *l)
{
	o->n_versions = 0;
	for (size_t i = 0; i < l->n && i < OFFER_VERSIONS_MAX; i++)
		o->versions[o->n_versions++] = l->value[i];
}

static void change_version(struct offer *o, const struct offer *to, const struct change *change)
{
	struct offer_list mine, theirs;

	list_versions(o, &mine);
	list_versions(to, &theirs);
	change_list(&mine, &theirs, change);
	set_versions(o, &mine);
	if (change->act != CHANGE_ADD || change->value != TLS13)
		return;
	offer_drop_body(o, EXT_SUPPORTED_VERSIONS);
	offer_drop_body(o, EXT_KEY_SHARE);
	insert(&o->extensions, EXT_SUPPORTED_VERSIONS, &to->extensions);
	insert(&o->extensions, EXT_KEY_SHARE, &to->extensions);
}

/* Shares of groups that are offered; one at least, where there was one. */
static void settle_shares(struct offer *o, const struct offer *like)
{
	size_t n = 0;

	for (size_t i = 0; i < like->n_shares; i++) {
		if (!offer_list_has(&o->groups, like->shares[i]))
			continue;
		o->shares[n] = like->shares[i];
		o->share_length[n++] = like->share_length[i];
	}
	o->n_shares = n;
	if (n == 0 && like->n_shares != 0)
		offer_share_first(o);
}

static bool same_shares(const struct offer *a, const struct offer *b)
{
	return a->n_shares == b->n_shares &&
	       memcmp(a->shares, b->shares, a->n_shares * sizeof a->shares[0]) == 0;
}

/* ---- all of it ---- */

static void apply_one(struct offer *o, const struct offer *to, const struct change *c)
{
	switch (c->kind) {
	case CHANGE_GROUP:
		change_list(&o->groups, &to->groups, c);
		break;
	case CHANGE_SCHEME:
		change_list(&o->schemes, &to->schemes, c);
		break;
	case CHANGE_SUITE:
		change_list(&o->suites, &to->suites, c);
		break;
	case CHANGE_EXTENSION:
		change_extension(o, to, c);
		break;
	case CHANGE_CONTENT:
		take_body(o, to, c->value);
		break;
	case CHANGE_NAME:
		change_name(o, to, c->act);
		break;
	case CHANGE_SESSION_ID:
		o->session_id = sends_session_id(to) ? OFFER_ID_RANDOM : OFFER_ID_NONE;
		break;
	case CHANGE_COMPRESSION:
		o->compression = to->compression;
		break;
	case CHANGE_RECORD_VERSION:
		o->record_version = record_version(to);
		break;
	case CHANGE_LEGACY_VERSION:
		o->legacy_version = offer_legacy_version(to);
		break;
	case CHANGE_VERSION:
		change_version(o, to, c);
		break;
	case CHANGE_SHARES:      /* when all groups are there */
	case CHANGE_GROUP_ORDER: /* ... all values */
	case CHANGE_SCHEME_ORDER:
	case CHANGE_SUITE_ORDER:
	case CHANGE_EXTENSION_ORDER:
	case CHANGE_SIZE:
	case CHANGE_SEGMENTS:
	case N_CHANGE_KINDS:
		break;
	}
}

void changes_apply(const struct offer *from, const struct offer *to, const struct changes *c,
	struct offer *out)
{
	uint16_t highest;

	*out = *from;
	for (size_t i = 0; i < c->n; i++)
		apply_one(out, to, &c->at[i]);
	for (size_t i = 0; i < COUNT(list_kinds); i++)
		if (has(c, list_kinds[i].order))
			order_like(list_of(out, &list_kinds[i]), list_in(to, &list_kinds[i]));
	if (has(c, CHANGE_EXTENSION_ORDER))
		order_like(&out->extensions, &to->extensions);
	settle_shares(out, has(c, CHANGE_SHARES) ? to : from);
	highest = offer_highest_version(out);
	if (highest != 0 && highest < out->legacy_version)
		out->legacy_version = highest;
}

/* The types that are sent, in their order. */
static void list_sent(const struct offer *o, struct offer_list *out)
{
	out->n = 0;
	for (size_t i = 0; i < o->extensions.n; i++)
		if (has_extension(o, o->extensions.value[i]) ||
			offer_has_extension(o, o->extensions.value[i]))
			offer_list_add(out, o->extensions.value[i]);
}

/* What is still another one when all values are the same. */
static void differ_in_order(const struct offer *now, const struct offer *to, struct changes *out)
{
	struct offer_list mine, theirs;

	if (!same_shares(now, to))
		changes_add(out, CHANGE_SHARES, CHANGE_OTHERWISE, 0);
	for (size_t i = 0; i < COUNT(list_kinds); i++)
		if (!same_list(list_in(now, &list_kinds[i]), list_in(to, &list_kinds[i])))
			changes_add(out, list_kinds[i].order, CHANGE_OTHERWISE, 0);
	list_sent(now, &mine);
	list_sent(to, &theirs);
	if (!same_list(&mine, &theirs))
		changes_add(out, CHANGE_EXTENSION_ORDER, CHANGE_OTHERWISE, 0);
}

static void differ_in_form(const struct offer *from, const struct offer *to, struct changes *out)
{
	if (sends_session_id(from) != sends_session_id(to))
		changes_add(out, CHANGE_SESSION_ID,
			sends_session_id(from) ? CHANGE_LEAVE_OUT : CHANGE_ADD, 0);
	if (!bytes_equal(from->compression, to->compression) &&
		from->compression.len + to->compression.len > 1)
		changes_add(out, CHANGE_COMPRESSION, CHANGE_OTHERWISE, 0);
	if (record_version(from) != record_version(to))
		changes_add(out, CHANGE_RECORD_VERSION, CHANGE_OTHERWISE, record_version(to));
}

static void differ_in_versions(
	const struct offer *from, const struct offer *to, struct changes *out)
{
	struct offer_list mine, theirs;

	list_versions(from, &mine);
	list_versions(to, &theirs);
	differ_in_values(&mine, &theirs, CHANGE_VERSION, out);
}

void changes_between(const struct offer *from, const struct offer *to, struct changes *out)
{
	struct offer *now = memory_get(sizeof *now);
	struct changes *versions = memory_new(sizeof *versions);

	out->n = 0;
	for (size_t i = 0; i < COUNT(list_kinds); i++)
		differ_in_values(list_in(from, &list_kinds[i]), list_in(to, &list_kinds[i]),
			list_kinds[i].value, out);
	differ_in_extensions(from, to, out);
	if (now != NULL && versions != NULL) {
		differ_in_versions(from, to, versions);
		for (size_t i = 0; i < versions->n; i++)
			changes_add(
				out, CHANGE_VERSION, versions->at[i].act, versions->at[i].value);
		changes_apply(from, to, out, now);
		out->n -= versions->n;
		if (!offer_has_extension(now, EXT_SUPPORTED_VERSIONS) &&
			offer_has_extension(to, EXT_SUPPORTED_VERSIONS)) {
			changes_add(out, CHANGE_EXTENSION, CHANGE_ADD, EXT_SUPPORTED_VERSIONS);
			change_extension(now, to, &out->at[out->n - 1]);
		}
		differ_in_order(now, to, out);
		differ_in_form(now, to, out);
		if (offer_legacy_version(now) != offer_legacy_version(to))
			changes_add(out, CHANGE_LEGACY_VERSION, CHANGE_OTHERWISE,
				offer_legacy_version(to));
		for (size_t i = 0; i < versions->n; i++)
			changes_add(
				out, CHANGE_VERSION, versions->at[i].act, versions->at[i].value);
	}
	free(now);
	free(versions);
}
