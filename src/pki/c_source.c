/* A scanner of one character at a time: comments and what is between the literals are skipped. */
#include "pki/c_source.h"

#include <stdio.h>

bool c_reader_open(struct c_reader *r, struct bytes text)
{
	*r = (struct c_reader){ .text = text, .line = 1 };
	return secret_new(&r->room, text.len); /* no value is longer than its source */
}

void c_reader_close(struct c_reader *r)
{
	secret_wipe(&r->room);
}

/* The byte `ahead` of the place; 0 past the end, which nothing that is looked for is. */
static uint8_t look(const struct c_reader *r, size_t ahead)
{
	return ahead < r->text.len - r->at ? r->text.data[r->at + ahead] : 0;
}

static bool at_end(const struct c_reader *r)
{
	return r->at >= r->text.len;
}

static void step(struct c_reader *r)
{
	if (at_end(r))
		return;
	r->line += r->text.data[r->at] == '\n';
	r->at++;
}

/* Blanks, comments and joined lines. */
static void skip_blank(struct c_reader *r)
{
	while (!at_end(r)) {
		uint8_t c = look(r, 0), next = look(r, 1);

		if (c == '/' && next == '/') {
			while (!at_end(r) && look(r, 0) != '\n')
				step(r);
		} else if (c == '/' && next == '*') {
			step(r);
			step(r);
			while (!at_end(r) && !(look(r, 0) == '*' && look(r, 1) == '/'))
				step(r);
			step(r);
			step(r);
		} else if (c <= ' ' || (c == '\\' && (next == '\n' || next == '\r'))) {
			step(r);
		} else {
			return;
		}
	}
}

static int digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static bool is_name(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* ---- string literals ---- */

/* What stands behind a backslash; the place is on the byte after it. */
static uint8_t read_escape(struct c_reader *r)
{
	static const char letters[] = "n\nr\rt\tv\vf\fa\ab\b";
	uint8_t c = look(r, 0);
	unsigned value = 0, n = 0, base = c == 'x' ? 16 : 8, most = c == 'x' ? 2 : 3;

	if (c != 'x' && digit_of(c) >= 8) {
		step(r);
		for (size_t i = 0; letters[i] != '\0'; i += 2)
			if (letters[i] == (char)c)
				return (uint8_t)letters[i + 1];
		return c;
	}
	if (c == 'x')
		step(r);
	while (n++ < most && digit_of(look(r, 0)) < (int)base) {
		value = value * base + (unsigned)digit_of(look(r, 0));
		step(r);
	}
	return (uint8_t)value;
}

static size_t read_literal(struct c_reader *r, size_t used)
{
	step(r);
	while (!at_end(r) && look(r, 0) != '"' && look(r, 0) != '\n') {
		uint8_t c = look(r, 0);

		step(r);
		if (c == '\\' && look(r, 0) == '\r')
			step(r);
		if (c == '\\' && look(r, 0) == '\n')
			step(r);
		else
			r->room.data[used++] = c == '\\' ? read_escape(r) : c;
	}
	step(r);
	return used;
}

static void read_literals(struct c_reader *r, struct c_value *out)
{
	size_t used = 0;

	do {
		used = read_literal(r, used);
		skip_blank(r);
	} while (look(r, 0) == '"');
	out->literal = true;
	out->bytes = bytes_of(r->room.data, used);
}

/* ---- brace lists ---- */

static bool read_number(struct c_reader *r, unsigned *value)
{
	unsigned base = 10;

	*value = 0;
	if (look(r, 0) == '\'' && look(r, 1) != '\\' && look(r, 2) == '\'') {
		*value = look(r, 1);
		r->at += 3;
		return true;
	}
	if (look(r, 0) == '0' && (look(r, 1) | 0x20) == 'x') {
		base = 16;
		r->at += 2;
	}
	if (digit_of(look(r, 0)) >= (int)base)
		return false;
	while (digit_of(look(r, 0)) < (int)base) {
		*value = *value * base + (unsigned)digit_of(look(r, 0));
		if (*value > 255)
			return false;
		step(r);
	}
	while ((look(r, 0) | 0x20) == 'u' || (look(r, 0) | 0x20) == 'l')
		step(r);
	return true;
}

/* { 0x30, 0x82, ... }, to its last brace; false, and the place is behind the first, when it is something else. */
static bool read_list(struct c_reader *r, struct c_value *out)
{
	struct c_reader before;
	size_t used = 0;
	unsigned value;

	step(r);
	before = *r;
	for (;;) {
		skip_blank(r);
		if (look(r, 0) == '}' && used != 0)
			break;
		if (!read_number(r, &value))
			goto other;
		r->room.data[used++] = (uint8_t)value;
		skip_blank(r);
		if (look(r, 0) == ',')
			step(r);
		else if (look(r, 0) != '}')
			goto other;
	}
	out->bytes = bytes_of(r->room.data, used);
	return true;
other:
	*r = before;
	return false;
}

/* ---- names ---- */

static void read_size(struct c_reader *r)
{
	size_t size = 0;

	step(r);
	skip_blank(r);
	while (look(r, 0) >= '0' && look(r, 0) <= '9' && size < 1000000) {
		size = size * 10 + (size_t)(look(r, 0) - '0');
		step(r);
	}
	skip_blank(r);
	r->declared = look(r, 0) == ']' ? size : 0;
	while (!at_end(r) && look(r, 0) != ']' && look(r, 0) != ';')
		step(r);
}

/* A word is a name when an array's size, a value or a macro's text comes behind it. */
static void read_word(struct c_reader *r)
{
	char word[C_NAME];
	size_t len = 0;
	uint8_t behind;

	while (is_name(look(r, 0))) {
		if (len + 1 < sizeof word)
			word[len++] = (char)look(r, 0);
		step(r);
	}
	word[len] = '\0';
	skip_blank(r);
	behind = look(r, 0);
	if (behind != '[' && (r->locked || (behind != '=' && behind != '"' && behind != '{')))
		return;
	memcpy(r->name, word, sizeof word);
	r->locked = behind == '[';
}

bool c_reader_next(struct c_reader *r, struct c_value *out)
{
	for (skip_blank(r); !at_end(r); skip_blank(r)) {
		uint8_t c = look(r, 0);

		*out = (struct c_value){ .line = r->line, .declared = r->declared };
		(void)snprintf(out->name, sizeof out->name, "%s", r->name);
		if (c == '"') {
			read_literals(r, out);
			return true;
		}
		if (c == '{') {
			if (read_list(r, out))
				return true;
		} else if (c == '[') {
			read_size(r);
		} else if (is_name(c)) {
			read_word(r);
		} else {
			if (c == ';' || c == '#') {
				r->locked = false;
				r->declared = 0;
			}
			step(r);
		}
	}
	return false;
}
