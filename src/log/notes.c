/* Connections that are being noted: found by who noted them and under which key, the oldest end first. */
#include "log/notes.h"

#include "base/memory.h"
#include "log/redact.h"

#include <stdlib.h>

struct open_conn {
	struct log_conn conn; /* first */
	bool open;
};

struct log_notes {
	struct log_conn_sink sink;
	struct open_conn conns[LOG_CONNS_MAX];
	size_t n_slots; /* of these that have ever been open: nearly always one or two */
	struct redact redact;
	struct log_heap heap; /* the last that was said */
	char heap_words[LOG_REMARK_TEXT_MAX + 1];
	struct printed_cert printed[PRINTED_MAX]; /* before a connection begins */
	size_t n_printed;
	uint64_t n_begun;
	uint64_t moment; /* counts notes, to tell who was silent longest */
};

struct log_notes *log_notes_open(struct log_conn_sink sink)
{
	struct log_notes *n = memory_new(sizeof *n);

	if (n != NULL)
		n->sink = sink;
	return n;
}

void log_notes_close(struct log_notes *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < LOG_CONNS_MAX; i++)
		arena_free(n->conns[i].conn.arena);
	free(n);
}

/* ---- connections ---- */

static struct open_conn *slot_of(struct log_conn *c)
{
	return (struct open_conn *)(void *)c;
}

void conn_end(struct log_notes *n, struct log_conn *c)
{
	struct arena *arena;

	if (c == NULL || !slot_of(c)->open)
		return;
	slot_of(c)->open = false;
	n->sink.take(n->sink.ctx, c);
	arena = c->arena;
	arena_reset(arena);
	*c = (struct log_conn){ .arena = arena };
}

/* In the order in which they began. */
void log_notes_end(struct log_notes *n)
{
	n->heap.moment = HEAP_UNKNOWN;
	n->n_printed = 0;
	for (;;) {
		struct log_conn *first = NULL;

		for (size_t i = 0; i < n->n_slots; i++)
			if (n->conns[i].open &&
				(first == NULL || n->conns[i].conn.number < first->number))
				first = &n->conns[i].conn;
		if (first == NULL)
			break;
		conn_end(n, first);
	}
}

struct log_conn *conn_find(struct log_notes *n, unsigned reader, uint64_t key)
{
	for (size_t i = 0; i < n->n_slots; i++) {
		struct log_conn *c = &n->conns[i].conn;

		if (n->conns[i].open && c->owner == reader && c->key == key)
			return c;
	}
	return NULL;
}

/* One that is free, or else the one that has been silent longest, which ends. */
static struct open_conn *take_slot(struct log_notes *n)
{
	struct open_conn *oldest = &n->conns[0];

	for (size_t i = 0; i < LOG_CONNS_MAX; i++) {
		if (!n->conns[i].open)
			return &n->conns[i];
		if (n->conns[i].conn.used < oldest->conn.used)
			oldest = &n->conns[i];
	}
	conn_end(n, &oldest->conn);
	return oldest;
}

const char *conn_text(struct log_conn *c, struct bytes text)
{
	char *copy = c != NULL ? arena_alloc_raw(c->arena, text.len + 1) : NULL;

	if (copy == NULL)
		return NULL;
	if (text.len != 0)
		memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return copy;
}

/* The least there ever was tells most, then the least within the handshake, then the last before it. */
static void take_heap(struct log_conn *c, const struct log_heap *heap)
{
	struct log_heap *known = &c->facts.heap;
	bool tells_less = heap->moment < known->moment ||
			  (heap->moment == known->moment && heap->moment != HEAP_BEFORE &&
				  heap->bytes >= known->bytes);

	if (tells_less)
		return;
	*known = *heap;
	known->words = conn_text(c, bytes_of(heap->words, strlen(heap->words)));
	if (known->words == NULL)
		known->moment = HEAP_UNKNOWN;
}

/* One of the same line is known better now. One that is printed twice is one. */
static void add_printed(struct printed_cert *list, size_t *n, const struct printed_cert *cert)
{
	size_t i = 0;

	if (cert->subject[0] == '\0' || cert->not_after == PRINTED_NO_DATE)
		return; /* nor is it judged */
	while (i < *n && list[i].line != cert->line &&
		(strcmp(list[i].subject, cert->subject) != 0 ||
			list[i].not_after != cert->not_after || list[i].own != cert->own))
		i++;
	if (i == PRINTED_MAX || (i < *n && list[i].line != cert->line))
		return;
	list[i] = *cert;
	*n += i == *n;
}

static void take_printed(struct log_conn *c, const struct printed_cert *cert)
{
	struct log_facts *f = &c->facts;

	if (f->printed == NULL)
		f->printed = arena_alloc(c->arena, PRINTED_MAX * sizeof *f->printed);
	if (f->printed != NULL)
		add_printed(f->printed, &f->n_printed, cert);
}

struct log_conn *conn_open(struct log_notes *n, unsigned reader, uint64_t key, struct log_at at)
{
	struct open_conn *o;
	struct arena *arena;

	conn_end(n, conn_find(n, reader, key));
	o = take_slot(n);
	arena = o->conn.arena != NULL ? o->conn.arena : arena_new(LOG_CONN_BYTES);
	if (arena == NULL)
		return NULL;
	o->conn = (struct log_conn){ .number = ++n->n_begun,
		.redact = &n->redact,
		.began = at,
		.last = at,
		.arena = arena,
		.owner = reader,
		.key = key,
		.used = ++n->moment };
	o->conn.tail = &o->conn.notes;
	o->open = true;
	if (n->n_slots <= (size_t)(o - n->conns))
		n->n_slots = (size_t)(o - n->conns) + 1;
	if (n->heap.moment != HEAP_UNKNOWN)
		take_heap(&o->conn, &n->heap);
	for (size_t i = 0; i < n->n_printed; i++)
		take_printed(&o->conn, &n->printed[i]);
	n->n_printed = 0;
	return &o->conn;
}

struct log_conn *conn_get(struct log_notes *n, unsigned reader, uint64_t key, struct log_at at)
{
	struct log_conn *c = conn_find(n, reader, key);

	if (c == NULL)
		return conn_open(n, reader, key, at);
	c->used = ++n->moment;
	return c;
}

/* ---- notes ---- */

void conn_note(struct log_conn *c, const struct log_note *note)
{
	struct log_note *kept;

	if (c == NULL)
		return;
	c->last = note->at;
	kept = arena_alloc_raw(c->arena, sizeof *kept);
	if (kept == NULL) {
		c->dropped++;
		return;
	}
	*kept = *note;
	kept->next = NULL;
	kept->bytes = arena_copy(c->arena, note->bytes);
	kept->text = note->text != NULL ? arena_str(c->arena, note->text) : NULL;
	if (kept->bytes.data == NULL || (kept->text == NULL && note->text != NULL)) {
		c->dropped++;
		return;
	}
	*c->tail = kept;
	c->tail = &kept->next;
	c->n_notes++;
}

void conn_wire(
	struct log_conn *c, enum side from, struct bytes b, uint64_t missing, struct log_at at)
{
	conn_note(c,
		&(struct log_note){
			.kind = LOG_WIRE, .from = from, .at = at, .bytes = b, .missing = missing });
}

void conn_opened(struct log_conn *c, enum side from, uint8_t content_type, struct bytes b,
	uint64_t missing, struct log_at at)
{
	conn_note(c, &(struct log_note){ .kind = LOG_OPENED,
			     .from = from,
			     .at = at,
			     .type = content_type,
			     .bytes = b,
			     .under_keys = true,
			     .missing = missing });
}

void conn_message(struct log_conn *c, enum side from, struct bytes message, uint64_t missing,
	bool under_keys, struct log_at at)
{
	conn_note(c, &(struct log_note){ .kind = LOG_MESSAGE,
			     .from = from,
			     .at = at,
			     .bytes = message,
			     .under_keys = under_keys,
			     .missing = missing });
}

void conn_seen(struct log_conn *c, enum side from, uint8_t type, bool under_keys, struct log_at at)
{
	conn_note(c, &(struct log_note){ .kind = LOG_SEEN,
			     .from = from,
			     .at = at,
			     .type = type,
			     .under_keys = under_keys });
}

void conn_alert(struct log_conn *c, enum side from, uint8_t level, uint8_t code, bool under_keys,
	struct log_at at)
{
	conn_note(c, &(struct log_note){ .kind = LOG_ALERT,
			     .from = from,
			     .at = at,
			     .level = level,
			     .code = code,
			     .under_keys = under_keys });
}

void conn_result(struct log_conn *c, enum side by, int code, const char *function, struct log_at at)
{
	conn_note(c, &(struct log_note){ .kind = LOG_RESULT,
			     .from = by,
			     .at = at,
			     .value = code,
			     .text = function });
}

/* As much of them as is quoted in reports. Returns the length. */
static size_t cut_words(struct bytes words, char text[static LOG_REMARK_TEXT_MAX + 1])
{
	size_t len = words.len < LOG_REMARK_TEXT_MAX ? words.len : LOG_REMARK_TEXT_MAX;

	while (len != 0 && len < words.len && (words.data[len] & 0xc0) == 0x80)
		len--; /* no half of a character */
	while (len != 0 && (words.data[len - 1] == ' ' || words.data[len - 1] == '('))
		len--; /* what the parenthesis holds stands on other lines */
	if (len != 0)
		memcpy(text, words.data, len);
	text[len] = '\0';
	return len;
}

void conn_remark(
	struct log_conn *c, enum side by, enum saying saying, struct bytes words, struct log_at at)
{
	char text[LOG_REMARK_TEXT_MAX + 1];
	size_t len = cut_words(words, text);

	if (c != NULL)
		redact_words(c->redact, (uint8_t *)text, len); /* they are quoted in reports */
	conn_note(c,
		&(struct log_note){
			.kind = LOG_REMARK, .from = by, .at = at, .saying = saying, .text = text });
}

void conn_ending(struct log_conn *c, enum side from, enum log_ending ending, struct log_at at)
{
	conn_note(
		c, &(struct log_note){ .kind = LOG_END, .from = from, .at = at, .value = ending });
}

/* ---- what is said of none in particular ---- */

enum { OWNER_NOBODY = 0xffff };

static struct log_conn *latest_of(struct log_notes *n)
{
	struct log_conn *latest = NULL;

	for (size_t i = 0; i < n->n_slots; i++)
		if (n->conns[i].open && (latest == NULL || n->conns[i].conn.used > latest->used))
			latest = &n->conns[i].conn;
	return latest;
}

struct log_conn *log_notes_latest(struct log_notes *n, unsigned reader, struct log_at at)
{
	struct log_conn *latest = latest_of(n);

	return latest != NULL ? latest : conn_open(n, reader, 0, at);
}

void log_notes_remark(
	struct log_notes *n, enum side by, enum saying saying, struct bytes words, struct log_at at)
{
	conn_remark(log_notes_latest(n, OWNER_NOBODY, at), by, saying, words, at);
}

void log_notes_printed(struct log_notes *n, const struct printed_cert *cert)
{
	struct log_conn *latest = latest_of(n);

	if (latest != NULL)
		take_printed(latest, cert);
	else
		add_printed(n->printed, &n->n_printed, cert);
}

void log_notes_heap(
	struct log_notes *n, uint64_t bytes, bool lowest, struct bytes words, struct log_at at)
{
	struct log_conn *latest = latest_of(n);
	size_t len = cut_words(words, n->heap_words);

	redact_words(&n->redact, (uint8_t *)n->heap_words, len);
	n->heap = (struct log_heap){
		.bytes = bytes, .at = at, .words = n->heap_words, .moment = HEAP_WITHIN
	};
	if (latest == NULL || latest->n_notes == 0)
		n->heap.moment = HEAP_BEFORE;
	if (lowest)
		n->heap.moment = HEAP_LOWEST;
	if (latest != NULL)
		take_heap(latest, &n->heap);
	if (!lowest)
		n->heap.moment = HEAP_BEFORE; /* of the next */
}
