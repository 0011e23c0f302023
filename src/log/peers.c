/* The key of a connection is the same for both directions. */
#include "log/peers.h"

#include "wire/handshake.h"

#include <string.h>

void peers_clear(struct peers *p)
{
	*p = (struct peers){ .port = { 0, 0 } };
}

void peers_set_address(struct peers *p, unsigned end, struct bytes text)
{
	size_t n = text.len < PEER_ADDRESS_MAX - 1 ? text.len : PEER_ADDRESS_MAX - 1;

	if (n != 0)
		memcpy(p->address[end], text.data, n);
	p->address[end][n] = '\0';
}

enum peers_hint peers_hint_of(uint8_t type)
{
	switch (type) {
	case HS_CLIENT_HELLO:
	case HS_CLIENT_KEY_EXCHANGE:
	case HS_END_OF_EARLY_DATA:
		return PEERS_FROM_CLIENT;
	case HS_HELLO_REQUEST:
	case HS_SERVER_HELLO:
	case HS_HELLO_VERIFY_REQUEST:
	case HS_NEW_SESSION_TICKET:
	case HS_ENCRYPTED_EXTENSIONS:
	case HS_SERVER_KEY_EXCHANGE:
	case HS_CERTIFICATE_REQUEST:
	case HS_SERVER_HELLO_DONE:
	case HS_CERTIFICATE_STATUS:
		return PEERS_FROM_SERVER;
	default:
		return PEERS_NO_HINT;
	}
}

/* FNV-1a: keys are few, and a mistaken one costs no more than a connection that is read as two. */
static uint64_t hash_end(const struct peers *p, unsigned end)
{
	uint64_t h = 14695981039346656037u;

	for (const char *c = p->address[end]; *c != '\0'; c++)
		h = (h ^ (uint8_t)*c) * 1099511628211u;
	return (h ^ p->port[end]) * 1099511628211u;
}

static uint64_t key_of(const struct peers *p)
{
	return hash_end(p, 0) ^ hash_end(p, 1);
}

static enum side first_sender(const struct peers *p, enum peers_hint hint)
{
	if (hint != PEERS_NO_HINT)
		return hint == PEERS_FROM_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
	return p->port[0] != 0 && p->port[0] < p->port[1] ? SIDE_SERVER : SIDE_CLIENT;
}

static void name_sides(struct log_conn *c, const struct peers *p, enum side from)
{
	for (unsigned end = 0; end < 2; end++) {
		enum side side = end == 0 ? from : side_other(from);

		if (p->address[end][0] == '\0')
			continue;
		c->facts.address[side] =
			conn_text(c, bytes_of(p->address[end], strlen(p->address[end])));
		c->facts.port[side] = p->port[end];
	}
}

static bool is_end(const struct log_conn *c, enum side side, const struct peers *p, unsigned end)
{
	return c->facts.address[side] != NULL &&
	       strcmp(c->facts.address[side], p->address[end]) == 0 &&
	       c->facts.port[side] == p->port[end];
}

/* Without addresses the next message is the other side's where it is the last one's no more. */
static enum side sender_in(const struct log_conn *c, const struct peers *p, enum peers_hint hint)
{
	bool same = is_end(c, SIDE_CLIENT, p, 0) == is_end(c, SIDE_SERVER, p, 0);

	if (!same)
		return is_end(c, SIDE_CLIENT, p, 0) ? SIDE_CLIENT : SIDE_SERVER;
	return first_sender(p, hint);
}

struct log_conn *peers_conn(struct log_notes *notes, unsigned reader, const struct peers *p,
	enum peers_hint hint, bool anew, struct log_at at, enum side *from)
{
	uint64_t key = key_of(p);
	struct log_conn *c = anew ? NULL : conn_find(notes, reader, key);

	if (c != NULL) {
		*from = sender_in(c, p, hint);
		return conn_get(notes, reader, key, at);
	}
	*from = first_sender(p, hint);
	c = conn_open(notes, reader, key, at);
	if (c != NULL)
		name_sides(c, p, *from);
	return c;
}
