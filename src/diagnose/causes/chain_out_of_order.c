/* RFC 5246 7.4.2: each must certify the one before it; a strict client gives up. */
#include "diagnose/chains.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	if (!v->judgement->out_of_order)
		return false;
	if (f == NULL)
		return true;
	if (v->side == SIDE_CLIENT)
		f->origin = ORIGIN_CLIENT;
	for (size_t i = 0; i < v->hs->side[v->side].n_certs && i < 5; i++)
		finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
			"%zu. '%s', issued by '%s'", i + 1, v->hs->side[v->side].certs[i]->subject,
			v->hs->side[v->side].certs[i]->issuer);
	return true;
}

/* What comes first is taken for the leaf by everyone: no peer puts up with that. */
static bool leaf_later(const struct chain_view *v, struct finding *f)
{
	if (!leaf_comes_later(v->hs, v->side))
		return false;
	if (f != NULL) {
		finding_say(f, v->cf,
			"The first certificate is not the leaf, but that of a CA above it");
		(void)shows(v, f);
	}
	return true;
}

static const enum check_id explains[] = { CHECK_chain_complete, N_CHECKS };
static const enum check_id leaf_explains[] = { CHECK_chain_complete, CHECK_name_matches,
	CHECK_chain_usages, CHECK_ske_signature, CHECK_ske_signature_size_fits_key,
	CHECK_certificate_verify_signature, CHECK_scheme_fits_key, CHECK_chain_signatures,
	CHECK_chain_trusted, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48, 46, 42 }, SEVERITY_NOTE, 0 };
static const struct chain_rule issuer_first = { leaf_later, leaf_explains,
	{ 42, 43, 46, 47, 48, 51 }, SEVERITY_WARNING, 0x804 };

static bool run(const struct case_file *cf, struct finding *f)
{
	return chain_cause(cf, f, &issuer_first) || chain_cause(cf, f, &rule);
}

static const char *const steps[] = {
	"put the file in order: leaf, its issuer, the issuer of that, ...",
	"leave out certificates that are not part of the path",
	NULL,
};

const struct cause cause_chain_out_of_order = {
	.id = "chain-out-of-order",
	.origin = ORIGIN_SERVER,
	.summary = "The certificates were sent in the wrong order",
	.run = run,
	.next_steps = steps,
};
