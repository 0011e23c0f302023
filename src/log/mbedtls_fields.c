/* What both sides agree on, and what is asked for, as lines of levels 2 and 3 state it. */
#include "log/mbedtls.h"

#include "base/array.h"
#include "names/names.h"

enum { NAME_MAX_LEN = 96 };

static void text_of(char out[static NAME_MAX_LEN], struct bytes b)
{
	size_t n = b.len < NAME_MAX_LEN - 1 ? b.len : NAME_MAX_LEN - 1;

	if (n != 0)
		memcpy(out, b.data, n);
	out[n] = '\0';
}

void mbed_set_suite(struct mbed *m, struct mbed_context *c, int suite, struct log_at at)
{
	struct log_conn *conn;

	if (suite < 0 || suite > UINT16_MAX || (conn = mbed_conn(m, c, at)) == NULL)
		return;
	c->suite = conn->facts.suite = (uint16_t)suite;
	c->suite_known = conn->facts.suite_known = true;
}

void mbed_set_version(struct mbed *m, struct mbed_context *c, uint16_t version, struct log_at at)
{
	struct log_conn *conn = mbed_conn(m, c, at);

	if (conn == NULL || version == 0)
		return;
	c->version = conn->facts.version = version;
	if (version >> 8 == 0xfe)
		conn->facts.datagrams = true;
}

void mbed_set_group(struct mbed *m, struct mbed_context *c, int group, struct log_at at)
{
	struct log_conn *conn;

	if (group <= 0 || group > UINT16_MAX || (conn = mbed_conn(m, c, at)) == NULL)
		return;
	c->group = conn->facts.group = (uint16_t)group;
}

/* ---- suites ---- */

/* "c02c", "( 1303 ) - TLS1-3-...", "TLS-ECDHE-...", "TLS1-3-... ( id=4866 )", "c02c - TLS-..." */
static int suite_of(struct bytes b)
{
	struct scan s = scan_of(b);
	struct bytes name;
	char text[NAME_MAX_LEN];
	uint64_t v;

	(void)scan_word(&s, "( ");
	(void)scan_word(&s, "0x");
	if (text_begins(scan_rest(&s), "TLS")) {
		if (!scan_name(&s, "-", &name))
			return -1;
		text_of(text, name);
		if (text_begins(name, "TLS1-3-")) { /* the registry knows no "1-3" in it */
			memmove(text + 3, text + 6, strlen(text + 6) + 1);
		}
		return suite_by_name(text);
	}
	if (!scan_hex(&s, &v) || v > UINT16_MAX)
		return -1;
	return (int)v;
}

/* "client hello, add ciphersuite: 0xc02c (TLS-...)" of 2.x, "c02c, TLS-..." of 3.x */
static void suite_offered(struct mbed_context *c, struct bytes b)
{
	struct mbed_hello *h = &c->hello[SIDE_CLIENT];
	int suite = suite_of(b);

	if (suite < 0 || h->n_suites + 2 > sizeof h->suites)
		return;
	h->suites[h->n_suites++] = (uint8_t)(suite >> 8);
	h->suites[h->n_suites++] = (uint8_t)suite;
}

/* ---- versions ---- */

/* "[3:3]" */
static uint16_t version_of(const struct mbed_context *c, struct scan *s)
{
	uint64_t major, minor;

	(void)c;
	if (!scan_char(s, '[') || !scan_decimal(s, &major) || !scan_char(s, ':') ||
		!scan_decimal(s, &minor) || major != 3 || minor > 4)
		return 0;
	return (uint16_t)(major << 8 | minor);
}

/* ---- groups ---- */

static int group_named(struct bytes b)
{
	static const struct {
		const char *own, *name; /* mbedTLS's short names of RFC 7027's curves */
	} others[] = { { "bp256r1", "brainpoolP256r1" }, { "bp384r1", "brainpoolP384r1" },
		{ "bp512r1", "brainpoolP512r1" } };
	struct scan s = scan_of(b);
	struct bytes name;
	char text[NAME_MAX_LEN];

	if (!scan_name(&s, "", &name))
		return -1;
	text_of(text, name);
	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(text, others[i].own) == 0)
			return group_by_name(others[i].name);
	return group_by_name(text);
}

/* ---- lines ---- */

typedef void line_fn(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at);

static void suite_chosen(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	mbed_set_suite(m, c, suite_of(rest), at);
}

static void add_suite(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	(void)m;
	(void)at;
	suite_offered(c, rest);
}

static void add_scsv(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	(void)m;
	(void)at;
	suite_offered(c, text_begins(rest, "FALLBACK") ? bytes_of("5600", 4) : bytes_of("00ff", 4));
	c->hello[SIDE_CLIENT].has_suites = true;
}

static void suites_added(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	(void)m;
	(void)rest;
	(void)at;
	c->hello[SIDE_CLIENT].has_suites = true;
}

static void extension_length(struct mbed *m, struct mbed_hello *h, struct bytes rest)
{
	struct scan s = scan_of(rest);
	uint64_t n;

	(void)m;
	if (!scan_decimal(&s, &n) || n > UINT16_MAX || n == 0)
		return;
	h->has_length = true;
	h->extensions_length = (size_t)n;
	if (h->n_extensions > n)
		h->n_extensions = 0;
}

static void client_length(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	(void)at;
	extension_length(m, &c->hello[SIDE_CLIENT], rest);
}

static void server_length(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	(void)at;
	extension_length(m, &c->hello[SIDE_SERVER], rest);
}

static void hello_length(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	struct scan s = scan_of(rest);
	uint64_t n;

	(void)m;
	(void)at;
	if (scan_decimal(&s, &n))
		c->hello[SIDE_CLIENT].body = (size_t)n;
}

static void hello_record_length(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	struct scan s = scan_of(rest);

	(void)m;
	(void)at;
	if (!scan_decimal(&s, &c->hello_len))
		c->hello_len = 0;
}

static void version_chosen(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	struct scan s = scan_of(rest);

	mbed_set_version(m, c, version_of(c, &s), at);
}

/* "client hello, max version: [3:3]": the version in a ClientHello of 2.x */
static void own_version(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	struct scan s = scan_of(rest);

	(void)m;
	(void)at;
	c->hello[SIDE_CLIENT].version = version_of(c, &s);
}

static void version_13(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	(void)rest;
	mbed_set_version(m, c, 0x0304, at);
}

static void group_chosen(
	struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	mbed_set_group(m, c, group_named(rest), at);
}

static void server_name(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	struct log_conn *conn = mbed_conn(m, c, at);

	rest = text_trim(rest);
	if (conn == NULL || rest.len == 0)
		return;
	conn->facts.sni = conn->facts.name = conn_text(conn, rest);
}

static void resumed(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	struct log_conn *conn = mbed_conn(m, c, at);

	(void)rest;
	if (conn != NULL)
		conn->facts.resumed = true;
}

static void datagrams(struct mbed *m, struct mbed_context *c, struct bytes rest, struct log_at at)
{
	struct log_conn *conn = mbed_conn(m, c, at);

	(void)rest;
	if (conn != NULL)
		conn->facts.datagrams = true;
}

bool mbed_field_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	static const struct {
		const char *words;
		line_fn *take;
	} lines[] = {
		{ "server hello, chosen ciphersuite: ", suite_chosen },
		{ "selected ciphersuite: ", suite_chosen },
		{ "server hello, chosen version: ", version_chosen },
		{ "server hello, total extension length: ", server_length },
		{ "server hello, write selected version", version_13 },
		{ "Selected key exchange mode: ", version_13 },
		{ "client hello, add ciphersuite: ", add_suite },
		{ "client hello, got ", suites_added },
		{ "adding EMPTY_RENEGOTIATION_INFO_SCSV", add_scsv },
		{ "client hello, max version: ", own_version },
		{ "client hello, adding server name extension: ", server_name },
		{ "client hello, total extension length: ", client_length },
		{ "client hello v3, handshake len.: ", hello_length },
		{ "client hello v3, message len.: ", hello_record_length },
		{ "ECDH curve: ", group_chosen },
		{ "ECDHE curve: ", group_chosen },
		{ "DHE group name: ", group_chosen },
		{ "ECDH/FFDH group: ", group_chosen },
		{ "a session has been resumed", resumed },
		{ "=> mbedtls_ssl_flight_transmit", datagrams },
		{ "initialise flight transmission", datagrams },
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		size_t n = strlen(lines[i].words);

		if (l->body.len < n || l->body.data[0] != (uint8_t)lines[i].words[0] ||
			!text_begins(l->body, lines[i].words))
			continue;
		lines[i].take(m, c, bytes_slice(l->body, n, l->body.len), l->at);
		return true;
	}
	if (text_begins(l->body, "adding FALLBACK_SCSV")) {
		add_scsv(m, c, bytes_of("FALLBACK", 8), l->at);
		return true;
	}
	return false;
}
