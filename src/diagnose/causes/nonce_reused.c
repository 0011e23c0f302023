/* FIPS 186-5 A.3: one r under one key, and both signatures give the key away. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_nonce_fresh, CHECK_random_fresh, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;
	bool recovered = false;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		const struct repeats *r = &ex->hs->repeats;

		if (r->nonce == 0 ||
			(r->client_random != 0 && r->client_random == r->server_random))
			continue;
		recovered |= ex->autopsy.nonce_key_recovered;
		finding_add(f, ex, explains);
		if (n++ == 0)
			finding_quote(f, cf, ex, CHECK_nonce_fresh);
	}
	if (recovered)
		finding_prove(f, cf, 0,
			"the private key computed from the two signatures belongs to the "
			"certificate (not shown)");
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"treat the key as stolen: revoke the certificate, make a new key on a machine with a good "
	"generator",
	"build with MBEDTLS_ECDSA_DETERMINISTIC (RFC 6979): it needs no random number for signing",
	"find out why the generator repeats: the same seed after every boot is usual",
	NULL,
};

const struct cause cause_nonce_reused = {
	.id = "nonce-reused",
	.origin = ORIGIN_ENTROPY,
	.summary = "Two ECDSA signatures share their nonce: the private key is public knowledge",
	.run = run,
	.next_steps = steps,
};
