/* RFC 5246 7.4.8: CertificateVerify does not verify under the client's certificate, and nothing else explains it. */
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"

static bool shows(const struct handshake_view *v)
{
	struct signature_view s = signature_of(v->ex, SIDE_CLIENT);

	return s.bad && (s.autopsy->found == FIND_NOTHING || s.autopsy->found == FIND_OTHER_KEY ||
				s.autopsy->found == FIND_RSA_WRONG_KEY);
}

static bool proved(const struct handshake_view *v)
{
	const struct signature_autopsy *a = &v->ex->autopsy.signature[SIDE_CLIENT];

	return shows(v) && (a->found == FIND_OTHER_KEY || a->key_matches_given);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_certificate_verify_signature);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = signature_explains,
	.confidence = CONFIDENCE_LIKELY,
};

/* Its proof was sent and cannot be verified here, as what it covers was lost; the server says decrypt_error. */
static bool unchecked(const struct handshake_view *v)
{
	return v->st.stage == STAGE_FINISHED && gave_up_with(&v->st, SIDE_SERVER, 51) &&
	       v->ex->answers[CHECK_certificate_verify_signature].status == UNKNOWN;
}

static void prove_unchecked(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The server may have found the client's proof of its key wrong");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_quote(f, v->cf, v->ex, CHECK_certificate_verify_signature);
}

static const enum check_id alert[] = { CHECK_no_fatal_alert, CHECK_finished_accepted,
	CHECK_closed_cleanly, N_CHECKS };
static const struct handshake_rule by_alert = {
	.shows = unchecked,
	.prove = prove_unchecked,
	.explains = alert,
	.confidence = CONFIDENCE_POSSIBLE,
};

static bool run(const struct case_file *cf, struct finding *f)
{
	bool sure = find_handshake(cf, proved) != NULL;

	if (handshake_cause(cf, f, &rule) == 0)
		return handshake_cause(cf, f, &by_alert) != 0;
	if (cf->client_signer.common_key) {
		f->confidence = CONFIDENCE_CERTAIN;
		finding_prove(f, cf, 0,
			"one and the same foreign key made %zu of the %zu signatures",
			cf->client_signer.n_common, cf->client_signer.n_signatures);
	} else if (cf->client_signer.n_signatures > 1) {
		f->confidence = CONFIDENCE_POSSIBLE;
		finding_prove(f, cf, 0, "but no one key fits all of them: suspect the arithmetic");
	} else if (!sure) {
		finding_step(
			f, cf, "capture a second handshake: if one key fits both, this is proved");
	}
	if (sure)
		f->confidence = CONFIDENCE_CERTAIN;
	return true;
}

static const char *const steps[] = {
	"compare the client's files: openssl pkey -in key.pem -pubout, and openssl x509 -in "
	"cert.pem -noout -pubkey",
	"load the pair that belongs together (mbedtls_ssl_conf_own_cert does not check it; "
	"mbedtls_pk_check_pair does)",
	NULL,
};

const struct cause cause_client_key_mismatch = {
	.id = "client-key-mismatch",
	.origin = ORIGIN_KEY,
	.summary = "The client's private key is not its certificate's",
	.run = run,
	.next_steps = steps,
};
