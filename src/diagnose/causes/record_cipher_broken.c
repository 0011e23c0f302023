/* RFC 5246 7.2.2 bad_record_mac right after a Finished: the shared secret, the key derivation or the cipher differ. */
#include "diagnose/story.h"

static bool psk(const struct handshake *hs)
{
	enum key_exchange kx = hs->suite != NULL ? hs->suite->kx : KX_UNKNOWN;

	return kx == KX_PSK || kx == KX_RSA_PSK || kx == KX_DHE_PSK || kx == KX_ECDHE_PSK;
}

static bool shows(const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);

	return st.failed && st.stage == STAGE_FINISHED && st.alert == 20 &&
	       !(ex->hs->resumed_known && ex->hs->resumed) && !psk(ex->hs) &&
	       !failed_check(ex, CHECK_ske_point_on_curve) &&
	       !failed_check(ex, CHECK_cke_point_on_curve);
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_finished_accepted, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];

		if (!shows(ex))
			continue;
		finding_add(f, ex, explains);
		if (n++ != 0)
			continue;
		finding_quote(f, cf, ex, CHECK_ske_signature);
		finding_quote(f, cf, ex, CHECK_ske_point_on_curve);
		finding_quote(f, cf, ex, CHECK_no_fatal_alert);
	}
	if (n != 0)
		finding_prove(f, cf, 0,
			"everything up to the keys proves right: what differs comes after");
	f->confidence = CONFIDENCE_LIKELY;
	return n != 0;
}

static const char *const steps[] = {
	"build without MBEDTLS_AES_ALT and other hardware ciphers, and run mbedtls_aes_self_test "
	"and mbedtls_gcm_self_test",
	"then suspect the ECDH result: leading zero bytes cut off, or words in the wrong order",
	"a key log from either side would show which",
	NULL,
};

const struct cause cause_record_cipher_broken = {
	.id = "record-cipher-broken",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "Keys were agreed, but the first protected record does not decrypt",
	.run = run,
	.next_steps = steps,
};
