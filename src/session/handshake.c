/* Ways to ask a struct handshake, and its end. */
#include "session/handshake.h"

#include "session/pool.h"

const struct event *handshake_message(const struct handshake *hs, enum side from, uint8_t type)
{
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_MESSAGE && ev->from == from && ev->type == type)
			return ev;
	}
	return NULL;
}

bool handshake_late(const struct handshake *hs, enum side from, uint8_t type)
{
	const struct event *ev = handshake_message(hs, from, type);

	return ev != NULL && ev->late;
}

uint64_t event_end_packet(const struct event *ev)
{
	return ev->n_spans != 0 ? ev->spans[ev->n_spans - 1].packet : ev->packet;
}

/* Offsets in an SSLv2-format hello count from its record header, as its parser counts them. */
static size_t header_length(const struct event *ev)
{
	return ev->kind == EVENT_MESSAGE && ev->record_version != 0x0002 ? HANDSHAKE_HEADER : 0;
}

struct place event_place(const struct event *ev, size_t offset, size_t length)
{
	struct place place = { ev->packet, offset, length };
	size_t at = header_length(ev) + offset;

	if (ev->compression != 0)
		return (struct place){ event_end_packet(ev), 0, 0 };
	for (size_t i = 0; i < ev->n_spans && ev->spans[i].offset <= at; i++)
		place.packet = ev->spans[i].packet;
	return place;
}

struct place handshake_place(
	const struct handshake *hs, enum side from, uint8_t type, size_t offset, size_t length)
{
	const struct event *ev = handshake_message(hs, from, type);

	return ev != NULL ? event_place(ev, offset, length) : (struct place){ 0 };
}

bool handshake_ske_signed(const struct handshake *hs, struct bytes part[static 3])
{
	if (!hs->client_hello.has_random || !hs->server_hello.has_random || hs->ske.params.len == 0)
		return false;
	part[0] = bytes_of(hs->client_hello.random, sizeof hs->client_hello.random);
	part[1] = bytes_of(hs->server_hello.random, sizeof hs->server_hello.random);
	part[2] = hs->ske.params;
	return true;
}

bool handshake_signature(const struct handshake *hs, enum side signer, struct shown_signature *out)
{
	const struct server_key_exchange *ske = &hs->ske;
	const struct certificate_verify *cv = &hs->side[signer].verify;

	if (signer == SIDE_SERVER && !hs->tls13) {
		*out = (struct shown_signature){ HS_SERVER_KEY_EXCHANGE, ske->has_scheme,
			ske->scheme, ske->signature, ske->scheme_at, ske->signature_at };
		return ske->has_signature;
	}
	*out = (struct shown_signature){ HS_CERTIFICATE_VERIFY, cv->has_scheme, cv->scheme,
		cv->signature, cv->scheme_at, cv->signature_at };
	return cv->seen;
}

/* After a HelloRetryRequest of the same type the ServerHello is the second. */
static const struct event *server_hello_event(const struct handshake *hs)
{
	for (size_t i = hs->n_events; i-- > 0;) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_MESSAGE && ev->from == SIDE_SERVER &&
			ev->type == HS_SERVER_HELLO)
			return ev;
	}
	return NULL;
}

bool handshake_server_public(
	const struct handshake *hs, uint16_t *group, struct bytes *key, struct place *at)
{
	const struct extensions *ext = &hs->server_hello.ext;
	const struct event *ev;

	if (hs->ske.has_group && hs->ske.public_key.len != 0) {
		*group = hs->ske.group;
		*key = hs->ske.public_key;
		*at = handshake_place(
			hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, hs->ske.public_at, key->len);
		return true;
	}
	if (!hs->server_hello.seen || ext->n_shares == 0 || ext->shares[0].key.len == 0)
		return false;
	*group = ext->shares[0].group;
	*key = ext->shares[0].key;
	ev = server_hello_event(hs);
	*at = ev != NULL ? event_place(ev, ext->shares[0].at, key->len) : (struct place){ 0 };
	return true;
}

/* RFC 8446 6: the level means nothing from TLS 1.3 on; only two alerts are none of an error. */
static bool is_fatal(const struct handshake *hs, const struct sent_alert *a)
{
	return a->level == 2 ||
	       (hs->tls13 && a->code != ALERT_CLOSE_NOTIFY && a->code != ALERT_USER_CANCELED);
}

const struct sent_alert *handshake_fatal_alert(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (is_fatal(hs, &hs->alerts[i]))
			return &hs->alerts[i];
	return NULL;
}

void handshake_free(struct handshake *hs)
{
	struct handshake_pool *pool;
	struct arena *arena;

	if (hs == NULL)
		return;
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < hs->side[side].n_certs; i++)
			cert_release(hs->store, hs->side[side].certs[i]);
	pool = hs->pool;
	arena = hs->arena; /* holds *hs */
	if (pool != NULL)
		pool_give_back(pool, arena);
	else
		arena_free(arena);
}
