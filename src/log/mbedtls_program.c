/* Lines of the programs that mbedTLS is part of: its own test programs, ESP-IDF, Zephyr, Arduino, others. */
#include "log/mbedtls.h"

#include "base/array.h"
#include "names/names.h"
#include "names/strerror_text.h"

#include <stdio.h>

/* ---- banners ---- */

static void keep(char *out, size_t room, struct bytes b)
{
	size_t n = b.len < room - 1 ? b.len : room - 1;

	if (n != 0)
		memcpy(out, b.data, n);
	out[n] = '\0';
}

/* "build version: mbed TLS 2.28.3 (build 35390208)", "Mbed TLS 3.6.6" */
static bool version_banner(struct mbed *m, struct bytes text)
{
	struct scan s = scan_of(text);
	struct bytes before, number;

	if (!scan_until(&s, "bed TLS ", &before) || !scan_name(&s, ".", &number) ||
		number.data[0] < '1' || number.data[0] > '9' || !text_has(number, "."))
		return false;
	(void)snprintf(m->library, sizeof m->library, "mbedTLS %.*s",
		(int)(number.len < 24 ? number.len : 24), (const char *)number.data);
	return true;
}

static void set_port(struct mbed *m, struct scan *s)
{
	uint64_t port;

	m->port = scan_decimal(s, &port) && port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* "Connecting to tcp/192.0.2.10/4433...", "Bind on tcp://192.0.2.10:4433/ ..." */
static bool endpoint(struct mbed *m, struct bytes text, struct log_at at)
{
	struct scan s = scan_of(text);
	struct bytes before, host;
	bool binds = scan_until(&s, "Bind on ", &before);

	if (!binds && !scan_until(&s, "Connecting to ", &before))
		return false;
	if (!scan_word(&s, "tcp") && !scan_word(&s, "udp"))
		return false;
	if (!(binds ? scan_word(&s, "://") && scan_until(&s, "/ ", &host)
		    : scan_char(&s, '/') && scan_until(&s, "/", &host)))
		return true;
	if (binds) { /* the port is behind the last colon */
		size_t colon = host.len;

		while (colon != 0 && host.data[colon - 1] != ':')
			colon--;
		s = scan_of(bytes_slice(host, colon, host.len));
		host = bytes_slice(host, 0, colon != 0 ? colon - 1 : 0);
	}
	keep(m->address, sizeof m->address, host);
	set_port(m, &s);
	m->role_known = true;
	m->role = binds ? SIDE_SERVER : SIDE_CLIENT;
	(void)at;
	return true;
}

/* A program begins a connection: the one before is over, if that came to anything. */
static void next_connection(struct mbed *m)
{
	struct mbed_context *c = mbed_current(m);

	if (c->begun && (c->over || c->done)) {
		mbed_begin(m, c);
		c->renewed = true;
	}
	if (!c->begun && m->role_known) {
		c->role_known = true;
		c->role = m->role;
	}
}

static void succeeded(struct mbed *m, struct log_at at)
{
	struct mbed_context *c = mbed_current(m);

	c->failed = false;
	if (c->done)
		return;
	c->done = true;
	conn_note(mbed_conn(m, c, at),
		&(struct log_note){ .kind = LOG_DONE, .from = c->role, .at = at });
}

/* "    [ Protocol is TLSv1.2 ]": only after a handshake that went well */
static bool agreed(struct mbed *m, struct bytes text, struct log_at at)
{
	struct scan s = scan_of(text);
	struct bytes value;
	char name[64];

	if (scan_word(&s, "[ Protocol is ") && scan_until(&s, " ]", &value)) {
		succeeded(m, at);
		keep(name, sizeof name, value);
		if (version_by_name(name) > 0)
			mbed_set_version(m, mbed_current(m), (uint16_t)version_by_name(name), at);
		return true;
	}
	s = scan_of(text);
	if (scan_word(&s, "[ Ciphersuite is ") && scan_until(&s, " ]", &value)) {
		keep(name, sizeof name, value);
		if (strncmp(name, "TLS1-3-", 7) == 0)
			memmove(name + 3, name + 6, strlen(name + 6) + 1);
		mbed_set_suite(m, mbed_current(m), suite_by_name(name), at);
		return true;
	}
	return false;
}

static bool progress(struct mbed *m, struct bytes text, struct log_at at)
{
	if (version_banner(m, text))
		return true;
	if (endpoint(m, text, at)) {
		next_connection(m);
		return true;
	}
	if (text_has(text, "Waiting for a remote connection")) {
		m->role_known = true;
		m->role = SIDE_SERVER;
		next_connection(m);
		return true;
	}
	if (text_has(text, "Performing the SSL/TLS handshake")) {
		next_connection(m);
		if (text_has(text, "handshake... ok"))
			succeeded(m, at);
		return true;
	}
	return false;
}

/* ---- codes ---- */

/* "-0x2700", "0x2700" (as "0x%x" of -ret prints it), "-9984", "0xffffd900", "0xFFFFFFFFFFFFD900" */
static bool read_code(struct scan *s, bool plain_hex, int64_t *code)
{
	struct scan t = *s;
	bool minus = scan_char(&t, '-');
	uint64_t v;

	if (scan_word(&t, "0x") || (minus && plain_hex)) {
		if (!scan_hex(&t, &v))
			return false;
		if (v > INT32_MAX)
			v = (uint64_t) - (int64_t)(int32_t)(uint32_t)v;
	} else if (!minus || !scan_decimal(&t, &v)) {
		return false;
	}
	if (v == 0 || v > 0x7fff + 0x80)
		return false;
	*s = t;
	*code = -(int64_t)v;
	return true;
}

/* What stands before a sign or a digit that is in the middle of something: a date, a name. */
static bool is_inner(uint8_t c)
{
	return c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* The first code behind the words. */
static bool code_in(struct bytes text, int64_t *code)
{
	for (size_t at = 0; at < text.len; at++) {
		struct scan s = scan_of(bytes_slice(text, at, text.len));

		if (text.data[at] == '-' || text.data[at] == '0') {
			bool inside = at != 0 && is_inner(text.data[at - 1]);

			if (!inside && read_code(&s, false, code))
				return true;
		}
	}
	return false;
}

/* The one that has failed so and of which the program has not yet spoken; else the last one. */
static struct mbed_context *failed_so(struct mbed *m, int64_t code)
{
	for (size_t i = 0; i < MBED_CONTEXTS; i++) {
		struct mbed_context *c = &m->contexts[i];

		if (c->used && c->failed && !c->reported && c->last_code == code)
			return c;
	}
	return mbed_current(m);
}

static void report(struct mbed *m, struct bytes function, int64_t code, const struct log_line *line)
{
	struct mbed_context *c = failed_so(m, code);
	bool final = text_has(function, "handshake") || text_has(function, "setup") ||
		     text_has(function, "net_connect") || text_has(function, "ssl_client");

	if (c->over && c->reported && final)
		mbed_begin(m, c);
	if (text_has(function, "server_handshake"))
		mbed_set_role(m, c, SIDE_SERVER);
	mbed_result(m, c, function, code, text_trim(line->text), line->at);
	if (final && c->begun && !c->verifying) {
		c->reported = true;
		mbed_over(m, c);
	}
}

/* "mbedtls_ssl_handshake returned -0x2700", "psa_crypto_init() failed: -0x89" */
static bool function_code(struct mbed *m, struct bytes text, const struct log_line *line)
{
	static const char *const prefixes[] = { "mbedtls_", "psa_" };

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t at = text_find(text, prefixes[i]);
		struct scan s = scan_of(bytes_slice(text, at, text.len));
		struct bytes name;
		int64_t code;

		if (at == text.len || !scan_name(&s, "", &name) || name.len > 60 ||
			!code_in(scan_rest(&s), &code))
			continue;
		report(m, name, code, line);
		return true;
	}
	return false;
}

/* "Last error was: -0x2700 - X509 - ...": what was said before, unless that line is lost. */
static bool last_error(struct mbed *m, struct bytes text, const struct log_line *line)
{
	struct scan s = scan_of(text);
	struct mbed_context *c;
	int64_t code;

	if (!scan_word(&s, "Last error was: "))
		return false;
	if (!read_code(&s, false, &code))
		return true;
	c = mbed_current(m);
	for (size_t i = 0; i < MBED_CONTEXTS; i++)
		if (m->contexts[i].used && m->contexts[i].last_code == code)
			return true;
	mbed_result(m, c, bytes_of(NULL, 0), code, text, line->at);
	mbed_over(m, c);
	return true;
}

/* What mbedtls_strerror() says: a sentence, or of a number that it does not know the digits. */
static bool strerror_says(struct bytes text, int64_t *code)
{
	struct scan s = scan_of(text);
	struct strerror_text found;
	struct bytes before;
	uint64_t digits;

	if (scan_until(&s, "UNKNOWN ERROR CODE (", &before) && scan_hex(&s, &digits) &&
		digits <= INT16_MAX) {
		*code = -(int64_t)digits;
		return true;
	}
	if (!strerror_text_find(text, &found) || found.n != 1)
		return false;
	*code = found.sum;
	return true;
}

/*
 * "-0x7780" and nothing else, or with a word before it that says what it is: "connect error -0x7780". Such a number is
 * mbedTLS's, if it is one of its high codes; of any other program nobody writes it so.
 */
static bool number_says(struct bytes text, int64_t *code)
{
	static const char *const lead[] = { "rror", "ERROR", "err", "ret", "rc", "ode", "ailed",
		"esult" };
	size_t at = text_find(text, "-0x");
	struct scan s = scan_of(bytes_slice(text, at, text.len));
	struct code_match match[2];
	bool led = at == 0;

	for (size_t i = 0; i < COUNT(lead) && !led; i++)
		led = text_has(bytes_slice(text, 0, at), lead[i]);
	if (at == text.len || !led || (at != 0 && is_inner(text.data[at - 1])) ||
		!read_code(&s, false, code) || *code > -0x1080 || is_inner(scan_peek(&s)))
		return false;
	return (at != 0 || scan_is_at_end(&s)) &&
	       code_of_mbedtls((int)*code, "2.28.3", match) +
			       code_of_mbedtls((int)*code, "3.6.3", match) !=
		       0;
}

/* "SSL - A fatal alert message was received from our peer", and no number with it; or nothing but a number. */
static bool sentence(struct mbed *m, struct bytes text, const struct log_line *line)
{
	struct mbed_context *c = mbed_current(m);
	int64_t code;

	if (!strerror_says(text, &code) && !number_says(text, &code))
		return false;
	for (size_t i = 0; i < MBED_CONTEXTS; i++)
		if (m->contexts[i].used && m->contexts[i].last_code == code)
			return true;
	mbed_result(m, c, bytes_of(NULL, 0), code, text, line->at);
	mbed_over(m, c);
	return true;
}

/* Sentences of frameworks with a code behind them. */
static bool framework_code(struct mbed *m, struct bytes text, const struct log_line *line)
{
	static const struct {
		const char *words;
		const char *function;
		bool plain_hex; /* digits without 0x are hexadecimal as well */
	} sentences[] = {
		{ "TLS handshake error: ", "handshake", true },          /* Zephyr's net_sock_tls */
		{ "Last tls stack error number: ", "handshake", false }, /* ESP-MQTT */
		{ "Last mbedtls failure: ", "handshake", false },        /* ESP-IDF's examples */
		{ "read error :", "mbedtls_ssl_read", false },           /* esp-tls */
		{ "write error :", "mbedtls_ssl_write", false },
		{ "TLS handshake failed: ", "handshake", false },
		{ "SSL handshake failed: ", "handshake", false },
		{ "mbedtls handshake failed: ", "handshake", false },
	};

	for (size_t i = 0; i < COUNT(sentences); i++) {
		size_t at = text_find(text, sentences[i].words);
		struct scan s;
		int64_t code;

		if (at == text.len)
			continue;
		s = scan_of(bytes_slice(text, at + strlen(sentences[i].words), text.len));
		if (!read_code(&s, sentences[i].plain_hex, &code))
			continue;
		report(m, bytes_of(sentences[i].function, strlen(sentences[i].function)), code,
			line);
		return true;
	}
	return false;
}

/*
 * Arduino for ESP32: "_handle_error(): [start_ssl_client():273]: (-9984) X509 - Certificate ...";
 * MicroPython: "OSError: (-9984, 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED')"; mbedTLS's curl: "(-0x2700) X509 - "
 */
static bool bracketed_code(struct mbed *m, struct bytes text, const struct log_line *line)
{
	static const char *const words[] = { "_handle_error(): [", "MBEDTLS_ERR_", " SSL - ",
		" X509 - ", " PK - ", " ECP - ", " NET - ", " BIGNUM - ", " CIPHER - ", " RSA - ",
		" ASN1 - ", " PEM - ", " SSL_" };
	struct scan s = scan_of(text);
	struct bytes before, function = bytes_of("handshake", 9);
	bool known = false;
	int64_t code;

	if (!scan_until(&s, "(-", &before))
		return false;
	for (size_t i = 0; i < COUNT(words) && !known; i++)
		known = text_has(text, words[i]);
	s.at--;
	if (!known || !read_code(&s, false, &code))
		return false;
	s = scan_of(text);
	if (scan_until(&s, "_handle_error(): [", &before)) {
		struct bytes name;

		if (scan_name(&s, "", &name))
			function = name;
	}
	report(m, function, code, line);
	return true;
}

/* ---- others ---- */

static const struct {
	const char *words;
	enum saying saying;
} sayings[] = {
	{ "No matching trusted root certificate found", SAYING_peer_untrusted },
	{ "Failed to verify certificate", SAYING_peer_refused },
	{ "Certificate matched but signature verification failed", SAYING_peer_chain_signature },
	{ "PK verify failed with error", SAYING_peer_chain_signature },
	{ "No server verification option set in esp_tls_cfg_t", SAYING_no_trust_anchors },
	{ "Failed to verify peer certificate", SAYING_peer_refused },
};

static bool bundle(struct mbed *m, struct bytes text, const struct log_line *line)
{
	struct mbed_context *c;

	if (!text_begins(line->tag, "esp-"))
		return false;
	for (size_t i = 0; i < COUNT(sayings); i++) {
		if (!text_begins(text, sayings[i].words))
			continue;
		c = mbed_current(m);
		conn_remark(mbed_conn(m, c, line->at), c->role, sayings[i].saying, text, line->at);
		return true;
	}
	return false;
}

/* ssl_client2, when it has sent its request and reads: in TLS 1.3 this may be how the server judged it. */
static bool reset(struct mbed *m, struct bytes text, const struct log_line *line)
{
	struct mbed_context *c = mbed_current(m);

	if (!text_is(text, "connection was reset by peer"))
		return false;
	if (c->begun && c->role == SIDE_CLIENT) {
		conn_remark(mbed_conn(m, c, line->at), c->role, SAYING_reset, text, line->at);
		conn_ending(mbed_conn(m, c, line->at), SIDE_SERVER, LOG_RESET, line->at);
	}
	return true;
}

/* How lines begin behind which nothing needs to be looked for. */
static bool begins_known(struct bytes t)
{
	return t.len > 8 && t.data[0] != 0 && strchr("[.Lb TlFSm!MC", t.data[0]) != NULL;
}

bool mbed_program_line(struct mbed *m, struct bytes text, const struct log_line *line)
{
	struct bytes t = text_trim(text);
	bool mbed, coded, bang;
	int64_t any;

	if (t.len < 6)
		return false;
	mbed = text_has(t, "bed") || text_has(t, "psa_");
	coded = code_in(t, &any);
	bang = memchr(t.data, '!', t.len) != NULL || text_begins(t, "VERIFY ERROR") ||
	       text_begins(t, "Verify requested") || text_begins(t, "This certificate");
	if (bang && mbed_verify_line(m, t, line->at))
		return true;
	if (coded && (last_error(m, t, line) || (mbed && function_code(m, t, line)) ||
			     framework_code(m, t, line) || bracketed_code(m, t, line)))
		return true;
	if (begins_known(t) && (agreed(m, t, line->at) || progress(m, t, line->at)))
		return true;
	return reset(m, t, line) || bundle(m, t, line) ||
	       ((coded || text_has(t, " - ") || text_has(t, "CODE (")) && sentence(m, t, line));
}

/* ---- settings ---- */

/* A command line, or the program's source beside its log: the peer need not verify. */
bool mbed_setting_line(struct mbed *m, struct bytes text, struct log_at at)
{
	static const char *const settings[] = { "auth_mode=optional", "auth_mode=none",
		"MBEDTLS_SSL_VERIFY_OPTIONAL", "MBEDTLS_SSL_VERIFY_NONE" };
	static const char advice[] = "you may want to use auth_mode="; /* of ssl_client2 */

	if (!text_has(text, "auth_mode=") && !text_has(text, "_SSL_VERIFY_"))
		return false;
	for (size_t i = 0; i < COUNT(settings); i++) {
		if (!text_has(text, settings[i]) || text_has(text, advice))
			continue;
		keep(m->lenient, sizeof m->lenient, bytes_of(settings[i], strlen(settings[i])));
		m->lenient_at = at;
		return true;
	}
	return false;
}

/* ---- boots ---- */

bool mbed_boot_line(struct mbed *m, struct bytes text, struct log_at at)
{
	static const char *const words[] = { "ets J", "ESP-ROM:", "rst:0x", "*** Booting Zephyr OS",
		"*** Booting nRF Connect", "*** Booting Zephyr", "Rebooting...", "U-Boot SPL ",
		"U-Boot ", "Guru Meditation Error", "*** reset:", "I (0) cpu_start",
		"Brownout detector was triggered" };

	if (text.len < 6 || text.data[0] == 0 || strchr("eEr*RUGaIB", text.data[0]) == NULL)
		return false;
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!text_begins(text, words[i]))
			continue;
		mbed_break_off(m, at);
		m->library[0] = m->address[0] = '\0';
		m->role_known = false;
		return true;
	}
	return false;
}
