/*
 * RFC 6066 3: an address, brackets or a port in server_name. Most servers pass it over; rustls
 * refuses the hello as corrupt, others find no such name.
 */
#include "diagnose/handshakes.h"

static bool breaks_it(const struct handshake_view *v)
{
	return v->ex->answers[CHECK_server_name_well_formed].status == WARN;
}

static bool answered_all_the_same(const struct handshake_view *v)
{
	return breaks_it(v) && v->hs->server_hello.seen;
}

static bool answered_without(const struct handshake_view *v)
{
	return !breaks_it(v) && v->hs->client_hello.seen && v->hs->server_hello.seen;
}

static bool about_names(int alert)
{
	return alert == 47 || alert == 50 || alert == 112;
}

/* Under a host name it is another server of the same address. */
static const struct examined *answered_otherwise(const struct case_file *cf)
{
	const struct examined *here = find_handshake(cf, answered_without);

	return here != NULL ? here : find_beside(cf, answered_without);
}

/* What a server that minds says; without an alert only when there is something to compare with. */
static bool refused(const struct handshake_view *v)
{
	int alert = v->st.alert;

	if (!breaks_it(v) || !v->st.failed || v->st.by != SIDE_SERVER ||
		v->st.stage != STAGE_CLIENT_HELLO ||
		find_handshake(v->cf, answered_all_the_same) != NULL)
		return false;
	return about_names(alert) || alert == 40 || alert == 80 ||
	       (v->st.closed && answered_otherwise(v->cf) != NULL);
}

static void prove_refused(const struct handshake_view *v, struct finding *f)
{
	const struct examined *other = answered_otherwise(v->cf);

	finding_quote(f, v->cf, v->ex, CHECK_server_name_well_formed);
	finding_quote_end(f, v);
	f->assumptions = about_names(v->st.alert) ? 0 : 1;
	if (other == NULL) {
		finding_step(f, v->cf,
			"add a capture of a client that sends a host name or none: if it gets "
			"through, this is the reason");
		return;
	}
	f->confidence = CONFIDENCE_LIKELY;
	finding_prove(f, v->cf, other->hs->first_packet, "%s, the same server goes on",
		other->hs->client_hello.ext.has_server_name ? "with a host name"
							    : "without a server_name");
}

static void prove_passed_over(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_server_name_well_formed);
}

/* Where the answer was not seen, it is not known whether anybody minds; most do not. */
static void take_passed_over(const struct handshake_view *v, struct finding *f)
{
	note_beside_failure(v, f);
	if (v->hs->outcome == OUTCOME_INCOMPLETE && f->n_handshakes_all == 1)
		f->severity = SEVERITY_NOTE;
}

static const enum check_id refused_explains[] = { CHECK_server_name_well_formed,
	CHECK_no_fatal_alert, CHECK_closed_cleanly, CHECK_hello_answered, N_CHECKS };
static const enum check_id explains[] = { CHECK_server_name_well_formed, N_CHECKS };

static const struct handshake_rule passed_over = {
	.shows = breaks_it,
	.prove = prove_passed_over,
	.take = take_passed_over,
	.explains = explains,
	.severity = SEVERITY_WARNING,
	.confidence = CONFIDENCE_CERTAIN,
};

static const struct handshake_rule refusal = {
	.shows = refused,
	.prove = prove_refused,
	.explains = refused_explains,
	.confidence = CONFIDENCE_POSSIBLE,
	.otherwise = &passed_over,
};

static const char *const steps[] = {
	"connect by the server's host name, or send no server_name at all when there is only an "
	"address",
	"mbedTLS: mbedtls_ssl_set_hostname() sends whatever it is given: give it NULL for an "
	"address",
	NULL,
};

const struct cause cause_sni_not_a_host_name = {
	.id = "sni-not-a-host-name",
	.origin = ORIGIN_CLIENT,
	.summary = "The client puts something into server_name that is no host name",
	.handshake = &refusal,
	.next_steps = steps,
};
