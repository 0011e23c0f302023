/* A connection that a log tells of, while it is handed on to the session. */
#ifndef TLSDIAG_DOOR_LOG_HANDING_H
#define TLSDIAG_DOOR_LOG_HANDING_H

#include "door/log_pairs.h"
#include "door/run.h"
#include "log/notes.h"
#include "log/printed.h"
#include "pki/chain.h"

enum { LOG_PRINTED_MAX = 3 }; /* certificates as text that are told of a file */

struct log_handing {
	struct tlsdiag *run;
	struct log_pairs
		*pairs;   /* where connections wait for the other side's log; NULL: they do not */
	const char *name; /* of the file; with pairs */
	unsigned input;   /* its number; 0: it is the one that is being read */
	struct printed_cert printed[LOG_PRINTED_MAX];
	size_t n_printed;
	bool shows_certificates; /* a connection of it has the bytes of one */
	bool beside; /* it goes with a capture that is to be read: only what it says counts */
	struct sink sink;
	struct flow flow;
	struct told told;
	struct bytes chain[2][CERTIFICATES_MAX];
	struct remark remarks[2][REMARKS_MAX];
	struct printed_cert printed_of[2][PRINTED_MAX]; /* of the connection */
	struct said said[SAYINGS_TOLD_MAX];
	int64_t time; /* the last that a line had */
	bool has_time;
	bool over; /* the session wants no more bytes of it */
};

/* Takes the time of a note that has one. */
static inline void log_handing_time(struct log_handing *h, const struct log_note *n)
{
	if (n->at.time != LOG_NO_TIME)
		h->time = n->at.time;
}

/* What a note says, without its bytes: in a first walk, since what is told goes before them. */
void log_tell_note(struct log_handing *h, const struct log_note *n);
/* What is to be said when all notes were told: who speaks; which alerts came from the other side. */
void log_tell_words(struct log_handing *h, const struct log_conn *c);
void log_tell_alerts(struct log_handing *h);
/* The randoms, by which a connection is found again in a capture. */
void log_tell_randoms(struct log_handing *h, const struct log_conn *c);

/* Its bytes, as chunks. */
void log_push_note(struct log_handing *h, const struct log_note *n);

/* A connection is complete (struct log_conn_sink): ctx is a struct log_handing, of which what stands before `sink` counts. */
void log_hand_on(void *ctx, const struct log_conn *c);
/* No more come: those that wait are handed on. */
void log_hand_on_waiting(struct log_handing *h);

#endif
