/*
 * Words that say what stands behind them in a line, or in rows below it: looked for all at once, since there
 * are many and lines are millions.
 */
#ifndef TLSDIAG_LOG_MARKS_H
#define TLSDIAG_LOG_MARKS_H

#include "base/bytes.h"

enum mark {
	MARK_SECRET,      /* digits behind it, or rows below it */
	MARK_VALUE,       /* the word behind it, whatever it is */
	MARK_PAYLOAD,     /* a dump of what was in protected records */
	MARK_DATA,        /* a dump of application data */
	MARK_HEADER,      /* the rest of the line lets somebody in by HTTP */
	MARK_PRIVATE_KEY, /* in PEM */
	MARK_BEGINS,      /* a handshake begins */
	MARK_OVER,        /* ... and is over */
	MARK_FINISHED,    /* one of the two of a handshake, in Java's words */
	MARK_DUMP,        /* the head of a dump of any kind */
	MARK_PUBLIC,      /* the rest of the line only sounds like a secret */
	N_MARKS
};

#define MARK_NOWHERE SIZE_MAX

enum { MARK_WORDS_MAX = 128 };

/* Where what is behind the first of each kind begins; MARK_NOWHERE. */
struct marks_found {
	size_t behind[N_MARKS];
};

/* An index of their first bytes; begins as zeros. */
struct marks {
	bool ready;
	uint8_t begins[8192];           /* a bit for each hash of four bytes */
	uint32_t first[MARK_WORDS_MAX]; /* the four of each word, folded */
};

/* In letters of either case. Returns whether there is any. */
bool marks_find(struct marks *m, struct bytes line, struct marks_found *out);
/* Where what is behind the word begins; MARK_NOWHERE. The word is in lower case. */
size_t mark_behind(struct bytes b, const char *word);

#endif
