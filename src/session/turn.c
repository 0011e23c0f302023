/*
 * Whose turn it was when a handshake ended. Of what is encrypted only the sizes are seen: whether a TLS 1.3
 * server had come to its end, for one, they do not tell.
 */
#include "session/conn.h"

static const struct turn unknown;

static struct turn due(enum side owes, bool midway)
{
	return (struct turn){ .known = true, .owes = owes, .midway = midway };
}

static bool said(const struct handshake *hs, enum side from, uint8_t type)
{
	return handshake_began(hs, from, type) && !handshake_late(hs, from, type);
}

/* Is there anything that was not seen, or not read? */
static bool has_gaps(const struct conn *c)
{
	bool gap = c->midway || c->hs->roles_guessed || c->hs->skimmed != SKIM_NOT ||
		   c->hs->events_dropped;

	for (unsigned dir = 0; dir < 2; dir++)
		gap |= c->lane[dir].lost || c->lane[dir].unsure;
	return gap;
}

/* A message that breaks off is that side's to go on with. */
static bool broke_off(const struct handshake *hs, enum side *side)
{
	for (size_t i = hs->n_events; i-- > 0;) {
		const struct event *ev = &hs->events[i];

		if (ev->kind != EVENT_MESSAGE || !ev->unread || ev->told)
			continue;
		*side = ev->from;
		return true;
	}
	return false;
}

/* RFC 5246 7.3: figure 1, and figure 2 for a handshake that resumes a session. */
static struct turn turn12(const struct handshake *hs, const struct progress *p)
{
	const struct party *client = &hs->side[SIDE_CLIENT], *server = &hs->side[SIDE_SERVER];
	bool answered = said(hs, SIDE_CLIENT, HS_CERTIFICATE) ||
			said(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE);
	bool abbreviated = server->ccs && !said(hs, SIDE_SERVER, HS_SERVER_HELLO_DONE);

	if (abbreviated && !p->side[SIDE_SERVER].finished)
		return due(SIDE_SERVER, true);
	if (!abbreviated && !said(hs, SIDE_SERVER, HS_SERVER_HELLO_DONE))
		return due(SIDE_SERVER, true);
	if (!p->side[SIDE_CLIENT].finished)
		return due(SIDE_CLIENT, answered || client->ccs);
	if (!p->side[SIDE_SERVER].finished)
		return due(SIDE_SERVER, server->ccs || hs->ticket.seen);
	return unknown;
}

/* What both sides sent is known, and not its sizes alone. */
static bool all_open(const struct handshake *hs)
{
	for (size_t side = 0; side < 2; side++) {
		const struct party *p = &hs->side[side];

		if (p->protected_records != 0 && (p->keys != KEYS_OPEN || p->refused_records != 0))
			return false;
	}
	return hs->side[SIDE_SERVER].protected_records != 0;
}

/* RFC 8446 2: figure 1. */
static struct turn turn13(const struct handshake *hs)
{
	if (all_open(hs) && !said(hs, SIDE_SERVER, HS_FINISHED))
		return due(SIDE_SERVER, true);
	if (all_open(hs) && !said(hs, SIDE_CLIENT, HS_FINISHED))
		return due(SIDE_CLIENT, handshake_began(hs, SIDE_CLIENT, HS_CERTIFICATE));
	return hs->side[SIDE_SERVER].protected_records == 0 ? due(SIDE_SERVER, true) : unknown;
}

struct turn turn_of(const struct conn *c)
{
	const struct handshake *hs = c->hs;
	enum side side;

	if (has_gaps(c) || hs->only_protected)
		return unknown;
	if (broke_off(hs, &side))
		return due(side, true);
	if (!said(hs, SIDE_CLIENT, HS_CLIENT_HELLO))
		return hs->logged ? unknown : due(SIDE_CLIENT, false);
	if (!said(hs, SIDE_SERVER, HS_SERVER_HELLO) &&
		!said(hs, SIDE_SERVER, HS_HELLO_RETRY_REQUEST))
		return due(SIDE_SERVER, false);
	if (hs->hello_retry.seen &&
		!hs->server_hello.seen) /* so far it has only asked for another hello */
		return due(hs->client_hello_2.seen ? SIDE_SERVER : SIDE_CLIENT, false);
	return hs->tls13 ? turn13(hs) : turn12(hs, &c->progress);
}
