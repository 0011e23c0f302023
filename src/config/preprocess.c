/* A table of macros, and a stack of the blocks that are open. */
#include "config/preprocess.h"

#include "base/table.h"
#include "config/source_lines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What is left to work with, when it is told to be too little: the longest condition. */
enum { EXPANDED_LEAST = 64 << 10 };

struct macro {
	struct macro_text text;
	UT_hash_handle hh;
};

/* How a block stands. A condition that cannot be told leaves it out with its #else. */
enum block { BLOCK_TAKEN, BLOCK_PASSED, BLOCK_OVER };

struct preprocessor {
	struct preprocess_options options;
	struct macro *macros;
	enum block block[NESTING_MAX];
	size_t depth;
	size_t expanded_left; /* of EXPANDED_ALL_MAX; anew for what is asked after the reading */
	size_t built_in, directives, includes, includes_deep, not_included;
	size_t put_in; /* macros, in expressions, one after the other */
};

/* What one text is read with. */
struct reading {
	struct preprocessor *p;
	const char *file;
	size_t outside; /* blocks that were open before it */
	struct err *e;
};

struct preprocessor *preprocessor_open(const struct preprocess_options *o)
{
	struct preprocessor *p = memory_new(sizeof *p);

	if (p != NULL) {
		p->options = *o;
		p->expanded_left = EXPANDED_ALL_MAX;
	}
	return p;
}

static void drop(struct preprocessor *p, struct macro *m)
{
	p->built_in -= m->text.at.file == NULL;
	HASH_DEL(p->macros, m);
	free(m);
}

void preprocessor_close(struct preprocessor *p)
{
	struct macro *m, *next;

	if (p == NULL)
		return;
	HASH_ITER(hh, p->macros, m, next)
	{
		drop(p, m);
	}
	free(p);
}

/* ---- macros ---- */

static struct macro *find(const struct preprocessor *p, const char *name, size_t len)
{
	struct macro *m;

	HASH_FIND(hh, p->macros, name, len, m);
	return m;
}

static bool is_full(const struct preprocessor *p)
{
	return HASH_COUNT(p->macros) >= MACROS_MAX + p->built_in;
}

static bool define(struct preprocessor *p, const char *name, const char *value, bool arguments,
	struct source_place at)
{
	struct macro *m = find(p, name, strlen(name));

	if (m != NULL) {
		if (at.file == NULL) /* the library says it again: the place is the user's */
			at = m->text.at;
		drop(p, m);
	}
	if (is_full(p) || (m = memory_new(sizeof *m)) == NULL)
		return false;
	m->text = (struct macro_text){ .name = arena_str(p->options.arena, name),
		.value = arena_str(p->options.arena, value),
		.at = at,
		.takes_arguments = arguments };
	if (m->text.name == NULL || m->text.value == NULL ||
		!TABLE_ADD_POINTED(p->macros, m->text.name, strlen(m->text.name), m)) {
		free(m);
		return false;
	}
	p->built_in += at.file == NULL;
	return true;
}

bool preprocess_define(
	struct preprocessor *p, const char *name, const char *value, struct source_place at)
{
	return define(p, name, value, false, at);
}

void preprocess_undefine(struct preprocessor *p, const char *name)
{
	struct macro *m = find(p, name, strlen(name));

	if (m != NULL)
		drop(p, m);
}

bool preprocess_take(struct preprocessor *p, const struct preprocessor *from)
{
	for (const struct macro *m = from->macros; m != NULL; m = m->hh.next)
		if (!define(p, m->text.name, m->text.value, m->text.takes_arguments, m->text.at))
			return false;
	return true;
}

const struct macro_text *preprocess_macro(const struct preprocessor *p, const char *name)
{
	const struct macro *m = find(p, name, strlen(name));

	return m != NULL ? &m->text : NULL;
}

const struct macro_text *preprocess_next(
	const struct preprocessor *p, const struct macro_text *before)
{
	const struct macro *m = p->macros;

	if (before != NULL) {
		m = find(p, before->name, strlen(before->name));
		m = m != NULL ? m->hh.next : NULL;
	}
	return m != NULL ? &m->text : NULL;
}

size_t preprocess_directives(const struct preprocessor *p)
{
	return p->directives;
}

size_t preprocess_not_included(const struct preprocessor *p)
{
	return p->not_included;
}

size_t preprocess_put_in(const struct preprocessor *p)
{
	return p->put_in;
}

/* ---- expressions ---- */

static bool is_defined(void *ctx, const char *name, unsigned len)
{
	return find(ctx, name, len) != NULL;
}

static const char *text_of(void *ctx, const char *name, unsigned len, bool *call)
{
	struct preprocessor *p = ctx;
	const struct macro *m = find(p, name, len);

	p->put_in++;
	*call = m != NULL && m->text.takes_arguments;
	return m != NULL && !*call ? m->text.value : NULL;
}

static struct value evaluate(const struct preprocessor *p, const char *text, bool condition)
{
	struct expression_names names = { .defined = is_defined,
		.text = text_of,
		.ctx = (void *)(uintptr_t)p,
		.others_are_zero = condition,
		.left = (size_t *)(uintptr_t)&p->expanded_left };

	return expression_value(text, &names);
}

struct value preprocess_condition(const struct preprocessor *p, const char *text)
{
	return evaluate(p, text, true);
}

struct value preprocess_value(const struct preprocessor *p, const char *text)
{
	return evaluate(p, text, false);
}

/* ---- blocks ---- */

static bool reading(const struct preprocessor *p)
{
	for (size_t i = 0; i < p->depth; i++)
		if (p->block[i] != BLOCK_TAKEN)
			return false;
	return true;
}

static enum block block_of(struct value condition)
{
	return !condition.known ? BLOCK_OVER : condition.v != 0 ? BLOCK_TAKEN : BLOCK_PASSED;
}

static bool open_block(struct reading *r, enum block b)
{
	if (r->p->depth == NESTING_MAX)
		return err_set(r->e, ERR_INPUT, 0, "'%s' nests more than %d conditions", r->file,
			NESTING_MAX);
	r->p->block[r->p->depth++] = b;
	return true;
}

/* Of the branches the first that holds; b: this one, were it looked at. */
static void other_branch(struct reading *r, enum block b)
{
	enum block *now = r->p->depth > r->outside ? &r->p->block[r->p->depth - 1] : NULL;

	if (now != NULL && *now != BLOCK_PASSED)
		*now = BLOCK_OVER;
	else if (now != NULL)
		*now = b;
}

/* ---- directives ---- */

/* Cuts the next name off *p. */
static char *word(char **p)
{
	char *start;

	while (isspace((unsigned char)**p))
		++*p;
	start = *p;
	while (isalnum((unsigned char)**p) || **p == '_')
		++*p;
	return start;
}

static char *trimmed(char *p)
{
	size_t n;

	while (isspace((unsigned char)*p))
		p++;
	n = strlen(p);
	while (n != 0 && isspace((unsigned char)p[n - 1]))
		p[--n] = '\0';
	return p;
}

/* C11 6.10.3: what has a bracket right behind its name takes arguments. */
static bool take_define(struct reading *r, char *p, unsigned line)
{
	char *name = word(&p);
	bool arguments = *p == '(';

	if (p == name)
		return true;
	if (arguments)
		*p = '\0';
	else if (*p != '\0')
		*p++ = '\0';
	r->p->directives++;
	if (define(r->p, name, arguments ? "" : trimmed(p), arguments,
		    (struct source_place){ r->file, line }))
		return true;
	if (is_full(r->p))
		return err_set(r->e, ERR_LIMIT, 0, "'%s' defines more than %d macros", r->file,
			MACROS_MAX);
	return err_set(r->e, ERR_MEMORY, 0, "out of memory");
}

static void take_undef(struct reading *r, char *p)
{
	char *name = word(&p);
	struct macro *m = find(r->p, name, (size_t)(p - name));

	r->p->directives += p != name;
	if (m != NULL)
		drop(r->p, m);
}

static bool include(struct reading *r, const char *name)
{
	struct preprocessor *p = r->p;
	struct bytes text;
	const char *path;
	bool ok;

	if (p->options.include == NULL || p->includes_deep == INCLUDES_DEEP ||
		p->includes == INCLUDES_MAX ||
		!p->options.include(p->options.ctx, name, &text, &path)) {
		p->not_included++;
		return true;
	}
	p->includes++;
	p->includes_deep++;
	ok = preprocess(p, path, text, r->e);
	p->includes_deep--;
	return ok;
}

/* The name in quotes or angles; one that a macro stands for is in its value. */
static bool take_include(struct reading *r, char *p)
{
	const struct macro *m;
	char *name, *end;

	p = trimmed(p);
	m = find(r->p, p, strlen(p));
	if (m != NULL) {
		p = arena_str(r->p->options.arena, m->text.value);
		if (p == NULL)
			return err_set(r->e, ERR_MEMORY, 0, "out of memory");
	}
	if (*p != '"' && *p != '<')
		return true;
	name = p + 1;
	end = strchr(name, *p == '"' ? '"' : '>');
	if (end == NULL)
		return true;
	*end = '\0';
	return include(r, name);
}

static bool is(const char *word, size_t len, const char *directive)
{
	return strlen(directive) == len && memcmp(word, directive, len) == 0;
}

static bool name_is_defined(const struct reading *r, char *p)
{
	const char *name = word(&p);

	return find(r->p, name, (size_t)(p - name)) != NULL;
}

/* Blocks are counted in what is passed over, too. *taken: it was such a directive. */
static bool take_condition(struct reading *r, const char *word, size_t len, char *rest, bool *taken)
{
	*taken = true;
	if (is(word, len, "if"))
		return open_block(r, block_of(preprocess_condition(r->p, rest)));
	if (is(word, len, "ifdef") || is(word, len, "ifndef"))
		return open_block(r, name_is_defined(r, rest) == (len == strlen("ifdef"))
					     ? BLOCK_TAKEN
					     : BLOCK_PASSED);
	if (is(word, len, "elif"))
		other_branch(r, block_of(preprocess_condition(r->p, rest)));
	else if (is(word, len, "else"))
		other_branch(r, BLOCK_TAKEN);
	else if (is(word, len, "endif"))
		r->p->depth -= r->p->depth > r->outside;
	else
		*taken = false;
	return true;
}

static bool take_line(struct reading *r, char *p, unsigned line)
{
	const char *directive;
	size_t len;
	bool taken;

	p = trimmed(p);
	if (*p != '#')
		return true;
	p++;
	directive = word(&p);
	len = (size_t)(p - directive);
	if (!take_condition(r, directive, len, p, &taken))
		return false;
	if (taken || !reading(r->p))
		return true;
	if (is(directive, len, "define"))
		return take_define(r, p, line);
	if (is(directive, len, "include"))
		return take_include(r, p);
	if (is(directive, len, "undef"))
		take_undef(r, p);
	else if (is(directive, len, "error") && r->p->options.error != NULL)
		r->p->options.error(
			r->p->options.ctx, trimmed(p), (struct source_place){ r->file, line });
	return true;
}

/* A zero in the text ends its line. What a file leaves open is closed with it. */
bool preprocess(struct preprocessor *p, const char *file, struct bytes text, struct err *e)
{
	struct source_lines lines = source_lines_of(text);
	struct reading r = { .p = p, .file = file, .outside = p->depth, .e = e };
	bool ok = true;

	while (ok && source_lines_next(&lines)) {
		if (lines.text.len != 0)
			ok = take_line(&r, lines.text.text, lines.number);
		if (ok && p->expanded_left < EXPANDED_LEAST)
			ok = err_set(e, ERR_LIMIT, 0, "conditions of '%s' grow to more than %d MiB",
				file != NULL ? file : "the library", EXPANDED_ALL_MAX >> 20);
	}
	if (ok && lines.text.failed)
		ok = err_set(e, ERR_MEMORY, 0, "out of memory");
	if (p->includes_deep == 0)
		p->expanded_left = EXPANDED_ALL_MAX;
	p->depth = r.outside;
	source_lines_close(&lines);
	return ok;
}
