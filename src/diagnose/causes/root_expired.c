/* The only anchor reached is out of date; often the same key lives on in a newer certificate. */
#include "diagnose/chains.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct chain_judgement *j = v->judgement;
	char day[32];

	if (j->expired_root == NULL || j->expired_root == j->step[0].cert)
		return false;
	for (size_t i = 0; i < j->n_steps; i++)
		if (j->step[i].expired && j->step[i].cert != j->expired_root)
			return false; /* a certificate below it is the nearer reason */
	if (f == NULL)
		return true;
	date_text(j->expired_root->not_after, day);
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"the root '%s' expired on %s", j->expired_root->subject, day);
	if (j->same_key_elsewhere != NULL) {
		finding_prove(f, v->cf, 0, "the key of '%s' also exists under the issuer '%s'",
			j->same_key_elsewhere->subject, j->same_key_elsewhere->issuer);
		finding_step(f, v->cf,
			"trust the newer self-signed certificate of the same key instead of the "
			"expired root");
	}
	return true;
}

static const enum check_id explains[] = { CHECK_chain_dates, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 45, 46, 42 }, SEVERITY_WARNING, 0 };

static const char *const steps[] = {
	"let the side that verifies trust a root that is in date: often there is a newer "
	"certificate of "
	"the same key",
	"or have a cross-signed certificate at the end of the chain dropped by who sends it",
	"put the date of every root you ship into your calendar",
	NULL,
};

const struct cause cause_root_expired = {
	.id = "root-expired",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The path runs to a root that has expired",
	.chain = &rule,
	.next_steps = steps,
};
