/* The state machine as it tells of itself (level 2): states, and which message is read or written. */
#include "log/mbedtls.h"

#include "base/array.h"
#include "wire/handshake.h"

#include <stdio.h>

enum {
	ENCRYPTED_EXTENSIONS = 8,
	CERTIFICATE_REQUEST = 13,
	HELLO_VERIFY_REQUEST = 3,
	CLIENT_HELLO = 1,
	CCS = 0xfe
};

/* "parse X" and "write X". Longer names stand before those that they begin with. */
static const struct step {
	const char *name;
	uint8_t type;
	int sender; /* enum side; -1: either */
} steps[] = {
	{ "client hello", 1, SIDE_CLIENT },
	{ "server hello done", 14, SIDE_SERVER },
	{ "server hello", 2, SIDE_SERVER },
	{ "hello verify request", HELLO_VERIFY_REQUEST, SIDE_SERVER },
	{ "hello retry request", 2, SIDE_SERVER },
	{ "hello request", 0, SIDE_SERVER },
	{ "encrypted extensions", 8, SIDE_SERVER },
	{ "certificate request", CERTIFICATE_REQUEST, SIDE_SERVER },
	{ "certificate verify", 15, -1 },
	{ "certificate", 11, -1 },
	{ "server key exchange", 12, SIDE_SERVER },
	{ "client key exchange", 16, SIDE_CLIENT },
	{ "change cipher spec", CCS, -1 },
	{ "finished", 20, -1 },
	{ "new session ticket", 4, SIDE_SERVER },
};

static const struct step *step_named(struct scan *s, bool *ours)
{
	if (scan_word(s, "write "))
		*ours = true;
	else if (scan_word(s, "parse "))
		*ours = false;
	else if (scan_word(s, "ssl_tls13_process_server_hello"))
		return *ours = false, &steps[2];
	else
		return NULL;
	for (size_t i = 0; i < COUNT(steps); i++)
		if (text_begins(scan_rest(s), steps[i].name))
			return &steps[i];
	return NULL;
}

/* ---- the message of a step ---- */

/* A message is written as soon as it is complete; one that was read, when its record was. */
static void note_step(struct mbed *m, struct mbed_context *c, struct mbed_step *s)
{
	struct log_conn *conn;
	enum side from = mbed_side(c, s->ours);
	struct mbed_told t = { .type = s->type,
		.ours = s->ours,
		.keys = s->ours ? c->keys_out : s->keys,
		.body = s->ours && c->out_len > 4 ? c->out_len - 4 : 0,
		.at = s->at };

	if (s->noted || c->dumps_records)
		return;
	s->noted = true;
	conn = mbed_conn(m, c, s->at);
	if (s->ccs) {
		conn_note(conn, &(struct log_note){ .kind = LOG_CCS, .from = from, .at = s->at });
		return;
	}
	if (!s->ours || !mbed_build(m, c, &t))
		conn_seen(conn, from, t.type, t.keys, t.at);
}

/* Of level 3: "handshake message: ..., type = 2", unless the message has been made of its fields by now. */
static void note_pending(struct mbed *m, struct mbed_context *c)
{
	struct mbed_told t = { .type = c->pending,
		.keys = c->pending_keys,
		.body = c->pending_len,
		.at = c->pending_at };

	if (t.type == MBED_NONE_PENDING)
		return;
	c->pending = MBED_NONE_PENDING;
	if (!mbed_build(m, c, &t))
		conn_seen(mbed_conn(m, c, t.at), mbed_side(c, false), t.type, t.keys, t.at);
}

/* Before a verdict is noted: the message that it is on. */
void mbed_steps_settle(struct mbed *m, struct mbed_context *c)
{
	struct mbed_step *s = &c->step;

	note_pending(m, c);
	if (s->open && !s->ours && s->arrived && s->type != CERTIFICATE_REQUEST)
		note_step(m, c, s);
}

static void close_step(struct mbed *m, struct mbed_context *c, bool finished)
{
	struct mbed_step *s = &c->step;
	bool asks = s->open && !s->ours && s->type == CERTIFICATE_REQUEST && !s->ccs;

	if (!c->hello_left)
		note_pending(m, c);
	if (!s->open)
		return;
	if (asks && s->arrived && !s->noted) {
		c->asked = true;
		c->asked_at = s->at;
	} else if (s->arrived || (s->writing && !c->failed) ||
		   (finished && (s->ours ? s->ccs : s->type == CLIENT_HELLO))) {
		note_step(m, c, s);
	}
	s->open = false;
}

/* What "parse certificate request" read was one: it is not used again by the step after it. */
static void resolve_asked(struct mbed *m, struct mbed_context *c, bool was_one)
{
	if (!c->asked)
		return;
	c->asked = false;
	if (was_one && !c->dumps_records)
		conn_seen(mbed_conn(m, c, c->asked_at), SIDE_SERVER, CERTIFICATE_REQUEST,
			c->keys_in, c->asked_at);
}

static void open_step(struct mbed *m, struct mbed_context *c, const struct step *step, bool ours,
	struct log_at at)
{
	close_step(m, c, false);
	c->hello_left = false;
	if (ours)
		resolve_asked(m, c, true);
	if (step->sender >= 0)
		mbed_set_role(
			m, c, ours ? (enum side)step->sender : side_other((enum side)step->sender));
	if (step->type == CLIENT_HELLO && c->over)
		mbed_begin(m, c);
	(void)mbed_conn(m, c, at);
	c->step = (struct mbed_step){
		.open = true, .ours = ours, .type = step->type, .ccs = step->type == CCS, .at = at
	};
	c->fetched = 0;
	c->out_len = 0;
	c->malformed[0] = '\0';
	if (step->type == ENCRYPTED_EXTENSIONS)
		mbed_set_version(m, c, 0x0304, at);
	if (step->type == HELLO_VERIFY_REQUEST)
		c->verifying = true;
	else if (step->type == 2)
		c->verifying = false;
}

/* ---- "=> x", "<= x" ---- */

static void enter(struct mbed *m, struct mbed_context *c, struct scan *s, struct log_at at)
{
	const struct step *step;
	bool ours;

	if (text_is(scan_rest(s), "handshake")) {
		if (c->over)
			mbed_begin(m, c);
		c->failed = false;
		return;
	}
	if (text_is(scan_rest(s), "mbedtls_ssl_check_record"))
		c->peeks = true;
	if (text_begins(scan_rest(s), "renegotiate"))
		c->renegotiating = true;
	if (text_is(scan_rest(s), "fetch input")) {
		resolve_asked(m, c, true);
		c->told = false;
	}
	if (text_is(scan_rest(s), "write handshake message") && c->step.ours)
		c->step.writing = true;
	if (text_is(scan_rest(s), "free"))
		mbed_over(m, c);
	if (text_begins(scan_rest(s), "send alert")) {
		c->alert_sent = true;
		c->sent_code = c->sent_level = 0;
	}
	step = step_named(s, &ours);
	if (step != NULL)
		open_step(m, c, step, ours, at);
}

/* The handshake came to its end in its last state, or to an error. */
static void left_handshake(struct mbed *m, struct mbed_context *c, struct log_at at)
{
	bool last = strcmp(c->state, "HANDSHAKE_WRAPUP") == 0 ||
		    strcmp(c->state, "HANDSHAKE_OVER") == 0;

	close_step(m, c, false);
	if (last)
		c->failed = false; /* a verdict that is optional may have been bad */
	if (last && !c->done) {
		c->done = true;
		conn_note(mbed_conn(m, c, at),
			&(struct log_note){ .kind = LOG_DONE, .from = c->role, .at = at });
	}
	if (last)
		c->renegotiating = false;
	if (c->failed && !c->verifying)
		mbed_over(m, c);
}

/* A server of 2.x reads the ClientHello by itself: its header, then the rest. */
static void fetched(struct mbed_context *c)
{
	c->fetched++;
	if (c->step.open && !c->step.ours && c->step.type == CLIENT_HELLO && c->fetched == 2)
		c->step.arrived = true;
}

static void leave(struct mbed *m, struct mbed_context *c, struct scan *s, struct log_at at)
{
	const struct step *step;
	bool ours;

	if (text_is(scan_rest(s), "mbedtls_ssl_check_record"))
		c->peeks = false;
	if (text_is(scan_rest(s), "handshake"))
		left_handshake(m, c, at);
	else if (text_is(scan_rest(s), "read record") && c->step.open && !c->step.ours)
		c->step.arrived = true;
	else if (text_is(scan_rest(s), "fetch input"))
		fetched(c);
	else if (text_is(scan_rest(s), "send alert message"))
		mbed_alert_flush(m, c);
	else if (text_is(scan_rest(s), "write handshake message") && c->step.open && c->step.ours)
		note_step(m, c, &c->step);
	if (scan_word(s, "skip ")) {
		c->step.open = c->step.open && (c->step.arrived || c->step.noted);
		close_step(m, c, false);
		return;
	}
	step = step_named(s, &ours);
	if (step == NULL || !c->step.open)
		return;
	if (step->type == CCS && ours)
		c->keys_out = true;
	close_step(m, c, true);
	if (step->type == CCS && !ours)
		c->keys_in = true;
}

/* ---- states ---- */

static const char *const numbers[] = { "HELLO_REQUEST", "CLIENT_HELLO", "SERVER_HELLO",
	"SERVER_CERTIFICATE", "SERVER_KEY_EXCHANGE", "CERTIFICATE_REQUEST", "SERVER_HELLO_DONE",
	"CLIENT_CERTIFICATE", "CLIENT_KEY_EXCHANGE", "CERTIFICATE_VERIFY",
	"CLIENT_CHANGE_CIPHER_SPEC", "CLIENT_FINISHED", "SERVER_CHANGE_CIPHER_SPEC",
	"SERVER_FINISHED", "FLUSH_BUFFERS", "HANDSHAKE_WRAPUP", "HANDSHAKE_OVER",
	"SERVER_NEW_SESSION_TICKET", "SERVER_HELLO_VERIFY_REQUEST_SENT" };

static bool state_name(struct scan *s, char out[static MBED_STATE_MAX])
{
	struct bytes name;
	uint64_t n;

	if (scan_decimal(s, &n)) {
		if (n >= COUNT(numbers))
			return false;
		(void)snprintf(out, MBED_STATE_MAX, "%s", numbers[n]);
		return true;
	}
	if (!scan_word(s, "MBEDTLS_SSL_") || !scan_name(s, "", &name) || name.len >= MBED_STATE_MAX)
		return false;
	memcpy(out, name.data, name.len);
	out[name.len] = '\0';
	return true;
}

static void enter_state(
	struct mbed *m, struct mbed_context *c, enum side role, const char *name, struct log_at at)
{
	bool first = strcmp(name, "HELLO_REQUEST") == 0;

	if (first && (c->over || c->done || (c->state[0] != '\0' && strcmp(c->state, name) != 0)))
		mbed_begin(m, c);
	mbed_set_role(m, c, role);
	close_step(m, c, false);
	if (strcmp(c->state, name) == 0)
		return;
	(void)snprintf(c->state, sizeof c->state, "%s", name);
	conn_note(mbed_conn(m, c, at),
		&(struct log_note){
			.kind = LOG_STATE, .from = c->role, .at = at, .text = c->state });
}

static bool state_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	char name[MBED_STATE_MAX];
	enum side role;

	if (scan_word(&s, "client state: "))
		role = SIDE_CLIENT;
	else if (scan_word(&s, "server state: ") || scan_word(&s, "tls13 server state: "))
		role = SIDE_SERVER;
	else
		return false;
	if (state_name(&s, name))
		enter_state(m, c, role, name, l->at);
	return true;
}

/* What both versions have, by the file that says so: behind ServerHello only TLS 1.3 comes through there. */
static void tell_version(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	if (l->tls13 && c->step.open && !c->step.ccs &&
		(c->step.type == HS_CERTIFICATE || c->step.type == HS_CERTIFICATE_VERIFY ||
			c->step.type == HS_FINISHED))
		mbed_set_version(m, c, 0x0304, l->at);
}

bool mbed_step_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(text_trim(l->body));

	if (scan_word(&s, "=> ")) {
		enter(m, c, &s, l->at);
		tell_version(m, c, l);
		return true;
	}
	if (scan_word(&s, "<= ")) {
		leave(m, c, &s, l->at);
		return true;
	}
	if (text_begins(l->body, "non-1.3 ClientHello left for later processing")) {
		c->hello_left = true;
		c->step.open = false;
		return true;
	}
	if (text_begins(l->body, "reuse previously read message")) {
		resolve_asked(m, c, false);
		c->step.noted = c->step.noted || c->told;
		return true;
	}
	return state_line(m, c, l);
}

void mbed_steps_flush(struct mbed *m, struct mbed_context *c)
{
	resolve_asked(m, c, false);
	close_step(m, c, false);
}
