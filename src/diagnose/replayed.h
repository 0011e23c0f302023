/*
 * Two answers of a server to one hello, then and now: what differs, and what that means. Pure.
 */
#ifndef TLSDIAG_DIAGNOSE_REPLAYED_H
#define TLSDIAG_DIAGNOSE_REPLAYED_H

#include "diagnose/cause.h"

/* What is compared, in the order of the handshake. */
enum answer_fact {
	ANSWER_VERSION,
	ANSWER_SUITE,
	ANSWER_GROUP,
	ANSWER_EXTENSIONS, /* of its hello */
	ANSWER_ENCRYPTED,  /* EncryptedExtensions, where they were opened */
	ANSWER_ALPN,
	ANSWER_CERTIFICATE,
	ANSWER_SCHEME,
	ANSWER_POINT,
	ANSWER_SIGNATURE,
	ANSWER_END, /* how the flight ended: whole, an alert, a close, silence */
	N_ANSWER_FACTS,
};
const char *answer_fact_name(enum answer_fact f); /* "cipher suite" */

enum { ANSWER_TEXT = 160 };

struct server_answer {
	uint64_t handshake; /* its id */
	int64_t time;       /* ns since 1970: of the hello */
	bool whole;         /* the flight came to its end, and the server did not break it off */
	bool cut;           /* the client broke off before: what would have followed is not known */
	bool completed;     /* so did the handshake, which only the captured one can */
	bool refused;       /* the client gave up over what the server had sent, */
	int refused_with;   /* with this alert; -1: without, or it is encrypted */
	bool wanted; /* the server refused a client that had no certificate, and had asked for one */
	bool hidden;            /* TLS 1.3 encrypts the certificates and the signature */
	bool failing[N_CHECKS]; /* checks of what the server sent */
	char fact[N_ANSWER_FACTS][ANSWER_TEXT]; /* "": not seen */
};

/* Copies what it needs: ex may go. */
void answer_read(const struct examined *ex, struct server_answer *out);
/* Was the server's part without fault? */
bool answer_sound(const struct server_answer *a);

enum replay_verdict {
	REPLAY_FAILS_AS_THEN,
	REPLAY_FAILS_OTHERWISE,
	REPLAY_FAILS_NEW,       /* then it was sound */
	REPLAY_ANSWERS_WELL,    /* then it was not */
	REPLAY_ANSWERS_AS_THEN, /* sound both times, and the handshake completed then */
	REPLAY_REFUSED_THEN,    /* sound both times, and the client refused it then */
	REPLAY_ANSWERS_HIDDEN,  /* no fault in what is in the clear; TLS 1.3 hides the rest */
	REPLAY_WANTS_MORE, /* sound, and then a client certificate is wanted, which a replay has not */
	REPLAY_VARIES,     /* several answers, and they differ in that */
	REPLAY_NO_ANSWER, /* nothing to compare */
};
const char *replay_verdict_id(enum replay_verdict v);   /* "fails-as-then" */
const char *replay_verdict_text(enum replay_verdict v); /* a sentence */
/* Does it say that something is wrong now? */
bool replay_verdict_bad(enum replay_verdict v);
/* Does it say that all is well? What is neither cannot be told. */
bool replay_verdict_good(enum replay_verdict v);

enum { REPLAY_ANSWERS_MAX = 64 };

struct replay {
	const char *name; /* of the file that held the hello */
	bool has_then;    /* false: a bare hello, without an answer */
	bool rekeyed;     /* with a random and shares of ours: the handshakes of now go on */
	struct server_answer then;
	struct server_answer now[REPLAY_ANSWERS_MAX];
	size_t n_now;
	enum replay_verdict verdict;
};

/* Fills the verdict. */
void replay_judge(struct replay *r);
/* Is the fact the same in all answers, then and now? */
bool replay_unchanged(const struct replay *r, enum answer_fact f);

#endif
