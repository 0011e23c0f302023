/* CertificateVerify: RFC 5246 7.4.8, RFC 8446 4.4.3. */
#include "wire/field.h"
#include "wire/handshake.h"

bool parse_certificate_verify(struct cur *body, uint16_t version, struct certificate_verify *out)
{
	struct cur signature;

	*out = (struct certificate_verify){ .seen = true };
	if (version_has_scheme(version)) {
		out->scheme_at = body->at;
		out->scheme = cur_u16(body, "algorithm");
		out->has_scheme = cur_ok(body);
	}
	signature = cur_vec16(body, "signature", 0, 65535);
	out->signature_at = signature.at;
	out->signature = cur_rest(&signature);
	return cur_end(body, "CertificateVerify");
}
