/*
 * How much heap a device had left, against what a handshake takes: numbers measured with mbedTLS, in which an
 * allocation that fails looks like an untrusted chain, a bad signature or nothing at all.
 */
#include "diagnose/claims.h"

#include "base/array.h"

/* Bytes. */
enum {
	SPENT = 4096, /* less than one allocation of a verification: a chain's, a window of RSA's */
	AMPLE = 16384, /* no allocation of a handshake takes so much, but for the record buffers */
	LEAST = 12288, /* with records of 1 KiB and small EC keys a handshake takes 7 KB, and the chain its own */
	USUAL = 61000, /* mbedTLS 2.28, RSA 2048, records of 16 KiB: with less it fails in some way */
};

/* What an allocation that fails is told as, by one part of mbedTLS or another. */
static bool is_face_of_memory(enum saying saying)
{
	static const enum saying faces[] = { SAYING_peer_unverified, SAYING_peer_untrusted,
		SAYING_peer_unknown_ca, SAYING_peer_refused, SAYING_peer_unjudged,
		SAYING_peer_signature, SAYING_own_arithmetic, SAYING_out_of_memory,
		SAYING_no_shared_secret, SAYING_decrypt_error, SAYING_failed, SAYING_peer_closed,
		SAYING_reset };

	for (size_t i = 0; i < COUNT(faces); i++)
		if (faces[i] == saying)
			return true;
	return false;
}

static enum saying saying_of(const struct free_heap *heap)
{
	switch (heap->moment) {
	case HEAP_UNKNOWN:
		break;
	case HEAP_BEFORE:
		if (heap->bytes < LEAST)
			return SAYING_heap_low;
		return heap->bytes < USUAL ? SAYING_heap_scarce : SAYING_NONE;
	case HEAP_WITHIN:
	case HEAP_LOWEST:
		return heap->bytes < SPENT ? SAYING_heap_low : SAYING_NONE;
	}
	return SAYING_NONE;
}

bool claims_by_heap(const struct handshake *hs, enum side by, const struct claim *all, size_t n,
	struct claim *out)
{
	const struct free_heap *heap = &hs->side[by].word.heap;
	enum saying saying = saying_of(heap);

	if (saying == SAYING_NONE || hs->outcome == OUTCOME_COMPLETED)
		return false;
	for (size_t i = 0; i < n; i++)
		if (all[i].by == by && !is_face_of_memory(all[i].saying))
			return false;
	*out = (struct claim){ saying, by, heap->line, heap->words };
	return true;
}

bool heap_was_ample(const struct library_word *w)
{
	return w->heap.moment == HEAP_LOWEST && w->heap.bytes >= AMPLE;
}

static const char *moment_text(enum heap_moment moment)
{
	return moment == HEAP_LOWEST   ? "at the least"
	       : moment == HEAP_WITHIN ? "in the handshake or right after it"
				       : "before the handshake";
}

void heap_prove(
	const struct case_file *cf, const struct handshake *hs, enum side by, struct finding *f)
{
	const struct free_heap *heap = &hs->side[by].word.heap;
	uint64_t line = hs->has_log ? 0 : heap->line; /* no place in a capture */
	unsigned long long bytes = heap->bytes;

	if (heap->moment == HEAP_BEFORE)
		finding_prove(f, cf, line,
			"%s had %llu bytes of free heap before the handshake; with records of "
			"16 "
			"KiB and RSA 2048 mbedTLS takes about %d, and never less than some "
			"thousands",
			side_name(by), bytes, USUAL);
	else if (heap->moment != HEAP_UNKNOWN)
		finding_prove(f, cf, line,
			"%s had %llu bytes of free heap %s; to verify one certificate takes "
			"some "
			"thousands",
			side_name(by), bytes, moment_text(heap->moment));
}
