/* RFC 6066 4, RFC 8446 5.1. In TLS 1.3 the length is agreed on, and kept or not, under the keys. */
#include "diagnose/record_limit.h"

#include "diagnose/rule.h"

/* 0: none was agreed on. */
static uint32_t agreed(const struct handshake *hs)
{
	const struct extensions *answer = &hs->server_hello.ext;

	if (!hs->server_hello.seen || !answer->has_max_fragment_length ||
		answer->max_fragment_length < 1 || answer->max_fragment_length > 4)
		return 0;
	return 1u << (8 + answer->max_fragment_length);
}

static bool beyond_any(const struct handshake *hs, struct long_record *out)
{
	for (enum side s = SIDE_CLIENT; s <= SIDE_SERVER; s++)
		if (hs->side[s].record_oversized) {
			*out = (struct long_record){ s, hs->side[s].largest_record, 0, { 0 }, "" };
			return true;
		}
	return false;
}

/* The client's first message of which a record is longer; its hello came before there was a limit. */
static const struct event *clients_message(const struct handshake *hs, uint32_t limit)
{
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_MESSAGE && ev->from == SIDE_CLIENT &&
			ev->type != HS_CLIENT_HELLO && ev->record_length > limit)
			return ev;
	}
	return NULL;
}

bool long_record_of(const struct handshake *hs, struct long_record *out)
{
	uint32_t limit = agreed(hs);
	const struct event *ev;

	if (beyond_any(hs, out))
		return true;
	if (limit == 0)
		return false;
	if ((ev = clients_message(hs, limit)) != NULL) {
		*out = (struct long_record){ SIDE_CLIENT, ev->record_length, limit,
			message_place(hs, SIDE_CLIENT, ev->type), event_title(ev) };
		return true;
	}
	if (hs->side[SIDE_SERVER].largest_record <= limit)
		return false;
	*out = (struct long_record){ SIDE_SERVER, hs->side[SIDE_SERVER].largest_record, limit,
		message_place(hs, SIDE_SERVER, HS_CERTIFICATE), "Certificate" };
	return true;
}
