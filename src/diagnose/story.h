/* How a handshake ended, as causes ask it, and how a finding is put together. Pure. */
#ifndef TLSDIAG_DIAGNOSE_STORY_H
#define TLSDIAG_DIAGNOSE_STORY_H

#include "diagnose/cause.h"
#include "diagnose/rule.h"

/* How far it had come when a side gave up. */
enum stage {
	STAGE_NOTHING,       /* no ClientHello was seen */
	STAGE_CLIENT_HELLO,  /* sent, not answered by a ServerHello */
	STAGE_SERVER_FLIGHT, /* ServerHello sent; the client has not answered it */
	STAGE_CLIENT_FLIGHT, /* the client's Certificate or ClientKeyExchange sent */
	STAGE_FINISHED,      /* protected records sent by the client (TLS 1.2: by either side) */
};

/* The end of a failed handshake, from the point of view of who broke it off. */
struct ending_story {
	bool failed;
	enum stage stage;
	enum side by;    /* who gave up */
	int alert;       /* its fatal alert in the clear, -1 none */
	bool hidden;     /* most likely an alert under the session keys */
	bool closed;     /* FIN or RST without an alert */
	bool reset;      /* ... by RST */
	bool early;      /* ... before the other side's answer had arrived: it lost interest */
	uint64_t packet; /* of the alert; 0 none */
};
struct ending_story story_of(const struct handshake *hs);

/* Did `by` give up with this alert? */
bool gave_up_with(const struct ending_story *st, enum side by, int alert);

/* Did the other side give up over what `about` had sent as its certificate: an alert of the
 * certificate family, or a close without one, after it had arrived? */
/* A client that was there may say so itself, where its alert is encrypted. */
bool certificate_refused(const struct handshake *hs, enum side about);

/* Every check that speaks of the server's flight passed or does not apply. */
bool server_flight_sound(const struct examined *ex);

/* A check of what the server sends in the clear in TLS 1.3 failed: its hellos, and what stands between. */
bool hellos_break(const struct examined *ex);

/* No check failed but those that any broken-off handshake fails: nothing else explains the end. */
bool nothing_else_failed(const struct examined *ex);

bool failed_check(const struct examined *ex, enum check_id id);
bool passed_check(const struct examined *ex, enum check_id id);

/* A completed handshake with the same server; NULL none kept. */
const struct examined *completed_one(const struct case_file *cf);

/* ---- putting a finding together ---- */

/* Adds the handshake, and those of the checks listed (up to N_CHECKS) that failed or warned in it. */
void finding_add(struct finding *f, const struct examined *ex, const enum check_id *explains);
/* The second half of it: only the checks. */
void finding_explain(struct finding *f, const struct examined *ex, const enum check_id *explains);
/* Adds a proof line; the text goes to the case's arena. At most PROOFS_MAX. */
void finding_prove(struct finding *f, const struct case_file *cf, uint64_t packet, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));
/* Replaces the summary. */
void finding_say(struct finding *f, const struct case_file *cf, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts a step before the defaults. */
void finding_step(struct finding *f, const struct case_file *cf, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A text in the case's arena; "" when its room is used up. */
const char *case_text(const struct case_file *cf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds what the client's own library says, where that is known and the handshake failed for it. */
void finding_prove_word(struct finding *f, const struct case_file *cf, const struct handshake *hs);

/* The message of a check's answer, or "" . */
const char *answer_text(const struct examined *ex, enum check_id id);
/* Adds the check's message as a proof line with the packet of its first evidence. */
void finding_quote(
	struct finding *f, const struct case_file *cf, const struct examined *ex, enum check_id id);

#define LOWER_CONFIDENCE(f, c)                                                                     \
	do {                                                                                       \
		if ((f)->confidence > (c))                                                         \
			(f)->confidence = (c);                                                     \
	} while (0)

#endif
