/* The checks of handshakes that files can answer, asked of one credential. */
#include "diagnose/files_rules.h"
#include "diagnose/soon.h"

const enum check_id file_checks[FILE_CHECKS] = { CHECK_certificate_well_formed,
	CHECK_key_matches_certificate, CHECK_chain_complete, CHECK_chain_signatures,
	CHECK_chain_trusted, CHECK_chain_dates, CHECK_chain_usages, CHECK_chain_strength,
	CHECK_name_matches };

static enum status ask_form(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	size_t read = 0;

	for (size_t i = 0; i < q->material->n_items; i++) {
		const struct item *it = &q->material->items[i];

		if (it->kind != ITEM_CERT || (c->leaf != NULL && !c->named && it != c->leaf))
			continue;
		if (it->broken != NULL)
			return fail(a, "the certificate in '%s': %s",
				q->material->files[it->file].path, it->broken);
		read++;
	}
	if (read == 0)
		return not_applicable(a, "no certificate was given");
	return pass(a,
		read == 1 ? "the certificate is well-formed" : "every certificate is well-formed");
}

static enum status ask_key(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	(void)q;
	switch (c->fit) {
	case FIT_BELONGS:
		return pass(a, "the key belongs to the certificate (%s)", c->sent[0]->key_name);
	case FIT_OTHER:
		return fail(a, "the key is not the certificate's");
	case FIT_OF_ANOTHER:
		return fail(a, "the key is that of certificate %zu, not of the first",
			c->fit_index + 1);
	case FIT_UNKNOWN:
		return unknown(
			a, c->key->key.state == KEY_LOCKED
				   ? "the key is encrypted, and no password was given"
				   : "the two cannot be compared: one of them cannot be read");
	case FIT_NONE:
		break;
	}
	return not_applicable(a, c->key == NULL ? "no key was given" : "no certificate was given");
}

/* Of the chain only the leaf is known. */
static enum status path_unknown(const struct credential *c, struct answer *a)
{
	return unknown(a, "the path of '%s' is not known: %s", c->chain.step[0].cert->subject,
		chain_untried);
}

static enum status ask_complete(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	const struct chain_judgement *j = &c->chain;
	const struct cert *last = j->step[j->n_steps - 1].cert;

	if (j->intermediate_missing)
		return fail(a, "the issuer '%s' is not there", last->issuer);
	if (c->own_out_of_order)
		return warn(a, "the certificates are not each the issuer of the one before");
	if (c->chain.end == PATH_UNKNOWN)
		return path_unknown(c, a);
	if (last->self_issued)
		return pass(a, "the chain is whole, to '%s'", last->subject);
	if (q->trust == NULL)
		return unknown(a, "the issuer '%s' is not there; without --ca it may be the root",
			last->issuer);
	if (j->end != PATH_TRUSTED)
		return unknown(a,
			"the issuer '%s' is not there: a root that the CA file lacks, or "
			"an intermediate",
			last->issuer);
	return pass(a, "the chain is whole, to '%s'", last->subject);
}

static enum status ask_signatures(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	size_t verified = 0;

	(void)q;
	if (c->chain.end == PATH_UNKNOWN)
		return path_unknown(c, a);
	for (size_t i = 0; i < c->chain.n_steps; i++) {
		const struct path_step *s = &c->chain.step[i];

		if (s->signature == LINK_BAD)
			return fail(a, "the signature on '%s' does not verify", s->cert->subject);
		if (s->signature == LINK_UNVERIFIABLE)
			return unknown(a, "the signature on '%s': %s", s->cert->subject,
				s->why != NULL ? s->why : "it cannot be verified");
		verified += s->signature == LINK_VALID;
	}
	if (verified == 0)
		return unknown(a, "no issuer is there whose key would verify a signature");
	return pass(a, "each certificate whose issuer is there is signed by that issuer's key");
}

static enum status ask_trust(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	const struct chain_judgement *j = &c->chain;

	if (q->trust == NULL)
		return not_applicable(a, "no --ca was given");
	if (c->chain.end == PATH_UNKNOWN)
		return path_unknown(c, a);
	if (j->end != PATH_TRUSTED)
		return fail(a, "the chain reaches no certificate of the CA file");
	return pass(a, "the chain ends at '%s', which the CA file holds",
		j->step[j->n_steps - 1].cert->subject);
}

static enum status ask_dates(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	const struct cert *first = NULL;
	const struct path_step *soon;
	char day[32], left[32];

	for (size_t i = 0; i < c->chain.n_steps; i++) {
		const struct path_step *s = &c->chain.step[i];

		date_text(s->expired ? s->cert->not_after : s->cert->not_before, day);
		if (s->expired || s->not_yet)
			return fail(a, "'%s' %s on %s", s->cert->subject,
				s->expired ? "expired" : "begins to be valid", day);
		if (s->cert->has_dates && (first == NULL || s->cert->not_after < first->not_after))
			first = s->cert;
	}
	if (first == NULL)
		return unknown(a, "no date can be read");
	if (c->chain.end == PATH_UNKNOWN)
		return path_unknown(c, a);
	date_text(first->not_after, day);
	soon = soon_step(&c->chain, q->at, q->expires_soon);
	if (soon != NULL) {
		soon_left(soon, q->at, left);
		return warn(a, "'%s' expires in %s, on %s", soon->cert->subject, left, day);
	}
	return pass(
		a, "the certificates of the path are in date; the first to expire does on %s", day);
}

static enum status ask_usages(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	const struct chain_judgement *j = &c->chain;

	for (size_t i = 0; i < j->n_steps; i++) {
		if (j->step[i].ca_missing)
			return fail(a, "'%s' signs certificates and is not a CA",
				j->step[i].cert->subject);
		if (j->step[i].path_too_long)
			return fail(
				a, "the path is longer than '%s' allows", j->step[i].cert->subject);
	}
	if (j->usage_forbids)
		return fail(a, "keyUsage lacks digitalSignature");
	if (j->ext_usage_forbids)
		return fail(a, "extendedKeyUsage lacks %s",
			q->purpose == PURPOSE_SERVER ? "serverAuth" : "clientAuth");
	if (c->service.rsa_exchange_only)
		return warn(a, "keyUsage allows the RSA key exchange only");
	if (c->chain.end == PATH_UNKNOWN)
		return path_unknown(c, a);
	return pass(a, "its usages allow it to be a %s's",
		q->purpose == PURPOSE_SERVER ? "server" : "client");
}

static enum status ask_strength(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	(void)q;
	for (size_t i = 0; i < c->chain.n_steps; i++) {
		const struct path_step *s = &c->chain.step[i];

		if (s->very_weak_key)
			return fail(
				a, "the key of '%s' is %s", s->cert->subject, s->cert->key_name);
		if (s->weak_key)
			return warn(a,
				"the key of '%s' is %s, below what verifiers accept by default",
				s->cert->subject, s->cert->key_name);
		if (s->weak_signature)
			return warn(a, "'%s' is signed with %s, which verifiers refuse by default",
				s->cert->subject, s->cert->signature_name);
	}
	if (c->chain.end == PATH_UNKNOWN)
		return path_unknown(c, a);
	return pass(a, "keys and hashes are strong enough");
}

static enum status ask_name(
	const struct files_question *q, const struct credential *c, struct answer *a)
{
	switch (c->chain.name) {
	case NAME_UNCHECKED:
		break;
	case NAME_MATCHES:
		return pass(a, "the certificate is for '%s'", q->name);
	case NAME_IP_SAN_ONLY:
		return warn(a, "only an iPAddress entry fits '%s'", q->name);
	case NAME_MATCHES_CN_ONLY:
		return warn(a,
			"only the common name fits '%s': browsers and Go want a subjectAltName",
			q->name);
	case NAME_DIFFERS:
		return fail(a, "the certificate is not for '%s'", q->name);
	case NAME_CN_IGNORED:
		return fail(a, "the common name fits '%s', but there is a subjectAltName", q->name);
	}
	return not_applicable(a, "no --name was given");
}

typedef enum status ask(
	const struct files_question *q, const struct credential *c, struct answer *a);

/* In the order of file_checks; those after the first two need a chain to look at. */
static ask *const asks[FILE_CHECKS] = { ask_form, ask_key, ask_complete, ask_signatures, ask_trust,
	ask_dates, ask_usages, ask_strength, ask_name };

static const char *about(const struct files_question *q, const struct credential *c)
{
	const struct item *it = c->leaf != NULL ? c->leaf : c->key;

	return q->material->files[it->file].path;
}

void files_answer(const struct files_question *q, const struct credential *c, struct arena *a,
	struct file_answers *out)
{
	*out = (struct file_answers){ .credential = c, .about = about(q, c) };
	for (size_t i = 0; i < FILE_CHECKS; i++) {
		struct answer *one = &out->answers[i];

		one->arena = a;
		if (asks[i] != ask_form && asks[i] != ask_key && c->chain.n_steps == 0)
			one->status = c->n_sent == 0
					      ? not_applicable(one, "no certificate was given")
					      : unknown(one, "the certificate cannot be read");
		else
			one->status = asks[i](q, c, one);
	}
}
