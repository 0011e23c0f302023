/*
 * A release that does not honour what was set. Mbed TLS 3.6.0 speaks TLS 1.3 by default, and its client
 * there knows neither MBEDTLS_SSL_VERIFY_OPTIONAL nor _NONE: a program that did without verification in
 * TLS 1.2 is refused a server it got through to before the update (honoured from 3.6.1 on).
 */
#include "diagnose/handshakes.h"
#include "diagnose/word.h"

static bool is_that_release(const struct library_word *w)
{
	return w->release != NULL && strcmp(w->release, "mbedTLS 3.6.0") == 0;
}

/* -0x2700, X509_CERT_VERIFY_FAILED; a low code may be added, in the last seven bits. */
static bool refused_to_verify(const struct library_word *w)
{
	return (-w->code & ~0x7f) == 0x2700;
}

/* Its own client, by a log or a code: `probe` sets what it means to set. */
static bool shows(const struct handshake_view *v)
{
	const struct handshake *hs = v->hs;
	const struct library_word *w = &hs->side[SIDE_CLIENT].word;

	return v->st.failed && hs->logged && is_that_release(w) &&
	       (hs->tls13 || hs->version == 0) && refused_to_verify(w);
}

static const struct remark *setting_of(const struct party *client)
{
	for (size_t i = 0; i < client->n_remarks; i++)
		if (client->remarks[i].saying == SAYING_verify_optional)
			return &client->remarks[i];
	return NULL;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct remark *set = setting_of(&v->hs->side[SIDE_CLIENT]);

	f->confidence = set != NULL && v->hs->tls13 ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
	finding_prove_word(f, v->cf, v->hs);
	finding_prove(f, v->cf, 0, "the client is Mbed TLS 3.6.0%s",
		v->hs->tls13 ? ", and TLS 1.3 was agreed on"
			     : ", which speaks TLS 1.3 wherever the server does");
	if (set != NULL)
		finding_prove(f, v->cf, set->line,
			"its program sets the verification of the peer to be optional, or off: %s",
			set->words);
	else
		finding_prove(f, v->cf, 0,
			"whether its program wants the server verified is not told: where it does, "
			"this "
			"is not the cause");
}

/* Nothing: what the certificate is refused for explains the refusal, and this stands beside it. */
static const enum check_id explains[] = { N_CHECKS };

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_POSSIBLE,
	.assumptions = 2, /* what the certificate was refused for is the nearer question */
};

static const char *const steps[] = {
	"better than to do without: give the client the CA of the server "
	"(mbedtls_ssl_conf_ca_chain), then it is verified and gets through",
	"update to Mbed TLS 3.6.1 or later, which honours the setting in TLS 1.3, too",
	"or keep the client at TLS 1.2: "
	"mbedtls_ssl_conf_max_tls_version(&conf, MBEDTLS_SSL_VERSION_TLS1_2)",
	NULL,
};

const struct cause cause_version_misreported = {
	.id = "version-misreported",
	.origin = ORIGIN_INTEROP,
	.summary = "The library verifies, whatever was set: its release does not honour that in "
		   "TLS 1.3",
	.handshake = &rule,
	.next_steps = steps,
};
