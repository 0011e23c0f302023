/* RFC 8446 4.1.2; mbedTLS 3.x before 3.6.0 drew a new random. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_hello_retry_consistent, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	static const int alerts[] = { 47, 70, 40, 50, 0 };

	return breach_let_pass_or_refused(v, CHECK_hello_retry_consistent, SIDE_SERVER, alerts);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *hs = v->hs;

	breach_prove(v, f, CHECK_hello_retry_consistent);
	if (memcmp(hs->client_hello.random, hs->client_hello_2.random,
		    sizeof hs->client_hello.random) == 0)
		return;
	finding_say(f, v->cf, "After a HelloRetryRequest the client changed its random");
	finding_step(f, v->cf, "update the client: mbedTLS keeps its random from 3.6.0 on");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = raise_when_failed,
	.explains = explains,
	.severity = SEVERITY_WARNING,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"let the client send its first hello again, with another key_share and what the server "
	"gave (cookie), and nothing else",
	"stop-gap: send a share of a group the server likes in the first ClientHello, then there "
	"is no retry",
	NULL,
};

const struct cause cause_hello_retry_random_changed = {
	.id = "hello-retry-random-changed",
	.origin = ORIGIN_CLIENT,
	.summary = "After a HelloRetryRequest the client changed what it may not change",
	.handshake = &rule,
	.next_steps = steps,
};
