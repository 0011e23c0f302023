/*
 * RFC 6066 3 unrecognized_name, as a fatal alert; or as a warning over which the client gives up,
 * as Java 7 does: the RFC advises against such a warning, because clients act so differently. Some front
 * ends say handshake_failure instead: then only the hellos with another name tell.
 */
#include "diagnose/contrast.h"
#include "diagnose/handshakes.h"

enum { UNRECOGNIZED_NAME = 112, WARNINGS_MAX = 2 };

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static bool told(const struct handshake_view *v)
{
	return gave_up_with(&v->st, SIDE_SERVER, UNRECOGNIZED_NAME);
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

static void prove_name(const struct handshake_view *v, struct finding *f)
{
	struct bytes name = v->hs->client_hello.ext.server_name;

	if (bytes_printable(name))
		finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
			"the client asks for server_name '%.*s'", (int)name.len,
			(const char *)name.data);
}

static void prove_no_name(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The server says that it does not know the name, and was told none");
	finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the ClientHello has no server_name");
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (v->hs->client_hello.seen && !v->hs->client_hello.ext.has_server_name)
		prove_no_name(v, f);
	else
		prove_name(v, f);
	if (!told(v))
		prove_by_others(v, f);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

/* The one such warning; NULL: none, or so many that these are the matter, not what they say. */
static const struct sent_alert *warning_of(const struct handshake *hs)
{
	const struct sent_alert *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < hs->n_alerts; i++) {
		if (hs->alerts[i].from != SIDE_SERVER || hs->alerts[i].level != 1 ||
			hs->alerts[i].code != UNRECOGNIZED_NAME)
			continue;
		first = n++ == 0 ? &hs->alerts[i] : first;
	}
	return n <= WARNINGS_MAX ? first : NULL;
}

/* What a client says that takes the warning for an end: nothing about a certificate. */
static bool quits_over_warning(const struct ending_story *st)
{
	return st->closed || st->alert == 10 || st->alert == 40 || st->alert == 47 ||
	       st->alert == 80 || st->alert == UNRECOGNIZED_NAME;
}

/* It had the warning, and what it was sent besides gave it no reason that can be seen. */
static bool gave_up_over_warning(const struct handshake_view *v)
{
	const struct sent_alert *warning = warning_of(v->hs);

	return warning != NULL && v->st.failed && v->st.by == SIDE_CLIENT && !v->st.early &&
	       v->st.stage <= STAGE_SERVER_FLIGHT && quits_over_warning(&v->st) &&
	       warning->packet <= v->hs->last_packet && server_flight_sound(v->ex);
}

/* Another client, or the same at another time, that heard the warning and went on. */
static bool passed_over(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED && warning_of(v->hs) != NULL;
}

static void prove_warning(const struct handshake_view *v, struct finding *f)
{
	const struct sent_alert *warning = warning_of(v->hs);
	const struct examined *other = find_handshake(v->cf, passed_over);

	finding_say(f, v->cf,
		"The client gives up over the server's warning that it does not serve the name");
	f->origin = ORIGIN_INTEROP;
	prove_name(v, f);
	finding_prove(f, v->cf, warning->packet,
		"the server warns: unrecognized_name (112), and means to go on");
	finding_quote_end(f, v);
	if (other == NULL)
		return;
	finding_prove(f, v->cf, warning_of(other->hs)->packet,
		"another handshake goes on after the same warning");
	if (other->hs->looks.name != NULL && other->hs->looks.name == v->hs->looks.name)
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

static bool answered(const struct handshake_view *v)
{
	return v->hs->server_hello.seen || v->hs->hello_retry.seen;
}

/* A server that was told no name cannot mean one, and one that went on for this name knows it. */
static void take(const struct handshake_view *v, struct finding *f)
{
	if (!told(v) || !v->hs->client_hello.seen)
		return;
	if (!v->hs->client_hello.ext.has_server_name)
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	else if (find_handshake(v->cf, answered) != NULL)
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static const enum check_id warning_explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	N_CHECKS };

static const struct handshake_rule warned = {
	.shows = gave_up_over_warning,
	.prove = prove_warning,
	.explains = warning_explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const struct handshake_rule fatal = {
	.shows = shows,
	.prove = prove,
	.take = take,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &warned,
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
	.handshake = &fatal,
	.next_steps = steps,
};
