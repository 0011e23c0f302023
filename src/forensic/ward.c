/* The bytes under the signature as regions, each with a name and a place in the capture. */
#include "forensic/ward.h"

#include "forensic/flight.h"

enum { RANDOM_LEN = 32, RANDOM_AT = HANDSHAKE_HEADER + 2, SCRATCH_MAX = 8 * 1024 * 1024 };

static void add_region(struct ward *w, enum damaged what, size_t at, size_t len)
{
	if (len != 0)
		w->region[w->n_regions++] = (struct region){ what, at, len };
}

static void server_regions(struct ward *w)
{
	add_region(w, DAMAGED_PARAMS, (size_t)2 * RANDOM_LEN, w->s->hs->ske.params.len);
	add_region(w, DAMAGED_CLIENT_RANDOM, 0, RANDOM_LEN);
	add_region(w, DAMAGED_SERVER_RANDOM, RANDOM_LEN, RANDOM_LEN);
}

/* The client's key exchange stands for the parameters: it is the client's own, as they are the
 * server's. */
static void client_regions(struct ward *w)
{
	struct bytes part[EVENTS_MAX];
	uint8_t types[EVENTS_MAX];
	size_t n = flight_signed(w->s->hs, part, types), at = 0, hello = 0;

	for (size_t i = 0; i < n && w->n_regions + 1 < REGIONS; at += part[i++].len) {
		if (part[i].len < RANDOM_AT + RANDOM_LEN && types[i] != HS_CLIENT_KEY_EXCHANGE)
			continue; /* too short for a random */
		if (types[i] == HS_CLIENT_KEY_EXCHANGE && part[i].len > HANDSHAKE_HEADER)
			add_region(w, DAMAGED_PARAMS, at + HANDSHAKE_HEADER,
				part[i].len - HANDSHAKE_HEADER);
		else if (types[i] == HS_CLIENT_HELLO && !w->s->hs->client_hello.sslv2_format)
			add_region(w, DAMAGED_CLIENT_RANDOM, at + RANDOM_AT, RANDOM_LEN);
		else if (types[i] == HS_SERVER_HELLO && hello++ == 0)
			add_region(w, DAMAGED_SERVER_RANDOM, at + RANDOM_AT, RANDOM_LEN);
	}
}

/* ECDSA uses no more bytes of the digest than the order of the curve has (FIPS 186-5 6.4.1). */
static size_t digest_bytes(const struct ward *w)
{
	const struct group *g = group_find(w->leaf.group);
	size_t len = w->digest.len;

	if (w->s->method.signature == SIG_ECDSA && g != NULL && g->coordinate_len != 0 &&
		g->coordinate_len < len)
		len = g->coordinate_len;
	return len;
}

bool ward_open(struct ward *w, struct inquiry *q, struct suspect *s)
{
	struct reading readings[READINGS_MAX];

	*w = (struct ward){ .q = q,
		.s = s,
		.scratch = arena_new(SCRATCH_MAX),
		.leaf = key_of_cert(s->leaf),
		.hash = s->method.hash };
	if (w->scratch == NULL)
		return false;
	w->message = suspect_message(s, w->scratch);
	if (w->message.len == 0)
		return false;
	if (readings_make(s, w->scratch, readings) != 0)
		w->oracle = oracle_open(s, &w->leaf, &readings[0], &q->spare);
	if (w->oracle != NULL && oracle_hash(w->oracle) != HASH_NONE)
		w->hash = oracle_hash(w->oracle);
	if (!crypto_hash(w->hash, &w->message, 1, &w->digest))
		return false;
	if (s->signer == SIDE_SERVER)
		server_regions(w);
	else
		client_regions(w);
	add_region(w, DAMAGED_DIGEST, 0, digest_bytes(w));
	return true;
}

void ward_close(struct ward *w)
{
	oracle_close(w->oracle, &w->q->spare);
	arena_free(w->scratch);
}
