/* Bytes come, and too few of them: a server that crawls, or one that wears its clients out. */
#include "diagnose/endless.h"

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_hello_answered,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, CHECK_messages_in_order, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_CERTAIN;
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!answer_too_slow(cf->kept[i]->hs))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ == 0)
			endless_prove(cf, cf->kept[i], f);
	}
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
