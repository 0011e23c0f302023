/*
 * A bare error code as an input: a handshake of which nothing is known but what the device's library
 * returned. Where its role or its release would read the code otherwise and is not told, there is one
 * handshake for each reading.
 */
#include "base/array.h"
#include "door/run.h"
#include "log/notes.h"
#include "names/codes.h"

#include <stdlib.h>

/* The states of a 2.x handshake, by number; those of 3.x begin with the same ones. */
static const char *const states[] = { "HELLO_REQUEST", "CLIENT_HELLO", "SERVER_HELLO",
	"SERVER_CERTIFICATE", "SERVER_KEY_EXCHANGE", "CERTIFICATE_REQUEST", "SERVER_HELLO_DONE",
	"CLIENT_CERTIFICATE", "CLIENT_KEY_EXCHANGE", "CERTIFICATE_VERIFY",
	"CLIENT_CHANGE_CIPHER_SPEC", "CLIENT_FINISHED", "SERVER_CHANGE_CIPHER_SPEC",
	"SERVER_FINISHED", "FLUSH_BUFFERS", "HANDSHAKE_WRAPUP", "HANDSHAKE_OVER" };

struct reading {
	int value;
	const char *state, *release;
	int alert;
	bool as[2]; /* by side */
};

static bool state_of(const char *text, const char **state, struct err *e)
{
	static const char prefix[] = "MBEDTLS_SSL_";
	char *end;
	unsigned long n;

	*state = NULL;
	if (text == NULL)
		return true;
	n = strtoul(text, &end, 10);
	if (*end == '\0' && end != text && n < COUNT(states))
		*state = states[n];
	if (strncmp(text, prefix, sizeof prefix - 1) == 0)
		text += sizeof prefix - 1;
	for (size_t i = 0; i < COUNT(states); i++)
		if (strcmp(states[i], text) == 0)
			*state = states[i];
	return *state != NULL || err_set(e, ERR_USAGE, 0,
					 "'%.40s' is no state of a handshake: a number from 0 to "
					 "%zu, or a name such as "
					 "SERVER_CERTIFICATE",
					 text, COUNT(states) - 1);
}

/* Where each of the two can be, a code is read for both. */
static bool roles_of(const char *text, struct reading *r, struct err *e)
{
	r->as[SIDE_CLIENT] = text == NULL || strcmp(text, "client") == 0;
	r->as[SIDE_SERVER] = text == NULL || strcmp(text, "server") == 0;
	return r->as[SIDE_CLIENT] || r->as[SIDE_SERVER] ||
	       err_set(e, ERR_USAGE, 0, "a role is client or server, not '%.40s'", text);
}

static bool value_of(const char *text, int *value, struct err *e)
{
	struct code_match match[8];
	size_t n = codes_find(text, match, COUNT(match));

	for (size_t i = 0; i < n && i < COUNT(match); i++)
		if (match[i].code->library == CODE_MBEDTLS && match[i].value < 0 &&
			match[i].value >= INT16_MIN) {
			*value = (int)match[i].value;
			return true;
		}
	return err_set(e, ERR_USAGE, 0,
		"'%.40s' is no error code of mbedTLS; tlsdiag strerror knows others", text);
}

/* "3.6.3", "2.28" */
static bool release_is(const char *text, struct err *e)
{
	size_t digits = text != NULL ? strspn(text, "0123456789") : 0, rest;

	if (text == NULL)
		return true;
	rest = text[digits] == '.' ? strspn(text + digits, "0123456789.") : 0;
	return (digits != 0 && rest > 1 && text[digits + rest] == '\0' &&
		       strstr(text, "..") == NULL) ||
	       err_set(e, ERR_USAGE, 0, "a release of mbedTLS is such as 3.6.3, not '%.40s'", text);
}

/* What the code, the state and the alert say of each other. */
static bool agrees(const struct reading *r, struct err *e)
{
	enum { FATAL_ALERT = -0x7780, VERIFY_FAILED = -0x2700, BEFORE_CERTIFICATES = 3 };

	if (r->alert >= 0 && r->value != FATAL_ALERT)
		return err_set(e, ERR_USAGE, 0,
			"an alert that was received makes mbedTLS return -0x7780, not -0x%04x: "
			"leave --alert-received out, or give that code",
			(unsigned)-r->value);
	for (size_t i = 0; i < BEFORE_CERTIFICATES && r->state != NULL; i++)
		if (r->value == VERIFY_FAILED && strcmp(r->state, states[i]) == 0)
			return err_set(e, ERR_USAGE, 0,
				"in the state %s no certificate has come yet that -0x2700 could be "
				"about",
				r->state);
	return true;
}

static void write_notes(void *ctx, struct log_notes *n)
{
	const struct reading *r = ctx;
	const struct log_at nowhere = { 0, LOG_NO_TIME };
	char library[40] = "mbedTLS";

	if (r->release != NULL)
		(void)snprintf(library, sizeof library, "mbedTLS %.30s", r->release);
	for (unsigned side = 0; side < 2; side++) {
		struct log_conn *c = r->as[side] ? conn_open(n, 0, side, nowhere) : NULL;

		if (c == NULL)
			continue;
		c->facts.role_known = true;
		c->facts.role = side;
		c->facts.library[side] = conn_text(c, bytes_of(library, strlen(library)));
		if (r->state != NULL)
			conn_note(c, &(struct log_note){
					     .kind = LOG_STATE, .from = side, .text = r->state });
		if (r->alert >= 0)
			conn_alert(c, side_other(side), 2, (uint8_t)r->alert, false, nowhere);
		conn_result(c, side, r->value, "mbedtls_ssl_handshake", nowhere);
	}
}

bool tlsdiag_read_code(
	struct tlsdiag *run, const struct tlsdiag_code *code, struct tlsdiag_error *e)
{
	struct reading r = { .release = code->mbedtls, .alert = code->alert_received };
	struct err err = { 0 };

	if (!value_of(code->code, &r.value, &err) || !state_of(code->state, &r.state, &err) ||
		!roles_of(code->role, &r, &err) || !release_is(code->mbedtls, &err) ||
		!agrees(&r, &err) || !run_begin_input(run, "log", code->code, &err))
		return run_tell(e, &err, TLSDIAG_BAD_OPTION);
	return run_end_input(run, run_take_notes(run, write_notes, &r, &err), &err) ||
	       run_tell(e, &err, TLSDIAG_FAILURE);
}
