/*
 * A text that is nothing but one number of TLS: "0xC02C", "c02c", "{0xC0,0x2C}", "0x28". What it is for most people
 * who paste it comes first: a suite before a sum of two error codes; then what else it can be.
 */
#include "names/paste_inside.h"

#include "base/array.h"
#include "names/names.h"

#include <stdio.h>

struct lone {
	uint16_t value;
	unsigned digits; /* 2 or 4 */
	bool pair;       /* two bytes, each by itself: no code is written so */
	bool prefixed;   /* 0x... */
	bool has_letter;
	char text[8]; /* as a code is looked for */
};

static int hex_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The digits from there on, with 0x or without; 0: none, or more than four. */
static unsigned digits_at(struct bytes text, size_t *at, struct lone *l)
{
	unsigned n = 0;

	if (*at + 1 < text.len && text.data[*at] == '0' && (text.data[*at + 1] | 0x20) == 'x') {
		l->prefixed = true;
		*at += 2;
	}
	for (; *at < text.len && hex_of(text.data[*at]) >= 0; ++*at, n++) {
		l->value = (uint16_t)(l->value << 4 | hex_of(text.data[*at]));
		l->has_letter = l->has_letter || text.data[*at] > '9';
		if (n == 4)
			return 0;
	}
	return n;
}

static void skip(struct bytes text, size_t *at, const char *set)
{
	while (*at < text.len && text.data[*at] != '\0' && strchr(set, text.data[*at]) != NULL)
		++*at;
}

static bool read_lone(struct bytes text, struct lone *l)
{
	size_t at = 0;

	*l = (struct lone){ .value = 0 };
	skip(text, &at, "{[( ");
	l->digits = digits_at(text, &at, l);
	if (l->digits == 2 && at < text.len && strchr(",: ", text.data[at]) != NULL) {
		l->pair = true;
		skip(text, &at, ",: ");
		l->digits += digits_at(text, &at, l);
	}
	skip(text, &at, "}]) ");
	(void)snprintf(l->text, sizeof l->text, l->digits == 2 ? "0x%02X" : "0x%04X", l->value);
	return at == text.len && (l->digits == 4 || (l->digits == 2 && l->prefixed && !l->pair));
}

/* ---- what it can be ---- */

enum { FIRST_CURRENT_GROUP = 0x17, FIRST_SCHEME = 0x0201, FIRST_LONG_SUITE = 0x1000 };

static bool is_group(uint16_t value)
{
	return value >= FIRST_CURRENT_GROUP && group_find(value) != NULL;
}

static bool is_scheme(uint16_t value)
{
	return value >= FIRST_SCHEME && name_scheme(value) != NULL;
}

/* Of those that nobody uses any more it is hardly one, unless there are only sums of codes beside it. */
static bool is_suite(uint16_t value)
{
	const struct suite *s = suite_find(value);

	return s != NULL && (value >= FIRST_LONG_SUITE || (!s->weak && !s->signalling));
}

static bool is_extension(uint16_t value)
{
	return name_extension(value) != NULL;
}

static const struct {
	enum paste_kind kind;
	bool (*has)(uint16_t value);
	bool obvious;
} kinds[] = {
	{ PASTE_SCHEME, is_scheme, true },
	{ PASTE_GROUP, is_group, true },
	{ PASTE_SUITE, is_suite, true },
	{ PASTE_EXTENSION, is_extension, false },
};

static size_t add_values(struct paste_reader *r, const struct lone *l, bool obvious)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].obvious != obvious || !kinds[i].has(l->value))
			continue;
		paste_add(r,
			&(struct paste_find){
				.kind = kinds[i].kind, .len = r->text.raw.len, .value = l->value });
		n++;
	}
	return n;
}

static void add_codes(struct paste_reader *r, const struct lone *l)
{
	struct paste_find find = { .kind = PASTE_CODE, .len = r->text.raw.len };

	if (l->pair)
		return;
	find.n_matches = codes_find_in(l->text, 0, find.match, PASTE_MATCHES);
	if (find.n_matches > PASTE_MATCHES)
		find.n_matches = PASTE_MATCHES;
	if (find.n_matches != 0)
		paste_add(r, &find);
}

void paste_find_lone(struct paste_reader *r)
{
	struct lone l;
	size_t n;

	if (r->out->n != 0 || !read_lone(r->text.raw, &l))
		return;
	if (l.digits == 2) {
		if (name_alert(l.value) == NULL)
			return;
		paste_add(r, &(struct paste_find){ .kind = PASTE_ALERT, .value = l.value });
		add_codes(r, &l);
		return;
	}
	if (!l.prefixed && !l.pair && !l.has_letter)
		return; /* decimal as likely as not */
	n = add_values(r, &l, true);
	if (n != 0)
		add_codes(r, &l);
	if (n != 0 || l.pair)
		(void)add_values(r, &l, false);
}
