/* Texts of digits without offsets; those with offsets are hex_dump.c's. */
#include "base/hex_text.h"

#include "base/array.h"

enum { TOKEN_MAX = 8 };

int hex_digit_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_run_add(struct hex_run *run, uint8_t byte, size_t line, struct err *e)
{
	if (run->len == run->room)
		return err_set(e, ERR_LIMIT, 0, "line %zu: more than '%zu' bytes", line, run->room);
	run->data[run->len++] = byte;
	return true;
}

void hex_run_swap(struct hex_run *run)
{
	for (size_t at = 0; run->len - at >= run->unit; at += run->unit)
		for (size_t i = 0; i < run->unit / 2; i++) {
			uint8_t first = run->data[at + i];

			run->data[at + i] = run->data[at + run->unit - 1 - i];
			run->data[at + run->unit - 1 - i] = first;
		}
}

bool hex_text_plausible(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if ((c < ' ' && (c < '\t' || c > '\r')) || c == 0x7f)
			return false;
	}
	return text.len != 0;
}

/* A place in a text, as people count. */
struct spot {
	size_t line, column;
};

struct scanner {
	struct bytes text;
	size_t at;
	struct spot spot;
	bool c_list; /* numbers of C: decimal unless they say otherwise */
};

static uint8_t look(const struct scanner *s, size_t ahead)
{
	return s->text.len - s->at > ahead ? s->text.data[s->at + ahead] : 0;
}

static bool at_end(const struct scanner *s)
{
	return s->at == s->text.len;
}

static void step(struct scanner *s)
{
	if (look(s, 0) == '\n')
		s->spot = (struct spot){ s->spot.line + 1, 1 };
	else
		s->spot.column++;
	s->at++;
}

static void skip_line(struct scanner *s)
{
	while (!at_end(s) && look(s, 0) != '\n')
		step(s);
}

static bool ahead_is(const struct scanner *s, const char *text)
{
	size_t n = strlen(text);

	return s->text.len - s->at >= n && memcmp(s->text.data + s->at, text, n) == 0;
}

static bool skip_comment(struct scanner *s)
{
	static const char *const leads[] = { "#", "//", "<<<", ">>>" };

	for (size_t i = 0; i < COUNT(leads); i++)
		if (ahead_is(s, leads[i])) {
			skip_line(s);
			return true;
		}
	if (!ahead_is(s, "/*"))
		return false;
	while (!at_end(s) && !ahead_is(s, "*/"))
		step(s);
	for (int i = 0; i < 2 && !at_end(s); i++)
		step(s);
	return true;
}

static bool is_separator(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || strchr(",:;-\"\\", c) != NULL;
}

static void skip_separators(struct scanner *s)
{
	while (!at_end(s))
		if (is_separator(look(s, 0)) && !ahead_is(s, "\\x"))
			step(s);
		else if (!skip_comment(s))
			return;
}

/* "0x" or "\x" */
static bool skip_prefix(struct scanner *s)
{
	if ((look(s, 0) != '0' && look(s, 0) != '\\') || (look(s, 1) | 0x20) != 'x')
		return false;
	step(s);
	step(s);
	return true;
}

/* The text is not quoted: what is no hexadecimal may be a key. */
static bool no_digit(const struct scanner *s, struct err *e)
{
	return err_set(e, ERR_INPUT, 0, "line %zu, column %zu: no hexadecimal digit", s->spot.line,
		s->spot.column);
}

static bool too_big(struct spot spot, struct err *e)
{
	return err_set(e, ERR_INPUT, 0, "line %zu, column %zu: a number that is no byte", spot.line,
		spot.column);
}

/* One number of a list, or one byte of a run of digits. */
static bool take_number(struct scanner *s, bool prefixed, uint8_t *out, struct err *e)
{
	struct spot spot = s->spot;
	int base = s->c_list && !prefixed ? 10 : 16;
	size_t most = s->c_list ? TOKEN_MAX : 2, n = 0;
	unsigned value = 0;
	int digit;

	for (; n < most && (digit = hex_digit_value(look(s, 0))) >= 0 && digit < base; n++) {
		value = value * (unsigned)base + (unsigned)digit;
		step(s);
	}
	if (n == 0)
		return no_digit(s, e);
	if (n == 1 && !prefixed && !s->c_list)
		return err_set(e, ERR_INPUT, 0, "line %zu, column %zu: a digit without its second",
			spot.line, spot.column);
	if (value > 0xff)
		return too_big(spot, e);
	*out = (uint8_t)value;
	return true;
}

static bool read_digits(struct scanner *s, struct hex_run *run, struct err *e)
{
	for (skip_separators(s); !at_end(s); skip_separators(s)) {
		bool prefixed = skip_prefix(s);
		uint8_t byte = 0;

		if (run->len == 0)
			run->line = s->spot.line;
		if (!take_number(s, prefixed, &byte, e) || !hex_run_add(run, byte, s->spot.line, e))
			return false;
	}
	return true;
}

/* Ends the text before the next `end`, and begins it behind the next `begin`, if there is one. */
static bool narrow(struct scanner *s, char begin, char end)
{
	const uint8_t *first = s->text.len != 0 ? memchr(s->text.data, begin, s->text.len) : NULL;
	const uint8_t *last = NULL;
	size_t at;

	if (first == NULL)
		return false;
	at = (size_t)(first - s->text.data) + 1;
	while (s->at < at)
		step(s);
	for (size_t i = at; i < s->text.len && (last == NULL || end == '"'); i++)
		if (s->text.data[i] == (uint8_t)end)
			last = s->text.data + i;
	if (last != NULL)
		s->text.len = (size_t)(last - s->text.data);
	return true;
}

void hex_text_open(struct hex_text *t, struct bytes text)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };

	if (bytes_equal(bytes_slice(text, 0, sizeof mark), bytes_of(mark, sizeof mark)))
		text = bytes_slice(text, sizeof mark, text.len);
	*t = (struct hex_text){ .left = text, .dumps = hex_dump_present(text) };
}

bool hex_text_next(struct hex_text *t, struct hex_run *run, struct err *e)
{
	struct scanner s = { .text = t->left, .spot = { 1, 1 } };

	run->len = 0;
	run->unit = 1;
	if (t->dumps)
		return hex_dump_next(t, run, e);
	s.c_list = narrow(&s, '{', '}');
	if (!s.c_list)
		(void)narrow(&s, '"', '"');
	t->left = bytes_slice(t->left, t->left.len, 0);
	return read_digits(&s, run, e);
}
