/* RFC 5280 4.2.1.1 demands one of every certificate that is not self-signed; strict verifiers insist. */
#include "base/array.h"
#include "diagnose/chains.h"
#include "diagnose/minded.h"
#include "names/atlas.h"

/* One without any extension lacks more than that. */
static bool lacks(const struct path_step *step)
{
	return step->cert->authority_key_id_malformed ||
	       (step->cert->version == 3 && !step->cert->bare && !step->cert->self_issued &&
		       !step->cert->has_authority_key_id);
}

/* Nothing else in the chain would make anybody refuse it, as far as it has dates. */
static bool otherwise_sound(const struct examined *ex)
{
	static const enum check_id chain[] = { CHECK_chain_complete, CHECK_chain_signatures,
		CHECK_chain_trusted, CHECK_chain_usages, CHECK_chain_strength };

	for (size_t i = 0; i < COUNT(chain); i++)
		if (ex->answers[chain[i]].status != PASS)
			return false;
	return ex->answers[CHECK_name_matches].status != FAIL &&
	       (ex->answers[CHECK_chain_dates].status == PASS ||
		       ex->hs->side[SIDE_SERVER].chain.undated);
}

/* Of those measured only OpenSSL, and what is built on it, can be told to insist. Whoever minds
 * something else in the chain does not need this. */
static bool may_insist(const struct chain_view *v)
{
	struct handshake_view hv = handshake_view_of(v->cf, v->ex);

	if (minded_enough(&hv))
		return false;
	return v->side == SIDE_CLIENT || v->hs->looks.stack == STACK_UNKNOWN ||
	       v->hs->looks.stack == STACK_OPENSSL;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, lacks);

	if (step == NULL || (!step->cert->authority_key_id_malformed &&
				    (!otherwise_sound(v->ex) || !may_insist(v))))
		return false;
	if (f == NULL)
		return true;
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		step->cert->authority_key_id_malformed
			? "the authorityKeyIdentifier of '%s' is malformed"
			: "'%s' has no authorityKeyIdentifier",
		step->cert->subject);
	return true;
}

static const enum check_id explains[] = { N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48, 46, 42 }, SEVERITY_NOTE, 0 };

static const char *const steps[] = {
	"reissue it with authorityKeyIdentifier=keyid (OpenSSL x509 -req needs an extension file "
	"for that)",
	"stop-gap for Python 3.13 and later: clear ssl.VERIFY_X509_STRICT",
	NULL,
};

const struct cause cause_authority_key_id_missing = {
	.id = "authority-key-id-missing",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A certificate has no usable authorityKeyIdentifier",
	.chain = &rule,
	.next_steps = steps,
};
