/* The extensions that decide whether a TLS peer accepts a certificate (RFC 5280 4.2). */
#include "base/array.h"
#include "pki/cert_walk.h"

#include "pki/oid.h"

#include <stdio.h>

/* The SEQUENCE that a value is. What stands behind it is a flaw, and hides nothing of it. */
static bool open_sequence(struct cert *c, const struct der *value, const char *field,
	struct parse_err *err, struct der *el, struct cur *out)
{
	struct cur in = der_open(value, err);

	if (!der_take(&in, DER_SEQUENCE, field, el))
		return false;
	if (!cur_end(&in, field))
		cert_note(c, err);
	*out = der_open(el, err);
	return true;
}

/* ---- GeneralNames ---- */

static struct san san_of(const struct der *name)
{
	switch (name->tag) {
	case DER_CONTEXT + 1:
		return (struct san){ SAN_EMAIL, name->body };
	case DER_CONTEXT + 2:
		return (struct san){ SAN_DNS, name->body };
	case DER_CONTEXT + 6:
		return (struct san){ SAN_URI, name->body };
	case DER_CONTEXT + 7:
		if (name->body.len == 4 || name->body.len == 16)
			return (struct san){ SAN_IP, name->body };
		break;
	default:
		break;
	}
	return (struct san){ SAN_OTHER, name->body };
}

bool cert_san_next(struct bytes *names, struct san *out)
{
	struct parse_err err;
	struct cur in = cur_init(*names, &err);
	struct der name;

	if (cur_left(&in) == 0 || !der_next(&in, "GeneralName", &name))
		return false;
	*names = cur_rest(&in);
	*out = san_of(&name);
	return true;
}

static void read_alt_names(struct cert *c, const struct der *value, struct parse_err *err)
{
	struct der names, name;
	struct cur in;

	c->has_san = true;
	if (!open_sequence(c, value, "subjectAltName", err, &names, &in))
		return;
	c->san_der = names.body;
	while (cur_left(&in) != 0 && der_next(&in, "GeneralName", &name)) {
		if (name.tag == DER_CONTEXT + 7 && name.body.len != 4 && name.body.len != 16)
			cert_note_value(c, "iPAddress", name.at);
		if (c->n_san < SAN_MAX)
			c->san[c->n_san++] = san_of(&name);
	}
}

/* ---- constraints and usages ---- */

static void read_basic_constraints(struct cert *c, const struct der *value, struct parse_err *err)
{
	struct der el;
	struct cur in;

	c->has_basic_constraints = true;
	if (!open_sequence(c, value, "basicConstraints", err, &el, &in))
		return;
	if (der_ahead(&in, DER_BOOLEAN) && der_take(&in, DER_BOOLEAN, "cA", &el))
		c->ca = el.body.len == 1 && el.body.data[0] != 0;
	if (cur_left(&in) != 0 && der_take(&in, DER_INTEGER, "pathLenConstraint", &el))
		c->path_length = der_small(&el);
	(void)cur_end(&in, "basicConstraints");
}

unsigned cert_key_usage(struct bytes bits)
{
	unsigned usage = 0;

	for (unsigned i = 0; i < 9 && i / 8 < bits.len; i++)
		if ((bits.data[i / 8] >> (7 - i % 8) & 1) != 0)
			usage |= 1u << i;
	return usage;
}

static void read_key_usage(struct cert *c, const struct der *value, struct parse_err *err)
{
	struct cur in = der_open(value, err);
	struct der el;

	c->has_key_usage = true;
	if (!der_take(&in, DER_BIT_STRING, "keyUsage", &el))
		return;
	c->key_usage = cert_key_usage(der_bits(&el));
	if (el.body.len == 0)
		cert_note_value(c, "keyUsage", el.at);
	(void)cur_end(&in, "keyUsage");
}

static unsigned purpose_of(const char *oid)
{
	static const struct {
		const char *oid;
		unsigned bit;
	} purposes[] = {
		{ "1.3.6.1.5.5.7.3.1", EKU_SERVER_AUTH },
		{ "1.3.6.1.5.5.7.3.2", EKU_CLIENT_AUTH },
		{ "2.5.29.37.0", EKU_ANY },
	};

	for (size_t i = 0; i < COUNT(purposes); i++)
		if (strcmp(purposes[i].oid, oid) == 0)
			return purposes[i].bit;
	return EKU_OTHER;
}

static void read_ext_key_usage(struct cert *c, const struct der *value, struct parse_err *err)
{
	struct der el;
	struct cur in;

	c->has_ext_key_usage = true;
	if (!open_sequence(c, value, "extKeyUsage", err, &el, &in))
		return;
	while (cur_left(&in) != 0 && der_take(&in, DER_OID, "KeyPurposeId", &el)) {
		char oid[OID_TEXT];

		(void)oid_text(el.body, oid);
		c->ext_key_usage |= purpose_of(oid);
	}
}

/* ---- key identifiers and access to the issuer ---- */

static void read_subject_key_id(struct cert *c, const struct der *value, struct parse_err *err)
{
	struct cur in = der_open(value, err);
	struct der el;

	c->has_subject_key_id = true;
	if (der_take(&in, DER_OCTET_STRING, "subjectKeyIdentifier", &el))
		c->subject_key_id = el.body;
	(void)cur_end(&in, "subjectKeyIdentifier");
}

/* RFC 5280 4.2.1.1: the key id, or the issuer's own issuer and serial number, or both. */
static void read_authority_key_id(struct cert *c, const struct der *value, struct parse_err *err)
{
	struct der el;
	struct cur in;

	c->has_authority_key_id = true;
	if (open_sequence(c, value, "authorityKeyIdentifier", err, &el, &in)) {
		while (cur_left(&in) != 0 && der_next(&in, "authorityKeyIdentifier", &el))
			if (el.tag == DER_CONTEXT)
				c->authority_key_id = el.body;
			else if (el.tag == DER_CONTEXT_CONSTRUCTED + 1)
				c->authority_issuer = el.body;
	}
	c->authority_key_id_malformed =
		err->code != PARSE_OK ||
		(c->authority_key_id.len == 0 && c->authority_issuer.len == 0);
}

static void read_info_access(struct cert *c, const struct der *value, struct parse_err *err)
{
	struct der el, method, location;
	struct cur in;

	if (!open_sequence(c, value, "authorityInfoAccess", err, &el, &in))
		return;
	while (cur_left(&in) != 0 && der_take(&in, DER_SEQUENCE, "AccessDescription", &el)) {
		struct cur pair = der_open(&el, err);
		char oid[OID_TEXT];

		if (!der_take(&pair, DER_OID, "accessMethod", &method) ||
			!der_next(&pair, "accessLocation", &location))
			return;
		(void)oid_text(method.body, oid);
		if (strcmp(oid, "1.3.6.1.5.5.7.48.2") == 0 && location.tag == DER_CONTEXT + 6 &&
			c->ca_issuers_uri.len == 0)
			c->ca_issuers_uri = location.body;
	}
}

/* ---- the table ---- */

static const struct extension_row {
	const char *oid;
	const char *name;
	/* NULL: known, so no verifier stumbles over it, but nothing here depends on it */
	void (*read)(struct cert *c, const struct der *value, struct parse_err *err);
} rows[] = {
	{ "2.5.29.17", "subjectAltName", read_alt_names },
	{ "2.5.29.19", "basicConstraints", read_basic_constraints },
	{ "2.5.29.15", "keyUsage", read_key_usage },
	{ "2.5.29.37", "extKeyUsage", read_ext_key_usage },
	{ "2.5.29.14", "subjectKeyIdentifier", read_subject_key_id },
	{ "2.5.29.35", "authorityKeyIdentifier", read_authority_key_id },
	{ "1.3.6.1.5.5.7.1.1", "authorityInfoAccess", read_info_access },
	{ "2.5.29.18", "issuerAltName", NULL },
	{ "2.5.29.30", "nameConstraints", NULL },
	{ "2.5.29.31", "cRLDistributionPoints", NULL },
	{ "2.5.29.32", "certificatePolicies", NULL },
	{ "2.5.29.33", "policyMappings", NULL },
	{ "2.5.29.36", "policyConstraints", NULL },
	{ "2.5.29.46", "freshestCRL", NULL },
	{ "2.5.29.54", "inhibitAnyPolicy", NULL },
	{ "1.3.6.1.5.5.7.1.24", "TLS feature", NULL },
	{ "2.16.840.1.113730.1.1", "netscape-cert-type", NULL },
};

enum { N_ROWS = COUNT(rows) };

static size_t row_of(const char *oid)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (strcmp(rows[i].oid, oid) == 0)
			return i;
	return N_ROWS;
}

/* Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
static void read_extension(struct cert *c, const struct der *extension, bool seen[static N_ROWS])
{
	struct parse_err err, value_err;
	struct cur in = der_open(extension, &err);
	struct der oid, el = { 0 }, value;
	char dotted[OID_TEXT];
	bool critical = false;
	size_t row;

	if (der_take(&in, DER_OID, "extnID", &oid) && der_ahead(&in, DER_BOOLEAN) &&
		der_take(&in, DER_BOOLEAN, "critical", &el))
		critical = el.body.len == 1 && el.body.data[0] != 0;
	if (!der_take(&in, DER_OCTET_STRING, "extnValue", &value) || !cur_end(&in, "Extension")) {
		cert_note(c, &err);
		return;
	}
	(void)oid_text(oid.body, dotted);
	row = row_of(dotted);
	if (row == N_ROWS) {
		c->unknown_critical |= critical;
		return;
	}
	if (seen[row]) { /* RFC 5280 4.2: at most one of each; verifiers refuse two */
		cert_note_value(c, rows[row].name, extension->at);
		return;
	}
	seen[row] = true;
	if (rows[row].read == NULL)
		return;
	rows[row].read(c, &value, &value_err);
	cert_note(c, &value_err);
}

void cert_read_extensions(struct cert *c, const struct der *outer)
{
	struct parse_err err;
	struct cur in = der_open(outer, &err);
	bool seen[N_ROWS] = { false };
	struct der list, extension;

	if (der_take(&in, DER_SEQUENCE, "extensions", &list)) {
		(void)cur_end(&in, "extensions");
		cert_note(c, &err);
		in = der_open(&list, &err);
		while (cur_left(&in) != 0 && der_take(&in, DER_SEQUENCE, "Extension", &extension))
			read_extension(c, &extension, seen);
	}
	cert_note(c, &err);
}

const char *cert_key_usage_text(unsigned bits, char out[static 160])
{
	static const char *const names[] = { "digitalSignature", "nonRepudiation",
		"keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign",
		"encipherOnly", "decipherOnly" };
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < COUNT(names); i++)
		if ((bits >> i & 1) != 0) {
			int n = snprintf(
				out + len, 160 - len, "%s%s", len != 0 ? ", " : "", names[i]);

			len += n > 0 ? (size_t)n : 0;
		}
	if (len == 0)
		(void)snprintf(out, 160, "no usage");
	return out;
}
