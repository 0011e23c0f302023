/*
 * What programs print when a handshake goes wrong, in their own words, and which saying (sayings.def) each
 * of these sentences is: data/sayings.tsv.
 */
#ifndef TLSDIAG_NAMES_SENTENCES_H
#define TLSDIAG_NAMES_SENTENCES_H

#include "base/bytes.h"
#include "names/sayings.h"

enum {
	SENTENCE_NO_ALERT = -1,
	SENTENCE_TEXT_MAX = 4096, /* bytes of a text that are looked at */
};

enum sentence_side { SENTENCE_EITHER, SENTENCE_CLIENT, SENTENCE_SERVER };

enum sentence_ending {
	SENTENCE_GOES_ON,
	SENTENCE_CLOSED,
	SENTENCE_RESET,
	SENTENCE_TIMED_OUT,
	SENTENCE_REFUSED,
	SENTENCE_UNREACHABLE,
	SENTENCE_UNANSWERED,
};

struct sentence {
	const char *pattern; /* "*" stands for any run of bytes; may begin anywhere in the text */
	const char *program;
	enum sentence_side by; /* who says it */
	enum saying saying;    /* SAYING_NONE: it tells no more than the columns here */
	int alert;             /* that the peer sent; SENTENCE_NO_ALERT */
	enum sentence_ending ending;
	/* where a text is entered: a part of the pattern without "*", and four bytes of it */
	unsigned short part, anchor;
};

struct sentence_found {
	bool marked; /* words were found that others know more of: an error of OpenSSL, an alert */
	const struct sentence *sentence; /* the first of the table that fits; NULL: none */
	enum sentence_side
		by; /* of it, or of another in the same text that tells no more than that */
};

struct sentence_found sentence_find(struct bytes text);

/*
 * Where it lies in a text that it fits: what is before its first part and behind its last one does not
 * belong to it.
 */
struct bytes sentence_place(const struct sentence *s, struct bytes text);

/* All of them; NULL past the last. */
const struct sentence *sentence_at(size_t i);
bool sentence_fits(const struct sentence *s, struct bytes text);

#endif
