/* What happens while OpenSSL's programs shake hands: states, alerts, and how the connection ended. */
#include "base/array.h"
#include "log/named.h"
#include "log/openssl_conn.h"

enum { FATAL = 2, WARNING = 1 };

/* "SSL3 alert write:fatal:handshake failure" */
static bool on_alert(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_conn_of(in);
	bool write = scan_word(&s, "write:");
	bool fatal = false;
	int alert;

	if (!write && !scan_word(&s, "read:"))
		return false;
	if (scan_word(&s, "fatal:"))
		fatal = true;
	else if (!scan_word(&s, "warning:"))
		return true;
	alert = named_alert(text_trim(scan_rest(&s)));
	in->s->failed = in->s->failed || fatal;
	if (alert < 0 || in->s->bytes.any || in->s->trace.any)
		return true;
	in->s->alert_seen = in->s->alert_seen || !write;
	if (write)
		in->s->bytes.own_alert = in->line->at;
	conn_alert(c, openssl_side(c, write ? OPENSSL_OWN : OPENSSL_PEERS), fatal ? FATAL : WARNING,
		(uint8_t)alert, false, in->line->at);
	return true;
}

/* -state: what was read or written, as OpenSSL names it */
static const struct {
	const char *words;
	bool own;
	uint8_t type;
} states[] = {
	{ "write client hello", true, 1 },
	{ "read server hello", false, 2 },
	{ "read server certificate verify", false, 15 },
	{ "read server certificate request", false, 13 },
	{ "read server certificate", false, 11 },
	{ "read server key exchange", false, 12 },
	{ "read server done", false, 14 },
	{ "read server session ticket", false, 4 },
	{ "read encrypted extensions", false, 8 },
	{ "write client certificate", true, 11 },
	{ "write client key exchange", true, 16 },
	{ "write certificate verify", true, 15 },
	{ "write finished", true, 20 },
	{ "read finished", false, 20 },
	{ "read client hello", false, 1 },
	{ "write server hello", true, 2 },
	{ "write encrypted extensions", true, 8 },
	{ "write server certificate verify", true, 15 },
	{ "write certificate request", true, 13 },
	{ "write certificate", true, 11 },
	{ "write key exchange", true, 12 },
	{ "write server done", true, 14 },
	{ "read client certificate", false, 11 },
	{ "read client key exchange", false, 16 },
	{ "read certificate verify", false, 15 },
};

static void note_state(const struct openssl_input *in, struct log_conn *c, struct bytes words)
{
	for (size_t i = 0; i < COUNT(states); i++) {
		enum openssl_whose whose = states[i].own ? OPENSSL_OWN : OPENSSL_PEERS;
		uint32_t bit = (uint32_t)1 << states[i].type;

		if (!text_has(words, states[i].words))
			continue;
		if ((in->s->bytes.seen[whose] & bit) == 0 && !in->s->bytes.any && !in->s->trace.any)
			conn_seen(c, openssl_side(c, whose), states[i].type, false, in->line->at);
		in->s->bytes.seen[whose] |= bit;
		return;
	}
}

static bool on_client_state(const struct openssl_input *in, struct scan s)
{
	note_state(in, openssl_client_of(in), scan_rest(&s));
	return true;
}

static bool on_server_state(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_conn_of(in);

	said_role(c, SIDE_SERVER);
	note_state(in, c, scan_rest(&s));
	return true;
}

/* "connect:errno=111", "connect: Connection refused", "read:errno=104" */
static bool on_system(const struct openssl_input *in, struct scan s)
{
	static const struct {
		uint64_t number;
		const char *words;
		enum log_ending ending;
	} rows[] = {
		{ 111, "Connection refused", LOG_REFUSED },
		{ 61, "refused", LOG_REFUSED },
		{ 113, "No route to host", LOG_UNREACHABLE },
		{ 101, "Network is unreachable", LOG_UNREACHABLE },
		{ 110, "timed out", LOG_UNANSWERED },
		{ 104, "Connection reset by peer", LOG_RESET },
		{ 54, "reset by peer", LOG_RESET },
		{ 32, "Broken pipe", LOG_RESET },
	};
	struct log_conn *c = openssl_conn_of(in);
	uint64_t number = 0;

	if (scan_word(&s, "errno="))
		(void)scan_decimal(&s, &number);
	if (in->s->ended)
		return true;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (number != rows[i].number && !text_has(scan_rest(&s), rows[i].words))
			continue;
		in->s->ended = true;
		in->s->failed = true;
		openssl_bytes_settle(&in->s->bytes, c);
		conn_ending(c, side_other(said_self(c)), rows[i].ending, in->line->at);
		return true;
	}
	return true;
}

static bool on_connect(const struct openssl_input *in, struct scan s)
{
	if (!scan_word(&s, "errno=") && !scan_char(&s, ' '))
		return false;
	s = scan_of(in->text);
	(void)scan_word(&s, "connect:");
	(void)openssl_client_of(in);
	return on_system(in, s);
}

static bool on_read_errno(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c;
	struct scan t = s;

	if (!text_begins(scan_rest(&s), "errno="))
		return false;
	c = openssl_conn_of(in);
	if (scan_word(&t, "errno=0")) {
		openssl_bytes_settle(&in->s->bytes, c);
		if (!in->s->ended && !in->s->summary)
			conn_ending(c, side_other(said_self(c)), LOG_CLOSED, in->line->at);
		in->s->ended = true;
		return true;
	}
	return on_system(in, s);
}

static bool on_refused(const struct openssl_input *in, struct scan s)
{
	(void)s;
	(void)openssl_client_of(in);
	s = scan_of(in->text);
	return on_system(in, s);
}

const struct openssl_kind openssl_step_kinds[] = {
	{ "SSL3 alert ", on_alert },
	{ "SSL_connect:", on_client_state },
	{ "SSL_accept:", on_server_state },
	{ "connect:", on_connect },
	{ "Connection refused", on_refused },
	{ "read:", on_read_errno },
	{ "write:", on_read_errno },
};
const size_t n_openssl_step_kinds = COUNT(openssl_step_kinds);
