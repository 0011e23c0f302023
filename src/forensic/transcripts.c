/* The server signs client_random, server_random, params (RFC 5246 7.4.3). */
#include "forensic/transcripts.h"

#include "base/array.h"
#include "forensic/flight.h"
#include "forensic/signed13.h"

enum { RANDOM_LEN = 32, TIME_LEN = 4, STALE_MAX = 256 };

static const uint8_t zeros[RANDOM_LEN];

/* The pieces that mistakes are made of. */
enum piece {
	END,
	CLIENT,
	SERVER,
	PARAMS,
	ZERO,
	HEADER,       /* the four bytes in front of the message */
	HEADER_EARLY, /* the same before the signature was there: with the parameters' length */
	HEADER_EMPTY, /* the same before any length was written */
	SCHEME,       /* the two bytes behind the parameters */
	NO_TYPE,      /* the parameters without curve_type */
	NO_GROUP,     /* ... and without the curve's number */
	POINT_BYTES,  /* the point alone */
	CURVE,        /* curve_type and number */
	CLIENT_SHORT, /* a random without its first four bytes, the time */
	SERVER_SHORT,
	N_PIECES
};

static const struct {
	enum piece order[5];
	const char *what;
} mistakes[] = {
	{ { SERVER, CLIENT, PARAMS }, "with the two randoms exchanged" },
	{ { PARAMS }, "over the parameters alone, without the randoms" },
	{ { SERVER, PARAMS }, "without the client random" },
	{ { CLIENT, PARAMS }, "without the server random" },
	{ { ZERO, SERVER, PARAMS }, "with zeros in place of the client random" },
	{ { CLIENT, ZERO, PARAMS }, "with zeros in place of the server random" },
	{ { ZERO, ZERO, PARAMS }, "with zeros in place of both randoms" },
	{ { CLIENT, SERVER, HEADER, PARAMS },
		"with the four bytes of the handshake header in front of the parameters" },
	{ { CLIENT, SERVER, HEADER_EARLY, PARAMS },
		"with a handshake header for the parameters alone in front of them" },
	{ { CLIENT, SERVER, HEADER_EMPTY, PARAMS },
		"with a handshake header without a length in front of the parameters" },
	{ { HEADER, PARAMS }, "over the handshake header and the parameters, without the randoms" },
	{ { CLIENT, SERVER, CURVE, POINT_BYTES }, "without the length byte in front of the point" },
	{ { CLIENT, SERVER, NO_TYPE }, "without the curve type in front of the parameters" },
	{ { CLIENT, SERVER, NO_GROUP }, "without curve type and curve in front of the point" },
	{ { CLIENT, SERVER, POINT_BYTES }, "over the randoms and the bare point" },
	{ { CLIENT, SERVER, PARAMS, SCHEME },
		"with the signature algorithm's two bytes behind the parameters" },
	{ { CLIENT, CLIENT, PARAMS }, "with the client random in the server random's place" },
	{ { SERVER, SERVER, PARAMS }, "with the server random in the client random's place" },
	{ { PARAMS, CLIENT, SERVER }, "with the randoms behind the parameters" },
	{ { CLIENT, SERVER }, "over the randoms alone, without the parameters" },
	{ { CLIENT_SHORT, SERVER_SHORT, PARAMS }, "with only the last 28 bytes of each random" },
	{ { CLIENT, SERVER_SHORT, PARAMS }, "with only the last 28 bytes of the server random" },
	{ { POINT_BYTES }, "over the bare point" },
	{ { END }, "over nothing at all" },
};

static struct bytes header_for(struct arena *a, size_t length)
{
	const uint8_t header[HANDSHAKE_HEADER] = { HS_SERVER_KEY_EXCHANGE, (uint8_t)(length >> 16),
		(uint8_t)(length >> 8), (uint8_t)length };

	return arena_copy(a, bytes_of(header, sizeof header));
}

static void fill_pieces(
	const struct handshake *hs, struct arena *a, struct bytes piece[static N_PIECES])
{
	const struct event *ev = handshake_message(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE);
	struct bytes params = hs->ske.params;

	memset(piece, 0, N_PIECES * sizeof *piece);
	piece[CLIENT] = bytes_of(hs->client_hello.random, RANDOM_LEN);
	piece[SERVER] = bytes_of(hs->server_hello.random, RANDOM_LEN);
	piece[PARAMS] = params;
	piece[ZERO] = bytes_of(zeros, sizeof zeros);
	piece[CLIENT_SHORT] = bytes_slice(piece[CLIENT], TIME_LEN, RANDOM_LEN);
	piece[SERVER_SHORT] = bytes_slice(piece[SERVER], TIME_LEN, RANDOM_LEN);
	piece[HEADER_EARLY] = header_for(a, params.len);
	piece[HEADER_EMPTY] = header_for(a, 0);
	if (ev != NULL)
		piece[HEADER] = bytes_slice(ev->raw, 0, HANDSHAKE_HEADER);
	if (ev != NULL && hs->ske.has_scheme)
		piece[SCHEME] = bytes_slice(ev->raw, HANDSHAKE_HEADER + hs->ske.scheme_at, 2);
	if (!hs->ske.has_curve_type || !hs->ske.has_group)
		return;
	piece[NO_TYPE] = bytes_slice(params, 1, params.len);
	piece[NO_GROUP] = bytes_slice(params, 3, params.len);
	piece[CURVE] = bytes_slice(params, 0, 3);
	piece[POINT_BYTES] = hs->ske.public_key;
}

/* False when a piece of it is not there. */
static bool put_together(
	const struct bytes piece[static N_PIECES], const enum piece order[5], struct transcript *t)
{
	t->n = 0;
	for (size_t i = 0; i < 5 && order[i] != END; i++) {
		if (piece[order[i]].len == 0)
			return false;
		t->part[t->n++] = piece[order[i]];
	}
	return true;
}

static void server_mistakes(const struct handshake *hs, struct arena *a, struct transcript *t,
	struct transcript_taker taker)
{
	struct bytes piece[N_PIECES];

	fill_pieces(hs, a, piece);
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		t->what = mistakes[i].what;
		if (put_together(piece, mistakes[i].order, t))
			taker.take(taker.ctx, t);
	}
	t->n = flight_before(hs, HS_SERVER_KEY_EXCHANGE, t->part);
	t->what = "over all handshake messages before it";
	if (t->n != 0)
		taker.take(taker.ctx, t);
}

bool transcript_due(const struct handshake *hs, enum side signer, struct transcript *out)
{
	out->what = NULL;
	out->handshake = 0;
	out->n = 3;
	if (hs->tls13)
		return signed13_due(hs, signer, out);
	if (signer == SIDE_SERVER)
		return handshake_ske_signed(hs, out->part);
	out->n = flight_signed(hs, out->part, NULL);
	return out->n != 0;
}

void transcripts_mistaken(const struct handshake *hs, enum side signer, struct arena *a,
	struct transcript_taker taker)
{
	struct transcript t = { .n = 0 };

	if (hs->tls13)
		signed13_mistakes(hs, signer, a, taker);
	else if (signer == SIDE_SERVER)
		server_mistakes(hs, a, &t, taker);
	else
		flight_mistakes(hs, a, &t, taker);
}

/* ---- randoms of other handshakes ---- */

static void stale(const struct handshake *hs, const struct handshake *other, struct arena *a,
	struct transcript_taker taker)
{
	struct bytes client = bytes_of(hs->client_hello.random, RANDOM_LEN),
		     server = bytes_of(hs->server_hello.random, RANDOM_LEN),
		     old_client = bytes_of(other->client_hello.random, RANDOM_LEN),
		     old_server = bytes_of(other->server_hello.random, RANDOM_LEN);
	const struct {
		struct bytes client, server;
		const char *which;
	} mixes[] = {
		{ client, old_server, "the server random" },
		{ old_client, server, "the client random" },
		{ old_client, old_server, "both randoms" },
	};

	for (size_t i = 0; i < COUNT(mixes); i++) {
		struct transcript t = { .part = { mixes[i].client, mixes[i].server,
						hs->ske.params },
			.n = 3,
			.handshake = other->id };

		t.what = arena_printf(a, "with %s of handshake %llu", mixes[i].which,
			(unsigned long long)other->id);
		taker.take(taker.ctx, &t);
	}
}

static bool usable(const struct handshake *hs, const struct handshake *other, bool same_server)
{
	return other != hs && other->input == hs->input && other->client_hello.has_random &&
	       other->server_hello.has_random &&
	       endpoint_equal(&other->side[SIDE_SERVER].address, &hs->side[SIDE_SERVER].address) ==
		       same_server;
}

void transcripts_stale(const struct handshake *hs, const struct handshake *const *others,
	size_t n_others, struct arena *a, struct transcript_taker taker)
{
	size_t n = 0;

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < n_others && n < STALE_MAX; i++) {
			if (!usable(hs, others[i], round == 0))
				continue;
			stale(hs, others[i], a, taker);
			n++;
		}
}
