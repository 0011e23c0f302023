/* Rules over a certificate with its key and its chain. */
#include "base/array.h"
#include "diagnose/files_rules.h"
#include "diagnose/soon.h"

static const char *leaf_name(const struct file_rule_context *x, const struct credential *c)
{
	return item_name(x, c->leaf);
}

static const struct path_step *step_where(
	const struct credential *c, bool (*test)(const struct path_step *))
{
	for (size_t i = 0; i < c->chain.n_steps; i++)
		if (test(&c->chain.step[i]))
			return &c->chain.step[i];
	return NULL;
}

/* A CA stands where the leaf should: what is asked of a leaf would be asked of the wrong one. */
static bool first_is_no_leaf(const struct credential *c)
{
	return c->fit == FIT_OF_ANOTHER || (c->own_out_of_order && c->sent[0]->ca);
}

/* ---- the key ---- */

static bool key_of_another_kind(const struct credential *c)
{
	return strcmp(c->key->key.name, c->sent[0]->key_name) != 0;
}

static bool other_key(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	if (c->fit != FIT_OTHER)
		return false;
	finding_say(f, x->cf, "The key in %s does not belong to the certificate in %s",
		item_name(x, c->key), leaf_name(x, c));
	if (key_of_another_kind(c))
		finding_prove(f, x->cf, 0, "the certificate's key is %s, the file's is %s",
			c->sent[0]->key_name, c->key->key.name);
	else
		finding_prove(f, x->cf, 0,
			"both are %s, and their public keys are not the same number",
			c->sent[0]->key_name);
	finding_prove(f, x->cf, 0, "the certificate is '%s'", c->sent[0]->subject);
	return true;
}

static bool key_of_later_one(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	if (c->fit != FIT_OF_ANOTHER)
		return false;
	finding_say(f, x->cf,
		"The key in %s belongs to certificate %zu of the chain, not the first",
		item_name(x, c->key), c->fit_index + 1);
	finding_prove(f, x->cf, 0, "1. '%s'", c->sent[0]->subject);
	finding_prove(f, x->cf, 0, "%zu. '%s', whose key it is", c->fit_index + 1,
		c->sent[c->fit_index]->subject);
	return true;
}

static const char *const key_steps[] = {
	"find the pair: tlsdiag check FOLDER tells which key belongs to which certificate",
	"if both were renewed, only one of them was replaced",
	"on the device call mbedtls_pk_check_pair() at start-up: no stack does it for you",
	NULL,
};

/* ---- the chain ---- */

static bool out_of_order(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	if (!c->own_out_of_order || c->fit == FIT_OF_ANOTHER)
		return false;
	for (size_t i = 0; i < c->n_own && i < 5; i++)
		finding_prove(f, x->cf, 0, "%zu. '%s', issued by '%s'", i + 1, c->sent[i]->subject,
			c->sent[i]->issuer);
	if (first_is_no_leaf(c))
		f->severity = SEVERITY_ERROR;
	return true;
}

static bool bad_signature(const struct path_step *s)
{
	return s->signature == LINK_BAD;
}

static bool signature_bad(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, bad_signature);

	if (s == NULL)
		return false;
	finding_prove(f, x->cf, 0, "the signature on '%s' does not verify", s->cert->subject);
	finding_prove(f, x->cf, 0, "under the key of '%s'%s%s", s->cert->issuer,
		s->why != NULL ? ": " : "", s->why != NULL ? s->why : "");
	return true;
}

static bool no_anchor(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	if (x->q->trust == NULL || c->chain.end != PATH_NO_ANCHOR)
		return false;
	finding_prove(f, x->cf, 0, "--ca gives no certificate at all");
	return true;
}

static bool lacks_intermediate(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *last;

	if (!c->chain.intermediate_missing || c->chain.n_steps == 0)
		return false;
	last = &c->chain.step[c->chain.n_steps - 1];
	finding_say(f, x->cf, "The intermediate '%s' is missing", last->cert->issuer);
	finding_prove(f, x->cf, 0, "'%s' is issued by it", last->cert->subject);
	finding_prove(
		f, x->cf, 0, "it is neither among the certificates to be sent nor in the CA file");
	if (last->cert->ca_issuers_uri.len != 0 && bytes_printable(last->cert->ca_issuers_uri))
		finding_step(f, x->cf, "it is published at %.*s",
			(int)last->cert->ca_issuers_uri.len,
			(const char *)last->cert->ca_issuers_uri.data);
	return true;
}

static const char *const intermediate_steps[] = {
	"put it behind the certificate, in the same file or with --chain, and check again",
	"in mbedTLS parse it into the same mbedtls_x509_crt as the leaf, before "
	"mbedtls_ssl_conf_own_cert",
	NULL,
};

static bool untrusted(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct chain_judgement *j = &c->chain;
	const struct path_step *last;

	if (!j->has_trust || j->n_steps == 0 || j->intermediate_missing || j->signature_bad ||
		(j->end != PATH_SELF_SIGNED && j->end != PATH_ISSUER_MISSING))
		return false;
	last = &j->step[j->n_steps - 1];
	if (j->end == PATH_ISSUER_MISSING && !j->issuer_name_in_trust)
		f->confidence = CONFIDENCE_LIKELY;
	finding_prove(f, x->cf, 0, "the chain of %s ends at '%s'", leaf_name(x, c),
		j->end == PATH_SELF_SIGNED ? last->cert->subject : last->cert->issuer);
	if (j->issuer_name_in_trust)
		finding_prove(f, x->cf, 0, "the CA file has one of that name, with another key");
	for (size_t i = 0; i < trust_count(x->q->trust) && i < 3; i++)
		finding_prove(
			f, x->cf, 0, "the CA file holds '%s'", trust_at(x->q->trust, i)->subject);
	return true;
}

static const char *const trust_steps[] = {
	"give the peers the root named above (mbedtls_ssl_conf_ca_chain), or have the certificate "
	"issued by a CA that they hold",
	"if --ca is not what the peers have loaded, check again with what they have",
	NULL,
};

static bool not_a_ca(const struct path_step *s)
{
	return s->ca_missing;
}

static bool issuer_no_ca(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, not_a_ca);

	if (s == NULL)
		return false;
	finding_prove(f, x->cf, 0, "'%s' signs the certificate below it, %s", s->cert->subject,
		!s->cert->has_basic_constraints ? "and has no basicConstraints"
		: !s->cert->ca                  ? "and has basicConstraints CA:FALSE"
						: "and its keyUsage lacks keyCertSign");
	return true;
}

static bool too_long(const struct path_step *s)
{
	return s->path_too_long;
}

static bool path_long(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, too_long);

	if (s == NULL)
		return false;
	finding_prove(f, x->cf, 0, "'%s' allows %d intermediates below it", s->cert->subject,
		s->cert->path_length);
	return true;
}

/* ---- dates ---- */

static bool is_expired(const struct path_step *s)
{
	return s->expired;
}

static bool is_not_yet(const struct path_step *s)
{
	return s->not_yet;
}

static bool prove_date(const struct file_rule_context *x, struct finding *f,
	const struct path_step *s, const char *what, int64_t when)
{
	char day[32], now[32];

	date_text(when, day);
	date_text(x->q->at, now);
	finding_prove(f, x->cf, 0, "%s of '%s' is %s", what, s->cert->subject, day);
	finding_prove(f, x->cf, 0, "judged at %s", now);
	return true;
}

static bool expired(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, is_expired);

	if (s == NULL || s->cert == c->chain.expired_root)
		return false;
	finding_say(f, x->cf, "The certificate '%s' has expired", s->cert->subject);
	return prove_date(x, f, s, "notAfter", s->cert->not_after);
}

static bool root_expired(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, is_expired);

	if (s == NULL || s->cert != c->chain.expired_root)
		return false;
	return prove_date(x, f, s, "notAfter", s->cert->not_after);
}

static bool soon(const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = soon_step(&c->chain, x->q->at, x->q->expires_soon);
	char left[32];

	if (s == NULL)
		return false;
	soon_left(s, x->q->at, left);
	finding_say(f, x->cf, "The certificate '%s' expires in %s", s->cert->subject, left);
	return prove_date(x, f, s, "notAfter", s->cert->not_after);
}

static bool not_yet(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, is_not_yet);

	if (s == NULL)
		return false;
	finding_say(f, x->cf, "The certificate '%s' is not valid yet", s->cert->subject);
	return prove_date(x, f, s, "notBefore", s->cert->not_before);
}

/* ---- name and usages ---- */

enum { NAMES_SHOWN = 5 };

static void prove_names(const struct file_rule_context *x, const struct cert *c, struct finding *f)
{
	for (size_t i = 0; i < c->n_san && f->n_proof < NAMES_SHOWN; i++) {
		const struct san *s = &c->san[i];

		if (s->kind == SAN_DNS && bytes_printable(s->value))
			finding_prove(f, x->cf, 0, "it is for %.*s", (int)s->value.len,
				(const char *)s->value.data);
		else if (s->kind == SAN_IP && s->value.len == 4)
			finding_prove(f, x->cf, 0, "it is for the address %u.%u.%u.%u",
				s->value.data[0], s->value.data[1], s->value.data[2],
				s->value.data[3]);
	}
}

static bool wrong_name(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	if (first_is_no_leaf(c) ||
		(c->chain.name != NAME_DIFFERS && c->chain.name != NAME_CN_IGNORED))
		return false;
	finding_say(f, x->cf, "The certificate in %s is not for '%s'", leaf_name(x, c), x->q->name);
	if (!c->sent[0]->has_san)
		finding_prove(f, x->cf, 0, "it has no subjectAltName; its subject is '%s'",
			c->sent[0]->subject);
	prove_names(x, c->sent[0], f);
	if (c->chain.name == NAME_CN_IGNORED)
		finding_prove(f, x->cf, 0,
			"its common name would fit, but with a subjectAltName only that counts");
	return true;
}

static bool address_only(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	if (c->chain.name != NAME_IP_SAN_ONLY)
		return false;
	finding_say(f, x->cf, "The address fits, but not every client looks at iPAddress entries");
	finding_prove(
		f, x->cf, 0, "mbedTLS up to 3.4, 2.28 included, compares dNSName entries only");
	return true;
}

static bool usage_forbids(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	char has[160];

	if (first_is_no_leaf(c) || (!c->chain.usage_forbids && !c->service.rsa_exchange_only))
		return false;
	cert_key_usage_text(c->sent[0]->key_usage, has);
	finding_prove(f, x->cf, 0, "keyUsage of '%s' is %s", c->sent[0]->subject, has);
	if (c->service.rsa_exchange_only) {
		f->severity = SEVERITY_WARNING;
		finding_say(f, x->cf, "keyUsage allows nothing but the old RSA key exchange");
		finding_prove(f, x->cf, 0, "ECDHE, DHE and TLS 1.3 need digitalSignature");
	} else {
		finding_say(f, x->cf, "keyUsage of the certificate lacks digitalSignature");
	}
	return true;
}

static bool purpose_forbids(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	if (!c->chain.ext_usage_forbids || first_is_no_leaf(c))
		return false;
	finding_say(f, x->cf, "extendedKeyUsage of the certificate lacks %s",
		x->q->purpose == PURPOSE_SERVER ? "serverAuth" : "clientAuth");
	finding_prove(f, x->cf, 0, "'%s' is asked about as a %s", c->sent[0]->subject,
		x->q->purpose == PURPOSE_SERVER ? "server's" : "client's");
	return true;
}

/* ---- strength ---- */

static bool key_weak(const struct path_step *s)
{
	return s->weak_key || s->very_weak_key;
}

static bool hash_weak(const struct path_step *s)
{
	return s->weak_signature;
}

static bool weak_key(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, key_weak);

	if (s == NULL)
		return false;
	f->severity = s->very_weak_key ? SEVERITY_ERROR : SEVERITY_WARNING;
	finding_prove(f, x->cf, 0, "the key of '%s' is %s", s->cert->subject, s->cert->key_name);
	return true;
}

static bool weak_hash(
	const struct file_rule_context *x, const struct credential *c, struct finding *f)
{
	const struct path_step *s = step_where(c, hash_weak);

	if (s == NULL)
		return false;
	finding_prove(
		f, x->cf, 0, "'%s' is signed with %s", s->cert->subject, s->cert->signature_name);
	return true;
}

#define CAUSE(name) extern const struct cause cause_##name;
#include "diagnose/causes.def"
#undef CAUSE

const struct credential_rule credential_rules[] = {
	{ &cause_wrong_private_key, SEVERITY_ERROR, CHECK_key_matches_certificate, other_key,
		key_steps },
	{ &cause_chain_out_of_order, SEVERITY_ERROR, CHECK_key_matches_certificate,
		key_of_later_one, NULL },
	{ &cause_chain_out_of_order, SEVERITY_WARNING, CHECK_chain_complete, out_of_order, NULL },
	{ &cause_certificate_expired, SEVERITY_ERROR, CHECK_chain_dates, expired, NULL },
	{ &cause_certificate_not_yet_valid, SEVERITY_ERROR, CHECK_chain_dates, not_yet, NULL },
	{ &cause_root_expired, SEVERITY_ERROR, CHECK_chain_dates, root_expired, NULL },
	{ &cause_certificate_expires_soon, SEVERITY_WARNING, CHECK_chain_dates, soon, NULL },
	{ &cause_chain_signature_bad, SEVERITY_ERROR, CHECK_chain_signatures, signature_bad, NULL },
	{ &cause_intermediate_missing, SEVERITY_ERROR, CHECK_chain_complete, lacks_intermediate,
		intermediate_steps },
	{ &cause_no_trust_anchor, SEVERITY_ERROR, CHECK_chain_trusted, no_anchor, NULL },
	{ &cause_ca_not_trusted, SEVERITY_ERROR, CHECK_chain_trusted, untrusted, trust_steps },
	{ &cause_issuer_not_a_ca, SEVERITY_ERROR, CHECK_chain_usages, issuer_no_ca, NULL },
	{ &cause_path_too_long, SEVERITY_ERROR, CHECK_chain_usages, path_long, NULL },
	{ &cause_name_mismatch, SEVERITY_ERROR, CHECK_name_matches, wrong_name, NULL },
	{ &cause_key_usage_forbids, SEVERITY_ERROR, CHECK_chain_usages, usage_forbids, NULL },
	{ &cause_ext_key_usage_forbids, SEVERITY_ERROR, CHECK_chain_usages, purpose_forbids, NULL },
	{ &cause_weak_key, SEVERITY_WARNING, CHECK_chain_strength, weak_key, NULL },
	{ &cause_weak_signature, SEVERITY_WARNING, CHECK_chain_strength, weak_hash, NULL },
	{ &cause_ip_san_unsupported, SEVERITY_NOTE, CHECK_name_matches, address_only, NULL },
};
const size_t n_credential_rules = COUNT(credential_rules);
