/* Records, handshake messages and alerts that are told of (levels 1 to 3), and how the stream ended. */
#include "log/mbedtls.h"

#include "base/array.h"

#include <inttypes.h>
#include <stdio.h>

enum { TYPE_HANDSHAKE = 22, NO_CODE = 0xff };

/* "x = 22, version = [3:3], msglen = 139" */
static bool record_fields(struct scan *s, uint64_t *type, uint64_t *len)
{
	struct bytes version;

	return scan_decimal(s, type) && *type <= UINT8_MAX && scan_word(s, ", version = [") &&
	       scan_until(s, "], msglen = ", &version) && scan_decimal(s, len);
}

/* A record was told, and its bytes are not there, though those of others are: they are lost. */
static void lost_record(struct mbed *m, struct mbed_context *c, struct log_at at)
{
	if (!c->in_promised || !c->dumps_records)
		return;
	c->in_promised = false;
	conn_note(mbed_conn(m, c, at), &(struct log_note){ .kind = LOG_LOST,
					       .from = mbed_side(c, false),
					       .at = at,
					       .missing = c->in_len + 5 });
}

static bool record_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	uint64_t type, len;

	if (scan_word(&s, "input record: msgtype = ")) {
		if (!record_fields(&s, &type, &len))
			return true;
		lost_record(m, c, l->at);
		c->in_type = (uint8_t)type;
		c->in_len = len;
		c->in_bytes = false;
		c->in_promised = len != 0;
		c->alert_noted = false;
		return true;
	}
	if (!scan_word(&s, "output record: msgtype = "))
		return false;
	if (record_fields(&s, &type, &len)) {
		c->out_type = (uint8_t)type;
		c->out_len = len;
	}
	return true;
}

/* "handshake message: msglen = 63, type = 2, hslen = 63" */
static bool message_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	uint64_t len, type, whole;
	char words[120];

	if (!scan_word(&s, "handshake message: msglen = "))
		return false;
	if (!scan_decimal(&s, &len) || !scan_word(&s, ", type = ") || !scan_decimal(&s, &type) ||
		!scan_word(&s, ", hslen = ") || !scan_decimal(&s, &whole) || type > UINT8_MAX)
		return true;
	if (whole > len) {
		(void)snprintf(words, sizeof words,
			"handshake message: msglen = %" PRIu64 ", type = %" PRIu64
			", hslen = %" PRIu64,
			len, type, whole);
		conn_remark(mbed_conn(m, c, l->at), c->role, SAYING_fragmented,
			bytes_of(words, strlen(words)), l->at);
	}
	c->told = true;
	c->last_read = (uint8_t)type;
	if (c->in_bytes)
		return true;
	c->pending = (uint8_t)type;
	c->pending_len = whole >= 4 ? whole - 4 : 0;
	c->pending_at = l->at;
	c->pending_keys = c->keys_in;
	c->step.noted = true;
	return true;
}

/* ---- alerts ---- */

static void alert_got(
	struct mbed *m, struct mbed_context *c, uint64_t level, uint64_t code, struct log_at at)
{
	if (c->alert_noted || c->in_bytes || code > UINT8_MAX || level > UINT8_MAX)
		return;
	c->alert_noted = true;
	conn_alert(mbed_conn(m, c, at), mbed_side(c, false), (uint8_t)level, (uint8_t)code,
		c->keys_in, at);
}

/* "got an alert message, type: [2:51]" at level 2, "is a fatal alert message (msg 51)" at level 1 */
static bool alert_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	uint64_t level, code;

	if (scan_word(&s, "got an alert message, type: [")) {
		if (scan_decimal(&s, &level) && scan_char(&s, ':') && scan_decimal(&s, &code) &&
			scan_char(&s, ']'))
			alert_got(m, c, level, code, l->at);
		return true;
	}
	if (scan_word(&s, "is a fatal alert message (msg ")) {
		if (scan_decimal(&s, &code) && scan_char(&s, ')'))
			alert_got(m, c, 2, code, l->at);
		return true;
	}
	if (scan_word(&s, "is a close notify message")) {
		alert_got(m, c, 1, 0, l->at);
		return true;
	}
	if (!scan_word(&s, "send alert level="))
		return false;
	if (scan_decimal(&s, &level) && scan_word(&s, " message=") && scan_decimal(&s, &code) &&
		level <= 2 && code <= UINT8_MAX) {
		c->alert_sent = true;
		c->sent_level = (uint8_t)level;
		c->sent_code = (uint8_t)code;
		c->sent_at = l->at;
		mbed_steps_settle(m, c);
	}
	return true;
}

/* It was sent, and its bytes are not in the log. At level 2 it is not told which one it was. */
void mbed_alert_flush(struct mbed *m, struct mbed_context *c)
{
	if (c->alert_sent && c->sent_level != 0)
		conn_alert(mbed_conn(m, c, c->sent_at), mbed_side(c, true), c->sent_level,
			c->sent_code, c->keys_out, c->sent_at);
	c->alert_sent = false;
	c->sent_level = 0;
}

/* ---- keys ---- */

static bool keys_line(struct mbed_context *c, const struct mbed_line *l)
{
	static const char *const words[] = { "switching to new transform spec for ",
		"switching to handshake transform for ", "Switch to handshake keys for ",
		"Switch to handshake traffic keys for ", "Switch to application keys for " };

	for (size_t i = 0; i < COUNT(words); i++) {
		struct scan s = scan_of(l->body);

		if (!scan_word(&s, words[i]))
			continue;
		if (scan_word(&s, "inbound"))
			c->keys_in = true;
		else if (scan_word(&s, "outbound"))
			c->keys_out = true;
		return true;
	}
	return false;
}

/* "record type after decrypt (before 23): 22" */
static bool inner_type_line(struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	uint64_t before, after;

	if (!scan_word(&s, "record type after decrypt (before "))
		return false;
	if (scan_decimal(&s, &before) && scan_word(&s, "): ") && scan_decimal(&s, &after) &&
		after <= UINT8_MAX)
		c->in_type = (uint8_t)after;
	return true;
}

/* ---- the transport ---- */

/* "ssl->f_recv(_timeout)() returned 0 (-0x0000)": the other side closed. */
static bool transport_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	bool reads = scan_word(&s, "ssl->f_recv(");
	struct bytes between;
	int64_t code;

	if (!reads && !scan_word(&s, "ssl->f_send("))
		return false;
	if (!scan_until(&s, " returned ", &between) || !scan_integer(&s, &code) ||
		!scan_word(&s, " ("))
		return true;
	if (code < 0)
		mbed_result(m, c, bytes_of(reads ? "f_recv" : "f_send", 6), code, l->body, l->at);
	else if (reads && code == 0)
		conn_ending(mbed_conn(m, c, l->at), mbed_side(c, false), LOG_CLOSED, l->at);
	return true;
}

bool mbed_record_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	return record_line(m, c, l) || message_line(m, c, l) || alert_line(m, c, l) ||
	       keys_line(c, l) || inner_type_line(c, l) || transport_line(m, c, l);
}
