/*
 * Lines to secrets, in a table by client random. A line that a piece cuts in two waits, up to the length
 * that any line of a key log has; what is longer is none.
 */
#include "keylog/keylog.h"

#include "base/array.h"
#include "base/secret.h"
#include "base/table.h"

enum {
	ENCRYPTED = 8, /* bytes by which an RSA line names its connection */
	MASTER = 48,
};

/* One connection, in memory of its own that is wiped when it goes. */
struct client {
	uint8_t random
		[KEYLOG_RANDOM]; /* or the start of an encrypted premaster secret, and zeros */
	uint8_t len[N_KEYLOG_KINDS];
	uint8_t secret[N_KEYLOG_KINDS][KEYLOG_SECRET_MAX];
	struct secret room;  /* of this struct */
	struct client *same; /* another connection with this random */
	UT_hash_handle hh;
};

struct keylog {
	struct client *clients;   /* by client random, the oldest first */
	struct client *encrypted; /* by the start of what was encrypted */
	struct keylog_totals totals;
};

struct keylog *keylog_open(void)
{
	return memory_new(sizeof(struct keylog));
}

static void forget(struct client **table, struct client *c)
{
	HASH_DEL(*table, c);
	while (c != NULL) {
		struct secret room = c->room;

		c = c->same;
		secret_wipe(&room);
	}
}

void keylog_close(struct keylog *k)
{
	if (k == NULL)
		return;
	while (k->clients != NULL)
		forget(&k->clients, k->clients);
	while (k->encrypted != NULL)
		forget(&k->encrypted, k->encrypted);
	wipe(k, sizeof *k);
	free(k);
}

/* ---- the words of a line ---- */

/* What a label says of its line. */
struct label {
	const char *name;
	enum keylog_kind kind; /* N_KEYLOG_KINDS: of no use here */
	uint8_t id_len;        /* bytes of the second word; 0: any */
	uint8_t least, most;   /* bytes of the third */
};

enum { ANY_MOST = 255 };

static const struct label labels[] = {
	{ "CLIENT_RANDOM", KEYLOG_MASTER, KEYLOG_RANDOM, MASTER, MASTER },
	{ "PMS_CLIENT_RANDOM", KEYLOG_PREMASTER, KEYLOG_RANDOM, 1, KEYLOG_SECRET_MAX },
	{ "RSA", KEYLOG_PREMASTER, ENCRYPTED, MASTER, MASTER },
	{ "CLIENT_EARLY_TRAFFIC_SECRET", KEYLOG_CLIENT_EARLY, KEYLOG_RANDOM, 32,
		KEYLOG_SECRET_MAX },
	{ "CLIENT_HANDSHAKE_TRAFFIC_SECRET", KEYLOG_CLIENT_HANDSHAKE, KEYLOG_RANDOM, 32,
		KEYLOG_SECRET_MAX },
	{ "SERVER_HANDSHAKE_TRAFFIC_SECRET", KEYLOG_SERVER_HANDSHAKE, KEYLOG_RANDOM, 32,
		KEYLOG_SECRET_MAX },
	{ "CLIENT_TRAFFIC_SECRET_0", KEYLOG_CLIENT_APPLICATION, KEYLOG_RANDOM, 32,
		KEYLOG_SECRET_MAX },
	{ "SERVER_TRAFFIC_SECRET_0", KEYLOG_SERVER_APPLICATION, KEYLOG_RANDOM, 32,
		KEYLOG_SECRET_MAX },
	{ "EXPORTER_SECRET", N_KEYLOG_KINDS, KEYLOG_RANDOM, 1, ANY_MOST },
	{ "EARLY_EXPORTER_SECRET", N_KEYLOG_KINDS, KEYLOG_RANDOM, 1, ANY_MOST },
	{ "ECH_SECRET", N_KEYLOG_KINDS, 0, 1, ANY_MOST },
	{ "ECH_CONFIG", N_KEYLOG_KINDS, 0, 1, ANY_MOST },
};

static struct bytes next_word(struct bytes *line)
{
	size_t at = 0, end;

	while (at < line->len && (line->data[at] == ' ' || line->data[at] == '\t'))
		at++;
	for (end = at; end < line->len && line->data[end] != ' ' && line->data[end] != '\t'; end++)
		;
	*line = bytes_slice(*line, at, line->len);
	*line = bytes_slice(*line, end - at, line->len);
	return bytes_of(line->data - (end - at), end - at);
}

static const struct label *find_label(struct bytes word)
{
	for (size_t i = 0; i < COUNT(labels); i++)
		if (bytes_equal(word, bytes_of(labels[i].name, strlen(labels[i].name))))
			return &labels[i];
	return NULL;
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* False: it is not so many bytes in hexadecimal. */
static bool decode(struct bytes word, size_t least, size_t most, uint8_t *out, size_t *len)
{
	*len = word.len / 2;
	if (word.len % 2 != 0 || *len < least || *len > most)
		return false;
	for (size_t i = 0; i < *len; i++) {
		int high = digit(word.data[2 * i]), low = digit(word.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* ---- what is kept ---- */

static struct client *find(struct client *table, const uint8_t id[static KEYLOG_RANDOM])
{
	struct client *c = NULL;

	if (table != NULL)
		HASH_FIND(hh, table, id, KEYLOG_RANDOM, c);
	return c;
}

/* NULL: out of memory, which is counted. */
static struct client *new_client(struct keylog *k, const uint8_t id[static KEYLOG_RANDOM])
{
	struct secret room;
	struct client *c;

	if (!secret_new(&room, sizeof *c)) {
		k->totals.dropped++;
		return NULL;
	}
	c = (struct client *)(void *)room.data;
	c->room = room;
	memcpy(c->random, id, sizeof c->random);
	return c;
}

static struct client *add_client(
	struct keylog *k, struct client **table, const uint8_t id[static KEYLOG_RANDOM])
{
	struct secret room;
	struct client *c;

	if (HASH_COUNT(*table) >= KEYLOG_CLIENTS_MAX) {
		forget(table, *table);
		k->totals.dropped++;
	}
	if ((c = new_client(k, id)) == NULL || TABLE_ADD(*table, random, sizeof c->random, c))
		return c;
	room = c->room;
	secret_wipe(&room);
	k->totals.dropped++;
	return NULL;
}

static void put(struct keylog *k, struct client *c, enum keylog_kind kind, struct bytes value)
{
	memcpy(c->secret[kind], value.data, value.len);
	c->len[kind] = (uint8_t)value.len;
	k->totals.secrets++;
}

static struct bytes secret_of(const struct client *c, enum keylog_kind kind)
{
	return bytes_of(c->secret[kind], c->len[kind]);
}

static void keep(struct keylog *k, struct client **table, const uint8_t id[static KEYLOG_RANDOM],
	enum keylog_kind kind, struct bytes value)
{
	struct client *c = find(*table, id);
	size_t n = 1;

	if (c == NULL && (c = add_client(k, table, id)) == NULL)
		return;
	for (; c->len[kind] != 0; c = c->same, n++) {
		if (bytes_equal(secret_of(c, kind), value))
			return;
		if (n == KEYLOG_SAME_MAX) {
			k->totals.dropped++;
			return;
		}
		if (c->same == NULL && (c->same = new_client(k, id)) == NULL)
			return;
	}
	put(k, c, kind, value);
}

static bool take_secret(struct keylog *k, const struct label *label, struct bytes rest)
{
	uint8_t id[ANY_MOST] = { 0 }, value[ANY_MOST];
	struct bytes first = next_word(&rest), second = next_word(&rest), more = next_word(&rest);
	size_t id_len, len;
	bool ok = decode(first, label->id_len, label->id_len != 0 ? label->id_len : ANY_MOST, id,
			  &id_len) &&
		  decode(second, label->least, label->most, value, &len) && more.len == 0;

	if (ok && label->kind != N_KEYLOG_KINDS)
		keep(k, label->id_len == ENCRYPTED ? &k->encrypted : &k->clients, id, label->kind,
			bytes_of(value, len));
	wipe(value, sizeof value);
	return ok;
}

/* ---- lines ---- */

static void take_line(struct keylog *k, uint64_t number, struct bytes line)
{
	const struct label *label;
	struct bytes word = next_word(&line);

	if (word.len == 0 || word.data[0] == '#')
		return;
	k->totals.lines++;
	label = find_label(word);
	if (label == NULL) {
		k->totals.foreign++;
		return;
	}
	if (take_secret(k, label, line))
		return;
	if (k->totals.damaged++ == 0)
		k->totals.first_damaged = number;
}

static void end_line(struct keylog *k, struct keylog_text *t)
{
	t->line++;
	if (t->too_long) {
		k->totals.lines++;
		k->totals.foreign++;
	} else {
		take_line(k, t->line, bytes_of(t->text, t->n));
	}
	wipe(t->text, sizeof t->text);
	t->n = 0;
	t->too_long = false;
}

static void take_byte(struct keylog *k, struct keylog_text *t, uint8_t c)
{
	bool second = c == '\n' && t->returned;

	t->returned = c == '\r';
	if (second)
		return;
	if (c == '\n' || c == '\r')
		end_line(k, t);
	else if (t->n < sizeof t->text)
		t->text[t->n++] = (char)c;
	else
		t->too_long = true;
}

void keylog_feed(struct keylog *k, struct keylog_text *t, struct bytes piece)
{
	for (size_t i = 0; i < piece.len; i++)
		take_byte(k, t, piece.data[i]);
}

void keylog_end(struct keylog *k, struct keylog_text *t)
{
	if (t->n != 0 || t->too_long)
		end_line(k, t);
	wipe(t->text, sizeof t->text);
}

void keylog_take(struct keylog *k, struct bytes text)
{
	struct keylog_text t = { .line = 0 };

	keylog_feed(k, &t, text);
	keylog_end(k, &t);
}

/* ---- asking ---- */

struct bytes keylog_find(const struct keylog *k, const uint8_t random[static KEYLOG_RANDOM],
	enum keylog_kind kind, size_t n)
{
	const struct client *c = find(k->clients, random);

	while (c != NULL && n-- != 0)
		c = c->same;
	return c != NULL ? secret_of(c, kind) : bytes_of(NULL, 0);
}

struct bytes keylog_find_encrypted(const struct keylog *k, struct bytes encrypted)
{
	uint8_t id[KEYLOG_RANDOM] = { 0 };
	const struct client *c;

	if (encrypted.len < ENCRYPTED)
		return bytes_of(NULL, 0);
	memcpy(id, encrypted.data, ENCRYPTED);
	c = find(k->encrypted, id);
	return c != NULL ? secret_of(c, KEYLOG_PREMASTER) : bytes_of(NULL, 0);
}

struct keylog_totals keylog_totals(const struct keylog *k)
{
	return k->totals;
}

uint64_t keylog_generation(const struct keylog *k)
{
	return k->totals.secrets;
}
