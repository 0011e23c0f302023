/*
 * From the end of a line backwards as far as it is hexadecimal and what may stand between: prose is
 * refused after a few bytes.
 */
#include "log/hex_line.h"

#include "base/array.h"
#include "base/hex_text.h"
#include "log/scan.h"
#include "wire/record.h"

enum { BEGIN_LEAST = 8, DECIMAL_LEAST = 12, BASE64_LEAST = 24, STRING_LEAST = 4 };

static bool is_between(uint8_t c)
{
	static const bool between[UINT8_MAX + 1] = { [' '] = true,
		['\t'] = true,
		[','] = true,
		[':'] = true,
		[';'] = true,
		['{'] = true,
		['}'] = true,
		['('] = true,
		[')'] = true,
		['['] = true,
		[']'] = true,
		['"'] = true,
		['\''] = true,
		['.'] = true,
		['-'] = true,
		['+'] = true };

	return between[c];
}

/* "0x" or "\x" */
static bool is_prefix(struct bytes b, size_t at)
{
	return b.len - at >= 2 && (b.data[at] == '0' || b.data[at] == '\\') &&
	       (b.data[at + 1] | 0x20) == 'x';
}

/* A comment at the end of a line is no part of the bytes. */
static struct bytes without_comment(struct bytes line)
{
	size_t at = text_find(line, "/*"), slashes = text_find(line, "//");

	if (slashes < at)
		at = slashes;
	return at != 0 ? text_trim(bytes_slice(line, 0, at)) : line;
}

/* Where the hexadecimal part of the line begins, looking back from its end. */
static size_t tail_begins(struct bytes line)
{
	size_t at = line.len;

	while (at != 0) {
		uint8_t c = line.data[at - 1];

		if (hex_digit_value(c) >= 0 || is_between(c))
			at--;
		else if ((c | 0x20) == 'x' && at >= 2 && is_prefix(line, at - 2))
			at -= 2;
		else
			break;
	}
	/* a digit in the middle of a word belongs to it */
	while (at != 0 && at < line.len && !is_between(line.data[at]) && line.data[at] != '\\' &&
		!(line.data[at - 1] == '=' || line.data[at - 1] == '>' ||
			line.data[at - 1] == '|' || line.data[at - 1] == '`'))
		at++;
	return at;
}

/* What stands before the bytes, without the bracket or the quotation mark that opens them. */
static struct bytes label_before(struct bytes line, const uint8_t *first)
{
	size_t n = (size_t)(first - line.data);

	while (n != 0 && is_between(line.data[n - 1]))
		n--;
	return bytes_slice(line, 0, n);
}

struct tally {
	size_t n, prefixed, single, pairs, runs;
	bool commas;
};

/* One number; false: it is none of bytes. */
static bool take_number(struct scan *s, uint8_t *out, struct tally *t)
{
	struct bytes rest = scan_rest(s);
	bool prefixed = is_prefix(rest, 0);
	size_t digits = 0;
	uint64_t decimal;

	if (prefixed)
		s->at += 2;
	while (s->at + digits < s->end && hex_digit_value(s->at[digits]) >= 0)
		digits++;
	/* where others have their 0x, a number of C is decimal */
	if (!prefixed && t->prefixed != 0 && t->commas && scan_decimal(s, &decimal)) {
		out[t->n++] = (uint8_t)decimal;
		return decimal <= 0xff;
	}
	if (digits == 0 || (prefixed && digits > 2 && rest.data[0] == '0' && digits % 2 != 0) ||
		(!prefixed && digits % 2 != 0))
		return false;
	if (prefixed && digits == 1) {
		out[t->n++] = (uint8_t)hex_digit_value(*s->at++);
		t->prefixed++;
		return true;
	}
	if (prefixed && rest.data[0] == '\\')
		digits = 2;
	for (size_t i = 0; i < digits; i += 2)
		(void)scan_hex_byte(s, &out[t->n++]);
	t->prefixed += prefixed;
	t->pairs += digits == 2;
	t->runs += digits > 2;
	return true;
}

static void skip_between(struct scan *s, struct tally *t, bool *ends)
{
	while (is_between(scan_peek(s))) {
		t->commas |= scan_peek(s) == ',';
		*ends |= scan_peek(s) == '}';
		s->at++;
	}
}

/* Hexadecimal from there to the end. What cannot be bytes belongs to the label. */
static bool read_hex(struct bytes line, uint8_t *out, struct hex_line *r, struct tally *t)
{
	struct scan s = scan_of(line);

	s.at += tail_begins(line);
	*t = (struct tally){ 0 };
	r->ends = false;
	skip_between(&s, t, &r->ends);
	r->label = label_before(line, s.at);
	r->ends &= scan_is_at_end(&s);
	while (!scan_is_at_end(&s)) {
		if (!take_number(&s, out, t)) {
			while (!scan_is_at_end(&s) && !is_between(scan_peek(&s)))
				s.at++;
			*t = (struct tally){ 0 };
			skip_between(&s, t, &r->ends);
			r->label = label_before(line, s.at);
		}
		skip_between(&s, t, &r->ends);
	}
	r->n = t->n;
	r->form = t->prefixed != 0 ? HEX_LIST : HEX_DIGITS;
	return t->n != 0 || r->ends;
}

/* ---- decimal ---- */

static bool read_decimal(struct bytes line, uint8_t *out, struct hex_line *r)
{
	struct scan s = scan_of(line);
	struct tally t = { 0 };
	int64_t v;

	s.at += tail_begins(line);
	r->ends = false;
	skip_between(&s, &t, &r->ends);
	if (s.at != scan_of(line).at && s.at[-1] == '-')
		s.at--;
	r->label = label_before(line, s.at);
	t.commas = false;
	while (!scan_is_at_end(&s)) {
		if (!scan_integer(&s, &v) || v < -128 || v > 255)
			return false;
		out[t.n++] = (uint8_t)v;
		while (scan_blanks(&s) || scan_char(&s, ',')) {
		}
		while (scan_char(&s, ']') || scan_char(&s, '}') || scan_char(&s, ')') ||
			scan_char(&s, ';'))
			r->ends = true;
	}
	r->n = t.n;
	r->form = HEX_DECIMAL;
	return t.n != 0 && memchr(line.data, ',', line.len) != NULL;
}

/* ---- strings ---- */

static bool take_escape(struct scan *s, uint8_t *out)
{
	static const char letters[] = "nrtabfv0\\'\"";
	static const uint8_t values[] = { '\n', '\r', '\t', '\a', '\b', '\f', '\v', 0, '\\', '\'',
		'"' };
	const char *found;
	struct scan t = *s;

	if (scan_word_nocase(&t, "\\x")) {
		if (!scan_hex_byte(&t, out))
			return false;
		*s = t;
		return true;
	}
	if (s->end - s->at < 2 || *s->at != '\\' || s->at[1] == 0 ||
		(found = strchr(letters, s->at[1])) == NULL)
		return false;
	s->at += 2;
	*out = values[found - letters];
	return true;
}

static bool opens_string(struct bytes line)
{
	return line.len != 0 &&
	       (line.data[0] == '"' || line.data[0] == '\'' || line.data[0] == '\\');
}

/* A literal of C or Python; its quote may have been left out, and the line may go on with '\'. */
static bool read_string(struct bytes line, bool begins, uint8_t *out, struct hex_line *r)
{
	size_t escape = text_find(line, "\\x"), at = escape;
	uint8_t quote = 0;
	size_t escapes = 0;
	struct scan s;

	if (begins ? escape == line.len : !opens_string(line))
		return false;
	if (!begins)
		at = 0;
	else if (at != 0 && (line.data[at - 1] == '"' || line.data[at - 1] == '\''))
		at--;
	r->label = bytes_slice(line, 0, at);
	s = scan_of(bytes_slice(line, at, line.len));
	if (scan_peek(&s) == '"' || scan_peek(&s) == '\'')
		quote = *s.at++;
	r->n = 0;
	while (!scan_is_at_end(&s)) {
		if (take_escape(&s, &out[r->n])) {
			escapes++;
			r->n++;
			continue;
		}
		if (scan_peek(&s) == '\\' || (quote != 0 && scan_peek(&s) == quote) ||
			(quote == 0 && scan_peek(&s) <= ' '))
			break;
		out[r->n++] = *s.at++;
	}
	r->ends = text_has(scan_rest(&s), ";");
	r->form = HEX_STRING;
	return escapes >= (begins ? STRING_LEAST : 1) || (!begins && r->n != 0 && quote != 0);
}

/* ---- base64 ---- */

static int base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/*
 * Where the last word of the line begins, if it is long enough, and its first bytes are those of a record or
 * of a message; else the end of the line.
 */
static size_t base64_begins(struct bytes line)
{
	static const char *const firsts[] = { "FgM", "FQM", "FAM", "FwM", "AQAA", "AQAB", "AQAC",
		"AgAA", "CwAA", "CwAB", "CwAC", "CwAD", "CwAE", "CwAF" };
	size_t end = line.len, at;

	while (end != 0 && strchr("=\"',;)", line.data[end - 1]) != NULL && line.data[end - 1] != 0)
		end--;
	for (at = end; at != 0 && base64_value(line.data[at - 1]) >= 0;)
		at--;
	if (end - at < BASE64_LEAST)
		return line.len;
	for (size_t i = 0; i < COUNT(firsts); i++)
		if (text_begins(bytes_slice(line, at, line.len), firsts[i]))
			return at;
	return line.len;
}

static bool read_base64(struct bytes line, bool begins, uint8_t *out, struct hex_line *r)
{
	size_t at = begins ? base64_begins(line) : 0, n = 0;
	uint32_t bits = 0;

	if (line.len - at < (begins ? BASE64_LEAST : 1))
		return false;
	r->label = bytes_slice(line, 0, at);
	r->n = 0;
	for (; at < line.len && base64_value(line.data[at]) >= 0; at++) {
		bits = bits << 6 | (uint32_t)base64_value(line.data[at]);
		n++;
		if (n % 4 != 1)
			out[r->n++] = (uint8_t)(bits >> (6 - 2 * ((n - 1) % 4)));
	}
	r->ends = at != line.len;
	while (at < line.len && strchr("=\"',;) ", line.data[at]) != NULL)
		at++;
	r->form = HEX_BASE64;
	return at == line.len && n >= (begins ? BASE64_LEAST : 1) && n % 4 != 1;
}

/* ---- a line ---- */

/* A few bytes that are exactly a record: an alert, say. */
static bool is_record(struct bytes b)
{
	struct record_header h;

	return record_parse_plausible(b, &h) && h.length != 0 &&
	       b.len == RECORD_HEADER + (size_t)h.length;
}

static bool begins_here(struct bytes line, uint8_t *out, struct hex_line *r)
{
	struct tally t;

	if (memchr(line.data, '\\', line.len) != NULL && read_string(line, true, out, r))
		return true;
	if (read_base64(line, true, out, r))
		return true;
	line = without_comment(line);
	if (memchr(line.data, ',', line.len) != NULL && read_decimal(line, out, r) &&
		r->n >= DECIMAL_LEAST)
		return true;
	return read_hex(line, out, r, &t) && (t.n >= BEGIN_LEAST || is_record(bytes_of(out, t.n)));
}

/* "(6E:5A:...)": the SHA-1 or SHA-256 of a certificate, behind what is said of it. */
static bool is_fingerprint(struct bytes line)
{
	enum { SHA1 = 20 * 3 - 1, SHA256 = 32 * 3 - 1 };
	size_t at = line.len;

	if (line.len == 0 || line.data[line.len - 1] != ')')
		return false;
	while (at != 0 && line.data[at - 1] != '(')
		at--;
	return at != 0 && (line.len - 1 - at == SHA1 || line.len - 1 - at == SHA256) &&
	       line.data[at + 2] == ':';
}

bool hex_line_read(struct bytes line, enum hex_form form, uint8_t *out, struct hex_line *r)
{
	struct tally t;

	*r = (struct hex_line){ 0 };
	line = text_trim(line);
	if (line.len == 0)
		return false;
	if (form == HEX_DIGITS || form == HEX_LIST || form == HEX_DECIMAL)
		line = without_comment(line);
	switch (form) {
	case HEX_NOTHING:
		return !is_fingerprint(line) && begins_here(line, out, r);
	case HEX_DIGITS:
	case HEX_LIST:
		return read_hex(line, out, r, &t) && text_trim(r->label).len == 0 &&
		       (t.n == 0 || r->form == form);
	case HEX_DECIMAL:
		return read_decimal(line, out, r) && text_trim(r->label).len == 0;
	case HEX_STRING:
		return read_string(line, false, out, r);
	case HEX_BASE64:
		return read_base64(line, false, out, r);
	}
	return false;
}
