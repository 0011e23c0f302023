/* Each line is undressed and offered to the readers, first to the one that took the line before. */
#include "log/log.h"

#include "base/memory.h"
#include "log/dress.h"
#include "log/heap_line.h"
#include "log/key_line.h"
#include "log/redact.h"
#include "log/scan.h"
#include "log/text.h"

#include <stdlib.h>

struct log {
	struct log_options options;
	struct log_text text;
	struct log_notes *notes;
	struct log_conn_sink sink;
	struct log_totals totals;
	void *state[N_LOG_READERS];
	struct redact redact;
	struct printed printed; /* the certificate that is being printed */
	uint8_t *copy;          /* LOG_LINE_MAX; NULL: no copy is wanted */
	size_t last;            /* the reader that took the line before; N_LOG_READERS: none did */
};

static bool is_asked(const struct log *l, size_t reader)
{
	return !l->options.only_copied &&
	       (l->options.format == NULL || l->options.format == log_readers[reader]);
}

static bool offer(struct log *l, size_t reader, const struct log_line *line)
{
	if (log_readers[reader]->take(l->state[reader], l->notes, line) == LOG_NOT_MINE)
		return false;
	l->totals.taken[reader]++;
	l->last = reader;
	return true;
}

static void give_copy(struct log *l, const struct log_line *line)
{
	if (l->copy == NULL)
		return;
	if (line->whole.len != 0)
		memcpy(l->copy, line->whole.data, line->whole.len);
	(void)redact_line(&l->redact, line, l->copy);
	l->options.redacted(l->options.redacted_ctx, bytes_of(l->copy, line->whole.len));
}

/* Whoever takes the line: it may say another thing as well. */
static void hear_heap(struct log *l, const struct log_line *line)
{
	struct heap_line heap;

	if (!l->options.only_copied && heap_line_read(line->text, &heap))
		log_notes_heap(l->notes, heap.bytes, heap.lowest, text_trim(line->text), line->at);
}

static void hear_printed(struct log *l, const struct log_line *line)
{
	if (l->options.only_copied || !printed_take(&l->printed, line))
		return;
	log_notes_printed(l->notes, &l->printed.cert);
	if (l->options.printed != NULL)
		l->options.printed(l->options.printed_ctx, &l->printed.cert);
}

static void offer_to_all(struct log *l, const struct log_line *line)
{
	size_t first = l->last;

	if (first != N_LOG_READERS && offer(l, first, line))
		return;
	for (size_t i = 0; i < N_LOG_READERS; i++)
		if (i != first && is_asked(l, i) && offer(l, i, line))
			return;
}

/*
 * Nothing but noise of a line that was never quiet: bytes that are no characters, and between them no text that is long
 * enough to say anything.
 */
static bool is_noise(struct bytes line)
{
	enum { TELLING = 12, FIRST = 0xef }; /* of U+FFFD, which stands for what is none */
	static const uint8_t replaced[] = { FIRST, 0xbf, 0xbd };
	const uint8_t *first = line.len != 0 ? memchr(line.data, FIRST, line.len) : NULL;
	bool any = false;

	for (size_t i = 0, run = 0; first != NULL && i < line.len; i++) {
		run = line.data[i] < 0x80 ? run + 1 : 0;
		if (run == TELLING)
			return false;
		any = any || (line.data[i] == FIRST && line.len - i >= sizeof replaced &&
				     memcmp(line.data + i, replaced, sizeof replaced) == 0);
	}
	return any;
}

static void take_line(void *ctx, struct bytes text, uint64_t number, bool clipped)
{
	struct log *l = ctx;
	struct log_line line = { .at = { number, LOG_NO_TIME }, .whole = text, .clipped = clipped };

	l->totals.lines++;
	if (is_noise(text)) {
		give_copy(l, &line);
		return;
	}
	dress_take_off(&line);
	give_copy(l, &line);
	if (key_line_is(line.text)) {
		if (l->options.secret != NULL)
			l->options.secret(l->options.secret_ctx, line.text);
		return;
	}
	offer_to_all(l, &line);
	hear_heap(l, &line);
	hear_printed(l, &line);
}

/* What is given out is counted on its way. */
static void take_conn(void *ctx, const struct log_conn *c)
{
	struct log *l = ctx;

	l->totals.conns++;
	l->totals.dropped += c->dropped;
	l->sink.take(l->sink.ctx, c);
}

static bool open_states(struct log *l)
{
	for (size_t i = 0; i < N_LOG_READERS; i++)
		if (is_asked(l, i) && (l->state[i] = memory_new(log_readers[i]->size + 1)) == NULL)
			return false;
	return true;
}

struct log *log_open(struct log_conn_sink sink, const struct log_options *o)
{
	struct log *l = memory_new(sizeof *l);

	if (l == NULL)
		return NULL;
	if (o != NULL)
		l->options = *o;
	l->sink = sink;
	l->last = N_LOG_READERS;
	l->notes = log_notes_open((struct log_conn_sink){ take_conn, l });
	if (l->options.redacted != NULL)
		l->copy = memory_get(LOG_LINE_MAX);
	if (l->notes != NULL && log_text_open(&l->text) && open_states(l) &&
		(l->copy != NULL) == (l->options.redacted != NULL)) {
		l->text.take = take_line;
		l->text.ctx = l;
		return l;
	}
	log_close(l);
	return NULL;
}

void log_close(struct log *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < N_LOG_READERS; i++)
		free(l->state[i]);
	free(l->copy);
	log_text_close(&l->text);
	log_notes_close(l->notes);
	free(l);
}

void log_feed(struct log *l, struct bytes piece)
{
	l->totals.bytes += piece.len;
	log_text_feed(&l->text, piece);
}

void log_end(struct log *l)
{
	log_text_end(&l->text);
	for (size_t i = 0; i < N_LOG_READERS; i++) {
		if (l->state[i] == NULL)
			continue;
		if (log_readers[i]->end != NULL)
			log_readers[i]->end(l->state[i], l->notes);
		memset(l->state[i], 0, log_readers[i]->size);
	}
	l->last = N_LOG_READERS;
	l->printed = (struct printed){ 0 };
	log_notes_end(l->notes);
}

struct log_totals log_totals(const struct log *l)
{
	struct log_totals t = l->totals;

	t.clipped = l->text.clipped_lines;
	return t;
}
