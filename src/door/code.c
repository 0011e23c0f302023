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

/* Those that only 3.x has, whose numbers its releases give differently. */
static const char *const later_states[] = { "NEW_SESSION_TICKET",
	"SERVER_HELLO_VERIFY_REQUEST_SENT", "HELLO_RETRY_REQUEST", "ENCRYPTED_EXTENSIONS",
	"END_OF_EARLY_DATA", "CLIENT_CERTIFICATE_VERIFY", "CLIENT_CCS_AFTER_SERVER_FINISHED",
	"CLIENT_CCS_BEFORE_2ND_CLIENT_HELLO", "SERVER_CCS_AFTER_SERVER_HELLO",
	"CLIENT_CCS_AFTER_CLIENT_HELLO", "SERVER_CCS_AFTER_HELLO_RETRY_REQUEST",
	"TLS1_3_NEW_SESSION_TICKET", "TLS1_3_NEW_SESSION_TICKET_FLUSH" };

enum { FATAL_ALERT = -0x7780, VERIFY_FAILED = -0x2700, BEFORE_CERTIFICATES = 3 };

struct reading {
	int value;
	const char *state, *release;
	int alert;
	bool as[2]; /* by side */
	const struct evidence *given;
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
	for (size_t i = 0; i < COUNT(later_states); i++)
		if (strcmp(later_states[i], text) == 0)
			*state = later_states[i];
	return *state != NULL || err_set(e, ERR_USAGE, 0,
					 "'%.40s' is no state of a handshake: a number from 0 to "
					 "%zu, or a name such as "
					 "SERVER_CERTIFICATE",
					 text, COUNT(states) - 1);
}

/* Codes that one of the two returns alone. */
static const struct {
	int value;
	enum side side;
} sided[] = {
	{ -0x5D80, SIDE_CLIENT }, /* no host name to verify against */
	{ -0x0044, SIDE_CLIENT }, /* connect() failed, */
	{ -0x0052, SIDE_CLIENT }, /* of a name that nobody knows */
	{ -0x0046, SIDE_SERVER }, /* bind(), listen(), accept() */
	{ -0x0048, SIDE_SERVER }, { -0x004A, SIDE_SERVER },
	{ -0x6980, SIDE_SERVER }, /* no usable suite, */
	{ -0x7380, SIDE_SERVER }, /* none chosen */
	{ -0x6C80, SIDE_SERVER }, /* unknown PSK identity */
	{ -0x7480, SIDE_SERVER }, /* no client certificate */
};

/* What comes of a message that was read, or waited for: then the state names whose that is. */
static bool is_of_reading(int value)
{
	static const int codes[] = { -0x2700, -0x7280, -0x7780, -0x7200, -0x7100, -0x7180, -0x4E00,
		-0x4380, -0x4100, -0x6800, -0x7700 };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i] == value)
			return true;
	return false;
}

/* Which side the code, or the state that it was returned in, speaks of; false: either. */
static bool side_of(const struct reading *r, enum side *side)
{
	static const char *const of_client[] = { "CLIENT_HELLO", "CLIENT_CERTIFICATE",
		"CLIENT_KEY_EXCHANGE", "CLIENT_CHANGE_CIPHER_SPEC", "CLIENT_FINISHED",
		"CLIENT_CERTIFICATE_VERIFY" };

	for (size_t i = 0; i < COUNT(sided); i++)
		if (sided[i].value == r->value) {
			*side = sided[i].side;
			return true;
		}
	if (r->state == NULL || !is_of_reading(r->value))
		return false;
	*side = SIDE_CLIENT;
	for (size_t i = 0; i < COUNT(of_client); i++)
		if (strcmp(of_client[i], r->state) == 0)
			*side = SIDE_SERVER;
	return strncmp(r->state, "SERVER_", 7) == 0 || *side == SIDE_SERVER;
}

static const char handshake[] = "mbedtls_ssl_handshake";

/* Without a state to stand in, what the parsers of files return is their own. */
static const char *function_of(const struct reading *r)
{
	struct code_match match[2];
	size_t n = code_of_mbedtls(r->value, r->release != NULL ? r->release : "3.6.0", match);

	for (size_t i = 0; i < n && r->state == NULL; i++) {
		if (strcmp(match[i].code->name, "MBEDTLS_ERR_X509_INVALID_FORMAT") == 0)
			return "mbedtls_x509_crt_parse";
		if (strcmp(match[i].code->name, "MBEDTLS_ERR_PK_KEY_INVALID_FORMAT") == 0)
			return "mbedtls_pk_parse_key";
	}
	return handshake;
}

/* Where each of the two can be, a code is read for both. */
static bool roles_of(const char *text, struct reading *r, struct err *e)
{
	enum side side;

	r->as[SIDE_CLIENT] = text == NULL || strcmp(text, "client") == 0;
	r->as[SIDE_SERVER] = text == NULL || strcmp(text, "server") == 0;
	if (text == NULL && side_of(r, &side))
		r->as[side_other(side)] = false;
	else if (text == NULL && strcmp(function_of(r), handshake) != 0)
		r->as[SIDE_SERVER] = false; /* a file is a file on either side */
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

/* --cert: what the server should send is what this client was sent, as far as anyone knows. */
static void note_chain(struct log_conn *c, const struct evidence *given, struct log_at at)
{
	for (size_t i = 0; i < given->n_certs; i++)
		conn_note(c, &(struct log_note){ .kind = LOG_CHAIN,
				     .from = SIDE_SERVER,
				     .at = at,
				     .bytes = given->certs[i]->der });
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
		if (side == SIDE_CLIENT && r->value == VERIFY_FAILED)
			note_chain(c, r->given, nowhere);
		conn_result(c, side, r->value, function_of(r), nowhere);
	}
}

bool tlsdiag_read_code(
	struct tlsdiag *run, const struct tlsdiag_code *code, struct tlsdiag_error *e)
{
	struct reading r = { .release = code->mbedtls,
		.alert = code->alert_received,
		.given = &run->given.evidence };
	struct err err = { 0 };

	if (!value_of(code->code, &r.value, &err) || !state_of(code->state, &r.state, &err) ||
		!roles_of(code->role, &r, &err) || !release_is(code->mbedtls, &err) ||
		!agrees(&r, &err) || !run_begin_input(run, "log", code->code, &err))
		return run_tell(e, &err, TLSDIAG_BAD_OPTION);
	return run_end_input(run, run_take_notes(run, write_notes, &r, &err), &err) ||
	       run_tell(e, &err, TLSDIAG_FAILURE);
}
