/* What a line says in words, whichever program says it; and how it is noted. */
#ifndef TLSDIAG_LOG_SAID_H
#define TLSDIAG_LOG_SAID_H

#include "log/notes.h"
#include "names/sentences.h"

struct said {
	enum saying saying; /* SAYING_NONE: only what follows */
	int alert;          /* that the peer sent; SENTENCE_NO_ALERT */
	int alert_sent;     /* that it sent itself; SENTENCE_NO_ALERT */
	enum sentence_ending ending;
	enum sentence_side by; /* who says it */
	const char *program;   /* "OpenSSL"; NULL: not told */
};

static inline struct said said_nothing(void)
{
	return (struct said){ .alert = SENTENCE_NO_ALERT, .alert_sent = SENTENCE_NO_ALERT };
}

/* Is there anything in it to note? An error may be known for one, though not which. */
static inline bool said_tells(const struct said *s)
{
	return s->saying != SAYING_NONE || s->alert >= 0 || s->alert_sent >= 0 ||
	       s->ending != SENTENCE_GOES_ON;
}

/* The first thing that is known of the text: an error of OpenSSL, an alert, or a sentence. */
bool said_find(struct bytes text, struct said *out);

/*
 * Notes it as said by the one whose log the connection is, and makes known whose it is where the words
 * tell. Nothing happens with c NULL.
 */
void said_note(struct log_conn *c, const struct said *s, struct bytes words, struct log_at at);

/* Makes known whose log it is, where that is not known yet; c may be NULL. */
void said_role(struct log_conn *c, enum side role);

/* The side whose log it is, as far as it is known; else that of a client. */
enum side said_self(const struct log_conn *c);

#endif
