/* Hashes are the library's; only their names are ours. */
#include "crypto/digest.h"

#include "base/array.h"
#include "crypto/library.h"

const char *crypto_library_version(void)
{
	static _Thread_local char version[18]; /* as long as the library asks for */

	mbedtls_version_get_string(version);
	return version;
}

const mbedtls_md_info_t *digest_info(enum hash hash)
{
	static const mbedtls_md_type_t types[] = {
		[HASH_MD5] = MBEDTLS_MD_MD5,
		[HASH_SHA1] = MBEDTLS_MD_SHA1,
		[HASH_SHA224] = MBEDTLS_MD_SHA224,
		[HASH_SHA256] = MBEDTLS_MD_SHA256,
		[HASH_SHA384] = MBEDTLS_MD_SHA384,
		[HASH_SHA512] = MBEDTLS_MD_SHA512,
	};

	if ((size_t)hash >= COUNT(types))
		return NULL;
	return mbedtls_md_info_from_type(types[hash]);
}

size_t crypto_hash_length(enum hash hash)
{
	const mbedtls_md_info_t *info = digest_info(hash);

	return info != NULL ? mbedtls_md_get_size(info) : 0;
}

/* Adds the hash's bytes to what out holds. */
static bool append(enum hash hash, const struct bytes parts[], size_t n, struct digest *out)
{
	const mbedtls_md_info_t *info = digest_info(hash);
	mbedtls_md_context_t ctx;
	bool ok;

	if (info == NULL)
		return false;
	mbedtls_md_init(&ctx);
	ok = library_ok(mbedtls_md_setup(&ctx, info, 0)) && library_ok(mbedtls_md_starts(&ctx));
	for (size_t i = 0; ok && i < n; i++) {
		if (parts[i].len != 0)
			ok = library_ok(mbedtls_md_update(&ctx, parts[i].data, parts[i].len));
	}
	ok = ok && library_ok(mbedtls_md_finish(&ctx, out->data + out->len));
	mbedtls_md_free(&ctx);
	if (ok)
		out->len += mbedtls_md_get_size(info);
	return ok;
}

bool crypto_hash(enum hash hash, const struct bytes parts[], size_t n, struct digest *out)
{
	out->len = 0;
	if (hash == HASH_MD5_SHA1)
		return append(HASH_MD5, parts, n, out) && append(HASH_SHA1, parts, n, out);
	return append(hash, parts, n, out);
}
