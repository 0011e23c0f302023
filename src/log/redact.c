/*
 * What is secret is known by the words in front of it. A row of a dump belongs to the words last before it,
 * as many rows as they announce. What was once known for a secret is masked wherever else it stands.
 */
#include "log/redact.h"

#include "base/array.h"
#include "log/dump_row.h"
#include "log/scan.h"

enum {
	DIGITS_LEAST = 16, /* hexadecimal digits in a row: what is shorter is no secret */
	PAYLOAD_LEAST = 4, /* bytes in the clear: an alert with its type is not hidden */
	BETWEEN_MAX = 16,  /* lines of others between the rows of a dump */
};

/* Key logs in NSS's format: LABEL, random, secret. */
static const char *const labels[] = { "CLIENT_RANDOM ", "CLIENT_HANDSHAKE_TRAFFIC_SECRET ",
	"SERVER_HANDSHAKE_TRAFFIC_SECRET ", "CLIENT_TRAFFIC_SECRET_", "SERVER_TRAFFIC_SECRET_",
	"CLIENT_EARLY_TRAFFIC_SECRET ", "EARLY_EXPORTER_SECRET ", "EXPORTER_SECRET ",
	"PMS_CLIENT_RANDOM ", "RSA Session-ID:", "RSA " };

/* Arrays of C whose bytes are secret. */
static const char *const arrays[] = { "psk", "key", "secret", "priv" };

/* ---- in the line itself ---- */

/* Masks from..to, and knows it from now on. */
static void take_out(struct redact *r, struct bytes b, uint8_t *text, size_t from, size_t to)
{
	mask_learn(&r->mask, b, from, to);
	mask_digits(text, from, to);
}

/* Does a run of digits go on here: with one more, or behind one mark between pairs? */
static bool run_goes_on(struct bytes b, size_t at, size_t from)
{
	bool mark = at < b.len && (b.data[at] == ' ' || b.data[at] == ':');

	return (at < b.len && mask_is_digit(b.data[at])) ||
	       (mark && at > from && at + 1 < b.len && mask_is_digit(b.data[at + 1]));
}

/* Runs of digits, alone or in pairs with one character between them. */
static bool hide_digits(struct redact *r, struct bytes b, uint8_t *text, size_t from)
{
	bool hidden = false;

	while (from < b.len) {
		size_t end = from, digits = 0;

		for (; run_goes_on(b, end, from); end++)
			digits += mask_is_digit(b.data[end]);
		if (digits >= DIGITS_LEAST) {
			take_out(r, b, text, from, end);
			hidden = true;
		}
		from = end > from ? end : from + 1;
	}
	return hidden;
}

/* The last word of a line of a key log; the random before it is no secret. */
static bool hide_key_log(struct redact *r, struct bytes b, uint8_t *text)
{
	size_t end = b.len, from;

	for (size_t i = 0; i < COUNT(labels); i++) {
		if (!text_begins(b, labels[i]))
			continue;
		while (end != 0 && !mask_is_digit(b.data[end - 1]))
			end--;
		for (from = end; from != 0 && mask_is_digit(b.data[from - 1]);)
			from--;
		if (end - from < DIGITS_LEAST)
			return false;
		take_out(r, b, text, from, end);
		return true;
	}
	return false;
}

/* The words behind "psk=" and the like; the first of them is behind `from`. */
static bool hide_values(struct redact *r, struct bytes b, uint8_t *text, size_t from)
{
	bool hidden = false;

	while (from < b.len) {
		struct marks_found next;
		size_t end;

		while (from < b.len && (b.data[from] == ' ' || b.data[from] == '"'))
			from++;
		for (end = from; end < b.len && strchr(" ,;\"'", b.data[end]) == NULL;)
			end++;
		mask_learn(&r->mask, b, from, end);
		mask_all(text, from, end);
		hidden |= end > from;
		(void)marks_find(&r->marks, bytes_slice(b, end, b.len), &next);
		if (next.behind[MARK_VALUE] == MARK_NOWHERE)
			break;
		from = end + next.behind[MARK_VALUE];
	}
	return hidden;
}

/* "https://user:word@host" */
static bool hide_user(struct bytes b, uint8_t *text)
{
	size_t at = memchr(b.data, '@', b.len) != NULL ? mark_behind(b, "://") : b.len, colon = 0;

	for (size_t i = at; i < b.len && strchr(" /\"'<>", b.data[i]) == NULL; i++) {
		if (b.data[i] == ':' && colon == 0)
			colon = i + 1;
		if (b.data[i] != '@' || colon == 0)
			continue;
		mask_all(text, colon, i);
		return true;
	}
	return false;
}

/* ---- private keys ---- */

static bool is_base64(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '+' ||
	       c == '/' || c == '=';
}

/* In PEM, over lines or with all of it in one; escapes and quotation marks of strings stay. */
static bool hide_pem(struct redact *r, struct bytes b, uint8_t *text, size_t behind_label)
{
	size_t at = r->in_pem ? 0 : behind_label, end = b.len;

	if (!r->in_pem && (at == MARK_NOWHERE || !text_has(b, "-----BEGIN")))
		return false;
	r->in_pem = true;
	for (size_t i = at; i < b.len; i++)
		if (text_begins(bytes_slice(b, i, b.len), "-----END")) {
			end = i;
			r->in_pem = false;
			break;
		}
	for (size_t i = at; i < end; i++) {
		if (b.data[i] == '\\')
			i++;
		else if (is_base64(b.data[i]))
			text[i] = MASK_CHAR;
	}
	return true;
}

static bool has_any(struct bytes b, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mark_behind(b, words[i]) != MARK_NOWHERE)
			return true;
	return false;
}

/* A public key, a key share, a message with a key in its name are no secrets. */
static bool begins_array(struct bytes b)
{
	static const char *const known[] = { "pub", "share", "exchange", "cert" };
	size_t at = memchr(b.data, '{', b.len) != NULL ? text_find(b, "[") : b.len;
	struct bytes name = bytes_slice(b, 0, at), rest = bytes_slice(b, at, b.len);

	return at != b.len && text_has(rest, "=") && text_has(rest, "{") &&
	       has_any(name, arrays, COUNT(arrays)) && !has_any(name, known, COUNT(known));
}

/* "uint8_t psk[] = { 0x4c, ..." up to the brace that closes it. */
static bool hide_array(struct redact *r, struct bytes b, uint8_t *text)
{
	size_t from = 0, end;

	if (!r->in_array && !begins_array(b))
		return false;
	if (!r->in_array)
		from = text_find(b, "{");
	end = from + text_find(bytes_slice(b, from, b.len), "}");
	r->in_array = end == b.len;
	mask_learn(&r->mask, b, from, end);
	mask_digits(text, from, end);
	return true;
}

/* ---- dumps ---- */

/* "(48 bytes)", "(521 bits)", "[48]": how much is announced. */
static bool announced(struct bytes b, uint64_t *bytes)
{
	for (size_t i = 0; i < b.len; i++) {
		struct scan s = scan_of(bytes_slice(b, i + 1, b.len));

		if ((b.data[i] != '(' && b.data[i] != '[') || !scan_decimal(&s, bytes))
			continue;
		if (scan_char(&s, ']') || scan_word(&s, " bytes)"))
			return true;
		if (scan_word(&s, " bits)")) {
			*bytes = *bytes / 8 + (*bytes % 8 != 0);
			return true;
		}
	}
	return false;
}

/* The pairs, and what they say in letters behind them. */
static void hide_pairs(struct redact *r, struct bytes row, uint8_t *text, size_t from, size_t end)
{
	if (!r->of_data)
		mask_learn(&r->mask, row, from, end);
	mask_digits(text, from, end);
	mask_all(text, end, row.len);
}

/* Without an offset only what is long enough, or just as long as what is missing still. */
static bool is_row(const struct redact *r, const struct dump_row *row)
{
	if (row->offset)
		return row->n != 0 || (r->of_data && !r->counted); /* of letters alone: curl */
	return row->n >= DUMP_ROW_PAIRS_LEAST || (r->counted && row->n != 0 && row->n == r->left);
}

/*
 * When all that was announced is there, rows may still follow at once, where lines are doubled. What stands
 * between the rows is noise, up to a point.
 */
static bool hide_row(struct redact *r, struct bytes line, uint8_t *text)
{
	struct dump_row row = dump_row_find(line);

	if (!is_row(r, &row)) {
		r->in_dump = r->counted && ++r->n_between <= BETWEEN_MAX;
		return false;
	}
	hide_pairs(r, line, text, row.from, row.end);
	r->n_between = 0;
	r->counted = r->counted && row.n < r->left;
	r->left -= row.n < r->left ? row.n : r->left;
	return true;
}

static void begin_dump(struct redact *r, struct bytes line, uint64_t least, bool of_data)
{
	uint64_t bytes = 0;

	r->counted = announced(line, &bytes);
	r->left = bytes;
	r->in_dump = !r->counted || bytes >= least;
	r->of_data = of_data;
	r->n_between = 0;
}

/* ---- a line ---- */

/* Where programs go on to data; a new handshake begins in the clear again. */
static void note_phase(struct redact *r, const struct marks_found *f)
{
	if (f->behind[MARK_BEGINS] != MARK_NOWHERE) {
		r->in_payload = false;
		r->n_finished = 0;
	} else if (f->behind[MARK_OVER] != MARK_NOWHERE) {
		r->in_payload = true;
	} else if (f->behind[MARK_FINISHED] != MARK_NOWHERE) {
		r->in_payload = ++r->n_finished >= 2;
	}
}

static bool hide_by_words(
	struct redact *r, struct bytes b, uint8_t *text, const struct marks_found *f)
{
	size_t secret =
		f->behind[MARK_PUBLIC] == MARK_NOWHERE ? f->behind[MARK_SECRET] : MARK_NOWHERE;
	bool hidden = hide_values(r, b, text, f->behind[MARK_VALUE]);

	if (secret != MARK_NOWHERE) {
		if (hide_digits(r, b, text, secret))
			return true;
		begin_dump(r, b, 1, false);
		return hidden;
	}
	if (f->behind[MARK_DATA] != MARK_NOWHERE)
		begin_dump(r, b, 1, true);
	else if (r->in_payload && f->behind[MARK_PAYLOAD] != MARK_NOWHERE)
		begin_dump(r, b, PAYLOAD_LEAST, true);
	if (f->behind[MARK_HEADER] == MARK_NOWHERE)
		return hidden;
	mask_all(text, f->behind[MARK_HEADER], b.len);
	return true;
}

static bool hide(struct redact *r, struct bytes b, uint8_t *text)
{
	struct marks_found f;
	bool marked = marks_find(&r->marks, b, &f), hidden;

	note_phase(r, &f);
	if (hide_pem(r, b, text, f.behind[MARK_PRIVATE_KEY]) || hide_array(r, b, text) ||
		hide_key_log(r, b, text))
		return true;
	r->in_dump = r->in_dump && f.behind[MARK_DUMP] == MARK_NOWHERE;
	if (r->in_dump && hide_row(r, b, text))
		return true;
	hidden = hide_user(b, text);
	return (marked && hide_by_words(r, b, text, &f)) || hidden;
}

bool redact_line(struct redact *r, const struct log_line *line, uint8_t *text)
{
	size_t skipped = (size_t)(line->text.data - line->whole.data);
	bool hidden = line->text.len != 0 && hide(r, line->text, text + skipped);

	return mask_known(&r->mask, line->whole, text) || hidden;
}

void redact_words(struct redact *r, uint8_t *words, size_t len)
{
	r->in_dump = r->in_pem = r->in_array = r->in_payload = false;
	r->n_finished = 0;
	if (len != 0)
		(void)hide(r, bytes_of(words, len), words);
}
