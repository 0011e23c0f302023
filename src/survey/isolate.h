/*
 * Why does a handshake fail: the smallest change of the ClientHello that turns failure into success. A hello that
 * gets through is looked for first, unless two were given; then what parts it from the one that fails is halved,
 * until nothing of it can be done without (delta debugging: Zeller and Hildebrandt, 2002).
 */
#ifndef TLSDIAG_SURVEY_ISOLATE_H
#define TLSDIAG_SURVEY_ISOLATE_H

#include "client/profile.h"
#include "survey/change.h"
#include "survey/survey.h"

/* Two known stacks: why does the one get in, and not the other? NULL: not asked. */
struct isolate_ends {
	const struct hello_profile *one, *other;
};

/* "openssl-3:mbedtls-2.28". False, and *out as it was: these are not two that are known. */
bool isolate_ends_parse(const char *text, struct isolate_ends *out);

struct isolate_options {
	struct survey_options survey;
	const struct hello_profile
		*hello; /* the one that fails; NULL: all that our client can do */
	struct isolate_ends ends;
	bool always; /* where that gets through: of known stacks' the first that does not */
};

enum isolate_verdict {
	ISOLATE_CUT,     /* no more could be asked */
	ISOLATE_WELL,    /* the hello gets through; of two both do */
	ISOLATE_FLAKY,   /* sometimes it does, sometimes not: nothing follows from one answer */
	ISOLATE_NO_HELP, /* no hello gets through; of two neither does */
	ISOLATE_FOUND,
};

enum { ISOLATE_AGAIN = 4 };

struct isolation {
	enum isolate_verdict verdict;
	/* Whose hello fails, whose gets through; NULL: our own, or a part of it. */
	const struct hello_profile *failing, *passing;
	struct changes changes; /* of ISOLATE_FOUND: what makes it get through */
	/* Of CHANGE_SIZE: bytes of a ClientHello as a message that gets through, and that does not. */
	size_t size_taken, size_refused;
	/* How often the whole hello was sent and failed; the one with the changes, and got through. */
	unsigned whole_asked, whole_failed, changed_asked, changed_completed;
	struct survey_reply failed, completed; /* an answer to either */
	unsigned questions;
	unsigned profiles; /* of known stacks that got through, with `always` */
};

void isolate_run(
	const struct isolate_options *o, survey_ask *ask, void *ctx, struct isolation *out);

#endif
