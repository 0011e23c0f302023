/*
 * What is secret is known by the words in front of it. A row of a dump belongs to the words last before it,
 * as many rows as they announce. What was once known for a secret is masked wherever else it stands.
 */
#include "log/redact.h"

#include "base/array.h"
#include "log/scan.h"

enum {
	DIGITS_LEAST = 16, /* hexadecimal digits in a row: what is shorter is no secret */
	PAYLOAD_LEAST = 4, /* bytes in the clear: an alert with its type is not hidden */
	ROW_PAIRS_LEAST = 4,
	BETWEEN_MAX = 16, /* lines of others between the rows of a dump */
};

/* In lower case. What stands behind them, in the line or in rows below it, is secret. */
static const char *const secrets[] = {
	"master secret", "master-key", "master key", "premaster", "pre-master", "pre master",
	"traffic secret", "traffic_secret", "handshake secret", "early secret", "exporter secret",
	"exporter_secret", "early_secret", "handshake_secret", "key_schedule_stage", "write key",
	"write_key", "key block", "key_block", "keyblk", "finished_key", "finished key",
	"binder key", "binder_key", "resumption psk", "resumption_psk", "resumption secret",
	"resumption_master", "shared secret", "'ecdh: z", /* mbedTLS 2: what both sides computed */
	"'dhm: k", "'dhm: x", "ecdh shared", "dhe shared", "mac key", "mac_key", "mac secret",
	"'pms'", "write secret", "'psk'", "keying material",
	"session ticket:", /* of OpenSSL's client: a dump */
};

/* What stands behind them up to the next blank or comma is secret, whatever it is. */
static const char *const values[] = { "psk=", "psk =", "psk:", "--psk ", "-psk ", "pskkey ",
	"pskkey=", "psk_key=", "psk_key =", "password=", "password =", "password:",
	"password\": \"", "passwd=", "passphrase=", "--password ", "--pass ",
	"-pass pass:", "pwd=", "token=", "token\": \"", "api_key=", "apikey=", "bearer " };

/* Of dumps: what was in protected records. Of the handshake it is no secret. */
static const char *const payloads[] = { "input payload after decrypt",
	"before encrypt: output payload", "raw buffer after decryption", "output payload",
	"input payload", "application data", "plaintext before encryption",
	"plaintext after decryption" };

/* Of programs that never show anything but application data so: curl --trace. */
static const char *const datas[] = { "=> send data", "<= recv data", "=> send header",
	"<= recv header" };

/* Values of headers of HTTP that let somebody in. */
static const char *const headers[] = {
	"authorization:", "cookie:", "set-cookie:", "x-api-key:", "x-auth-token:"
};

/* Key logs in NSS's format: LABEL, random, secret. */
static const char *const labels[] = { "CLIENT_RANDOM ", "CLIENT_HANDSHAKE_TRAFFIC_SECRET ",
	"SERVER_HANDSHAKE_TRAFFIC_SECRET ", "CLIENT_TRAFFIC_SECRET_", "SERVER_TRAFFIC_SECRET_",
	"CLIENT_EARLY_TRAFFIC_SECRET ", "EARLY_EXPORTER_SECRET ", "EXPORTER_SECRET ",
	"PMS_CLIENT_RANDOM ", "RSA Session-ID:", "RSA " };

/* Arrays of C whose bytes are secret. */
static const char *const arrays[] = { "psk", "key", "secret", "priv" };

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

/* The word behind "psk=" and the like. */
static bool hide_value(struct redact *r, struct bytes b, uint8_t *text)
{
	bool hidden = false;

	for (size_t i = 0; i < COUNT(values); i++) {
		size_t from = behind(b, values[i]), end;

		while (from < b.len && (b.data[from] == ' ' || b.data[from] == '"'))
			from++;
		for (end = from; end < b.len && strchr(" ,;\"'", b.data[end]) == NULL;)
			end++;
		if (end <= from)
			continue;
		mask_learn(&r->mask, b, from, end);
		mask_all(text, from, end);
		hidden = true;
	}
	return hidden;
}

/* "https://user:word@host" */
static bool hide_user(struct bytes b, uint8_t *text)
{
	size_t at = behind(b, "://"), colon = 0;

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

static bool hide_header(struct bytes b, uint8_t *text)
{
	size_t at = behind_any(b, headers, COUNT(headers));

	if (at < b.len)
		mask_all(text, at, b.len);
	return at < b.len;
}

/* ---- private keys ---- */

static bool is_base64(uint8_t c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '+' ||
	       c == '/' || c == '=';
}

/* In PEM, over lines or with all of it in one; escapes and quotation marks of strings stay. */
static bool hide_pem(struct redact *r, struct bytes b, uint8_t *text)
{
	size_t at = 0, end = b.len;

	if (!r->in_pem) {
		at = behind(b, "private key-----");
		if (at > b.len || !text_has(b, "-----BEGIN"))
			return false;
		r->in_pem = true;
	}
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

/* A public key, a key share, a message with a key in its name are no secrets. */
static bool begins_array(struct bytes b)
{
	static const char *const known[] = { "pub", "share", "exchange", "cert" };
	size_t at = text_find(b, "[");
	struct bytes name = bytes_slice(b, 0, at), rest = bytes_slice(b, at, b.len);

	return at != b.len && text_has(rest, "=") && text_has(rest, "{") &&
	       behind_any(name, arrays, COUNT(arrays)) <= name.len &&
	       behind_any(name, known, COUNT(known)) > name.len;
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

/* A row of a dump: an offset, or none, and pairs of digits, from *from to *end. */
struct row {
	bool offset;
	size_t n, from, end;
};

static struct row row_at(struct bytes line, size_t at)
{
	struct bytes b = bytes_slice(line, at, line.len);
	struct scan s = scan_of(b);
	struct row row = { .n = 0 };
	uint64_t value;
	uint8_t byte;

	row.offset = scan_hex(&s, &value) && (scan_char(&s, ':') || scan_word(&s, " -"));
	if (!row.offset)
		s = scan_of(b);
	(void)scan_blanks(&s);
	row.from = row.end = at + (size_t)(s.at - b.data);
	while (scan_hex_byte(&s, &byte)) {
		row.n++;
		row.end = at + (size_t)(s.at - b.data);
		if (!scan_char(&s, '-') && !scan_char(&s, ':'))
			(void)scan_char(&s, ' ');
		(void)(row.n % 8 == 0 && scan_char(&s, ' '));
	}
	return row;
}

/* Whatever stands before it ("ssl_tls.c:1078: "): the row that shows most, of those with an offset first. */
static struct row row_find(struct bytes line)
{
	enum { BEFORE_MAX = 200 };
	struct row best = { .n = 0 };

	for (size_t at = 0; at < line.len && at < BEFORE_MAX; at++) {
		bool begins = at == 0 || line.data[at - 1] == ' ' || line.data[at - 1] == '\t';
		struct row row = { .n = 0 };

		if (begins && mask_is_digit(line.data[at]))
			row = row_at(line, at);
		if (row.offset > best.offset || (row.offset == best.offset && row.n > best.n))
			best = row;
		if (best.offset && best.n >= ROW_PAIRS_LEAST)
			return best;
	}
	return best;
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
static bool is_row(const struct redact *r, const struct row *row)
{
	if (row->offset)
		return row->n != 0 || (r->of_data && !r->counted); /* of letters alone: curl */
	return row->n >= ROW_PAIRS_LEAST || (r->counted && row->n != 0 && row->n == r->left);
}

/*
 * When all that was announced is there, rows may still follow at once, where lines are doubled. What stands
 * between the rows is noise, up to a point.
 */
static bool hide_row(struct redact *r, struct bytes line, uint8_t *text)
{
	struct row row = row_find(line);

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
static void note_phase(struct redact *r, struct bytes b)
{
	if (text_has(b, "=> handshake") || text_has(b, "Produced ClientHello") ||
		text_has(b, "Consuming ClientHello")) {
		r->in_payload = false;
		r->n_finished = 0;
	} else if (text_has(b, "<= handshake") || text_has(b, "handshake is over")) {
		r->in_payload = true;
	} else if (text_has(b, "Finished handshake message")) {
		r->in_payload = ++r->n_finished >= 2;
	}
}

static bool is_dump_head(struct bytes b)
{
	return text_has(b, "dumping '") || text_has(b, "value of '");
}

static bool hide_by_words(struct redact *r, struct bytes b, uint8_t *text)
{
	size_t at =
		text_has(b, "session hash") ? b.len + 1 : behind_any(b, secrets, COUNT(secrets));
	bool hidden = hide_value(r, b, text);

	hidden |= hide_user(b, text);
	if (at <= b.len) {
		if (hide_digits(r, b, text, at))
			return true;
		begin_dump(r, b, 1, false);
		return hidden;
	}
	if (behind_any(b, datas, COUNT(datas)) <= b.len)
		begin_dump(r, b, 1, true);
	else if (r->in_payload && behind_any(b, payloads, COUNT(payloads)) <= b.len)
		begin_dump(r, b, PAYLOAD_LEAST, true);
	return hide_header(b, text) || hidden;
}

static bool hide(struct redact *r, struct bytes b, uint8_t *text)
{
	note_phase(r, b);
	if (hide_pem(r, b, text) || hide_array(r, b, text) || hide_key_log(r, b, text))
		return true;
	r->in_dump = r->in_dump && !is_dump_head(b);
	if (r->in_dump && hide_row(r, b, text))
		return true;
	return hide_by_words(r, b, text);
}

bool redact_line(struct redact *r, const struct log_line *line, uint8_t *text)
{
	size_t skipped = (size_t)(line->text.data - line->whole.data);
	bool hidden = hide(r, line->text, text + skipped);

	return mask_known(&r->mask, line->whole, text) || hidden;
}
