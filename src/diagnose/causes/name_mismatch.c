/* RFC 9525 6: neither a subjectAltName nor, without any, the common name fits. */
#include "diagnose/chains.h"

static const char *asked_for(const struct chain_view *v)
{
	struct bytes sni = v->hs->client_hello.ext.server_name;

	if (v->cf->evidence->name != NULL)
		return v->cf->evidence->name;
	return bytes_printable(sni) ? case_text(v->cf, "%.*s", (int)sni.len, (const char *)sni.data)
				    : "an unprintable name";
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct chain_judgement *j = v->judgement;
	const struct cert *cert = leaf(v->hs, v->side);

	if (v->side != SIDE_SERVER || cert == NULL || leaf_comes_later(v->hs, v->side) ||
		(j->name != NAME_DIFFERS && j->name != NAME_CN_IGNORED))
		return false;
	if (f == NULL)
		return true;
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"asked for: %s", asked_for(v));
	for (size_t i = 0; i < cert->n_san && i < 4; i++)
		if (cert->san[i].kind == SAN_DNS && bytes_printable(cert->san[i].value))
			finding_prove(f, v->cf, 0, "the certificate names %.*s",
				(int)cert->san[i].value.len, (const char *)cert->san[i].value.data);
	if (!cert->has_san)
		finding_prove(f, v->cf, 0, "the certificate names %s", cert->subject);
	if (j->name == NAME_CN_IGNORED)
		finding_prove(f, v->cf, 0,
			"its common name would fit, but with a subjectAltName only that counts");
	return true;
}

static const enum check_id explains[] = { CHECK_name_matches, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 42, 46 }, SEVERITY_WARNING, 0x04 };

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "the certificate is for the name asked for";
	return chains_pass(cf, CHECK_name_matches);
}

static const char *const steps[] = {
	"reissue the certificate with the name used in a dNSName (or iPAddress) of its "
	"subjectAltName",
	"or connect with a name that it has, and set that name in the client "
	"(mbedtls_ssl_set_hostname)",
	NULL,
};

const struct cause cause_name_mismatch = {
	.id = "name-mismatch",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate is for another name than the one asked for",
	.chain = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
