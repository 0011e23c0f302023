/* Certificates and keys that the user gives: --cert FILE, --key FILE. */
#include "crypto/library.h"
#include "crypto/mbedtls_compat.h"
#include "crypto/spki.h"
#include "pki/cert_file.h"
#include "pki/chain.h"
#include "pki/key_file.h"
#include "pki/key_foreign.h"
#include "pki/pem.h"
#include "unpack/unpack_file.h"

#include <mbedtls/pem.h>
#include <stdlib.h>

/* ---- certificates ---- */

struct taken {
	struct cert_store *store;
	const struct cert **out;
	size_t max, n;
};

static bool take(void *ctx, struct bytes der)
{
	struct taken *t = ctx;
	const struct cert *c;

	if (t->n == t->max || (c = cert_store_get(t->store, der)) == NULL)
		return false;
	t->out[t->n++] = c;
	return true;
}

bool certs_read_file(const char *path, struct cert_store *store, const struct cert **out,
	size_t max, size_t *n, struct err *e)
{
	struct taken t = { store, out, max, 0 };
	const char *instead = NULL;
	struct secret text;
	bool ok;

	*n = 0;
	if (!unpack_file_read(path, &file_kind_certs, &text, e))
		return false;
	ok = cert_file_walk(
		path, bytes_of(text.data, text.len), (struct cert_taker){ take, &t }, &instead, e);
	secret_wipe(&text);
	if (ok && t.n == 0)
		ok = err_set(e, ERR_INPUT, 0, "'%s' holds %s, not a certificate", path,
			instead != NULL ? instead : "nothing");
	if (!ok) {
		while (t.n != 0)
			cert_release(store, out[--t.n]);
		return false;
	}
	*n = t.n;
	return true;
}

/* ---- keys ---- */

static bool keep(struct arena *a, struct bytes spki, struct bytes *out, struct err *e)
{
	*out = arena_copy(a, spki);
	return out->data != NULL || err_set(e, ERR_MEMORY, 0, "out of memory");
}

static bool explain(const char *path, const char *password, int code, struct err *e)
{
	switch (code) {
	case MBEDTLS_ERR_PK_PASSWORD_REQUIRED:
	case MBEDTLS_ERR_PEM_PASSWORD_REQUIRED:
		return err_set(e, ERR_INPUT, code,
			"the key in '%s' is encrypted and no password was given", path);
	case MBEDTLS_ERR_PK_PASSWORD_MISMATCH:
	case MBEDTLS_ERR_PEM_PASSWORD_MISMATCH:
		return err_set(
			e, ERR_INPUT, code, "the password does not open the key in '%s'", path);
	case MBEDTLS_ERR_PK_UNKNOWN_PK_ALG:
	case MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE:
		return err_set(e, ERR_LIBRARY, code,
			"mbedTLS does not know this kind of key: '%s' (-0x%04x)", path,
			(unsigned)-code);
	default:
		break;
	}
	return err_set(e, ERR_INPUT, code, "cannot read %skey in '%s': mbedTLS says -0x%04x",
		password != NULL ? "or decrypt the " : "the ", path, (unsigned)-code);
}

/* The SubjectPublicKeyInfo of a key that the library holds. */
static bool write_public(
	const char *path, mbedtls_pk_context *pk, struct arena *a, struct bytes *out, struct err *e)
{
	enum { SPKI_MAX = 4096 };
	uint8_t spki[SPKI_MAX];
	int len = mbedtls_pk_write_pubkey_der(pk, spki, sizeof spki); /* at the end of the room */

	if (len <= 0) {
		(void)library_ok(len);
		return err_set(e, ERR_LIBRARY, len, "cannot write the public key of '%s': -0x%04x",
			path, (unsigned)-len);
	}
	return keep(a, bytes_of(spki + sizeof spki - (size_t)len, (size_t)len), out, e);
}

typedef bool key_taker(struct bytes der, struct arena *a, struct bytes *spki);

/* Hands the taker the file's DER, or that of its first key in PEM that is not encrypted. */
static bool take_der(
	const struct secret *text, key_taker *taker, struct arena *a, struct bytes *spki)
{
	struct pem_reader r = { bytes_of(text->data, text->len), 0 };
	struct pem_block block;
	struct secret der;
	size_t len = 0;
	bool ok;

	if (file_is_der(r.left))
		return taker(r.left, a, spki);
	do {
		if (!pem_next(&r, &block))
			return false;
	} while (strstr(block.label, " KEY") == NULL);
	if (block.encrypted || !secret_new(&der, block.body.len))
		return false;
	ok = pem_decode(block.body, der.data, &len) && taker(bytes_of(der.data, len), a, spki);
	secret_wipe(&der);
	return ok;
}

/* A public key of a kind that the library lacks is known to us, and needs no arithmetic. */
static bool foreign_spki(struct bytes der, struct arena *a, struct bytes *spki)
{
	struct spki key;

	spki_read(der, &key);
	if (key.kind == KEY_UNKNOWN || key.kind == KEY_RSA)
		return false;
	*spki = arena_copy(a, der);
	return spki->data != NULL;
}

/* PEM is text to the library: its length counts the NUL. */
static bool parse_private(const char *path, const struct secret *text, const char *password,
	struct arena *a, struct bytes *out, struct err *e)
{
	bool pem = !file_is_der(bytes_of(text->data, text->len));
	mbedtls_pk_context pk;
	bool ok;
	int code;

	mbedtls_pk_init(&pk);
	code = compat_pk_parse_key(&pk, text->data, text->len + (pem ? 1 : 0),
		(const unsigned char *)password, password != NULL ? strlen(password) : 0);
	ok = library_ok(code) ? write_public(path, &pk, a, out, e)
			      : take_der(text, key_foreign_public, a, out) ||
					explain(path, password, code, e);
	mbedtls_pk_free(&pk); /* wipes the private half */
	return ok;
}

/* A public key serves as well: nothing but that half is kept of a private one. */
static bool parse_public(const char *path, const struct secret *text, struct arena *a,
	struct bytes *out, struct err *e)
{
	bool pem = !file_is_der(bytes_of(text->data, text->len));
	mbedtls_pk_context pk;
	bool ok;
	int code;

	mbedtls_pk_init(&pk);
	code = mbedtls_pk_parse_public_key(&pk, text->data, text->len + (pem ? 1 : 0));
	ok = library_ok(code)
		     ? write_public(path, &pk, a, out, e)
		     : take_der(text, foreign_spki, a, out) || explain(path, NULL, code, e);
	mbedtls_pk_free(&pk);
	return ok;
}

/* A key whose END line is missing was cut short, which the library tells no better than garbage. */
static bool is_cut(struct bytes text)
{
	struct pem_reader r = { text, 0 };
	struct pem_block block;

	while (pem_next(&r, &block))
		if (strstr(block.label, "PRIVATE KEY") != NULL && !block.ended)
			return true;
	return false;
}

static bool parse_key_file(const char *path, const struct secret *text, const char *password,
	struct arena *a, struct bytes *spki, struct err *e)
{
	const char *holds = file_holds(bytes_of(text->data, text->len));

	if (holds == NULL)
		return err_set(e, ERR_INPUT, 0, "'%s' holds nothing, not a private key", path);
	if (strcmp(holds, "a public key") == 0)
		return parse_public(path, text, a, spki, e);
	if (strcmp(holds, "an encrypted private key") == 0 && password == NULL)
		return explain(path, password, MBEDTLS_ERR_PK_PASSWORD_REQUIRED, e);
	if (strstr(holds, "private key") == NULL && strcmp(holds, "DER that breaks off") != 0)
		return err_set(e, ERR_INPUT, 0, "'%s' holds %s, not a private key", path, holds);
	if (is_cut(bytes_of(text->data, text->len)))
		return err_set(
			e, ERR_INPUT, 0, "the key in '%s' breaks off: it has no END line", path);
	return parse_private(path, text, password, a, spki, e);
}

bool key_take_public(const char *path, const struct secret *text, const char *password,
	struct arena *a, struct bytes *spki, struct err *e)
{
	*spki = (struct bytes){ NULL, 0 };
	if (password != NULL && key_too_costly(bytes_of(text->data, text->len)))
		return err_set(e, ERR_LIMIT, 0,
			"the password of '%.160s' is stretched more than '%d' times", path,
			KEY_ITERATIONS_MAX);
	return parse_key_file(path, text, password, a, spki, e);
}

bool key_read_public(
	const char *path, const char *password, struct arena *a, struct bytes *spki, struct err *e)
{
	struct secret text;
	bool ok;

	*spki = (struct bytes){ NULL, 0 };
	if (!unpack_file_read(path, &file_kind_key, &text, e))
		return false;
	ok = key_take_public(path, &text, password, a, spki, e);
	secret_wipe(&text);
	return ok;
}
