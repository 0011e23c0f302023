/*
 * mbedtls_x509_crt_info(), openssl x509 -text and gnutls-cli: the subject and the end of its validity, in either order.
 * A new subject begins a new certificate.
 */
#include "log/printed.h"

#include "log/scan.h"

static void keep(char out[static PRINTED_MAX], struct bytes b)
{
	size_t n = b.len < PRINTED_MAX - 1 ? b.len : PRINTED_MAX - 1;

	while (n != 0 && n < b.len && (b.data[n] & 0xc0) == 0x80)
		n--; /* no half of a character */
	if (n != 0)
		memcpy(out, b.data, n);
	out[n] = '\0';
}

/* "subject name      : CN=x": behind the place that mbedTLS prints in front. Colons are few in a line. */
static bool padded(struct bytes text, const char *key, struct bytes *value)
{
	size_t n = strlen(key);

	for (size_t at = 0; at < text.len; at++) {
		const uint8_t *p = memchr(text.data + at, ':', text.len - at);

		if (p == NULL)
			return false;
		at = (size_t)(p - text.data);
		if (at < n + 2 || p[-1] != ' ' || p[-2] != ' ')
			continue;
		for (size_t end = at; end > n && text.data[end - 1] == ' '; end--)
			if (memcmp(text.data + end - 1 - n, key, n) == 0) {
				*value = text_trim(bytes_slice(text, at + 1, text.len));
				return true;
			}
	}
	return false;
}

static bool behind(struct bytes text, const char *key, struct bytes *value)
{
	if (!text_begins(text, key))
		return false;
	*value = text_trim(bytes_slice(text, strlen(key), text.len));
	return true;
}

/* " - subject `CN=x', issuer `CN=y', ..., expires `2026-12-30 15:52:31 UTC', ..." */
static bool quoted(struct bytes text, const char *key, struct bytes *value)
{
	struct scan s = scan_of(text);
	struct bytes before;

	return scan_until(&s, key, &before) && scan_until(&s, "'", value);
}

static bool take(struct printed *p, struct bytes text)
{
	struct bytes value;

	if (padded(text, "subject name", &value) || behind(text, "Subject: ", &value)) {
		keep(p->subject, value);
		return true;
	}
	if (padded(text, "expires on", &value) || behind(text, "Not After : ", &value)) {
		keep(p->until, value);
		return true;
	}
	if (!text_begins(text, "- subject `") || !quoted(text, "expires `", &value))
		return false;
	keep(p->until, value);
	if (quoted(text, "subject `", &value))
		keep(p->subject, value);
	return true;
}

bool printed_take(struct printed *p, const struct log_line *line)
{
	struct printed before = *p;

	if (!take(p, text_trim(line->text)))
		return false;
	if (before.subject[0] == '\0' && before.until[0] == '\0')
		p->line = line->at.line;
	if (p->subject[0] == '\0' || p->until[0] == '\0')
		return false;
	return true;
}
