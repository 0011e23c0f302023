/* The private operation is the library's, blinded as ever. */
#include "pki/rsa_key.h"

#include "base/memory.h"
#include "base/secret.h"
#include "crypto/library.h"
#include "crypto/mbedtls_compat.h"
#include "pki/cert_file.h"
#include "unpack/unpack_file.h"

#include <stdlib.h>
#include <sys/stat.h>

struct rsa_key {
	mbedtls_pk_context pk;
};

void rsa_key_close(struct rsa_key *k)
{
	if (k == NULL)
		return;
	mbedtls_pk_free(&k->pk);
	free(k);
}

/* A pipe gives what it holds once, and that was read for the public half. */
static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* PEM is text to the library: its length counts the NUL that unpack_file_read() puts behind it. */
static void parse(struct rsa_key *k, const struct secret *text)
{
	bool pem = !file_is_der(bytes_of(text->data, text->len));

	(void)library_ok(
		compat_pk_parse_key(&k->pk, text->data, text->len + (pem ? 1 : 0), NULL, 0));
}

struct rsa_key *rsa_key_read(const char *path)
{
	struct rsa_key *k = memory_new(sizeof *k);
	struct secret text;
	struct err ignored = { 0 };

	if (k == NULL)
		return NULL;
	mbedtls_pk_init(&k->pk);
	if (is_file(path) && unpack_file_read(path, &file_kind_key, &text, &ignored)) {
		parse(k, &text);
		secret_wipe(&text);
	}
	if (mbedtls_pk_can_do(&k->pk, MBEDTLS_PK_RSA))
		return k;
	rsa_key_close(k);
	return NULL;
}

bool rsa_key_decrypt(struct rsa_key *k, struct bytes encrypted, struct key_secret *premaster)
{
	size_t len = 0;

	if (encrypted.len != mbedtls_pk_get_len(&k->pk) ||
		!library_ok(mbedtls_pk_decrypt(&k->pk, encrypted.data, encrypted.len,
			premaster->data, &len, sizeof premaster->data, compat_random, NULL)))
		return false;
	premaster->len = len;
	return len == MASTER_SECRET && premaster->data[0] == 3; /* it begins with a version */
}
