/*
 * wolfSSL's debug log: functions entered and left with their results, messages as they are sent and
 * processed. It names no session: one begins where a client or a server is set going.
 */
#include "base/array.h"
#include "log/named.h"
#include "log/reader.h"
#include "log/said.h"
#include "log/scan.h"

enum { TYPES = 32, TLS13_FIRST = 8 };

struct wolfssl_state {
	bool going; /* SSL_connect or SSL_accept was entered */
	bool over;  /* what comes next is of another session */
	bool tls13;
	int64_t error;            /* the last one that was noted */
	uint32_t sent, processed; /* handshake types, as bits */
};

static struct log_conn *current(struct wolfssl_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_wolfssl, 0);

	if (c != NULL && !s->over)
		return c;
	*s = (struct wolfssl_state){ .over = false };
	return conn_open(notes, LOG_READER_wolfssl, 0, at);
}

static void set_going(struct wolfssl_state *s, struct log_conn *c, enum side role)
{
	s->going = true;
	said_role(c, role);
	if (c != NULL)
		c->facts.library[role] = "wolfSSL";
}

/* ---- messages ---- */

static void note_message(
	struct wolfssl_state *s, struct log_conn *c, uint8_t type, bool own, struct log_at at)
{
	uint32_t *seen = own ? &s->sent : &s->processed;
	uint32_t bit = (uint32_t)1 << type % TYPES;

	if ((*seen & bit) != 0)
		return;
	*seen |= bit;
	s->tls13 = s->tls13 || type == TLS13_FIRST;
	conn_seen(c, own ? said_self(c) : side_other(said_self(c)), type, s->tls13, at);
}

static void note_ccs(struct log_conn *c, bool own, struct log_at at)
{
	conn_note(c, &(struct log_note){ .kind = LOG_CCS,
			     .from = own ? said_self(c) : side_other(said_self(c)),
			     .at = at });
}

static void message_named(
	struct wolfssl_state *s, struct log_conn *c, struct bytes name, bool own, struct log_at at)
{
	int type = named_message(name);

	if (text_begins(name, "change cipher spec"))
		note_ccs(c, own, at);
	else if (text_begins(name, "session ticket"))
		note_message(s, c, 4, own, at);
	else if (text_begins(name, "hello retry request"))
		note_message(s, c, 2, own, at);
	else if (text_begins(name, "server certificate verify"))
		note_message(s, c, 15, own, at);
	else if (type >= 0 && type < TYPES)
		note_message(s, c, (uint8_t)type, own, at);
}

/* "SendClientHello", "SendTls13CertificateVerify": when it returned well */
static void sent(struct wolfssl_state *s, struct log_conn *c, struct bytes function,
	int64_t returned, struct log_at at)
{
	struct scan name = scan_of(function);

	if (returned != 0 || !scan_word(&name, "Send"))
		return;
	(void)scan_word(&name, "Tls13");
	message_named(s, c, scan_rest(&name), true, at);
}

/* ---- errors ---- */

static const struct {
	int64_t code;
	enum saying saying;
	enum sentence_ending ending;
} errors[] = {
	{ -125, SAYING_out_of_memory, SENTENCE_GOES_ON },
	{ -140, SAYING_peer_malformed, SENTENCE_GOES_ON },
	{ -150, SAYING_peer_not_yet_valid, SENTENCE_GOES_ON },
	{ -151, SAYING_peer_expired, SENTENCE_GOES_ON },
	{ -155, SAYING_peer_chain_signature, SENTENCE_GOES_ON },
	{ -170, SAYING_peer_point, SENTENCE_GOES_ON },
	{ -188, SAYING_peer_untrusted, SENTENCE_GOES_ON },
	{ -213, SAYING_entropy, SENTENCE_GOES_ON },
	{ -214, SAYING_peer_point, SENTENCE_GOES_ON },
	{ -275, SAYING_peer_self_signed, SENTENCE_GOES_ON },
	{ -304, SAYING_finished, SENTENCE_GOES_ON },
	{ -305, SAYING_bad_record, SENTENCE_GOES_ON },
	{ -308, SAYING_reset, SENTENCE_RESET },
	{ -317, SAYING_own_key_mismatch, SENTENCE_GOES_ON },
	{ -319, SAYING_no_certificate_from_peer, SENTENCE_GOES_ON },
	{ -322, SAYING_peer_name, SENTENCE_GOES_ON },
	{ -326, SAYING_no_common_version, SENTENCE_GOES_ON },
	{ -328, SAYING_malformed, SENTENCE_GOES_ON },
	{ -329, SAYING_peer_refused, SENTENCE_GOES_ON },
	{ -330, SAYING_peer_signature, SENTENCE_GOES_ON },
	{ -345, SAYING_peer_closed, SENTENCE_CLOSED },
	{ -350, SAYING_no_common_group, SENTENCE_GOES_ON },
	{ -351, SAYING_no_common_group, SENTENCE_GOES_ON },
	{ -352, SAYING_peer_point, SENTENCE_GOES_ON },
	{ -361, SAYING_peer_revoked, SENTENCE_GOES_ON },
	{ -373, SAYING_unexpected, SENTENCE_GOES_ON },
	{ -383, SAYING_peer_usage, SENTENCE_GOES_ON },
	{ -385, SAYING_peer_usage, SENTENCE_GOES_ON },
	{ -386, SAYING_peer_usage, SENTENCE_GOES_ON },
	{ -397, SAYING_peer_closed, SENTENCE_CLOSED },
	{ -409, SAYING_peer_weak_key, SENTENCE_GOES_ON },
	{ -410, SAYING_peer_weak_key, SENTENCE_GOES_ON },
	{ -426, SAYING_no_common_group, SENTENCE_GOES_ON },
	{ -500, SAYING_not_offered, SENTENCE_GOES_ON },
	{ -501, SAYING_no_common_suite, SENTENCE_GOES_ON },
};

static void note_error(
	struct wolfssl_state *s, struct log_conn *c, int64_t code, const struct log_line *line)
{
	if (code == s->error || code >= 0)
		return;
	s->error = code;
	for (size_t i = 0; i < COUNT(errors); i++) {
		struct said said = said_nothing();

		if (errors[i].code != code)
			continue;
		said.saying = errors[i].saying;
		said.ending = errors[i].ending;
		said_note(c, &said, line->text, line->at);
		return;
	}
}

/* ---- kinds of lines ---- */

struct input {
	struct wolfssl_state *s;
	struct log_notes *notes;
	const struct log_line *line;
};

static struct log_conn *of(const struct input *in)
{
	return current(in->s, in->notes, in->line->at);
}

static void on_entering(const struct input *in, struct scan rest)
{
	struct bytes function = scan_rest(&rest);

	if (text_begins(function, "SSL_new") && in->s->going)
		in->s->over = true;
	if (text_begins(function, "SSL_connect") || text_begins(function, "wolfSSL_connect"))
		set_going(in->s, of(in), SIDE_CLIENT);
	else if (text_begins(function, "SSL_accept") || text_begins(function, "wolfSSL_accept"))
		set_going(in->s, of(in), SIDE_SERVER);
	else
		(void)of(in);
}

/* "wolfSSL Leaving SendClientHello, return 0" */
static void on_leaving(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	struct bytes function;
	int64_t returned;

	if (!scan_until(&rest, ", return ", &function) || !scan_integer(&rest, &returned))
		return;
	sent(in->s, c, function, returned, in->line->at);
	if ((text_begins(function, "SSL_connect") || text_begins(function, "SSL_accept") ||
		    text_begins(function, "wolfSSL_connect") ||
		    text_begins(function, "wolfSSL_accept")) &&
		returned == 1)
		conn_note(c, &(struct log_note){
				     .kind = LOG_DONE, .from = said_self(c), .at = in->line->at });
}

static void on_error(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	struct bytes before;
	int64_t code;
	struct said said;

	if (scan_until(&rest, "error = ", &before) && scan_integer(&rest, &code))
		note_error(in->s, c, code, in->line);
	else if (in->s->error == 0 && said_find(in->line->text, &said))
		said_note(c, &said, in->line->text, in->line->at);
}

static void on_processing(const struct input *in, struct scan rest)
{
	message_named(in->s, of(in), text_trim(scan_rest(&rest)), false, in->line->at);
}

static void on_sent(const struct input *in, struct scan rest)
{
	message_named(in->s, of(in), text_trim(scan_rest(&rest)), true, in->line->at);
}

static void on_ccs(const struct input *in, struct scan rest)
{
	(void)rest;
	note_ccs(of(in), false, in->line->at);
}

/* "Alert type: handshake_failure" */
static void on_alert(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	int alert = named_alert(text_trim(scan_rest(&rest)));

	if (alert >= 0)
		conn_alert(c, side_other(said_self(c)), alert == 0 ? 1 : 2, (uint8_t)alert, false,
			in->line->at);
}

/* "SendAlert: 42 bad_certificate" */
static void on_send_alert(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	uint64_t code;

	if (scan_decimal(&rest, &code) && code < 256)
		conn_alert(c, said_self(c), code == 0 ? 1 : 2, (uint8_t)code, false, in->line->at);
}

static void on_version(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	int version = named_version(text_trim(scan_rest(&rest)));

	if (c != NULL && version > 0)
		c->facts.version = (uint16_t)version;
}

static void on_suite(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	int suite = named_suite(text_trim(scan_rest(&rest)));

	if (c == NULL || suite < 0)
		return;
	c->facts.suite_known = true;
	c->facts.suite = (uint16_t)suite;
}

static void on_nothing(const struct input *in, struct scan rest)
{
	(void)in;
	(void)rest;
}

static void on_sentence(const struct input *in, struct scan rest)
{
	struct said said;

	(void)rest;
	if (said_find(in->line->text, &said))
		said_note(of(in), &said, in->line->text, in->line->at);
}

static const struct {
	const char *begins;
	void (*take)(const struct input *in, struct scan rest);
} kinds[] = {
	{ "wolfSSL Entering ", on_entering },
	{ "wolfSSL Leaving ", on_leaving },
	{ "wolfSSL error occurred, ", on_error },
	{ "wolfSSL_connect ", on_error },
	{ "wolfSSL_accept ", on_error },
	{ "wolfSSL_", on_sentence },
	{ "SSL_connect failed", on_error },
	{ "SSL_connect error", on_error },
	{ "SSL_accept failed", on_error },
	{ "processing ", on_processing },
	{ "sent: ", on_sent },
	{ "got CHANGE CIPHER SPEC", on_ccs },
	{ "got HANDSHAKE", on_nothing },
	{ "got ALERT", on_nothing },
	{ "Alert type: ", on_alert },
	{ "SendAlert: ", on_send_alert },
	{ "SSL version is ", on_version },
	{ "SSL cipher suite is ", on_suite },
	{ "received record layer msg", on_nothing },
	{ "growing ", on_nothing },
	{ "Shrinking ", on_nothing },
	{ "connect state: ", on_nothing },
	{ "accept state ", on_nothing },
	{ "Getting ", on_nothing },
	{ "Got ", on_nothing },
};

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct input in = { state, notes, line };

	if (line->text.len < 8 || strchr("wSpsgArcG", line->text.data[0]) == NULL)
		return LOG_NOT_MINE;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct scan rest = scan_of(line->text);

		if (kinds[i].begins[0] != (char)line->text.data[0] ||
			!scan_word(&rest, kinds[i].begins))
			continue;
		/* Its name begins a log; the other words are its own only within one. */
		if (kinds[i].begins[0] != 'w' && conn_find(notes, LOG_READER_wolfssl, 0) == NULL)
			return LOG_NOT_MINE;
		kinds[i].take(&in, rest);
		return LOG_MINE;
	}
	return LOG_NOT_MINE;
}

const struct log_reader log_reader_wolfssl = {
	.name = "wolfssl",
	.title = "wolfSSL debug output",
	.size = sizeof(struct wolfssl_state),
	.take = take,
};
