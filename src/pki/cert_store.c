/*
 * Every distinct certificate once. A server sends the same bytes with each handshake, so the
 * look-up goes by a fast hash and a comparison, not by SHA-256. What nobody holds stays until the
 * budget is used up; then the longest unused goes first.
 */
#include "pki/cert.h"

#include "base/table.h"

#include <stdlib.h>
#include <utlist.h>

/*
 * Certificates differ in the end of their signature: by that alone the ones that come again and again
 * are found, and compared byte by byte. Where somebody made many with the same end, the table finds
 * them by a hash of all.
 */
enum { RECENT = 256 /* a power of two */, TAIL = 32 };

struct entry {
	struct cert cert; /* first, so that a certificate is its entry */
	size_t holders;
	struct entry *prev, *next; /* among those nobody holds, the longest unused first */
	UT_hash_handle hh;
	uint8_t slot; /* its place among the recent ones, which another may have taken since */
	uint8_t der[];
};

struct cert_store {
	struct entry *table; /* by DER */
	struct entry *idle;
	struct entry *recent[RECENT]; /* by the end of their DER */
	size_t budget, used;
	uint32_t last_id;
};

struct cert_store *cert_store_open(size_t budget)
{
	struct cert_store *s = memory_new(sizeof *s);

	if (s != NULL)
		s->budget = budget;
	return s;
}

void cert_store_close(struct cert_store *s)
{
	struct entry *e;

	if (s == NULL)
		return;
	e = s->table;
	HASH_CLEAR(hh, s->table); /* frees the table; the entries still hang together */
	while (e != NULL) {
		struct entry *next = e->hh.next;

		free(e);
		e = next;
	}
	free(s);
}

static size_t entry_size(const struct entry *e)
{
	return sizeof *e + e->cert.der.len;
}

static void drop(struct cert_store *s, struct entry *e)
{
	DL_DELETE(s->idle, e);
	HASH_DEL(s->table, e);
	if (s->recent[e->slot] == e)
		s->recent[e->slot] = NULL;
	s->used -= entry_size(e);
	free(e);
}

static void keep_to_budget(struct cert_store *s)
{
	while (s->used > s->budget && s->idle != NULL)
		drop(s, s->idle);
}

static struct entry *add(struct cert_store *s, struct bytes der)
{
	struct entry *e;

	if (der.len > UINT32_MAX || (e = memory_new(sizeof *e + der.len)) == NULL)
		return NULL;
	if (der.len != 0)
		memcpy(e->der, der.data, der.len);
	cert_parse(bytes_of(e->der, der.len), &e->cert);
	e->cert.id = ++s->last_id;
	if (!TABLE_ADD_POINTED(s->table, e->der, (unsigned)der.len, e)) {
		free(e);
		return NULL;
	}
	s->used += entry_size(e);
	return e;
}

static struct entry *find(const struct cert_store *s, uint8_t slot, struct bytes der)
{
	struct entry *e = s->recent[slot];

	if (e != NULL && bytes_equal(e->cert.der, der))
		return e;
	e = NULL;
	if (der.len <= UINT32_MAX)
		HASH_FIND(hh, s->table, der.data, (unsigned)der.len, e);
	return e;
}

const struct cert *cert_store_get(struct cert_store *s, struct bytes der)
{
	size_t tail = der.len < TAIL ? der.len : TAIL;
	uint8_t slot = (uint8_t)(table_hash(bytes_slice(der, der.len - tail, tail)) % RECENT);
	struct entry *e = find(s, slot, der);

	if (e == NULL)
		e = add(s, der);
	else if (e->holders == 0)
		DL_DELETE(s->idle, e);
	if (e == NULL)
		return NULL;
	e->slot = slot;
	s->recent[slot] = e;
	e->holders++;
	keep_to_budget(s);
	return &e->cert;
}

/* The store made the entry, so it may change what others see as const. */
static struct entry *entry_of(const struct cert *c)
{
	return (struct entry *)(uintptr_t)c;
}

void cert_hold(struct cert_store *s, const struct cert *c)
{
	struct entry *e;

	if (c == NULL)
		return;
	e = entry_of(c);
	if (e->holders++ == 0)
		DL_DELETE(s->idle, e);
}

void cert_release(struct cert_store *s, const struct cert *c)
{
	struct entry *e;

	if (c == NULL)
		return;
	e = entry_of(c);
	if (--e->holders != 0)
		return;
	DL_APPEND(s->idle, e);
	keep_to_budget(s);
}
