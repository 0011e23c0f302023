/*
 * RFC 8446 4.2: extensions may come in any order (but pre_shared_key), and may be empty. Some servers
 * cannot read a hello that ends with an empty one.
 */
#include "diagnose/contrast.h"
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_hello_answered,
	CHECK_closed_cleanly, N_CHECKS };

static const struct difference *order(const struct handshake_view *v)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);
	const struct difference *d = contrast_find(c, FEATURE_LAST_EMPTY, 0);

	if (d != NULL && d->failed_have && contrast_only(c, FEATURE_LAST_EMPTY, 0))
		return d;
	return contrast_only(c, FEATURE_ORDER, 0) ? contrast_find(c, FEATURE_ORDER, 0) : NULL;
}

/* What a parser says that lost its place; other alerts speak of what they name. */
static bool stumbled(const struct handshake_view *v)
{
	int alert = v->st.alert;

	if (!v->st.failed || v->st.stage != STAGE_CLIENT_HELLO)
		return false;
	if (alert < 0)
		return v->st.by == SIDE_SERVER ? v->st.closed : unanswered_hello(v->hs);
	return v->st.by == SIDE_SERVER &&
	       (alert == 10 || alert == 40 || alert == 47 || alert == 50 || alert == 80);
}

static bool shows(const struct handshake_view *v)
{
	return stumbled(v) && order(v) != NULL;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);
	const struct difference *same = contrast_find(c, FEATURE_ORDER, 0);

	finding_contrast(f, v->cf, c, order(v));
	if (same != NULL && same != order(v))
		finding_contrast(f, v->cf, c, same);
	finding_quote_end(f, v);
	f->confidence = c->confidence;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
};

static const char *const steps[] = {
	"update the server: it must take extensions in any order, and empty ones anywhere",
	"client, for now: let an extension with a body come last (RFC 7685 padding, or "
	"signature_algorithms)",
	"make sure of it: tlsdiag replay FILE HOST:PORT sends either hello again",
	NULL,
};

const struct cause cause_extension_order_intolerance = {
	.id = "extension-order-intolerance",
	.origin = ORIGIN_INTEROP,
	.summary = "The server refuses a ClientHello for the order of its extensions",
	.handshake = &rule,
	.next_steps = steps,
};
