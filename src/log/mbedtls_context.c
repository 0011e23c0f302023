/*
 * Contexts and their connections. Lines name no connection: a pointer where threads are built in,
 * else only the order of the lines and the side that the source file belongs to.
 */
#include "log/mbedtls.h"

struct mbed_context *mbed_current(struct mbed *m)
{
	struct mbed_context *c = &m->contexts[m->current];

	if (!c->used) {
		*c = (struct mbed_context){ .used = true,
			.key = ++m->serial,
			.role_known = m->role_known,
			.role = m->role,
			.pending = MBED_NONE_PENDING,
			.last_read = MBED_NONE_PENDING };
		c->moment = ++m->moment;
	}
	return c;
}

/* The oldest gives way. What it noted stays: its connection ends with the log. */
static size_t free_context(struct mbed *m)
{
	size_t oldest = 0;

	for (size_t i = 0; i < MBED_CONTEXTS; i++) {
		if (!m->contexts[i].used)
			return i;
		if (m->contexts[i].moment < m->contexts[oldest].moment)
			oldest = i;
	}
	mbed_over(m, &m->contexts[oldest]);
	m->contexts[oldest].used = false;
	return oldest;
}

/* A client and a server in one program, without pointers: told apart by the files. */
static bool same_side(const struct mbed_context *c, const struct mbed_line *l)
{
	return !l->role_known || !c->role_known || c->role == l->role || c->over || !c->begun;
}

static bool fits(const struct mbed_context *c, const struct mbed_line *l)
{
	return c->used && c->pointer == l->pointer && same_side(c, l);
}

/* The context of these lines, if it is there already; MBED_CONTEXTS: none. */
static size_t find_context(const struct mbed *m, const struct mbed_line *l)
{
	const struct mbed_context *c = &m->contexts[m->current];

	if (fits(c, l))
		return m->current;
	for (size_t i = 0; i < MBED_CONTEXTS; i++)
		if (fits(&m->contexts[i], l))
			return i;
	if (c->used && c->renewed && same_side(c, l))
		return m->current;
	/* Some lines have a pointer and others have not. */
	if (c->used && (l->pointer == 0 || c->pointer == 0) && same_side(c, l))
		return m->current;
	return MBED_CONTEXTS;
}

struct mbed_context *mbed_context_of(struct mbed *m, const struct mbed_line *l)
{
	size_t found = find_context(m, l);
	struct mbed_context *c;

	m->current = found != MBED_CONTEXTS ? found : free_context(m);
	c = mbed_current(m);
	if (l->pointer != 0) {
		c->pointer = l->pointer;
		c->renewed = false;
	}
	c->moment = ++m->moment;
	return c;
}

/* ---- whose log it is ---- */

static void turn_round(struct log_conn *conn)
{
	struct log_facts *f = &conn->facts;
	const char *library = f->library[0];

	for (struct log_note *n = conn->notes; n != NULL; n = n->next)
		n->from = side_other(n->from);
	f->library[0] = f->library[1];
	f->library[1] = library;
}

void mbed_turn_over(struct mbed *m, struct mbed_context *c, enum side role)
{
	struct log_conn *conn = conn_find(m->notes, LOG_READER_mbedtls, c->key);

	if (conn != NULL && c->role != role)
		turn_round(conn);
	if (conn != NULL) {
		conn->facts.role_known = true;
		conn->facts.role = role;
	}
	c->role_known = true;
	c->role = role;
	m->role_known = true;
	m->role = role;
	mbed_begin(m, c);
}

/* What was noted before the role was known, was noted of a client. */
void mbed_set_role(struct mbed *m, struct mbed_context *c, enum side role)
{
	struct log_conn *conn = conn_find(m->notes, LOG_READER_mbedtls, c->key);

	if (c->role_known && (c->role == role || c->begun))
		return;
	if (conn != NULL && c->role != role && !c->over)
		turn_round(conn);
	c->role_known = true;
	c->role = role;
	if (conn != NULL && !c->over) {
		conn->facts.role_known = true;
		conn->facts.role = role;
	}
}

/* ---- connections ---- */

static void introduce(struct mbed *m, struct mbed_context *c, struct log_conn *conn)
{
	struct log_facts *f = &conn->facts;

	conn->reader = log_readers[LOG_READER_mbedtls]->name;
	f->role_known = c->role_known;
	f->role = c->role;
	if (m->library[0] != '\0')
		f->library[c->role] = conn_text(conn, bytes_of(m->library, strlen(m->library)));
	if (m->address[0] != '\0') {
		f->address[SIDE_SERVER] = conn_text(conn, bytes_of(m->address, strlen(m->address)));
		f->port[SIDE_SERVER] = m->port;
	}
	if (m->lenient[0] != '\0')
		conn_remark(conn, c->role, SAYING_verify_optional,
			bytes_of(m->lenient, strlen(m->lenient)), m->lenient_at);
}

struct log_conn *mbed_conn(struct mbed *m, struct mbed_context *c, struct log_at at)
{
	struct log_conn *conn = conn_find(m->notes, LOG_READER_mbedtls, c->key);

	if (conn == NULL) {
		conn = conn_open(m->notes, LOG_READER_mbedtls, c->key, at);
		if (conn != NULL)
			introduce(m, c, conn);
	} else {
		conn = conn_get(m->notes, LOG_READER_mbedtls, c->key, at);
	}
	c->begun = true;
	return conn;
}

/* The context forgets the connection, but for who it is. It is large: nothing is copied as a whole. */
static void forget(struct mbed *m, struct mbed_context *c)
{
	const uint64_t pointer = c->pointer, moment = c->moment;
	const bool known = c->role_known || m->role_known;
	const enum side role = c->role_known ? c->role : m->role;

	memset(c, 0, sizeof *c);
	c->used = true;
	c->pointer = pointer;
	c->key = ++m->serial;
	c->moment = moment;
	c->role = role;
	c->role_known = known;
	c->pending = c->last_read = MBED_NONE_PENDING;
}

void mbed_begin(struct mbed *m, struct mbed_context *c)
{
	if (!c->begun || c->verifying || c->renegotiating)
		return;
	mbed_over(m, c);
	conn_end(m->notes, conn_find(m->notes, LOG_READER_mbedtls, c->key));
	forget(m, c);
}

static void flush(struct mbed *m, struct mbed_context *c)
{
	mbed_dump_end(m, c);
	mbed_bytes_flush(m, c);
	mbed_steps_flush(m, c);
	mbed_alert_flush(m, c);
	mbed_words_flush(m, c);
	mbed_verify_flush(m, c);
}

void mbed_over(struct mbed *m, struct mbed_context *c)
{
	if (!c->begun)
		return;
	flush(m, c);
	c->over = true;
}

void mbed_break_off(struct mbed *m, struct log_at at)
{
	for (size_t i = 0; i < MBED_CONTEXTS; i++) {
		struct mbed_context *c = &m->contexts[i];
		bool midway = c->used && c->begun && !c->over && !c->done && !c->failed;

		if (!c->used)
			continue;
		if (c->begun)
			flush(m, c);
		if (midway && c->state[0] != '\0')
			conn_ending(mbed_conn(m, c, at), c->role, LOG_BROKEN_OFF, at);
		conn_end(m->notes, conn_find(m->notes, LOG_READER_mbedtls, c->key));
		c->used = false;
	}
	m->current = 0;
}
