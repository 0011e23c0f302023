/* Inside of a survey (survey/survey.h): one question after the other, and lists that are asked to their end. */
#ifndef TLSDIAG_SURVEY_SURVEYOR_H
#define TLSDIAG_SURVEY_SURVEYOR_H

#include "survey/survey.h"

/* Bytes: a length of fragments to be agreed on, and of a hello's records. */
enum { SURVEY_FRAGMENT = 1024, SURVEY_SMALL_RECORD = 64 };

struct surveyor {
	const struct survey_options *options;
	survey_ask *ask;
	void *ctx;
	struct survey *out;
	bool share_wanted; /* by the server, in the first hello */
	bool with_shares; /* one goes along: it is wanted, or what is asked for stands under the keys */
	bool as_it_is;      /* the shares of the offer are not to be touched */
	bool protocols_end; /* one that was offered all that is left of them chose none */
	bool came_through;  /* a whole handshake of TLS 1.3, and was waited for what comes late */
	bool key_known;     /* up to TLS 1.2, of a suite with a key exchange: ... */
	uint16_t key_group; /* ... the curve that the certificate's key is on; 0: none */
	unsigned silences;
	struct survey_question q;
	struct survey_reply reply;
};

/* ---- surveyor.c ---- */

/* Was something chosen? */
bool surveyor_ask(struct surveyor *s);
/* A question about a version: all that is known by name. */
void surveyor_begin(struct surveyor *s, uint16_t version);
/* One that is answered well: what was found, of one version. False: no version is taken. */
bool surveyor_begin_well(struct surveyor *s, enum talk_depth depth);
/* The rest of the registry, which nobody should take. */
void surveyor_other_suites(struct offer_list *l, uint16_t version);
void surveyor_note_feature(struct surveyor *s, enum survey_feature feature, bool has);
/* What every answer tells besides. */
void surveyor_note(struct surveyor *s);
void surveyor_note_authentication(struct surveyor *s);

/* ---- pick.c ---- */

/* A list of the hello, and which field of the answer it is about. */
struct pick {
	struct offer_list *offered; /* in the question */
	struct survey_values *seen;
	struct offer_list all, left;
	uint16_t (*of)(const struct survey_reply *r);
	uint16_t
		pinned; /* always offered, as the last: without it other things would not go; 0: none */
	uint16_t turned; /* chosen when the list was turned round; 0: not asked, or none */
};

/* Of all that the question offers; what was seen of it before is not asked for again. */
struct pick pick_of(struct offer_list *offered, struct survey_values *seen,
	uint16_t (*of)(const struct survey_reply *r));
uint16_t pick_suite(const struct survey_reply *r);
uint16_t pick_group(const struct survey_reply *r);
uint16_t pick_scheme(const struct survey_reply *r);

/*
 * Until the server refuses, or chooses nothing new. True: it was asked to the end; what stands behind a value that
 * has to stay on offer, in the server's order, is never chosen.
 */
bool pick_exhaust(struct surveyor *s, struct pick *p);
/* All at once, until one is empty, nothing new is chosen, or an answer is enough (NULL: none is). */
void pick_exhaust_together(struct surveyor *s, struct pick *const p[], size_t n,
	bool (*enough)(const struct survey_reply *r));
/* Then each of them, with all that is known of the other. */
void pick_exhaust_each(struct surveyor *s, struct pick *a, struct pick *b);
/*
 * Two questions, the second with the list turned round: is another value chosen then? Only of such a server may
 * other lists be shortened beside this one: what it would choose of it does not tell an order of its own.
 */
bool pick_follows_client(struct surveyor *s, struct pick *p);
/* Does the choice follow the client's order? Asked with the list turned round, unless it was. */
void pick_find_order(struct surveyor *s, struct pick *p);
/* The same of both by one question, as far as it is answered. False: it was not, or there was none to ask. */
bool pick_find_orders(struct surveyor *s, struct pick *a, struct pick *b);
/* All that was chosen is on offer again; all that there is. */
void pick_offer_seen(struct pick *p);
void pick_offer_all(struct pick *p);

/* ---- rest.c ---- */

/* What hangs on the connection as a whole: protocols, fragments, certificates of clients, records, lengths, and who
 * gets in. */
void survey_rest(struct surveyor *s);

void survey_offer_protocols(struct offer *o);
/* Of an answer to a hello that offers some. */
void survey_note_protocol(struct surveyor *s);

static inline void survey_list(struct offer_list *l, const struct survey_values *v)
{
	l->n = 0;
	for (size_t i = 0; i < v->n; i++)
		offer_list_add(l, v->value[i]);
}

#endif
