/* RFC 5280 4.1; the offset of the first wrong byte is the proof. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_certificate_well_formed, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_chain_complete, CHECK_chain_signatures, CHECK_chain_trusted,
	CHECK_chain_usages, CHECK_chain_dates, CHECK_name_matches, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];

		if (!failed_check(ex, CHECK_certificate_well_formed))
			continue;
		if (n++ == 0)
			finding_quote(f, cf, ex, CHECK_certificate_well_formed);
		finding_add(f, ex, explains);
		if (ex->hs->outcome != OUTCOME_FAILED)
			f->severity = SEVERITY_WARNING;
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"compare the certificate on the device with the file that was issued: its length, its last "
	"bytes",
	"a truncated array or a strlen() on DER are the usual ways to lose the end",
	"openssl asn1parse -inform DER shows how far it reads",
	NULL,
};

const struct cause cause_certificate_malformed = {
	.id = "certificate-malformed",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A certificate is not well-formed DER",
	.run = run,
	.next_steps = steps,
};
