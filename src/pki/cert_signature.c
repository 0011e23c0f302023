/* The AlgorithmIdentifier of a certificate's signature: RFC 3279 2.2, RFC 4055 3.1, RFC 5758. */
#include "pki/cert_walk.h"

#include "pki/oid.h"

#include <stdio.h>

/* HashAlgorithm ::= AlgorithmIdentifier; the OID inside. */
static bool take_algorithm_oid(
	struct cur *in, const char *field, char out[static OID_TEXT], struct der *parameters)
{
	struct der algorithm, oid;
	struct cur inner;

	*parameters = (struct der){ 0 };
	if (!der_take(in, DER_SEQUENCE, field, &algorithm))
		return false;
	inner = (struct cur){ algorithm.body.data, algorithm.body.len, algorithm.body_at, in->err };
	if (!der_take(&inner, DER_OID, field, &oid))
		return false;
	(void)oid_text(oid.body, out);
	return cur_left(&inner) == 0 || der_next(&inner, field, parameters);
}

static enum hash read_mgf(struct cur *field)
{
	char oid[OID_TEXT];
	struct der hash, none;
	struct cur in;

	if (!take_algorithm_oid(field, "maskGenAlgorithm", oid, &hash))
		return HASH_NONE;
	if (strcmp(oid, "1.2.840.113549.1.1.8") != 0) /* id-mgf1 is the only one */
		return HASH_NONE;
	if (hash.whole.len == 0) {
		cur_fail(field, PARSE_VALUE, "maskGenAlgorithm.hash", 0);
		return HASH_NONE;
	}
	in = (struct cur){ hash.whole.data, hash.whole.len, hash.at, field->err };
	if (!take_algorithm_oid(&in, "maskGenAlgorithm.hash", oid, &none))
		return HASH_NONE;
	return oid_hash(oid);
}

static void read_pss_field(struct cert *c, const struct der *el)
{
	struct parse_err err;
	struct cur in = der_open(el, &err);
	char oid[OID_TEXT];
	struct der none;

	switch (el->tag) {
	case DER_CONTEXT_CONSTRUCTED + 0:
		if (take_algorithm_oid(&in, "hashAlgorithm", oid, &none))
			c->method.hash = oid_hash(oid);
		break;
	case DER_CONTEXT_CONSTRUCTED + 1:
		c->pss_mask_hash = read_mgf(&in);
		break;
	default: /* saltLength: any will do; trailerField has one value only */
		break;
	}
	cert_note(c, &err);
}

static void read_pss(struct cert *c, const struct der *parameters)
{
	struct parse_err err;
	struct cur in = der_open(parameters, &err);
	struct der el;

	c->method.hash = HASH_SHA1; /* the defaults of RFC 4055 */
	c->pss_mask_hash = HASH_SHA1;
	if (parameters->tag != DER_SEQUENCE)
		return;
	while (cur_left(&in) != 0 && der_next(&in, "RSASSA-PSS-params", &el))
		read_pss_field(c, &el);
	cert_note(c, &err);
}

bool cert_signed_with_md(const struct cert *c)
{
	return c->method.hash == HASH_MD5 || strncmp(c->signature_name, "md2", 3) == 0 ||
	       strncmp(c->signature_name, "md4", 3) == 0;
}

void cert_read_signature_algorithm(struct cert *c, const struct der *algorithm)
{
	struct parse_err err;
	struct cur in = der_open(algorithm, &err);
	const struct oid_signature *known;
	struct der oid, parameters = { 0 };
	char dotted[OID_TEXT];

	c->method = (struct signature_method){ SIG_OTHER, HASH_NONE };
	if (!der_take(&in, DER_OID, "signatureAlgorithm", &oid)) {
		cert_note(c, &err);
		return;
	}
	if (!oid_text(oid.body, dotted))
		cert_note_value(c, "signatureAlgorithm", oid.at);
	known = oid_signature_find(dotted);
	(void)snprintf(c->signature_name, sizeof c->signature_name, "%s",
		known != NULL ? known->name : dotted);
	if (cur_left(&in) != 0)
		(void)der_next(&in, "signatureAlgorithm.parameters", &parameters);
	if (known != NULL)
		c->method = known->method;
	if (c->method.signature == SIG_RSA_PSS)
		read_pss(c, &parameters);
	(void)cur_end(&in, "signatureAlgorithm");
	cert_note(c, &err);
}
