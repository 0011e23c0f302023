/*
 * The rules that a release asserts of itself. A rule is the condition under which it does not compile; which macro it is
 * about, and which are missing, is read from the condition: one that holds asks for those defined() that are negated.
 */
#include "config/finding.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "config/tables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED_MAX = 24, NAME_MAX_LEN = 96, GROUPS_DEEP = 32 };

struct named {
	char name[NAME_MAX_LEN];
	bool wanted; /* under a negation: the rule asks for it */
	bool defined;
	bool both;   /* named under a negation, and without */
	bool enough; /* were it defined, the rule would not hold */
};

/* What a condition names. */
struct reading {
	struct named list[NAMED_MAX];
	size_t n;
	bool groups[GROUPS_DEEP]; /* is this bracket negated? */
	size_t depth;
	bool compares; /* a value, not only whether something is defined */
	bool negated;  /* an odd number of "!" stands before this place */
	size_t n_enough;
};

static bool is_negated(const struct reading *r)
{
	bool negated = r->negated;

	for (size_t i = 0; i < r->depth; i++)
		negated ^= r->groups[i];
	return negated;
}

static void take_name(struct reading *r, const struct config *c, const char *name, size_t len)
{
	struct named *n = &r->list[r->n];

	if (r->n == NAMED_MAX || len >= sizeof n->name)
		return;
	memcpy(n->name, name, len);
	n->name[len] = '\0';
	n->wanted = is_negated(r);
	n->defined = config_has(c, n->name);
	n->both = n->enough = false;
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->list[i].name, n->name) == 0) {
			r->list[i].both |= r->list[i].wanted != n->wanted;
			return;
		}
	r->n++;
}

/* A name outside defined() is a value that is compared. */
static const char *take_word(struct reading *r, const struct config *c, const char *p)
{
	size_t len = 0;

	while (isalnum((unsigned char)p[len]) || p[len] == '_')
		len++;
	if (len == 7 && strncmp(p, "defined", len) == 0)
		return p + len;
	if (!isdigit((unsigned char)*p))
		take_name(r, c, p, len);
	r->negated = false;
	return p + len;
}

static void open_group(struct reading *r)
{
	if (r->depth < GROUPS_DEEP)
		r->groups[r->depth++] = r->negated;
	r->negated = false;
}

static void read_condition(struct reading *r, const struct config *c, const char *p)
{
	while (*p != '\0') {
		if (isalnum((unsigned char)*p) || *p == '_') {
			p = take_word(r, c, p);
			continue;
		}
		if (*p == '!' && p[1] != '=')
			r->negated = !r->negated;
		else if (*p == '<' || *p == '>' || *p == '=')
			r->compares = true;
		else if (*p == '(')
			open_group(r);
		else if (*p == ')' && r->depth > 0)
			r->depth--;
		p++;
	}
}

/* Does the rule hold when a macro is defined besides? */
static bool holds_with(const struct config *c, const char *rule, const char *macro)
{
	struct strbuf asked = { 0 }, given = { 0 };
	const char *at;
	bool holds;

	strbuf_printf(&asked, "defined(%s)", macro);
	while (!asked.failed && (at = strstr(rule, strbuf_text(&asked))) != NULL) {
		strbuf_add(&given, rule, (size_t)(at - rule));
		strbuf_puts(&given, "1");
		rule = at + asked.len;
	}
	strbuf_puts(&given, rule);
	holds = asked.failed || given.failed || config_holds(c, strbuf_text(&given));
	strbuf_free(&asked);
	strbuf_free(&given);
	return holds;
}

/* Of what a rule asks for, often any of several would do, and the rest is there. */
static void find_enough(struct reading *r, const struct config *c, const char *rule)
{
	for (size_t i = 0; i < r->n; i++) {
		struct named *n = &r->list[i];

		n->enough = n->wanted && !n->defined && !holds_with(c, rule, n->name);
		r->n_enough += n->enough;
	}
}

/* Is every macro that is missing newer than the release? Then the rule is, too. */
static bool is_of_another_release(const struct reading *r, enum config_release release)
{
	size_t missing = 0, unheard = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (!r->list[i].wanted || r->list[i].defined)
			continue;
		missing++;
		unheard += config_release_has(release, r->list[i].name) == '-';
	}
	return missing != 0 && missing == unheard;
}

/* ---- macros that follow from others ---- */

/* The condition that a derived macro is defined under: of each level that is open, NULL for #ifndef and #else. */
struct levels {
	const char *conditions[GROUPS_DEEP];
	size_t depth;
};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void take_level(struct levels *l, const char *row)
{
	bool opens = begins(row, "#if");

	if (begins(row, "#endif"))
		l->depth -= l->depth > 0;
	else if (opens && l->depth < GROUPS_DEEP)
		l->conditions[l->depth++] = begins(row, "#ifndef") ? NULL : row + 1;
	else if (begins(row, "#elif") && l->depth > 0)
		l->conditions[l->depth - 1] = row + 1;
	else if (begins(row, "#else") && l->depth > 0)
		l->conditions[l->depth - 1] = NULL;
}

static bool defines(const char *row, const char *macro)
{
	size_t n = strlen(macro);

	return begins(row, "#define ") && strncmp(row + 8, macro, n) == 0 &&
	       (row[8 + n] == '\0' || row[8 + n] == ' ');
}

static const char *giver_of(const struct search *s, const char *macro, bool defined, int deep);

/* Of the names of a condition the one that the user can write. */
static const char *giver_in(const struct search *s, const char *condition, bool defined, int deep)
{
	struct reading r = { .n = 0 };
	const char *giver = NULL;

	read_condition(&r, s->config, condition);
	for (size_t i = 0; giver == NULL && i < r.n; i++) {
		const struct named *n = &r.list[i];

		if (n->wanted || n->both || n->defined != defined)
			continue;
		giver = config_release_has(s->version->release, n->name) == '+'
				? arena_str(s->arena, n->name)
				: giver_of(s, n->name, defined, deep + 1);
	}
	return giver;
}

/* A macro of the configuration that a derived one follows from; defined: that is there, else that is missing. */
static const char *giver_of(const struct search *s, const char *macro, bool defined, int deep)
{
	enum { FOLLOWED_DEEP = 4 };
	struct text_table t = table_derived();
	struct levels l = { .depth = 0 };
	const char *giver = NULL;

	for (size_t i = 0; deep < FOLLOWED_DEEP && giver == NULL && i < t.n; i++) {
		take_level(&l, t.rows[i]);
		if (defines(t.rows[i], macro) && l.depth > 0 && l.conditions[l.depth - 1] != NULL)
			giver = giver_in(s, l.conditions[l.depth - 1], defined, deep);
	}
	return giver;
}

static bool is_derived(const struct search *s, const char *macro)
{
	return s->version->release >= RELEASE_3_0 &&
	       config_release_has(s->version->release, macro) != '+';
}

/* ---- what is said ---- */

/* The macro that a reader should look at: the first that is defined, and best one that the user wrote. */
static const struct named *subject_of(const struct reading *r, const struct config *c)
{
	const struct named *first = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct named *n = &r->list[i];
		const struct macro_text *m = config_macro(c, n->name);

		if (!n->defined || n->wanted)
			continue;
		if (m != NULL && m->at.file != NULL)
			return n;
		if (first == NULL)
			first = n;
	}
	return first;
}

/* "A, B, C" of those that are wanted and missing (where one is enough, only of such), or that are defined besides the subject; returns how many. */
static size_t put_names(const struct search *s, struct strbuf *out, const struct reading *r,
	bool missing, const struct named *but)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct named *name = &r->list[i];
		const char *giver;

		if (name == but || name->wanted != missing || name->defined == missing ||
			(missing && r->n_enough != 0 && !name->enough))
			continue;
		strbuf_printf(out, "%s%s", n++ != 0 ? ", " : "", name->name);
		giver = missing && is_derived(s, name->name) ? giver_of(s, name->name, false, 0)
							     : NULL;
		if (giver != NULL)
			strbuf_printf(out, " (from %s)", giver);
	}
	return n;
}

/* Where it is said: of a derived one, where what it follows from is. */
static const char *place_of(const struct search *s, const struct named *subject)
{
	const struct macro_text *m =
		subject != NULL ? config_macro(s->config, subject->name) : NULL;
	const char *giver = NULL;

	if (m != NULL && m->at.file == NULL)
		giver = giver_of(s, subject->name, true, 0);
	return giver != NULL ? giver : subject != NULL ? subject->name : "";
}

static void say_missing(const struct search *s, const struct named *subject, size_t n_missing,
	bool one_is_enough, const char *missing, const char *with)
{
	const char *who = subject != NULL ? subject->name : "The build";
	const char *also = *with != '\0' ? arena_printf(s->arena, " together with %s", with) : "";
	const char *reason, *fix;

	if (n_missing == 1)
		reason = arena_printf(s->arena,
			"%s%s needs %s, which is not defined: the release refuses to compile.", who,
			also, missing);
	else
		reason = arena_printf(s->arena,
			one_is_enough
				? "%s%s needs one of these, and none is defined: %s. The release "
				  "refuses to compile."
				: "%s%s needs more than is defined: the release refuses to "
				  "compile. Of these none, or not enough, are: %s.",
			who, also, missing);
	fix = arena_printf(s->arena,
		n_missing == 1  ? "define %s, or remove %s"
		: one_is_enough ? "define one of %s, or remove %s"
				: "define what is missing of %s, or remove %s",
		missing, who);
	if (reason != NULL && fix != NULL)
		config_finding_add(s, CONFIG_ERROR, "config-missing-dependency",
			place_of(s, subject), reason, fix);
}

static void say_conflict(const struct search *s, const struct named *subject, size_t n_with,
	const char *with, bool gone)
{
	const char *who = subject != NULL ? subject->name : "The build";
	const char *id = "config-contradiction", *reason, *fix;

	if (n_with != 0) {
		reason = arena_printf(s->arena,
			"%s cannot be used as it is set with %s: the release refuses to compile.",
			who, with);
		fix = arena_printf(s->arena, "remove %s, or what it contradicts", who);
	} else {
		id = gone ? "config-removed-macro" : "config-out-of-range";
		reason = arena_printf(s->arena,
			gone ? "%s is gone, and the release refuses to compile while it is defined."
			     : "The value of %s is one that the release refuses to compile with.",
			who);
		fix = arena_printf(s->arena, gone ? "remove %s" : "change %s", who);
	}
	if (reason != NULL && fix != NULL)
		config_finding_add(s, CONFIG_ERROR, id, place_of(s, subject), reason, fix);
}

static void say(const struct search *s, const struct reading *r)
{
	const struct named *subject = subject_of(r, s->config);
	struct strbuf missing = { 0 }, with = { 0 };
	size_t n_missing = put_names(s, &missing, r, true, NULL);
	size_t n_with = put_names(s, &with, r, false, subject);

	if (missing.failed || with.failed)
		s->found->left_out++;
	else if (n_missing != 0)
		say_missing(s, subject, n_missing, r->n_enough != 0, strbuf_text(&missing),
			strbuf_text(&with));
	else
		say_conflict(s, subject, n_with, strbuf_text(&with), !r->compares);
	strbuf_free(&missing);
	strbuf_free(&with);
}

void config_findings_rules(const struct search *s)
{
	struct text_table t = table_rules(s->version->release < RELEASE_3_0 ? 2 : 3);

	if (s->version->release == RELEASE_4)
		return;
	for (size_t i = 0; i < t.n; i++) {
		struct reading r = { .n = 0 };

		if (!config_holds(s->config, t.rows[i]))
			continue;
		read_condition(&r, s->config, t.rows[i]);
		if (is_of_another_release(&r, s->version->release))
			continue;
		find_enough(&r, s->config, t.rows[i]);
		say(s, &r);
	}
}
