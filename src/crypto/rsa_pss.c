/* RSASSA-PSS (RFC 8017 8.1, 9.1). */
#include "crypto/rsa.h"

#include "crypto/bits.h"
#include "crypto/digest.h"

#include <mbedtls/md.h>

enum { TRAILER = 0xbc };

bool rsa_pss_unmask(enum hash hash, struct bytes seed, uint8_t *db, size_t len)
{
	size_t at = 0;

	for (uint8_t counter = 0; at < len; counter++) {
		const uint8_t c[4] = { 0, 0, 0, counter }; /* 1024 bytes are 64 rounds of MD5 */
		const struct bytes parts[] = { seed, bytes_of(c, sizeof(c)) };
		struct digest mask;

		if (!crypto_hash(hash, parts, 2, &mask))
			return false;
		for (size_t i = 0; i < mask.len && at < len; i++)
			db[at++] ^= mask.data[i];
	}
	return true;
}

/* The salt: what follows 00 .. 00 01 in db; data is NULL when there is no such start. */
static struct bytes find_salt(const uint8_t *db, size_t len)
{
	size_t i = 0;

	while (i < len && db[i] == 0)
		i++;
	if (i == len || db[i] != 1)
		return bytes_of(NULL, 0);
	return bytes_of(db + i + 1, len - i - 1);
}

static struct verdict invalid(const char *why)
{
	return (struct verdict){ PROOF_INVALID, why };
}

/* EMSA-PSS-VERIFY (9.1.2). em is changed; top is how many bits of its first byte must be 0. */
static struct verdict verify_encoded(enum hash hash, const struct digest *digest, bool any_salt,
	uint8_t *em, size_t len, unsigned top)
{
	static const uint8_t zeros[8];
	size_t hash_len = mbedtls_md_get_size(digest_info(hash)), db_len;
	struct bytes salt, h;
	struct digest again;

	if (len < hash_len + 2)
		return invalid("the RSA key is too short for this hash");
	if (em[len - 1] != TRAILER || em[0] >> (8 - top) != 0)
		return invalid("no PSS encoding comes out under this key");
	db_len = len - hash_len - 1;
	h = bytes_of(em + db_len, hash_len);
	if (!rsa_pss_unmask(hash, h, em, db_len))
		return (struct verdict){ PROOF_UNVERIFIABLE, "mbedTLS could not hash" };
	em[0] &= (uint8_t)(0xff >> top);

	salt = find_salt(em, db_len);
	if (salt.data == NULL)
		return invalid("no PSS encoding with this hash comes out under this key");
	if (!crypto_hash(hash,
		    (const struct bytes[]){ bytes_of(zeros, sizeof(zeros)),
			    bytes_of(digest->data, digest->len), salt },
		    3, &again))
		return (struct verdict){ PROOF_UNVERIFIABLE, "mbedTLS could not hash" };
	if (!bytes_equal(h, bytes_of(again.data, again.len)))
		return invalid("the signature is over another digest");
	if (!any_salt && salt.len != hash_len)
		return invalid("the salt length is not the hash's, as TLS demands");
	return (struct verdict){ PROOF_VALID, NULL };
}

struct verdict rsa_verify_pss(const struct spki *key, enum hash hash, const struct digest *digest,
	bool any_salt, struct bytes signature)
{
	uint8_t em[RSA_MAX];
	struct verdict raised = rsa_raise(key, signature, em);
	unsigned unused;

	if (raised.state != PROOF_VALID)
		return raised;
	if (digest_info(hash) == NULL)
		return (struct verdict){ PROOF_UNVERIFIABLE, "PSS does not know the hash" };

	/* The encoded message has one bit less than the modulus, which may be a whole byte less. */
	unused = 8 * (unsigned)key->modulus.len - number_bits(key->modulus) + 1;
	if (unused < 8)
		return verify_encoded(hash, digest, any_salt, em, key->modulus.len, unused);
	if (em[0] != 0)
		return invalid("no PSS encoding comes out under this key");
	return verify_encoded(hash, digest, any_salt, em + 1, key->modulus.len - 1, 0);
}
