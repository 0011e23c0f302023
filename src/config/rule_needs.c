/*
 * The opposite of the rule as a tree of "and" and "or" over macros, without what is there already. What would have to
 * be taken away, and values that would have to change, are left out where there is something to define.
 */
#include "config/rule_needs.h"

#include "base/strbuf.h"

#include <ctype.h>
#include <string.h>

enum { TREE_DEEP = 24, MANY = 4 };

enum node_kind { NODE_TRUE, NODE_MACRO, NODE_OTHER, NODE_ALL, NODE_ANY };

struct node {
	enum node_kind kind;
	const char *macro;         /* NODE_MACRO: it is to be defined */
	struct node *first, *next; /* parts; the next of the same whole */
};

struct parser {
	const struct search *s;
	const char *p;
	unsigned depth;
	bool failed;
};

/* ---- the tree ---- */

static struct node *new_node(struct parser *r, enum node_kind kind)
{
	struct node *n = arena_alloc(r->s->arena, sizeof *n);

	r->failed |= n == NULL;
	if (n != NULL)
		n->kind = kind;
	return n;
}

static void pass_space(struct parser *r)
{
	r->p += strspn(r->p, " \t");
}

static bool pass(struct parser *r, const char *word)
{
	pass_space(r);
	if (strncmp(r->p, word, strlen(word)) != 0)
		return false;
	r->p += strlen(word);
	return true;
}

static size_t word_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

/* Up to the operator of logic, or the bracket, that ends a value. */
static size_t value_length(const char *p)
{
	size_t n = 0;
	int depth = 0;

	while (p[n] != '\0' && !(depth == 0 && (p[n] == ')' || strncmp(p + n, "&&", 2) == 0 ||
						       strncmp(p + n, "||", 2) == 0))) {
		depth += p[n] == '(';
		depth -= p[n] == ')';
		n++;
	}
	return n;
}

static struct node *take_defined(struct parser *r, bool negated)
{
	bool bracket = pass(r, "("), has;
	struct node *n;
	const char *macro;

	pass_space(r);
	macro = arena_printf(r->s->arena, "%.*s", (int)word_length(r->p), r->p);
	r->p += word_length(r->p);
	if (bracket)
		pass(r, ")");
	r->failed |= macro == NULL;
	if (r->failed)
		return NULL;
	has = config_has(r->s->config, macro);
	n = new_node(r, has != negated ? NODE_TRUE : negated ? NODE_OTHER : NODE_MACRO);
	if (n != NULL)
		n->macro = macro;
	return n;
}

static struct node *take_value(struct parser *r, bool negated)
{
	size_t len = value_length(r->p);
	const char *text = arena_printf(r->s->arena, "%.*s", (int)len, r->p);

	r->p += len;
	r->failed |= text == NULL || len == 0;
	if (r->failed)
		return NULL;
	return new_node(r, config_holds(r->s->config, text) != negated ? NODE_TRUE : NODE_OTHER);
}

static struct node *take_any(struct parser *r, bool negated);

/* A bracket around conditions; one around a part of a value belongs to that. */
static struct node *take_bracket(struct parser *r, bool negated)
{
	const char *start = r->p;
	struct node *n;

	r->p++;
	n = take_any(r, negated);
	if (!pass(r, ")"))
		r->failed = true;
	pass_space(r);
	if (*r->p == '\0' || *r->p == ')' || strncmp(r->p, "&&", 2) == 0 ||
		strncmp(r->p, "||", 2) == 0)
		return n;
	r->p = start;
	return take_value(r, negated);
}

static struct node *take_one(struct parser *r, bool negated)
{
	pass_space(r);
	while (*r->p == '!' && r->p[1] != '=') {
		negated = !negated;
		r->p++;
		pass_space(r);
	}
	if (*r->p == '(')
		return take_bracket(r, negated);
	if (word_length(r->p) == 7 && pass(r, "defined"))
		return take_defined(r, negated);
	return take_value(r, negated);
}

static void add_part(struct node *whole, struct node *part)
{
	struct node **end = &whole->first;

	while (*end != NULL)
		end = &(*end)->next;
	*end = part;
}

/* Parts of the same kind are one whole: "A and (B and C)". */
static void add_parts(struct node *whole, struct node *part)
{
	if (part->kind == whole->kind && part->first != NULL)
		add_part(whole, part->first);
	else
		add_part(whole, part);
}

/* One part is no whole. */
static struct node *as_whole(struct node *whole)
{
	return whole->first != NULL && whole->first->next == NULL ? whole->first : whole;
}

static struct node *take_list(struct parser *r, bool negated, const char *operator,
	enum node_kind kind, struct node *(*take)(struct parser *r, bool negated))
{
	struct node *whole = new_node(r, kind), *part;

	do {
		part = r->failed ? NULL : take(r, negated);
		if (part != NULL && !r->failed)
			add_parts(whole, part);
	} while (!r->failed && pass(r, operator));
	return r->failed ? NULL : as_whole(whole);
}

static struct node *take_all(struct parser *r, bool negated)
{
	return take_list(r, negated, "&&", negated ? NODE_ANY : NODE_ALL, take_one);
}

static struct node *take_any(struct parser *r, bool negated)
{
	struct node *n = NULL;

	if (++r->depth > TREE_DEEP)
		r->failed = true;
	else
		n = take_list(r, negated, "||", negated ? NODE_ALL : NODE_ANY, take_all);
	r->depth--;
	return n;
}

/* ---- what is left to do ---- */

static bool release_has(const struct search *s, const struct node *n)
{
	return n->kind != NODE_MACRO || config_release_has(s->version->release, n->macro) != '-';
}

static size_t count_macros(const struct node *n)
{
	size_t all = n->kind == NODE_MACRO;

	for (const struct node *part = n->first; part != NULL; part = part->next)
		all += count_macros(part);
	return all;
}

static bool is_named_before(const struct node *whole, const struct node *part)
{
	for (const struct node *n = whole->first; n != part; n = n->next)
		if (n->kind == NODE_MACRO && part->kind == NODE_MACRO &&
			strcmp(n->macro, part->macro) == 0)
			return true;
	return false;
}

/* Of alternatives those that define something, and in this release; of "and" what is not there. */
static struct node *without_what_is_there(const struct search *s, struct node *n)
{
	struct node **at = &n->first;
	bool choice = false, others = false;

	for (struct node *part = n->first; part != NULL; part = part->next)
		choice |= n->kind == NODE_ANY && release_has(s, part) && count_macros(part) != 0;
	while (*at != NULL) {
		struct node *next = (*at)->next, *part = without_what_is_there(s, *at);

		if (n->kind == NODE_ANY && part->kind == NODE_TRUE)
			return part;
		others |= part->kind == NODE_OTHER;
		if (part->kind == NODE_TRUE || is_named_before(n, *at) || count_macros(part) == 0 ||
			(choice && !release_has(s, part))) {
			*at = next;
			continue;
		}
		part->next = next;
		*at = part;
		at = &part->next;
	}
	if (n->first == NULL && (n->kind == NODE_ALL || n->kind == NODE_ANY))
		n->kind = n->kind == NODE_ALL && !others ? NODE_TRUE : NODE_OTHER;
	return n->first != NULL && n->first->next == NULL ? n->first : n;
}

/* ---- words ---- */

struct family {
	const char *begin, *end, *title;
};

static bool fits(const char *macro, const struct family *f)
{
	size_t n = strlen(macro), begin = strlen(f->begin), end = strlen(f->end);

	return n > begin + end && strncmp(macro, f->begin, begin) == 0 &&
	       strcmp(macro + n - end, f->end) == 0;
}

static size_t count_parts(const struct node *n)
{
	size_t parts = 0;

	for (const struct node *part = n->first; part != NULL; part = part->next)
		parts++;
	return parts;
}

/* Many macros of one family are not named one by one. */
static const struct family *family_of(const struct node *any)
{
	static const struct family families[] = {
		{ "MBEDTLS_ECP_DP_", "_ENABLED", "a curve" },
		{ "MBEDTLS_KEY_EXCHANGE_", "_ENABLED", "a key exchange" },
	};

	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		bool all = count_parts(any) >= MANY;

		for (const struct node *part = any->first; all && part != NULL; part = part->next)
			all = part->kind == NODE_MACRO && fits(part->macro, &families[i]);
		if (all)
			return &families[i];
	}
	return NULL;
}

struct writer {
	const struct search *s;
	const char *(*name)(const struct search *s, const char *macro);
	struct strbuf text;
};

static void put(struct writer *w, const struct node *n, bool inner);

/* A macro, or a family of them, is said in one name. */
static bool is_simple(const struct node *n)
{
	return n->kind == NODE_MACRO || (n->kind == NODE_ANY && family_of(n) != NULL);
}

static bool all_simple(const struct node *n)
{
	bool simple = true;

	for (const struct node *part = n->first; part != NULL; part = part->next)
		simple &= is_simple(part);
	return simple;
}

static void put_between(
	struct writer *w, size_t at, size_t n, const char *between, const char *last)
{
	if (at != 0)
		strbuf_puts(&w->text, at + 1 < n ? between : last);
}

/* What has a choice within comes last: "A with either B or C". */
static void put_parts(struct writer *w, const struct node *n, const char *between, const char *last)
{
	size_t parts = count_parts(n), at = 0;

	for (int choices = 0; choices < 2; choices++)
		for (const struct node *part = n->first; part != NULL; part = part->next)
			if (is_simple(part) != (choices == 1)) {
				put_between(w, at++, parts, between, last);
				put(w, part, true);
			}
}

static void put_any(struct writer *w, const struct node *n, bool inner)
{
	bool two = count_parts(n) == 2;

	if (!all_simple(n)) {
		put_parts(w, n, ", or ", ", or ");
	} else {
		strbuf_puts(&w->text, !two ? "one of " : inner ? "either " : "");
		put_parts(w, n, ", ", two ? " or " : ", ");
	}
}

static void put(struct writer *w, const struct node *n, bool inner)
{
	const struct family *f = n->kind == NODE_ANY ? family_of(n) : NULL;

	if (n->kind == NODE_MACRO)
		strbuf_puts(&w->text, w->name(w->s, n->macro));
	else if (f != NULL)
		strbuf_printf(&w->text, "%s (%s...%s)", f->title, f->begin, f->end);
	else if (n->kind == NODE_ANY)
		put_any(w, n, inner);
	else
		put_parts(w, n, inner ? " with " : ", ", inner ? " with " : " and ");
}

static const char *state_of(const struct node *n)
{
	if (is_simple(n))
		return "which is not defined";
	if (n->kind == NODE_ANY && count_parts(n) == 2)
		return all_simple(n) ? "and neither is defined" : "and has neither";
	if (n->kind == NODE_ANY)
		return all_simple(n) ? "and none is defined" : "and has none of these";
	return all_simple(n) ? "which are not defined" : "and has not got all of that";
}

bool rule_needs(const struct search *s, const char *rule,
	const char *(*name)(const struct search *s, const char *macro), struct rule_needs *out)
{
	struct parser r = { .s = s, .p = rule };
	struct writer w = { .s = s, .name = name };
	struct node *n = take_any(&r, true);

	*out = (struct rule_needs){ 0, "", "" };
	if (r.failed || n == NULL)
		return false;
	n = without_what_is_there(s, n);
	out->macros = count_macros(n);
	if (out->macros == 0)
		return true;
	put(&w, n, false);
	out->what = arena_str(s->arena, strbuf_text(&w.text));
	out->state = state_of(n);
	strbuf_free(&w.text);
	return out->what != NULL;
}
