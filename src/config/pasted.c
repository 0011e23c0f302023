/*
 * Two texts are made of one: what a C preprocessor is to read, a line for each, and the definitions of command lines
 * before it. In doubt a line says nothing: a macro that nobody defined is worse than one that is not seen.
 */
#include "config/pasted.h"

#include "base/array.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <string.h>

enum { PASTED_LINE_MAX = 4096 };

static bool begins(const char *p, const char *with)
{
	return strncmp(p, with, strlen(with)) == 0;
}

static const char *pass_space(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* ---- lines ---- */

/* One physical line; entities of HTML are what they stand for. A longer one is cut. */
static bool next_line(struct bytes *text, char line[static PASTED_LINE_MAX])
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' },
		{ "&#35;", '#' }, { "&#39;", '\'' }, { "&nbsp;", ' ' }, { "\xc2\xa0", ' ' } };
	size_t len = text->len - bytes_from(*text, '\n').len, n = 0;
	struct bytes rest = bytes_slice(*text, 0, len);

	if (text->len == 0)
		return false;
	*text = bytes_slice(*text, len + 1, text->len);
	while (rest.len != 0 && n < PASTED_LINE_MAX - 1) {
		size_t i = 0, m = 0;

		for (; i < COUNT(entities); i++) {
			m = strlen(entities[i].entity);
			if (rest.len >= m && memcmp(rest.data, entities[i].entity, m) == 0)
				break;
		}
		line[n++] = i < COUNT(entities) ? entities[i].c : (char)rest.data[0];
		rest = bytes_slice(rest, i < COUNT(entities) ? m : 1, rest.len);
		if (line[n - 1] == '\0')
			line[n - 1] = ' ';
	}
	while (n != 0 && isspace((unsigned char)line[n - 1]))
		n--;
	line[n] = '\0';
	return true;
}

/* ---- what stands in front ---- */

/* "12:", "12.", "12)", "12|", "12 ": only before something that may be a directive. */
static const char *pass_number(const char *p)
{
	const char *end = p + strspn(p, "0123456789");

	if (end == p || end - p > 6 || strchr(":.)| \t", *end) == NULL || *end == '\0')
		return p;
	end = pass_space(end + 1);
	return *end == '#' || begins(end, "//") || begins(end, "/*") || *end == '>' ? end : p;
}

static const char *undressed(const char *p)
{
	const char *before;

	do {
		before = p;
		p = pass_space(p);
		while (*p == '>' || *p == '|' || *p == '`')
			p++;
		if ((*p == '-' || *p == '*' || *p == '+') && (p[1] == ' ' || p[1] == '\t'))
			p += 2;
		else if ((uint8_t)*p == 0xe2 && begins(p, "\xe2\x80\xa2"))
			p += 3;
		else if (*p == '+' && p[1] == '#')
			p++;
		p = pass_number(p);
	} while (p != before);
	return p;
}

/* ---- directives ---- */

static size_t word_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

/* As macros of configurations are named: MBEDTLS_AES_C. */
static bool is_macro_name(const char *p)
{
	size_t n = word_length(p);

	for (size_t i = 0; i < n; i++)
		if (islower((unsigned char)p[i]))
			return false;
	return n > 1 && !isdigit((unsigned char)*p) &&
	       (p[n] == '\0' || strchr(" \t(`/", p[n]) != NULL);
}

enum directive {
	NO_DIRECTIVE,
	DIRECTIVE_DEFINE,
	DIRECTIVE_OPENS,
	DIRECTIVE_CLOSES,
	DIRECTIVE_OTHER
};

/* "# if you ..." is a heading; a condition has its word right behind the mark, and names something. */
static enum directive directive_of(const char *p)
{
	bool apart = *p == '#' && (p[1] == ' ' || p[1] == '\t');
	const char *word = pass_space(p + 1);
	const char *rest = pass_space(word + word_length(word));

	if (*p != '#')
		return NO_DIRECTIVE;
	if (begins(word, "define ") || begins(word, "define\t") || begins(word, "undef ") ||
		begins(word, "undef\t"))
		return is_macro_name(rest) ? DIRECTIVE_DEFINE : NO_DIRECTIVE;
	if (apart)
		return NO_DIRECTIVE;
	if (begins(word, "ifdef ") || begins(word, "ifndef "))
		return is_macro_name(rest) ? DIRECTIVE_OPENS : NO_DIRECTIVE;
	if (begins(word, "if ") || begins(word, "if("))
		return strstr(rest, "defined") != NULL || strchr(rest, '_') != NULL ||
				       isdigit((unsigned char)*rest)
			       ? DIRECTIVE_OPENS
			       : NO_DIRECTIVE;
	if (begins(word, "endif"))
		return DIRECTIVE_CLOSES;
	return begins(word, "else") || begins(word, "elif ") || begins(word, "include ")
		       ? DIRECTIVE_OTHER
		       : NO_DIRECTIVE;
}

/* A value with a sentence behind it: "1024 is what I have". A name alone (calloc) is a value. */
static size_t value_length(const char *p)
{
	size_t n = strcspn(p, "`");

	for (size_t i = 0; i < n; i++) {
		size_t word = word_length(p + i);
		bool first = i == 0 || p[i - 1] == ' ' || p[i - 1] == '\t';

		if (first && word != 0 && islower((unsigned char)p[i]) &&
			(p[i + word] == ' ' || (i != 0 && p[i + word] == '\0')) && i + word <= n)
			return i;
		i += word != 0 ? word - 1 : 0;
	}
	return n;
}

static void put_define(struct strbuf *out, const char *p)
{
	const char *name = pass_space(p + 1);
	const char *value;

	name = pass_space(name + word_length(name));
	value = name + word_length(name);
	if (*value != '(')
		value = pass_space(value);
	strbuf_add(out, p, (size_t)(value - p) + value_length(value));
}

/* ---- texts ---- */

struct scan {
	bool diff;      /* its marks tell what was taken away */
	bool balanced;  /* each condition is closed */
	bool comment;   /* in one that goes on */
	bool continues; /* the line before ends with a backslash */
	struct bytes rest;
	const uint8_t *last_close; /* where the last comment of the text ends; NULL: none does */
};

static struct scan scan_of(struct bytes text)
{
	struct scan s = { .rest = text };

	for (size_t i = 1; i < text.len; i++)
		if (text.data[i - 1] == '*' && text.data[i] == '/')
			s.last_close = text.data + i;
	return s;
}

/* Does the comment that begins at p, of the line before the rest, end? */
static bool closes_later(const struct scan *s, const char *p)
{
	return strstr(p + 2, "*/") != NULL ||
	       (s->last_close != NULL && s->rest.len != 0 && s->last_close > s->rest.data);
}

/* Comments are cut out of a line in place; one that never ends is none. */
static void cut_comments(struct scan *s, char *p)
{
	char *end;

	while (s->comment || (p = strstr(p, "/*")) != NULL) {
		if (!s->comment && !closes_later(s, p)) {
			*p = '\0';
			return;
		}
		end = strstr(s->comment ? p : p + 2, "*/");
		s->comment = end == NULL;
		if (end == NULL) {
			*p = '\0';
			return;
		}
		memset(p, ' ', (size_t)(end + 2 - p));
		p = end + 2;
	}
}

static void cut_line_comment(char *p)
{
	char *end = strstr(p, "//");

	if (end != NULL)
		*end = '\0';
}

static bool is_taken_away(const struct scan *s, const char *line)
{
	return *line == '-' && (s->diff || line[1] == '#');
}

/* Where a directive may be; NULL: the line is none. */
static char *directive_in(struct scan *s, char *line)
{
	char *p = line +
		  (undressed(s->diff && (*line == '+' || *line == ' ') ? line + 1 : line) - line);

	if (s->comment || begins(p, "/*") || *p == '#')
		cut_comments(s, p);
	if (is_taken_away(s, line))
		return NULL;
	p += pass_space(p) - p;
	if (*p == '#')
		cut_line_comment(p);
	return *p == '#' ? p : NULL;
}

static void put_line(struct scan *s, struct strbuf *out, char *line)
{
	char *p;
	enum directive d;

	if (s->continues) {
		p = line + strspn(line, "> \t");
		strbuf_puts(out, p);
		s->continues = *p != '\0' && p[strlen(p) - 1] == '\\';
		return;
	}
	p = directive_in(s, line);
	d = p != NULL ? directive_of(p) : NO_DIRECTIVE;
	if (d == DIRECTIVE_DEFINE)
		put_define(out, p);
	else if (d != NO_DIRECTIVE && (s->balanced || begins(pass_space(p + 1), "include")))
		strbuf_puts(out, p);
	s->continues = d != NO_DIRECTIVE && p[strlen(p) - 1] == '\\';
}

static bool is_diff(struct bytes text)
{
	char line[PASTED_LINE_MAX];

	while (next_line(&text, line))
		if (begins(line, "@@ -") || begins(line, "+++ ") || begins(line, "diff --git "))
			return true;
	return false;
}

static bool is_balanced(struct bytes text, bool diff)
{
	struct scan s = scan_of(text);
	char line[PASTED_LINE_MAX], *p;
	long open = 0;

	s.diff = diff;
	while (next_line(&text, line)) {
		s.rest = text;
		p = directive_in(&s, line);
		if (p != NULL) {
			enum directive d = directive_of(p);

			open += d == DIRECTIVE_OPENS;
			open -= d == DIRECTIVE_CLOSES;
		}
		if (open < 0)
			return false;
	}
	return open == 0;
}

static void undress(struct bytes text, struct strbuf *out)
{
	struct scan s = scan_of(text);
	char line[PASTED_LINE_MAX];

	s.diff = is_diff(text);
	s.balanced = is_balanced(text, s.diff);
	while (next_line(&text, line)) {
		s.rest = text;
		put_line(&s, out, line);
		strbuf_puts(out, "\n");
	}
}

/* ---- command lines ---- */

static bool calls_a_compiler(const char *line)
{
	static const char *const words[] = { "gcc", "clang", "armcc", "iccarm", "CFLAGS",
		"CPPFLAGS", "add_definitions", "add_compile_definitions", "target_compile_", "-I",
		" -c ", " -o " };

	if (begins(undressed(line), "-D"))
		return true;
	for (size_t i = 0; i < COUNT(words); i++)
		if (strstr(line, words[i]) != NULL)
			return true;
	return false;
}

/* "-DNAME", "-D NAME=VALUE"; quotes around the value are the shell's. */
static bool define_at(
	struct preprocessor *p, const char *at, struct source_place place, struct arena *a)
{
	size_t n = word_length(at);
	const char *value = "1", *name = arena_printf(a, "%.*s", (int)n, at);

	if (at[n] == '=') {
		at += n + 1;
		at += strspn(at, "'\\");
		value = arena_printf(a, "%.*s", (int)strcspn(at, "' \t\\`"), at);
	}
	return name != NULL && value != NULL && preprocess_define(p, name, value, place);
}

static bool define_options(
	struct preprocessor *p, const char *line, struct source_place place, struct arena *a)
{
	bool ok = true;

	while (ok && (line = strstr(line, "-D")) != NULL) {
		line = pass_space(line + 2);
		line += strspn(line, "'\"");
		if (begins(line, "MBEDTLS_") || begins(line, "PSA_"))
			ok = define_at(p, line, place, a);
	}
	return ok;
}

static bool read_commands(
	struct preprocessor *p, const char *file, struct bytes text, struct arena *a)
{
	char line[PASTED_LINE_MAX];
	bool ok = true;

	for (unsigned number = 1; ok && next_line(&text, line); number++)
		if (strstr(line, "-D") != NULL && calls_a_compiler(line))
			ok = define_options(p, line, (struct source_place){ file, number }, a);
	return ok;
}

bool pasted_read(
	struct preprocessor *p, const char *file, struct bytes text, struct arena *a, struct err *e)
{
	struct strbuf directives = { 0 };
	bool ok = read_commands(p, file, text, a);

	undress(text, &directives);
	if (!ok || directives.failed)
		err_set(e, ERR_MEMORY, 0, "out of memory, or more than %d macros", MACROS_MAX);
	else
		ok = preprocess(p, file, bytes_of(directives.text, directives.len), e);
	ok = ok && !directives.failed;
	strbuf_free(&directives);
	return ok;
}

/* ---- is it one? ---- */

/* C has marks that sentences do not end with; a line of C without any is rare, and three words in a row rarer. */
static bool is_sentence(const char *p)
{
	size_t n = strlen(p), words = 0;
	static const char *const keywords[] = { "typedef ", "extern ", "static ", "struct ",
		"enum ", "int ", "void ", "const ", "unsigned " };

	for (size_t i = 0; i < COUNT(keywords); i++)
		if (begins(p, keywords[i]))
			return false;
	if (n == 0 || strpbrk(p, ";{}") != NULL || strchr(",\\()", p[n - 1]) != NULL)
		return false;
	for (const char *w = p; *w != '\0'; w = pass_space(w)) {
		size_t word = strcspn(w, " \t");

		words += isalpha((unsigned char)*w) != 0;
		w += word;
	}
	return words >= 3;
}

static bool is_dressed(const char *line)
{
	const char *p = undressed(line);

	return p != pass_space(line) && *p == '#' && directive_of(p) != NO_DIRECTIVE;
}

bool pasted_looks(struct bytes text)
{
	struct scan s = scan_of(text);
	char line[PASTED_LINE_MAX];
	bool continues = false;

	if (is_diff(text))
		return true;
	while (next_line(&text, line)) {
		bool inside = s.comment || continues;
		const char *opens = inside ? NULL : strstr(line, "/*");

		s.rest = text;
		if (!inside &&
			(begins(pass_space(line), "```") || is_dressed(line) ||
				(strstr(line, "-DMBEDTLS_") != NULL && calls_a_compiler(line))))
			return true;
		if (opens != NULL && !closes_later(&s, opens))
			return true;
		continues = !s.comment && *line != '\0' && line[strlen(line) - 1] == '\\';
		cut_comments(&s, line);
		cut_line_comment(line);
		if (!inside && *pass_space(line) != '#' && is_sentence(pass_space(line)))
			return true;
	}
	return false;
}
