/* PEM blocks, DER elements one behind the other, or something else, which is then named. */
#include "pki/cert_file.h"

#include "base/der.h"
#include "base/memory.h"
#include "content/content.h"
#include "pki/pem.h"

#include <stdlib.h>

static bool is_certificate_label(const char *label)
{
	return strcmp(label, "CERTIFICATE") == 0 || strcmp(label, "X509 CERTIFICATE") == 0 ||
	       strcmp(label, "TRUSTED CERTIFICATE") == 0;
}

const char *der_holds(struct bytes text)
{
	return content_name(content_tell_der(text));
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
	return block->encrypted ? "an encrypted private key"
				: content_name(content_tell_label(block->label));
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

/* What is neither of the two may have a name all the same: a capture, a key store, a log. */
static const char *other_kind(struct bytes text)
{
	enum content_kind kind = content_tell(text);

	return kind == CONTENT_UNKNOWN || kind == CONTENT_TEXT ? "neither PEM nor DER"
							       : content_name(kind);
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
		means = has_cr_alone(text) ? "PEM whose lines end in CR alone" : other_kind(text);
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
	der = memory_get(block->body.len);
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
