/*
 * Any bytes as a log: in one piece or cut anywhere the notes are the same, a copy without secrets is as long,
 * and a copy of the copy has nothing more to hide; one without names is as long as one with them.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "log/anonymise.h"
#include "log/dump_names.h"
#include "log/log.h"

#include <stdlib.h>

enum { COPY_MAX = 1 << 20 };

struct seen {
	uint64_t conns, notes, sum;
	uint8_t *copy;
	size_t len;
};

static void add(struct seen *s, uint64_t value)
{
	s->sum = (s->sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	s->sum ^= s->sum >> 29;
}

static void take(void *ctx, const struct log_conn *c)
{
	struct seen *s = ctx;

	s->conns++;
	for (const struct log_note *n = c->notes; n != NULL; n = n->next) {
		s->notes++;
		must(n->from == SIDE_CLIENT || n->from == SIDE_SERVER);
		must(n->at.line != 0);
		add(s, (uint64_t)n->kind << 32 | n->at.line);
		add(s, n->bytes.len + n->missing);
		for (size_t i = 0; i < n->bytes.len; i++)
			add(s, n->bytes.data[i]);
	}
}

static void keep(void *ctx, struct bytes line)
{
	struct seen *s = ctx;

	if (s->len + line.len + 1 > COPY_MAX)
		return;
	if (line.len != 0)
		memcpy(s->copy + s->len, line.data, line.len);
	s->len += line.len;
	s->copy[s->len++] = '\n';
}

static void read_all(struct seen *s, struct bytes text, size_t piece, bool copy)
{
	struct log_options o = { .redacted = copy ? keep : NULL, .redacted_ctx = s };
	struct log *l;

	*s = (struct seen){ .copy = copy ? malloc(COPY_MAX) : NULL };
	l = log_open((struct log_conn_sink){ take, s }, &o);
	must(l != NULL && (s->copy != NULL) == copy);
	for (size_t at = 0; at < text.len; at += piece)
		log_feed(l, bytes_slice(text, at, piece));
	log_end(l);
	must(log_totals(l).bytes == text.len);
	log_close(l);
}

static void count(void *ctx, struct bytes line)
{
	*(size_t *)ctx += line.len + 1;
}

static void anonymise(struct bytes text)
{
	struct pseudonyms *p = pseudonyms_open();
	size_t len = 0, at = 0;
	struct dump_names *d = dump_names_open(p, count, &len);
	uint8_t *copy = malloc(text.len + 1);

	must(p != NULL && d != NULL && copy != NULL);
	while (at < text.len) {
		struct bytes rest = bytes_slice(text, at, text.len);
		const uint8_t *end = memchr(rest.data, '\n', rest.len);
		struct bytes line =
			bytes_slice(rest, 0, end != NULL ? (size_t)(end - rest.data) : rest.len);

		memcpy(copy, line.data, line.len);
		anonymise_line(p, line, copy);
		must(dump_names_take(d, bytes_of(copy, line.len)));
		at += line.len + 1;
	}
	dump_names_end(d);
	must(len == text.len);
	free(copy);
	dump_names_close(d);
	pseudonyms_close(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_of(data, size);
	struct seen whole, cut, copied, again;

	if (size == 0)
		return 0;
	read_all(&whole, text, size, false);
	read_all(&cut, text, size % 7 + 1, false);
	must(whole.conns == cut.conns && whole.notes == cut.notes && whole.sum == cut.sum);
	read_all(&copied, text, size, true);
	must(copied.sum == whole.sum);
	read_all(&again, bytes_of(copied.copy, copied.len), copied.len + 1, true);
	must(copied.len == COPY_MAX || again.len == copied.len);
	anonymise(bytes_of(copied.copy, copied.len));
	free(copied.copy);
	free(again.copy);
	return 0;
}
