/* RFC 7627 5.3: a server that insists on the extension may abort where it is missing; FIPS builds do. */
#include "diagnose/contrast.h"
#include "diagnose/handshakes.h"

enum { SINGLED_OUT = 2 }; /* other differences with which it is still a suspect */

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };

/* All that failed like this one lack it, and all that completed have it. */
static const struct difference *lacks_it(const struct handshake_view *v)
{
	const struct difference *d = contrast_find(
		contrast_of(v->cf, v->hs), FEATURE_EXTENSION, EXT_EXTENDED_MASTER_SECRET);

	return d != NULL && !d->failed_have ? d : NULL;
}

/* GnuTLS: insufficient_security; others: handshake_failure, or an error of their own where the keys
 * are to be made. */
static bool refused(const struct ending_story *st)
{
	return st->failed && st->by == SIDE_SERVER &&
	       (st->alert == 40 || st->alert == 71 || st->alert == 80 || st->closed);
}

/*
 * TLS 1.3 has no use for it: a server that answers with that does not mind. A session that began with it
 * and is to go on without is another fault (RFC 7627 5.3).
 */
static bool shows(const struct handshake_view *v)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);

	return refused(&v->st) && !v->hs->tls13 && lacks_it(v) != NULL && c->n_own <= SINGLED_OUT &&
	       contrast_find(c, FEATURE_RESUMPTION, 0) == NULL;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);

	finding_contrast(f, v->cf, c, lacks_it(v));
	finding_quote_end(f, v);
	f->confidence = v->st.alert > 0 ? c->confidence : CONFIDENCE_POSSIBLE;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
};

static const char *const steps[] = {
	"turn the extension on in the client: mbedTLS MBEDTLS_SSL_EXTENDED_MASTER_SECRET and "
	"mbedtls_ssl_conf_extended_master_secret(); or use TLS 1.3, which needs none",
	"is the server a FIPS build, or set up to insist (GnuTLS: %FORCE_SESSION_HASH)?",
	NULL,
};

const struct cause cause_extended_master_secret_required = {
	.id = "extended-master-secret-required",
	.origin = ORIGIN_INTEROP,
	.summary = "The server insists on extended_master_secret, which this client does not offer",
	.handshake = &rule,
	.next_steps = steps,
};
