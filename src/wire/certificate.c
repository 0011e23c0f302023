/* Certificate: RFC 5246 7.4.2, RFC 8446 4.4.2; CompressedCertificate: RFC 8879 4. What stands in an entry is pki's to read. */
#include "wire/field.h"
#include "wire/handshake.h"

/* Malformed ones are no matter of the certificate's. */
static bool has_status(struct bytes extensions)
{
	struct parse_err err;
	struct cur list = cur_init(extensions, &err);

	while (cur_left(&list) != 0) {
		uint16_t type = cur_u16(&list, "extension_type");

		(void)cur_vec16(&list, "extension_data", 0, 0xffff);
		if (cur_ok(&list) && type == EXT_STATUS_REQUEST)
			return true;
	}
	return false;
}

static void add_entry(struct cur *list, bool tls13, struct certificate_message *out)
{
	struct cur cert = cur_vec24(list, "cert_data", 1, 0xffffff);

	if (!cur_ok(list))
		return;
	out->at[out->n] = cert.at;
	out->entry[out->n++] = cur_rest(&cert);
	if (tls13) {
		struct bytes extensions = field_opaque16(list, "CertificateEntry.extensions", 0);

		out->has_status |= out->n == 1 && has_status(extensions);
	}
}

bool parse_certificate(struct cur *body, bool tls13, struct certificate_message *out)
{
	struct parse_err inside;
	struct cur list;

	*out = (struct certificate_message){ .seen = true };
	if (tls13)
		out->context = field_opaque8(body, "certificate_request_context", 0);
	list = field_list24(body, "certificate_list", &inside);
	while (cur_left(&list) != 0 && out->n < CERTIFICATES_MAX)
		add_entry(&list, tls13, out);
	if (cur_left(&list) != 0)
		cur_fail(&list, PARSE_LIMIT, "certificate_list", CERTIFICATES_MAX);
	field_list_close(body, &inside);
	return cur_end(body, "Certificate");
}

bool parse_compressed_certificate(struct cur *body, struct compressed_certificate *out)
{
	struct cur data;

	*out = (struct compressed_certificate){ .seen = true };
	out->algorithm = cur_u16(body, "algorithm");
	out->uncompressed_length = cur_u24(body, "uncompressed_length");
	data = cur_vec24(body, "compressed_certificate_message", 1, 0xffffff);
	out->data = cur_rest(&data);
	return cur_end(body, "CompressedCertificate");
}
