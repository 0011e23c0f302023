/* Rows of hex, as they are and as the other stream's output broke them. */
#include "log/openssl_rows.h"

#include "base/array.h"
#include "log/scan.h"

enum { ROW_MAX = 64, NO_HALF = 0, THREAD_DIGITS = 16 };

void openssl_rows_begin(
	struct openssl_rows *r, enum openssl_row_form form, uint64_t want, struct log_at at)
{
	r->form = form;
	r->at = at;
	r->want = want;
	r->len = 0;
	r->lost = 0;
	r->half = NO_HALF;
}

static void add(struct openssl_rows *r, uint8_t byte)
{
	if (r->lost == 0 && r->len < OPENSSL_ROWS_MAX)
		r->bytes[r->len++] = byte;
	else
		r->lost++;
}

static bool is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "...D4+80DB8EFD287F0000:error:0A000418": an error, behind the number of its thread in 16 digits */
static size_t error_in(struct bytes text)
{
	size_t at = text_find(text, ":error:"), n = 0;

	if (at == text.len)
		return text.len;
	while (n < THREAD_DIGITS && n < at && is_hex(text.data[at - n - 1]))
		n++;
	return at - n;
}

size_t openssl_interruption(struct bytes text)
{
	static const char *const words[] = { "depth=", "verify error:", "verify return:",
		"Can't use SSL_get_servername", "SSL_connect:", "SSL_accept:", "SSL3 alert " };

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t at = text_find(text, words[i]);

		if (at != text.len)
			return at;
	}
	return error_in(text);
}

/* Two digits with a blank, a '-' or nothing behind them. */
static bool pair(struct scan *s, uint8_t *byte)
{
	struct scan t = *s;

	if (!scan_hex_byte(&t, byte) || is_hex(scan_peek(&t)))
		return false;
	if (!scan_is_at_end(&t) && !scan_char(&t, ' ') && !scan_char(&t, '-') &&
		!scan_char(&t, '\t'))
		return false;
	*s = t;
	return true;
}

/* The pairs of a row, of which the offset is gone. Behind three blanks stands what they mean as text. */
static size_t pairs(struct openssl_rows *r, struct scan *s)
{
	size_t n = 0;
	uint8_t byte;

	if (r->half != NO_HALF && is_hex(scan_peek(s))) {
		uint8_t both[2] = { r->half, scan_peek(s) };
		struct scan t = scan_of(bytes_of(both, 2));

		s->at++;
		r->half = NO_HALF;
		if (scan_hex_byte(&t, &byte)) {
			add(r, byte);
			n++;
		}
		(void)(scan_char(s, ' ') || scan_char(s, '-'));
	}
	while (n < ROW_MAX && !openssl_rows_full(r) && pair(s, &byte)) {
		add(r, byte);
		n++;
		if (scan_peek(s) == ' ')
			break;
	}
	return n;
}

/* "0010 - ": where it says that this row begins; UINT64_MAX: it does not. */
static uint64_t offset(struct scan *s)
{
	struct scan t = *s;
	uint64_t at;

	(void)scan_blanks(&t);
	if (!scan_hex(&t, &at) || t.at - s->at < 4 || !scan_word(&t, " - "))
		return UINT64_MAX;
	*s = t;
	return at;
}

/* Rows that are not there leave a hole: what is behind it is not in its place. */
static bool debug_offset(struct openssl_rows *r, struct scan *s)
{
	uint64_t at = offset(s);

	if (at == UINT64_MAX)
		return r->half != NO_HALF || r->len % 16 != 0;
	if (at > r->len)
		r->lost += at - r->len;
	return at >= r->len;
}

/* False: what stands there is no row, and whatever looked like one is not to be kept. */
static bool row(struct openssl_rows *r, struct bytes text, bool broken)
{
	struct scan s = scan_of(text);
	size_t n;

	if (r->form == OPENSSL_ROWS_DEBUG && !debug_offset(r, &s))
		return false;
	(void)scan_blanks(&s);
	n = pairs(r, &s);
	if (broken && s.end - s.at == 1 && is_hex(*s.at)) {
		r->half = *s.at;
		return true;
	}
	if (broken && n == 0)
		return scan_is_at_end(&s) && text.len != 0;
	return n != 0 && (r->form == OPENSSL_ROWS_DEBUG || openssl_rows_full(r) ||
				 text_trim(scan_rest(&s)).len == 0);
}

bool openssl_rows_take(struct openssl_rows *r, struct bytes text, struct bytes *rest)
{
	size_t end, len = r->len;
	uint64_t lost = r->lost;

	*rest = bytes_of(NULL, 0);
	if (r->form == OPENSSL_ROWS_NONE || openssl_rows_full(r))
		return false;
	end = openssl_interruption(text);
	*rest = bytes_slice(text, end, text.len);
	if (row(r, bytes_slice(text, 0, end), end != text.len))
		return true;
	r->len = len;
	r->lost = lost;
	return false;
}
