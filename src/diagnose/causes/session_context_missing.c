/*
 * OpenSSL refuses to resume where it verifies clients and was given no session id context: a session of
 * one service could be used for another with other rules (SSL_CTX_set_session_id_context(3)).
 */
#include "diagnose/contrast.h"
#include "diagnose/resumption.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_hello_answered, N_CHECKS };

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);
	const struct examined *other = completed_and_asked(v->cf);

	finding_contrast(f, v->cf, c, contrast_find(c, FEATURE_RESUMPTION, 0));
	if (other != NULL)
		finding_prove(f, v->cf,
			message_place(other->hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST).packet,
			"the server asks clients for a certificate");
	else
		finding_prove(f, v->cf, 0,
			"whether the server asks clients for a certificate is encrypted in TLS "
			"1.3; a session that is merely stale it would leave unused");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (other != NULL)
		return;
	finding_say(f, v->cf,
		"Only resumption fails: perhaps the server verifies clients and has "
		"no session id context");
	f->confidence = CONFIDENCE_POSSIBLE;
}

static const struct handshake_rule rule = {
	.shows = session_context_missing,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"server: call SSL_CTX_set_session_id_context() with a name of the service, once, before "
	"the first connection; its log says 'session id context uninitialized' until then",
	"or turn resumption off: SSL_OP_NO_TICKET and SSL_SESS_CACHE_OFF",
	"client, for now: drop the kept session after a failure, and connect anew",
	NULL,
};

const struct cause cause_session_context_missing = {
	.id = "session-context-missing",
	.origin = ORIGIN_SERVER,
	.summary =
		"Only resumption fails: the server verifies clients and has no session id context",
	.handshake = &rule,
	.next_steps = steps,
};
