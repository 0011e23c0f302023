/* Macros are put in place of their names first, as text, then the text is read by precedence. */
#include "config/expression.h"

#include "base/array.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Text that one expression may grow to; how macros may name each other; how brackets and operators may nest. */
enum { EXPANDED_MAX = 64 << 10, MACROS_DEEP = 32, BRACKETS_DEEP = 200 };

static bool begins_name(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool continues_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static unsigned name_length(const char *p)
{
	unsigned n = 0;

	while (continues_name(p[n]))
		n++;
	return n;
}

/* ---- macros ---- */

struct expansion {
	const struct expression_names *names;
	struct strbuf text;
	const char *active[MACROS_DEEP]; /* texts that are being put in: none is put into itself */
	unsigned depth;
	bool unknown;
};

static void put(struct expansion *x, const char *text, size_t len)
{
	if (x->text.len + len > EXPANDED_MAX || len > *x->names->left) {
		x->unknown = true;
		return;
	}
	*x->names->left -= len;
	strbuf_add(&x->text, text, len);
}

/* "defined X", "defined(X)"; the name is not put in. */
static const char *put_defined(struct expansion *x, const char *p)
{
	bool bracket;
	unsigned n;

	p += strspn(p, " \t");
	bracket = *p == '(';
	if (bracket)
		p += 1 + strspn(p + 1, " \t");
	n = begins_name(*p) ? name_length(p) : 0;
	put(x, n != 0 && x->names->defined(x->names->ctx, p, n) ? " 1 " : " 0 ", 3);
	p += n;
	if (bracket) {
		p += strspn(p, " \t");
		bracket = *p != ')';
		p += !bracket;
	}
	x->unknown |= n == 0 || bracket;
	return p;
}

static bool is_active(const struct expansion *x, const char *text)
{
	for (unsigned i = 0; i < x->depth; i++)
		if (x->active[i] == text)
			return true;
	return false;
}

static void expand(struct expansion *x, const char *p);

/* A macro within itself is no macro. What takes arguments is unknown, and they are passed over with it. */
static void put_name(struct expansion *x, const char *name, unsigned len)
{
	bool call = false;
	const char *text = x->names->text(x->names->ctx, name, len, &call);

	call |= text == NULL && name[len + strspn(name + len, " \t")] == '(';
	if (text == NULL || is_active(x, text)) {
		put(x, x->names->others_are_zero && !call ? " 0 " : " $ ", 3);
		return;
	}
	if (x->depth == MACROS_DEEP) {
		x->unknown = true;
		return;
	}
	x->active[x->depth++] = text;
	expand(x, text);
	x->depth--;
}

/* Not as a suffix of a number. */
static void expand(struct expansion *x, const char *p)
{
	while (*p != '\0' && !x->unknown) {
		unsigned n = name_length(p);

		if (n != 0 && !begins_name(*p)) {
			put(x, p, n);
		} else if (n == strlen("defined") && strncmp(p, "defined", n) == 0) {
			p = put_defined(x, p + n);
			continue;
		} else if (n != 0) {
			put_name(x, p, n);
		} else {
			put(x, p, 1);
		}
		p += n != 0 ? n : 1;
	}
}

/* ---- values ---- */

struct reader {
	const char *p;
	unsigned depth;
	bool wrong;
};

static const struct value unknown = { .known = false };

static struct value known(int64_t v)
{
	return (struct value){ .known = true, .v = v };
}

/* What always has a value. */
#define SIMPLE(name, sign)                                                                         \
	static struct value name(int64_t a, int64_t b)                                             \
	{                                                                                          \
		return known(a sign b);                                                            \
	}

SIMPLE(equal, ==)
SIMPLE(differ, !=)
SIMPLE(at_most, <=)
SIMPLE(at_least, >=)
SIMPLE(below, <)
SIMPLE(above, >)
SIMPLE(bit_or, |)
SIMPLE(bit_xor, ^)
SIMPLE(bit_and, &)

/* What overflows, divides by nothing, or shifts too far has none that can be relied on. */
static struct value sum(int64_t a, int64_t b)
{
	int64_t v;

	return __builtin_add_overflow(a, b, &v) ? unknown : known(v);
}

static struct value difference(int64_t a, int64_t b)
{
	int64_t v;

	return __builtin_sub_overflow(a, b, &v) ? unknown : known(v);
}

static struct value product(int64_t a, int64_t b)
{
	int64_t v;

	return __builtin_mul_overflow(a, b, &v) ? unknown : known(v);
}

static bool divides(int64_t a, int64_t b)
{
	return b != 0 && (a != INT64_MIN || b != -1);
}

static struct value quotient(int64_t a, int64_t b)
{
	return divides(a, b) ? known(a / b) : unknown;
}

static struct value remainder_of(int64_t a, int64_t b)
{
	return divides(a, b) ? known(a % b) : unknown;
}

static bool shifts(int64_t a, int64_t b)
{
	return a >= 0 && b >= 0 && b < 63;
}

static struct value left(int64_t a, int64_t b)
{
	return shifts(a, b) && a <= INT64_MAX >> b ? known(a << b) : unknown;
}

static struct value right(int64_t a, int64_t b)
{
	return shifts(a, b) ? known(a >> b) : unknown;
}

/* Longer ones first. Without `of`: && and ||. */
static const struct operator
{
	const char *text;
	unsigned precedence;
	struct value (*of)(int64_t a, int64_t b);
}
operators[] = {
	{ "||", 1, NULL },
	{ "&&", 2, NULL },
	{ "==", 6, equal },
	{ "!=", 6, differ },
	{ "<=", 7, at_most },
	{ ">=", 7, at_least },
	{ "<<", 8, left },
	{ ">>", 8, right },
	{ "|", 3, bit_or },
	{ "^", 4, bit_xor },
	{ "&", 5, bit_and },
	{ "<", 7, below },
	{ ">", 7, above },
	{ "+", 9, sum },
	{ "-", 9, difference },
	{ "*", 10, product },
	{ "/", 10, quotient },
	{ "%", 10, remainder_of },
};

/* One side may decide alone. */
static struct value logic(bool decides, struct value a, struct value b)
{
	if ((a.known && (a.v != 0) == decides) || (b.known && (b.v != 0) == decides))
		return known(decides);
	return a.known && b.known ? known(!decides) : unknown;
}

static struct value apply(const struct operator* o, struct value a, struct value b)
{
	if (o->of == NULL)
		return logic(o->text[0] == '|', a, b);
	return a.known && b.known ? o->of(a.v, b.v) : unknown;
}

static struct value read_conditional(struct reader *r);

static void pass_space(struct reader *r)
{
	r->p += strspn(r->p, " \t\r\v\f");
}

static bool pass_if(struct reader *r, char c)
{
	pass_space(r);
	if (*r->p != c)
		return false;
	r->p++;
	return true;
}

/* "$": unknown, with the arguments behind it. */
static struct value read_unknown(struct reader *r)
{
	unsigned depth = 0;

	r->p++;
	pass_space(r);
	if (*r->p != '(')
		return unknown;
	do {
		depth += *r->p == '(';
		depth -= *r->p == ')';
		r->wrong |= *r->p == '\0';
	} while (!r->wrong && *r->p++ != '\0' && depth != 0);
	return unknown;
}

static struct value read_number(struct reader *r)
{
	char *end;
	unsigned long long v;

	if (*r->p == '$')
		return read_unknown(r);
	if (!isdigit((unsigned char)*r->p)) {
		r->wrong = true;
		return unknown;
	}
	errno = 0;
	v = strtoull(r->p, &end, 0);
	r->p = end + strspn(end, "uUlL");
	r->wrong |= continues_name(*r->p);
	return errno == 0 && v <= INT64_MAX ? known((int64_t)v) : unknown;
}

static struct value read_sign(struct reader *r)
{
	struct value v;
	char sign;

	pass_space(r);
	sign = *r->p;
	if (sign == '(') {
		r->p++;
		v = read_conditional(r);
		r->wrong |= !pass_if(r, ')');
		return v;
	}
	if (sign == '\0' || strchr("!-+~", sign) == NULL)
		return read_number(r);
	r->p++;
	r->wrong |= ++r->depth > BRACKETS_DEEP;
	v = r->wrong ? unknown : read_sign(r);
	r->depth--;
	if (!v.known || sign == '+')
		return v;
	return sign == '!' ? known(v.v == 0) : sign == '~' ? known(~v.v) : difference(0, v.v);
}

static const struct operator* next_operator(struct reader *r, unsigned least)
{
	pass_space(r);
	for (size_t i = 0; i < COUNT(operators); i++)
		if (strncmp(r->p, operators[i].text, strlen(operators[i].text)) == 0)
			return operators[i].precedence >= least ? &operators[i] : NULL;
	return NULL;
}

static struct value read_binary(struct reader *r, unsigned least)
{
	struct value v = read_sign(r);
	const struct operator* o;

	while (!r->wrong && (o = next_operator(r, least)) != NULL) {
		r->p += strlen(o->text);
		v = apply(o, v, read_binary(r, o->precedence + 1));
	}
	return v;
}

static struct value read_conditional(struct reader *r)
{
	struct value v = unknown, a, b;

	r->wrong |= ++r->depth > BRACKETS_DEEP;
	if (!r->wrong)
		v = read_binary(r, 1);
	if (!r->wrong && pass_if(r, '?')) {
		a = read_conditional(r);
		r->wrong |= !pass_if(r, ':');
		b = r->wrong ? unknown : read_conditional(r);
		v = !v.known ? unknown : v.v != 0 ? a : b;
	}
	r->depth--;
	return v;
}

struct value expression_value(const char *text, const struct expression_names *names)
{
	struct expansion x = { .names = names };
	struct reader r = { .wrong = false };
	struct value v = unknown;

	expand(&x, text);
	if (!x.unknown && !x.text.failed) {
		r.p = strbuf_text(&x.text);
		v = read_conditional(&r);
		pass_space(&r);
		if (r.wrong || *r.p != '\0')
			v = unknown;
	}
	strbuf_free(&x.text);
	return v;
}
