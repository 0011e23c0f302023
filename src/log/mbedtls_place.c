/* Where in the library a line was printed, at which level, of which context; and the rest, its body. */
#include "log/mbedtls.h"

#include "base/array.h"

/* The files that print, and what their names say. */
static const struct source {
	const char *name;
	int role; /* -1: both */
	const char *library;
} sources[] = {
	{ "ssl_msg.c", -1, NULL },
	{ "ssl_tls.c", -1, NULL },
	{ "ssl_cli.c", SIDE_CLIENT, "mbedTLS 2.x" },
	{ "ssl_srv.c", SIDE_SERVER, "mbedTLS 2.x" },
	{ "ssl_misc.h", -1, "mbedTLS 3.x" },
	{ "ssl_client.c", SIDE_CLIENT, "mbedTLS 3.x" },
	{ "ssl_tls12_client.c", SIDE_CLIENT, "mbedTLS 3.x" },
	{ "ssl_tls12_server.c", SIDE_SERVER, "mbedTLS 3.x" },
	{ "ssl_tls13_client.c", SIDE_CLIENT, "mbedTLS 3.x" },
	{ "ssl_tls13_server.c", SIDE_SERVER, "mbedTLS 3.x" },
	{ "ssl_tls13_generic.c", -1, "mbedTLS 3.x" },
	{ "ssl_tls13_keys.c", -1, "mbedTLS 3.x" },
	{ "ssl_server.c", SIDE_SERVER, NULL },
	{ "ssl_cache.c", SIDE_SERVER, NULL },
	{ "ssl_cookie.c", SIDE_SERVER, NULL },
	{ "ssl_ticket.c", SIDE_SERVER, NULL },
	{ "ssl_ciphersuites.c", -1, NULL },
	{ "ssl_internal.h", -1, "mbedTLS 2.x" },
	{ "ssl_debug_helpers_generated.c", -1, "mbedTLS 3.x" },
	{ "ssl_tls13_invasive.h", -1, "mbedTLS 3.x" },
};

static bool is_path(uint8_t ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       (ch != 0 && strchr("_-./\\~+", ch) != NULL);
}

/* The source file whose name ends at `end`, and where its path begins. */
static const struct source *source_ending(struct bytes text, size_t end, size_t *begin)
{
	for (size_t i = 0; i < COUNT(sources); i++) {
		size_t n = strlen(sources[i].name);

		if (n > end || text.data[end - n] != 's' ||
			memcmp(text.data + end - n, sources[i].name, n) != 0)
			continue;
		if (n < end && text.data[end - n - 1] == '_')
			continue;
		*begin = end - n;
		/* "../mbedtls/library/", "..\\library\\": but not the words of a program before it */
		if (*begin != 0 && (text.data[*begin - 1] == '/' || text.data[*begin - 1] == '\\'))
			while (*begin != 0 && is_path(text.data[*begin - 1]))
				(*begin)--;
		return &sources[i];
	}
	return NULL;
}

/* ":0123: ", ":123 ", "(123): " */
static bool line_number(struct scan *s, uint64_t *number)
{
	struct scan t = *s;
	bool bracket = scan_char(&t, '(');

	if (!bracket && !scan_char(&t, ':'))
		return false;
	if (!scan_decimal(&t, number) || *number > 99999 || (bracket && !scan_char(&t, ')')))
		return false;
	(void)scan_char(&t, ':');
	if (!scan_is_at_end(&t) && !scan_char(&t, ' '))
		return false;
	*s = t;
	return true;
}

static void level_and_pointer(struct scan *s, struct mbed_line *out)
{
	struct scan t = *s;
	uint64_t v;

	if (scan_char(&t, '|') && scan_decimal(&t, &v) && v <= 9 && scan_char(&t, '|')) {
		(void)scan_char(&t, ' ');
		out->level = (unsigned)v;
		*s = t;
	}
	t = *s;
	if (scan_word(&t, "0x") && scan_hex(&t, &v) && scan_word(&t, ": ")) {
		out->pointer = v;
		*s = t;
	}
}

/* "x.c:12: " anywhere: the first that is a file of the library counts. */
static bool find_place(struct bytes text, struct mbed_line *out)
{
	for (size_t at = 0; at + 4 < text.len;) {
		const uint8_t *dot = memchr(text.data + at, '.', text.len - at - 2);
		const struct source *file;
		struct scan s;
		uint64_t number;
		size_t begin, end;

		if (dot == NULL)
			return false;
		at = (size_t)(dot - text.data) + 1;
		if (dot[1] != 'c' && dot[1] != 'h')
			continue;
		end = at + 1;
		s = scan_of(bytes_slice(text, end, text.len));
		if (!line_number(&s, &number) || (file = source_ending(text, end, &begin)) == NULL)
			continue;
		out->located = true;
		out->tls13 = strncmp(file->name, "ssl_tls13_", 10) == 0;
		out->before = bytes_slice(text, 0, begin);
		out->place = (uint32_t)((size_t)(file - sources + 1) << 20 | number);
		out->role_known = file->role >= 0;
		out->role = file->role == SIDE_SERVER ? SIDE_SERVER : SIDE_CLIENT;
		out->library = file->library;
		level_and_pointer(&s, out);
		out->body = scan_rest(&s);
		return true;
	}
	return false;
}

/* How lines begin that nothing else prints: of programs that print the body alone. */
static bool is_body(struct bytes b)
{
	static const char *const words[] = { "=> handshake", "<= handshake", "=> write ",
		"<= write ", "=> parse ", "<= parse ", "<= skip ", "=> read record",
		"<= read record", "=> fetch input", "<= fetch input", "=> flush output",
		"<= flush output", "=> send alert message", "<= send alert message", "=> free",
		"=> encrypt buf", "=> decrypt buf", "=> renegotiate", "dumping '", "value of '",
		"client state: ", "server state: ", "handshake state: ", "got an alert message, ",
		"is a fatal alert message ", "send alert level=", "input record: msgtype",
		"output record: msgtype", "handshake message: msglen",
		"x509_verify_cert() returned", "ssl->f_recv(", "ssl->f_send(",
		"reuse previously read message", "requesting more data than fits",
		"TLS handshake fragmentation not supported" };

	if (b.len < 4 || b.data[0] == 0 || strchr("=<dvcshgiorxT", b.data[0]) == NULL)
		return false;
	for (size_t i = 0; i < COUNT(words); i++)
		if (text_begins(b, words[i]))
			return true;
	return false;
}

bool mbed_take_apart(const struct log_line *line, struct mbed_line *out)
{
	struct scan s = scan_of(text_trim(line->text));

	mbed_take_whole(line, out);
	if (find_place(line->text, out))
		return true;
	level_and_pointer(&s, out);
	out->body = scan_rest(&s);
	return is_body(out->body);
}

void mbed_take_whole(const struct log_line *line, struct mbed_line *out)
{
	*out = (struct mbed_line){ .line = line, .at = line->at, .body = line->text };
}
