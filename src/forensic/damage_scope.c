/* The bytes under the signature as regions, each with a name and a place in the capture. */
#include "forensic/damage_scope.h"

#include "forensic/flight.h"

enum { RANDOM_LEN = 32, RANDOM_AT = HANDSHAKE_HEADER + 2, SCRATCH_MAX = 8 * 1024 * 1024 };

static void add_region(struct damage_scope *sc, enum damaged what, size_t at, size_t len)
{
	if (len != 0)
		sc->region[sc->n_regions++] = (struct region){ what, at, len };
}

static void server_regions(struct damage_scope *sc)
{
	add_region(sc, DAMAGED_PARAMS, (size_t)2 * RANDOM_LEN, sc->s->hs->ske.params.len);
	add_region(sc, DAMAGED_CLIENT_RANDOM, 0, RANDOM_LEN);
	add_region(sc, DAMAGED_SERVER_RANDOM, RANDOM_LEN, RANDOM_LEN);
}

/* The client's key exchange stands for the parameters: it is the client's own, as they are the
 * server's. */
static void client_regions(struct damage_scope *sc)
{
	struct bytes part[EVENTS_MAX];
	uint8_t types[EVENTS_MAX];
	size_t n = flight_signed(sc->s->hs, part, types), at = 0, hello = 0;

	for (size_t i = 0; i < n && sc->n_regions + 1 < REGIONS; at += part[i++].len) {
		if (part[i].len < RANDOM_AT + RANDOM_LEN && types[i] != HS_CLIENT_KEY_EXCHANGE)
			continue; /* too short for a random */
		if (types[i] == HS_CLIENT_KEY_EXCHANGE && part[i].len > HANDSHAKE_HEADER)
			add_region(sc, DAMAGED_PARAMS, at + HANDSHAKE_HEADER,
				part[i].len - HANDSHAKE_HEADER);
		else if (types[i] == HS_CLIENT_HELLO && !sc->s->hs->client_hello.sslv2_format)
			add_region(sc, DAMAGED_CLIENT_RANDOM, at + RANDOM_AT, RANDOM_LEN);
		else if (types[i] == HS_SERVER_HELLO && hello++ == 0)
			add_region(sc, DAMAGED_SERVER_RANDOM, at + RANDOM_AT, RANDOM_LEN);
	}
}

/* ECDSA uses no more bytes of the digest than the order of the curve has (FIPS 186-5 6.4.1). */
static size_t digest_bytes(const struct damage_scope *sc)
{
	const struct group *g = group_find(sc->leaf.group);
	size_t len = sc->digest.len;

	if (sc->s->method.signature == SIG_ECDSA && g != NULL && g->coordinate_len != 0 &&
		g->coordinate_len < len)
		len = g->coordinate_len;
	return len;
}

bool damage_scope_open(struct damage_scope *sc, struct inquiry *q, struct suspect *s)
{
	struct reading readings[READINGS_MAX];

	*sc = (struct damage_scope){ .q = q,
		.s = s,
		.scratch = arena_new(SCRATCH_MAX),
		.leaf = key_of_cert(s->leaf),
		.hash = s->method.hash };
	if (sc->scratch == NULL)
		return false;
	sc->message = suspect_message(s, sc->scratch);
	if (sc->message.len == 0)
		return false;
	if (readings_make(s, sc->scratch, readings) != 0)
		sc->oracle = oracle_open(s, &sc->leaf, &readings[0], &q->spare);
	if (sc->oracle != NULL && oracle_hash(sc->oracle) != HASH_NONE)
		sc->hash = oracle_hash(sc->oracle);
	if (!crypto_hash(sc->hash, &sc->message, 1, &sc->digest))
		return false;
	/* in TLS 1.3 no byte of the messages is signed, but their hash */
	if (s->signer == SIDE_SERVER && !s->hs->tls13)
		server_regions(sc);
	else if (!s->hs->tls13)
		client_regions(sc);
	add_region(sc, DAMAGED_DIGEST, 0, digest_bytes(sc));
	return true;
}

void damage_scope_close(struct damage_scope *sc)
{
	oracle_close(sc->oracle, &sc->q->spare);
	arena_free(sc->scratch);
}
