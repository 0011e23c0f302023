/* Besides the right order: the mistakes that implementations make with it. */
#include "forensic/flight.h"

#include "base/array.h"

enum {
	SSLV2_RECORD = 0x0002,
	SSLV2_HEADER = 2,
	HELLO_REQUEST_LEN = 4,
	SELECTED_MAX = 32 /* messages: with more it is no handshake that anyone makes */
};

struct flight {
	struct bytes *part;
	uint8_t *types; /* NULL: not wanted */
	size_t n;
};

/* An SSLv2-format hello goes in without its record header (RFC 5246 E.2). */
static struct bytes hashed_bytes(const struct event *ev)
{
	bool sslv2 = ev->type == HS_CLIENT_HELLO && ev->record_version == SSLV2_RECORD;

	return bytes_slice(ev->raw, sslv2 ? SSLV2_HEADER : 0, ev->raw.len);
}

static void add(struct flight *f, const struct event *ev)
{
	if (f->types != NULL)
		f->types[f->n] = ev->type;
	f->part[f->n++] = hashed_bytes(ev);
}

/* Adds one side's messages but its first ClientHello, up to its `last`, before its `stop`. */
static void add_side(
	struct flight *f, const struct handshake *hs, enum side from, uint8_t last, uint8_t stop)
{
	for (size_t i = 0; i < hs->n_events && f->n < EVENTS_MAX; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind != EVENT_MESSAGE || ev->from != from || ev->type == HS_HELLO_REQUEST ||
			ev->type == HS_CLIENT_HELLO)
			continue;
		if (ev->type == stop)
			return;
		add(f, ev);
		if (ev->type == last)
			return;
	}
}

size_t flight_signed(
	const struct handshake *hs, struct bytes part[static EVENTS_MAX], uint8_t *types)
{
	const struct event *hello = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	struct flight f = { part, types, 0 };

	if (hello == NULL)
		return 0;
	add(&f, hello);
	add_side(&f, hs, SIDE_SERVER, HS_SERVER_HELLO_DONE, HS_FINISHED);
	add_side(&f, hs, SIDE_CLIENT, HS_FINISHED, HS_CERTIFICATE_VERIFY);
	return f.n;
}

size_t flight_before(const struct handshake *hs, uint8_t type, struct bytes part[static EVENTS_MAX])
{
	const struct event *hello = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	struct flight f = { part, NULL, 0 };

	if (hello == NULL)
		return 0;
	add(&f, hello);
	add_side(&f, hs, SIDE_SERVER, type, type);
	return f.n;
}

/* ---- what a CertificateVerify covers by mistake ---- */

/* The right messages, and the room in which wrong selections of them are made. */
struct selection {
	struct bytes part[EVENTS_MAX];
	uint8_t types[EVENTS_MAX];
	size_t n;
	struct arena *arena;
	struct transcript *t;
	struct transcript_taker taker;
};

static const char *title(const struct selection *s, size_t i)
{
	const char *name = name_handshake_title(s->types[i]);

	return name != NULL ? name : "a message";
}

static void give(const struct selection *s, const char *what)
{
	s->t->what = what;
	s->taker.take(s->taker.ctx, s->t);
}

static void each_left_out(const struct selection *s)
{
	for (size_t skip = s->n; skip-- > 0;) {
		s->t->n = 0;
		for (size_t i = 0; i < s->n; i++)
			if (i != skip)
				s->t->part[s->t->n++] = s->part[i];
		give(s, arena_printf(s->arena, "without %s", title(s, skip)));
	}
}

static void copy_range(const struct selection *s, size_t from, size_t n)
{
	s->t->n = n;
	memcpy(s->t->part, s->part + from, n * sizeof s->part[0]);
}

static void ranges(const struct selection *s)
{
	for (size_t n = s->n - 1; n > 1; n--) {
		copy_range(s, 0, n);
		give(s, arena_printf(s->arena, "over the messages up to %s only", title(s, n - 1)));
	}
	for (size_t from = 1; from + 1 < s->n; from++) {
		copy_range(s, from, s->n - from);
		give(s, arena_printf(
				s->arena, "over the messages from %s on only", title(s, from)));
	}
	for (size_t only = 0; only < s->n; only++) {
		copy_range(s, only, 1);
		give(s, arena_printf(s->arena, "over %s alone", title(s, only)));
	}
}

static void without_headers(const struct selection *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->t->part[i] = bytes_slice(s->part[i], HANDSHAKE_HEADER, s->part[i].len);
	s->t->n = s->n;
	give(s, "over the messages without their headers");
}

static void with_more(const struct handshake *hs, const struct selection *s)
{
	static const uint8_t hello_request[HELLO_REQUEST_LEN];
	const struct event *cv = handshake_message(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY);

	s->t->n = s->n + 1;
	memcpy(s->t->part + 1, s->part, s->n * sizeof s->part[0]);
	s->t->part[0] = bytes_of(hello_request, sizeof hello_request);
	give(s, "with a HelloRequest in front");
	memcpy(s->t->part, s->part, s->n * sizeof s->part[0]);
	if (cv == NULL)
		return;
	s->t->part[s->n] = bytes_slice(cv->raw, 0, HANDSHAKE_HEADER);
	give(s, "with the header of CertificateVerify behind the messages");
	s->t->part[s->n] = cv->raw;
	give(s, "with CertificateVerify itself behind the messages");
}

/* RFC 8446 4.4.3, which holds for TLS 1.3 only; the hash there is the label's. */
static void as_in_tls13(const struct handshake *hs, const struct selection *s)
{
	static const char *const contexts[] = { "TLS 1.3, client CertificateVerify",
		"TLS 1.3, server CertificateVerify" };
	uint8_t blanks[64];
	struct digest d;

	memset(blanks, ' ', sizeof blanks);
	if (!crypto_hash(hs->side[SIDE_CLIENT].proof.method.hash, s->part, s->n, &d))
		return;
	for (size_t i = 0; i < COUNT(contexts); i++) {
		s->t->n = 3;
		s->t->part[0] = bytes_of(blanks, sizeof blanks);
		s->t->part[1] = bytes_of(contexts[i], strlen(contexts[i]) + 1);
		s->t->part[2] = bytes_of(d.data, d.len);
		give(s, i == 0 ? "as TLS 1.3 has it, with the client's context string"
			       : "as TLS 1.3 has it, with the server's context string");
	}
}

void flight_mistakes(const struct handshake *hs, struct arena *a, struct transcript *t,
	struct transcript_taker taker)
{
	struct selection s = { .arena = a, .t = t, .taker = taker };

	s.n = flight_signed(hs, s.part, s.types);
	if (s.n < 2 || s.n > SELECTED_MAX)
		return;
	t->handshake = 0;
	each_left_out(&s);
	without_headers(&s);
	with_more(hs, &s);
	ranges(&s);
	as_in_tls13(hs, &s);
	t->n = 0;
	give(&s, "over nothing at all");
}
