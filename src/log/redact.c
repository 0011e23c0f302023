/*
 * What is secret is known by the words in front of it. A row of a dump belongs to the words last before it,
 * as many rows as they announce.
 */
#include "log/redact.h"

#include "base/array.h"
#include "log/scan.h"

enum {
	DIGITS_LEAST = 16, /* hexadecimal digits in a row: what is shorter is no secret */
	PAYLOAD_LEAST = 4, /* bytes in the clear: an alert with its type is not hidden */
	ROW_PAIRS_LEAST = 4,
};

/* In lower case. What stands behind them, in the line or in rows below it, is secret. */
static const char *const secrets[] = {
	"master secret",
	"master-key",
	"master key",
	"premaster",
	"pre-master",
	"pre master",
	"traffic secret",
	"traffic_secret",
	"handshake secret",
	"early secret",
	"exporter secret",
	"exporter_secret",
	"early_secret",
	"handshake_secret",
	"key_schedule_stage",
	"client_random ",
	"write key",
	"write_key",
	"key block",
	"key_block",
	"keyblk",
	"finished_key",
	"finished key",
	"binder key",
	"binder_key",
	"resumption psk",
	"resumption_psk",
	"resumption secret",
	"resumption_master",
	"shared secret",
	"'ecdh: z", /* mbedTLS 2: what both sides computed */
	"'dhm: k",
	"'dhm: x",
	"ecdh shared",
	"dhe shared",
	"mac key",
	"mac_key",
	"mac secret",
	"'pms'",
	"'psk'",
	"psk=",
	"psk =",
	"psk:",
	"--psk",
	"-psk ",
	"pskkey",
	"psk_key",
	"keying material",
};

/* Of dumps: what was in protected records. Of the handshake it is no secret. */
static const char *const payloads[] = { "input payload after decrypt",
	"before encrypt: output payload", "raw buffer after decryption", "output payload",
	"input payload", "application data", "send data", "recv data", "send header",
	"recv header" };

/* Values of headers of HTTP that let somebody in. */
static const char *const headers[] = { "authorization:", "cookie:", "set-cookie:", "x-api-key:" };

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Where what comes after the word begins; b.len + 1: it is not there. */
static size_t behind(struct bytes b, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= b.len; i++) {
		size_t k = 0;

		if (lower(b.data[i]) != (uint8_t)word[0])
			continue;
		while (k < n && lower(b.data[i + k]) == (uint8_t)word[k])
			k++;
		if (k == n)
			return i + n;
	}
	return b.len + 1;
}

static size_t behind_any(struct bytes b, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = behind(b, words[i]);

		if (at <= b.len)
			return at;
	}
	return b.len + 1;
}

static bool is_digit(uint8_t c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
}

/* Runs of digits, alone or in pairs with one character between them. */
static bool hide_digits(uint8_t *text, size_t from, size_t len)
{
	bool hidden = false;

	while (from < len) {
		size_t end = from, digits = 0;

		while (end < len && (is_digit(text[end]) ||
					    ((text[end] == ' ' || text[end] == ':') && end > from &&
						    end + 1 < len && is_digit(text[end + 1])))) {
			digits += is_digit(text[end]);
			end++;
		}
		if (digits >= DIGITS_LEAST) {
			for (size_t i = from; i < end; i++)
				if (is_digit(text[i]))
					text[i] = '0';
			hidden = true;
		}
		from = end > from ? end : from + 1;
	}
	return hidden;
}

/* "(48 bytes)", "[48]": how much is announced. */
static bool announced(struct bytes b, uint64_t *bytes)
{
	for (size_t i = 0; i < b.len; i++) {
		struct scan s = scan_of(bytes_slice(b, i + 1, b.len));

		if (b.data[i] != '(' && b.data[i] != '[')
			continue;
		if (scan_decimal(&s, bytes) && (scan_char(&s, ']') || scan_word(&s, " bytes)")))
			return true;
	}
	return false;
}

/* "0x7ffdff51dcc0: ": of which connection. */
static size_t pointer_length(struct bytes b)
{
	struct scan s = scan_of(b);
	uint64_t value;

	(void)scan_blanks(&s);
	if (scan_word(&s, "0x") && scan_hex(&s, &value) && scan_char(&s, ':'))
		return (size_t)(s.at - b.data);
	return 0;
}

/* What mbedTLS's programs put before a row: "ssl_tls.c:4021: |4| 0x7ffdff51dcc0: ". */
static size_t place_length(struct bytes b)
{
	enum { PLACE_MAX = 160 };
	size_t at = 0;

	for (size_t i = 0; i + 3 < b.len && i < PLACE_MAX; i++)
		if (b.data[i] == '|' && b.data[i + 1] >= '0' && b.data[i + 1] <= '9' &&
			b.data[i + 2] == '|')
			at = i + 3;
	return at + pointer_length(bytes_slice(b, at, b.len));
}

/* A row of a dump: an offset, or none, and pairs of digits. *from: where the pairs begin. */
static size_t row_pairs(struct bytes b, size_t *from, size_t *end)
{
	struct scan s = scan_of(b);
	uint64_t offset;
	uint8_t byte;
	size_t n = 0;

	(void)scan_blanks(&s);
	if (scan_hex(&s, &offset) && (scan_char(&s, ':') || scan_word(&s, " -")))
		(void)scan_blanks(&s);
	else {
		s = scan_of(b);
		(void)scan_blanks(&s);
	}
	*from = (size_t)(s.at - b.data);
	while (scan_hex_byte(&s, &byte)) {
		n++;
		*end = (size_t)(s.at - b.data);
		if (!scan_char(&s, '-') && !scan_char(&s, ':'))
			(void)scan_char(&s, ' ');
		(void)(n % 8 == 0 && scan_char(&s, ' '));
	}
	return n;
}

/* The pairs become zeros, what they say in letters behind them dots. */
static bool hide_row(struct redact *r, struct bytes line, uint8_t *text)
{
	size_t place = place_length(line), from = 0, end = 0;
	struct bytes row = bytes_slice(line, place, line.len);
	size_t n = row_pairs(row, &from, &end);

	text += place;
	if (n == 0 || (!r->counted && n < ROW_PAIRS_LEAST))
		return false;
	for (size_t i = from; i < end; i++)
		if (is_digit(text[i]))
			text[i] = '0';
	for (size_t i = end + 2; i < row.len; i++)
		text[i] = '.';
	if (r->counted && n >= r->left)
		r->in_dump = false;
	r->left -= n < r->left ? n : r->left;
	return true;
}

static void begin_dump(struct redact *r, struct bytes line, uint64_t least)
{
	uint64_t bytes = 0;

	r->counted = announced(line, &bytes);
	r->left = bytes;
	r->in_dump = !r->counted || bytes >= least;
}

/* PEM in the line: in base64 a lone A is zero. */
static bool hide_pem(struct redact *r, struct bytes b, uint8_t *text)
{
	bool begins = text_has(b, "-----BEGIN") && text_has(b, "PRIVATE KEY-----");

	if (begins || (r->in_pem && text_has(b, "-----END"))) {
		r->in_pem = begins;
		return false;
	}
	if (!r->in_pem)
		return false;
	for (size_t i = 0; i < b.len; i++)
		if (is_digit(text[i]) || (lower(text[i]) >= 'a' && lower(text[i]) <= 'z') ||
			text[i] == '+' || text[i] == '/')
			text[i] = 'A';
	return true;
}

static bool hide_header(struct bytes b, uint8_t *text)
{
	size_t at = behind_any(b, headers, COUNT(headers));

	for (size_t i = at; i < b.len; i++)
		if (text[i] != ' ')
			text[i] = '.';
	return at < b.len;
}

/* Where mbedTLS's programs go on to data; a new handshake begins in the clear again. */
static void note_phase(struct redact *r, struct bytes b)
{
	if (text_has(b, "=> handshake"))
		r->in_payload = false;
	else if (text_has(b, "<= handshake") || text_has(b, "handshake is over"))
		r->in_payload = true;
}

static bool is_dump_head(struct bytes b)
{
	return text_has(b, "dumping '");
}

bool redact_line(struct redact *r, const struct log_line *line, uint8_t *text)
{
	size_t skipped = (size_t)(line->text.data - line->whole.data), at;
	struct bytes b = line->text;
	uint8_t *mine = text + skipped;

	note_phase(r, b);
	if (hide_pem(r, b, mine))
		return true;
	if (r->in_dump && !is_dump_head(b) && hide_row(r, b, mine))
		return true;
	if (!r->counted || is_dump_head(b))
		r->in_dump = false;
	at = behind_any(b, secrets, COUNT(secrets));
	if (at <= b.len) {
		if (hide_digits(mine, at, b.len))
			return true;
		begin_dump(r, b, 1);
		return false;
	}
	if (r->in_payload && behind_any(b, payloads, COUNT(payloads)) <= b.len)
		begin_dump(r, b, PAYLOAD_LEAST);
	return hide_header(b, mine);
}
