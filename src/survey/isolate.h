/*
 * Why does a handshake fail: the smallest change of the ClientHello that turns failure into success. A hello that
 * gets through is looked for first, among small ones; then what parts it from the one that fails is halved, until
 * nothing of it can be done without (delta debugging: Zeller and Hildebrandt, 2002).
 */
#ifndef TLSDIAG_SURVEY_ISOLATE_H
#define TLSDIAG_SURVEY_ISOLATE_H

#include "survey/survey.h"

/* What is left out of the hello that fails. */
enum isolate_kind {
	ISOLATE_GROUP,
	ISOLATE_SCHEME,
	ISOLATE_SUITE,
	ISOLATE_EXTENSION,
	ISOLATE_NAME, /* server_name */
	ISOLATE_VERSION,
};

struct isolate_change {
	enum isolate_kind kind;
	uint16_t value;
};

enum isolate_verdict {
	ISOLATE_CUT,     /* no more could be asked */
	ISOLATE_WELL,    /* the whole hello gets through */
	ISOLATE_FLAKY,   /* sometimes it does, sometimes not: nothing follows from one answer */
	ISOLATE_NO_HELP, /* no hello gets through */
	ISOLATE_FOUND,
};

enum { ISOLATE_CHANGES_MAX = 256, ISOLATE_AGAIN = 4 };

struct isolation {
	enum isolate_verdict verdict;
	struct isolate_change change[ISOLATE_CHANGES_MAX]; /* of ISOLATE_FOUND */
	size_t n_changes;
	/* How often the whole hello was sent and failed; the one without the changes, and got through. */
	unsigned whole_asked, whole_failed, changed_asked, changed_completed;
	struct survey_reply failed, completed; /* an answer to either */
	unsigned questions;
};

void isolate_run(const struct survey_options *o, survey_ask *ask, void *ctx, struct isolation *out);

#endif
