/* RFC 8446 4.2.8: "Servers MAY check for violations of these rules and abort the handshake with an
 * "illegal_parameter" alert." OpenSSL does, others pass it over. */
#include "diagnose/handshakes.h"

static bool breaks_it(const struct handshake_view *v)
{
	return failed_check(v->ex, CHECK_key_shares_listed);
}

static bool answered_all_the_same(const struct handshake_view *v)
{
	return breaks_it(v) && v->hs->server_hello.seen;
}

/* illegal_parameter; decode_error and handshake_failure say less, missing_extension the list is not
 * there. */
static bool refused(const struct handshake_view *v)
{
	int alert = v->st.alert;

	return breaks_it(v) && v->st.failed && v->st.by == SIDE_SERVER &&
	       v->st.stage == STAGE_CLIENT_HELLO &&
	       (alert == 47 || alert == 109 || alert == 40 || alert == 50) &&
	       find_handshake(v->cf, answered_all_the_same) == NULL;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	breach_prove(v, f, CHECK_key_shares_listed);
	if (v->st.failed && v->st.alert != 47 && v->st.alert != 109)
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

static void prove_passed_over(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_key_shares_listed);
}

static const enum check_id refused_explains[] = { CHECK_key_shares_listed, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };
static const enum check_id explains[] = { CHECK_key_shares_listed, N_CHECKS };

static const struct handshake_rule passed_over = {
	.shows = breaks_it,
	.prove = prove_passed_over,
	.take = note_beside_failure,
	.explains = explains,
	.severity = SEVERITY_WARNING,
	.confidence = CONFIDENCE_CERTAIN,
};

static const struct handshake_rule refusal = {
	.shows = refused,
	.prove = prove,
	.explains = refused_explains,
	.confidence = CONFIDENCE_LIKELY,
	.otherwise = &passed_over,
};

static const char *const steps[] = {
	"let the client list every group that it sends a share of, and send one share of each",
	"a list that was changed by hand (a hello written byte by byte, a patched stack) is the "
	"usual origin",
	NULL,
};

const struct cause cause_key_share_not_in_groups = {
	.id = "key-share-not-in-groups",
	.origin = ORIGIN_CLIENT,
	.summary = "The client sends a key share for a group that its supported_groups do not list",
	.handshake = &refusal,
	.next_steps = steps,
};
