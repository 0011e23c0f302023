/*
 * Sentences in which programs of any kind say why a handshake failed: data/sayings.tsv. They go to the
 * connection that another reader has open, where there is one; else to one of their own.
 */
#include "log/reader.h"
#include "log/said.h"
#include "log/server_line.h"

enum {
	SHORTEST = 6,
	WRAPPED_LEAST = 48, /* a shorter line was not broken by a mailer */
	WRAPPED_MOST = 80
};

/* Begins as zeros. */
struct words {
	size_t n;
	bool serves;       /* lines of a server were among those before */
	enum saying known; /* what it says by itself; SAYING_NONE: nothing */
	uint8_t kept[2 * WRAPPED_MOST +
		     1]; /* the line before, where it may be broken; room for another */
};

/* A server's line is about one connection among many: the next begins another. */
static struct log_conn *conn_for(struct log_notes *notes, const struct said *said, struct log_at at)
{
	struct log_conn *own = conn_find(notes, LOG_READER_words, 0);

	if (own != NULL && own->n_notes != 0 && said->by == SENTENCE_SERVER)
		return conn_open(notes, LOG_READER_words, 0, at);
	return log_notes_latest(notes, LOG_READER_words, at);
}

static bool is_another(const struct log_conn *c, const struct server_line *l)
{
	const char *address = c->facts.address[SIDE_CLIENT];

	if (l->begins || c->n_notes == 0)
		return l->begins;
	return l->client.len != 0 && l->client_port != 0 && address != NULL &&
	       (c->facts.port[SIDE_CLIENT] != l->client_port || strlen(address) != l->client.len ||
		       memcmp(address, l->client.data, l->client.len) != 0);
}

static void set_end(struct log_conn *c, enum side side, struct bytes address, uint16_t port)
{
	if (address.len == 0 || c->facts.address[side] != NULL)
		return;
	c->facts.address[side] = conn_text(c, address);
	c->facts.port[side] = port;
}

/* The connection that a line of a server names. */
static struct log_conn *served_conn(
	struct log_notes *notes, const struct server_line *l, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_words, l->key);

	c = c != NULL && !is_another(c, l) ? conn_get(notes, LOG_READER_words, l->key, at)
					   : conn_open(notes, LOG_READER_words, l->key, at);
	if (c == NULL)
		return NULL;
	said_role(c, l->as_client ? SIDE_CLIENT : SIDE_SERVER);
	set_end(c, l->as_client ? SIDE_SERVER : SIDE_CLIENT, l->client, l->client_port);
	set_end(c, SIDE_SERVER, l->server, l->server_port);
	return c;
}

/* Of a server's lines those count as well that begin a connection, or say that its handshake went well. */
static bool take_served(struct words *w, struct log_notes *notes, const struct log_line *line,
	bool found, const struct said *said)
{
	struct server_line l;
	struct log_conn *c;

	if ((!found && !w->serves && !server_line_begins(line->whole)) ||
		!server_line_read(line->whole, &l))
		return false;
	w->serves = true;
	if (!l.begins && !l.done && !(found && said_tells(said)))
		return true;
	c = served_conn(notes, &l, line->at);
	if (c != NULL && l.done)
		conn_note(c, &(struct log_note){
				     .kind = LOG_DONE, .from = said_self(c), .at = line->at });
	if (found && said_tells(said))
		said_note(c, said, line->text, line->at);
	return true;
}

/* Mailers break lines at 72 columns or so, in the middle of a sentence. Neither half says it alone. */
static bool said_over_two(struct words *w, struct bytes text, struct said *said, struct bytes *both)
{
	size_t n = text.len < WRAPPED_MOST ? text.len : WRAPPED_MOST;

	if (w->n == 0 || n == 0 || text.data[0] == ' ')
		return false;
	w->kept[w->n] = ' ';
	memcpy(w->kept + w->n + 1, text.data, n);
	*both = bytes_of(w->kept, w->n + 1 + n);
	return said_find(*both, said) && (w->known == SAYING_NONE || said->saying != w->known);
}

/* One that says all there is to say is not looked at again. */
static void keep(struct words *w, struct bytes text, bool found, const struct said *said)
{
	w->n = 0;
	w->known = found ? said->saying : SAYING_NONE;
	if (found && said->saying != SAYING_peer_refused)
		return;
	if (text.len < WRAPPED_LEAST || text.len > WRAPPED_MOST)
		return;
	memcpy(w->kept, text.data, text.len);
	w->n = text.len;
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct words *w = state;
	struct bytes words = line->text;
	struct said said;
	bool found = line->text.len >= SHORTEST && said_find(line->text, &said);

	if (take_served(w, notes, line, found, &said)) {
		w->n = 0;
		return LOG_MINE;
	}
	found = found || said_over_two(w, line->text, &said, &words);
	if (found && said_tells(&said))
		said_note(conn_for(notes, &said, line->at), &said, words, line->at);
	keep(w, line->text, found && words.data == line->text.data, &said);
	return found ? LOG_MINE : LOG_NOT_MINE;
}

const struct log_reader log_reader_words = {
	.name = "words",
	.title = "error messages",
	.size = sizeof(struct words),
	.take = take,
};
