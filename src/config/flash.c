/* The tables of data/config/flash-*.tsv; the condition of each row is asked as #if. */
#include "config/flash.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

struct library_saving {
	const char *change, *when;
	long text, data, bss, objects;
	enum need need;
	const char *lost;
};

#define BUILDS_SAVINGS
#include "builds.inc"

void needs_find(struct needs *needs, enum need need, bool found)
{
	needs->looked[need] = true;
	needs->found[need] = needs->found[need] || found;
}

const char *need_name(enum need need)
{
	static const char *const names[N_NEEDS] = { [NEEDED_BY_NOBODY] = "",
		[NEED_PEM] = "PEM",
		[NEED_RSA] = "RSA",
		[NEED_SHA384] = "SHA-384",
		[NEED_SHA512] = "SHA-512",
		[NEED_AES256] = "AES-256",
		[NEED_CBC] = "CBC",
		[NEED_CHACHAPOLY] = "ChaCha20-Poly1305",
		[NEED_SECP384R1] = "P-384",
		[NEED_X25519] = "X25519",
		[NEED_EXPLICIT_CURVES] = "a curve that is spelled out",
		[NEED_MAX_FRAGMENT_LENGTH] = "max_fragment_length",
		[NEED_EXTENDED_MASTER_SECRET] = "extended_master_secret",
		[NEED_SERVER_NAME] = "server_name",
		[NEED_ALPN] = "ALPN",
		[NEED_TICKETS] = "session tickets",
		[NEED_RENEGOTIATION] = "renegotiation",
		[NEED_CLIENT] = "the role of a client",
		[NEED_DTLS] = "DTLS",
		[NEED_TLS13] = "TLS 1.3" };

	return names[need];
}

const char *saving_verdict_name(enum saving_verdict verdict)
{
	static const char *const names[] = { "free", "not-needed", "unknown", "needed" };

	return names[verdict];
}

void needs_found(struct needs *needs, enum need need, const char *where)
{
	if (!needs->found[need])
		needs->where[need] = where;
	needs->found[need] = true;
}

/* What only files show, and what is known by neither alone: a root is in a file and on no wire, a peer's
 * certificate the other way round. */
enum source { FROM_HANDSHAKES, FROM_FILES, FROM_BOTH };

static enum source source_of(enum need need)
{
	static const enum source sources[N_NEEDS] = { [NEED_PEM] = FROM_FILES,
		[NEED_EXPLICIT_CURVES] = FROM_FILES,
		[NEED_RSA] = FROM_BOTH,
		[NEED_SHA384] = FROM_BOTH,
		[NEED_SHA512] = FROM_BOTH,
		[NEED_SECP384R1] = FROM_BOTH };

	return sources[need];
}

void needs_looked(struct needs *needs, bool files, bool handshakes)
{
	for (int need = NEEDED_BY_NOBODY + 1; need < N_NEEDS; need++) {
		enum source from = source_of((enum need)need);

		needs->looked[need] |= from == FROM_BOTH    ? files && handshakes
				       : from == FROM_FILES ? files
							    : handshakes;
	}
}

/* SHA-512 and SHA-384 are one module in 2.x: who needs the one needs it all. */
bool needs_has(const struct needs *needs, enum need need)
{
	return needs->found[need] || (need == NEED_SHA384 && needs->found[NEED_SHA512]);
}

bool needs_lacks(const struct needs *needs, enum need need)
{
	return needs->looked[need] && !needs->hidden[need] && !needs_has(needs, need);
}

static enum saving_verdict verdict_of(const struct needs *needs, enum need need)
{
	if (need == NEEDED_BY_NOBODY)
		return SAVING_FREE;
	if (needs != NULL && needs_has(needs, need))
		return SAVING_NEEDED;
	return needs != NULL && needs_lacks(needs, need) ? SAVING_NOT_NEEDED : SAVING_UNKNOWN;
}

static const char *where_needed(const struct needs *needs, enum need need)
{
	if (needs == NULL)
		return NULL;
	return needs->found[need] || need != NEED_SHA384 ? needs->where[need]
							 : needs->where[NEED_SHA512];
}

static int compare_long(long a, long b)
{
	return (a > b) - (a < b);
}

static int compare_savings(const void *a, const void *b)
{
	const struct saving *x = a, *y = b;
	int order = compare_long(x->flash, y->flash);

	if (order == 0)
		order = compare_long(x->ram, y->ram);
	return order != 0 ? order : strcmp(x->change, y->change);
}

size_t savings_of(const struct config *c, unsigned major, const struct needs *needs,
	struct saving out[static SAVINGS_MAX])
{
	const struct library_saving *rows = major >= 3 ? savings_3 : savings_2;
	size_t n_rows = major >= 3 ? COUNT(savings_3) : COUNT(savings_2), n = 0;

	for (size_t i = 0; i < n_rows && n < SAVINGS_MAX; i++) {
		const struct library_saving *r = &rows[i];

		if (config_holds(c, r->when))
			out[n++] = (struct saving){ r->change, r->lost, r->text + r->data,
				r->data + r->bss, r->objects, r->need, verdict_of(needs, r->need),
				where_needed(needs, r->need) };
	}
	qsort(out, n, sizeof *out, compare_savings);
	return n;
}
