/*
 * The rules that a release asserts of itself. A rule is the condition under which it does not compile; which macro it is
 * about, and which are missing, is read from the condition: one that holds asks for those defined() that are negated.
 */
#include "config/finding.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "config/rule_needs.h"
#include "config/tables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED_MAX = 24, NAME_MAX_LEN = 96, GROUPS_DEEP = 32 };

struct named {
	char name[NAME_MAX_LEN];
	bool wanted; /* under a negation: the rule asks for it */
	bool defined;
	bool both; /* named under a negation, and without */
};

/* What a condition names. */
struct reading {
	struct named list[NAMED_MAX];
	size_t n;
	bool groups[GROUPS_DEEP]; /* is this bracket negated? */
	size_t depth;
	bool compares; /* a value, not only whether something is defined */
	bool negated;  /* an odd number of "!" stands before this place */
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
	n->both = false;
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

/* How a derived macro is looked for. */
struct follow {
	const struct search *s;
	bool defined; /* what it follows from is there; else it is missing */
	const char *
		like; /* the last word of its name: MBEDTLS_SHA256_C gives MBEDTLS_MD_CAN_SHA256. "" any will do */
};

static const char *follow(const struct follow *f, const char *macro, int deep);

/* Of the names of a condition the one that the user can write. */
static const char *giver_in(const struct follow *f, const char *condition, int deep)
{
	struct reading r = { .n = 0 };
	const char *giver = NULL;

	read_condition(&r, f->s->config, condition);
	for (size_t i = 0; giver == NULL && i < r.n; i++) {
		const struct named *n = &r.list[i];

		if (n->wanted || n->both || n->defined != f->defined)
			continue;
		if (config_release_has(f->s->version->release, n->name) != '+')
			giver = follow(f, n->name, deep + 1);
		else if (strstr(n->name, f->like) != NULL)
			giver = arena_str(f->s->arena, n->name);
	}
	return giver;
}

static const char *follow(const struct follow *f, const char *macro, int deep)
{
	enum { FOLLOWED_DEEP = 4 };
	struct text_table t = table_derived(config_release_major(f->s->version->release));
	struct levels l = { .depth = 0 };
	const char *giver = NULL;

	for (size_t i = 0; deep < FOLLOWED_DEEP && giver == NULL && i < t.n; i++) {
		take_level(&l, t.rows[i]);
		if (defines(t.rows[i], macro) && l.depth > 0 && l.conditions[l.depth - 1] != NULL)
			giver = giver_in(f, l.conditions[l.depth - 1], deep);
	}
	return giver;
}

/* A macro of the configuration that a derived one follows from; defined: that is there, else that is missing. */
static const char *giver_of(const struct search *s, const char *macro, bool defined)
{
	const char *last = strrchr(macro, '_');
	struct follow f = { s, defined, last != NULL ? last : "" };
	const char *giver = follow(&f, macro, 0);

	f.like = "";
	return giver != NULL ? giver : follow(&f, macro, 0);
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

/* Is it the library's own word, such as its version? */
static bool is_the_librarys(const struct search *s, const char *macro)
{
	const struct macro_text *m = config_macro(s->config, macro);

	return m != NULL && m->at.file == NULL &&
	       config_release_has(s->version->release, macro) != '+' &&
	       giver_of(s, macro, true) == NULL;
}

/* "A, B" of those that are defined besides the subject; returns how many. */
static size_t put_others(const struct search *s, struct strbuf *out, const struct reading *r,
	const struct named *subject)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (&r->list[i] != subject && !r->list[i].wanted && r->list[i].defined &&
			!is_the_librarys(s, r->list[i].name))
			strbuf_printf(out, "%s%s", n++ != 0 ? ", " : "", r->list[i].name);
	return n;
}

/* With the macro that a user can write, where it follows from one. */
static const char *called(const struct search *s, const char *macro)
{
	const char *giver = is_derived(s, macro) ? giver_of(s, macro, false) : NULL;
	const char *name =
		giver != NULL ? arena_printf(s->arena, "%s (from %s)", macro, giver) : NULL;

	return name != NULL ? name : macro;
}

static const char *written(const struct search *s, const char *macro)
{
	const char *giver = is_derived(s, macro) ? giver_of(s, macro, false) : NULL;

	return giver != NULL ? giver : macro;
}

/* Where it is said: of a derived one, where what it follows from is. */
static const char *place_of(const struct search *s, const struct named *subject)
{
	const struct macro_text *m =
		subject != NULL ? config_macro(s->config, subject->name) : NULL;
	const char *giver = NULL;

	if (m != NULL && m->at.file == NULL)
		giver = giver_of(s, subject->name, true);
	return giver != NULL ? giver : subject != NULL ? subject->name : "";
}

/* What may bring it besides, which is not read; "" nothing. */
static const char *may_come_from(const struct search *s)
{
	struct config_origin o = config_origin(s->config);

	if (o.kind == CONFIG_KCONFIG && !o.whole)
		return ", unless Kconfig selects it";
	/* From 3.0 on what follows is data (derived.h). */
	if (config_release_major(s->version->release) < 3 &&
		config_has(s->config, "MBEDTLS_PSA_CRYPTO_CONFIG"))
		return ", unless psa/crypto_config.h brings it";
	return "";
}

static void say_missing(const struct search *s, const struct named *subject,
	const struct rule_needs *needs, const char *to_define, const char *with)
{
	const char *who = subject != NULL ? subject->name : "The build";
	const char *also = *with != '\0' ? arena_printf(s->arena, " with %s", with) : "";
	const char *unless = may_come_from(s);
	const char *reason =
		arena_printf(s->arena, "%s%s needs %s, %s: the release refuses to compile%s.", who,
			also, needs->what, needs->state, unless);
	const char *fix =
		subject != NULL ? arena_printf(s->arena, "define %s, or remove %s", to_define, who)
				: arena_printf(s->arena, "define %s", to_define);

	if (reason != NULL && fix != NULL)
		config_finding_add(s, *unless != '\0' ? CONFIG_WARNING : CONFIG_ERROR,
			"config-missing-dependency", place_of(s, subject), reason, fix);
}

/* The values of several, or what excludes each other. */
static void say_conflict(
	const struct search *s, const char *place, const char *who, const char *with, bool compares)
{
	const char *reason = arena_printf(s->arena,
		compares ? "The values of %s and %s do not fit: the release refuses to compile."
			 : "%s does not go with %s: the release refuses to compile.",
		who, with);
	const char *fix = arena_printf(
		s->arena, compares ? "change %s, or %s" : "remove %s, or %s", who, with);

	if (reason != NULL && fix != NULL)
		config_finding_add(s, CONFIG_ERROR, "config-contradiction", place, reason, fix);
}

/* A macro that the release refuses by itself: for its value, or wherever it is defined. */
static void say_refused(
	const struct search *s, const char *place, const char *who, bool compares, const char *rule)
{
	const struct macro_text *m = config_macro(s->config, who);
	const char *alone = arena_printf(s->arena, "defined(%s)", who);
	bool gone = config_release_has(s->version->release, who) != '+' ||
		    (alone != NULL && strcmp(rule, alone) == 0);
	const char *id = compares ? "config-out-of-range"
			 : gone   ? "config-removed-macro"
				  : "config-contradiction";
	const char *reason, *fix;

	if (compares)
		reason = arena_printf(s->arena,
			"%s is %s, and the release refuses to compile where this holds: %s.", who,
			m != NULL && *m->value != '\0' ? m->value : "set so", rule);
	else
		reason = arena_printf(s->arena,
			gone ? "%s is gone, and the release refuses to compile while it is defined."
			     : "The release refuses to compile with %s here.",
			who);
	fix = arena_printf(s->arena, compares ? "change %s" : "remove %s", who);
	if (reason != NULL && fix != NULL)
		config_finding_add(s, CONFIG_ERROR, id, place, reason, fix);
}

static void say(const struct search *s, const struct reading *r, const char *rule)
{
	const struct named *subject = subject_of(r, s->config);
	const char *who = subject != NULL ? subject->name : "The build";
	struct strbuf with = { 0 };
	size_t n_with = put_others(s, &with, r, subject);
	struct rule_needs needs, to_define;

	if (!rule_needs(s, rule, called, &needs) || !rule_needs(s, rule, written, &to_define) ||
		with.failed)
		s->found->left_out++;
	else if (needs.macros != 0)
		say_missing(s, subject, &needs, to_define.what, strbuf_text(&with));
	else if (n_with != 0)
		say_conflict(s, place_of(s, subject), who, strbuf_text(&with), r->compares);
	else
		say_refused(s, place_of(s, subject), who, r->compares, rule);
	strbuf_free(&with);
}

/* Of 4.x the file of TLS has macros of these families alone: does the rule ask for no others? */
static bool asks_for_tls(const struct reading *r)
{
	static const char *const begin[] = { "MBEDTLS_SSL_", "MBEDTLS_KEY_EXCHANGE_",
		"MBEDTLS_X509_", "MBEDTLS_VERSION_" };
	bool all = true;

	for (size_t i = 0; i < r->n; i++) {
		bool one = false;

		for (size_t k = 0; k < COUNT(begin); k++)
			one |= begins(r->list[i].name, begin[k]);
		all &= one || !r->list[i].wanted;
	}
	return all;
}

void config_findings_rules(const struct search *s)
{
	struct text_table t = table_rules(s->version->release);
	bool lacks_crypto = config_lacks_crypto(s->config, s->version->release);

	for (size_t i = 0; i < t.n; i++) {
		struct reading r = { .n = 0 };

		if (!config_holds(s->config, t.rows[i]))
			continue;
		read_condition(&r, s->config, t.rows[i]);
		if (lacks_crypto && !asks_for_tls(&r))
			continue;
		if (is_of_another_release(&r, s->version->release))
			continue;
		say(s, &r, t.rows[i]);
	}
}
