/*
 * Blanks, a context, a zero byte and a hash: each can be another, or be left out, and the hash can be that
 * of other messages, or another hash of the right ones.
 */
#include "forensic/signed13.h"

#include "base/array.h"
#include "session/transcript.h"

enum { PIECES = 3, MESSAGES_MAX = 32 /* with more it is no handshake that anyone makes */ };

static void put(
	struct transcript *t, struct bytes blanks, struct bytes context, const struct digest *d)
{
	t->digest = *d;
	t->n = PIECES;
	t->part[0] = blanks;
	t->part[1] = context;
	t->part[2] = bytes_of(t->digest.data, t->digest.len);
}

static bool hash_messages(const struct handshake *hs, enum side signer, struct transcript_parts *m,
	struct digest *out)
{
	return transcript_before(hs, signer, HS_CERTIFICATE_VERIFY, m) &&
	       crypto_hash(transcript_hash(hs), m->part, m->n, out);
}

bool signed13_due(const struct handshake *hs, enum side signer, struct transcript *out)
{
	struct transcript_parts m;
	struct digest d;

	if (!hash_messages(hs, signer, &m, &d))
		return false;
	put(out, transcript_blanks(), transcript_context(signer), &d);
	return true;
}

/* The right messages, and the room in which mistakes are made of them. */
struct work {
	const struct handshake *hs;
	enum side signer;
	struct arena *arena;
	struct transcript_taker taker;
	struct transcript_parts m;
	struct transcript t;
};

static void give(struct work *w, const char *what)
{
	w->t.what = what;
	w->taker.take(w->taker.ctx, &w->t);
}

/* ---- around the hash ---- */

static const struct bytes nothing = { NULL, 0 };

static void other_surroundings(struct work *w, const struct digest *d)
{
	struct bytes blanks = transcript_blanks(), context = transcript_context(w->signer);
	struct bytes bare = bytes_slice(context, 0, context.len - 1);
	bool server = w->signer == SIDE_SERVER;
	const struct {
		struct bytes blanks, context;
		const char *what;
	} mistakes[] = {
		{ blanks, transcript_context(side_other(w->signer)),
			server ? "with the client's context string in place of the server's"
			       : "with the server's context string in place of the client's" },
		{ blanks, bare, "without the zero byte behind the context string" },
		{ nothing, context, "without the 64 blanks in front of the context string" },
		{ bytes_slice(blanks, 0, CONTEXT_BLANKS / 2), context,
			"with 32 blanks instead of 64" },
		{ blanks, nothing, "without the context string" },
		{ nothing, nothing,
			"over the hash of the messages alone, without blanks and context" },
	};

	for (size_t i = 0; i < COUNT(mistakes); i++) {
		put(&w->t, mistakes[i].blanks, mistakes[i].context, d);
		give(w, mistakes[i].what);
	}
}

/* ---- other messages under the hash ---- */

static void give_hashed(
	struct work *w, const struct bytes part[], size_t n, enum hash hash, const char *what)
{
	struct digest d;

	if (n == 0 || !crypto_hash(hash, part, n, &d))
		return;
	put(&w->t, transcript_blanks(), transcript_context(w->signer), &d);
	give(w, what);
}

static const char *title(const struct work *w, size_t i)
{
	const char *name = w->m.type[i] == HS_MESSAGE_HASH ? "the hash of the first ClientHello"
							   : name_handshake_title(w->m.type[i]);

	return name != NULL ? name : "a message";
}

static void each_left_out(struct work *w)
{
	struct bytes part[MESSAGES_MAX];

	for (size_t skip = w->m.n; skip-- > 0;) {
		size_t n = 0;

		for (size_t i = 0; i < w->m.n; i++)
			if (i != skip)
				part[n++] = w->m.part[i];
		give_hashed(w, part, n, transcript_hash(w->hs),
			arena_printf(w->arena, "with a hash that lacks %s", title(w, skip)));
	}
}

static void ranges(struct work *w)
{
	for (size_t n = w->m.n - 1; n > 0; n--)
		give_hashed(w, w->m.part, n, transcript_hash(w->hs),
			arena_printf(w->arena, "with the hash of the messages up to %s only",
				title(w, n - 1)));
	for (size_t from = 1; from < w->m.n; from++)
		give_hashed(w, w->m.part + from, w->m.n - from, transcript_hash(w->hs),
			arena_printf(w->arena, "with the hash of the messages from %s on only",
				title(w, from)));
}

static void without_headers(struct work *w)
{
	struct bytes part[MESSAGES_MAX];

	for (size_t i = 0; i < w->m.n; i++)
		part[i] = bytes_slice(w->m.part[i], HANDSHAKE_HEADER, w->m.part[i].len);
	give_hashed(w, part, w->m.n, transcript_hash(w->hs),
		"with the hash of the messages without their headers");
}

static void with_itself(struct work *w)
{
	const struct event *cv = handshake_message(w->hs, w->signer, HS_CERTIFICATE_VERIFY);
	struct bytes part[MESSAGES_MAX + 1];

	if (cv == NULL)
		return;
	memcpy(part, w->m.part, w->m.n * sizeof *part);
	part[w->m.n] = bytes_slice(cv->raw, 0, HANDSHAKE_HEADER);
	give_hashed(w, part, w->m.n + 1, transcript_hash(w->hs),
		"with the header of CertificateVerify in the hash");
}

/* RFC 8446 4.4.1: what stands for the first hello after a retry is forgotten, or is the hello itself. */
static void first_hello_plain(struct work *w)
{
	const struct event *hello = handshake_message(w->hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	struct bytes part[MESSAGES_MAX];

	if (!w->hs->hello_retry.seen || hello == NULL)
		return;
	memcpy(part, w->m.part, w->m.n * sizeof *part);
	part[0] = hello->raw;
	give_hashed(w, part, w->m.n, transcript_hash(w->hs),
		"with the first ClientHello itself in the hash, in place of its own hash");
	give_hashed(w, part + 2, w->m.n - 2, transcript_hash(w->hs),
		"with a hash that begins with the second ClientHello");
}

/* The transcript has the hash of the suite, whatever the scheme's is. */
static void other_hash(struct work *w)
{
	static const enum hash hashes[] = { HASH_SHA256, HASH_SHA384, HASH_SHA512 };

	for (size_t i = 0; i < COUNT(hashes); i++)
		if (hashes[i] != transcript_hash(w->hs))
			give_hashed(w, w->m.part, w->m.n, hashes[i],
				arena_printf(w->arena, "with %s of the messages in place of %s",
					hash_title(hashes[i]), hash_title(transcript_hash(w->hs))));
}

/* ---- as TLS 1.2 has it ---- */

static void as_in_tls12(struct work *w)
{
	w->t.n = w->m.n;
	memcpy(w->t.part, w->m.part, w->m.n * sizeof *w->t.part);
	give(w, "over the messages themselves, as in TLS 1.2");
}

void signed13_mistakes(const struct handshake *hs, enum side signer, struct arena *a,
	struct transcript_taker taker)
{
	struct work *w = arena_alloc(a, sizeof *w);
	struct digest d;

	if (w == NULL)
		return;
	w->hs = hs;
	w->signer = signer;
	w->arena = a;
	w->taker = taker;
	if (!hash_messages(hs, signer, &w->m, &d) || w->m.n > MESSAGES_MAX)
		return;
	other_surroundings(w, &d);
	other_hash(w);
	first_hello_plain(w);
	each_left_out(w);
	ranges(w);
	without_headers(w);
	with_itself(w);
	as_in_tls12(w);
}
