/*
 * Two hellos, one that fails and one that gets through, then the halving of what parts them. Whether it is the
 * length alone is asked before: each of the other changes makes a hello shorter, or longer.
 */
#include "survey/isolate.h"

#include "base/array.h"
#include "base/memory.h"
#include "survey/small_hello.h"

#include <stdio.h>
#include <stdlib.h>

struct isolator {
	const struct isolate_options *options;
	survey_ask *ask;
	void *ctx;
	struct isolation *out;
	struct offer failing, passing;
	struct survey_question q;
	struct survey_reply reply;
	struct changes found, part;
	size_t failing_length, passing_length; /* of the two hellos */
	bool cut;
};

bool isolate_ends_parse(const char *text, struct isolate_ends *out)
{
	const char *colon = strchr(text, ':');
	const struct hello_profile *one, *other;
	char name[64];

	if (colon == NULL || (size_t)(colon - text) >= sizeof name)
		return false;
	(void)snprintf(name, sizeof name, "%.*s", (int)(colon - text), text);
	one = hello_profile_find(name);
	other = hello_profile_find(colon + 1);
	if (one == NULL || other == NULL || one == other)
		return false;
	*out = (struct isolate_ends){ one, other };
	return true;
}

/* ---- asking ---- */

static bool ask(struct isolator *s)
{
	if (s->cut || !s->ask(s->ctx, &s->q, &s->reply)) {
		s->cut = true;
		return false;
	}
	s->out->questions++;
	return s->reply.completed || s->reply.beyond;
}

static bool gets_through(struct isolator *s, const struct offer *o)
{
	s->q.offer = *o;
	return ask(s);
}

/* The one that gets through. */
static bool passes(struct isolator *s)
{
	bool well = gets_through(s, &s->passing);

	s->passing_length = s->reply.hello_length;
	return well;
}

/* The one that fails. */
static bool is_taken(struct isolator *s)
{
	bool well = gets_through(s, &s->failing);

	s->failing_length = s->reply.hello_length;
	return well;
}

/* Does the hello that fails get through with these? */
static bool completes(struct isolator *s, const struct changes *c)
{
	struct offer *o = &s->q.offer;

	changes_apply(&s->failing, &s->passing, c, o);
	if (c->n != 0)
		offer_keep_usable_versions(o, 0);
	if (o->n_versions == 0 || o->suites.n == 0)
		return false;
	return ask(s);
}

/* ---- hellos that get through ---- */

/* The name may be wanted, or the extensions: each small hello is asked without these, and with them. */
static bool small_gets_through(struct isolator *s, const struct offer *whole)
{
	for (size_t i = 0; i < SMALL_HELLOS && !s->cut; i++) {
		if (!offer_has_version(whole, small_hello_version(i)))
			continue;
		for (int with = 0; with < 2; with++) {
			small_hello(whole, i, with == 0, &s->passing);
			if (s->passing.suites.n != 0 && passes(s))
				return true;
		}
	}
	return false;
}

static void make_own(const struct isolator *s, struct offer *out)
{
	const struct survey_options *o = &s->options->survey;

	offer_all(out, o->min_version, o->max_version);
	offer_name(out, o->sni);
}

/* A part of it, or what it has not: all that our client can do, or a part of that. */
static bool find_passing(struct isolator *s)
{
	struct offer *own;
	bool found;

	if (small_gets_through(s, &s->failing))
		return true;
	if (s->out->failing == NULL || s->cut)
		return false;
	own = memory_get(sizeof *own);
	if (own == NULL)
		return false;
	make_own(s, own);
	s->passing = *own;
	found = passes(s) || small_gets_through(s, own);
	free(own);
	return found;
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

/* It does without the version: does it do without something of that version alone? */
static bool look_within(struct isolator *s, uint16_t version)
{
	for (size_t i = 0; i < SMALL_HELLOS && !s->cut; i++) {
		if (small_hello_version(i) != version)
			continue;
		small_hello_within(&s->failing, i, &s->passing);
		if (s->passing.groups.n != 0 && passes(s))
			return true;
	}
	return false;
}

/* All that a version has makes many narrow changes: whether it is one of those that the hello that gets through
 * does without is asked before them. */
static void ask_versions(struct isolator *s)
{
	for (size_t i = 0; i < s->found.n && !s->cut; i++) {
		const struct change c = s->found.at[i];

		if (c.kind != CHANGE_VERSION || c.act != CHANGE_LEAVE_OUT)
			continue;
		s->part.n = 0;
		changes_add(&s->part, c.kind, c.act, c.value);
		if (!completes(s, &s->part))
			continue;
		s->found = s->part;
		if (look_within(s, c.value)) /* else it stays the version */
			changes_between(&s->failing, &s->passing, &s->found);
		return;
	}
}

/* ---- the length ---- */

enum { EXTENSION_HEADER = 4, FINE = 16 };

/* The hello with the changes, made longer: what it says besides stays the same. */
static bool padded_gets_through(struct isolator *s, const struct changes *c, size_t length)
{
	struct offer *o = &s->q.offer;

	changes_apply(&s->failing, &s->passing, c, o);
	offer_keep_usable_versions(o, 0);
	if (!offer_list_has(&o->extensions, EXT_PADDING))
		offer_list_add(&o->extensions, EXT_PADDING);
	o->padded_to = length;
	return ask(s);
}

static bool segments_get_through(struct isolator *s, const struct changes *c)
{
	bool well;

	s->q.hello_segment = s->passing_length / 2 + 1;
	well = completes(s, c);
	s->q.hello_segment = 0;
	return well;
}

/* Between what is taken and what is not, by halves. */
static void find_length(struct isolator *s, const struct changes *c)
{
	struct isolation *out = s->out;

	while (!s->cut && out->size_refused - out->size_taken > FINE) {
		size_t length = (out->size_taken + out->size_refused) / 2;

		if (padded_gets_through(s, c, length))
			out->size_taken = length;
		else if (!s->cut)
			out->size_refused = length;
	}
}

/*
 * What gets through is shorter than what fails: is it that, and nothing of what was left out? True: it is. Then a
 * long hello may come in several segments, and a server that reads but one of them fails for that.
 */
static bool is_length(struct isolator *s, const struct changes *c)
{
	struct isolation *out = s->out;
	size_t shortest = s->passing_length + (size_t)2 * EXTENSION_HEADER;

	if (s->passing_length == 0 || shortest + FINE >= s->failing_length ||
		s->failing.padded_to != 0 || padded_gets_through(s, c, s->failing_length) ||
		!padded_gets_through(s, c, shortest) || s->cut)
		return false;
	out->size_taken = shortest;
	out->size_refused = s->failing_length;
	find_length(s, c);
	changes_add(&out->changes,
		!segments_get_through(s, c) && !s->cut ? CHANGE_SEGMENTS : CHANGE_SIZE,
		CHANGE_OTHERWISE, 0);
	return true;
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

/* Not in turns: what fails every other time would look like a rule. The hello that fails was sent once before. */
static void confirm(struct isolator *s, const struct changes *c)
{
	struct isolation *out = s->out;

	out->whole_asked = out->whole_failed = 1;
	for (unsigned i = 0; i < ISOLATE_AGAIN; i++) {
		if (i % 2 == 0 && i != 0)
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

/* ---- what fails ---- */

/* Of a profile that is known; its lists fit an offer. */
static void make_profile(const struct isolator *s, const struct hello_profile *p, struct offer *out)
{
	(void)hello_profile_offer(p, out);
	offer_name(out, s->options->survey.sni);
}

static enum isolate_verdict end(const struct isolator *s, enum isolate_verdict verdict)
{
	return s->cut ? ISOLATE_CUT : verdict;
}

static void swap_ends(struct isolator *s)
{
	size_t length = s->failing_length;

	s->q.offer = s->failing;
	s->failing = s->passing;
	s->passing = s->q.offer;
	s->failing_length = s->passing_length;
	s->passing_length = length;
}

/* Which of the two fails? ISOLATE_FOUND: one does, the other gets through. */
static enum isolate_verdict begin_with_two(struct isolator *s, const struct isolate_ends *ends)
{
	struct isolation *out = s->out;
	bool one, other;

	make_profile(s, ends->one, &s->failing);
	one = is_taken(s);
	*(one ? &out->completed : &out->failed) = s->reply;
	make_profile(s, ends->other, &s->passing);
	other = passes(s);
	*(other ? &out->completed : &out->failed) = s->reply;
	out->failing = one ? ends->other : ends->one;
	out->passing = one ? ends->one : ends->other;
	if (s->cut || one == other)
		return end(s, one ? ISOLATE_WELL : ISOLATE_NO_HELP);
	if (one)
		swap_ends(s);
	return ISOLATE_FOUND;
}

/* The hello gets through: does one of those that are known not? */
static enum isolate_verdict begin_with_known(struct isolator *s)
{
	struct isolation *out = s->out;
	size_t n;
	const struct hello_profile *profiles = hello_profiles(&n);

	s->passing = s->failing;
	s->passing_length = s->failing_length;
	out->passing = out->failing;
	for (size_t i = 0; i < n && !s->cut; i++) {
		if (!hello_profile_is_newest(&profiles[i]))
			continue;
		make_profile(s, &profiles[i], &s->failing);
		if (is_taken(s)) {
			out->profiles++;
			continue;
		}
		out->failed = s->reply;
		out->failing = &profiles[i];
		return end(s, ISOLATE_FOUND);
	}
	return end(s, ISOLATE_WELL);
}

static enum isolate_verdict begin_with_one(struct isolator *s)
{
	struct isolation *out = s->out;

	out->failing = s->options->hello;
	if (out->failing != NULL)
		make_profile(s, out->failing, &s->failing);
	else
		make_own(s, &s->failing);
	if (is_taken(s)) {
		out->completed = s->reply;
		return s->options->always ? begin_with_known(s) : ISOLATE_WELL;
	}
	out->failed = s->reply;
	if (s->cut || !find_passing(s))
		return end(s, ISOLATE_NO_HELP);
	return ISOLATE_FOUND;
}

static void isolate(struct isolator *s)
{
	struct isolation *out = s->out;
	const struct isolate_ends *ends = &s->options->ends;

	out->verdict = ends->one != NULL ? begin_with_two(s, ends) : begin_with_one(s);
	if (out->verdict != ISOLATE_FOUND)
		return;
	changes_between(&s->failing, &s->passing, &s->found);
	if (!is_length(s, &s->found)) {
		if (out->passing == NULL)
			ask_versions(s);
		reduce(s, &s->found, &s->part);
		out->changes = s->found;
	}
	confirm(s, &s->found);
}

void isolate_run(
	const struct isolate_options *o, survey_ask *ask_server, void *ctx, struct isolation *out)
{
	struct isolator *s = memory_new(sizeof *s);

	*out = (struct isolation){ .verdict = ISOLATE_CUT };
	if (s == NULL)
		return;
	*s = (struct isolator){ .options = o, .ask = ask_server, .ctx = ctx, .out = out };
	s->q.depth = TALK_WHOLE;
	s->q.patient = true;
	isolate(s);
	free(s);
}
