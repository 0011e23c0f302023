/*
 * Sentences in which programs of any kind say why a handshake failed: data/sayings.tsv. They go to the
 * connection that another reader has open, where there is one; else to one of their own.
 */
#include "log/reader.h"
#include "log/said.h"

enum { SHORTEST = 6 };

/* A server's line is about one connection among many: the next begins another. */
static struct log_conn *conn_for(struct log_notes *notes, const struct said *said, struct log_at at)
{
	struct log_conn *own = conn_find(notes, LOG_READER_words, 0);

	if (own != NULL && own->n_notes != 0 && said->by == SENTENCE_SERVER)
		return conn_open(notes, LOG_READER_words, 0, at);
	return log_notes_latest(notes, LOG_READER_words, at);
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct said said;

	(void)state;
	if (line->text.len < SHORTEST || !said_find(line->text, &said))
		return LOG_NOT_MINE;
	if (said_tells(&said))
		said_note(conn_for(notes, &said, line->at), &said, line->text, line->at);
	return LOG_MINE;
}

const struct log_reader log_reader_words = {
	.name = "words",
	.title = "error messages",
	.take = take,
};
