/* RFC 8446 5.1, RFC 5246 6.2.1: a record that brings nothing may come, but not for ever. */
#include "diagnose/endless.h"

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_hello_answered,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, CHECK_messages_in_order, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return answer_endless(v->hs);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = endless_prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"a loop that sends again what it has sent, or a length that is never reached: log each "
	"send with its state and length",
	"mbedTLS: after an error of mbedtls_ssl_handshake close the connection, do not call it "
	"again",
	"see what is sent: tlsdiag probe --write-pcap FILE HOST:PORT",
	NULL,
};

const struct cause cause_answer_endless = {
	.id = "answer-endless",
	.origin = ORIGIN_SERVER,
	.summary = "The server never ends its answer",
	.handshake = &rule,
	.next_steps = steps,
};
