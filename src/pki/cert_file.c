/* PEM blocks, DER elements one behind the other, or something else, which is then named. */
#include "pki/cert_file.h"

#include "base/array.h"
#include "base/der.h"
#include "base/memory.h"
#include "pki/pem.h"

#include <stdlib.h>

static bool is_certificate_label(const char *label)
{
	return strcmp(label, "CERTIFICATE") == 0 || strcmp(label, "X509 CERTIFICATE") == 0 ||
	       strcmp(label, "TRUSTED CERTIFICATE") == 0;
}

static const char *label_means(const char *label)
{
	static const struct {
		const char *end, *means;
	} endings[] = {
		{ "ENCRYPTED PRIVATE KEY", "an encrypted private key" },
		{ "PRIVATE KEY", "a private key" },
		{ "PUBLIC KEY", "a public key" },
		{ "CERTIFICATE REQUEST", "a certificate request" },
		{ "CERTIFICATE", "a certificate" },
		{ "X509 CRL", "a certificate revocation list" },
		{ "DH PARAMETERS", "Diffie-Hellman parameters" },
		{ "PKCS7", "a PKCS #7 bundle" },
		{ "CMS", "a PKCS #7 bundle" },
	};
	size_t len = strlen(label);

	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t n = strlen(endings[i].end);

		if (len >= n && strcmp(label + len - n, endings[i].end) == 0)
			return endings[i].means;
	}
	return "PEM of another kind";
}

/* The kinds of DER file differ in their first elements. */
const char *der_holds(struct bytes text)
{
	struct parse_err err;
	struct cur in = cur_init(text, &err), inner;
	struct der outer, first, second = { 0 };

	if (!der_take(&in, DER_SEQUENCE, "file", &outer))
		return "DER that breaks off";
	in = der_open(&outer, &err);
	if (!der_next(&in, "file", &first))
		return "an empty DER element";
	if (cur_left(&in) != 0)
		(void)der_next(&in, "file", &second);
	if (first.tag == DER_OID)
		return "a PKCS #7 bundle";
	if (first.tag == DER_INTEGER && second.tag == DER_SEQUENCE && der_small(&first) == 3)
		return "a PKCS #12 bundle";
	if (first.tag == DER_INTEGER) /* a version; an ECDSA signature begins with a number too */
		return der_small(&first) == 0 || der_small(&first) == 1 ? "a private key"
									: "DER of another kind";
	inner = der_open(&first, &err);
	if (first.tag != DER_SEQUENCE)
		return "DER of another kind";
	if (!der_ahead(&inner, DER_OID))
		return "a certificate";
	return second.tag == DER_BIT_STRING ? "a public key" : "an encrypted private key";
}

static bool is_blank(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] > ' ')
			return false;
	return true;
}

const char *pem_holds(const struct pem_block *block)
{
	return block->encrypted ? "an encrypted private key" : label_means(block->label);
}

/* Windows editors save "Unicode" like that; no reader of PEM takes it. */
static bool is_utf16(struct bytes text)
{
	return text.len >= 2 && text.data[0] + text.data[1] == 0xff + 0xfe &&
	       (text.data[0] == 0xff || text.data[0] == 0xfe);
}

/* Which no reader of PEM takes either: to it the file is one line. */
static bool has_cr_alone(struct bytes text)
{
	struct pem_reader r = { text, 0 };
	struct pem_block block;
	const uint8_t *cr = memchr(text.data, '\r', text.len);

	if (cr == NULL || memchr(text.data, '\n', text.len) != NULL)
		return false;
	r.left.len = (size_t)(cr - text.data); /* its first line has to be a BEGIN line */
	return pem_next(&r, &block);
}

bool file_is_der(struct bytes text)
{
	struct pem_reader r = { text, 0 };
	struct pem_block block;

	return text.len != 0 && text.data[0] == DER_SEQUENCE && !pem_next(&r, &block);
}

const char *file_holds(struct bytes text)
{
	struct pem_reader r = { text, 0 };
	struct pem_block block;
	const char *means = NULL;

	if (is_blank(text))
		return NULL;
	if (file_is_der(text))
		return der_holds(text);
	while (pem_next(&r, &block)) /* parameters may stand before the key they belong to */
		if (means == NULL || strstr(block.label, "PRIVATE KEY") != NULL)
			means = pem_holds(&block);
	if (means == NULL)
		means = is_utf16(text)       ? "text in UTF-16"
			: has_cr_alone(text) ? "PEM whose lines end in CR alone"
					     : "neither PEM nor DER";
	return means;
}

struct bytes pem_certificate(const struct pem_block *block, struct bytes der)
{
	struct parse_err err;
	struct cur in = cur_init(der, &err);
	struct der el;

	if (strcmp(block->label, "TRUSTED CERTIFICATE") != 0)
		return der;
	return der_next(&in, "Certificate", &el) ? el.whole : der;
}

static bool take_block(
	const char *path, const struct pem_block *block, struct cert_taker taker, struct err *e)
{
	uint8_t *der;
	size_t len;
	bool ok;

	if (!block->ended)
		return err_set(e, ERR_INPUT, 0,
			"the certificate at line %zu of '%s' has no END line", block->line, path);
	der = memory_get(block->body.len + 1);
	if (der == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory reading '%s'", path);
	ok = pem_decode(block->body, der, &len) && len != 0;
	if (!ok) {
		(void)err_set(e, ERR_INPUT, 0,
			"the certificate at line %zu of '%s' is not valid base64", block->line,
			path);
	} else {
		ok = taker.take(taker.ctx, pem_certificate(block, bytes_of(der, len)));
		if (!ok)
			(void)err_set(
				e, ERR_MEMORY, 0, "no room for the certificates of '%s'", path);
	}
	free(der);
	return ok;
}

static bool walk_der(const char *path, struct bytes text, struct cert_taker taker, struct err *e)
{
	struct parse_err err;
	struct cur in = cur_init(text, &err);
	struct der el;
	bool any = false;

	while (der_ahead(&in, DER_SEQUENCE) && der_next(&in, "Certificate", &el)) {
		any = true;
		if (!taker.take(taker.ctx, el.whole))
			return err_set(
				e, ERR_MEMORY, 0, "no room for the certificates of '%s'", path);
	}
	if (!any) /* cut short: what is there is still worth a look */
		return taker.take(taker.ctx, text);
	return true;
}

bool cert_file_walk(const char *path, struct bytes text, struct cert_taker taker,
	const char **instead, struct err *e)
{
	struct pem_reader r = { text, 0 };
	struct pem_block block;
	bool any = false;

	*instead = file_holds(text);
	if (*instead == NULL)
		return true;
	if (file_is_der(text)) {
		if (strcmp(*instead, "a certificate") != 0 &&
			strcmp(*instead, "DER that breaks off") != 0)
			return true;
		*instead = NULL;
		return walk_der(path, text, taker, e);
	}
	while (pem_next(&r, &block)) {
		if (!is_certificate_label(block.label))
			continue;
		any = true;
		if (!take_block(path, &block, taker, e))
			return false;
	}
	if (any)
		*instead = NULL;
	return true;
}
