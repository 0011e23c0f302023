/*
 * RFC 6066 3 unrecognized_name, as a fatal alert. Some front ends say handshake_failure instead: then only
 * the hellos with another name tell.
 */
#include "diagnose/contrast.h"
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static bool told(const struct handshake_view *v)
{
	return gave_up_with(&v->st, SIDE_SERVER, 112);
}

/* The name is all that parts those that are refused from those that get through. */
static bool only_the_name(const struct handshake_view *v)
{
	int alert = v->st.alert;

	return v->st.failed && v->st.by == SIDE_SERVER && v->st.stage == STAGE_CLIENT_HELLO &&
	       (alert == 40 || alert == 47 || alert == 49 || alert == 80) &&
	       v->hs->client_hello.ext.has_server_name &&
	       contrast_only(contrast_of(v->cf, v->hs), FEATURE_NAME_IS, 0);
}

static bool shows(const struct handshake_view *v)
{
	return told(v) || only_the_name(v);
}

static void prove_by_others(const struct handshake_view *v, struct finding *f)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);

	finding_say(f, v->cf, "The server refuses hellos with this server name, and takes others");
	finding_contrast(f, v->cf, c, contrast_find(c, FEATURE_NAME_IS, 0));
	f->confidence = c->confidence;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	struct bytes name = v->hs->client_hello.ext.server_name;

	if (bytes_printable(name))
		finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
			"the client asks for server_name '%.*s'", (int)name.len,
			(const char *)name.data);
	if (!told(v))
		prove_by_others(v, f);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"connect with a name the server is configured for (mbedtls_ssl_set_hostname)",
	"or add the name to the server's configuration",
	NULL,
};

const struct cause cause_sni_unknown = {
	.id = "sni-unknown",
	.origin = ORIGIN_CLIENT,
	.summary = "The server does not serve the name the client asked for",
	.handshake = &rule,
	.next_steps = steps,
};
