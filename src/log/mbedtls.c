/* The reader of mbedTLS debug output: which part of it a line is for. */
#include "log/mbedtls.h"

/* A line of one side behind a handshake that is over: of an unknown side it was this one; else it is another
 * program's. */
static void take_role(struct mbed *m, struct mbed_context *c, enum side role)
{
	if (c->over && !c->role_known)
		mbed_turn_over(m, c, role);
	if (c->over && c->role != role)
		mbed_begin(m, c);
	mbed_set_role(m, c, role);
}

static void debug_line(struct mbed *m, const struct mbed_line *l)
{
	struct mbed_context *c = mbed_context_of(m, l);
	struct log_conn *conn;

	if (l->role_known)
		take_role(m, c, l->role);
	if (mbed_dump_row(m, c, l))
		return;
	mbed_dump_end(m, c);
	if (l->body.len != 0 && !mbed_dump_begin(m, c, l))
		(void)(mbed_step_line(m, c, l) || c->peeks || mbed_record_line(m, c, l) ||
			mbed_result_line(m, c, l) || mbed_field_line(m, c, l) ||
			mbed_verify_flags_line(m, c, l) || mbed_words_line(m, c, l));
	conn = conn_find(m->notes, LOG_READER_mbedtls, c->key);
	if (conn != NULL && l->library != NULL && conn->facts.library[c->role] == NULL)
		conn->facts.library[c->role] = l->library;
}

/* A row without its place: a program prints bodies alone, or the line was wrapped. */
static bool bare_row(struct mbed *m, const struct log_line *line)
{
	struct mbed_context *c = &m->contexts[m->current];
	struct mbed_line l;

	if (!c->used || c->dump.kind == MBED_NO_DUMP)
		return false;
	mbed_take_whole(line, &l);
	return mbed_dump_row(m, c, &l);
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct mbed *m = state;
	struct mbed_line l;

	m->notes = notes;
	m->last = line->at;
	if (mbed_take_apart(line, &l)) {
		if (l.before.len != 0)
			(void)mbed_program_line(m, l.before, line);
		debug_line(m, &l);
		return LOG_MINE;
	}
	if (bare_row(m, line) || mbed_program_line(m, line->text, line))
		return LOG_MINE;
	/* Others may know the line as well. */
	(void)(mbed_setting_line(m, line->text, line->at) ||
		mbed_boot_line(m, line->text, line->at));
	return LOG_NOT_MINE;
}

static void end(void *state, struct log_notes *notes)
{
	struct mbed *m = state;

	m->notes = notes;
	mbed_break_off(m, m->last);
}

const struct log_reader log_reader_mbedtls = {
	.name = "mbedtls",
	.title = "mbedTLS debug output",
	.size = sizeof(struct mbed),
	.take = take,
	.end = end,
};
