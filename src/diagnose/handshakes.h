/*
 * What most causes share: each kept handshake is asked by itself, and the first that shows the
 * cause proves it. The sibling for chains of certificates is chains.h.
 */
#ifndef TLSDIAG_DIAGNOSE_HANDSHAKES_H
#define TLSDIAG_DIAGNOSE_HANDSHAKES_H

#include "diagnose/story.h"

/* One handshake as a cause looks at it. */
struct handshake_view {
	const struct case_file *cf;
	const struct examined *ex;
	const struct handshake *hs; /* ex->hs */
	struct ending_story st;     /* how it ended */
	const struct cause *cause;  /* whose rule asks; NULL: none does */
};
struct handshake_view handshake_view_of(const struct case_file *cf, const struct examined *ex);

typedef bool handshake_test(const struct handshake_view *v);
typedef void handshake_hook(const struct handshake_view *v, struct finding *f);

struct handshake_rule {
	handshake_test *shows;
	/* Asked of the first that shows it: proof lines, words, and what else hangs on that one. May be
	 * NULL. */
	handshake_hook *prove;
	/* Asked of each that shows it, of the first before prove(): what another one can change, such as
	 * a severity. May be NULL. */
	handshake_hook *take;
	const enum check_id *explains; /* ends with N_CHECKS */
	/* Of the finding, before take() and prove() have their say. */
	enum severity severity;
	enum confidence confidence;
	unsigned assumptions;
	/* Asked when all were: what the n that show it are in the whole of the case. May be NULL. */
	void (*conclude)(const struct case_file *cf, struct finding *f, size_t n);
	const struct handshake_rule
		*otherwise; /* asked where no handshake shows this one; may be NULL */
};

/*
 * Asks every kept handshake, in their order, and adds to *f those that show the cause; where none
 * does, what the rule has otherwise. Returns how many; *f is as it was when there is none.
 */
size_t handshake_cause(
	const struct case_file *cf, struct finding *f, const struct handshake_rule *rule);

/* The first kept handshake for which the test holds; NULL none. */
const struct examined *find_handshake(const struct case_file *cf, handshake_test *test);

/* The same among those with the other servers of its address, which have other names; v->cf is theirs. */
const struct examined *find_beside(const struct case_file *cf, handshake_test *test);

/* take(): a handshake that did not fail for it makes it a warning. */
void warn_unless_failed(const struct handshake_view *v, struct finding *f);
/*
 * take(), of what is wrong with the server's messages beside its certificate: a client that speaks of the
 * certificate has passed it over. Of all stacks measured none answers such a fault so.
 */
void doubt_beside_certificate(const struct handshake_view *v, struct finding *f);
/* take(): where all that show it failed over something else, it is a note: not what is to be read first. */
void note_beside_failure(const struct handshake_view *v, struct finding *f);
/* take(): a handshake that failed for it makes it an error. */
void raise_when_failed(const struct handshake_view *v, struct finding *f);

/*
 * shows(): the check fails or warns; and where the handshake failed, it was `by` who gave up, with
 * one of the alerts (ends with 0), so that it was over this.
 */
bool breach_let_pass_or_refused(
	const struct handshake_view *v, enum check_id id, enum side by, const int *alerts);

/* prove(), of the same: what the check says, and how it ended where that was over this. */
void breach_prove(const struct handshake_view *v, struct finding *f, enum check_id id);

/* prove(): what the handshake ended with, an alert or a closing. */
void finding_quote_end(struct finding *f, const struct handshake_view *v);

/* The check failed nowhere, and passed at least once; for innocent(). */
bool never_failed(const struct case_file *cf, enum check_id id);

#endif
