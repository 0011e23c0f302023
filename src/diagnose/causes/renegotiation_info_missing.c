/* RFC 5746 3.4 and 4.1: OpenSSL 3 clients refuse such a server. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_renegotiation_info, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	static const int missing[] = { 40, 0 }, filled[] = { 40, 47, 50, 0 };
	bool is_filled = failed_check(v->ex, CHECK_renegotiation_info);

	return breach_let_pass_or_refused(
		v, CHECK_renegotiation_info, SIDE_CLIENT, is_filled ? filled : missing);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	bool filled = failed_check(v->ex, CHECK_renegotiation_info);

	if (filled)
		finding_say(f, v->cf,
			"The server's renegotiation_info is not that of a first handshake");
	else if (v->st.failed)
		finding_say(f, v->cf,
			"The server does not know secure renegotiation, and the client insists on "
			"it");
	breach_prove(v, f, CHECK_renegotiation_info);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = raise_when_failed,
	.explains = explains,
	.severity = SEVERITY_NOTE,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"update the server's TLS library: RFC 5746 is of 2010",
	"stop-gap on an OpenSSL client: SSL_OP_LEGACY_SERVER_CONNECT",
	"mbedTLS answers it from 1.2 on; look for a patched or very old build",
	NULL,
};

const struct cause cause_renegotiation_info_missing = {
	.id = "renegotiation-info-missing",
	.origin = ORIGIN_INTEROP,
	.summary = "The server does not know secure renegotiation",
	.handshake = &rule,
	.next_steps = steps,
};
