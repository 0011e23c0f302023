/* RFC 5246 7.4.8: CertificateVerify does not verify under the client's certificate, and nothing else explains it. */
#include "diagnose/signatures.h"

static bool hopeless(const struct signature_view *v)
{
	return v->bad &&
	       (v->autopsy->found == FIND_NOTHING || v->autopsy->found == FIND_OTHER_KEY ||
		       v->autopsy->found == FIND_RSA_WRONG_KEY);
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0, proved = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		struct signature_view v = signature_of(cf->kept[i], SIDE_CLIENT);

		if (!hopeless(&v))
			continue;
		finding_add(f, cf->kept[i], signature_explains);
		proved += v.autopsy->found == FIND_OTHER_KEY || v.autopsy->key_matches_given;
		if (n++ == 0)
			finding_quote(f, cf, cf->kept[i], CHECK_certificate_verify_signature);
	}
	if (n == 0)
		return false;
	f->confidence = CONFIDENCE_LIKELY;
	if (cf->client_signer.common_key) {
		f->confidence = CONFIDENCE_CERTAIN;
		finding_prove(f, cf, 0,
			"one and the same foreign key made %zu of the %zu signatures",
			cf->client_signer.n_common, cf->client_signer.n_signatures);
	} else if (cf->client_signer.n_signatures > 1) {
		f->confidence = CONFIDENCE_POSSIBLE;
		finding_prove(f, cf, 0, "but no one key fits all of them: suspect the arithmetic");
	} else if (proved == 0) {
		finding_step(
			f, cf, "capture a second handshake: if one key fits both, this is proved");
	}
	if (proved != 0)
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
