/*
 * What the sides' own programs say, as evidence for causes: the remarks of a log, the code and the verify
 * flags of mbedTLS, an alert of which nothing is known but its number. Words alone prove nothing: each row
 * of claims.def says how sure they make a cause, and which check, where there are bytes to run it on, knows
 * better. Pure.
 */
#ifndef TLSDIAG_DIAGNOSE_CLAIMS_H
#define TLSDIAG_DIAGNOSE_CLAIMS_H

#include "base/strbuf.h"
#include "diagnose/handshakes.h"

enum { CLAIMS_MAX = 2 * REMARKS_MAX + 16 };

/* One saying about one handshake. */
struct claim {
	enum saying saying;
	enum side by;
	uint64_t line; /* of the log; 0 none */
	const char *
		words; /* as they stand there; NULL: it follows from a code, from flags or an alert */
};

/* All that was said of it, the same by the same side once; returns how many. */
size_t claims_of(const struct handshake *hs, struct claim out[static CLAIMS_MAX]);

/* Did that side say so? */
bool claimed(const struct handshake *hs, enum side by, enum saying saying);

/*
 * Adds to *f what was said in favour of the cause: to a finding that the bytes already show (shown), its
 * words; else a finding of its own, as sure as words alone can be. Returns whether the cause is shown.
 */
bool claims_show(
	const struct cause *cause, const struct case_file *cf, struct finding *f, bool shown);

/*
 * The ids of the causes that a saying speaks for, the surest first, parted by blanks; by: bits 1 << enum side of
 * those who may have said it.
 */
void claims_causes(enum saying saying, unsigned by, struct strbuf *out);

/* Has it a row at all? */
bool claims_know(const struct cause *cause);

/* ---- claims_sides.c: who is meant by what a side says ---- */
/* Sets the summary and the origin of a finding of words alone, where they hang on who says so. */
void claims_accuse(const struct claim *s, struct finding *f);
/* Is it about what the program itself was given? Then it need not be told whether it is client or server. */
bool claims_own_files(const struct claim *s);

/* ---- claims_words.c: from what a library returned to what that says ---- */
size_t claims_by_word(const struct handshake *hs, enum side by, struct claim *out, size_t max);
size_t claims_by_alert(const struct handshake *hs, struct claim *out, size_t max);

/* ---- claims_printed.c: from certificates that a log prints as text ---- */
bool claims_of_print(enum saying saying);
/*
 * What they have against them before that side: but for what it says itself, where it says which fault it is. all: n
 * claims that are there already.
 */
size_t claims_by_printed(const struct handshake *hs, enum side by, const struct claim *all,
	size_t n, struct claim out[static N_PRINTED_FAULTS]);
/* How sure that can be: less where nobody says that it was over a certificate. */
enum confidence claims_print_sureness(const struct handshake *hs, enum side by);
/* Says what is printed. */
void printed_prove(const struct case_file *cf, const struct handshake *hs, const struct claim *s,
	struct finding *f);

/* ---- claims_heap.c: from the free heap that a device printed ---- */
/*
 * What it says of a failure that a heap too small brings about: nothing where that side claims what has another
 * reason. all: n claims that are there already. False: it says nothing.
 */
bool claims_by_heap(const struct handshake *hs, enum side by, const struct claim *all, size_t n,
	struct claim *out);
/* Was there always so much heap left that it cannot have run out? */
bool heap_was_ample(const struct library_word *w);
/* Says how much there was, and how much a handshake takes. Nothing where it is not known. */
void heap_prove(
	const struct case_file *cf, const struct handshake *hs, enum side by, struct finding *f);

#endif
