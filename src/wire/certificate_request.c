/* CertificateRequest: RFC 5246 7.4.4, RFC 8446 4.3.2. */
#include "wire/field.h"
#include "wire/handshake.h"

static void read_authorities(struct cur *c, size_t least, struct certificate_request *out)
{
	struct cur list = cur_vec16(c, "certificate_authorities", least, 65535);
	struct cur names = list;

	out->authorities = cur_rest(&list);
	while (cur_left(&names) != 0)
		(void)field_opaque16(&names, "DistinguishedName", 1);
}

/* The types that are asked for may be none: RFC 5246 says at least one, and nobody refuses that. */
static void read_request(struct cur *c, uint16_t version, struct certificate_request *out)
{
	out->types = field_opaque8(c, "certificate_types", 0);
	if (version_has_scheme(version)) {
		struct cur list = cur_vec16(c, "supported_signature_algorithms", 2, 65534);

		out->schemes = field_u16s(&list, "supported_signature_algorithms");
		out->has_schemes = true;
	}
	read_authorities(c, 0, out);
}

static void read_request_tls13(struct cur *c, struct certificate_request *out)
{
	struct extensions ext = { 0 };
	const struct extension *authorities;
	struct cur body;

	(void)field_opaque8(c, "certificate_request_context", 0);
	if (!parse_extensions(c, IN_OTHER, &ext) && ext.n == 0)
		return;
	out->schemes = ext.schemes;
	out->has_schemes = ext.has_schemes;
	authorities = extensions_find(&ext, EXT_CERTIFICATE_AUTHORITIES);
	if (authorities != NULL) {
		body = (struct cur){ authorities->body.data, authorities->body.len, authorities->at,
			c->err };
		read_authorities(&body, 3, out);
		(void)cur_end(&body, "certificate_authorities");
	}
	if (!ext.has_schemes) /* RFC 8446 4.3.2: it MUST be there */
		cur_fail(c, PARSE_MISSING, "signature_algorithms", 0);
}

bool parse_certificate_request(struct cur *body, uint16_t version, struct certificate_request *out)
{
	*out = (struct certificate_request){ .seen = true };
	if (version_is_tls13(version))
		read_request_tls13(body, out);
	else
		read_request(body, version, out);
	return cur_end(body, "CertificateRequest");
}

bool certificate_request_next_authority(struct bytes *authorities, struct bytes *name)
{
	struct parse_err err;
	struct cur c = cur_init(*authorities, &err);

	*name = field_opaque16(&c, "DistinguishedName", 1);
	*authorities = cur_rest(&c);
	return cur_ok(&c);
}
