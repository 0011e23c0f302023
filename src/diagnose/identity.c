/* Names are compared without case (RFC 4343); an address is its bytes, port and transport. */
#include "diagnose/identity.h"

#include <stdlib.h>

enum { HOUSING_KEY = offsetof(struct identity, kind) };

struct housing {
	uint8_t key[HOUSING_KEY]; /* the first members of an identity */
	size_t n;                 /* servers */
	struct identity last;     /* the one that was added last: the only one, when n is 1 */
	UT_hash_handle hh;
};

static void take_name(struct identity *out, struct bytes name, size_t most)
{
	size_t n = name.len < most ? name.len : most;

	for (size_t i = 0; i < n; i++) {
		char c = (char)name.data[i];

		out->name[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out->name_len = (uint16_t)n;
}

void identity_of(const struct handshake *hs, struct identity *out)
{
	const struct endpoint *e = &hs->side[SIDE_SERVER].address;
	const struct extensions *ext = &hs->client_hello.ext;

	memset(out, 0, sizeof *out);
	/* The one that a log is about is one server, whatever it is called and whether its address is told. */
	if (hs->logged && !hs->elsewhere)
		return;
	memcpy(out->addr, e->addr, e->family == 4 ? 4 : 16);
	out->port = e->port;
	out->family = e->family;
	out->transport = (uint8_t)hs->transport;
	if (hs->target != NULL) {
		out->kind = IDENTITY_TARGET;
		take_name(out, bytes_of((const uint8_t *)hs->target, strlen(hs->target)),
			IDENTITY_NAME_MAX - 1);
	} else if (hs->client_hello.seen) {
		out->kind = ext->has_server_name && ext->server_name.len != 0 ? IDENTITY_NAME
									      : IDENTITY_NONE;
		take_name(out, ext->server_name, IDENTITY_NAME_MAX);
	}
}

struct bytes identity_name(const struct identity *id)
{
	return bytes_of((const uint8_t *)id->name, id->name_len);
}

static struct housing *find(const struct housing *all, const struct identity *id)
{
	struct housing *found;

	HASH_FIND(hh, all, id, HOUSING_KEY, found);
	return found;
}

bool housing_add(struct housing **all, const struct identity *id)
{
	struct housing *p = find(*all, id);

	if (p == NULL) {
		p = memory_new(sizeof *p);
		if (p == NULL)
			return false;
		memcpy(p->key, id, HOUSING_KEY);
		if (!TABLE_ADD(*all, key, HOUSING_KEY, p)) {
			free(p);
			return false;
		}
	}
	p->n++;
	p->last = *id;
	return true;
}

void housing_remove(struct housing **all, const struct identity *id)
{
	struct housing *p = find(*all, id);

	if (p == NULL || --p->n != 0)
		return;
	HASH_DEL(*all, p);
	free(p);
}

void housings_free(struct housing *all)
{
	struct housing *each = all, *next;

	HASH_CLEAR(hh, all); /* frees the table; the entries still hang together */
	for (; each != NULL; each = next) {
		next = each->hh.next;
		free(each);
	}
}

/* After one of two went, which of them is left is not known here: then there is none. */
bool housing_only(const struct housing *all, const struct identity *id, struct identity *out)
{
	const struct housing *p = find(all, id);

	if (p == NULL || p->n != 1)
		return false;
	*out = p->last;
	return true;
}
