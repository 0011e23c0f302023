/* RFC 8422 5.1.1; an mbedTLS built without the curve cannot even parse such a certificate (-0x3A00). */
#include "diagnose/configured.h"
#include "diagnose/serving.h"

static const enum check_id explains[] = { CHECK_certificate_curve_offered, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_chain_trusted, N_CHECKS };

static bool switched_off(const struct case_file *cf, const struct cert *c)
{
	return configured_is(cf, SIDE_CLIENT) &&
	       !config_has_group(cf->evidence->config->config, c->key_group);
}

/* The certificate whose curve the client did not offer, or which its configuration lacks. */
static const struct cert *unsupported(const struct case_file *cf, const struct handshake *hs)
{
	for (size_t i = 0; i < hs->side[SIDE_SERVER].n_certs; i++) {
		const struct cert *c = hs->side[SIDE_SERVER].certs[i];

		if (c->key != KEY_EC || c->key_explicit)
			continue;
		if (switched_off(cf, c))
			return c;
		if (!hs->tls13 && hs->client_hello.ext.has_groups &&
			!u16s_has(&hs->client_hello.ext.groups, c->key_group))
			return c;
	}
	return NULL;
}

/* mbedTLS 42 or 43, OpenSSL 47, others 50, 51 or 71. */
static bool alert_fits(int alert)
{
	return alert == 42 || alert == 43 || alert == 46 || alert == 47 || alert == 50 ||
	       alert == 51 || alert == 71 || alert < 0;
}

static bool shows(const struct handshake_view *v)
{
	return unsupported(v->cf, v->hs) != NULL && certificate_refused(v->hs, SIDE_SERVER) &&
	       alert_fits(v->st.alert) && !failed_check(v->ex, CHECK_ske_signature) &&
	       !failed_check(v->ex, CHECK_ske_point_on_curve);
}

/* unsupported_certificate, illegal_parameter and insufficient_security speak of it, the rest of anything; and
 * a client that closes without a word, of nothing. */
static bool speaks_of_it(int alert)
{
	return alert == 43 || alert == 47 || alert == 71;
}

/* What else is answered so was tested, and is not it. */
static bool nothing_else_left(const struct examined *ex)
{
	return passed_check(ex, CHECK_chain_trusted) && passed_check(ex, CHECK_name_matches) &&
	       nothing_else_failed(ex);
}

static void take(const struct handshake_view *v, struct finding *f)
{
	if (v->st.alert < 0 || (!speaks_of_it(v->st.alert) && !nothing_else_left(v->ex)))
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct cert *c = unsupported(v->cf, v->hs);

	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_CERTIFICATE).packet,
		"the key of '%s' is %s", c->subject, c->key_name);
	if (!v->hs->tls13 && v->hs->client_hello.ext.has_groups &&
		!u16s_has(&v->hs->client_hello.ext.groups, c->key_group))
		finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
			"the client's supported_groups do not list %s",
			group_text(c->key_group).text);
	if (switched_off(v->cf, c)) {
		f->by_configuration = true;
		finding_prove(f, v->cf, 0, "the configuration given has that curve switched off");
		(void)configured_prove_lack(v->cf, f, WANTED_GROUP, c->key_group);
	}
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static bool given_shows(const struct handshake_view *v)
{
	return given_unserved(v, UNSERVED_CURVE);
}

static const struct handshake_rule by_given = {
	.shows = given_shows,
	.prove = prove_given_unserved,
	.explains = unserved_explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = take,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &by_given,
};

static const char *const steps[] = {
	"enable the curve on the client (MBEDTLS_ECP_DP_SECP384R1_ENABLED and the like), and "
	"SHA-384 with it",
	"or have the chain issued with keys on a curve the client has",
	NULL,
};

const struct cause cause_certificate_curve_unsupported = {
	.id = "certificate-curve-unsupported",
	.origin = ORIGIN_CONFIG,
	.summary = "A key of the chain is on a curve that the client does not support",
	.handshake = &rule,
	.next_steps = steps,
};
