/*
 * The failing against the completed: what parts the handshakes with one server that failed from
 * those that completed. A feature parts them where all that failed have it and none that completed
 * has, or the reverse.
 *
 * Those that failed are taken by the way they ended, since two faults in one capture have nothing in
 * common. A difference is evidence, and no verdict: which it is that mattered, its counts and what
 * else differs tell. Pure and bounded; the same handshakes give the same differences in the same
 * order.
 */
#ifndef TLSDIAG_DIAGNOSE_CONTRAST_H
#define TLSDIAG_DIAGNOSE_CONTRAST_H

#include "base/strbuf.h"
#include "diagnose/cause.h"

/* Most telling first: differences are told in this order. */
enum feature_kind {
	FEATURE_RESUMPTION, /* the hello names a session: a ticket, a session id, a pre-shared key */
	FEATURE_LAST_EMPTY,  /* its last extension is empty */
	FEATURE_ORDER,       /* one extension (high 16 bits of value) before another (low) */
	FEATURE_NAME,        /* a server name is sent */
	FEATURE_NAME_IP,     /* ... which is an IP address */
	FEATURE_NAME_IS,     /* ... which is text */
	FEATURE_EXTENSION,   /* value: its type */
	FEATURE_VERSION,     /* the version value is offered */
	FEATURE_PROTOCOL,    /* ALPN offers text */
	FEATURE_GROUP,       /* value is offered; so for the next ones */
	FEATURE_SHARE,       /* a key share of the group */
	FEATURE_SCHEME,      /* a signature scheme */
	FEATURE_SUITE,       /* a cipher suite */
	FEATURE_COMPRESSION, /* a compression method but null */
	FEATURE_SEGMENTS,    /* TCP segments the hello came in */
	FEATURE_SIZE,        /* bytes of its body */
	FEATURE_SESSION_ID,  /* bytes of its session id */
	FEATURE_RESUMED,     /* the server resumes a session */
	FEATURE_ASKED,       /* it asks for a client certificate */
	FEATURE_CHOSEN,      /* the version it chose is value */
	FEATURE_AGREED,      /* the suite it chose is value */
	FEATURE_ADDRESS,     /* the client's address is that of the handshake `from` */
	FEATURE_HOPS, /* the TTL (hop limit) with which its first packet passed the capture */
	FEATURE_MSS,  /* the segment size that its SYN asks for */
	FEATURE_TIME, /* all of the one came before all of the others */
	N_FEATURES,
};
const char *feature_name(enum feature_kind kind); /* "resumption", an interface */
bool feature_is_number(enum feature_kind kind);

struct feature {
	enum feature_kind kind;
	uint32_t value;
	struct bytes text;            /* borrows from the handshake it was found in */
	const struct handshake *from; /* the same */
};

struct difference {
	struct feature feature;
	/* All that failed have it, and none that completed has; false: the reverse. Of a number
	 * (feature_is_number()): all that failed have more. FEATURE_TIME: came later. */
	bool failed_have;
	bool follows;  /* comes with another one that is listed: it is not counted */
	uint32_t more; /* others of its kind that part them the same way */
	uint32_t least,
		greatest; /* of a number: the least of the larger, the greatest of the smaller */
};

enum { WAYS_MAX = 4, DIFFERENCES_MAX = 24, DIFFER_MUCH = 4 };

struct contrast {
	const struct handshake *failed; /* the first that ended this way */
	/* Those held against each other, and whether there were more that are not kept. */
	uint64_t n_failed, n_completed;
	bool not_all_failed, not_all_completed;
	bool shuffled; /* a client changes the order of its extensions each time */
	struct difference differences[DIFFERENCES_MAX]; /* most telling first, what follows last */
	size_t n;
	/* Of those listed, the ones of the hello or the answer that follow from no other. */
	size_t n_own;
	/* Likely where there is one of its own, and two at least on either side (four where chance has
	 * a hand in it); else possible. Never certain. */
	enum confidence confidence;
};

/*
 * Compares the kept handshakes. Returns how many ways of failing have a difference to tell (up to
 * WAYS_MAX; 0 also where none failed or none completed) and fills out[], the most frequent first.
 */
size_t contrast_make(const struct case_file *cf, struct contrast out[static WAYS_MAX]);

/* Fills cf->contrasts, which is freed with free(); none where memory is out. */
void contrast_keep(struct case_file *cf);

/* The one of cf->contrasts that is about handshakes that ended like hs; NULL: none. */
const struct contrast *contrast_of(const struct case_file *cf, const struct handshake *hs);

/* The difference of that kind (and value, where it is not 0); NULL: none is listed. */
const struct difference *contrast_find(
	const struct contrast *c, enum feature_kind kind, uint32_t value);

/* Is it the only one that follows from no other? */
bool contrast_only(const struct contrast *c, enum feature_kind kind, uint32_t value);

/* "the 2 hellos differ in much": too many of their own to blame one. */
bool contrast_differs_much(const struct contrast *c);

/* "all 12 that failed lack extended_master_secret; all 8 that completed have it". */
void difference_text(const struct contrast *c, const struct difference *d, struct strbuf *out);

/* Do both come from one address? */
bool same_client(const struct handshake *a, const struct handshake *b);

/* Adds it as a proof line. */
void finding_contrast(struct finding *f, const struct case_file *cf, const struct contrast *c,
	const struct difference *d);

/* "the server sent fatal alert 40 handshake_failure after ClientHello": the way they failed. */
void contrast_ended_text(const struct contrast *c, struct strbuf *out);

/* How sure it is and why, as far as that is not clear of itself; nothing then. */
void contrast_doubt_text(const struct contrast *c, struct strbuf *out);

#endif
