/* Bytes come, and too few of them: a server that crawls, or one that wears its clients out. */
#include "diagnose/endless.h"

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_hello_answered,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, CHECK_messages_in_order, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return answer_too_slow(v->hs);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = endless_prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"is the send callback given one byte at a time, or does its task get too little time?",
	"a slow link, or one that loses packets: look for retransmissions in a capture",
	"give it more time, and see whether it comes to an end: tlsdiag probe --deadline 300 "
	"HOST:PORT",
	NULL,
};

const struct cause cause_answer_too_slow = {
	.id = "answer-too-slow",
	.origin = ORIGIN_SERVER,
	.summary = "The server's answer comes too slowly",
	.handshake = &rule,
	.next_steps = steps,
};
