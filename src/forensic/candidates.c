/* The likeliest come first, and each says in words what the signer would have done. */
#include "forensic/candidates.h"

#include "base/array.h"
#include "forensic/reorder.h"
#include "forensic/transcripts.h"

enum { CANDIDATES_MAX = 8192, FIRST_ROOM = 512 };

struct maker {
	const struct suspect *s;
	struct arena *arena;
	struct candidates *out;
	enum hash hash; /* of the transcripts that are taken now */
	unsigned transcripts;
};

static const enum hash hashes[] = { HASH_SHA256, HASH_SHA384, HASH_SHA512, HASH_SHA1, HASH_SHA224,
	HASH_MD5, HASH_MD5_SHA1 };

enum { N_HASHES = COUNT(hashes) };

static void add(struct maker *m, const struct candidate *c)
{
	struct candidates *out = m->out;

	if (out->n == out->room) {
		size_t room = out->room != 0 ? 2 * out->room : FIRST_ROOM;
		struct candidate *grown =
			room <= CANDIDATES_MAX ? arena_alloc(m->arena, room * sizeof *grown) : NULL;

		if (grown == NULL)
			return;
		if (out->n != 0)
			memcpy(grown, out->at, out->n * sizeof *grown);
		out->at = grown;
		out->room = room;
	}
	out->at[out->n++] = *c;
}

/* ---- other bytes, other hashes ---- */

static void take_transcript(void *ctx, const struct transcript *t)
{
	struct maker *m = ctx;
	struct candidate c = { .hash = m->hash, .transcript = t->what, .handshake = t->handshake };

	m->transcripts++;
	if (crypto_hash(m->hash, t->part, t->n, &c.digest))
		add(m, &c);
}

static void add_due(struct maker *m, enum hash hash)
{
	struct candidate c = { .hash = hash };

	if (suspect_digest(m->s, hash, &c.digest))
		add(m, &c);
}

static void add_mistaken(struct maker *m, enum hash hash)
{
	m->hash = hash;
	m->transcripts = 0;
	transcripts_mistaken(
		m->s->hs, m->s->signer, m->arena, (struct transcript_taker){ take_transcript, m });
}

static bool is_label(const struct maker *m, enum hash hash)
{
	return hash == m->s->method.hash;
}

/* ---- what happens to a digest on its way to the signer ---- */

static const struct {
	enum order order;
	const char *what;
} turns[] = {
	{ ORDER_BYTES_REVERSED, "with the digest's bytes in reverse order" },
	{ ORDER_BYTES_IN_WORDS, "with the bytes of each 32-bit word of the digest reversed" },
	{ ORDER_WORDS_REVERSED, "with the digest's 32-bit words in reverse order" },
	{ ORDER_BYTES_IN_HALVES,
		"with the bytes of each 16-bit half-word of the digest exchanged" },
	{ ORDER_HALVES_IN_WORDS,
		"with the half-words of each 32-bit word of the digest exchanged" },
	{ ORDER_BYTES_IN_DOUBLES, "with the bytes of each 64-bit word of the digest reversed" },
	{ ORDER_WORDS_IN_DOUBLES, "with the halves of each 64-bit word of the digest exchanged" },
};

static void add_turned(struct maker *m, const struct candidate *right)
{
	for (size_t i = 0; i < COUNT(turns); i++) {
		struct candidate c = *right;

		c.handling = turns[i].what;
		if (reorder(turns[i].order, bytes_of(right->digest.data, right->digest.len),
			    c.digest.data))
			add(m, &c);
	}
}

static void add_resized(struct maker *m, const struct candidate *right)
{
	static const size_t lengths[] = { 16, 20, 28, 32, 36, 48, 64 };
	size_t have = right->digest.len;

	for (size_t i = 0; i < COUNT(lengths); i++) {
		size_t len = lengths[i];
		struct candidate c = *right;

		if (len == have)
			continue;
		c.digest = (struct digest){ .len = len };
		memcpy(c.digest.data, right->digest.data, len < have ? len : have);
		c.handling = arena_printf(m->arena,
			len < have ? "with the digest cut to its first %zu bytes"
				   : "with the digest filled up to %zu bytes with zeros",
			len);
		add(m, &c);
		if (len > have)
			continue;
		memcpy(c.digest.data, right->digest.data + have - len, len);
		c.handling =
			arena_printf(m->arena, "with the last %zu bytes of the digest only", len);
		add(m, &c);
	}
}

static void add_hashed_again(struct maker *m, const struct candidate *right)
{
	for (size_t i = 0; i < N_HASHES; i++) {
		struct bytes first = bytes_of(right->digest.data, right->digest.len);
		struct candidate c = { .hash = right->hash };

		if (!crypto_hash(hashes[i], &first, 1, &c.digest))
			continue;
		c.handling = arena_printf(
			m->arena, "with the digest hashed again by %s", hash_title(hashes[i]));
		add(m, &c);
	}
}

static void add_zeros(struct maker *m, const struct candidate *right)
{
	struct candidate c = { .digest.len = right->digest.len,
		.hash = right->hash,
		.handling = "with zeros in place of the digest" };

	add(m, &c);
}

/* A hash engine that is told the wrong data type turns the words that go in, not the digest. */
static void add_turned_input(struct maker *m, enum hash hash)
{
	static const struct {
		enum order order;
		const char *what;
	} inputs[] = {
		{ ORDER_BYTES_IN_WORDS,
			"with the bytes of each 32-bit word that was hashed reversed" },
		{ ORDER_BYTES_IN_HALVES,
			"with the bytes of each 16-bit half-word that was hashed exchanged" },
		{ ORDER_HALVES_IN_WORDS,
			"with the half-words of each 32-bit word that was hashed exchanged" },
	};
	struct bytes message = suspect_message(m->s, m->arena);
	size_t whole = message.len - message.len % 4;
	uint8_t *turned = arena_alloc(m->arena, message.len);

	for (size_t i = 0; turned != NULL && i < COUNT(inputs); i++) {
		struct candidate c = { .hash = hash, .handling = inputs[i].what };
		struct bytes all = bytes_of(turned, message.len);

		if (!reorder(inputs[i].order, bytes_slice(message, 0, whole), turned))
			return;
		memcpy(turned + whole, message.data + whole, message.len - whole);
		if (crypto_hash(hash, &all, 1, &c.digest))
			add(m, &c);
	}
}

/* The last block is left in the engine's buffer: 64 bytes up to SHA-256, 128 from SHA-384 on. */
static void add_unflushed(struct maker *m, enum hash hash)
{
	size_t block = hash == HASH_SHA384 || hash == HASH_SHA512 ? 128 : 64;
	struct bytes message = suspect_message(m->s, m->arena);
	struct bytes whole = bytes_slice(message, 0, message.len - message.len % block);
	struct candidate c = { .hash = hash,
		.handling = "with only the whole blocks hashed, the rest left out" };

	if (whole.len != 0 && whole.len != message.len && crypto_hash(hash, &whole, 1, &c.digest))
		add(m, &c);
}

static void add_handled(struct maker *m, enum hash hash)
{
	struct candidate right = { .hash = hash };

	if (!suspect_digest(m->s, hash, &right.digest))
		return;
	add_turned(m, &right);
	add_resized(m, &right);
	add_zeros(m, &right);
	add_turned_input(m, hash);
	add_unflushed(m, hash);
	add_hashed_again(m, &right);
}

/* ---- all of them ---- */

static void make_core(struct maker *m)
{
	enum hash label = m->s->method.hash;

	add_due(m, label);
	for (size_t i = 0; i < N_HASHES; i++)
		if (!is_label(m, hashes[i]))
			add_due(m, hashes[i]);
	m->out->hashes = (unsigned)m->out->n;
	add_mistaken(m, label);
	m->out->transcripts = m->transcripts;
	m->out->n_core = m->out->n;
}

static void make_rest(struct maker *m, const struct handshake *const *others, size_t n_others)
{
	size_t before = m->out->n;

	add_handled(m, m->s->method.hash);
	m->out->digests = (unsigned)(m->out->n - before);
	if (m->s->signer == SIDE_SERVER && !m->s->hs->tls13) {
		m->hash = m->s->method.hash;
		m->transcripts = 0;
		transcripts_stale(m->s->hs, others, n_others, m->arena,
			(struct transcript_taker){ take_transcript, m });
		m->out->transcripts += m->transcripts;
	}
	for (size_t i = 0; i < N_HASHES; i++) {
		if (is_label(m, hashes[i]))
			continue;
		add_mistaken(m, hashes[i]);
		add_handled(m, hashes[i]);
	}
}

bool candidates_make(const struct suspect *s, const struct handshake *const *others,
	size_t n_others, struct arena *a, struct candidates *out)
{
	struct maker m = { .s = s, .arena = a, .out = out };

	*out = (struct candidates){ .n = 0 };
	make_core(&m);
	if (out->n == 0 || out->at[0].hash != s->method.hash)
		return false;
	make_rest(&m, others, n_others);
	return true;
}

const char *candidate_hash_text(const struct candidate *c, const struct suspect *s, struct arena *a)
{
	if (c->hash == s->method.hash)
		return NULL;
	return arena_printf(
		a, "over %s instead of %s", hash_title(c->hash), hash_title(s->method.hash));
}
