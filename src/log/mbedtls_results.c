/* What functions returned: "f() returned -9984 (-0x2700)" at level 1, the inner ones before the outer. */
#include "log/mbedtls.h"

#include "base/array.h"

enum {
	CLOSE_NOTIFY = -0x7880,
	HVR_REQUIRED = -0x6a80,
	WANT_READ = -0x6900,
	WANT_WRITE = -0x6880,
	TIMEOUT = -0x6800,
	ASYNC = -0x6500,
	IN_PROGRESS = -0x7000,
	ECP_IN_PROGRESS = -0x4b00,
	FUNCTION_MAX = 64
};

/* Codes that say: call again; and those of what is in order. */
static bool goes_on(const struct mbed_context *c, const struct log_conn *conn, int64_t code,
	struct bytes function)
{
	if (code == CLOSE_NOTIFY && c->done)
		return true;
	if (code == TIMEOUT && conn != NULL && conn->facts.datagrams && text_is(function, "f_recv"))
		return true; /* it is sent again */
	return code == WANT_READ || code == WANT_WRITE || code == HVR_REQUIRED || code == ASYNC ||
	       code == IN_PROGRESS || code == ECP_IN_PROGRESS;
}

/* Codes that say how the connection ended. */
static const struct {
	int64_t code;
	enum log_ending ending;
} endings[] = {
	{ -0x7280, LOG_CLOSED },                                  /* SSL_CONN_EOF */
	{ -0x0050, LOG_RESET },                                   /* NET_CONN_RESET */
	{ TIMEOUT, LOG_TIMED_OUT }, { -0x0052, LOG_UNREACHABLE }, /* NET_UNKNOWN_HOST */
	{ -0x0044, LOG_UNREACHABLE },                             /* NET_CONNECT_FAILED */
};

/* Once for each: the code goes through several functions. */
static bool ended_so(const struct log_conn *conn, enum log_ending ending)
{
	for (const struct log_note *n = conn->notes; n != NULL; n = n->next)
		if (n->kind == LOG_END && n->value == (int64_t)ending)
			return true;
	return false;
}

static void note_ending(struct mbed_context *c, struct log_conn *conn, int64_t code,
	struct bytes function, struct log_at at)
{
	if (conn == NULL || (code == TIMEOUT && c->done))
		return;
	if (text_is(function, "f_send") && code != -0x0050)
		return;
	for (size_t i = 0; i < COUNT(endings); i++)
		if (endings[i].code == code && !ended_so(conn, endings[i].ending))
			conn_ending(conn, mbed_side(c, false), endings[i].ending, at);
}

/* The same failure at the same place again, and nothing of a handshake between: another connection. */
static bool again(const struct mbed_context *c, const struct mbed_line *l, int64_t code)
{
	return c->begun && c->failed && c->state[0] == '\0' && l->place != 0 &&
	       l->place == c->last_place && code == c->last_code;
}

void mbed_result(struct mbed *m, struct mbed_context *c, struct bytes function, int64_t code,
	struct bytes words, struct log_at at)
{
	struct log_conn *conn = conn_find(m->notes, LOG_READER_mbedtls, c->key);
	char name[FUNCTION_MAX];
	size_t n = function.len < FUNCTION_MAX - 1 ? function.len : FUNCTION_MAX - 1;

	if (code >= 0 || code < INT32_MIN || goes_on(c, conn, code, function)) {
		if (code == HVR_REQUIRED)
			c->verifying = true;
		return;
	}
	if (n != 0)
		memcpy(name, function.data, n);
	name[n] = '\0';
	mbed_dump_end(m, c);
	mbed_bytes_flush(m, c);
	mbed_steps_settle(m, c);
	mbed_verify_flush(m, c);
	mbed_words_settle(m, c, code);
	conn = mbed_conn(m, c, at);
	conn_result(conn, c->role, (int)code, n != 0 ? name : NULL, at);
	note_ending(c, conn, code, function, at);
	c->failed = true;
	c->last_code = code;
	mbed_words_of_code(m, c, function, code, words, at);
}

/* A function's name: also with a blank before it, as "%s() returned" prints what it is given. */
static bool function_name(struct scan *s, struct bytes *name)
{
	(void)scan_blanks(s);
	return scan_name(s, "_ ", name) && name->len < FUNCTION_MAX && scan_word(s, "() returned ");
}

bool mbed_result_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	struct bytes name;
	int64_t code;

	if (!text_has(l->body, "() returned ") || !function_name(&s, &name))
		return false;
	if (!scan_integer(&s, &code) || !scan_word(&s, " ("))
		return true; /* cut, maybe within the number */
	if (again(c, l, code)) {
		mbed_begin(m, c);
	}
	if (code < 0)
		c->last_place = l->place;
	mbed_result(m, c, name, code, l->body, l->at);
	return true;
}
