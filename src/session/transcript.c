/* A transcript is the flights of both sides, one after the other; which come when depends on the version. */
#include "session/transcript.h"

#include "crypto/schedule.h"

enum { SSLV2_RECORD = 0x0002, SSLV2_HEADER = 2 };

/* An SSLv2-format hello goes in without its record header (RFC 5246 E.2). */
static struct bytes hashed_bytes(const struct event *ev)
{
	bool sslv2 = ev->type == HS_CLIENT_HELLO && ev->record_version == SSLV2_RECORD;

	return bytes_slice(ev->raw, sslv2 ? SSLV2_HEADER : 0, ev->raw.len);
}

static bool add(struct transcript_parts *t, const struct event *ev)
{
	if (ev->unread || ev->raw.len == 0 || t->n == EVENTS_MAX)
		return false;
	t->part[t->n] = hashed_bytes(ev);
	t->type[t->n++] = ev->type;
	return true;
}

/* A side's messages as they are walked over. */
struct walk {
	const struct handshake *hs;
	enum side from;
	size_t next; /* event to be looked at */
};

/* The next message of the side that is hashed; NULL: none. HelloRequest is not (RFC 5246 7.4.1.1). */
static const struct event *peek(struct walk *w)
{
	for (; w->next < w->hs->n_events; w->next++) {
		const struct event *ev = &w->hs->events[w->next];

		if (ev->kind == EVENT_MESSAGE && ev->from == w->from &&
			ev->type != HS_HELLO_REQUEST)
			return ev;
	}
	return NULL;
}

/* Adds messages up to the last of that type, or without it where `stop`. False: it was not found. */
static bool add_to(struct transcript_parts *t, struct walk *w, uint8_t type, bool stop)
{
	const struct event *ev;

	while ((ev = peek(w)) != NULL) {
		if (stop && ev->type == type)
			return true;
		w->next++;
		if (!add(t, ev))
			return false;
		if (ev->type == type)
			return true;
	}
	return false;
}

enum hash transcript_hash(const struct handshake *hs)
{
	enum hash suite = hs->suite != NULL ? (enum hash)hs->suite->prf_hash : HASH_NONE;

	return hs->tls13 ? suite : prf_hash_of(hs->version, suite);
}

/* ---- TLS 1.3: figure 1 of RFC 8446, and 4.4.1 ---- */

/* After a HelloRetryRequest a hash stands for the first hello. */
static bool hash_first(const struct handshake *hs, struct transcript_parts *t)
{
	struct digest d;

	if (!crypto_hash(transcript_hash(hs), &t->part[0], 1, &d))
		return false;
	t->message_hash[0] = HS_MESSAGE_HASH;
	t->message_hash[1] = t->message_hash[2] = 0;
	t->message_hash[3] = (uint8_t)d.len;
	memcpy(t->message_hash + HANDSHAKE_HEADER, d.data, d.len);
	t->part[0] = bytes_of(t->message_hash, HANDSHAKE_HEADER + d.len);
	t->type[0] = HS_MESSAGE_HASH;
	return true;
}

/* Of a retry the type on the wire is that of a ServerHello, but in drafts. */
static bool add_server_hello(struct transcript_parts *t, struct walk *w)
{
	const struct event *ev = peek(w);

	if (ev == NULL || (ev->type != HS_SERVER_HELLO && ev->type != HS_HELLO_RETRY_REQUEST))
		return false;
	w->next++;
	return add(t, ev);
}

static bool before13(
	const struct handshake *hs, enum side from, uint8_t type, struct transcript_parts *t)
{
	struct walk client = { hs, SIDE_CLIENT, 0 }, server = { hs, SIDE_SERVER, 0 };

	if (!add_to(t, &client, HS_CLIENT_HELLO, false))
		return false;
	if (hs->hello_retry.seen && (!hash_first(hs, t) || !add_server_hello(t, &server) ||
					    !add_to(t, &client, HS_CLIENT_HELLO, false)))
		return false;
	if (!add_server_hello(t, &server))
		return false;
	if (from == SIDE_SERVER)
		return add_to(t, &server, type, true);
	return add_to(t, &server, HS_FINISHED, false) && add_to(t, &client, type, true);
}

/* ---- up to TLS 1.2: figures 1 and 2 of RFC 5246 7.3 ---- */

static bool before12(
	const struct handshake *hs, enum side from, uint8_t type, struct transcript_parts *t)
{
	struct walk client = { hs, SIDE_CLIENT, 0 }, server = { hs, SIDE_SERVER, 0 };
	bool full = handshake_message(hs, SIDE_SERVER, HS_SERVER_HELLO_DONE) != NULL;

	if (!add_to(t, &client, HS_CLIENT_HELLO, false))
		return false;
	if (full && (!add_to(t, &server, HS_SERVER_HELLO_DONE, false)))
		return false;
	if (full && from == SIDE_CLIENT)
		return add_to(t, &client, type, true);
	if (full)
		return add_to(t, &client, HS_FINISHED, false) && add_to(t, &server, type, true);
	if (from == SIDE_SERVER)
		return add_to(t, &server, type, true);
	return add_to(t, &server, HS_FINISHED, false) && add_to(t, &client, type, true);
}

/*
 * TLS 1.3: a record of the flight that was not opened may hold a message. What a server sends behind its Finished is
 * data; and so may be what a client sends before its own, where it offers to.
 */
static bool sealed_before(const struct handshake *hs, const struct event *end)
{
	bool early = hs->client_hello.ext.early_data;

	for (const struct event *ev = hs->events; hs->tls13 && ev != end; ev++) {
		if (ev->kind == EVENT_MESSAGE && ev->from == SIDE_SERVER && ev->type == HS_FINISHED)
			return false;
		if (ev->kind == EVENT_PROTECTED && (ev->from == SIDE_SERVER || !early))
			return true;
	}
	return false;
}

/* RFC 8446 4.5: where the server accepts early data the client's end of it comes before its next message. */
static bool end_missing(const struct handshake *hs, enum side from)
{
	bool accepted = false;

	for (size_t i = 0; i < hs->encrypted_extensions.n; i++)
		accepted |= hs->encrypted_extensions.list[i].type == EXT_EARLY_DATA;
	return accepted && from == SIDE_CLIENT &&
	       handshake_message(hs, SIDE_CLIENT, HS_END_OF_EARLY_DATA) == NULL;
}

/* Bytes missing between the ClientHello and the message may have been another message. */
static bool lost_before(const struct handshake *hs, enum side from, uint8_t type)
{
	const struct event *hello = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	const struct event *end = handshake_message(hs, from, type);

	if (hello == NULL || end == NULL)
		return true;
	for (size_t i = 0; i < hs->n_gaps; i++)
		if (hs->gaps[i].packet > hello->packet && hs->gaps[i].packet <= end->packet)
			return true;
	return hs->events_dropped || end_missing(hs, from) || sealed_before(hs, end);
}

bool transcript_before(
	const struct handshake *hs, enum side from, uint8_t type, struct transcript_parts *t)
{
	t->n = 0;
	if (hs->tls13 ? !before13(hs, from, type, t) : !before12(hs, from, type, t))
		return false;
	return !lost_before(hs, from, type);
}

bool transcript_may_begin_late(const struct handshake *hs)
{
	bool whole = hs->side[SIDE_CLIENT].finished.verdict.state == PROOF_VALID ||
		     hs->side[SIDE_SERVER].finished.verdict.state == PROOF_VALID;

	return hs->tls13 && !hs->saw_syn && !hs->logged && !hs->hello_retry.seen && !whole;
}

bool transcript_session(const struct handshake *hs, struct transcript_parts *t)
{
	const struct event *ev = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE);

	return ev != NULL && transcript_before(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE, t) &&
	       add(t, ev);
}

/* ---- what is signed ---- */

struct bytes transcript_blanks(void)
{
	static const char blanks[] =
		"                                                                ";

	_Static_assert(sizeof blanks == CONTEXT_BLANKS + 1, "64 of them");
	return bytes_of(blanks, CONTEXT_BLANKS);
}

struct bytes transcript_context(enum side signer)
{
	static const char server[] = "TLS 1.3, server CertificateVerify";
	static const char client[] = "TLS 1.3, client CertificateVerify";

	return signer == SIDE_SERVER ? bytes_of(server, sizeof server)
				     : bytes_of(client, sizeof client);
}

static bool covered13(const struct handshake *hs, enum side signer, struct covered *c)
{
	if (!transcript_before(hs, signer, HS_CERTIFICATE_VERIFY, &c->messages) ||
		!crypto_hash(transcript_hash(hs), c->messages.part, c->messages.n, &c->digest))
		return false;
	c->own[0] = transcript_blanks();
	c->own[1] = transcript_context(signer);
	c->own[2] = bytes_of(c->digest.data, c->digest.len);
	return true;
}

bool transcript_covered(const struct handshake *hs, enum side signer, struct covered *c)
{
	c->part = c->own;
	c->n = 3;
	if (hs->tls13)
		return covered13(hs, signer, c);
	if (signer == SIDE_SERVER)
		return handshake_ske_signed(hs, c->own);
	if (handshake_message(hs, SIDE_SERVER, HS_SERVER_HELLO) == NULL ||
		handshake_message(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST) == NULL ||
		handshake_message(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE) == NULL ||
		handshake_message(hs, SIDE_SERVER, HS_SERVER_HELLO_DONE) == NULL ||
		!transcript_before(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY, &c->messages))
		return false;
	c->part = c->messages.part;
	c->n = c->messages.n;
	return true;
}
