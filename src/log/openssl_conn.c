/*
 * Which connection a line of OpenSSL's programs is of, and how it is ended: errors often stand before the
 * "CONNECTED", or the bytes, that they are about.
 */
#include "log/openssl_conn.h"

/* The handshake went well where a suite is told of, no error is, and the bytes, if any, say the same. */
static bool went_well(const struct openssl_state *s)
{
	uint32_t finished = (uint32_t)1 << 20;

	if (s->suite_at.line == 0 || s->failed)
		return false;
	if (s->bytes.any || s->trace.any)
		return ((s->bytes.seen[OPENSSL_PEERS] | s->trace.seen[OPENSSL_PEERS]) & finished) !=
		       0;
	return true;
}

/* An alert, or an end, that errors told of and nothing else did. */
static void note_late(struct openssl_state *s, struct log_conn *c)
{
	struct said late = s->late;

	if (s->late_at.line == 0)
		return;
	late.saying = SAYING_NONE;
	if (s->alert_seen || s->bytes.debug)
		late.alert = SENTENCE_NO_ALERT;
	if (s->ended)
		late.ending = SENTENCE_GOES_ON;
	/* It is an error that is printed behind the alert which it made the program send. */
	if (late.ending != SENTENCE_GOES_ON && s->bytes.own_alert.line > 1) {
		s->late_at = s->bytes.own_alert;
		s->late_at.line--;
	}
	said_note(c, &late, bytes_of(NULL, 0), s->late_at);
}

void openssl_finish(struct openssl_state *s, struct log_conn *c)
{
	openssl_trace_end(s, c);
	openssl_bytes_end(&s->bytes, c);
	s->alert_seen = s->alert_seen || s->bytes.peers_alert;
	note_late(s, c);
	if (went_well(s))
		conn_note(c, &(struct log_note){
				     .kind = LOG_DONE, .from = said_self(c), .at = s->suite_at });
}

static struct log_conn *begin(struct openssl_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_openssl, 0);
	bool server = s->server;

	if (c != NULL)
		openssl_finish(s, c);
	memset(s, 0, sizeof *s);
	s->server = server;
	c = conn_open(notes, LOG_READER_openssl, 0, at);
	if (c != NULL && server) {
		c->facts.role_known = true;
		c->facts.role = SIDE_SERVER;
	}
	return c;
}

struct log_conn *openssl_current(struct openssl_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_openssl, 0);

	return c == NULL || s->over ? begin(s, notes, at) : c;
}

static void set_library(struct log_conn *c)
{
	enum side self = said_self(c);

	if (c != NULL && c->facts.library[self] == NULL)
		c->facts.library[self] = "OpenSSL";
}

struct log_conn *openssl_conn_of(const struct openssl_input *in)
{
	struct log_conn *c = openssl_current(in->s, in->notes, in->line->at);

	set_library(c);
	return c;
}

struct log_conn *openssl_client_of(const struct openssl_input *in)
{
	struct log_conn *c = openssl_conn_of(in);

	said_role(c, SIDE_CLIENT);
	return c;
}

/* The summary behind a handshake is printed: what is said of a chain after that is of the next. */
struct log_conn *openssl_before_summary(const struct openssl_input *in)
{
	if (in->s->summary)
		in->s->over = true;
	return openssl_conn_of(in);
}

struct log_conn *openssl_known(const struct openssl_input *in)
{
	return conn_find(in->notes, LOG_READER_openssl, 0);
}
