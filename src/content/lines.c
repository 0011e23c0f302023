/*
 * Texts. Most are told by the beginning of a line that nothing else begins so; the kinds are looked for
 * in an order, because a log may hold PEM, and a forum post everything.
 */
#include "content/lines.h"

#include "base/array.h"
#include "base/hex_text.h"

enum { NUL_FREE = 4096, LABEL_ROOM = 48, LOG_LINES = 2, HEX_RUN = 16 };

bool content_is_text(struct bytes first)
{
	struct bytes part = bytes_slice(first, 0, NUL_FREE);
	size_t odd = 0;

	for (size_t i = 0; i < part.len; i++) {
		if (part.data[i] == '\0')
			return false;
		odd += part.data[i] < ' ' && strchr("\t\n\v\f\r\x1b", part.data[i]) == NULL;
	}
	return odd * 64 <= part.len;
}

static struct bytes skip_mark(struct bytes text)
{
	return text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0
		       ? bytes_slice(text, 3, text.len)
		       : text;
}

static bool next_line(struct bytes *left, struct bytes *line)
{
	const uint8_t *end = left->len != 0 ? memchr(left->data, '\n', left->len) : NULL;
	size_t len = end != NULL ? (size_t)(end - left->data) : left->len;

	if (left->len == 0)
		return false;
	*line = bytes_slice(*left, 0, len);
	*left = bytes_slice(*left, len + (end != NULL), left->len);
	while (line->len != 0 && (line->data[0] == ' ' || line->data[0] == '\t'))
		*line = bytes_slice(*line, 1, line->len);
	return true;
}

static bool begins(struct bytes line, const char *with)
{
	size_t n = strlen(with);

	return line.len >= n && memcmp(line.data, with, n) == 0;
}

static bool holds(struct bytes text, const char *what)
{
	size_t n = strlen(what);

	for (size_t at = 0; at + n <= text.len; at++) {
		const uint8_t *p = memchr(text.data + at, what[0], text.len - at - n + 1);

		if (p == NULL)
			return false;
		at = (size_t)(p - text.data);
		if (memcmp(p, what, n) == 0)
			return true;
	}
	return false;
}

/* ---- what a line begins with ---- */

static const struct {
	const char *with;
	enum content_kind kind;
} beginnings[] = {
	{ "ssh-rsa AAAA", CONTENT_SSH_PUBLIC_KEY },
	{ "ssh-dss AAAA", CONTENT_SSH_PUBLIC_KEY },
	{ "ssh-ed25519 AAAA", CONTENT_SSH_PUBLIC_KEY },
	{ "ecdsa-sha2-nistp", CONTENT_SSH_PUBLIC_KEY },
	{ "sk-ssh-ed25519@", CONTENT_SSH_PUBLIC_KEY },
	{ "sk-ecdsa-sha2-nistp", CONTENT_SSH_PUBLIC_KEY },
	{ "---- BEGIN SSH2 PUBLIC KEY", CONTENT_SSH_PUBLIC_KEY },
	{ "PuTTY-User-Key-File-", CONTENT_PUTTY_KEY },
	{ "CLIENT_RANDOM ", CONTENT_KEYLOG },
	{ "CLIENT_HANDSHAKE_TRAFFIC_SECRET ", CONTENT_KEYLOG },
	{ "SERVER_HANDSHAKE_TRAFFIC_SECRET ", CONTENT_KEYLOG },
	{ "CLIENT_TRAFFIC_SECRET_0 ", CONTENT_KEYLOG },
	{ "SERVER_TRAFFIC_SECRET_0 ", CONTENT_KEYLOG },
	{ "<pdml", CONTENT_PDML },
	{ "<?xml-stylesheet type=\"text/xsl\" href=\"pdml2html.xsl\"", CONTENT_PDML },
	{ "\"_index\": \"packets-", CONTENT_TSHARK_JSON },
	{ "[{\"_index\":\"packets-", CONTENT_TSHARK_JSON },
	{ "#define MBEDTLS_", CONTENT_CONFIG },
	{ "//#define MBEDTLS_", CONTENT_CONFIG },
	{ "CONFIG_MBEDTLS_", CONTENT_CONFIG },
	{ "# CONFIG_MBEDTLS_", CONTENT_CONFIG },
};

/* Lines of the debug output of libraries and programs: what they hold. */
static const char *const log_marks[] = { "ssl_tls.c:", "ssl_cli.c:", "ssl_srv.c:", "ssl_msg.c:",
	"ssl_tls12_client.c:", "ssl_tls12_server.c:", "ssl_tls13_client.c:", "ssl_tls13_server.c:",
	"ssl_tls13_generic.c:", "ssl_client.c:", "x509_crt.c:", "mbedtls: ", "=> handshake",
	"<= handshake", "mbedtls_ssl_handshake", "CONNECTED(0000",
	"SSL_connect:", "SSL_accept:", ">>> TLS 1.", "<<< TLS 1.", ">>> ??? [length",
	"<<< ??? [length", "Sent Record", "Received Record", "verify error:num=", "(OUT), TLS ",
	"(IN), TLS ", "|<2>|", "|<3>|", "|<4>|", "|<5>|", "|<9>|", "javax.net.ssl|",
	"*** ClientHello", "wolfSSL Entering", "wolfSSL Leaving", "esp-tls",
	"-----BEGIN SSL SESSION PARAMETERS" };

static bool is_log_line(struct bytes line)
{
	for (size_t i = 0; i < COUNT(log_marks); i++)
		if (holds(line, log_marks[i]))
			return true;
	return false;
}

/* "Frame 1: 66 bytes on wire (528 bits), ..." */
static bool is_frame_line(struct bytes line)
{
	return begins(line, "Frame ") && holds(line, " bytes on wire");
}

static enum content_kind label_of(struct bytes line)
{
	char label[LABEL_ROOM];
	size_t len;

	line = bytes_slice(line, strlen("-----BEGIN "), line.len);
	for (len = 0; len < line.len && len + 1 < sizeof label && line.data[len] != '-'; len++)
		label[len] = (char)line.data[len];
	label[len] = '\0';
	return content_tell_label(label);
}

static enum content_kind kind_of_line(struct bytes line)
{
	for (size_t i = 0; i < COUNT(beginnings); i++)
		if (begins(line, beginnings[i].with))
			return beginnings[i].kind;
	if (is_frame_line(line))
		return CONTENT_TSHARK_TEXT;
	return begins(line, "-----BEGIN ") ? label_of(line) : CONTENT_UNKNOWN;
}

/* ---- the whole ---- */

static bool is_report(struct bytes text)
{
	struct bytes head = bytes_slice(text, 0, 256);

	return head.len != 0 && head.data[0] == '{' &&
	       (holds(head, "\"schema\": \"tlsdiag/") || holds(head, "\"schema\":\"tlsdiag/"));
}

/* Nothing but digits in pairs, or a dump with offsets. */
static bool is_hex(struct bytes text)
{
	struct bytes line;
	size_t digits = 0, others = 0;

	if (!hex_text_plausible(text))
		return false;
	if (hex_dump_present(text))
		return true;
	while (next_line(&text, &line)) {
		if (begins(line, "#") || begins(line, "//"))
			continue;
		for (size_t i = 0; i < line.len; i++) {
			bool digit = hex_digit_value(line.data[i]) >= 0;

			digits += digit;
			others += !digit && strchr(" \t\r:,;x{}\\\"", line.data[i]) == NULL;
		}
	}
	return digits >= HEX_RUN && others == 0;
}

static bool is_other_report(struct bytes text)
{
	return holds(text, "<testsuites name=\"tlsdiag\"") ||
	       (holds(text, "sarif") && holds(text, "\"driver\":{\"name\":\"tlsdiag\""));
}

/* PEM in a C source is quoted; check reads such sources. */
static enum content_kind quoted_label(struct bytes text)
{
	return holds(text, "\"-----BEGIN CERTIFICATE") ||
			       holds(text, "\"-----BEGIN RSA PRIVATE KEY") ||
			       holds(text, "\"-----BEGIN EC PRIVATE KEY") ||
			       holds(text, "\"-----BEGIN PRIVATE KEY")
		       ? CONTENT_CERTIFICATE
		       : CONTENT_UNKNOWN;
}

static bool has_head(struct bytes text, const char *with)
{
	for (size_t i = 0; with[i] != '\0'; i++)
		if (i >= text.len || (text.data[i] | 0x20) != (with[i] | 0x20))
			return false;
	return true;
}

/* Texts that are told as a whole, where no line says more. */
static enum content_kind kind_of_text(struct bytes text)
{
	while (text.len != 0 && strchr(" \t\r\n", (char)text.data[0]) != NULL)
		text = bytes_slice(text, 1, text.len);
	if (has_head(text, "<!doctype html") || has_head(text, "<html"))
		return CONTENT_HTML;
	if (has_head(text, "{") && holds(text, "\"kty\""))
		return CONTENT_WEB_KEY;
	if (holds(text, "Certificate:\n    Data:") || holds(text, "Certificate:\r\n    Data:"))
		return CONTENT_CERTIFICATE_TEXT;
	return CONTENT_UNKNOWN;
}

enum content_kind content_tell_lines(struct bytes first)
{
	struct bytes text = skip_mark(first), left = text, line;
	enum content_kind found = CONTENT_UNKNOWN;
	size_t logs = 0;

	if (!content_is_text(text))
		return CONTENT_UNKNOWN;
	if (is_report(text))
		return CONTENT_REPORT;
	if (is_other_report(text))
		return CONTENT_OTHER_REPORT;
	while (next_line(&left, &line) && logs < LOG_LINES) {
		enum content_kind kind = kind_of_line(line);

		logs += is_log_line(line);
		/* parameters may stand before the key they belong to */
		if (found == CONTENT_UNKNOWN || found == CONTENT_OTHER_PEM)
			found = kind != CONTENT_UNKNOWN ? kind : found;
	}
	if (logs >= LOG_LINES)
		return CONTENT_LOG;
	if (found != CONTENT_UNKNOWN)
		return found;
	if (quoted_label(text) != CONTENT_UNKNOWN)
		return quoted_label(text);
	if (logs != 0)
		return CONTENT_LOG;
	if ((found = kind_of_text(text)) != CONTENT_UNKNOWN)
		return found;
	return is_hex(text) ? CONTENT_HEX : CONTENT_UNKNOWN;
}
